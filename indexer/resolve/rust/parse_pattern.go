package rust

// patAlternatives reads A | B.
func (p *parser) patAlternatives() *Pat {
	p.accept('|')
	first := p.pat()
	if p.kind(0) != '|' {
		return first
	}
	or := &Pat{Kind: PatOr, List: []*Pat{first}}
	for p.accept('|') {
		or.List = append(or.List, p.pat())
	}
	return or
}

func (p *parser) pat() *Pat {
	if p.depth > maxNesting {
		return &Pat{Kind: PatOther}
	}
	p.depth++
	defer func() { p.depth-- }()
	switch p.kind(0) {
	case '&':
		p.i++
		p.accept(kwMut)
		return &Pat{Kind: PatRef, List: []*Pat{p.pat()}}
	case '(':
		list, comma := p.patList()
		if len(list) == 1 && !comma && list[0].Kind != PatRest {
			return list[0]
		}
		return &Pat{Kind: PatTuple, List: list}
	case '[':
		list, _ := p.patList()
		return &Pat{Kind: PatSlice, List: list}
	case kwRef, kwMut:
		for p.kind(0) == kwRef || p.kind(0) == kwMut {
			p.i++
		}
		return p.binding(true)
	case literal, number, '-':
		return p.literalPat(p.unary(false))
	case '_':
		p.i++
		return &Pat{Kind: PatOther}
	case operator:
		return p.operatorPat()
	case kwConst:
		p.i++
		if p.kind(0) == '{' {
			return &Pat{Kind: PatOther, Exprs: []*Expr{p.block()}}
		}
		return &Pat{Kind: PatOther}
	case kwOther:
		if w := p.word(0); w == "true" || w == "false" {
			p.i++
			return &Pat{Kind: PatOther}
		}
	case ident:
		if p.kind(1) != pathSep && p.kind(1) != '(' && p.kind(1) != '{' && p.kind(1) != '!' && !p.isRange(1) {
			return p.binding(false)
		}
		return p.pathPat()
	case kwSelf, kwSelfType, kwSuper, kwCrate, pathSep, '<', primitive:
		return p.pathPat()
	}
	return &Pat{Kind: PatOther}
}

// operatorPat reads a pattern that begins with && or with dots.
func (p *parser) operatorPat() *Pat {
	switch p.word(0) {
	case "&&":
		p.i++
		p.accept(kwMut)
		return &Pat{Kind: PatRef, List: []*Pat{{Kind: PatRef, List: []*Pat{p.pat()}}}}
	case "..", "..=":
		p.i++
		if k := p.kind(0); k == number || k == literal || k == ident || k == '-' {
			return &Pat{Kind: PatOther, Exprs: []*Expr{p.unary(false)}}
		}
		return &Pat{Kind: PatRest}
	}
	return &Pat{Kind: PatOther}
}

func (p *parser) isRange(n int) bool {
	if p.kind(n) != operator {
		return false
	}
	w := p.word(n)
	return w == "..=" || w == ".." || w == "..."
}

func (p *parser) literalPat(first *Expr) *Pat {
	out := &Pat{Kind: PatOther, Exprs: []*Expr{first}}
	if p.isRange(0) {
		p.i++
		switch p.kind(0) {
		case number, literal, ident, '-', kwSelfType, kwCrate:
			out.Exprs = append(out.Exprs, p.unary(false))
		}
	}
	return out
}

func (p *parser) patList() (list []*Pat, comma bool) {
	p.within(func() {
		comma = p.commas(func() {
			p.attributes()
			list = append(list, p.patAlternatives())
		})
	})
	return list, comma
}

func (p *parser) binding(certain bool) *Pat {
	if p.kind(0) != ident && p.kind(0) != primitive {
		return &Pat{Kind: PatOther}
	}
	out := &Pat{Kind: PatName, Name: p.name(), Ref: certain}
	if p.accept('@') {
		out.Ref = true
		out.List = []*Pat{p.pat()}
	}
	return out
}

func (p *parser) pathPat() *Pat {
	path := p.path(false)
	switch {
	case p.kind(0) == '!' && (p.kind(1) == '(' || p.kind(1) == '[' || p.kind(1) == '{'):
		return &Pat{Kind: PatOther, Macro: p.macro(path)}
	case p.kind(0) == '(':
		list, _ := p.patList()
		return &Pat{Kind: PatCall, Path: path, List: list}
	case p.kind(0) == '{':
		out := &Pat{Kind: PatStruct, Path: path}
		p.within(func() {
			p.commas(func() {
				p.attributes()
				p.patField(out)
			})
		})
		return out
	case p.isRange(0):
		return p.literalPat(&Expr{Kind: ExprPath, Path: path, ExprParts: noParts})
	}
	return &Pat{Kind: PatPath, Path: path}
}

func (p *parser) patField(out *Pat) {
	if (p.kind(0) == ident || p.kind(0) == number || p.kind(0) == primitive) && p.kind(1) == ':' {
		f := PatField{Name: p.name()}
		p.i++
		f.Pat = p.patAlternatives()
		out.Fields = append(out.Fields, f)
		return
	}
	certain := false
	for p.kind(0) == kwRef || p.kind(0) == kwMut {
		p.i++
		certain = true
	}
	if p.kind(0) == ident || p.kind(0) == primitive {
		b := p.binding(certain)
		b.Ref = true
		out.Fields = append(out.Fields, PatField{Name: b.Name, Pat: b, Short: true})
	}
}
