package cpp

import (
	"slices"
	"strings"

	"navigator/indexer"
)

// place is the surroundings of a name: its file, the definition that it stands
// in, and what is known there.
type place struct {
	*source
	r      *Resolver
	env    *env
	within []int32 // symbols whose construct holds the name, the inner first
	class  entity  // whose members are seen unqualified, if there is one
	types  map[int]typed
}

// placeAt returns the place of an offset.
func (r *Resolver) placeAt(src *source, offset int32) *place {
	p := &place{source: src, r: r}
	at := src.Position(offset)
	for i := range src.symbols {
		s := &src.symbols[i]
		if after(s.Span.Start, at) {
			break
		}
		if !after(at, s.Span.End) {
			p.within = append(p.within, int32(i))
		}
	}
	slices.Reverse(p.within)
	scope := ""
	if len(p.within) > 0 {
		s := &src.symbols[p.within[0]]
		scope = s.Container
		if s.Kind == indexer.KindNamespace || isClass(s.Kind) || s.Kind == indexer.KindEnum || isFunction(s.Kind) {
			if after(at, s.NameSpan.End) && (!isClass(s.Kind) || after(at, s.HeadEnd)) { // bases are named outside
				scope = s.Qualified()
			}
		}
	}
	p.env = envOf(src.file, scope)
	for _, scope := range p.env.scopes {
		if scope == "" {
			break
		}
		if class := r.classAt(scope, src.file); class.found() {
			p.class = class
			break
		}
	}
	return p
}

func after(a, b indexer.Position) bool {
	return a.Line > b.Line || a.Line == b.Line && a.Col > b.Col
}

// localsIn returns the locals of the symbol i of the file.
func (s *source) localsIn(i int32) []local {
	return s.locals.get(i, func() []local {
		sym := &s.symbols[i]
		whole := s.ExtentOf(sym.Span)
		from, end := s.Find(whole.From), s.Find(whole.To)
		name := s.Find(s.ExtentOf(sym.NameSpan).To)
		switch {
		case sym.Kind == indexer.KindNamespace || sym.Kind == indexer.KindEnum || sym.Kind == indexer.KindMacro:
			return nil
		case isClass(sym.Kind) || sym.Kind == indexer.KindAlias || sym.Kind == indexer.KindConcept:
			sc := scanner{Code: s.Code, until: end}
			sc.templates(from)
			return sc.locals
		}
		return localsOf(s.Code, from, name, end, isFunction(sym.Kind))
	})
}

// local returns the local of the name at the lexeme i.
func (p *place) local(i int) (local, bool) {
	for _, s := range p.within {
		if l, ok := findLocal(p.Code, p.localsIn(s), p.Bytes(i), i); ok {
			return l, true
		}
	}
	return local{}, false
}

// symbolAt returns the symbol whose name stands at the lexeme i.
func (p *place) symbolAt(i int) (int32, bool) {
	at := p.Position(p.Lexemes[i].From)
	for _, s := range p.within {
		if n := p.symbols[s].NameSpan; !after(n.Start, at) && !after(at, n.End) {
			if n.Start != at && strings.HasPrefix(p.symbols[s].Name, "operator ") {
				break // the type that a conversion leads to
			}
			return s, true
		}
	}
	return -1, false
}

// qualifier returns the parts of A::B:: before the lexeme i, and where it
// starts. Template arguments are left out. global says that it starts with ::.
func (p *place) qualifier(i int) (path []string, start int, global bool) {
	start = i
	for p.At(start-1) == indexer.LexScope {
		j := start - 2
		if p.At(j) == '>' {
			open := opening(p.Code, j)
			if open < 0 {
				return path, start, false
			}
			j = open - 1
		}
		if p.At(j) != indexer.LexWord {
			return path, start - 1, true
		}
		path = append([]string{string(p.Bytes(j))}, path...)
		start = j
	}
	return path, start, false
}

// qualifierArguments returns the template arguments of what stands before the ::
// before the lexeme i.
func (p *place) qualifierArguments(i int) []typ {
	close := i - 2
	if p.At(close) != '>' {
		return nil
	}
	open := opening(p.Code, close)
	if open < 0 {
		return nil
	}
	return p.arguments(open, close)
}

// arguments returns the template arguments between the < at open and the > at
// close.
func (p *place) arguments(open, close int) []typ {
	var args []typ
	for j := open + 1; j < close; {
		end := argumentEnd(p.Code, j, close)
		t, _ := parseType(p.Code, j, end, p.env)
		args = append(args, p.throughLocals(t, j, maxSteps))
		j = end + 1
	}
	return args
}

// opening returns the index of the < that the > at i closes, or -1.
func opening(code *indexer.Code, i int) int {
	depth := 0
	for j := i; j >= 0 && j > i-500; j-- {
		switch code.At(j) {
		case '>':
			depth++
		case '<':
			if depth--; depth == 0 {
				return j
			}
		case ')', ']':
			if m := int(code.Lexemes[j].Mate); m >= 0 && m < j {
				j = m
			}
		case ';', '{', '}':
			return -1
		}
	}
	return -1
}

// target is what the name at a lexeme means.
type target struct {
	finding
	local    *local
	ext      *indexer.External
	extName  string // qualified name of the external thing, or its receiver's type and its name
	receiver bool   // the name is a member of a receiver
	unknown  bool   // of a type that could not be found out
}

// resolve returns what the name at the lexeme i means.
func (p *place) resolve(i, steps int) target {
	if steps <= 0 {
		return target{unknown: true}
	}
	name := string(p.Bytes(i))
	switch before := p.At(i - 1); {
	case before == '.' || before == indexer.LexArrow && !p.isTrailing(i-1):
		return p.resolveMember(i, steps)
	case before == indexer.LexScope:
		return p.resolveQualified(i, name, steps)
	}
	wanted := anything
	if p.At(i+1) == indexer.LexScope {
		wanted = isScope
	}
	if p.isInitialiser(i) && p.class.found() {
		if f := p.r.member(p.class, name, maxSteps, anything); f.ok() {
			return target{finding: f}
		}
	}
	if f := p.asArgument(i); f.ok() {
		return target{finding: f}
	}
	if l, ok := p.local(i); ok && (p.At(i+1) != indexer.LexScope || l.isScope()) {
		return target{local: &l}
	}
	if f := p.macro(name); f.ok() {
		return target{finding: f}
	}
	if p.At(i+1) == indexer.LexScope && isExternalRoot(name) {
		return target{ext: external(name), extName: name}
	}
	f := p.r.qualifiedName([]string{name}, p.env, maxSteps, wanted)
	if ext := p.r.externalUse(name, p.file); ext != "" && (!f.ok() || f.reason.Kind == indexer.ReasonUnique || !f.sure) {
		return target{ext: external(ext), extName: ext}
	}
	if f.ok() {
		f.refs = p.r.byConst(f.refs, p.isConst())
		return target{finding: f}
	}
	if isExternalRoot(name) {
		return target{ext: external(name), extName: name}
	}
	return target{unknown: true}
}

// resolveGlobal resolves the name at i behind a scope sign that nothing stands
// before.
func (p *place) resolveGlobal(i int, name string) target {
	if isExternalRoot(name) && p.At(i+1) == indexer.LexScope {
		return libraryTarget(name)
	}
	f := p.r.qualifiedName([]string{name}, envOf(p.file, ""), maxSteps, anything)
	if !f.ok() && isExternalRoot(name) {
		return target{ext: external(name), extName: name}
	}
	return target{finding: f, unknown: !f.ok()}
}

// resolveExternal resolves a path that begins in a namespace of a library.
func (p *place) resolveExternal(path []string) target {
	f := p.r.inScopes(path, &env{file: p.file, scopes: []string{""}}, anything)
	if f.sure && p.r.anyDefinition(f.refs) && p.r.symbol(f.refs[0]).Kind != indexer.KindNamespace {
		return target{finding: f} // a tree adds to what is not its own
	}
	name := strings.Join(path, "::")
	return target{ext: external(name), extName: name}
}

func (p *place) resolveQualified(i int, name string, steps int) target {
	path, start, _ := p.qualifier(i)
	if len(path) == 0 {
		return p.resolveGlobal(i, name)
	}
	full := append(slices.Clone(path), name)
	if isExternalRoot(path[0]) {
		return p.resolveExternal(full)
	}
	if l, ok := p.local(start); ok && len(path) == 1 && l.isScope() { // T::name, Alias::name
		e := p.r.entityOf(p.localType(l, steps-1), maxSteps)
		if e.found() {
			f := p.r.member(e, name, maxSteps, anything)
			return target{finding: f, unknown: !f.ok()}
		}
		return target{unknown: true, receiver: true, ext: extOf(e)}
	}
	if target, ok := p.r.namespaceAlias(path[0], p.env); ok && isExternalRoot(target.path[0]) {
		name := strings.Join(append(slices.Clone(target.path), full[1:]...), "::")
		return libraryTarget(name)
	}
	wanted := anything
	if p.At(i+1) == indexer.LexScope {
		wanted = isScope
	}
	if args := p.qualifierArguments(i); len(args) > 0 { // Class<T>::name
		if e := p.r.entityOf(typ{path: path, args: args, env: p.env}, maxSteps); e.found() {
			if f := p.r.member(e, name, maxSteps, wanted); f.ok() {
				return target{finding: f}
			}
		}
	}
	f := p.r.qualifiedName(full, p.env, maxSteps, wanted)
	if !f.ok() {
		if name == path[len(path)-1] || strings.HasPrefix(name, "~") { // Class::Class
			f = p.r.qualifiedName(path, p.env, maxSteps, anything)
			return target{finding: f, unknown: !f.ok()}
		}
		e := p.r.entityOf(typ{path: path, env: p.env}, maxSteps)
		return target{unknown: true, ext: extOf(e)}
	}
	return target{finding: f}
}

// isTrailing reports whether the arrow at i stands before what a function or a
// lambda returns.
func (p *place) isTrailing(i int) bool {
	if p.At(i-1) == indexer.LexKeyword {
		return p.Is(i-1, "const") || p.Is(i-1, "mutable") || p.Is(i-1, "noexcept")
	}
	if p.At(i-1) != ')' {
		return false
	}
	open := int(p.Lexemes[i-1].Mate)
	if open < 1 {
		return false
	}
	if p.At(open-1) == ']' && p.At(int(p.Lexemes[open-1].Mate)-1) != indexer.LexWord {
		return true
	}
	if len(p.within) == 0 {
		return false
	}
	s := &p.symbols[p.within[0]]
	at := p.Position(p.Lexemes[i].From)
	return isFunction(s.Kind) && after(at, s.NameSpan.End) && !after(at, s.HeadEnd)
}

// libraryTarget is the thing of a library that has a qualified name.
func libraryTarget(name string) target { return target{ext: external(name), extName: name} }

// extOf returns to whom an external type belongs, nil when e is not external.
func extOf(e entity) *indexer.External {
	if !e.external {
		return nil
	}
	return external(e.name)
}

func (p *place) resolveMember(i, steps int) target {
	name := string(p.Bytes(i))
	var t typ
	if p.At(i-1) == '.' && (p.At(i-2) == '{' || p.At(i-2) == ',') { // {.name = …}
		return target{unknown: true, receiver: true}
	}
	t, _ = p.exprType(i-2, steps-1)
	e := p.r.entityOf(t, maxSteps)
	if p.At(i-1) == indexer.LexArrow {
		e = p.r.pointee(e, maxSteps)
	}
	if e.external {
		return target{ext: external(e.name), extName: join(e.name, name), receiver: true, finding: finding{bind: nil}}
	}
	if !e.found() {
		return target{unknown: true, receiver: true}
	}
	f := p.r.member(e, name, maxSteps, anything)
	f.refs = p.r.byConst(f.refs, e.constant || p.isConstField(i-2))
	if !f.ok() {
		if f := p.r.pasted(e, name, maxSteps); f.ok() {
			return target{finding: f, receiver: true}
		}
		if e.sym.Kind == indexer.KindMessage {
			return target{ext: external("google"), receiver: true}
		}
		if x, ok := p.r.externalBase(e, maxSteps); ok {
			return target{ext: external(x.name), extName: join(x.name, name), receiver: true}
		}
		return target{unknown: true, receiver: true}
	}
	f.reason = reason(indexer.ReasonReceiver, last(e.name))
	return target{finding: f, receiver: true}
}

// externalBase returns the external type that a class is derived from.
func (r *Resolver) externalBase(e entity, steps int) (entity, bool) {
	if steps <= 0 || !e.found() {
		return entity{}, false
	}
	for _, base := range r.bases(e.ref) {
		b := r.entityOf(base.bound(r.bindingOf(e.ref, e.args)), steps-1)
		if b.external {
			return b, true
		}
		if x, ok := r.externalBase(b, steps-1); ok {
			return x, true
		}
	}
	return entity{}, false
}

// isConst reports whether the name stands in a method that is const.
func (p *place) isConst() bool {
	for _, s := range p.within {
		if isFunction(p.symbols[s].Kind) {
			return isConst(p.r.head(indexer.SymbolRef{File: int32(p.file), Symbol: s}))
		}
	}
	return false
}

// isConstField reports whether the name at i is a field of the own class, by
// itself, in a method that is const, and the field thus is.
func (p *place) isConstField(i int) bool {
	if p.At(i) != indexer.LexWord || p.At(i+1) != '.' || !p.class.found() || !p.isConst() {
		return false
	}
	switch p.At(i - 1) {
	case '.', indexer.LexArrow, indexer.LexScope:
		return false
	}
	if _, ok := p.local(i); ok {
		return false
	}
	f := p.r.member(p.class, string(p.Bytes(i)), maxSteps, anything)
	return f.ok() && p.r.symbol(f.refs[0]).Kind == indexer.KindField
}

// isInitialiser reports whether the name at i is that of a member initialiser of
// a constructor.
func (p *place) isInitialiser(i int) bool {
	if len(p.within) == 0 {
		return false
	}
	s := &p.symbols[p.within[0]]
	if s.Kind != indexer.KindConstructor || p.At(i-1) != ',' && p.At(i-1) != ':' {
		return false
	}
	if next := p.At(i + 1); next != '(' && next != '{' {
		return false
	}
	return p.depthIn(i, p.Find(p.ExtentOf(indexer.Span{Start: s.Span.Start, End: s.HeadEnd}).To))
}

// depthIn reports whether no bracket is open at i that opens at from or later.
func (p *place) depthIn(i, from int) bool {
	for j := from; j < i; {
		next := p.Past(j)
		if next > i {
			return false
		}
		j = next
	}
	return true
}

// macro returns the macro of that name that the file sees.
func (p *place) macro(name string) finding {
	refs, sure := p.r.visible(p.r.named(name).macros, p.file)
	if len(refs) == 0 || !sure && !isMacro([]byte(name)) {
		return finding{}
	}
	slices.SortStableFunc(refs, func(a, b indexer.SymbolRef) int { return own(a, p.file) - own(b, p.file) })
	return finding{refs: refs, sure: sure, reason: reason(indexer.ReasonIncluded, p.r.files[refs[0].File].Path)}
}

func own(ref indexer.SymbolRef, file int) int {
	if int(ref.File) == file {
		return 0
	}
	return 1
}
