package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestScopesNestAboveTheCode scrolls into a method: its namespaces, its class and
// its own first line stand above the code, in that order, and lead to their lines.
func TestScopesNestAboveTheCode(t *testing.T) {
	b := startBrowser(t)
	p := b.tab(t, demoSite(t), looks[0])
	p.open("/src/envoylet/source/extensions/filters/http/header_guard/header_guard.cc")
	p.show("Http::HeadersStatus decodeHeaders(Http::HeaderMap& headers, bool) override {")
	eval[bool](p, `(scrollBy(0, document.getElementById("L47").getBoundingClientRect().top - document.querySelector(".bar").getBoundingClientRect().bottom), true)`)
	p.wait(`document.querySelectorAll("#scopes a").length == 3`)
	for i, want := range []string{"Envoylet::", "class ", "decodeHeaders"} {
		p.wait(fmt.Sprintf(`document.querySelectorAll("#scopes a")[%d].textContent.includes(%q)`, i, want))
	}
	if !eval[bool](p, `[...document.querySelectorAll("#scopes a")].every(a => (r => a.contains(document.elementFromPoint(r.x + 40, r.y + 5)))(a.getBoundingClientRect()))`) {
		t.Error("the scopes are below something else")
	}
	eval[bool](p, `(document.querySelector("#scopes a:nth-child(2)").click(), true)`)
	p.wait(`document.querySelector("#code .l.w")?.textContent.includes("class ") && ` + inView("#code .l.w"))
}

// TestCardsStandBesideTheirLines looks at lines that several annotations lie
// over: their cards begin where the lines do, none lies over the code on any
// screen, each range has a bar of its own in the gutter, and the strip leads to
// the cards.
func TestCardsStandBesideTheirLines(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	p := b.tab(t, site, looks[0])
	for _, address := range []string{statesFile, deskLesson + "?stop=3"} {
		for _, width := range []int64{1440, 2560, 1024, 768, 360} {
			p.look(look{"light", width, 900})
			p.open("/keys")
			p.open(address)
			p.wait("document.readyState == 'complete' && document.querySelector('#notes .group')")
			p.wait(`(code => [...document.querySelectorAll("#notes .group")].every(g => !g.checkVisibility({visibilityProperty: true}) ||
				(r => r.left >= code.right || r.right <= code.left || r.top >= code.bottom || r.bottom <= code.top)(g.getBoundingClientRect())))(document.getElementById("code").getBoundingClientRect())`)
		}
	}
	p.look(looks[0])
	p.open("/keys")
	p.open(statesFile)
	p.wait(`document.querySelector(".rail.aligned .group.active")`)
	p.wait(`Math.abs(document.querySelector(".group[data-first='49']").getBoundingClientRect().top - document.getElementById("L49").getBoundingClientRect().top) < 30`)
	if order := eval[[]int](p, `[...document.querySelectorAll("#notes .group")].map(g => +g.dataset.first)`); !slices.IsSorted(order) {
		t.Errorf("the cards are read in the order of the lines %v", order)
	}
	lanes := eval[[]string](p, `[...document.querySelectorAll("#notes .group")].filter(g => g.dataset.first <= 54 && 54 <= g.dataset.last).map(g => g.dataset.lane)`)
	if bars := eval[string](p, `document.getElementById("L54").className`); len(lanes) != 2 || lanes[0] == lanes[1] {
		t.Errorf("line 54 has ranges in the lanes %q, and the bars %q", lanes, bars)
	}
	if !eval[bool](p, `(bars => new Set(bars.map(b => b.x.baseVal.value)).size > 1 && bars.every(b => b.height.baseVal.value > 0))([...document.querySelectorAll("#strip rect")])`) {
		t.Error("the strip shows ranges that overlap in one place")
	}
	p.click("#strip a[href='#note-3']")
	p.wait(inView("#note-3 .card"))

	// Where it is not sure of its lines, a range has a dashed bar.
	p.open(strings.Replace(statesFile, "?", "?kind=approximate&", 1))
	p.wait(`[...document.querySelectorAll("#code :is(.x0, .x1) > a.n")].some(n => getComputedStyle(n).backgroundImage.includes("repeating-linear-gradient"))`)
}
