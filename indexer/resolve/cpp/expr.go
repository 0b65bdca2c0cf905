package cpp

import (
	"strings"

	"navigator/indexer"
)

// typed is an expression's type and where the expression starts.
type typed struct {
	typ
	start int
}

// exprType returns the type of the postfix expression that ends at the lexeme
// i, and where it starts. Each is found out once, however often it is asked for
// on the way; while it is, it is unknown to what it depends on.
func (p *place) exprType(i, steps int) (typ, int) {
	if steps <= 0 || i < 0 {
		return typ{}, i
	}
	if t, ok := p.types[i]; ok {
		return t.typ, t.start
	}
	if p.types == nil {
		p.types = make(map[int]typed)
	}
	p.types[i] = typed{start: i}
	t, start := p.postfixType(i, steps)
	p.types[i] = typed{t, start}
	return t, start
}

func (p *place) postfixType(i, steps int) (typ, int) {
	switch p.At(i) {
	case indexer.LexWord:
		t := p.resolve(i, steps-1)
		if t.ext != nil && t.receiver {
			recv, _ := p.exprType(i-2, steps-1)
			if p.At(i-1) == indexer.LexArrow {
				recv = p.r.dereferenced(recv)
			}
			return p.r.part(recv, partNamed(string(p.Bytes(i)))), p.chainStart(i)
		}
		return p.typeOf(t, i, steps-1), p.chainStart(i)
	case indexer.LexKeyword:
		if p.Is(i, "this") && p.class.found() {
			return typ{path: strings.Split(p.class.name, "::"), env: envOf(p.class.refFile(), "")}, i
		}
	case indexer.LexString:
		return typ{path: []string{"std", "string"}, env: p.env}, i
	case ')':
		return p.callType(i, steps)
	case '}':
		if open := int(p.Lexemes[i].Mate); open > 0 && p.At(open-1) == indexer.LexWord { // T{…}
			path, start, _ := p.qualifier(open - 1)
			return typ{path: append(path, string(p.Bytes(open-1))), env: p.env}, start
		}
	case ']':
		open := int(p.Lexemes[i].Mate)
		if open <= 0 {
			return typ{}, i
		}
		t, start := p.exprType(open-1, steps-1)
		return p.r.element(t, "operator[]"), start
	}
	return typ{}, i
}

func (e entity) refFile() int { return int(e.ref.File) }

// chainStart returns where the chain of members and qualifiers starts that ends
// with the name at i.
func (p *place) chainStart(i int) int {
	for {
		switch p.At(i - 1) {
		case indexer.LexScope:
			_, i, _ = p.qualifier(i)
		case '.', indexer.LexArrow:
			j := i - 2
			for p.At(j) == ')' || p.At(j) == ']' {
				m := int(p.Lexemes[j].Mate)
				if m <= 0 {
					return j
				}
				j = m - 1
				if p.At(j) == '>' {
					if open := opening(p.Code, j); open > 0 {
						j = open - 1
					}
				}
			}
			if p.At(j) != indexer.LexWord && !p.Is(j, "this") {
				return j + 1
			}
			i = j
		default:
			return i
		}
	}
}

// typeOf returns the type of what the name at i means.
func (p *place) typeOf(t target, i, steps int) typ {
	switch {
	case t.local != nil:
		return p.localType(*t.local, steps)
	case t.ok():
		ref := t.refs[0]
		s := p.r.symbol(ref)
		if isType(s.Kind) {
			return typ{path: []string{s.Name}, env: envOf(int(ref.File), s.Container), bind: t.bind}
		}
		if s.Kind == indexer.KindConstructor {
			return typ{path: strings.Split(plain(s.Container), "::"), env: envOf(int(ref.File), "")}
		}
		if s.Kind == indexer.KindMacro {
			return typ{}
		}
		return p.r.declaredType(ref).bound(t.bind)
	}
	return typ{}
}

// localType returns the type of a local.
func (p *place) localType(l local, steps int) typ {
	if steps <= 0 {
		return typ{}
	}
	if l.kind == indexer.LocalTypeParameter {
		return typ{}
	}
	if l.typ >= 0 {
		t, _ := parseType(p.Code, l.typ, len(p.Lexemes), p.env)
		if !t.auto {
			if l.kind == indexer.LocalAlias {
				return t
			}
			return p.throughLocals(t, l.typ, steps)
		}
	}
	if l.init < 0 || l.initEnd <= l.init {
		return typ{}
	}
	t := p.valueType(l.init, l.initEnd, steps-1)
	if l.each {
		t = p.r.element(t, "begin")
	}
	if l.binding >= 0 && l.kind == indexer.LocalBinding {
		return p.r.part(t, l.binding)
	}
	return t
}

// throughLocals follows a type that a using in the function names.
func (p *place) throughLocals(t typ, at, steps int) typ {
	for j := at; j < at+6; j++ {
		if p.At(j) == indexer.LexWord && string(p.Bytes(j)) == t.path0() {
			if l, ok := p.local(j); ok && l.kind == indexer.LocalAlias && len(t.path) == 1 && l.name != j {
				return p.localType(l, steps-1)
			}
			break
		}
	}
	return t
}

func (t typ) path0() string {
	if len(t.path) == 0 {
		return ""
	}
	return t.path[0]
}

// valueType returns the type of the expression at [from,end), when it is a
// plain one.
func (p *place) valueType(from, end, steps int) typ {
	if steps <= 0 || from >= end {
		return typ{}
	}
	star := 0
	for p.At(from) == '*' || p.At(from) == '&' {
		if p.At(from) == '*' {
			star++
		}
		from++
	}
	if p.Is(from, "new") {
		t, _ := parseType(p.Code, from+1, end, p.env)
		return t
	}
	if p.At(from) == '(' && p.Past(from) == end {
		return p.valueType(from+1, end-1, steps-1)
	}
	t, start := p.exprType(end-1, steps-1)
	if start != from && !(p.At(from) == indexer.LexScope && start == from+1) {
		// A conditional: what it has after the colon.
		if p.At(start-1) == ':' || p.At(start-1) == '?' {
			return t
		}
		return typ{}
	}
	for ; star > 0; star-- {
		t = p.r.dereferenced(t)
	}
	return t
}

// call is a call of a name, by index of lexemes.
type call struct {
	name      int   // the last word of what is called
	open, end int   // its parentheses
	args      []typ // template arguments that are written
}

// callType returns the type of the call, cast or parenthesis that ends at i, and
// where that starts.
func (p *place) callType(i, steps int) (typ, int) {
	c := call{open: int(p.Lexemes[i].Mate), end: i}
	if c.open < 0 {
		return typ{}, i
	}
	c.name = c.open - 1
	if p.At(c.name) == '>' {
		less := opening(p.Code, c.name)
		if less < 1 {
			return typ{}, i
		}
		c.args = p.arguments(less, c.name)
		c.name = less - 1
	}
	switch p.At(c.name) {
	case indexer.LexWord:
		start := p.chainStart(c.name)
		if t, known := p.libraryResult(c, steps); known {
			return t, start
		}
		return p.result(c, steps), start
	case ')', ']', '>':
		return typ{}, i
	}
	if p.At(c.name) == indexer.LexKeyword && strings.HasSuffix(string(p.Bytes(c.name)), "_cast") && len(c.args) > 0 {
		return c.args[0], c.name
	}
	return p.valueType(c.open+1, i, steps-1), c.open
}

// libraryResult returns what functions of libraries return of what they are
// given, if the call is of one of those.
func (p *place) libraryResult(c call, steps int) (t typ, known bool) {
	switch name := string(p.Bytes(c.name)); name {
	case "make_unique", "make_shared", "WrapUnique", "make_optional", "make_ref":
		held := c.args
		if len(held) == 0 {
			held = []typ{p.valueType(c.open+1, c.end, steps-1)}
		}
		return typ{path: []string{"std", "unique_ptr"}, args: held[:1], env: p.env}, true
	case "move", "forward", "ref", "cref", "as_const", "checked_cast":
		if name == "forward" && len(c.args) > 0 {
			return c.args[0], true
		}
		if p.At(c.name-1) == indexer.LexScope {
			return p.valueType(c.open+1, argumentEnd(p.Code, c.open+1, c.end), steps-1), true
		}
	case "get", "any_cast": // std::get<T>(variant)
		if len(c.args) == 1 && p.At(c.name-1) == indexer.LexScope && isExternalRoot(string(p.Bytes(c.name-2))) {
			return c.args[0], true
		}
	case "dynamic_pointer_cast", "static_pointer_cast":
		if len(c.args) > 0 {
			return typ{path: []string{"std", "shared_ptr"}, args: c.args[:1], env: p.env}, true
		}
	}
	return typ{}, false
}

// result returns what a call returns by what its name means: a function, a type
// that it makes, an accessor, or something that is called as a function.
func (p *place) result(c call, steps int) typ {
	t, name := p.resolve(c.name, steps-1), string(p.Bytes(c.name))
	if t.ext != nil && t.receiver && !t.ok() {
		recv, _ := p.exprType(c.name-2, steps-1)
		if p.At(c.name-1) == indexer.LexArrow {
			recv = p.r.dereferenced(recv)
		}
		return p.r.libraryCall(recv, name)
	}
	if t.ok() {
		ref := t.refs[0]
		s := p.r.symbol(ref)
		switch {
		case isFunction(s.Kind) && s.Kind != indexer.KindConstructor:
			ref = p.byArguments(t.refs, c.open, steps-1)[0]
			bind := t.bind
			if len(c.args) > 0 {
				bind = merged(t.bind, p.r.bindingOf(ref, c.args))
			}
			return p.r.declaredType(ref).bound(bind)
		case isType(s.Kind):
			return typ{path: []string{s.Name}, args: c.args, env: envOf(int(ref.File), s.Container), bind: t.bind}
		case p.r.files[ref.File].Language == indexer.Proto: // an accessor
			result := p.r.declaredType(ref)
			if last(result.name()) == "RepeatedPtrField" && (strings.HasPrefix(name, "add_") || p.argumentCount(c.open) > 0) {
				return result.args[0] // one of them
			}
			return result
		case s.Kind == indexer.KindField || s.Kind == indexer.KindVariable: // a std::function
			return p.r.returned(p.r.declaredType(ref).bound(t.bind))
		}
	}
	if t.local != nil {
		return p.r.returned(p.localType(*t.local, steps-1))
	}
	return typ{}
}

func merged(a, b map[string]typ) map[string]typ {
	m := make(map[string]typ, len(a)+len(b))
	for k, v := range a {
		m[k] = v
	}
	for k, v := range b {
		m[k] = v
	}
	return m
}

// argumentCount returns how many arguments the call whose parenthesis opens at
// open has.
func (p *place) argumentCount(open int) int {
	close := p.Past(open) - 1
	n := 0
	for i := open + 1; i < close; n++ {
		i = argumentEnd(p.Code, i, close) + 1
	}
	return n
}

// returned returns what a call of a value of type t returns.
func (r *Resolver) returned(t typ) typ {
	e := r.entityOf(t, maxSteps)
	if e.external && e.name == "std::function" && len(e.args) > 0 {
		return e.args[0]
	}
	if e.found() {
		if f := r.member(e, "operator()", maxSteps, anything); f.ok() {
			return r.declaredType(f.refs[0]).bound(f.bind)
		}
	}
	return typ{}
}

// isPointer tells the types of libraries whose -> leads to their argument.
func isPointer(name string) bool {
	switch last(name) {
	case "unique_ptr", "shared_ptr", "optional", "StatusOr", "not_null", "iterator", "const_iterator", "UniquePtr":
		return true
	}
	return false
}

// pointee returns what the arrow behind a value of type e leads to.
func (r *Resolver) pointee(e entity, steps int) entity {
	if steps <= 0 {
		return e
	}
	if e.external && isPointer(e.name) && len(e.args) > 0 {
		inner := r.entityOf(e.args[0], maxSteps)
		return inner
	}
	if e.found() && e.sym.Kind != indexer.KindMessage {
		if f := r.member(e, "operator->", maxSteps, anything); f.ok() {
			return r.entityOf(r.declaredType(f.refs[0]).bound(f.bind), maxSteps)
		}
	}
	return e
}

// dereferenced returns the type of *x for x of type t.
func (r *Resolver) dereferenced(t typ) typ {
	e := r.entityOf(t, maxSteps)
	if e.external && isPointer(e.name) && len(e.args) > 0 {
		return e.args[0]
	}
	if e.found() {
		for _, op := range []string{"operator*", "operator->"} {
			if f := r.member(e, op, maxSteps, anything); f.ok() {
				return r.declaredType(f.refs[0]).bound(f.bind)
			}
		}
	}
	return t
}

// element returns the type of the elements of a container of type t; for a map
// what an index leads to or, when it is gone through, pairs.
func (r *Resolver) element(t typ, how string) typ {
	e := r.entityOf(t, maxSteps)
	if e.found() {
		if f := r.member(e, how, maxSteps, anything); f.ok() {
			return r.declaredType(f.refs[0]).bound(f.bind)
		}
		return typ{}
	}
	if !e.external || len(e.args) == 0 {
		return typ{}
	}
	switch {
	case isMap(e.name) && how == "operator[]" && len(e.args) > 1:
		return e.args[1]
	case isMap(e.name) && len(e.args) > 1:
		return typ{path: []string{"std", "pair"}, args: e.args[:2], env: t.env}
	}
	return e.args[0]
}

func isMap(name string) bool {
	n := strings.ToLower(last(name))
	return strings.HasSuffix(n, "map") || strings.HasSuffix(n, "multimap")
}

// part returns the type of the i-th part of a pair or tuple.
func (r *Resolver) part(t typ, i int) typ {
	e := r.entityOf(t, maxSteps)
	if e.external && (last(e.name) == "pair" || last(e.name) == "tuple") && i >= 0 && i < len(e.args) {
		return e.args[i]
	}
	return typ{}
}

// partNamed returns which part of a pair a member is, -1 for none.
func partNamed(name string) int {
	switch name {
	case "first":
		return 0
	case "second":
		return 1
	}
	return -1
}

// libraryCall returns what the method of that name of a library's type
// returns, for those that hand out what the type was given.
func (r *Resolver) libraryCall(t typ, name string) typ {
	e := r.entityOf(t, maxSteps)
	if !e.external || len(e.args) == 0 {
		return typ{}
	}
	switch name {
	case "get", "value", "lock", "ref", "value_or", "release", "operator*":
		if isPointer(e.name) || last(e.name) == "reference_wrapper" || last(e.name) == "weak_ptr" {
			if name == "lock" {
				return typ{path: []string{"std", "shared_ptr"}, args: e.args[:1], env: t.env}
			}
			return e.args[0]
		}
	case "front", "back", "top", "at", "Get", "Mutable", "Add":
		return r.element(t, "operator[]")
	case "find", "begin", "end", "rbegin", "cbegin", "lower_bound", "upper_bound":
		return typ{path: []string{"std", "iterator"}, args: []typ{r.element(t, "begin")}, env: t.env}
	}
	return typ{}
}
