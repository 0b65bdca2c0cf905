package rust

// generics reads <…> behind the name of an item.
func (p *parser) generics() []*Generic {
	if !p.accept('<') {
		return nil
	}
	var out []*Generic
	for p.more() && !p.accept('>') {
		start := p.i
		p.attributes()
		g := &Generic{}
		switch p.kind(0) {
		case lifetime:
			g.Name, g.Lifetime = p.name(), true
		case kwConst:
			p.i++
			g.Const = true
			if p.kind(0) == ident {
				g.Name = p.name()
			}
		case ident:
			g.Name = p.name()
		}
		if p.accept(':') {
			if g.Const {
				g.Type = p.typ()
			} else {
				g.Bounds = p.bounds()
			}
		}
		if p.accept('=') {
			g.Default = p.genericArg()
		}
		out = append(out, g)
		p.next(start)
	}
	return out
}

func (p *parser) where() []*Generic {
	if !p.accept(kwWhere) {
		return nil
	}
	var out []*Generic
	for p.more() && p.kind(0) != '{' && p.kind(0) != ';' && p.kind(0) != '=' {
		start := p.i
		g := &Generic{For: p.forLifetimes()}
		g.Type = p.typ()
		if p.accept(':') {
			g.Bounds = p.bounds()
		}
		out = append(out, g)
		p.next(start)
	}
	return out
}

func (p *parser) forLifetimes() []*Generic {
	if p.kind(0) == kwFor && p.kind(1) == '<' {
		p.i++
		return p.generics()
	}
	return nil
}

// bounds reads A + B + 'a.
func (p *parser) bounds() []*Type {
	var out []*Type
	for {
		switch p.kind(0) {
		case '?', '~':
			p.i++
			continue
		case kwUse: // use<'a>
			p.i++
			p.generics()
		case '(':
			p.within(func() { out = append(out, p.bounds()...) })
		case lifetime, ident, pathSep, kwSelf, kwSelfType, kwSuper, kwCrate, kwFor, '<', kwAsync, kwConst:
			if k := p.kind(0); k == kwAsync || k == kwConst {
				p.i++
			}
			out = append(out, p.typeNoBounds())
		default:
			return out
		}
		if !p.accept('+') {
			return out
		}
	}
}

// path reads a path of a type or an expression. In an expression generic
// arguments need ::.
func (p *parser) path(inType bool) *Path {
	out := &Path{}
	if p.kind(0) == '<' {
		p.i++
		out.Self = p.typ()
		if p.accept(kwAs) {
			out.As = p.typ()
		}
		p.accept('>')
		if !p.accept(pathSep) {
			return out
		}
	} else {
		out.Global = p.accept(pathSep)
	}
	for p.more() {
		switch p.kind(0) {
		case ident, primitive, kwSelf, kwSelfType, kwSuper, kwCrate:
		default:
			return out
		}
		seg := Seg{Name: p.name()}
		switch {
		case p.kind(0) == pathSep && p.kind(1) == '<':
			p.i++
			p.genericArgs(&seg)
		case inType && p.kind(0) == '<':
			p.genericArgs(&seg)
		case inType && p.kind(0) == '(' && (p.kind(1) != 0):
			seg.Call = true
			p.within(func() {
				p.commas(func() { seg.Args = append(seg.Args, p.typ()) })
			})
			if p.accept(arrow) {
				seg.Ret = p.typeNoBounds()
			}
		}
		out.Segs = append(out.Segs, seg)
		if p.kind(0) != pathSep || p.kind(1) == '{' || p.kind(1) == '*' {
			return out
		}
		p.i++
	}
	return out
}

func (p *parser) genericArgs(seg *Seg) {
	p.accept('<')
	p.depth++
	defer func() { p.depth-- }()
	for p.more() && !p.accept('>') {
		start := p.i
		switch {
		case p.depth > maxNesting:
			p.i++
		case p.kind(0) == ident && (p.kind(1) == '=' || p.kind(1) == ':'):
			a := Assoc{Name: p.name()}
			if p.accept('=') {
				a.Type = p.typ()
			} else {
				p.i++
				a.Bounds = p.bounds()
			}
			seg.Assoc = append(seg.Assoc, a)
		default:
			if t := p.genericArg(); t != nil && (t.Kind != TypeOther || t.Expr != nil || t.Life.Text == "") {
				seg.Args = append(seg.Args, t)
			} else if t != nil {
				seg.Assoc = append(seg.Assoc, Assoc{Type: t})
			}
		}
		p.accept(',')
		if p.i == start {
			if k := p.kind(0); k == ')' || k == ';' || k == '{' || k == '}' {
				return
			}
			p.i++
		}
	}
}

func (p *parser) genericArg() *Type {
	switch p.kind(0) {
	case lifetime:
		return &Type{Kind: TypeOther, Life: p.name()}
	case '{':
		return &Type{Kind: TypeOther, Expr: p.block()}
	case literal, number, '-':
		return &Type{Kind: TypeOther, Expr: p.unary(false)}
	case kwOther:
		if w := p.word(0); w == "true" || w == "false" {
			p.i++
			return &Type{Kind: TypeOther, Expr: &Expr{Kind: ExprLit, Lit: 't', ExprParts: noParts}}
		}
	}
	return p.typ()
}

func (p *parser) typ() *Type {
	t := p.typeNoBounds()
	if t.Kind == TypePath && p.kind(0) == '+' { // Trait + Send, of old
		p.i++
		t = &Type{Kind: TypeDyn, Args: append([]*Type{t}, p.bounds()...)}
	}
	return t
}

func (p *parser) typeNoBounds() *Type {
	if p.depth > maxNesting {
		return &Type{Kind: TypeOther}
	}
	p.depth++
	defer func() { p.depth-- }()
	switch p.kind(0) {
	case '&', operator:
		return p.refType()
	case '*':
		p.i++
		if !p.accept(kwMut) {
			p.accept(kwConst)
		}
		return &Type{Kind: TypeRef, Args: []*Type{p.typeNoBounds()}}
	case '(':
		return p.tupleType()
	case '[':
		return p.sliceType()
	case '!', '_':
		p.i++
	case lifetime:
		return &Type{Kind: TypeOther, Life: p.name()}
	case kwFor:
		lifetimes := p.forLifetimes()
		if len(lifetimes) == 0 && p.kind(0) == kwFor {
			return &Type{Kind: TypeOther}
		}
		t := p.typeNoBounds()
		t.For = lifetimes
		return t
	case kwImpl:
		p.i++
		return &Type{Kind: TypeImpl, Args: p.bounds()}
	case kwUnsafe, kwExtern, kwFn:
		for p.kind(0) == kwUnsafe || p.kind(0) == kwExtern || p.kind(0) == literal {
			p.i++
		}
		return p.fnType()
	case kwOther:
		if p.word(0) == "dyn" {
			p.i++
			return &Type{Kind: TypeDyn, Args: p.bounds()}
		}
	case ident, primitive, kwSelf, kwSelfType, kwSuper, kwCrate, pathSep, '<':
		t := &Type{Kind: TypePath, Path: p.path(true)}
		if p.kind(0) == '!' && (p.kind(1) == '(' || p.kind(1) == '[' || p.kind(1) == '{') {
			return &Type{Kind: TypeOther, Expr: &Expr{Kind: ExprMacro, ExprParts: &ExprParts{Macro: p.macro(t.Path)}}}
		}
		return t
	}
	return &Type{Kind: TypeOther}
}

// refType reads &T or &&T. Another operator is no type.
func (p *parser) refType() *Type {
	double := p.word(0) == "&&"
	if !double && p.kind(0) != '&' {
		p.i++
		return &Type{Kind: TypeOther}
	}
	p.i++
	t := &Type{Kind: TypeRef}
	if p.kind(0) == lifetime {
		t.Life = p.name()
	}
	p.accept(kwMut)
	t.Args = []*Type{p.typeNoBounds()}
	if double {
		return &Type{Kind: TypeRef, Args: []*Type{t}}
	}
	return t
}

// tupleType reads (A, B), or a type in parentheses.
func (p *parser) tupleType() *Type {
	t := &Type{Kind: TypeTuple}
	comma := false
	p.within(func() {
		comma = p.commas(func() { t.Args = append(t.Args, p.typ()) })
	})
	if len(t.Args) == 1 && !comma {
		return t.Args[0]
	}
	return t
}

// sliceType reads [T] or [T; n].
func (p *parser) sliceType() *Type {
	t := &Type{Kind: TypeSlice}
	p.within(func() {
		t.Args = []*Type{p.typ()}
		if p.accept(';') {
			t.Expr = p.expr(true)
		}
	})
	return t
}

func (p *parser) fnType() *Type {
	t := &Type{Kind: TypeFn}
	p.accept(kwFn)
	if p.kind(0) == '(' {
		p.within(func() {
			p.commas(func() {
				if (p.kind(0) == ident || p.kind(0) == '_') && p.kind(1) == ':' {
					p.i += 2
				}
				t.Args = append(t.Args, p.typ())
			})
		})
	}
	if p.accept(arrow) {
		t.Ret = p.typeNoBounds()
	}
	return t
}
