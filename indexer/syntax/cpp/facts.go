package cpp

import (
	"bytes"
	"slices"
	"strings"

	"navigator/indexer"
)

// factsBuilder makes symbols and occurrences of declarations and tokens.
type factsBuilder struct {
	text    []byte
	lines   []int32 // where each line starts
	names   map[string]string
	buf     []byte
	stack   []int32 // indexes of the symbols around
	types   []int32 // indexes of the types and namespaces that are defined
	ends    []int32 // of text, of the symbols of stack
	decls   []decl
	entries []int32 // where the names of X-macro tables stand, in order
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
		d := &b.decls[i]
		if !b.sound(d) || d.text == "" && !d.outside && !b.mark(e, d) {
			continue
		}
		if d.body {
			d.head = signatureEnd(e.tracker.toks, d)
		}
		d.head = min(max(d.head, d.name.to), d.span.to)
		b.symbol(d, e, into)
	}
	b.adopt(into)
}

// sound reports whether d has a name in its span. In what is no C++ the tree may
// find others. A name ends with its line.
func (b *factsBuilder) sound(d *decl) bool {
	if d.name.from >= d.name.to || d.name.from < d.span.from || d.name.to > d.span.to {
		return false
	}
	if i := bytes.IndexByte(b.text[d.name.from:d.name.to], '\n'); i >= 0 {
		d.name.to = d.name.from + int32(len(bytes.TrimRight(b.text[d.name.from:d.name.from+int32(i)], " \r\t")))
	}
	first := b.text[d.name.from]
	return d.name.from < d.name.to && (word[first] != 0 || first == '~')
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
	widen(b.decls, e.tracker.rewritten)
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

// widen gives the definitions that were rewritten for the parser, mock methods
// among them, the spans that they have in the text, semicolon included.
func widen(decls []decl, rewritten []rewritten) {
	for _, r := range rewritten {
		for len(decls) > 0 && decls[0].name.from < r.from {
			decls = decls[1:]
		}
		if len(decls) > 0 && decls[0].name.from < r.to {
			decls[0].span, decls[0].head, decls[0].body = r.span, r.head, false
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

// maxAdopters bounds how many types and namespaces are asked for a member.
const maxAdopters = 1000

// adopt gives symbols defined out of line the class or namespace that they belong
// to as parent, if it comes before them in the file.
func (b *factsBuilder) adopt(into *indexer.Facts) {
	b.types = b.types[:0]
	for i := range into.Symbols {
		if s := &into.Symbols[i]; s.Definition && (isType(s.Kind) || s.Kind == indexer.KindNamespace) {
			b.types = append(b.types, int32(i))
		}
	}
	for i := range into.Symbols {
		s := &into.Symbols[i]
		if s.Parent >= 0 || s.Container == "" || s.Kind == indexer.KindNamespace {
			continue
		}
		for n := len(b.types) - 1; n >= max(0, len(b.types)-maxAdopters); n-- {
			j := b.types[n]
			c := &into.Symbols[j]
			if int(j) >= i || !isQualified(s.Container, c) {
				continue
			}
			s.Parent = j
			if c.Kind == indexer.KindNamespace { // namespace::function, no method
				s.Kind = ofNamespace(s.Kind)
			}
			break
		}
	}
}

// ofNamespace returns the kind of what was taken for a member of a class.
func ofNamespace(k indexer.Kind) indexer.Kind {
	switch k {
	case indexer.KindMethod:
		return indexer.KindFunction
	case indexer.KindField:
		return indexer.KindVariable
	}
	return k
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

// mark gives the name of d its role among the occurrences. ~Name and operator==
// become one occurrence each, but where a type is named in it. It reports false
// when the name is no token.
func (b *factsBuilder) mark(e *Extractor, d *decl) bool {
	role := indexer.Declaration
	if d.definition {
		role = indexer.Definition
	}
	code := e.lexer.code
	first, _ := slices.BinarySearchFunc(code, d.name.from, func(t token, at int32) int { return int(t.pos - at) })
	if first >= len(code) || code[first].pos != d.name.from || code[first].end > d.name.to {
		return false
	}
	switch code[first].kind {
	case tkIdent:
		if isSpecifier(b.text[d.name.from:d.name.to]) {
			return false
		}
	case tkNumber:
		if d.kind != indexer.KindTest {
			return false
		}
	case '~':
		if first+1 >= len(code) || code[first+1].kind != tkIdent || code[first+1].end != d.name.to {
			return false
		}
		code[first].end = d.name.to
	case kwOperator:
		if isOperator(code[first:], d.name.to) {
			code[first].end = d.name.to
		}
	default:
		return false
	}
	code[first].role = uint8(role) + 1
	return true
}

// isOperator reports whether the name that starts code and ends at end is that of
// an operator, and not of a conversion, in which types are named.
func isOperator(code []token, end int32) bool {
	for i := 1; i < len(code) && code[i].end <= end; i++ {
		switch k := code[i].kind; {
		case k == tkIdent:
			return code[i-1].kind == tkString // ""_suffix
		case k.isKeyword() && i > 1, k == tkNumber, k == tkChar:
			return false
		}
	}
	return true
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
		if s.to > from || len(bytes.TrimSpace(b.text[s.to:from])) > 0 {
			break
		}
		from = s.from
	}
	return from
}
