package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"navigator/annotations"
	"navigator/cmd/navigator/demo"
)

// layFaults lays the demo's sources, in which one file was renamed, under the
// course of testdata/faults, and indexes them. It returns the workspace.
func layFaults(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, ".cache"))
	if err := demo.Lay(dir); err != nil {
		t.Fatal(err)
	}
	checkout := filepath.Join(dir, "sources", "envoylet")
	if err := os.Mkdir(filepath.Join(checkout, "source/common/errors"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"mv", "source/common/common/try.h", "source/common/errors/try.h"},
		{"-c", "user.name=A Person", "-c", "user.email=person@example.com", "commit", "-q", "-m", "Move try.h"},
	} {
		if out, err := exec.Command("git", append([]string{"-C", checkout}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	course := filepath.Join(dir, "course")
	if err := os.RemoveAll(course); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(course, os.DirFS("testdata/faults/course")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, workspaceName)
	if code, _, stderr := navigate(t, "reindex", "--workspace", file); code != exitDone {
		t.Fatal(stderr)
	}
	return file
}

// navigate runs the command.
func navigate(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = Main(context.Background(), args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

// TestCheckFindsEveryFault holds the verdicts on a course that has every fault,
// each under a heading that names it, to testdata/faults/verdicts.txt.
func TestCheckFindsEveryFault(t *testing.T) {
	file := layFaults(t)
	code, out, stderr := navigate(t, "check", "--workspace", file, "--format", "json")
	if code != exitFaults {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	var report checkReport
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, c := range report.Citations {
		fmt.Fprintf(&got, "%s:%d [%s] %s: %s %s", c.Doc, c.Line, headingOf(t, c.Doc, c.Line), c.Raw, c.Verdict, c.Reason)
		if c.Target != nil {
			fmt.Fprintf(&got, " -> %s", c.Target.cite())
		}
		if c.Sure {
			got.WriteString(" sure")
		}
		got.WriteString("\n")
	}
	for _, x := range report.Excerpts {
		fmt.Fprintf(&got, "%s:%d [%s] excerpt: %s %.2f", x.Doc, x.Start, headingOf(t, x.Doc, x.Start), x.Verdict, x.Similarity)
		for _, s := range x.Symbols {
			fmt.Fprintf(&got, " %s", s.cite())
		}
		fmt.Fprintf(&got, " [%s]\n", kindsOf(x.Lines))
	}
	for _, a := range report.Annotations {
		if a.Origin == annotations.FromComment {
			fmt.Fprintf(&got, "%s:%d [%s] annotation: %q %s %s\n", a.Doc, a.Line, headingOf(t, a.Doc, a.Line), a.Text, a.Certainty,
				checkedTarget{Path: a.Path, Start: a.Start, End: a.End}.cite())
		}
	}
	for _, s := range report.Structure {
		fmt.Fprintf(&got, "%s:%d [%s] %s: %s\n", s.Doc, s.Line, headingOf(t, s.Doc, s.Line), s.Kind, s.Message)
	}
	golden := "testdata/faults/verdicts.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Error(diff)
	}
	named := map[string]bool{} // by heading: whether something under it is what it names
	for line := range strings.SplitSeq(got.String(), "\n") {
		_, rest, ok := strings.Cut(line, "[")
		heading, found, closed := strings.Cut(rest, "]")
		fault, _, names := strings.Cut(heading, ": ")
		if ok && closed && names && !strings.Contains(fault, " ") && fault != "untaken" {
			named[heading] = named[heading] || strings.Contains(found, fault)
		}
	}
	for heading, ok := range named {
		if !ok {
			t.Errorf("nothing under it is what the heading %q names", heading)
		}
	}
	if len(named) < 30 {
		t.Errorf("only %d faults are named", len(named))
	}
}

// kindsOf writes what each line of an excerpt is, a letter each.
func kindsOf(lines []checkedLine) string {
	letters := map[annotations.LineKind]string{annotations.SourceLine: "s", annotations.AlteredLine: "a", annotations.Explanation: "e",
		annotations.Elision: ".", annotations.InventedLine: "i", annotations.BlankLine: "_"}
	kinds := ""
	for _, l := range lines {
		kinds += letters[l.Kind]
	}
	return kinds
}

// headingOf returns the words of the heading above a line of a fixture.
func headingOf(t *testing.T, doc string, line int) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata/faults/course", doc))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for i := min(line, len(lines)) - 1; i >= 0; i-- {
		if words, ok := strings.CutPrefix(lines[i], "## "); ok {
			return words
		}
	}
	return ""
}

func TestCheckMendsWhatIsSure(t *testing.T) {
	file := layFaults(t)
	lesson := filepath.Join(filepath.Dir(file), "course/01_base/02_rangos.md")
	before, err := os.ReadFile(lesson)
	if err != nil {
		t.Fatal(err)
	}
	code, diff, stderr := navigate(t, "check", "--workspace", file, "--fix", "--dry-run")
	if code != exitDone || !strings.Contains(diff, "\n-`ExchangeManagerImpl::newStream` se encuentra en `source/common/http/exchange_manager_impl.cc:1-40`.\n"+
		"+`ExchangeManagerImpl::newStream` se encuentra en `source/common/http/exchange_manager_impl.cc:97-104`.\n") {
		t.Fatalf("exit code %d\n%s%s", code, stderr, diff)
	}
	if after, _ := os.ReadFile(lesson); !bytes.Equal(before, after) {
		t.Fatal("a dry run has written")
	}
	if code, _, stderr := navigate(t, "check", "--workspace", file, "--fix"); code != exitDone {
		t.Fatal(stderr)
	}
	after, err := os.ReadFile(lesson)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(before, []byte("\n")) != bytes.Count(after, []byte("\n")) {
		t.Error("the lesson has other lines")
	}
	if !bytes.Contains(after, []byte("`source/common/upstream/load_balancer_impl.h:66`")) {
		t.Error("a single line is no single line any more, or not mended")
	}
	if code, diff, _ := navigate(t, "check", "--workspace", file, "--fix", "--dry-run"); code != exitDone || diff != "" {
		t.Errorf("mending again changes\n%s", diff)
	}
}

// TestCheckLeavesChangedLessons has a lesson change between the check and the
// mending.
func TestCheckLeavesChangedLessons(t *testing.T) {
	file := layFaults(t)
	ws, err := readWorkspace(file)
	if err != nil {
		t.Fatal(err)
	}
	checked, err := check(t.Context(), ws)
	if err != nil {
		t.Fatal(err)
	}
	defer checked.close()
	other := filepath.Join(ws.Course, "01_base/02_rangos.md")
	untouched, err := os.ReadFile(other)
	if err != nil {
		t.Fatal(err)
	}
	changed := filepath.Join(ws.Course, "02_proxy_l7/01_rutas.md")
	if err := os.WriteFile(changed, []byte("# Otra\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := checked.fix(&bytes.Buffer{}, false); err == nil || !strings.Contains(err.Error(), "has changed meanwhile") {
		t.Errorf("got %v", err)
	}
	if text, _ := os.ReadFile(other); !bytes.Equal(text, untouched) {
		t.Error("another lesson was written")
	}
	if text, _ := os.ReadFile(changed); string(text) != "# Otra\n" {
		t.Error("the changed lesson was written over")
	}
}

func TestCheckFormats(t *testing.T) {
	file := layFaults(t)
	for _, test := range []struct{ format, want string }{
		{"text", "\n01_base/02_rangos.md\n  02_rangos.md:16: position-off: source/common/http/exchange_manager_impl.cc:1-40: the lines miss what is named: write source/common/http/exchange_manager_impl.cc:97-104 (Envoylet::Http::ExchangeManagerImpl::newStream)\n"},
		{"github", "::error file=01_base/02_rangos.md,line=16,endLine=16,col=51,title=position-off::source/common/http/exchange_manager_impl.cc:1-40: the lines miss"},
		{"sarif", `"version": "2.1.0"`},
	} {
		code, out, stderr := navigate(t, "check", "--workspace", file, "--format", test.format)
		if code != exitFaults || !strings.Contains("\n"+out, test.want) {
			t.Errorf("%s: exit code %d, %s\n%s", test.format, code, stderr, out)
		}
	}
	if code, _, _ := navigate(t, "check", "--workspace", file, "--format", "xml"); code != exitUsage {
		t.Errorf("a format that there is not: exit code %d", code)
	}
}

func TestStatusSaysHowFarModulesAre(t *testing.T) {
	file := layFaults(t)
	code, out, stderr := navigate(t, "status", "--workspace", file, "--json")
	if code != exitDone {
		t.Fatal(stderr)
	}
	var status struct {
		Course struct {
			Modules []moduleStatus `json:"modules"`
		} `json:"course"`
	}
	if err := json.Unmarshal([]byte(out), &status); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range status.Course.Modules {
		got = append(got, fmt.Sprintf("%s: %d of %d, %d complete, %d excerpts, %d real", m.Folder, m.Lessons, max(m.Planned, m.Lessons), m.Complete, m.Excerpts, m.Real))
	}
	want := []string{
		"01_base: 4 of 5, 3 complete, 18 excerpts, 11 real",
		"02_proxy_l7: 2 of 2, 2 complete, 0 excerpts, 0 real",
		"03_tunel_l4: 2 of 2, 0 complete, 0 excerpts, 0 real",
		"04_avanzado: 2 of 2, 2 complete, 0 excerpts, 0 real",
		".: 1 of 1, 1 complete, 0 excerpts, 0 real",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNewWritesALessonThatIsSound(t *testing.T) {
	file := layFaults(t)
	code, out, stderr := navigate(t, "new", "--workspace", file, "03_tunel_l4/03_pool.md", "--symbol", "ExchangeManagerImpl", "--symbol", "pool::Pool::take")
	if code != exitDone {
		t.Fatal(stderr)
	}
	text, err := os.ReadFile(strings.TrimSpace(out))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"# Pool\n", "**Módulo**: 3 - Túnel L4\n", "**Prerrequisitos**: 02_sin_plantilla.md\n",
		"| `source/common/http/exchange_manager_impl.h:66-", "| `src/proxy/pool.rs:51-",
	} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("the lesson lacks %q:\n%s", want, text)
		}
	}
	if code, _, stderr := navigate(t, "new", "--workspace", file, "03_tunel_l4/03_pool.md"); code != exitFailed || !strings.Contains(stderr, "03_tunel_l4/03_pool.md exists already") {
		t.Errorf("writing it again: exit code %d: %s", code, stderr)
	}
	if _, out, stderr = navigate(t, "new", "--workspace", file, "x/../04_épica.md"); filepath.Base(filepath.Dir(strings.TrimSpace(out))) != "course" {
		t.Errorf("it is at %s: %s", out, stderr)
	}
	if text, err := os.ReadFile(strings.TrimSpace(out)); err != nil || !bytes.HasPrefix(text, []byte("# Épica\n")) {
		t.Errorf("it begins %.20q: %v", text, err)
	}
	elsewhere := t.TempDir()
	if err := os.Symlink(elsewhere, filepath.Join(filepath.Dir(strings.TrimSpace(out)), "link")); err != nil {
		t.Fatal(err)
	}
	if code, _, _ := navigate(t, "new", "--workspace", file, "link/01.md"); code != exitFailed {
		t.Errorf("through a link: exit code %d", code)
	}
	if left, err := os.ReadDir(elsewhere); err != nil || len(left) > 0 {
		t.Errorf("it wrote %v out of the course: %v", left, err)
	}
	if code, _, _ := navigate(t, "new", "--workspace", file, "../out.md"); code != exitUsage {
		t.Errorf("outside the course: exit code %d", code)
	}
}
