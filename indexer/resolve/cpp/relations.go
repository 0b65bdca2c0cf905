package cpp

import (
	"slices"

	"navigator/indexer"
)

// Includers returns a function that tells the files that see one of those
// given, directly or through others, those themselves included.
func (r *Resolver) Includers(files []int) func(file int) bool {
	seen := make(bitset, len(r.files)/64+1)
	var queue []int
	for _, f := range files {
		if !seen.has(f) {
			seen.add(f)
			queue = append(queue, f)
		}
	}
	by := r.includedBy()
	for ; len(queue) > 0; queue = queue[1:] {
		for _, next := range by[queue[0]] {
			if !seen.has(int(next)) {
				seen.add(int(next))
				queue = append(queue, int(next))
			}
		}
	}
	return seen.has
}

// filesByIncluded returns the files that include each file.
func (r *Resolver) filesByIncluded() [][]int32 {
	by := make([][]int32, len(r.files))
	for i := range r.files {
		for _, f := range r.included(i) {
			by[f] = append(by[f], int32(i))
		}
	}
	return by
}

// Above returns the classes that a class derives from itself, and as they are
// written those that no tree here defines; for a method those of the bases,
// near or far, that it overrides.
func (r *Resolver) Above(ref indexer.SymbolRef) (above []indexer.SymbolRef, unknown []string) {
	s := r.symbol(ref)
	switch {
	case isClass(s.Kind):
		return r.basesOf(ref)
	case s.Kind == indexer.KindMethod:
		if class, ok := r.classOf(ref); ok {
			for _, base := range r.Ancestors(class) {
				above = append(above, r.alike(ref, base)...)
			}
		}
	}
	return above, nil
}

// Below returns those methods of derived classes that override a method.
func (r *Resolver) Below(method indexer.SymbolRef) []indexer.SymbolRef {
	s := r.symbol(method)
	class, ok := r.classOf(method)
	if s.Kind != indexer.KindMethod || !ok || !r.isVirtual(method) {
		return nil
	}
	var below []indexer.SymbolRef
	classes := make(map[indexer.SymbolRef]bool)
	for _, other := range r.named(s.Name).refs {
		o := r.symbol(other)
		if o.Kind != indexer.KindMethod || o.Parent < 0 {
			continue
		}
		derived := indexer.SymbolRef{File: other.File, Symbol: o.Parent}
		if derived == class || classes[derived] || !isClass(r.symbol(derived).Kind) {
			continue
		}
		classes[derived] = true
		if slices.Contains(r.Ancestors(derived), class) {
			below = append(below, r.alike(method, derived)...)
		}
	}
	return below
}

func (r *Resolver) basesOf(class indexer.SymbolRef) (bases []indexer.SymbolRef, unknown []string) {
	for _, t := range r.bases(class) {
		switch e := r.entityOf(t, maxSteps); {
		case e.found() && e.ref != class:
			bases = append(bases, e.ref)
		case !e.found():
			unknown = append(unknown, t.name())
		}
	}
	return bases, unknown
}

// maxAncestors bounds how many bases of a class are followed.
const maxAncestors = 200

// Ancestors returns the classes that a class derives from, the nearest first.
func (r *Resolver) Ancestors(class indexer.SymbolRef) []indexer.SymbolRef {
	return r.ancestors.get(class, func() []indexer.SymbolRef {
		list, _ := r.basesOf(class)
		list = slices.Clone(list)
		for i := 0; i < len(list) && len(list) < maxAncestors; i++ {
			bases, _ := r.basesOf(list[i])
			for _, b := range bases {
				if b != class && !slices.Contains(list, b) {
					list = append(list, b)
				}
			}
		}
		return list
	})
}

// classOf returns the class whose member a method is.
func (r *Resolver) classOf(method indexer.SymbolRef) (indexer.SymbolRef, bool) {
	s := r.symbol(method)
	if s.Parent >= 0 {
		if class := (indexer.SymbolRef{File: method.File, Symbol: s.Parent}); isClass(r.symbol(class).Kind) {
			return class, true
		}
	}
	e := r.classAt(plain(s.Container), int(method.File))
	return e.ref, e.found()
}

// alike returns the methods of a class that have the name and the parameters of
// another.
func (r *Resolver) alike(method, class indexer.SymbolRef) []indexer.SymbolRef {
	name := r.symbol(method).Name
	var exact, near []indexer.SymbolRef
	sig := r.signature(method)
	_, most := r.arity(method)
	constant := isConst(r.head(method))
	for _, ref := range r.named(name).scopes[qualified(r.symbol(class))] {
		s := r.symbol(ref)
		if ref.File != class.File || s.Parent != class.Symbol || s.Kind != indexer.KindMethod || !r.inClass(ref) {
			continue
		}
		if r.signature(ref) == sig {
			exact = append(exact, ref)
		} else if _, n := r.arity(ref); n == most && (r.isMock(ref) || r.isMock(method) || isConst(r.head(ref)) == constant) {
			near = append(near, ref)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return near
}

func (r *Resolver) isMock(ref indexer.SymbolRef) bool { return r.head(ref).Is(0, "MOCK_METHOD") }

// isVirtual reports whether a method is said to be virtual, or overrides one.
func (r *Resolver) isVirtual(method indexer.SymbolRef) bool {
	head := r.head(method)
	for i := range head.Lexemes {
		switch string(head.Bytes(i)) {
		case "virtual", "override", "final", "MOCK_METHOD":
			return true
		}
	}
	for _, other := range r.counterparts(method) { // of a body that stands outside of its class
		if s := r.symbol(other); s.Parent >= 0 && !s.Definition && r.isVirtual(other) {
			return true
		}
	}
	above, _ := r.Above(method)
	return slices.ContainsFunc(above, func(ref indexer.SymbolRef) bool { return r.head(ref).Is(0, "virtual") })
}

// Aliased returns the class that an alias stands for.
func (r *Resolver) Aliased(alias indexer.SymbolRef) (indexer.SymbolRef, bool) {
	if r.symbol(alias).Kind != indexer.KindAlias {
		return alias, false
	}
	e := r.entityOf(r.aliasTarget(alias), maxSteps)
	return e.ref, e.found()
}
