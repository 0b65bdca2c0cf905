package source

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"navigator/indexer"
)

// Embedded is a tree in an [fs.FS], such as one that is embedded in the
// program. It has no history: its revision is "" and nothing in it counts as
// modified.
type Embedded struct {
	Name string // of the source
	URL  string // of the upstream repository, "" when unknown
	FS   fs.FS
}

// List lists every regular file.
func (e *Embedded) List(ctx context.Context) (*indexer.Listing, error) {
	l := &indexer.Listing{Source: indexer.Source{Name: e.Name, URL: e.URL}}
	err := fs.WalkDir(e.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		text, err := fs.ReadFile(e.FS, path)
		hash := indexer.HashOf(text)
		l.Entries = append(l.Entries, indexer.Entry{Path: path, Size: int64(len(text)), Hash: hash, Committed: hash})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", e.Name, err)
	}
	slices.SortFunc(l.Entries, func(a, b indexer.Entry) int { return strings.Compare(a.Path, b.Path) })
	return l, nil
}

// Read returns the bytes of a file.
func (e *Embedded) Read(entry *indexer.Entry, buf []byte) ([]byte, error) {
	text, err := fs.ReadFile(e.FS, entry.Path)
	return append(buf, text...), err
}
