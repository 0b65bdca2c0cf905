package cpp

import (
	"bytes"

	"navigator/indexer"
)

// occurrences adds every identifier of the text: of code, dead branches
// included, and of directives.
func (b *factsBuilder) occurrences(e *Extractor, into *indexer.Facts) {
	p := pen{into: into, lines: b.lines}
	code, trivia := e.lexer.code, e.lexer.trivia
	d := 0
	for i := range code {
		if code[i].kind != tkIdent {
			continue
		}
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

// pen writes occurrences in order.
type pen struct {
	into  *indexer.Facts
	lines []int32
	line  int // index of the line last written to
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
	if t.kind != tkDefine && t.kind != tkIf && t.kind != tkElse && t.kind != tkDirective {
		return
	}
	l := &e.body
	d := b.text[t.pos:t.end]
	l.text, l.at, l.fresh = d, skipBlanks(d, 1), false
	l.code, l.trivia = l.code[:0], l.trivia[:0]
	for l.at < len(d) && word[d[l.at]] != 0 { // the name of the directive
		l.at++
	}
	if t.kind == tkDirective && !bytes.Contains(d[:l.at], []byte("undef")) {
		return
	}
	l.run(len(d), false)
	for i := range l.code {
		c := &l.code[i]
		if c.kind != tkIdent {
			continue
		}
		role := roleOf(l.code, i)
		if i == 0 && t.kind == tkDefine {
			role = indexer.Definition
		} else if i > 0 && t.kind != tkDefine && l.code[i-1].kind != '(' && role == indexer.TypeUse {
			role = indexer.Read
		}
		p.write(t.pos+c.pos, t.pos+c.end, role)
	}
}

// roleOf tells what the identifier at i does, by the tokens around it.
func roleOf(code []token, i int) indexer.Role {
	next, prev := tkEOF, tkEOF
	if i+1 < len(code) {
		next = code[i+1].kind
	}
	if i > 0 {
		prev = code[i-1].kind
	}
	switch next {
	case '(':
		if isTypeContext(prev) {
			return indexer.TypeUse
		}
		return indexer.Call
	case '=', tkAssign, tkStep:
		return indexer.Write
	case tkIdent:
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
			if closesCall(code, i+1) {
				return indexer.Call
			}
			return indexer.TypeUse
		}
	case '>', ',':
		if isArgument(code, i) {
			return indexer.TypeUse
		}
	case kwConst, kwOperator:
		return indexer.TypeUse
	}
	switch prev {
	case tkStep:
		return indexer.Write
	case kwNew, kwClass, kwStruct, kwUnion, kwEnum, kwTypename, kwPublic, kwPrivate, kwProtected:
		return indexer.TypeUse
	}
	return indexer.Read
}

// isTypeContext reports whether a name after k is a type's even before a parenthesis.
func isTypeContext(k kind) bool { return k == kwNew }

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
	for prev == tkScope && i >= 2 { // A::T
		i -= 2
		prev = tkEOF
		if i > 0 {
			prev = code[i-1].kind
		}
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
		case tkIdent, tkScope, ',', '*', '&', tkLogic, tkNumber, tkDots, '(', ')', '[', ']':
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
		default:
			if !k.isKeyword() {
				return false
			}
		}
	}
	return false
}
