package review

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// moved finds what a path that no source has may have meant: by git's history,
// the file's name, and what is named nearby, in that order of trust.
func (j *judge) moved(t lessonText, c *annotations.Citation, names []mention) annotations.CitationVerdict {
	written := expand(c.Path)[0]
	for _, p := range j.spellings(c.Under + written) {
		for _, s := range j.sources {
			if now := j.renamed[s.Name][p]; now != "" {
				if place, ok := j.placeOf(s.Name, now); ok {
					return j.to(c, place, annotations.Renamed, true, names)
				}
			}
		}
	}
	p, _ := withoutHome(c.Under + written)
	base := baseOf(p)
	if same := j.bases[base]; len(same) > 0 {
		outside := !peripheral(p) && !slices.ContainsFunc(same, func(e int) bool { return !peripheral(j.entries[e].path) })
		if place, ok := j.otherSpelling(p); ok && outside && path.Dir(place.Path) == path.Dir(p) {
			return j.to(c, place, annotations.WrongTree, false, names)
		}
		return j.sameName(t, c, p, same, names)
	}
	if strings.HasSuffix(p, "/") || len(kin(path.Ext(p))) == 0 {
		return annotations.CitationVerdict{Verdict: annotations.NotUpstream, Reason: annotations.Unknown}
	}
	if place, ok := j.otherSpelling(p); ok {
		return j.to(c, place, annotations.WrongTree, false, names)
	}
	if v, ok := j.bySymbol(c, p, names); ok {
		return v
	}
	if e, ok := j.nearest(written, c.Under, int(c.Span.Start.Line), "", j.noContext()); ok {
		if similarity(stemOf(baseOf(j.entries[e].path)), stemOf(base)) >= veryAlike {
			return j.to(c, j.place(e, indexer.Lines{}), annotations.Alike, false, names)
		}
	}
	return annotations.CitationVerdict{Verdict: annotations.NotUpstream, Reason: annotations.Unknown}
}

// veryAlike is the least similarity of names for a file to be proposed for
// another.
const veryAlike = 0.84

func (j *judge) noContext() *context {
	return &context{places: map[int]bool{}, folders: map[string]int{}}
}

func stemOf(base string) string { return strings.TrimSuffix(base, path.Ext(base)) }

// placeOf returns the place of a path of a source, if it has it.
func (j *judge) placeOf(source, p string) (annotations.Place, bool) {
	for _, e := range j.exact[p] {
		if j.entries[e].source == source {
			return j.place(e, indexer.Lines{}), true
		}
	}
	return annotations.Place{}, false
}

// to makes the verdict that a citation's file is now at place.
func (j *judge) to(c *annotations.Citation, place annotations.Place, reason annotations.Reason, sure bool, names []mention) annotations.CitationVerdict {
	sure = sure && c.Under == "" // a path in a drawn tree would need another tree
	out := annotations.CitationVerdict{Verdict: annotations.Moved, Reason: reason, Target: &annotations.Target{Place: place}, Sure: sure}
	file, ok := j.code.FileIndex(place.Source, place.Path)
	if other := j.anywhere(place.Source, names); ok && other != nil && other.Path != place.Path && !j.shows(file, names) {
		// The file has moved, and what is named has left it.
		out.Sure, out.Others, sure = false, []annotations.Target{*other}, false
	}
	if ok && !c.Cited.IsZero() {
		if s, m, ok := j.meant(file, c, names); ok && m.near < inHeading {
			out.Target = j.target(file, s)
			out.Sure = sure && j.certain(file, m, names)
		} else {
			out.Sure = false // the lines may lie anywhere
		}
	}
	return out
}

// shows says whether a file defines, or has members of, what a sentence names.
func (j *judge) shows(file int, names []mention) bool {
	return slices.ContainsFunc(names, func(m mention) bool {
		return !m.plain && m.near <= inSentence && (len(j.defined(file, m)) > 0 || len(j.members(file, m)) > 0)
	})
}

// Weights of the signs by which files of the same name are ranked.
const (
	namedByFiles = 12 // the files of the folder that is written speak of it
	definesNamed = 8  // defines what is named nearby
	sharesFolder = 3  // for each folder of the written path that the file's has
	coreFile     = 2  // not among tests and the like
	sameRoot     = 1  // below the same top folder
)

// namesake is a file or folder of the name that a citation writes.
type namesake struct {
	entry, score int
	signs        int // that it is spoken of: names that it defines, files that speak of it
}

// sameName chooses among the files and folders of the same name.
func (j *judge) sameName(t lessonText, c *annotations.Citation, p string, same []int, names []mention) annotations.CitationVerdict {
	all := j.namesakes(p, same, j.nameAround(t.Lesson, c), names)
	best := all[0]
	folder := strings.HasSuffix(p, "/")
	specific := strings.Contains(stemOf(baseOf(p)), "_") || best.signs > 0 || j.fewBelow(path.Dir(p), same)
	inFolder := path.Base(path.Dir(strings.TrimSuffix(j.entries[best.entry].path, "/"))) == path.Base(path.Dir(strings.TrimSuffix(p, "/")))
	if !specific && !inFolder && (len(all) > 1 || folder) {
		return annotations.CitationVerdict{Verdict: annotations.NotUpstream, Reason: annotations.Unknown, Others: j.choices(all)}
	}
	alone := len(all) == 1 || all[1].score < best.score && best.signs > 0 && all[1].signs == 0
	sure := alone && specific && !folder && (peripheral(p) || !peripheral(j.entries[best.entry].path))
	out := j.to(c, j.place(best.entry, indexer.Lines{}), annotations.SameName, sure, names)
	out.Others = append(out.Others, j.choices(all[1:])...)
	return out
}

// choices returns the first of several namesakes.
func (j *judge) choices(all []namesake) []annotations.Target {
	const most = 5
	var out []annotations.Target
	for _, n := range all[:min(len(all), most)] {
		out = append(out, annotations.Target{Place: j.place(n.entry, indexer.Lines{})})
	}
	return out
}

// namesakes ranks entries of the same name, for a written path, the source that
// is spoken of around it, and the names nearby: best first; of equals those
// that lie less deep, then the longer ones.
func (j *judge) namesakes(p string, same []int, source string, names []mention) []namesake {
	beside := j.textsOf(path.Dir(p) + "/")
	all := make([]namesake, len(same))
	for i, e := range same {
		n := namesake{entry: e, score: j.likePath(e, p)}
		if source != "" && j.entries[e].source == source {
			n.score += coreFile
		}
		if e < len(j.files) {
			n.signs = j.defines(e, names)
			if n.signs > 0 {
				n.score += definesNamed
			}
			at := j.entries[e].path
			stem := []byte(strings.TrimSuffix(at, path.Ext(at)) + ".")
			if slices.ContainsFunc(beside, func(text []byte) bool { return bytes.Contains(text, stem) }) {
				n.score += namedByFiles
				n.signs++
			}
		}
		all[i] = n
	}
	slices.SortStableFunc(all, func(a, b namesake) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.signs, a.signs),
			cmp.Compare(strings.Count(j.entries[a.entry].path, "/"), strings.Count(j.entries[b.entry].path, "/")),
			cmp.Compare(j.size(b.entry), j.size(a.entry)))
	})
	return all
}

// likePath scores an entry by what its path has of a written one.
func (j *judge) likePath(e int, written string) int {
	at, score := j.entries[e].path, 0
	folders := strings.Split(path.Dir(strings.TrimSuffix(written, "/")), "/")
	parts := strings.Split(path.Dir(strings.TrimSuffix(at, "/")), "/")
	for i, f := range folders {
		if f == "." || !slices.Contains(parts, f) {
			continue
		}
		score += sharesFolder
		if i == len(folders)-1 && parts[len(parts)-1] == f {
			score += sharesFolder // the folder it lies in says most
		}
	}
	if !peripheral(at) || peripheral(written) {
		score += coreFile
	}
	if parts[0] == folders[0] {
		score += sameRoot
	}
	return score
}

// defines returns how many of the names near a citation a file defines, or has
// members of.
func (j *judge) defines(file int, names []mention) int {
	n := 0
	for _, m := range names {
		if !m.plain && m.near < inHeading && (len(j.defined(file, m)) > 0 || len(j.members(file, m)) > 0) {
			n++
		}
	}
	return n
}

// size returns the lines of a file, 0 of a folder.
func (j *judge) size(e int) int {
	if e >= len(j.files) {
		return 0
	}
	return j.lines(e)
}

// fewBelow says whether hardly any files but ones below a folder have a name:
// a file that was moved deeper.
func (j *judge) fewBelow(dir string, same []int) bool {
	const few = 3
	if dir == "." || len(same) > few {
		return false
	}
	return !slices.ContainsFunc(same, func(e int) bool { return !strings.HasPrefix(j.entries[e].path, dir+"/") })
}

// textsOf returns the texts of the files right in a folder.
func (j *judge) textsOf(folder string) [][]byte {
	var texts [][]byte
	if len(j.exact[folder]) == 0 {
		return nil
	}
	for i, f := range j.code.Files() {
		if rest, ok := strings.CutPrefix(f.Path, folder); ok && !strings.Contains(rest, "/") {
			texts = append(texts, j.code.Text(i))
		}
	}
	return texts
}

// otherSpelling finds a path with another ending, with or without "_impl" or
// "_base", in the same folder.
func (j *judge) otherSpelling(p string) (annotations.Place, bool) {
	dir, base := path.Split(p)
	stem := stemOf(base)
	bare := strings.TrimSuffix(strings.TrimSuffix(stem, "_impl"), "_base")
	endings := kin(path.Ext(base))
	for _, ending := range endings {
		for _, s := range []string{stem, bare, bare + "_impl", bare + "_base", bare + "_impl_base", stem + "_interface"} {
			for _, e := range j.exact[dir+s+ending] {
				return j.place(e, indexer.Lines{}), true
			}
		}
	}
	if path.Ext(base) == ".rs" { // a module that has become a folder
		for _, e := range j.exact[dir+stem+"/mod.rs"] {
			return j.place(e, indexer.Lines{}), true
		}
	}
	for _, ending := range endings {
		if hits := j.bases[stem+ending]; len(hits) == 1 {
			return j.place(hits[0], indexer.Lines{}), true
		}
	}
	return j.longerName(p)
}

// longerName finds the one file near a path whose name has the words of the
// path's and more: "cpu_utilization_monitor.cc" for "cpu_monitor.cc".
func (j *judge) longerName(p string) (annotations.Place, bool) {
	base := path.Base(p)
	words := strings.Split(stemOf(base), "_")
	near := path.Dir(path.Dir(p)) + "/"
	if len(words) < 2 || strings.Count(near, "/") < 2 {
		return annotations.Place{}, false
	}
	hit := -1
	for e, f := range j.files {
		if !strings.HasPrefix(f.Path, near) || path.Ext(f.Path) != path.Ext(base) || !hasWords(strings.Split(stemOf(path.Base(f.Path)), "_"), words) {
			continue
		}
		if hit >= 0 {
			return annotations.Place{}, false
		}
		hit = e
	}
	if hit < 0 {
		return annotations.Place{}, false
	}
	return j.place(hit, indexer.Lines{}), true
}

// hasWords says whether all has words, in that order.
func hasWords(all, words []string) bool {
	for _, w := range all {
		if len(words) > 0 && w == words[0] {
			words = words[1:]
		}
	}
	return len(words) == 0
}

// bySymbol finds the one file that defines what is named nearby, or what the
// file's own name says in CamelCase.
func (j *judge) bySymbol(c *annotations.Citation, p string, names []mention) (annotations.CitationVerdict, bool) {
	for _, m := range names {
		if m.plain || m.near >= inHeading {
			continue
		}
		var hits []indexer.SymbolRef
		for _, ref := range j.code.SymbolsNamed(m.name) {
			f := &j.code.Files()[ref.File]
			s := &j.code.Symbols(int(ref.File))[ref.Symbol]
			if s.Definition && rankKind(s) == 0 && !peripheral(f.Path) && inScope(s.Container, m.scope) &&
				indexer.LanguageOf(p) == f.Language && similarity(stemOf(baseOf(f.Path)), stemOf(baseOf(p))) >= alike {
				hits = append(hits, ref)
			}
		}
		if len(hits) == 1 {
			s := j.code.Symbols(int(hits[0].File))[hits[0].Symbol]
			t := j.target(int(hits[0].File), s)
			if c.Cited.IsZero() {
				t.Lines = indexer.Lines{}
			}
			return annotations.CitationVerdict{Verdict: annotations.Moved, Reason: annotations.HasSymbol, Target: t}, true
		}
	}
	return annotations.CitationVerdict{}, false
}
