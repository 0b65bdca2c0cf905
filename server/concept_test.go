package server_test

import (
	"testing"

	"navigator/annotations"
	"navigator/indexer"
	"navigator/server"
)

// The page of a concept lists its places in both sources: what its paragraphs
// cite, what its section cites, and the symbols that the course explains with
// it; and where lessons compare them.
func TestConceptPage(t *testing.T) {
	text := "# a\n\nUn ledger cuenta.\n\n| x | y |\n"
	v := comparison("Libros", text,
		citedAt(3, annotations.Inline, 1, shopFile, 7, 9),
		citedAt(5, annotations.Table, 2, shopFile, 7, 9), citedAt(5, annotations.Table, 2, tunnelFile, 1, 1),
		citedAt(8, annotations.Inline, 2, "source/main.cc", 1, 1))
	v.course.Glossary = []annotations.Term{
		{Key: "ledger", Name: "ledger", Definition: "libro de cuentas", Defined: []annotations.TermPlace{{Lesson: first1, Section: 1, Line: 3}}, Used: []string{first1}},
		{Key: "row", Name: "| x", Definition: "fila", Used: []string{first1}},
		{Key: "nothing", Name: "nothing", Definition: "nada"},
	}
	file, _ := v.FileIndex("shop", shopFile)
	v.explained = map[string][]server.ExplainedHit{"ledger": {{Symbol: indexer.SymbolRef{File: int32(file)}, Lesson: first1, Section: 1, Citation: -1, Snippet: "un ledger"}}}
	s := newSite(t, v)

	p := s.page(200, "/concepts/ledger")
	p.text("ledger", "h1")
	p.text("libro de cuentas", ".definition")
	p.count(1, ".trees section")
	p.count(1, `.trees a[href="/src/shop/`+shopFile+`?lines=7-9#L7"]`)
	p.count(0, `.trees a[href^="/src/shop/source/main.cc"]`)
	p.count(1, "#defined + ul a")

	p = s.page(200, "/concepts/row")
	p.count(2, ".trees section")
	p.count(1, ".parallels a")

	s.page(200, "/concepts/nothing").count(0, ".trees")
	s.page(404, "/concepts/none").count(0, ".concept")
	s.page(404, "/concepts/ledger-book").count(1, `a[href="/concepts/ledger"]`)

	s.page(200, "/search?q=ledger&kind=term").attr("/concepts/ledger", "section li a", "href")
}
