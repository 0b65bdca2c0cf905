package server

import (
	"net/http"

	"github.com/gorilla/mux"
)

// crossOrigin tells requests that a page of another site made by what browsers
// say of them: Sec-Fetch-Site, else Origin.
var crossOrigin = http.NewCrossOriginProtection()

// writes returns the router of what changes something, which is asked for with
// POST, or of a note with PUT and DELETE, too.
func (s *site) writes() *mux.Router {
	all := mux.NewRouter().SkipClean(true)
	refuse := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.refuseMethod(w, r) })
	all.NotFoundHandler, all.MethodNotAllowedHandler = refuse, refuse
	if s.notebook != nil {
		all.Path("/api/v1/notes").Methods("PUT").Handler(s.write(s.apiChangeNote))
		all.Path("/api/v1/notes").Methods("DELETE").Handler(s.write(s.apiDeleteNote))
	}
	r := all.Methods("POST").Subrouter()
	r.Path("/drift").Handler(s.write(s.settleDrift))
	r.Path("/api/v1/drift").Handler(s.write(s.apiSettleDrift))
	r.Path("/demo/bump").Handler(s.write(s.bumpDemo))
	r.Path("/progress").Handler(s.write(s.tick))
	if s.notebook != nil {
		r.Path("/api/v1/notes").Handler(s.write(s.apiAddNote))
		r.Path("/notes").Handler(s.write(s.saveNote))
		r.Path("/notes/preview").Handler(s.write(s.previewNote))
		r.Path("/notes/delete").Handler(s.write(s.deleteNote))
		r.Path("/notes/restore").Handler(s.write(s.restoreNote))
	}
	return all
}

// write runs h on the newest view, when this server may write.
func (s *site) write(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		forget(w)
		if !s.writing {
			s.fail(w, r, &failure{kind: forbidden, key: "error.read_only"})
			return
		}
		v, release, err := s.views.Acquire()
		if err == nil {
			defer release()
			err = h(w, r, v)
		}
		if err != nil {
			s.fail(w, r, err)
		}
	})
}

// refuseMethod answers a request for something that cannot be asked for so.
func (s *site) refuseMethod(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Allow", "GET, HEAD")
	s.fail(w, r, &failure{kind: notAllowed, key: "error.method", args: []any{r.Method}})
}
