package main

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// deskLesson is a lesson of the demo whose tour crosses both of its sources.
const deskLesson = "/desk/" + faulty

// openDesk opens the desk at an address once its tour stands.
func openDesk(p *tab, address string) {
	p.Helper()
	p.open(address)
	p.wait("document.readyState == 'complete' && document.querySelector('.beside [aria-current]')")
}

// standing is a JavaScript expression: whether the desk is at a stop, with its
// code painted.
func standing(n int) string {
	return fmt.Sprintf("new URL(location).searchParams.get('stop') == '%d' && document.getElementById('stop-at').textContent == '%[1]d'", n)
}

// deskTour is a lesson of the demo with stops in several files.
const deskTour = "/desk/02_proxy_l7/01_vida_de_una_peticion"

// scopesAround is a JavaScript expression: the scopes that stand over the code,
// and those that do when it scrolls.
const scopesAround = `(async scopes => {
	const frame = () => new Promise(requestAnimationFrame);
	await frame().then(frame);
	const before = scopes.textContent;
	dispatchEvent(new Event('scroll'));
	await frame().then(frame);
	return [before, scopes.textContent];
})(document.getElementById('scopes'))`

// TestTourIsWalked walks a tour with the keyboard alone: the code, the bar, the
// lesson and the address say where it is, the browser's back button goes back,
// a reload stays, and who comes back goes on where they left.
func TestTourIsWalked(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	p := b.tab(t, site, looks[0])
	openDesk(p, deskTour+"?lang=es")
	type place struct{ Pane, Cite, Name string }
	stops := eval[[]place](p, "[...document.querySelectorAll('#stops a')].map(a => ({pane: a.dataset.pane, cite: a.dataset.cite, name: a.querySelector('.name').textContent}))")
	if len(stops) < 10 {
		t.Fatalf("the tour has only %d stops", len(stops))
	}
	at := func(n int) {
		t.Helper()
		stop := stops[n-1]
		p.wait(standing(n))
		p.wait(fmt.Sprintf("document.querySelector('.beside [aria-current]')?.id == %q", stop.Cite))
		p.wait(fmt.Sprintf("document.querySelector('#lesson').contains(document.elementFromPoint(...(r => [r.x + 2, r.y + 2])(document.getElementById(%q).getClientRects()[0])))", stop.Cite))
		if u, err := url.Parse(stop.Pane); err == nil && strings.HasPrefix(u.Path, "/src/") && u.Query().Has("lines") {
			p.wait(fmt.Sprintf("'/src/' + document.querySelector('main').dataset.source + '/' + document.querySelector('main').dataset.path == %q", u.Path))
			p.wait(fmt.Sprintf("document.querySelector('#code .l.w')?.id == %q", "L"+strings.Split(u.Query().Get("lines"), "-")[0]))
			p.wait("(r => r.top > 90 && r.top < innerHeight - 60)(document.querySelector('#code .l.w').getBoundingClientRect())")
			if around := eval[[]string](p, scopesAround); around[0] != around[1] {
				t.Errorf("at stop %d the scopes are %q, and %q once the code scrolls", n, around[0], around[1])
			}
		}
		if n > 1 {
			p.wait(fmt.Sprintf("document.querySelector('#stop-previous .name').textContent == %q", stops[n-2].Name))
		}
		if n < len(stops) {
			p.wait(fmt.Sprintf("document.querySelector('#stop-next .name').textContent == %q", stops[n].Name))
		}
		if value := eval[int](p, "document.querySelector('.tour progress').value"); value != n {
			t.Errorf("the bar is at %d, the tour at %d", value, n)
		}
	}
	at(1)
	for n := 2; n <= 8; n++ {
		p.keys("n")
		at(n)
	}
	p.keys("p")
	at(7)
	p.back()
	at(8)
	p.back()
	at(7)
	p.do(chromedp.Reload())
	p.wait("document.readyState == 'complete'")
	at(7)
	p.open("/")
	openDesk(p, deskTour)
	at(7)

	p.click(".stops summary")
	p.click(fmt.Sprintf("#stops li:nth-child(%d) a", len(stops)))
	at(len(stops))
	p.keys("n")
	at(len(stops))

	p.look(look{"light", 1024, 768})
	openDesk(p, deskTour+"?stop=4")
	p.wait("(e => e.top >= document.querySelector('.bar').getBoundingClientRect().bottom - 1)(document.querySelector('#scopes > *').getBoundingClientRect())")
}

// TestTourCrossesSources finds a lesson whose tour has stops in both trees.
func TestTourCrossesSources(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	p := b.tab(t, site, looks[0])
	openDesk(p, deskLesson+"?stop=1")
	seen := map[string]bool{}
	for n := 2; n <= eval[int](p, "document.querySelectorAll('#stops a').length"); n++ {
		p.keys("n")
		p.wait(standing(n))
		state := eval[string](p, "document.querySelector('#stops [aria-current]').closest('li').className")
		if state == "unsound" {
			p.wait("document.querySelector('#stops [aria-current] .why').textContent != ''")
		}
		p.wait("(({pathname}, {source, path}) => /^\\/src\\/.*[^/]$/.test(pathname) ? pathname == `/src/${source}/${path}` : !!document.querySelector('#elsewhere .state') == (pathname == '/citation'))" +
			"(new URL(document.querySelector('#stops [aria-current]').dataset.pane, location), document.querySelector('main').dataset)")
		seen[eval[string](p, "document.querySelector('main').dataset.source ?? document.querySelector('#elsewhere').className")] = true
	}
	for _, what := range []string{"envoylet", "tunnelet", "elsewhere citation-page"} {
		if !seen[what] {
			t.Errorf("the tour never shows %s, only %v", what, seen)
		}
	}
}

// TestTourKnowsWhichStopWasLeft goes back to code that was opened between two
// stops: the bar says which of them was left for it.
func TestTourKnowsWhichStopWasLeft(t *testing.T) {
	b := startBrowser(t)
	p := b.tab(t, demoSite(t), looks[0])
	const aside = deskTour + "?at=envoylet/README.md"
	p.open(aside)
	p.wait("document.querySelector('#stop-next[href]')")
	p.keys("nn")
	p.wait(standing(2))
	eval[bool](p, `(a => (a.href = '/src/envoylet/README.md', document.getElementById('stops').after(a), a.click(), true))(document.createElement('a'))`)
	p.wait("new URL(location).searchParams.has('at')")
	p.keys("n")
	p.wait(standing(3))
	p.back()
	p.wait("new URL(location).searchParams.has('at') && document.getElementById('stop-at').textContent == 2")
	p.do(chromedp.Reload())
	p.wait("document.readyState == 'complete' && document.getElementById('stop-at').textContent == 2")
	p.keys("n")
	p.wait(standing(3))
	eval[bool](p, "(history.go(-4), true)")
	p.wait("new URL(location).searchParams.has('at') && document.getElementById('stop-at').textContent == '–'")
}

// TestDeskKeepsTheLessonsPlace follows a citation with the mouse: the code
// comes, the lesson does not move; and what the code leads to opens beside the
// lesson, too.
func TestDeskKeepsTheLessonsPlace(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	p := b.tab(t, site, looks[0])
	openDesk(p, deskTour+"?stop=4&lang=es")
	const scrolled = "document.getElementById('lesson').scrollTop"
	cite := eval[string](p, "document.querySelectorAll('#stops a')[9].dataset.cite")
	eval[bool](p, fmt.Sprintf("(document.getElementById(%q).scrollIntoView({block: 'center'}), true)", cite))
	before := eval[float64](p, scrolled)
	p.click("#" + cite)
	p.wait(standing(10))
	p.wait(fmt.Sprintf("document.querySelector('.beside [aria-current]').id == %q && document.querySelector('#code .l.w')", cite))
	if now := eval[float64](p, scrolled); now != before || before == 0 {
		t.Errorf("the lesson went from %v to %v", before, now)
	}
	p.do(chromedp.Reload())
	p.wait(fmt.Sprintf("document.readyState == 'complete' && Math.abs(%s - %f) < 2", scrolled, before))

	p.open(deskTour + "?at=envoylet/source/common/http/filter_pipeline.cc:77")
	p.wait("document.querySelector('#code .l.w')?.id == 'L77'")
	p.keys("w")
	p.wait("document.activeElement.matches('.cursor')")
	p.keys("g")
	p.keys("d")
	p.wait("location.pathname.startsWith('/desk/') && location.search.includes('at=') && !location.search.includes('filter_pipeline.cc%3A77') || document.querySelector('#name-pop:popover-open')")
}

// TestDividerMoves moves the divider by keyboard and pointer, and finds it there
// after a reload without a shift of the layout.
func TestDividerMoves(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	p := b.tab(t, site, looks[0])
	openDesk(p, deskTour+"?stop=2")
	width := func() float64 { return eval[float64](p, "document.getElementById('lesson').offsetWidth") }
	before := width()
	eval[bool](p, "(document.querySelector('.divider').focus(), true)")
	for range 4 {
		p.do(chromedp.KeyEvent(kb.ArrowRight))
	}
	if now := width(); now <= before {
		t.Errorf("the lesson was %v wide and is %v", before, now)
	}
	if value := eval[string](p, "document.querySelector('.divider').ariaValueNow"); value != "40" {
		t.Errorf("the divider is at %s", value)
	}
	from := eval[[]float64](p, "(r => [r.x + 3, r.y + 300])(document.querySelector('.divider').getBoundingClientRect())")
	p.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMousePressed, from[0], from[1], chromedp.Button("left"), chromedp.ClickCount(1)),
		chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 648, 300, chromedp.Button("left")),
		chromedp.MouseEvent(input.DispatchMouseEventTypeMouseReleased, 432, 300, chromedp.Button("left"), chromedp.ClickCount(1)))
	p.wait("document.querySelector('.divider').ariaValueNow == '45'")
	moved := width()
	openDesk(p, deskTour+"?stop=3")
	if now := width(); now != moved {
		t.Errorf("the lesson was %v wide and is %v after a reload", moved, now)
	}
	if shift := p.shift(); shift > 0.02 {
		t.Errorf("the layout shifts by %v", shift)
	}
}

// TestDeskHasTabsWhereItIsNarrow goes between the lesson and the code of a
// narrow screen: the address says which shows, and both keep their places.
func TestDeskHasTabsWhereItIsNarrow(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	p := b.tab(t, site, looks[2])
	openDesk(p, deskTour+"?stop=5")
	const shows = "document.querySelector('#lesson').checkVisibility({visibilityProperty: true})"
	p.wait("!" + shows)
	p.click("#tab-lesson")
	p.wait(shows + " && location.search.includes('view=lesson')")
	eval[bool](p, "(document.querySelector('#lesson').scrollTop = 700, true)")
	p.do(chromedp.KeyEvent(kb.ArrowRight))
	p.wait("!" + shows + " && document.activeElement.id == 'tab-code'")
	p.click("#tab-lesson")
	if top := eval[float64](p, "document.querySelector('#lesson').scrollTop"); top != 700 {
		t.Errorf("the lesson is at %v, not where it was left", top)
	}
	p.do(chromedp.Reload())
	p.wait("document.readyState == 'complete' && " + shows)
	p.click("#lesson a.citation[href*='stop=']")
	p.wait("!" + shows + " && document.querySelector('#code .l.w, #elsewhere *')")
}

// TestAnnotationsAreChosen chooses among the annotations of a file, by kind and
// by lesson, and collapses them to marks, by itself and on the desk: the address
// says what is chosen, and is enough to see it again without JavaScript.
func TestAnnotationsAreChosen(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	const file = "/src/envoylet/source/common/network/connection_impl.cc"
	for _, address := range []string{file, deskLesson + "?stop=3"} {
		p := b.tab(t, site, looks[0])
		p.open(address)
		p.wait("document.readyState == 'complete' && document.querySelector('.rail[style] .group')")
		count := func(selector string) int {
			return eval[int](p, fmt.Sprintf("document.querySelectorAll(%q).length", selector))
		}
		all, ticks := count("#notes .card"), count("#strip rect")
		if ticks == 0 || ticks != count("#notes .group:not([data-first='0'])") {
			t.Errorf("%s: the strip shows %d ranges", address, ticks)
		}
		p.click(".filter summary")
		p.axe()
		p.picture("chosen" + strings.ReplaceAll(address[:5], "/", "-"))
		p.click(".filter a[href*='kind=approximate']")
		p.wait("location.search.includes('kind=approximate') && document.querySelector('#notes .is-approximate') && !document.querySelector('#notes .is-sure')")
		if some := count("#notes .card"); some == 0 || some >= all {
			t.Errorf("%s: %d of %d cards are approximate", address, some, all)
		}
		p.wait("document.querySelector('#code .x0, #code .x1')")
		p.do(chromedp.Reload())
		p.wait("document.readyState == 'complete' && document.querySelector('#notes .is-approximate') && !document.querySelector('#notes .is-sure')")
		p.click(".filter summary")
		p.click(".filter ul:nth-of-type(2) li:first-child a")
		p.wait(fmt.Sprintf("document.querySelectorAll('#notes .card').length == %d && !location.search.includes('kind=')", all))
		p.click(".filter summary")
		p.click(".filter a[href*='of=']")
		p.wait("document.activeElement.matches('.filter summary')")
		p.wait("location.search.includes('of=') && new Set([...document.querySelectorAll('#notes .card .lesson')].map(e => e.textContent)).size == 1")
		p.click(".filter summary")
		p.click(".filter a[href*='cards=marks']")
		p.wait("location.search.includes('cards=marks') && !document.querySelector('#notes').checkVisibility() && document.querySelector('#code a.m')")
		p.click("#code a.m")
		p.wait("document.querySelector('#notes .group.active .prose').checkVisibility()")
	}
	p := b.tab(t, site, looks[0])
	p.open(file + "?kind=nothing-known")
	p.wait("document.querySelector('#notes .card')")
}

// TestLongRangesAreFollowed scrolls through a range of 400 lines: its card stays
// beside the lines in view. Ten annotations of one range make one group.
func TestLongRangesAreFollowed(t *testing.T) {
	b := startBrowser(t)
	site, files := serveLong(t)
	p := b.tab(t, site, looks[0])
	p.open("/src/long/" + files[0].path + "?lines=700-1099#L700")
	p.wait("document.querySelector('.group.active[data-last=\"1099\"]')")
	for _, n := range []int{760, 900, 1050} {
		eval[bool](p, fmt.Sprintf("(scrollTo(0, document.getElementById('code').offsetTop + %d * 21), true)", n))
		p.wait("(r => r.top >= 100 && r.bottom <= innerHeight)(document.querySelector('.group.active[data-last=\"1099\"]').getBoundingClientRect())")
	}
	p.open("/src/long/" + files[0].path + "?lines=300-310#L300")
	p.wait("document.querySelectorAll('.group.active[data-first=\"300\"][data-last=\"310\"] .card').length >= 10")
}

// TestKeysAreListed opens the list of keys on several pages: it has the keys of
// that page and no others, closes with Escape, and is a page of its own, too.
func TestKeysAreListed(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	p := b.tab(t, site, looks[0])
	const groups = "document.querySelectorAll('.keys-dialog[open] section').length"
	for address, want := range map[string]int{"/": 2, "/src/envoylet/source/common/http/filter_pipeline.cc": 4, deskTour + "?stop=2": 6} {
		p.open(address)
		p.wait("document.readyState == 'complete'")
		p.keys("?")
		p.wait(fmt.Sprintf("%s == %d", groups, want))
		if want == 6 {
			p.keys("n") // which is not for the page below
			if !eval[bool](p, standing(2)) {
				t.Error("a key goes through the dialog")
			}
		}
		p.do(chromedp.KeyEvent(kb.Escape))
		p.wait("!document.querySelector('.keys-dialog[open]')")
	}
	p.open("/keys")
	p.wait("document.querySelectorAll('main section').length == 7")
}

// TestLessonsPrintWithTheirCode prints a lesson with what it cites: each citation
// of lines leads to the lines as they are, and nothing else is on paper.
func TestLessonsPrintWithTheirCode(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	lessons := checkedLessons(t, site)
	for _, look := range looks[1:3] {
		p := b.tab(t, site, look)
		p.open("/lessons/" + faulty + "?lang=es")
		p.click(".to-desk a.plain")
		p.wait("location.search == '?print=code' && document.readyState == 'complete'")
		cited := 0
		for i, c := range lessons[faulty].Cited {
			if (c.Verdict == "exists" || c.Sure) && strings.Contains(c.URL, "?lines=") {
				cited++
				p.wait(fmt.Sprintf("document.getElementById(document.getElementById('cite-%d').hash.slice(1)).querySelector('.code .l')", i))
			}
		}
		if cited == 0 {
			t.Error("no citation leads to lines")
		}
		p.axe()
		if wide := eval[int64](p, "document.documentElement.scrollWidth"); wide > look.width {
			t.Errorf("the page is %d pixels wide", wide)
		}
		call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		p.wait("document.querySelector('.live .code').checkVisibility() && !document.querySelector('.top').checkVisibility() && !document.querySelector('.contents').checkVisibility()")
		eval[bool](p, "(document.querySelector('.live').scrollIntoView(), true)")
		p.picture("print-" + look.String())
	}
}

// TestDoubleClickSelects clicks a name of the code twice: its word is selected,
// and the page stays.
func TestDoubleClickSelects(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	p := b.tab(t, site, looks[0])
	openDesk(p, deskTour+"?stop=2")
	before := p.address()
	at := eval[[]float64](p, `(r => [r.x + r.width / 2, r.y + r.height / 2])([...document.querySelectorAll('#code b')].map(e => e.getBoundingClientRect()).find(r => r.top > 300 && r.right < 1000))`)
	p.do(chromedp.MouseClickXY(at[0], at[1], chromedp.ClickCount(2)))
	time.Sleep(time.Second)
	if word := eval[string](p, "getSelection().toString().trim()"); word == "" || p.address() != before {
		t.Errorf("%q is selected, at %s", word, p.address())
	}
}
