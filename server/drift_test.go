package server_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"navigator/server"
)

// send posts a form, or JSON when body begins with a brace.
func (s site) send(address, body string, headers ...string) *httptest.ResponseRecorder {
	s.Helper()
	r := httptest.NewRequest("POST", address, strings.NewReader(body))
	r.Host = "localhost:7070"
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// writing serves a fake whose course may be written.
func writing(t *testing.T, v *fake) site {
	return site{t, server.New(v, server.Options{Keeper: v.keeper, Writing: true}), nil}
}

func TestDriftPage(t *testing.T) {
	v := newFake()
	p := writing(t, v).page(200, "/drift", "Accept-Language", "en")
	p.text("2 left", "#count")
	p.count(1, ".list-open li")
	p.count(1, ".list-lost li")
	p.count(1, ".list-kept li")
	p.count(1, ".list-pending li")
	// The first that is open, by lesson; what is lost comes after.
	p.attr("e1", "form.adjust input[name=item]", "value")
	p.attr("v-e1", "form.adjust input[name=version]", "value")
	p.attr("l1", "form.adjust input[name=next]", "value")
	p.attr("source/books/bookkeeper.h:7-9", "#to", "value")
	p.text("Las líneas 12.", ".words .prose")
	p.text("Keep a ledger", ".touched .title")
	p.count(1, `form input[name=action][value=move]`)
	p.count(1, `button[value=renumber]`)

	// Changes are marked to the character, on both sides.
	marks := map[string]bool{}
	for _, m := range p.all("#rows mark") {
		marks[textOf(m)] = true
	}
	for _, want := range []string{"Journal", "Ledger", "long", "int"} {
		if !marks[want] {
			t.Errorf("%q is not marked: %v", want, marks)
		}
	}
	p.count(3, "#rows tr.in")
	p.count(1, "#rows tr.is-same")

	lost := writing(t, v).page(200, "/drift?item=l1", "Accept-Language", "en")
	lost.count(1, "#rows tr.is-removed")
	lost.text("int gone;", "#rows tr.is-removed .old")
	lost.count(1, ".touched li.removed")
	lost.count(0, "#accept")
	lost.count(1, "#reject")

	// A range that is asked for is shown, and its lines can be drawn over.
	asked := writing(t, v).page(200, "/drift?item=l1&to=source/books/bookkeeper.h:3-4", "Accept-Language", "en")
	asked.attr("source/books/bookkeeper.h:3-4", "#to", "value")
	asked.count(2, "#rows tr.in")
	for _, to := range []string{"nothing.h:3", "source/books/bookkeeper.h:x", ":3", "source/books/bookkeeper.h:99999"} {
		writing(t, v).page(200, "/drift?item=l1&to="+url.QueryEscape(to))
	}
}

func TestDriftSettled(t *testing.T) {
	v := newFake()
	s := writing(t, v)
	for _, c := range []struct{ form, leads, want string }{
		{"action=accept&item=e1&version=v&next=l1", "/drift?item=l1", "{e1 v false {  }}"},
		{"action=reject&item=l1&version=v", "/drift", "{l1 v true {  }}"},
		{"action=move&item=e1&to=source/main.cc:1-2", "/drift", "{e1  false { source/main.cc 1-2}}"},
	} {
		v.keeper.settled = nil
		w := s.send("/drift", c.form)
		if w.Code != 303 || w.Header().Get("Location") != c.leads {
			t.Errorf("%s: status %d, leads to %s", c.form, w.Code, w.Header().Get("Location"))
		}
		if got := strings.Trim(fmt.Sprint(v.keeper.settled), "[]"); got != c.want {
			t.Errorf("%s: %s, want %s", c.form, got, c.want)
		}
	}
	if w := s.send("/drift", "action=renumber"); w.Code != 303 || v.keeper.numbers != 1 {
		t.Errorf("renumber: status %d, %d times", w.Code, v.keeper.numbers)
	}
	s.page(200, "/drift").count(0, "#undo")
	v.keeper.drift.Undoes = "e1"
	s.page(200, "/drift").count(1, "#undo")
	if w := s.send("/drift", "action=undo&next=e1"); w.Code != 303 || w.Header().Get("Location") != "/drift?item=e1" || v.keeper.undone != 1 {
		t.Errorf("undo: status %d to %s, %d times", w.Code, w.Header().Get("Location"), v.keeper.undone)
	}
	for form, status := range map[string]int{"action=move&item=e1&to=x:y": 400, "action=dance&item=e1": 400, "%zz": 400} {
		v.keeper.settled = nil
		if w := s.send("/drift", form); w.Code != status || v.keeper.settled != nil {
			t.Errorf("%s: status %d", form, w.Code)
		}
	}
}

// What cannot be written says why, and keeps what was typed.
func TestDriftRefused(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
	}{
		{fmt.Errorf("writing: %w", server.ErrChanged), 409},
		{fmt.Errorf("%w: no permission", server.ErrReadOnly), 403},
		{fmt.Errorf("%w: the path stands nowhere", server.ErrDecision), 400},
	} {
		v := newFake()
		v.keeper.err = c.err
		s := writing(t, v)
		w := s.send("/drift", "action=move&item=e1&to=source/main.cc:1")
		p := s.parse("/drift", w.Body)
		if w.Code != c.status {
			t.Errorf("%v: status %d", c.err, w.Code)
		}
		p.count(1, "[role=alert]")
		p.attr("source/main.cc:1", "#to", "value")
		w = s.send("/api/v1/drift", `{"decisions":[{"id":"e1","action":"accept"}]}`)
		if w.Code != c.status || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%v: the API: status %d", c.err, w.Code)
		}
	}
}

// Who may not write sees no forms, and is refused; so is what a page of another
// site asks for.
func TestDriftMayBeWritten(t *testing.T) {
	v := newFake()
	s := site{t, server.New(v, server.Options{Keeper: v.keeper}), nil}
	s.page(200, "/drift").count(0, "main form")
	if w := s.send("/drift", "action=renumber"); w.Code != 403 {
		t.Errorf("status %d", w.Code)
	}
	s = writing(t, v)
	for _, headers := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "http://evil.example"}, {"Origin", "null"}} {
		for _, address := range []string{"/drift", "/api/v1/drift", "/nothing", "/demo/bump"} {
			if w := s.send(address, "action=renumber", headers...); w.Code != 403 {
				t.Errorf("%s, %v: status %d", address, headers, w.Code)
			}
		}
	}
	if v.keeper.numbers > 0 {
		t.Error("it was written")
	}
	v.keeper.drift.ReadOnly = true
	s.page(200, "/drift").count(0, "main form")
}

func TestDriftAPI(t *testing.T) {
	v := newFake()
	s := writing(t, v)
	w := s.send("/api/v1/drift", `{"decisions":[{"id":"e1","version":"v","action":"accept"},{"id":"l1","action":"reject"}]}`, "Sec-Fetch-Site", "same-origin")
	if w.Code != 200 || len(v.keeper.settled) != 2 || !strings.Contains(w.Body.String(), `"open":2`) {
		t.Errorf("status %d, %v: %s", w.Code, v.keeper.settled, w.Body)
	}
	if w := s.send("/api/v1/drift", `{"renumber":true}`); w.Code != 200 || v.keeper.numbers != 1 {
		t.Errorf("status %d", w.Code)
	}
	for _, body := range []string{"", "[]", "{}", `{"decisions":[{"id":"e1","action":"dance"}]}`, `{"decisions":[{"id":"e1","action":"move","to":"x:y"}]}`, `{"more":1}`} {
		if w := s.send("/api/v1/drift", body); w.Code != 400 {
			t.Errorf("%s: status %d", body, w.Code)
		}
	}
}

func TestDriftReport(t *testing.T) {
	v := newFake()
	s := writing(t, v)
	p := s.page(200, "/drift/report", "Accept-Language", "en")
	p.count(5, "tbody tr th .v")
	p.text("2", "tr.is-lost td:nth-child(2)")
	p.attr("/lessons/"+first1, "tbody th a", "href")
	v.keeper.last = nil
	s.page(404, "/drift/report")
	server404 := site{t, server.New(v, server.Options{}), nil}
	server404.page(404, "/drift")
}
