package resolve

import (
	"context"
	"slices"

	"navigator/indexer"
)

// Calls says who calls the function that the name at a position of a file
// means, and what it calls. The zero Calls is returned for what is no function.
// When ctx ends it soon returns what it found by then.
func (r *Resolver) Calls(ctx context.Context, file int, at indexer.Position) indexer.Calls {
	m := r.Meaning(file, at)
	if len(m.Answers) == 0 || m.Answers[0].Symbol < 0 || !isCallable(m.Answers[0].Kind) {
		return indexer.Calls{}
	}
	refs := r.References(ctx, file, at)
	return indexer.Calls{Of: refs.Of[0], Callers: r.callers(refs.Uses), Callees: r.callees(ctx, refs.Of)}
}

func isCallable(k indexer.Kind) bool {
	return isFunction(k) || k == indexer.KindTest || k == indexer.KindRPC || k == indexer.KindMacro
}

// callers groups the calls among the uses of a function by what they stand in.
func (r *Resolver) callers(uses []indexer.Use) []indexer.CallSites {
	g := make(grouping)
	for _, u := range uses {
		if u.Role == indexer.Call && u.Container >= 0 {
			ref := indexer.SymbolRef{File: int32(u.File), Symbol: u.Container}
			g.add(r.answerOf(ref, u.Confidence, indexer.Reason{Kind: indexer.ReasonScope, Arg: r.symbol(ref).Name}), u)
		}
	}
	return g.sorted()
}

// callees groups the calls in the bodies of a function by what they call.
func (r *Resolver) callees(ctx context.Context, of []indexer.Answer) []indexer.CallSites {
	g := make(grouping)
	for i := range of {
		if of[i].Symbol < 0 || !of[i].Definition {
			continue
		}
		var facts indexer.Facts
		file, s := of[i].File, r.symbol(refOf(&of[i]))
		if r.corpus.Facts(file, &facts) != nil {
			continue
		}
		sites := slices.DeleteFunc(facts.Occurrences, func(o indexer.Occurrence) bool {
			at := indexer.Position{Line: o.Line, Col: o.Col}
			return o.Role != indexer.Call || !holds(s.Span, at) || holds(s.NameSpan, at)
		})
		found := make([]indexer.Meaning, len(sites))
		parallel(ctx, len(sites), func(k int) {
			found[k] = r.Meaning(file, indexer.Position{Line: sites[k].Line, Col: sites[k].Col})
		})
		for _, m := range found {
			if len(m.Answers) == 0 || m.Answers[0].Symbol < 0 || m.Answers[0].Confidence == indexer.NameOnly || !isFunction(m.Answers[0].Kind) {
				continue
			}
			u := r.use(file, &hit{at: m.Span.Start, from: m.Span.Start, role: indexer.Call}, int(m.Span.End.Col-m.Span.Start.Col)+1)
			u.Confidence = m.Answers[0].Confidence
			g.add(m.Answers[0], u)
		}
	}
	return g.sorted()
}

// grouping are calls by the place of the other function.
type grouping map[place]*indexer.CallSites

func (g grouping) add(a indexer.Answer, u indexer.Use) {
	at := placeOf(&a)
	if g[at] == nil {
		g[at] = &indexer.CallSites{Answer: a}
	}
	g[at].Sites = append(g[at].Sites, u)
}

// sorted returns the groups in order of their first calls.
func (g grouping) sorted() []indexer.CallSites {
	var list []indexer.CallSites
	for _, c := range g {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b indexer.CallSites) int { return byPlace(a.Sites[0], b.Sites[0]) })
	return list
}
