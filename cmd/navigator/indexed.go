package main

import (
	"errors"
	"fmt"

	"navigator/indexer/snapshot"
)

// indexed is the newest snapshot of a workspace, for a command that reads it
// once.
type indexed struct {
	*snapshot.Snapshot
	store *snapshot.Store
	dir   string // the workspace's cache
}

// openIndexed opens the newest snapshot of a workspace. The caller calls close.
func openIndexed(ws *workspace) (*indexed, error) {
	dir, err := ws.cache()
	if err != nil {
		return nil, err
	}
	store := snapshot.NewStore(dir)
	snap, err := store.Acquire()
	if errors.Is(err, snapshot.ErrEmpty) {
		err = fmt.Errorf("%w; run: navigator reindex", err)
	}
	if err != nil {
		store.Close()
		return nil, err
	}
	return &indexed{snap, store, dir}, nil
}

func (x *indexed) close() {
	x.Release()
	x.store.Close()
}
