// Package rust reads the symbols and identifiers of Rust source.
//
// A lexer of its own cuts the text into tokens. The tokens decide what the
// parser gets to see: a skeleton of items, without comments, attributes and
// the bodies of functions, in which the bytes left out are spaces, so that
// every position stays true. tree-sitter says which items there are and how
// far they reach; names, signatures, doc comments and identifiers are read from
// the tokens of the text as it was.
//
// The path of a module is not in its file, so qualified names start at the
// file: a method new of Config in mod tests is tests::Config::new. What a
// function contains is qualified by the function.
package rust

import (
	sitter "github.com/smacker/go-tree-sitter"
	grammar "github.com/smacker/go-tree-sitter/rust"

	"navigator/indexer"
	"navigator/indexer/syntax/tree"
)

// Extractor reads Rust files, one at a time. It keeps its parser and its
// memory from one to the next.
type Extractor struct {
	parser *tree.Parser
	lexer  lexer
	masker masker
	walker walker
}

// New returns an Extractor; Close frees it.
func New() *Extractor {
	x := &Extractor{parser: tree.NewParser(grammar.GetLanguage())}
	x.masker.lexer, x.walker.lexer = &x.lexer, &x.lexer
	return x
}

// Close frees the parser. The Extractor is of no use afterwards.
func (x *Extractor) Close() { x.parser.Close() }

// Extract sets into to the facts of a file. It never fails: of what cannot be
// parsed it finds less, and into.Errors is greater than zero.
func (x *Extractor) Extract(text []byte, into *indexer.Facts) {
	into.Reset()
	x.lexer.lex(text)
	x.symbols(into)
	into.Occurrences = x.lexer.occurrences(into.Occurrences)
}

// symbols parses as little as reads without an error, and walks what it got.
func (x *Extractor) symbols(into *indexer.Facts) {
	for how := lifted; how <= full; how++ {
		if x.parse(how, how == full, into) {
			return
		}
	}
}

// parse reads the symbols of the text masked for mode how, and reports whether
// they are to be taken: there was no error, or always is set, or no time is left
// to try another mode.
func (x *Extractor) parse(how mode, always bool, into *indexer.Facts) (take bool) {
	masked := x.masker.mask(how)
	if len(x.masker.ranges) == 0 {
		return true
	}
	inTime := x.parser.Parse(masked, x.masker.ranges, func(root *sitter.Node, cursor *sitter.TreeCursor) {
		take = always || !root.HasError()
		if !take {
			return
		}
		if root.HasError() {
			into.Errors = max(tree.Errors(root, cursor), 1)
			cursor.Reset(root)
		}
		x.walker.facts, x.walker.mode = into, how
		x.walker.walk(cursor)
	})
	if !inTime {
		into.Errors = 1
	}
	return take || !inTime
}
