package anchor

import (
	"slices"

	"navigator/annotations"
)

// maxChain is how often a line may stand in a text to be what its parts are
// aligned by.
const maxChain = 64

// maxMyers bounds the parts, in pairs of lines, that are left to Myers'
// algorithm, whose time may be quadratic. Larger ones without a line that says
// something have nothing in common.
const maxMyers = 4 << 20

// absent says that a line has no counterpart.
const absent = -1

// diff maps the lines of a to those of b that are equal, absent for the rest.
//
// Parts are aligned by the run of lines that occur least often, first of all
// those that occur once: the histogram diff of JGit (Shawn Pearce), which
// extends Bram Cohen's patience diff. Where everything is frequent it leaves
// the part to Myers' algorithm. What could stand in several places is then put
// where a person would; see [differ.slide].
func diff(a, b *text) (to []int32, doubt []bool) {
	d := differ{a: a, b: b, to: make([]int32, len(a.prints)), from: make([]int32, len(b.prints))}
	for i := range d.to {
		d.to[i] = absent
	}
	d.region(0, len(a.prints), 0, len(b.prints))
	for j := range d.from {
		d.from[j] = absent
	}
	for i, j := range d.to {
		if j != absent {
			d.from[j] = int32(i)
		}
	}
	doubt = make([]bool, len(d.to))
	came := make([]bool, len(d.from))
	slide(b, d.from, d.to, came)  // insertions
	slide(a, d.to, d.from, doubt) // deletions
	for j, i := range d.from {
		if came[j] && i != absent {
			doubt[i] = true
		}
	}
	return d.to, doubt
}

type differ struct {
	a, b     *text
	to, from []int32
}

// region aligns a[a0:a1] with b[b0:b1].
func (d *differ) region(a0, a1, b0, b1 int) {
	a, b := d.a.prints, d.b.prints
	for {
		for a0 < a1 && b0 < b1 && a[a0] == b[b0] {
			d.to[a0] = int32(b0)
			a0, b0 = a0+1, b0+1
		}
		for a0 < a1 && b0 < b1 && a[a1-1] == b[b1-1] {
			a1, b1 = a1-1, b1-1
			d.to[a1] = int32(b1)
		}
		if a0 == a1 || b0 == b1 {
			return
		}
		best, frequent := d.rarest(a0, a1, b0, b1)
		if best.length == 0 {
			if frequent && (a1-a0)*(b1-b0) <= maxMyers {
				for _, p := range Align(a[a0:a1], b[b0:b1]) {
					d.to[a0+p.A] = int32(b0 + p.B)
				}
			}
			return
		}
		for k := range best.length {
			d.to[best.a+k] = int32(best.b + k)
		}
		d.region(a0, best.a, b0, best.b)
		a0, b0 = best.a+best.length, best.b+best.length
	}
}

// run is a stretch of lines that two texts have in common.
type run struct{ a, b, length int }

// rarest returns the run whose rarest line occurs least often in a, the longest
// of those. When there is none, frequent says that lines are shared all the
// same.
func (d *differ) rarest(a0, a1, b0, b1 int) (best run, frequent bool) {
	a, b := d.a.prints, d.b.prints
	places := make(map[annotations.Fingerprint][]int32, a1-a0)
	for i := a0; i < a1; i++ {
		places[a[i]] = append(places[a[i]], int32(i))
	}
	fewest := maxChain + 1
	for j := b0; j < b1; {
		next := j + 1
		at := places[b[j]]
		frequent = frequent || len(at) > 0
		if len(at) <= fewest && len(at) <= maxChain {
			end := 0 // of the last run tried, in a
			for _, p := range at {
				i := int(p)
				if i < end {
					continue
				}
				r, count := run{i, j, 1}, len(at)
				for r.a > a0 && r.b > b0 && a[r.a-1] == b[r.b-1] {
					r.a, r.b, r.length = r.a-1, r.b-1, r.length+1
					count = min(count, len(places[a[r.a]]))
				}
				for r.a+r.length < a1 && r.b+r.length < b1 && a[r.a+r.length] == b[r.b+r.length] {
					count = min(count, len(places[a[r.a+r.length]]))
					r.length++
				}
				if count < fewest || count == fewest && r.length > best.length {
					best, fewest = r, count
				}
				end = r.a + r.length
				next = max(next, r.b+r.length)
			}
		}
		j = next
	}
	return best, frequent
}

// slide moves each group of lines that x alone has, as far as the lines around
// it repeat, to where it reads best: next to lines that the other text alone has,
// so that they count as changed, or else where the indentation says that something
// begins or ends. The scores are those that Michael Haggerty fitted to judgments
// of people for git's indent heuristic (diff-slider-tools).
func slide(x *text, to, from []int32, doubt []bool) {
	n := len(to)
	for end := n; end > 0; {
		if to[end-1] != absent {
			end--
			continue
		}
		start := end
		for start > 0 && to[start-1] == absent {
			start--
		}
		end = (&group{x, to, from, start, end}).settle(doubt)
	}
}

// group is a run of lines that a text alone has, [start, end).
type group struct {
	text       *text
	to, from   []int32 // lines of the other text by those of this one, and back
	start, end int
}

// beside reports whether the other text has lines of its own there.
func (g *group) beside() bool {
	before, after := absent, len(g.from)
	if g.start > 0 {
		before = int(g.to[g.start-1])
	}
	if g.end < len(g.to) {
		after = int(g.to[g.end])
	}
	return after-before > 1
}

// up moves the group up by a line, if the lines around it repeat.
func (g *group) up() bool {
	if g.start == 0 || g.to[g.start-1] == absent || g.text.prints[g.start-1] != g.text.prints[g.end-1] {
		return false
	}
	g.start, g.end = g.start-1, g.end-1
	g.to[g.end], g.to[g.start] = g.to[g.start], absent
	g.from[g.to[g.end]] = int32(g.end)
	return true
}

// down moves the group down by a line, if the lines around it repeat.
func (g *group) down() bool {
	if g.end == len(g.to) || g.to[g.end] == absent || g.text.prints[g.start] != g.text.prints[g.end] {
		return false
	}
	g.to[g.start], g.to[g.end] = g.to[g.end], absent
	g.from[g.to[g.start]] = int32(g.start)
	g.start, g.end = g.start+1, g.end+1
	return true
}

// settle puts the group in its best place, and returns where the lines before
// it end. It marks in doubt the lines that it could take.
func (g *group) settle(doubt []bool) int {
	size, first := g.end-g.start, g.start
	if g.beside() {
		return g.start
	}
	for g.down() {
		if g.beside() {
			return g.start
		}
	}
	low := g.start
	for g.up() {
		if g.beside() {
			return g.start
		}
	}
	for i := g.start; g.start < low && i < low+size; i++ {
		doubt[i] = true
	}
	for best := g.best(low); g.start < best && g.down(); {
	}
	return min(g.start, first)
}

// farthest is how many lines a group is moved at most where they repeat on and
// on: any place does.
const farthest = 100

// best returns where the group reads best, from where it is down to low.
func (g *group) best(low int) int {
	size := g.end - g.start
	least, best := g.text.score(g.start).plus(g.text.score(g.end)), g.start
	for at := g.start + 1; at <= min(low, g.start+farthest); at++ {
		if s := g.text.score(at).plus(g.text.score(at + size)); s.compare(least) <= 0 {
			least, best = s, at
		}
	}
	return best
}

// score is how bad it is to part a text before a line.
type score struct{ indent, penalty int }

func (s score) plus(t score) score { return score{s.indent + t.indent, s.penalty + t.penalty} }

// compare is below zero when s is better.
func (s score) compare(t score) int {
	order := 0
	if s.indent > t.indent {
		order = 1
	} else if s.indent < t.indent {
		order = -1
	}
	return 60*order + s.penalty - t.penalty
}

// score says how bad it is to part t before line at.
func (t *text) score(at int) score {
	indent, end := -1, at >= len(t.prints)
	if !end {
		indent = t.indent(at)
	}
	preBlank, preIndent := t.beyondBlanks(at-1, -1)
	postBlank, postIndent := t.beyondBlanks(at+1, 1)
	var s score
	if preIndent == -1 && preBlank == 0 {
		s.penalty++ // start of the file
	}
	if end {
		s.penalty += 21
	}
	after := 0
	if indent == -1 {
		after = 1 + postBlank
	}
	blanks := preBlank + after
	s.penalty += -30*blanks + 6*after
	s.indent = indent
	if indent == -1 {
		s.indent = postIndent
	}
	pick := func(with, without int) int {
		if blanks != 0 {
			return with
		}
		return without
	}
	switch {
	case s.indent == -1 || preIndent == -1:
	case s.indent > preIndent:
		s.penalty += pick(10, -4)
	case s.indent == preIndent:
	case postIndent != -1 && postIndent > s.indent:
		s.penalty += pick(17, 24)
	default:
		s.penalty += pick(17, 23)
	}
	return s
}

// maxBlanks is how many blank lines are looked past.
const maxBlanks = 20

// beyondBlanks returns how many blank lines there are from a line on, upwards
// or downwards by step, and the indentation of the one behind them: -1 when
// there is none.
func (t *text) beyondBlanks(from, step int) (blanks, indent int) {
	for i := from; 0 <= i && i < len(t.prints); i += step {
		if indent := t.indent(i); indent >= 0 {
			return blanks, indent
		}
		if blanks++; blanks == maxBlanks {
			return blanks, 0
		}
	}
	return blanks, -1
}

// maxPairs bounds the pairs of lines of one change that are compared.
const maxPairs = 40000

// alike is how similar two lines must be for one to be the other, changed.
const alike = 0.55

// lineMap says where the lines of one text are in another.
type lineMap struct {
	to   []int32   // by line from 0, absent for none
	like []float32 // how much of its words it has kept: 1 for all, 0 when absent

	// doubt marks the lines beside others like them that came or went: which of
	// them stayed is a matter of taste.
	doubt []bool
}

// mapLines maps the lines of a to those of b, changed ones too: where lines
// give way to others, each goes to one that is like it, in order.
func mapLines(a, b *text) lineMap {
	to, doubt := diff(a, b)
	m := lineMap{to, make([]float32, len(to)), doubt}
	j := 0
	for i := 0; i < len(m.to); {
		if m.to[i] != absent {
			m.like[i] = 1
			j = int(m.to[i]) + 1
			i++
			continue
		}
		end := i
		for end < len(m.to) && m.to[end] == absent {
			end++
		}
		last := len(b.prints)
		if end < len(m.to) {
			last = int(m.to[end])
		}
		pairAlike(a, b, i, end, j, last, func(i, j int, like float32) { m.to[i], m.like[i] = int32(j), like })
		i = end
	}
	return m
}

// pairAlike pairs lines of a[a0:a1] with those of b[b0:b1] that are like them,
// in order, so that the sum of their similarities is the greatest.
func pairAlike(a, b *text, a0, a1, b0, b1 int, pair func(i, j int, like float32)) {
	n, m := a1-a0, b1-b0
	if n == 0 || m == 0 || n*m > maxPairs {
		return
	}
	grams := make([][]uint16, m)
	for j := range grams {
		grams[j] = bigrams(b.line(b0 + j))
	}
	similar := make([]float32, n*m)
	for i := range n {
		own := bigrams(a.line(a0 + i))
		for j := range m {
			if a.prints[a0+i] == b.prints[b0+j] {
				similar[i*m+j] = 1.2
			} else if s := dice(own, grams[j]); s >= alike {
				similar[i*m+j] = float32(s)
			}
		}
	}
	sums := make([]float32, (n+1)*(m+1))
	at := func(i, j int) *float32 { return &sums[i*(m+1)+j] }
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			*at(i, j) = max(*at(i+1, j), *at(i, j+1))
			if s := similar[i*m+j]; s > 0 {
				*at(i, j) = max(*at(i, j), s+*at(i+1, j+1))
			}
		}
	}
	for i, j := 0, 0; i < n && j < m; {
		switch s := similar[i*m+j]; {
		case s > 0 && *at(i, j) == s+*at(i+1, j+1):
			pair(a0+i, b0+j, min(s, 1))
			i, j = i+1, j+1
		case *at(i, j) == *at(i+1, j):
			i++
		default:
			j++
		}
	}
}

// bigrams returns the pairs of neighbouring bytes of a line, blanks aside,
// sorted.
func bigrams(line []byte) []uint16 {
	var grams []uint16
	last := byte(0)
	for _, c := range line {
		if isBlank(c) {
			continue
		}
		grams = append(grams, uint16(last)<<8|uint16(c))
		last = c
	}
	slices.Sort(grams)
	return grams
}

// dice returns the share of bigrams that two lines have in common.
func dice(a, b []uint16) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	if 2*min(len(a), len(b)) < int(alike*float64(len(a)+len(b))) {
		return 0
	}
	same := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			same, i, j = same+1, i+1, j+1
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return float64(2*same) / float64(len(a)+len(b))
}
