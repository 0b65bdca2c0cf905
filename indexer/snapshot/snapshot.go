// Package snapshot keeps snapshots on disk: immutable, published atomically,
// complete with the text of every file, and sharing what they have in common.
package snapshot

import (
	"cmp"
	"path/filepath"
	"slices"
	"sort"
	"sync/atomic"
	"time"

	"navigator/indexer"
)

// Snapshot is everything known about all sources at one moment. It may be used
// by several goroutines. Text that it returned is there until the last
// Release.
type Snapshot struct {
	dir      string
	id       string
	created  time.Time
	sources  []indexer.Source
	files    []indexer.File
	places   []place
	packs    []*pack
	holders  [][]int32 // by pack: the files that hold each of its contents, see filesOf
	from     *packs    // where packs go back to
	users    atomic.Int32
	onClose  []func()
	attached []attached
	carried  [][]byte // bytes of the attachments
}

// Open opens the snapshot in a folder, which may be a copy of one in a store.
// It has one user, who calls Release. Errors are a [*DamageError], a
// [*FormatError], or of the file system.
func Open(dir string) (*Snapshot, error) { return open(dir, new(packs)) }

func open(dir string, from *packs) (*Snapshot, error) {
	m, err := readManifest(dir)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{dir: dir, id: m.id(), created: m.created, sources: m.sources, places: m.files, attached: m.attached, from: from}
	s.users.Store(1)
	for _, name := range m.packs {
		p, err := from.get(filepath.Join(dir, name))
		if err != nil {
			s.Release()
			return nil, err
		}
		s.packs = append(s.packs, p)
	}
	if err := s.openAttachments(); err != nil {
		s.Release()
		return nil, err
	}
	if err := s.resolve(); err != nil {
		s.Release()
		return nil, &DamageError{filepath.Join(dir, manifestFile), err}
	}
	return s, nil
}

// resolve makes files of places.
func (s *Snapshot) resolve() error {
	s.holders = make([][]int32, len(s.packs))
	for i, p := range s.packs {
		s.holders[i] = make([]int32, len(p.blobs)+1, len(p.blobs)+1+len(s.places))
	}
	s.files = make([]indexer.File, len(s.places))
	for i, at := range s.places {
		if at.blob >= len(s.packs[at.pack].blobs) {
			return errMalformed
		}
		b := &s.packs[at.pack].blobs[at.blob]
		s.files[i] = indexer.File{
			Source: s.sources[at.source].Name, Path: at.path, Language: b.lang,
			Hash: b.hash, Size: b.text.size, Modified: at.modified,
		}
		if i > 0 && compareFiles(s.files[i-1], s.files[i]) >= 0 {
			return errMalformed
		}
		s.holders[at.pack][at.blob]++
	}
	s.countHolders()
	return nil
}

func compareFiles(a, b indexer.File) int {
	return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Path, b.Path))
}

// countHolders turns, for each pack, the number of files of each content into
// an index of lists: n+1 starts of n lists, then the lists.
func (s *Snapshot) countHolders() {
	for i, h := range s.holders {
		sum := int32(len(h))
		for j, n := range h {
			h[j] = sum
			sum += n
		}
		s.holders[i] = h[:sum]
	}
	next := make([][]int32, len(s.holders))
	for i, h := range s.holders {
		next[i] = slices.Clone(h[:len(s.packs[i].blobs)])
	}
	for i, at := range s.places {
		n := &next[at.pack][at.blob]
		s.holders[at.pack][*n] = int32(i)
		*n++
	}
}

// filesOf returns the files that hold a content, in order.
func (s *Snapshot) filesOf(pack, blob int) []int32 {
	h := s.holders[pack]
	if blob >= len(s.packs[pack].blobs) {
		return nil
	}
	return h[h[blob]:h[blob+1]]
}

// Release ends one use of the snapshot.
func (s *Snapshot) Release() {
	if s.users.Add(-1) > 0 {
		return
	}
	for _, f := range s.onClose {
		f()
	}
	for _, p := range s.packs {
		s.from.put(p)
	}
	for _, b := range s.carried {
		unmap(b)
	}
}

// OnClose has f called when the last user releases the snapshot, before its
// text goes. It must be called before the snapshot is shared.
func (s *Snapshot) OnClose(f func()) { s.onClose = append(s.onClose, f) }

// ID names the snapshot: snapshots of a store with other content have other
// names.
func (s *Snapshot) ID() string { return s.id }

// Created returns the time at which the snapshot was published.
func (s *Snapshot) Created() time.Time { return s.created }

// Sources returns the sources, sorted by name. The list is shared.
func (s *Snapshot) Sources() []indexer.Source { return s.sources }

// Files returns the files, sorted by source and path. The list is shared.
func (s *Snapshot) Files() []indexer.File { return s.files }

// FileIndex returns the index in Files of a file.
func (s *Snapshot) FileIndex(source, path string) (int, bool) {
	return sort.Find(len(s.files), func(i int) int {
		return compareFiles(indexer.File{Source: source, Path: path}, s.files[i])
	})
}

// Text returns the bytes of a file, which must not be changed. They are there
// until the last Release.
func (s *Snapshot) Text(file int) []byte {
	at := s.places[file]
	return s.packs[at.pack].textOf(at.blob)
}

// Facts replaces what into holds by what is known of a file. The error is a
// [*DamageError].
func (s *Snapshot) Facts(file int, into *indexer.Facts) error {
	into.Reset()
	at := s.places[file]
	p := s.packs[at.pack]
	into.Errors = p.blobs[at.blob].errors
	into.Symbols = append(into.Symbols, p.symbolsOf(at.blob)...)
	var err error
	into.Occurrences, err = p.occurrencesOf(at.blob, into.Occurrences)
	return err
}

// Symbols returns the symbols of a file, in order. The list is shared; it and
// its strings stay valid after Release.
func (s *Snapshot) Symbols(file int) []indexer.Symbol {
	at := s.places[file]
	return s.packs[at.pack].symbolsOf(at.blob)
}

// SymbolsNamed returns the symbols of that exact unqualified name, by file and
// by place in it.
func (s *Snapshot) SymbolsNamed(name string) []indexer.SymbolRef {
	var refs []indexer.SymbolRef
	for i, p := range s.packs {
		p.strings.named(name, func(blob, symbol int) {
			for _, file := range s.filesOf(i, blob) {
				refs = append(refs, indexer.SymbolRef{File: file, Symbol: int32(symbol)})
			}
		})
	}
	slices.SortFunc(refs, func(a, b indexer.SymbolRef) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Symbol, b.Symbol))
	})
	return refs
}

// NameIndexes returns the folders of the indexes of names, one for each pack.
// Beside every symbol's name they may hold names that no symbol has any more.
// They are there while this snapshot is the current one or the one before, so
// they should be opened soon after Acquire.
func (s *Snapshot) NameIndexes() []string {
	var dirs []string
	for _, p := range s.packs {
		dirs = append(dirs, filepath.Join(s.dir, p.name, namesDir))
	}
	return dirs
}
