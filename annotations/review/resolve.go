// Package review ties a course to the sources it speaks of: which file each
// citation means, and which explanations lie over which lines.
//
// It never guesses in silence. A citation has one place only when its path, or
// the lesson around it, leaves no other; several candidates are given as
// such, ranked; and what merely resembles a missing file is kept apart.
package review

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// Resolver finds the files that citations mean. It is read-only once made, and
// may be used by several goroutines.
type Resolver struct {
	sources []indexer.Source
	files   []indexer.File
	lines   func(file int) int
	exact   map[string][]int // file or folder path to entries
	bases   map[string][]int // last part of the path to entries
	entries []entry          // files first, at their own indexes, then folders
}

// entry is a file or a folder of a source.
type entry struct {
	source string
	path   string // a folder's ends in "/"
}

// NewResolver returns a Resolver over the files of a snapshot. lines tells the
// number of lines of a file by its index in files; it is called only for files
// that are cited with lines.
func NewResolver(sources []indexer.Source, files []indexer.File, lines func(file int) int) *Resolver {
	r := &Resolver{sources: sources, files: files, lines: lines,
		exact:   make(map[string][]int, len(files)*5/4),
		bases:   make(map[string][]int, len(files)),
		entries: make([]entry, 0, len(files)*5/4)}
	for _, f := range files {
		r.add(f.Source, f.Path)
	}
	type folder struct{ source, path string }
	seen := map[folder]bool{}
	for _, f := range files {
		for dir := path.Dir(f.Path); dir != "."; dir = path.Dir(dir) {
			if seen[folder{f.Source, dir}] {
				break
			}
			seen[folder{f.Source, dir}] = true
			r.add(f.Source, dir+"/")
		}
	}
	return r
}

func (r *Resolver) add(source, p string) {
	i := len(r.entries)
	r.entries = append(r.entries, entry{source, p})
	r.exact[p] = append(r.exact[p], i)
	base := baseOf(p)
	r.bases[base] = append(r.bases[base], i)
}

// baseOf returns the last part of a path, with the slash of a folder.
func baseOf(p string) string {
	return p[strings.LastIndexByte(strings.TrimSuffix(p, "/"), '/')+1:]
}

// candidates are the entries that a path may mean.
type candidates struct {
	match   annotations.Match // exact or suffix, none when there are no entries
	entries []int
}

// find returns what a written path may mean, without regard to the lesson.
func (r *Resolver) find(written, under string) candidates {
	if under != "" {
		if c := r.find(under+written, ""); c.match == annotations.MatchExact {
			return c
		}
	}
	p, home := withoutHome(written)
	if c := r.exact[p]; len(c) > 0 && p != "BUILD" {
		return candidates{annotations.MatchExact, c}
	}
	if c := r.below(p, home); len(c) > 0 {
		return candidates{annotations.MatchExact, c}
	}
	if c := r.ending(p, ""); len(c) > 0 {
		return candidates{annotations.MatchSuffix, c}
	}
	if first, rest, ok := strings.Cut(p, "/"); ok && rest != "" {
		for _, s := range r.sources {
			if named(s, first) {
				if c := r.ending(rest, s.Name); len(c) > 0 {
					return candidates{annotations.MatchSuffix, c}
				}
			}
		}
	}
	return candidates{match: annotations.MatchNone}
}

// below finds a path with a checkout's folders in front: the longest end of it
// that is a path of a source whose name or folder stands in what is cut off.
// Of a path in the reader's home, an end of several parts will do.
func (r *Resolver) below(p string, home bool) []int {
	for cut, rest := cutFirst(p); rest != ""; {
		hits := r.exact[rest]
		sure := slices.DeleteFunc(slices.Clone(hits), func(i int) bool {
			return !r.namedIn(cut, r.entries[i].source)
		})
		if len(sure) > 0 {
			return sure
		}
		if home && len(hits) > 0 && strings.Contains(strings.TrimSuffix(rest, "/"), "/") {
			return hits
		}
		first, after := cutFirst(rest)
		cut, rest = cut+first, after
	}
	return nil
}

// cutFirst cuts a path behind its first part.
func cutFirst(p string) (first, rest string) {
	i := strings.IndexByte(p, '/')
	if i < 0 {
		return p, ""
	}
	return p[:i+1], p[i+1:]
}

// namedIn says whether one of the folders in prefix is a source's name, or the
// last folder of its checkout.
func (r *Resolver) namedIn(prefix, source string) bool {
	for _, s := range r.sources {
		if s.Name != source {
			continue
		}
		for part := range strings.SplitSeq(prefix, "/") {
			if part != "" && named(s, part) {
				return true
			}
		}
	}
	return false
}

// named says whether a folder's name is that of a source or its checkout.
func named(s indexer.Source, folder string) bool {
	return strings.EqualFold(folder, s.Name) || s.Root != "" && folder == path.Base(s.Root)
}

// ending returns the entries whose path ends in p at a slash, of one source
// unless that is "". A part "..." or "…" of p stands for any folders.
func (r *Resolver) ending(p, source string) []int {
	var hits []int
	for _, i := range r.bases[baseOf(p)] {
		e := r.entries[i]
		if (source == "" || e.source == source) && endsIn(e.path, p) {
			hits = append(hits, i)
		}
	}
	return hits
}

// endsIn reports whether whole ends in p, at a slash.
func endsIn(whole, p string) bool {
	p = strings.ReplaceAll(p, "…", "...")
	head, tail, elided := strings.Cut(p, ".../")
	if !elided {
		rest, ok := strings.CutSuffix(whole, p)
		return ok && (rest == "" || strings.HasSuffix(rest, "/"))
	}
	return strings.HasPrefix(whole, head) && endsIn(whole[len(head):], tail)
}

// withoutHome cuts from the front of a path what only the reader's machine
// knows, and reports whether there was any.
func withoutHome(p string) (rest string, home bool) {
	switch {
	case strings.HasPrefix(p, "~"), strings.HasPrefix(p, "$"), strings.HasPrefix(p, "/"):
		_, rest = cutFirst(strings.TrimPrefix(p, "/"))
		if !strings.HasPrefix(p, "/") {
			return rest, true
		}
		return strings.TrimPrefix(p, "/"), true
	}
	for strings.HasPrefix(p, "./") || strings.HasPrefix(p, "../") {
		_, p = cutFirst(p)
	}
	return p, false
}

// expand returns the paths that a written path stands for: two for the pairs
// a.h/cc and a.{h,cc}, else the path itself.
func expand(written string) []string {
	if open := strings.IndexAny(written, "{("); open > 0 && written[open-1] != '$' {
		if n := strings.IndexAny(written[open:], "})"); n > 0 {
			var out []string
			for _, w := range strings.FieldsFunc(written[open+1:open+n], func(c rune) bool { return strings.ContainsRune(",| /", c) }) {
				dot := strings.HasSuffix(written[:open], ".")
				if dot {
					w = strings.TrimPrefix(w, ".")
				}
				out = append(out, written[:open]+w+written[open+n+1:])
			}
			return out
		}
	}
	if stem, ok := strings.CutSuffix(written, ".*"); ok {
		return []string{stem + ".h", stem + ".cc"}
	}
	slash := strings.LastIndexByte(written, '/')
	if slash < 0 || slash == len(written)-1 {
		return []string{written}
	}
	first, ending := written[:slash], strings.TrimPrefix(written[slash+1:], ".")
	if dot := strings.LastIndexByte(first, '.'); dot > strings.LastIndexByte(first, '/') && len(ending) <= 3 && !strings.ContainsAny(ending, ".") &&
		strings.Contains("h cc hpp cpp c", ending) && strings.Contains("h cc hpp cpp c", first[dot+1:]) {
		return []string{first, first[:dot+1] + ending}
	}
	return []string{written}
}

// Weights of the signs by which the candidates of an ambiguous path are
// ranked. Each outweighs those below it together.
const (
	inNamedSource = 32 // the source that the words around the citation name
	inMainSource  = 16 // the source of most citations of the lesson, or of its neighbours
	inNearFolder  = 8  // the folder of a citation nearby
	inCore        = 4  // not among tests, mocks, examples and the like
	inUsedFolder  = 2  // a folder that the lesson cites elsewhere
)

// context is what the rest of a lesson says about its ambiguous citations.
type context struct {
	main    string         // source of most sound citations, "" when there is none
	share   float64        // of them
	places  map[int]bool   // entries that sound citations mean
	folders map[string]int // source and folder to how often cited
	sound   []soundCitation
}

// soundCitation is a citation of the lesson that means one entry.
type soundCitation struct {
	line  int
	entry int
}

// rank orders the candidates of a citation, best first.
func (r *Resolver) rank(entries []int, line int, named string, c *context) []int {
	near := map[string]bool{}
	for _, s := range c.sound {
		if d := s.line - line; -neighbourhood <= d && d <= neighbourhood {
			near[r.folder(s.entry)] = true
		}
	}
	score := func(i int) int {
		e, n := r.entries[i], 0
		if e.source == named {
			n += inNamedSource
		}
		if e.source == c.main {
			n += inMainSource
		}
		if near[r.folder(i)] {
			n += inNearFolder
		}
		if !peripheral(e.path) {
			n += inCore
		}
		if c.folders[r.folder(i)] > 0 {
			n += inUsedFolder
		}
		return n
	}
	scores := make(map[int]int, len(entries))
	for _, i := range entries {
		scores[i] = score(i)
	}
	ranked := slices.Clone(entries)
	slices.SortStableFunc(ranked, func(a, b int) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]),
			cmp.Compare(strings.Count(r.entries[a].path, "/"), strings.Count(r.entries[b].path, "/")),
			cmp.Compare(r.entries[a].path, r.entries[b].path))
	})
	return ranked
}

// neighbourhood is how many lines away a citation is still a neighbour.
const neighbourhood = 10

// folder returns the source and folder of an entry, as a key.
func (r *Resolver) folder(i int) string {
	e := r.entries[i]
	return e.source + "\x00" + path.Dir(strings.TrimSuffix(e.path, "/"))
}

// peripheral says whether a path lies among what surrounds a program.
func peripheral(p string) bool {
	for part := range strings.SplitSeq(p, "/") {
		switch part {
		case "test", "tests", "mocks", "mock", "fuzz", "benches", "benchmark", "examples", "docs", "tools", "mobile",
			"contrib", "third_party", "bazel", "test_helpers", "ci", "test_common":
			return true
		}
	}
	return false
}

// place returns the place of an entry.
func (r *Resolver) place(i int, lines indexer.Lines) annotations.Place {
	e := r.entries[i]
	if i >= len(r.files) {
		lines = indexer.Lines{}
	}
	return annotations.Place{Source: e.source, Path: e.path, Lines: lines}
}
