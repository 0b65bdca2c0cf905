package main

import (
	"fmt"
	"io"
	"path"
	"text/tabwriter"

	"navigator/annotations"
)

// moduleStatus says how far the lessons of one folder are.
type moduleStatus struct {
	Folder      string `json:"folder"` // "." for the course's own
	Lessons     int    `json:"lessons"`
	Complete    int    `json:"complete"` // without a problem of format
	Citations   int    `json:"citations"`
	Sound       int    `json:"sound"` // of the citations
	Excerpts    int    `json:"excerpts"`
	Real        int    `json:"real"` // of the excerpts: verbatim or abridged
	Annotations int    `json:"annotations"`
}

// modules sums up a report of check by the folders of the lessons.
func (c *checked) modules(r *checkReport) []moduleStatus {
	var all []moduleStatus
	index := map[string]int{}
	of := func(doc string) *moduleStatus {
		folder := path.Dir(doc)
		if _, ok := index[folder]; !ok {
			index[folder] = len(all)
			all = append(all, moduleStatus{Folder: folder})
		}
		return &all[index[folder]]
	}
	for _, l := range c.lessons() {
		m := of(l.Path)
		m.Lessons++
		if len(l.Problems) == 0 {
			m.Complete++
		}
	}
	for i := range r.Citations {
		m := of(r.Citations[i].Doc)
		m.Citations++
		if !r.Citations[i].fault {
			m.Sound++
		}
	}
	for i := range r.Excerpts {
		m := of(r.Excerpts[i].Doc)
		m.Excerpts++
		if v := r.Excerpts[i].Verdict; v == annotations.Verbatim || v == annotations.Abridged {
			m.Real++
		}
	}
	for i := range r.Annotations {
		of(r.Annotations[i].Doc).Annotations++
	}
	return all
}

// printModules writes a line for each module.
func printModules(w io.Writer, modules []moduleStatus) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "module\tlessons\tcomplete\tcitations sound\texcerpts real\tannotations")
	for _, m := range modules {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d/%d\t%d/%d\t%d\n", m.Folder, m.Lessons, m.Complete, m.Sound, m.Citations, m.Real, m.Excerpts, m.Annotations)
	}
	t.Flush()
}
