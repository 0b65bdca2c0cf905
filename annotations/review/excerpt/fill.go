package excerpt

import (
	"slices"

	"navigator/annotations/anchor"
)

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
