package main

import (
	"encoding/json"
	"math"
	"net/url"
	"strings"

	"navigator/annotations/course"
	"navigator/indexer"
)

// searchIndexFile holds what the search finds.
const searchIndexFile = "search-index.js"

// What the search finds, as export.js reads it.
type (
	foundIndex struct {
		Lessons  []foundLesson  `json:"lessons"`
		Files    []foundFile    `json:"files"`
		Terms    [][3]string    `json:"terms"` // name, definition, fragment of its entry
		Passages []foundPassage `json:"passages"`
	}
	foundLesson struct {
		Title    string      `json:"title"`
		Address  string      `json:"address"`
		Note     bool        `json:"note,omitempty"`
		Sections [][3]string `json:"sections"` // title, anchor, text
	}
	foundFile struct {
		Path    string   `json:"path"`
		Address string   `json:"address"`
		Symbols [][4]any `json:"symbols"` // name, container, kind, line
	}
	// foundPassage is what a lesson says of symbols.
	foundPassage struct {
		Lesson   int      `json:"lesson"` // index in Lessons
		Section  string   `json:"section"`
		Text     string   `json:"text"`
		Subjects [][3]any `json:"subjects"` // index in Files and in its Symbols, percent of the passage
	}
)

func (e *exporter) searchIndex() ([]byte, error) {
	index := foundIndex{Lessons: []foundLesson{}, Files: []foundFile{}, Terms: [][3]string{}, Passages: []foundPassage{}}
	lessons := map[string]int{}
	for i, l := range e.view.Course().Documents() {
		lessons[l.ID] = i
		found := foundLesson{Title: l.Title, Address: escaped("lessons/" + l.ID + ".html"), Note: l.OfNotes}
		for i, text := range course.Texts(l) {
			section := [3]string{"", "", strings.Join(strings.Fields(text), " ")}
			if i < len(l.Sections) && l.Sections[i].Level > 1 {
				section[0], section[1] = l.Sections[i].Title, l.Sections[i].Anchor
			}
			found.Sections = append(found.Sections, section)
		}
		index.Lessons = append(index.Lessons, found)
	}
	if glossary := e.pages["/glossary"]; glossary != nil {
		for _, t := range e.view.Course().Glossary {
			if glossary.ids[t.Key] {
				index.Terms = append(index.Terms, [3]string{t.Name, t.Definition, t.Key})
			}
		}
	}
	files := e.searchFiles(&index)
	e.searchPassages(&index, lessons, files)
	text, err := json.Marshal(index)
	return append([]byte("window.navigatorIndex = "), append(text, ";\n"...)...), err
}

// searchFiles adds the files that are exported, and returns where they are in
// the index, by their position in the snapshot.
func (e *exporter) searchFiles(index *foundIndex) map[int32]int {
	at := map[int32]int{}
	for i := range e.view.Files() {
		f := &e.view.Files()[i]
		page := e.pages[(&url.URL{Path: "/src/" + f.Source + "/" + f.Path}).EscapedPath()]
		if page == nil {
			continue
		}
		at[int32(i)] = len(index.Files)
		found := foundFile{Path: f.Source + "/" + f.Path, Address: escaped(page.file), Symbols: [][4]any{}}
		symbols := e.view.Symbols(i)
		for j := range symbols {
			s := &symbols[j]
			found.Symbols = append(found.Symbols, [4]any{s.Name, f.Container(s), e.language.T("kind." + s.Kind.String()), s.NameSpan.Start.Line})
		}
		index.Files = append(index.Files, found)
	}
	return at
}

// searchPassages adds what lessons say of the symbols of exported files.
func (e *exporter) searchPassages(index *foundIndex, lessons map[string]int, files map[int32]int) {
	var symbol indexer.SymbolRef
	for _, p := range e.view.found.said().passages {
		l := e.view.Course().Lesson(p.Lesson)
		if l == nil {
			continue
		}
		found := foundPassage{Lesson: lessons[l.ID], Section: headings(l, p.Section), Text: strings.TrimSpace(plainMarks.Replace(p.Text))}
		for _, s := range p.Subjects {
			symbol = s.Symbol
			if file, ok := files[int32(symbol.File)]; ok {
				found.Subjects = append(found.Subjects, [3]any{file, symbol.Symbol, math.Round(100 * s.Share)})
			}
		}
		if found.Subjects != nil {
			index.Passages = append(index.Passages, found)
		}
	}
}
