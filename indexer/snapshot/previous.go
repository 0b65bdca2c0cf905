package snapshot

import (
	"errors"
	"io/fs"
)

// Previous returns the snapshot before the current one, which the caller
// releases after use. The error is [ErrEmpty] when there is none, else as of
// Acquire.
func (s *Store) Previous() (*Snapshot, error) {
	current, err := s.current()
	if err != nil {
		return nil, err
	}
	ids, err := s.ids()
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if sequence(id) < sequence(current) {
			previous, err := open(s.snapshotDir(id), &s.packs)
			if errors.Is(err, fs.ErrNotExist) {
				err = ErrEmpty // collected meanwhile
			}
			return previous, err
		}
	}
	return nil, ErrEmpty
}
