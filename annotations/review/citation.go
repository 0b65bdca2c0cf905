package review

import (
	"path"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// Code is what verdicts are reached by: the text and symbols of a snapshot.
type Code interface {
	Files() []indexer.File
	FileIndex(source, path string) (int, bool)
	Text(file int) []byte
	Symbols(file int) []indexer.Symbol
	SymbolsNamed(name string) []indexer.SymbolRef
}

// History is what the checkouts of the sources know beyond the snapshot. It may
// know nothing.
type History interface {
	// Renames returns, for those of paths that a source has renamed, the path
	// that they have now.
	Renames(source string, paths []string) map[string]string
	// Holds says whether a source has a path, of a file or of a folder without
	// the slash, that may be in no snapshot.
	Holds(source, path string) bool
}

// judge reaches the verdicts on the citations of a course.
type judge struct {
	*Resolver
	code    Code
	review  *Review
	history History
	renamed map[string]map[string]string // by source
}

// Citations returns the verdicts on the citations of a course that r has
// reviewed, by the ID of the lesson, one for each of its citations.
func (r *Resolver) Citations(c *annotations.Course, v *Review, code Code, history History) map[string][]annotations.CitationVerdict {
	j := &judge{Resolver: r.counting(), code: code, review: v, history: history, renamed: map[string]map[string]string{}}
	lessons := c.Documents() // the plan and the files of notes among them
	if stale := j.stale(lessons); len(stale) > 0 {
		for _, s := range r.sources {
			j.renamed[s.Name] = history.Renames(s.Name, stale)
		}
	}
	all := make(map[string][]annotations.CitationVerdict, len(lessons))
	for _, l := range lessons {
		t := newLessonText(l)
		made := j.readerMakes(t)
		verdicts := make([]annotations.CitationVerdict, len(l.Citations))
		for i := range verdicts {
			verdicts[i] = j.verdict(t, i, made)
			verdicts[i].Citation = i
		}
		all[l.ID] = verdicts
	}
	return all
}

// stale returns the paths with a folder that no source has.
func (j *judge) stale(lessons []*annotations.Lesson) []string {
	var paths []string
	for _, l := range lessons {
		for i, c := range l.Citations {
			if j.resolution(l, i).Match != annotations.MatchNone {
				continue
			}
			for _, p := range expand(c.Path) {
				paths = append(paths, j.spellings(c.Under+p)...)
			}
		}
	}
	paths = slices.DeleteFunc(paths, func(p string) bool {
		return !strings.Contains(strings.TrimSuffix(p, "/"), "/") || strings.ContainsAny(p, "*…{}$~")
	})
	slices.Sort(paths)
	return slices.Compact(paths)
}

// spellings returns the paths in a tree that a written path may stand for: with
// the folders of the reader's machine and the source's name cut off.
func (j *judge) spellings(written string) []string {
	p, _ := withoutHome(written)
	out := []string{p}
	for _, s := range j.sources {
		for rest := p; rest != ""; {
			first, after := cutFirst(rest)
			if after != "" && named(s, strings.TrimSuffix(first, "/")) {
				out = append(out, after)
			}
			rest = after
		}
	}
	return out
}

// resolution returns what the sources have for a citation: nothing when a drawn
// tree puts a file into a folder that is there, and has no such file.
func (j *judge) resolution(l *annotations.Lesson, i int) annotations.Resolution {
	res, c := j.review.Resolution(l.ID, i), &l.Citations[i]
	if c.Under == "" || res.Match == annotations.MatchNone {
		return res
	}
	there := false
	for _, p := range j.spellings(c.Under + expand(c.Path)[0]) {
		if slices.ContainsFunc(res.Places, func(at annotations.Place) bool { return at.Path == p }) {
			return res
		}
		there = there || strings.Count(path.Dir(p), "/") > 0 && len(j.exact[path.Dir(p)+"/"]) > 0
	}
	if !there {
		return res
	}
	return annotations.Resolution{Match: annotations.MatchNone, Nearest: res.Places[0]}
}

// verdict reaches the verdict on one citation.
func (j *judge) verdict(t lessonText, i int, made map[string]bool) annotations.CitationVerdict {
	c, res := &t.Citations[i], j.resolution(t.Lesson, i)
	names := t.mentions(i)
	if res.Match == annotations.MatchNone {
		if place, ok := j.unread(c); ok {
			return annotations.CitationVerdict{Verdict: annotations.Sound, Reason: annotations.AsWritten, Place: place}
		}
	}
	if reason, ok := j.elsewhere(c, res, made); ok {
		return annotations.CitationVerdict{Verdict: annotations.NotUpstream, Reason: reason}
	}
	if res.Match == annotations.MatchNone {
		return j.moved(t, c, names)
	}
	out := annotations.CitationVerdict{Verdict: annotations.Sound, Place: res.Places[0]}
	switch res.Match {
	case annotations.MatchExact:
		out.Reason = annotations.AsWritten
	case annotations.MatchSuffix:
		out.Reason = annotations.BySuffix
	case annotations.MatchContext:
		out.Reason = annotations.ByContext
	case annotations.MatchAmbiguous:
		out.Reason = annotations.Ambiguous
		if best, ok := j.showing(res.Places, names); ok {
			out.Reason, out.Place = annotations.ByContext, best
		} else {
			for _, p := range res.Places {
				out.Others = append(out.Others, annotations.Target{Place: annotations.Place{Source: p.Source, Path: p.Path}})
			}
		}
	}
	if c.Cited.IsZero() || strings.HasSuffix(out.Place.Path, "/") {
		return out
	}
	if len(expand(c.Path)) > 1 {
		if best, ok := j.showing(res.Places, names); ok {
			out.Place = best
		}
	}
	out.Place.Lines = c.Cited
	if out.Reason == annotations.Ambiguous {
		return out
	}
	if t.NoteAt(i) >= 0 && !res.Beyond {
		return out // a person chose the lines, whatever the note speaks of
	}
	return j.position(c, out, j.untaken(t, i, out.Place, names))
}

// untaken leaves out the names that another citation of the same sentence, of
// the same file, shows: "A (f.h:10) calls B (f.h:90)".
func (j *judge) untaken(t lessonText, i int, place annotations.Place, names []mention) []mention {
	file, ok := j.code.FileIndex(place.Source, place.Path)
	if !ok {
		return names
	}
	c := &t.Citations[i]
	from, to := t.around(c)
	shown := func(m mention, lines indexer.Lines) bool {
		return slices.ContainsFunc(j.defined(file, m), func(s indexer.Symbol) bool { return meet(whole(&s), lines) })
	}
	for k := range t.Citations {
		other := &t.Citations[k]
		at := t.offset(other.Span.Start)
		if k == i || at < from || at >= to || other.Cited.IsZero() || other.Cited == c.Cited {
			continue
		}
		if res := j.review.Resolution(t.ID, k); len(res.Places) == 0 || res.Places[0].Path != place.Path {
			continue
		}
		names = slices.DeleteFunc(slices.Clone(names), func(m mention) bool {
			return m.near != inExcerpt && !m.subject && shown(m, other.Cited) && !shown(m, c.Cited)
		})
	}
	return names
}

// unread returns the place of a path that a checkout has and the snapshot has
// not.
func (j *judge) unread(c *annotations.Citation) (annotations.Place, bool) {
	for _, p := range j.spellings(c.Under + expand(c.Path)[0]) {
		for _, s := range j.sources {
			if j.history.Holds(s.Name, strings.TrimSuffix(p, "/")) {
				return annotations.Place{Source: s.Name, Path: p, Lines: c.Cited}, true
			}
		}
	}
	return annotations.Place{}, false
}

// showing returns the one of several places that has what is named nearby.
func (j *judge) showing(places []annotations.Place, names []mention) (annotations.Place, bool) {
	for _, m := range names {
		if m.plain || m.near == inHeading {
			continue
		}
		var have []annotations.Place
		for _, p := range places {
			if file, ok := j.code.FileIndex(p.Source, p.Path); ok && len(j.defined(file, m)) > 0 {
				have = append(have, p)
			}
		}
		if len(have) == 1 {
			return have[0], true
		}
	}
	return annotations.Place{}, false
}
