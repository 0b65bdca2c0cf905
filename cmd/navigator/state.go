package main

import (
	"context"
	"fmt"
	"iter"
	"maps"

	"navigator/annotations/anchor"
	"navigator/indexer"
	"navigator/indexer/source"
	"navigator/indexer/syntax"
)

// repository is what git has of a source. It serves one goroutine at a time.
type repository struct {
	source.Objects
	extractor *syntax.Extractor
}

func openRepository(root string) *repository {
	return &repository{Objects: source.Objects{Root: root}, extractor: syntax.New()}
}

// Close ends git and frees the parsers.
func (r *repository) Close() error {
	r.extractor.Close()
	return r.Objects.Close()
}

// at returns the source at a commit, any name of it, and the commit's full id.
func (r *repository) at(ctx context.Context, revision string) (*revisionState, string, error) {
	commit, err := source.Resolve(ctx, r.Root, revision)
	if err != nil {
		return nil, "", err
	}
	blobs, err := source.Blobs(ctx, r.Root, commit)
	if err != nil {
		return nil, "", err
	}
	return &revisionState{repository: r, blobs: blobs, symbols: map[indexer.Hash][]indexer.Symbol{}}, commit, nil
}

// history returns the way between two commits. What git cannot tell is nil.
func (r *repository) history(ctx context.Context, from, to string) anchor.History {
	commits, err := source.Commits(ctx, r.Root, from, to)
	if err != nil || commits == nil {
		return nil
	}
	return &gitHistory{r, commits}
}

// gitHistory is an [anchor.History].
type gitHistory struct {
	repository *repository
	commits    []indexer.Commit
}

// Commits implements [anchor.History].
func (h *gitHistory) Commits() []indexer.Commit { return h.commits }

// Content implements [anchor.History].
func (h *gitHistory) Content(blob indexer.Hash) ([]byte, error) { return h.repository.Read(blob) }

// revisionState is a source at a commit. It is an [anchor.State], which parses
// what it is asked the symbols of.
type revisionState struct {
	repository *repository
	blobs      map[string]indexer.Hash
	symbols    map[indexer.Hash][]indexer.Symbol // of the files that were asked for
}

// Paths implements [anchor.State].
func (s *revisionState) Paths() iter.Seq[string] { return maps.Keys(s.blobs) }

// Blob implements [anchor.State].
func (s *revisionState) Blob(path string) (indexer.Hash, bool) {
	hash, ok := s.blobs[path]
	return hash, ok
}

// Text implements [anchor.State].
func (s *revisionState) Text(path string) ([]byte, error) {
	hash, ok := s.blobs[path]
	if !ok {
		return nil, fmt.Errorf("there is no file %s", path)
	}
	return s.repository.Read(hash)
}

// Symbols implements [anchor.State].
func (s *revisionState) Symbols(path string) []indexer.Symbol {
	hash := s.blobs[path]
	symbols, known := s.symbols[hash]
	if known {
		return symbols
	}
	if text, err := s.Text(path); err == nil {
		var facts indexer.Facts
		s.repository.extractor.Extract(indexer.LanguageOf(path), text, &facts)
		symbols = facts.Symbols
	}
	s.symbols[hash] = symbols
	return symbols
}
