// Package drift keeps a course true while its sources move. [Pin] ties each
// citation and each group of an excerpt's lines to what the sources had when it
// was written; [Follow] finds all that in other revisions; [Drift.Settle] turns
// what is sure, or what a person decided, into a [Change] of lessons and lock;
// and [Change.Commit] writes that together or not at all.
package drift

import (
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/annotations/anchor"
	"navigator/annotations/review"
	"navigator/annotations/review/excerpt"
	"navigator/indexer"
)

// Tree is what the sources have at one moment: a snapshot, or a revision of
// each.
type Tree interface {
	excerpt.Snapshot
	Sources() []indexer.Source
}

// Past is what git has of the sources.
type Past interface {
	// At returns a source as it was at a revision, nil when git cannot tell.
	At(source, revision string) anchor.State
	// History returns the way between two revisions of a source, nil when git
	// cannot tell.
	History(source, from, to string) anchor.History
}

// Drift is what became of the anchors of a course.
type Drift struct {
	Course *Course
	Now    Tree
	Items  []Item // in order of the lessons and of their lines
	Loose  int    // citations that no anchor could be made of: no place, several, or lines that are not there

	pinned   *Pinned
	resolved func() *review.Review // of the course in Now
}

// Item is what became of one anchor.
type Item struct {
	ID       string // short, and the same until the citation is rewritten
	Entry    anchor.Entry
	Lesson   *annotations.Lesson
	Citation int // index in the lesson's Citations; -1 for an excerpt
	Excerpt  int // index in the lesson's Excerpts; -1 for a citation
	Line     int // in the lesson
	annotations.Outcome
	Old  []string // the lines as they were; nil for a whole file, and when nobody knows any more
	Held Hold     // why it is not renumbered without asking, though Moved
}

// Hold says why what was found is not written without asking.
type Hold string

// The reasons.
const (
	NotHeld Hold = ""
	InCode  Hold = "in-code" // the citation stands in a code block
	Joined  Hold = "joined"  // its path stands nowhere by itself, as in a.{h,cc}
)

// Open says whether a person must look.
func (it *Item) Open() bool {
	switch it.Verdict {
	case annotations.Same:
		return false
	case annotations.Moved:
		return it.Held != NotHeld
	}
	return !it.Entry.Lost
}

// Pending says whether [Drift.Settle] renumbers it without asking.
func (it *Item) Pending() bool {
	return it.Verdict == annotations.Moved && it.Held == NotHeld
}

// Open returns the items that a person must look at.
func (d *Drift) Open() []*Item {
	var open []*Item
	for i := range d.Items {
		if d.Items[i].Open() {
			open = append(open, &d.Items[i])
		}
	}
	return open
}

// Count returns how many citations, and excerpts' groups of lines, have each
// verdict.
func (d *Drift) Count() (citations, excerpts map[annotations.Verdict]int) {
	citations, excerpts = map[annotations.Verdict]int{}, map[annotations.Verdict]int{}
	for i := range d.Items {
		if it := &d.Items[i]; it.Citation >= 0 {
			citations[it.Verdict]++
		} else {
			excerpts[it.Verdict]++
		}
	}
	return citations, excerpts
}

// Find returns the one item whose ID begins so.
func (d *Drift) Find(id string) (*Item, error) {
	var found *Item
	for i := range d.Items {
		if it := &d.Items[i]; id != "" && strings.HasPrefix(it.ID, id) || it.ID == id {
			if found != nil && found.ID != id {
				return nil, fmt.Errorf("several items begin with %s: write more of it", id)
			}
			found = it
		}
	}
	if found == nil {
		return nil, fmt.Errorf("there is no item %s; it was settled, or its citation rewritten", id)
	}
	return found, nil
}

// minID is the least length of an ID.
const minID = 7

// identify gives the items their IDs: the start of a hash of what they are and
// beside what they stand, long enough to tell them apart. What is settled of
// others does not change it.
func (d *Drift) identify() {
	sums := make([]string, len(d.Items))
	seen := map[string]int{}
	for i := range d.Items {
		it := &d.Items[i]
		e, near := &it.Entry, annotations.Fingerprint(it.Entry.Nth)
		if it.Citation >= 0 {
			near = nearOf(it.Lesson, &it.Lesson.Citations[it.Citation])
		}
		what := fmt.Sprintf("%s\x00%s\x00%s\x00%v\x00%x", e.Lesson, e.Kind, e.Raw, e.Lines, near)
		seen[what]++
		sums[i] = fmt.Sprintf("%x", sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", what, seen[what])))
	}
	sorted := slices.Sorted(slices.Values(sums))
	length := minID
	for i := 1; i < len(sorted); i++ {
		for length < len(sorted[i]) && sorted[i][:length] == sorted[i-1][:length] {
			length++
		}
	}
	for i := range d.Items {
		d.Items[i].ID = sums[i][:length]
	}
}

// state is one source of a tree. It is an [anchor.State].
type state struct {
	Tree
	source string
}

// StateOf returns a source as a tree has it.
func StateOf(t Tree, source string) anchor.State { return state{t, source} }

func (s state) Paths() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, f := range s.Files() {
			if f.Source == s.source && !yield(f.Path) {
				return
			}
		}
	}
}

func (s state) Blob(path string) (indexer.Hash, bool) {
	file, ok := s.FileIndex(s.source, path)
	if !ok {
		return indexer.Hash{}, false
	}
	return s.Files()[file].Hash, true
}

func (s state) Text(path string) ([]byte, error) {
	file, ok := s.FileIndex(s.source, path)
	if !ok {
		return nil, fmt.Errorf("there is no file %s in %s", path, s.source)
	}
	return s.Tree.Text(file), nil
}

func (s state) Symbols(path string) []indexer.Symbol {
	file, ok := s.FileIndex(s.source, path)
	if !ok {
		return nil
	}
	return s.Tree.Symbols(file)
}

// revisionOf returns the revision of a source in a tree.
func revisionOf(t Tree, source string) string {
	for _, s := range t.Sources() {
		if s.Name == source {
			return s.Revision
		}
	}
	return ""
}

// Lines returns the lines of a place in Now, nil for none.
func (d *Drift) Lines(at annotations.Place) []string {
	file, ok := d.Now.FileIndex(at.Source, at.Path)
	if !ok || at.Lines.IsZero() {
		return nil
	}
	return linesOf(state{d.Now, at.Source}, &annotations.Anchor{Source: at.Source, Path: d.Now.Files()[file].Path, Lines: at.Lines})
}

// Revision returns the revision of a source in Now.
func (d *Drift) Revision(source string) string { return revisionOf(d.Now, source) }
