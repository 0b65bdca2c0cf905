package server

import (
	"bytes"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"

	"github.com/gorilla/mux"

	"navigator/annotations"
	"navigator/indexer"
	"navigator/ui"
)

// The desk shows a lesson beside the code that it cites. Its citations, in
// order, are the stops of a tour:
//
//	/desk/{lesson}?stop=7                       the seventh stop
//	/desk/{lesson}?at=envoy/source/a.cc:10-20   lines that no stop leads to
//
// and view=lesson shows the lesson where there is room for one of both.

// desk is what the page of a file has besides when a lesson lies beside it.
type desk struct {
	Lang              ui.Language
	Lesson            *annotations.Lesson
	Body              template.HTML
	Stops             []stop
	At                *stop // nil when the code is of no stop
	Previous, Next    *stop
	OnLesson          bool   // the lesson shows where there is room for one pane
	ToLesson, ToCode  string // addresses of the two
	Elsewhere         template.HTML
	ElsewhereClass    string // of the page that Elsewhere is the content of
	Diagrams, Checked bool
	Study             *study // nil where no progress is kept, or nothing is to be ticked
}

// stop is a citation of a lesson as a stop of its tour.
type stop struct {
	Number  int    // from 1
	Cite    string // id of the citation in the lesson
	Name    string // of the file or folder, with the lines
	Symbol  string // that the lines are in, "" for none
	Source  string // "" when nothing is found
	Section string
	Address string // of the stop
	Pane    string // address of the page that the code pane shows
	State   string
	Why     string // State in words
	Sound   bool

	place    annotations.Place
	citation int // index in the lesson's Citations
}

// deskAddress returns the address of a stop of a lesson's tour, without
// JavaScript at the first of its lines.
func deskAddress(lesson string, number int, lines indexer.Lines) string {
	address := "/desk/" + escapePath(lesson) + "?stop=" + strconv.Itoa(number)
	if !lines.IsZero() {
		address += "#L" + strconv.Itoa(lines.First)
	}
	return address
}

// stopsOf returns the stops of a lesson's tour: its citations but those that
// are no code of the sources.
func stopsOf(v View, ls links) []stop {
	var all []stop
	for i, c := range ls.lesson.Citations {
		to := ls.Citation(i)
		if to.State == stateForeign {
			continue
		}
		s := stop{Number: len(all) + 1, Cite: citationAnchor(i), Name: c.Raw, Pane: to.Href, State: to.State, Why: to.Title, citation: i}
		if to.State == "" {
			s.State = string(to.Match)
		}
		if 0 <= c.Section && c.Section < len(ls.lesson.Sections) {
			s.Section = sectionName(ls.lesson.Sections[c.Section])
		}
		if place, ok := ls.leads(i); ok {
			s.place, s.Source, s.Name = place, place.Source, shortName(place)
			s.Symbol = symbolAround(v, place)
		}
		s.Sound = to.State == string(annotations.Sound) || to.State == "" && s.Source != ""
		s.Address = deskAddress(ls.lesson.ID, s.Number, s.place.Lines)
		all = append(all, s)
	}
	return all
}

// shortName names a place without the folders above it.
func shortName(p annotations.Place) string {
	name := path.Base(p.Path)
	if strings.HasSuffix(p.Path, "/") || p.Path == "" {
		return name + "/"
	}
	if lines := p.Lines.String(); lines != "" {
		name += ":" + lines
	}
	return name
}

// symbolAround returns the innermost symbol around the first line of a place,
// with the class that it is in.
func symbolAround(v View, p annotations.Place) string {
	file, ok := v.FileIndex(p.Source, p.Path)
	if !ok || p.Lines.IsZero() {
		return ""
	}
	var best *indexer.Symbol
	symbols := v.Symbols(file)
	for i := range symbols {
		s := &symbols[i]
		if int(s.Span.Start.Line) <= p.Lines.First && p.Lines.First <= int(s.Span.End.Line) && s.Kind != indexer.KindNamespace &&
			(best == nil || s.Span.End.Line-s.Span.Start.Line < best.Span.End.Line-best.Span.Start.Line) {
			best = s
		}
	}
	if best == nil {
		return ""
	}
	parts := strings.Split(best.Qualified(), "::")
	return strings.Join(parts[max(0, len(parts)-2):], "::")
}

// deskLinks leads the citations of a lesson to their stops.
type deskLinks struct {
	links
	stops map[int]string // addresses, by citation
}

// Citation implements Links.
func (ls deskLinks) Citation(i int) Link {
	to := ls.links.Citation(i)
	if address, ok := ls.stops[i]; ok {
		to.Href = address
	}
	return to
}

func (s *site) desk(w http.ResponseWriter, r *http.Request, v View) error {
	id, query := mux.Vars(r)["id"], r.URL.Query()
	lesson := v.Course().Lesson(id)
	if lesson == nil {
		return missing("error.lesson", id, nearestLessons(v.Course(), id))
	}
	ls := newLinks(v, preferencesOf(r).language, lesson)
	d := desk{Lang: ls.language, Lesson: lesson, Stops: stopsOf(v, ls), Checked: v.Checked()}
	if len(d.Stops) == 0 && query.Get("at") == "" {
		http.Redirect(w, r, lessonAddress(id, ""), http.StatusSeeOther)
		return nil
	}
	to := deskLinks{ls, map[int]string{}}
	for _, stop := range d.Stops {
		to.stops[stop.citation] = stop.Address
	}
	var err error
	if d.Study, err = s.studying(&to.links); err != nil {
		return err
	}
	body, err := v.LessonHTML(id, withParallels(ls, to))
	if err != nil {
		return err
	}
	d.Body = trusted(body)
	d.Diagrams = ui.HasAsset(ui.Diagrams) && strings.Contains(body, "language-mermaid")
	d.tabs(r.URL)

	place, file := annotations.Place{}, -1
	if at := query.Get("at"); at != "" {
		if place, file = placeAt(v, at); file < 0 {
			return missing("error.file", at, []link{{lesson.Title, "/desk/" + escapePath(id)}})
		}
	} else if len(d.Stops) > 0 {
		n := 1
		if asked := query.Get("stop"); asked != "" {
			if n, err = strconv.Atoi(asked); err != nil || n < 1 || n > len(d.Stops) {
				return missing("error.stop", asked, []link{{lesson.Title, "/desk/" + escapePath(id)}})
			}
		}
		d.stand(n)
		d.Body = template.HTML(strings.Replace(string(d.Body), ` id="`+d.At.Cite+`"`, ` id="`+d.At.Cite+`" aria-current="true"`, 1))
		place = d.At.place
		if i, ok := v.FileIndex(place.Source, place.Path); ok {
			file = i
		}
	}
	if file >= 0 {
		return s.showFile(w, r, v, file, place.Lines, &d)
	}
	if err := s.elsewhere(r, v, &d); err != nil {
		return err
	}
	p := s.newFilePage(r, indexer.Source{}, indexer.File{}, indexer.Lines{})
	s.onDesk(&p, &d)
	return writeFile(w, p, nil, listing{})
}

// stand stands at the stop of that number.
func (d *desk) stand(n int) {
	d.At = &d.Stops[n-1]
	if n > 1 {
		d.Previous = &d.Stops[n-2]
	}
	if n < len(d.Stops) {
		d.Next = &d.Stops[n]
	}
}

// tabs says which pane shows where there is room for one, and how to come to
// the other.
func (d *desk) tabs(address *url.URL) {
	query := address.Query()
	d.OnLesson = query.Get("view") == "lesson" || query.Get("view") == "" && query.Get("stop") == "" && query.Get("at") == ""
	with := func(view string) string {
		query.Set("view", view)
		return "?" + query.Encode()
	}
	d.ToLesson, d.ToCode = with("lesson"), with("code")
}

// placeAt reads "source/path" and "source/path:10-20", and returns the file's
// position too, -1 when there is none.
func placeAt(v View, at string) (annotations.Place, int) {
	name, lines := at, indexer.Lines{}
	if i := strings.LastIndexByte(at, ':'); i >= 0 {
		if parsed, ok := parseLines(at[i+1:]); ok {
			name, lines = at[:i], parsed
		}
	}
	source, path, _ := strings.Cut(name, "/")
	file, ok := v.FileIndex(source, path)
	if !ok {
		return annotations.Place{}, -1
	}
	return annotations.Place{Source: source, Path: path, Lines: lines}, file
}

// elsewhere fills the code pane at a stop that leads to no file: with the page
// of a folder, or with what the sources have for a citation that is not sound.
func (s *site) elsewhere(r *http.Request, v View, d *desk) error {
	if d.At == nil {
		return nil
	}
	var b bytes.Buffer
	var err error
	templates := ui.Templates(d.Lang)
	if source, ok := sourceOf(v, d.At.Source); ok && strings.HasSuffix(d.At.place.Path, "/") {
		var p folderPage
		if p, err = s.newFolderPage(r, v, source, d.At.place.Path); err == nil {
			err = templates.ExecuteTemplate(&b, "folder-body", p)
		}
		d.ElsewhereClass = "folder"
	} else {
		var p citationPage
		if p, err = s.newCitationPage(r, v, d.Lesson, d.At.citation); err == nil {
			err = templates.ExecuteTemplate(&b, "citation-body", p)
		}
		d.ElsewhereClass = "citation-page"
	}
	d.Elsewhere = template.HTML(b.String())
	return err
}

// onDesk puts a file's page on the desk.
func (s *site) onDesk(p *filePage, d *desk) {
	p.Desk = d
	p.Title = d.Lesson.Title
	switch {
	case d.At != nil:
		p.Title = d.At.Name + " · " + d.Lesson.Title
	case p.Name != "":
		p.Title = p.Brief + " · " + d.Lesson.Title
	}
	p.Early = []string{"page/desk/early.js"}
	p.Styles = append(p.Styles, "component/compare/compare.css", "page/citation/citation.css", "page/folder/folder.css", "page/desk/desk.css", "component/study/study.css")
	p.Scripts[0] = "page/desk/desk.js" // which has that of files
	p.Scripts = append(p.Scripts, "component/study/study.js")
	if d.Diagrams {
		p.Styles = append(p.Styles, "component/diagram/diagram.css")
		p.First = []string{"component/diagram/diagram.js"}
	}
}
