package main

import (
	"bytes"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"navigator/server"
)

// TestSiteFollowsItsWorkspace changes a navigator.toml that is served, for the
// better and for the worse.
func TestSiteFollowsItsWorkspace(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	ws, err := layDemo(t.Context(), io.Discard, false)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(ws.File)
	if err != nil {
		t.Fatal(err)
	}
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	other := t.TempDir()
	write(filepath.Join(other, "01_otra.md"), "# La otra lección\n")

	var said bytes.Buffer
	site, err := openSite(t.Context(), ws, server.Options{Log: slog.New(slog.NewTextHandler(&said, nil))}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { site.close() }()
	for _, step := range []struct {
		name, text string
		other      bool   // course is shown
		said       string // in the log
	}{
		{"as it was", string(text), false, ""},
		{"a comment", string(text) + "# nothing\n", false, ""},
		{"another course", strings.Replace(string(text), `course = "course"`, "course = '"+other+"'", 1), true, "read again"},
		{"a slip", "course = 7\n", true, filepath.Base(ws.File) + ":1"},
		{"the first again", string(text), false, "read again"},
	} {
		t.Run(step.name, func(t *testing.T) {
			said.Reset()
			write(ws.File, step.text)
			site.look(t.Context())
			w := httptest.NewRecorder()
			site.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/", nil))
			if got := strings.Contains(w.Body.String(), "La otra lección"); got != step.other {
				t.Errorf("the other course is shown: %v, want %v (%d)", got, step.other, w.Code)
			}
			if !strings.Contains(said.String(), step.said) || step.said == "" && said.Len() > 0 {
				t.Errorf("the log says %q, want %q", said.String(), step.said)
			}
		})
	}
}
