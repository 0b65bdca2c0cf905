package server_test

import (
	"context"
	"slices"

	"navigator/server"
)

func (v *fake) Earlier(source, path string) *server.Earlier { return v.earlier[source+"/"+path] }

func (v *fake) Later(source, path string) string { return v.later[source+"/"+path] }

// Align pairs each line with the next equal one.
func (v *fake) Align(old, fresh []string) (pairs []server.Pair) {
	at := 0
	for i, line := range old {
		if j := slices.Index(fresh[at:], line); j >= 0 {
			pairs = append(pairs, server.Pair{Old: i, New: at + j})
			at += j + 1
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

func (k *fakeKeeper) LastReindex() *server.Reindex { return k.last }
