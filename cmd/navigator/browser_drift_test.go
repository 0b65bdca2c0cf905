package main

import (
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"

	"navigator/annotations/anchor"
)

// driftingDemo serves the demo, and returns its folder too.
func driftingDemo(t *testing.T, args ...string) (site, folder string) {
	t.Helper()
	cache := t.TempDir()
	cmd := exec.Command("navigator", append([]string{"demo", "--addr", "127.0.0.1:0"}, args...)...)
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+cache)
	site, _ = startProcess(t, cmd)
	return site, filepath.Join(cache, "navigator", "demo")
}

// requestLesson is the lesson of the demo whose citations drift most.
const requestLesson = "course/02_proxy_l7/01_vida_de_una_peticion.md"

func text(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// left waits until so much is open.
func (p *tab) left(n int) {
	p.Helper()
	want := strconv.Itoa(n)
	p.wait(fmt.Sprintf(`document.readyState == "complete" && document.getElementById("count")?.textContent.match(/\d+/)[0] == %q`, want))
}

// item waits until the item of a citation is shown.
func (p *tab) item(raw string) {
	p.Helper()
	p.wait(fmt.Sprintf(`document.readyState == "complete" && document.querySelector("#item h2 code")?.textContent == %q`, raw))
}

// TestDriftByKeyboard moves the demo on with its button, and settles all that
// is open by the keyboard alone: accepts, types a range, says that something is
// gone, until nothing is left.
func TestDriftByKeyboard(t *testing.T) {
	b := startBrowser(t)
	site, folder := driftingDemo(t)
	p := b.tab(t, site, looks[0])
	p.open("/drift?lang=en")
	p.left(0)
	p.wait(`document.querySelector(".drift-done")`)
	p.click(`form[action="/demo/bump"] button`)
	p.left(5)
	if eval[bool](p, `!!document.querySelector('form[action="/demo/bump"]')`) {
		t.Error("the demo could be moved on once more")
	}

	// By lesson, what is lost in its own place.
	if n := eval[int](p, `document.querySelectorAll(".list-open").length`); n != 1 {
		t.Errorf("%d lessons have something open", n)
	}
	if n := eval[int](p, `document.querySelectorAll(".list-lost li").length`); n != 1 {
		t.Errorf("%d are lost", n)
	}

	// Next, and back.
	const inCode, edited, joined = "source/common/http/exchange_manager_impl.cc:82-95", "source/common/upstream/load_balancer_impl.cc:54-75", "source/common/upstream/load_balancer_impl.cc:82-87"
	const proposed, lost = "source/extensions/filters/http/forward/forward_filter.h:21-31", "source/common/upstream/load_balancer_impl.h:23"
	p.item(inCode)
	p.keys("n")
	p.item(edited)
	p.keys("p")
	p.item(inCode)
	before := text(t, filepath.Join(folder, requestLesson))
	p.keys("a")
	p.left(4)
	p.keys("u")
	p.left(5)
	p.item(inCode)
	if text(t, filepath.Join(folder, requestLesson)) != before {
		t.Error("the decision that was undone is in the lesson")
	}
	p.keys("a")
	p.left(4)

	// What is edited shows what the lesson says, both ranges, what changed in a
	// line, and the commit.
	p.item(edited)
	for _, selector := range []string{".words .prose", "#rows .is-changed .old mark", "#rows .is-changed .new mark", ".touched li a, .touched li code"} {
		p.wait(fmt.Sprintf("document.querySelector(%q)?.textContent.trim()", selector))
	}
	for _, side := range []string{"old", "new"} {
		same := eval[bool](p, fmt.Sprintf(`[...document.querySelectorAll("#rows .is-changed .%s")].every(cell =>
			[...cell.querySelectorAll("mark")].map(m => m.textContent).join("").length < cell.textContent.trim().length)`, side))
		if !same {
			t.Errorf("a changed line is marked as a whole, of %s", side)
		}
	}
	p.keys("a")
	p.left(3)

	// A range that is typed.
	p.item(joined)
	p.keys("e")
	p.wait(`document.activeElement.id == "to"`)
	p.keys("100-104\r")
	p.left(2)

	p.item(proposed)
	p.wait(`document.querySelector(".heads").textContent.includes("retry_budget.h")`)
	p.keys("a")
	p.left(1)

	p.item(lost)
	p.wait(`document.querySelector("#rows .is-removed .old").textContent.trim()`)
	p.wait(`document.querySelector(".touched .removed")`)
	p.keys("x")
	p.left(0)
	p.wait(`document.querySelector(".list-kept li")`)
	p.axe()
	p.picture("drift-none")

	lesson := text(t, filepath.Join(folder, requestLesson))
	for _, gone := range []string{inCode, edited, proposed} {
		if strings.Contains(lesson, gone) {
			t.Errorf("%s is still cited", gone)
		}
	}
	if !strings.Contains(lesson, lost) || !strings.Contains(lesson, "load_balancer_impl.cc:100-104") {
		t.Error("what is gone was rewritten, or what was typed was not")
	}
	lock, err := anchor.ParseLock([]byte(text(t, filepath.Join(folder, "course", anchor.LockName))))
	if err != nil {
		t.Fatal(err)
	}
	said := 0
	for _, e := range lock.Entries {
		if e.Lost {
			said++
		}
	}
	if said != 1 {
		t.Errorf("the lock has %d that are gone", said)
	}

	// The rest is renumbered at once.
	p.click(`button[value="renumber"]`)
	p.wait(`document.readyState == "complete" && !document.querySelector(".list-pending")`)

	// A report of the bump stays.
	p.open("/drift/report")
	p.wait(`document.querySelectorAll(".figures-table").length == 2`)
	if got := eval[string](p, `document.querySelector("tr.is-lost td").textContent`); got != "1" {
		t.Errorf("the report has %s lost", got)
	}
}

// TestDriftIsDrawn draws a range over the numbers of lines with the mouse.
func TestDriftIsDrawn(t *testing.T) {
	b := startBrowser(t)
	site, folder := driftingDemo(t, "--bump")
	p := b.tab(t, site, looks[0])
	p.open("/drift?lang=en")
	p.left(5)
	p.keys("n")
	p.item("source/common/upstream/load_balancer_impl.cc:54-75")
	eval[bool](p, `(document.getElementById("rows").scrollIntoView({block: "center", behavior: "instant"}), true)`)
	numbers := eval[[][]float64](p, `[...document.querySelectorAll("#rows [data-line] .to")].slice(2, 6).map(e => {
		const r = e.getBoundingClientRect();
		return [r.x + r.width / 2, r.y + r.height / 2, Number(e.textContent)];
	})`)
	mouse := func(kind input.DispatchMouseEventType, at []float64) {
		call(p, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: at[0], Y: at[1], Button: input.MouseButtonLeft, ClickCount: 1})
	}
	mouse(input.DispatchMouseEventTypeMousePressed, numbers[0])
	for _, at := range numbers[1:] {
		mouse(input.DispatchMouseEventTypeMouseMoved, at)
	}
	mouse(input.DispatchMouseEventTypeMouseReleased, numbers[3])
	want := fmt.Sprintf("source/common/upstream/load_balancer_impl.cc:%.0f-%.0f", numbers[0][2], numbers[3][2])
	p.wait(fmt.Sprintf("document.getElementById('to').value == %q", want))
	if n := eval[int](p, `document.querySelectorAll("#rows .in").length`); n != 4 {
		t.Errorf("%d lines are shown as cited", n)
	}
	p.keys("\r") // the field has the focus
	p.left(4)
	if !strings.Contains(text(t, filepath.Join(folder, requestLesson)), want) {
		t.Errorf("%s is not cited", want)
	}
}

// TestDriftConflict edits a lesson, and then the lock, while an item is on the
// screen: nothing is written, nothing is lost, and the next try does it.
func TestDriftConflict(t *testing.T) {
	b := startBrowser(t)
	site, folder := driftingDemo(t, "--bump")
	lesson, lock := filepath.Join(folder, requestLesson), filepath.Join(folder, "course", anchor.LockName)
	p := b.tab(t, site, looks[0])
	p.open("/drift?lang=en")
	p.left(5)
	mine := "Una línea mía.\n\n" + text(t, lesson)
	if err := os.WriteFile(lesson, []byte(mine), 0o644); err != nil {
		t.Fatal(err)
	}
	p.keys("a")
	p.wait(`document.querySelector("[role=alert]")`)
	p.left(5)
	p.axe()
	p.picture("drift-conflict")
	if _, err := os.Stat(lock); text(t, lesson) != mine || err == nil {
		t.Error("something was written")
	}
	p.keys("a")
	p.left(4)
	after := text(t, lesson)
	if !strings.HasPrefix(after, "Una línea mía.\n\n") || after == mine {
		t.Error("the second try did nothing, or lost what was edited")
	}

	// What was typed stays in its field.
	if err := os.WriteFile(lock, []byte("# mine\n"+text(t, lock)), 0o644); err != nil {
		t.Fatal(err)
	}
	before := text(t, lock)
	p.keys("e")
	p.wait(`document.activeElement.id == "to"`)
	p.keys("60-61")
	if err := os.WriteFile(lesson, []byte(after+"\nOtra.\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	p.keys("\r")
	p.wait(`document.querySelector("[role=alert]") && document.getElementById("to").value.endsWith(":60-61")`)
	if text(t, lock) != before || text(t, lesson) != after+"\nOtra.\n" {
		t.Error("something was written")
	}
}

// TestDriftIsWrittenFromHereAlone refuses what another site's page asks for, and
// says that a read-only course is one.
func TestDriftIsWrittenFromHereAlone(t *testing.T) {
	site, folder := driftingDemo(t, "--bump")
	before := text(t, filepath.Join(folder, requestLesson))
	post := func(headers ...string) int {
		t.Helper()
		r, err := http.NewRequest("POST", site+"/drift", strings.NewReader(url.Values{"action": {"renumber"}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer.StatusCode
	}
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "http://evil.example"}, {"Origin", "null"},
	} {
		if status := post(headers...); status != http.StatusForbidden {
			t.Errorf("%v: status %d", headers, status)
		}
	}
	course := filepath.Join(folder, "course")
	if err := os.Chmod(course, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(course, 0o755) })
	if page := string(get(t, site+"/drift?lang=en")); !strings.Contains(page, "read-only") || strings.Contains(page, `value="accept"`) {
		t.Error("the page does not say that the course is read-only")
	}
	if status := post("Sec-Fetch-Site", "same-origin"); status != http.StatusForbidden {
		t.Errorf("read-only: status %d", status)
	}
	if text(t, filepath.Join(folder, requestLesson)) != before {
		t.Error("the lesson was written")
	}
	if err := os.Chmod(course, 0o755); err != nil {
		t.Fatal(err)
	}
	if status := post("Sec-Fetch-Site", "same-origin"); status != http.StatusOK || text(t, filepath.Join(folder, requestLesson)) == before {
		t.Errorf("a form from here: status %d", status)
	}
}

// TestDriftLooks checks each state of the drift page.
func TestDriftLooks(t *testing.T) {
	b := startBrowser(t)
	site, _ := driftingDemo(t, "--bump")
	p := b.tab(t, site, looks[0])
	p.open("/drift")
	items := eval[[]string](p, `[...document.querySelectorAll(".drift-list a")].map(a => a.getAttribute("href"))`)
	states := map[string]string{
		"drift-moved": items[0], "drift-edited": items[1], "drift-proposed": items[3], "drift-lost": items[4],
		"drift-asked": items[4] + "&to=source/common/upstream/load_balancer_impl.h:20-30", "drift-report": "/drift/report",
	}
	b.inspect(t, site, states)
}

// TestTimeTravel goes from a file to what changed in it, and to the file as it
// was, with what lessons say of either.
func TestTimeTravel(t *testing.T) {
	b := startBrowser(t)
	site, _ := driftingDemo(t, "--bump")
	const file = "/src/envoylet/source/common/upstream/load_balancer_impl.cc"
	p := b.tab(t, site, looks[0])
	p.open(file + "?lang=en")
	p.click(fmt.Sprintf(".tools a[href=%q]", file+"?diff=previous"))
	p.wait(`document.readyState == "complete" && document.querySelector("main.difference")`)
	for _, selector := range []string{"tr.is-changed .old mark", "tr.is-changed .new mark", "tr.is-removed", "tr.is-added", ".said-old details", ".said-new details"} {
		p.wait(fmt.Sprintf("document.querySelector(%q)", selector))
	}
	// What was edited is said of other lines on either side.
	ranges := func(side string) string {
		return eval[string](p, fmt.Sprintf(`[...document.querySelectorAll(".said-%s .range")].map(r => r.textContent).join(" ")`, side))
	}
	if was, is := ranges("old"), ranges("new"); !strings.Contains(was, "L54-75") || !strings.Contains(is, "L56-74") {
		t.Errorf("said of %s, and of %s", was, is)
	}
	p.click(`.tools a[href$="rev=previous"]`)
	p.wait(`document.readyState == "complete" && document.querySelector("main.then .group[data-first='54']")`)
	if got := eval[string](p, `document.getElementById("L55").textContent`); !strings.Contains(got, "HostVector healthy") {
		t.Errorf("line 55 was %q", got)
	}
	p.back()
	p.wait(`document.querySelector("main.difference")`)

	// A file that has not changed leads nowhere.
	p.open("/src/envoylet/envoylet/http/filter.h")
	p.wait(`document.readyState == "complete"`)
	if eval[bool](p, `!!document.querySelector(".tools a[href*=previous]")`) {
		t.Error("a file that is the same leads to what it was")
	}

	b.inspect(t, site, map[string]string{"difference": file + "?diff=previous", "as-it-was": file + "?rev=previous"})
}
