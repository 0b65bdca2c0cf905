package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"navigator/annotations/anchor"
	"navigator/annotations/review/drift"
	"navigator/indexer/snapshot"
	"navigator/indexer/source"
)

// heldFile is the name, in the cache, of the anchors that the course's lock does
// not have yet. It is a lock, too. It is written before a new snapshot is
// published, so that what lessons were written against is known whenever a
// reindex is killed.
const heldFile = "held.lock"

// bump follows a course from what it is tied to, to what the sources are now.
type bump struct {
	dir    string // cache
	past   *past
	course *drift.Course
	held   *anchor.Lock
	pinned *drift.Pinned      // nil until there is something to tie to
	base   *snapshot.Snapshot // before the reindex, nil when there was none
}

// newBump reads the course of a workspace and what it is tied to. The caller
// calls close.
func newBump(ctx context.Context, ws *workspace) (*bump, error) {
	dir, err := ws.cache()
	if err != nil {
		return nil, err
	}
	c, err := drift.Open(ws.folder())
	if err != nil {
		return nil, err
	}
	return &bump{dir: dir, past: newPast(ctx, ws), course: c, held: readHeld(dir)}, nil
}

// beginBump ties the course to what the store has now. The caller calls close.
func beginBump(ctx context.Context, ws *workspace, store *snapshot.Store) (*bump, error) {
	b, err := newBump(ctx, ws)
	if err != nil {
		return nil, err
	}
	// A snapshot that cannot be read is as good as none: it is made anew.
	if b.base, err = store.Acquire(); err != nil {
		b.base = nil
		return b, nil
	}
	if err := b.pin(b.base); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *bump) close() {
	b.past.close()
	if b.base != nil {
		b.base.Release()
	}
}

// pin ties what no lock has yet, and holds that.
func (b *bump) pin(t drift.Tree) error {
	b.pinned = drift.Pin(b.course, b.held, t)
	return writeHeld(b.dir, b.pinned.Held())
}

// readHeld returns the entries that are held. Damaged ones are none: they are
// made anew.
func readHeld(dir string) *anchor.Lock {
	text, err := os.ReadFile(filepath.Join(dir, heldFile))
	if err != nil {
		return &anchor.Lock{}
	}
	held, err := anchor.ParseLock(text)
	if err != nil {
		return &anchor.Lock{}
	}
	return held
}

func writeHeld(dir string, held *anchor.Lock) error {
	name, text := filepath.Join(dir, heldFile), held.Format()
	if have, err := os.ReadFile(name); err == nil && string(have) == string(text) {
		return nil
	}
	if err := replaceFile(name, text, 0o644); err != nil {
		return fmt.Errorf("holding the anchors of the course: %w", err)
	}
	return nil
}

// dropHeld holds nothing any more: the course's own lock has it all.
func dropHeld(dir string) error {
	if err := os.Remove(filepath.Join(dir, heldFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("letting go of the anchors of the course: %w", err)
	}
	return nil
}

// finish follows the course to the store's snapshot, and writes what the flags
// ask for.
func (b *bump) finish(store *snapshot.Store, flags bumpFlags) (*driftReport, error) {
	now, err := store.Acquire()
	if err != nil {
		return nil, err
	}
	defer now.Release()
	if b.pinned == nil {
		if err := b.pin(now); err != nil {
			return nil, err
		}
	}
	earlier := []drift.Tree{now}
	if b.base != nil {
		earlier = append(earlier, b.base)
	}
	if previous, err := store.Previous(); err == nil {
		defer previous.Release()
		earlier = append(earlier, previous)
	}
	d := drift.Follow(b.pinned, now, b.past, earlier...)
	written, err := b.write(d, flags)
	if err != nil {
		return nil, err
	}
	return newDriftReport(d, b.pinned.Pins, b.past, written), nil
}

// write settles what is sure in the course, when the flags say so, and returns
// the IDs of what was renumbered. Without them, a course that has no lock and
// is in accord with its sources is held as it is tied to these.
func (b *bump) write(d *drift.Drift, flags bumpFlags) (map[string]bool, error) {
	if flags.write {
		return b.settle(d, flags)
	}
	change, err := d.Settle(drift.Choice{Sure: true})
	if err != nil {
		return nil, err
	}
	if b.course.HasLock() || len(change.Lessons()) > 0 || len(d.Open()) > 0 {
		return nil, nil
	}
	held, err := anchor.ParseLock(change.Lock())
	if err != nil {
		return nil, err
	}
	return nil, writeHeld(b.dir, held)
}

// settle renumbers what is sure, and returns the IDs of it.
func (b *bump) settle(d *drift.Drift, flags bumpFlags) (map[string]bool, error) {
	change, err := d.Settle(drift.Choice{Sure: true, Edited: flags.edited()})
	if err != nil {
		return nil, err
	}
	if err := change.Commit(); err != nil {
		return nil, err
	}
	return change.Settled, dropHeld(b.dir)
}

// bumpFlags say what a reindex does to the course.
type bumpFlags struct {
	write    bool
	accept   string // "" or "edited"
	from, to []string
}

func (f *bumpFlags) edited() bool { return f.accept == "edited" }

// replays says whether two revisions are compared rather than the checkouts
// indexed.
func (f *bumpFlags) replays() bool { return len(f.from)+len(f.to) > 0 }

func (f *bumpFlags) check() error {
	switch {
	case f.accept != "" && f.accept != "edited":
		return usageError{fmt.Errorf("--accept %s: only what is edited can be accepted as a whole", f.accept)}
	case f.accept != "" && !f.write:
		return usageError{errors.New("--accept edited says what --write writes: give both")}
	}
	return nil
}

// replay follows the course between two revisions of the sources that git has.
func replay(ctx context.Context, ws *workspace, flags bumpFlags) (*driftReport, error) {
	b, err := newBump(ctx, ws)
	if err != nil {
		return nil, err
	}
	defer b.close()
	from, to, err := b.ends(ctx, flags)
	if err != nil {
		return nil, err
	}
	base, err := b.past.tree(from)
	if err != nil {
		return nil, err
	}
	now, err := b.past.tree(to)
	if err != nil {
		return nil, err
	}
	base.look(b.course)
	pinned := drift.Pin(b.course, b.held, base)
	d := drift.Follow(pinned, now, b.past, now, base)
	var written map[string]bool
	if flags.write {
		if written, err = b.settle(d, flags); err != nil {
			return nil, err
		}
	}
	report := newDriftReport(d, pinned.Pins, b.past, written)
	report.setFrom(base)
	return report, nil
}

// ends returns the revisions of each source that a replay is between. What the
// flags do not name begins where the course is tied to, and ends at what is
// checked out, or where it begins when they name the end of another source. Of
// sources whose beginning they name, the course's ties are forgotten.
func (b *bump) ends(ctx context.Context, flags bumpFlags) (from, to map[string]string, err error) {
	if from, err = b.past.revisions(ctx, flags.from); err != nil {
		return nil, nil, err
	}
	if to, err = b.past.revisions(ctx, flags.to); err != nil {
		return nil, nil, err
	}
	if named := maps.Clone(from); len(named) > 0 {
		b.course.Forget(func(e *anchor.Entry) bool { return named[e.Source] != "" })
	}
	for _, t := range b.past.trees {
		from[t.Name] = cmp.Or(from[t.Name], b.course.Lock.Revision(t.Name), b.held.Revision(t.Name), "HEAD")
		if len(flags.to) > 0 {
			to[t.Name] = cmp.Or(to[t.Name], from[t.Name])
		} else {
			to[t.Name] = "HEAD"
		}
	}
	if len(flags.from) > 0 {
		b.held = &anchor.Lock{}
	}
	return from, to, nil
}

// setFrom notes the revisions that a replay starts from.
func (r *driftReport) setFrom(base *revisionTree) {
	for i := range r.Sources {
		for _, s := range base.Sources() {
			if s.Name == r.Sources[i].Name {
				r.Sources[i].From = s.Revision
			}
		}
	}
}

// revisions reads values of --from and --to, each a revision or
// NAME=REVISION. A revision without a name is that of the sources that have it.
func (p *past) revisions(ctx context.Context, values []string) (map[string]string, error) {
	out := map[string]string{}
	for _, v := range values {
		name, revision, named := strings.Cut(v, "=")
		if named && slices.ContainsFunc(p.trees, func(t tree) bool { return t.Name == name }) {
			out[name] = revision
			continue
		}
		found := false
		for _, t := range p.trees {
			if _, err := source.Resolve(ctx, t.Root, v); err == nil && out[t.Name] == "" {
				out[t.Name] = v
				found = true
			}
		}
		if !found {
			return nil, fmt.Errorf("no source has a revision %s; fetch it, or write NAME=REVISION", v)
		}
	}
	return out, nil
}
