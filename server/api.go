package server

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"navigator/annotations"
	"navigator/indexer"
	"navigator/ui"
)

// The API describes itself in openapi.yaml, which is checked against the
// routes, the parameters and the answers.

//go:embed openapi.yaml
var openAPI []byte

func serveOpenAPI(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Write(openAPI)
}

type apiError struct {
	Error apiFailure `json:"error"`
}

type apiFailure struct {
	Kind    kind   `json:"kind"`
	Message string `json:"message"`
	Nearest []link `json:"nearest,omitempty"`
}

type apiSourceList struct {
	Snapshot string      `json:"snapshot"` // ID of the view
	Created  time.Time   `json:"created"`
	Sources  []apiSource `json:"sources"`
}

type apiSource struct {
	Name      string                   `json:"name"`
	Upstream  string                   `json:"upstream"`
	Revision  string                   `json:"revision"`
	Files     int                      `json:"files"`
	Bytes     int                      `json:"bytes"`
	Modified  int                      `json:"modified"`
	Languages map[indexer.Language]int `json:"languages"` // files
	Skipped   apiSkips                 `json:"skipped"`
	Address   string                   `json:"url"`
}

type apiSkips struct {
	Links  int `json:"links"`
	Large  int `json:"large"`
	Binary int `json:"binary"`
}

func apiSources(w http.ResponseWriter, r *http.Request, v View) error {
	list := apiSourceList{Snapshot: v.ID(), Created: v.Created(), Sources: []apiSource{}}
	for _, info := range describeSources(v) {
		source := apiSource{
			Name: info.Name, Upstream: info.URL, Revision: info.Revision,
			Files: info.Files, Bytes: info.Bytes, Modified: info.Modified,
			Languages: map[indexer.Language]int{}, Skipped: apiSkips(info.Skipped), Address: info.Address,
		}
		for _, l := range info.Languages {
			source.Languages[l.Language] = l.Files
		}
		list.Sources = append(list.Sources, source)
	}
	return writeJSON(w, http.StatusOK, list)
}

type apiResults[T any] struct {
	Kind    string `json:"kind"`
	Query   string `json:"query"`
	Limited bool   `json:"limited"` // there may be more
	Results []T    `json:"results"`
}

// apiSearch answers a search of one kind, of symbols when none is named. The
// results of a text search are written as they are found, one JSON object a
// line.
// listed are the kinds that a search without a query lists.
var listed = map[string]bool{"lesson": true, "note": true, "term": true}

func apiSearch(w http.ResponseWriter, r *http.Request, v View) error {
	request, err := parseSearch(r.URL.Query(), 20)
	if err != nil {
		return err
	}
	if request.Text == "" && !listed[request.What] {
		return refused("error.parameter", "q", "")
	}
	ctx, q := r.Context(), request.Query
	switch request.What {
	case "text":
		return streamText(w, r, v, q)
	case "file":
		found, err := findFiles(ctx, v, q)
		return writeResults(w, request, found, err)
	case "lesson":
		found, err := findLessons(ctx, v, q)
		return writeResults(w, request, found, err)
	case "note":
		found, err := findNotes(ctx, v, q)
		return writeResults(w, request, found, err)
	case "term":
		found, err := findTerms(ctx, v, q)
		return writeResults(w, request, found, err)
	case everyKind:
		return writeGroups(w, r, v, request)
	default:
		request.What = "symbol"
		found, err := findSymbols(ctx, v, q)
		return writeResults(w, request, found, err)
	}
}

func writeResults[T any](w http.ResponseWriter, s searchRequest, found []T, err error) error {
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, apiResults[T]{s.What, s.Text, len(found) >= s.Limit, found})
}

func streamText(w http.ResponseWriter, r *http.Request, v View, q Query) error {
	encoder := json.NewEncoder(w)
	control := http.NewResponseController(w)
	begun := false
	write := func(value any) error {
		if !begun {
			w.Header().Set("Content-Type", "application/x-ndjson")
			forget(w)
			begun = true
		}
		if err := encoder.Encode(value); err != nil {
			return err
		}
		return control.Flush()
	}
	total, err := findText(r.Context(), v, q, func(t textResult) error { return write(t) })
	switch {
	case err == nil:
		return write(total)
	case !begun:
		return err
	}
	f := asFailure(err)
	write(apiError{apiFailure{f.kind, ui.English.T(f.key, f.args...), nil}}) // an error means that the reader has left
	return nil
}

type apiFileContent struct {
	Source   string           `json:"source"`
	Path     string           `json:"path"`
	Language indexer.Language `json:"language"`
	Hash     string           `json:"hash"`
	Size     int              `json:"size"`
	Lines    int              `json:"lines"`
	Revision string           `json:"revision"`
	Modified bool             `json:"modified"`
	Text     string           `json:"text"`
	Address  string           `json:"url"`
}

type apiFolder struct {
	Source  string     `json:"source"`
	Path    string     `json:"path"`
	Entries []apiEntry `json:"entries"`
	Address string     `json:"url"`
}

type apiEntry struct {
	Name    string `json:"name"` // a folder's ends in "/"
	Files   int    `json:"files"`
	Size    int    `json:"size"`
	Address string `json:"url"`
}

// apiFile answers with a file, or with what is in a folder.
func apiFile(w http.ResponseWriter, r *http.Request, v View) error {
	name, path := mux.Vars(r)["source"], mux.Vars(r)["path"]
	source, ok := sourceOf(v, name)
	if !ok {
		return missing("error.source", name, sourceLinks(v))
	}
	if i, ok := v.FileIndex(name, path); ok {
		f, text := v.Files()[i], v.Text(i)
		return writeJSON(w, http.StatusOK, apiFileContent{
			Source: name, Path: path, Language: f.Language, Hash: f.Hash.String(), Size: f.Size, Lines: countLines(text),
			Revision: source.Revision, Modified: f.Modified, Text: string(text), Address: placeAddress(name, path, indexer.Lines{}),
		})
	}
	folder := asFolder(path)
	files := filesUnder(v, name, folder)
	if len(files) == 0 {
		return missing("error.file", name+"/"+path, nearestFiles(r, v, name, path))
	}
	answer := apiFolder{Source: name, Path: folder, Entries: []apiEntry{}, Address: placeAddress(name, folder, indexer.Lines{})}
	for _, e := range entries(v, name, folder, files) {
		answer.Entries = append(answer.Entries, apiEntry{e.Name, e.Files, e.Size, e.Address})
	}
	return writeJSON(w, http.StatusOK, answer)
}

// fileAsked returns the file that the parameters source and path name.
func fileAsked(r *http.Request, v View) (int, error) {
	source, path := r.URL.Query().Get("source"), r.URL.Query().Get("path")
	if _, ok := sourceOf(v, source); !ok {
		return 0, missing("error.source", source, sourceLinks(v))
	}
	i, ok := v.FileIndex(source, path)
	if !ok {
		return 0, missing("error.file", source+"/"+path, nearestFiles(r, v, source, path))
	}
	return i, nil
}

type apiSymbolList struct {
	Source  string         `json:"source"`
	Path    string         `json:"path"`
	Symbols []symbolResult `json:"symbols"`
}

func apiSymbols(w http.ResponseWriter, r *http.Request, v View) error {
	i, err := fileAsked(r, v)
	if err != nil {
		return err
	}
	list := apiSymbolList{Source: v.Files()[i].Source, Path: v.Files()[i].Path, Symbols: []symbolResult{}}
	rest, line := v.Text(i), int32(1) // where rest begins; symbols come in order
	for _, s := range v.Symbols(i) {
		rest, line = skipLines(rest, int(s.Span.Start.Line-line)), max(line, s.Span.Start.Line)
		list.Symbols = append(list.Symbols, newSymbolResult(v.Files()[i], s, signatureIn(rest, s)))
	}
	return writeJSON(w, http.StatusOK, list)
}

type apiAnnotationList struct {
	Source      string          `json:"source"`
	Path        string          `json:"path"`
	Annotations []apiAnnotation `json:"annotations"`
}

type apiAnnotation struct {
	First   int                `json:"first"` // 0 for the whole file
	Last    int                `json:"last"`
	Lesson  string             `json:"lesson"`
	Title   string             `json:"title"`
	Section string             `json:"section"`
	Origin  annotations.Origin `json:"origin"`
	HTML    string             `json:"html"`
	Address string             `json:"url"` // in the lesson

	Certainty annotations.Certainty `json:"certainty,omitempty"`
}

func apiAnnotations(w http.ResponseWriter, r *http.Request, v View) error {
	source, path := r.URL.Query().Get("source"), r.URL.Query().Get("path")
	if len(path) == 0 || path[len(path)-1] != '/' {
		if _, err := fileAsked(r, v); err != nil {
			return err
		}
	} else if len(filesUnder(v, source, path)) == 0 {
		return missing("error.file", source+"/"+path, nearestFiles(r, v, source, path))
	}
	all := v.Annotations(source, path)
	list := apiAnnotationList{Source: source, Path: path, Annotations: []apiAnnotation{}}
	rendered := map[string]links{}
	for _, a := range all {
		c, err := newCard(v, ui.English, a, rendered)
		if err != nil {
			return err
		}
		list.Annotations = append(list.Annotations, apiAnnotation{
			First: a.Lines.First, Last: a.Lines.Last, Lesson: a.Lesson, Title: c.Title, Section: c.Section,
			Origin: a.Origin, Certainty: a.Certainty, HTML: string(c.HTML), Address: c.Address,
		})
	}
	return writeJSON(w, http.StatusOK, list)
}

type apiLessonList struct {
	Lessons []apiLessonEntry `json:"lessons"`
}

type apiLessonEntry struct {
	ID        string `json:"id"`
	Title     string `json:"title"`
	Module    string `json:"module"`
	Topic     string `json:"topic"`
	Time      string `json:"time"`
	Citations int    `json:"citations"`
	Problems  int    `json:"problems"`
	Address   string `json:"url"`
}

func newAPILessonEntry(l *annotations.Lesson) apiLessonEntry {
	return apiLessonEntry{l.ID, l.Title, l.Module, l.Topic, l.Time, len(l.Citations), len(l.Problems), lessonAddress(l.ID, "")}
}

func apiLessons(w http.ResponseWriter, r *http.Request, v View) error {
	list := apiLessonList{Lessons: []apiLessonEntry{}}
	for _, lesson := range v.Course().Lessons {
		list.Lessons = append(list.Lessons, newAPILessonEntry(lesson))
	}
	return writeJSON(w, http.StatusOK, list)
}

type apiLessonContent struct {
	apiLessonEntry
	Prerequisites []string        `json:"prerequisites"`
	Objectives    []string        `json:"objectives"` // Markdown
	Sections      []apiSection    `json:"sections"`
	Checked       bool            `json:"checked"` // cited and excerpts have their verdicts
	Cited         []apiCitation   `json:"cited"`
	Excerpts      []apiExcerpt    `json:"excerpts"`
	Next          string          `json:"next"` // ID, or ""
	Defects       []apiLessonFlaw `json:"defects"`
	Markdown      string          `json:"markdown"`
	HTML          string          `json:"html"`
}

type apiSection struct {
	Level  int    `json:"level"`
	Number string `json:"number"`
	Title  string `json:"title"`
	Role   string `json:"role"`
	Anchor string `json:"anchor"`
	First  int    `json:"first"`
	Last   int    `json:"last"`
}

type apiCitation struct {
	Raw    string            `json:"raw"`
	Line   int32             `json:"line"` // in the lesson
	Path   string            `json:"path"`
	First  int               `json:"first"` // 0 when no lines are cited
	Last   int               `json:"last"`
	Match  annotations.Match `json:"match"`
	Beyond bool              `json:"beyond"`
	Places []apiPlace        `json:"places"`

	Verdict annotations.Verdict `json:"verdict,omitempty"`
	Reason  annotations.Reason  `json:"reason,omitempty"`
	Target  *apiTarget          `json:"target,omitempty"` // what to cite instead
	Sure    bool                `json:"sure"`             // of target
	Others  []apiTarget         `json:"others,omitempty"`
	Address string              `json:"url"` // where its link leads
}

type apiTarget struct {
	apiPlace
	Symbol string `json:"symbol"`
}

func newAPITarget(t annotations.Target) apiTarget {
	return apiTarget{apiPlace{t.Source, t.Path, t.Lines.First, t.Lines.Last, targetAddress(t)}, t.Symbol}
}

type apiExcerpt struct {
	First      int                 `json:"first"` // of the lesson, fences included
	Last       int                 `json:"last"`
	Language   string              `json:"language"`
	Verdict    annotations.Verdict `json:"verdict"`
	Similarity float64             `json:"similarity"`
	Symbols    []apiTarget         `json:"symbols"`
	Lines      []apiExcerptLine    `json:"lines"`
	Address    string              `json:"url"` // of the comparison
}

type apiExcerptLine struct {
	Line   int                  `json:"line"`
	Kind   annotations.LineKind `json:"kind"`
	Source string               `json:"source,omitempty"`
	Path   string               `json:"path,omitempty"`
	At     int                  `json:"at,omitempty"` // line of the source
}

func newAPIExcerpt(lesson *annotations.Lesson, v annotations.ExcerptVerdict) apiExcerpt {
	e := lesson.Excerpts[v.Excerpt]
	out := apiExcerpt{
		First: e.Lines.First, Last: e.Lines.Last, Language: e.Language, Verdict: v.Verdict, Similarity: v.Similarity,
		Symbols: []apiTarget{}, Lines: []apiExcerptLine{}, Address: compareAddress(lesson.ID, v.Excerpt),
	}
	for _, s := range v.Symbols {
		out.Symbols = append(out.Symbols, newAPITarget(s))
	}
	for _, l := range v.Lines {
		out.Lines = append(out.Lines, apiExcerptLine{l.Line, l.Kind, l.Place.Source, l.Place.Path, l.Place.Lines.First})
	}
	return out
}

type apiPlace struct {
	Source  string `json:"source"`
	Path    string `json:"path"`
	First   int    `json:"first"`
	Last    int    `json:"last"`
	Address string `json:"url"`
}

type apiLessonFlaw struct {
	Line    int    `json:"line"`
	Kind    string `json:"kind"`
	Message string `json:"message"`
}

func apiLesson(w http.ResponseWriter, r *http.Request, v View) error {
	id := mux.Vars(r)["id"]
	lesson := v.Course().Lesson(id)
	if lesson == nil {
		return missing("error.lesson", id, nearestLessons(v.Course(), id))
	}
	ls := newLinks(v, ui.English, lesson)
	html, err := v.LessonHTML(id, ls)
	if err != nil {
		return err
	}
	content := apiLessonContent{
		apiLessonEntry: newAPILessonEntry(lesson), Next: lesson.Next, Markdown: string(lesson.Text), HTML: html,
		Prerequisites: append([]string{}, lesson.Prerequisites...), Objectives: append([]string{}, lesson.Objectives...),
		Checked: v.Checked(), Sections: []apiSection{}, Cited: []apiCitation{}, Excerpts: []apiExcerpt{}, Defects: []apiLessonFlaw{},
	}
	for _, s := range lesson.Sections {
		content.Sections = append(content.Sections, apiSection{s.Level, s.Number, s.Title, string(s.Role), s.Anchor, s.Lines.First, s.Lines.Last})
	}
	for i, c := range lesson.Citations {
		found := ls.resolution(i)
		entry := apiCitation{
			Raw: c.Raw, Line: c.Span.Start.Line, Path: c.Path, First: c.Cited.First, Last: c.Cited.Last,
			Match: found.Match, Beyond: found.Beyond, Places: []apiPlace{}, Address: ls.Citation(i).Href,
		}
		if verdict := ls.verdict(i); verdict != nil {
			entry.Verdict, entry.Reason, entry.Sure = verdict.Verdict, verdict.Reason, verdict.Sure
			if verdict.Target != nil {
				target := newAPITarget(*verdict.Target)
				entry.Target = &target
			}
			for _, other := range verdict.Others {
				entry.Others = append(entry.Others, newAPITarget(other))
			}
		}
		for _, p := range found.Places {
			entry.Places = append(entry.Places, apiPlace{p.Source, p.Path, p.Lines.First, p.Lines.Last, placeAddress(p.Source, p.Path, p.Lines)})
		}
		content.Cited = append(content.Cited, entry)
	}
	for _, found := range ls.excerpts {
		content.Excerpts = append(content.Excerpts, newAPIExcerpt(lesson, found))
	}
	for _, p := range lesson.Problems {
		content.Defects = append(content.Defects, apiLessonFlaw{p.Line, string(p.Kind), p.String()})
	}
	return writeJSON(w, http.StatusOK, content)
}
