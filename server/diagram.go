package server

import (
	"net/http"

	"navigator/ui"
)

// diagramPolicy is the Content-Security-Policy of the frame that draws
// diagrams. The program that draws writes style elements and attributes, which
// [policy] forbids; so it runs in a page of its own, which a lesson embeds
// sandboxed, with an origin of its own: it can reach neither the lesson nor the
// network. It sends pictures back, which the lesson shows as images.
const diagramPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts"

// diagramPage is the frame that draws diagrams.
type diagramPage struct {
	Lang    ui.Language
	Drawing string // asset
}

func (s *site) diagram(w http.ResponseWriter, r *http.Request) {
	if !ui.HasAsset(ui.Diagrams) {
		s.fail(w, r, missing("error.address", r.URL.Path, nil))
		return
	}
	w.Header().Set("Content-Security-Policy", diagramPolicy)
	w.Header().Set("X-Frame-Options", "SAMEORIGIN")
	l := preferencesOf(r).language
	if err := render(w, l, "diagram.html", diagramPage{l, ui.Diagrams}); err != nil {
		s.fail(w, r, err)
	}
}
