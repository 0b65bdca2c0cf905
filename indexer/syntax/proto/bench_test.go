package proto_test

import (
	"context"
	"testing"

	sitter "github.com/smacker/go-tree-sitter"
	grammar "github.com/smacker/go-tree-sitter/protobuf"

	"navigator/indexer"
	"navigator/indexer/syntax/proto"
)

// overRealFiles runs do on every file of the checkouts, b.N times.
func overRealFiles(b *testing.B, do func(text []byte)) {
	files := realFiles(b)
	var size int64
	for _, text := range files {
		size += int64(len(text))
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, text := range files {
			do(text)
		}
	}
}

// BenchmarkPlainParse is what Extract is measured against: a parse of the text
// as it is, with nothing read from the tree.
func BenchmarkPlainParse(b *testing.B) {
	p := sitter.NewParser()
	defer p.Close()
	p.SetLanguage(grammar.GetLanguage())
	overRealFiles(b, func(text []byte) {
		tree, err := p.ParseCtx(context.Background(), nil, text)
		if err != nil {
			b.Fatal(err)
		}
		tree.Close()
	})
}

func BenchmarkExtract(b *testing.B) {
	x := proto.New()
	defer x.Close()
	var facts indexer.Facts
	overRealFiles(b, func(text []byte) { x.Extract(text, &facts) })
}

func BenchmarkHighlight(b *testing.B) {
	overRealFiles(b, func(text []byte) { proto.Highlight(text) })
}
