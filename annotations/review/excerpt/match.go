package excerpt

import (
	"cmp"
	"slices"

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

// gain returns what a pair adds to a region's score.
func (x *excerpt) gain(k like) float64 {
	return min(x.code.statements[k.e].weight, 6) * (k.similarity - alike/2)
}
