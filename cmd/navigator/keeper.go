package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"

	"golang.org/x/sys/unix"

	"navigator/annotations"
	"navigator/annotations/anchor"
	"navigator/annotations/course"
	"navigator/annotations/review/drift"
	"navigator/annotations/review/excerpt"
	"navigator/indexer"
	"navigator/indexer/snapshot"
	"navigator/indexer/source"
	"navigator/server"
)

// keeper keeps the course of a served workspace true. It is a [server.Keeper].
type keeper struct {
	ws   *workspace
	dir  string // cache
	live *live

	mu      sync.Mutex
	past    *past
	read    *excerpt.Memory // of the snapshot in
	in      string          // ID
	touched map[touchedBy][]server.Commit
	key     string // of the state that known is of
	known   *server.Drift
	undo    *drift.Change // of the last decision, nil for none
	undoes  string        // ID of its item
}

// touchedBy is what the commits that touched lines depend on.
type touchedBy struct {
	source, path, from, to string
	lines                  indexer.Lines
}

// newKeeper returns the keeper of a workspace that is shown by l. It asks git
// until ctx ends; the caller calls close.
func newKeeper(ctx context.Context, ws *workspace, l *live) (*keeper, error) {
	dir, err := ws.cache()
	if err != nil {
		return nil, err
	}
	return &keeper{ws: ws, dir: dir, live: l, past: newPast(ctx, ws), touched: map[touchedBy][]server.Commit{}}, nil
}

func (k *keeper) close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.past.close()
}

// watch keeps what is known up to date until ctx ends, so that no reader waits.
func (k *keeper) watch(ctx context.Context) {
	every(ctx, lookEvery, func() { _, _ = k.Drift(ctx) }) // an error is the reader's who asks
}

// follow follows the course as it is on disk to the newest snapshot, for do.
func (k *keeper) follow(do func(*followed, *snapshot.Snapshot) error) error {
	now, err := k.live.store.Acquire()
	if err != nil {
		return err
	}
	defer now.Release()
	if k.in != now.ID() {
		k.in, k.read = now.ID(), &excerpt.Memory{}
	}
	f, err := followBy(k.past, k.ws, k.live.store, now, k.read)
	if err != nil {
		return err
	}
	defer f.close()
	return do(f, now)
}

// state names all that the drift of the course depends on.
func (k *keeper) state() (string, error) {
	print, err := course.Fingerprint(k.ws.Course)
	if err != nil {
		return "", err
	}
	state := print
	for _, name := range []string{filepath.Join(k.dir, "current"), filepath.Join(k.dir, heldFile), filepath.Join(k.ws.Course, anchor.LockName), k.ws.Course} {
		if info, err := os.Stat(name); err == nil {
			state += fmt.Sprintf(" %d %d %v", info.Size(), info.ModTime().UnixNano(), info.Mode())
		} else {
			state += " -"
		}
	}
	return state, nil
}

// Drift implements [server.Keeper].
func (k *keeper) Drift(context.Context) (*server.Drift, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, err := k.state()
	if err != nil {
		return nil, err
	}
	if k.known != nil && k.key == key {
		return k.known, nil
	}
	err = k.follow(func(f *followed, now *snapshot.Snapshot) error {
		k.key, k.known = key, k.describe(f, now)
		return nil
	})
	return k.known, err
}

// describe returns a drift as the server shows it.
func (k *keeper) describe(f *followed, now *snapshot.Snapshot) *server.Drift {
	out := &server.Drift{ReadOnly: readOnly(k.ws.Course), Untied: f.Loose, Undoes: k.undoes}
	out.Citations, out.Excerpts = f.Count()
	for _, s := range f.Now.Sources() {
		pin := (&anchor.Lock{Sources: f.pins}).Revision(s.Name)
		out.Sources = append(out.Sources, server.Bump{Name: s.Name, From: pin, To: s.Revision, Commits: f.past.commits(s.Name, pin, s.Revision)})
	}
	version := versions(f, now)
	for i := range f.Items {
		if it := &f.Items[i]; it.Verdict != annotations.Same {
			out.Items = append(out.Items, k.item(f, it, version(it)))
		}
	}
	return out
}

func (k *keeper) item(f *followed, it *drift.Item, version string) server.DriftItem {
	e := &it.Entry
	out := server.DriftItem{
		ID: it.ID, Version: version, Lesson: it.Lesson.ID, Line: it.Line, Citation: it.Citation, Excerpt: it.Excerpt,
		Raw: (&driftItem{Raw: e.Raw, Start: e.Lines.First, End: e.Lines.Last}).written(), Symbol: e.Symbol, Outcome: it.Outcome, Held: string(it.Held),
		Was: annotations.Place{Source: e.Source, Path: e.Path, Lines: e.Lines}, Revision: e.Revision, Blob: e.Blob, Old: it.Old,
	}
	if it.Citation < 0 {
		out.Raw = placeText(annotations.Place{Path: e.Path, Lines: e.Lines})
	}
	switch {
	case it.Open():
		out.State = server.DriftOpen
	case it.Pending() && it.Citation >= 0:
		out.State = server.DriftPending
	case e.Lost:
		out.State = server.DriftLost
	default:
		out.State = server.DriftSettled
	}
	if out.State == server.DriftOpen || out.State == server.DriftLost {
		out.Touched = k.commits(&e.Anchor, f.Revision(e.Source))
	}
	return out
}

// versions returns what names all that a decision on an item rests on.
func versions(f *followed, now *snapshot.Snapshot) func(*drift.Item) string {
	lock := sha256.Sum256(f.Course.Lock.Format()) // which is long
	return func(it *drift.Item) string {
		sum := sha256.New()
		fmt.Fprintf(sum, "%s\x00%s\x00%x\x00%s", now.ID(), it.ID, lock, it.Lesson.Text)
		return fmt.Sprintf("%.12x", sum.Sum(nil))
	}
}

// commits returns the upstream commits that touched the lines of an anchor,
// which depend on revisions alone.
func (k *keeper) commits(a *annotations.Anchor, to string) []server.Commit {
	key := touchedBy{a.Source, a.Path, a.Revision, to, a.Lines}
	if found, ok := k.touched[key]; ok {
		return found
	}
	var out []server.Commit
	var ids []string
	for _, t := range drift.Touching(k.past, a, to) {
		out = append(out, server.Commit{ID: t.Commit, Removed: t.Removed})
		ids = append(ids, t.Commit)
	}
	slices.Sort(ids)
	for _, t := range k.ws.Sources {
		if t.Name != a.Source || len(ids) == 0 {
			continue
		}
		subjects, err := source.Subjects(k.past.ctx, t.Root, slices.Compact(ids))
		if err != nil {
			break // the ids must do
		}
		for i := range out {
			for _, s := range subjects {
				if s.Commit == out[i].ID {
					out[i].Title, out[i].Author, out[i].When = s.Title, s.Author, s.When
				}
			}
		}
	}
	k.touched[key] = out
	return out
}

// Settle implements [server.Keeper].
func (k *keeper) Settle(_ context.Context, decisions []server.Decision) error {
	return k.write(func(f *followed, now *snapshot.Snapshot) (drift.Choice, error) {
		var choice drift.Choice
		version := versions(f, now)
		for _, d := range decisions {
			it, err := f.Find(d.ID)
			if err != nil || it.ID != d.ID {
				return choice, fmt.Errorf("%w: %w", server.ErrChanged, err)
			}
			if d.Version != "" && d.Version != version(it) {
				return choice, server.ErrChanged
			}
			choice.Decisions = append(choice.Decisions, drift.Decision{ID: d.ID, Lost: d.Lost, To: d.To})
		}
		return choice, nil
	})
}

// Renumber implements [server.Keeper].
func (k *keeper) Renumber(context.Context) error {
	return k.write(func(*followed, *snapshot.Snapshot) (drift.Choice, error) { return drift.Choice{Sure: true}, nil })
}

// Undo implements [server.Keeper].
func (k *keeper) Undo(context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	undo := k.undo
	k.undo, k.undoes = nil, ""
	if undo == nil {
		return server.ErrChanged
	}
	return k.written(undo.Commit())
}

// write writes what choose says.
func (k *keeper) write(choose func(*followed, *snapshot.Snapshot) (drift.Choice, error)) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	err := k.follow(func(f *followed, now *snapshot.Snapshot) error {
		choice, err := choose(f, now)
		if err != nil {
			return err
		}
		k.undo, k.undoes = nil, ""
		undo, err := f.write(choice)
		if err == nil && len(choice.Decisions) > 0 {
			k.undo, k.undoes = undo, choice.Decisions[0].ID
		}
		return err
	})
	return k.written(err)
}

// written has the pages show what was written, and tells the server why nothing
// was.
func (k *keeper) written(err error) error {
	k.known = nil
	k.live.look()
	var changed *drift.ChangedError
	var choice choiceError
	switch {
	case errors.As(err, &changed):
		return fmt.Errorf("%w: %w", server.ErrChanged, err)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return fmt.Errorf("%w: %w", server.ErrReadOnly, err)
	case errors.As(err, &choice):
		return fmt.Errorf("%w: %w", server.ErrDecision, err)
	}
	return err
}

// LastReindex implements [server.Keeper].
func (k *keeper) LastReindex() *server.Reindex {
	r, when := lastReindex(k.dir)
	if r == nil {
		return nil
	}
	d := r.Drift
	out := &server.Reindex{
		When: when, Files: r.Files, Parsed: r.Parsed, Reused: r.Reused, Seconds: r.Seconds,
		Citations: d.Citations, Excerpts: d.Excerpts, Untied: d.Untied, Written: d.Written, Pending: d.Pending, Open: d.Open,
	}
	for _, s := range d.Sources {
		out.Sources = append(out.Sources, server.Bump(s))
	}
	for _, l := range d.Lessons {
		out.Lessons = append(out.Lessons, server.ReindexLesson{Path: l.Doc, Written: l.Written, Pending: l.Pending, Open: l.Open})
	}
	return out
}

// readOnly says whether a course's folder cannot be written.
func readOnly(folder string) bool {
	const writable = 0o222
	info, err := os.Stat(folder)
	return err != nil || info.Mode()&writable == 0 || unix.Access(folder, unix.W_OK) != nil
}
