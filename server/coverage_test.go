package server_test

import (
	"encoding/json"
	"testing"

	"navigator/annotations"
	"navigator/indexer"
)

// newCoverage is how much the fake's course explains.
func newCoverage() *annotations.Coverage {
	extent := func(files, allFiles, symbols, lines, allLines int) annotations.Extent {
		return annotations.Extent{
			Files: annotations.Share{Explained: files, All: allFiles}, Symbols: annotations.Share{Explained: symbols, All: 2}, Lines: annotations.Share{Explained: lines, All: allLines},
		}
	}
	at := func(path string) annotations.Place { return annotations.Place{Source: "shop", Path: path} }
	return &annotations.Coverage{
		Extents: map[annotations.Place]annotations.Extent{
			at(""): extent(1, 3, 1, 6, 17), at("source/"): extent(1, 3, 1, 6, 17), at("source/books/"): extent(1, 2, 1, 6, 16),
			at("source/books/bookkeeper.h"): extent(1, 1, 1, 6, 16), {Source: "tunnel"}: extent(0, 1, 0, 0, 1),
		},
		Lessons:     []annotations.LessonExtent{{Lesson: first1, Files: 1, Symbols: 1, Lines: 6}},
		Unexplained: []annotations.Unexplained{{Symbol: indexer.SymbolRef{File: 1, Symbol: 2}, Uses: 12}},
	}
}

func TestCoverage(t *testing.T) {
	s := newSite(t, newFake())
	p := s.page(200, "/coverage")
	p.count(2, "section > h2[id^=of-]")
	p.text("shop", "#of-0")
	p.attr("#by-lesson", "header nav a:last-child", "href")
	p.text("Todo", "tr.whole th")
	p.count(2, "section:first-of-type tbody tr:not(.whole)")
	p.attr("/src/shop/source/books/", "tr.depth-1 a", "href")
	p.text("books/", "tr.depth-1 a")
	p.attr("6", "tr.depth-1 td:last-child meter", "value")
	p.attr("16", "tr.depth-1 td:last-child meter", "max")
	p.attr("/lessons/"+first1, "[aria-labelledby=by-lesson] th.lesson a", "href")
	p.text("12 apariciones", ".unexplained .uses")
	p.attr("/src/shop/source/books/bookkeeper.h?lines=9#L9", ".unexplained a", "href")

	p = s.page(200, "/src/shop/source/")
	p.text("1 de 2 archivos 1 de 2 definiciones 6 de 16 líneas", "tbody tr:first-child td:nth-child(4)")
	p = s.page(200, "/src/shop/source/books/")
	p.text("1 de 2 definiciones 6 de 16 líneas", "tbody tr:first-child td:nth-child(4)")
	p.text("", "tbody tr:nth-child(2) td:nth-child(4)")
}

// While it is being counted, the page says so.
func TestCoverageLater(t *testing.T) {
	v := newFake()
	v.coverage = nil
	s := newSite(t, v)
	s.page(200, "/coverage").count(1, ".counting")
	s.page(200, "/src/shop/source/").text("", "tbody tr:first-child td:nth-child(4)")
	var answer struct{ Ready bool }
	if err := json.Unmarshal(s.ask("/api/v1/coverage").Body.Bytes(), &answer); err != nil || answer.Ready {
		t.Errorf("ready: %v, %v", answer.Ready, err)
	}
}
