package resolve_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"navigator/indexer"
	"navigator/indexer/resolve"
	"navigator/indexer/resolve/fixture"
	"navigator/indexer/syntax"
)

// The fixtures of this package hold what is expected below the name, with a
// caret under its first byte:
//
//	widget.size_ = 3;
//	//     ^ use size: write
//
// The role is the one of References, or "namesake"; "test" may follow. The
// places of one label are all that References finds, asked at any of them that
// is neither a namesake nor an override. Other expectations list names, "none" for none:
//
//	class Base {
//	//    ^ below: Left, Right
//
// above and below are of Types, with the unknown last; callers and callees of
// Calls.

// mark is an expectation in a fixture.
type mark struct {
	file int
	at   indexer.Position
	word string // use, above, …
	arg  string // the label of a use
	want string
}

func marksOf(archive *txtar.Archive, c *fixture.Corpus) []mark {
	var marks []mark
	for _, f := range archive.Files {
		file, _ := c.FileIndex(fixture.Source, f.Name)
		code := 0
		for i, line := range strings.Split(string(f.Data), "\n") {
			before, rest, ok := strings.Cut(line, "^ ")
			head, want, colon := strings.Cut(rest, ":")
			if !ok || !colon || !strings.HasPrefix(strings.TrimSpace(line), "//") {
				code = i + 1
				continue
			}
			word, arg, _ := strings.Cut(head, " ")
			marks = append(marks, mark{file, indexer.Position{Line: int32(code), Col: int32(len(before)) + 1}, word, arg, strings.TrimSpace(want)})
		}
	}
	return marks
}

func TestUses(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no fixtures (%v)", err)
	}
	x := syntax.New()
	defer x.Close()
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			c := fixture.NewCorpus(archive.Files, x.Extract)
			marks := marksOf(archive, c)
			if len(marks) == 0 {
				t.Fatal("the fixture expects nothing")
			}
			r := resolve.New(c, syntax.Lex)
			for _, m := range marks {
				if checkMark(t, r, c, m, marks); t.Failed() {
					break // the rest tells the same
				}
			}
		})
	}
}

func checkMark(t *testing.T, r *resolve.Resolver, c *fixture.Corpus, m mark, all []mark) {
	t.Helper()
	where := fmt.Sprintf("%s:%d:%d %s %s", c.Files()[m.file].Path, m.at.Line, m.at.Col, m.word, m.arg)
	var got, want []string
	switch m.word {
	case "use":
		if m.want == "namesake" || m.want == "override" { // another symbol's
			return
		}
		got = usesAt(r, c, m.file, m.at)
		for _, o := range all {
			if o.word == "use" && o.arg == m.arg {
				want = append(want, fmt.Sprintf("%s:%d:%d %s", c.Files()[o.file].Path, o.at.Line, o.at.Col, o.want))
			}
		}
	case "above", "below", "callers", "callees":
		got = relatedAt(r, m.word, m.file, m.at)
		want = strings.Split(m.want, ", ")
	default:
		t.Fatalf("%s: unknown expectation", where)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s\ngot  %s\nwant %s", where, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

func usesAt(r *resolve.Resolver, c *fixture.Corpus, file int, at indexer.Position) []string {
	refs := r.References(context.Background(), file, at)
	var found []string
	add := func(u indexer.Use, role string) {
		if u.Test {
			role += " test"
		}
		found = append(found, fmt.Sprintf("%s:%d:%d %s", c.Files()[u.File].Path, u.Span.Start.Line, u.Span.Start.Col, role))
	}
	for _, u := range refs.Uses {
		add(u, u.Role.String())
	}
	for _, u := range refs.Namesakes {
		add(u, "namesake")
	}
	return found
}

func relatedAt(r *resolve.Resolver, word string, file int, at indexer.Position) []string {
	var found []string
	relatives := func(list []indexer.Relative) {
		for _, rel := range list {
			found = append(found, rel.Name)
		}
	}
	calls := func(list []indexer.CallSites) {
		for _, call := range list {
			found = append(found, fmt.Sprintf("%s %d", call.Name, len(call.Sites)))
		}
	}
	switch word {
	case "above":
		h := r.Types(context.Background(), file, at)
		relatives(h.Above)
		found = append(found, h.Unknown...)
	case "below":
		relatives(r.Types(context.Background(), file, at).Below)
	case "callers":
		calls(r.Calls(context.Background(), file, at).Callers)
	case "callees":
		calls(r.Calls(context.Background(), file, at).Callees)
	}
	if found == nil {
		found = []string{"none"}
	}
	return found
}

func TestReferencesEndWithTheirContext(t *testing.T) {
	x := syntax.New()
	defer x.Close()
	c := fixture.NewCorpus([]txtar.File{{Name: "a.cc", Data: []byte("int total;\nint twice() { return total + total; }\n")}}, x.Extract)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := resolve.New(c, syntax.Lex)
	at := indexer.Position{Line: 1, Col: 5}
	if refs := r.References(ctx, 0, at); len(refs.Of) != 1 || len(refs.Uses) != 0 {
		t.Errorf("with a context that has ended: %d symbols and %d uses, want 1 and 0", len(refs.Of), len(refs.Uses))
	}
	if calls := r.Calls(ctx, 0, indexer.Position{Line: 2, Col: 5}); len(calls.Callers) != 0 {
		t.Errorf("with a context that has ended: %d callers, want 0", len(calls.Callers))
	}
	if refs := r.References(context.Background(), 0, at); len(refs.Uses) != 3 {
		t.Errorf("afterwards: %d uses, want 3", len(refs.Uses))
	}
}
