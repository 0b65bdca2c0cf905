package review

import (
	"cmp"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// defined returns the symbols of a file that a mention may mean, definitions
// first. Forward declarations and namespaces are none.
func (j *judge) defined(file int, m mention) []indexer.Symbol {
	var all []indexer.Symbol
	for _, s := range j.code.Symbols(file) {
		if s.Name != m.name || !inScope(s.Container, m.scope) || forward(&s) {
			continue
		}
		switch s.Kind {
		case indexer.KindNamespace, indexer.KindModule, indexer.KindPackage:
			continue
		case indexer.KindField, indexer.KindVariable, indexer.KindEnumerator:
			if m.plain {
				continue
			}
		}
		all = append(all, s)
	}
	slices.SortStableFunc(all, func(a, b indexer.Symbol) int {
		return cmp.Or(rankKind(&a)-rankKind(&b), cmp.Compare(a.Span.Start.Line, b.Span.Start.Line))
	})
	return all
}

// nearly returns what a mention means in a file, else, of a member that no file
// has, the one that "Impl" or "Base" tells from it, else the type that it would
// belong to and what the file has of that.
func (j *judge) nearly(file int, m mention) []indexer.Symbol {
	if all := j.defined(file, m); len(all) > 0 || m.scope == "" || m.plain {
		return all
	}
	typ := mention{name: m.scope, near: m.near}
	if i := strings.LastIndex(m.scope, "::"); i >= 0 {
		typ.name, typ.scope = m.scope[i+2:], m.scope[:i]
	}
	if strings.ToLower(typ.name) == typ.name {
		return nil
	}
	for _, ref := range j.code.SymbolsNamed(m.name) {
		if inScope(j.code.Symbols(int(ref.File))[ref.Symbol].Container, m.scope) {
			return nil
		}
	}
	for _, ending := range []string{"Base", "Impl"} {
		like := m
		like.name += ending
		if all := j.defined(file, like); len(all) > 0 {
			return all
		}
	}
	types := slices.DeleteFunc(j.defined(file, typ), func(s indexer.Symbol) bool { return !isType(s.Kind) })
	return append(types, j.members(file, typ)...)
}

// rankKind puts types before their constructors, definitions before
// declarations.
func rankKind(s *indexer.Symbol) int {
	n := 0
	if !s.Definition {
		n += 4
	}
	switch s.Kind {
	case indexer.KindConstructor, indexer.KindDestructor:
		n++
	case indexer.KindField, indexer.KindVariable, indexer.KindEnumerator:
		n += 2
	}
	return n
}

// forward says whether s only announces a type.
func forward(s *indexer.Symbol) bool {
	switch s.Kind {
	case indexer.KindClass, indexer.KindStruct, indexer.KindUnion, indexer.KindEnum:
		return !s.Definition
	}
	return false
}

// inScope says whether a container may be what a lesson writes as scope: it is
// that, ends in it, or does so but for "Impl" or "Base". A variable before a
// point is no scope, and says nothing.
func inScope(container, scope string) bool {
	if scope == "" {
		return true
	}
	last := scope[strings.LastIndex(scope, "::")+1:]
	last = strings.TrimPrefix(last, ":")
	if last == "" || last == strings.ToLower(last) {
		return true // a variable, or a module whose file names it
	}
	have := container[strings.LastIndex(container, ":")+1:]
	if cut := strings.IndexByte(have, '<'); cut > 0 {
		have = have[:cut]
	}
	bare := func(s string) string { return strings.TrimSuffix(strings.TrimSuffix(s, "Impl"), "Base") }
	return have == last || bare(have) == bare(last)
}

// members returns the symbols of a file that belong to a type which is defined
// elsewhere.
func (j *judge) members(file int, m mention) []indexer.Symbol {
	var all []indexer.Symbol
	for _, s := range j.code.Symbols(file) {
		around, last := s.Container, s.Container
		if i := strings.LastIndex(s.Container, "::"); i >= 0 {
			around, last = s.Container[:i], s.Container[i+2:]
		}
		if last == m.name && last != "" && inScope(around, m.scope) {
			all = append(all, s)
		}
	}
	return all
}

func meet(a, b indexer.Lines) bool { return a.First <= b.Last && b.First <= a.Last }

// meant returns the symbol of a file that the names near a citation mean most
// likely. A word that may mean anything counts last.
func (j *judge) meant(file int, c *annotations.Citation, names []mention) (indexer.Symbol, mention, bool) {
	for pass := range 3 {
		for _, m := range names {
			if m.plain != (pass == 2) {
				continue
			}
			symbols := j.nearly(file, m)
			if len(symbols) > 0 && (pass > 0 || !secondary(c, m, &symbols[0])) {
				return closest(symbols, c.Cited), m, true
			}
		}
	}
	for _, m := range names { // a type of another file, whose members are here
		if members := j.members(file, m); len(members) > 0 && m.near <= inSentence && !m.plain && !m.loose {
			return slices.MinFunc(members, func(a, b indexer.Symbol) int { return away(&a, c.Cited) - away(&b, c.Cited) }), m, true
		}
	}
	return indexer.Symbol{}, mention{}, false
}

// secondary says whether a mention counts after the others: a constructor after
// what is named beside its class, and what an excerpt below has after the
// sentence, where the file only declares it.
func secondary(c *annotations.Citation, m mention, s *indexer.Symbol) bool {
	return m.scope == "" && s.Kind == indexer.KindConstructor ||
		m.near == inExcerpt && c.Form != annotations.Fence && !s.Definition
}

// closest returns the first of symbols or, of its overloads, the one that is
// nearest to lines.
func closest(symbols []indexer.Symbol, lines indexer.Lines) indexer.Symbol {
	best := symbols[0]
	for _, s := range symbols[1:] {
		if rankKind(&s) == rankKind(&best) && s.Name == best.Name && away(&s, lines) < away(&best, lines) {
			best = s
		}
	}
	return best
}

// certain says whether a mention means one symbol of a file, and its sentence
// names no other of it but those around and inside that one.
func (j *judge) certain(file int, m mention, names []mention) bool {
	if m.plain || m.near > inSentence {
		return false
	}
	symbols := j.defined(file, m)
	if len(symbols) == 0 || rankKind(&symbols[0]) > 0 || len(symbols) > 1 && rankKind(&symbols[1]) == 0 {
		return false
	}
	if m.near == inExcerpt {
		return true
	}
	meant := symbols[0].Span.Lines()
	for _, other := range names {
		if other.plain || other.near > inSentence || other.name == m.name {
			continue
		}
		for _, s := range j.defined(file, other) {
			lines := s.Span.Lines()
			around := lines.First <= meant.First && meant.Last <= lines.Last || meant.First <= lines.First && lines.Last <= meant.Last
			if !around && s.Kind != indexer.KindConstructor {
				return false
			}
		}
	}
	return true
}

func isFunction(k indexer.Kind) bool {
	return k == indexer.KindFunction || k == indexer.KindMethod || k == indexer.KindConstructor || k == indexer.KindDestructor
}

func isType(k indexer.Kind) bool {
	return k == indexer.KindClass || k == indexer.KindStruct || k == indexer.KindUnion
}
