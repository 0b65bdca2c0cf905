package cpp

import (
	"bytes"
	"slices"
	"strings"

	"navigator/indexer"
)

// byArity puts those functions first that may be called with n arguments.
func (r *Resolver) byArity(refs []indexer.SymbolRef, n int) []indexer.SymbolRef {
	if len(refs) < 2 {
		return refs
	}
	type counted struct {
		ref         indexer.SymbolRef
		least, most int
	}
	all := make([]counted, len(refs))
	for i, ref := range refs {
		least, most := r.arity(ref)
		all[i] = counted{ref, least, most}
	}
	// A definition has the defaults that its declaration says.
	declared := make(map[int]bool) // numbers of parameters that may be called with n arguments
	for _, c := range all {
		if c.least <= n && n <= c.most {
			declared[c.most] = true
		}
	}
	fits := func(c counted) int {
		switch {
		case c.least <= n && n <= c.most:
			return 0
		case n < c.least && declared[c.most]:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(all, func(a, b counted) int { return fits(a) - fits(b) })
	sorted := make([]indexer.SymbolRef, len(all))
	for i, c := range all {
		sorted[i] = c.ref
	}
	return sorted
}

// parametersOf returns the parameters of a function in its head, each a range
// of lexemes.
func (r *Resolver) parametersOf(ref indexer.SymbolRef) (*indexer.Code, [][2]int) {
	s, head := r.symbol(ref), r.head(ref)
	var params [][2]int
	i := nameIn(head, s)
	if head.Is(0, "MOCK_METHOD") { // MOCK_METHOD(R, name, (params), …)
		for i++; i < len(head.Lexemes) && head.At(i) != '('; i++ {
		}
	} else {
		if head.Is(i, "operator") && head.At(i+1) == '(' {
			i += 2
		}
		for i < len(head.Lexemes) && head.At(i) != '(' {
			i++
		}
	}
	if i >= len(head.Lexemes) {
		return head, nil
	}
	close := head.Past(i) - 1
	for i++; i < close; {
		end := argumentEnd(head, i, close)
		params = append(params, [2]int{i, end})
		i = end + 1
	}
	return head, params
}

// arity returns how few and how many arguments a function takes.
func (r *Resolver) arity(ref indexer.SymbolRef) (least, most int) {
	head, params := r.parametersOf(ref)
	for _, p := range params {
		if p[1]-p[0] == 1 && head.Is(p[0], "void") {
			continue
		}
		most++
		optional := false
		for i := p[0]; i < p[1]; i++ {
			switch head.At(i) {
			case '=':
				optional = true
			case indexer.LexDots:
				optional = true
				most += 100
			}
		}
		if !optional {
			least++
		}
	}
	return least, most
}

// signature returns the types of a function's parameters in a form that is the
// same in its declaration and its definition, as far as can be.
func (r *Resolver) signature(ref indexer.SymbolRef) string {
	head, params := r.parametersOf(ref)
	var b strings.Builder
	for _, p := range params {
		end := p[1]
		for i := p[0]; i < end; i++ {
			if head.At(i) == '=' {
				end = i
			}
		}
		// A name at the end is the parameter's, when a type stands before it.
		if end-p[0] > 1 && head.At(end-1) == indexer.LexWord && head.At(end-2) != indexer.LexScope &&
			!(head.Is(end-2, "const") && end-2 == p[0]) {
			end--
		}
		constants := 0 // T const& is const T&
		for i := p[0]; i < end; i++ {
			switch {
			case head.At(i) == indexer.LexWord && head.At(i+1) == indexer.LexScope || head.At(i) == indexer.LexScope:
			case head.At(i) == '[' && head.At(i+1) == '[': // an attribute
				i = head.Past(i) - 1
			case head.Is(i, "const"):
				constants++
			default:
				b.Write(head.Bytes(i))
			}
		}
		b.WriteString(strings.Repeat("const", constants))
		b.WriteByte(',')
	}
	if isConst(head) {
		b.WriteString("const")
	}
	return b.String()
}

// isConst reports whether a function's head says const after its parameters.
func isConst(head *indexer.Code) bool {
	for i := len(head.Lexemes) - 1; i >= 0 && head.At(i) != ')'; i-- {
		if bytes.Equal(head.Bytes(i), []byte("const")) {
			return true
		}
	}
	return false
}

// paired orders the symbols of one name so that the first is what a reader
// wants: the definition of the first, then its declaration, then the rest.
func (r *Resolver) paired(refs []indexer.SymbolRef, file int) []indexer.SymbolRef {
	if len(refs) < 2 {
		return refs
	}
	first := refs[0]
	s := r.symbol(first)
	if !isFunction(s.Kind) {
		return r.bestType(refs, file)
	}
	sig := r.signature(first)
	least, most := r.arity(first)
	rank := func(ref indexer.SymbolRef) int {
		n := 0
		if !r.symbol(ref).Definition {
			n++
		}
		if r.symbol(ref).Kind != s.Kind && (isType(s.Kind) || isType(r.symbol(ref).Kind)) {
			n += 16
		}
		if ref == first || r.signature(ref) == sig {
			return n
		}
		if l, m := r.arity(ref); m == most && (l >= least || l <= least) {
			return n + 4
		}
		return n + 8
	}
	refs = slices.Clone(refs)
	slices.SortStableFunc(refs, func(a, b indexer.SymbolRef) int { return rank(a) - rank(b) })
	return refs
}

// counterparts returns the symbols of the same function or variable as ref, which
// lead from its definition to its declaration and back.
func (r *Resolver) counterparts(ref indexer.SymbolRef) []indexer.SymbolRef {
	s := r.symbol(ref)
	if !isDefinedElsewhere(s.Kind) && s.Kind != indexer.KindMacro {
		return nil
	}
	var same []indexer.SymbolRef
	scope := plain(s.Container)
	sees := r.closure(int(ref.File))
	for _, other := range r.named(s.Name).scopes[scope] {
		o := r.symbol(other)
		if other == ref || o.Definition == s.Definition || isFunction(o.Kind) != isFunction(s.Kind) {
			continue
		}
		if o.Kind == indexer.KindEnumerator || r.files[other.File].Source != r.files[ref.File].Source {
			continue
		}
		if r.inClass(ref) && r.inClass(other) && other.File == ref.File && o.Parent == s.Parent {
			continue // an overload: a class declares a member once
		}
		if !isType(s.Kind) && !sees.has(int(other.File)) && !r.closure(int(other.File)).has(int(ref.File)) && !r.areTwins(ref.File, other.File) {
			continue
		}
		same = append(same, other)
	}
	if len(same) == 0 && isFunction(s.Kind) {
		return r.madeByMacro(ref)
	}
	if !isFunction(s.Kind) {
		from := r.files[ref.File].Path
		slices.SortStableFunc(same, func(a, b indexer.SymbolRef) int {
			return common(from, r.files[b.File].Path) - common(from, r.files[a.File].Path)
		})
		return same
	}
	sig := r.signature(ref)
	_, most := r.arity(ref)
	rank := func(o indexer.SymbolRef) int {
		if r.signature(o) == sig {
			return 0
		}
		if _, m := r.arity(o); m == most {
			return 1
		}
		return 2
	}
	slices.SortStableFunc(same, func(a, b indexer.SymbolRef) int { return rank(a) - rank(b) })
	exact := slices.IndexFunc(same, func(o indexer.SymbolRef) bool { return rank(o) > 0 })
	if exact > 0 {
		return same[:exact]
	}
	return same
}

// inClass reports whether a symbol stands in the body of its class.
func (r *Resolver) inClass(ref indexer.SymbolRef) bool {
	s := r.symbol(ref)
	if s.Parent < 0 {
		return false
	}
	class := r.symbol(indexer.SymbolRef{File: ref.File, Symbol: s.Parent})
	return isClass(class.Kind) && !after(s.NameSpan.Start, class.Span.End)
}

// byConst puts those methods first that are const, or those that are not, as the
// receiver is. Where both are there a value that is not const calls the one
// that is not.
func (r *Resolver) byConst(refs []indexer.SymbolRef, constant bool) []indexer.SymbolRef {
	if len(refs) < 2 || !isFunction(r.symbol(refs[0]).Kind) {
		return refs
	}
	other := func(ref indexer.SymbolRef) int {
		if isConst(r.head(ref)) != constant {
			return 1
		}
		return 0
	}
	refs = slices.Clone(refs)
	slices.SortStableFunc(refs, func(a, b indexer.SymbolRef) int { return other(a) - other(b) })
	return refs
}

// madePrefix is what Envoy's DECLARE_LUA_FUNCTION puts before the name of the
// function that it declares to make another.
const madePrefix = "static_"

// madeByMacro returns the counterparts of a function that a macro declares,
// together with one of another name that is the index's symbol.
func (r *Resolver) madeByMacro(ref indexer.SymbolRef) []indexer.SymbolRef {
	s := r.symbol(ref)
	if name, ok := strings.CutPrefix(s.Name, madePrefix); ok {
		return r.named(name).scopes[plain(s.Container)]
	}
	return r.named(madePrefix + s.Name).scopes[plain(s.Container)]
}
