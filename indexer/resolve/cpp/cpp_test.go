package cpp_test

import (
	"testing"

	"navigator/indexer"
	"navigator/indexer/resolve/cpp"
	"navigator/indexer/resolve/fixture"
	"navigator/indexer/syntax"
)

func lex(text []byte) *indexer.Code { return syntax.Lex(indexer.CPP, text) }

func TestFixtures(t *testing.T) {
	e := syntax.New()
	defer e.Close()
	fixture.Run(t, "testdata/*.txtar", e.Extract, func(c indexer.Corpus) func(int, indexer.Position) indexer.Meaning {
		return cpp.New(c, lex).Meaning
	})
}
