package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

const (
	pipeline = "/src/envoylet/source/common/http/filter_pipeline.cc"
	filters  = "/src/envoylet/envoylet/http/filter.h"
)

// show scrolls the line that holds a text to the middle of the screen, and
// returns its number.
func (p *tab) show(text string) int {
	p.Helper()
	p.wait("document.readyState == 'complete'")
	n := eval[int](p, fmt.Sprintf(`(line => {
		line?.scrollIntoView({block: "center", behavior: "instant"});
		return Number(line?.id.slice(1) ?? 0);
	})([...document.querySelectorAll("#code .l")].find(l => l.textContent.includes(%q)))`, text))
	if n == 0 {
		p.Fatalf("at %s: no line holds %q", p.address(), text)
	}
	return n
}

// name returns the middle of a name on the line that holds a text.
func (p *tab) name(text, name string) (x, y float64) {
	p.Helper()
	at := eval[[]float64](p, fmt.Sprintf(`(line => {
		const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
		for (let node = walker.nextNode(); node; node = walker.nextNode()) {
			const i = node.data.search(new RegExp("\\b" + %q + "\\b"));
			if (i < 0) continue;
			const range = document.createRange();
			range.setStart(node, i);
			range.setEnd(node, i + %d);
			const r = range.getBoundingClientRect();
			return [r.x + r.width / 2, r.y + r.height / 2];
		}
	})(document.getElementById("L%d"))`, name, len(name), p.show(text)))
	if len(at) != 2 {
		p.Fatalf("at %s: there is no %s at %q", p.address(), name, text)
	}
	return at[0], at[1]
}

// clickName clicks a name on the line that holds a text.
func (p *tab) clickName(text, name string) {
	p.Helper()
	x, y := p.name(text, name)
	p.do(chromedp.MouseClickXY(x, y))
}

// rest moves the pointer onto a name on the line that holds a text.
func (p *tab) rest(text, name string) {
	p.Helper()
	x, y := p.name(text, name)
	call(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: x, Y: y})
}

// cursorIn is a JavaScript expression: whether the cursor is a name on the line
// that holds a text, has the focus and is on the screen.
func cursorIn(text, name string) string {
	return fmt.Sprintf(`(c => c && c.textContent == %q && c.closest(".l").textContent.includes(%q) && document.activeElement == c && (r => r.top >= 0 && r.bottom <= innerHeight)(c.getBoundingClientRect()))(document.querySelector("#code .cursor"))`, name, text)
}

const (
	cardOpen   = `document.querySelector("#name-pop:popover-open .name-card")`
	cardClosed = `!document.querySelector("#name-pop:popover-open")`
	panelOpen  = `!document.getElementById("name-panel").hidden && document.querySelector("#name-panel .panel-list").childElementCount > 0`
)

// says fails the test unless what a selector matches has a text in it.
func (p *tab) says(selector, text string) {
	p.Helper()
	p.wait(fmt.Sprintf("document.querySelector(%q)", selector))
	if got := eval[string](p, fmt.Sprintf("document.querySelector(%q).innerText", selector)); !strings.Contains(got, text) {
		p.Errorf("at %s: %s says %q, without %q", p.address(), selector, got, text)
	}
}

// altLeft presses the keys that go back.
func (p *tab) altLeft() {
	p.Helper()
	eval[bool](p, `(setTimeout(() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowLeft", altKey: true, bubbles: true, cancelable: true}))), true)`)
}

// TestNamesByPointer follows sure answers, chooses among others, and comes back
// to the very place.
func TestNamesByPointer(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	p := b.tab(t, site, looks[0])

	p.open(pipeline + "?lang=es")
	const base = "class FilterPipeline::DecoderHandle : public DecoderCallbacks {"
	p.clickName(base, "DecoderCallbacks")
	p.wait(fmt.Sprintf("location.pathname == %q", filters))
	p.wait(cursorIn("class DecoderCallbacks", "DecoderCallbacks"))
	p.altLeft()
	p.wait(fmt.Sprintf("location.pathname == %q", pipeline))
	p.wait(cursorIn(base, "DecoderCallbacks"))

	// A member of the same file: no page is loaded.
	eval[bool](p, "(window.stays = true)")
	const use = "dispatcher() override { return parent_.callbacks_.dispatcher(); }"
	p.clickName(use, "parent_")
	p.wait(cursorIn("FilterPipeline& parent_;", "parent_"))
	top := eval[float64](p, "scrollY")
	p.altLeft()
	p.wait(cursorIn(use, "parent_"))
	if !eval[bool](p, "window.stays === true") {
		t.Error("the page was loaded again for a name of its own")
	}
	eval[bool](p, "(history.forward(), true)")
	p.wait(fmt.Sprintf("Math.abs(scrollY - %f) < 40", top))

	// A name of a library leads nowhere in the tree.
	p.clickName("std::find(filters.begin(), filters.end(), filter_);", "find")
	p.wait(cardOpen)
	p.says("#name-pop", "externo")
	if to := eval[string](p, `document.querySelector("#name-pop a.external").href`); !strings.Contains(to, "cppreference") {
		t.Errorf("the card of std::find leads to %s", to)
	}
	if eval[int](p, `document.querySelectorAll("#name-pop a[href^='/src/']").length`) > 0 {
		t.Error("the card of std::find leads into the tree")
	}
	p.keys("\x1b")
	p.wait(cardClosed)

	// A definition stays; its card leads on.
	p.clickName("void FilterPipeline::addDecoderFilter(", "addDecoderFilter")
	p.wait(cardOpen)
	p.says("#name-pop", "void FilterPipeline::addDecoderFilter(DecoderFilterSharedPtr filter)")
	p.says("#name-pop .actions", "referencia")
	p.click("#name-pop .actions a")
	p.wait(panelOpen)
	p.says("#name-panel .panel-list", "Llamadas")
	p.click("#name-panel .close")
	p.wait(`document.getElementById("name-panel").hidden`)

	// Several candidates are a list with reasons.
	p.open("/src/envoylet/envoylet/registry/registry.h")
	p.clickName("factories()[factory.name()]", "name")
	p.wait(cardOpen)
	p.says("#name-pop .answers", "uno de ")
	if n := eval[int](p, `document.querySelectorAll("#name-pop .answers a").length`); n < 2 {
		t.Errorf("%d candidates", n)
	}
	to := eval[string](p, `document.querySelector("#name-pop .answers a").pathname`)
	p.keys("\r") // the best has the focus
	p.wait(fmt.Sprintf("location.pathname == %q && document.querySelector('#code .cursor')?.textContent == 'name'", to))
}

// TestHoverCard rests the pointer on a name.
func TestHoverCard(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	for _, look := range looks[:2] {
		t.Run(look.String(), func(t *testing.T) {
			p := b.tab(t, site, look)
			p.open(pipeline + "?lang=es")
			const base = "class FilterPipeline::DecoderHandle : public DecoderCallbacks {"
			p.rest(base, "DecoderCallbacks") // wakes the module
			p.wait(cardOpen)
			p.rest(base, "FilterPipeline")
			p.wait(cardOpen + ` && document.querySelector("#name-pop .signature")?.textContent.includes("class FilterPipeline")`) // and not route's
			p.says("#name-pop", "Envoylet::Http::FilterPipeline")
			p.says("#name-pop .signature", "class FilterPipeline")
			p.says("#name-pop .where", "source/common/http/filter_pipeline.h")
			p.says("#name-pop .actions", "referencias")
			p.says("#name-pop .where", "En las lecciones")
			if !eval[bool](p, `document.querySelector("#name-pop .signature i.k") != null && document.querySelector("#name-pop .doc p").textContent != ""`) {
				t.Error("the signature is not highlighted, or the comment not rendered")
			}
			if eval[bool](p, `document.querySelector("#name-pop").contains(document.activeElement)`) {
				t.Error("a card that was not asked for takes the focus")
			}
			p.picture("name-card-" + look.String())
			call(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: input.DispatchMouseEventTypeMouseMoved, X: 5, Y: 5})
			p.wait(cardClosed)
		})
	}
}

// TestNamesByKeyboard goes everywhere without a pointer.
func TestNamesByKeyboard(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	for _, look := range widths {
		t.Run(look.String(), func(t *testing.T) {
			p := b.tab(t, site, look)
			p.open(filters + "?lang=es")
			line := p.show("class DecoderCallbacks")
			p.open(fmt.Sprintf("%s?lines=%d#L%d", filters, line, line))
			p.wait("document.readyState == 'complete' && document.querySelector('#code .l.w')")
			p.keys("w")
			p.wait(cursorIn("class DecoderCallbacks", "DecoderCallbacks"))
			p.keys("w")
			p.wait(cursorIn("class DecoderCallbacks", "FilterCallbacks"))
			p.keys("b")
			p.wait(cursorIn("class DecoderCallbacks", "DecoderCallbacks"))

			p.keys("gh")
			p.wait(cardOpen + ` && document.getElementById("name-pop").contains(document.activeElement)`)
			p.picture("name-asked-" + look.String())
			p.keys("\x1b")
			p.wait(cardClosed)
			p.wait(cursorIn("class DecoderCallbacks", "DecoderCallbacks"))

			p.keys("gr")
			p.wait(panelOpen)
			p.says("#name-panel .panel-bar", "DecoderCallbacks")
			p.says("#name-panel .panel-list", "Como tipo")
			for range 8 { // into the lines
				eval[bool](p, `document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowDown", bubbles: true, cancelable: true}))`)
			}
			if look.width > 1000 {
				p.wait(`document.querySelector("#name-panel .panel-preview .l.w mark")`)
			}
			if !eval[bool](p, inView(`#code .cursor`)) {
				t.Error("the panel covers the name that it is about")
			}
			p.picture("name-references-" + look.String())
			p.axe()
			p.keys("\x1b")
			p.wait(`document.getElementById("name-panel").hidden`)
			p.wait(cursorIn("class DecoderCallbacks", "DecoderCallbacks"))

			p.keys("gt")
			p.wait(panelOpen)
			p.says(`#name-panel [data-side="above"]`, "FilterCallbacks")
			p.says(`#name-panel [data-side="below"]`, "DecoderHandle")
			p.picture("name-types-" + look.String())
			p.keys("\x1b")
			p.keys("gi")
			p.wait(cursorIn("class FilterPipeline::DecoderHandle", "DecoderHandle"))
			p.altLeft()
			p.wait(fmt.Sprintf("location.pathname == %q", filters))
			p.wait(cursorIn("class DecoderCallbacks", "DecoderCallbacks"))

			// A method: to its definition and, from there, to the declaration.
			p.open("/src/envoylet/source/common/http/filter_pipeline.h")
			line = p.show("void addDecoderFilter(")
			p.open(fmt.Sprintf("/src/envoylet/source/common/http/filter_pipeline.h?lines=%d#L%d", line, line))
			p.wait("document.readyState == 'complete' && document.querySelector('#code .l.w')")
			p.keys("w")
			p.wait(cursorIn("void addDecoderFilter(", "addDecoderFilter"))
			p.keys("gd")
			p.wait(fmt.Sprintf("location.pathname == %q", pipeline))
			p.wait(cursorIn("void FilterPipeline::addDecoderFilter(", "addDecoderFilter"))
			p.keys("gc")
			p.wait(panelOpen)
			p.says(`#name-panel [data-side="callees"]`, "setDecoderCallbacks")
			p.picture("name-calls-" + look.String())
			if look.width < 1000 {
				p.axe()
			}
			if n := eval[int](p, `(document.querySelector("#name-panel .expand").click(), document.querySelectorAll("#name-panel .tree .tree").length)`); n != 0 {
				t.Error("a level is expanded before it was asked for")
			}
			p.wait(`document.querySelector("#name-panel .tree .tree") || !document.querySelector("#name-panel li:first-child > .expand")`)
			p.keys("\x1b")
			p.wait(`document.getElementById("name-panel").hidden`)
			p.keys("gd")
			p.wait(cursorIn("void addDecoderFilter(", "addDecoderFilter"))
		})
	}
}

// TestNamesByTouch taps a name: a sheet opens with what can be done.
func TestNamesByTouch(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	for _, look := range looks[2:3] {
		t.Run(look.String(), func(t *testing.T) {
			p := b.tab(t, site, look)
			call(p, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true})
			p.open(pipeline)
			const base = "class FilterPipeline::DecoderHandle : public DecoderCallbacks {"
			x, y := p.name(base, "DecoderHandle")
			tap := func(x, y float64) {
				call(p, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: x, Y: y}}})
				call(p, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}})
			}
			tap(x, y)
			p.wait(cardOpen)
			p.picture("name-sheet-" + look.String())
			p.says("#name-pop", "DecoderHandle")
			p.click("#name-pop .actions li:nth-child(2) a")
			p.wait(panelOpen)
			p.says(`#name-panel [data-side="above"]`, "DecoderCallbacks")
			p.picture("name-sheet-panel-" + look.String())
			p.click(`#name-panel [data-side="above"] .answer`)
			p.wait(cursorIn("class DecoderCallbacks", "DecoderCallbacks"))
		})
	}
}
