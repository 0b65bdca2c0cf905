// Package search finds symbols, text, files and lessons. It is the only
// package of Navigator that touches bleve.
//
// Symbols are found through names indexes, which a [Writer] makes of the
// distinct names of a pack and an [Engine] opens together with the snapshot
// that they belong to. Text is found by scanning all of it, which at the size
// of the trees that Navigator serves costs less than an index would.
//
// Ranges in this package are offsets in bytes from 0, the end excluded, as in
// Go's slices; lines are counted from 1 as everywhere.
package search

import (
	"errors"
	"fmt"

	"navigator/indexer"
)

// Corpus is what an Engine searches: the files of a snapshot. Its methods are
// called from several goroutines, and what they return is not changed.
type Corpus interface {
	// Files returns all files, in the order in which results are given.
	Files() []indexer.File
	// Text returns the bytes of a file, UTF-8 without NUL.
	Text(file int) []byte
	// Symbols returns the symbols of a file.
	Symbols(file int) []indexer.Symbol
}

// Range is a stretch of a text that matched.
type Range struct{ Start, End int }

// QueryError says what is wrong with a query, worded for the person who wrote
// it.
type QueryError struct{ Reason string }

func (e *QueryError) Error() string { return e.Reason }

func queryErrorf(format string, args ...any) error {
	return &QueryError{fmt.Sprintf(format, args...)}
}

// Engine searches one snapshot. It is safe for use by several goroutines.
type Engine struct {
	corpus  Corpus
	files   []indexer.File
	paths   pathTable
	names   *nameIndex
	symbols symbolTable
}

// Open returns an Engine for a corpus and the names indexes in dirs, which
// together hold the name of every symbol of the corpus. It asks for the
// symbols of all files. The corpus is used until Close.
func Open(corpus Corpus, dirs []string) (*Engine, error) {
	names, err := openNames(dirs)
	if err != nil {
		return nil, err
	}
	e := &Engine{corpus: corpus, files: corpus.Files(), names: names}
	e.paths = newPathTable(e.files)
	if e.symbols, err = newSymbolTable(corpus, e.files, &names.table); err != nil {
		return nil, errors.Join(err, names.close())
	}
	return e, nil
}

// Close closes the names indexes. No search may be under way.
func (e *Engine) Close() error { return e.names.close() }
