package server_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"navigator/server"
	"navigator/ui"
)

func TestHost(t *testing.T) {
	s := newSite(t, newFake())
	for host, ok := range map[string]bool{
		"localhost": true, "localhost:7070": true, "LOCALHOST:1": true, "127.0.0.1:7070": true, "127.1.2.3": true, "[::1]:7070": true, "[::1]": true,
		"box.example": true, "box.example:9": true, "BOX.example.": true,
		"evil.example": false, "127.0.0.1.evil.example:7070": false, "localhost.evil.example": false, "": false, "192.168.1.7": false, "0.0.0.0:7070": false,
	} {
		for _, address := range []string{"/", "/api/v1/sources", "/assets/x", "/diagram"} {
			r := httptest.NewRequest("GET", address, nil)
			r.Host = host
			w := httptest.NewRecorder()
			s.handler.ServeHTTP(w, r)
			if refused := w.Code == http.StatusMisdirectedRequest; refused == ok {
				t.Errorf("host %q, %s: status %d", host, address, w.Code)
			}
		}
	}
}

func TestHeaders(t *testing.T) {
	s := newSite(t, newFake())
	for _, address := range []string{"/", "/src/shop/source/main.cc", "/api/v1/sources", "/api/v1/openapi.yaml", "/nothing", ui.Asset("base/base.css")} {
		h := s.ask(address).Header()
		policy := h.Get("Content-Security-Policy")
		for _, directive := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy+";", directive+";") {
				t.Errorf("%s: the policy %q lacks %q", address, policy, directive)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy is %q", address, policy)
		}
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY",
			"Cross-Origin-Opener-Policy": "same-origin", "Access-Control-Allow-Origin": "",
		} {
			if got := h.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", address, name, got, want)
			}
		}
	}
}

// The frame of diagrams may style inline, but is cut off from everything else.
func TestDiagramPolicy(t *testing.T) {
	if !ui.HasAsset(ui.Diagrams) {
		newSite(t, newFake()).page(404, "/diagram")
		t.Skip("what draws diagrams is not embedded: make copies it from npm")
	}
	s := newSite(t, newFake())
	policy := s.ask("/diagram").Header().Get("Content-Security-Policy")
	for _, directive := range []string{"default-src 'none'", "script-src 'self'", "frame-ancestors 'self'", "sandbox allow-scripts"} {
		if !strings.Contains(policy+";", directive+";") {
			t.Errorf("the policy %q lacks %q", policy, directive)
		}
	}
	s.page(200, "/lessons/01_libros/01_contar").count(1, `script[src$="component/diagram/diagram.js"]`)
	s.page(200, "/lessons/01_libros/01_contar").count(0, `script[src*="mermaid"]`)
}

func TestMethods(t *testing.T) {
	s := newSite(t, newFake())
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"} {
		r := httptest.NewRequest(method, "http://localhost/", nil)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: status %d, Allow %q", method, w.Code, w.Header().Get("Allow"))
		}
	}
}

func TestHead(t *testing.T) {
	web := httptest.NewServer(newSite(t, newFake()).handler)
	defer web.Close()
	for _, address := range []string{"/", "/src/shop/source/main.cc", "/api/v1/sources", "/search?q=int&kind=text"} {
		r, err := web.Client().Head(web.URL + address)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != 200 {
			t.Errorf("%s: status %d", address, r.StatusCode)
		}
	}
}

// Whatever a path looks like, what is served is an indexed file or nothing.
func TestPathsStayInside(t *testing.T) {
	s := newSite(t, newFake())
	for _, path := range []string{
		"../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "source/../../main.cc", "source/./main.cc", "source//main.cc", "/etc/passwd",
		"source%2Fmain.cc%00", "source\\main.cc", "%2e%2e/shop/source/main.cc", "source/main.cc/", "//evil.example/", ".git/config",
	} {
		for _, prefix := range []string{"/src/shop/", "/api/v1/files/shop/", "/assets/", "/lessons/"} {
			w := s.ask(prefix + path)
			if w.Code != 404 {
				t.Errorf("%s%s: status %d", prefix, path, w.Code)
			}
		}
	}
	for _, name := range []string{"messages/es.json", "base/base.html", "page/../base/base.css", ""} {
		if w := s.ask(ui.Asset(name)); w.Code != 404 {
			t.Errorf("asset %q: status %d", name, w.Code)
		}
	}
	if w := s.ask("/assets/0123456789abcdef/base/base.css"); w.Code != 404 {
		t.Errorf("an asset of another build: status %d", w.Code)
	}
}

func TestLongAddress(t *testing.T) {
	newSite(t, newFake()).page(http.StatusRequestURITooLong, "/search?q="+strings.Repeat("x", 9000))
}

func TestPanicIsAPage(t *testing.T) {
	v := newFake()
	v.broken = true
	s := newSite(t, v)
	s.page(500, "/src/shop/source/main.cc").count(1, "main.error")
	if w := s.ask("/api/v1/files/shop/source/main.cc"); w.Code != 500 || !strings.Contains(w.Body.String(), `"internal"`) {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	if !strings.Contains(s.log.String(), "the map is torn") || !strings.Contains(s.log.String(), "guard.go") {
		t.Errorf("the log does not say what panicked and where: %s", s.log)
	}
	if strings.Contains(s.ask("/src/shop/source/main.cc").Body.String(), "torn") {
		t.Error("the page tells what panicked")
	}
	if v.released != 3 {
		t.Errorf("the view was released %d times of 3", v.released)
	}
}

func TestFailuresOfTheView(t *testing.T) {
	for _, c := range []struct {
		err    error
		status int
	}{
		{fmt.Errorf("opening: %w", server.ErrNotIndexed), 503},
		{errors.New("disk on fire"), 500},
		{context.DeadlineExceeded, 504},
	} {
		v := newFake()
		v.err = c.err
		s := newSite(t, v)
		p := s.page(c.status, "/")
		p.count(1, "main.error")
		if w := s.ask("/api/v1/lessons"); w.Code != c.status || w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%v: status %d, %s", c.err, w.Code, w.Header().Get("Content-Type"))
		}
	}
}

func TestUnchangedPages(t *testing.T) {
	s := newSite(t, newFake())
	h := s.ask("/").Header()
	if got := h.Get("Vary"); got != "Cookie, Accept-Language" {
		t.Errorf("a page varies by %q", got)
	}
	tag := h.Get("ETag")
	if w := s.ask("/", "If-None-Match", tag); w.Code != 304 || w.Body.Len() > 0 {
		t.Errorf("status %d with %d bytes, want 304", w.Code, w.Body.Len())
	}
	if w := s.ask("/", "If-None-Match", tag, "Cookie", "theme=dark"); w.Code != 200 {
		t.Errorf("another theme: status %d, want 200", w.Code)
	}
	b := &notebook{}
	s = newNoted(t, b, true)
	tag = s.ask("/").Header().Get("ETag")
	b.readOnly = true
	if w := s.ask("/", "If-None-Match", tag); w.Code != 200 {
		t.Errorf("a course that can no longer be written: status %d, want 200", w.Code)
	}
	if w := s.ask("/nothing"); w.Header().Get("ETag") != "" || w.Header().Get("Cache-Control") == "private, no-cache" {
		t.Errorf("a failure may be cached: %v", w.Header())
	}
}
