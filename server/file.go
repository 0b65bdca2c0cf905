package server

import (
	"bufio"
	"bytes"
	"cmp"
	"html/template"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/gorilla/mux"

	"navigator/indexer"
	"navigator/ui"
)

// filePage is the page of a file, without its lines and its outline.
type filePage struct {
	page
	Source   indexer.Source
	File     indexer.File
	Name     string // last element of the path
	Crumbs   []link // the source and the folders that lead to the file
	Lines    int    // of the file
	Symbols  int    // in the outline
	Citation string // of the file, or of the lines asked for, as lessons write it
	Brief    string // Citation without the folders

	Upstream     string // address of the file at the revision, "" when unknown
	UpstreamLine string // Upstream, at the lines asked for
	Editor       string // address that opens the file, with {line}, "" for none
	EditorLine   template.URL

	Then string // address of the file as the snapshot before has it, "" when it is the same
	Diff string // address of what differs since

	Annotate string // address of the form of a new note, "" where there are none
	ReadOnly string // why it cannot be written, "" when it can

	Groups  []group   // what lessons say, the lines asked for first
	Filter  filter    // of Groups
	Stripes []stripe  // where Groups are in the file
	Form    lineNames // asks for the names of a line
	Desk    *desk     // the lesson beside it, nil for none
}

// facts holds Facts for reuse: those of a large file take megabytes.
var facts = sync.Pool{New: func() any { return new(indexer.Facts) }}

// place shows a file or a folder.
func (s *site) place(w http.ResponseWriter, r *http.Request, v View) error {
	name, path := mux.Vars(r)["source"], mux.Vars(r)["path"]
	source, ok := sourceOf(v, name)
	if !ok {
		return missing("error.source", name, sourceLinks(v))
	}
	if done, err := s.history(w, r, v, name, path); done {
		return err
	}
	if file, ok := v.FileIndex(name, path); ok {
		return s.file(w, r, v, file)
	}
	if folder := asFolder(path); len(filesUnder(v, name, folder)) > 0 {
		if folder != path || strings.HasSuffix(r.URL.Path, "/"+name) {
			http.Redirect(w, r, placeAddress(name, folder, indexer.Lines{}), http.StatusFound)
			return nil
		}
		return s.folder(w, r, v, source, folder)
	}
	near := nearestFiles(r, v, name, path)
	if v.Earlier(name, path) != nil {
		was := preferencesOf(r).language.T("history.then")
		near = append([]link{{name + "/" + path + " (" + was + ")", earlierAddress(name, path, "rev")}}, near...)
	}
	return missing("error.file", name+"/"+path, near)
}

func sourceOf(v View, name string) (indexer.Source, bool) {
	for _, s := range v.Sources() {
		if s.Name == name {
			return s, true
		}
	}
	return indexer.Source{}, false
}

func sourceLinks(v View) []link {
	var all []link
	for _, s := range v.Sources() {
		all = append(all, link{s.Name, placeAddress(s.Name, "", indexer.Lines{})})
	}
	return all
}

// asFolder returns path with a slash at its end; the root stays "".
func asFolder(path string) string {
	if path == "" || strings.HasSuffix(path, "/") {
		return path
	}
	return path + "/"
}

// filesUnder returns the files of a source whose path begins with folder.
func filesUnder(v View, source, folder string) []indexer.File {
	all := v.Files()
	from, _ := slices.BinarySearchFunc(all, folder, func(f indexer.File, folder string) int {
		return cmp.Or(strings.Compare(f.Source, source), strings.Compare(f.Path, folder))
	})
	rest := all[from:]
	to, _ := slices.BinarySearchFunc(rest, folder, func(f indexer.File, folder string) int {
		if f.Source == source && strings.HasPrefix(f.Path, folder) {
			return -1
		}
		return 1
	})
	return rest[:to]
}

// nearestFiles returns links to the files that a path may have meant: those a
// search for it finds, in the source first and then in all of them.
func nearestFiles(r *http.Request, v View, source, name string) []link {
	const most = 8
	var near []link
	for _, text := range []string{name, path.Base(name)} {
		found, err := v.FindFiles(r.Context(), Query{Text: text[:min(len(text), maxQuery)], Source: source, Limit: most})
		if err != nil || len(near) > 0 {
			break
		}
		for _, i := range found {
			f := v.Files()[i]
			near = append(near, link{f.Source + "/" + f.Path, placeAddress(f.Source, f.Path, indexer.Lines{})})
		}
	}
	for folder := path.Dir(name); folder != "." && folder != "/"; folder = path.Dir(folder) {
		if len(filesUnder(v, source, folder+"/")) > 0 {
			return append(near, link{source + "/" + folder + "/", placeAddress(source, folder+"/", indexer.Lines{})})
		}
	}
	return near
}

// crumbs returns links to the source and to the folders above path.
func crumbs(source, path string) []link {
	all := []link{{source, placeAddress(source, "", indexer.Lines{})}}
	for i := 0; ; {
		next := strings.IndexByte(path[i:], '/')
		if next < 0 || i+next+1 == len(path) {
			return all
		}
		all = append(all, link{path[i : i+next], placeAddress(source, path[:i+next+1], indexer.Lines{})})
		i += next + 1
	}
}

func (s *site) file(w http.ResponseWriter, r *http.Request, v View, index int) error {
	var wanted indexer.Lines
	if asked := r.URL.Query().Get("lines"); asked != "" {
		var ok bool
		if wanted, ok = parseLines(asked); !ok {
			return refused("error.lines", asked)
		}
	}
	return s.showFile(w, r, v, index, wanted, nil)
}

// showFile shows a file, on a desk or by itself.
func (s *site) showFile(w http.ResponseWriter, r *http.Request, v View, index int, wanted indexer.Lines, d *desk) error {
	file := v.Files()[index]
	source, _ := sourceOf(v, file.Source)
	var shown filter
	laid := shown.apply(v, r.URL, v.Annotations(file.Source, file.Path))
	groups, err := groupAnnotations(v, preferencesOf(r).language, laid, wanted)
	if err != nil {
		return err
	}
	found := facts.Get().(*indexer.Facts)
	defer facts.Put(found)
	if err := v.Facts(index, found); err != nil {
		s.log.Error("reading the facts of a file", "source", file.Source, "path", file.Path, "error", err)
		found.Reset()
	}
	text := v.Text(index)
	p := s.newFilePage(r, source, file, wanted)
	back := placeAddress(file.Source, file.Path, wanted)
	if d != nil {
		back = r.URL.RequestURI()
	}
	s.offerNotes(groups, back)
	if s.notebook != nil {
		p.Annotate = annotateAddress(file, wanted)
		if why := s.readOnly(); why != "" {
			p.ReadOnly = p.Lang.T(why)
		}
		p.Styles = append(p.Styles, "component/note/note.css")
		p.Scripts = append(p.Scripts, "component/note/load.js")
	}
	p.Lines = countLines(text)
	p.Symbols = len(found.Symbols)
	letters := cardLetters
	if d != nil {
		letters = deskLetters
	}
	stand(groups, wanted, letters)
	p.Groups = wantedFirst(groups, wanted)
	if e := v.Earlier(file.Source, file.Path); e != nil && !e.Same {
		p.Then, p.Diff = earlierAddress(file.Source, file.Path, "rev"), earlierAddress(file.Source, file.Path, "diff")
	}
	p.Filter, p.Stripes = shown, stripes(groups, p.Lines)
	if d != nil {
		s.onDesk(&p, d)
	}

	ranges := groups
	for len(ranges) > 0 && ranges[0].Lines.IsZero() {
		ranges = ranges[1:]
	}
	tokens, known := v.Tokens(index)
	if !known {
		forget(w)
	}
	code := listing{text, found.Occurrences, tokens, ranges, wanted}
	return writeFile(w, p, found.Symbols, code)
}

func (s *site) newFilePage(r *http.Request, source indexer.Source, file indexer.File, wanted indexer.Lines) filePage {
	p := filePage{
		page:   s.newPage(r, "file", path.Base(file.Path)),
		Source: source, File: file,
		Name:     path.Base(file.Path),
		Crumbs:   crumbs(file.Source, file.Path),
		Citation: file.Path,
		Upstream: upstreamAddress(source, file.Path),
		Editor:   editorAddress(s.editor, source.Root, file.Path, 0),
	}
	p.Styles = append(p.Styles, "component/prose/prose.css", "component/card/card.css", "component/code/code.css", "component/names/names.css")
	p.Scripts = []string{"page/file/file.js"}
	p.Form = lineNames{Source: file.Source, Path: file.Path, Number: max(wanted.First, 1)}
	p.UpstreamLine = p.Upstream
	if !wanted.IsZero() {
		p.Citation += ":" + wanted.String()
		if p.Upstream != "" {
			p.UpstreamLine += "#" + fragment(wanted)
		}
	}
	p.Brief = path.Base(p.Citation)
	p.EditorLine = template.URL(editorAddress(s.editor, source.Root, file.Path, max(wanted.First, 1)))
	return p
}

// fragment returns a range as the fragment of an address has it.
func fragment(l indexer.Lines) string {
	return "L" + strings.ReplaceAll(l.String(), "-", "-L")
}

// stripe is where the annotations of a range are on the strip beside the scroll
// bar, in lines.
type stripe struct {
	ID            string // of the group
	Lane          int
	Sure          bool
	First, Height int
}

// stripes returns where groups are on the strip of a file, none too small to see.
func stripes(groups []group, lines int) []stripe {
	var all []stripe
	for _, g := range groups {
		if !g.Lines.IsZero() {
			all = append(all, stripe{g.ID, g.Lane, g.Sure, g.Lines.First - 1, max(g.Lines.Last-g.Lines.First+1, lines/250)})
		}
	}
	return all
}

func countLines(text []byte) int {
	n := bytes.Count(text, []byte{'\n'})
	if len(text) > 0 && text[len(text)-1] != '\n' {
		n++
	}
	return n
}

// writeFile writes the page as it goes: the parts of the template around the
// outline and the lines.
func writeFile(w http.ResponseWriter, p filePage, symbols []indexer.Symbol, code listing) error {
	var begin bytes.Buffer
	templates := ui.Templates(p.Lang)
	if err := templates.ExecuteTemplate(&begin, "file-begin", p); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	out := bufio.NewWriterSize(w, 64<<10)
	out.Write(begin.Bytes())
	writeOutline(out, p.Lang, symbols)
	if err := templates.ExecuteTemplate(out, "file-code", p); err != nil {
		return err
	}
	code.write(out)
	if err := templates.ExecuteTemplate(out, "file-end", p); err != nil {
		return err
	}
	out.Flush() // an error means that the reader has left
	return nil
}
