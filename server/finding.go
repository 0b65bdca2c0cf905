package server

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"sync"

	"navigator/annotations"
)

// noteResult is a note that was found.
type noteResult struct {
	Name    string  `json:"name"`   // the citation that heads it
	Lesson  string  `json:"lesson"` // title of the lesson that it belongs to, "" for none
	Snippet string  `json:"snippet"`
	Matches []Range `json:"matches"`
	Address string  `json:"url"` // of the lines that it is about
}

// Pieces returns the snippet cut at its matches.
func (r noteResult) Pieces() []piece { return pieces(r.Snippet, r.Matches) }

// termResult is a term of the glossary that was found.
type termResult struct {
	Name       string `json:"name"`
	Definition string `json:"definition"`
	Address    string `json:"url"` // of the page of the concept
}

// findNotes returns the notes that a query finds, all for none.
func findNotes(ctx context.Context, v View, q Query) ([]noteResult, error) {
	hits, err := allNotes(v, q.Limit), error(nil)
	if q.Text != "" {
		hits, err = v.FindNotes(ctx, q)
	}
	results := []noteResult{}
	for _, hit := range hits {
		file := v.Course().Lesson(hit.File)
		if file == nil || hit.Note < 0 || hit.Note >= len(file.Notes) {
			continue
		}
		note := file.Notes[hit.Note]
		r := noteResult{Name: file.Citations[note.Citation].Raw, Snippet: hit.Snippet, Matches: hit.Matches}
		if r.Matches == nil {
			r.Matches = []Range{}
		}
		if lesson := v.Course().Lesson(note.Lesson); lesson != nil {
			r.Lesson = lesson.Title
		}
		r.Address = newLinks(v, "", file).Citation(note.Citation).Href
		results = append(results, r)
	}
	return results, err
}

func allNotes(v View, limit int) []NoteHit {
	var all []NoteHit
	for _, file := range v.Course().Documents() {
		for i := range file.Notes {
			if len(all) < limit {
				all = append(all, NoteHit{File: file.ID, Note: i})
			}
		}
	}
	return all
}

// findTerms returns the terms that a query finds, all for none.
func findTerms(ctx context.Context, v View, q Query) ([]termResult, error) {
	results := []termResult{}
	if q.Text == "" {
		for _, t := range v.Course().Glossary[:min(q.Limit, len(v.Course().Glossary))] {
			results = append(results, newTermResult(t))
		}
		return results, nil
	}
	found, err := v.FindTerms(ctx, q)
	for _, i := range found {
		results = append(results, newTermResult(v.Course().Glossary[i]))
	}
	return results, err
}

func newTermResult(t annotations.Term) termResult {
	return termResult{t.Name, t.Definition, conceptAddress(t.Key)}
}

// conceptAddress returns the address of the page of a term.
func conceptAddress(key string) string { return "/concepts/" + url.PathEscape(key) }

// apiGroups answers a search of every kind but text.
type apiGroups struct {
	Kind   string `json:"kind"`
	Query  string `json:"query"`
	Groups []any  `json:"groups"` // apiResults
}

// writeGroups answers with what each kind of search but that of text finds, in
// the order in which they are to be read, groups without results left out. A
// query that one kind cannot understand is no fault while others can.
func writeGroups(w http.ResponseWriter, r *http.Request, v View, request searchRequest) error {
	ctx, q := r.Context(), request.Query
	few := q
	few.Limit = max(1, q.Limit*2/5)
	g := groups{answer: apiGroups{everyKind, request.Text, []any{}}}
	var files, lessons, notes, terms func()
	var wait sync.WaitGroup
	wait.Go(func() { files = searching(ctx, &g, "file", v, few, findFiles) })
	wait.Go(func() { lessons = searching(ctx, &g, "lesson", v, few, findLessons) })
	wait.Go(func() { notes = searching(ctx, &g, "note", v, few, findNotes) })
	wait.Go(func() { terms = searching(ctx, &g, "term", v, few, findTerms) })
	symbols := searching(ctx, &g, "symbol", v, q, findSymbols)
	wait.Wait()
	for _, add := range []func(){symbols, files, lessons, notes, terms} {
		add()
	}
	if g.err != nil && (len(g.answer.Groups) == 0 || !errors.Is(g.err, ErrQuery)) {
		return g.err
	}
	return writeJSON(w, http.StatusOK, g.answer)
}

// groups is an answer that is put together.
type groups struct {
	answer apiGroups
	err    error
}

// searching runs a search and returns what adds its results to the answer.
func searching[T any](ctx context.Context, g *groups, kind string, v View, q Query, find func(context.Context, View, Query) ([]T, error)) (add func()) {
	found, err := find(ctx, v, q)
	return func() {
		if err != nil && (g.err == nil || errors.Is(g.err, ErrQuery)) {
			g.err = err
		}
		if len(found) > 0 {
			g.answer.Groups = append(g.answer.Groups, apiResults[T]{kind, q.Text, len(found) >= q.Limit, found})
		}
	}
}
