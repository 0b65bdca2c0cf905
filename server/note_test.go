package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"navigator/annotations"
	"navigator/indexer"
	"navigator/server"
)

// notebook is a Notebook of one file with one note.
type notebook struct {
	text     string
	readOnly bool
	fails    error // of what writes
	saved    []server.NoteEdit
	deleted  []string // versions
	restored []server.RemovedNote
}

const (
	noteFile = "notas/shop/source/books/bookkeeper.h.md"
	noteText = "## source/books/bookkeeper.h:7-9\n\nIt <b>adds</b>.\n"
)

func (b *notebook) FileFor(source, path string) string { return "notas/" + source + "/" + path + ".md" }

func (b *notebook) ReadOnly() bool { return b.readOnly }

func (b *notebook) Notes(file string) (server.NoteFile, error) {
	l := noteLesson(b.text)
	l.Path = file
	return server.NoteFile{Version: server.NoteVersion([]byte(b.text)), Lesson: l}, nil
}

func (b *notebook) Save(n server.NoteEdit) (int, error) {
	if n.Version != server.NoteVersion([]byte(b.text)) {
		return 0, server.ErrChanged
	}
	if b.fails == nil {
		b.saved = append(b.saved, n)
	}
	return 0, b.fails
}

func (b *notebook) Delete(file string, note int, version string) (server.RemovedNote, error) {
	b.deleted = append(b.deleted, version)
	return server.RemovedNote{File: file, Version: "after", Line: 1, Text: []byte(b.text)}, b.fails
}

func (b *notebook) Restore(r server.RemovedNote) (int, error) {
	b.restored = append(b.restored, r)
	return 0, b.fails
}

func (b *notebook) Preview(n server.NoteEdit, links func(server.View, *annotations.Lesson) server.Links) (string, error) {
	l := noteLesson(b.text)
	return "<p><em>" + strings.ToUpper(n.Text) + "</em> " + links(newFake(), l).Citation(0).Href + "</p>", nil
}

// noteLesson is a file of notes with one note in the lesson first1.
func noteLesson(text string) *annotations.Lesson {
	return &annotations.Lesson{
		ID: strings.TrimSuffix(noteFile, ".md"), Path: noteFile, Title: "Notas", Text: []byte(text),
		Citations: []annotations.Citation{{Raw: "source/books/bookkeeper.h:7-9", Path: "source/books/bookkeeper.h", Cited: indexer.Lines{First: 7, Last: 9}, Section: -1}},
		Notes:     []annotations.Note{{Lines: indexer.Lines{First: 1, Last: 3}, Body: indexer.Lines{First: 3, Last: 3}, Lesson: first1}},
	}
}

// newNoted returns a site whose course has a note.
func newNoted(t *testing.T, b *notebook, writing bool) site {
	v := newFake()
	v.course.Noted = []*annotations.Lesson{noteLesson(b.text)}
	v.laid = []annotations.Annotation{annotations.Of(v.course.Noted[0], 0, annotations.Place{
		Source: "shop", Path: "source/books/bookkeeper.h", Lines: indexer.Lines{First: 7, Last: 9}})}
	return site{t, server.New(v, server.Options{Writing: writing, Notebook: b}), nil}
}

// send posts a form as a page of the site does.
func (s site) sendForm(address string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", address, strings.NewReader(form.Encode()))
	r.Host = "localhost:7070"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// sent is the page that answers a form.
func (s site) sent(status int, address string, form url.Values, headers ...string) page {
	s.Helper()
	w := s.sendForm(address, form, headers...)
	if w.Code != status {
		s.Fatalf("%s: status %d, want %d\n%s", address, w.Code, status, w.Body)
	}
	return s.parse(address, w.Body)
}

func formOf(pairs ...string) url.Values {
	form := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func TestNoteCards(t *testing.T) {
	b := &notebook{text: noteText}
	s := newNoted(t, b, true)
	p := s.page(200, "/src/shop/source/books/bookkeeper.h?lang=en")
	p.text("Contar <bien>", ".card.from-note .lesson")
	p.attr(server.NoteVersion([]byte(strings.TrimSpace(noteText))), `.note-tools [name="version"]`, "value")
	p.count(1, `#annotate[href^="/notes/new?path=source%2Fbooks%2Fbookkeeper.h&source=shop"]`)
	edit := attrOf(p.one(".note-edit"), "href")
	s.page(200, edit).text("It <b>adds</b>.", "#note-text")

	lesson := s.page(200, "/lessons/"+first1)
	lesson.text("source/books/bookkeeper.h:7-9", ".lesson-note h3 a")
	lesson.count(1, ".lesson-note .note-edit")
	s.page(200, "/lessons/01_libros/02_restar").count(0, ".lesson-notes")
}

// Where nothing may be written, nothing offers to, and a request is refused.
func TestNotesAreRead(t *testing.T) {
	b := &notebook{text: noteText}
	s := newNoted(t, b, false)
	p := s.page(200, "/src/shop/source/books/bookkeeper.h?lang=en")
	p.count(1, ".from-note")
	p.count(0, ".note-tools")
	p.text("Annotate a read-only", "#annotate")
	s.page(403, "/notes/new?source=shop&path=source/main.cc&lang=en").count(1, ".note-refused [role=alert]")
	for _, address := range []string{"/notes", "/notes/preview", "/notes/delete", "/notes/restore"} {
		s.sent(403, address, formOf("file", noteFile, "note", "0"))
	}
	b.readOnly = true
	s = newNoted(t, b, true)
	s.page(403, "/notes/new?source=shop&path=source/main.cc&lang=en").text("The course is read-only: its folder cannot be written.", ".note-refused [role=alert]")
	p = s.page(200, "/src/shop/source/books/bookkeeper.h?lang=en")
	p.attr("The course is read-only: its folder cannot be written.", "#annotate", "title")
	p.count(0, ".note-tools")
	b.readOnly, b.fails = false, server.ErrReadOnly
	s.sent(403, "/notes", formOf("source", "shop", "about", "source/main.cc", "version", server.NoteVersion([]byte(noteText)), "text", "kept")).count(1, ".note-problem")
	if w := s.sendForm("/notes", formOf("text", "x"), "Sec-Fetch-Site", "cross-site"); w.Code != 403 {
		t.Errorf("another site: status %d", w.Code)
	}
	if len(b.saved)+len(b.deleted) > 0 {
		t.Errorf("written: %+v", b)
	}
}

func TestSaveNote(t *testing.T) {
	b := &notebook{text: noteText}
	s := newNoted(t, b, true)
	version := server.NoteVersion([]byte(noteText))
	form := formOf("source", "shop", "about", "source/books/bookkeeper.h", "version", version, "note", "-1", "lines", "3-2", "lesson", first1, "text", "New.",
		"back", "/src/shop/source/books/bookkeeper.h?lines=2-3#L2")
	if w := s.sendForm("/notes", form); w.Code != 303 || w.Header().Get("Location") != form.Get("back") {
		t.Errorf("status %d to %s: %s", w.Code, w.Header().Get("Location"), w.Body)
	}
	want := server.NoteEdit{File: noteFile, Version: version, Note: -1, Path: "source/books/bookkeeper.h", Lines: indexer.Lines{First: 2, Last: 3}, Lesson: first1, Text: "New."}
	if len(b.saved) != 1 || b.saved[0] != want {
		t.Errorf("saved %+v", b.saved)
	}
	if w := s.sendForm("/notes", form, "Prefer", "return=minimal"); w.Code != 200 || w.Body.Len() > 0 {
		t.Errorf("for a module: status %d, %q", w.Code, w.Body)
	}
	for name, value := range map[string]string{"lines": "900", "about": "nothing.h", "lesson": "none", "source": "other"} {
		bad := formOf()
		for k := range form {
			bad.Set(k, form.Get(k))
		}
		bad.Set(name, value)
		if w := s.sendForm("/notes", bad); w.Code != 400 && w.Code != 404 {
			t.Errorf("%s=%s: status %d", name, value, w.Code)
		}
	}
	form.Set("back", "//evil.example/")
	if w := s.sendForm("/notes", form); !strings.HasPrefix(w.Header().Get("Location"), "/src/shop/") {
		t.Errorf("leads to %s", w.Header().Get("Location"))
	}
	b.fails = server.NoteOpen
	p := s.sent(400, "/notes", form)
	p.text("New.", "#note-text")
	p.count(1, ".note-problem")
}

// A save of something that has changed shows both, and saving again is of what
// is there now.
func TestNoteConflict(t *testing.T) {
	b := &notebook{text: noteText}
	s := newNoted(t, b, true)
	form := formOf("file", noteFile, "source", "shop", "about", "source/books/bookkeeper.h", "version", "old", "note", "0",
		"cites", "source/books/bookkeeper.h:7-9", "lines", "7-9", "text", "Mine.")
	p := s.sent(http.StatusConflict, "/notes", form)
	p.text("Mine.", "#note-text")
	p.text("It <b>adds</b>.", "#note-theirs")
	p.attr(server.NoteVersion([]byte(noteText)), `.note [name="version"]`, "value")
	s.sent(http.StatusOK, "/notes", form, "Sec-Fetch-Mode", "navigate").count(1, "#note-theirs") // browsers log others
	form.Set("theirs", "Theirs.")
	form.Set("merge", "1")
	s.sent(200, "/notes/preview", form).text("Mine. Theirs.", "#note-text")

	form.Set("note", "-1")
	s.sent(http.StatusConflict, "/notes", form).text("## source/books/bookkeeper.h:7-9 It <b>adds</b>.", "#note-theirs")
	form.Set("note", "0")
	form.Set("cites", "source/books/bookkeeper.h:1")
	gone := s.sent(http.StatusConflict, "/notes", form)
	gone.attr("-1", `.note [name="note"]`, "value")
	gone.count(0, "#note-theirs")
	if len(b.saved) > 0 {
		t.Errorf("saved %+v", b.saved)
	}
}

func TestPreviewNote(t *testing.T) {
	s := newNoted(t, &notebook{text: noteText}, true)
	p := s.sent(200, "/notes/preview", formOf("source", "shop", "about", "source/main.cc", "text", "words"))
	p.text("WORDS", ".preview em")
	p.text("words", "#note-text")
}

func TestDeleteNote(t *testing.T) {
	b := &notebook{text: noteText}
	s := newNoted(t, b, true)
	p := s.sent(200, "/notes/delete", formOf("file", noteFile, "note", "0", "version", "v", "back", "/lessons/x"))
	undo := formOf()
	for _, input := range p.all(".note-undo input") {
		undo.Set(attrOf(input, "name"), attrOf(input, "value"))
	}
	if w := s.sendForm("/notes/restore", undo); w.Code != 303 || w.Header().Get("Location") != "/lessons/x" {
		t.Errorf("status %d to %s", w.Code, w.Header().Get("Location"))
	}
	if len(b.restored) != 1 || b.restored[0].File != noteFile || b.restored[0].Line != 1 || b.restored[0].Version != "after" || string(b.restored[0].Text) != noteText {
		t.Errorf("restored %+v", b.restored)
	}
	b.fails = server.ErrChanged
	s.sent(409, "/notes/delete", formOf("file", noteFile, "note", "0", "version", "v")).text("It <b>adds</b>.", "#note-text")
	s.sent(404, "/notes/delete", formOf("file", "notas/../../etc/passwd", "note", "0"))
	s.sent(400, "/notes/restore", formOf("file", noteFile, "text", "%%%"))
	for _, b.fails = range []error{server.NoteOpen, server.ErrReadOnly, server.ErrChanged} {
		p := s.sent(200, "/notes/restore", undo, "Prefer", "return=minimal")
		p.text("## source/books/bookkeeper.h:7-9 It <b>adds</b>.", "#note-kept")
		p.count(1, "[role=alert]")
	}

}

// sendJSON asks the API to write.
func (s site) sendJSON(method, address, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "/api/v1"+address, strings.NewReader(body))
	r.Host = "localhost:7070"
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// What the API writes is as described, and so is each refusal.
func TestAPINotes(t *testing.T) {
	b := &notebook{text: noteText}
	s := newNoted(t, b, true)
	d := describe(t, s)
	own := server.NoteVersion([]byte(strings.TrimSpace(noteText)))
	edit := `{"source":"shop","path":"source/books/bookkeeper.h","lines":"2-3","lesson":"` + first1 + `","markdown":"New."}`
	seen := "/notes?file=" + noteFile + "&note=0"
	for _, c := range []struct {
		name, method, address, body string
		headers                     []string
		status                      int
		schema                      string
	}{
		{"add", "POST", "/notes", edit, nil, 201, "Note"},
		{"another site", "POST", "/notes", edit, []string{"Sec-Fetch-Site", "cross-site"}, 403, "Error"},
		{"no JSON", "POST", "/notes", "text=New", nil, 400, "Error"},
		{"no field", "POST", "/notes", `{"text":"x"}`, nil, 400, "Error"},
		{"no lines", "POST", "/notes", strings.Replace(edit, "2-3", "900", 1), nil, 400, "Error"},
		{"no file", "POST", "/notes", strings.Replace(edit, "shop", "shops", 1), nil, 404, "Error"},
		{"no lesson", "POST", "/notes", strings.Replace(edit, first1, "none", 1), nil, 404, "Error"},
		{"long", "POST", "/notes", strings.Replace(edit, "New", strings.Repeat("long ", 20000), 1), nil, 400, "Error"},
		{"change", "PUT", seen, edit, []string{"If-Match", `"` + own + `"`}, 200, "Note"},
		{"change by parameter", "PUT", seen + "&version=" + own, edit, nil, 200, "Note"},
		{"moved", "PUT", "/notes?file=" + noteFile + "&note=3&version=" + own, edit, nil, 200, "Note"},
		{"no version", "PUT", seen, edit, nil, 400, "Error"},
		{"changed", "PUT", seen + "&version=old", edit, nil, 409, "NoteConflict"},
		{"gone", "PUT", "/notes?file=" + noteFile + "&note=7&version=old", edit, nil, 409, "NoteConflict"},
		{"no such file", "PUT", "/notes?file=../x.md&note=0&version=" + own, edit, nil, 404, "Error"},
		{"delete changed", "DELETE", seen, "", []string{"If-Match", `"old"`}, 409, "NoteConflict"},
		{"delete", "DELETE", seen, "", []string{"If-Match", `"` + own + `"`}, 200, "Note"},
		{"put elsewhere", "PUT", "/drift", "{}", nil, 405, "Error"},
		{"delete elsewhere", "DELETE", "/progress", "", nil, 405, "Error"},
	} {
		w := s.sendJSON(c.method, c.address, c.body, c.headers...)
		if w.Code != c.status {
			t.Errorf("%s: status %d, want %d: %s", c.name, w.Code, c.status, w.Body)
			continue
		}
		var value any
		if err := json.Unmarshal(w.Body.Bytes(), &value); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if wrong := d.check(&schema{Ref: "#/components/schemas/" + c.schema}, value, "answer"); wrong != "" {
			t.Errorf("%s: %s", c.name, wrong)
		}
		if c.name == "changed" && !(strings.Contains(w.Body.String(), `"yours":"New."`) && strings.Contains(w.Body.String(), `It \u003cb\u003eadds`)) {
			t.Errorf("the conflict has not both texts: %s", w.Body)
		}
		if c.name == "add" && w.Header().Get("ETag") != `"`+own+`"` {
			t.Errorf("ETag %s", w.Header().Get("ETag"))
		}
	}
	if len(b.saved) != 4 || len(b.deleted) != 1 {
		t.Errorf("saved %+v, deleted %v", b.saved, b.deleted)
	}
	b.fails = server.ErrReadOnly
	if w := s.sendJSON("POST", "/notes", edit); w.Code != 403 {
		t.Errorf("read-only: status %d", w.Code)
	}
	s = newNoted(t, b, false)
	if w := s.sendJSON("DELETE", seen+"&version="+own, ""); w.Code != 403 {
		t.Errorf("where nothing may be written: status %d", w.Code)
	}
	if w := s.ask("/api/v1/notes"); !strings.Contains(w.Body.String(), `"read_only":true`) {
		t.Errorf("notes: %s", w.Body)
	}
}
