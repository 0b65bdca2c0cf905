package cpp

import (
	"slices"
	"strings"

	"navigator/indexer"
)

// family is a set of types that convert into each other more readily than into
// others.
type family uint8

const (
	anyFamily family = iota // unknown, or of a template's parameter
	numbers
	texts
	classes // of the trees
	others  // classes of libraries
)

// shape is what of a type decides between overloads.
type shape struct {
	family family
	entity entity
	name   string // plain, of a type that is none of the trees
}

// The costs of passing an argument, from none to hardly possible.
const (
	exact      = iota
	toBase     // of a class
	toAny      // to a template's parameter, or nothing is known
	converted  // within the family
	impossible = 8
)

// byArguments puts those functions first that the call whose parenthesis opens
// at open may mean: by how many arguments it has, then by their types as far as
// these are known.
func (p *place) byArguments(refs []indexer.SymbolRef, open, steps int) []indexer.SymbolRef {
	if len(refs) < 2 {
		return refs
	}
	refs = p.r.byArity(refs, p.argumentCount(open))
	if steps <= 0 || !slices.ContainsFunc(refs[1:], func(ref indexer.SymbolRef) bool { return p.r.signature(ref) != p.r.signature(refs[0]) }) {
		return refs
	}
	var args []shape
	known := false
	close := p.Past(open) - 1
	for i := open + 1; i < close && len(args) < maxSteps; {
		end := argumentEnd(p.Code, i, close)
		s := p.argumentShape(i, end, steps-1)
		known = known || s.family != anyFamily
		args = append(args, s)
		i = end + 1
	}
	if !known {
		return refs
	}
	least, most := p.r.arity(refs[0])
	cost := make(map[indexer.SymbolRef]int, len(refs))
	for _, ref := range refs {
		cost[ref] = p.r.passing(args, ref)
	}
	fits := func(ref indexer.SymbolRef) bool {
		l, m := p.r.arity(ref)
		return l <= len(args) && len(args) <= m || l == least && m == most
	}
	slices.SortStableFunc(refs, func(a, b indexer.SymbolRef) int {
		if fits(a) != fits(b) {
			return 0
		}
		return cost[a] - cost[b]
	})
	return refs
}

// argumentShape returns the shape of the expression at [from,end).
func (p *place) argumentShape(from, end, steps int) shape {
	last := p.At(end - 1)
	if end-from == 1 {
		switch {
		case last == indexer.LexNumber:
			name := "int"
			if strings.ContainsAny(string(p.Bytes(from)), ".") {
				name = "double"
			}
			return shape{family: numbers, name: name}
		case last == indexer.LexChar:
			return shape{family: numbers, name: "char"}
		case p.Is(from, "true") || p.Is(from, "false"):
			return shape{family: numbers, name: "bool"}
		}
	}
	if last == indexer.LexString {
		return shape{family: texts, name: "char*"}
	}
	return p.r.shapeOf(p.valueType(from, end, steps))
}

// shapeOf returns the shape of a type.
func (r *Resolver) shapeOf(t typ) shape {
	e := r.entityOf(t, maxSteps)
	switch {
	case e.found():
		return shape{family: classes, entity: e}
	case e.external:
		return shape{family: familyOf(e.name), name: last(e.name)}
	case t.known() && isNumber(t.path[len(t.path)-1]):
		return shape{family: numbers, name: last(t.name())}
	}
	return shape{}
}

// familyOf returns the family of a type that is none of the trees.
func familyOf(name string) family {
	switch n := last(name); {
	case n == "string" || n == "string_view":
		return texts
	case n == "void":
		return anyFamily
	case isNumber(n):
		return numbers
	}
	return others
}

func isNumber(name string) bool {
	return isBuiltin(name) && name != "void" ||
		strings.HasSuffix(name, "_t") && (strings.HasPrefix(name, "int") || strings.HasPrefix(name, "uint") || name == "size_t" || name == "ssize_t")
}

// passing returns what it costs to call a function with such arguments.
func (r *Resolver) passing(args []shape, ref indexer.SymbolRef) int {
	head, params := r.parametersOf(ref)
	s := r.symbol(ref)
	e := envOf(int(ref.File), s.Container)
	generic := r.templateParameters(head)
	total := 0
	for i, arg := range args {
		if arg.family == anyFamily {
			continue
		}
		if i >= len(params) {
			break
		}
		t, _ := parseType(head, params[i][0], params[i][1], e)
		if t.auto || len(t.path) == 1 && slices.Contains(generic, t.path[0]) {
			total += toAny
			continue
		}
		param := r.shapeOf(t)
		if t.name() == "char" && isPointerTo(head, params[i]) {
			param = shape{family: texts, name: "char*"}
		}
		total += r.conversion(arg, param)
	}
	return total
}

// isPointerTo reports whether a parameter is a pointer.
func isPointerTo(head *indexer.Code, param [2]int) bool {
	for i := param[0]; i < param[1]; i++ {
		if head.At(i) == '*' {
			return true
		}
	}
	return false
}

// templateParameters returns the names of the parameters of the template that a
// head starts with.
func (r *Resolver) templateParameters(head *indexer.Code) []string {
	s := scanner{Code: head, until: len(head.Lexemes)}
	s.templates(0)
	var names []string
	for _, l := range s.locals {
		names = append(names, string(head.Bytes(l.name)))
	}
	return names
}

// conversion returns what it costs to pass an argument to a parameter.
func (r *Resolver) conversion(arg, param shape) int {
	switch {
	case param.family == anyFamily:
		return toAny
	case arg.family != param.family:
		return impossible
	case arg.family == classes:
		switch {
		case arg.entity.name == param.entity.name:
			return exact
		case r.derives(arg.entity, param.entity.name, maxSteps):
			return toBase
		}
		return impossible
	case arg.name == param.name:
		return exact
	case arg.family == others:
		return impossible
	}
	return converted
}
