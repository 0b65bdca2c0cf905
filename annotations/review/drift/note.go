package drift

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/annotations/anchor"
	"navigator/annotations/course"
)

// WriteNotes writes a file of notes, by its path in the course, and ties in the
// lock what it cites in now; nil for before or after says that there is
// no file. What a lock does not say of the revisions is taken from held, which
// may be nil. A file or lock that is not any more what it was is a
// [*ChangedError], and nothing is written. A damaged lock stays as it is.
func WriteNotes(folder course.Folder, file string, before, after []byte, now Tree, held *anchor.Lock) error {
	if !filepath.IsLocal(filepath.FromSlash(file)) || !folder.HasNotes(file) || path.Ext(file) != ".md" {
		return fmt.Errorf("%s is no file of notes", file)
	}
	root := folder.Root
	lockText, err := readIfThere(filepath.Join(root, anchor.LockName))
	if err != nil {
		return fmt.Errorf("reading the lock: %w", err)
	}
	l := course.ParseNotes(file, after)
	c := &Change{root: root, lock: tied(root, l, lockText, now, held), lockBefore: lockText,
		lessons: []rewritten{{path: file, id: l.ID, before: before, after: after}}}
	if err := makeFolder(root, path.Dir(file)); err != nil {
		return err
	}
	if err := c.Commit(); err != nil {
		return err
	}
	if after == nil {
		removeEmpty(root, file)
	}
	return nil
}

// tied returns a lock with the citations of a file of notes tied, and none that
// it does not have.
func tied(root string, l *annotations.Lesson, lockText []byte, now Tree, held *anchor.Lock) []byte {
	lock := &anchor.Lock{}
	if lockText != nil {
		var err error
		if lock, err = anchor.ParseLock(lockText); err != nil {
			return lockText
		}
	}
	own := func(e anchor.Entry) bool { return e.Lesson == l.ID }
	known := &anchor.Lock{Sources: lock.Sources}
	for _, e := range lock.Entries {
		if own(e) {
			known.Entries = append(known.Entries, e)
		}
	}
	p := Pin(&Course{Course: &annotations.Course{Root: root, Noted: []*annotations.Lesson{l}}, Lock: known}, pinsOf(held), now)
	lock.Entries = slices.DeleteFunc(lock.Entries, own)
	for _, s := range p.subjects {
		lock.Entries = append(lock.Entries, s.entry)
	}
	lock.Sources = p.Pins
	return lock.Format()
}

// pinsOf returns the revisions of a lock alone.
func pinsOf(l *anchor.Lock) *anchor.Lock {
	if l == nil {
		return nil
	}
	return &anchor.Lock{Sources: l.Sources}
}

// makeFolder makes a folder of a course, which must be inside it whatever links
// there are.
func makeFolder(root, folder string) error {
	there := root
	for part := range strings.SplitSeq(folder, "/") {
		next := filepath.Join(there, part)
		if _, err := os.Lstat(next); err != nil {
			if err := canWriteIn(there); err != nil {
				return err
			}
			if err := os.Mkdir(next, 0o755); err != nil && !os.IsExist(err) {
				return err
			}
		}
		there = next
	}
	real, err := filepath.EvalSymlinks(there)
	if err != nil {
		return err
	}
	if base, err := filepath.EvalSymlinks(root); err != nil {
		return err
	} else if rel, err := filepath.Rel(base, real); err != nil || !filepath.IsLocal(rel) {
		return fmt.Errorf("%s leads out of the course: %w", folder, fs.ErrPermission)
	}
	return nil
}

// removeEmpty removes a file of notes that is empty, and the folders that are
// empty then. What cannot be removed does no harm.
func removeEmpty(root, file string) {
	name := filepath.Join(root, filepath.FromSlash(file))
	if text, err := os.ReadFile(name); err != nil || len(bytes.TrimSpace(text)) > 0 {
		return
	}
	for ; file != "."; file = path.Dir(file) {
		if os.Remove(filepath.Join(root, filepath.FromSlash(file))) != nil {
			return
		}
	}
}
