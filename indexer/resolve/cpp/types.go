package cpp

import (
	"slices"
	"strings"

	"navigator/indexer"
)

// env is where a name is looked up: a file, and the scopes around the name, the
// inner first, "" last.
type env struct {
	file   int
	scopes []string
}

// envOf returns the environment of what stands in the scope of that name.
func envOf(file int, scope string) *env {
	e := &env{file: file}
	for scope = plain(scope); scope != ""; scope = parent(scope) {
		e.scopes = append(e.scopes, scope)
	}
	e.scopes = append(e.scopes, "")
	return e
}

// typ is a type as it is written somewhere.
type typ struct {
	path     []string // of a qualified name
	args     []typ    // of its last template arguments
	env      *env
	bind     map[string]typ // what template parameters stand for
	auto     bool
	constant bool // it is said to be const
}

func (t typ) name() string { return strings.Join(t.path, "::") }

func (t typ) known() bool { return len(t.path) > 0 }

// bound returns t with its template parameters bound.
func (t typ) bound(bind map[string]typ) typ {
	if len(bind) == 0 {
		return t
	}
	t.bind = bind
	t.args = slices.Clone(t.args)
	for i := range t.args {
		t.args[i] = t.args[i].bound(bind)
	}
	return t
}

// parseType reads the type that starts at i and returns where it ends.
func parseType(code *indexer.Code, i, end int, e *env) (typ, int) {
	t := typ{env: e}
	for i < end {
		switch code.At(i) {
		case indexer.LexKeyword:
			switch w := string(code.Bytes(i)); {
			case w == "auto":
				t.auto = true
				return t, afterType(code, i+1, end)
			case isBuiltin(w) || isCharacterType(w):
				t.path = []string{w}
				return t, afterType(code, i+1, end)
			case w == "decltype", w == "operator":
				return t, i + 1
			case w == "const":
				t.constant = true
			}
			i++
		case '[':
			i = code.Past(i)
		case indexer.LexScope:
			i++
			if code.At(i) != indexer.LexWord {
				return t, i
			}
		case indexer.LexWord:
			if !isAttribute(code, i) {
				return parseTypeName(code, i, end, t)
			}
			i++
		default:
			return t, i
		}
	}
	return t, i
}

// isAttribute reports whether the word at i is a macro that stands before a
// type.
func isAttribute(code *indexer.Code, i int) bool {
	return code.At(i+1) == indexer.LexWord && isMacro(code.Bytes(i)) && !isMacro(code.Bytes(i+1)) && code.At(i+2) != '=' && code.At(i+2) != ';'
}

// parseTypeName reads the qualified name that starts with the word at i, with
// its template arguments, into t, and returns where the type ends.
func parseTypeName(code *indexer.Code, i, end int, t typ) (typ, int) {
	for {
		t.path = append(t.path, string(code.Bytes(i)))
		i++
		t.args = t.partArguments()
		if code.At(i) == '<' {
			close := anglesEnd(code, i)
			if close < 0 {
				return t, i
			}
			for j := i + 1; j < close; {
				argEnd := argumentEnd(code, j, close)
				arg, _ := parseType(code, j, argEnd, t.env)
				t.args = append(t.args, arg)
				j = argEnd + 1
			}
			i = close + 1
		}
		if code.At(i) != indexer.LexScope {
			t.constant = t.constant || code.Is(i, "const")
			return t, afterType(code, i, end)
		}
		i++
		if code.Is(i, "template") {
			i++
		}
		if code.At(i) != indexer.LexWord {
			return t, i
		}
	}
}

// partArguments returns the template arguments of the last part of t's path: of
// a container's iterator what it leads to.
func (t typ) partArguments() []typ {
	n := len(t.path)
	if n < 2 || len(t.args) == 0 || t.path[n-1] != "iterator" && t.path[n-1] != "const_iterator" {
		return nil
	}
	if isMap(t.path[n-2]) && len(t.args) > 1 {
		return []typ{{path: []string{"std", "pair"}, args: t.args[:2], env: t.env}}
	}
	return t.args[:1]
}

// afterType steps over what may follow the name of a type.
func afterType(code *indexer.Code, i, end int) int {
	for i < end && (code.At(i) == '*' || code.At(i) == '&' || code.Is(i, "const") || code.Is(i, "&&") || code.At(i) == indexer.LexKeyword && isBuiltin(string(code.Bytes(i)))) {
		i++
	}
	return i
}

// isBuiltin reports whether a keyword is a type, which others may follow:
// unsigned long int.
func isBuiltin(w string) bool {
	switch w {
	case "void", "bool", "char", "int", "short", "long", "float", "double", "signed", "unsigned":
		return true
	}
	return false
}

// isCharacterType reports whether a keyword is a type that stands alone.
func isCharacterType(w string) bool {
	return w == "wchar_t" || w == "char8_t" || w == "char16_t" || w == "char32_t"
}

// entity is a type that was found: a class or enum of a tree, with its template
// arguments, or an external one.
type entity struct {
	ref      indexer.SymbolRef
	name     string // plain qualified name; of an external type as written
	sym      *indexer.Symbol
	args     []typ
	external bool
	constant bool
}

func (e entity) found() bool { return e.sym != nil }

// maxSteps bounds how many aliases and bases are followed.
const maxSteps = 16

// entityOf returns what a type means, aliases followed.
func (r *Resolver) entityOf(t typ, steps int) entity {
	e := r.entityNamed(t, steps)
	e.constant = e.constant || t.constant
	return e
}

func (r *Resolver) entityNamed(t typ, steps int) entity {
	if !t.known() || steps <= 0 {
		return entity{}
	}
	if len(t.path) == 1 {
		if b, ok := t.bind[t.path[0]]; ok {
			return r.entityOf(b, steps-1)
		}
		if isBuiltin(t.path[0]) {
			return entity{name: t.path[0], external: true}
		}
	}
	if isMock(t.path[len(t.path)-1]) && len(t.args) > 0 {
		return r.entityOf(t.args[0], steps-1)
	}
	if isExternalRoot(t.path[0]) {
		return entity{name: t.name(), args: t.args, external: true}
	}
	refs := r.typesNamed(t.path, t.env, steps-1)
	if len(refs) == 0 {
		// A typedef made external by a using, or a type of a library.
		if u := r.externalUse(t.path[0], t.env.file); u != "" {
			return entity{name: join(u, strings.Join(t.path[1:], "::")), args: t.args, external: true}
		}
		if len(t.path) > 1 {
			if space, ok := r.namespaceAlias(t.path[0], t.env); ok && isExternalRoot(space.path[0]) {
				return entity{name: join(space.name(), strings.Join(t.path[1:], "::")), args: t.args, external: true}
			}
		}
		return entity{}
	}
	s := r.symbol(refs[0])
	if s.Kind != indexer.KindAlias {
		return entity{ref: refs[0], name: qualified(s), sym: s, args: t.args}
	}
	target := r.aliasTarget(refs[0])
	if !target.known() || target.name() == t.name() && target.env.file == t.env.file && len(target.args) == 0 && slices.Equal(target.env.scopes, t.env.scopes) {
		return entity{}
	}
	return r.entityOf(target.bound(r.bindingOf(refs[0], t.args)), steps-1)
}

// aliasTarget returns the type that an alias stands for.
func (r *Resolver) aliasTarget(ref indexer.SymbolRef) typ {
	s, head := r.symbol(ref), r.head(ref)
	e := envOf(int(ref.File), s.Container)
	n := nameIn(head, s)
	for i := n; i < len(head.Lexemes); i++ {
		if head.At(i) == '=' {
			t, _ := parseType(head, i+1, len(head.Lexemes), e)
			return t
		}
	}
	t, _ := parseType(head, 0, n, e) // typedef T Name
	return t
}

// bindingOf binds the template parameters of a class or alias to arguments.
func (r *Resolver) bindingOf(ref indexer.SymbolRef, args []typ) map[string]typ {
	if len(args) == 0 {
		return nil
	}
	head := r.head(ref)
	s := scanner{Code: head, until: len(head.Lexemes)}
	s.templates(0)
	bind := make(map[string]typ)
	for i, l := range s.locals {
		if i < len(args) {
			bind[string(head.Bytes(l.name))] = args[i]
		}
	}
	return bind
}

// bases returns the base classes of a class as written.
func (r *Resolver) bases(ref indexer.SymbolRef) []typ {
	return r.baseList.get(ref, func() []typ {
		s, head := r.symbol(ref), r.head(ref)
		if s.Kind == indexer.KindMessage {
			return nil
		}
		var list []typ
		e := envOf(int(ref.File), s.Container)
		i := nameIn(head, s) + 1
		for i < len(head.Lexemes) && head.At(i) != ':' {
			if c := -1; head.At(i) == '<' {
				if c = anglesEnd(head, i); c > 0 {
					i = c
				}
			}
			i++
		}
		for i++; i < len(head.Lexemes); {
			end := argumentEnd(head, i, len(head.Lexemes))
			if t, _ := parseType(head, i, end, e); t.known() {
				list = append(list, t)
			}
			i = end + 1
		}
		return list
	})
}

// declaredType returns the type of a variable or field, or what a function
// returns.
func (r *Resolver) declaredType(ref indexer.SymbolRef) typ {
	s, head := r.symbol(ref), r.head(ref)
	scope := s.Container
	if isFunction(s.Kind) {
		scope = join(scope, s.Name)
	}
	e := envOf(int(ref.File), scope)
	if r.files[ref.File].Language == indexer.Proto {
		return r.protoType(ref, e)
	}
	n := nameIn(head, s)
	switch first := string(head.Bytes(0)); {
	case first == "MOCK_METHOD":
		i := 2
		if head.At(i) == '(' {
			i++
		}
		t, _ := parseType(head, i, n, e)
		return t
	case first == "COUNTER" || first == "GAUGE" || first == "HISTOGRAM" || first == "TEXT_READOUT":
		class := map[string]string{"COUNTER": "Counter", "GAUGE": "Gauge", "HISTOGRAM": "Histogram", "TEXT_READOUT": "TextReadout"}[first]
		return typ{path: []string{"Envoy", "Stats", class}, env: e}
	}
	start := 0
	for head.Is(start, "template") {
		c := anglesEnd(head, start+1)
		if c < 0 {
			break
		}
		start = c + 1
	}
	t, _ := parseType(head, start, n, e)
	if t.auto && isFunction(s.Kind) {
		for i := n; i < len(head.Lexemes); i = head.Past(i) {
			if head.At(i) == indexer.LexArrow {
				t, _ = parseType(head, i+1, len(head.Lexemes), e)
				break
			}
		}
	}
	return t
}

// protoType returns the type of a field of a message.
func (r *Resolver) protoType(ref indexer.SymbolRef, e *env) typ {
	s, head := r.symbol(ref), r.head(ref)
	t := typ{env: e}
	repeated := false
	for i := 0; i < nameIn(head, s); i++ {
		switch w := string(head.Bytes(i)); {
		case w == "repeated":
			repeated = true
		case w == "map":
			_, t2 := protoMap(head, e)
			return typ{path: []string{"google", "protobuf", "Map"}, args: []typ{{path: []string{"std", "string"}, env: e}, t2}, env: e}
		case head.At(i) == indexer.LexWord && w != "optional" || head.At(i) == indexer.LexKeyword:
			t.path = append(t.path, w)
		}
	}
	if repeated {
		return typ{path: []string{"google", "protobuf", "RepeatedPtrField"}, args: []typ{t}, env: e}
	}
	return t
}

// protoMap returns the key and value of map<K, V>.
func protoMap(head *indexer.Code, e *env) (k, v typ) {
	n := 0
	for i := 2; i < len(head.Lexemes) && head.At(i) != '>'; i++ {
		switch {
		case head.At(i) == ',':
			n++
		case head.At(i) == indexer.LexWord && n == 0:
			k.path = append(k.path, string(head.Bytes(i)))
		case head.At(i) == indexer.LexWord:
			v.path = append(v.path, string(head.Bytes(i)))
		}
	}
	k.env, v.env = e, e
	return k, v
}
