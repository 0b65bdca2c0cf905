package review_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"navigator/annotations"
	"navigator/annotations/review"
	"navigator/indexer"
	"navigator/indexer/syntax"
)

// corpus is sources in memory.
type corpus struct {
	files []indexer.File
	texts []string
	facts []indexer.Facts
}

func (c *corpus) add(x *syntax.Extractor, source, path, text string) {
	var facts indexer.Facts
	language := indexer.LanguageOf(path)
	x.Extract(language, []byte(text), &facts)
	c.files = append(c.files, indexer.File{Source: source, Path: path, Language: language, Size: len(text)})
	c.texts, c.facts = append(c.texts, text), append(c.facts, facts)
}

func (c *corpus) Files() []indexer.File                   { return c.files }
func (c *corpus) Text(file int) []byte                    { return []byte(c.texts[file]) }
func (c *corpus) Symbols(file int) []indexer.Symbol       { return c.facts[file].Symbols }
func (c *corpus) SymbolsNamed(string) []indexer.SymbolRef { return nil }
func (c *corpus) FileIndex(source, path string) (int, bool) {
	i := slices.IndexFunc(c.files, func(f indexer.File) bool { return f.Source == source && f.Path == path })
	return i, i >= 0
}

func (c *corpus) Facts(file int, into *indexer.Facts) error {
	into.Reset()
	into.Symbols = append(into.Symbols, c.facts[file].Symbols...)
	into.Occurrences = append(into.Occurrences, c.facts[file].Occurrences...)
	return nil
}

func newCorpus() *corpus {
	x := syntax.New()
	defer x.Close()
	c := &corpus{}
	c.add(x, "envoy", "README.md", "# Envoy\n")
	c.add(x, "envoy", "source/a.h", `namespace Net {
class Gate {
public:
  void open();
  void shut();
};
class Wall {};
}
`)
	c.add(x, "envoy", "source/deep/b.cc", `namespace Net {
void Gate::open() {
  Wall wall;
  std::Wall other;
  helper(wall);
  helper(wall);
  helper(wall);
}
void Gate::shut() {
  Gate gate;
  Wall a, b;
  Wall c;
  twice(1);
  twice(2);
  twice(3);
}
void helper(Wall) {}
}
`)
	c.add(x, "envoy", "source/twice.cc", "namespace A { void twice(int) {} }\nnamespace B { void twice(int) {} }\n")
	c.add(x, "envoy", "test/b_test.cc", "void f() { helper(1); helper(2); Gate g; }\n")
	c.add(x, "tunnel", "src/lib.rs", "pub fn helper() {}\nimpl S {\n  fn iter(&self) {}\n  fn all(&self) { self.iter(); self.iter(); self.iter(); made(); made(); made(); }\n}\n")
	c.add(x, "tunnel", "src/test_helpers.rs", "pub fn made() {}\n")
	return c
}

func TestCoverage(t *testing.T) {
	c := newCorpus()
	tally, err := review.NewTally(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	lessons := []*annotations.Lesson{{ID: "one"}, {ID: "two"}, {ID: "three"}}
	laid := []annotations.Annotation{
		note("source/deep/b.cc", "one", 3, 4),   // in open
		note("source/deep/b.cc", "two", 2, 16),  // both, the same lines again
		note("source/deep/b.cc", "two", 99, 99), // beyond the end
		note("source/a.h", "one", 0, 0),         // the whole file
		note("README.md", "one", 1, 1),          // no code
		note("test/b_test.cc", "one", 1, 1),     // a test
	}
	got := tally.Coverage(c, lessons, func(source, path string) (of []annotations.Annotation) {
		for _, a := range laid {
			if a.Source == source && a.Path == path {
				of = append(of, a)
			}
		}
		return of
	})
	for path, want := range map[string]string{
		"":                 "files 2/3, symbols 2/7, lines 15/28",
		"source/":          "files 2/3, symbols 2/7, lines 15/28",
		"source/deep/":     "files 1/1, symbols 2/3, lines 15/18",
		"source/deep/b.cc": "files 1/1, symbols 2/3, lines 15/18",
		"source/a.h":       "files 1/1, symbols 0/2, lines 0/8",
	} {
		e := got.Extents[annotations.Place{Source: "envoy", Path: path}]
		said := fmt.Sprintf("files %d/%d, symbols %d/%d, lines %d/%d", e.Files.Explained, e.Files.All, e.Symbols.Explained, e.Symbols.All, e.Lines.Explained, e.Lines.All)
		if said != want {
			t.Errorf("%q: %s, want %s", path, said, want)
		}
	}
	if e := got.Extents[annotations.Place{Source: "tunnel"}]; e.Files.All != 1 || e.Files.Explained != 0 {
		t.Errorf("tunnel: %+v", e)
	}
	if want := []annotations.LessonExtent{{Lesson: "one", Files: 2, Symbols: 1, Lines: 2}, {Lesson: "two", Files: 1, Symbols: 2, Lines: 15}}; !slices.Equal(got.Lessons, want) {
		t.Errorf("lessons: %+v, want %+v", got.Lessons, want)
	}
	var names []string
	for _, u := range got.Unexplained {
		names = append(names, fmt.Sprintf("%s %d", c.facts[u.Symbol.File].Symbols[u.Symbol.Symbol].Name, u.Uses))
	}
	// Twice has two definitions, std::Wall is another's, iterators have iter, and
	// tests do not count.
	if said := strings.Join(names, ", "); said != "Gate 3, Wall 3, helper 3" {
		t.Errorf("unexplained: %s", said)
	}
}

// note is an annotation on lines of a file of envoy; on the file when first is 0.
func note(path, lesson string, first, last int) annotations.Annotation {
	return annotations.Annotation{Place: annotations.Place{Source: "envoy", Path: path, Lines: indexer.Lines{First: first, Last: last}}, Lesson: lesson, Citation: -1, Section: -1}
}

// What a lesson cites is explained wherever it is declared or defined.
func TestCoverageByDeclaration(t *testing.T) {
	c := newCorpus()
	tally, err := review.NewTally(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	got := tally.Coverage(c, nil, func(source, path string) []annotations.Annotation {
		if path == "source/a.h" {
			return []annotations.Annotation{note(path, "one", 7, 7)}
		}
		return nil
	})
	for _, u := range got.Unexplained {
		if c.facts[u.Symbol.File].Symbols[u.Symbol.Symbol].Name == "Wall" {
			t.Error("Wall is explained where it is defined")
		}
	}
}

func TestTallyEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := review.NewTally(ctx, newCorpus()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
