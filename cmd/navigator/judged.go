package main

import (
	"context"
	"sync"

	"navigator/annotations"
)

// findings are the verdicts on a view's course, and what it says of each file
// in their light.
type findings struct {
	*verdicts
	laid map[at][]annotations.Annotation
	said func() *sayings
}

// judge finds the verdicts of a view, once.
func (v *view) judge(ctx context.Context, k *known, renames string) {
	if v.found.Load() != nil {
		return
	}
	found := k.judge(ctx, v.Snapshot, v.course, v.resolver, v.review, renames)
	if ctx.Err() == nil {
		laid := found.lay(v.course, v.review)
		v.found.Store(&findings{found, laid, sync.OnceValue(func() *sayings { return newSayings(v.course, laid, v.Snapshot) })})
	}
}

// judged is a view with the verdicts as they were when a request came; nil when
// they were not there yet. It is a [server.View].
type judged struct {
	*view
	found *findings
}

// ID implements [server.View]: the verdicts, and then the
// coverage, make another state.
func (j judged) ID() string {
	switch {
	case j.found == nil:
		return j.view.ID() + "-unchecked"
	case j.covered.Load() == nil:
		return j.view.ID() + "-uncounted"
	}
	return j.view.ID()
}

// Checked implements [server.Lessons].
func (j judged) Checked() bool { return j.found != nil }

// Verdicts implements [server.Lessons].
func (j judged) Verdicts(lesson string) []annotations.CitationVerdict {
	if j.found == nil {
		return nil
	}
	return j.found.citations[lesson]
}

// Excerpts implements [server.Lessons].
func (j judged) Excerpts(lesson string) []annotations.ExcerptVerdict {
	if j.found == nil {
		return nil
	}
	return j.found.excerpts[lesson].Verdicts
}

// Annotations implements [server.Lessons].
func (j judged) Annotations(source, path string) []annotations.Annotation {
	if j.found == nil {
		return j.view.Annotations(source, path)
	}
	return j.found.laid[at{source, path}]
}
