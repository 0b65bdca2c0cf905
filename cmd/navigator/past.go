package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"

	"navigator/annotations/anchor"
	"navigator/annotations/review/drift"
	"navigator/indexer"
	"navigator/indexer/source"
)

// past is what git has of a workspace's sources. It is a [drift.Past], and
// serves one goroutine at a time.
type past struct {
	ctx       context.Context
	trees     []tree
	open      map[string]*repository // by source
	states    map[sourceAt]*revisionState
	histories map[[3]string]anchor.History
}

// sourceAt is a source at a revision.
type sourceAt struct{ source, revision string }

func newPast(ctx context.Context, ws *workspace) *past {
	return &past{ctx: ctx, trees: ws.Sources, open: map[string]*repository{}, states: map[sourceAt]*revisionState{}, histories: map[[3]string]anchor.History{}}
}

// close ends what was started.
func (p *past) close() {
	for _, r := range p.open {
		_ = r.Close() // it was read from alone
	}
}

// repository returns the repository of a source, nil for one that the workspace
// does not have.
func (p *past) repository(name string) *repository {
	if r := p.open[name]; r != nil {
		return r
	}
	for _, t := range p.trees {
		if t.Name == name {
			p.open[name] = openRepository(t.Root)
			return p.open[name]
		}
	}
	return nil
}

// state returns a source at a revision, any name of one.
func (p *past) state(name, revision string) (*revisionState, string, error) {
	r := p.repository(name)
	if r == nil {
		return nil, "", fmt.Errorf("there is no source %s", name)
	}
	s, commit, err := r.at(p.ctx, revision)
	if err == nil {
		p.states[sourceAt{name, commit}] = s
	}
	return s, commit, err
}

// At implements [drift.Past].
func (p *past) At(name, revision string) anchor.State {
	at := sourceAt{name, revision}
	s, known := p.states[at]
	if !known {
		var err error
		if s, _, err = p.state(name, revision); err != nil {
			p.states[at] = nil
		}
	}
	if s == nil {
		return nil
	}
	return s
}

// History implements [drift.Past]. It is read when it is first asked for.
func (p *past) History(name, from, to string) anchor.History {
	at := [3]string{name, from, to}
	h, known := p.histories[at]
	if !known {
		if r := p.repository(name); r != nil {
			h = &lazyHistory{load: func() anchor.History { return r.history(p.ctx, from, to) }}
		}
		p.histories[at] = h
	}
	return h
}

// lazyHistory is an [anchor.History] that is read when it is first asked for.
type lazyHistory struct {
	load   func() anchor.History
	loaded bool
	anchor.History
}

func (h *lazyHistory) get() anchor.History {
	if !h.loaded {
		h.History, h.loaded = h.load(), true
	}
	return h.History
}

// Commits implements [anchor.History].
func (h *lazyHistory) Commits() []indexer.Commit {
	if in := h.get(); in != nil {
		return in.Commits()
	}
	return nil
}

// Content implements [anchor.History].
func (h *lazyHistory) Content(blob indexer.Hash) ([]byte, error) {
	if in := h.get(); in != nil {
		return in.Content(blob)
	}
	return nil, errors.New("git does not have the history")
}

// commits returns how many commits lead from one revision to another, 0 when
// git cannot tell.
func (p *past) commits(name, from, to string) int {
	r := p.repository(name)
	if r == nil || from == "" || to == "" || from == to {
		return 0
	}
	n, err := source.CountCommits(p.ctx, r.Root, from, to)
	if err != nil {
		return 0
	}
	return n
}

// revisionTree is a revision of each source, read from git as it is asked for.
// It is a [drift.Tree].
type revisionTree struct {
	sources []indexer.Source
	files   []indexer.File
	states  map[string]*revisionState
	texts   map[indexer.Hash][]byte
	names   map[string][]indexer.SymbolRef // of the files that were looked at
	looked  map[int]bool
}

// tree returns the sources at revisions, by name of the source; one that is not
// named is left out.
func (p *past) tree(revisions map[string]string) (*revisionTree, error) {
	out := &revisionTree{states: map[string]*revisionState{}, texts: map[indexer.Hash][]byte{}, names: map[string][]indexer.SymbolRef{}, looked: map[int]bool{}}
	for _, t := range p.trees {
		revision, ok := revisions[t.Name]
		if !ok {
			continue
		}
		s, commit, err := p.state(t.Name, revision)
		if err != nil {
			return nil, fmt.Errorf("source %s: %w", t.Name, err)
		}
		out.states[t.Name] = s
		out.sources = append(out.sources, indexer.Source{Name: t.Name, Root: t.Root, URL: t.URL, Revision: commit})
		filter := t.checkout().Filter
		for _, path := range slices.Sorted(maps.Keys(s.blobs)) {
			if filter.Match(path) {
				out.files = append(out.files, indexer.File{Source: t.Name, Path: path, Language: indexer.LanguageOf(path), Hash: s.blobs[path]})
			}
		}
	}
	slices.SortFunc(out.sources, func(a, b indexer.Source) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(out.files, compareFiles)
	return out, nil
}

func compareFiles(a, b indexer.File) int {
	return cmp.Or(strings.Compare(a.Source, b.Source), strings.Compare(a.Path, b.Path))
}

// Sources implements [drift.Tree].
func (t *revisionTree) Sources() []indexer.Source { return t.sources }

// Files implements [drift.Tree].
func (t *revisionTree) Files() []indexer.File { return t.files }

// FileIndex implements [drift.Tree].
func (t *revisionTree) FileIndex(source, path string) (int, bool) {
	return sort.Find(len(t.files), func(i int) int {
		return compareFiles(indexer.File{Source: source, Path: path}, t.files[i])
	})
}

// Text implements [drift.Tree]. What git does not have is empty.
func (t *revisionTree) Text(file int) []byte {
	f := &t.files[file]
	text, ok := t.texts[f.Hash]
	if !ok {
		text, _ = t.states[f.Source].Text(f.Path)
		t.texts[f.Hash] = text
	}
	return text
}

// Symbols implements [drift.Tree].
func (t *revisionTree) Symbols(file int) []indexer.Symbol {
	f := &t.files[file]
	symbols := t.states[f.Source].Symbols(f.Path)
	if !t.looked[file] {
		t.looked[file] = true
		for i := range symbols {
			t.names[symbols[i].Name] = append(t.names[symbols[i].Name], indexer.SymbolRef{File: int32(file), Symbol: int32(i)})
		}
	}
	return symbols
}

// SymbolsNamed implements [drift.Tree]. It knows the symbols of the files that
// were looked at.
func (t *revisionTree) SymbolsNamed(name string) []indexer.SymbolRef {
	refs := slices.Clone(t.names[name])
	slices.SortFunc(refs, func(a, b indexer.SymbolRef) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Symbol, b.Symbol))
	})
	return refs
}

// look looks at the files that a course cites by their whole path, so that their
// symbols are known.
func (t *revisionTree) look(c *drift.Course) {
	for _, l := range c.Lessons {
		for _, cited := range l.Citations {
			for _, s := range t.sources {
				if file, ok := t.FileIndex(s.Name, cited.Path); ok && !t.looked[file] {
					t.Symbols(file)
				}
			}
		}
	}
}
