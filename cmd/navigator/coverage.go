package main

import (
	"context"
	"sync"

	"navigator/annotations"
	"navigator/annotations/review"
	"navigator/indexer/snapshot"
)

// tallies keeps what was counted of the newest snapshot.
type tallies struct {
	mu    sync.Mutex
	of    string // ID of the snapshot
	tally *review.Tally
}

// get returns what a snapshot has.
func (t *tallies) get(ctx context.Context, s *snapshot.Snapshot) (*review.Tally, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.tally == nil || t.of != s.ID() {
		tally, err := review.NewTally(ctx, s)
		if err != nil {
			return nil, err
		}
		t.of, t.tally = s.ID(), tally
	}
	return t.tally, nil
}

// cover counts how much the course of a judged view explains.
func (v *view) cover(ctx context.Context, t *tallies) error {
	found := v.found.Load()
	if found == nil || v.covered.Load() != nil {
		return nil
	}
	tally, err := t.get(ctx, v.Snapshot)
	if err != nil {
		return err
	}
	v.covered.Store(tally.Coverage(v.Snapshot, v.course.Documents(), func(source, path string) []annotations.Annotation {
		return found.laid[at{source, path}]
	}))
	return nil
}

// Coverage implements [server.Lessons].
func (v *view) Coverage() *annotations.Coverage { return v.covered.Load() }
