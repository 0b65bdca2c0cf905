package server_test

import (
	"encoding/json"
	"slices"
	"testing"

	"navigator/indexer"
	"navigator/server"
)

// Symbols of the name come first, then those of which the course says it; each
// is there once, with what is said of it.
func TestExplainedSymbols(t *testing.T) {
	v := newFake()
	file, _ := v.FileIndex("shop", shopFile)
	symbols := v.Symbols(file)
	hit := func(symbol int) server.ExplainedHit {
		return server.ExplainedHit{Symbol: indexer.SymbolRef{File: int32(file), Symbol: int32(symbol)}, Lesson: first1, Section: 0, Citation: 0,
			Snippet: "para contar hace falta", Matches: []server.Range{{Start: 5, End: 11}}}
	}
	last := len(symbols) - 1
	v.explained = map[string][]server.ExplainedHit{
		symbols[0].Name: {hit(0), hit(last)},
		"petición":      {hit(last)},
	}
	v.meant = map[string][]indexer.SymbolRef{symbols[0].Name: {hit(1).Symbol}, "petición": {hit(last).Symbol, hit(1).Symbol}}
	s := newSite(t, v)
	for query, want := range map[string][]string{symbols[0].Name: {symbols[0].Name, symbols[last].Name}, "petición": {symbols[last].Name}, "nada": nil} {
		var answer struct {
			Groups []struct {
				Kind    string
				Results []struct {
					Name string
					Said *struct{ Title, URL string }
				}
			}
		}
		if err := json.Unmarshal(s.ask("/api/v1/search?kind=all&limit=10&q="+query).Body.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, g := range answer.Groups {
			for _, r := range g.Results {
				if g.Kind == "symbol" && r.Said != nil {
					got = append(got, r.Name)
					if r.Said.Title == "" || r.Said.URL != "/lessons/"+first1+"#cite-0" {
						t.Errorf("%q: said %+v", query, r.Said)
					}
				}
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: explained %q, want %q", query, got, want)
		}
	}
	p := s.page(200, "/search?q=petici%C3%B3n&kind=symbol")
	p.text("contar", ".symbol .snippet mark")
	p.count(2, ".symbol") // a name that means it follows what the course says
}
