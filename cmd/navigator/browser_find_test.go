package main

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/chromedp/chromedp/kb"
)

// paletteGroups is what the palette shows: the name of each group, and what its
// options say.
const paletteGroups = `[...document.querySelectorAll('#palette [role=group]')].map(g =>
	g.firstChild.textContent + ': ' + [...g.querySelectorAll('[role=option]')].map(o => o.textContent).join(' | '))`

// paletteSaid is what the palette says to who does not see it.
const paletteSaid = "document.getElementById('palette-said').textContent"

// paletteCount is what it has to say of what it found.
func paletteCount(p *tab) string {
	return eval[string](p, "'Resultados: ' + document.querySelectorAll('#palette [role=group] [role=option]').length")
}

// openPalette opens the palette, by its key or, on a small screen, by its
// button, and types.
func openPalette(p *tab, look look, typed string) {
	p.Helper()
	if look.width < 500 {
		p.click(".opens-palette")
	} else {
		p.keys("/")
	}
	p.wait("document.activeElement.id == 'palette-input'")
	p.keys(typed)
}

// TestPaletteAnswersWithGroups types one query and expects symbols, lessons and
// text, in groups; text comes later, below, and moves nothing.
func TestPaletteAnswersWithGroups(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	p := b.tab(t, site, looks[0])
	p.open("/?lang=es")
	openPalette(p, looks[0], "codec")
	p.wait("document.querySelectorAll('#palette [role=group]').length > 2 && document.getElementById('palette-results').textContent.includes('«codec»')")
	p.keys(kb.ArrowDown + kb.ArrowDown)
	chosen := eval[string](p, "document.querySelector('#palette [aria-selected=true]').textContent")
	p.wait("document.querySelector('#palette-text')")
	if now := eval[string](p, "document.querySelector('#palette [aria-selected=true]').textContent"); now != chosen {
		t.Errorf("%q was chosen, now %q", chosen, now)
	}
	groups := strings.Join(eval[[]string](p, paletteGroups), "\n")
	for _, group := range []string{"Símbolos: ", "Archivos: ", "Lecciones: ", "Texto: "} {
		if !strings.Contains(groups, group) {
			t.Errorf("no group %q in\n%s", group, groups)
		}
	}
	if said := eval[string](p, paletteSaid); said != paletteCount(p) {
		t.Errorf("with text it says %q, not %q", said, paletteCount(p))
	}
	p.axe()
	p.picture("palette-groups")
	for _, query := range []struct{ typed, says string }{{"@kubernetes", "Nada se llama así"}, {"@", ""}} {
		eval[bool](p, fmt.Sprintf("(i => (i.value = %q, i.dispatchEvent(new Event('input'))))(document.activeElement)", query.typed))
		p.wait(fmt.Sprintf("%s.slice(0, %d || undefined) == %q", paletteSaid, utf8.RuneCountInString(query.says), query.says))
	}
}

// TestPaletteKeepsWhatIsTypedEarly presses keys before the palette is there: none
// reaches the page, all but the first reach the palette, which gives the focus
// back to where it was.
func TestPaletteKeepsWhatIsTypedEarly(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	p := b.tab(t, site, looks[0])
	p.open("/src/envoylet/source/common/http/http1_codec.cc?lang=es")
	eval[bool](p, "document.querySelector('main a').focus(), true")
	eval[bool](p, `window.reached = '', addEventListener('keydown', ({ key }) => reached += key), true`)
	kept := eval[bool](p, `[...'/@codec'].map(key => document.activeElement.dispatchEvent(
		new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))).every(went => !went)`)
	if !kept {
		t.Error("the page's own keys would have worked")
	}
	p.wait("document.querySelectorAll('#palette [role=option]').length > 1")
	if typed := eval[string](p, "document.activeElement.value"); typed != "@codec" {
		t.Errorf("the palette has %q", typed)
	}
	if reached := eval[string](p, "reached"); strings.Trim(reached, "/") != "" {
		t.Errorf("%q reached the page", reached)
	}
	p.keys(kb.Escape)
	p.wait("document.activeElement == document.querySelector('main a')")
	openPalette(p, looks[0], "codec")
	p.wait("document.activeElement.value == 'codec'")
}

// TestPalettePrefixes asks for one kind by each prefix, with the keyboard alone.
func TestPalettePrefixes(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	p := b.tab(t, site, looks[0])
	for typed, want := range map[string]string{
		"@codec": "Símbolos: ", "~codec": "Archivos: ", "#codec": "Lecciones: ", "#": "Lecciones: ", "=": "Glosario: ", ">teclas": "Órdenes: ", "/codec": "Texto: ", ">copiar": "Órdenes: ",
	} {
		t.Run(typed, func(t *testing.T) {
			p := p.in(t)
			p.open("/src/envoylet/source/common/http/http1_codec.cc?lang=es")
			openPalette(p, looks[0], typed)
			p.wait("document.querySelectorAll('#palette [role=group]').length == 1 && document.querySelectorAll('#palette [role=option]').length > 0")
			if groups := eval[[]string](p, paletteGroups); !strings.HasPrefix(groups[0], want) {
				t.Errorf("%s shows %q", typed, groups)
			}
			if said := eval[string](p, paletteSaid); said != paletteCount(p) {
				t.Errorf("%s says %q, not %q", typed, said, paletteCount(p))
			}
		})
	}
}

// TestPaletteGivesCommands changes the theme, and goes home, from the palette.
func TestPaletteGivesCommands(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	p := b.tab(t, site, looks[0])
	p.open("/src/envoylet/README.md?lang=es")
	openPalette(p, looks[0], ">tema osc")
	p.wait("document.querySelectorAll('#palette [role=option]').length == 1")
	p.keys(kb.Enter)
	p.wait("document.documentElement.dataset.theme == 'dark'")
	openPalette(p, looks[0], ">INICIO")
	p.wait("document.querySelectorAll('#palette [role=option]').length == 1")
	p.keys(kb.Enter)
	p.wait("location.pathname == '/'")
}

// TestSpanishFindsEnglishInThePalette types words of the course, sees why each
// symbol is found, and goes to the first, in every look.
func TestSpanishFindsEnglishInThePalette(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	p := b.tab(t, site, looks[0])
	for _, look := range widths {
		t.Run(look.String(), func(t *testing.T) {
			p := p.in(t)
			p.look(look)
			p.open("/?lang=es")
			openPalette(p, look, "vida de una peticion")
			p.wait("document.querySelector('#palette [role=option]')?.textContent.includes('ExchangeManagerImpl')") // not yet while typing
			first := eval[string](p, "document.querySelector('#palette [role=option]').textContent")
			if !strings.Contains(first, "ExchangeManagerImpl") || !strings.Contains(first, "método") || !strings.Contains(first, "De bytes a peticiones") {
				t.Errorf("first is %q", first)
			}
			p.inspect("palette-spanish")
			p.keys(kb.Enter)
			p.wait("location.pathname.endsWith('exchange_manager_impl.cc')")
		})
	}
}

// TestFocusKeepsThePlace gives the focus to the first link of a page that is
// scrolled: the lines stay where they are.
func TestFocusKeepsThePlace(t *testing.T) {
	b := startBrowser(t)
	p := b.tab(t, demoSite(t), looks[0])
	p.open(managerPage + "#L120")
	p.wait("document.readyState == 'complete' && scrollY > 0")
	at := eval[float64](p, "scrollY")
	if now := eval[float64](p, "(document.querySelector('.skip').focus(), scrollY)"); now != at {
		t.Errorf("the page scrolled from %v to %v", at, now)
	}
}

// TestComparisonsAreShown goes from a row of the comparison's table to both
// pieces of code, in every look.
func TestComparisonsAreShown(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	p := b.tab(t, site, looks[0])
	for _, look := range widths {
		t.Run(look.String(), func(t *testing.T) {
			p := p.in(t)
			p.look(look)
			openLesson(p, faulty)
			p.click("table a.parallel")
			p.wait("location.pathname == '/parallel' && document.readyState == 'complete' && document.querySelectorAll('.panes > section').length == 2")
			code := eval[[]string](p, "[...document.querySelectorAll('.panes .lines')].map(l => l.textContent)")
			if !strings.Contains(code[0], "RoundRobinLoadBalancer::pick") || !strings.Contains(code[1], "fn find_upstream") {
				t.Errorf("the panes show %q", code)
			}
			beside := eval[bool](p, "(([a, b]) => a.getBoundingClientRect().top == b.getBoundingClientRect().top)(document.querySelectorAll('.panes > section'))")
			if beside != (look.width > 1000) {
				t.Errorf("beside each other: %v", beside)
			}
			p.inspect("parallel")
		})
	}
	p.look(looks[2])
	p.open("/desk/" + faulty + "?lang=es&view=lesson&stop=1")
	p.wait("document.readyState == 'complete' && document.querySelector('td .citation[aria-current]')")
	if cut := eval[float64](p, "document.querySelector('table:has([aria-current])').scrollLeft"); cut > 0 {
		t.Errorf("the table's first column is cut by %v pixels", cut)
	}
	if split := eval[int](p, "[...document.querySelectorAll('td a.parallel')].filter(a => a.getClientRects().length != 1).length"); split > 0 {
		t.Errorf("%d signs of a comparison are split between lines", split)
	}
	p.look(looks[0])
	p.open("/?lang=es")
	openPalette(p, looks[0], ">comparaciones")
	p.wait("document.querySelectorAll('#palette [role=option]').length == 1")
	p.keys(kb.Enter)
	p.wait("location.pathname == '/parallel' && document.querySelectorAll('.parallels a').length > 2")
	p.axe()
}

// TestConceptsListTheirPlaces goes from the palette to the page of a term, with
// its places in both trees, in every look.
func TestConceptsListTheirPlaces(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	checkedLessons(t, site)
	p := b.tab(t, site, looks[0])
	for _, look := range widths {
		t.Run(look.String(), func(t *testing.T) {
			p := p.in(t)
			p.look(look)
			p.open("/glossary?lang=es")
			openPalette(p, look, "=contrapresion")
			p.wait("document.querySelectorAll('#palette [role=group] [role=option]').length == 1")
			p.keys(kb.Enter)
			p.wait("location.pathname == '/concepts/backpressure' && document.readyState == 'complete'")
			trees := eval[[]string](p, "[...document.querySelectorAll('.trees section')].map(s => s.textContent)")
			if len(trees) != 2 || !strings.Contains(trees[0], "WatermarkBuffer::changed") || !strings.Contains(trees[1], "mod.rs") {
				t.Errorf("its places are %q", trees)
			}
			if !eval[bool](p, "document.querySelector('.parallels a').textContent.includes('WatermarkBuffer::changed')") {
				t.Error("the comparison is missing")
			}
		})
	}
	p.look(looks[0])
	p.open("/glossary?lang=es")
	p.click("#event-loop a[href='/concepts/event-loop']")
	p.wait("location.pathname == '/concepts/event-loop' && document.querySelector('.trees').textContent.includes('runOnce')")
}
