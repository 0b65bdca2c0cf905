package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

const (
	manager     = "source/common/http/exchange_manager_impl.cc"
	managerPage = "/src/envoylet/" + manager
	managerNote = "course/notas/envoylet/" + manager + ".md"
	noteOpen    = `document.querySelector(".note-here textarea")`
)

// annotate opens the form of a new note on lines by the keyboard.
func (p *tab) annotate(page, lines string) {
	p.Helper()
	p.open(page + "?lang=en#" + lines)
	p.wait(`document.readyState == "complete" && document.querySelector("#code .l.w")`)
	p.pressA()
	p.wait(noteOpen + ` == document.activeElement`)
}

// pressA presses the key that opens the form. It sends no character: one that
// comes late would be typed into the form.
func (p *tab) pressA() {
	p.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeRawKeyDown, "keyUp"} {
		call(p, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: "a", Code: "KeyA", WindowsVirtualKeyCode: 'A'})
	}
}

// save saves the note that is written by the keyboard.
func (p *tab) save() {
	p.Helper()
	p.do(chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
}

// noted waits until the page has a card of a note with a text.
func (p *tab) noted(text string) {
	p.Helper()
	p.wait(fmt.Sprintf(`document.readyState == "complete" && [...document.querySelectorAll(".card.from-note .prose")].some(c => c.textContent.includes(%q))`, text))
}

// answers has the page's questions answered, and kept in window.asked.
func (p *tab) answers(yes bool) {
	p.Helper()
	eval[bool](p, fmt.Sprintf("(window.asked = '', window.confirm = (q) => (window.asked = q, %v), true)", yes))
}

// TestWriteNoteByKeyboard writes a note, changes it, deletes it and has it back
// with the keyboard alone; it is in the course, in the lock, beside its lines
// and in its lesson.
func TestWriteNoteByKeyboard(t *testing.T) {
	b := startBrowser(t)
	site, folder := driftingDemo(t)
	p := b.tab(t, site, looks[0])
	file := filepath.Join(folder, managerNote)

	p.annotate(managerPage, "L82-L95")
	if got := eval[string](p, `document.querySelector("#note-lines").value`); got != "82-95" {
		t.Errorf("the note is on lines %q", got)
	}
	beside := eval[[]float64](p, `["#code", ".note-here", "#L82"].map(s => document.querySelector(s).getBoundingClientRect()).flatMap(r => [r.left, r.right, r.top, r.bottom])`)
	if code, form, line := beside[:4], beside[4:8], beside[8:]; form[0] < code[1] || form[2] > line[3]+2 || form[3] < line[2] {
		t.Errorf("the form at %v is not beside line 82 at %v, right of the code at %v", form, line, code)
	}
	p.keys("A **bold** word, `onData()`.")
	p.wait(`document.querySelector(".note-here .preview strong")?.textContent == "bold"`)
	p.do(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
	p.keys("Vida de una p") // chooses
	p.do(chromedp.KeyEvent(kb.Tab))
	p.save()
	p.noted("A bold word")
	p.wait(`location.hash == "#L82-L95" && document.querySelector(".group.active .from-note")`)
	if got := text(t, file); !strings.Contains(got, "\n## "+manager+":82-95\n\nLección: [Vida de una petición](") || !strings.HasSuffix(got, "\n\nA **bold** word, `onData()`.\n") {
		t.Errorf("written: %s", got)
	}
	if lock := text(t, filepath.Join(folder, "course", "navigator.lock")); strings.Count(lock, " note "+manager+":82-95 ") != 1 {
		t.Error("the lock does not tie the note")
	}

	eval[bool](p, `(document.querySelector(".from-note .note-edit").focus(), true)`)
	p.keys(kb.Enter)
	p.wait(noteOpen + `?.value == "A **bold** word, ` + "`onData()`." + `" && document.querySelector(".note-here .preview strong")`)
	p.do(chromedp.KeyEvent(kb.End, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	p.keys("\r# More. Of `exchange_manager_impl.h:3`")
	p.wait(`document.querySelector(".note-here .preview .heading a.citation[href]")`)
	const said = `.innerHTML.replace(/\s+/g, " ").trim()`
	preview := eval[string](p, `document.querySelector(".note-here .preview")`+said)
	p.save()
	p.noted("More.")
	if card := eval[string](p, `document.querySelector(".from-note .prose")`+said); card != preview {
		t.Errorf("previewed was %s, the card has %s", preview, card)
	}
	written := text(t, file)

	const counts = `[".filter summary", "#L82 .m"].map(s => parseInt(document.querySelector(s)?.textContent ?? 0))`
	with := eval[[]int](p, counts)
	eval[bool](p, `(document.querySelector(".from-note .note-tools button").focus(), true)`)
	p.keys(kb.Enter)
	p.wait(`document.activeElement.closest(".note-undo") && !document.querySelector(".from-note")`)
	if without := eval[[]int](p, counts); without[0] != with[0]-1 || without[1] != with[1]-1 {
		t.Errorf("the bar and the gutter count %d without the note, %d with it", without, with)
	}
	if _, err := os.Stat(file); !os.IsNotExist(err) {
		t.Error("the file of the one note that was deleted is there")
	}
	if lock := text(t, filepath.Join(folder, "course", "navigator.lock")); strings.Contains(lock, " note ") {
		t.Error("the lock ties the note that was deleted")
	}
	p.keys(kb.Enter)
	p.noted("More.")
	if got := text(t, file); got != written {
		t.Errorf("put back is %q, not %q", got, written)
	}

	p.open("/lessons/02_proxy_l7/01_vida_de_una_peticion?lang=en#notes")
	p.wait(`document.querySelector(".lesson-note h3 a")?.textContent == "` + manager + `:82-95"`)
	eval[bool](p, `(document.querySelector(".lesson-note .note-edit").focus(), true)`)
	p.keys(kb.Enter)
	p.wait(noteOpen + ` == document.activeElement`)
	p.keys(kb.Escape)
	p.wait(`!document.querySelector(".note-here") && document.activeElement.matches(".note-edit")`)

	// Deleted in its lesson, and brought back into a file that has changed.
	p.keys("\t" + kb.Enter)
	p.wait(`document.activeElement.closest(".note-undo") && !document.querySelector(".lesson-note")`)
	byHand := "## " + manager + ":1\n\nBy hand.\n"
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(byHand), 0o644)); err != nil {
		t.Fatal(err)
	}
	p.keys(kb.Enter)
	p.wait(`document.readyState == "complete" && document.querySelector(".lesson-note .prose")?.textContent.includes("More.")`)
	if got := text(t, file); !strings.HasPrefix(got, byHand) || !strings.HasSuffix(written, strings.TrimPrefix(got, byHand+"\n")) {
		t.Errorf("put back is %q", got)
	}
	p.open("/search?kind=lesson&q=bold")
	p.wait(`document.readyState == "complete" && document.body.textContent.includes("bold")`)
}

// TestNoteDrafts leaves a form with something written: it asks first, and what
// is not discarded is there again.
func TestNoteDrafts(t *testing.T) {
	b := startBrowser(t)
	site, _ := driftingDemo(t)
	p := b.tab(t, site, looks[0])
	p.annotate(managerPage, "L30")
	p.keys("half a note")
	p.answers(false)
	p.keys(kb.Escape)
	p.wait(`window.asked && ` + noteOpen)
	p.open("/")
	p.annotate(managerPage, "L40-L41")
	if got := eval[[]string](p, `["#note-text", "#note-lines"].map(s => document.querySelector(s).value)`); got[0] != "half a note" || got[1] != "40-41" {
		t.Errorf("the form has %q", got)
	}
	p.answers(true)
	p.keys(kb.Escape)
	p.wait(`window.asked && !document.querySelector(".note-here")`)
	p.annotate(managerPage, "L40")
	if got := eval[string](p, noteOpen+".value"); got != "" {
		t.Errorf("what was discarded is there: %q", got)
	}
	p.keys(kb.Escape)
	p.wait(`!document.querySelector(".note-here")`)

	// What the page of the form has is kept, too, and it leads back.
	const whole = "/notes/new?lang=en&source=envoylet&lines=3-4&path=" + manager
	for range 2 {
		p.open(whole)
		p.wait(`document.activeElement.id == "note-text"`)
		if got := eval[string](p, `document.activeElement.value`); got == "" {
			p.keys("*here*")
		}
		p.wait(`document.querySelector(".preview em")?.textContent == "here"`)
	}
	p.answers(true)
	p.keys(kb.Escape)
	p.wait(`document.readyState == "complete" && document.querySelector("#L3.w")`)

	// Lines whose text is selected with the mouse.
	eval[bool](p, `(s => { const at = n => document.getElementById(n).lastChild; s.setBaseAndExtent(at("L33"), 0, at("L35"), 0); return true; })(getSelection())`)
	p.click("#annotate")
	p.wait(noteOpen + ` && document.querySelector("#note-lines").value.startsWith("33-3")`)
}

// TestNoteOutlastsServer has a save fail, and the server end and begin again,
// while a note is written: it is saved all the same.
func TestNoteOutlastsServer(t *testing.T) {
	b := startBrowser(t)
	cache := t.TempDir()
	command := func(args ...string) *exec.Cmd {
		cmd := exec.Command("navigator", args...)
		cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+cache, "XDG_STATE_HOME="+cache)
		return cmd
	}
	first := command("demo", "--addr", "127.0.0.1:0")
	site, err := launch(first)
	if err != nil {
		t.Fatal(err)
	}
	p := b.tab(t, site, looks[0])
	p.annotate(managerPage, "L30")
	p.keys("still here")
	p.wait(`document.querySelector(".preview").textContent.includes("still here")`)
	eval[bool](p, `(window.send = XMLHttpRequest.prototype.send, XMLHttpRequest.prototype.send = () => { throw window.failed = new Error(); }, true)`)
	p.save()
	p.wait(`window.failed && ` + noteOpen + `.value == "still here"`)
	eval[bool](p, `(XMLHttpRequest.prototype.send = window.send, true)`)
	if err := stop(first); err != nil {
		t.Fatal(err)
	}
	workspace := filepath.Join(cache, "navigator", "demo", workspaceName)
	startProcess(t, command("serve", "--workspace", workspace, "--addr", strings.TrimPrefix(site, "http://")))
	p.save()
	p.noted("still here")
}

// TestNoteConflicts has two tabs, and then an editor, change the same file: the
// second save is refused and shows both, and nothing is lost.
func TestNoteConflicts(t *testing.T) {
	b := startBrowser(t)
	site, folder := driftingDemo(t)
	file := filepath.Join(folder, managerNote)
	one, two := b.tab(t, site, looks[0]), b.tab(t, site, looks[0])
	one.annotate(managerPage, "L82-L95")
	one.keys("first")
	one.save()
	one.noted("first")

	for _, p := range []*tab{one, two} {
		p.open(managerPage + "?lang=en")
		p.noted("first")
		eval[bool](p, `(document.querySelector(".from-note .note-edit").click(), true)`)
		p.wait(noteOpen + ` == document.activeElement`)
		p.do(chromedp.KeyEvent(kb.End, chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	}
	one.keys(" by one")
	one.save()
	one.noted("first by one")
	two.keys(" by two")
	two.open(managerPage + "?lang=en") // what was typed is still of what was seen
	two.noted("first by one")
	eval[bool](two, `(document.querySelector(".from-note .note-edit").click(), true)`)
	two.wait(noteOpen + `?.value == "first by two"`)
	two.save()
	two.wait(`document.querySelector("#note-theirs")?.value == "first by one" && document.querySelector("#note-text").value == "first by two" && document.activeElement.matches(".note-problem")`)
	two.inspect("note-conflict")
	if got := text(t, file); strings.Contains(got, "two") {
		t.Errorf("the second save was not refused: %s", got)
	}
	eval[bool](two, `(document.querySelector('.note [name="merge"]').click(), true)`)
	two.wait(noteOpen + `?.value == "first by two\n\nfirst by one"`)
	two.save()
	two.noted("first by two")
	if got := text(t, file); !strings.HasSuffix(got, ":82-95\n\nfirst by two\n\nfirst by one\n") {
		t.Errorf("both put together: %s", got)
	}

	// An editor adds a note while another is written.
	one.annotate(managerPage, "L30")
	one.keys("mine")
	by := text(t, file) + "\n## " + manager + ":120\n\nBy hand.\n"
	if err := os.WriteFile(file, []byte(by), 0o644); err != nil {
		t.Fatal(err)
	}
	one.save()
	one.wait(`document.querySelector("#note-theirs")?.value.includes("By hand.") && document.querySelector("#note-text").value == "mine"`)
	if got := text(t, file); got != by {
		t.Errorf("the file was written: %s", got)
	}
	one.save()
	one.noted("mine")
	if got := text(t, file); !strings.Contains(got, "By hand.") || !strings.Contains(got, ":30\n\nmine\n") || !strings.Contains(got, "first by two") {
		t.Errorf("not all is there: %s", got)
	}
}

// TestNotesReadOnly wants a course that cannot be written to say so, with what
// was written kept.
func TestNotesReadOnly(t *testing.T) {
	b := startBrowser(t)
	site, folder := driftingDemo(t)
	course := filepath.Join(folder, "course")
	p := b.tab(t, site, looks[0])
	p.annotate(managerPage, "L30")
	p.keys("kept")
	if err := os.Chmod(course, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(course, 0o755) })
	p.save()
	p.wait(`document.querySelector(".note-refused [role=alert]")?.textContent.includes("read-only") && document.querySelector("#note-kept").value == "kept"`)
	// It says so before one types, and keeps what was typed before.
	p.open(managerPage + "?lang=en")
	p.wait(`document.readyState == "complete" && document.querySelector("#annotate .tag")?.textContent == "read-only"`)
	p.pressA()
	p.wait(`document.querySelector(".note-refused [role=alert]") && document.activeElement.matches(".note-cancel")`)
	p.inspect("note-refused")
	p.keys(kb.Escape)
	p.wait(`!document.querySelector(".note-here")`)
	if _, err := os.Stat(filepath.Join(course, "notas")); err == nil {
		t.Error("something was written")
	}
}

// TestCardsMakeRoom goes to lines that have long notes on the
// lines above: these make room.
func TestCardsMakeRoom(t *testing.T) {
	b := startBrowser(t)
	site, folder := driftingDemo(t)
	var notes strings.Builder
	for line := range 4 {
		fmt.Fprintf(&notes, "## %s:%d\n\n%s\n\n", manager, line+1, strings.Repeat("Una línea que ocupa. ", 20))
	}
	file := filepath.Join(folder, managerNote)
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(notes.String()), 0o644)); err != nil {
		t.Fatal(err)
	}
	p := b.tab(t, site, looks[0])
	p.open(managerPage)
	p.wait(`window.noted || void fetch("").then((answer) => answer.text()).then((page) => window.noted = page.includes("Una línea que ocupa"))`)
	p.annotate(managerPage, "L30-L35")
	p.keys("corta")
	p.save()
	p.noted("corta")
	p.wait(`(([card, line]) => Math.abs(card.top - line.top) < 2)([".group[data-first='30']", "#L30"].map(s => document.querySelector(s).getBoundingClientRect()))`)
}

// TestNoteLooks looks at what there is of notes in every look.
func TestNoteLooks(t *testing.T) {
	b := startBrowser(t)
	site, _ := driftingDemo(t)
	p := b.tab(t, site, looks[0])
	p.annotate(managerPage, "L82-L95")
	p.keys("The codec takes what it can. **One** exchange for each request:\r\r- `dispatch()` parses\r- `refuse()` answers")
	p.save()
	p.noted("The codec")
	for _, l := range widths {
		t.Run(l.String(), func(t *testing.T) {
			p := b.tab(t, site, l)
			p.open(managerPage + "?lang=es&lines=82-95#L82")
			p.noted("The codec")
			p.inspect("note-card")
			p.open(managerPage + "?lang=es#L120-L126")
			p.wait(`document.readyState == "complete" && document.querySelector("#code .l.w")`)
			p.pressA()
			p.wait(noteOpen + ` == document.activeElement`)
			p.keys("Una nota con `código` y una lista:\r\r1. uno\r2. dos")
			p.wait(`document.querySelector(".note-here .preview li:nth-child(2)")`)
			p.inspect("note-form")
			p.answers(true)
			p.keys(kb.Escape)
			p.wait(`!document.querySelector(".note-here")`)
		})
	}
}
