package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"navigator/annotations"
	"navigator/annotations/review"
)

// moduleStatus says how far the lessons of one top folder are.
type moduleStatus struct {
	Folder      string `json:"folder"`   // "." for the course's own
	Name        string `json:"name"`     // as the header of its lessons says: "3 - Arquitectura de Envoy"
	Planned     int    `json:"planned"`  // documents that the plan's tables have, 0 when they have none of the folder
	Lessons     int    `json:"lessons"`  // that are there
	Complete    int    `json:"complete"` // without a problem of format
	Citations   int    `json:"citations"`
	Sound       int    `json:"sound"` // of the citations
	Excerpts    int    `json:"excerpts"`
	Real        int    `json:"real"` // of the excerpts: verbatim or abridged
	Annotations int    `json:"annotations"`
}

// modules sums up a report of check by the folders of the lessons.
func (c *checked) modules(r *checkReport) []*moduleStatus {
	t := moduleTally{planned: review.Planned(c.course), noted: map[string]bool{}, byFolder: map[string]*moduleStatus{}}
	for _, l := range c.course.Noted {
		t.noted[l.Path] = true
	}
	for _, l := range c.course.Documents() {
		t.lesson(l)
	}
	for _, folder := range slices.Sorted(maps.Keys(t.planned)) {
		t.folder(folder)
	}
	for i := range r.Citations {
		m := t.of(r.Citations[i].Doc)
		m.Citations++
		if !r.Citations[i].fault {
			m.Sound++
		}
	}
	for i := range r.Excerpts {
		m := t.of(r.Excerpts[i].Doc)
		m.Excerpts++
		if v := r.Excerpts[i].Verdict; v == annotations.Verbatim || v == annotations.Abridged {
			m.Real++
		}
	}
	for i := range r.Annotations {
		t.of(r.Annotations[i].Doc).Annotations++
	}
	return t.all
}

// moduleTally counts by module.
type moduleTally struct {
	planned  map[string]int  // documents by folder
	noted    map[string]bool // files of notes, by path
	all      []*moduleStatus // in the order in which they were met
	byFolder map[string]*moduleStatus
}

// of returns the module of a document; of a file of notes, which is in none, one
// that does not count.
func (t *moduleTally) of(doc string) *moduleStatus {
	folder, _, below := strings.Cut(doc, "/")
	switch {
	case !below:
		folder = "."
	case t.noted[doc]:
		return &moduleStatus{}
	}
	return t.folder(folder)
}

// folder returns the module of a top folder.
func (t *moduleTally) folder(name string) *moduleStatus {
	m := t.byFolder[name]
	if m == nil {
		m = &moduleStatus{Folder: name, Planned: t.planned[name]}
		t.byFolder[name] = m
		t.all = append(t.all, m)
	}
	return m
}

func (t *moduleTally) lesson(l *annotations.Lesson) {
	m := t.of(l.Path)
	m.Lessons++
	if m.Name == "" && m.Folder != "." {
		m.Name = l.Module
	}
	if len(l.Problems) == 0 {
		m.Complete++
	}
}

// state says in a word how far a module is: every document of the plan is there
// and complete, or some are.
func (m *moduleStatus) state() string {
	switch all := max(m.Planned, m.Lessons); {
	case m.Complete == all:
		return "complete"
	case m.Lessons == 0:
		return "missing"
	case m.Complete == 0:
		return "begun"
	default:
		return fmt.Sprintf("%d %%", 100*m.Complete/all)
	}
}

// printModules writes a line for each module.
func printModules(w io.Writer, modules []*moduleStatus) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "module\tpresent\tcomplete\tstate\tcitations sound\texcerpts real\tannotations")
	for _, m := range modules {
		fmt.Fprintf(t, "%s\t%d/%d\t%d\t%s\t%d/%d\t%d/%d\t%d\n", m.Folder, m.Lessons, max(m.Planned, m.Lessons), m.Complete, m.state(),
			m.Sound, m.Citations, m.Real, m.Excerpts, m.Annotations)
	}
	t.Flush()
}
