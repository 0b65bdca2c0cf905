package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"navigator/annotations"
	"navigator/ui"
)

// preferences are what a reader chose: by address (?lang=, ?theme=), which a
// cookie then remembers, or by what the browser asks for.
type preferences struct {
	language ui.Language
	theme    string // "light", "dark", or "" for the system's
}

var themes = []string{"auto", "light", "dark"}

func preferencesOf(r *http.Request) preferences {
	l, ok := ui.ParseLanguage(preference(r, "lang"))
	if !ok {
		l = ui.Negotiate(r.Header.Get("Accept-Language"))
	}
	theme := preference(r, "theme")
	if theme != "light" && theme != "dark" {
		theme = ""
	}
	return preferences{l, theme}
}

func preference(r *http.Request, name string) string {
	if value := r.URL.Query().Get(name); value != "" && !isAPI(r) {
		return value
	}
	if c, err := r.Cookie(name); err == nil {
		return c.Value
	}
	return ""
}

// rememberPreferences sets the cookies of preferences that the address names.
func rememberPreferences(w http.ResponseWriter, r *http.Request) {
	if r.URL.RawQuery == "" || isAPI(r) {
		return
	}
	query := r.URL.Query()
	_, known := ui.ParseLanguage(query.Get("lang"))
	chosen := map[string]bool{"lang": known, "theme": false}
	for _, theme := range themes {
		chosen["theme"] = chosen["theme"] || query.Get("theme") == theme
	}
	for name, ok := range chosen {
		if ok {
			http.SetCookie(w, &http.Cookie{
				Name: name, Value: query.Get(name), Path: "/",
				MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode,
			})
		}
	}
}

func isAPI(r *http.Request) bool { return strings.HasPrefix(r.URL.Path, "/api/") }

// page is what every page has; the struct of each page embeds it.
type page struct {
	Lang    ui.Language
	Theme   string // "light", "dark", or "" for the system's
	Title   string
	Styles  []string // assets, in the order in which they count
	Early   []string // scripts that run before the page is there
	First   []string // modules that run before it is painted
	Scripts []string // modules, besides the ones of every page
	Query   string   // in the search field
	Version string

	address *url.URL
}

// styles are the ones of every page.
var styles = []string{"base/base.css", "component/kind/kind.css", "component/palette/palette.css", "component/keys/keys.css"}

// choice is one of the values of a preference.
type choice struct {
	Value   string
	Address string // of this page with the value
	Current bool
}

// Languages returns the languages to choose from.
func (p page) Languages() []choice {
	var all []choice
	for _, l := range ui.Languages() {
		all = append(all, choice{string(l), p.with("lang", string(l)), l == p.Lang})
	}
	return all
}

// Themes returns the themes to choose from.
func (p page) Themes() []choice {
	var all []choice
	for _, theme := range themes {
		all = append(all, choice{theme, p.with("theme", theme), theme == p.Theme || theme == "auto" && p.Theme == ""})
	}
	return all
}

// with returns the address of the page with a parameter set.
func (p page) with(name, value string) string {
	query := p.address.Query()
	query.Set(name, value)
	return (&url.URL{Path: p.address.Path, RawQuery: query.Encode()}).String()
}

// newPage returns what the page of that name has in common with the others.
// The name is that of its folder in ui/page.
func (s *site) newPage(r *http.Request, name, title string) page {
	p := preferencesOf(r)
	return page{
		Lang: p.language, Theme: p.theme, Title: title, Version: s.version, address: r.URL,
		Styles: append(slices.Clone(styles), "page/"+name+"/"+name+".css"),
	}
}

// link is an address and what to call it.
type link struct {
	Text    string `json:"text"`
	Address string `json:"url"`
}

// render writes a page. It is held back until it is whole, so that a failure
// shows as one.
func render(w http.ResponseWriter, l ui.Language, name string, data any) error {
	return renderStatus(w, http.StatusOK, l, name, data)
}

func renderStatus(w http.ResponseWriter, status int, l ui.Language, name string, data any) error {
	var b bytes.Buffer
	if err := ui.Templates(l).ExecuteTemplate(&b, name, data); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(b.Bytes()) // an error means that the reader has left
	return nil
}

// errorPage is the page of a failure.
type errorPage struct {
	page
	Status  int
	Message string
	Nearest []link
}

// fail answers with a failure: a page, or JSON under /api. What is the
// server's fault is logged.
func (s *site) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(r.Context().Err(), context.Canceled) {
		return // the reader has left
	}
	f := asFailure(err)
	status := statuses[f.kind]
	if f.cause != nil {
		s.log.Error("a request failed", "address", r.URL.Path, "status", status, "error", f.cause)
	}
	for _, name := range []string{"ETag", "Vary", "Content-Length"} {
		w.Header().Del(name)
	}
	w.Header().Set("Cache-Control", "no-store")
	if isAPI(r) {
		message := ui.English.T(f.key, f.args...)
		writeJSON(w, status, apiError{apiFailure{f.kind, message, f.nearest}})
		return
	}
	l := preferencesOf(r).language
	p := errorPage{page: s.newPage(r, "error", l.T("error.title."+string(f.kind))), Status: status, Message: l.T(f.key, f.args...), Nearest: f.nearest}
	if err := renderStatus(w, status, l, "error.html", p); err != nil {
		s.log.Error("showing a failure", "error", err)
		http.Error(w, http.StatusText(status), status)
	}
}

// writeJSON writes an answer of the API.
func writeJSON(w http.ResponseWriter, status int, value any) error {
	b, err := json.Marshal(value)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(b) // an error means that the reader has left
	return nil
}

// links says where the links of a lesson's Markdown lead.
type links struct {
	view        View
	language    ui.Language
	lesson      *annotations.Lesson
	resolutions []annotations.Resolution
	verdicts    []annotations.CitationVerdict // nil until the course is checked
	excerpts    []annotations.ExcerptVerdict
	terms       []annotations.Term   // of the course
	ticking     bool                 // items have their boxes
	done        map[string]time.Time // items that are, by key
}

func newLinks(v View, l ui.Language, lesson *annotations.Lesson) links {
	return links{view: v, language: l, lesson: lesson, resolutions: v.Resolutions(lesson.ID), verdicts: v.Verdicts(lesson.ID), excerpts: v.Excerpts(lesson.ID), terms: v.Course().Glossary}
}

func (ls links) resolution(i int) annotations.Resolution {
	if i < 0 || i >= len(ls.resolutions) {
		return annotations.Resolution{Match: annotations.MatchNone}
	}
	return ls.resolutions[i]
}

// Citation implements Links.
func (ls links) Citation(i int) Link {
	if v := ls.verdict(i); v != nil {
		return ls.judged(i, v)
	}
	r := ls.resolution(i)
	to := Link{Match: r.Match, Beyond: r.Beyond, Title: ls.describe(r)}
	if leadsToCode(r) {
		to.Href = placeAddress(r.Places[0].Source, r.Places[0].Path, r.Places[0].Lines)
	} else {
		to.Href = citationAddress(ls.lesson.ID, i)
	}
	return to
}

// leadsToCode reports whether a citation has a place to go to; the second of a
// pair of files has its own line in the title.
func leadsToCode(r annotations.Resolution) bool {
	return r.Match != annotations.MatchAmbiguous && r.Match != annotations.MatchNone && len(r.Places) > 0
}

// describe says the state of a citation in words.
func (ls links) describe(r annotations.Resolution) string {
	l := ls.language
	var said string
	switch {
	case r.Match == annotations.MatchAmbiguous:
		said = l.Count("citation.ambiguous", len(r.Places))
	case !leadsToCode(r):
		return l.T("citation.none")
	case r.Match == annotations.MatchExact:
		said = l.T("citation.exact", r.Places[0].Source)
	case r.Match == annotations.MatchContext:
		said = l.T("citation.context", r.Places[0].Source+"/"+r.Places[0].Path)
	default:
		said = l.T("citation.suffix", r.Places[0].Source+"/"+r.Places[0].Path)
	}
	if leadsToCode(r) && len(r.Places) > 1 {
		said += " " + l.T("citation.pair", r.Places[1].Path)
	}
	if r.Beyond {
		said += " " + l.T("citation.beyond")
	}
	return said
}

// Lesson implements Links.
func (ls links) Lesson(id, anchor string) string { return lessonAddress(id, anchor) }
func (ls links) Picture(path string) string      { return pictureAddress(path) }

// trusted marks HTML that the View has sanitised.
func trusted(html string) template.HTML { return template.HTML(html) }
