package drift

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"golang.org/x/sys/unix"

	"navigator/annotations"
	"navigator/annotations/anchor"
	"navigator/annotations/course"
	"navigator/annotations/review/excerpt"
)

// Lessons and lock are written together or not at all. What is to be written is
// first laid in a folder of its own inside the course; renaming that folder to
// pendingDir decides that it will be. Then each file is renamed to its place,
// the lock last, and the folder removed. Whoever opens the course completes what
// was interrupted: a file that is still in the folder has not been put in its
// place. A lesson that a person edited in between is left alone, and the lock
// keeps what it said of it.
const (
	pendingDir  = ".navigator-pending"
	stagePrefix = ".navigator-stage-"
	journalName = "journal"
)

// Course is a course and its lock as they are on disk.
type Course struct {
	*annotations.Course
	Lock *anchor.Lock    // empty when there is none
	Read *excerpt.Memory // of the tree that it is pinned to; nil reads all

	lockText []byte // nil when there is none
}

// Open reads a course and its lock, once what was interrupted is
// complete. A damaged lock is an [*anchor.LockError].
func Open(folder course.Folder) (*Course, error) {
	root := folder.Root
	unlock, err := lockFolder(root, unix.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer unlock()
	if err := complete(root); err != nil {
		return nil, err
	}
	loaded, err := folder.Load()
	if err != nil {
		return nil, err
	}
	c := &Course{Course: loaded, Lock: &anchor.Lock{}}
	if c.lockText, err = readIfThere(filepath.Join(root, anchor.LockName)); err != nil {
		return nil, fmt.Errorf("reading the lock: %w", err)
	}
	if c.lockText != nil {
		if c.Lock, err = anchor.ParseLock(c.lockText); err != nil {
			return nil, fmt.Errorf("%s: %w", root, err)
		}
	}
	return c, nil
}

// HasLock says whether the course has a lock.
func (c *Course) HasLock() bool { return c.lockText != nil }

// readIfThere returns the bytes of a file, nil when there is none.
func readIfThere(name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if text == nil && err == nil {
		text = []byte{}
	}
	return text, err
}

// lockFolder has one process at a time write into a folder, where the file
// system can. It ends with the function returned.
func lockFolder(root string, how int) (unlock func(), err error) {
	dir, err := os.Open(root)
	if err != nil {
		return nil, fmt.Errorf("opening the course: %w", err)
	}
	_ = unix.Flock(int(dir.Fd()), how)
	return func() { dir.Close() }, nil
}

// ChangedError says that a file is not any more what a [Change] was made from.
type ChangedError struct{ Path string }

func (e *ChangedError) Error() string {
	return fmt.Sprintf("%s has changed meanwhile: nothing was written; run it again", e.Path)
}

// Change is what is to be written into a course.
type Change struct {
	Settled map[string]bool // IDs of the items whose citations lead elsewhere by it

	root       string
	lessons    []rewritten
	lock       []byte
	lockBefore []byte // nil when there was none
}

// rewritten is a lesson with its citations renumbered.
type rewritten struct {
	path, id      string
	before, after []byte
}

// Empty says whether there is nothing to write.
func (c *Change) Empty() bool { return len(c.lessons) == 0 && bytes.Equal(c.lock, c.lockBefore) }

// Lessons returns the paths of the lessons that are rewritten.
func (c *Change) Lessons() []string {
	var paths []string
	for _, l := range c.lessons {
		paths = append(paths, l.path)
	}
	return paths
}

// Lock returns the lock as it is to be.
func (c *Change) Lock() []byte { return c.lock }

// Commit writes c, all of it or nothing. A lesson or lock that is not any more
// what c was made from is a [*ChangedError], and nothing is lost.
func (c *Change) Commit() error {
	if c.Empty() {
		return nil
	}
	unlock, err := lockFolder(c.root, unix.LOCK_EX)
	if err != nil {
		return err
	}
	defer unlock()
	if err := complete(c.root); err != nil {
		return err
	}
	if err := c.unchanged(); err != nil {
		return err
	}
	if err := c.stage(); err != nil {
		return fmt.Errorf("writing the course: nothing of it was changed: %w", err)
	}
	return complete(c.root)
}

// unchanged returns an error when the course is not what c was made from.
func (c *Change) unchanged() error {
	for _, l := range c.lessons {
		if text, err := readIfThere(filepath.Join(c.root, filepath.FromSlash(l.path))); err != nil {
			return err
		} else if !bytes.Equal(text, l.before) {
			return &ChangedError{l.path}
		}
	}
	text, err := readIfThere(filepath.Join(c.root, anchor.LockName))
	if err != nil {
		return err
	}
	if !bytes.Equal(text, c.lockBefore) || (text == nil) != (c.lockBefore == nil) {
		return &ChangedError{anchor.LockName}
	}
	return nil
}

// journal says what a pending folder holds. Its last file is the lock.
type journal struct {
	Files []pending `json:"files"`
}

// pending is a file of the pending folder on its way to its place.
type pending struct {
	Name   string `json:"name"`   // in the pending folder
	Path   string `json:"path"`   // in the course, slash-separated
	Lesson string `json:"lesson"` // ID; "" for the lock
	Old    string `json:"old"`    // SHA-256 of what is replaced, "" for no file
	New    string `json:"new"`
}

func sum(text []byte) string {
	if text == nil {
		return ""
	}
	return fmt.Sprintf("%x", sha256.Sum256(text))
}

// writable are the bits of a mode of which none is set in what is read-only: a
// rename would not ask.
const writable = 0o222

// stage lays the files, and decides that they will be put in their places.
func (c *Change) stage() (err error) {
	if err := canWriteIn(c.root); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(c.root, stagePrefix)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.RemoveAll(dir)
		}
	}()
	var j journal
	add := func(path, lesson string, before, after []byte) error {
		p := pending{strconv.Itoa(len(j.Files)), path, lesson, sum(before), sum(after)}
		j.Files = append(j.Files, p)
		mode := fs.FileMode(0o644)
		if info, err := os.Stat(filepath.Join(c.root, filepath.FromSlash(path))); err == nil {
			mode = info.Mode().Perm()
		}
		if mode&writable == 0 {
			return fmt.Errorf("%s is read-only: %w", path, fs.ErrPermission)
		}
		if err := canWriteIn(filepath.Dir(filepath.Join(c.root, filepath.FromSlash(path)))); err != nil {
			return err
		}
		return writeThrough(filepath.Join(dir, p.Name), after, mode)
	}
	for _, l := range c.lessons {
		if err := add(l.path, l.id, l.before, l.after); err != nil {
			return err
		}
	}
	if err := add(anchor.LockName, "", c.lockBefore, c.lock); err != nil {
		return err
	}
	text, err := json.Marshal(j)
	if err != nil {
		return err
	}
	if err := writeThrough(filepath.Join(dir, journalName), text, 0o644); err != nil {
		return err
	}
	return os.Rename(dir, filepath.Join(c.root, pendingDir))
}

// canWriteIn returns an error when files in a folder cannot be replaced.
func canWriteIn(folder string) error {
	info, err := os.Stat(folder)
	if err == nil && info.Mode()&writable == 0 {
		err = fs.ErrPermission
	}
	if err == nil {
		err = unix.Access(folder, unix.W_OK)
	}
	if err != nil {
		return fmt.Errorf("%s is read-only: %w", folder, err)
	}
	return nil
}

// writeThrough writes a file and waits until it is on the disk.
func writeThrough(name string, text []byte, mode fs.FileMode) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
}

// complete puts what is pending in a course in its place, and removes what was
// laid and never decided. The caller has locked the folder.
func complete(root string) error {
	if stale, _ := filepath.Glob(filepath.Join(globEscape(root), stagePrefix+"*")); stale != nil {
		for _, dir := range stale {
			os.RemoveAll(dir) // in a course that cannot be written it stays, and does no harm
		}
	}
	dir := filepath.Join(root, pendingDir)
	text, err := readIfThere(filepath.Join(dir, journalName))
	if err != nil {
		return fmt.Errorf("completing an interrupted update of the course: %w", err)
	}
	if text == nil {
		if _, err := os.Lstat(dir); err == nil {
			os.RemoveAll(dir) // it was all done
		}
		return nil
	}
	if err := roll(root, dir, text); err != nil {
		return fmt.Errorf("completing an interrupted update of the course: %w", err)
	}
	return os.RemoveAll(dir)
}

// globEscape has a path mean itself in a pattern.
func globEscape(path string) string {
	var out []rune
	for _, r := range path {
		if r == '*' || r == '?' || r == '[' || r == '\\' {
			out = append(out, '\\')
		}
		out = append(out, r)
	}
	return string(out)
}

// roll puts the files of a journal in their places.
func roll(root, dir string, text []byte) error {
	var j journal
	if err := json.Unmarshal(text, &j); err != nil {
		return fmt.Errorf("%s: %w; remove the folder", filepath.Join(dir, journalName), err)
	}
	left := map[string]bool{} // lessons that a person has changed
	for _, p := range j.Files {
		if !filepath.IsLocal(p.Path) || !filepath.IsLocal(p.Name) || p.Lesson == "" && p.Path != anchor.LockName {
			return fmt.Errorf("%s names %q, which is not of the course; remove the folder", filepath.Join(dir, journalName), p.Path)
		}
		place, name := filepath.Join(root, filepath.FromSlash(p.Path)), filepath.Join(dir, p.Name)
		have, err := readIfThere(place)
		if err != nil {
			return err
		}
		_, err = os.Lstat(name)
		waits := err == nil
		switch is := sum(have); {
		case is == p.New:
		case is == p.Old && waits && p.Lesson == "":
			err = placeLock(name, place, left, have)
		case is == p.Old && waits:
			err = os.Rename(name, place)
		case p.Lesson != "" && (waits || is == p.Old):
			left[p.Lesson] = true // edited before it was replaced, or put back since
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// placeLock puts the lock at name in its place; of lessons that were left alone
// it says what old, the lock before, did.
func placeLock(name, place string, left map[string]bool, old []byte) error {
	if len(left) == 0 {
		return os.Rename(name, place)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	fresh, err := anchor.ParseLock(text)
	if err != nil {
		return err
	}
	before := &anchor.Lock{}
	if old != nil {
		if before, err = anchor.ParseLock(old); err != nil {
			return err
		}
	}
	fresh.Entries = slices.DeleteFunc(fresh.Entries, func(e anchor.Entry) bool { return left[e.Lesson] })
	for _, e := range before.Entries {
		if left[e.Lesson] {
			fresh.Entries = append(fresh.Entries, e)
		}
	}
	mixed := name + "-mixed"
	os.Remove(mixed)
	if err := writeThrough(mixed, fresh.Format(), 0o644); err != nil {
		return err
	}
	return os.Rename(mixed, place)
}

// Forget drops entries of the lock, to be tied anew.
func (c *Course) Forget(which func(*anchor.Entry) bool) {
	c.Lock.Entries = slices.DeleteFunc(c.Lock.Entries, func(e anchor.Entry) bool { return which(&e) })
}
