package main

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// studyLesson is a lesson of the demo with items of every kind, a diagram and
// commands.
const studiedLesson = "/lessons/01_fundamentos/01_que_es_un_proxy"

// startStudy runs the demo, with its cache and its state in the folders cache and
// state of another, and returns its address.
func startStudy(t *testing.T, home string) (site string) {
	t.Helper()
	cmd := exec.Command("navigator", "demo", "--addr", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(home, "cache"), "XDG_STATE_HOME="+filepath.Join(home, "state"))
	site, _ = startProcess(t, cmd)
	return site
}

// ticked is a JavaScript expression: whether an item's box says so.
func ticked(selector, want string) string {
	return "document.querySelector('" + selector + "').getAttribute('aria-checked') == '" + want + "'"
}

// TestStudy ticks objectives, exercises, checkpoints and questions, with the
// mouse and with the keyboard alone: they stay so, and the first page tells how
// far one is and what comes next.
func TestStudy(t *testing.T) {
	b := startBrowser(t)
	home := t.TempDir()
	site := startStudy(t, home)
	p := b.tab(t, site, looks[0])

	p.open("/?lang=es")
	p.wait("document.querySelector('.now .go a').getAttribute('href') == '" + studiedLesson + "'")
	if weeks := eval[int](p, "document.querySelectorAll('.weeks > li').length"); weeks != 4 {
		t.Errorf("%d weeks, the plan has 4", weeks)
	}
	if said := eval[string](p, "document.querySelector('.far').innerText"); !strings.Contains(said, "5 h 30 min en total") {
		t.Errorf("the times of the lessons add up to %q", said)
	}

	p.click(".now .go a")
	p.wait("document.readyState == 'complete' && document.querySelectorAll('.tick').length > 8")
	for _, kind := range []string{"objective", "exercise", "checkpoint", "question"} {
		box := "[id^=tick-" + kind + "]"
		p.click(box)
		p.wait(ticked(box, "true"))
	}
	p.wait("document.getElementById('studied').textContent.startsWith('4 de ')")

	// The keyboard alone: from one box to the next, and the space bar.
	eval[bool](p, "(document.querySelector('[id^=tick-question][aria-checked=true]').focus(), true)")
	p.keys("\t")
	p.wait("document.activeElement.matches('.tick[aria-checked=false]')")
	p.keys(" ")
	p.wait("document.activeElement.matches('.tick[aria-checked=true]')")
	p.wait("document.getElementById('studied').textContent.startsWith('5 de ')")
	p.keys(" ")
	p.wait("document.activeElement.matches('.tick[aria-checked=false]')")
	p.wait("document.getElementById('studied').textContent.startsWith('4 de ')")

	p.back()
	p.wait("document.querySelector('.module progress')?.value == 4") // not the page as it was left
	p.wait("document.querySelector('.glance a[href=\"#weeks\"]') && document.querySelector('.tools a[download]')")
	p.inspect("home-begun")
	p.open(studiedLesson)
	p.wait("document.querySelectorAll('.tick[aria-checked=true]').length == 4")
	files, _ := filepath.Glob(filepath.Join(home, "state", "navigator", "*", progressName))
	if len(files) != 1 {
		t.Errorf("the progress is in %v, want one file", files)
	}

	// Of two tabs none takes the other's ticks away.
	q := b.tab(t, site, looks[2])
	q.open(studiedLesson)
	q.wait("document.querySelectorAll('.tick[aria-checked=true]').length == 4")
	p.click("[id^=tick-objective][aria-checked=false]")
	p.wait("document.getElementById('studied').textContent.startsWith('5 de ')")
	q.click("[id^=tick-question][aria-checked=false]")
	q.wait("document.getElementById('studied').textContent.startsWith('6 de ')")

	// Who leaves the page at once loses no tick.
	eval[bool](q, "(document.querySelector('[id^=tick-question][aria-checked=false]').click(), location.assign('/'), true)")
	q.wait("document.querySelector('main.home .module progress')")

	p.open("/?lang=es")
	p.wait("document.querySelector('.now h2').textContent == 'Seguir con'")
	p.wait("document.querySelector('.module progress').value == 7")
	p.wait("document.querySelector('.weeks .now progress').value == 7")

	exported := apiGet[struct{ Done int }](t, site, "/api/v1/progress")
	if exported.Done != 7 {
		t.Errorf("%d are done by the API", exported.Done)
	}

	// Another server, started later, knows them.
	p = b.tab(t, startStudy(t, home), looks[0])
	p.open(studiedLesson)
	p.wait("document.querySelectorAll('.tick[aria-checked=true]').length == 7")
}

// TestStudyWithoutScripts ticks with a form, as browsers without JavaScript do.
func TestStudyWithoutScripts(t *testing.T) {
	b := startBrowser(t)
	site := startStudy(t, t.TempDir())
	p := b.tab(t, site, looks[2])
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	p.open(studiedLesson)
	var box string
	p.do(chromedp.Evaluate[chromedp.Void]("0"))
	box = eval[string](p, "document.querySelector('[id^=tick-question]').id")
	p.click("#" + box)
	p.wait("location.hash == '#" + box + "' && " + ticked("#"+box, "true"))
	p.click("#" + box)
	p.wait(ticked("#"+box, "false"))
}

// A page of another site cannot tick.
func TestTicksAreOfThisSite(t *testing.T) {
	site := demoSite(t)
	r, err := http.NewRequest(http.MethodPost, site+"/progress", strings.NewReader(url.Values{"lesson": {"x"}, "tick": {"y"}}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", "http://evil.example")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", answer.StatusCode)
	}
}

// TestCommandsAreCopied copies the commands of an exercise, the second time as
// over plain http from another machine, where scripts get no clipboard.
func TestCommandsAreCopied(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	p := b.tab(t, site, looks[0])
	p.allow("clipboard-write", "clipboard-read")
	p.open(studiedLesson)
	eval[bool](p, "(window.board = navigator.clipboard, true)")
	for _, c := range []struct{ within, want string }{
		{"configs/front.conf debug", "make\nbuild/envoylet configs/front.conf debug"},
		{"$ ls envoylet", "ls envoylet\ngrep -rln \"PURE;\" envoylet/ | \\\n  sort"}, // without prompts, and without what they print
	} {
		button := `[...document.querySelectorAll('.tooled')].find(e => e.textContent.includes('` + c.within + `')).querySelector('.tool')`
		p.wait(button)
		eval[bool](p, "("+button+".focus(), true)")
		p.keys("\r")
		p.wait(button + ".textContent.startsWith('Copi')")
		p.wait("document.getElementById('said').textContent != ''")
		if got := eval[string](p, "board.readText()"); got != c.want {
			t.Errorf("%q was copied, want %q", got, c.want)
		}
		if !eval[bool](p, "document.activeElement == "+button) {
			t.Error("the focus left the button")
		}
		eval[bool](p, "(Object.defineProperty(navigator, 'clipboard', { value: undefined }), true)")
	}
}

// TestDiagramsZoom shows drawn diagrams and those of characters alone on the
// screen, larger and smaller.
func TestDiagramsZoom(t *testing.T) {
	b := startBrowser(t)
	_, err := os.Stat("../../ui/assets/vendor/mermaid.min.js")
	needs(t, "mermaid", err)
	site := demoSite(t)
	for _, look := range []look{looks[0], looks[3]} {
		p := b.tab(t, site, look)
		p.open(studiedLesson)
		p.wait("document.readyState == 'complete'")
		p.draw()
		for name, selector := range map[string]string{"drawn": "button.enlarge", "characters": ".tooled:has(code:not([class])) > .tool"} {
			eval[bool](p, "(document.querySelector('"+selector+"').focus(), true)")
			p.keys("\r")
			p.wait("document.getElementById('zoom').open && document.querySelector('.stage').firstElementChild")
			size := func() float64 {
				return eval[float64](p, "document.querySelector('.stage').firstElementChild.getBoundingClientRect().width")
			}
			first := size()
			if width := eval[float64](p, "document.querySelector('.stage').clientWidth"); first > width+1 {
				t.Errorf("%s: %v wide at first, the screen has %v", name, first, width)
			}
			p.keys("+")
			larger := size()
			p.keys("-")
			p.keys("-")
			if smaller := size(); larger <= first || smaller >= first {
				t.Errorf("%s: %v, then %v, then %v wide", name, first, larger, smaller)
			}
			p.keys("0")
			picture, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
			if err == nil {
				err = os.WriteFile(filepath.Join(pictures, "zoom-"+name+"-"+look.String()+".png"), picture, 0o644)
			}
			if err != nil {
				t.Error(err)
			}
			p.keys("\x1b")
			p.wait("!document.getElementById('zoom').open && document.activeElement.matches('" + selector + "')")
		}
	}
}

// TestGlossary shows what a term means where lessons use it, to the mouse, the
// keyboard and a finger, and leads to its entry.
func TestGlossary(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	p := b.tab(t, site, looks[0])
	p.open("/lessons/04_comparativa/01_l4_o_l7?lang=es")
	p.wait("document.readyState == 'complete' && document.querySelector('.term:not([title])')")
	at := eval[[]float64](p, `(e => { e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })(document.querySelector('.term'))`)
	p.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at[0], at[1]))
	p.wait("document.querySelector('.meaning').textContent.length > 5 && !document.querySelector('.meaning').hidden")
	p.keys("\x1b")
	p.wait("document.querySelector('.meaning').hidden")
	p.do(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 3, 3))

	eval[bool](p, "(document.querySelector('.term').focus(), true)")
	p.wait("!document.querySelector('.meaning').hidden")
	said := eval[string](p, "document.querySelector('.meaning').textContent")
	if described := eval[string](p, "document.activeElement.ariaDescription"); described != said {
		t.Errorf("%q shows, %q is read", said, described)
	}

	call(p, emulation.SetTouchEmulationEnabled, emulation.SetTouchEmulationEnabledParams{Enabled: true})
	eval[bool](p, "(document.activeElement.blur(), true)")
	p.wait("document.querySelector('.meaning').hidden")
	touch := func() {
		call(p, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchStart, TouchPoints: []*input.TouchPoint{{X: at[0], Y: at[1]}}})
		call(p, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: input.DispatchTouchEventTypeTouchEnd, TouchPoints: []*input.TouchPoint{}})
	}
	touch()
	p.wait("!document.querySelector('.meaning').hidden && location.pathname.startsWith('/lessons/')")
	touch()
	p.wait("location.pathname == '/glossary' && location.hash.length > 1 && document.querySelector('.entry:target .defines')")
	p.click(".entry:target .defines")
	p.wait("location.pathname.startsWith('/lessons/') && document.querySelector(':target')")

	p.open("/")
	p.click(".tools a[href='/glossary']")
	p.wait("document.querySelectorAll('.entry').length > 12 && document.querySelector('.entry code')")
}
