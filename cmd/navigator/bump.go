package main

import (
	"context"
	"errors"
	"fmt"
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

// bump follows a course through a reindex.
type bump struct {
	ws     *workspace
	dir    string // cache
	past   *past
	course *drift.Course
	pinned *drift.Pinned // nil until there is something to tie to
	held   *anchor.Lock
	base   *snapshot.Snapshot // before the reindex, nil when there was none
}

// beginBump ties the course to what the store has now. The caller calls close.
func beginBump(ctx context.Context, ws *workspace, store *snapshot.Store) (*bump, error) {
	dir, err := ws.cache()
	if err != nil {
		return nil, err
	}
	b := &bump{ws: ws, dir: dir, past: newPast(ctx, ws)}
	if b.course, err = drift.Open(ws.folder()); err != nil {
		b.close()
		return nil, err
	}
	b.held = readHeld(dir)
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

// readHeld returns the entries that are held, nil for none. Damaged ones are
// none: they are made anew.
func readHeld(dir string) *anchor.Lock {
	text, err := os.ReadFile(filepath.Join(dir, heldFile))
	if err != nil {
		return nil
	}
	held, err := anchor.ParseLock(text)
	if err != nil {
		return nil
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

// finish follows the course to the store's snapshot, writes what the flags ask
// for, and keeps the report.
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
	report := newDriftReport(d, b.pinned.Pins, b.past, written)
	return report, report.keep(b.dir)
}

// write settles what is sure in the course, when the flags say so, and returns
// the IDs of what was renumbered. Without them, a course that has no lock and
// is in accord with its sources is held as it is tied to these.
func (b *bump) write(d *drift.Drift, flags bumpFlags) (map[string]bool, error) {
	change, err := d.Settle(drift.Choice{Sure: true, Edited: flags.edited()})
	if err != nil {
		return nil, err
	}
	switch {
	case flags.write:
		if err := change.Commit(); err != nil {
			return nil, err
		}
		return change.Settled, writeHeld(b.dir, &anchor.Lock{})
	case !b.course.HasLock() && len(change.Lessons()) == 0 && len(d.Open()) == 0:
		held, err := anchor.ParseLock(change.Lock())
		if err != nil {
			return nil, err
		}
		return nil, writeHeld(b.dir, held)
	}
	return nil, nil
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
// Without from, it is from what the course is tied to.
func replay(ctx context.Context, ws *workspace, flags bumpFlags) (*driftReport, error) {
	p := newPast(ctx, ws)
	defer p.close()
	c, err := drift.Open(ws.folder())
	if err != nil {
		return nil, err
	}
	dir, err := ws.cache()
	if err != nil {
		return nil, err
	}
	held := readHeld(dir)
	from, err := p.revisions(ctx, flags.from)
	if err != nil {
		return nil, err
	}
	to, err := p.revisions(ctx, flags.to)
	if err != nil {
		return nil, err
	}
	start := map[string]string{}
	for _, t := range ws.Sources {
		start[t.Name] = "HEAD"
		if pin := c.Lock.Revision(t.Name); pin != "" {
			start[t.Name] = pin
		} else if held != nil && held.Revision(t.Name) != "" {
			start[t.Name] = held.Revision(t.Name)
		}
		if from[t.Name] != "" {
			start[t.Name] = from[t.Name]
		}
		if to[t.Name] == "" {
			to[t.Name] = "HEAD"
			if len(flags.to) > 0 {
				to[t.Name] = start[t.Name] // another source's bump
			}
		}
	}
	if len(from) > 0 {
		c.Forget(func(e *anchor.Entry) bool { return from[e.Source] != "" })
		held = nil
	}
	base, err := p.tree(start)
	if err != nil {
		return nil, err
	}
	now, err := p.tree(to)
	if err != nil {
		return nil, err
	}
	base.look(c)
	pinned := drift.Pin(c, held, base)
	d := drift.Follow(pinned, now, p, now, base)
	var written map[string]bool
	if flags.write {
		change, err := d.Settle(drift.Choice{Sure: true, Edited: flags.edited()})
		if err != nil {
			return nil, err
		}
		if err := change.Commit(); err != nil {
			return nil, err
		}
		written = change.Settled
		if err := os.Remove(filepath.Join(dir, heldFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	report := newDriftReport(d, pinned.Pins, p, written)
	report.setFrom(base)
	return report, nil
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
