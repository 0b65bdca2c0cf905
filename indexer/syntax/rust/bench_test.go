package rust_test

import (
	"context"
	"testing"

	sitter "github.com/smacker/go-tree-sitter"
	grammar "github.com/smacker/go-tree-sitter/rust"

	"navigator/indexer"
	"navigator/indexer/syntax/fixture"
	"navigator/indexer/syntax/rust"
)

// BenchmarkPlainParse is what Extract is measured against: a parse of the text
// as it is, with nothing read from the tree.
func BenchmarkPlainParse(b *testing.B) {
	p := sitter.NewParser()
	defer p.Close()
	p.SetLanguage(grammar.GetLanguage())
	fixture.OverRealFiles(b, ".rs", func(text []byte) {
		tree, err := p.ParseCtx(context.Background(), nil, text)
		if err != nil {
			b.Fatal(err)
		}
		tree.Close()
	})
}

func BenchmarkExtract(b *testing.B) {
	x := rust.New()
	defer x.Close()
	var facts indexer.Facts
	fixture.OverRealFiles(b, ".rs", func(text []byte) { x.Extract(text, &facts) })
}

func BenchmarkHighlight(b *testing.B) {
	fixture.OverRealFiles(b, ".rs", func(text []byte) { rust.Highlight(text) })
}
