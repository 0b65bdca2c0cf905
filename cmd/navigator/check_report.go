package main

import (
	"cmp"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/indexer"
)

// checkReport is what "check --format json" prints. "navigator help json" documents it;
// keys are added to it, never renamed.
type checkReport struct {
	Version     int                `json:"version"`
	Snapshot    string             `json:"snapshot"`
	Citations   []checkedCitation  `json:"citations"`
	Excerpts    []checkedExcerpt   `json:"excerpts"`
	Annotations []checkedLaid      `json:"annotations"`
	Structure   []checkedStructure `json:"structure"`
}

type checkedCitation struct {
	Doc     string              `json:"doc"` // path of the lesson
	Line    int                 `json:"line"`
	Column  int                 `json:"column"`
	Raw     string              `json:"raw"`
	Form    annotations.Form    `json:"form"`
	Source  string              `json:"source"` // "" when no source has it
	Path    string              `json:"path"`   // in the source; as written when no source has it
	Start   int                 `json:"start"`  // lines as cited, 0 for none
	End     int                 `json:"end"`
	Verdict annotations.Verdict `json:"verdict"`
	Reason  annotations.Reason  `json:"reason"`
	Target  *checkedTarget      `json:"target"` // null when there is nothing better
	Sure    bool                `json:"sure"`   // --fix writes target
	Others  []checkedTarget     `json:"others,omitempty"`
	Message string              `json:"message"`

	fault bool
	span  indexer.Span
}

type checkedTarget struct {
	Source string `json:"source"`
	Path   string `json:"path"`
	Start  int    `json:"start"`
	End    int    `json:"end"`
	Symbol string `json:"symbol"`
}

type checkedExcerpt struct {
	Doc        string              `json:"doc"`
	Start      int                 `json:"start"` // lines of the lesson, fences included
	End        int                 `json:"end"`
	Lang       string              `json:"lang"`
	Verdict    annotations.Verdict `json:"verdict"`
	Similarity float64             `json:"similarity"`
	Symbols    []checkedTarget     `json:"symbols"`
	Lines      []checkedLine       `json:"lines"`
}

type checkedLine struct {
	Line   int                  `json:"line"`
	Kind   annotations.LineKind `json:"kind"`
	Source string               `json:"source,omitempty"`
	Path   string               `json:"path,omitempty"`
	At     int                  `json:"at,omitempty"` // line of the source
}

type checkedLaid struct {
	Doc       string                `json:"doc"`
	Line      int                   `json:"line"`
	Text      string                `json:"text"`
	Origin    annotations.Origin    `json:"origin"`
	Source    string                `json:"source"`
	Path      string                `json:"path"`
	Start     int                   `json:"start"`
	End       int                   `json:"end"`
	Certainty annotations.Certainty `json:"certainty"`
}

type checkedStructure struct {
	Doc     string                  `json:"doc"`
	Line    int                     `json:"line"`
	Kind    annotations.ProblemKind `json:"kind"`
	Message string                  `json:"message"`
}

// report gathers what was found, lesson by lesson.
func (c *checked) report() *checkReport {
	r := &checkReport{Version: 1, Snapshot: c.snapshot.ID(), Citations: []checkedCitation{}, Excerpts: []checkedExcerpt{},
		Annotations: []checkedLaid{}, Structure: []checkedStructure{}}
	for _, l := range c.course.Documents() {
		first := len(r.Citations)
		for i, v := range c.citations[l.ID] {
			r.Citations = append(r.Citations, newCheckedCitation(l, &l.Citations[i], v))
		}
		for _, a := range course.Asides(l) {
			r.Citations = append(r.Citations, newCheckedCitation(l, &a.Citation, annotations.CitationVerdict{Verdict: annotations.NotUpstream, Reason: a.Reason}))
		}
		slices.SortStableFunc(r.Citations[first:], func(a, b checkedCitation) int {
			return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
		for _, v := range c.excerpts[l.ID].Verdicts {
			r.Excerpts = append(r.Excerpts, newCheckedExcerpt(l, &v))
		}
		r.Annotations = append(r.Annotations, c.laid(l)...)
	}
	for _, f := range c.structure {
		r.Structure = append(r.Structure, checkedStructure{f.Lesson, f.Line, f.Kind, f.Text})
	}
	return r
}

func newCheckedCitation(l *annotations.Lesson, c *annotations.Citation, v annotations.CitationVerdict) checkedCitation {
	out := checkedCitation{
		Doc: l.Path, Line: int(c.Span.Start.Line), Column: int(c.Span.Start.Col), Raw: c.Raw, Form: c.Form,
		Source: v.Place.Source, Path: v.Place.Path, Start: c.Cited.First, End: c.Cited.Last,
		Verdict: v.Verdict, Reason: v.Reason, Sure: v.Sure, span: c.Span,
	}
	if out.Path == "" {
		out.Path = c.Under + c.Path
	}
	if v.Target != nil {
		t := newCheckedTarget(*v.Target)
		out.Target = &t
	}
	for _, o := range v.Others {
		out.Others = append(out.Others, newCheckedTarget(o))
	}
	out.fault = v.Fault()
	out.Message = advice(&out)
	return out
}

func newCheckedExcerpt(l *annotations.Lesson, v *annotations.ExcerptVerdict) checkedExcerpt {
	e := &l.Excerpts[v.Excerpt]
	out := checkedExcerpt{Doc: l.Path, Start: e.Lines.First, End: e.Lines.Last, Lang: e.Language, Verdict: v.Verdict,
		Similarity: v.Similarity, Symbols: []checkedTarget{}, Lines: []checkedLine{}}
	for _, s := range v.Symbols {
		out.Symbols = append(out.Symbols, newCheckedTarget(s))
	}
	for _, line := range v.Lines {
		out.Lines = append(out.Lines, checkedLine{line.Line, line.Kind, line.Place.Source, line.Place.Path, line.Place.Lines.First})
	}
	return out
}

// laid returns the annotations that a lesson lays over the sources: the prose
// around its sound citations, and the explanations in its excerpts.
func (c *checked) laid(l *annotations.Lesson) []checkedLaid {
	var all []checkedLaid
	add := func(a annotations.Annotation) {
		all = append(all, checkedLaid{l.Path, a.Prose.First, textOf(l.Text, a.Prose), a.Origin, a.Source, a.Path, a.Lines.First, a.Lines.Last, a.Certainty})
	}
	for i, v := range c.citations[l.ID] {
		if v.Verdict != annotations.Sound || v.Reason == annotations.Ambiguous || v.Place.Lines.IsZero() {
			continue
		}
		a := annotations.Annotation{Place: v.Place, Prose: l.Citations[i].Prose, Origin: annotations.FromCitation, Certainty: annotations.Approximate}
		if v.Reason == annotations.ShowsSymbol {
			a.Certainty = annotations.Sure
		}
		add(a)
	}
	for _, a := range c.excerpts[l.ID].Annotations {
		add(a)
	}
	return all
}

// textOf returns lines of a text.
func textOf(text []byte, lines indexer.Lines) string {
	all := strings.Split(string(text), "\n")
	if lines.First < 1 || lines.Last > len(all) || lines.Last < lines.First {
		return ""
	}
	return strings.TrimSpace(strings.Join(all[lines.First-1:lines.Last], "\n"))
}

func newCheckedTarget(t annotations.Target) checkedTarget {
	return checkedTarget{t.Source, t.Path, t.Lines.First, t.Lines.Last, t.Symbol}
}

// cite writes a target as a lesson would.
func (t checkedTarget) cite() string {
	s := t.Path
	if t.Start > 0 {
		s += ":" + indexer.Lines{First: t.Start, Last: t.End}.String()
	}
	if t.Symbol != "" {
		s += " (" + t.Symbol + ")"
	}
	return s
}

// whyReasons words each reason; what to do follows it.
var whyReasons = map[annotations.Reason]string{
	annotations.AsWritten: "upstream has it", annotations.BySuffix: "one file has this name", annotations.ByContext: "the lesson leaves one file",
	annotations.Ambiguous: "several files have this name", annotations.ShowsSymbol: "the lines show what is named",
	annotations.MissesSymbol: "the lines miss what is named", annotations.BeyondEnd: "the lines run past the end of the file",
	annotations.ForwardDeclared: "the lines only announce it",
	annotations.Renamed:         "renamed upstream", annotations.SameName: "a file of this name is elsewhere", annotations.HasSymbol: "what is named is elsewhere",
	annotations.Alike: "a path like it exists", annotations.WrongTree: "it is written otherwise upstream",
	annotations.ReaderMakes: "the reader makes it", annotations.BuildOutput: "a build makes it", annotations.Placeholder: "it stands for any file",
	annotations.ReadersOwn: "it is on the reader's machine", annotations.Route: "it is a route, no file", annotations.OfCourse: "it is the course's own",
	annotations.Unknown: "no source has such a file",
}

// advice says why a citation has its verdict, and what to do.
func advice(c *checkedCitation) string {
	why := whyReasons[c.Reason]
	switch {
	case !c.fault:
		return why
	case c.Target == nil && c.Verdict == annotations.NotUpstream:
		return why + ": cite another, or leave it out"
	case c.Target == nil:
		return why + ": correct the lines"
	case c.Sure:
		return why + ": write " + c.Target.cite()
	}
	return why + ": look at " + c.Target.cite()
}

// finding is a fault as the formats for people and for CI show it.
type finding struct {
	doc     string
	span    indexer.Span // Col 0 when it is of whole lines
	rule    string
	message string
	grave   bool
}

// findings returns the faults, in order of lesson and line within each kind.
func (r *checkReport) findings() []finding {
	var all []finding
	for i := range r.Citations {
		if c := &r.Citations[i]; c.fault {
			all = append(all, finding{c.Doc, c.span, string(c.Verdict), c.Raw + ": " + c.Message, c.Reason != annotations.Ambiguous})
		}
	}
	for _, e := range r.Excerpts {
		if e.Verdict == annotations.Paraphrase || e.Verdict == annotations.Invented {
			all = append(all, finding{e.Doc, lineSpan(e.Start, e.End), string(e.Verdict), excerptAdvice(&e), e.Verdict == annotations.Invented})
		}
	}
	for _, s := range r.Structure {
		all = append(all, finding{s.Doc, lineSpan(s.Line, s.Line), string(s.Kind), s.Message, true})
	}
	return all
}

func lineSpan(first, last int) indexer.Span {
	return indexer.Span{Start: indexer.Position{Line: int32(first)}, End: indexer.Position{Line: int32(last)}}
}

func excerptAdvice(e *checkedExcerpt) string {
	if len(e.Symbols) == 0 {
		return "no source has this code: show real code, or say that it is a sketch"
	}
	return fmt.Sprintf("%.0f %% of this code is the source's: compare it with %s", 100*e.Similarity, e.Symbols[0].cite())
}

// faults counts the faults.
func (r *checkReport) faults() int { return len(r.findings()) }

// writeCheckText writes the faults grouped by lesson, then what was checked.
func writeCheckText(w io.Writer, r *checkReport) error {
	var order []string
	byLesson := map[string][]finding{}
	for _, f := range r.findings() {
		if byLesson[f.doc] == nil {
			order = append(order, f.doc)
		}
		byLesson[f.doc] = append(byLesson[f.doc], f)
	}
	var b strings.Builder
	for _, doc := range order {
		fmt.Fprintf(&b, "%s\n", doc)
		for _, f := range byLesson[doc] {
			fmt.Fprintf(&b, "  %s:%d: %s: %s\n", path.Base(doc), f.span.Start.Line, f.rule, f.message)
		}
		b.WriteString("\n")
	}
	verdicts := map[annotations.Verdict]int{}
	for _, c := range r.Citations {
		verdicts[c.Verdict]++
	}
	fmt.Fprintf(&b, "%d citations: %d exist, %d moved, %d off, %d not upstream\n", len(r.Citations),
		verdicts[annotations.Sound], verdicts[annotations.Moved], verdicts[annotations.PositionOff], verdicts[annotations.NotUpstream])
	shown := map[annotations.Verdict]int{}
	for _, e := range r.Excerpts {
		shown[e.Verdict]++
	}
	fmt.Fprintf(&b, "%d excerpts: %d verbatim, %d abridged, %d paraphrase, %d invented; %d annotations laid\n", len(r.Excerpts),
		shown[annotations.Verbatim], shown[annotations.Abridged], shown[annotations.Paraphrase], shown[annotations.Invented], len(r.Annotations))
	fmt.Fprintf(&b, "structure: %s\n", countOf(len(r.Structure), "fault"))
	_, err := io.WriteString(w, b.String())
	return err
}

// What a command of a GitHub workflow escapes in its properties and in its
// message.
var (
	gitHubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	gitHubMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
)

// writeGitHub writes the faults as commands of a GitHub workflow.
func writeGitHub(w io.Writer, r *checkReport) error {
	for _, f := range r.findings() {
		level, column := "error", ""
		if !f.grave {
			level = "warning"
		}
		if f.span.Start.Col > 0 {
			column = fmt.Sprintf(",col=%d", f.span.Start.Col)
		}
		if _, err := fmt.Fprintf(w, "::%s file=%s,line=%d,endLine=%d%s,title=%s::%s\n", level, gitHubProperty.Replace(f.doc),
			f.span.Start.Line, f.span.End.Line, column, gitHubProperty.Replace(f.rule), gitHubMessage.Replace(f.message)); err != nil {
			return err
		}
	}
	return nil
}

// writeSARIF writes the faults as a SARIF 2.1.0 log.
func writeSARIF(w io.Writer, r *checkReport) error {
	type object = map[string]any
	results, rules, seen := []object{}, []object{}, map[string]bool{}
	for _, f := range r.findings() {
		if !seen[f.rule] {
			seen[f.rule] = true
			rules = append(rules, object{"id": f.rule})
		}
		region := object{"startLine": f.span.Start.Line, "endLine": f.span.End.Line}
		if f.span.Start.Col > 0 {
			region["startColumn"], region["endColumn"] = f.span.Start.Col, f.span.End.Col+1
		}
		level := "error"
		if !f.grave {
			level = "warning"
		}
		results = append(results, object{"ruleId": f.rule, "level": level, "message": object{"text": f.message},
			"locations": []object{{"physicalLocation": object{"artifactLocation": object{"uri": f.doc}, "region": region}}}})
	}
	return writeJSON(w, object{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
		"runs": []object{{"tool": object{"driver": object{"name": "navigator", "rules": rules}}, "results": results}},
	})
}
