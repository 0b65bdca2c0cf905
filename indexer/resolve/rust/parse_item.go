package rust

import (
	"strconv"
	"strings"
)

// attributes reads what stands in #[…] before an item.
func (p *parser) attributes() []*Attr {
	var attrs []*Attr
	for p.kind(0) == '#' {
		start := p.off()
		p.i++
		p.accept('!')
		if p.kind(0) != '[' {
			break
		}
		a := &Attr{Start: start}
		p.within(func() {
			a.Path = p.path(false)
			if p.accept('=') && p.kind(0) == literal {
				a.Value = unquote(p.word(0))
			}
			if p.kind(0) == '(' {
				at := p.i
				m := &Macro{}
				p.within(func() { p.macroArgs(m) })
				a.Args = m.Parts
				p.i = at
			}
			for p.more() {
				if k := p.kind(0); k == ident || k == kwCrate || k == kwSelf || k == kwSelfType || k == kwSuper {
					a.Words = append(a.Words, p.path(false))
				} else {
					p.i++
				}
			}
		})
		a.End = p.last()
		attrs = append(attrs, a)
	}
	return attrs
}

func unquote(s string) string { return strings.Trim(s, `"rb#`) }

// item reads an item, nil when there is none.
func (p *parser) item() *Item {
	start := p.i
	it := &Item{Start: p.off(), Attrs: p.attributes()}
	it.Pub = p.visibility()
	if !p.itemBody(it) {
		if len(it.Attrs) == 0 {
			p.i = start
		}
		return nil
	}
	it.End = p.last()
	return it
}

func (p *parser) visibility() bool {
	if !p.accept(kwPub) {
		return p.kind(0) == kwCrate && p.kind(1) != pathSep && p.accept(kwCrate)
	}
	if p.kind(0) == '(' {
		switch p.kind(1) {
		case kwCrate, kwSuper, kwSelf:
			p.skip()
		default:
			if p.word(1) == "in" {
				p.skip()
			}
		}
	}
	return true
}

// qualifiers counts the tokens before fn, impl or trait: unsafe, extern "C".
func (p *parser) qualifiers(it *Item) int {
	for n := 0; ; n++ {
		next := p.kind(n + 1)
		switch p.kind(n) {
		case kwUnsafe:
		case kwAsync:
			it.Async = true
		case kwConst:
			if next != kwFn && next != kwUnsafe && next != kwAsync && next != kwExtern {
				return n
			}
		case kwExtern:
			switch next {
			case literal:
				n++
			case kwFn:
			default:
				return n
			}
		case ident:
			w := p.word(n)
			if w != "default" && w != "auto" && w != "safe" || next <= firstKeyword || next == kwAs || next == kwOther {
				return n
			}
		default:
			return n
		}
	}
}

func (p *parser) itemBody(it *Item) bool {
	at, n := p.i, p.qualifiers(it)
	p.i += n
	if p.qualifiable(it, n > 0) {
		return true
	}
	if n > 0 {
		p.i = at
		return false
	}
	next := p.kind(1)
	switch k := p.kind(0); {
	case k == kwStruct && next == ident && p.kind(2) != '!':
		p.i++
		it.Kind = Struct
		p.structure(it)
	case k == ident && p.word(0) == "union" && next == ident && (p.kind(2) == '{' || p.kind(2) == '<'):
		p.i++
		it.Kind = Union
		p.structure(it)
	case k == kwEnum && next == ident:
		p.i++
		p.enumeration(it)
	case k == kwMod && (next == ident || next == primitive):
		p.i++
		p.module(it)
	case k == kwUse && next != '<':
		p.i++
		it.Kind, it.Imports = Use, p.useTree()
		p.toSemicolon()
	case k == kwConst && (next == ident || next == '_'):
		p.i++
		it.Kind = Const
		p.constant(it)
	case k == kwStatic && (next == ident || next == kwMut || next == kwRef):
		p.i++
		it.Kind = Static
		p.constant(it)
	case k == kwType && next == ident:
		p.i++
		p.alias(it)
	case k == kwExtern && next == kwCrate:
		p.i += 2
		p.externCrate(it)
	case k == ident && p.word(0) == "macro_rules" && next == '!' && p.kind(2) == ident:
		p.i += 2
		it.Kind, it.Name = MacroRules, p.name()
		if p.more() {
			p.skip()
		}
		p.accept(';')
	case p.isMacroCall():
		it.Kind, it.Macro = MacroItem, p.macro(p.path(false))
		p.accept(';')
	default:
		return false
	}
	return true
}

// qualifiable reads an item that may have qualifiers.
func (p *parser) qualifiable(it *Item, qualified bool) bool {
	switch k := p.kind(0); {
	case k == kwFn && p.kind(1) == ident:
		p.i++
		p.function(it)
	case k == '{' && qualified && p.tokens[p.i-1].kind != kwUnsafe && p.tokens[p.i-1].kind != kwAsync: // extern "C" { … }
		it.Kind, it.Inline = MacroItem, true
		p.within(func() { it.Items = p.items() })
	case k == kwImpl:
		p.i++
		p.implementation(it)
	case k == kwTrait && p.kind(1) == ident:
		p.i++
		p.trait(it)
	default:
		return false
	}
	return true
}

func (p *parser) trait(it *Item) {
	it.Kind, it.Name = Trait, p.name()
	it.Generics = p.generics()
	if p.accept(':') {
		it.Bounds = p.bounds()
	}
	it.Where = p.where()
	if p.kind(0) == '{' {
		p.within(func() { it.Items = p.items() })
	} else {
		p.toSemicolon()
	}
}

func (p *parser) module(it *Item) {
	it.Kind, it.Name = Mod, p.name()
	if p.kind(0) == '{' {
		it.Inline = true
		p.within(func() { it.Items = p.items() })
	} else {
		p.accept(';')
	}
}

func (p *parser) constant(it *Item) {
	if !p.accept(kwMut) {
		p.accept(kwRef)
	}
	it.Name = p.name()
	it.Generics = p.generics()
	if p.accept(':') {
		it.Type = p.typ()
	}
	if p.accept('=') {
		it.Body = p.expr(true)
	}
	p.toSemicolon()
}

func (p *parser) alias(it *Item) {
	it.Kind, it.Name = TypeAlias, p.name()
	it.Generics = p.generics()
	if p.accept(':') {
		it.Bounds = p.bounds()
	}
	it.Where = p.where()
	if p.accept('=') {
		it.Type = p.typ()
	}
	p.toSemicolon()
}

func (p *parser) externCrate(it *Item) {
	it.Kind = ExternCrate
	if p.kind(0) == ident || p.kind(0) == kwSelf {
		it.Name = p.name()
		it.Imports = &UseTree{Path: &Path{Segs: []Seg{{Name: it.Name}}}}
		if p.accept(kwAs) && p.more() {
			it.Name = p.name()
		}
	}
	p.toSemicolon()
}

// isMacroCall reports whether a path and an exclamation mark with arguments
// follow.
func (p *parser) isMacroCall() bool {
	n := 0
	for {
		switch p.kind(n) {
		case pathSep:
			n++
			continue
		case ident, kwCrate, kwSelf, kwSuper, primitive:
			n++
			if p.kind(n) == pathSep {
				continue
			}
		}
		break
	}
	if n == 0 || p.kind(n) != '!' {
		return false
	}
	k := p.kind(n + 1)
	return k == '(' || k == '[' || k == '{'
}

func (p *parser) toSemicolon() {
	for p.more() && !p.accept(';') {
		switch p.kind(0) {
		case kwFn, kwStruct, kwEnum, kwMod, kwUse, kwImpl, kwTrait, kwPub:
			return
		}
		p.skip()
	}
}

func (p *parser) function(it *Item) {
	it.Kind, it.Name = Fn, p.name()
	it.Generics = p.generics()
	if p.kind(0) == '(' {
		p.within(func() {
			p.commas(func() {
				p.attributes()
				it.Params = append(it.Params, p.param())
			})
		})
	}
	if p.accept(arrow) {
		it.Type = p.typ()
	}
	it.Where = p.where()
	if p.kind(0) == '{' {
		it.Body = p.block()
	} else {
		p.toSemicolon()
	}
}

// param reads a parameter: self in any form, or a pattern and a type.
func (p *parser) param() *Param {
	n := 0
	for p.kind(n) == '&' || p.kind(n) == lifetime || p.kind(n) == kwMut {
		n++
	}
	if p.kind(n) == kwSelf {
		out := &Param{Self: true, Pat: &Pat{Kind: PatName, Ref: true}}
		for p.kind(0) != kwSelf {
			p.i++
		}
		out.Pat.Name = p.name()
		if p.accept(':') {
			out.Type = p.typ()
		}
		return out
	}
	out := &Param{Pat: p.patAlternatives()}
	if p.accept(':') {
		out.Type = p.typ()
	}
	return out
}

func (p *parser) implementation(it *Item) {
	it.Kind = Impl
	if p.kind(0) == '<' && p.kind(1) != '<' {
		it.Generics = p.generics()
	}
	p.accept('!')
	it.Type = p.typ()
	if p.accept(kwFor) {
		it.Trait, it.Type = it.Type, p.typ()
	}
	it.Where = p.where()
	if p.kind(0) == '{' {
		p.within(func() { it.Items = p.items() })
	}
}

func (p *parser) structure(it *Item) {
	it.Name = p.name()
	it.Generics = p.generics()
	it.Where = p.where()
	p.fields(it)
	it.Where = append(it.Where, p.where()...)
	p.accept(';')
}

// fields reads what a struct or a variant holds.
func (p *parser) fields(it *Item) {
	switch p.kind(0) {
	case '{':
		p.within(func() {
			p.commas(func() {
				f := &Item{Kind: Field, Start: p.off(), Attrs: p.attributes(), Pub: p.visibility()}
				if p.kind(0) != ident && p.kind(0) != primitive || p.kind(1) != ':' {
					return
				}
				f.Name = p.name()
				p.i++
				f.Type = p.typ()
				f.End = p.last()
				it.Items = append(it.Items, f)
			})
		})
	case '(':
		it.Tuple = true
		p.within(func() {
			p.commas(func() {
				f := &Item{Kind: Field, Start: p.off(), Attrs: p.attributes(), Pub: p.visibility()}
				f.Name = Name{Text: strconv.Itoa(len(it.Items)), Off: p.off()}
				f.Type = p.typ()
				f.End = p.last()
				it.Items = append(it.Items, f)
			})
		})
	}
}

func (p *parser) enumeration(it *Item) {
	it.Kind, it.Name = Enum, p.name()
	it.Generics = p.generics()
	it.Where = p.where()
	if p.kind(0) != '{' {
		return
	}
	p.within(func() {
		p.commas(func() {
			v := &Item{Kind: Variant, Start: p.off(), Attrs: p.attributes()}
			if p.kind(0) != ident {
				return
			}
			v.Name = p.name()
			p.fields(v)
			if p.accept('=') {
				v.Body = p.expr(true)
			}
			v.End = p.last()
			it.Items = append(it.Items, v)
		})
	})
}

// useTree reads what follows use.
func (p *parser) useTree() *UseTree {
	t := &UseTree{Path: &Path{Global: p.accept(pathSep)}}
	for p.more() {
		switch p.kind(0) {
		case '*':
			p.i++
			t.Glob = true
			return t
		case '{':
			t.Group = true
			p.within(func() {
				p.commas(func() {
					if p.more() && p.kind(0) != ',' {
						t.List = append(t.List, p.useTree())
					}
				})
			})
			return t
		case ident, primitive, kwSelf, kwSuper, kwCrate:
			t.Path.Segs = append(t.Path.Segs, Seg{Name: p.name()})
			if p.accept(pathSep) {
				continue
			}
			if p.accept(kwAs) && p.more() {
				t.Alias = p.name()
			}
			return t
		default:
			return t
		}
	}
	return t
}
