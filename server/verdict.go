package server

import (
	"bytes"
	"html/template"
	"math"
	"net/url"
	"strconv"
	"strings"

	"navigator/annotations"
	"navigator/ui"
)

// The states of citations that are more than a verdict.
const (
	stateAmbiguous = "ambiguous" // several files fit
	stateForeign   = "foreign"   // not of the sources, nor meant to be
	stateUnknown   = "unknown"   // of no source, and nothing tells why
	unsure         = "-unsure"   // ends the state of a citation with candidates, none of them sure
)

// citationState returns the state of a citation as pages mark it: a verdict, or
// one of the states above.
func citationState(v *annotations.CitationVerdict) string {
	switch {
	case v.Verdict == annotations.Sound && v.Reason == annotations.Ambiguous:
		return stateAmbiguous
	case v.Verdict == annotations.NotUpstream && v.Reason == annotations.Unknown:
		return stateUnknown
	case v.Verdict == annotations.NotUpstream:
		return stateForeign
	case v.Verdict != annotations.Sound && !v.Sure:
		return string(v.Verdict) + unsure
	}
	return string(v.Verdict)
}

// leadsTo returns the one place that a citation means without doubt.
func leadsTo(v *annotations.CitationVerdict) (annotations.Place, bool) {
	switch citationState(v) {
	case string(annotations.Sound):
		return v.Place, true
	case string(annotations.Moved), string(annotations.PositionOff):
		if v.Target != nil {
			return v.Target.Place, true
		}
	}
	return annotations.Place{}, false
}

// verdict returns what a check found of a citation, nil before there was one.
func (ls links) verdict(i int) *annotations.CitationVerdict {
	if i < 0 || i >= len(ls.verdicts) {
		return nil
	}
	return &ls.verdicts[i]
}

// leads returns the one place that a citation means, as far as is known.
func (ls links) leads(i int) (annotations.Place, bool) {
	if v := ls.verdict(i); v != nil {
		place, ok := leadsTo(v)
		return place, ok && hasPage(ls.view, place)
	}
	if r := ls.resolution(i); leadsToCode(r) {
		return r.Places[0], true
	}
	return annotations.Place{}, false
}

// hasPage reports whether there is a page of a place: a checkout has files that
// are not indexed.
func hasPage(v View, p annotations.Place) bool {
	if p.Path == "" || strings.HasSuffix(p.Path, "/") {
		return len(filesUnder(v, p.Source, p.Path)) > 0
	}
	_, ok := v.FileIndex(p.Source, p.Path)
	return ok
}

// judged returns the link of a citation that was checked.
func (ls links) judged(i int, v *annotations.CitationVerdict) Link {
	to := Link{Href: citationAddress(ls.lesson.ID, i), State: citationState(v), Title: ls.why(i, v)}
	if place, ok := leadsTo(v); ok && !hasPage(ls.view, place) {
		to.Title += " " + ls.language.T("citation.unindexed")
	} else if ok {
		to.Href = placeAddress(place.Source, place.Path, place.Lines)
	}
	if to.State != string(annotations.Sound) {
		to.Said = ls.language.T("state." + to.State)
	}
	return to
}

// Aside implements Links.
func (ls links) Aside(reason annotations.Reason) (title, said string) {
	said = ls.language.T("state." + stateForeign)
	return said + ": " + ls.language.T("reason."+string(reason)), said
}

// why says the verdict on a citation, its reason and where the real thing is.
func (ls links) why(i int, v *annotations.CitationVerdict) string {
	l := ls.language
	said := []string{l.T("state."+citationState(v)) + ": " + l.T("reason."+string(v.Reason))}
	if r := ls.resolution(i); v.Verdict == annotations.Sound && leadsToCode(r) && len(r.Places) > 1 {
		said = append(said, l.T("citation.pair", r.Places[1].Path))
	}
	switch {
	case v.Target == nil:
	case v.Sure:
		said = append(said, l.T("citation.now", targetText(*v.Target)))
	default:
		said = append(said, l.T("citation.maybe", targetText(*v.Target)))
	}
	return strings.Join(said, " ")
}

// placeText names a place, its source first.
func placeText(p annotations.Place) string {
	text := p.Source + "/" + p.Path
	if lines := p.Lines.String(); lines != "" {
		text += ":" + lines
	}
	return text
}

func targetText(t annotations.Target) string {
	if t.Symbol == "" {
		return placeText(t.Place)
	}
	return placeText(t.Place) + " (" + t.Symbol + ")"
}

func targetAddress(t annotations.Target) string { return placeAddress(t.Source, t.Path, t.Lines) }

// excerptBar is what stands above an excerpt: how faithful it is, and to what.
type excerptBar struct {
	Lang    ui.Language
	Verdict annotations.Verdict
	Percent int    // of its code that the source has; less than 100 unless it has all
	Symbols []link // that it shows, at most maxShown
	More    int    // symbols beyond those
	Address string // of the comparison
}

// maxShown is how many symbols the bar of an excerpt names.
const maxShown = 3

func newExcerptBar(l ui.Language, lesson string, v *annotations.ExcerptVerdict) excerptBar {
	bar := excerptBar{Lang: l, Verdict: v.Verdict, Percent: int(math.Floor(100 * v.Similarity)), Address: compareAddress(lesson, v.Excerpt)}
	for _, s := range v.Symbols {
		if len(bar.Symbols) == maxShown {
			bar.More++
			continue
		}
		bar.Symbols = append(bar.Symbols, link{s.Symbol, targetAddress(s)})
	}
	return bar
}

// compareAddress returns the address of the comparison of a lesson's excerpt
// with the code.
func compareAddress(lesson string, n int) string {
	return "/compare?" + url.Values{"lesson": {lesson}, "n": {strconv.Itoa(n)}}.Encode()
}

// excerpt returns what a check found of an excerpt, nil when it found nothing.
func (ls links) excerpt(i int) *annotations.ExcerptVerdict {
	for j := range ls.excerpts {
		if ls.excerpts[j].Excerpt == i {
			return &ls.excerpts[j]
		}
	}
	return nil
}

// Excerpt implements Links.
func (ls links) Excerpt(i int) template.HTML {
	v := ls.excerpt(i)
	if v == nil {
		return ""
	}
	var b bytes.Buffer
	if err := ui.Templates(ls.language).ExecuteTemplate(&b, "excerpt-bar", newExcerptBar(ls.language, ls.lesson.ID, v)); err != nil {
		return "" // a Buffer takes everything, and the template fits its data
	}
	return trusted(b.String())
}

// tally counts what a check found of a lesson.
type tally struct {
	Checked   bool
	Citations int
	Stale     int // citations to be mended
	Excerpts  int // that claim to show code of the sources
	Unlike    int // excerpts to be mended
}

func tallyOf(v View, lesson *annotations.Lesson) tally {
	t := tally{Checked: v.Checked(), Citations: len(lesson.Citations)}
	for _, found := range v.Verdicts(lesson.ID) {
		if found.Fault() {
			t.Stale++
		}
	}
	for _, found := range v.Excerpts(lesson.ID) {
		t.Excerpts++
		if found.Fault() {
			t.Unlike++
		}
	}
	return t
}

// linesOf returns some lines of a file, as far as it has them, and where they
// begin.
func linesOf(v View, place annotations.Place) (file int, lines []string, first int) {
	file, ok := v.FileIndex(place.Source, place.Path)
	if !ok {
		return -1, nil, 0
	}
	all := strings.Split(strings.ReplaceAll(string(v.Text(file)), "\r\n", "\n"), "\n")
	if n := len(all); n > 0 && all[n-1] == "" {
		all = all[:n-1]
	}
	from, to := max(place.Lines.First, 1), min(place.Lines.Last, len(all))
	if place.Lines.IsZero() {
		to = len(all)
	}
	if from > to {
		return file, nil, from
	}
	return file, all[from-1 : to], from
}
