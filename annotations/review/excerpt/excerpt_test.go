package excerpt_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/annotations/review/excerpt"
	"navigator/indexer"
	"navigator/indexer/syntax"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// tree is sources in memory.
type tree struct {
	files   []indexer.File
	texts   [][]byte
	symbols [][]indexer.Symbol
}

func (t *tree) Files() []indexer.File             { return t.files }
func (t *tree) Text(file int) []byte              { return t.texts[file] }
func (t *tree) Symbols(file int) []indexer.Symbol { return t.symbols[file] }

func (t *tree) FileIndex(source, path string) (int, bool) {
	i := slices.IndexFunc(t.files, func(f indexer.File) bool { return f.Source == source && f.Path == path })
	return i, i >= 0
}

func (t *tree) SymbolsNamed(name string) []indexer.SymbolRef {
	var refs []indexer.SymbolRef
	for f, symbols := range t.symbols {
		for s := range symbols {
			if symbols[s].Name == name {
				refs = append(refs, indexer.SymbolRef{File: int32(f), Symbol: int32(s)})
			}
		}
	}
	return refs
}

// demo returns the sources of the demo.
var demo = sync.OnceValues(func() (*tree, error) {
	root := filepath.FromSlash("../../../cmd/navigator/demo/workspace/sources")
	t, x := &tree{}, syntax.New()
	defer x.Close()
	err := fs.WalkDir(os.DirFS(root), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(root, p))
		if err != nil {
			return err
		}
		source, path, _ := strings.Cut(p, "/")
		f := indexer.File{Source: source, Path: path, Language: indexer.LanguageOf(path), Size: len(text)}
		var facts indexer.Facts
		if f.Language != indexer.Text {
			x.Extract(f.Language, text, &facts)
		}
		t.files, t.texts, t.symbols = append(t.files, f), append(t.texts, text), append(t.symbols, facts.Symbols)
		return nil
	})
	return t, err
})

func sources(tb testing.TB) *tree {
	tb.Helper()
	t, err := demo()
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// places resolves the citations of l that are exact.
func places(t *tree, l *annotations.Lesson) func(int) []annotations.Place {
	return func(i int) []annotations.Place {
		var all []annotations.Place
		for _, f := range t.files {
			if f.Path == l.Citations[i].Path {
				all = append(all, annotations.Place{Source: f.Source, Path: f.Path, Lines: l.Citations[i].Cited})
			}
		}
		return all
	}
}

// show writes what was found as goldens have it.
func show(l *annotations.Lesson, found excerpt.Found) string {
	var out bytes.Buffer
	lines := strings.Split(string(l.Text), "\n")
	for _, v := range found.Verdicts {
		fmt.Fprintf(&out, "%d: %s %.2f\n", l.Excerpts[v.Excerpt].Lines.First, v.Verdict, v.Similarity)
		for _, s := range v.Symbols {
			fmt.Fprintf(&out, "shows %s %s:%s\n", s.Symbol, s.Path, s.Lines)
		}
		for _, row := range v.Lines {
			fmt.Fprintln(&out, strings.TrimRight(fmt.Sprintf("%-11s %4s | %s", row.Kind, row.Place.Lines, lines[row.Line-1]), " "))
		}
	}
	for _, a := range found.Annotations {
		fmt.Fprintf(&out, "%s %s:%s %q\n", a.Certainty, a.Path, a.Lines, a.Text)
	}
	return out.String()
}

func TestLessons(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			l := course.Parse("leccion.md", a.Files[0].Data)
			s := sources(t)
			got := show(l, excerpt.NewReader(s).Lesson(l, places(s, l)))
			if *update {
				a.Files = append(a.Files[:1], txtar.File{Name: "want", Data: []byte(got)})
				if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(a.Files) != 2 {
				t.Fatal("there is no golden: run with -update")
			}
			if diff := cmp.Diff(string(a.Files[1].Data), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The demo's own lessons show its code as it is, but for one that has a
// paraphrase and an invention, on purpose.
func TestDemoCourse(t *testing.T) {
	c, err := course.Load(filepath.FromSlash("../../../cmd/navigator/demo/workspace/course"))
	if err != nil {
		t.Fatal(err)
	}
	s, n := sources(t), 0
	r := excerpt.NewReader(s)
	for _, l := range c.Lessons {
		for _, v := range r.Lesson(l, places(s, l)).Verdicts {
			n++
			if v.Verdict != annotations.Verbatim && v.Verdict != annotations.Abridged && l.Path != "04_comparativa/01_l4_o_l7.md" {
				t.Errorf("%s:%d: %s", l.Path, l.Excerpts[v.Excerpt].Lines.First, v.Verdict)
			}
		}
	}
	if n == 0 {
		t.Error("no lesson of the demo has an excerpt")
	}
}

// What is remembered of a lesson is what a reader finds, as long as all that it
// rests on is the same.
func TestMemory(t *testing.T) {
	s := sources(t)
	a, err := txtar.ParseFile("testdata/literal_con_comentarios.txtar")
	if err != nil {
		t.Fatal(err)
	}
	text := string(a.Files[0].Data)
	known := places(s, course.Parse("leccion.md", []byte(text)))
	var m excerpt.Memory
	for _, c := range []struct {
		what, text string
		nowhere    bool // the citations mean nothing
		reads      int
	}{
		{"first", text, false, 1},
		{"again", text, false, 0},
		{"more before", "Más.\n\n" + text, false, 1},
		{"cites elsewhere", text, true, 1},
		{"again elsewhere", text, true, 0},
		{"as at first", text, false, 1},
	} {
		l := course.Parse("leccion.md", []byte(c.text))
		at := func(i int) []annotations.Place {
			if c.nowhere {
				return nil
			}
			return known(i)
		}
		reads := 0
		got := m.Lesson(func() *excerpt.Reader { reads++; return excerpt.NewReader(s) }, l, at)
		if diff := cmp.Diff(show(l, excerpt.NewReader(s).Lesson(l, at)), show(l, got)); diff != "" {
			t.Errorf("%s: %s", c.what, diff)
		}
		if reads != c.reads {
			t.Errorf("%s: read %d times, want %d", c.what, reads, c.reads)
		}
	}
}

func FuzzLesson(f *testing.F) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(a.Files[0].Data))
	}
	f.Add("```cpp\nFOO(\n```\n")
	f.Add("```cpp\nR\"x(\n'\\")
	s := sources(f)
	f.Fuzz(func(t *testing.T, text string) {
		l := course.Parse("leccion.md", []byte(text))
		found := excerpt.NewReader(s).Lesson(l, places(s, l))
		for _, v := range found.Verdicts {
			lines := l.Excerpts[v.Excerpt].Lines
			if v.Similarity < 0 || v.Similarity > 1.000001 {
				t.Errorf("similarity %v", v.Similarity)
			}
			for i, row := range v.Lines {
				if row.Line != lines.First+1+i || row.Line > lines.Last {
					t.Fatalf("line %d of the excerpt at %v is numbered %d", i, lines, row.Line)
				}
				hasPlace := row.Kind == annotations.AlteredLine || row.Kind == annotations.SourceLine
				if hasPlace != (row.Place.Path != "") {
					t.Fatalf("line %d is %s at %v", row.Line, row.Kind, row.Place)
				}
			}
		}
		for _, a := range found.Annotations {
			i, ok := s.FileIndex(a.Source, a.Path)
			if !ok || a.Lines.First < 1 || a.Lines.Last < a.Lines.First || a.Lines.Last > bytes.Count(s.texts[i], []byte("\n"))+1 {
				t.Fatalf("an annotation lies on %s:%s", a.Path, a.Lines)
			}
		}
	})
}

func BenchmarkDemoCourse(b *testing.B) {
	c, err := course.Load(filepath.FromSlash("../../../cmd/navigator/demo/workspace/course"))
	if err != nil {
		b.Fatal(err)
	}
	s, n := sources(b), 0
	for _, l := range c.Lessons {
		n += len(l.Text)
	}
	b.SetBytes(int64(n))
	for b.Loop() {
		r := excerpt.NewReader(s)
		for _, l := range c.Lessons {
			r.Lesson(l, places(s, l))
		}
	}
}
