package server

import (
	"html/template"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"navigator/annotations"
	"navigator/indexer"
	"navigator/ui"
)

// lessonPage is the page of a lesson.
type lessonPage struct {
	page
	Lesson         *annotations.Lesson
	Contents       []heading
	Body           template.HTML
	Previous, Next *lessonLink
	Prerequisites  []prerequisite
	Problems       []problem
	Cited          []citedFile
	Unresolved     []unresolved
	Foreign        []unresolved // what is no code of the sources, nor meant to be
	Tally          tally
	Legend         []legend
	Notes          []noteCard // that belong to the lesson
	Study          *study     // nil where no progress is kept, or nothing is to be ticked
	Diagrams       bool       // the page has diagrams, and what draws them is there
	Desk           string     // address of the lesson beside its code
	Stops          int        // of its tour
	Print          string     // address of the lesson with its live code, "" when that shows
	Live           []liveCode
}

// prerequisite is an entry of the header block: words, or a Markdown link.
type prerequisite struct {
	Text    string
	Address string // of the lesson that it links to, "" when it links to none
}

var markdownLink = regexp.MustCompile(`^\[([^\]]+)\]\(([^)\s#]+)(?:#[^)]*)?\)$`)

// prerequisites reads the entries of a lesson's header block.
func prerequisites(course *annotations.Course, lesson *annotations.Lesson) []prerequisite {
	var all []prerequisite
	for _, entry := range lesson.Prerequisites {
		p := prerequisite{Text: entry}
		if m := markdownLink.FindStringSubmatch(entry); m != nil {
			p.Text = m[1]
			if to := course.Lesson(strings.TrimSuffix(path.Join(path.Dir(lesson.Path), m[2]), ".md")); to != nil {
				p.Text, p.Address = to.Title, lessonAddress(to.ID, "")
			}
		}
		all = append(all, p)
	}
	return all
}

// problem is something wrong with a lesson, in words.
type problem struct {
	Line int // 0 for the lesson as a whole
	Text string
}

// heading is an entry of a lesson's table of contents.
type heading struct {
	Level        int
	Number, Text string
	Address      string // fragment
	Role         annotations.SectionRole
}

// citedFile is a file or folder that a lesson cites.
type citedFile struct {
	Folder, Name string // of the path, the source's name before it
	Address      string
	Citations    []cited // in order of the lesson
}

// cited is one citation of a file: where it leads, and where it stands.
type cited struct {
	Lines   string // "" for the whole file
	Address string
	Match   annotations.Match
	Beyond  bool
	State   string // once it is checked, in place of Match and Beyond
	Title   string
}

// legend is an entry of the list of marks.
type legend struct{ State, Text string }

// states lists the states of citations in the order of the legend.
var states = []string{
	string(annotations.Sound), string(annotations.Moved), string(annotations.PositionOff), string(annotations.Moved) + unsure,
	string(annotations.PositionOff) + unsure, stateAmbiguous, stateUnknown, stateForeign,
}

// legendOf returns the marks that a lesson has, whose body is html.
func legendOf(ls links, html string) []legend {
	var all []legend
	for _, state := range states {
		if len(ls.verdicts) > 0 && strings.Contains(html, `data-state="`+state+`"`) || slices.ContainsFunc(ls.verdicts, func(v annotations.CitationVerdict) bool { return citationState(&v) == state }) {
			all = append(all, legend{state, ls.language.T("legend." + state)})
		}
	}
	return all
}

// unresolved is a citation that leads to no one place.
type unresolved struct {
	Raw     string
	Address string // of the page that says why
	Match   annotations.Match
	State   string // once it is checked, in place of Match
	Title   string
}

func (s *site) lesson(w http.ResponseWriter, r *http.Request, v View) error {
	id := mux.Vars(r)["id"]
	course := v.Course()
	lesson := course.Lesson(id)
	if lesson == nil {
		return missing("error.lesson", id, nearestLessons(course, id))
	}
	p := lessonPage{
		page:     s.newPage(r, "lesson", lesson.Title),
		Lesson:   lesson,
		Contents: contents(lesson),

		Prerequisites: prerequisites(course, lesson),
	}
	p.Previous, p.Next = neighbours(v, lesson)
	for _, flaw := range lesson.Problems {
		p.Problems = append(p.Problems, problem{flaw.Line, wording(p.Lang, flaw)})
	}
	ls := newLinks(v, p.Lang, lesson)
	var err error
	if p.Study, err = s.studying(&ls); err != nil {
		return err
	}
	to := deskLinks{links: ls}
	if wantsCode(r.URL) {
		if p.Live, to.stops, err = liveCodeOf(v, ls); err != nil {
			return err
		}
	} else if len(lesson.Citations) > 0 {
		p.Print = printAddress(id)
	}
	html, err := v.LessonHTML(id, withParallels(ls, to))
	if err != nil {
		return err
	}
	p.Body = trusted(html)
	p.Desk, p.Stops = "/desk/"+escapePath(id), len(stopsOf(v, ls))
	p.Cited, p.Unresolved = citedFiles(ls)
	if i := slices.IndexFunc(p.Unresolved, func(u unresolved) bool { return u.State == stateForeign }); i >= 0 {
		p.Unresolved, p.Foreign = p.Unresolved[:i], p.Unresolved[i:]
	}
	p.Tally, p.Legend = tallyOf(v, lesson), legendOf(ls, html)
	if p.Notes, err = s.notesOf(v, ls); err != nil {
		return err
	}
	p.Diagrams = ui.HasAsset(ui.Diagrams) && strings.Contains(html, "language-mermaid")
	p.Styles = append(p.Styles, "component/prose/prose.css", "component/code/code.css", "component/compare/compare.css", "component/study/study.css")
	p.Scripts = []string{"page/lesson/lesson.js"}
	if len(p.Notes) > 0 {
		p.Styles = append(p.Styles, "component/note/note.css")
		p.Scripts = append(p.Scripts, "component/note/load.js")
	}
	if p.Diagrams {
		p.Styles = append(p.Styles, "component/diagram/diagram.css")
		p.First = []string{"component/diagram/diagram.js"}
	}
	return render(w, p.Lang, "lesson.html", p)
}

// wording says what is wrong with a lesson.
func wording(l ui.Language, p annotations.Problem) string {
	args := make([]any, len(p.Args))
	for i, arg := range p.Args {
		args[i] = arg
		if p.Kind == annotations.NoPart {
			args[i] = l.T("part." + arg)
		}
	}
	return l.T("problem."+string(p.Kind), args...)
}

// contents returns the headings of levels 2 and 3.
func contents(lesson *annotations.Lesson) []heading {
	var all []heading
	for _, s := range lesson.Sections {
		if s.Level == 2 || s.Level == 3 {
			all = append(all, heading{s.Level, s.Number, s.Title, "#" + s.Anchor, s.Role})
		}
	}
	return all
}

// neighbours returns the lessons before and after one: those that the lessons
// name as next, else those of the reading order.
func neighbours(v View, lesson *annotations.Lesson) (previous, next *lessonLink) {
	course := v.Course()
	at := slices.Index(course.Lessons, lesson)
	if at < 0 {
		return nil, nil
	}
	before, after := at-1, at+1
	for i, other := range course.Lessons {
		if other.Next == lesson.ID {
			before = i
			break
		}
	}
	if i := slices.Index(course.Lessons, course.Lesson(lesson.Next)); i >= 0 {
		after = i
	}
	get := func(i int) *lessonLink {
		if i < 0 || i >= len(course.Lessons) || i == at {
			return nil
		}
		l := newLessonLink(v, course.Lessons[i])
		return &l
	}
	return get(before), get(after)
}

// citedFiles returns what a lesson cites, by file in the order of first
// mention, and the citations that lead to no one file, those that are not meant
// to last.
func citedFiles(ls links) ([]citedFile, []unresolved) {
	var files []citedFile
	var lost []unresolved
	at := map[annotations.Place]int{}
	for i, c := range ls.lesson.Citations {
		to := ls.Citation(i)
		place, ok := ls.leads(i)
		if !ok {
			lost = append(lost, unresolved{c.Raw, to.Href, to.Match, to.State, to.Title})
			continue
		}
		whole := annotations.Place{Source: place.Source, Path: place.Path}
		j, ok := at[whole]
		if !ok {
			j = len(files)
			folder, name := path.Split(place.Source + "/" + strings.TrimSuffix(place.Path, "/"))
			if strings.HasSuffix(place.Path, "/") {
				name += "/"
			}
			at[whole] = j
			files = append(files, citedFile{Folder: folder, Name: name, Address: placeAddress(place.Source, place.Path, indexer.Lines{})})
		}
		f := &files[j]
		entry := cited{c.Cited.String(), to.Href, to.Match, to.Beyond, to.State, to.Title}
		if to.State != "" && !place.Lines.IsZero() {
			entry.Lines = place.Lines.String() // where it is now
		}
		same := func(other cited) bool {
			return other.Lines == entry.Lines && other.Address == entry.Address && other.State == entry.State
		}
		if entry.Lines != "" && !slices.ContainsFunc(f.Citations, same) {
			f.Citations = append(f.Citations, entry)
		}
	}
	slices.SortStableFunc(lost, func(a, b unresolved) int {
		rank := map[bool]int{true: 1}
		return rank[a.State == stateForeign] - rank[b.State == stateForeign]
	})
	return files, lost
}

// nearestLessons returns links to the lessons whose name is in the id, or the
// other way round; to all when there are none.
func nearestLessons(course *annotations.Course, id string) []link {
	var near, all []link
	for _, lesson := range course.Lessons {
		l := link{lesson.Title, lessonAddress(lesson.ID, "")}
		all = append(all, l)
		if strings.Contains(id, path.Base(lesson.ID)) || strings.Contains(lesson.ID, path.Base(id)) {
			near = append(near, l)
		}
	}
	if near == nil {
		return all
	}
	return near
}
