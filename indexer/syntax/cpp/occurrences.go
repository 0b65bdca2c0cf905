package cpp

import "navigator/indexer"

// occurrences adds every identifier of the text: of code, dead branches
// included, and of directives.
func (b *factsBuilder) occurrences(e *Extractor, into *indexer.Facts) {
	p := pen{into: into, lines: b.lines, entries: b.entries}
	code, trivia := e.lexer.code, e.lexer.trivia
	d := 0
	end := int32(0)
	for i := range code {
		if code[i].role == 0 && (code[i].kind != tkIdent || isSpecifier(b.text[code[i].pos:code[i].end])) || code[i].pos < end {
			continue
		}
		end = code[i].end
		for d < len(trivia) && trivia[d].pos < code[i].pos {
			b.directive(e, &p, &trivia[d])
			d++
		}
		role := indexer.Role(code[i].role) - 1
		if code[i].role == 0 {
			role = roleOf(code, i)
		}
		p.write(code[i].pos, code[i].end, role)
	}
	for ; d < len(trivia); d++ {
		b.directive(e, &p, &trivia[d])
	}
}

// isSpecifier reports whether w is a keyword where functions and classes end
// their heads; as a name it is too rare to tell apart.
func isSpecifier(w []byte) bool { return string(w) == "override" || string(w) == "final" }

// pen writes occurrences in order.
type pen struct {
	into  *indexer.Facts
	lines []int32
	line  int // index of the line last written to

	entries []int32 // where the names of X-macro tables stand that are yet to come
}

func (p *pen) write(from, to int32, role indexer.Role) {
	for p.line+1 < len(p.lines) && p.lines[p.line+1] <= from {
		p.line++
	}
	p.into.Occurrences = append(p.into.Occurrences, indexer.Occurrence{
		Line: int32(p.line) + 1, Col: from - p.lines[p.line] + 1, Len: to - from, Role: role,
	})
}

// directive writes the identifiers of a directive that has any.
func (b *factsBuilder) directive(e *Extractor, p *pen, t *token) {
	if t.kind == tkAnnotation {
		p.write(t.pos, t.end, indexer.Read)
		return
	}
	switch t.kind {
	case tkDefine, tkUndef, tkIf, tkElse:
	default:
		return
	}
	l := &e.body
	d := b.text[t.pos:t.end]
	l.text, l.at, l.fresh = d, directiveName(d), false
	l.code, l.trivia = l.code[:0], l.trivia[:0]
	l.run(len(d), false)
	for i := range l.code {
		c := &l.code[i]
		if len(p.entries) > 0 && p.entries[0] < t.pos+c.pos {
			p.entries = p.entries[1:]
		}
		if c.kind != tkIdent || string(d[c.pos:c.end]) == "defined" {
			continue
		}
		role := roleOf(l.code, i)
		if i == 0 && t.kind == tkDefine {
			role = indexer.Definition
		} else if i > 0 && t.kind != tkDefine && l.code[i-1].kind != '(' && role == indexer.TypeUse {
			role = indexer.Read
		}
		if len(p.entries) > 0 && p.entries[0] == t.pos+c.pos {
			role, p.entries = indexer.Definition, p.entries[1:]
		}
		p.write(t.pos+c.pos, t.pos+c.end, role)
	}
}

// roleOf tells what the identifier at i does, by the tokens around it: the one
// behind it, else the one before it.
func roleOf(code []token, i int) indexer.Role {
	prev := tkEOF
	if i > 0 {
		prev = code[i-1].kind
	}
	if role := roleBefore(code, i, prev); role != indexer.Read {
		return role
	}
	switch prev {
	case tkStep:
		return indexer.Write
	case kwNew, kwClass, kwStruct, kwUnion, kwEnum, kwTypename, kwPublic, kwPrivate, kwProtected:
		return indexer.TypeUse
	}
	return indexer.Read
}

// roleBefore tells what the identifier at i does by the token behind it;
// [indexer.Read] when that says nothing.
func roleBefore(code []token, i int, prev kind) indexer.Role {
	next := tkEOF
	if i+1 < len(code) {
		next = code[i+1].kind
	}
	switch next {
	case '(':
		switch {
		case prev == kwOperator, chainStart(code, i) == kwNew:
			return indexer.TypeUse
		case declares(code, i, prev):
			return indexer.Write
		}
		return indexer.Call
	case tkScope: // a namespace or a type, never a value
		return indexer.TypeUse
	case ';':
		if k := chainStart(code, i); k == kwUsing || k == kwNamespace && prev != '=' {
			return indexer.Import
		}
	case '=', tkAssign, tkStep:
		return indexer.Write
	case tkIdent, kwConst, kwOperator:
		return indexer.TypeUse
	case '&', '*', tkLogic:
		if isPointerTo(code, i, prev) {
			return indexer.TypeUse
		}
	case '{':
		if code[i].flags&flagLineStart == 0 && prev != ')' && prev != tkDots {
			return indexer.TypeUse
		}
	case '<':
		if opensArguments(code, i+1) {
			if closesCall(code, i+1) && chainStart(code, i) != kwNew {
				return indexer.Call
			}
			return indexer.TypeUse
		}
	case '>', ',':
		if isArgument(code, i) {
			return indexer.TypeUse
		}
	}
	return indexer.Read
}

// declares reports whether the name at i, before a parenthesis, is a variable's
// whose type ends before it: Type name(…), Type<Args> name(…).
func declares(code []token, i int, prev kind) bool {
	if prev == '>' { // not a comparison, which has blanks around it
		return i >= 2 && code[i-2].end == code[i-1].pos && code[i-1].end < code[i].pos
	}
	return prev == tkIdent
}

// chainStart returns the kind of the token before A::B::name, whose name is at i.
func chainStart(code []token, i int) kind {
	for i >= 2 && code[i-1].kind == tkScope && code[i-2].kind == tkIdent {
		i -= 2
	}
	if i >= 1 && code[i-1].kind == tkScope { // ::A::name
		i--
	}
	if i == 0 {
		return tkEOF
	}
	return code[i-1].kind
}

// isPointerTo reports whether T * or T & at i declares, rather than computes:
// it stands where a type may, and a name or the end of a type follows.
func isPointerTo(code []token, i int, prev kind) bool {
	j := i + 1
	for j < len(code) && (code[j].kind == '*' || code[j].kind == '&' || code[j].kind == tkLogic || code[j].kind == kwConst) {
		j++
	}
	if j >= len(code) {
		return false
	}
	if prev == tkScope {
		prev = chainStart(code, i)
	}
	switch code[j].kind {
	case tkIdent:
		switch prev {
		case '(', ',', '{', '}', ';', kwConst, '<', tkEOF, ':', kwStatic, kwVirtual, kwInline, kwConstexpr, '>':
			return j+1 < len(code) && code[j+1].kind != '.' && code[j+1].kind != tkArrow
		}
		return false
	case '>', ')', ',', tkDots, kwOperator:
		return true
	}
	return false
}

// maxArguments bounds how many tokens template arguments may have here.
const maxArguments = 64

// opensArguments reports whether the < at i opens template arguments.
func opensArguments(code []token, i int) bool { return argumentsEnd(code, i) > 0 }

// closesCall reports whether a parenthesis follows the arguments that open at i.
func closesCall(code []token, i int) bool {
	end := argumentsEnd(code, i)
	return end > 0 && end+1 < len(code) && code[end+1].kind == '('
}

// argumentsEnd returns the index of the > that closes the < at i, or 0 when what
// stands between is no list of types.
func argumentsEnd(code []token, i int) int {
	depth := 0
	for j := i; j < len(code) && j < i+maxArguments; j++ {
		switch k := code[j].kind; k {
		case '<':
			depth++
		case '>':
			if depth--; depth == 0 {
				return j
			}
		case tkLogic: // T&&, no condition
			if j+1 >= len(code) || code[j+1].kind != '>' && code[j+1].kind != ',' && code[j+1].kind != ')' && code[j+1].kind != tkDots {
				return 0
			}
		case tkIdent, tkScope, ',', '*', '&', tkNumber, tkDots, '(', ')', '[', ']':
		default:
			if !k.isKeyword() {
				return 0
			}
		}
	}
	return 0
}

// isArgument reports whether the identifier at i, before a comma or >, is a
// template argument: a < opens before it with nothing but types between.
func isArgument(code []token, i int) bool {
	depth := 0
	for j := i - 1; j >= 0 && j > i-maxArguments; j-- {
		switch k := code[j].kind; k {
		case '>':
			depth++
		case '<':
			if depth == 0 {
				return j > 0 && (code[j-1].kind == tkIdent || code[j-1].kind == kwTemplate || code[j-1].kind == kwCast) &&
					opensArguments(code, j)
			}
			depth--
		case tkIdent, tkScope, ',', '*', '&':
		case '(': // std::function<void(T, U)>
			if j == 0 || code[j-1].kind != kwType {
				return false
			}
		default:
			if !k.isKeyword() {
				return false
			}
		}
	}
	return false
}
