package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"navigator/indexer"
	"navigator/indexer/syntax"
	"navigator/server"
	"navigator/ui"
)

func exportHTMLCommand(global *globals) *cobra.Command {
	language := string(ui.Languages()[0])
	c := &cobra.Command{
		Use:   "html DIR",
		Short: "Write the course and the code that it cites as web pages",
		Long: `Write the course and the files that it cites as web pages that need no server:
open DIR/index.html from disk, or put DIR on any web server. The annotations
stand beside the lines, a lesson can be read beside its code and walked stop by
stop, diagrams are drawn, and the search finds lessons, the symbols and lines
that they explain, terms, files, and the symbols of the files that are there.
Links to code that is not there lead to the site that the source's url names, at
the revision that was indexed; where it names none they are plain text.

DIR is replaced when it is an earlier export, and must not be there otherwise.`,
		Args: wrongUse(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			l, ok := ui.ParseLanguage(language)
			if !ok {
				return usageError{fmt.Errorf("--lang %s: write es or en", language)}
			}
			ws, err := openWorkspace(global)
			if err != nil {
				return err
			}
			return exportHTML(c.Context(), ws, l, args[0], c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&language, "lang", language, "the language of the interface: es or en")
	return c
}

// still is a view that stays as it is. It is a [server.Views].
type still struct{ judged }

// Acquire implements [server.Views].
func (s still) Acquire() (server.View, func(), error) { return s, func() {}, nil }

// Tokens implements [server.Code]. An export has time.
func (s still) Tokens(file int) ([]indexer.Token, bool) {
	return syntax.Highlight(s.Files()[file].Path, s.Text(file)), true
}

func exportHTML(ctx context.Context, ws *workspace, l ui.Language, dir string, w io.Writer) error {
	defer debug.SetGCPercent(debug.SetGCPercent(residentPercent))
	log := slog.New(slog.DiscardHandler)
	shown, err := openLive(ws, log)
	if err != nil {
		return err
	}
	defer shown.close()
	v, err := shown.newest()
	if err != nil {
		return err
	}
	shown.hold(ctx, v)
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := v.cover(ctx, &shown.tallies); err != nil {
		return err
	}
	view := still{judged{v, v.found.Load()}}
	e := &exporter{
		ctx: ctx, view: view, language: l,
		handler: server.New(view, server.Options{Version: buildVersion().Version, Log: log}),
		pages:   map[string]*exportedPage{}, ranges: map[string]map[indexer.Lines]bool{}, assets: map[string]bool{},
	}
	if err := publishFolder(dir, "html", e.write); err != nil {
		return err
	}
	pages, files := e.count()
	fmt.Fprintf(w, "%d pages, %d of them files, in %s: open %s\n", pages, files, dir, path.Join(dir, "index.html"))
	return nil
}

// exporter renders pages through the server and makes them files.
type exporter struct {
	ctx      context.Context
	view     still
	language ui.Language
	handler  http.Handler
	pages    map[string]*exportedPage          // by address, without fragment and lines; nil for what is not exported
	order    []string                          // addresses of pages, as they were found
	ranges   map[string]map[indexer.Lines]bool // that links lead to, by address of the page
	assets   map[string]bool                   // that pages use
}

// exportedPage is a page or a picture that becomes a file.
type exportedPage struct {
	file string          // in the export
	ids  map[string]bool // that fragments may name
	raw  []byte          // of what is no page, such as a picture
}

// rangeID is the fragment of lines.
func rangeID(l indexer.Lines) string {
	return "L" + strings.ReplaceAll(l.String(), "-", "-L")
}

// count returns how many pages there are, and how many of them are of files.
func (e *exporter) count() (pages, files int) {
	for _, address := range e.order {
		if e.pages[address].raw != nil {
			continue
		}
		pages++
		if strings.HasPrefix(address, "/src/") && !strings.HasSuffix(address, "/") {
			files++
		}
	}
	return pages, files
}

// gather finds the pages to export: the course's, what they lead to, and the
// files that they explain or cite.
func (e *exporter) gather() error {
	queue := []string{"/", "/search", "/coverage"}
	for _, l := range e.view.Course().Documents() {
		queue = append(queue, (&url.URL{Path: "/lessons/" + l.ID}).EscapedPath())
	}
	for place := range e.view.found.laid {
		queue = append(queue, (&url.URL{Path: "/src/" + place.source + "/" + place.path}).EscapedPath())
	}
	slices.Sort(queue[3:])
	for len(queue) > 0 {
		address := queue[0]
		queue = queue[1:]
		if _, known := e.pages[address]; known {
			continue
		}
		if err := e.ctx.Err(); err != nil {
			return err
		}
		links, err := e.find(address)
		if err != nil {
			return err
		}
		queue = append(queue, links...)
	}
	return nil
}

// find looks at a page and returns the addresses that it adds.
func (e *exporter) find(address string) (next []string, err error) {
	file, ok := fileOf(address)
	if !ok {
		e.pages[address] = nil
		return nil, nil
	}
	answer := e.ask(address)
	if answer.status != http.StatusOK {
		e.pages[address] = nil
		return nil, nil
	}
	page := &exportedPage{file: file}
	e.pages[address] = page
	e.order = append(e.order, address)
	if !strings.HasPrefix(answer.header.Get("Content-Type"), "text/html") {
		page.raw = answer.body.Bytes()
		return nil, nil
	}
	doc, err := parsePage(answer.body.Bytes())
	if err != nil {
		return nil, fmt.Errorf("reading the page %s: %w", address, err)
	}
	doc.shape(address)
	page.ids = doc.ids()
	for _, to := range doc.addresses(address) {
		e.note(to)
		if e.leadsOn(address, to) {
			next = append(next, canonical(to))
		}
	}
	if source, ok := strings.CutPrefix(address, "/src/"); ok {
		for i := strings.LastIndexByte(strings.TrimSuffix(source, "/"), '/'); i > 0; i = strings.LastIndexByte(source[:i], '/') {
			next = append(next, "/src/"+source[:i+1]) // the folders above it
		}
	}
	return next, nil
}

// note keeps which lines of a page a link leads to.
func (e *exporter) note(to *url.URL) {
	lines, ok := server.ParseLines(to.Query().Get("lines"))
	if !ok || lines.First == lines.Last {
		return
	}
	page := canonical(to)
	if e.ranges[page] == nil {
		e.ranges[page] = map[indexer.Lines]bool{}
	}
	e.ranges[page][lines] = true
}

// leadsOn reports whether what a page links to is exported with it. Code is
// when a lesson leads to it: the lists of files on other pages would bring the
// whole trees.
func (e *exporter) leadsOn(from string, to *url.URL) bool {
	if strings.HasPrefix(to.Path, "/src/") {
		return strings.HasPrefix(from, "/lessons/") || from == "/"
	}
	return true
}

// fileOf returns the file of a page, and whether pages like it are exported.
func fileOf(address string) (string, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return "", false
	}
	q := u.Query()
	section, rest, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	switch section {
	case "":
		return "index.html", rest == ""
	case "search", "coverage", "glossary":
		return section + ".html", rest == "" && u.RawQuery == ""
	case "lessons":
		if u.RawQuery == "print=code" {
			return "print/" + rest + ".html", true
		}
		return "lessons/" + rest + ".html", u.RawQuery == ""
	case "desk":
		return "desk/" + rest + ".html", u.RawQuery == ""
	case "concepts":
		return "concepts/" + rest + ".html", rest != "" && u.RawQuery == ""
	case "pictures":
		return "pictures/" + rest, u.RawQuery == ""
	case "src":
		if strings.HasSuffix(u.Path, "/") {
			return "folders/" + rest + "index.html", u.RawQuery == ""
		}
		return "src/" + rest + ".html", strings.Contains(rest, "/") && u.RawQuery == ""
	case "citation":
		return "citations/" + q.Get("lesson") + "/" + q.Get("n") + ".html", rest == "" && q.Get("n") != "" && len(q) == 2
	case "parallel":
		if u.RawQuery == "" {
			return "parallel.html", rest == ""
		}
		return "parallel/" + q.Get("lesson") + "/" + q.Get("a") + "-" + q.Get("b") + ".html", rest == "" && q.Has("lesson") && q.Has("a") && q.Has("b") && len(q) == 3
	case "compare":
		return "excerpts/" + q.Get("lesson") + "/" + q.Get("n") + ".html", rest == "" && q.Get("n") != "" && len(q) == 2
	}
	return "", false
}

// canonical returns an address as pages are known by: without the fragment, and
// without the parameters that only mark or dress the page.
func canonical(u *url.URL) string {
	q := u.Query()
	marks := []string{"lines", "lang", "theme"}
	if strings.HasPrefix(u.Path, deskPrefix) {
		marks = append(marks, "stop", "at", "view")
	}
	for _, name := range marks {
		q.Del(name)
	}
	return (&url.URL{Path: u.Path, RawQuery: q.Encode()}).String()
}

// write writes the export into a folder.
func (e *exporter) write(dir string) error {
	if err := e.gather(); err != nil {
		return err
	}
	for _, address := range e.order {
		if err := e.ctx.Err(); err != nil {
			return err
		}
		text, err := e.text(address)
		if err != nil {
			return fmt.Errorf("exporting the page %s: %w", address, err)
		}
		if err := writeBelow(dir, e.pages[address].file, text); err != nil {
			return err
		}
	}
	for name := range e.assets {
		if err := writeBelow(dir, assetFile(name), ui.AssetContent(name)); err != nil {
			return err
		}
	}
	for _, name := range []string{ui.ExportEarly, ui.ExportScript, ui.ExportStudy, ui.ExportStyle} {
		if err := writeBelow(dir, name, ui.ExportFile(name)); err != nil {
			return err
		}
	}
	index, err := e.searchIndex()
	if err != nil {
		return err
	}
	if err := e.ctx.Err(); err != nil {
		return err // the last page may not be whole
	}
	return writeBelow(dir, searchIndexFile, index)
}

// text returns the file of a page.
func (e *exporter) text(address string) ([]byte, error) {
	page := e.pages[address]
	if page.raw != nil {
		return page.raw, nil
	}
	answer := e.ask(address)
	if answer.status != http.StatusOK {
		return nil, fmt.Errorf("it was there, and now the answer is %d", answer.status)
	}
	doc, err := parsePage(answer.body.Bytes())
	if err != nil {
		return nil, err
	}
	doc.shape(address)
	e.settle(doc, address, page)
	doc.name(e.ranges[address])
	return doc.render()
}

// assetFile returns the file of an asset.
func assetFile(name string) string {
	if strings.Contains(name, "+") { // several in one, with a name too long for some systems
		sum := sha256.Sum256([]byte(name))
		name = hex.EncodeToString(sum[:8]) + path.Ext(name)
	}
	return "assets/" + strings.TrimPrefix(name, "assets/")
}

// escaped writes a path as a relative address.
func escaped(path string) string {
	address := (&url.URL{Path: path}).EscapedPath()
	if first, _, _ := strings.Cut(address, "/"); strings.Contains(first, ":") {
		return "./" + address // or it would be a scheme
	}
	return address
}

// recorded is what the server answers.
type recorded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *recorded) Header() http.Header         { return a.header }
func (a *recorded) WriteHeader(status int)      { a.status = status }
func (a *recorded) Write(b []byte) (int, error) { return a.body.Write(b) }
func (a *recorded) Flush()                      {}

// ask returns what the server answers, redirects followed.
func (e *exporter) ask(address string) *recorded {
	for range 5 {
		a := &recorded{header: http.Header{}, status: http.StatusOK}
		r, err := http.NewRequestWithContext(e.ctx, http.MethodGet, address, nil)
		if err != nil {
			a.status = http.StatusBadRequest
			return a
		}
		r.Host, r.RequestURI = "localhost", address
		r.Header.Set("Accept-Language", string(e.language))
		e.handler.ServeHTTP(a, r)
		if a.status != http.StatusFound {
			return a
		}
		address = a.header.Get("Location")
	}
	return &recorded{status: http.StatusLoopDetected}
}
