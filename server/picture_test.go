package server_test

import "testing"

func TestPicture(t *testing.T) {
	v := newFake()
	v.pictures = map[string]string{"recursos/flujo uno.svg": "<svg/>", "notas.md": "secret"}
	s := newSite(t, v)
	w := s.ask("/pictures/recursos/flujo%20uno.svg")
	if w.Code != 200 || w.Body.String() != "<svg/>" || w.Header().Get("Content-Type") != "image/svg+xml" {
		t.Errorf("answer %d %q of type %q", w.Code, w.Body, w.Header().Get("Content-Type"))
	}
	if policy := w.Header().Get("Content-Security-Policy"); policy != "default-src 'none'; style-src 'unsafe-inline'; sandbox" {
		t.Errorf("a picture may do more than be seen: %s", policy)
	}
	for _, address := range []string{"/pictures/notas.md", "/pictures/recursos/otro.svg", "/pictures/recursos"} {
		if w := s.ask(address); w.Code != 404 {
			t.Errorf("%s: %d, want 404", address, w.Code)
		}
	}
}

// A page that lacks its highlighting is asked for again.
func TestUnhighlightedPageIsNotCached(t *testing.T) {
	v := newFake()
	v.highlighting = true
	f := v.files[0]
	w := newSite(t, v).ask("/src/" + f.Source + "/" + f.Path)
	if h := w.Header(); w.Code != 200 || h.Get("ETag") != "" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: %d, and it is cached: %v", f.Path, w.Code, h)
	}
}
