package excerpt

import (
	"slices"
	"strings"
	"unicode"

	"navigator/annotations"
	"navigator/indexer"
)

// Limits between verdicts. Similarity is how much of the excerpt's code the
// sources have in order; reality, how far what it defines exists; both 0 to 1.
const (
	verbatimShare  = 0.97 // of the code is exact, when the excerpt is the source's own
	abridgedShare  = 0.97 // of the code is exact, when it is the source's own with parts left out
	similarAlone   = 0.5  // similarity that makes a paraphrase whatever the names
	realAlone      = 0.6  // reality that makes a paraphrase however different the body
	togetherAtMost = 0.75 // similarity and reality together that make one
	fragmentAlike  = 0.5  // similarity that makes one of an excerpt that defines nothing
	fringeAlike    = 0.75 // the same, when only tests and mocks have such code
	knownAlike     = 0.35 // the same, when it uses knownNames names of the sources
	knownNames     = 4
)

// Weights of what an excerpt defines.
const (
	headWeight   = 1.0
	memberWeight = 0.5
)

// How far a definition exists.
const (
	existsHere      = 1.0  // it is paired with what the source defines
	existsAsType    = 0.8  // a type of that name
	existsAlike     = 0.6  // a type of nearly that name
	existsMember    = 0.9  // a function of that name in that type
	existsInherited = 0.6  // the type exists, and the function in another
	existsType      = 0.35 // the type exists, the function nowhere
	existsElsewhere = 0.1  // only the function, of other types
	namesakeShare   = 0.5  // of these, for what has but its name, a short one, in common with the source's
	existsFree      = 0.5  // a free function of that name, which is of several words
)

// tally counts, by weight, what the sources have of an excerpt.
type tally struct {
	total, exact, similar float64
	elided                bool // something is left out, and said so
	renamed               bool // it defines a type that is called otherwise
	inlined               bool // a function of it has code of another
}

// count tallies the statements of the excerpt.
func (x *excerpt) count() tally {
	var n tally
	for e := range x.code.statements {
		s := &x.code.statements[e]
		n.elided = n.elided || s.elided
		if !s.counts() || x.preamble(s) {
			continue
		}
		p := x.pairs[e]
		n.total += s.weight
		if p.file == nil {
			continue
		}
		if s.role == funcHead && !p.head && s.of != "" && x.exists(s) <= existsType {
			continue // like another function, but the source has none of that name
		}
		n.similar += s.weight * p.similarity
		n.renamed = n.renamed || s.role == typeHead && !p.head
		from := x.strays(e, p)
		n.inlined = n.inlined || from != nil
		if (p.exact || s.elided && p.similarity >= 0.9) && (from == nil || from.calls(p)) {
			n.exact += s.weight
		}
	}
	if n.total > 0 {
		n.exact, n.similar = n.exact/n.total, min(1, n.similar/n.total)
	}
	return n
}

// verdict sums up what was found.
func (x *excerpt) verdict() annotations.ExcerptVerdict {
	x.lines = x.rows()
	n := x.count()
	v := annotations.ExcerptVerdict{Excerpt: x.index, Symbols: x.targets(), Similarity: n.similar}
	for _, row := range x.lines {
		n.elided = n.elided || row.Kind == annotations.Elision
	}
	reality, defines := x.reality()
	switch {
	case n.exact >= verbatimShare && !n.elided && !n.inlined && !x.gaps():
		v.Verdict = annotations.Verbatim
	case n.exact >= abridgedShare && !n.renamed:
		v.Verdict = annotations.Abridged
	case defines && v.Similarity >= similarAlone,
		defines && reality >= realAlone,
		defines && v.Similarity+reality >= togetherAtMost,
		!defines && v.Similarity >= x.fragmentAlike():
		v.Verdict = annotations.Paraphrase
	default:
		v.Verdict = annotations.Invented
		x.forget()
		v.Symbols = nil
	}
	v.Lines = x.lines
	return v
}

// fragmentAlike returns the similarity that an excerpt which defines nothing
// must have to show real code.
func (x *excerpt) fragmentAlike() float64 {
	for _, g := range x.regions {
		if x.share(g.file.index) < 1 {
			continue
		}
		if x.known() >= knownNames {
			return knownAlike
		}
		return fragmentAlike
	}
	return fringeAlike
}

// known returns how many names of several words, which symbols of the sources
// have, are in the excerpt.
func (x *excerpt) known() int {
	names := map[string]bool{}
	for _, t := range x.code.tokens {
		if t.kind == word && weigh(t) == nameWeight && severalWords(t.text) && len(x.named(t.text)) > 0 {
			names[t.text] = true
		}
	}
	return len(names)
}

// forget drops what was found: here and there a statement of what is invented
// is like one of the sources.
func (x *excerpt) forget() {
	x.regions = nil
	clear(x.pairs)
	x.lines = x.rows()
}

// preamble says whether a statement only imports.
func (x *excerpt) preamble(s *statement) bool {
	switch x.code.tokens[s.from].text {
	case "#", "use", "using", "import", "syntax", "package":
		return true
	}
	return false
}

// gaps says whether the source has code between what the excerpt shows.
func (x *excerpt) gaps() bool {
	last := pair{}
	for e, p := range x.pairs {
		s := &x.code.statements[e]
		if s.closes < 0 && !s.counts() {
			continue
		}
		if p.file == nil {
			continue
		}
		if last.file == p.file && last.region == p.region {
			for i := last.statement + 1; i < p.statement; i++ {
				if p.file.statements[i].counts() {
					return true
				}
			}
		}
		last = p
	}
	return false
}

// targets returns the symbols that the excerpt shows.
func (x *excerpt) targets() []annotations.Target {
	var all []annotations.Target
	for _, g := range x.regions {
		t := g.target()
		if !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return all
}

func (g *region) target() annotations.Target {
	return annotations.Target{Place: g.place(g.symbol.Span.Lines()), Symbol: g.file.source.Qualified(g.symbol)}
}

func (g *region) place(lines indexer.Lines) annotations.Place {
	return annotations.Place{Source: g.file.source.Source, Path: g.file.source.Path, Lines: lines}
}

// reality returns how far what the excerpt defines exists, and whether it
// defines anything.
func (x *excerpt) reality() (share float64, defines bool) {
	sum, total := 0.0, 0.0
	for e := range x.code.statements {
		s := &x.code.statements[e]
		w := headWeight
		switch s.role {
		case plain, scope:
			continue
		case member:
			w = memberWeight
		}
		total += w
		n := x.exists(s)
		if p := x.pairs[e]; p.file != nil && p.head && (s.of != "" || severalWords(s.name)) {
			n = existsHere
		}
		of := e
		if s.outer >= 0 && x.code.statements[s.outer].role == typeHead {
			of = s.outer
		}
		if s.role == typeHead && x.namesake(e) || (of != e || s.of == "") && x.namesake(of) {
			n *= namesakeShare
		}
		sum += w * n
	}
	if total == 0 {
		return 0, false
	}
	return sum / total, true
}

// namesake says whether a type or free function has nothing in common with the source's but its
// name, which is one that anybody could give: of a word or two, and in no file
// that the lesson names nearby.
func (x *excerpt) namesake(e int) bool {
	p := x.pairs[e]
	if p.file != nil && x.near[p.file.index] {
		return false
	}
	name, humps := x.code.statements[e].name, 0
	for _, c := range name {
		if unicode.IsUpper(c) {
			humps++
		}
	}
	if humps > 2 {
		return false
	}
	for i := e + 1; i < len(x.pairs); i++ {
		if s := &x.code.statements[i]; s.outer == e && s.closes < 0 && s.weight >= tellsEnough && s.name != name && s.role != typeHead && x.pairs[i].file != nil {
			return false
		}
	}
	return true
}

// exists returns how far a definition exists in the sources.
func (x *excerpt) exists(s *statement) float64 {
	if s.role == typeHead {
		return x.typeExists(s.name)
	}
	elsewhere, free := false, false
	var types []string
	if s.of != "" {
		types = x.family(s.of)
	}
	for _, ref := range x.named(s.name) {
		if !x.fits(int(ref.File)) {
			continue
		}
		sym := &x.snapshot.Symbols(int(ref.File))[ref.Symbol]
		if slices.Contains(types, lastPart(sym.Container)) {
			return existsMember
		}
		elsewhere = true
		free = free || sym.Kind == indexer.KindFunction && severalWords(s.name)
	}
	switch {
	case s.of == "" && free:
		return existsFree
	case s.of == "" || x.typeExists(s.of) == 0:
		if elsewhere {
			return existsElsewhere
		}
		return 0
	case elsewhere:
		return existsInherited
	}
	return existsType
}

// severalWords says whether a name is made of several: others, such as "main"
// and "run", are everybody's.
func severalWords(name string) bool {
	return strings.IndexByte(strings.Trim(name, "_"), '_') > 0 || strings.IndexFunc(name[1:], unicode.IsUpper) >= 0
}

// typeExists returns how far a type of that name exists.
func (x *excerpt) typeExists(name string) float64 {
	for i, v := range variants(name) {
		for _, ref := range x.named(v) {
			sym := &x.snapshot.Symbols(int(ref.File))[ref.Symbol]
			if x.fits(int(ref.File)) && sameSort(typeHead, sym.Kind) && (i == 0 || !fringe(x.snapshot.Files()[ref.File].Path)) {
				if i == 0 {
					return existsAsType
				}
				return existsAlike
			}
		}
	}
	return 0
}
