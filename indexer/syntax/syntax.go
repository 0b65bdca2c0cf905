// Package syntax turns the bytes of a file into facts: symbols, occurrences,
// and the tokens that a page highlights. It and its sub-folders, one for each
// language, are the only packages that know of tree-sitter, and no tree-sitter
// type leaves them.
//
// What is found depends on language and bytes alone. Nothing here fails: a
// file that no grammar understands has fewer facts, and says how many errors
// were left in its tree.
package syntax

import (
	"navigator/indexer"
	"navigator/indexer/syntax/cpp"
	"navigator/indexer/syntax/plain"
	"navigator/indexer/syntax/proto"
	"navigator/indexer/syntax/rust"
)

// Extractor finds the facts of files. It keeps parsers and buffers from one
// file to the next, so it serves one goroutine at a time.
type Extractor struct {
	languages map[indexer.Language]language
}

// language is what each folder below provides.
type language interface {
	// Extract adds the facts of text to into, which is empty.
	Extract(text []byte, into *indexer.Facts)
	// Close frees the parser.
	Close()
}

// New returns an Extractor for all languages. Close frees its parsers.
func New() *Extractor {
	return &Extractor{languages: map[indexer.Language]language{
		indexer.CPP:   cpp.New(),
		indexer.Rust:  rust.New(),
		indexer.Proto: proto.New(),
	}}
}

// Close frees the parsers.
func (e *Extractor) Close() {
	for _, l := range e.languages {
		l.Close()
	}
}

// Extract replaces what into holds by the facts of text. A language without
// symbols has none.
func (e *Extractor) Extract(lang indexer.Language, text []byte, into *indexer.Facts) {
	into.Reset()
	if l, ok := e.languages[lang]; ok {
		l.Extract(text, into)
	}
}

// Lex splits text, a file or a part of one, into lexemes. A language without
// symbols has none.
func Lex(lang indexer.Language, text []byte) *indexer.Code {
	switch lang {
	case indexer.CPP:
		return cpp.Lex(text)
	case indexer.Rust:
		return rust.Lex(text)
	case indexer.Proto:
		return proto.Lex(text)
	}
	return &indexer.Code{Text: text}
}

// Highlight returns the tokens of text, in order and one line each, by the
// language that path's name says it has. It is computed when a page is shown.
func Highlight(path string, text []byte) []indexer.Token {
	switch indexer.LanguageOf(path) {
	case indexer.CPP:
		return cpp.Highlight(text)
	case indexer.Rust:
		return rust.Highlight(text)
	case indexer.Proto:
		return proto.Highlight(text)
	}
	return plain.Highlight(path, text)
}
