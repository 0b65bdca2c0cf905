package server

import (
	"context"
	"slices"
	"strings"

	"navigator/indexer"
)

// saidResult is a passage of the course that speaks of a symbol.
type saidResult struct {
	Lesson  string  `json:"lesson"`
	Title   string  `json:"title"`
	Section string  `json:"section"`
	Snippet string  `json:"snippet"`
	Matches []Range `json:"matches"`
	Address string  `json:"url"` // in the lesson
}

// Pieces returns the snippet cut at its matches.
func (r saidResult) Pieces() []piece { return pieces(r.Snippet, r.Matches) }

// Of the results, half are kept for symbols that the course explains, whatever
// their names, but no more than these; fewer when the query is written as names
// in code are.
const (
	maxExplained        = 6
	maxExplainedOfNames = 3
)

// FoundSymbol is a symbol that a search found.
type FoundSymbol struct {
	Symbol indexer.SymbolRef
	Said   *ExplainedHit // what the course says of it, nil when that was not found
}

// FindSymbols returns the symbols of a name, then those of which the course
// says it; where there is no such name, then those whose names mean it.
func FindSymbols(ctx context.Context, f Finder, q Query) ([]FoundSymbol, error) {
	explained, err := f.FindExplained(ctx, q)
	if err != nil {
		return nil, err
	}
	said := map[indexer.SymbolRef]*ExplainedHit{}
	for i, hit := range explained {
		said[hit.Symbol] = &explained[i]
	}
	q.Close = len(explained) > 0
	named, err := f.FindSymbols(ctx, q)
	if err != nil {
		return nil, err
	}
	kept := min(len(explained), q.Limit/2, maxExplained)
	if strings.ContainsAny(q.Text, "_:") || q.Text != strings.ToLower(q.Text) {
		kept = min(kept, maxExplainedOfNames)
	}
	named = named[:min(len(named), q.Limit-kept)]
	var all []FoundSymbol
	for _, ref := range named {
		all = append(all, FoundSymbol{ref, said[ref]})
	}
	for i, hit := range explained {
		if len(all) < q.Limit && !slices.Contains(named, hit.Symbol) {
			all = append(all, FoundSymbol{hit.Symbol, &explained[i]})
		}
	}
	if len(named) > 0 || len(explained) == 0 || len(all) >= q.Limit {
		return all, nil
	}
	meant, err := f.FindMeant(ctx, q)
	for _, ref := range meant {
		if len(all) < q.Limit && said[ref] == nil {
			all = append(all, FoundSymbol{Symbol: ref})
		}
	}
	return all, err
}

func findSymbols(ctx context.Context, v View, q Query) ([]symbolResult, error) {
	found, err := FindSymbols(ctx, v, q)
	results := []symbolResult{}
	for _, f := range found {
		r := resultOf(v, f.Symbol)
		if f.Said != nil {
			r.Said = newSaidResult(v, *f.Said)
		}
		results = append(results, r)
	}
	return results, err
}

func resultOf(v View, ref indexer.SymbolRef) symbolResult {
	s := v.Symbols(int(ref.File))[ref.Symbol]
	return newSymbolResult(v.Files()[ref.File], s, signature(v.Text(int(ref.File)), s))
}

func newSaidResult(v View, hit ExplainedHit) *saidResult {
	lesson := v.Course().Lesson(hit.Lesson)
	if lesson == nil {
		return nil
	}
	r := &saidResult{Lesson: lesson.ID, Title: lesson.Title, Snippet: hit.Snippet, Matches: hit.Matches}
	if r.Matches == nil {
		r.Matches = []Range{}
	}
	anchor := ""
	if 0 <= hit.Section && hit.Section < len(lesson.Sections) {
		section := lesson.Sections[hit.Section]
		r.Section, anchor = sectionName(section), section.Anchor
	}
	if hit.Citation >= 0 {
		anchor = citationAnchor(hit.Citation)
	}
	r.Address = lessonAddress(lesson.ID, anchor)
	return r
}
