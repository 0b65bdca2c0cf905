package proto_test

import (
	"testing"

	"golang.org/x/tools/txtar"

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

// FuzzMeaning asks for every name of a hostile file that imports itself and
// another.
func FuzzMeaning(f *testing.F) {
	f.Add([]byte("syntax = \"proto3\"; package a.b; import \"x.proto\"; message M { .a.b.M m = 1 [(o).p = {q: 1}]; map<string, c.N> n = 2; oneof w { M v = 3; } }"), 1, 80)
	f.Add([]byte("service S { rpc R(stream M) returns (.M) { option (x.y).z = W; } } extend M { optional N n = 100; } enum E { A = 0 [a = b]; reserved 1 to max, \"B\"; }"), 1, 20)
	x := syntax.New()
	f.Cleanup(x.Close)
	f.Fuzz(func(t *testing.T, text []byte, line, col int) {
		c := fixture.NewCorpus([]txtar.File{{Name: "main.proto", Data: text}, {Name: "x.proto", Data: []byte("package a.b.c; message N {}")}}, x.Extract)
		r := proto.New(c, protosyntax.Lex)
		r.Meaning(0, indexer.Position{Line: int32(line), Col: int32(col)})
		var facts indexer.Facts
		if err := c.Facts(0, &facts); err != nil {
			t.Fatal(err)
		}
		for _, o := range facts.Occurrences {
			for _, a := range r.Meaning(0, indexer.Position{Line: o.Line, Col: o.Col}).Answers {
				if a.Span.Start.Line < 1 || a.Span.Start.Col < 1 {
					t.Fatalf("%d:%d means %+v", o.Line, o.Col, a)
				}
			}
		}
	})
}
