package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"navigator/annotations"
	"navigator/server"
)

// kept is a Progress in memory.
type kept struct{ ticks server.Ticks }

func (k *kept) Ticks() (server.Ticks, error) { return k.ticks, nil }

func (k *kept) Tick(lesson, item string, done bool) error {
	k.ticks.Version += "+"
	if k.ticks.Done == nil {
		k.ticks.Done = map[string]map[string]time.Time{}
	}
	if k.ticks.Done[lesson] == nil {
		k.ticks.Done[lesson] = map[string]time.Time{}
	}
	if done {
		k.ticks.Done[lesson][item] = time.Date(2026, 1, 2, 0, 0, len(k.ticks.Version), 0, time.UTC)
	} else {
		delete(k.ticks.Done[lesson], item)
	}
	return nil
}

// newStudy returns a site of a course with items, times and weeks, and with
// more lessons, if any.
func newStudy(t *testing.T, k server.Progress, writing bool, more ...*annotations.Lesson) site {
	v := newFake()
	first, second := v.course.Lessons[0], v.course.Lessons[1]
	first.Items = []annotations.Item{
		{Key: "objective-1", Kind: annotations.Objective, Text: "Saber contar", Line: 3},
		{Key: "question-1", Kind: annotations.Question, Text: `¿"Por qué" <b>?`, Line: 9},
	}
	first.Estimate, second.Estimate = annotations.Minutes{Least: 120, Most: 180}, annotations.Minutes{Least: 90, Most: 90}
	second.Items = []annotations.Item{{Key: "exercise-1", Kind: annotations.Exercise, Text: "Restar", Line: 3}}
	v.course.Weeks = []annotations.Week{
		{Title: "Semana 1: Libros", Steps: []string{"Módulo 1", "Ejercicios prácticos"}, Modules: []string{"1"}}, {Title: "Semana 2", Steps: []string{"Ejercicios de túneles"}},
	}
	v.course.Lessons = append(v.course.Lessons, more...)
	s := newSite(t, v)
	s.handler = server.New(v, server.Options{Progress: k, Writing: writing})
	return s
}

// The lessons of a module without a number belong to the weeks that name it, and
// the folder in it that they are in.
func TestWeeksHaveExercises(t *testing.T) {
	var exercises []*annotations.Lesson
	for _, id := range []string{"ejercicios/libros/01_sumar", "ejercicios/túneles/01_cavar"} {
		exercises = append(exercises, &annotations.Lesson{ID: id, Title: id, Module: "Ejercicios", Items: []annotations.Item{{Key: "exercise-1", Kind: annotations.Exercise}}})
	}
	s := newStudy(t, &kept{}, true, exercises...)
	p := s.page(200, "/")
	p.text("3 h 30 min – 4 h 30 min 0/4", ".weeks > li:first-child .meter")
	p.text("0/1", ".weeks > li:nth-child(2) .meter")
}

func (s site) post(address string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	s.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://localhost"+address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

const firstLesson = "01_libros/01_contar"

// A tick is a form's button: it works without JavaScript, and shows from the
// next page on.
func TestTick(t *testing.T) {
	s := newStudy(t, &kept{}, true)
	p := s.page(200, "/lessons/"+firstLesson, "Accept-Language", "es")
	p.count(2, `.tick[role="checkbox"][aria-checked="false"][name="tick"]`)
	p.attr(`Pregunta: ¿"Por qué" <b>?`, `#tick-question-1`, "aria-label")
	p.attr("ticks", "#tick-question-1", "form")
	p.attr("/progress", "form#ticks", "action")
	p.text("0 de 2 hechos", "#studied")

	w := s.post("/progress", url.Values{"lesson": {firstLesson}, "tick": {"question-1"}})
	if to := w.Header().Get("Location"); w.Code != 303 || to != "/lessons/"+firstLesson+"#tick-question-1" {
		t.Errorf("%d to %s", w.Code, to)
	}
	p = s.page(200, "/lessons/"+firstLesson, "Accept-Language", "es")
	p.attr("true", "#tick-question-1", "aria-checked")
	p.attr("untick", "#tick-question-1", "name")
	p.attr("false", "#tick-objective-1", "aria-checked")
	p.text("1 de 2 hechos", "#studied")

	w = s.post("/progress", url.Values{"lesson": {firstLesson}, "untick": {"question-1"}}, "Accept", "application/json")
	var answer struct {
		Done         bool
		Count, Items int
		Said         string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || w.Code != 200 || answer.Done || answer.Count != 0 || answer.Items != 2 || answer.Said == "" {
		t.Errorf("%d %s (%v)", w.Code, w.Body, err)
	}
}

// Nothing is ticked that is not there, by another site's page, or where writing
// is off; then no box is offered either.
func TestTickIsRefused(t *testing.T) {
	k := &kept{}
	good := url.Values{"lesson": {firstLesson}, "tick": {"question-1"}}
	for _, c := range []struct {
		site    site
		form    url.Values
		headers []string
		status  int
	}{
		{newStudy(t, k, true), url.Values{"lesson": {"nada"}, "tick": {"question-1"}}, nil, 404},
		{newStudy(t, k, true), url.Values{"lesson": {firstLesson}, "tick": {"question-2"}}, nil, 404},
		{newStudy(t, k, true), url.Values{"lesson": {firstLesson}}, nil, 404},
		{newStudy(t, k, true), good, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{newStudy(t, k, true), good, []string{"Origin", "http://evil.example"}, 403},
		{newStudy(t, k, false), good, nil, 403},
		{newStudy(t, nil, true), good, nil, 400},
	} {
		if w := c.site.post("/progress", c.form, c.headers...); w.Code != c.status {
			t.Errorf("%v %v: status %d, want %d", c.form, c.headers, w.Code, c.status)
		}
	}
	if k.ticks.Done != nil {
		t.Errorf("%v was ticked", k.ticks.Done)
	}
	for _, s := range []site{newStudy(t, k, false), newStudy(t, nil, true)} {
		p := s.page(200, "/lessons/"+firstLesson)
		p.count(0, ".tick")
		p.count(0, "#ticks")
		s.page(200, "/").count(0, "main progress")
	}
}

// The first page has the way through the course, what is next, the times and
// the plan's weeks.
func TestHomeStudies(t *testing.T) {
	k := &kept{}
	s := newStudy(t, k, true)
	home := func() page { return s.page(200, "/", "Accept-Language", "es") }
	p := home()
	p.text("Empezar", ".now h2")
	p.text("Contar <bien>", `.now .go a[href="/lessons/01_libros/01_contar"]`)
	p.text("Restar", `.then a[href="/lessons/01_libros/02_restar"]`)
	p.text("0 de 3 hechos 3 h 30 min – 4 h 30 min en total quedan 3 h 30 min – 4 h 30 min", ".far .facts")
	p.text("3 h 30 min – 4 h 30 min 0/3", ".module:first-of-type .meter")
	p.count(2, ".weeks > li")
	p.text("Semana 1: Libros ahora", `.weeks > li[aria-current="step"] h3`)
	p.text("Módulo 1", ".weeks > li:first-child ul li:first-child")
	p.text("Semana 1: Libros 0/3", ".glance > div:first-child dd")
	p.attr("/api/v1/progress", ".tools a[download]", "href")
	p.text("3 h 30 min – 4 h 30 min 0/3", ".weeks > li:first-child .meter")

	_ = k.Tick(firstLesson, "objective-1", true)
	_ = k.Tick("other", "objective-1", true) // of a lesson that is gone
	p = home()
	p.text("Seguir con", ".now h2")
	p.text("1/3", ".module:first-of-type .meter .part")
	p.attr("1", ".far progress", "value")

	_ = k.Tick(firstLesson, "question-1", true)
	p = home()
	p.text("Restar", ".now .go a")
	p.text("completa", ".module li.whole .tag.done")
	p.text("2 de 3 hechos 3 h 30 min – 4 h 30 min en total quedan 1 h 30 min", ".far .facts")

	_ = k.Tick("01_libros/02_restar", "exercise-1", true)
	k.ticks.Damaged = "/state/progress-damaged.json"
	p = home()
	p.text("Curso completado", ".now h2")
	p.count(0, ".go")
	if said := textOf(p.one(".damaged")); !strings.Contains(said, "/state/progress-damaged.json") {
		t.Errorf("%q does not say where the old progress is", said)
	}
}

// A page that was sent before a tick is not taken for the one after it.
func TestTicksChangePages(t *testing.T) {
	k := &kept{}
	s := newStudy(t, k, true)
	tag := s.ask("/lessons/" + firstLesson).Header().Get("ETag")
	if w := s.ask("/lessons/"+firstLesson, "If-None-Match", tag); w.Code != 304 {
		t.Errorf("status %d, want 304", w.Code)
	}
	_ = k.Tick(firstLesson, "question-1", true)
	if w := s.ask("/lessons/"+firstLesson, "If-None-Match", tag); w.Code != 200 {
		t.Errorf("status %d, want 200", w.Code)
	}
}
