package main

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
)

// checkedLesson is a lesson of the API with its verdicts.
type checkedLesson struct {
	Checked bool
	Cited   []struct {
		Raw, Verdict, Reason, URL string
		Sure                      bool
		Target                    *struct{ URL string }
	}
	Excerpts []struct {
		Verdict, URL string
		Lines        []struct{ Kind string }
	}
}

// checkedLessons returns the demo's lessons, by ID, once they are checked.
func checkedLessons(t *testing.T, site string) map[string]checkedLesson {
	t.Helper()
	all := map[string]checkedLesson{}
	eventually(t, "the course is checked", func() bool {
		for _, l := range lessonsOf(t, site) {
			all[l.ID] = apiGet[checkedLesson](t, site, "/api/v1/lessons/"+l.ID)
			if !all[l.ID].Checked {
				return false
			}
		}
		return true
	})
	return all
}

// faulty is the lesson of the demo that has every fault.
const faulty = "04_comparativa/01_l4_o_l7"

// openLesson opens a lesson once it is checked.
func openLesson(p *tab, id string) {
	p.Helper()
	p.open("/lessons/" + id + "?lang=es")
	p.wait("document.readyState == 'complete'")
}

// TestLessonWearsItsVerdicts looks at the marks of the demo's lesson of faults:
// each verdict is there, told apart by more than colour, said to those who do
// not see it, and leads to where the real thing is.
func TestLessonWearsItsVerdicts(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	lesson := checkedLessons(t, site)[faulty]
	p := b.tab(t, site, looks[0])
	openLesson(p, faulty)
	if shift := p.shift(); shift > 0.02 {
		t.Errorf("the layout shifts by %v", shift)
	}
	seen := map[string]bool{}
	for i, c := range lesson.Cited {
		at := fmt.Sprintf("document.querySelector('#cite-%d')", i)
		if !eval[bool](p, at+" != null") {
			t.Fatalf("%s has no mark", c.Raw)
		}
		state := eval[string](p, at+".dataset.state ?? ''")
		seen[state] = true
		said := eval[string](p, at+".querySelector('.hidden')?.textContent ?? ''")
		if title := eval[string](p, at+".title"); state == "" || title == "" || (said == "") != (state == "exists") {
			t.Errorf("%s: state %q, title %q, said %q", c.Raw, state, title, said)
		}
		if href := eval[string](p, at+".getAttribute('href') ?? ''"); href != c.URL {
			t.Errorf("%s leads to %s, not to %s", c.Raw, href, c.URL)
		}
		switch {
		case c.Sure && c.URL != c.Target.URL:
			t.Errorf("%s does not lead to what is proposed", c.Raw)
		case c.Verdict != "exists" && !c.Sure && !strings.HasPrefix(c.URL, "/citation?"):
			t.Errorf("%s is not sure and leads to %s", c.Raw, c.URL)
		}
	}
	for _, state := range []string{"exists", "moved", "position-off", "unknown", "foreign", "ambiguous"} {
		if !seen[state] {
			t.Errorf("the lesson has no citation that is %s", state)
		}
	}
	shown := eval[[]string](p, "[...document.querySelectorAll('.excerpt-bar')].map(e => e.className.replace('excerpt-bar is-', ''))")
	for _, verdict := range []string{"verbatim", "abridged", "paraphrase", "invented"} {
		if !slices.Contains(shown, verdict) {
			t.Errorf("the lesson has no excerpt that is %s", verdict)
		}
	}
}

// TestPrint prints a lesson with its code that is shown dark: the paper is
// white, what only a screen needs is gone, what is folded is open, and no line is
// cut.
func TestPrint(t *testing.T) {
	b := startBrowser(t)
	p := b.tab(t, demoSite(t), looks[1])
	p.open("/lessons/02_proxy_l7/01_vida_de_una_peticion?print=code")
	p.wait("document.readyState == 'complete' && document.querySelector('.live .code')")
	eval[string](p, "document.documentElement.dataset.theme = 'dark'")
	p.look(look{"dark", 718, 1000}) // what A4 has between its margins
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	p.wait("getComputedStyle(document.documentElement).colorScheme == 'light'")
	eval[bool](p, `(() => {
		const table = document.createElement('table'), folded = document.createElement('details'), answer = document.createElement('p');
		for (let i = 0; i < 8; i++) table.append(Object.assign(document.createElement('td'), { textContent: 'una_palabra_que_no_cabe_en_el_papel' }));
		answer.id = 'folded';
		answer.textContent = 'Dos.';
		folded.append(answer);
		document.getElementById('prose').append(table, folded);
		return true;
	})()`)
	p.wait("document.getElementById('folded').checkVisibility()")
	for _, gone := range []string{".top", ".contents", ".cited", ".to-desk", ".neighbours"} {
		p.wait("getComputedStyle(document.querySelector('" + gone + "')).display == 'none'")
	}
	if cut := eval[int](p, "[...document.querySelectorAll('.live .code, .prose pre, .prose table, .problems')].filter(e => e.scrollWidth > e.clientWidth + 1).length"); cut > 0 {
		t.Errorf("%d boxes are wider than the paper", cut)
	}
	p.picture("print")
}

// TestCompareInPlace opens the comparison of a paraphrase with the keyboard
// alone: the excerpt keeps its place, what differs is marked, and what mends it
// can be copied.
func TestCompareInPlace(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	for _, look := range widths {
		t.Run(look.String(), func(t *testing.T) {
			p := b.tab(t, site, look)
			openLesson(p, faulty)
			const excerpt = "document.querySelector('.excerpt:has(.is-paraphrase)')"
			p.draw() // which moves what is below
			eval[bool](p, "("+excerpt+".querySelector('.compares').focus(), scrollBy(0, 40), true)")
			p.settle() // a diagram that left the view gets its own size
			top := eval[float64](p, excerpt+".getBoundingClientRect().top")
			p.keys("\r")
			p.wait(excerpt + ".classList.contains('open') && " + excerpt + ".querySelector('.comparison td')")
			if now := eval[float64](p, excerpt+".getBoundingClientRect().top"); math.Abs(now-top) >= 1 {
				t.Errorf("the excerpt went from %v to %v", top, now)
			}
			if open := eval[string](p, excerpt+".querySelector('.compares').ariaExpanded"); open != "true" {
				t.Errorf("aria-expanded is %s", open)
			}
			for _, kind := range []string{"source", "altered"} {
				if n := eval[int](p, excerpt+".querySelectorAll('tr.is-"+kind+"').length"); n == 0 {
					t.Errorf("no line is %s", kind)
				}
			}
			if marked := eval[int](p, excerpt+".querySelectorAll('.said mark').length * "+excerpt+".querySelectorAll('.real mark').length"); marked == 0 {
				t.Error("what differs is not marked on both sides")
			}
			p.inspect("comparison")
			mended := eval[string](p, excerpt+".querySelector('.mended code').textContent")
			if !strings.HasPrefix(mended, "```cpp\n// source/") && !strings.HasPrefix(mended, "```rust\n// src/") {
				t.Errorf("what mends it begins %.60q", mended)
			}
			p.keys("\r")
			p.wait("!" + excerpt + ".classList.contains('open')")
		})
	}
}

// TestComparisonHasItsOwnPage follows every comparison and every citation that
// is no sure one, as a reader without JavaScript would.
func TestComparisonHasItsOwnPage(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	pages := map[string]string{}
	for _, e := range checkedLessons(t, site)[faulty].Excerpts {
		pages["compare-"+e.Verdict] = e.URL
	}
	for i, c := range checkedLessons(t, site)[faulty].Cited {
		if name := "citation-" + c.Verdict; c.Verdict != "exists" && pages[name] == "" {
			pages[name] = "/citation?" + url.Values{"lesson": {faulty}, "n": {fmt.Sprint(i)}}.Encode()
		}
	}
	b.inspect(t, site, pages)
}

// TestAnnotationsSayHowSureTheyAre looks at a file that excerpts explain: cards
// that are verified and cards that are approximate say so in words, and look
// different.
func TestAnnotationsSayHowSureTheyAre(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	p := b.tab(t, site, looks[0])
	p.open(strings.Replace(statesFile, "?", "?lang=es&", 1))
	p.wait("document.readyState == 'complete' && document.querySelector('#notes .group')")
	for _, what := range []string{".card.from-comment.is-sure .certainty", ".card.is-approximate .certainty"} {
		if n := eval[int](p, fmt.Sprintf("document.querySelectorAll(%q).length", what)); n == 0 {
			t.Errorf("nothing matches %s", what)
		}
	}
	back := eval[string](p, "document.querySelector('.card.from-comment .source-link a').getAttribute('href')")
	if !strings.Contains(back, "#excerpt-") {
		t.Errorf("the card of a comment leads to %s", back)
	}
}
