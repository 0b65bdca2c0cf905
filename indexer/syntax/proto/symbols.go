package proto

import (
	"math"
	"slices"

	sitter "github.com/smacker/go-tree-sitter"
	grammar "github.com/smacker/go-tree-sitter/protobuf"

	"navigator/indexer"
)

// kinds is the kind of symbol of each kind of node, indexed by tree-sitter's
// symbol.
var kinds = kindTable(map[string]indexer.Kind{
	"package":     indexer.KindPackage,
	"message":     indexer.KindMessage,
	"enum":        indexer.KindEnum,
	"service":     indexer.KindService,
	"rpc":         indexer.KindRPC,
	"oneof":       indexer.KindOneof,
	"field":       indexer.KindField,
	"map_field":   indexer.KindField,
	"oneof_field": indexer.KindField,
	"enum_field":  indexer.KindEnumerator,
})

// holders are the kinds of nodes that symbols are in; others are looked into
// only for errors.
var holders = holderTable("source_file", "message", "message_body", "enum", "enum_body", "service", "oneof")

func holderTable(names ...string) []bool {
	lang := grammar.GetLanguage()
	table := make([]bool, lang.SymbolCount())
	for i := range table {
		s := sitter.Symbol(i)
		table[i] = lang.SymbolType(s) == sitter.SymbolTypeRegular && slices.Contains(names, lang.SymbolName(s))
	}
	return table
}

func kindTable(byName map[string]indexer.Kind) []indexer.Kind {
	lang := grammar.GetLanguage()
	table := make([]indexer.Kind, lang.SymbolCount())
	for i := range table {
		if s := sitter.Symbol(i); lang.SymbolType(s) == sitter.SymbolTypeRegular {
			table[i] = byName[lang.SymbolName(s)]
		}
	}
	return table
}

// isError is tree-sitter's symbol of an error.
const isError = math.MaxUint16

// scope is where a symbol stands.
type scope struct {
	name   string // qualified
	parent int32  // index of the symbol that is the scope, -1 for none
}

// walker reads the symbols of a syntax tree.
type walker struct {
	*lexer
	cursor *sitter.TreeCursor
	facts  *indexer.Facts
	file   scope // the package, once it is known
}

// walk adds the symbols below root, where cursor is.
func (w *walker) walk(root *sitter.Node, cursor *sitter.TreeCursor, into *indexer.Facts) {
	w.cursor, w.facts, w.file = cursor, into, scope{parent: -1}
	w.children(nil, root.HasError(), 0)
	if root.HasError() {
		into.Errors = max(into.Errors, 1) // the root itself
	}
}

// maxDepth bounds how deep the walk goes.
const maxDepth = 500

// children visits the children of the cursor's node. A nil scope is the file's.
func (w *walker) children(s *scope, broken bool, depth int) {
	if depth > maxDepth || !w.cursor.GoToFirstChild() {
		return
	}
	for {
		w.visit(s, broken, depth+1)
		if !w.cursor.GoToNextSibling() {
			break
		}
	}
	w.cursor.GoToParent()
}

func (w *walker) visit(s *scope, broken bool, depth int) {
	n := w.cursor.CurrentNode()
	symbol := int(n.Symbol())
	if broken && (symbol == isError || n.IsMissing()) {
		w.facts.Errors++
	}
	kind := indexer.KindUnknown
	if symbol < len(kinds) {
		kind = kinds[symbol]
	}
	inside := s
	if kind != indexer.KindUnknown {
		inside = w.symbol(n, kind, s)
	}
	if broken || symbol < len(holders) && holders[symbol] {
		w.children(inside, broken, depth)
	}
}

// symbol appends the symbol at n, and returns the scope that it is to what it
// contains.
func (w *walker) symbol(n *sitter.Node, kind indexer.Kind, s *scope) *scope {
	first, end := w.tokenAt(n.StartByte()), w.tokenAt(n.EndByte())
	if first >= end || w.is(first, "extend") && w.tokens[first].keyword {
		return s
	}
	if s == nil {
		s = &w.file
	}
	if kind == indexer.KindPackage {
		w.packageName(first, end)
		return nil
	}
	if kind == indexer.KindField || kind == indexer.KindEnumerator {
		first, end = w.whole(first, end)
	}
	name := w.nameOf(kind, first, end)
	if t := &w.tokens[name]; name >= end || t.kind != word || t.keyword {
		return s
	}
	i := w.add(first, name, w.headOf(kind, name, end), end, kind, s)
	if kind == indexer.KindOneof {
		return s
	}
	return &scope{w.facts.Symbols[i].Qualified(), i}
}

// whole returns the tokens of a field or value of which the parser saw those
// from first to end: with the label required, the options and the semicolon.
func (w *walker) whole(first, end int) (int, int) {
	if first > 0 && w.tokens[first-1].drop && w.is(first-1, "required") {
		first--
	}
	if w.tokens[end-1].kind != ';' {
		for w.tokens[end].drop {
			end++
		}
		if w.tokens[end].kind == ';' {
			end++
		}
	}
	return first, end
}

// packageName adds the package that the statement in tokens[i:end] names.
func (w *walker) packageName(i, end int) {
	name := i + 1
	for name+2 < end && w.tokens[name+1].kind == '.' && w.tokens[name+2].kind == word {
		w.file.name = join(w.file.name, string(w.of(name)))
		name += 2
	}
	if name >= end || w.tokens[name].kind != word || w.tokens[name].keyword {
		return
	}
	p := w.add(i, name, name+1, end, indexer.KindPackage, &w.file)
	w.file = scope{w.facts.Symbols[p].Qualified(), p}
}

// nameOf returns the index of the token that names the symbol in
// tokens[first:end].
func (w *walker) nameOf(kind indexer.Kind, first, end int) int {
	switch kind {
	case indexer.KindField, indexer.KindEnumerator:
		for i := first + 1; i < end; i++ {
			if w.tokens[i].kind == '=' {
				return i - 1
			}
		}
		return end
	}
	return first + 1
}

// headOf returns the index of the token behind the signature.
func (w *walker) headOf(kind indexer.Kind, name, end int) int {
	switch kind {
	case indexer.KindMessage, indexer.KindEnum, indexer.KindService, indexer.KindOneof:
		return name + 1
	}
	for i := name + 1; i < end; i++ {
		switch w.tokens[i].kind {
		case '[', '{', ';':
			return i
		}
	}
	return end
}

// add appends the symbol whose tokens are first to end, with its name at token
// name and its signature ending before token head.
func (w *walker) add(first, name, head, end int, kind indexer.Kind, s *scope) int32 {
	w.tokens[name].role = indexer.Definition
	w.facts.Symbols = append(w.facts.Symbols, indexer.Symbol{
		Name:       string(w.of(name)),
		Container:  s.name,
		Kind:       kind,
		Definition: true,
		NameSpan:   indexer.Span{Start: w.start(name), End: w.last(name)},
		Span:       indexer.Span{Start: w.start(first), End: w.last(end - 1)},
		HeadEnd:    w.last(head - 1),
		Doc:        w.doc(first, end, kind),
		Parent:     s.parent,
	})
	return int32(len(w.facts.Symbols) - 1)
}

func (w *walker) start(i int) indexer.Position {
	return indexer.Position{Line: w.tokens[i].line, Col: w.tokens[i].col}
}

func (w *walker) last(i int) indexer.Position {
	t := &w.tokens[i]
	return indexer.Position{Line: t.line, Col: t.col + int32(t.end-t.off) - 1}
}

// doc returns the lines of the comments that end right above token first; for
// a field or a value without any, of the comment behind it on its last line.
func (w *walker) doc(first, end int, kind indexer.Kind) indexer.Lines {
	next, _ := slices.BinarySearchFunc(w.comments, w.tokens[first].off, byOffset)
	lines, line := indexer.Lines{}, w.tokens[first].line
	for i := next - 1; i >= 0 && w.comments[i].endLine == line-1 && w.comments[i].first; i-- {
		line = w.comments[i].line
		lines.First, lines.Last = int(line), max(lines.Last, int(w.comments[i].endLine))
	}
	if !lines.IsZero() || kind != indexer.KindField && kind != indexer.KindEnumerator {
		return lines
	}
	next, _ = slices.BinarySearchFunc(w.comments, w.tokens[end-1].off, byOffset)
	if next < len(w.comments) && w.comments[next].line == w.tokens[end-1].line && w.isBefore(next, end) {
		return indexer.Lines{First: int(w.comments[next].line), Last: int(w.comments[next].endLine)}
	}
	return lines
}

// isBefore reports whether comment c stands before token i.
func (w *walker) isBefore(c, i int) bool {
	return i == w.count() || w.comments[c].off < w.tokens[i].off
}

func byOffset(c comment, offset uint32) int { return int(c.off) - int(offset) }

func join(container, name string) string {
	if container == "" {
		return name
	}
	return container + "::" + name
}
