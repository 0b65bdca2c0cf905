package server

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"navigator/annotations"
	"navigator/indexer"
)

// citationPage says what the sources have for a citation that does not lead to
// one place: the candidates, or nothing and what is nearest.
type citationPage struct {
	page
	Lesson   *annotations.Lesson
	Citation annotations.Citation
	Section  string
	State    string // in words
	Match    annotations.Match
	Back     string // the citation in its lesson
	Prose    template.HTML
	Places   []link
	Nearest  []link
}

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
	p := citationPage{
		page:     s.newPage(r, "citation", lesson.Citations[i].Raw),
		Lesson:   lesson,
		Citation: lesson.Citations[i],
		Back:     lessonAddress(id, citationAnchor(i)),
	}
	p.Styles = append(p.Styles, "component/prose/prose.css")
	ls := newLinks(v, p.Lang, lesson)
	found := ls.resolution(i)
	p.State, p.Match = ls.describe(found), found.Match
	html, err := v.FragmentHTML(id, p.Citation.Prose, ls)
	if err != nil {
		return err
	}
	p.Prose = trusted(html)
	if at := p.Citation.Section; 0 <= at && at < len(lesson.Sections) {
		p.Section = sectionName(lesson.Sections[at])
	}
	for _, place := range found.Places {
		text := place.Source + "/" + place.Path
		if lines := place.Lines.String(); lines != "" {
			text += ":" + lines
		}
		p.Places = append(p.Places, link{text, placeAddress(place.Source, place.Path, place.Lines)})
	}
	if len(p.Places) == 0 {
		p.Nearest = nearest(r, v, found.Nearest, p.Citation)
	}
	return render(w, p.Lang, "citation.html", p)
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
