package drift

import (
	"bytes"
	"cmp"
	"path"
	"slices"
	"strings"
	"sync"

	"navigator/annotations"
	"navigator/annotations/anchor"
	"navigator/annotations/course"
	"navigator/annotations/review"
	"navigator/indexer"
)

// Follow finds what p ties in now. Text as it was is taken from those of earlier
// that have it, else from past, which may be nil; else fingerprints must do.
func Follow(p *Pinned, now Tree, past Past, earlier ...Tree) *Drift {
	f := follower{now: now, past: past, earlier: earlier, finders: map[place]*anchor.Finder{}, states: map[place]anchor.State{}}
	d := &Drift{Course: p.Course, Now: now, Loose: p.Loose, pinned: p, resolved: reviewOf(p.Course, now)}
	for _, s := range p.subjects {
		it := Item{Entry: s.entry, Lesson: s.lesson, Citation: s.citation, Excerpt: s.excerpt}
		it.Outcome, it.Old = f.find(&s.entry.Anchor)
		if it.Citation >= 0 {
			it.Line = int(it.Lesson.Citations[it.Citation].Span.Start.Line)
			if it.Verdict != annotations.Same {
				_, it.Held = d.writing(&it, it.Place)
			}
		} else {
			it.Line = it.Lesson.Excerpts[it.Excerpt].Lines.First
		}
		d.Items = append(d.Items, it)
	}
	order := map[*annotations.Lesson]int{}
	for i, l := range p.Course.Documents() {
		order[l] = i
	}
	slices.SortStableFunc(d.Items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(order[a.Lesson], order[b.Lesson]), cmp.Compare(a.Line, b.Line))
	})
	d.identify()
	return d
}

// reviewOf returns the review of a course in a tree, which is made when it is
// first asked for.
func reviewOf(c *Course, t Tree) func() *review.Review {
	return sync.OnceValue(func() *review.Review {
		lines := func(file int) int { return len(anchor.Fingerprints(t.Text(file))) }
		return review.NewResolver(t.Sources(), t.Files(), lines).Review(c.Course)
	})
}

// writing says whether the path has to be written for a citation to lead to a
// place, and what speaks against writing without asking.
func (d *Drift) writing(it *Item, to annotations.Place) (path bool, hold Hold) {
	if to.Path == "" {
		return false, NotHeld
	}
	r := d.resolved().Resolution(it.Lesson.ID, it.Citation)
	path = !sure(r) || r.Places[0].Source != to.Source || r.Places[0].Path != to.Path
	c := &it.Lesson.Citations[it.Citation]
	if path {
		if _, ok := course.Rewrite(it.Lesson, it.Citation, annotations.Place{Path: to.Path}, true); !ok || len(r.Places) > 1 && sure(r) {
			return true, Joined
		}
	}
	if c.Form == annotations.Fence || c.Form == annotations.Command {
		return path, InCode
	}
	return path, NotHeld
}

// place is a source at one moment: a tree's, or a revision.
type place struct {
	tree             int // index in earlier, -1 for a revision, -2 for none
	source, revision string
}

// follower finds anchors, with one finder for each state that they come from.
type follower struct {
	now     Tree
	past    Past
	earlier []Tree
	finders map[place]*anchor.Finder
	states  map[place]anchor.State // of revisions; nil when git does not have it
}

// find returns where an anchor is, and the lines as they were.
func (f *follower) find(a *annotations.Anchor) (annotations.Outcome, []string) {
	if a.Lines.IsZero() {
		return f.findFile(a), nil
	}
	if blob, ok := (state{f.now, a.Source}).Blob(a.Path); ok && blob == a.Blob {
		at := annotations.Place{Source: a.Source, Path: a.Path, Lines: a.Lines}
		return annotations.Outcome{Verdict: annotations.Same, Place: at, Method: annotations.SameBlob, Score: 1}, nil
	}
	at, old := f.origin(a)
	finder := f.finders[at]
	if finder == nil {
		finder = anchor.NewFinder(old, state{f.now, a.Source}, f.history(at))
		f.finders[at] = finder
	}
	return finder.Find(*a), linesOf(old, a)
}

// origin returns the state that has the text of an anchor, nil when none has.
func (f *follower) origin(a *annotations.Anchor) (place, anchor.State) {
	for i, t := range f.earlier {
		s := state{t, a.Source}
		if blob, ok := s.Blob(a.Path); ok && blob == a.Blob {
			return place{i, a.Source, revisionOf(t, a.Source)}, s
		}
	}
	if at := (place{-1, a.Source, a.Revision}); f.past != nil && a.Revision != "" {
		s, known := f.states[at]
		if !known {
			s = f.past.At(a.Source, a.Revision)
			f.states[at] = s
		}
		if s != nil {
			if blob, ok := s.Blob(a.Path); ok && blob == a.Blob {
				return at, s
			}
		}
	}
	return place{-2, a.Source, a.Revision}, nil
}

// history returns the way from a state to now.
func (f *follower) history(at place) anchor.History {
	if f.past == nil || at.revision == "" {
		return nil
	}
	to := revisionOf(f.now, at.source)
	if to == "" || to == at.revision {
		return nil
	}
	return f.past.History(at.source, at.revision, to)
}

func linesOf(s anchor.State, a *annotations.Anchor) []string {
	if s == nil {
		return nil
	}
	text, err := s.Text(a.Path)
	if err != nil {
		return nil
	}
	all := bytes.Split(text, []byte("\n"))
	if a.Lines.Last > len(all) {
		return nil
	}
	var out []string
	for _, line := range all[a.Lines.First-1 : a.Lines.Last] {
		out = append(out, string(line))
	}
	return out
}

// findFile finds a file or a folder that is cited as a whole.
func (f *follower) findFile(a *annotations.Anchor) annotations.Outcome {
	now := state{f.now, a.Source}
	found := func(v annotations.Verdict, m annotations.Method, path string, score float64) annotations.Outcome {
		return annotations.Outcome{Verdict: v, Method: m, Score: score, Place: annotations.Place{Source: a.Source, Path: path}}
	}
	lost := annotations.Outcome{Verdict: annotations.Lost, Method: annotations.NotFound}
	if strings.HasSuffix(a.Path, "/") {
		for p := range now.Paths() {
			if strings.HasPrefix(p, a.Path) {
				return found(annotations.Same, annotations.SameBlob, a.Path, 1)
			}
		}
		return lost
	}
	if _, ok := now.Blob(a.Path); ok {
		return found(annotations.Same, annotations.SameBlob, a.Path, 1)
	}
	var twins, namesakes []string
	for p := range now.Paths() {
		if blob, _ := now.Blob(p); blob == a.Blob {
			twins = append(twins, p)
		}
		if path.Base(p) == path.Base(a.Path) {
			namesakes = append(namesakes, p)
		}
	}
	if len(twins) == 1 {
		return found(annotations.Moved, annotations.RenamedFile, twins[0], 1)
	}
	if to := f.renamed(a); to != "" {
		return found(annotations.Proposed, annotations.RenamedFile, to, 0.9)
	}
	if len(namesakes) == 1 {
		return found(annotations.Proposed, annotations.RenamedFile, namesakes[0], 0.5)
	}
	return lost
}

// renamed returns the path that git's history gave a file, "" when it is gone.
func (f *follower) renamed(a *annotations.Anchor) string {
	history := f.history(place{-1, a.Source, a.Revision})
	if history == nil {
		return ""
	}
	at := a.Path
	for _, commit := range history.Commits() {
		if i := slices.IndexFunc(commit.Changes, func(c indexer.Change) bool { return c.From == at && c.To != at }); i >= 0 {
			at = commit.Changes[i].To
		}
	}
	if _, ok := (state{f.now, a.Source}).Blob(at); !ok || at == a.Path {
		return ""
	}
	return at
}

// Touch is an upstream commit that changed what an anchor cites.
type Touch struct {
	Commit  string // full id
	Removed bool   // half of the lines are gone after it, and were not before
}

// Touching returns the upstream commits up to a revision that changed lines of
// an anchor in their file, renames followed, oldest first; none when git cannot
// tell.
func Touching(past Past, a *annotations.Anchor, to string) []Touch {
	cited := slices.DeleteFunc(slices.Clone(a.Cited), func(p annotations.Fingerprint) bool { return p == 0 })
	if past == nil || a.Revision == "" || to == "" || a.Revision == to || len(cited) == 0 {
		return nil
	}
	history := past.History(a.Source, a.Revision, to)
	if history == nil {
		return nil
	}
	var touches []Touch
	at, have := a.Path, len(cited)
	for _, commit := range history.Commits() {
		i := slices.IndexFunc(commit.Changes, func(c indexer.Change) bool { return c.From == at })
		if i < 0 {
			continue
		}
		left := 0
		if change := commit.Changes[i]; change.To != "" {
			at = change.To
			text, err := history.Content(change.New)
			if err != nil {
				return touches
			}
			left = survivors(cited, anchor.Fingerprints(text))
		}
		if left != have {
			touches = append(touches, Touch{commit.ID, 2*left < len(cited) && 2*have >= len(cited)})
		}
		if have = left; commit.Changes[i].To == "" {
			break
		}
	}
	return touches
}

// Removed returns the id of the upstream commit after which a file has no half
// of an anchor's lines any more, "" when git cannot tell.
func Removed(past Past, a *annotations.Anchor, to string) string {
	for _, t := range Touching(past, a, to) {
		if t.Removed {
			return t.Commit
		}
	}
	return ""
}

// survivors counts the lines that a file still has.
func survivors(lines, file []annotations.Fingerprint) (n int) {
	file = slices.Sorted(slices.Values(file))
	for _, p := range lines {
		if _, ok := slices.BinarySearchFunc(file, p, cmp.Compare); ok {
			n++
		}
	}
	return n
}
