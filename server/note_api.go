package server

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"navigator/annotations"
	"navigator/ui"
)

type apiNoteList struct {
	ReadOnly bool      `json:"read_only"`
	Notes    []apiNote `json:"notes"`
}

type apiNote struct {
	File     string `json:"file"`    // path in the course
	Note     int    `json:"note"`    // index in the file
	Version  string `json:"version"` // of the note's lines
	Cites    string `json:"cites"`   // as the heading writes it
	Source   string `json:"source"`  // "" when no source has the file
	Path     string `json:"path"`
	First    int    `json:"first"` // 0 for the whole file
	Last     int    `json:"last"`
	Lesson   string `json:"lesson"` // ID, "" for none
	Markdown string `json:"markdown"`
	Address  string `json:"url"` // of the lines
}

// apiNoteEdit is a note as somebody wants it.
type apiNoteEdit struct {
	Source   string `json:"source"` // with path, of the file that a new note is about
	Path     string `json:"path"`
	Lines    string `json:"lines"` // "3-9", "" for the whole file
	Lesson   string `json:"lesson"`
	Markdown string `json:"markdown"`
}

// apiNoteConflict says that a note is not any more what somebody saw, with both
// texts.
type apiNoteConflict struct {
	apiError
	Yours  string   `json:"yours"`
	Theirs *apiNote `json:"theirs"` // null when it is gone
}

// apiNotes answers with the notes of the course, of a file of a source, or of a
// lesson.
func (s *site) apiNotes(w http.ResponseWriter, r *http.Request, v View) error {
	forget(w)
	if s.notebook == nil {
		return missing("error.address", r.URL.Path, nil)
	}
	q := r.URL.Query()
	list := apiNoteList{ReadOnly: s.readOnly() != "", Notes: []apiNote{}}
	for _, l := range v.Course().Noted {
		file, err := s.notebook.Notes(l.Path)
		if err != nil {
			return err
		}
		for i := range file.Lesson.Notes {
			n := s.newAPINote(v, file.Lesson, i)
			is := func(name, has string) bool { return !q.Has(name) || q.Get(name) == has }
			if is("source", n.Source) && is("path", n.Path) && is("lesson", n.Lesson) {
				list.Notes = append(list.Notes, n)
			}
		}
	}
	return writeJSON(w, http.StatusOK, list)
}

func (s *site) newAPINote(v View, l *annotations.Lesson, n int) apiNote {
	note := l.Notes[n]
	c := &l.Citations[note.Citation]
	out := apiNote{
		File: l.Path, Note: n, Version: noteVersion(l, n), Cites: c.Raw, Path: c.Path, First: c.Cited.First, Last: c.Cited.Last,
		Lesson: note.Lesson, Markdown: linesText(l.Text, note.Body),
	}
	if seen := v.Course().Lesson(l.ID); seen != nil { // which may be older than the file
		if i := noteCiting(seen, n, c.Raw); i >= 0 {
			out.Source, out.Path = s.noteAbout(v, seen, i)
		}
	}
	if out.Source == "" {
		out.Source = s.sourceOf(v, l.Path, c.Path)
	}
	if out.Source != "" {
		out.Address = placeAddress(out.Source, out.Path, c.Cited)
	}
	return out
}

// sourceOf returns the source whose notes on a file are kept in a file of notes,
// "" for none.
func (s *site) sourceOf(v View, notes, path string) string {
	for _, source := range v.Sources() {
		if s.notebook.FileFor(source.Name, path) == notes {
			return source.Name
		}
	}
	return ""
}

// noteVersion returns the version of the lines of a note.
func noteVersion(l *annotations.Lesson, n int) string {
	return NoteVersion([]byte(linesText(l.Text, l.Notes[n].Lines)))
}

// apiAddNote writes a new note.
func (s *site) apiAddNote(w http.ResponseWriter, r *http.Request, v View) error {
	edit, err := readNoteEdit(r)
	if err != nil {
		return err
	}
	i, ok := v.FileIndex(edit.Source, edit.Path)
	if !ok {
		return missing("error.file", edit.Source+"/"+edit.Path, nearestFiles(r, v, edit.Source, edit.Path))
	}
	form := noteForm{Source: edit.Source, About: edit.Path, Range: edit.Lines}
	form.NoteEdit = NoteEdit{File: s.notebook.FileFor(edit.Source, edit.Path), Note: -1, Path: edit.Path, Lesson: edit.Lesson, Text: edit.Markdown}
	if err := s.readNoteLines(&form, countLines(v.Text(i))); err != nil {
		return noteFailure(err, edit.Path)
	}
	file, err := s.notebook.Notes(form.File)
	if err != nil {
		return noteFailure(err, edit.Path)
	}
	form.Version = file.Version
	return s.apiSave(w, v, form.NoteEdit, http.StatusCreated)
}

// apiChangeNote writes a note anew that is still of the version that was seen.
func (s *site) apiChangeNote(w http.ResponseWriter, r *http.Request, v View) error {
	edit, err := readNoteEdit(r)
	if err != nil {
		return err
	}
	file, n, err := s.noteSeen(r, v)
	if errors.Is(err, ErrChanged) {
		return s.noteConflict(w, v, file, n, edit.Markdown)
	}
	if err != nil {
		return err
	}
	form := noteForm{Range: edit.Lines}
	form.NoteEdit = NoteEdit{File: file.Path, Version: file.Version, Note: n, Lesson: edit.Lesson, Text: edit.Markdown}
	last := maxNoteLine
	source, path := s.noteAbout(v, file.Lesson, n)
	if i, ok := v.FileIndex(cmp.Or(source, s.sourceOf(v, file.Path, path)), path); ok {
		last = countLines(v.Text(i))
	}
	if err := s.readNoteLines(&form, last); err != nil {
		return noteFailure(err, path)
	}
	return s.apiSave(w, v, form.NoteEdit, http.StatusOK)
}

// maxNoteLine is the last line that a note of a file that is not there may cite.
const maxNoteLine = 9_999_999

// apiDeleteNote takes a note out that is still of the version that was seen, and
// answers with it.
func (s *site) apiDeleteNote(w http.ResponseWriter, r *http.Request, v View) error {
	file, n, err := s.noteSeen(r, v)
	if errors.Is(err, ErrChanged) {
		return s.noteConflict(w, v, file, n, "")
	}
	if err != nil {
		return err
	}
	gone := s.newAPINote(v, file.Lesson, n)
	_, err = s.notebook.Delete(file.Path, n, gone.Version)
	if errors.Is(err, ErrChanged) {
		return s.noteConflict(w, v, file, n, "")
	}
	if err != nil {
		return noteFailure(err, gone.Path)
	}
	return writeJSON(w, http.StatusOK, gone)
}

// apiSave saves a note and answers with it.
func (s *site) apiSave(w http.ResponseWriter, v View, edit NoteEdit, status int) error {
	if edit.Lesson != "" && !slices.ContainsFunc(v.Course().Lessons, func(l *annotations.Lesson) bool { return l.ID == edit.Lesson }) {
		return missing("error.lesson", edit.Lesson, nil)
	}
	n, err := s.notebook.Save(edit)
	if err == nil || errors.Is(err, ErrChanged) {
		file, readError := s.notebook.Notes(edit.File)
		switch {
		case readError != nil:
			return readError
		case err != nil:
			return s.noteConflict(w, v, file, edit.Note, edit.Text)
		case n < len(file.Lesson.Notes):
			saved := s.newAPINote(v, file.Lesson, n)
			w.Header().Set("ETag", strconv.Quote(saved.Version))
			return writeJSON(w, status, saved)
		}
		return nil // somebody has already taken it out again
	}
	return noteFailure(err, edit.Path)
}

func readNoteEdit(r *http.Request) (edit apiNoteEdit, err error) {
	in := json.NewDecoder(r.Body)
	in.DisallowUnknownFields()
	if err := in.Decode(&edit); err != nil {
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			return edit, refused("note.fault.long")
		}
		return edit, refused("error.form")
	}
	return edit, nil
}

// noteSeen returns the note that a request is about, and ErrChanged with what
// there is of it when it is not of the version in If-Match or in the parameter
// version.
func (s *site) noteSeen(r *http.Request, v View) (NoteFile, int, error) {
	q := r.URL.Query()
	version := cmp.Or(strings.Trim(r.Header.Get("If-Match"), `"`), q.Get("version"))
	if version == "" {
		return NoteFile{}, -1, refused("error.parameter", "version", "")
	}
	n, err := strconv.Atoi(q.Get("note"))
	if err != nil || n < 0 {
		return NoteFile{}, -1, refused("error.parameter", "note", q.Get("note"))
	}
	file, err := s.noteFile(v, q.Get("file"))
	if err != nil {
		return file, -1, err
	}
	notes := file.Lesson.Notes
	if n < len(notes) && noteVersion(file.Lesson, n) == version {
		return file, n, nil
	}
	for i := range notes { // notes before it came or went
		if noteVersion(file.Lesson, i) == version {
			return file, i, nil
		}
	}
	if n >= len(notes) {
		n = -1
	}
	return file, n, ErrChanged
}

// noteConflict answers with what somebody wants a note to say, and with what it
// says now.
func (s *site) noteConflict(w http.ResponseWriter, v View, file NoteFile, n int, yours string) error {
	out := apiNoteConflict{apiError: apiError{apiFailure{Kind: conflict, Message: ui.English.T("note.changed")}}, Yours: yours}
	if 0 <= n && n < len(file.Lesson.Notes) {
		theirs := s.newAPINote(v, file.Lesson, n)
		out.Theirs = &theirs
	}
	return writeJSON(w, http.StatusConflict, out)
}

// noteFailure returns why a note on a file was not written.
func noteFailure(err error, path string) error {
	var fault NoteFault
	switch {
	case errors.As(err, &fault):
		return refused("note.fault."+string(fault), path)
	case errors.Is(err, ErrReadOnly):
		return &failure{kind: forbidden, key: "note.read_only"}
	}
	return err
}
