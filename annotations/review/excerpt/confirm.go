package excerpt

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
