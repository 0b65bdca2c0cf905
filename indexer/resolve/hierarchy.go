package resolve

import (
	"cmp"
	"context"
	"slices"

	"navigator/indexer"
)

// maxRelatives bounds how many relatives a hierarchy lists in each direction.
const maxRelatives = 2000

// relations is a language whose types and methods descend from others.
type relations interface {
	// Above returns what a class or trait descends from directly, and as it
	// is written what no tree here defines; for a method all that it
	// overrides or implements.
	Above(ref indexer.SymbolRef) (above []indexer.SymbolRef, unknown []string)
	// Below returns all methods that override or implement a method, and as
	// far as they are known without a search the types that descend from a
	// type directly.
	Below(ref indexer.SymbolRef) []indexer.SymbolRef
}

// aliases is a language whose types have other names.
type aliases interface {
	// Aliased returns the type that an alias stands for.
	Aliased(alias indexer.SymbolRef) (indexer.SymbolRef, bool)
}

// Types says what the class, trait or method descends from that the name at a
// position of a file means, and what descends from it. The zero TypeHierarchy
// is returned for what is neither. When ctx ends it soon returns what it found
// by then.
func (r *Resolver) Types(ctx context.Context, file int, at indexer.Position) indexer.TypeHierarchy {
	m := r.Meaning(file, at)
	if len(m.Answers) == 0 || m.Answers[0].Symbol < 0 {
		return indexer.TypeHierarchy{}
	}
	of := r.identity(ctx, m.Answers[0])
	h := indexer.TypeHierarchy{Of: of[0]}
	ref := refOf(&of[0])
	if l, ok := r.relations(ref).(aliases); ok {
		if class, ok := l.Aliased(ref); ok {
			ref = class
			h.Of = r.answerOf(class, indexer.Sure, m.Answers[0].Reason)
		}
	}
	switch kind := r.symbol(ref).Kind; {
	case kind == indexer.KindMethod:
		h.Above = r.overridden(of)
		h.Below = r.overriders(of)
	case isType(kind):
		h.Above, h.Unknown = r.typesAbove(ctx, ref)
		h.Below = r.typesBelow(ctx, ref)
	default:
		return indexer.TypeHierarchy{}
	}
	return h
}

func isType(k indexer.Kind) bool {
	switch k {
	case indexer.KindClass, indexer.KindStruct, indexer.KindUnion, indexer.KindTrait, indexer.KindEnum:
		return true
	}
	return false
}

func refOf(a *indexer.Answer) indexer.SymbolRef {
	return indexer.SymbolRef{File: int32(a.File), Symbol: a.Symbol}
}

func (r *Resolver) symbol(ref indexer.SymbolRef) *indexer.Symbol {
	return &r.corpus.Symbols(int(ref.File))[ref.Symbol]
}

// relations returns the language of a symbol, nil when it has no hierarchies.
func (r *Resolver) relations(ref indexer.SymbolRef) relations {
	l, _ := r.languages[r.files[ref.File].Language].(relations)
	return l
}

func (r *Resolver) answerOf(ref indexer.SymbolRef, c indexer.Confidence, why indexer.Reason) indexer.Answer {
	s := r.symbol(ref)
	return indexer.Answer{
		File: int(ref.File), Symbol: ref.Symbol, Span: s.NameSpan, EndLine: s.Span.End.Line, Name: r.files[ref.File].Qualified(s), Kind: s.Kind,
		Definition: s.Definition, Confidence: c, Reason: why,
	}
}

// typesAbove returns the bases of a type, the nearest first.
func (r *Resolver) typesAbove(ctx context.Context, ref indexer.SymbolRef) (above []indexer.Relative, unknown []string) {
	l := r.relations(ref)
	if l == nil {
		return nil, nil
	}
	above = r.walk(ctx, ref, indexer.ReasonInherited, func(of indexer.SymbolRef) []indexer.SymbolRef {
		found, others := l.Above(of)
		for _, o := range others {
			if !slices.Contains(unknown, o) {
				unknown = append(unknown, o)
			}
		}
		return found
	})
	return above, unknown
}

// typesBelow returns what descends from a type, the nearest first.
func (r *Resolver) typesBelow(ctx context.Context, ref indexer.SymbolRef) []indexer.Relative {
	l := r.relations(ref)
	if l == nil {
		return nil
	}
	return r.walk(ctx, ref, indexer.ReasonInherited, func(of indexer.SymbolRef) []indexer.SymbolRef {
		if r.files[of.File].Language == indexer.CPP {
			return r.derived(ctx, l, of)
		}
		return l.Below(of)
	})
}

// walk returns what next leads to from a type on, step by step.
func (r *Resolver) walk(ctx context.Context, from indexer.SymbolRef, why indexer.ReasonKind, next func(indexer.SymbolRef) []indexer.SymbolRef) []indexer.Relative {
	var found []indexer.Relative
	met := map[indexer.SymbolRef]bool{from: true}
	level := []indexer.SymbolRef{from}
	for depth := 1; len(level) > 0; depth++ {
		var deeper []indexer.SymbolRef
		for _, of := range level {
			if ctx.Err() != nil {
				return found
			}
			for _, ref := range next(of) {
				if met[ref] || len(found) == maxRelatives {
					continue
				}
				met[ref] = true
				deeper = append(deeper, ref)
				found = append(found, indexer.Relative{
					Answer: r.answerOf(ref, indexer.Sure, indexer.Reason{Kind: why, Arg: r.symbol(of).Name}), Depth: depth,
				})
			}
		}
		level = deeper
	}
	return found
}

// derived returns the classes that derive from a class directly. They name it,
// or an alias of it, in their head.
func (r *Resolver) derived(ctx context.Context, l relations, class indexer.SymbolRef) []indexer.SymbolRef {
	r.mu.Lock()
	known, ok := r.below[class]
	r.mu.Unlock()
	if ok {
		return known
	}
	found := r.deriving(ctx, l, class)
	if ctx.Err() != nil {
		return found
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.below) >= maxBelow {
		clear(r.below)
	}
	r.below[class] = found
	return found
}

// deriving looks through the heads that name a class, or an alias of it, for
// those of classes that derive from it.
func (r *Resolver) deriving(ctx context.Context, l relations, class indexer.SymbolRef) []indexer.SymbolRef {
	var found []indexer.SymbolRef
	names := []string{r.symbol(class).Name}
	tried := map[indexer.SymbolRef]bool{class: true}
	try := func(ref indexer.SymbolRef) {
		if tried[ref] {
			return
		}
		tried[ref] = true
		if s := r.symbol(ref); s.Kind == indexer.KindAlias {
			if to, ok := l.(aliases).Aliased(ref); ok && to == class && !slices.Contains(names, s.Name) {
				names = append(names, s.Name)
			}
		} else if above, _ := l.Above(ref); slices.Contains(above, class) {
			found = append(found, ref)
		}
	}
	for i := 0; i < len(names); i++ { // an alias that is found adds its name
		for _, f := range r.hitsOf(ctx, names[i]) {
			if r.files[f.file].Language != indexer.CPP || ctx.Err() != nil {
				continue
			}
			for k := range f.hits {
				if ref, ok := r.headAround(f.file, f.hits[k].at); ok {
					try(ref)
				}
			}
		}
	}
	slices.SortFunc(found, func(a, b indexer.SymbolRef) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Symbol, b.Symbol))
	})
	return found
}

// maxBelow bounds how many classes it is remembered of what derives from them.
const maxBelow = 20000

// headAround returns the class whose head goes on at a position behind its
// name, or the alias that stands there.
func (r *Resolver) headAround(file int, at indexer.Position) (indexer.SymbolRef, bool) {
	symbols := r.corpus.Symbols(file)
	n, _ := slices.BinarySearchFunc(symbols, at, func(s indexer.Symbol, at indexer.Position) int {
		if comparePositions(s.Span.Start, at) <= 0 {
			return -1
		}
		return 1
	})
	for i := int32(n) - 1; i >= 0; i = symbols[i].Parent {
		s := &symbols[i]
		switch {
		case !holds(s.Span, at):
		case s.Kind == indexer.KindAlias:
			return indexer.SymbolRef{File: int32(file), Symbol: i}, true
		case isType(s.Kind) && s.Definition && comparePositions(s.NameSpan.End, at) < 0:
			return indexer.SymbolRef{File: int32(file), Symbol: i}, comparePositions(at, s.HeadEnd) <= 0
		}
	}
	return indexer.SymbolRef{}, false
}

// overridden returns the methods that a method overrides or implements.
func (r *Resolver) overridden(of []indexer.Answer) []indexer.Relative {
	return r.methods(of, func(l relations, ref indexer.SymbolRef) []indexer.SymbolRef {
		above, _ := l.Above(ref)
		return above
	})
}

// overriders returns the methods that override or implement what is declared
// by one of the answers.
func (r *Resolver) overriders(of []indexer.Answer) []indexer.Relative {
	return r.methods(of, relations.Below)
}

func (r *Resolver) methods(of []indexer.Answer, next func(relations, indexer.SymbolRef) []indexer.SymbolRef) []indexer.Relative {
	var found []indexer.Relative
	met := make(map[indexer.SymbolRef]bool)
	for i := range of {
		if of[i].Symbol < 0 || of[i].Kind != indexer.KindMethod {
			continue
		}
		ref := refOf(&of[i])
		l := r.relations(ref)
		if l == nil {
			continue
		}
		for _, m := range next(l, ref) {
			if met[m] || len(found) == maxRelatives {
				continue
			}
			met[m] = true
			s := r.symbol(m)
			container := r.files[m.File].Container(s)
			found = append(found, indexer.Relative{
				Answer: r.answerOf(m, indexer.Sure, indexer.Reason{Kind: indexer.ReasonMember, Arg: container}), Depth: len(found) + 1,
			})
		}
	}
	return found
}

// Warm reads what the first question of each language needs, and what
// references need of all files, so that no question waits for it. It ends early
// when ctx does.
func (r *Resolver) Warm(ctx context.Context) {
	for language := range r.languages {
		r.askAnything(language)
	}
	r.words()
	r.pastes()
	if l, ok := r.languages[indexer.CPP].(includer); ok && ctx.Err() == nil {
		l.Includers(nil)
	}
}

// askAnything asks what the last name of the first file of a language means.
func (r *Resolver) askAnything(language indexer.Language) {
	var facts indexer.Facts
	for i := range r.files {
		if r.files[i].Language != language || r.corpus.Facts(i, &facts) != nil || len(facts.Occurrences) == 0 {
			continue
		}
		o := facts.Occurrences[len(facts.Occurrences)-1]
		r.Meaning(i, indexer.Position{Line: o.Line, Col: o.Col})
		return
	}
}
