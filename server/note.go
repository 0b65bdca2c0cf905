package server

import (
	"cmp"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// Notebook reads and writes the notes of the course, as its files are now. Its
// methods are safe for concurrent use.
type Notebook interface {
	// FileFor returns the path, in the course, of the file that notes on a file of
	// a source are written to.
	FileFor(source, path string) string

	// ReadOnly says whether the course cannot be written.
	ReadOnly() bool

	// Notes returns a file of notes by its path in the course. One that does not
	// exist is empty, with no version.
	Notes(file string) (NoteFile, error)

	// Save writes a note, and returns its index in its file. The error is or wraps
	// ErrChanged, ErrReadOnly or a NoteFault when that is why nothing was written.
	Save(n NoteEdit) (note int, err error)

	// Delete takes a note out of its file, with errors as Save. The version is that
	// of the note's own lines: whatever else changed in the file, the note that the
	// person saw is what goes.
	Delete(file string, note int, version string) (RemovedNote, error)

	// Restore puts back what Delete took out, with errors as Save.
	Restore(r RemovedNote) (note int, err error)

	// Preview returns what a note is to say as its card will show it, as sanitised
	// HTML. Links says where the links of the file lead that has it, in a view in
	// which it is.
	Preview(n NoteEdit, links func(View, *annotations.Lesson) Links) (string, error)
}

// NoteFile is a file of notes.
type NoteFile struct {
	Version string // of its text
	*annotations.Lesson
}

// NoteEdit is a note as a person wants it.
type NoteEdit struct {
	File    string        // path in the course
	Version string        // of the file that the person saw
	Note    int           // index in the file, -1 for a new one
	Path    string        // of the source's file, for a new one
	Lines   indexer.Lines // zero for the whole file
	Lesson  string        // ID of the lesson that it belongs to, "" for none
	Text    string        // Markdown
}

// RemovedNote is what was taken out of a file of notes.
type RemovedNote struct {
	File    string
	Version string // of the file without it
	Line    int    // where it stood
	Text    []byte
}

// NoteFault says what is wrong with a note. It is an error.
type NoteFault string

// The faults.
const (
	NoteEmpty NoteFault = "empty" // it says nothing
	NoteOpen  NoteFault = "open"  // its Markdown leaves something open
	NotePlace NoteFault = "place" // it cannot cite that path
	NoteGone  NoteFault = "gone"  // there is none of that index
	NoteLines NoteFault = "lines" // what it is to cite are no lines of the file
)

func (f NoteFault) Error() string { return "the note cannot be written: " + string(f) }

// noteForm is the form in which a note is written.
type noteForm struct {
	NoteEdit
	Source  string // of the file that it is about
	About   string // path of that file
	Cites   string // heading of the note that is edited
	Range   string // the lines, as typed
	Lessons []noteLesson
	Back    string // address of the page that it was opened from
	Problem string // why it was not saved
	Theirs  string // the Markdown that was saved meanwhile, when that is why
	Changed bool   // it was changed meanwhile
	Whole   bool   // Theirs is the whole file
	Gone    bool   // it was deleted meanwhile
	Refused string // why it cannot be written, "" when it can
	Preview template.HTML
	Unsaved bool // Text is not in the file
}

// noteLesson is a lesson that a note may belong to.
type noteLesson struct {
	ID, Title string
	Chosen    bool
}

// noteDeleted says that a note is gone, and brings it back.
type noteDeleted struct {
	RemovedNote
	Encoded string // Text
	Note    int    // index that it had
	Back    string
}

// notePage is the page of a form, or of what became of a note.
type notePage struct {
	page
	Form    *noteForm
	Deleted *noteDeleted
}

func (s *site) newNotePage(r *http.Request, key string) notePage {
	p := notePage{page: s.newPage(r, "note", preferencesOf(r).language.T(key))}
	p.Styles = append(p.Styles, "component/prose/prose.css", "component/note/note.css")
	p.Scripts = []string{"component/note/note.js"}
	return p
}

// newNote shows the form of a new note on a file, or on lines of it.
func (s *site) newNote(w http.ResponseWriter, r *http.Request, v View) error {
	forget(w)
	i, err := fileAsked(r, v)
	if err != nil {
		return err
	}
	f := v.Files()[i]
	form := noteForm{Source: f.Source, About: f.Path, Range: strings.ReplaceAll(r.URL.Query().Get("lines"), "L", "")}
	form.File, form.Note, form.Path = s.notebook.FileFor(f.Source, f.Path), -1, f.Path
	form.Lesson = r.URL.Query().Get("lesson")
	file, err := s.notebook.Notes(form.File)
	if err != nil {
		return err
	}
	form.Version = file.Version
	return s.showForm(w, r, v, form, http.StatusOK)
}

// editNote shows the form of a note that there is.
func (s *site) editNote(w http.ResponseWriter, r *http.Request, v View) error {
	forget(w)
	q := r.URL.Query()
	n, err := strconv.Atoi(q.Get("note"))
	if err != nil {
		n = -1
	}
	file, err := s.noteFile(v, q.Get("file"))
	if err != nil {
		return err
	}
	if n = noteCiting(file.Lesson, n, q.Get("cites")); n < 0 {
		return missing("note.fault.gone", q.Get("file"), nil)
	}
	form := noteForm{NoteEdit: NoteEdit{File: file.Path, Version: file.Version, Note: n}}
	note := file.Lesson.Notes[n]
	c := &file.Citations[note.Citation]
	form.Cites, form.Path, form.Range = c.Raw, c.Path, c.Cited.String()
	form.Lesson, form.Text = note.Lesson, linesText(file.Text, note.Body)
	form.Source, form.About = s.noteAbout(v, file.Lesson, n)
	return s.showForm(w, r, v, form, http.StatusOK)
}

// noteFile returns a file of notes that the course has.
func (s *site) noteFile(v View, path string) (NoteFile, error) {
	if !slices.ContainsFunc(v.Course().Noted, func(l *annotations.Lesson) bool { return l.Path == path }) {
		return NoteFile{}, missing("note.fault.gone", path, nil)
	}
	return s.notebook.Notes(path)
}

// noteCiting returns the index of a note of l: the one asked for, or when that
// cites something else than cites, the first that does; -1 when there is none.
func noteCiting(l *annotations.Lesson, n int, cites string) int {
	is := func(n annotations.Note) bool { return cites == "" || l.Citations[n.Citation].Raw == cites }
	if 0 <= n && n < len(l.Notes) && is(l.Notes[n]) {
		return n
	}
	if cites == "" {
		return -1
	}
	return slices.IndexFunc(l.Notes, is)
}

// noteAbout returns the file that a note is about, as far as that is known.
func (s *site) noteAbout(v View, l *annotations.Lesson, n int) (source, path string) {
	c := l.Notes[n].Citation
	if all := v.Resolutions(l.ID); c < len(all) && leadsToCode(all[c]) {
		return all[c].Places[0].Source, all[c].Places[0].Path
	}
	return "", l.Citations[c].Path
}

// showForm shows a form with what all forms have.
func (s *site) showForm(w http.ResponseWriter, r *http.Request, v View, form noteForm, status int) error {
	key := "note.new"
	if form.Note >= 0 {
		key = "note.edit"
	}
	p := s.newNotePage(r, key)
	for _, l := range v.Course().Lessons {
		form.Lessons = append(form.Lessons, noteLesson{l.ID, l.Title, l.ID == form.Lesson})
	}
	if form.Back == "" {
		form.Back = backFrom(r, form)
	}
	if why := s.readOnly(); why != "" {
		form.Refused = p.Lang.T(why)
	}
	if form.Refused != "" && status == http.StatusOK {
		status = http.StatusForbidden
	}
	p.Form = &form
	return renderStatus(w, shownStatus(r, status), p.Lang, "note.html", p)
}

// backFrom returns the address of the page that a form belongs to.
func backFrom(r *http.Request, form noteForm) string {
	if back := r.FormValue("back"); localAddress(back) {
		return back
	}
	if form.Source == "" {
		return lessonAddress(strings.TrimSuffix(form.File, ".md"), "")
	}
	lines, _ := parseLines(form.Range)
	return placeAddress(form.Source, form.About, lines)
}

// localAddress says whether an address is one of a page of ours.
func localAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.HasPrefix(address, "/") && !strings.HasPrefix(address, "//") && !strings.Contains(address, "\\") && u.Host == ""
}

// readNoteForm reads what a person wrote.
func (s *site) readNoteForm(r *http.Request, v View) (noteForm, error) {
	if err := r.ParseForm(); err != nil {
		return noteForm{}, &failure{kind: badRequest, key: "note.fault.long"}
	}
	get := r.PostForm.Get
	form := noteForm{Source: get("source"), About: get("about"), Cites: get("cites"), Range: strings.TrimSpace(get("lines"))}
	form.NoteEdit = NoteEdit{File: get("file"), Version: get("version"), Note: -1, Path: get("about"), Lesson: get("lesson"), Text: get("text")}
	if n, err := strconv.Atoi(get("note")); err == nil && n >= 0 {
		form.Note = n
	}
	form.Back = backFrom(r, form)
	if form.Note >= 0 {
		_, err := s.noteFile(v, form.File)
		return form, err
	}
	i, ok := v.FileIndex(form.Source, form.About)
	if !ok {
		return form, missing("error.file", form.Source+"/"+form.About, nil)
	}
	form.File = s.notebook.FileFor(form.Source, form.About)
	return form, s.readNoteLines(&form, countLines(v.Text(i)))
}

// readNoteLines reads the lines that a note is to cite.
func (s *site) readNoteLines(form *noteForm, last int) error {
	if form.Range == "" {
		return nil
	}
	lines, ok := parseLines(form.Range)
	if !ok || lines.Last > last {
		return NoteLines
	}
	form.Lines = lines
	return nil
}

// saveNote writes a note and goes to it; or shows why it could not.
func (s *site) saveNote(w http.ResponseWriter, r *http.Request, v View) error {
	form, err := s.readNoteForm(r, v)
	if err == nil && form.Note >= 0 {
		if i, ok := v.FileIndex(form.Source, form.About); ok {
			err = s.readNoteLines(&form, countLines(v.Text(i)))
		} else if lines, ok := parseLines(form.Range); ok {
			form.Lines = lines
		}
	}
	if err == nil {
		if form.Lesson != "" && !slices.ContainsFunc(v.Course().Lessons, func(l *annotations.Lesson) bool { return l.ID == form.Lesson }) {
			return missing("error.lesson", form.Lesson, nil)
		}
		_, err = s.notebook.Save(form.NoteEdit)
	}
	if err != nil {
		return s.refuseNote(w, r, v, form, err)
	}
	done(w, r, form.Back)
	return nil
}

// done goes to a page, or only says that all is done to a module that asks.
func done(w http.ResponseWriter, r *http.Request, address string) {
	if minimal(r) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8") // without it, a browser reads what is empty as broken XML
		return
	}
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// shownStatus returns the status of a form that is shown again with what is
// wrong. Browsers log every status of an error: where a person sees the form, it
// is none.
func shownStatus(r *http.Request, status int) int {
	if minimal(r) || r.Header.Get("Sec-Fetch-Mode") == "navigate" {
		return http.StatusOK
	}
	return status
}

// minimal says whether a module asks, which stays on its page.
func minimal(r *http.Request) bool { return r.Header.Get("Prefer") == "return=minimal" }

// refuseNote shows a form again, with what keeps it from being saved.
func (s *site) refuseNote(w http.ResponseWriter, r *http.Request, v View, form noteForm, err error) error {
	var fault NoteFault
	status, l := http.StatusBadRequest, preferencesOf(r).language
	form.Unsaved = true
	file, readError := s.notebook.Notes(form.File)
	if readError != nil {
		return readError
	}
	switch {
	case errors.As(err, &fault):
		form.Problem = l.T("note.fault."+string(fault), form.About)
	case errors.Is(err, ErrReadOnly):
		form.Problem, status = l.T("note.read_only"), http.StatusForbidden
	case errors.Is(err, ErrChanged):
		status = http.StatusConflict
		form.Problem, form.Changed = l.T("note.changed"), true
		form.Version = file.Version
		form.Theirs, form.Whole = string(file.Text), true
		if form.Note >= 0 {
			if form.Note = noteCiting(file.Lesson, form.Note, form.Cites); form.Note >= 0 {
				form.Theirs, form.Whole = linesText(file.Text, file.Lesson.Notes[form.Note].Body), false
			} else {
				form.Gone, form.Problem = true, l.T("note.gone")
			}
		}
	default:
		return err
	}
	return s.showForm(w, r, v, form, status)
}

// previewNote shows a form again, with what it says as it will be shown.
func (s *site) previewNote(w http.ResponseWriter, r *http.Request, v View) error {
	form, err := s.readNoteForm(r, v)
	var fault NoteFault
	if err != nil && !errors.As(err, &fault) {
		return err
	}
	if theirs := r.PostForm.Get("theirs"); r.PostForm.Has("merge") {
		form.Text += "\n\n" + theirs
	}
	form.Unsaved = true
	l := preferencesOf(r).language
	html, err := s.notebook.Preview(form.NoteEdit, func(v View, notes *annotations.Lesson) Links {
		ls := newLinks(v, l, notes)
		return withParallels(ls, ls)
	})
	if err != nil {
		return err
	}
	form.Preview = foldCode(l, html)
	return s.showForm(w, r, v, form, http.StatusOK)
}

// deleteNote takes a note out, and says how to have it back. When the file has
// changed meanwhile, it shows the note as it is now.
func (s *site) deleteNote(w http.ResponseWriter, r *http.Request, v View) error {
	if err := r.ParseForm(); err != nil {
		return &failure{kind: badRequest, key: "note.fault.long"}
	}
	get := r.PostForm.Get
	n, err := strconv.Atoi(get("note"))
	if err != nil {
		return refused("error.parameter", "note", get("note"))
	}
	before, err := s.noteFile(v, get("file"))
	if err != nil {
		return err
	}
	removed, err := s.notebook.Delete(get("file"), n, get("version"))
	switch {
	case errors.Is(err, ErrReadOnly):
		return &failure{kind: forbidden, key: "note.read_only"}
	case errors.Is(err, ErrChanged), errors.Is(err, NoteGone):
		if n = noteCiting(before.Lesson, n, get("cites")); n < 0 {
			return missing("note.fault.gone", get("file"), nil)
		}
		note := before.Lesson.Notes[n]
		form := noteForm{NoteEdit: NoteEdit{File: before.Path, Version: before.Version, Note: n}, Changed: true}
		c := &before.Citations[note.Citation]
		form.Cites, form.Range, form.Lesson, form.Text = c.Raw, c.Cited.String(), note.Lesson, linesText(before.Text, note.Body)
		form.Source, form.About = s.noteAbout(v, before.Lesson, n)
		form.Problem = preferencesOf(r).language.T("note.delete.changed")
		return s.showForm(w, r, v, form, http.StatusConflict)
	case err != nil:
		return err
	}
	p := s.newNotePage(r, "note.deleted")
	p.Deleted = &noteDeleted{RemovedNote: removed, Encoded: base64.StdEncoding.EncodeToString(removed.Text), Note: n, Back: "/"}
	if back := get("back"); localAddress(back) {
		p.Deleted.Back = back
	}
	return render(w, p.Lang, "note.html", p)
}

// restoreNote puts a note back that was deleted.
func (s *site) restoreNote(w http.ResponseWriter, r *http.Request, v View) error {
	if err := r.ParseForm(); err != nil {
		return &failure{kind: badRequest, key: "note.fault.long"}
	}
	get := r.PostForm.Get
	text, err := base64.StdEncoding.DecodeString(get("text"))
	if err != nil {
		return refused("error.parameter", "text", "…")
	}
	line, _ := strconv.Atoi(get("line"))
	back := get("back")
	if !localAddress(back) {
		back = "/"
	}
	_, err = s.notebook.Restore(RemovedNote{File: get("file"), Version: get("version"), Line: line, Text: text})
	if f := keeperFailure(noteFailure(err, get("file"))); f != nil { // what was deleted is not lost
		form := noteForm{NoteEdit: NoteEdit{Text: string(text)}, Back: back, Refused: preferencesOf(r).language.T(f.key, f.args...)}
		return s.showForm(w, r, v, form, statuses[f.kind])
	}
	if err != nil {
		return err
	}
	done(w, r, back)
	return nil
}

// linesText returns lines of a text, without the end of the last.
func linesText(text []byte, lines indexer.Lines) string {
	if lines.IsZero() {
		return ""
	}
	rest := skipLines(text, lines.First-1)
	after := skipLines(rest, lines.Last-lines.First+1)
	return strings.TrimRight(string(rest[:len(rest)-len(after)]), "\r\n")
}

// noteCard is what a card of a note has beyond others.
type noteCard struct {
	File    string
	Note    int    // index in the file
	Version string // of its lines
	Cites   string
	Back    string // address of the page that shows the card
	Lesson  *link  // that it belongs to, nil for none
	Place   *link  // that it is about, where the page is not that file's
	HTML    template.HTML
	Writing bool
}

// Edit returns the address of the form of the note.
func (c noteCard) Edit() string {
	return "/notes/edit?" + url.Values{"file": {c.File}, "note": {strconv.Itoa(c.Note)}, "cites": {c.Cites}, "back": {c.Back}}.Encode()
}

// newNoteCard returns the card of a note of a document.
func newNoteCard(v View, l *annotations.Lesson, n int) *noteCard {
	note := l.Notes[n]
	c := &noteCard{File: l.Path, Note: n, Version: NoteVersion([]byte(linesText(l.Text, note.Lines))), Cites: l.Citations[note.Citation].Raw}
	if lesson := v.Course().Lesson(note.Lesson); lesson != nil {
		c.Lesson = &link{lesson.Title, lessonAddress(lesson.ID, "")}
	}
	return c
}

// annotateAddress returns the address of the form of a new note.
func annotateAddress(f indexer.File, lines indexer.Lines) string {
	q := url.Values{"source": {f.Source}, "path": {f.Path}}
	if !lines.IsZero() {
		q.Set("lines", lines.String())
	}
	return "/notes/new?" + q.Encode()
}

// offerNotes lets the notes among cards be changed, where that is possible.
func (s *site) offerNotes(groups []group, back string) {
	writing := s.writesNotes()
	for _, g := range groups {
		for _, c := range g.Cards {
			if c.Note != nil {
				c.Note.Writing, c.Note.Back = writing, back
			}
		}
	}
}

// writesNotes says whether notes are written through this server.
func (s *site) writesNotes() bool { return s.notebook != nil && s.readOnly() == "" }

// readOnly returns the key of the message why nothing is written into the
// course, "" when it is.
func (s *site) readOnly() string {
	switch {
	case !s.writing:
		return "error.read_only"
	case s.notebook.ReadOnly():
		return "note.read_only"
	}
	return ""
}

// notesOf returns the notes that belong to a lesson, by the files that they are
// about.
func (s *site) notesOf(v View, ls links) ([]noteCard, error) {
	var cards []noteCard
	for _, l := range v.Course().Noted {
		for n, note := range l.Notes {
			if note.Lesson != ls.lesson.ID {
				continue
			}
			c := newNoteCard(v, l, n)
			to := newLinks(v, ls.language, l).Citation(note.Citation)
			c.Lesson, c.Place = nil, &link{cmp.Or(c.Cites, l.Title), to.Href}
			c.Writing, c.Back = s.writesNotes(), lessonAddress(ls.lesson.ID, "notes")
			html, err := v.FragmentHTML(l.ID, note.Body, newLinks(v, ls.language, l))
			if err != nil {
				return nil, err
			}
			c.HTML = trusted(html)
			cards = append(cards, *c)
		}
	}
	return cards, nil
}

// NoteVersion returns the version of a text of notes, which is nil when there is
// no file.
func NoteVersion(text []byte) string {
	if text == nil {
		return ""
	}
	return fmt.Sprintf("%.12x", sha256.Sum256(text))
}
