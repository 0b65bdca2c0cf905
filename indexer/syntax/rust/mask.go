package rust

import sitter "github.com/smacker/go-tree-sitter"

// mode says how much of a text is left for the parser.
type mode int

const (
	// lifted is skeleton, with the items inside of macro invocations standing
	// as if there were no macro around them.
	lifted mode = iota
	// skeleton keeps items, and of what is inside of functions nothing but the
	// items there, which come to stand in the function's body itself.
	skeleton
	// full keeps everything but what the grammar cannot read.
	full
)

// maxDepth bounds how deep items nest before they are no longer looked at.
const maxDepth = 200

// masker marks the tokens of a text that the parser shall not see. Comments
// it never sees.
type masker struct {
	*lexer
	mode   mode
	masked []byte
	ranges []sitter.Range
}

// mask overwrites the text with spaces, except for the tokens to be parsed, so
// that offsets, lines and columns stay true. The result holds until the next
// call. It also sets the ranges in which there is something to parse.
func (m *masker) mask(how mode) []byte {
	if !m.balanced {
		how = full
	}
	m.mode = how
	for i := range m.tokens {
		m.tokens[i].drop = m.tokens[i].attribute
	}
	end := len(m.tokens) - lookAhead
	for i := 0; i < end; i++ {
		switch {
		case m.isClosureAsync(i):
			m.tokens[i].drop = true
		case m.tokens[i].kind == '+' && m.tokens[i+1].kind == kwUse && m.tokens[i+2].kind == '<':
			i = m.dropTo(i, m.angleEnd(i+2)) - 1 // captured lifetimes
		}
	}
	if how != full {
		m.items(0, end, 0)
	}
	m.render()
	return m.masked
}

// isClosureAsync reports whether token i is the async of a closure, which the
// grammar does not know: `async move |x| …`.
func (m *masker) isClosureAsync(i int) bool {
	if m.tokens[i].kind != kwAsync {
		return false
	}
	if m.is(i+1, "move") {
		i++
	}
	return m.tokens[i+1].kind == '|' || m.is(i+1, "||")
}

// items goes through tokens[i:end], which stand where items do, and drops what
// items hold beside declarations.
func (m *masker) items(i, end, depth int) {
	for i < end {
		switch t := &m.tokens[i]; {
		case t.drop:
			i++
		case t.kind == kwFn && m.tokens[i+1].kind == ident:
			i = m.function(i, end, depth)
		case (t.kind == kwConst || t.kind == kwStatic) && m.startsItem(i):
			i = m.value(i, end)
		case t.kind == '!' && m.isMacro(i):
			i = m.macro(i, end, depth)
		default:
			i++
		}
	}
}

// function drops the body of the function at i, but for the items in it.
func (m *masker) function(i, end, depth int) int {
	open := m.headEnd(i)
	if open >= end || m.tokens[open].kind != '{' {
		return open
	}
	m.items(i+1, open, depth)
	m.body(open+1, int(m.tokens[open].pair), depth+1)
	return int(m.tokens[open].pair) + 1
}

// headEnd returns the index of the token that ends the head of the item at i:
// its opening brace or its semicolon, or, in broken text, whatever closes what
// is around it.
func (l *lexer) headEnd(i int) int {
	for i++; ; i++ {
		switch t := &l.tokens[i]; t.kind {
		case ';', '}', ')', ']', eof:
			return i
		case kwFn:
			if l.tokens[i+1].kind == ident {
				return i
			}
		case '(', '[':
			if t.pair < 0 {
				return i
			}
			i = int(t.pair)
		case '{':
			if t.pair < 0 || l.tokens[i-1].kind != '<' {
				return i
			}
			i = int(t.pair) // a constant as generic argument
		}
	}
}

// maxAngles bounds how many tokens are searched for the end of generic
// arguments.
const maxAngles = 1000

// angleEnd returns the index behind the generic arguments that open at i, or
// of where the search for it was given up.
func (l *lexer) angleEnd(i int) int {
	depth := 0
	for limit := i + maxAngles; i < limit; i++ {
		switch t := &l.tokens[i]; t.kind {
		case '<':
			depth++
		case '>':
			if depth--; depth == 0 {
				return i + 1
			}
		case '(', '[', '{':
			if t.pair < 0 {
				return i
			}
			i = int(t.pair)
		case ';', ')', ']', '}', eof:
			return i
		}
	}
	return min(i, len(l.tokens)-1)
}

// dropTo drops tokens[i:end] and returns end.
func (m *masker) dropTo(i, end int) int {
	for ; i < end; i++ {
		m.tokens[i].drop = true
	}
	return end
}

// startsItem reports whether the const or static at i begins an item, rather
// than a generic parameter or a pointer type.
func (m *masker) startsItem(i int) bool {
	for i--; i >= 0 && m.tokens[i].drop; i-- {
	}
	if i < 0 {
		return true
	}
	switch m.tokens[i].kind {
	case '{', '}', ';', ')', kwPub, kwUnsafe, eof:
		return true
	}
	return m.is(i, "default") || m.is(i, "safe")
}

// value drops the value of the const or static at i.
func (m *masker) value(i, end int) int {
	if k := m.tokens[i+1].kind; k != ident && k != '_' && k != kwMut && k != kwRef {
		return i + 1 // const fn
	}
	if m.tokens[i+1].kind == kwRef { // lazy_static!
		m.tokens[i+1].drop = true
	}
	i = m.valueStart(i, end)
	for ; i < end && m.tokens[i].kind != ';'; i++ {
		if p := m.tokens[i].pair; p > int32(i) {
			i = m.dropTo(i, int(p))
		}
		m.tokens[i].drop = true
	}
	return i
}

// valueStart returns the index of the = of the const or static at i, or of its
// semicolon when it has no value.
func (l *lexer) valueStart(i, end int) int {
	angles := 0
	for i++; i < end; i++ {
		switch t := &l.tokens[i]; t.kind {
		case '<':
			angles++
		case '>':
			angles--
		case '=':
			if angles == 0 {
				return i
			}
		case ';':
			return i
		case '(', '[', '{':
			i = max(i, int(t.pair))
		}
	}
	return i
}

// isMacro reports whether the ! at i invokes or defines a macro.
func (m *masker) isMacro(i int) bool {
	return i > 0 && m.tokens[i-1].kind == ident && m.macroOpen(i) > 0
}

// macroOpen returns the index of the bracket that opens the arguments of the
// macro whose ! stands at i, 0 when there is none.
func (l *lexer) macroOpen(i int) int {
	open := i + 1
	if l.tokens[open].kind == ident { // macro_rules! name {
		open++
	}
	switch l.tokens[open].kind {
	case '(', '[', '{':
		return open
	}
	return 0
}

// macro drops the arguments of the macro whose ! stands at i; or, where they
// are items, the macro around them.
func (m *masker) macro(i, end, depth int) int {
	open := m.macroOpen(i)
	stop := int(m.tokens[open].pair)
	if m.mode != lifted || depth > maxDepth || open != i+1 || m.tokens[open].kind != '{' || !m.holdsItems(open+1) {
		return m.dropTo(open+1, stop)
	}
	name := i - 1
	for name > 1 && m.tokens[name-1].kind == pathSep && m.tokens[name-2].kind == ident {
		name -= 2
	}
	m.dropTo(name, open+1)
	m.tokens[stop].drop = true
	m.unwrapBranches(open+1, stop)
	m.items(open+1, stop, depth+1)
	return stop + 1
}

// holdsItems reports whether what begins at i, inside of a macro's braces, is
// an item as far as its first tokens tell.
func (m *masker) holdsItems(i int) bool {
	if m.is(i, "if") { // cfg_if!
		return m.tokens[i+1].attribute
	}
	for m.tokens[i].attribute {
		i++
	}
	return m.itemEnd(i) > 0
}

// unwrapBranches drops the branches that cfg_if! puts around items.
func (m *masker) unwrapBranches(i, end int) {
	if !m.is(i, "if") {
		return
	}
	for ; i < end; i++ {
		t := &m.tokens[i]
		t.drop = true
		if t.kind == '{' {
			i = int(t.pair)
			m.tokens[i].drop = true
		}
	}
}

// body drops tokens[i:end], the inside of a function, except for items.
func (m *masker) body(i, end, depth int) {
	start := true // of a statement
	for i < end {
		t := &m.tokens[i]
		if start && !t.attribute && depth < maxDepth {
			if stop := m.itemEnd(i); stop > 0 && stop <= end {
				m.items(i, stop, depth)
				i = stop
				continue
			}
		}
		t.drop = true
		start = t.attribute || t.kind == ';' || t.kind == '{' || t.kind == '}'
		if t.kind == '!' && m.isMacro(i) {
			i = m.dropTo(i, int(m.tokens[m.macroOpen(i)].pair))
			continue
		}
		i++
	}
}

// itemEnd returns the index behind the item that begins at i, 0 when none
// does. An import is no item here.
func (l *lexer) itemEnd(i int) int {
	key := l.itemKeyword(i)
	switch {
	case key < 0:
		return 0
	case l.tokens[key].kind == kwConst || l.tokens[key].kind == kwStatic || l.tokens[key].kind == kwType:
		return l.behindSemicolon(key)
	}
	stop := l.headEnd(key)
	switch t := l.tokens[stop]; {
	case t.kind == ';':
		return stop + 1
	case t.kind == '{' && t.pair > 0:
		return int(t.pair) + 1
	}
	return 0
}

func (l *lexer) behindSemicolon(i int) int {
	for ; ; i++ {
		switch t := &l.tokens[i]; {
		case t.kind == ';':
			return i + 1
		case t.kind == eof || t.kind == '}' || t.kind == ')' || t.kind == ']':
			return 0
		case t.pair > int32(i):
			i = int(t.pair)
		}
	}
}

// itemKeyword returns the index of the keyword that says what item begins at
// i, behind visibility and modifiers; -1 when none does.
func (l *lexer) itemKeyword(i int) int {
	i = l.behindVisibility(i)
	for {
		next := l.tokens[i+1].kind
		switch k := l.tokens[i].kind; k {
		case kwFn, kwStruct, kwEnum, kwTrait, kwMod, kwType:
			return index(i, next == ident)
		case kwImpl:
			return i
		case kwConst, kwStatic:
			if next == ident || next == '_' || next == kwMut || next == kwRef {
				return i
			}
			if k == kwStatic {
				return -1
			}
		case kwExtern:
			if next == literal {
				if l.tokens[i+2].kind == '{' {
					return i
				}
				i++
			} else if next == '{' {
				return i
			}
		case kwAsync, kwUnsafe:
		case ident:
			switch {
			case l.is(i, "union") && next == ident:
				return i
			case l.is(i, "macro_rules") && next == '!':
				return index(i, l.tokens[i+2].kind == ident)
			case !l.is(i, "default") && !l.is(i, "auto") && !l.is(i, "safe"):
				return -1
			}
		default:
			return -1
		}
		i++
	}
}

func index(i int, ok bool) int {
	if ok {
		return i
	}
	return -1
}

// behindVisibility returns the index behind the pub(…) that may stand at i.
func (l *lexer) behindVisibility(i int) int {
	if l.tokens[i].kind != kwPub {
		return i
	}
	i++
	if t := l.tokens[i]; t.kind == '(' && t.pair > 0 {
		switch l.tokens[i+1].kind {
		case kwCrate, kwSuper, kwSelf:
			return int(t.pair) + 1
		}
		if l.is(i+1, "in") {
			return int(t.pair) + 1
		}
	}
	return i
}

// farApart is the least number of masked bytes that is worth a range of its
// own.
const farApart = 16

// render writes the tokens that are left to m.masked, and to m.ranges where
// they are. A range ends in a space, so that no token reaches into the next.
func (m *masker) render() {
	m.blank()
	m.ranges = m.ranges[:0]
	last := -farApart
	for i := range len(m.tokens) - lookAhead {
		t := &m.tokens[i]
		if t.drop {
			continue
		}
		if m.is(i, "expr_2021") && i > 0 && m.tokens[i-1].kind == ':' {
			copy(m.masked[t.off:], "expr")
		} else {
			copy(m.masked[t.off:t.end], m.of(i))
		}
		if int(t.off)-last >= farApart {
			m.ranges = append(m.ranges, sitter.Range{
				StartByte:  t.off,
				StartPoint: sitter.Point{Row: uint32(t.line - 1), Column: uint32(t.col - 1)},
			})
		}
		last = int(t.end)
		r := &m.ranges[len(m.ranges)-1]
		r.EndByte = min(t.end+1, uint32(len(m.text)))
		r.EndPoint = sitter.Point{Row: uint32(t.line - 1), Column: uint32(t.col-1) + r.EndByte - t.off}
	}
}

// blank sets m.masked to the text with a space for every byte but newlines.
func (m *masker) blank() {
	m.masked = append(m.masked[:0], m.text...)
	for i, c := range m.masked {
		if c != '\n' {
			m.masked[i] = ' '
		}
	}
}
