package cpp_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/tools/txtar"

	"navigator/indexer"
	"navigator/indexer/syntax/cpp"
	"navigator/indexer/syntax/fixture"
)

const fixtures = "testdata/*.txtar"

func TestFixtures(t *testing.T) {
	x := cpp.New()
	defer x.Close()
	fixture.Run(t, fixtures, x.Extract, cpp.Highlight)
}

// sources returns the sources of the fixtures by path.
func sources(tb testing.TB) map[string][]byte {
	tb.Helper()
	paths, err := filepath.Glob(fixtures)
	if err != nil || len(paths) == 0 {
		tb.Fatalf("no fixture matches %s (%v)", fixtures, err)
	}
	texts := map[string][]byte{}
	for _, p := range paths {
		archive, err := txtar.ParseFile(p)
		if err != nil {
			tb.Fatal(err)
		}
		texts[p] = archive.Files[0].Data
	}
	return texts
}

func TestSkeletonAgrees(t *testing.T) {
	x := cpp.New()
	defer x.Close()
	for path, text := range sources(t) {
		if only, _ := cpp.Disagreements(x, text); len(only) > 0 {
			t.Errorf("%s: skeleton and full text find different symbols:\n%s", path, strings.Join(only, "\n"))
		}
	}
}

// An Extractor serves one file after another: nothing of one shows in the next.
func TestExtractTwice(t *testing.T) {
	x := cpp.New()
	defer x.Close()
	for path, text := range sources(t) {
		var first, again indexer.Facts
		x.Extract(text, &first)
		for _, other := range sources(t) {
			x.Extract(other, &again)
		}
		x.Extract(text, &again)
		if !slices.Equal(first.Symbols, again.Symbols) || !slices.Equal(first.Occurrences, again.Occurrences) {
			t.Errorf("%s: other facts the second time", path)
		}
	}
}

func TestUnbalanced(t *testing.T) {
	x := cpp.New()
	defer x.Close()
	tests := []struct {
		what, text string
		want       []string // qualified names that are found all the same
	}{
		{
			"a parenthesis in a body costs nothing",
			"namespace A {\nclass B {\n  void c() { d((1; }\n  int e() PURE;\n};\n} // namespace A\n",
			[]string{"A", "A::B", "A::B::c", "A::B::e"},
		},
		{
			"a brace too few",
			"class A {\n  void b() PURE;\n};\nvoid c() {\n  if (d) {\n}\nint e() { return 1; }\n",
			[]string{"A", "A::b"},
		},
		{
			"a brace too many",
			"class A {\n  void b() PURE;\n};\nvoid c() {}\n}\nint e() { return 1; }\n",
			[]string{"A", "A::b", "c", "e"},
		},
	}
	for _, test := range tests {
		var facts indexer.Facts
		x.Extract([]byte(test.text), &facts)
		for _, want := range test.want {
			if !slices.ContainsFunc(facts.Symbols, func(s indexer.Symbol) bool { return s.Qualified() == want }) {
				t.Errorf("%s: %s is not found", test.what, want)
			}
		}
	}
}

// What is nested deeper than any code costs no stack and little time.
func TestDeepNesting(t *testing.T) {
	x := cpp.New()
	defer x.Close()
	for _, open := range []string{
		"{", "(", "[", "<", "namespace a {", "class A {", "struct A { void f() {", "template <", "#if 1\n", "a::",
		"void f() { class A {", "operator ", "enum {", "= ", "A<", "M(", "f(x, ", "x = [] {", "/*", "R\"(", "extern \"C\" ",
	} {
		text := []byte(strings.Repeat(open, 2_000))
		var facts indexer.Facts
		x.Extract(text, &facts)
		fixture.Check(t, text, &facts, cpp.Highlight(text))
	}
}

func FuzzMask(f *testing.F) {
	fixture.Seed(f, fixtures)
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, skeleton := range []bool{true, false} {
			squeezed, origins := cpp.Squeezed(text, skeleton)
			if !slices.IsSorted(origins) {
				t.Fatalf("the order of what is read changed: %v", origins)
			}
			for i, c := range squeezed {
				// Letters are what stood there; a type that is left out is a T.
				if unicode.IsLetter(rune(c)) && c != 'T' && c != text[origins[i]] {
					t.Fatalf("byte %d, %q, was %q at %d", i, c, text[origins[i]], origins[i])
				}
			}
		}
	})
}

func FuzzExtract(f *testing.F) {
	fixture.Seed(f, fixtures)
	x := cpp.New()
	f.Cleanup(x.Close)
	var facts indexer.Facts
	f.Fuzz(func(t *testing.T, text []byte) {
		original := bytes.Clone(text)
		x.Extract(text, &facts)
		fixture.Check(t, text, &facts, cpp.Highlight(text))
		x.ExtractFull(text, &facts)
		fixture.Check(t, text, &facts, nil)
		if !bytes.Equal(text, original) {
			t.Fatal("the text was changed")
		}
	})
}
