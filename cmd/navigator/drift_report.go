package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"navigator/annotations"
	"navigator/annotations/anchor"
	"navigator/annotations/review/drift"
	"navigator/indexer"
	"navigator/indexer/source"
)

// driftReport says what a bump did to the course. "navigator help json" documents it; keys
// are added to it, never renamed.
type driftReport struct {
	Sources   []driftSource               `json:"sources"`
	Citations map[annotations.Verdict]int `json:"citations"`
	Excerpts  map[annotations.Verdict]int `json:"excerpts"` // groups of lines that excerpts show
	Untied    int                         `json:"untied"`   // citations that lead to no one place: check tells
	Written   int                         `json:"written"`  // citations that were renumbered
	Pending   int                         `json:"pending"`  // that --write would renumber
	Open      int                         `json:"open"`     // that a person must look at
	Lessons   []driftLesson               `json:"lessons"`  // that have any of these
	Items     []driftItem                 `json:"items"`    // what is not the same
}

// driftSource is a source and the two revisions that were compared.
type driftSource struct {
	Name    string `json:"name"`
	From    string `json:"from"` // that the course was last brought up to
	To      string `json:"to"`
	Commits int    `json:"commits"` // between the two, 0 when git cannot tell
}

type driftLesson struct {
	Doc     string `json:"doc"` // path of the lesson
	Written int    `json:"written"`
	Pending int    `json:"pending"`
	Open    int    `json:"open"`
}

// driftItem is what became of one citation or one group of an excerpt's lines.
type driftItem struct {
	ID       string              `json:"id"`
	Doc      string              `json:"doc"`
	Line     int                 `json:"line"`
	Kind     anchor.Kind         `json:"kind"`
	Raw      string              `json:"raw"` // as written; of an excerpt its path and lines
	Source   string              `json:"source"`
	Path     string              `json:"path"`
	Start    int                 `json:"start"` // 0 for a whole file
	End      int                 `json:"end"`
	Symbol   string              `json:"symbol"`
	Verdict  annotations.Verdict `json:"verdict"`
	Method   annotations.Method  `json:"method"`
	Score    float64             `json:"score"`
	GotPath  string              `json:"got_path"` // "" when lost
	GotStart int                 `json:"got_start"`
	GotEnd   int                 `json:"got_end"`
	State    driftState          `json:"state"`
	Held     drift.Hold          `json:"held,omitempty"`    // why a moved one is open
	Commit   string              `json:"commit,omitempty"`  // that removed it
	Commits  []driftCommit       `json:"commits,omitempty"` // that touched it, oldest first; what navigator drift tells
	Old      []string            `json:"old,omitempty"`
	New      []string            `json:"new,omitempty"`
}

// driftCommit is an upstream commit.
type driftCommit struct {
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	Author  string    `json:"author"`
	When    time.Time `json:"when"`
	Removed bool      `json:"removed,omitempty"` // half of the lines are gone after it
}

// driftState says what an item waits for.
type driftState string

// The states.
const (
	driftOpen    driftState = "open"    // for a person
	driftPending driftState = "pending" // for --write
	driftWritten driftState = "written" // for nothing any more
	driftLost    driftState = "lost"    // a person said that it is gone
	driftSettled driftState = "settled" // nothing has to be written for it
)

var driftVerdicts = []annotations.Verdict{annotations.Same, annotations.Moved, annotations.Edited, annotations.Proposed, annotations.Lost}

// newDriftReport words what became of a course. Written holds the IDs of what
// was written.
func newDriftReport(d *drift.Drift, from []anchor.Pin, p *past, written map[string]bool) *driftReport {
	r := &driftReport{Untied: d.Loose, Lessons: []driftLesson{}, Items: []driftItem{}, Sources: []driftSource{}}
	r.Citations, r.Excerpts = d.Count()
	for _, v := range driftVerdicts {
		r.Citations[v] += 0
		r.Excerpts[v] += 0
	}
	for _, s := range d.Now.Sources() {
		pin := (&anchor.Lock{Sources: from}).Revision(s.Name)
		r.Sources = append(r.Sources, driftSource{s.Name, pin, s.Revision, p.commits(s.Name, pin, s.Revision)})
	}
	for i := range d.Items {
		if it := &d.Items[i]; it.Verdict != annotations.Same {
			r.add(newDriftItem(d, it, p, written[it.ID]))
		}
	}
	return r
}

func (r *driftReport) add(it driftItem) {
	r.Items = append(r.Items, it)
	if it.State == driftLost || it.State == driftSettled {
		return
	}
	i := slices.IndexFunc(r.Lessons, func(l driftLesson) bool { return l.Doc == it.Doc })
	if i < 0 {
		i = len(r.Lessons)
		r.Lessons = append(r.Lessons, driftLesson{Doc: it.Doc})
	}
	l := &r.Lessons[i]
	switch it.State {
	case driftOpen:
		r.Open++
		l.Open++
	case driftPending:
		r.Pending++
		l.Pending++
	case driftWritten:
		r.Written++
		l.Written++
	}
}

func newDriftItem(d *drift.Drift, it *drift.Item, p *past, written bool) driftItem {
	e := &it.Entry
	out := driftItem{
		ID: it.ID, Doc: it.Lesson.Path, Line: it.Line, Kind: e.Kind, Raw: e.Raw,
		Source: e.Source, Path: e.Path, Start: e.Lines.First, End: e.Lines.Last, Symbol: e.Symbol,
		Verdict: it.Verdict, Method: it.Method, Score: it.Score,
		GotPath: it.Place.Path, GotStart: it.Place.Lines.First, GotEnd: it.Place.Lines.Last,
		Old: it.Old, New: d.Lines(it.Place),
	}
	if it.Citation < 0 {
		out.Raw = placeText(annotations.Place{Path: e.Path, Lines: e.Lines})
	}
	switch {
	case written:
		out.State = driftWritten
	case it.Open():
		out.State, out.Held = driftOpen, it.Held
	case it.Pending() && it.Citation >= 0:
		out.State = driftPending
	case e.Lost:
		out.State = driftLost
	default:
		out.State = driftSettled
	}
	if it.Verdict == annotations.Moved {
		out.Old, out.New = nil, nil // the same lines
	}
	if it.Verdict == annotations.Lost && !e.Lines.IsZero() {
		out.Commit = drift.Removed(p, &e.Anchor, d.Revision(e.Source))
	}
	return out
}

// addCommits adds to what is open the upstream commits that touched it.
func (r *driftReport) addCommits(d *drift.Drift, p *past) {
	said := map[string]source.Subject{}
	for _, s := range d.Now.Sources() {
		var ids []string
		for i := range r.Items {
			it := &r.Items[i]
			if it.State != driftOpen || it.Source != s.Name || it.Verdict == annotations.Moved {
				continue
			}
			found, err := d.Find(it.ID)
			if err != nil {
				continue
			}
			for _, t := range drift.Touching(p, &found.Entry.Anchor, s.Revision) {
				it.Commits = append(it.Commits, driftCommit{ID: t.Commit, Removed: t.Removed})
				ids = append(ids, t.Commit)
			}
		}
		slices.Sort(ids)
		subjects, err := source.Subjects(p.ctx, s.Root, slices.Compact(ids))
		if err != nil {
			continue // the ids must do
		}
		for _, c := range subjects {
			said[c.Commit] = c
		}
	}
	for i := range r.Items {
		for j := range r.Items[i].Commits {
			c := &r.Items[i].Commits[j]
			c.Title, c.Author, c.When = said[c.ID].Title, said[c.ID].Author, said[c.ID].When
		}
	}
}

// placeText words a place as citations do, without its source.
func placeText(p annotations.Place) string {
	if p.Lines.IsZero() {
		return p.Path
	}
	return p.Path + ":" + p.Lines.String()
}

// tell prints the report by itself. The error is errFaults when something is
// open.
func (r *driftReport) tell(w io.Writer, asJSON bool) error {
	if asJSON {
		if err := writeJSON(w, r); err != nil {
			return err
		}
	} else {
		r.print(w)
	}
	if r.Open > 0 {
		return errFaults
	}
	return nil
}

// printCounts words the revisions, and how many citations have which verdict.
func (r *driftReport) printCounts(w io.Writer) {
	for _, s := range r.Sources {
		if s.From == s.To || s.From == "" {
			continue
		}
		fmt.Fprintf(w, "bump of %s: %.12s to %.12s", s.Name, s.From, s.To)
		if s.Commits > 0 {
			fmt.Fprintf(w, ", %s", countOf(s.Commits, "commit"))
		}
		fmt.Fprintln(w)
	}
	if total(r.Citations) > 0 {
		fmt.Fprintf(w, "citations: %s", verdictCounts(r.Citations))
		if r.Untied > 0 {
			fmt.Fprintf(w, "; %d lead to no one place: navigator check says why", r.Untied)
		}
		fmt.Fprintln(w)
	}
	if total(r.Excerpts) > 0 {
		fmt.Fprintf(w, "excerpts, by group of lines: %s\n", verdictCounts(r.Excerpts))
	}
}

// print words the report for a person.
func (r *driftReport) print(w io.Writer) {
	r.printCounts(w)
	for _, l := range r.Lessons {
		if l.Written > 0 {
			fmt.Fprintf(w, "%s: %s renumbered\n", l.Doc, countOf(l.Written, "citation"))
		}
	}
	if r.Pending > 0 {
		fmt.Fprintf(w, "%s to renumber; run: navigator reindex --write\n", countOf(r.Pending, "citation"))
	}
	if r.Open == 0 {
		return
	}
	fmt.Fprintf(w, "a person must look at %d; run: navigator drift\n", r.Open)
	for _, l := range r.Lessons {
		if l.Open > 0 {
			fmt.Fprintf(w, "  %s: %d\n", l.Doc, l.Open)
		}
	}
}

// list lists what is open, by lesson, with the lines.
func (r *driftReport) list(w io.Writer) {
	doc := ""
	for i := range r.Items {
		it := &r.Items[i]
		if it.State != driftOpen {
			continue
		}
		if it.Doc != doc {
			doc = it.Doc
			fmt.Fprintln(w, doc)
		}
		fmt.Fprintf(w, "  %s  line %d: %s: %s\n", it.ID, it.Line, it.written(), it.wording())
		for _, c := range it.Commits {
			what := "changed"
			if c.Removed {
				what = "removed"
			}
			fmt.Fprintf(w, "    %s by %.12s %s\n", what, c.ID, c.Title)
		}
		for _, line := range diffLines(it.Old, it.New) {
			fmt.Fprintf(w, "    %s\n", line)
		}
	}
}

// written returns the citation as written, with the lines that stand beside it.
func (it *driftItem) written() string {
	lines := indexer.Lines{First: it.Start, Last: it.End}
	if lines.IsZero() || strings.Contains(it.Raw, fmt.Sprint(it.Start)) {
		return it.Raw
	}
	return fmt.Sprintf("%s, lines %s", it.Raw, lines)
}

func (it *driftItem) wording() string {
	to := placeText(it.got())
	what := "the lines that it cites"
	if it.Kind == anchor.OfExcerpt {
		what = "the lines that it shows"
	} else if it.Start == 0 {
		what = "the file that it cites"
	}
	switch it.Verdict {
	case annotations.Moved:
		if it.Held == drift.Joined {
			return fmt.Sprintf("moved to %s, and its path cannot be written for it", to)
		}
		return fmt.Sprintf("moved to %s; it stands in a code block, which is left to you", to)
	case annotations.Edited:
		return fmt.Sprintf("edited: %s have changed, at %s", what, to)
	case annotations.Proposed:
		return fmt.Sprintf("proposed: %s may be %s", what, to)
	}
	return fmt.Sprintf("lost: %s are nowhere", strings.Replace(what, "the file that it cites", "the files that it cites", 1))
}

func (it *driftItem) got() annotations.Place {
	p := annotations.Place{Source: it.Source, Path: it.GotPath}
	p.Lines.First, p.Lines.Last = it.GotStart, it.GotEnd
	return p
}

// diffContext is how many unchanged lines around a change are shown.
const diffContext = 2

// diffLines returns how two texts differ, each line after "-", "+" or a blank.
// Unchanged lines far from a change are left out for "…".
func diffLines(old, fresh []string) []string {
	all := diffOf(old, fresh)
	near := make([]bool, len(all))
	for i, line := range all {
		if line[0] == ' ' {
			continue
		}
		for j := max(0, i-diffContext); j < min(len(all), i+diffContext+1); j++ {
			near[j] = true
		}
	}
	if !slices.Contains(near, true) {
		return nil
	}
	var out []string
	for i, line := range all {
		switch {
		case near[i]:
			out = append(out, line)
		case len(out) == 0 || out[len(out)-1] != "…":
			out = append(out, "…")
		}
	}
	return out
}

// diffOf returns all lines of the difference of two texts.
func diffOf(old, fresh []string) []string {
	var out []string
	i, j := 0, 0
	upTo := func(a, b int) {
		for ; i < a; i++ {
			out = append(out, "-"+old[i])
		}
		for ; j < b; j++ {
			out = append(out, "+"+fresh[j])
		}
	}
	for _, p := range anchor.Align(old, fresh) {
		upTo(p.A, p.B)
		out = append(out, " "+old[i])
		i, j = i+1, j+1
	}
	upTo(len(old), len(fresh))
	return out
}

func total(counts map[annotations.Verdict]int) (n int) {
	for _, c := range counts {
		n += c
	}
	return n
}

func verdictCounts(counts map[annotations.Verdict]int) string {
	var parts []string
	for _, v := range driftVerdicts {
		if n := counts[v]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v))
		}
	}
	return cmp.Or(strings.Join(parts, ", "), "none")
}
