package review

import (
	"bytes"
	"cmp"
	gocontext "context"
	"fmt"
	"path"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// Tally is what coverage needs of a snapshot. It depends on the snapshot alone.
type Tally struct {
	files []fileTally // by position
	used  []usedName  // the most used first
}

// fileTally counts what a file has; nothing for what is no code.
type fileTally struct{ lines, symbols int }

// usedName is a definition whose name nothing else has, and how often the name
// stands in the code.
type usedName struct {
	symbol    indexer.SymbolRef
	qualified string
	uses      int
}

// How many definitions are kept, and how often the name of one must be used.
const (
	maxUsed = 2000
	minUses = 3
)

// coverable are the kinds of definitions that lessons explain.
var coverable = map[indexer.Kind]bool{
	indexer.KindClass: true, indexer.KindStruct: true, indexer.KindUnion: true, indexer.KindEnum: true, indexer.KindTrait: true,
	indexer.KindConcept: true, indexer.KindMessage: true, indexer.KindService: true, indexer.KindAlias: true, indexer.KindFunction: true,
	indexer.KindMethod: true, indexer.KindRPC: true, indexer.KindMacro: true,
}

// isCode reports whether a file counts: it is parsed, and neither a test nor a
// tool nor somebody else's.
func isCode(f *indexer.File) bool {
	if f.Language == indexer.Text {
		return false
	}
	for part := range strings.SplitSeq(f.Path, "/") {
		switch part {
		case "test", "tests", "testing", "testdata", "test_helpers", "mocks", "fuzz", "benches", "bazel", "external", "third_party", "tools", "examples":
			return false
		}
	}
	stem, _, _ := strings.Cut(path.Base(f.Path), ".")
	return stem != "test" && stem != "tests" && !strings.HasPrefix(stem, "test_") && !strings.HasSuffix(stem, "_test")
}

// ofLibraries are methods that types of the languages' own libraries have, too:
// most calls of that name are of those.
var ofLibraries = func() map[string]bool {
	names := map[string]bool{}
	for name := range strings.FieldsSeq("append as_mut as_ref as_str begin borrow clear clone close collect contains contains_key count data drain emplace emplace_back " +
		"empty end entry erase extend fetch_add filter find first flatten flush fold from front get get_mut has_value insert into into_iter is_empty is_some iter iter_mut join " +
		"keys last len length load lock map max merge message min next now ok parse peek poll pop pop_back pop_front position print push push_back push_front read recv release " +
		"remove replace reserve reset resize retain reverse send size skip sleep sort spawn split starts_with store str substr swap take to_string trim type unwrap update value values wait write") {
		names[name] = true
	}
	return names
}()

// nameTally is what is known of a name of a source while it is counted.
type nameTally struct {
	symbol    indexer.SymbolRef // its definition
	qualified string            // "" for none yet
	kind      indexer.Kind
	shared    bool // by several definitions, or with a namespace
	uses      [indexer.Override + 1]int
}

// used returns how often the name stands for such a thing as it defines.
func (n *nameTally) used() int {
	switch n.kind {
	case indexer.KindFunction, indexer.KindMethod, indexer.KindRPC:
		return n.uses[indexer.Call]
	case indexer.KindMacro:
		return n.uses[indexer.Call] + n.uses[indexer.Read] + n.uses[indexer.TypeUse]
	}
	return n.uses[indexer.TypeUse] + n.uses[indexer.Call]
}

// defines notes that a symbol has the name.
func (n *nameTally) defines(ref indexer.SymbolRef, kind indexer.Kind, qualified string) {
	if n.qualified == "" {
		n.symbol, n.qualified, n.kind = ref, qualified, kind
	}
	n.shared = n.shared || n.qualified != qualified
}

// NewTally counts what a snapshot has. It reads all facts: some tenths of a
// second of a large tree.
func NewTally(ctx gocontext.Context, c indexer.Corpus) (*Tally, error) {
	t := &Tally{files: make([]fileTally, len(c.Files()))}
	names := map[string]*nameTally{} // of one source
	var facts indexer.Facts
	for i := range c.Files() {
		f := &c.Files()[i]
		if i > 0 && f.Source != c.Files()[i-1].Source {
			t.keep(names)
			clear(names)
		}
		if !isCode(f) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := c.Facts(i, &facts); err != nil {
			return nil, fmt.Errorf("counting what %s/%s has: %w", f.Source, f.Path, err)
		}
		t.count(i, f, c.Text(i), &facts, names)
	}
	t.keep(names)
	slices.SortFunc(t.used, func(a, b usedName) int {
		return cmp.Or(cmp.Compare(b.uses, a.uses), cmp.Compare(a.qualified, b.qualified))
	})
	t.used = slices.Clone(t.used[:min(len(t.used), maxUsed)])
	return t, nil
}

// count counts what a file has.
func (t *Tally) count(file int, f *indexer.File, text []byte, facts *indexer.Facts, names map[string]*nameTally) {
	get := func(name []byte) *nameTally {
		n := names[string(name)]
		if n == nil {
			n = &nameTally{}
			names[string(name)] = n
		}
		return n
	}
	t.files[file].lines = bytes.Count(text, []byte{'\n'})
	if len(text) > 0 && text[len(text)-1] != '\n' {
		t.files[file].lines++
	}
	for i := range facts.Symbols {
		s := &facts.Symbols[i]
		switch {
		case s.Kind == indexer.KindNamespace || s.Kind == indexer.KindModule || s.Kind == indexer.KindPackage:
			get([]byte(s.Name)).shared = true
		case s.Definition && coverable[s.Kind]:
			t.files[file].symbols++
			get([]byte(s.Name)).defines(indexer.SymbolRef{File: int32(file), Symbol: int32(i)}, s.Kind, f.Source+"\x00"+f.Qualified(s))
		}
	}
	eachUse(text, facts.Occurrences, func(name []byte, role indexer.Role) { get(name).uses[role]++ })
}

// keep keeps the names of a source that one definition has, and no library.
func (t *Tally) keep(names map[string]*nameTally) {
	for name, n := range names {
		if (n.kind == indexer.KindMethod || n.kind == indexer.KindFunction) && ofLibraries[name] {
			continue
		}
		if uses := n.used(); n.qualified != "" && !n.shared && uses >= minUses {
			t.used = append(t.used, usedName{n.symbol, n.qualified, uses})
		}
	}
}

// libraries are the name spaces of what no source defines.
var libraries = [][]byte{[]byte("std::"), []byte("absl::"), []byte("google::"), []byte("protobuf::")}

// eachUse calls use with each name that stands in a text for what is defined
// elsewhere.
func eachUse(text []byte, occurrences []indexer.Occurrence, use func(name []byte, role indexer.Role)) {
	line, start := int32(1), 0
	for _, o := range occurrences {
		for line < o.Line {
			end := bytes.IndexByte(text[start:], '\n')
			if end < 0 {
				return
			}
			start += end + 1
			line++
		}
		if o.Role == indexer.Definition || o.Role == indexer.Declaration {
			continue
		}
		from := start + int(o.Col) - 1
		to := from + int(o.Len)
		if from < start || to > len(text) {
			continue
		}
		before := text[start:from]
		if !slices.ContainsFunc(libraries, func(l []byte) bool { return bytes.HasSuffix(before, l) }) {
			use(text[from:to], o.Role)
		}
	}
}

// Coverage returns how much a course explains of the snapshot that t counted.
// Laid returns the annotations on a file.
func (t *Tally) Coverage(c indexer.Corpus, lessons []*annotations.Lesson, laid func(source, path string) []annotations.Annotation) *annotations.Coverage {
	out := &annotations.Coverage{Extents: map[annotations.Place]annotations.Extent{}}
	told := map[string]*annotations.LessonExtent{}
	known := map[string]bool{} // qualified names
	for i := range c.Files() {
		f := &c.Files()[i]
		if t.files[i].lines == 0 {
			continue
		}
		extent := annotations.Extent{
			Files: annotations.Share{All: 1}, Symbols: annotations.Share{All: t.files[i].symbols}, Lines: annotations.Share{All: t.files[i].lines},
		}
		if all := laid(f.Source, f.Path); len(all) > 0 {
			e := explained{file: f, symbols: c.Symbols(i), lines: t.files[i].lines, known: known}
			extent.Files.Explained = 1
			extent.Symbols.Explained, extent.Lines.Explained = e.count(all)
			out.Extents[annotations.Place{Source: f.Source, Path: f.Path}] = extent
			for id, own := range byLesson(all) {
				if told[id] == nil {
					told[id] = &annotations.LessonExtent{Lesson: id}
				}
				symbols, lines := e.count(own)
				told[id].Files++
				told[id].Symbols += symbols
				told[id].Lines += lines
			}
		}
		for folder := f.Path; folder != ""; {
			folder = folder[:strings.LastIndexByte(strings.TrimSuffix(folder, "/"), '/')+1]
			at := annotations.Place{Source: f.Source, Path: folder}
			out.Extents[at] = sum(out.Extents[at], extent)
		}
	}
	for _, l := range lessons {
		if e := told[l.ID]; e != nil {
			out.Lessons = append(out.Lessons, *e)
		}
	}
	for _, u := range t.used {
		if !known[u.qualified] {
			out.Unexplained = append(out.Unexplained, annotations.Unexplained{Symbol: u.symbol, Uses: u.uses})
		}
	}
	return out
}

func byLesson(all []annotations.Annotation) map[string][]annotations.Annotation {
	of := map[string][]annotations.Annotation{}
	for _, a := range all {
		of[a.Lesson] = append(of[a.Lesson], a)
	}
	return of
}

func sum(a, b annotations.Extent) annotations.Extent {
	add := func(to *annotations.Share, s annotations.Share) {
		to.Explained += s.Explained
		to.All += s.All
	}
	add(&a.Files, b.Files)
	add(&a.Symbols, b.Symbols)
	add(&a.Lines, b.Lines)
	return a
}

// explained is a file that annotations lie on.
type explained struct {
	file    *indexer.File
	symbols []indexer.Symbol
	lines   int
	known   map[string]bool // gets the qualified names of what is cited
}

// count returns how many definitions annotations cite, and how many lines they
// lie on.
func (e *explained) count(all []annotations.Annotation) (symbols, lines int) {
	cited, on := map[int]bool{}, map[int]bool{}
	for _, a := range all {
		if a.Lines.IsZero() {
			continue
		}
		for n := a.Lines.First; n <= min(a.Lines.Last, e.lines); n++ {
			on[n] = true
		}
		for _, i := range e.cites(a.Lines) {
			e.known[e.file.Source+"\x00"+e.file.Qualified(&e.symbols[i])] = true
			if e.symbols[i].Definition {
				cited[i] = true
			}
		}
	}
	return len(cited), len(on)
}

// cites returns the symbols that lines are of: the outermost ones among them, or
// those whose names are, or the innermost one around where they begin.
func (e *explained) cites(lines indexer.Lines) []int {
	var within, heads, around []int
	end := 0
	for i := range e.symbols {
		s := &e.symbols[i]
		span := s.Span.Lines()
		if !coverable[s.Kind] {
			continue
		}
		if lines.First <= span.First && span.Last <= lines.Last && (span.First > end || len(within) == 0) {
			within, end = append(within, i), span.Last
		}
		if lines.Contains(int(s.NameSpan.Start.Line)) {
			heads = append(heads, i)
		}
		if span.Contains(lines.First) {
			around = []int{i}
		}
	}
	switch {
	case len(within) > 0:
		return within
	case len(heads) > 0:
		return heads
	}
	return around
}
