// Package excerpt holds the code that lessons show against the code that the
// sources have: which symbols an excerpt shows, how faithfully, what each of
// its lines is, and over which lines of the source its explanations belong.
//
// Excerpt and source are read as statements, token by token, so that layout and
// comments do not count. Statements are compared by the words that they share,
// and aligned in order within the symbols that the excerpt may show.
package excerpt

import (
	"bytes"
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// Snapshot is the code that the sources have.
type Snapshot interface {
	Files() []indexer.File
	FileIndex(source, path string) (int, bool)
	Text(file int) []byte
	Symbols(file int) []indexer.Symbol
	SymbolsNamed(name string) []indexer.SymbolRef
}

// Reader reads the excerpts of lessons. It keeps what it has read of the
// sources, and is for one goroutine and as long as the snapshot is open.
type Reader struct {
	snapshot Snapshot
	words    vocabulary
	files    map[int]*file
	names    map[string][]indexer.SymbolRef
	families map[string][]string
}

// NewReader returns a reader of excerpts of s.
func NewReader(s Snapshot) *Reader {
	return &Reader{
		snapshot: s,
		words:    vocabulary{ids: map[string]int32{}},
		files:    map[int]*file{},
		names:    map[string][]indexer.SymbolRef{},
		families: map[string][]string{},
	}
}

// Found is what was found of the excerpts of one lesson.
type Found struct {
	Verdicts    []annotations.ExcerptVerdict // in order of the excerpts; those that do not claim to show upstream's code have none
	Annotations []annotations.Annotation     // in order of the lesson
}

// Lesson reads the excerpts of a lesson. Places tells what a citation, by its
// index among the lesson's, means; it is a hint, and may be nil.
func (r *Reader) Lesson(l *annotations.Lesson, places func(citation int) []annotations.Place) Found {
	var out Found
	main := mainSource(l, places)
	for i := range l.Excerpts {
		x, ok := r.open(l, i, places)
		if !ok {
			continue
		}
		x.main = main
		x.match()
		out.Verdicts = append(out.Verdicts, x.verdict())
		out.Annotations = append(out.Annotations, x.explain()...)
	}
	return out
}

// mainSource returns the source that most of a lesson's citations mean.
func mainSource(l *annotations.Lesson, places func(int) []annotations.Place) string {
	count, main := map[string]int{}, ""
	for i := range l.Citations {
		if places == nil {
			break
		}
		if p := places(i); len(p) > 0 {
			count[p[0].Source]++
		}
	}
	for source, n := range count {
		if n > count[main] || n == count[main] && source < main {
			main = source
		}
	}
	return main
}

// languages are the info strings of fences that may show upstream's code.
var languages = map[string]indexer.Language{
	"": indexer.Text, "cpp": indexer.CPP, "c++": indexer.CPP, "cc": indexer.CPP, "c": indexer.CPP, "cxx": indexer.CPP,
	"h": indexer.CPP, "hpp": indexer.CPP, "rust": indexer.Rust, "rs": indexer.Rust,
	"proto": indexer.Proto, "protobuf": indexer.Proto, "proto3": indexer.Proto,
}

// excerpt is an excerpt that is being read.
type excerpt struct {
	*Reader
	lesson   *annotations.Lesson
	index    int
	language indexer.Language
	body     []string // the lines between the fences
	first    int      // line of body[0] in the lesson
	code     *code
	hints    map[int]indexer.Lines     // files that citations in or above the fence name, and the lines
	opens    map[int]bool              // those that citations in the fence name
	near     map[int]bool              // files that the section's citations name
	main     string                    // the source that most of the lesson's citations mean
	regions  []*region                 // that were found, best first
	pairs    []pair                    // by statement of the excerpt; file nil where there is none
	lines    []annotations.ExcerptLine // what each line is, once that is settled
}

// open prepares an excerpt, unless it does not claim to show upstream's code.
func (r *Reader) open(l *annotations.Lesson, index int, places func(int) []annotations.Place) (*excerpt, bool) {
	e := l.Excerpts[index]
	language, ok := languages[e.Language]
	lines := strings.Split(string(l.Text), "\n")
	first, last := e.Lines.First, min(e.Lines.Last, len(lines))
	if last > first && closesFence(lines[last-1]) {
		last--
	}
	if !ok || first < 1 || last <= first {
		return nil, false
	}
	x := &excerpt{Reader: r, lesson: l, index: index, language: language, body: lines[first:last], first: first + 1}
	x.code = r.words.read([]byte(strings.Join(x.body, "\n")), x.first)
	if len(x.code.tokens) == 0 || language == indexer.Text && !x.looksLikeCode() {
		return nil, false
	}
	x.pairs = make([]pair, len(x.code.statements))
	x.hints, x.opens, x.near = map[int]indexer.Lines{}, map[int]bool{}, map[int]bool{}
	if places != nil {
		x.hint(places)
	}
	return x, true
}

// hint notes the files that citations in the excerpt and near it name.
func (x *excerpt) hint(places func(citation int) []annotations.Place) {
	citations, e := x.lesson.Citations, x.lesson.Excerpts[x.index]
	for i, c := range citations {
		line := int(c.Span.Start.Line)
		here := i == e.Citation || e.Lines.Contains(line)
		if !here && (e.Citation < 0 || c.Section != citations[e.Citation].Section) && line < e.Lines.First-nearby {
			continue
		}
		if !here && line > e.Lines.Last+nearby {
			break
		}
		for _, p := range places(i) {
			f, ok := x.snapshot.FileIndex(p.Source, p.Path)
			if !ok {
				continue
			}
			x.near[f] = true
			if here {
				x.hints[f] = p.Lines
			}
			if line > e.Lines.First && line <= e.Lines.Last {
				x.opens[f] = true
			}
		}
	}
}

// closesFence says whether a line is the end of a fenced block: one that is
// never closed goes on to the end of the lesson.
func closesFence(line string) bool {
	mark := strings.Trim(line, "> \t\r")
	return len(mark) >= 3 && (strings.Trim(mark, "`") == "" || strings.Trim(mark, "~") == "")
}

// nearby is how many lines from a fence a citation still speaks of it.
const nearby = 12

// looksLikeCode says whether an unlabelled fence shows C++, Rust or proto.
func (x *excerpt) looksLikeCode() bool {
	ends, heads := 0, 0
	for _, s := range x.code.statements {
		if t := x.code.tokens[s.to-1].text; t == ";" || t == "{" || t == "}" {
			ends++
		}
		if s.role != plain {
			heads++
		}
	}
	return heads > 0 && ends >= 2 && !strings.ContainsAny(strings.Join(x.body, ""), "│├└┌▼→")
}

// file is a file of the sources, read.
type file struct {
	*code
	index   int
	source  indexer.File
	symbols []indexer.Symbol
	having  map[int32][]int32 // the statements that have a token, by token
	remarks map[string][]int  // lines of comments, by their letters
}

// file reads a file of the snapshot.
func (r *Reader) file(index int) *file {
	f, ok := r.files[index]
	if ok {
		return f
	}
	if len(r.files) >= maxFiles {
		clear(r.files)
	}
	f = &file{index: index, source: r.snapshot.Files()[index], symbols: r.snapshot.Symbols(index), having: map[int32][]int32{}, remarks: map[string][]int{}}
	f.code = r.words.read(r.snapshot.Text(index), 1)
	for i, s := range f.statements {
		for j, id := range s.ids {
			if (j == 0 || s.ids[j-1] != id) && r.words.weights[id] >= commonWeight {
				f.having[id] = append(f.having[id], int32(i))
			}
		}
	}
	for _, c := range f.comments {
		if key := letters(c.text); key != "" {
			f.remarks[key] = append(f.remarks[key], c.line)
		}
	}
	r.files[index] = f
	return f
}

// maxFiles bounds how many files are kept.
const maxFiles = 600

// lines returns the lines of a statement.
func (c *code) lines(statement int) indexer.Lines {
	s := c.statements[statement]
	return indexer.Lines{First: c.tokens[s.from].line, Last: c.tokens[s.to-1].line}
}

// within returns the statements that begin in the span of a symbol.
func (f *file) within(s *indexer.Symbol) (from, to int) {
	at := func(line int) int {
		i, _ := slices.BinarySearchFunc(f.statements, line, func(st statement, line int) int {
			return cmp.Compare(f.tokens[st.from].line, line)
		})
		return i
	}
	return at(int(s.Span.Start.Line)), at(int(s.Span.End.Line) + 1)
}

// named returns the symbols of that name.
func (r *Reader) named(name string) []indexer.SymbolRef {
	refs, ok := r.names[name]
	if !ok {
		refs = r.snapshot.SymbolsNamed(name)
		r.names[name] = refs
	}
	return refs
}

// variants returns a name and those that upstream gives to what implements it
// or what it implements.
func variants(name string) []string {
	all := []string{name}
	for _, suffix := range []string{"Impl", "Base", "ImplBase"} {
		if stem, ok := strings.CutSuffix(name, suffix); ok && stem != "" {
			all = append(all, stem)
		} else {
			all = append(all, name+suffix)
		}
	}
	return all
}

// maxFamily bounds how many types a type is looked for in.
const maxFamily = 24

// family returns the names of the types whose members a type may have: its
// variants, and what they inherit from, the nearest first.
func (r *Reader) family(name string) []string {
	all, ok := r.families[name]
	if ok {
		return all
	}
	all = variants(name)
	for i := 0; i < len(all) && len(all) < maxFamily; i++ {
		for _, ref := range r.named(all[i]) {
			sym := &r.snapshot.Symbols(int(ref.File))[ref.Symbol]
			if sym.Definition && (sym.Kind == indexer.KindClass || sym.Kind == indexer.KindStruct) && !fringe(r.snapshot.Files()[ref.File].Path) {
				for _, base := range r.bases(int(ref.File), sym) {
					if !slices.Contains(all, base) {
						all = append(all, base)
					}
				}
			}
		}
	}
	r.families[name] = all
	return all
}

// bases returns the types that the head of a class names as its bases.
func (r *Reader) bases(file int, s *indexer.Symbol) []string {
	lines := bytes.SplitN(r.snapshot.Text(file), []byte("\n"), int(s.HeadEnd.Line)+1)
	head := bytes.Join(lines[min(len(lines), int(s.Span.Start.Line)-1):min(len(lines), int(s.HeadEnd.Line))], []byte("\n"))
	tokens, _ := lex(head, 1)
	var all []string
	base, depth, inside := "", 0, false
	for _, t := range tokens {
		switch {
		case t.text == "<":
			depth++
		case t.text == ">":
			depth--
		case depth > 0:
		case t.text == ":":
			inside = true
		case t.text == "," || t.text == "{":
			if inside && base != "" {
				all = append(all, base)
			}
			base = ""
		case inside && t.kind == word && !keywords[t.text]:
			base = t.text
		}
	}
	if inside && base != "" {
		all = append(all, base)
	}
	return all
}

// Votes for the files that an excerpt may show. A name that few symbols have
// tells much, so each name has one vote, shared among its symbols.
const (
	maxNamesakes = 60  // a name that more symbols have tells nothing
	defineVotes  = 4.0 // the excerpt defines the name
	mentionVotes = 1.0 // the excerpt has the name
	variantShare = 0.5 // of the votes, when the name is only alike
	hintVotes    = 6.0 // a citation in the fence, or just above, names the file
	nearVotes    = 1.0 // a citation nearby names the file
	fringeShare  = 0.3 // of the votes, for tests, mocks and the like
	siblingShare = 0.6 // of the votes, lent to the header of an implementation and the other way
	leastVotes   = 0.1 // of the best file's votes, that a file to be read has
	maxRead      = 10  // files to read for an excerpt
)

// candidates returns the files that the excerpt may show, best first.
func (x *excerpt) candidates() []int {
	votes := map[int]float64{}
	vote := func(name string, n float64) {
		refs := x.named(name)
		if len(refs) == 0 || len(refs) > maxNamesakes {
			return
		}
		in := map[int]bool{}
		for _, ref := range refs {
			if f := int(ref.File); !in[f] && x.fits(f) {
				in[f] = true
				votes[f] += n / float64(len(refs)) * x.share(f)
			}
		}
	}
	seen := map[string]bool{}
	for _, s := range x.code.statements {
		if s.role == plain || s.role == scope || seen[s.name] {
			continue
		}
		seen[s.name] = true
		x.voteDefinition(s, votes)
		for i, name := range variants(s.name) {
			n := defineVotes
			if s.role == member {
				n = mentionVotes
			}
			if i > 0 {
				n *= variantShare
			}
			vote(name, n)
		}
	}
	for _, t := range x.code.tokens {
		if t.kind == word && weigh(t) == nameWeight && !seen[t.text] {
			seen[t.text] = true
			vote(t.text, mentionVotes)
		}
	}
	x.lendSiblings(votes)
	for f := range x.near {
		votes[f] += nearVotes
	}
	for f := range x.hints {
		votes[f] += hintVotes
	}
	return mostVoted(votes)
}

// mostVoted returns the files to be read, those with the most votes first.
func mostVoted(votes map[int]float64) []int {
	files := slices.Collect(maps.Keys(votes))
	slices.SortFunc(files, func(a, b int) int { return cmp.Or(cmp.Compare(votes[b], votes[a]), cmp.Compare(a, b)) })
	n := 0
	for n < min(len(files), maxRead) && votes[files[n]] >= leastVotes*votes[files[0]] {
		n++
	}
	return files[:n]
}

// voteDefinition votes for the files that have what a statement defines in
// the type that the excerpt puts it in, however many namesakes it has.
func (x *excerpt) voteDefinition(s statement, votes map[int]float64) {
	if s.of == "" {
		return
	}
	types := x.family(s.of)
	for _, ref := range x.named(s.name) {
		f := int(ref.File)
		if sym := &x.snapshot.Symbols(f)[ref.Symbol]; x.fits(f) && slices.Contains(types, lastPart(sym.Container)) {
			votes[f] += defineVotes / 2 * x.share(f)
		}
	}
}

// lendSiblings gives the other half of a pair of header and implementation a
// part of the votes.
func (x *excerpt) lendSiblings(votes map[int]float64) {
	lent := map[int]float64{}
	files := x.snapshot.Files()
	for f, n := range votes {
		stem, ok := strings.CutSuffix(files[f].Path, ".cc")
		other := stem + ".h"
		if !ok {
			if stem, ok = strings.CutSuffix(files[f].Path, ".h"); !ok {
				continue
			}
			other = stem + ".cc"
		}
		if o, ok := x.snapshot.FileIndex(files[f].Source, other); ok {
			lent[o] = n * siblingShare
		}
	}
	for f, n := range lent {
		votes[f] = max(votes[f], n)
	}
}

// fits says whether a file is of the excerpt's language.
func (x *excerpt) fits(f int) bool {
	language := x.snapshot.Files()[f].Language
	return language == x.language || x.language == indexer.Text && language != indexer.Text
}

// share returns how much of its votes a file keeps.
func (x *excerpt) share(f int) float64 {
	if _, hinted := x.hints[f]; !hinted && fringe(x.snapshot.Files()[f].Path) {
		return fringeShare
	}
	return 1
}

// fringe says whether a path lies among what surrounds a program.
func fringe(p string) bool {
	for part := range strings.SplitSeq(path.Dir(p), "/") {
		switch part {
		case "test", "tests", "mocks", "mock", "fuzz", "mobile", "contrib", "test_helpers", "test_common", "examples":
			return true
		}
	}
	return false
}

func lastPart(qualified string) string {
	return qualified[strings.LastIndexByte(qualified, ':')+1:]
}

// letters returns the letters and digits of a comment, in lower case.
func letters(s string) string {
	return string(bytes.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + 'a' - 'A'
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r > 127:
			return r
		}
		return -1
	}, []byte(s)))
}
