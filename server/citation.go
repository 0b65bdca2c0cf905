package server

import (
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"navigator/annotations"
	"navigator/indexer"
)

// citationPage says what the sources have for a citation: the verdict and why,
// what to cite instead, further candidates, or what is nearest.
type citationPage struct {
	page
	Lesson   *annotations.Lesson
	Citation annotations.Citation
	Section  string
	State    string // in words
	Mark     string // citationState, or the match of a citation that is not checked yet
	Back     string // the citation in its lesson
	Prose    template.HTML
	Proposal *proposal
	Others   []proposal
	Cites    *link // what it names now
	Places   []link
	Nearest  []link
}

// proposal is what a citation may name instead.
type proposal struct {
	Name    string
	Address string
	Sure    bool
	Text    string // to be written into the lesson in its place
	Code    []row  // the lines, as many as proposedLines
	More    int    // lines beyond those
}

// How much code the page of a citation shows.
const (
	proposedLines = 24
	maxOthers     = 5
)

// citationAddress returns the address of the page of a lesson's citation.
func citationAddress(lesson string, i int) string {
	return "/citation?" + url.Values{"lesson": {lesson}, "n": {strconv.Itoa(i)}}.Encode()
}

func (s *site) citation(w http.ResponseWriter, r *http.Request, v View) error {
	id, n := r.URL.Query().Get("lesson"), r.URL.Query().Get("n")
	lesson := v.Course().Lesson(id)
	if lesson == nil {
		return missing("error.lesson", id, nearestLessons(v.Course(), id))
	}
	i, err := strconv.Atoi(n)
	if err != nil || i < 0 || i >= len(lesson.Citations) {
		return missing("error.citation", n, []link{{lesson.Title, lessonAddress(id, "")}})
	}
	p, err := s.newCitationPage(r, v, lesson, i)
	if err != nil {
		return err
	}
	return render(w, p.Lang, "citation.html", p)
}

// newCitationPage says what the sources have for a lesson's citation i.
func (s *site) newCitationPage(r *http.Request, v View, lesson *annotations.Lesson, i int) (citationPage, error) {
	p := citationPage{
		page:     s.newPage(r, "citation", lesson.Citations[i].Raw),
		Lesson:   lesson,
		Citation: lesson.Citations[i],
		Back:     lessonAddress(lesson.ID, citationAnchor(i)),
	}
	p.Styles = append(p.Styles, "component/prose/prose.css", "component/code/code.css", "component/compare/compare.css")
	p.Scripts = []string{"component/compare/compare.js", "component/prose/prose.js"}
	ls := newLinks(v, p.Lang, lesson)
	html, err := v.FragmentHTML(lesson.ID, p.Citation.Prose, ls)
	if err != nil {
		return p, err
	}
	p.Prose = trusted(html)
	if at := p.Citation.Section; 0 <= at && at < len(lesson.Sections) {
		p.Section = sectionName(lesson.Sections[at])
	}
	found := ls.resolution(i)
	if verdict := ls.verdict(i); verdict != nil {
		p.judge(v, ls, i, verdict)
	} else {
		p.State, p.Mark = ls.describe(found), string(found.Match)
		for _, place := range found.Places {
			p.Places = append(p.Places, link{placeText(place), placeAddress(place.Source, place.Path, place.Lines)})
		}
	}
	if len(p.Places) == 0 && p.Proposal == nil && p.Cites == nil && p.Mark != stateForeign {
		p.Nearest = nearest(r, v, found.Nearest, p.Citation)
	}
	return p, nil
}

// judge shows the verdict on a citation.
func (p *citationPage) judge(v View, ls links, i int, verdict *annotations.CitationVerdict) {
	p.State, p.Mark = ls.why(i, verdict), citationState(verdict)
	if verdict.Target != nil {
		first := newProposal(v, p.Citation, verdict, *verdict.Target)
		first.Sure = verdict.Sure
		p.Proposal = &first
	}
	for _, other := range verdict.Others[:min(len(verdict.Others), maxOthers)] {
		if verdict.Target == nil || other != *verdict.Target {
			p.Others = append(p.Others, newProposal(v, p.Citation, verdict, other))
		}
	}
	if verdict.Place.Path != "" && p.Mark != stateAmbiguous && !hasPage(v, verdict.Place) {
		p.State += " " + ls.language.T("citation.unindexed")
		source, _ := sourceOf(v, verdict.Place.Source)
		if there := upstreamAddress(source, verdict.Place.Path); there != "" {
			p.Cites = &link{placeText(verdict.Place), there}
		}
	} else if verdict.Place.Path != "" && p.Mark != stateAmbiguous {
		p.Cites = &link{placeText(verdict.Place), placeAddress(verdict.Place.Source, verdict.Place.Path, verdict.Place.Lines)}
	}
	if p.Mark == stateAmbiguous {
		for _, place := range ls.resolution(i).Places {
			at := link{placeText(place), placeAddress(place.Source, place.Path, place.Lines)}
			if !slices.Contains(p.Places, at) {
				p.Places = append(p.Places, at)
			}
		}
	}
}

func newProposal(v View, c annotations.Citation, verdict *annotations.CitationVerdict, t annotations.Target) proposal {
	p := proposal{Name: targetText(t), Address: targetAddress(t), Text: citeAs(c, verdict, t.Place)}
	file, lines, first := linesOf(v, t.Place)
	if file < 0 || t.Lines.IsZero() {
		return p
	}
	p.More = max(0, len(lines)-proposedLines)
	tokens, _ := v.Tokens(file)
	for i, text := range lines[:len(lines)-p.More] {
		p.Code = append(p.Code, row{At: first + i, Real: markedLine(text, tokensOfLine(tokens, first+i), nil)})
	}
	return p
}

// citeAs writes a place as a citation does: its path as it is written where that
// is right, one line where it names one.
func citeAs(c annotations.Citation, verdict *annotations.CitationVerdict, to annotations.Place) string {
	text := to.Path
	if verdict.Verdict != annotations.Moved && to.Path == verdict.Place.Path && c.Under == "" {
		text = c.Path
	}
	switch {
	case to.Lines.IsZero() || c.Cited.IsZero():
		return text
	case c.Cited.First == c.Cited.Last:
		return text + ":" + strconv.Itoa(to.Lines.First)
	}
	return text + ":" + to.Lines.String()
}

// nearest returns the files that a citation may have meant, the likeliest
// first.
func nearest(r *http.Request, v View, likeliest annotations.Place, c annotations.Citation) []link {
	var near []link
	if likeliest.Path != "" {
		near = append(near, link{likeliest.Source + "/" + likeliest.Path, placeAddress(likeliest.Source, likeliest.Path, likeliest.Lines)})
	}
	found, err := v.FindFiles(r.Context(), Query{Text: c.Path[:min(len(c.Path), maxQuery)], Limit: 8})
	if err != nil {
		return near
	}
	for _, i := range found {
		f := v.Files()[i]
		if f.Source == likeliest.Source && f.Path == likeliest.Path {
			continue
		}
		near = append(near, link{f.Source + "/" + f.Path, placeAddress(f.Source, f.Path, indexer.Lines{})})
	}
	return near
}
