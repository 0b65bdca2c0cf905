package snapshot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	lockFile     = "lock"
	currentFile  = "current"
	stampsFile   = "stamps"
	snapshotsDir = "snapshots"
	tmpPrefix    = "tmp-"
)

// Store is a folder of snapshots, of which one is current. It may be used by
// several goroutines, and by several processes at once.
type Store struct {
	dir   string
	packs packs

	mu     sync.Mutex
	served *Snapshot   // nil until Acquire
	seen   os.FileInfo // the pointer to the current snapshot, when it was last followed
	err    error       // why it could not be followed
}

// NewStore returns the store in a folder, which need not exist yet.
func NewStore(dir string) *Store { return &Store{dir: dir} }

// Acquire returns the current snapshot, which the caller releases after use.
// It notices what other processes publish. Where the current snapshot cannot
// be read the one that was served before stays, and Err tells; where there is
// none the error is [ErrEmpty], a [*DamageError], a [*FormatError] or of the
// file system.
func (s *Store) Acquire() (*Snapshot, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refresh()
	if s.served == nil {
		return nil, s.err
	}
	s.served.users.Add(1)
	return s.served, nil
}

// Err says why Acquire does not return the current snapshot, nil when it does.
func (s *Store) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// refresh follows the pointer to the current snapshot if it has changed.
func (s *Store) refresh() {
	info, err := os.Stat(filepath.Join(s.dir, currentFile))
	if err != nil {
		s.seen, s.err = nil, err
		if errors.Is(err, fs.ErrNotExist) {
			s.err = ErrEmpty
		}
		return
	}
	if s.seen != nil && os.SameFile(s.seen, info) && s.seen.ModTime().Equal(info.ModTime()) {
		return
	}
	snapshot, err := s.openCurrent()
	s.seen, s.err = info, err
	if err != nil {
		return
	}
	if s.served != nil {
		s.served.Release()
	}
	s.served = snapshot
}

// openCurrent opens the current snapshot. While it does, others may publish
// and collect it as garbage.
func (s *Store) openCurrent() (snapshot *Snapshot, err error) {
	for range 5 {
		var id string
		if id, err = s.current(); err != nil {
			return nil, err
		}
		snapshot, err = open(s.snapshotDir(id), &s.packs)
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return snapshot, err
}

// current returns the id of the current snapshot. The error is ErrEmpty when
// there is none.
func (s *Store) current() (string, error) {
	path := filepath.Join(s.dir, currentFile)
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", ErrEmpty
	}
	if err != nil {
		return "", err
	}
	id := strings.TrimSpace(string(b))
	if sequence(id) < 0 {
		return "", &DamageError{path, errMalformed}
	}
	return id, nil
}

func (s *Store) snapshotDir(id string) string { return filepath.Join(s.dir, snapshotsDir, id) }

// sequence returns the number that an id begins with, -1 for what is no id.
func sequence(id string) int {
	number, sum, _ := strings.Cut(id, "-")
	n, err := strconv.Atoi(number)
	if err != nil || len(sum) != 8 || strings.Trim(sum, "0123456789abcdef") != "" || n < 0 {
		return -1
	}
	return n
}

// ids returns the ids of the snapshots of the store, the newest first.
func (s *Store) ids() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(s.dir, snapshotsDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var ids []string
	for _, entry := range entries {
		if sequence(entry.Name()) >= 0 {
			ids = append(ids, entry.Name())
		}
	}
	slices.SortFunc(ids, func(a, b string) int { return sequence(b) - sequence(a) })
	return ids, nil
}

// Close releases the snapshot that the store holds ready.
func (s *Store) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.served != nil {
		s.served.Release()
	}
	s.served, s.seen = nil, nil
}

// collect removes garbage: what writers left unfinished, and all snapshots but
// the current one and the one before it. The caller holds the lock.
func (s *Store) collect() error {
	for _, dir := range []string{s.dir, filepath.Join(s.dir, snapshotsDir)} {
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		for _, entry := range entries {
			if strings.HasPrefix(entry.Name(), tmpPrefix) {
				if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
					return err
				}
			}
		}
	}
	current, err := s.current()
	if err != nil {
		return nil // what there is may be all that is left
	}
	ids, err := s.ids()
	if err != nil {
		return err
	}
	older := 0
	for _, id := range ids {
		if sequence(id) < sequence(current) {
			if older++; older == 1 {
				continue
			}
		}
		if id == current {
			continue
		}
		if err := remove(s.snapshotDir(id)); err != nil {
			return err
		}
	}
	return nil
}

// holder is what the lock file says of its writer.
type holder struct {
	PID   int
	Since time.Time
}

// lock makes the caller the one writer of the store. Where another process is,
// waiting is told of it once and lock waits; without waiting it returns the
// [*LockedError].
func (s *Store) lock(ctx context.Context, waiting func(*LockedError)) (*os.File, error) {
	if err := os.MkdirAll(filepath.Join(s.dir, snapshotsDir), 0o755); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(s.dir, lockFile), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	told := false
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			break
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			f.Close()
			return nil, fmt.Errorf("locking %s: %w", f.Name(), err)
		}
		locked := s.holder()
		if waiting == nil {
			f.Close()
			return nil, locked
		}
		if !told {
			waiting(locked)
			told = true
		}
		select {
		case <-ctx.Done():
			f.Close()
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
	b, err := json.Marshal(holder{os.Getpid(), time.Now()})
	if err == nil {
		err = errors.Join(f.Truncate(0), writeAt(f, b))
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("writing %s: %w", f.Name(), err)
	}
	return f, nil
}

func writeAt(f *os.File, b []byte) error {
	_, err := f.WriteAt(b, 0)
	return err
}

// holder returns who holds the lock, as far as the lock file tells.
func (s *Store) holder() *LockedError {
	var h holder
	if b, err := os.ReadFile(filepath.Join(s.dir, lockFile)); err == nil && json.Unmarshal(b, &h) != nil {
		h = holder{}
	}
	return &LockedError{PID: h.PID, Since: h.Since}
}
