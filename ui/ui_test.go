package ui_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
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

// What a page can send of JavaScript, all that it may fetch later included and
// the drawing of diagrams aside, stays small.
func TestJavaScriptIsSmall(t *testing.T) {
	const most = 60_000
	sizes, imports := map[string]int{}, map[string][]string{}
	for _, name := range glob(t, "base/*.js", "component/*/*.js", "page/*/*.js") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range imported.FindAllSubmatch(text, -1) {
			imports[name] = append(imports[name], path.Join(path.Dir(name), string(m[1])))
		}
		w := httptest.NewRecorder()
		ui.ServeAsset(w, httptest.NewRequest("GET", ui.Asset(name), nil))
		sizes[name] = w.Body.Len()
	}
	for page, entries := range entriesOf(t) {
		sent, size := map[string]bool{}, 0
		for len(entries) > 0 {
			name := entries[0]
			entries = entries[1:]
			if !sent[name] {
				sent[name], size = true, size+sizes[name]
				entries = append(entries, imports[name]...)
			}
		}
		t.Logf("%s: %d bytes", page, size)
		if size > most {
			t.Errorf("%s: %d bytes of JavaScript, at most %d", page, size, most)
		}
	}
}

var script = regexp.MustCompile(`"((?:component|page)/\w+/\w+\.js)"`)

// entriesOf returns the modules that pages begin with, by the file of the server
// that makes the page; the desk has those of files, too.
func entriesOf(t *testing.T) map[string][]string {
	entries := map[string][]string{}
	for _, name := range glob(t, "../server/*.go") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range script.FindAllSubmatch(text, -1) {
			if !strings.HasSuffix(name, "_test.go") {
				entries[path.Base(name)] = append(entries[path.Base(name)], string(m[1]))
			}
		}
	}
	if len(entries["desk.go"]) == 0 || len(entries["file.go"]) == 0 {
		t.Fatal("the pages of files have no modules")
	}
	entries["desk.go"] = append(entries["desk.go"], entries["file.go"]...)
	for page := range entries {
		entries[page] = append(entries[page], "base/base.js", "base/early.js")
	}
	return entries
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
