package rust_test

import (
	"testing"

	"golang.org/x/tools/txtar"

	"navigator/indexer"
	"navigator/indexer/resolve/fixture"
	"navigator/indexer/resolve/rust"
	"navigator/indexer/syntax"
	rustsyntax "navigator/indexer/syntax/rust"
)

func TestFixtures(t *testing.T) {
	x := syntax.New()
	defer x.Close()
	fixture.Run(t, "testdata/*.txtar", x.Extract, func(c indexer.Corpus) func(int, indexer.Position) indexer.Meaning {
		return rust.New(c, rustsyntax.Lex).Meaning
	})
}

func FuzzMeaning(f *testing.F) {
	f.Add([]byte("impl<T: A> B for C<T> { fn f(&self, (a, b): (u8, T)) -> Self { match a { X::Y { z, .. } => |q| q?.w.await } } }"))
	f.Add([]byte("use a::{b as c, d::*, self}; macro_rules! m { ($x:expr) => {} } fn g() { m!(a => b, c = %d); let x: Vec<"))
	x := syntax.New()
	defer x.Close()
	f.Fuzz(func(t *testing.T, text []byte) {
		c := fixture.NewCorpus([]txtar.File{{Name: "src/lib.rs", Data: text}}, x.Extract)
		r := rust.New(c, rustsyntax.Lex)
		var facts indexer.Facts
		if err := c.Facts(0, &facts); err != nil {
			t.Fatal(err)
		}
		for _, o := range facts.Occurrences {
			r.Meaning(0, indexer.Position{Line: o.Line, Col: o.Col})
		}
	})
}
