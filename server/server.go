package server

import (
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"

	"github.com/gorilla/mux"

	"navigator/ui"
)

// Options says how a server behaves.
type Options struct {
	// Hosts are names that requests may be for, besides localhost and loopback
	// addresses: those of the address that is listened on. A port is ignored.
	Hosts []string

	// Editor is the URL that opens a file in an editor, with {path} for the
	// absolute path and {line}: "vscode://file/{path}:{line}". "" offers none.
	Editor string

	// Writing lets those who may ask change the course through the pages.
	Writing bool

	Keeper Keeper // of the course; nil for none
	Demo   Demo   // nil for any other workspace

	Progress Progress // of whoever studies; nil for none
	Notebook Notebook // of the course; nil for none

	Version string       // of Navigator, shown at the foot of pages
	Log     *slog.Logger // of failures; nil for slog.Default
}

// site answers requests.
type site struct {
	views   Views
	hosts   []string
	editor  string
	writing bool
	keeper  Keeper
	demo    Demo
	version string
	log     *slog.Logger

	progress Progress
	notebook Notebook

	glossaries glossaries
}

// New returns a handler of all addresses: pages, API and assets.
func New(views Views, o Options) http.Handler {
	s := &site{views: views, editor: o.Editor, writing: o.Writing, keeper: o.Keeper, demo: o.Demo, version: o.Version, log: o.Log}
	s.progress, s.notebook = o.Progress, o.Notebook
	go ui.Prepare()
	if s.log == nil {
		s.log = slog.Default()
	}
	for _, host := range o.Hosts {
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		s.hosts = append(s.hosts, strings.ToLower(strings.Trim(host, "[]")))
	}
	return s.guard(s.routes(), s.writes())
}

// routes returns the router. Paths are not cleaned: one with "..", or with a
// slash too many, is no file's and is not found.
func (s *site) routes() *mux.Router {
	r := mux.NewRouter().SkipClean(true)

	api := r.PathPrefix("/api/v1").Subrouter()
	api.Path("/openapi.yaml").HandlerFunc(serveOpenAPI)
	api.Path("/sources").Handler(s.answer(apiSources))
	api.Path("/search").Handler(s.answer(apiSearch))
	api.Path("/files/{source}/{path:.*}").Handler(s.answer(apiFile))
	api.Path("/symbols").Handler(s.answer(apiSymbols))
	api.Path("/annotations").Handler(s.answer(apiAnnotations))
	api.Path("/definition").Handler(s.answer(apiDefinition))
	api.Path("/references").Handler(s.answer(apiReferences))
	api.Path("/hover").Handler(s.answer(apiHover))
	api.Path("/hierarchy").Handler(s.answer(apiHierarchy))
	api.Path("/progress").Handler(s.answer(s.apiProgress))
	api.Path("/glossary").Handler(s.answer(s.apiGlossary))
	api.Path("/drift").Handler(s.answer(s.apiDriftAll))
	api.Path("/notes").Handler(s.answer(s.apiNotes))
	api.Path("/coverage").Handler(s.answer(apiCoverage))
	api.Path("/lessons").Handler(s.answer(apiLessons))
	api.Path("/lessons/{id:.+}").Handler(s.answer(apiLesson))

	r.PathPrefix("/assets/").HandlerFunc(ui.ServeAsset)
	r.Path("/diagram").HandlerFunc(s.diagram)
	r.Path("/").Handler(s.answer(s.home))
	r.Path("/lessons/{id:.+}").Handler(s.answer(s.lesson))
	r.Path("/glossary").Handler(s.answer(s.glossary))
	r.Path("/keys").Handler(s.answer(s.keys))
	r.Path("/desk/{id:.+}").Handler(s.answer(s.desk))
	r.Path("/pictures/{path:.+}").Handler(s.answer(s.picture))
	r.Path("/citation").Handler(s.answer(s.citation))
	r.Path("/coverage").Handler(s.answer(s.coverage))
	r.Path("/compare").Handler(s.answer(s.compare))
	r.Path("/parallel").Handler(s.answer(s.parallel))
	r.Path("/concepts/{term}").Handler(s.answer(s.concept))
	r.Path("/src/{source}").Handler(s.answer(s.place))
	r.Path("/src/{source}/{path:.*}").Handler(s.answer(s.place))
	r.Path("/definition").Handler(s.answer(s.definition))
	r.Path("/references").Handler(s.answer(s.references))
	r.Path("/hierarchy").Handler(s.answer(s.hierarchy))
	r.Path("/preview").Handler(s.answer(s.preview))
	if s.notebook != nil {
		r.Path("/notes/new").Handler(s.answer(s.newNote))
		r.Path("/notes/edit").Handler(s.answer(s.editNote))
	}
	r.Path("/search").Handler(s.answer(s.search))
	r.Path("/drift").Handler(s.answer(s.drift))
	r.Path("/drift/report").Handler(s.answer(s.report))
	r.NotFoundHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.fail(w, r, missing("error.address", r.URL.Path, nil))
	})
	return r
}

// handler answers a request from a view.
type handler func(w http.ResponseWriter, r *http.Request, v View) error

// answer runs h on the newest view. What was answered before from the same
// state is answered with 304.
func (s *site) answer(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, release, err := s.views.Acquire()
		if err != nil {
			s.fail(w, r, err)
			return
		}
		defer release()
		rememberPreferences(w, r)
		if s.unchanged(w, r, v) {
			return
		}
		if err := h(w, r, v); err != nil {
			s.fail(w, r, err)
		}
	})
}

// forget keeps an answer out of caches: one that is streamed may be broken off
// after its headers are gone, one that lacks something may be whole next time.
func forget(w http.ResponseWriter) {
	w.Header().Del("ETag")
	w.Header().Set("Cache-Control", "no-store")
}

// unchanged answers 304 when the browser has the answer already. An answer
// depends on the address, the view, the preferences, the progress, whether notes
// are written and the program alone.
func (s *site) unchanged(w http.ResponseWriter, r *http.Request, v View) bool {
	p := preferencesOf(r)
	done, _, _ := s.ticks() // an error shows when the page is made
	tag := `"` + strings.Join([]string{v.ID(), ui.Hash(), s.version, string(p.language), p.theme, done.Version, strconv.FormatBool(s.writesNotes())}, "-") + `"`
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("Vary", "Cookie, Accept-Language")
	if r.Header.Get("If-None-Match") != tag {
		return false
	}
	w.WriteHeader(http.StatusNotModified)
	return true
}
