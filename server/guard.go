package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// Limits on every request.
const (
	maxAddress = 8 << 10          // bytes of path and query
	maxQuery   = 1000             // bytes of a search
	maxResults = 200              // results of a search
	maxBody    = 64 << 10         // bytes
	maxTime    = 30 * time.Second // from the first byte of the request to the last of the answer
)

// policy is the Content-Security-Policy of every answer but a diagram's.
// Nothing is loaded from elsewhere, nothing inline runs or styles.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types 'none'"

// guard applies what holds for every request: who may ask, how much, for how
// long, and the headers of the answer.
func (s *site) guard(reads, writes http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin") // with no-referrer, browsers do not say the origin of a form
		h.Set("Cross-Origin-Opener-Policy", "same-origin")

		answer := &written{ResponseWriter: w}
		defer s.recover(answer, r)

		next := reads
		switch {
		case !s.hostAllowed(r.Host):
			s.fail(answer, r, &failure{kind: misdirected, key: "error.host", args: []any{r.Host}})
			return
		case r.Method == http.MethodPost, r.Method == http.MethodPut, r.Method == http.MethodDelete:
			next = writes
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			s.refuseMethod(answer, r)
			return
		}
		switch {
		case crossOrigin.Check(r) != nil:
			s.fail(answer, r, &failure{kind: forbidden, key: "error.cross_site"})
			return
		case len(r.RequestURI) > maxAddress:
			s.fail(answer, r, &failure{kind: tooLong, key: "error.too_long"})
			return
		}

		deadline := time.Now().Add(maxTime)
		control := http.NewResponseController(w)
		err := errors.Join(control.SetReadDeadline(deadline), control.SetWriteDeadline(deadline))
		if err != nil && !errors.Is(err, http.ErrNotSupported) {
			s.log.Warn("setting the time limit of a request", "error", err)
		}
		ctx, cancel := context.WithDeadline(r.Context(), deadline)
		defer cancel()
		r = r.WithContext(ctx)
		r.Body = http.MaxBytesReader(answer, r.Body, maxBody)
		next.ServeHTTP(answer, r)
	})
}

// hostAllowed reports whether a request for that host is meant for us. A page
// elsewhere whose name was rebound to a loopback address still sends its name.
func (s *site) hostAllowed(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.ToLower(strings.TrimSuffix(strings.Trim(name, "[]"), "."))
	if name == "localhost" {
		return true
	}
	if ip := net.ParseIP(name); ip != nil && ip.IsLoopback() {
		return true
	}
	return slices.Contains(s.hosts, name)
}

// written remembers whether an answer was begun.
type written struct {
	http.ResponseWriter
	begun bool
}

func (w *written) WriteHeader(status int) {
	w.begun = true
	w.ResponseWriter.WriteHeader(status)
}

func (w *written) Write(b []byte) (int, error) {
	w.begun = true
	return w.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach what it controls.
func (w *written) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// recover turns a panic into an error page. When part of the page is out
// already, the connection is cut so that it does not pass for a whole one.
func (s *site) recover(w *written, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	s.log.Error("a request panicked", "address", r.URL.Path, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
	if w.begun {
		panic(http.ErrAbortHandler)
	}
	s.fail(w, r, &failure{kind: internal, key: "error.internal"})
}

// Server returns an HTTP server for a handler of [New], with limits on what
// comes before a handler runs.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}
