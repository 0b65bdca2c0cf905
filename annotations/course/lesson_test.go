package course_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"navigator/annotations"
	"navigator/annotations/course"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// TestLessons parses the first file of each archive and compares what was read
// with the file "want".
func TestLessons(t *testing.T) {
	files, err := filepath.Glob("testdata/lessons/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no lessons: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if len(archive.Files) != 2 || archive.Files[1].Name != "want" {
				t.Fatal("an archive holds a lesson and “want”")
			}
			l := course.Parse(archive.Files[0].Name, archive.Files[0].Data)
			checkSpans(t, l)
			got := describe(l)
			if *update {
				archive.Files[1].Data = got
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(archive.Files[1].Data), string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// describe writes a lesson as text, what is empty left out.
func describe(l *annotations.Lesson) []byte {
	var b bytes.Buffer
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	line("id", l.ID)
	line("title", l.Title)
	line("module", l.Module)
	line("topic", l.Topic)
	line("time", l.Time)
	for _, p := range l.Prerequisites {
		line("prerequisite", p)
	}
	for _, o := range l.Objectives {
		line("objective", o)
	}
	for _, s := range l.Sections {
		fmt.Fprintf(&b, "section: %d %q %q #%s %s %v\n", s.Level, s.Number, s.Title, s.Anchor, s.Role, s.Lines)
	}
	for _, c := range l.Citations {
		fmt.Fprintf(&b, "citation: %d:%d %s %q path %s%s", c.Span.Start.Line, c.Span.Start.Col, c.Form, c.Raw, c.Under, c.Path)
		if !c.Cited.IsZero() {
			fmt.Fprintf(&b, " lines %v at %d:%d", c.Cited, c.Digits.Start.Line, c.Digits.Start.Col)
		}
		fmt.Fprintf(&b, " section %d prose %v\n", c.Section, c.Prose)
	}
	for _, e := range l.Excerpts {
		fmt.Fprintf(&b, "excerpt: %v %q citation %d\n", e.Lines, e.Language, e.Citation)
	}
	line("next", l.Next)
	for _, p := range l.Problems {
		fmt.Fprintf(&b, "problem: %d %s %q: %v\n", p.Line, p.Kind, p.Args, p)
	}
	return b.Bytes()
}

func TestLoad(t *testing.T) {
	c := demo(t)
	var ids []string
	for _, l := range c.Lessons {
		ids = append(ids, l.ID)
	}
	want := []string{"README", "01_base/01_entrada", "01_base/02_rota", "02_hostil/01_html", "recursos/referencias"}
	if diff := cmp.Diff(want, ids); diff != "" {
		t.Error(diff)
	}
	if c.Plan == nil || c.Plan.Title != "Plan" || c.Lesson("PLAN_FORMACION") != c.Plan {
		t.Error("the plan is not there to be shown")
	}
	if !filepath.IsAbs(c.Root) {
		t.Errorf("root %s", c.Root)
	}
	if l := c.Lesson("README"); len(l.Citations) > 0 && slices.ContainsFunc(l.Citations, func(c annotations.Citation) bool { return c.Path != "recursos_extra/" }) {
		t.Errorf("the course's own documents are cited: %+v", l.Citations)
	}
	rota := c.Lesson("01_base/02_rota")
	dead := slices.IndexFunc(rota.Problems, func(p annotations.Problem) bool { return p.Kind == annotations.DeadNext })
	if rota.Next != "" || dead < 0 || rota.Problems[dead].Line != 15 {
		t.Errorf("next %q, problems %v", rota.Next, rota.Problems)
	}
	var links []string
	for _, p := range c.Lesson("01_base/01_entrada").Problems {
		links = append(links, fmt.Sprintf("%d %v", p.Line, p))
	}
	if diff := cmp.Diff([]string{"22 the lesson 99_no_existe.md does not exist"}, links); diff != "" {
		t.Error(diff)
	}
	if c.Lesson("01_base/01_entrada").Next != "01_base/02_rota" {
		t.Error("the next lesson is lost")
	}
}

func TestLoadErrors(t *testing.T) {
	if _, err := course.Load(filepath.Join(t.TempDir(), "nada")); err == nil || !strings.Contains(err.Error(), "does not exist") {
		t.Errorf("a missing folder: %v", err)
	}
	root := t.TempDir()
	write(t, root, "grande.md", strings.Repeat("x", 2<<20))
	write(t, root, "mala.md", "# T\xff\n\nver `a_b.cc:3`\n")
	if err := os.Symlink("/etc", filepath.Join(root, "etc.md")); err != nil {
		t.Fatal(err)
	}
	c, err := course.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Lessons) != 2 {
		t.Fatalf("%d lessons", len(c.Lessons))
	}
	if p := c.Lesson("grande").Problems; len(p) != 1 || p[0].Kind != annotations.Unreadable {
		t.Errorf("a huge lesson: %v", p)
	}
	if l := c.Lesson("mala"); len(l.Citations) != 1 || !slices.ContainsFunc(l.Problems, func(p annotations.Problem) bool { return p.Kind == annotations.NotUTF8 && p.Line == 1 }) {
		t.Errorf("a lesson that is not UTF-8: %v", l.Problems)
	}
}

func TestFingerprint(t *testing.T) {
	root := t.TempDir()
	seen := map[string]string{}
	check := func(what string, changed bool) {
		t.Helper()
		print, err := course.Fingerprint(root)
		if err != nil {
			t.Fatal(err)
		}
		if before, again := seen[print]; again == changed {
			t.Errorf("%s: fingerprint %s, as %s", what, print, before)
		}
		seen[print] = what
	}
	check("an empty folder", true)
	write(t, root, "a.md", "# A")
	check("a lesson added", true)
	check("nothing", false)
	write(t, root, "a.md", "# AB")
	check("a lesson written", true)
	write(t, root, "x.txt", "no lesson")
	write(t, root, ".git/b.md", "hidden")
	check("other files", false)
	if err := os.Rename(filepath.Join(root, "a.md"), filepath.Join(root, "b.md")); err != nil {
		t.Fatal(err)
	}
	check("a lesson renamed", true)
}

func write(t *testing.T, root, name, text string) {
	t.Helper()
	name = filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
