package rust

import (
	"strings"

	"navigator/indexer"
)

// Parse reads a file. Of what is no Rust it takes what looks like some.
func Parse(code *indexer.Code) *Tree {
	t := &Tree{Code: code, Text: string(code.Text)}
	p := parser{src: t.Text, tokens: tokens(code, t.Text), end: len(code.Lexemes)}
	t.Items = p.items()
	return t
}

// parser is a recursive descent over the tokens of a lexer. It goes forward
// whatever it meets.
type parser struct {
	tokens []token
	src    string
	i      int // next token
	end    int // tokens from here on are not for this parser
	depth  int
}

// maxNesting bounds the depth of what is read.
const maxNesting = 200

func (p *parser) kind(n int) kind {
	if p.i+n >= p.end {
		return eof
	}
	return p.tokens[p.i+n].kind
}

// word returns the text of the token n ahead.
func (p *parser) word(n int) string {
	if p.i+n >= p.end {
		return ""
	}
	t := &p.tokens[p.i+n]
	return p.src[t.off:t.end]
}

func (p *parser) more() bool { return p.i < p.end }

func (p *parser) accept(k kind) bool {
	if p.kind(0) == k {
		p.i++
		return true
	}
	return false
}

func (p *parser) acceptWord(w string) bool {
	if p.kind(0) >= firstKeyword || p.kind(0) == ident || p.kind(0) == operator || p.kind(0) == assign {
		if p.word(0) == w {
			p.i++
			return true
		}
	}
	return false
}

func (p *parser) isWord(n int, w string) bool {
	k := p.kind(n)
	return (k == kwOther || k == ident || k == operator) && p.word(n) == w
}

func (p *parser) name() Name {
	t := &p.tokens[p.i]
	n := Name{p.src[t.off:t.end], t.off}
	p.i++
	return n
}

func (p *parser) off() uint32 {
	if p.i < len(p.tokens) {
		return p.tokens[p.i].off
	}
	return uint32(len(p.src))
}

// last returns the offset behind the last token read.
func (p *parser) last() uint32 {
	if p.i == 0 {
		return 0
	}
	return p.tokens[p.i-1].end
}

// within runs read on the tokens between the bracket at the next token and its
// other half, and goes on behind that.
func (p *parser) within(read func()) {
	open := p.i
	pair := int(p.tokens[open].pair)
	if pair < open || pair >= p.end {
		pair = p.end
	}
	outer := p.end
	p.i, p.end = open+1, pair
	if p.depth < maxNesting {
		p.depth++
		read()
		p.depth--
	}
	p.end = outer
	p.i = min(pair+1, p.end)
}

// commas runs read for each element of a list, until the tokens end, and
// reports whether there was a comma.
func (p *parser) commas(read func()) (comma bool) {
	for p.more() {
		start := p.i
		read()
		for p.more() && p.kind(0) != ',' {
			p.skip()
		}
		comma = p.accept(',') || comma
		if p.i == start {
			p.i++
		}
	}
	return comma
}

// skip goes on behind a token, or a whole bracket.
func (p *parser) skip() {
	if pair := int(p.tokens[p.i].pair); pair > p.i && pair < p.end {
		p.i = pair
	}
	p.i++
}

func (p *parser) items() []*Item {
	var items []*Item
	for p.more() {
		start := p.i
		if it := p.item(); it != nil {
			items = append(items, it)
		} else if p.i == start {
			p.skip()
		}
	}
	return items
}

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
				f.Name = Name{Text: itoa(len(it.Items)), Off: p.off()}
				f.Type = p.typ()
				f.End = p.last()
				it.Items = append(it.Items, f)
			})
		})
	}
}

func itoa(n int) string {
	if n < 10 {
		return "0123456789"[n : n+1]
	}
	return itoa(n/10) + itoa(n%10)
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
		p.accept(',')
		if p.i == start {
			p.i++
		}
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
		p.accept(',')
		if p.i == start {
			p.i++
		}
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
