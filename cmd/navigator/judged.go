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

// drafted is a view with a document that is not of the course yet. It is a
// [server.View].
type drafted struct {
	judged
	lesson      *annotations.Lesson
	resolutions []annotations.Resolution
	verdicts    []annotations.CitationVerdict
}

// draft returns a view with a document in place of that of its path. Git is asked
// nothing for it.
func (l *live) draft(v *view, doc *annotations.Lesson) drafted {
	d := drafted{judged: judged{v, v.found.Load()}, lesson: doc}
	alone := &annotations.Course{Noted: []*annotations.Lesson{doc}}
	reviewed := v.resolver.Review(alone)
	for i := range doc.Citations {
		d.resolutions = append(d.resolutions, reviewed.Resolution(doc.ID, i))
	}
	if d.found != nil {
		l.judging.Lock()
		defer l.judging.Unlock()
		past := &history{file: l.renames, snapshot: v.Snapshot, answers: l.known.knownOf(v.Snapshot).held, quiet: true}
		d.verdicts = v.resolver.Citations(alone, reviewed, v.Snapshot, past)[doc.ID]
	}
	return d
}

// Resolutions implements [server.Lessons].
func (d drafted) Resolutions(lesson string) []annotations.Resolution {
	if lesson == d.lesson.ID {
		return d.resolutions
	}
	return d.judged.Resolutions(lesson)
}

// Verdicts implements [server.Lessons].
func (d drafted) Verdicts(lesson string) []annotations.CitationVerdict {
	if lesson == d.lesson.ID {
		return d.verdicts
	}
	return d.judged.Verdicts(lesson)
}
