package excerpt

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"navigator/annotations/anchor"
	"navigator/indexer"
)

// pair says which statement of the sources a statement of an excerpt shows.
type pair struct {
	file       *file // nil for none
	statement  int
	similarity float64 // 0 to 1
	exact      bool    // the same tokens
	head       bool    // both define the same
	sure       bool    // no other statement of the symbol is nearly as much alike
	region     int     // index among the excerpt's regions
}

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

// Limits and weights of alignment.
const (
	alike        = 0.42 // similarity below which statements have nothing to do with each other
	leastShared  = 0.6  // of its weight, a statement of no name must share
	longShape    = 6    // tokens that make a shape telling
	shapeShare   = 0.2  // of what lacks to likeness, when only names differ
	alikeBetween = 0.2  // similarity that is enough between neighbours that are paired
	aloneAlike   = 0.6  // the same, for statements of which little is known
	headAlike    = 0.7  // least similarity of statements that define the same
	strangers    = 0.5  // most similarity of statements that define functions of that name, where the excerpt's type does not exist
	maxFrequency = 40   // a word that more statements of a file have leads to none of them
	nameBonus    = 3.5  // the excerpt defines the symbol, in the same type
	looseBonus   = 1.0  // the excerpt defines a symbol of that name, or nearly
	hintFactor   = 1.25 // the symbol lies where a citation points
	opensFactor  = 1.4  // the symbol is in the file that the fence names
	fileFactor   = 1.1  // the symbol is in a file that a citation names
	mainFactor   = 1.05 // the symbol is of the source that most of the lesson's citations mean
	fringeFactor = 0.7  // the symbol is a test's or a mock's
	otherFactor  = 0.5  // the symbol is a namesake in another namespace than the excerpt says
	sizeCost     = 0.12 // for each doubling of a symbol's size: the smallest that shows as much is meant
	declareCost  = 1.0  // the symbol is only declared, the excerpt has a body
	maxRegions   = 8    // symbols that an excerpt shows
	maxTried     = 6    // symbols to align in a round
	leastScore   = 1.5  // below it a symbol is none that the excerpt shows
	margin       = 0.12 // by which a sure pair is more alike than any other
	sureAlike    = 0.62 // least similarity of a sure pair that is not exact
	tellsEnough  = 1.0  // least weight of a statement that can be told from others
)

// match finds the symbols that the excerpt shows, best first, until what is
// left of it shows none.
func (x *excerpt) match() {
	for e := range x.code.statements {
		s := &x.code.statements[e]
		s.exists = s.role == funcHead && s.of != "" && x.exists(s) == existsMember
	}
	var files []*file
	for _, i := range x.candidates() {
		files = append(files, x.file(i))
	}
	likes := make([][]like, len(files))
	for i, f := range files {
		likes[i] = x.likes(f)
	}
	for len(x.regions) < maxRegions {
		var tried []*region
		for i, f := range files {
			tried = append(tried, x.promising(f, likes[i])...)
		}
		slices.SortStableFunc(tried, func(a, b *region) int { return cmp.Compare(b.score, a.score) })
		var best *region
		for _, g := range tried[:min(len(tried), maxTried)] {
			x.align(g, likes[slices.Index(files, g.file)])
			if best == nil || g.score > best.score {
				best = g
			}
		}
		if best == nil || best.score < leastScore || !x.accepts(best) {
			break
		}
		x.take(best)
	}
	x.showTypes()
	x.fill()
	x.closeBlocks()
	x.adopt()
	x.confirm()
}

// like says how much two statements are alike.
type like struct {
	e, s       int32 // statement of the excerpt, of the file
	similarity float64
}

// counts says whether a statement is aligned: what only closes, opens or
// separates follows its neighbours.
func (s *statement) counts() bool { return s.closes < 0 && s.role != scope && s.weight >= 0.15 }

// likes finds the statements of f that are like those of the excerpt.
func (x *excerpt) likes(f *file) []like {
	var all []like
	seen := map[int32]bool{}
	for e := range x.code.statements {
		se := &x.code.statements[e]
		if !se.counts() {
			continue
		}
		clear(seen)
		for i, id := range se.ids {
			statements := f.having[id]
			if i > 0 && se.ids[i-1] == id || len(statements) > maxFrequency {
				continue
			}
			for _, s := range statements {
				if seen[s] || !f.statements[s].counts() {
					continue
				}
				seen[s] = true
				if n := x.similarity(se, &f.statements[s]); n >= alike {
					all = append(all, like{int32(e), s, n})
				}
			}
		}
	}
	return all
}

// similarity returns how much two statements are alike, 0 to 1: twice the
// weight of the tokens that they share, over the weight of both (Dice).
func (x *excerpt) similarity(a, b *statement) float64 {
	if a.role == plain && b.role == funcHead || a.role == funcHead && b.role == plain {
		return 0 // a call, and what is called
	}
	if a.name != b.name && (a.role == funcHead && b.role == member || a.role == member && b.role == funcHead) {
		return 0 // a function, and a field of a type that it takes
	}
	if a.exists && b.role == funcHead && a.name != b.name {
		return 0 // the function that it names is elsewhere
	}
	shared := 0.0
	for i, j := 0, 0; i < len(a.ids) && j < len(b.ids); {
		switch {
		case a.ids[i] < b.ids[j]:
			i++
		case a.ids[i] > b.ids[j]:
			j++
		default:
			shared += x.words.weights[a.ids[i]]
			i, j = i+1, j+1
		}
	}
	if shared < min(nameWeight, leastShared*a.weight) {
		return 0
	}
	n := 2 * shared / (a.weight + b.weight)
	if a.shape == b.shape && len(a.ids) >= longShape {
		n += shapeShare * (1 - n)
	}
	if a.elided && shared > 0.95*a.weight {
		n = max(n, 0.9) // what is left is all there
	}
	if a.role == plain || b.role == plain || a.name == "" || a.name != b.name {
		return n
	}
	if !x.akin(a.of, b.of) {
		if x.typeExists(a.of) > 0 {
			return 0
		}
		return min(n, strangers)
	}
	return max(n, headAlike)
}

// akin says whether a member of type b may be one of a: because one of them is
// not known, or b is of a's family.
func (x *excerpt) akin(a, b string) bool {
	return a == "" || b == "" || a == b || slices.Contains(x.family(a), b)
}

// shown says whether a symbol is one that excerpts show.
func shown(s *indexer.Symbol) bool {
	switch s.Kind {
	case indexer.KindNamespace, indexer.KindModule, indexer.KindPackage, indexer.KindField, indexer.KindEnumerator, indexer.KindUnknown:
		return false
	}
	return true
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

// gain returns what a pair adds to a region's score.
func (x *excerpt) gain(k like) float64 {
	return min(x.code.statements[k.e].weight, 6) * (k.similarity - alike/2)
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

// fill pairs statements that say too little to be told apart, "return;", with
// equal ones between those that their neighbours are paired with.
func (x *excerpt) fill() {
	for e := 0; e < len(x.pairs); e++ {
		if x.pairs[e].file != nil {
			continue
		}
		from := e
		for e < len(x.pairs) && x.pairs[e].file == nil {
			e++
		}
		if from == 0 {
			continue
		}
		before := x.pairs[from-1]
		g := x.regions[before.region]
		end := g.to
		if e < len(x.pairs) && x.pairs[e].file == before.file && x.pairs[e].statement > before.statement {
			end = x.pairs[e].statement
		}
		x.fillGap(from, e, before, end)
	}
}

// fillGap pairs the statements from:to of the excerpt with those of the source
// after before and before end.
func (x *excerpt) fillGap(from, to int, before pair, end int) {
	first := before.statement + 1
	if first >= end {
		return
	}
	a, b := keys(x.code.statements[from:to]), keys(before.file.statements[first:end])
	for _, k := range anchor.Align(a, b) {
		s := &x.code.statements[from+k.A]
		if s.closes >= 0 || s.weight == 0 {
			continue
		}
		x.pairs[from+k.A] = pair{file: before.file, statement: first + k.B, similarity: 1, exact: true, region: before.region}
	}
	x.between(from, to, first, end, before)
}

// between pairs what is left of the statements from:to of the excerpt with what
// is left of the source's at first:end, between neighbours that are paired: one
// by one where both have as many of the same sorts, else those that are alike.
func (x *excerpt) between(from, to, first, end int, before pair) {
	mine, its := x.left(from, to, x.regions[before.region]), before.file.counting(first, end)
	for e := from; e < to; e++ {
		if p := x.pairs[e]; p.file == before.file {
			its = slices.DeleteFunc(its, func(i int) bool { return i == p.statement })
		}
	}
	if len(mine) == 0 || len(its) == 0 {
		return
	}
	closed := to < len(x.pairs) && end < len(before.file.statements)
	if closed && x.sameSorts(mine, before.file, its) {
		for i, e := range mine {
			n := x.similarity(&x.code.statements[e], &before.file.statements[its[i]])
			x.pairs[e] = pair{file: before.file, statement: its[i], similarity: max(n, alikeBetween), region: before.region,
				sure: n >= alike}
		}
		return
	}
	x.chain(mine, its, before)
}

// left returns the statements from:to that count, are paired with none, and
// stand nowhere else in a region.
func (x *excerpt) left(from, to int, g *region) []int {
	return slices.DeleteFunc(x.code.counting(from, to), func(e int) bool { return x.pairs[e].file != nil || x.displaced(e, g) >= 0 })
}

// displaced returns the one statement of a region, or of its file when it is
// none, that equals one of the excerpt; -1 for none and for several.
func (x *excerpt) displaced(e int, g *region) int {
	s, at, n := &x.code.statements[e], -1, 0
	from, to := g.from, g.to
	if !x.inFunction(e) {
		from, to = 0, len(g.file.statements)
	}
	for _, id := range s.ids {
		if x.words.weights[id] < nameWeight {
			continue
		}
		for _, i := range g.file.having[id] {
			if i := int(i); from <= i && i < to && g.file.statements[i].key == s.key && i != at {
				at = i
				n++
			}
		}
		break
	}
	if n != 1 {
		return -1
	}
	return at
}

// counting returns the statements from:to that are aligned.
func (c *code) counting(from, to int) []int {
	var all []int
	for i := from; i < to; i++ {
		if c.statements[i].counts() {
			all = append(all, i)
		}
	}
	return all
}

// sameSorts says whether statements of the excerpt and of a file are as many,
// and one by one of the same sort: branches, loops, calls, assignments.
func (x *excerpt) sameSorts(mine []int, f *file, its []int) bool {
	if len(mine) != len(its) {
		return false
	}
	for i, e := range mine {
		if x.code.sort(e) != f.code.sort(its[i]) {
			return false
		}
	}
	return true
}

// sort says of which sort a statement is: the word that branches, loops or
// returns, whether it assigns, and the sign that it ends in.
func (c *code) sort(i int) string {
	tokens := c.tokens[c.statements[i].from:c.statements[i].to]
	s := ""
	if control[tokens[0].text] || keywords[tokens[0].text] && tokens[0].text == "let" {
		s = tokens[0].text
	}
	if slices.ContainsFunc(tokens, func(t token) bool { return t.text == "=" }) {
		s += "="
	}
	return s + tokens[len(tokens)-1].text
}

// chain pairs statements in order so that the likeness of the pairs sums up to
// the most.
func (x *excerpt) chain(mine, its []int, before pair) {
	if len(mine)*len(its) > maxChain {
		return
	}
	n := make([][]float64, len(mine)+1) // likeness of mine[i:] and its[j:]
	for i := range n {
		n[i] = make([]float64, len(its)+1)
	}
	like := func(i, j int) float64 {
		return x.similarity(&x.code.statements[mine[i]], &before.file.statements[its[j]])
	}
	for i := len(mine) - 1; i >= 0; i-- {
		for j := len(its) - 1; j >= 0; j-- {
			n[i][j] = max(n[i+1][j], n[i][j+1])
			if l := like(i, j); l >= alikeBetween {
				n[i][j] = max(n[i][j], l+n[i+1][j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(mine) && j < len(its); {
		switch l := like(i, j); {
		case n[i][j] == n[i+1][j]:
			i++
		case n[i][j] == n[i][j+1]:
			j++
		default:
			x.pairs[mine[i]] = pair{file: before.file, statement: its[j], similarity: l, region: before.region}
			i, j = i+1, j+1
		}
	}
}

// maxChain bounds the work of pairing what lies between neighbours.
const maxChain = 4000

func keys(statements []statement) []uint64 {
	all := make([]uint64, len(statements))
	for i := range statements {
		all[i] = statements[i].key
	}
	return all
}

// confirm makes pairs sure that stand next to others in the excerpt and in the
// source alike: beside one where they are exact, else between two.
func (x *excerpt) confirm() {
	next := func(c *code, i, step int) int {
		for i += step; i >= 0 && i < len(c.statements) && c.statements[i].closes >= 0; i += step {
		}
		return i
	}
	for e := range x.pairs {
		p := &x.pairs[e]
		if p.file == nil || p.sure {
			continue
		}
		beside := 0
		for _, step := range []int{-1, 1} {
			if o := next(x.code, e, step); o >= 0 && o < len(x.pairs) {
				q := x.pairs[o]
				if q.file == p.file && q.similarity >= sureAlike && q.statement == next(p.file.code, p.statement, step) {
					beside++
				}
			}
		}
		s := &p.file.statements[p.statement]
		p.sure = (beside == 2 || beside == 1 && p.exact || x.alone(e)) &&
			!crossed(x.code.tokens[x.code.statements[e].from:x.code.statements[e].to], p.file.tokens[s.from:s.to])
	}
}

// alone says whether what a pair shows is like no other statement between those
// that sure pairs before and after it show.
func (x *excerpt) alone(e int) bool {
	p, mine := x.pairs[e], &x.code.statements[e]
	if mine.weight < tellsEnough || !p.exact && (p.similarity < sureAlike || !x.sameDeed(mine, p.file.code, &p.file.statements[p.statement])) {
		return false
	}
	g := x.regions[p.region]
	from, to := g.from, g.to
	bound := func(q pair) bool { return q.file == p.file && q.region == p.region && (q.sure || q.head) }
	for i := e - 1; i >= 0; i-- {
		if q := x.pairs[i]; bound(q) && q.statement < p.statement {
			from = q.statement + 1
			break
		}
	}
	for i := e + 1; i < len(x.pairs); i++ {
		if q := x.pairs[i]; bound(q) && q.statement > p.statement {
			to = q.statement
			break
		}
	}
	for i := g.from; i < g.to; i++ {
		n := x.similarity(mine, &p.file.statements[i])
		if n > p.similarity || i != p.statement && from <= i && i < to && p.similarity-n < margin {
			return false
		}
	}
	return p.statement >= from && p.statement < to
}

// showTypes adds the types of functions that were not found: the excerpt shows
// the type, though not as it is.
func (x *excerpt) showTypes() {
	for e := range x.code.statements {
		s := &x.code.statements[e]
		if s.role != funcHead || s.of == "" || x.pairs[e].file != nil || len(x.regions) >= maxRegions {
			continue
		}
		if o := s.outer; o >= 0 && x.code.statements[o].role == typeHead {
			continue // the type itself is shown
		}
		if g := x.typeNamed(s.of); g != nil {
			g.named = e
			x.regions = append(x.regions, g)
		}
	}
}

// typeNamed returns the definition of a type of that name, the likeliest.
func (x *excerpt) typeNamed(name string) *region {
	var best *region
	for _, ref := range x.named(name) {
		f := int(ref.File)
		s := &x.snapshot.Symbols(f)[ref.Symbol]
		if !x.fits(f) || !s.Definition || !sameSort(typeHead, s.Kind) {
			continue
		}
		g := &region{symbol: s, file: x.file(f), score: x.share(f)}
		if _, hinted := x.hints[f]; hinted || x.near[f] {
			g.score++
		}
		if best == nil || g.score > best.score {
			best = g
		}
	}
	return best
}

// closeBlocks pairs the ends of blocks whose beginnings are paired.
func (x *excerpt) closeBlocks() {
	for e := range x.code.statements {
		s := &x.code.statements[e]
		if s.closes < 0 || x.pairs[s.closes].file == nil {
			continue
		}
		open := x.pairs[s.closes]
		for i := open.statement + 1; i < len(open.file.statements); i++ {
			if open.file.statements[i].closes == open.statement {
				x.pairs[e] = pair{file: open.file, statement: i, similarity: 1, exact: true, region: open.region}
				break
			}
		}
	}
}

// adopt pairs what is left with equal statements of the symbols that are shown,
// where there is one alone: what stands in another order and, outside of
// functions, includes and what stands beside the symbols.
func (x *excerpt) adopt() {
	for e := range x.code.statements {
		if s := &x.code.statements[e]; x.pairs[e].file != nil || s.weight < tellsEnough {
			continue
		}
		for r, g := range x.regions {
			if at := x.displaced(e, g); at >= 0 {
				x.pairs[e] = pair{file: g.file, statement: at, similarity: 1, exact: true, sure: true, region: r}
				break
			}
		}
	}
}

// inFunction says whether a statement is in the body of a function.
func (x *excerpt) inFunction(e int) bool {
	for at := x.code.statements[e].outer; at >= 0; at = x.code.statements[at].outer {
		if x.code.statements[at].role == funcHead {
			return true
		}
	}
	return false
}
