// Package resolve says what a name in a file means: the definitions that it may
// lead to, ranked, each with how sure that is and why. Each language is a
// folder below.
package resolve

import (
	"sync"

	"navigator/indexer"
	"navigator/indexer/precise"
	"navigator/indexer/resolve/cpp"
	"navigator/indexer/resolve/proto"
	"navigator/indexer/resolve/rust"
)

// Lex splits a text of a language into lexemes.
type Lex func(lang indexer.Language, text []byte) *indexer.Code

// Resolver resolves the names of a snapshot. It may be used by several
// goroutines.
type Resolver struct {
	corpus    indexer.Corpus
	files     []indexer.File
	languages map[indexer.Language]language
	precise   []*precise.Index
	words     func() *wordIndex
	pastes    func() []paste

	mu         sync.Mutex
	hits       map[string][]*fileHits // of words that were asked for
	remembered int                    // hits in there
	below      map[indexer.SymbolRef][]indexer.SymbolRef
}

// language is what each folder below provides.
type language interface {
	// Meaning says what the name at a position of a file means.
	Meaning(file int, at indexer.Position) indexer.Meaning
}

// New returns a Resolver of what corpus holds, for as long as that is there. The
// precise indexes are asked before the rules.
func New(corpus indexer.Corpus, lex Lex, indexes ...*precise.Index) *Resolver {
	r := &Resolver{
		corpus: corpus, files: corpus.Files(), precise: indexes, hits: make(map[string][]*fileHits), below: make(map[indexer.SymbolRef][]indexer.SymbolRef),
	}
	r.pastes = sync.OnceValue(r.findPastes)
	r.words = sync.OnceValue(func() *wordIndex { return newWordIndex(r.files, corpus.Text) })
	r.languages = map[indexer.Language]language{
		indexer.Proto: proto.New(corpus, func(text []byte) *indexer.Code { return lex(indexer.Proto, text) }),
		indexer.Rust:  rust.New(corpus, func(text []byte) *indexer.Code { return lex(indexer.Rust, text) }),
		indexer.CPP:   cpp.New(corpus, func(text []byte) *indexer.Code { return lex(indexer.CPP, text) }),
	}
	return r
}

// Meaning says what the name at a position of a file means. It is the zero
// Meaning where no name stands, or in a language that is not resolved.
func (r *Resolver) Meaning(file int, at indexer.Position) indexer.Meaning {
	rules := func() indexer.Meaning { return r.byRules(file, at) }
	if m, ok := r.precisely(file, at, rules); ok {
		return m
	}
	return rules()
}

// byRules says what a name means by the rules of its language.
func (r *Resolver) byRules(file int, at indexer.Position) indexer.Meaning {
	if l, ok := r.languages[r.files[file].Language]; ok {
		return l.Meaning(file, at)
	}
	return indexer.Meaning{}
}
