// Package cpp finds the facts of C++ files.
//
// The grammar cannot read C++ before the preprocessor, so the work goes in
// stages, each in its own file:
//
//	lexer.go        bytes to tokens
//	conditional.go  which branches of #if the parser sees
//	brackets.go     which bracket closes which
//	tracker.go      what each brace opens; overwrites what the grammar cannot read,
//	                with the help of declaration.go, parameters.go, values.go,
//	                enum.go, attributes.go, local.go and code.go
//	macros.go       the same for uses of macros, and what they define
//	mask.go         applies what was overwritten
//	symbols.go      the declarations in the tree that the parser makes of the rest
//	facts.go        declarations to symbols, with defines.go for #define
//	occurrences.go  tokens to occurrences
//	highlight.go    tokens to highlighting
package cpp

import (
	sitter "github.com/smacker/go-tree-sitter"

	"navigator/indexer"
	"navigator/indexer/syntax/tree"
)

// maxSize is how many bytes a text may have. Larger ones have no facts.
const maxSize = 1 << 28

// Extractor finds the facts of C++ files, one at a time. It keeps its parser
// and its memory from file to file.
type Extractor struct {
	parser  *tree.Parser
	lexer   lexer
	body    lexer // of directives
	cond    conditionals
	live    []token
	tracker tracker
	compose composer
	walker  walker
	facts   factsBuilder
}

// New returns an Extractor. Close frees its parser.
func New() *Extractor { return &Extractor{parser: tree.NewParser(language)} }

// Close frees the parser.
func (e *Extractor) Close() { e.parser.Close() }

// Extract replaces what into holds by the facts of text.
func (e *Extractor) Extract(text []byte, into *indexer.Facts) {
	into.Reset()
	if len(text) > maxSize {
		return
	}
	e.extract(text, true, into)
}

// extract adds the facts of text by parsing its skeleton or, with unbalanced
// braces or if told so, the full text.
func (e *Extractor) extract(text []byte, skeleton bool, into *indexer.Facts) {
	balanced := e.mask(text, skeleton)
	skeleton = skeleton && balanced
	e.parse(text, skeleton, into)
	e.facts.build(e, into)
	e.facts.occurrences(e, into)
}

// mask lexes text and masks it, and reports whether its braces are balanced.
func (e *Extractor) mask(text []byte, skeleton bool) (balanced bool) {
	e.lexer.lex(text)
	e.cond.resolve(&e.lexer)
	toks, balanced := e.cond.live(e.live)
	if len(e.cond.dead) > 0 {
		e.live = toks
	}
	e.tracker.run(text, toks, skeleton && balanced)
	if len(e.cond.dead) > 0 {
		returnRoles(e.lexer.code, toks)
	}
	return balanced
}

// returnRoles copies the roles of live, a part of code, to code.
func returnRoles(code, live []token) {
	for i := range code {
		if len(live) == 0 {
			return
		}
		if code[i].pos == live[0].pos {
			code[i].role = live[0].role
			live = live[1:]
		}
	}
}

// parse finds the declarations of the masked text.
func (e *Extractor) parse(text []byte, skeleton bool, into *indexer.Facts) {
	w := &e.walker
	w.text, w.decls, w.macros, w.deep = text, w.decls[:0], e.tracker.found, !skeleton
	w.offset = e.compose.original
	masked := e.compose.squeezed(text, e.cond.hidden, e.tracker.edits)
	if !e.parser.Parse(masked, nil, func(root *sitter.Node, cursor *sitter.TreeCursor) {
		w.walk(cursor)
		if root.HasError() {
			into.Errors = tree.Errors(root, cursor)
		}
	}) {
		into.Errors = 1
	}
}
