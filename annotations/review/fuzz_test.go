package review_test

import (
	"strings"
	"testing"
	"time"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/annotations/review"
	"navigator/indexer"
)

// bare is a snapshot whose files have two symbols each and little text.
type bare struct{ files []indexer.File }

func (b bare) Files() []indexer.File { return b.files }
func (b bare) Text(int) []byte       { return []byte("class Thing {\n};\n") }
func (b bare) SymbolsNamed(string) []indexer.SymbolRef {
	return []indexer.SymbolRef{{File: 0, Symbol: 0}}
}
func (b bare) Symbols(int) []indexer.Symbol {
	span := indexer.Span{Start: indexer.Position{Line: 1, Col: 1}, End: indexer.Position{Line: 2, Col: 2}}
	return []indexer.Symbol{
		{Name: "Thing", Kind: indexer.KindClass, Definition: true, Span: span, Parent: -1},
		{Name: "Other", Kind: indexer.KindClass, Span: span, Parent: -1},
	}
}
func (b bare) FileIndex(source, path string) (int, bool) {
	for i, f := range b.files {
		if f.Source == source && f.Path == path {
			return i, true
		}
	}
	return 0, false
}
func (b bare) Renames(string, []string) map[string]string { return nil }
func (b bare) Holds(string, string) bool                  { return false }

// FuzzCitations wants one verdict for each citation, whatever a lesson holds,
// and mending never to fail.
func FuzzCitations(f *testing.F) {
	f.Add([]byte("# X\n\n`Thing` (`src/a.cc:1-9`) y `b.h:7`.\n\n```cpp\n// src/a.cc:1\nclass Thing {\n```\n\n```mermaid\ngraph TD\nA[x (y)]\n```\n"))
	f.Add([]byte("| `src/{a,b}.cc` | 3 |\n\n- crea `src/my_x/`\n"))
	b := bare{[]indexer.File{{Source: "s", Path: "src/a.cc", Language: indexer.CPP}, {Source: "s", Path: "src/b.h", Language: indexer.CPP}}}
	r := review.NewResolver([]indexer.Source{{Name: "s"}}, b.files, func(int) int { return 2 })
	f.Fuzz(func(t *testing.T, text []byte) {
		l := course.Parse("01_x/01_x.md", text)
		c := &annotations.Course{Lessons: []*annotations.Lesson{l}, Plan: course.Parse("PLAN_FORMACION.md", text)}
		verdicts := r.Citations(c, r.Review(c), b, b)[l.ID]
		if len(verdicts) != len(l.Citations) {
			t.Fatalf("%d verdicts on %d citations", len(verdicts), len(l.Citations))
		}
		for i, v := range verdicts {
			if v.Verdict == "" || v.Reason == "" {
				t.Errorf("%q has no verdict: %+v", l.Citations[i].Raw, v)
			}
			if v.Target != nil {
				if edits, ok := course.Rewrite(l, i, v.Target.Place, true); ok {
					course.Apply(text, edits)
				}
			}
		}
		course.Asides(l)
		review.Structure(c)
	})
}

// TestManyCitationsInARow wants a row of many citations judged in bearable
// time.
func TestManyCitationsInARow(t *testing.T) {
	const many = 600
	text := "# X\n\n" + strings.Repeat("a|", many) + "\n" + strings.Repeat("-|", many) + "\n" + strings.Repeat("`src/a.cc:1`|", many) + "\n"
	b := bare{[]indexer.File{{Source: "s", Path: "src/a.cc", Language: indexer.CPP}}}
	r := review.NewResolver([]indexer.Source{{Name: "s"}}, b.files, func(int) int { return 2 })
	c := &annotations.Course{Lessons: []*annotations.Lesson{course.Parse("01_x.md", []byte(text))}}
	start := time.Now()
	if n := len(r.Citations(c, r.Review(c), b, b)["01_x"]); n != many {
		t.Errorf("%d verdicts on %d citations", n, many)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
}
