package server_test

import (
	"context"
	"slices"
	"strings"
	"time"

	"navigator/annotations"
	"navigator/indexer"
	"navigator/server"
)

func (v *fake) Earlier(source, path string) *server.Earlier { return v.earlier[source+"/"+path] }

func (v *fake) Later(source, path string) string { return v.later[source+"/"+path] }

// Common returns a longest common subsequence.
func (v *fake) Common(a, b []byte) (pairs []server.Pair) {
	old, fresh := slices.Collect(strings.Lines(string(a))), slices.Collect(strings.Lines(string(b)))
	best := make([][]int, len(old)+1)
	for i := range best {
		best[i] = make([]int, len(fresh)+1)
	}
	for i := len(old) - 1; i >= 0; i-- {
		for j := len(fresh) - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if old[i] == fresh[j] {
				best[i][j] = best[i+1][j+1] + 1
			}
		}
	}
	for i, j := 0, 0; i < len(old) && j < len(fresh); {
		switch {
		case old[i] == fresh[j]:
			pairs = append(pairs, server.Pair{Old: i, New: j})
			i, j = i+1, j+1
		case best[i+1][j] >= best[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// fakeKeeper keeps what it is told.
type fakeKeeper struct {
	drift   server.Drift
	last    *server.Reindex
	err     error
	settled []server.Decision
	numbers int // times that Renumber was asked for
	undone  int
}

func (k *fakeKeeper) Drift(context.Context) (*server.Drift, error) { return &k.drift, nil }

func (k *fakeKeeper) Settle(_ context.Context, decisions []server.Decision) error {
	if k.err == nil {
		k.settled = append(k.settled, decisions...)
	}
	return k.err
}

func (k *fakeKeeper) Renumber(context.Context) error {
	k.numbers++
	return k.err
}

func (k *fakeKeeper) Undo(context.Context) error {
	k.undone++
	return k.err
}

func (k *fakeKeeper) LastReindex() *server.Reindex { return k.last }

// newKeeper has one citation of each kind, of the bookkeeper's lines.
func newKeeper() *fakeKeeper {
	at := func(first, last int) annotations.Place {
		return annotations.Place{Source: "shop", Path: "source/books/bookkeeper.h", Lines: indexer.Lines{First: first, Last: last}}
	}
	item := func(id string, citation int, state server.DriftState, verdict annotations.Verdict, now annotations.Place, old ...string) server.DriftItem {
		return server.DriftItem{
			ID: id, Version: "v-" + id, Lesson: first1, Line: 12, Citation: citation, Excerpt: -1, Raw: "source/books/bookkeeper.h:6-8", State: state,
			Outcome: annotations.Outcome{Verdict: verdict, Place: now, Method: annotations.LineMap, Score: 0.75},
			Was:     at(6, 8), Revision: strings.Repeat("cd", 20), Old: old,
		}
	}
	edited := item("e1", 0, server.DriftOpen, annotations.Edited, at(7, 9), "class Bookkeeper : public Journal {", "public:", "  long add(int amount) { return total_ += amount; }")
	edited.Touched = []server.Commit{{ID: strings.Repeat("ef", 20), Title: "Keep a ledger", Author: "Ana", When: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}}
	lost := item("l1", 1, server.DriftOpen, annotations.Lost, annotations.Place{}, "int gone;")
	lost.Touched = []server.Commit{{ID: strings.Repeat("12", 20), Title: "Drop it", Removed: true}}
	k := &fakeKeeper{drift: server.Drift{
		Sources:   []server.Bump{{Name: "shop", From: strings.Repeat("cd", 20), To: strings.Repeat("ab", 20), Commits: 7}},
		Citations: map[annotations.Verdict]int{annotations.Edited: 1, annotations.Lost: 2, annotations.Moved: 1}, Excerpts: map[annotations.Verdict]int{},
		Items: []server.DriftItem{
			lost, edited,
			item("p1", 0, server.DriftPending, annotations.Moved, at(9, 11)),
			item("k1", 1, server.DriftLost, annotations.Lost, annotations.Place{}, "int kept;"),
		},
	}}
	k.last = &server.Reindex{
		Files: 6, Parsed: 1, Reused: 5, Sources: k.drift.Sources, Citations: k.drift.Citations, Excerpts: k.drift.Excerpts, Open: 2, Pending: 1,
		Lessons: []server.ReindexLesson{{Path: "01_libros/01_contar.md", Open: 2, Pending: 1}},
	}
	return k
}
