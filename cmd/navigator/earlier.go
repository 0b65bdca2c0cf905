package main

import (
	"path"
	"slices"
	"sync"

	"navigator/annotations"
	"navigator/annotations/anchor"
	"navigator/indexer"
	"navigator/indexer/snapshot"
	"navigator/server"
)

// earlier is the snapshot before that of a view, which is opened when it is
// first asked for. It is safe for concurrent use.
type earlier struct {
	store *snapshot.Store

	mu     sync.Mutex
	opened bool
	then   *snapshot.Snapshot // nil for none
	paths  map[[2]string]string
}

// open returns the snapshot before, nil when there is none. The caller holds
// the lock.
func (e *earlier) open() *snapshot.Snapshot {
	if !e.opened {
		e.opened = true
		e.paths = map[[2]string]string{}
		if then, err := e.store.Previous(); err == nil {
			e.then = then
		}
	}
	return e.then
}

func (e *earlier) close() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.then != nil {
		e.then.Release()
	}
	e.opened, e.then = true, nil
}

// counterpart returns the path in one snapshot of a file of another: the same,
// or that of the file that went from the one and came to the other most like it;
// "" for none. The caller holds the lock.
func (e *earlier) counterpart(of, in *snapshot.Snapshot, source, name string) string {
	if _, ok := in.FileIndex(source, name); ok {
		return name
	}
	index, ok := of.FileIndex(source, name)
	if !ok {
		return ""
	}
	key := [2]string{of.ID(), source + "/" + name}
	if found, ok := e.paths[key]; ok {
		return found
	}
	found := mostAlike(of, in, index)
	e.paths[key] = found
	return found
}

// alikeFile is the share of lines in common from which a file that came is one
// that went.
const alikeFile = 0.5

// mostAlike returns the path of the file of in that of does not have, and is
// most like a file of of.
func mostAlike(of, in *snapshot.Snapshot, file int) string {
	f := of.Files()[file]
	lines := printsOf(of.Text(file))
	best, most := "", alikeFile
	for i, other := range in.Files() {
		if other.Source != f.Source || path.Ext(other.Path) != path.Ext(f.Path) {
			continue
		}
		if _, stays := of.FileIndex(other.Source, other.Path); stays {
			continue
		}
		if other.Hash == f.Hash {
			return other.Path
		}
		if share := inCommon(lines, printsOf(in.Text(i))); share >= most {
			best, most = other.Path, share
		}
	}
	return best
}

// printsOf returns the fingerprints of the lines that are not blank, sorted.
func printsOf(text []byte) []annotations.Fingerprint {
	all := slices.DeleteFunc(anchor.Fingerprints(text), func(p annotations.Fingerprint) bool { return p == 0 })
	slices.Sort(all)
	return all
}

// inCommon returns the share of the longer of two sorted lists that both have.
func inCommon(a, b []annotations.Fingerprint) float64 {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			n, i, j = n+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return float64(n) / float64(max(len(a), len(b), 1))
}

// Earlier implements [server.Past].
func (v *view) Earlier(source, name string) *server.Earlier {
	e := v.earlier
	e.mu.Lock()
	defer e.mu.Unlock()
	then := e.open()
	if then == nil {
		return nil
	}
	at := name
	now, there := v.FileIndex(source, name)
	if there {
		at = e.counterpart(v.Snapshot, then, source, name)
	}
	index, ok := then.FileIndex(source, at)
	if !ok {
		return nil
	}
	out := &server.Earlier{File: then.Files()[index], Text: then.Text(index)}
	out.Same = there && at == name && out.File.Hash == v.Files()[now].Hash
	i := slices.IndexFunc(then.Sources(), func(s indexer.Source) bool { return s.Name == source })
	if i >= 0 {
		out.Source = then.Sources()[i]
	}
	return out
}

// Later implements [server.Past].
func (v *view) Later(source, name string) string {
	e := v.earlier
	e.mu.Lock()
	defer e.mu.Unlock()
	then := e.open()
	if then == nil {
		return ""
	}
	return e.counterpart(then, v.Snapshot, source, name)
}

// Common implements [server.Past].
func (v *view) Common(old, fresh []byte) []server.Pair {
	var pairs []server.Pair
	for _, p := range anchor.Common(old, fresh) {
		pairs = append(pairs, server.Pair{Old: p.A, New: p.B})
	}
	return pairs
}
