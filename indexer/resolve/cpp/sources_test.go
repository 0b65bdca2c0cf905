package cpp_test

import (
	"slices"
	"testing"

	"golang.org/x/tools/txtar"

	"navigator/indexer"
	"navigator/indexer/resolve/cpp"
	"navigator/indexer/resolve/fixture"
	"navigator/indexer/syntax"
)

// apart is a corpus whose last file is in a source of its own.
type apart struct{ *fixture.Corpus }

func (a apart) Files() []indexer.File {
	files := slices.Clone(a.Corpus.Files())
	files[len(files)-1].Source = "other"
	return files
}

// TestNamesOfAnotherSource asks about names that only a source knows which the
// file is not in.
func TestNamesOfAnotherSource(t *testing.T) {
	x := syntax.New()
	defer x.Close()
	text := "namespace proxy {\nint port() { return Gate::port + LIMIT + proxy::Gate::port; }\n}\n"
	c := apart{fixture.NewCorpus([]txtar.File{
		{Name: "a.cc", Data: []byte(text)},
		{Name: "b.h", Data: []byte("#define LIMIT 3\nnamespace proxy {\nclass Gate { public: static int port; };\n}\n")},
	}, x.Extract)}
	r := cpp.New(c, lex)
	for col := int32(1); col < 70; col++ {
		m := r.Meaning(0, indexer.Position{Line: 2, Col: col})
		for _, a := range m.Answers {
			if a.File != 0 && a.Confidence >= indexer.Sure {
				t.Errorf("column %d: %s is said to be sure", col, a.Name)
			}
		}
	}
}
