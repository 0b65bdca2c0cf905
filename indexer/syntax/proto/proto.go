// Package proto reads the symbols and identifiers of Protocol Buffers source.
//
// A lexer of its own cuts the text into tokens, statement by statement. What
// symbols are not read from, such as options and comments, is overwritten with
// spaces before tree-sitter parses the rest, so that every position stays true.
// The parser says which messages, fields and services there are and how far
// they reach; names, signatures, doc comments and identifiers are read from the
// tokens of the text as it was.
//
// Names are qualified by the package, with "::" between their parts. The values
// of an enum are qualified by the enum, unlike protoc does it; the fields of a
// oneof by the message, and those of an extend by what is around it.
package proto

import (
	"bytes"

	sitter "github.com/smacker/go-tree-sitter"
	grammar "github.com/smacker/go-tree-sitter/protobuf"

	"navigator/indexer"
	"navigator/indexer/syntax/tree"
)

// Extractor reads proto files, one at a time. It keeps its parser and its
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
	x.lexer.statements()
	x.symbols(into)
	for i := range x.lexer.count() {
		if t := &x.lexer.tokens[i]; t.kind == word && !t.keyword {
			into.Occurrences = append(into.Occurrences, indexer.Occurrence{
				Line: t.line, Col: t.col, Len: int32(t.end - t.off), Role: t.role,
			})
		}
	}
}

func (x *Extractor) symbols(into *indexer.Facts) {
	x.masker.mask()
	if !x.parser.Parse(x.masker.input, x.masker.ranges, func(root *sitter.Node, cursor *sitter.TreeCursor) {
		x.walker.walk(root, cursor, into)
	}) {
		into.Errors = 1
	}
}

// Highlight returns what is to be highlighted in text, in order: comments,
// keywords with the scalar types, strings and numbers.
func Highlight(text []byte) []indexer.Token {
	var l lexer
	l.lex(text)
	l.statements()
	var out []indexer.Token
	comments := l.comments
	for i := range l.tokens {
		t := &l.tokens[i]
		for len(comments) > 0 && (comments[0].off < t.off || t.kind == eof) {
			out = appendComment(out, text, &comments[0])
			comments = comments[1:]
		}
		class := indexer.Class(0)
		switch {
		case t.kind == literal:
			class = indexer.String
		case t.kind == number:
			class = indexer.Number
		case t.keyword:
			class = indexer.Keyword
		}
		if class != 0 {
			out = append(out, indexer.Token{Line: t.line, Col: t.col, Len: int32(t.end - t.off), Class: class})
		}
	}
	return out
}

// appendComment appends a token for each line of c.
func appendComment(out []indexer.Token, text []byte, c *comment) []indexer.Token {
	line, col := c.line, c.col
	for part := range bytes.Lines(text[c.off:c.end]) {
		if part = bytes.TrimRight(part, "\r\n"); len(part) > 0 {
			out = append(out, indexer.Token{Line: line, Col: col, Len: int32(len(part)), Class: indexer.Comment})
		}
		line, col = line+1, 1
	}
	return out
}
