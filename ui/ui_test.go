package ui_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"navigator/ui"
)

func TestServeAsset(t *testing.T) {
	get := func(address string) *http.Response {
		w := httptest.NewRecorder()
		ui.ServeAsset(w, httptest.NewRequest("GET", address, nil))
		return w.Result()
	}
	for name, want := range map[string]string{
		"base/base.css": "text/css; charset=utf-8", "base/base.js": "text/javascript; charset=utf-8", "assets/mark.svg": "image/svg+xml",
	} {
		if r := get(ui.Asset(name)); r.StatusCode != 200 || r.Header.Get("Content-Type") != want || !strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s: %d %v", name, r.StatusCode, r.Header)
		}
	}
	for _, address := range []string{ui.Asset("messages/es.json"), ui.Asset("base/base.html"), ui.Asset(""), "/assets/base/base.css", "/assets/x/base/base.css"} {
		if r := get(address); r.StatusCode != 404 {
			t.Errorf("%s: status %d", address, r.StatusCode)
		}
	}
}

// What pages can send of JavaScript, the drawing of diagrams aside, stays small
// in all. No string runs over lines, whose indentation is not sent.
func TestJavaScriptIsSmall(t *testing.T) {
	const most = 60_000
	size := 0
	for _, name := range glob(t, "base/*.js", "component/*/*.js", "page/*/*.js") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(string(text), "\n") {
			if strings.Count(line, "`")%2 != 0 || strings.HasSuffix(line, "\\") {
				t.Errorf("%s:%d: a string runs over lines", name, n+1)
			}
		}
		w := httptest.NewRecorder()
		ui.ServeAsset(w, httptest.NewRequest("GET", ui.Asset(name), nil))
		size += w.Body.Len()
	}
	t.Logf("%d bytes", size)
	if size > most {
		t.Errorf("%d bytes of JavaScript, at most %d", size, most)
	}
}

var (
	imported = regexp.MustCompile(`(?:from|import|import\() ?['"](\.[^'"]+)['"]`)
	foreign  = regexp.MustCompile(`(?:https?:)?//[a-z0-9-]+\.[a-z]|@import|\burl\(`)
	exact    = regexp.MustCompile(`^\d+\.\d+\.\d+$`)
	blocks   = regexp.MustCompile(`calc\((\d+) \* var\(--line\)\)`)
)

// Modules import what exists, and no style or module loads from elsewhere.
func TestAssetsStandAlone(t *testing.T) {
	for _, name := range glob(t, "base/*.js", "component/*/*.js", "page/*/*.js", "base/*.css", "component/*/*.css", "page/*/*.css") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if found := foreign.Find(text); found != nil {
			t.Errorf("%s: %s", name, found)
		}
		for _, m := range imported.FindAllSubmatch(text, -1) {
			to := name[:strings.LastIndexByte(name, '/')+1] + string(m[1])
			if _, err := os.Stat(to); err != nil {
				t.Errorf("%s imports %s, which does not exist", name, m[1])
			}
		}
	}
}

// The height that the style gives a block out of view is that of as many lines
// as the server puts in one.
func TestBlocksHaveTheirHeight(t *testing.T) {
	style, err := os.ReadFile("page/file/file.css")
	if err != nil {
		t.Fatal(err)
	}
	code, err := os.ReadFile("../server/code.go")
	if err != nil {
		t.Fatal(err)
	}
	m := blocks.FindSubmatch(style)
	if m == nil || !strings.Contains(string(code), "const blockLines = "+string(m[1])+"\n") {
		t.Errorf("file.css has blocks of %q lines, server/code.go has others", m)
	}
}

// The lock file must serve everywhere, so it names no registry.
func TestLockNamesNoRegistry(t *testing.T) {
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(lock), `"resolved"`) {
		t.Error("package-lock.json names a registry: run npm install with ui/.npmrc")
	}
	manifest, err := os.ReadFile("package.json")
	if err != nil {
		t.Fatal(err)
	}
	var pinned struct{ Dependencies, DevDependencies map[string]string }
	if err := json.Unmarshal(manifest, &pinned); err != nil {
		t.Fatal(err)
	}
	maps.Copy(pinned.Dependencies, pinned.DevDependencies)
	for name, version := range pinned.Dependencies {
		if !exact.MatchString(version) {
			t.Errorf("package.json does not pin %s: %s", name, version)
		}
	}
}
