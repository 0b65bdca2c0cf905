package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// state is a page, and what a reader does there before it is looked at.
type state struct {
	name, address string
	reach         func(p *tab)
	opened        string // selects what opens above the page, if anything does
}

const (
	statesFile = "/src/envoylet/source/common/network/connection_impl.cc?lines=49-59#L49"
	statesDesk = deskTour + "?stop=4"
)

// clicked returns how to click something and wait for what it shows.
func clicked(selector, shows string) func(*tab) {
	return func(p *tab) {
		p.Helper()
		p.click(selector)
		p.wait("document.querySelector(" + fmt.Sprintf("%q", shows) + ")?.checkVisibility()")
	}
}

// keyed returns how to ask for something of the first name of the lines chosen.
func keyed(keys, shows string) func(*tab) {
	return func(p *tab) {
		p.Helper()
		p.wait("document.querySelector('#code .l.w')")
		p.keys("w")
		p.wait("document.activeElement.matches('.cursor')")
		p.keys(keys)
		p.wait(shows)
	}
}

// typedInPalette returns how to open the palette and type.
func typedInPalette(query, shows string) func(*tab) {
	return func(p *tab) {
		p.Helper()
		openPalette(p, *p.seen, query)
		p.wait(shows)
	}
}

// states are what there is of pages beyond what an address alone shows.
var states = []state{
	{"palette", "/", typedInPalette("Conn", "document.querySelectorAll('#palette [role=option]').length > 1"), "#palette"},
	{"palette-none", "/", typedInPalette("zzqqxx", "document.querySelector('#palette-results .note')"), "#palette"},
	{"preferences", "/", clicked(".preferences summary", ".preferences .menu"), ".preferences"},
	{"filter-menu", statesFile, clicked(".filter summary", ".filter ul a"), ".filter"},
	{"annotations", statesFile, nil, ""},
	{"cards-as-marks", strings.Replace(statesFile, "?", "?cards=marks&", 1), nil, ""},
	{"name-card", statesFile, keyed("gh", cardOpen), "#name-pop"},
	{"references-panel", statesFile, keyed("gr", panelOpen), "#name-panel"},
	{"note-form", managerPage + "#L82-L95", func(p *tab) {
		p.wait("document.querySelector('#code .l.w')")
		p.pressA()
		p.wait(noteOpen + " == document.activeElement")
	}, ".note-here"},
	{"desk-unsound", deskLesson + "?stop=3", nil, ""},
	{"stops", statesDesk, clicked(".stops summary", "#stops a"), ".stops"},
	{"keys-dialog", statesDesk, func(p *tab) {
		p.keys("?")
		p.wait("document.querySelector('.keys-dialog[open] section')")
	}, ".keys-dialog"},
	{"term", "/lessons/" + faulty, func(p *tab) {
		p.wait("document.querySelector('.term:not([title])')")
		eval[bool](p, "(document.querySelector('.term').focus(), true)")
		p.wait("!document.querySelector('.meaning').hidden")
	}, ".meaning"},
	{"zoomed", studiedLesson, func(p *tab) {
		p.click(".tooled:has(code:not([class])) > .tool")
		p.wait("document.getElementById('zoom').open && document.querySelector('.stage').firstElementChild")
	}, "#zoom"},
}

// TestEveryPageAndState looks at every page of the demo and at what can be
// opened on them, wide in English and narrow in Spanish: it wants no violation of
// accessibility, nothing that shifts, nothing wider than any screen, and a focus
// that is seen wherever it goes.
func TestEveryPageAndState(t *testing.T) {
	site := demoSite(t)
	checkedLessons(t, site)
	waitForCoverage(t, site)
	all := slices.Clone(states)
	pages := demoPages(t, site)
	for _, name := range slices.Sorted(maps.Keys(pages)) {
		all = append(all, state{name: name, address: pages[name]})
	}
	for _, look := range widths {
		t.Run(fmt.Sprint(look.width), func(t *testing.T) { inspectStates(t, site, look, all) })
	}
}

// inspectStates looks at states of a site in one width.
func inspectStates(t *testing.T, site string, look look, all []state) {
	p := startBrowser(t).tab(t, site, look)
	language := map[bool]string{true: "en", false: "es"}[look.width > 1000]
	p.open("/?lang=" + language)
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			p := p.in(t)
			p.openAnew(s.address)
			p.wait("document.readyState == 'complete'")
			if shift := p.shift(); shift > 0.02 {
				t.Errorf("the layout of %s shifts by %v", s.address, shift)
			}
			if s.reach != nil {
				s.reach(p)
			}
			if s.opened == "" {
				p.inspect(s.name)
			} else {
				p.inspectOpened(s.name, s.opened)
			}
			p.sweepFocus(s.opened)
			p.fits()
			if moving := eval[int](p, "document.getAnimations().length"); moving > 0 {
				t.Errorf("%d animations run, for who wants less motion", moving)
			}
		})
	}
}

// openAnew opens an address that may differ from the tab's in its fragment alone.
func (p *tab) openAnew(address string) {
	p.Helper()
	path := func(address string) string { return strings.Split(address, "#")[0] }
	if path(p.address()) == path(address) {
		p.do(chromedp.Navigate("about:blank"))
	}
	p.open(address)
}

// TestTabReachesEverything goes through pages with the Tab key alone: the first
// stop leads past the header, all that can be used gets the focus, nothing keeps
// it, and what opens gives it back.
func TestTabReachesEverything(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	for _, look := range widths {
		p := b.tab(t, site, look)
		for name, address := range map[string]string{
			"home": "/", "lesson": "/lessons/" + faulty, "file": "/src/envoylet/envoylet/http/filter.h", "desk": statesDesk, "search": "/search?q=Connection", "drift": "/drift", "coverage": "/coverage",
		} {
			t.Run(fmt.Sprintf("%s/%d", name, look.width), func(t *testing.T) {
				p := p.in(t)
				p.open(address)
				p.wait("document.readyState == 'complete'")
				p.tabThrough()
			})
		}
		for _, opened := range []struct{ key, selector string }{{"/", "#palette"}, {"?", ".keys-dialog"}} {
			p.open("/")
			p.wait("document.readyState == 'complete'")
			eval[bool](p, "(document.querySelector('main a').focus(), true)")
			p.keys(opened.key)
			p.wait(fmt.Sprintf("document.querySelector(%q)?.contains(document.activeElement)", opened.selector))
			p.keys(kb.Tab + kb.Tab + kb.Tab + kb.Escape)
			p.wait(fmt.Sprintf("!document.querySelector(%q).open && document.activeElement == document.querySelector('main a')", opened.selector))
		}
	}
}

// tabThrough presses Tab until it has been everywhere.
func (p *tab) tabThrough() {
	p.Helper()
	stops := eval[int](p, fmt.Sprintf(`(all => {
		window.stops = all.map(e => [e, e.outerHTML.slice(0, 120)]);
		window.visited = [];
		addEventListener('focusin', event => visited.push(event.target), true);
		document.activeElement.blur();
		getSelection().empty();
		scrollTo(0, 0);
		return all.length;
	})(%s)`, fmt.Sprintf(tabbable, "html")))
	for range stops + 3 {
		p.keys(kb.Tab)
	}
	if !eval[bool](p, "visited[0]?.matches('.skip')") {
		p.Errorf("at %s: the first stop is %s", p.address(), eval[string](p, "visited[0]?.outerHTML.slice(0, 120) ?? 'nowhere'"))
	}
	for _, missed := range eval[[]string](p, "stops.filter(([e]) => e.isConnected && e.checkVisibility() && !visited.includes(e)).map(([, what]) => what)") {
		p.Errorf("at %s: Tab does not reach %s", p.address(), missed)
	}
}

// fits wants the page no wider than other screens, and than a screen of 1,440
// pixels at 200 %, which has 720.
func (p *tab) fits() {
	p.Helper()
	was := *p.seen
	defer p.look(was)
	others := []int64{720, 768, 1024, 2560}
	if was.width < 1000 {
		others = []int64{360}
	}
	for _, width := range others {
		p.resize(width, was.height)
		if wide := eval[int64](p, "document.documentElement.scrollWidth"); wide > width {
			p.Errorf("%s is %d pixels wide, the screen %d", p.address(), wide, width)
		}
	}
}

// sweepFocus gives the focus to all that can have it, of the page or of what is
// opened above it, one after the other: each must look other than without, be on
// the screen and not below something else.
func (p *tab) sweepFocus(opened string) {
	p.Helper()
	for _, fault := range eval[[]string](p, fmt.Sprintf(focusFaults, fmt.Sprintf(tabbable, cmp.Or(opened, "html")))) {
		p.Errorf("at %s: %s", p.address(), fault)
	}
}

// tabbable is a list in JavaScript of what Tab reaches within what a selector
// matches.
const tabbable = `[...document.querySelector('%s').querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')]
	.filter(e => e.tabIndex >= 0 && !e.disabled && !e.closest('[inert]') && e.checkVisibility({visibilityProperty: true}))`

// focusFaults is a list in JavaScript of what is wrong with the elements of
// another when they have the focus.
const focusFaults = `(() => {
	const faults = [];
	const style = e => (s => [s.outlineStyle != 'none' && s.outlineWidth, s.boxShadow, s.borderColor, s.backgroundColor])(getComputedStyle(e)).join();
	const dress = e => [e, e.parentElement, ...e.querySelectorAll('*')].slice(0, 6).map(style).join('|');
	const shows = (e, x, y) => (hit => hit && (e.contains(hit) || [...e.labels ?? []].some(l => l.contains(hit))))(document.elementFromPoint(x, y));
	for (const e of %s) {
		document.activeElement?.blur();
		if (!e.checkVisibility()) continue;
		const plain = dress(e);
		e.focus({focusVisible: true});
		const what = e.outerHTML.slice(0, 120);
		if (document.activeElement != e) faults.push(what + ' takes no focus');
		else if (dress(e) == plain) faults.push(what + ' looks the same with the focus');
		else if (![...e.getClientRects()].some(r => shows(e, r.left + r.width / 2, (Math.max(r.top, 0) + Math.min(r.bottom, innerHeight)) / 2) || shows(e, r.left + 3, r.top + 3) || shows(e, r.right - 3, r.bottom - 3))) {
			const [r] = e.getClientRects(), hit = document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
			faults.push(what + ' is below ' + (hit ? hit.outerHTML.slice(0, 80) : 'the edge') + ' with the focus, at ' + [r.left, r.top, r.width, r.height].map(Math.round));
		}
	}
	return faults;
})()`

// deskSeen is what shows of the desk, in JavaScript.
const deskSeen = `JSON.stringify([location.pathname + location.search, document.querySelector("main.file")?.dataset.path,
	document.querySelector(".beside [aria-current]")?.id, document.querySelector("#code .l.w")?.id, document.querySelectorAll("#notes .card").length,
	["lesson", "code", "notes"].map(id => document.getElementById(id)?.checkVisibility({visibilityProperty: true}))])`

// TestDeskStatesAreAddresses brings the desk to a state: its address alone shows
// the same, after a reload, in another tab, and when one comes back to it.
func TestDeskStatesAreAddresses(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	choose := func(link, shows string) func(*tab) {
		return func(p *tab) {
			p.Helper()
			p.click(".filter summary")
			p.click(".filter a[href*='" + link + "']")
			p.wait("location.search.includes('" + link + "') && " + shows)
		}
	}
	one, two := b.tab(t, site, looks[0]), b.tab(t, site, looks[0])
	for _, s := range []struct {
		name, address string
		look          look
		reach         func(p *tab)
	}{
		{"stop", deskTour + "?stop=4", looks[0], func(p *tab) {
			p.keys("n")
			p.wait(standing(5))
			p.wait("(pane => pane.includes(document.querySelector('main').dataset.path) && pane.includes('lines=' + document.querySelector('#code .l.w')?.id.slice(1)))(document.querySelector('#stops [aria-current]').dataset.pane)")
		}},
		{"kind", deskLesson + "?stop=3", looks[0], choose("kind=approximate", "document.querySelector('#notes .is-approximate') && !document.querySelector('#notes .is-sure')")},
		{"of", deskLesson + "?stop=3", looks[0], choose("of=", "new Set([...document.querySelectorAll('#notes .card .lesson')].map(e => e.textContent)).size == 1")},
		{"marks", deskLesson + "?stop=3", looks[0], choose("cards=marks", "!document.getElementById('notes').checkVisibility()")},
		{"tab", deskTour + "?stop=5", looks[2], func(p *tab) { p.click("#tab-lesson"); p.wait("location.search.includes('view=lesson')") }},
		{"place", deskTour + "?at=envoylet/source/common/http/filter_pipeline.cc:15", looks[0], func(p *tab) {
			p.clickName("class FilterPipeline::DecoderHandle", "DecoderCallbacks")
			p.wait("document.querySelector('main').dataset.path.endsWith('filter.h') && document.querySelector('#code .l.w')")
		}},
	} {
		t.Run(s.name, func(t *testing.T) {
			p, other := one.in(t), two.in(t)
			p.look(s.look)
			other.look(s.look)
			p.open(s.address)
			p.wait("document.readyState == 'complete' && document.querySelector('#code .l.w')")
			s.reach(p)
			same := deskSeen + " == " + fmt.Sprintf("%q", eval[string](p, deskSeen))
			p.do(chromedp.Reload())
			p.wait("document.readyState == 'complete' && " + same)
			other.open(p.address())
			other.wait("document.readyState == 'complete' && " + same)
			p.keys("n")
			p.wait("!(" + same + ")")
			p.back()
			p.wait(same)
		})
	}
}

// mainWords are the words of a page that show, or do when one scrolls there, in
// JavaScript.
const mainWords = `(document.querySelectorAll("#scopes, figure.diagram summary").forEach(e => e.remove()), document.querySelectorAll("#code > *, .hit").forEach(e => e.style.contentVisibility = "visible"),
	[...new Set(document.querySelector("main").innerText.match(/[\p{L}\p{N}_]{2,}/gu))])`

// TestPagesAreWholeWithoutScripts opens every page with scripts off: it says
// all that it says with them, but for what only they can do.
func TestPagesAreWholeWithoutScripts(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	waitForCoverage(t, site)
	with, without := b.tab(t, site, looks[0]), b.tab(t, site, looks[0])
	call(without, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	for name, address := range demoPages(t, site) {
		t.Run(name, func(t *testing.T) {
			with, without := with.in(t), without.in(t)
			with.open(address)
			with.wait("document.readyState == 'complete'")
			without.open(address)
			without.wait("document.readyState == 'complete'")
			there := map[string]bool{}
			for _, w := range eval[[]string](without, mainWords) {
				there[w] = true
			}
			var lost []string
			for _, w := range eval[[]string](with, mainWords) {
				if !there[w] {
					lost = append(lost, w)
				}
			}
			lost = slices.DeleteFunc(lost, func(w string) bool {
				return slices.Contains([]string{"Copy", "Enlarge", "Copiar", "Ampliar", "Ctrl", "Esc"}, w)
			})
			if len(lost) > 0 {
				t.Errorf("without scripts, %s lacks %q", address, lost)
			}
			eval[bool](with, "(localStorage.clear(), true)") // or a tour would be resumed
		})
	}
}

// TestMermaidComesWithADiagram opens lessons whose first diagram is far below: what
// draws it loads once one scrolls there, and not before.
func TestMermaidComesWithADiagram(t *testing.T) {
	b := startBrowser(t)
	p := b.tab(t, demoSite(t), looks[2])
	const drawing, diagram = "document.querySelector('iframe[sandbox]')", "document.querySelector('pre:has(> code.language-mermaid)')"
	far := 0
	for _, lesson := range lessonsOf(t, p.site) {
		p.open(lesson.URL)
		p.wait("document.readyState == 'complete'")
		if !eval[bool](p, "("+diagram+"?.getBoundingClientRect().top ?? 0) > innerHeight + 2000") {
			continue
		}
		far++
		if eval[bool](p, "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(!!"+drawing+"), 50))))") {
			t.Errorf("%s loads what draws a diagram that is far below", lesson.URL)
		}
		eval[bool](p, "("+diagram+".scrollIntoView(), true)")
		p.wait(drawing)
	}
	if far == 0 {
		t.Error("no lesson has its first diagram far below")
	}
}
