package rust

import "strings"

// expr reads an expression. Where a brace would end it, as in the condition of
// an if, structs is false.
func (p *parser) expr(structs bool) *Expr {
	start := p.off()
	if p.kind(0) == operator && strings.HasPrefix(p.word(0), "..") {
		p.i++
		e := &Expr{Kind: ExprRange, Start: start, ExprParts: noParts}
		if p.startsExpr(structs) {
			e.Y = p.binary(structs, 1)
		}
		e.End = p.last()
		return e
	}
	left := p.binary(structs, 0)
	switch {
	case p.kind(0) == '=', p.kind(0) == assign && p.word(0) != "->":
		op := p.word(0)
		p.i++
		right := p.nested(func() *Expr { return p.expr(structs) })
		return &Expr{Kind: ExprAssign, Start: start, End: p.last(), X: left, Y: right, Op: op, ExprParts: noParts}
	case p.isRange(0):
		p.i++
		e := &Expr{Kind: ExprRange, Start: start, X: left, ExprParts: noParts}
		if p.startsExpr(structs) {
			e.Y = p.binary(structs, 1)
		}
		e.End = p.last()
		return e
	}
	return left
}

func (p *parser) nested(read func() *Expr) *Expr {
	if p.depth > maxNesting {
		return &Expr{ExprParts: noParts}
	}
	p.depth++
	defer func() { p.depth-- }()
	return read()
}

func (p *parser) startsExpr(structs bool) bool {
	switch p.kind(0) {
	case eof, ')', ']', '}', ',', ';', fatArrow, '=', assign:
		return false
	case '{':
		return structs
	}
	return true
}

// precedence returns that of the binary operator which comes next and how many
// tokens it has, 0 when there is none.
func (p *parser) precedence() (prec, n int) {
	switch p.kind(0) {
	case '*', '/', '%':
		return 10, 1
	case '+', '-':
		return 9, 1
	case '&':
		return 7, 1
	case '^':
		return 6, 1
	case '|':
		return 5, 1
	case '<':
		return 4, 1
	case '>':
		if p.kind(1) == '>' && p.i+1 < p.end && p.tokens[p.i].end == p.tokens[p.i+1].off {
			return 8, 2
		}
		return 4, 1
	case operator:
		switch p.word(0) {
		case "<<":
			return 8, 1
		case "==", "!=", "<=", ">=":
			return 4, 1
		case "&&":
			return 3, 1
		case "||":
			return 2, 1
		}
	}
	return 0, 0
}

func (p *parser) binary(structs bool, above int) *Expr {
	start := p.off()
	left := p.nested(func() *Expr { return p.unary(structs) })
	for {
		if p.kind(0) == kwAs {
			p.i++
			left = &Expr{Kind: ExprCast, Start: start, X: left, ExprParts: &ExprParts{Type: p.typeNoBounds()}, End: p.last()}
			continue
		}
		prec, n := p.precedence()
		if prec == 0 || prec <= above {
			return left
		}
		op := p.word(0)
		p.i += n
		right := p.nested(func() *Expr { return p.binary(structs, prec) })
		left = &Expr{Kind: ExprBinary, Start: start, End: p.last(), X: left, Y: right, Op: op, ExprParts: noParts}
	}
}

func (p *parser) unary(structs bool) *Expr {
	start := p.off()
	wrap := func(k ExprKind) *Expr {
		x := p.nested(func() *Expr { return p.unary(structs) })
		return &Expr{Kind: k, Start: start, End: p.last(), X: x, ExprParts: noParts}
	}
	switch p.kind(0) {
	case '&':
		p.i++
		if p.isWord(0, "raw") && (p.kind(1) == kwMut || p.kind(1) == kwConst) {
			p.i += 2
		}
		p.accept(kwMut)
		return wrap(ExprRef)
	case operator:
		if p.word(0) == "&&" {
			p.i++
			p.accept(kwMut)
			inner := wrap(ExprRef)
			return &Expr{Kind: ExprRef, Start: start, End: p.last(), X: inner, ExprParts: noParts}
		}
	case '*':
		p.i++
		return wrap(ExprDeref)
	case '!', '-':
		p.i++
		return wrap(ExprUnary)
	}
	return p.postfix(p.primary(structs))
}

// postfix reads what follows an expression: calls, fields, indexes, ?.
func (p *parser) postfix(x *Expr) *Expr {
	for {
		start := x.Start
		switch p.kind(0) {
		case '?':
			p.i++
			x = &Expr{Kind: ExprTry, Start: start, X: x, ExprParts: noParts}
		case '(':
			x = &Expr{Kind: ExprCall, Start: start, X: x, List: p.exprList(), ExprParts: noParts}
		case '[':
			e := &Expr{Kind: ExprIndex, Start: start, X: x, ExprParts: noParts}
			p.within(func() { e.Y = p.expr(true) })
			x = e
		case '.':
			p.i++
			x = p.member(x)
		default:
			return x
		}
		x.End = p.last()
	}
}

func (p *parser) member(x *Expr) *Expr {
	start := x.Start
	switch {
	case p.isWord(0, "await"):
		p.i++
		return &Expr{Kind: ExprAwait, Start: start, X: x, ExprParts: noParts}
	case p.kind(0) == number:
		n := p.name()
		for i, part := range strings.Split(n.Text, ".") {
			off := n.Off
			if i > 0 {
				off += uint32(strings.LastIndexByte(n.Text, '.') + 1)
			}
			x = &Expr{Kind: ExprField, Start: start, X: x, Name: Name{part, off}, ExprParts: noParts}
		}
		return x
	case p.kind(0) == ident || p.kind(0) == primitive:
		e := &Expr{Kind: ExprField, Start: start, X: x, Name: p.name(), ExprParts: noParts}
		if p.kind(0) == pathSep && p.kind(1) == '<' {
			p.i++
			var seg Seg
			p.genericArgs(&seg)
			e.parts().Types = seg.Args
		}
		if p.kind(0) == '(' {
			e.Kind, e.List = ExprMethod, p.exprList()
		}
		return e
	}
	return &Expr{Kind: ExprOther, Start: start, List: []*Expr{x}, ExprParts: noParts}
}

func (p *parser) exprList() []*Expr {
	var list []*Expr
	p.within(func() {
		p.commas(func() {
			p.attributes()
			if p.more() {
				list = append(list, p.expr(true))
			}
		})
	})
	return list
}

func (p *parser) primary(structs bool) *Expr {
	e := &Expr{Start: p.off(), ExprParts: noParts}
	p.primaryInto(e, structs)
	e.End = p.last()
	return e
}

func (p *parser) primaryInto(e *Expr, structs bool) {
	switch p.kind(0) {
	case literal, number:
		p.literal(e)
	case '(':
		p.tuple(e)
	case '[':
		p.array(e)
	case '{':
		*e = *p.block()
	case '|':
		p.closure(e)
	case operator:
		if p.word(0) == "||" {
			p.closure(e)
			return
		}
		p.i++
	case lifetime:
		label := p.name()
		if p.accept(':') {
			*e = *p.primary(structs)
			e.parts().Label = label
		}
	case kwAsync, kwUnsafe, kwConst, kwStatic:
		p.prefixed(e, structs)
	case kwFor:
		p.forLoop(e)
	case kwOther:
		p.keyword(e, structs)
	case kwLet:
		p.i++
		e.Kind = ExprLet
		e.parts().Pat = p.patAlternatives()
		if p.accept('=') {
			e.X = p.binary(structs, 3)
		}
	case ident, primitive, kwSelf, kwSelfType, kwSuper, kwCrate, pathSep, '<':
		p.pathExpr(e, structs)
	case eof, ',', ';', fatArrow, ')', ']', '}':
	default:
		p.skip()
	}
}

var numberSuffixes = []string{"u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64"}

func (p *parser) literal(e *Expr) {
	w := p.word(0)
	e.Kind, e.Lit = ExprLit, '"'
	switch {
	case p.kind(0) == number:
		e.Lit = '0'
		if strings.Contains(w, ".") {
			e.Lit = '.'
		}
		for _, suffix := range numberSuffixes {
			if strings.HasSuffix(w, suffix) {
				e.Op = suffix
			}
		}
	case w[0] == '\'' || strings.HasPrefix(w, "b'"):
		e.Lit = '\''
	case w[0] == 'b':
		e.Lit = 'b'
	}
	p.i++
}

// tuple reads (a, b), or an expression in parentheses.
func (p *parser) tuple(e *Expr) {
	e.Kind = ExprTuple
	comma := false
	p.within(func() {
		comma = p.commas(func() {
			p.attributes()
			if p.more() {
				e.List = append(e.List, p.expr(true))
			}
		})
	})
	if len(e.List) == 1 && !comma {
		*e = *e.List[0]
	}
}

// array reads [a, b] or [a; n].
func (p *parser) array(e *Expr) {
	e.Kind = ExprArray
	p.within(func() {
		p.commas(func() {
			p.attributes()
			e.List = append(e.List, p.expr(true))
			if p.accept(';') {
				e.Y = p.expr(true)
			}
		})
	})
}

// forLoop reads for x in y { … }, or a closure that begins with for<'a>.
func (p *parser) forLoop(e *Expr) {
	if p.kind(1) == '<' {
		p.forLifetimes()
		p.closure(e)
		return
	}
	p.i++
	e.Kind = ExprFor
	e.parts().Pat = p.patAlternatives()
	p.acceptWord("in")
	e.X = p.expr(false)
	e.Y = p.maybeBlock()
}

func (p *parser) prefixed(e *Expr, structs bool) {
	n := 1
	async := p.kind(0) == kwAsync
	for p.isWord(n, "move") || p.kind(n) == kwUnsafe || p.kind(n) == kwAsync {
		n++
	}
	switch {
	case p.kind(n) == '{':
		p.i += n
		*e = *p.block()
		e.Async = async
	case p.kind(n) == '|' || p.kind(n) == operator && p.word(n) == "||":
		p.i += n
		p.closure(e)
		e.Async = async
	default:
		p.i++
	}
}

func (p *parser) keyword(e *Expr, structs bool) {
	w := p.word(0)
	p.i++
	switch w {
	case "true", "false":
		e.Kind, e.Lit = ExprLit, 't'
	case "if":
		e.Kind = ExprIf
		e.X = p.expr(false)
		e.Y = p.maybeBlock()
		if p.acceptWord("else") {
			e.Z = p.nested(func() *Expr { return p.primary(true) })
		}
	case "match":
		e.Kind = ExprMatch
		e.X = p.expr(false)
		if p.kind(0) == '{' {
			p.within(func() { e.parts().Arms = p.arms() })
		}
	case "while":
		e.Kind = ExprWhile
		e.X = p.expr(false)
		e.Y = p.maybeBlock()
	case "loop":
		e.Kind = ExprLoop
		e.Y = p.maybeBlock()
	case "move":
		p.closure(e)
	case "return", "break", "continue":
		e.Kind, e.Op = ExprJump, w
		if p.kind(0) == lifetime && w != "return" {
			e.parts().Label = p.name()
		}
		if p.startsExpr(structs) && w != "continue" {
			e.X = p.nested(func() *Expr { return p.expr(structs) })
		}
	}
}

func (p *parser) maybeBlock() *Expr {
	if p.kind(0) == '{' {
		return p.block()
	}
	return nil
}

func (p *parser) arms() []*Arm {
	var arms []*Arm
	for p.more() {
		start := p.i
		p.attributes()
		a := &Arm{Pat: p.patAlternatives()}
		if p.acceptWord("if") {
			a.Guard = p.expr(true)
		}
		for p.more() && !p.accept(fatArrow) {
			p.skip()
		}
		a.Body = p.armBody()
		arms = append(arms, a)
		p.next(start)
	}
	return arms
}

// armBody reads what follows =>. A block ends it, unless a dot or a question
// mark follows.
func (p *parser) armBody() *Expr {
	if p.kind(0) == '{' {
		b := p.block()
		switch p.kind(0) {
		case '.', '?':
			return p.postfix(b)
		}
		return b
	}
	return p.expr(true)
}

func (p *parser) closure(e *Expr) {
	e.Kind = ExprClosure
	if p.kind(0) == operator {
		p.i++
	} else if p.accept('|') {
		for p.more() && !p.accept('|') {
			start := p.i
			p.attributes()
			out := &Param{Pat: p.pat()}
			if p.accept(':') {
				out.Type = p.typ()
			}
			e.parts().Params = append(e.Params, out)
			p.next(start)
		}
	}
	if p.accept(arrow) {
		e.parts().Type = p.typeNoBounds()
	}
	e.Y = p.nested(func() *Expr { return p.expr(true) })
}

func (p *parser) pathExpr(e *Expr, structs bool) {
	e.Kind = ExprPath
	e.Path = p.path(false)
	switch {
	case p.kind(0) == '!' && (p.kind(1) == '(' || p.kind(1) == '[' || p.kind(1) == '{'):
		e.Kind, e.parts().Macro = ExprMacro, p.macro(e.Path)
		e.Path = nil
	case p.kind(0) == '{' && structs && len(e.Path.Segs) > 0 && p.looksLikeStruct(e.Path):
		e.Kind = ExprStruct
		p.within(func() { p.commas(func() { p.fieldInit(e) }) })
	}
}

// fieldInit reads a field of a struct literal, or ..rest.
func (p *parser) fieldInit(e *Expr) {
	p.attributes()
	switch {
	case p.kind(0) == operator && p.word(0) == "..":
		p.i++
		if p.more() {
			e.X = p.expr(true)
		}
	case p.kind(0) == ident || p.kind(0) == primitive || p.kind(0) == number:
		f := ExprFieldInit{Name: p.name()}
		if p.accept(':') {
			f.X = p.expr(true)
		}
		e.parts().Fields = append(e.Fields, f)
	}
}

// looksLikeStruct tells Name { … } from a block behind a name.
func (p *parser) looksLikeStruct(path *Path) bool {
	last := path.Segs[len(path.Segs)-1].Name.Text
	return last == "Self" || 'A' <= last[0] && last[0] <= 'Z' || len(path.Segs) > 1
}

func (p *parser) block() *Expr {
	e := &Expr{Kind: ExprBlock, Start: p.off(), ExprParts: noParts}
	p.within(func() { e.parts().Stmts = p.stmts() })
	e.End = p.last()
	return e
}

func (p *parser) stmts() []*Stmt {
	var out []*Stmt
	for p.more() {
		if p.accept(';') {
			continue
		}
		start := p.i
		out = append(out, p.stmt())
		if p.i == start {
			p.skip()
		}
	}
	return out
}

func (p *parser) stmt() *Stmt {
	start := p.i
	attrs := p.kind(0) == '#'
	p.attributes()
	if p.kind(0) == kwLet {
		return p.let()
	}
	if p.startsItem() {
		if attrs {
			p.i = start
		}
		if it := p.item(); it != nil {
			return &Stmt{Item: it}
		}
	}
	s := &Stmt{}
	if p.endsStatement() {
		at := p.i
		s.X = p.primary(true)
		if k := p.kind(0); k == '.' || k == '?' {
			p.i = at
			s.X = p.expr(true)
		}
	} else {
		s.X = p.expr(true)
	}
	s.Semi = p.accept(';')
	return s
}

// endsStatement reports whether an expression comes that ends its statement
// without a semicolon.
func (p *parser) endsStatement() bool {
	switch p.kind(0) {
	case '{':
		return true
	case kwFor:
		return p.kind(1) != '<'
	case kwUnsafe:
		return p.kind(1) == '{'
	case lifetime:
		return p.kind(1) == ':'
	case kwOther:
		switch p.word(0) {
		case "if", "match", "while", "loop":
			return true
		}
	case ident:
		// m! { … }
		return p.kind(1) == '!' && p.kind(2) == '{'
	}
	return false
}

func (p *parser) startsItem() bool {
	switch p.kind(0) {
	case kwFn, kwStruct, kwEnum, kwMod, kwTrait, kwType, kwImpl, kwPub:
		return true
	case kwUse:
		return true
	case kwStatic:
		return p.kind(1) == ident || p.kind(1) == kwMut
	case kwConst:
		return p.kind(1) != '{'
	case kwUnsafe, kwAsync:
		return p.kind(1) == kwFn || p.kind(1) == kwImpl || p.kind(1) == kwTrait || p.kind(1) == kwExtern || p.kind(1) == kwUnsafe
	case kwExtern:
		return true
	case ident:
		return p.word(0) == "macro_rules" && p.kind(1) == '!'
	}
	return false
}

func (p *parser) let() *Stmt {
	p.i++
	s := &Stmt{Let: true, Pat: p.patAlternatives()}
	if p.accept(':') {
		s.Type = p.typ()
	}
	if p.accept('=') {
		s.X = p.expr(true)
	}
	if p.acceptWord("else") {
		s.Else = p.maybeBlock()
	}
	for p.more() && !p.accept(';') {
		switch p.kind(0) {
		case kwLet, kwFn, kwUse:
			return s
		}
		p.skip()
	}
	return s
}

// macro reads the arguments of a macro, whose exclamation mark comes next.
func (p *parser) macro(path *Path) *Macro {
	p.i++
	m := &Macro{Path: path, Start: p.off()}
	name := ""
	if n := len(path.Segs); n > 0 {
		name = path.Segs[n-1].Name.Text
	}
	p.within(func() {
		if p.kind(0) == literal {
			m.Text = unquote(p.word(0))
		}
		switch name {
		case "select":
			p.selectArms(m)
		case "matches", "assert_matches", "debug_assert_matches":
			p.matchesArgs(m)
		default:
			p.macroArgs(m)
		}
	})
	m.End = p.last()
	return m
}

// selectArms reads those of tokio::select!.
func (p *parser) selectArms(m *Macro) {
	if p.isWord(0, "biased") && p.kind(1) == ';' {
		p.i += 2
	}
	for p.more() {
		start := p.i
		p.attributes()
		a := &Arm{}
		if p.acceptWord("else") {
			a.Pat = &Pat{Kind: PatOther}
		} else {
			a.Pat = p.patAlternatives()
			if p.accept('=') {
				a.Guard = p.expr(true)
			}
			if p.accept(',') && p.acceptWord("if") {
				m.Parts = append(m.Parts, &Stmt{X: p.expr(true)})
			}
		}
		for p.more() && !p.accept(fatArrow) {
			p.skip()
		}
		a.Body = p.armBody()
		m.Arms = append(m.Arms, a)
		p.next(start)
	}
}

func (p *parser) matchesArgs(m *Macro) {
	m.Parts = append(m.Parts, &Stmt{X: p.expr(true)})
	if !p.accept(',') {
		return
	}
	m.Pats = append(m.Pats, p.patAlternatives())
	if p.acceptWord("if") {
		m.Parts = append(m.Parts, &Stmt{X: p.expr(true)})
	}
	if p.accept(',') {
		p.macroArgs(m)
	}
}

// macroArgs reads arguments as what they look like: statements, items,
// expressions, key = value.
func (p *parser) macroArgs(m *Macro) {
	for p.more() {
		start := p.i
		switch {
		case p.kind(0) == ',' || p.kind(0) == ';' || p.kind(0) == '%' || p.kind(0) == '?' || p.kind(0) == fatArrow || p.kind(0) == '=':
			p.i++
		case p.isKey():
			for p.kind(0) == ident || p.kind(0) == '.' || p.kind(0) == kwType || p.kind(0) == literal {
				if p.kind(0) == ident {
					m.Keys = append(m.Keys, p.name())
				} else {
					p.i++
				}
			}
			p.i++
		case p.kind(0) == '$':
			p.i += 2
		default:
			m.Parts = append(m.Parts, p.stmt())
		}
		if p.i == start {
			p.skip()
		}
	}
}

// isKey reports whether key = or key: follows.
func (p *parser) isKey() bool {
	n := 0
	if p.kind(0) != ident && p.kind(0) != literal {
		return false
	}
	for p.kind(n) == ident && p.kind(n+1) == '.' {
		n += 2
	}
	if p.kind(n) != ident && p.kind(n) != kwType && p.kind(n) != literal {
		return false
	}
	return p.kind(n+1) == '=' || p.kind(n+1) == ':'
}
