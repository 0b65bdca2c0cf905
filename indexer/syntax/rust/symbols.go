package rust

import (
	"slices"
	"strings"

	sitter "github.com/smacker/go-tree-sitter"
	grammar "github.com/smacker/go-tree-sitter/rust"

	"navigator/indexer"
)

// form says what a node of the syntax tree means to the walk.
type form uint8

const (
	other form = iota
	function
	container // holds items and nothing else
	block
	implementation
	trait
	module
	item // a struct, an enum, a constant and so on
	field
	variant
)

// node is what the walk does at one kind of node.
type node struct {
	form form
	kind indexer.Kind
}

// nodes is indexed by tree-sitter's symbol.
var nodes = nodeTable(map[string]node{
	"function_item":           {function, indexer.KindFunction},
	"function_signature_item": {function, indexer.KindFunction},
	"block":                   {form: block},
	"declaration_list":        {form: container},
	"foreign_mod_item":        {form: container},
	"field_declaration_list":  {form: container},
	"enum_variant_list":       {form: container},
	"impl_item":               {form: implementation},
	"trait_item":              {trait, indexer.KindTrait},
	"mod_item":                {module, indexer.KindModule},
	"struct_item":             {item, indexer.KindStruct},
	"union_item":              {item, indexer.KindUnion},
	"enum_item":               {item, indexer.KindEnum},
	"type_item":               {item, indexer.KindAlias},
	"associated_type":         {item, indexer.KindAlias},
	"const_item":              {item, indexer.KindConstant},
	"static_item":             {item, indexer.KindVariable},
	"macro_definition":        {item, indexer.KindMacro},
	"field_declaration":       {field, indexer.KindField},
	"enum_variant":            {variant, indexer.KindEnumerator},
})

func nodeTable(byName map[string]node) []node {
	lang := grammar.GetLanguage()
	table := make([]node, lang.SymbolCount())
	for i := range table {
		if s := sitter.Symbol(i); lang.SymbolType(s) == sitter.SymbolTypeRegular {
			table[i] = byName[lang.SymbolName(s)]
		}
	}
	return table
}

// scope is where a symbol stands.
type scope struct {
	name       string // qualified
	parent     int32  // index of the symbol that is the scope, -1 when it is none of the file's
	trait      string // of an impl
	inner      bool   // of a trait or an impl, whose functions are methods
	visibility indexer.Visibility
}

// within returns the scope that symbol i is to what it contains.
func (w *walker) within(i int32) scope {
	return scope{name: w.facts.Symbols[i].Qualified(), parent: i, visibility: indexer.Private}
}

// walker reads the symbols of a syntax tree.
type walker struct {
	*lexer
	mode   mode
	cursor *sitter.TreeCursor
	facts  *indexer.Facts
	impls  []int32 // symbols whose parent is to be looked up by their container
	types  map[string]int32
}

// walk reads the tree whose root cursor is at.
func (w *walker) walk(cursor *sitter.TreeCursor) {
	w.cursor, w.impls = cursor, w.impls[:0]
	w.children(scope{parent: -1, visibility: indexer.Private}, 0)
	w.resolveImpls()
}

// children visits the children of the cursor's node.
func (w *walker) children(s scope, depth int) {
	if depth > 3*maxDepth || !w.cursor.GoToFirstChild() {
		return
	}
	for {
		w.visit(s, depth+1)
		if !w.cursor.GoToNextSibling() {
			break
		}
	}
	w.cursor.GoToParent()
}

func (w *walker) visit(s scope, depth int) {
	n := w.cursor.CurrentNode()
	symbol := int(n.Symbol())
	if symbol >= len(nodes) { // an error
		w.children(s, depth)
		return
	}
	switch k := nodes[symbol]; k.form {
	case other:
		if w.mode == full {
			w.children(s, depth)
		}
	case container, block:
		w.children(s, depth)
	case function:
		w.function(n, s, depth)
	case implementation:
		w.implementation(n, s, depth)
	case trait, module, item, variant, field:
		w.item(n, k, s, depth)
	}
}

func (w *walker) function(n *sitter.Node, s scope, depth int) {
	first := w.tokenAt(n.StartByte())
	key := w.itemKeyword(first)
	if key < 0 {
		return
	}
	kind := indexer.KindFunction
	switch {
	case s.inner:
		kind = indexer.KindMethod
	case w.isTest(first):
		kind = indexer.KindTest
	}
	head := w.headEnd(key)
	p := place{first: first, name: key + 1, head: head, end: w.tokenAt(n.EndByte())}
	if i := w.add(p, kind, w.tokens[head].kind == '{', s); i >= 0 {
		w.children(w.within(i), depth)
	}
}

func (w *walker) item(n *sitter.Node, k node, s scope, depth int) {
	p := place{first: w.tokenAt(n.StartByte()), end: w.tokenAt(n.EndByte())}
	p.name = w.behindVisibility(p.first)
	if k.form != field && k.form != variant {
		key := w.itemKeyword(p.first)
		if key < 0 {
			return
		}
		p.name = key + 1
		switch w.tokens[p.name].kind {
		case kwMut, kwRef, '!': // static mut, static ref, macro_rules!
			p.name++
		}
	}
	p.head = w.itemHead(p, k.kind)
	i := w.add(p, k.kind, w.defines(p, k.kind), s)
	if i < 0 {
		return
	}
	inside := w.within(i)
	switch k.kind {
	case indexer.KindTrait:
		inside.inner, inside.visibility = true, w.facts.Symbols[i].Visibility
	case indexer.KindEnum, indexer.KindEnumerator:
		inside.visibility = w.facts.Symbols[i].Visibility
	case indexer.KindAlias, indexer.KindConstant, indexer.KindVariable, indexer.KindField, indexer.KindMacro:
		return
	}
	w.children(inside, depth)
}

// place is where an item stands among the tokens.
type place struct {
	first int // token of the item
	name  int // token that names it
	head  int // the token behind its signature
	end   int // the token behind the item
}

// itemHead returns the head of the item at p. A constant's value belongs to
// its signature when it ends on the line of the name.
func (w *walker) itemHead(p place, kind indexer.Kind) int {
	end := p.end
	if end > p.first && w.tokens[end-1].kind == ';' {
		end--
	}
	switch kind {
	case indexer.KindField, indexer.KindAlias:
		return end
	case indexer.KindMacro:
		return p.name + 1
	case indexer.KindConstant, indexer.KindVariable:
		if end > p.first && w.tokens[end-1].line == w.tokens[p.name].line {
			return end
		}
		return w.valueStart(p.name, end)
	}
	for i := p.name + 1; i < end; i++ {
		switch t := &w.tokens[i]; t.kind {
		case '{':
			return i
		case '(', '[':
			i = max(i, int(t.pair))
		}
	}
	return end
}

// defines reports whether the item at p is more than declared: a module with a
// body, a constant with a value, a type with the type that it stands for.
func (w *walker) defines(p place, kind indexer.Kind) bool {
	switch kind {
	case indexer.KindModule:
		return w.tokens[p.head].kind == '{'
	case indexer.KindConstant, indexer.KindVariable, indexer.KindAlias:
		return w.tokens[w.valueStart(p.name, p.end)].kind == '='
	}
	return true
}

// add appends the symbol at p and returns its index, -1 when it has no name.
func (w *walker) add(p place, kind indexer.Kind, definition bool, s scope) int32 {
	name := &w.tokens[p.name]
	if name.kind != ident && name.kind != primitive || p.name >= p.end {
		return -1
	}
	name.kind, name.role = ident, indexer.Declaration
	if definition {
		name.role = indexer.Definition
	}
	i := int32(len(w.facts.Symbols))
	w.facts.Symbols = append(w.facts.Symbols, indexer.Symbol{
		Name:       string(w.of(p.name)),
		Container:  s.name,
		Kind:       kind,
		Definition: definition,
		Visibility: w.visibility(p.first, kind, s),
		NameSpan:   indexer.Span{Start: w.start(p.name), End: w.last(p.name)},
		Span:       indexer.Span{Start: w.start(p.first), End: w.last(p.end - 1)},
		HeadEnd:    w.last(max(min(p.head, p.end)-1, p.name)),
		Doc:        w.doc(p.first),
		Parent:     s.parent,
		Trait:      s.trait,
	})
	if s.inner && s.parent < 0 {
		w.impls = append(w.impls, i)
	}
	return i
}

func (w *walker) start(i int) indexer.Position {
	return indexer.Position{Line: w.tokens[i].line, Col: w.tokens[i].col}
}

// last returns the position of the last byte of token i.
func (w *walker) last(i int) indexer.Position {
	t := &w.tokens[i]
	p := indexer.Position{Line: t.line, Col: t.col + int32(t.end-t.off) - 1}
	if t.kind != literal {
		return p
	}
	for k, c := range w.of(i) {
		if c == '\n' {
			p.Line, p.Col = p.Line+1, int32(int(t.end-t.off)-k-1)
		}
	}
	return p
}

// tokenAt returns the index of the first token at or behind a byte.
func (l *lexer) tokenAt(offset uint32) int {
	i, _ := slices.BinarySearchFunc(l.tokens[:len(l.tokens)-lookAhead], offset, func(t token, offset uint32) int {
		return int(t.off) - int(offset)
	})
	return i
}

func (w *walker) visibility(first int, kind indexer.Kind, s scope) indexer.Visibility {
	switch {
	case w.tokens[first].kind == kwPub && w.behindVisibility(first) > first+1:
		return indexer.Crate
	case w.tokens[first].kind == kwPub:
		return indexer.Public
	case kind == indexer.KindMacro && w.hasAttribute(first, "macro_export"):
		return indexer.Public
	case s.trait != "":
		return indexer.VisibilityUnknown // the trait's
	}
	return s.visibility
}

// attributes yields the index of the first token in the brackets of each
// attribute before the item that begins at token first.
func (l *lexer) attributes(first int, yield func(int) bool) {
	for i := first - 1; i >= 0 && l.tokens[i].attribute; {
		open := int(l.tokens[i].pair)
		if open <= 0 || l.tokens[open-1].kind != '#' || !yield(open+1) {
			return // an inner attribute is the module's
		}
		i = open - 2
	}
}

// hasAttribute reports whether an attribute of the item that begins at token
// first is called so, whatever its path: test stands for tokio::test too.
func (l *lexer) hasAttribute(first int, name string) (found bool) {
	l.attributes(first, func(i int) bool {
		for l.tokens[i].kind == ident && l.tokens[i+1].kind == pathSep {
			i += 2
		}
		found = l.is(i, name)
		return !found
	})
	return found
}

func (l *lexer) isTest(first int) bool {
	return l.hasAttribute(first, "test") || l.hasAttribute(first, "test_case") || l.hasAttribute(first, "rstest")
}

// doc returns the lines of the comment that documents the item whose first
// token is first: its doc comments, among attributes or not; without any, the
// plain comments that end on the line above.
func (l *lexer) doc(first int) indexer.Lines {
	head := first
	l.attributes(first, func(i int) bool {
		head = i - 2
		return true
	})
	after, _ := slices.BinarySearchFunc(l.comments, l.tokens[first].off, func(c comment, offset uint32) int {
		return int(c.off) - int(offset)
	})
	floor, floorLine := uint32(0), int32(0)
	if head > 0 {
		floor, floorLine = l.tokens[head-1].end, l.lineOfEnd(head-1)
	}
	var lines indexer.Lines
	line := l.tokens[head].line
	plain := true
	for i := after - 1; i >= 0 && l.comments[i].off >= floor; i-- {
		c := &l.comments[i]
		if c.doc {
			if plain {
				lines = indexer.Lines{Last: int(c.endLine)}
			}
			plain, lines.First = false, int(c.line)
		}
		if plain && c.endLine == line-1 && c.line > floorLine && !l.isInnerDoc(c) {
			if lines.IsZero() {
				lines.Last = int(c.endLine)
			}
			line, lines.First = c.line, int(c.line)
		}
	}
	return lines
}

// isInnerDoc reports whether c is a //! or /*! comment, which documents what
// is around it.
func (l *lexer) isInnerDoc(c *comment) bool { return c.end-c.off > 2 && l.text[c.off+2] == '!' }

// lineOfEnd returns the line on which token i ends.
func (l *lexer) lineOfEnd(i int) int32 {
	t := &l.tokens[i]
	if t.kind != literal {
		return t.line
	}
	return t.line + int32(strings.Count(string(l.of(i)), "\n"))
}

func (w *walker) implementation(n *sitter.Node, s scope, depth int) {
	i := w.tokenAt(n.StartByte())
	for w.tokens[i].kind != kwImpl && w.tokens[i].kind != eof {
		i++
	}
	of, in := w.implHead(i)
	w.children(scope{
		name:       join(w.module(s, &in), in),
		parent:     -1,
		trait:      of,
		inner:      true,
		visibility: indexer.Private,
	}, depth)
}

// implHead reads the trait, "" when there is none, and the type of the impl at
// token i.
func (l *lexer) implHead(i int) (of, in string) {
	if i++; l.tokens[i].kind == '<' {
		i = l.angleEnd(i)
	}
	if l.tokens[i].kind == kwConst {
		i++
	}
	start := i
	for {
		switch t := &l.tokens[i]; t.kind {
		case '{', ';', kwWhere, eof, ')', ']', '}':
			return of, l.typeName(start, i)
		case '<':
			i = max(l.angleEnd(i), i+1)
			continue
		case '(', '[':
			i = max(i, int(t.pair))
		case kwFor:
			if l.tokens[i+1].kind != '<' && of == "" && start < i {
				of = strings.Join(strings.Fields(string(l.text[l.tokens[start].off:l.tokens[i-1].end])), " ")
				start = i + 1
			}
		}
		i++
	}
}

// typeName returns the path of the type in tokens[i:end], without references
// and generic arguments; as written when it has no path.
func (l *lexer) typeName(i, end int) string {
	first := i
	for i < end {
		switch l.tokens[i].kind {
		case '&', lifetime, kwMut, kwConst, '*':
			i++
			continue
		}
		if !l.is(i, "dyn") {
			break
		}
		i++
	}
	var path strings.Builder
	for ; i < end; i++ {
		switch l.tokens[i].kind {
		case '<':
			i = l.angleEnd(i) - 1
			continue
		case ident, primitive, pathSep, kwCrate, kwSuper, kwSelf:
			path.Write(l.of(i))
			continue
		}
		break
	}
	if path.Len() == 0 && first < end {
		return strings.Join(strings.Fields(string(l.text[l.tokens[first].off:l.tokens[end-1].end])), " ")
	}
	return path.String()
}

// module returns the module that the type's path starts from, and takes what
// says so from the path.
func (w *walker) module(s scope, path *string) string {
	module := s.name
	for {
		head, rest, ok := strings.Cut(*path, "::")
		switch {
		case ok && head == "crate":
			module = ""
		case ok && head == "super":
			module = module[:max(strings.LastIndex(module, "::"), 0)]
		case !ok || head != "self":
			return module
		}
		*path = rest
	}
}

func join(container, name string) string {
	if container == "" {
		return name
	}
	return container + "::" + name
}

// resolveImpls finds the parents of what impl blocks contain.
func (w *walker) resolveImpls() {
	if len(w.impls) == 0 {
		return
	}
	if w.types == nil {
		w.types = map[string]int32{}
	}
	clear(w.types)
	for i := range w.facts.Symbols {
		switch s := &w.facts.Symbols[i]; s.Kind {
		case indexer.KindStruct, indexer.KindEnum, indexer.KindUnion, indexer.KindTrait, indexer.KindAlias:
			if _, ok := w.types[s.Qualified()]; !ok {
				w.types[s.Qualified()] = int32(i)
			}
		}
	}
	for _, i := range w.impls {
		if p, ok := w.types[w.facts.Symbols[i].Container]; ok {
			w.facts.Symbols[i].Parent = p
		}
	}
}
