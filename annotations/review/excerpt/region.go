package excerpt

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"navigator/indexer"
)

// region is a symbol that an excerpt may show.
type region struct {
	file     *file
	symbol   *indexer.Symbol
	from, to int     // its statements
	score    float64 // how much of the excerpt it explains
	pairs    map[int]pair
	named    int  // the statement of the excerpt that defines it, -1 when none does
	foreign  bool // it is of another namespace than the excerpt says
}

// promising returns the symbols of a file that may show the most of what is
// left of the excerpt, with the most that they can score.
func (x *excerpt) promising(f *file, likes []like) []*region {
	best := make([]float64, len(x.code.statements))
	var all []*region
	for i := range f.symbols {
		s := &f.symbols[i]
		if !shown(s) || x.taken(f, s) {
			continue
		}
		g := &region{file: f, symbol: s, named: -1}
		g.from, g.to = f.within(s)
		clear(best)
		for _, k := range likes {
			if int(k.s) >= g.from && int(k.s) < g.to && x.pairs[k.e].file == nil {
				best[k.e] = max(best[k.e], x.gain(k))
			}
		}
		sum := 0.0
		for _, n := range best {
			sum += n
		}
		bonus := x.name(g)
		if sum+bonus == 0 {
			continue
		}
		g.score = x.weighRegion(g, sum, bonus)
		all = append(all, g)
	}
	slices.SortStableFunc(all, func(a, b *region) int { return cmp.Compare(b.score, a.score) })
	return all[:min(len(all), maxTried)]
}

// taken says whether a symbol was found in an earlier round, and all that
// the excerpt has of it with it.
func (x *excerpt) taken(f *file, s *indexer.Symbol) bool {
	n := 0
	for _, g := range x.regions {
		if g.file == f && g.symbol == s {
			n++
		}
	}
	return n >= 2 // the second time finds what stands in another order
}

// name finds the statement of the excerpt that defines the region's symbol,
// and returns what that is worth.
func (x *excerpt) name(g *region) float64 {
	best := 0.0
	for e := range x.code.statements {
		s := &x.code.statements[e]
		if s.role != typeHead && s.role != funcHead || x.pairs[e].file != nil || !sameSort(s.role, g.symbol.Kind) {
			continue
		}
		n := 0.0
		container := lastPart(g.symbol.Container)
		switch {
		case s.name == g.symbol.Name && x.akin(s.of, container):
			n = nameBonus
			if s.of != container {
				n *= 0.9
			}
			if g.foreign = s.space != "" && !strings.Contains(g.symbol.Container, s.space); g.foreign {
				n /= 2
			}
		case s.role == typeHead && slices.Contains(variants(s.name), g.symbol.Name), x.misnames(s, g.symbol):
			n = looseBonus
		case s.name == g.symbol.Name && len(s.name) > 6 && x.typeExists(s.of) == 0:
			n = looseBonus / 2
		}
		if n > best {
			best, g.named = n, e
		}
	}
	return best
}

// misnames says whether a function of the excerpt, which its type has not, may be
// the type's one of nearly that name: trackFrames for trackFrame.
func (x *excerpt) misnames(s *statement, symbol *indexer.Symbol) bool {
	const most = 2 // letters that the longer name has more
	long, short := s.name, symbol.Name
	if len(long) < len(short) {
		long, short = short, long
	}
	return s.role == funcHead && s.of != "" && !s.exists && severalWords(short) && len(long)-len(short) <= most &&
		strings.HasPrefix(long, short) && x.akin(s.of, lastPart(symbol.Container))
}

// sameSort says whether a symbol is of the sort that a statement defines.
func sameSort(r role, k indexer.Kind) bool {
	switch k {
	case indexer.KindClass, indexer.KindStruct, indexer.KindUnion, indexer.KindEnum, indexer.KindTrait, indexer.KindMessage, indexer.KindService, indexer.KindAlias:
		return r == typeHead
	}
	return r == funcHead
}

// weighRegion returns the score of a region whose statements sum up to that.
func (x *excerpt) weighRegion(g *region, sum, bonus float64) float64 {
	score := sum + bonus - sizeCost*math.Log2(float64(1+g.to-g.from))
	if !g.symbol.Definition {
		score -= declareCost
	}
	if g.foreign {
		score *= otherFactor
	}
	lines, hinted := x.hints[g.file.index]
	span := g.symbol.Span.Lines()
	switch {
	case x.opens[g.file.index]:
		score *= opensFactor
	case hinted && !lines.IsZero() && lines.First <= span.Last && span.First <= lines.Last:
		score *= hintFactor
	case hinted || x.near[g.file.index]:
		score *= fileFactor
	case fringe(g.file.source.Path):
		score *= fringeFactor
	case g.file.source.Source == x.main:
		score *= mainFactor
	}
	return score
}

// align pairs the statements of the excerpt that are left with those of a
// region, in order, so that the sum of the gains is greatest.
func (x *excerpt) align(g *region, likes []like) {
	var in []like
	for _, k := range likes {
		if int(k.s) >= g.from && int(k.s) < g.to && x.pairs[k.e].file == nil {
			in = append(in, k)
		}
	}
	slices.SortFunc(in, func(a, b like) int { return cmp.Or(cmp.Compare(a.s, b.s), cmp.Compare(b.e, a.e)) })
	// best[i] is the best chain that ends in in[i]; upto holds, by statement of
	// the excerpt, the best chain that ends there or before.
	type chain struct {
		sum  float64
		last int
	}
	from := make([]int, len(in))
	upto := make([]chain, len(x.code.statements)+1)
	for i := range upto {
		upto[i].last = -1
	}
	for i, k := range in {
		before := upto[k.e]
		from[i] = before.last
		sum := before.sum + x.gain(k)
		for e := int(k.e) + 1; e < len(upto) && upto[e].sum < sum; e++ {
			upto[e] = chain{sum, i}
		}
	}
	end := upto[len(upto)-1]
	g.pairs = map[int]pair{}
	for i := end.last; i >= 0; i = from[i] {
		k := in[i]
		g.pairs[int(k.e)] = x.judge(g, k, in)
	}
	bonus := x.name(g)
	if bonus > 0 {
		if _, ok := g.pairs[g.named]; !ok {
			g.pairs[g.named] = pair{file: g.file, statement: g.head(), similarity: alike, head: bonus >= nameBonus*0.9}
		}
	}
	g.score = x.weighRegion(g, end.sum, bonus)
}

// head returns the statement that defines the region's symbol.
func (g *region) head() int {
	line := int(g.symbol.NameSpan.Start.Line)
	for s := g.from; s < g.to; s++ {
		if g.file.lines(s).Contains(line) {
			return s
		}
	}
	return min(g.from, len(g.file.statements)-1)
}

// judge tells how good a pair is.
func (x *excerpt) judge(g *region, k like, in []like) pair {
	e, s := &x.code.statements[k.e], &g.file.statements[k.s]
	p := pair{file: g.file, statement: int(k.s), similarity: k.similarity, exact: e.key == s.key}
	p.head = e.role != plain && s.role != plain && e.name != "" && e.name == s.name && x.akin(e.of, s.of)
	second := 0.0
	for _, o := range in {
		if o.e == k.e && o.s != k.s {
			second = max(second, o.similarity)
		}
	}
	p.sure = e.weight >= tellsEnough && (p.exact || p.similarity >= sureAlike && x.sameDeed(e, g.file.code, s)) && p.similarity-second >= margin
	return p
}

// sameDeed says whether two statements that are alike do the same: both branch,
// loop or return, or neither does; neither reads what the other sets; and what
// the excerpt's calls first is in the other.
func (x *excerpt) sameDeed(e *statement, c *code, s *statement) bool {
	mine, its := x.code.tokens[e.from:e.to], c.tokens[s.from:s.to]
	if control[mine[0].text] || control[its[0].text] {
		if mine[0].text != its[0].text {
			return false
		}
	}
	if crossed(mine, its) {
		return false
	}
	called := callee(mine)
	return called == "" || slices.ContainsFunc(its, func(t token) bool { return t.text == called })
}

// target returns what a statement sets or declares with a value: the word
// before its first "=", "" when it does neither.
func target(tokens []token) string {
	i := slices.IndexFunc(tokens, func(t token) bool { return t.text == "=" || t.text == "(" || t.text == "{" })
	if i < 1 || tokens[i].text != "=" || tokens[i-1].kind != word {
		return ""
	}
	return tokens[i-1].text
}

// crossed says whether one of two statements reads what the other sets.
func crossed(a, b []token) bool { return reads(a, target(b)) || reads(b, target(a)) }

// reads says whether a statement that sets something else has a name in the
// value that it sets.
func reads(tokens []token, name string) bool {
	set := target(tokens)
	if name == "" || set == "" || set == name {
		return false
	}
	i := slices.IndexFunc(tokens, func(t token) bool { return t.text == "=" })
	return slices.ContainsFunc(tokens[i:], func(t token) bool { return t.kind == word && t.text == name })
}

// callee returns the function that a statement calls first, "" for none.
func callee(tokens []token) string {
	for i := 1; i < len(tokens); i++ {
		if t := tokens[i-1]; tokens[i].text == "(" && t.kind == word && !control[t.text] && !keywords[t.text] && !commonWords[t.text] {
			return t.text
		}
	}
	return ""
}

// accepts says whether a region is one that the excerpt shows: it defines it,
// or shares statements that tell it from others.
func (x *excerpt) accepts(g *region) bool {
	good, weight := 0.0, 0.0
	for e, p := range g.pairs {
		w := x.code.statements[e].weight
		weight += w
		if p.exact || p.similarity >= aloneAlike {
			good += w
		}
	}
	return g.named >= 0 && x.name(g) >= looseBonus || good >= 2.5 && good >= 0.4*weight
}

// take makes the region's pairs the excerpt's.
func (x *excerpt) take(g *region) {
	for e, p := range g.pairs {
		p.region = len(x.regions)
		x.pairs[e] = p
	}
	x.regions = append(x.regions, g)
}
