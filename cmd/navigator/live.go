package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"navigator/annotations/course"
	"navigator/annotations/review"
	"navigator/indexer/resolve"
	"navigator/indexer/search"
	"navigator/indexer/snapshot"
	"navigator/indexer/syntax"
	"navigator/server"
)

// lookEvery is how often a served workspace is looked at for a new snapshot or
// changed lessons.
const lookEvery = time.Second

// live hands out the newest view of a workspace: its current snapshot, with
// the course as it is on disk.
type live struct {
	course course.Folder
	store  *snapshot.Store
	log    *slog.Logger

	highlights highlights
	tallies    tallies
	renames    string        // file that keeps what git says of renames
	fresh      chan struct{} // has an element when there is a view to be judged

	looking sync.Mutex // held by the one look that runs
	judging sync.Mutex // held by whoever judges a view
	known   *known     // of the newest snapshot that was judged; judging guards it

	mu   sync.Mutex
	view *view // has one use of its own; nil before there is anything to show
	err  error // why view is not the newest, nil when it is
}

// openLive returns the live state of a workspace, which ends with close. That
// nothing is indexed yet is no error.
func openLive(ws *workspace, log *slog.Logger) (*live, error) {
	dir, err := ws.cache()
	if err != nil {
		return nil, err
	}
	l := &live{
		course: ws.folder(), store: snapshot.NewStore(dir), log: log,
		renames: filepath.Join(dir, renamesName), fresh: make(chan struct{}, 1),
	}
	l.look()
	return l, nil
}

func (l *live) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.view != nil {
		l.view.unuse()
		l.view = nil
	}
	l.store.Close()
}

// Acquire implements [server.Views].
func (l *live) Acquire() (server.View, func(), error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.view == nil {
		return nil, nil, fmt.Errorf("%w: %w", server.ErrNotIndexed, l.err)
	}
	v := l.view
	v.use()
	return judged{v, v.found.Load()}, sync.OnceFunc(v.unuse), nil
}

// watch keeps the view the newest until ctx ends, and holds the course of each
// against its snapshot: a view is shown at once, its verdicts when they are
// there.
func (l *live) watch(ctx context.Context) {
	var judge sync.WaitGroup
	defer judge.Wait()
	judge.Go(func() { l.judge(ctx) })
	every(ctx, lookEvery, l.look)
}

// look makes a new view if there is anything new. When that fails the view
// that there is stays, and the log tells once why.
func (l *live) look() {
	l.looking.Lock()
	defer l.looking.Unlock()
	next, err := l.next()
	if last := l.view; next != nil && last != nil && last.Snapshot == next.Snapshot && last.found.Load() != nil {
		l.hold(context.Background(), next) // most is known
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil && !errors.Is(err, snapshot.ErrEmpty) && (l.err == nil || l.err.Error() != err.Error()) {
		l.log.Warn("the newest cannot be shown", "error", err)
	}
	l.err = err
	if next == nil {
		return
	}
	if l.view != nil {
		l.view.unuse()
	}
	l.view = next
	select {
	case l.fresh <- struct{}{}:
	default:
	}
}

// hold holds the course of a view against its snapshot.
func (l *live) hold(ctx context.Context, v *view) {
	l.judging.Lock()
	defer l.judging.Unlock()
	l.known = l.known.knownOf(v.Snapshot)
	v.judge(ctx, l.known, l.renames)
}

// judge finds the verdicts of each view, and what references of all files need,
// until ctx ends.
func (l *live) judge(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-l.fresh:
		}
		l.mu.Lock()
		v := l.view
		if v != nil {
			v.use()
		}
		l.mu.Unlock()
		if v != nil {
			v.Warm(ctx)
			l.hold(ctx, v)
			if err := v.cover(ctx, &l.tallies); err != nil && ctx.Err() == nil {
				l.log.Warn("what the course explains is not known", "error", err)
			}
			if found := v.found.Load(); found != nil {
				found.said()
				_, _ = v.words.get() // an error is the reader's who searches
			}
			v.unuse()
		}
	}
}

// next returns a view of what there is now, nil when that is the one at hand.
// With a view comes an error when the store has a newer snapshot that cannot be
// read.
func (l *live) next() (*view, error) {
	snap, err := l.store.Acquire()
	if err != nil {
		return nil, err
	}
	v, err := l.over(snap)
	if v == nil {
		snap.Release()
	} else {
		v.earlier = &earlier{store: l.store}
	}
	return v, errors.Join(err, l.store.Err())
}

// over returns a view of the course over a snapshot, which becomes its own;
// nil when that is the view at hand.
func (l *live) over(snap *snapshot.Snapshot) (*view, error) {
	print, err := course.Fingerprint(l.course.Root)
	if err != nil {
		return nil, err
	}
	last := l.view // only look changes it, and only one look runs at a time
	if last != nil && last.Snapshot == snap {
		if last.fingerprint == print {
			return nil, nil
		}
		return newView(snap, last.engine, last.Resolver, last.resolver, l.course, print, &l.highlights)
	}
	engine, err := search.Open(snap, snap.NameIndexes())
	if err != nil {
		return nil, fmt.Errorf("opening the index of names: %w", err)
	}
	snap.OnClose(func() {
		if err := engine.Close(); err != nil {
			l.log.Warn("closing the index of names", "error", err)
		}
	})
	lines := func(file int) int { return countLines(snap.Text(file)) }
	paths := review.NewResolver(snap.Sources(), snap.Files(), lines)
	return newView(snap, engine, resolve.New(snap, syntax.Lex, preciseIndexes(snap, l.log)...), paths, l.course, print, &l.highlights)
}
