package server

import (
	"cmp"
	"html/template"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// parallel is two citations that a document sets against each other.
type parallel struct {
	A, B   int // indexes in the document's Citations
	Origin parallelOrigin
}

// parallelOrigin says what makes a parallel.
type parallelOrigin string

const (
	byHand    parallelOrigin = "hand"    // a line "Comparar: `a.cc:1-2` con `b.rs:3-4`"
	byRow     parallelOrigin = "row"     // one row of a table cites different sources
	bySection parallelOrigin = "section" // one section of a comparison does
)

var (
	// handWritten begins a line that names what to compare.
	handWritten = regexp.MustCompile(`^[ \t]*(?:[-*+>][ \t]+)?[*_]*(?i:comparar|compárese|compare)[*_]*[ \t]*:`)
	// comparing is in the titles of lessons and sections that compare.
	comparing = regexp.MustCompile(`(?i)\bcompar|\bvs\b|\bversus\b|\bfrente a\b|\bdiferencias?\b`)
	// contrasting is in the prose of what compares.
	contrasting = regexp.MustCompile(`(?i)\b(?:amb[oa]s|l[oa]s dos|mientras que|en cambio|a diferencia|equivalentes?|por su parte|igual que|both|whereas|unlike)\b`)
	// notProse is what a line has that is no prose: code, and where links lead.
	notProse = regexp.MustCompile("`[^`]*`|\\]\\([^)]*\\)")
)

// parallelsOf returns what a document sets against each other, in its order:
// whatever it says so of by hand; else places of two sources in one row of a
// table, or the first of each source in one section of a comparison.
func parallelsOf(ls links) []parallel {
	var all []parallel
	taken := map[int]bool{}
	add := func(of []int, origin parallelOrigin) {
		all = append(all, parallel{of[0], of[1], origin})
		taken[of[0]], taken[of[1]] = true, true
	}
	lines := strings.Split(string(ls.lesson.Text), "\n")
	written, rows, sections := map[int][]int{}, map[int][]int{}, map[int][]int{}
	for i, c := range ls.lesson.Citations {
		line := int(c.Span.Start.Line)
		if at := writtenAt(lines, c); at > 0 {
			written[at] = append(written[at], i)
		} else if c.Form == annotations.Table {
			rows[line] = append(rows[line], i)
		} else {
			sections[c.Section] = append(sections[c.Section], i)
		}
	}
	for _, of := range written {
		if of = slices.DeleteFunc(of, func(i int) bool { return !ls.showsCode(i) }); len(of) == 2 {
			add(of, byHand)
		}
	}
	for _, of := range rows {
		if two := ls.oneOfEach(of, taken); two != nil {
			add(two, byRow)
		}
	}
	for section, of := range sections {
		if two := ls.oneOfEach(of, taken); two != nil && ls.compares(section, two) {
			add(two, bySection)
		}
	}
	slices.SortFunc(all, func(a, b parallel) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
	return all
}

// writtenAt returns the line of "Comparar:" that a citation belongs to: its own,
// or the one before in the same paragraph; 0 for none.
func writtenAt(lines []string, c annotations.Citation) int {
	for n := int(c.Span.Start.Line); n >= max(c.Prose.First, int(c.Span.Start.Line)-1) && n > 0 && n <= len(lines); n-- {
		if handWritten.MatchString(lines[n-1]) {
			return n
		}
	}
	return 0
}

// showsCode says whether a citation leads to one file.
func (ls links) showsCode(i int) bool { return ls.sharpness(i) > folderShown }

// How sharply a citation shows code.
const (
	nothingShown = iota
	folderShown
	fileShown
	linesShown
)

func (ls links) sharpness(i int) int {
	place, ok := ls.leads(i)
	switch {
	case !ok || place.Path == "":
		return nothingShown
	case strings.HasSuffix(place.Path, "/"):
		return folderShown
	case place.Lines.IsZero():
		return fileShown
	}
	return linesShown
}

// oneOfEach returns the first citations of two sources, those that show code
// most sharply first; nil unless there are exactly two sources, and a file of
// one.
func (ls links) oneOfEach(of []int, taken map[int]bool) []int {
	var names []string
	best := map[string]int{}
	file := false
	for _, i := range of {
		if taken[i] || ls.sharpness(i) == nothingShown {
			continue
		}
		place, _ := ls.leads(i)
		known, ok := best[place.Source]
		if !ok {
			names = append(names, place.Source)
		}
		if !ok || ls.sharpness(i) > ls.sharpness(known) {
			best[place.Source] = i
		}
		file = file || ls.showsCode(i)
	}
	if len(names) != 2 || !file {
		return nil
	}
	two := []int{best[names[0]], best[names[1]]}
	slices.Sort(two)
	return two
}

// compares says whether a section sets two citations against each other: its
// own title says so; or its lesson's does, and its prose names a source of
// theirs or contrasts things.
func (ls links) compares(section int, two []int) bool {
	if section < 0 || section >= len(ls.lesson.Sections) {
		return false
	}
	s := ls.lesson.Sections[section]
	if s.Role != annotations.Content || s.Level <= 1 {
		return false
	}
	if comparing.MatchString(s.Title) {
		return true
	}
	whole := strings.NewReplacer("_", " ", "/", " ").Replace(strings.Join([]string{ls.lesson.ID, ls.lesson.Title, ls.lesson.Module, ls.lesson.Topic}, " "))
	if !comparing.MatchString(whole) {
		return false
	}
	said := strings.ToLower(ls.prose(section))
	return contrasting.MatchString(said) || slices.ContainsFunc(two, func(i int) bool {
		place, _ := ls.leads(i)
		return strings.Contains(said, strings.ToLower(place.Source))
	})
}

// prose returns what a section says before its first subsection, code left out.
func (ls links) prose(section int) string {
	lines := strings.Split(string(ls.lesson.Text), "\n")
	own := ls.lesson.Sections[section].Lines
	for _, s := range ls.lesson.Sections[section+1:] {
		if own.Contains(s.Lines.First) {
			own.Last = s.Lines.First - 1
			break
		}
	}
	var b strings.Builder
	fenced := false
	for n := max(own.First, 1); n <= min(own.Last, len(lines)); n++ {
		line := strings.TrimSpace(lines[n-1])
		switch {
		case strings.HasPrefix(line, "```"), strings.HasPrefix(line, "~~~"):
			fenced = !fenced
		case !fenced:
			b.WriteString(notProse.ReplaceAllString(line, " ") + "\n")
		}
	}
	return b.String()
}

// parallelAddress returns the address of the page of two citations.
func parallelAddress(lesson string, p parallel) string {
	return "/parallel?" + url.Values{"lesson": {lesson}, "a": {strconv.Itoa(p.A)}, "b": {strconv.Itoa(p.B)}}.Encode()
}

// parallelLinks adds to the citations of a document the links to its parallels.
type parallelLinks struct {
	Links
	beside map[int]string
	label  string
}

// withParallels returns the links of a document with those to its parallels.
func withParallels(ls links, to Links) Links {
	all := parallelLinks{to, map[int]string{}, ls.language.T("parallel.link")}
	for _, p := range parallelsOf(ls) {
		all.beside[p.B] = parallelAddress(ls.lesson.ID, p)
	}
	return all
}

// Citation implements Links.
func (ls parallelLinks) Citation(i int) Link {
	to := ls.Links.Citation(i)
	if address, ok := ls.beside[i]; ok {
		to.Parallel, to.ParallelLabel = address, ls.label
	}
	return to
}

// parallelPage shows two places that a lesson sets against each other, each
// with what the course says of it.
type parallelPage struct {
	page
	Lesson  *annotations.Lesson
	Section string
	Back    string // to the second citation
	Prose   []template.HTML
	Panes   []pane
}

// pane is a piece of code with its explanations.
type pane struct {
	Source  string
	Name    string // of the file, with the lines
	Path    string
	Symbol  string
	Address string
	Code    template.HTML
	More    int    // lines beyond those shown
	Files   []link // of a folder, instead of code
	Cards   []card
}

// What a pane shows.
const (
	parallelLines = 60 // of code
	parallelFiles = 24 // of a folder
)

func (s *site) parallel(w http.ResponseWriter, r *http.Request, v View) error {
	query := r.URL.Query()
	if query.Get("lesson") == "" {
		return s.parallels(w, r, v)
	}
	id := query.Get("lesson")
	lesson := v.Course().Lesson(id)
	if lesson == nil {
		return missing("error.lesson", id, nearestLessons(v.Course(), id))
	}
	two := make([]int, 2)
	p := parallelPage{page: s.newPage(r, "parallel", ""), Lesson: lesson}
	ls := newLinks(v, p.Lang, lesson)
	for i, name := range []string{"a", "b"} {
		n, err := strconv.Atoi(query.Get(name))
		if err != nil || n < 0 || n >= len(lesson.Citations) || ls.sharpness(n) == nothingShown {
			return missing("error.citation", query.Get(name), []link{{lesson.Title, lessonAddress(id, "")}})
		}
		two[i] = n
	}
	shown := map[indexer.Lines]bool{}
	for _, n := range two {
		prose := lesson.Citations[n].Prose
		if !shown[prose] {
			shown[prose] = true
			if prose = aboveFence(lesson, prose); prose.IsZero() {
				continue
			}
			html, err := v.FragmentHTML(id, prose, ls)
			if err != nil {
				return err
			}
			p.Prose = append(p.Prose, trusted(html))
		}
	}
	for _, n := range two {
		next, err := s.newPane(v, ls, n, shown)
		if err != nil {
			return err
		}
		p.Panes = append(p.Panes, next)
	}
	p.Title = p.Panes[0].label() + " · " + p.Panes[1].label()
	p.Back = lessonAddress(id, citationAnchor(two[1]))
	if at := lesson.Citations[two[1]].Section; 0 <= at && at < len(lesson.Sections) {
		p.Section = sectionName(lesson.Sections[at])
	}
	p.Styles = append(p.Styles, "component/prose/prose.css", "component/code/code.css", "component/names/names.css", "component/card/card.css")
	return render(w, p.Lang, "parallel.html", p)
}

// aboveFence returns the lines of a passage without the excerpt that it may end
// with, which the panes show as it is.
func aboveFence(lesson *annotations.Lesson, prose indexer.Lines) indexer.Lines {
	for _, e := range lesson.Excerpts {
		if prose.Contains(e.Lines.First) {
			prose.Last = min(prose.Last, e.Lines.First-1)
		}
	}
	if prose.Last < prose.First {
		return indexer.Lines{}
	}
	return prose
}

func (p pane) label() string { return cmp.Or(p.Symbol, p.Name) }

// newPane shows the place that a citation leads to, with the annotations on it
// but those whose words are shown already.
func (s *site) newPane(v View, ls links, citation int, shown map[indexer.Lines]bool) (pane, error) {
	place, _ := ls.leads(citation)
	if strings.HasSuffix(place.Path, "/") {
		return folderPane(v, place), nil
	}
	file, ok := v.FileIndex(place.Source, place.Path)
	if !ok {
		return pane{}, missing("error.file", place.Source+"/"+place.Path, nil)
	}
	p := pane{Source: place.Source, Path: place.Path, Name: shortName(place), Symbol: symbolAround(v, place),
		Address: placeAddress(place.Source, place.Path, place.Lines)}
	lines := aroundLines(v, file, cmp.Or(place.Lines, ls.shownBy(citation, place)))
	p.More = max(0, lines.Last-lines.First+1-parallelLines)
	lines.Last -= p.More
	var err error
	var cited indexer.Span // a line of what is shown
	if place.Lines.First > lines.First {
		cited.Start.Line = int32(place.Lines.First)
	}
	if p.Code, err = linesHTML(v, file, lines, cited); err != nil {
		return p, err
	}
	rendered := map[string]links{}
	for _, a := range v.Annotations(place.Source, place.Path) {
		if a.Lines.First > lines.Last || a.Lines.Last < lines.First || a.Lesson == ls.lesson.ID && shown[a.Prose] {
			continue
		}
		c, err := newCard(v, ls.language, a, rendered)
		if err != nil {
			return p, err
		}
		p.Cards = append(p.Cards, c)
	}
	return p, nil
}

// folderPane lists the files of a folder, those of its own first.
func folderPane(v View, place annotations.Place) pane {
	p := pane{Source: place.Source, Path: place.Path, Name: shortName(place), Address: placeAddress(place.Source, place.Path, indexer.Lines{})}
	files := slices.Clone(filesUnder(v, place.Source, place.Path))
	slices.SortStableFunc(files, func(a, b indexer.File) int {
		return cmp.Compare(strings.Count(a.Path, "/"), strings.Count(b.Path, "/"))
	})
	for _, f := range files[:min(len(files), parallelFiles)] {
		p.Files = append(p.Files, link{strings.TrimPrefix(f.Path, place.Path), placeAddress(f.Source, f.Path, indexer.Lines{})})
	}
	return p
}

// wholeFunction is the length in lines of a function that is shown whole where
// one line of it is cited.
const wholeFunction = 40

// firstDefinition returns the line on which the first type or function of a file
// begins, 1 when it has none: what comes before is no news to anyone.
func firstDefinition(symbols []indexer.Symbol) int {
	for _, s := range symbols {
		switch s.Kind {
		case indexer.KindNamespace, indexer.KindModule, indexer.KindPackage, indexer.KindAlias, indexer.KindMacro, indexer.KindVariable, indexer.KindConstant:
		default:
			if s.Definition {
				return int(s.Span.Start.Line)
			}
		}
	}
	return 1
}

// shownBy returns the lines of the symbol that an excerpt shows whose citation
// leads to a whole file; zero when it is none of that file.
func (ls links) shownBy(citation int, place annotations.Place) indexer.Lines {
	at := ls.lesson.Citations[citation].Span.Start.Line
	for i, e := range ls.lesson.Excerpts {
		found := ls.excerpt(i)
		if found == nil || !e.Lines.Contains(int(at)) {
			continue
		}
		for _, s := range found.Symbols {
			if s.Source == place.Source && s.Path == place.Path {
				return s.Lines
			}
		}
	}
	return indexer.Lines{}
}

// aroundLines returns the lines to show for those that are cited: all of a
// symbol of which one line is, and of a file of which none are those from its
// first type or function on.
func aroundLines(v View, file int, cited indexer.Lines) indexer.Lines {
	end := max(1, countLines(v.Text(file)))
	if cited.IsZero() {
		return indexer.Lines{First: min(firstDefinition(v.Symbols(file)), end), Last: end}
	}
	shown := indexer.Lines{First: cited.First, Last: min(cited.Last, end)}
	if cited.First < cited.Last {
		return shown
	}
	for _, s := range v.Symbols(file) {
		whole, head := s.Span.Lines(), indexer.Lines{First: int(s.Span.Start.Line), Last: int(s.HeadEnd.Line)}
		if !whole.Contains(cited.First) || s.Kind == indexer.KindNamespace || s.Kind == indexer.KindModule {
			continue
		}
		if head.Contains(cited.First) || whole.Last-whole.First < wholeFunction {
			shown = whole // the innermost comes last
		}
	}
	return shown
}

// parallelsPage lists what the course sets against each other.
type parallelsPage struct {
	page
	Lessons []parallelLesson
}

// parallelLesson is the parallels of one document.
type parallelLesson struct {
	Title, Address string
	Parallels      []parallelEntry
}

// parallelEntry is a parallel as lists show it.
type parallelEntry struct {
	A, B    string
	Topic   string // what heads its row, else the section
	Address string
}

func (s *site) parallels(w http.ResponseWriter, r *http.Request, v View) error {
	p := parallelsPage{page: s.newPage(r, "parallel", "")}
	p.Title = p.Lang.T("parallel.all")
	for _, lesson := range v.Course().Documents() {
		ls := newLinks(v, p.Lang, lesson)
		if entries := parallelEntries(v, ls); len(entries) > 0 {
			p.Lessons = append(p.Lessons, parallelLesson{lesson.Title, lessonAddress(lesson.ID, ""), entries})
		}
	}
	return render(w, p.Lang, "parallels.html", p)
}

func parallelEntries(v View, ls links) []parallelEntry {
	var all []parallelEntry
	for _, p := range parallelsOf(ls) {
		all = append(all, newParallelEntry(v, ls, p))
	}
	return all
}

func newParallelEntry(v View, ls links, p parallel) parallelEntry {
	e := parallelEntry{A: nameOfPlace(v, ls, p.A), B: nameOfPlace(v, ls, p.B), Address: parallelAddress(ls.lesson.ID, p)}
	if p.Origin == byRow {
		e.Topic = rowHead(ls.lesson, ls.lesson.Citations[p.B].Span.Start.Line)
	}
	if at := ls.lesson.Citations[p.B].Section; e.Topic == "" && 0 <= at && at < len(ls.lesson.Sections) {
		e.Topic = sectionName(ls.lesson.Sections[at])
	}
	return e
}

// rowHead returns the first cell of a row of a table, "" when it is code.
func rowHead(lesson *annotations.Lesson, line int32) string {
	row, _, _ := strings.Cut(string(skipLines(lesson.Text, int(line)-1)), "\n")
	head, _, _ := strings.Cut(strings.TrimLeft(row, " \t|"), "|")
	if strings.Contains(head, "`") {
		return ""
	}
	return strings.Trim(head, " \t*_")
}

// nameOfPlace names where a citation leads: the symbol there, else the file.
func nameOfPlace(v View, ls links, citation int) string {
	place, _ := ls.leads(citation)
	return cmp.Or(symbolAround(v, place), shortName(place))
}
