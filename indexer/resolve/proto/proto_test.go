package proto_test

import (
	"testing"

	"navigator/indexer"
	"navigator/indexer/resolve/fixture"
	"navigator/indexer/resolve/proto"
	"navigator/indexer/syntax"
	protosyntax "navigator/indexer/syntax/proto"
)

func TestFixtures(t *testing.T) {
	x := syntax.New()
	defer x.Close()
	fixture.Run(t, "testdata/*.txtar", x.Extract, func(c indexer.Corpus) func(int, indexer.Position) indexer.Meaning {
		return proto.New(c, protosyntax.Lex).Meaning
	})
}
