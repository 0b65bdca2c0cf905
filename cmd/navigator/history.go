package main

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"time"

	"navigator/indexer/snapshot"
	"navigator/indexer/source"
)

// historyTime is how long the history of a source is looked at: what it does
// not tell by then is found by other signs.
const historyTime = 20 * time.Second

// renamesName is the file of the cache that keeps what git says of renames.
const renamesName = "renames.json"

// history asks git what the checkouts know beyond the snapshot, and keeps what
// it says of renames, which depends on the revision alone. It is a
// [review.History].
type history struct {
	ctx      context.Context
	file     string
	snapshot *snapshot.Snapshot
	held     map[string]map[string]bool   // by source: paths at its revision
	answers  map[at]bool                  // of Holds, for the snapshot
	quiet    bool                         // what is not known is not asked
	known    map[string]map[string]string // by source's root and revision: path to its path now, "" when it has none
}

// Holds implements [review.History].
func (r *history) Holds(name, path string) bool {
	if answer, ok := r.answers[at{name, path}]; ok || r.quiet {
		return answer
	}
	for _, s := range r.snapshot.Sources() {
		if s.Name == name && r.held[name] == nil {
			r.held[name] = map[string]bool{} // when there is no checkout any more
			if held, err := source.Paths(r.ctx, s.Root, s.Revision); err == nil {
				r.held[name] = held
			}
		}
	}
	answer := r.held[name][path]
	if len(r.held[name]) > 0 {
		r.answers[at{name, path}] = answer
	}
	return answer
}

// load reads the answers that were kept.
func (r *history) load() {
	if r.known != nil {
		return
	}
	if text, err := os.ReadFile(r.file); err != nil || json.Unmarshal(text, &r.known) != nil || r.known == nil {
		r.known = map[string]map[string]string{}
	}
}

// Renames implements [review.History]. Without history, or without git, there
// are none.
func (r *history) Renames(name string, paths []string) map[string]string {
	r.load()
	for _, s := range r.snapshot.Sources() {
		if s.Name != name {
			continue
		}
		key := s.Root + "@" + s.Revision
		known := r.known[key]
		unknown := slices.DeleteFunc(slices.Clone(paths), func(p string) bool { _, ok := known[p]; return ok })
		if len(unknown) == 0 || r.quiet {
			return known
		}
		ctx, cancel := context.WithTimeout(r.ctx, historyTime)
		defer cancel()
		found, err := source.Renames(ctx, s.Root, s.Revision, unknown)
		if err != nil {
			return known
		}
		for other := range r.known {
			if strings.HasPrefix(other, s.Root+"@") && other != key {
				delete(r.known, other)
			}
		}
		if known == nil {
			known = map[string]string{}
			r.known[key] = known
		}
		for _, p := range unknown {
			known[p] = found[p]
		}
		if text, err := json.Marshal(r.known); err == nil {
			_ = replaceFile(r.file, text, 0o644) // it is asked again otherwise
		}
		return known
	}
	return nil
}
