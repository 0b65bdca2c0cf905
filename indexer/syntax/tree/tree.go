// Package tree parses with tree-sitter, as every language does: with a parser
// and a cursor that are kept from one text to the next, and within a limit of
// time.
package tree

import (
	"context"
	"time"

	sitter "github.com/smacker/go-tree-sitter"
)

// A parse may take limit, and perByte for each byte of its text: over a hundred
// times what a file takes as a rule, so that a busy machine finds the same.
const (
	limit   = 10 * time.Second
	perByte = 2 * time.Microsecond
)

// Parser parses one text at a time.
type Parser struct {
	parser *sitter.Parser
	cursor *sitter.TreeCursor // nil until there was a tree
}

// NewParser returns a parser for a grammar, which gives a text up when it takes
// longer than 10 s and 2 µs for each byte. Without a limit, recovery from errors
// can take hours. Close frees it.
func NewParser(grammar *sitter.Language) *Parser {
	p := &Parser{parser: sitter.NewParser()}
	p.parser.SetLanguage(grammar)
	return p
}

// Close frees the parser, which is of no use afterwards.
func (p *Parser) Close() {
	if p.cursor != nil {
		p.cursor.Close()
	}
	p.parser.Close()
}

// Parse parses the ranges of a text, or all of it when ranges is nil, and calls
// read with the root of its tree and a cursor that is there; both are of no use
// afterwards. It reports whether the time was enough.
func (p *Parser) Parse(text []byte, ranges []sitter.Range, read func(root *sitter.Node, cursor *sitter.TreeCursor)) bool {
	p.parser.SetOperationLimit(int((limit + time.Duration(len(text))*perByte).Microseconds()))
	if ranges != nil {
		p.parser.SetIncludedRanges(ranges)
	}
	tree, err := p.parser.ParseCtx(context.Background(), nil, text)
	if err != nil {
		p.parser.Reset()
		return false
	}
	defer tree.Close()
	root := tree.RootNode()
	if p.cursor == nil {
		p.cursor = sitter.NewTreeCursor(root)
	} else {
		p.cursor.Reset(root)
	}
	read(root, p.cursor)
	return true
}

// Errors returns how many nodes from root on are errors or missing. It moves
// the cursor.
func Errors(root *sitter.Node, cursor *sitter.TreeCursor) int32 {
	cursor.Reset(root)
	var n int32
	for depth := 0; ; {
		node := cursor.CurrentNode()
		if node.IsError() || node.IsMissing() {
			n++
		}
		if node.HasError() && cursor.GoToFirstChild() {
			depth++
			continue
		}
		for !cursor.GoToNextSibling() {
			if depth == 0 || !cursor.GoToParent() {
				return n
			}
			depth--
		}
	}
}
