package server

import (
	"context"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"navigator/indexer"
	"navigator/ui"
)

// namePlace is a place in a file that a request asks about.
type namePlace struct {
	file int
	at   indexer.Position
}

// placeAsked returns the place that the parameters source, path, line and col
// name.
func placeAsked(r *http.Request, v View) (namePlace, error) {
	file, err := fileAsked(r, v)
	if err != nil {
		return namePlace{}, err
	}
	values := r.URL.Query()
	line, ok := parseLine(values.Get("line"))
	if !ok {
		return namePlace{}, refused("error.parameter", "line", values.Get("line"))
	}
	col, ok := parseLine(values.Get("col"))
	if !ok {
		return namePlace{}, refused("error.parameter", "col", values.Get("col"))
	}
	return namePlace{file, indexer.Position{Line: int32(line), Col: int32(col)}}, nil
}

// nameAddress returns the address of what a page, such as "/references", says of
// the name at a place.
func nameAddress(page string, v View, file int, at indexer.Position) string {
	f := &v.Files()[file]
	return page + "?source=" + url.QueryEscape(f.Source) + "&path=" + url.QueryEscape(f.Path) +
		"&line=" + strconv.Itoa(int(at.Line)) + "&col=" + strconv.Itoa(int(at.Col))
}

// spotAddress returns the address of a place in a file: of its line, with the
// column that the cursor is put at.
func spotAddress(f *indexer.File, at indexer.Position) string {
	line := strconv.Itoa(int(at.Line))
	return placeAddress(f.Source, f.Path, indexer.Lines{}) + "?lines=" + line + "&col=" + strconv.Itoa(int(at.Col)) + "#L" + line
}

// answerAddress returns the address of an answer.
func answerAddress(v View, a *indexer.Answer) string {
	f := &v.Files()[a.File]
	if isFile(a) {
		return placeAddress(f.Source, f.Path, indexer.Lines{})
	}
	return spotAddress(f, a.Span.Start)
}

// isFile reports whether an answer is a file as a whole.
func isFile(a *indexer.Answer) bool { return a.Reason.Kind == indexer.ReasonFile }

// answerName returns the qualified name of an answer, the path of a file.
func answerName(v View, a *indexer.Answer) string {
	f := &v.Files()[a.File]
	switch {
	case isFile(a):
		return f.Path
	case a.Symbol >= 0:
		return f.Qualified(&v.Symbols(a.File)[a.Symbol])
	}
	return a.Name
}

// isSure reports whether an answer may be followed without asking.
func isSure(a *indexer.Answer) bool { return a.Confidence >= indexer.Sure }

// followed returns the answer that a click on a name goes to, nil when the
// reader has to choose. Nothing is gone to from where a name is defined: its
// uses are asked about there.
func followed(m *indexer.Meaning) *indexer.Answer {
	if len(m.Answers) == 0 || !isSure(&m.Answers[0]) || m.Answers[0].Reason.Kind == indexer.ReasonItself {
		return nil
	}
	for i := range m.Answers {
		if a := &m.Answers[i]; a.Reason.Kind == indexer.ReasonItself && a.Definition {
			return nil
		}
	}
	return &m.Answers[0]
}

// reasonWords says a reason in a language.
func reasonWords(l ui.Language, r indexer.Reason) string {
	if r.Arg == "" {
		return l.T("reason.bare." + string(r.Kind))
	}
	return l.T("reason."+string(r.Kind), r.Arg)
}

// confidenceWords says a confidence in a language.
func confidenceWords(l ui.Language, c indexer.Confidence) string {
	return l.T("confidence." + strings.ReplaceAll(c.String(), " ", "_"))
}

// namePage is the page of a name: what it means, and on its other tabs where it
// is used, what it descends from, and the calls to it.
type namePage struct {
	page
	Name  string
	Place link // where the name stands
	Tabs  []choice
	Card  *nameCard
	Uses  *usesView
	Types *typesView
	Calls *callsView
	Line  *lineNames
}

// nameTab is a tab of a name's page.
type nameTab struct{ name, address, more string }

var nameTabs = []nameTab{
	{"definition", "/definition", ""},
	{"references", "/references", ""},
	{"types", "/hierarchy", "&kind=types"},
	{"calls", "/hierarchy", "&kind=calls"},
}

// tabsOf returns the tabs that make sense for a name: a local has no hierarchy,
// a class no calls.
func tabsOf(m *indexer.Meaning) []nameTab {
	if len(m.Answers) == 0 {
		return nameTabs[:2]
	}
	a := &m.Answers[0]
	if a.Local != indexer.NotLocal || isFile(a) {
		return nameTabs[:2]
	}
	switch a.Kind {
	case indexer.KindClass, indexer.KindStruct, indexer.KindUnion, indexer.KindEnum, indexer.KindTrait, indexer.KindAlias:
		return nameTabs[:3]
	case indexer.KindFunction, indexer.KindMethod, indexer.KindConstructor, indexer.KindDestructor, indexer.KindMacro, indexer.KindTest, indexer.KindRPC:
		return nameTabs
	}
	return nameTabs[:2]
}

// newNamePage returns the page of a name without what its tab shows.
func (s *site) newNamePage(r *http.Request, v View, p namePlace, m *indexer.Meaning, tab string) namePage {
	page := namePage{page: s.newPage(r, "name", m.Name), Name: m.Name}
	page.Styles = append(page.Styles, "component/code/code.css", "component/prose/prose.css", "component/names/names.css")
	f := &v.Files()[p.file]
	page.Place = link{f.Source + "/" + f.Path + ":" + strconv.Itoa(int(p.at.Line)), spotAddress(f, p.at)}
	for _, t := range tabsOf(m) {
		page.Tabs = append(page.Tabs, choice{t.name, nameAddress(t.address, v, p.file, p.at) + t.more, t.name == tab})
	}
	return page
}

// nameAt returns the place and the meaning of the name that a request asks
// about. Where no name stands there is none to show.
func nameAt(r *http.Request, v View) (namePlace, indexer.Meaning, error) {
	p, err := placeAsked(r, v)
	if err != nil {
		return p, indexer.Meaning{}, err
	}
	m := v.Meaning(p.file, p.at)
	if m.Name == "" {
		f := &v.Files()[p.file]
		here := f.Source + "/" + f.Path + ":" + strconv.Itoa(int(p.at.Line))
		return p, m, missing("error.name", here+":"+strconv.Itoa(int(p.at.Col)), []link{{here, spotAddress(f, p.at)}})
	}
	return p, m, nil
}

// definition shows what a name means. Without a column it shows the names of a
// line.
func (s *site) definition(w http.ResponseWriter, r *http.Request, v View) error {
	if r.URL.Query().Get("col") == "" {
		return s.lineNames(w, r, v)
	}
	p, m, err := nameAt(r, v)
	if err != nil {
		return err
	}
	page := s.newNamePage(r, v, p, &m, "definition")
	page.Card, err = newNameCard(r.Context(), v, page.Lang, p, &m)
	if err != nil {
		return err
	}
	return render(w, page.Lang, "name.html", page)
}

func (s *site) references(w http.ResponseWriter, r *http.Request, v View) error {
	p, m, err := nameAt(r, v)
	if err != nil {
		return err
	}
	most, err := mostAsked(r)
	if err != nil {
		return err
	}
	page := s.newNamePage(r, v, p, &m, "references")
	found := v.References(r.Context(), p.file, p.at)
	if err := r.Context().Err(); err != nil {
		return err
	}
	page.Uses = newUsesView(v, page.Lang, p, &found, most)
	return render(w, page.Lang, "name.html", page)
}

// hierarchy shows what a type or method descends from, or the calls of a
// function.
func (s *site) hierarchy(w http.ResponseWriter, r *http.Request, v View) error {
	kind := r.URL.Query().Get("kind")
	if kind != "" && kind != "types" && kind != "calls" {
		return refused("error.parameter", "kind", kind)
	}
	p, m, err := nameAt(r, v)
	if err != nil {
		return err
	}
	if kind == "calls" {
		page := s.newNamePage(r, v, p, &m, kind)
		found := v.Calls(r.Context(), p.file, p.at)
		if err := r.Context().Err(); err != nil {
			return err
		}
		page.Calls = newCallsView(v, page.Lang, &found)
		return render(w, page.Lang, "name.html", page)
	}
	page := s.newNamePage(r, v, p, &m, "types")
	found := v.Types(r.Context(), p.file, p.at)
	if err := r.Context().Err(); err != nil {
		return err
	}
	page.Types = newTypesView(v, page.Lang, &found)
	return render(w, page.Lang, "name.html", page)
}

// previewPage is some lines of a file around a name.
type previewPage struct {
	Lang  ui.Language
	Place link
	Code  template.HTML
}

// previewLines is how many lines a preview shows above and below a name.
const previewLines = 8

// preview shows the lines around a name, for a page to show beside its own.
func (s *site) preview(w http.ResponseWriter, r *http.Request, v View) error {
	p, err := placeAsked(r, v)
	if err != nil {
		return err
	}
	f, line := &v.Files()[p.file], int(p.at.Line)
	name := v.Meaning(p.file, p.at).Span
	html, err := linesHTML(v, p.file, indexer.Lines{First: max(line-previewLines, 1), Last: line + previewLines}, name)
	if err != nil {
		return err
	}
	here := link{f.Source + "/" + f.Path + ":" + strconv.Itoa(line), spotAddress(f, p.at)}
	l := preferencesOf(r).language
	return render(w, l, "preview.html", previewPage{l, here, html})
}

// countPatience is how long a card waits for the number of references.
const countPatience = 150 * time.Millisecond

// countUses returns the references of a name as far as they are found in a
// moment, and whether those are all.
func countUses(ctx context.Context, v View, p namePlace) (indexer.References, bool) {
	ctx, cancel := context.WithTimeout(ctx, countPatience)
	defer cancel()
	found := v.References(ctx, p.file, p.at)
	return found, ctx.Err() == nil
}

// The most lines that a list of uses shows, unless its address asks for more.
const (
	someUses = 100 // of a role
	manyUses = 5000
)

// mostAsked returns how many uses of a role are to be shown.
func mostAsked(r *http.Request) (int, error) {
	asked := r.URL.Query().Get("limit")
	if asked == "" {
		return someUses, nil
	}
	n, err := strconv.Atoi(asked)
	if err != nil || n < 1 {
		return 0, refused("error.parameter", "limit", asked)
	}
	return min(n, manyUses), nil
}
