// Package ui holds the interface: templates, styles, ES modules and messages,
// embedded as they are, with no build step; modules are sent minified.
//
// A page or component is one folder, with its template, style and module side
// by side. Templates share one name space; a page begins with the template
// "begin" and ends with "end".
package ui

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/js"
)

// The drawing of diagrams, assets/vendor, is absent unless make copied it.
//
//go:embed base page component assets messages
var files embed.FS

// Diagrams is the asset that draws diagrams.
const Diagrams = "assets/vendor/mermaid.min.js"

// assetTypes lists what is served, by the end of its name. Everything else of
// the embedded files is for this package alone.
var assetTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

type assetSet struct {
	content map[string][]byte // by path; nil for what is large
	hash    string            // of all of them
}

// largeAsset is the size in bytes from which an asset is read when it is asked
// for: browsers ask once, and the drawing of diagrams is larger than all else.
const largeAsset = 1 << 18

// minified makes modules small. Names stay, for who looks at them in a browser.
var minified = func() *minify.M {
	m := minify.New()
	m.Add("js", &js.Minifier{KeepVarNames: true})
	return m
}()

var assets = sync.OnceValue(func() assetSet {
	set := assetSet{content: map[string][]byte{}}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || assetTypes[path.Ext(name)] == "" {
			return err
		}
		set.content[name], err = files.ReadFile(name)
		if err == nil && path.Ext(name) == ".js" && !strings.HasPrefix(name, "assets/") {
			set.content[name], err = minified.Bytes("js", set.content[name])
		}
		return err
	})
	if err != nil {
		panic("ui: reading an embedded file: " + err.Error())
	}
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(set.content)) {
		h.Write([]byte(name))
		h.Write(set.content[name])
		if len(set.content[name]) >= largeAsset {
			set.content[name] = nil
		}
	}
	set.hash = hex.EncodeToString(h.Sum(nil))[:16]
	return set
})

// Hash identifies the content of all assets.
func Hash() string { return assets().hash }

// HasAsset reports whether an asset is embedded.
func HasAsset(name string) bool {
	_, ok := assets().content[name]
	return ok
}

// Styles returns the address of several styles as one asset: a page shows once
// all are there, and each that is asked for takes its time.
func Styles(names []string) string { return Asset(strings.Join(names, "+")) }

// stylesOf returns the names that [Styles] joined, nil when it did not.
func stylesOf(name string) []string {
	names := strings.Split(name, "+")
	if len(names) == 1 || slices.ContainsFunc(names, func(n string) bool { return path.Ext(n) != ".css" || !HasAsset(n) }) {
		return nil
	}
	return names
}

// Asset returns the address of an asset, such as "page/file/file.css". All
// addresses change when any asset does, so that relative imports between
// modules need no rewriting.
func Asset(name string) string { return "/assets/" + Hash() + "/" + name }

// ServeAsset answers a request for the address that [Asset] returned.
func ServeAsset(w http.ResponseWriter, r *http.Request) {
	name, ok := strings.CutPrefix(r.URL.Path, "/assets/"+Hash()+"/")
	content := AssetContent(name)
	if !ok || content == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", assetTypes[path.Ext(name)])
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
}

// Prepare reads the assets and the templates, which else the first page waits
// for.
func Prepare() {
	Hash()
	templates()
}

// Templates returns the templates of all pages in a language. They are shared:
// execute them, never change them.
func Templates(l Language) *template.Template { return templates()[l] }

var templates = sync.OnceValue(func() map[Language]*template.Template {
	parsed := map[Language]*template.Template{}
	for _, l := range Languages() {
		parsed[l] = template.Must(template.New("ui").Funcs(l.funcs()).ParseFS(files, "base/*.html", "component/*/*.html", "page/*/*.html"))
	}
	return parsed
})

// funcs returns the functions of templates:
//
//	t key args…      the message of that key
//	count key n      the message of that key for n things, n included
//	number n         n with its thousands set apart
//	day time         a date
//	asset name       the address of an asset
//	styles names     the address of styles as one
//	breaks name      a path or a name of code that lines may break
func (l Language) funcs() template.FuncMap {
	return template.FuncMap{
		"t": l.T, "words": l.Words, "count": l.Count, "number": l.Number, "day": l.Day, "asset": Asset, "styles": Styles, "breaks": breaks,
	}
}

// joints are where a line may break in a path or a name of code.
var joints = strings.NewReplacer("/", "/<wbr>", "::", "::<wbr>", "_", "_<wbr>")

// breaks returns a path, or a name of code, that is too long for narrow lines.
func breaks(name string) template.HTML {
	return template.HTML(joints.Replace(template.HTMLEscapeString(name)))
}
