package server_test

import (
	"testing"

	"navigator/annotations"
)

// newGlossary returns a site whose lessons define two terms.
func newGlossary(t *testing.T) site {
	v := newFake()
	v.course.Glossary = []annotations.Term{
		{Key: "bookkeeper", Name: "bookkeeper", Definition: "quien lleva <cuentas>", Context: "Un bookkeeper (quien lleva <cuentas>) usa add().",
			Defined: []annotations.TermPlace{{Lesson: firstLesson, Section: 1}}, Used: []string{firstLesson, "01_libros/02_restar"}, Code: []string{"Bookkeeper::add()", "int x", "nada"}},
		{Key: "ledger", Name: "ledger", Definition: "libro", Context: "libro", Used: []string{"gone"}},
	}
	v.course.Lessons[0].Terms = []annotations.TermUse{{Term: 1}, {Term: 7}}
	return newSite(t, v)
}

// The glossary has each term with its definition, its lessons and its symbols.
func TestGlossaryPage(t *testing.T) {
	s := newGlossary(t)
	p := s.page(200, "/glossary", "Accept-Language", "es")
	p.count(2, ".entry")
	p.text("bookkeeper", "#bookkeeper h3[lang=en]")
	p.text("quien lleva <cuentas>", "#bookkeeper p:first-child")
	p.text("«Un bookkeeper (quien lleva <cuentas>) usa add().»", "#bookkeeper .context")
	p.attr("/lessons/01_libros/01_contar#11-sumar", "#bookkeeper a.defines", "href")
	p.text("Restar", `#bookkeeper a[href="/lessons/01_libros/02_restar"]`)
	p.text("Shop::Books::Bookkeeper::add", `#bookkeeper a[href="/src/shop/source/books/bookkeeper.h?lines=9#L9"]`)
	p.text("Shop::Books::Bookkeeper", `#bookkeeper a[href="/src/shop/source/books/bookkeeper.h?lines=7#L7"]`)
	p.count(2, "#bookkeeper code")
	p.count(0, "#ledger .context, #ledger .places a:not(.more)")
	p.count(2, ".letters a")
	s.page(200, "/", "Accept-Language", "es").text("2 términos", `.tools a[href="/glossary"] + span`)
}

// A course that defines nothing has an empty glossary, which the first page
// does not mention.
func TestEmptyGlossary(t *testing.T) {
	s := newSite(t, newFake())
	s.page(200, "/glossary").count(0, ".entry")
	s.page(200, "/").count(0, `a[href="/glossary"]`)
}
