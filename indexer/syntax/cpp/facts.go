package cpp

import (
	"bytes"
	"slices"
	"strings"

	"navigator/indexer"
)

// factsBuilder makes symbols and occurrences of declarations and tokens.
type factsBuilder struct {
	text     []byte
	lines    []int32 // where each line starts
	names    map[string]string
	buf      []byte
	stack    []int32 // indexes of the symbols around
	ends     []int32 // of text, of the symbols of stack
	comments []token
	decls    []decl
}

// maxNames bounds how many names are kept to be shared from file to file.
const maxNames = 1 << 16

// build adds the symbols of what e found.
func (b *factsBuilder) build(e *Extractor, into *indexer.Facts) {
	b.text = e.lexer.text
	b.readLines()
	if b.names == nil || len(b.names) > maxNames {
		b.names = make(map[string]string, 1024)
	}
	b.collect(e)
	b.stack, b.ends = b.stack[:0], b.ends[:0]
	for i := range b.decls {
		if d := &b.decls[i]; d.body {
			d.head = signatureEnd(e.tracker.toks, d)
		}
		b.symbol(&b.decls[i], e, into)
	}
	b.adopt(into)
}

// readLines notes where the lines start.
func (b *factsBuilder) readLines() {
	b.lines = append(b.lines[:0], 0)
	for at := 0; ; {
		i := bytes.IndexByte(b.text[at:], '\n')
		if i < 0 {
			return
		}
		at += i + 1
		b.lines = append(b.lines, int32(at))
	}
}

// collect gathers the declarations of the tree, of uses of macros and of
// #define, in the order of symbols.
func (b *factsBuilder) collect(e *Extractor) {
	b.decls = append(b.decls[:0], e.walker.decls...)
	widenMocks(b.decls, e.tracker.mocks)
	for _, d := range e.tracker.found {
		if d.kind != indexer.KindUnknown {
			b.decls = append(b.decls, d)
		}
	}
	b.defines(e)
	slices.SortStableFunc(b.decls, func(x, y decl) int {
		if x.span.from != y.span.from {
			return int(x.span.from - y.span.from)
		}
		return int(y.span.to - x.span.to)
	})
}

// widenMocks makes the spans of mock methods those of their macros: the tree
// knows them without.
func widenMocks(decls []decl, mocks []span) {
	for _, m := range mocks {
		for len(decls) > 0 && decls[0].name.from < m.from {
			decls = decls[1:]
		}
		if len(decls) > 0 && decls[0].name.from < m.to {
			decls[0].span, decls[0].head, decls[0].body = m, m.to-1, false
		}
	}
}

// intern returns s as a string that files share.
func (b *factsBuilder) intern(s []byte) string {
	if n, ok := b.names[string(s)]; ok {
		return n
	}
	n := string(s)
	b.names[n] = n
	return n
}

// position returns where the byte at i is.
func (b *factsBuilder) position(i int32) indexer.Position {
	line, exact := slices.BinarySearch(b.lines, i)
	if !exact {
		line--
	}
	return indexer.Position{Line: int32(line) + 1, Col: i - b.lines[line] + 1}
}

// place returns the span of s, both ends included.
func (b *factsBuilder) place(s span) indexer.Span {
	return indexer.Span{Start: b.position(s.from), End: b.position(max(s.from, s.to-1))}
}

// symbol adds the symbol of d.
func (b *factsBuilder) symbol(d *decl, e *Extractor, into *indexer.Facts) {
	for n := len(b.stack); n > 0 && b.ends[n-1] <= d.span.from; n-- {
		b.stack, b.ends = b.stack[:n-1], b.ends[:n-1]
	}
	s := indexer.Symbol{
		Kind: d.kind, Definition: d.definition, Visibility: d.visibility, Parent: -1,
		NameSpan: b.place(d.name), Span: b.place(d.span), HeadEnd: b.position(max(d.span.from, d.head-1)),
	}
	if s.Name = d.text; s.Name == "" {
		s.Name = b.name(d.name)
	}
	s.Doc = b.doc(e, d)
	b.contain(d, &s, into)
	into.Symbols = append(into.Symbols, s)
	if isScope(d) {
		b.stack = append(b.stack, int32(len(into.Symbols)-1))
		b.ends = append(b.ends, d.span.to)
	}
	if d.text == "" {
		b.mark(e, d)
	}
}

// name returns the name at n: one line, one blank at most between words.
func (b *factsBuilder) name(n span) string {
	text := b.text[n.from:n.to]
	if bytes.ContainsAny(text, " \n") {
		return strings.Join(strings.Fields(string(text)), " ")
	}
	return b.intern(text)
}

// signatureEnd returns the end of the signature of the function d: of what
// stands before its body, its constructor initialisers, or its semicolon.
func signatureEnd(toks []token, d *decl) int32 {
	i, _ := slices.BinarySearchFunc(toks, d.name.to, func(t token, at int32) int { return int(t.pos - at) })
	end := d.name.to
	for i < len(toks) && toks[i].pos < d.span.to {
		switch k := toks[i].kind; k {
		case '{', ';', ':', kwTry:
			return end
		case '(', '[':
			if m := int(toks[i].mate); m > i {
				i = m
			}
		}
		end = toks[i].end
		i++
	}
	return end
}

// isScope reports whether d may contain symbols.
func isScope(d *decl) bool {
	switch d.kind {
	case indexer.KindNamespace, indexer.KindClass, indexer.KindStruct, indexer.KindUnion, indexer.KindEnum,
		indexer.KindFunction, indexer.KindMethod, indexer.KindConstructor, indexer.KindDestructor, indexer.KindTest:
		return d.definition
	}
	return false
}

// contain sets the container of s and, where it is the symbol around, its parent.
func (b *factsBuilder) contain(d *decl, s *indexer.Symbol, into *indexer.Facts) {
	if d.outside {
		s.Container = d.container
		return
	}
	n := len(b.stack)
	if d.friend {
		for n > 0 && into.Symbols[b.stack[n-1]].Kind != indexer.KindNamespace {
			n--
		}
	}
	b.buf = b.buf[:0]
	if n > 0 {
		around := &into.Symbols[b.stack[n-1]]
		b.buf = append(b.buf, around.Container...)
		if len(b.buf) > 0 {
			b.buf = append(b.buf, "::"...)
		}
		b.buf = append(b.buf, around.Name...)
		s.Parent = b.stack[n-1]
	}
	if d.qual.to > d.qual.from {
		s.Parent = -1
		q := b.text[d.qual.from:d.qual.to]
		if bytes.HasPrefix(q, []byte("::")) {
			b.buf, q = b.buf[:0], q[2:]
		}
		if len(b.buf) > 0 && len(q) > 0 {
			b.buf = append(b.buf, "::"...)
		}
		b.buf = appendQualifier(b.buf, q)
	}
	s.Container = b.intern(b.buf)
}

// adopt gives symbols defined out of line the class they belong to as parent,
// if it comes before them in the file.
func (b *factsBuilder) adopt(into *indexer.Facts) {
	for i := range into.Symbols {
		s := &into.Symbols[i]
		if s.Parent >= 0 || s.Container == "" || s.Kind == indexer.KindNamespace {
			continue
		}
		for j := i - 1; j >= 0; j-- {
			c := &into.Symbols[j]
			if c.Definition && isType(c.Kind) && isQualified(s.Container, c) {
				s.Parent = int32(j)
				break
			}
		}
	}
}

func isType(k indexer.Kind) bool {
	return k == indexer.KindClass || k == indexer.KindStruct || k == indexer.KindUnion || k == indexer.KindEnum
}

// isQualified reports whether name is the qualified name of s.
func isQualified(name string, s *indexer.Symbol) bool {
	rest, ok := strings.CutSuffix(name, s.Name)
	if !ok {
		return false
	}
	if s.Container == "" {
		return rest == ""
	}
	return len(rest) == len(s.Container)+2 && strings.HasPrefix(rest, s.Container) && strings.HasSuffix(rest, "::")
}

// mark gives the identifier of the name of d its role among the occurrences.
func (b *factsBuilder) mark(e *Extractor, d *decl) {
	role := indexer.Declaration
	if d.definition {
		role = indexer.Definition
	}
	from := d.name.from
	if b.text[from] == '~' {
		from++
	}
	code := e.lexer.code
	i, _ := slices.BinarySearchFunc(code, from, func(t token, at int32) int { return int(t.pos - at) })
	if i < len(code) && code[i].end <= d.name.to && code[i].kind == tkIdent {
		code[i].role = uint8(role) + 1
	}
}

// doc returns the lines of the comments just above d.
func (b *factsBuilder) doc(e *Extractor, d *decl) indexer.Lines {
	from := d.span.from
	trivia := e.lexer.trivia
	i, _ := slices.BinarySearchFunc(trivia, from, func(t token, at int32) int { return int(t.pos - at) })
	from = e.tracker.ledFrom(from, b)
	line := b.position(from).Line
	var doc indexer.Lines
	for i--; i >= 0; i-- {
		c := &trivia[i]
		if c.pos >= from {
			continue
		}
		if c.kind != tkComment || c.flags&flagLineStart == 0 || b.position(c.end-1).Line != line-1 {
			break
		}
		line = b.position(c.pos).Line
		if doc.Last == 0 {
			doc.Last = int(b.position(c.end - 1).Line)
		}
		doc.First = int(line)
	}
	return doc
}

// ledFrom returns where the declaration at from starts for whoever looks for
// its doc comment: before the macros that lead it on its line and on those above.
func (t *tracker) ledFrom(from int32, b *factsBuilder) int32 {
	i, _ := slices.BinarySearchFunc(t.leads, from, func(s span, at int32) int { return int(s.from - at) })
	for i--; i >= 0; i-- {
		s := t.leads[i]
		if len(bytes.TrimSpace(b.text[s.to:from])) > 0 {
			break
		}
		from = s.from
	}
	return from
}
