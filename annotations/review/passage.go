package review

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/indexer"
)

// Passage is a paragraph, list item, table row or comment of a lesson, and the
// symbols that it speaks of.
type Passage struct {
	Lesson   string
	Section  int           // index in the lesson's Sections, -1 for none
	Citation int           // index in the lesson's Citations of one in it, -1 for none
	Lines    indexer.Lines // of the lesson
	Text     string        // Markdown
	Subjects []Subject     // those that it is about most first
}

// Subject is a symbol that a passage speaks of.
type Subject struct {
	Symbol indexer.SymbolRef
	Share  float64 // 0 to 1: how much of the passage is about it
}

// Symbols is what is asked of the sources. *snapshot.Snapshot has it.
type Symbols interface {
	Files() []indexer.File
	FileIndex(source, path string) (int, bool)
	Symbols(file int) []indexer.Symbol
	SymbolsNamed(name string) []indexer.SymbolRef
}

// How much of a passage is about a symbol.
const (
	namedAndCited  = 1.0  // its name stands there, and its lines are cited
	namedInFile    = 0.9  // its name, and a citation of its file
	citedOnly      = 0.8  // its lines are cited, and nothing of them is named
	namedInLesson  = 0.75 // its name, and the lesson cites its file elsewhere
	namedOnly      = 0.6  // its name, and no other symbol has it
	fileOfSymbol   = 0.5  // a citation of the file that is called as it is
	ofMember       = 0.5  // of what is about one of its members
	crowded        = 0.08 // less, for each further symbol
	maxNamesakes   = 3    // a name with more symbols says too little
	minStemOfClass = 4
)

// Passages returns what a lesson says of symbols. laid are the annotations that
// it lays over the sources.
func Passages(l *annotations.Lesson, laid []annotations.Annotation, sources Symbols) []Passage {
	p := passages{newLessonText(l), sources, map[int]bool{}}
	type stretch struct {
		lines indexer.Lines
		text  string
	}
	var order []stretch
	by := map[stretch][]annotations.Annotation{}
	covered := map[int]bool{}
	for _, a := range laid {
		if file, ok := sources.FileIndex(a.Source, a.Path); ok {
			p.cited[file] = true
		}
		s := stretch{a.Prose, a.Text}
		if by[s] == nil {
			order = append(order, s)
		}
		by[s] = append(by[s], a)
		for n := a.Prose.First; n <= a.Prose.Last; n++ {
			covered[n] = true
		}
	}
	var all []Passage
	for _, s := range order {
		a := by[s][0]
		found := Passage{Lesson: l.ID, Section: a.Section, Citation: a.Citation, Lines: s.lines, Text: course.Explanation(l, a)}
		lines := s.lines
		if a.Citation >= 0 && l.Citations[a.Citation].Form == annotations.Fence {
			lines = p.before(lines)
			found.Text = strings.TrimSpace(p.text(lines) + "\n" + found.Text)
		}
		names := p.names(lines)
		if a.Text != "" {
			names = nil // the lines are known to be those that it stands beside
		}
		found.Subjects = p.subjects(names, by[s])
		all = append(all, found)
	}
	for _, lines := range p.paragraphs() {
		if covered[lines.First] || covered[lines.Last] {
			continue
		}
		if subjects := p.subjects(p.names(lines), nil); len(subjects) > 0 {
			all = append(all, Passage{l.ID, p.sectionAt(lines.First), -1, lines, p.text(lines), subjects})
		}
	}
	all = slices.DeleteFunc(all, func(p Passage) bool { return len(p.Subjects) == 0 })
	slices.SortStableFunc(all, func(a, b Passage) int { return cmp.Compare(a.Lines.First, b.Lines.First) })
	return all
}

// passages finds the passages of one lesson.
type passages struct {
	lessonText
	sources Symbols
	cited   map[int]bool // files
}

func (p *passages) text(lines indexer.Lines) string {
	from, to := p.bounds(lines)
	return strings.TrimSpace(string(p.Text[from:to]))
}

// names returns the names of code that stand in some lines.
func (p *passages) names(lines indexer.Lines) []mention {
	from, to := p.bounds(lines)
	var all []mention
	for _, m := range p.spans(nil, from, to, to, to) {
		known := slices.ContainsFunc(all, func(o mention) bool { return o.name == m.name && o.scope == m.scope })
		if !m.plain && !known {
			all = append(all, m)
		}
	}
	return all
}

// before returns the paragraph before a fence, which introduces it.
func (p *passages) before(fence indexer.Lines) indexer.Lines {
	n := fence.First - 1
	for n > 0 && p.text(indexer.Lines{First: n, Last: n}) == "" {
		n--
	}
	last := n
	for n > 0 && p.prose(n) {
		n--
	}
	if n == last {
		return indexer.Lines{}
	}
	return indexer.Lines{First: n + 1, Last: last}
}

// prose says whether a line is one of a paragraph.
func (p *passages) prose(n int) bool {
	line := p.text(indexer.Lines{First: n, Last: n})
	fenced := slices.ContainsFunc(p.Excerpts, func(e annotations.Excerpt) bool { return e.Lines.Contains(n) })
	return line != "" && !fenced && !strings.HasPrefix(line, "#") && !strings.HasPrefix(line, "---") && !strings.HasPrefix(line, "```")
}

// paragraphs returns the lines of the paragraphs, list items and table rows.
func (p *passages) paragraphs() []indexer.Lines {
	var all []indexer.Lines
	fence := false
	open := false
	for n := 1; n <= len(p.starts); n++ {
		from, to := p.bounds(indexer.Lines{First: n, Last: n})
		line := bytes.TrimSpace(p.Text[from:to])
		if bytes.HasPrefix(line, []byte("```")) {
			fence, open = !fence, false
			continue
		}
		if fence || !p.prose(n) {
			open = false
			continue
		}
		begins := bytes.HasPrefix(line, []byte("|")) || bytes.HasPrefix(line, []byte("- ")) || bytes.HasPrefix(line, []byte("* "))
		if !open || begins {
			all = append(all, indexer.Lines{First: n, Last: n})
		}
		all[len(all)-1].Last, open = n, true
	}
	return all
}

// sectionAt returns the index of the innermost section that has a line.
func (p *passages) sectionAt(line int) int {
	at := -1
	for i, s := range p.Sections {
		if s.Lines.Contains(line) {
			at = i
		}
	}
	return at
}

// subjects returns the symbols that a passage speaks of: those that it names
// and those whose lines its citations show.
func (p *passages) subjects(names []mention, laid []annotations.Annotation) []Subject {
	shares := map[indexer.SymbolRef]float64{}
	put := func(ref indexer.SymbolRef, share float64) { shares[ref] = max(shares[ref], share) }
	for _, a := range laid {
		file, ok := p.sources.FileIndex(a.Source, a.Path)
		if !ok {
			continue
		}
		shown := false
		for _, ref := range p.inFile(file, names) {
			share := namedInFile
			if overlap(p.symbol(ref).Span.Lines(), a.Lines) > 0 {
				share, shown = namedAndCited, true
			}
			put(ref, share)
		}
		if shown {
			continue
		}
		if ref, share := p.shown(file, a.Lines); share > 0 {
			put(ref, share)
		}
	}
	for _, m := range names {
		for ref, share := range p.elsewhere(m) {
			if shares[ref] == 0 {
				put(ref, share)
			}
		}
	}
	direct := float64(len(shares))
	for ref, share := range shares {
		shares[ref] = share / (1 + crowded*(direct-1))
	}
	p.addOwners(shares)
	all := make([]Subject, 0, len(shares))
	for ref, share := range shares {
		all = append(all, Subject{ref, share})
	}
	slices.SortFunc(all, func(a, b Subject) int {
		return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Symbol.File, b.Symbol.File), cmp.Compare(a.Symbol.Symbol, b.Symbol.Symbol))
	})
	return all
}

// addOwners adds the types whose members are spoken of.
func (p *passages) addOwners(shares map[indexer.SymbolRef]float64) {
	owners := map[indexer.SymbolRef]float64{}
	for ref, share := range shares {
		for _, owner := range p.owners(ref) {
			owners[owner] = max(owners[owner], share*ofMember)
		}
	}
	for ref, share := range owners {
		if shares[ref] == 0 {
			shares[ref] = share
		}
	}
}

// owners returns the type that a symbol is a member of: as the file has it, or,
// for a member that is defined outside of it, as a file that the lesson cites.
func (p *passages) owners(ref indexer.SymbolRef) []indexer.SymbolRef {
	s := p.symbol(ref)
	if s.Parent >= 0 {
		owner := indexer.SymbolRef{File: ref.File, Symbol: s.Parent}
		if hasMembers(p.symbol(owner).Kind) {
			return []indexer.SymbolRef{owner}
		}
		return nil
	}
	name := s.Container[strings.LastIndex(s.Container, ":")+1:]
	if name == "" {
		return nil
	}
	var all []indexer.SymbolRef
	for _, owner := range p.sources.SymbolsNamed(name) {
		o := p.symbol(owner)
		if hasMembers(o.Kind) && o.Definition && o.Qualified() == s.Container && p.sources.Files()[owner.File].Source == p.sources.Files()[ref.File].Source {
			all = append(all, owner)
		}
	}
	if len(all) > maxNamesakes {
		return nil
	}
	return all
}

func (p *passages) symbol(ref indexer.SymbolRef) *indexer.Symbol {
	return &p.sources.Symbols(int(ref.File))[ref.Symbol]
}

// inFile returns the symbols of a file that have one of the names, constructors
// of a type of that name aside.
func (p *passages) inFile(file int, names []mention) []indexer.SymbolRef {
	var all []indexer.SymbolRef
	symbols := p.sources.Symbols(file)
	for _, m := range names {
		var here []indexer.SymbolRef
		typed := false
		for i := range symbols {
			if s := &symbols[i]; m.means(s) {
				typed = typed || hasMembers(s.Kind)
				here = append(here, indexer.SymbolRef{File: int32(file), Symbol: int32(i)})
			}
		}
		if typed {
			here = slices.DeleteFunc(here, func(r indexer.SymbolRef) bool { return !hasMembers(p.symbol(r).Kind) })
		}
		if len(here) <= maxNamesakes {
			all = append(all, here...)
		}
	}
	return all
}

// elsewhere returns the symbols of that name in the files that the lesson
// cites; else the only one that there is.
func (p *passages) elsewhere(m mention) map[indexer.SymbolRef]float64 {
	var cited, defined []indexer.SymbolRef
	for _, ref := range p.sources.SymbolsNamed(m.name) {
		s := p.symbol(ref)
		if !m.means(s) || s.Kind == indexer.KindConstructor || s.Kind == indexer.KindNamespace {
			continue
		}
		if p.cited[int(ref.File)] {
			cited = append(cited, ref)
		}
		if s.Definition {
			defined = append(defined, ref)
		}
	}
	all := map[indexer.SymbolRef]float64{}
	switch {
	case 0 < len(cited) && len(cited) <= maxNamesakes:
		for _, ref := range cited {
			all[ref] = namedInLesson
		}
	case len(cited) == 0 && len(defined) == 1:
		all[defined[0]] = namedOnly
	}
	return all
}

// means says whether a name may be that of a symbol.
func (m mention) means(s *indexer.Symbol) bool {
	if s.Name != m.name {
		return false
	}
	scope := m.scope[strings.LastIndex(m.scope, ":")+1:]
	return scope == "" || s.Container == scope || strings.HasSuffix(s.Container, "::"+scope)
}

// shown returns the symbol that cited lines show, and its share: the one that
// has most lines in common with them; for a whole file, the type that it is
// named after.
func (p *passages) shown(file int, lines indexer.Lines) (best indexer.SymbolRef, share float64) {
	symbols := p.sources.Symbols(file)
	if lines.IsZero() {
		return p.namesake(file)
	}
	for i := range symbols {
		s := &symbols[i]
		if s.Kind == indexer.KindNamespace || s.Kind == indexer.KindModule || s.Kind == indexer.KindPackage {
			continue
		}
		common := overlap(s.Span.Lines(), lines)
		if lines.First == lines.Last && int(s.NameSpan.Start.Line) == lines.First {
			common = 1
		}
		if value := citedOnly * (0.5 + 0.5*common); common > 0 && value > share {
			best, share = indexer.SymbolRef{File: int32(file), Symbol: int32(i)}, value
		}
	}
	return best, share
}

// namesake returns the type that a file is named after: the one whose name has
// most of the file's at its beginning, else the one that has all of it.
func (p *passages) namesake(file int) (best indexer.SymbolRef, share float64) {
	plain := func(name string) string { return strings.ReplaceAll(strings.ToLower(name), "_", "") }
	stem := path.Base(p.sources.Files()[file].Path)
	stem, _, _ = strings.Cut(stem, ".")
	if stem = plain(stem); len(stem) < minStemOfClass {
		return best, 0
	}
	most := 0
	symbols := p.sources.Symbols(file)
	for i := range symbols {
		s := &symbols[i]
		if !hasMembers(s.Kind) || !s.Definition {
			continue
		}
		name := plain(s.Name)
		common := 0
		for common < min(len(name), len(stem)) && name[common] == stem[common] {
			common++
		}
		if common < len(stem)*3/5 {
			common = 0
		}
		if common == 0 && strings.Contains(name, stem) {
			common = 1
		}
		if common > most {
			most, best, share = common, indexer.SymbolRef{File: int32(file), Symbol: int32(i)}, fileOfSymbol
		}
	}
	return best, share
}

// overlap returns how much two ranges have in common, of what they have
// together.
func overlap(a, b indexer.Lines) float64 {
	common := min(a.Last, b.Last) - max(a.First, b.First) + 1
	if common <= 0 {
		return 0
	}
	return float64(common) / float64(max(a.Last, b.Last)-min(a.First, b.First)+1)
}

// hasMembers says whether symbols of a kind are types.
func hasMembers(k indexer.Kind) bool {
	switch k {
	case indexer.KindEnum, indexer.KindTrait, indexer.KindConcept, indexer.KindMessage, indexer.KindService:
		return true
	}
	return isType(k)
}
