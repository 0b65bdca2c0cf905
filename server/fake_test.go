package server_test

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"io"
	"io/fs"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	nethtml "golang.org/x/net/html"

	"navigator/annotations"
	"navigator/indexer"
	"navigator/server"
)

// fake is a View over a few files and a lesson, kept in memory. It is its own
// Views.
type fake struct {
	err       error // of Acquire
	broken    bool  // Text panics
	released  int
	files     []indexer.File
	texts     []string
	tokens    map[string][]indexer.Token
	facts     map[string]indexer.Facts
	course    annotations.Course
	resolved  []annotations.Resolution
	laid      []annotations.Annotation
	meant     map[string][]indexer.SymbolRef
	explained map[string][]server.ExplainedHit // by query
	noted     map[string][]server.NoteHit
	textError error         // ends a text search after its first file
	textDone  chan struct{} // closed when a text search ends, if not nil
	endless   bool          // a text search goes on until it is broken off

	highlighting bool // tokens are not known yet
	names        names
	pictures     map[string]string

	keeper  *fakeKeeper
	earlier map[string]*server.Earlier // by source and path now
	later   map[string]string

	coverage *annotations.Coverage
	checked  bool // the verdicts are there
	verdicts []annotations.CitationVerdict
	excerpts []annotations.ExcerptVerdict
}

const bookkeeper = `#include "ledger.h"

namespace Shop {
namespace Books {

// Adds <one> entry & returns it.
class Bookkeeper : public Ledger {
public:
  int add(int amount) { return total_ += amount; }

private:
  int total_{0};
};

} // namespace Books
} // namespace Shop
`

func newFake() *fake {
	v := &fake{tokens: map[string][]indexer.Token{}, facts: map[string]indexer.Facts{}}
	v.add("shop", "README.md", "# Shop\n")
	v.add("shop", "source/books/bookkeeper.h", bookkeeper)
	v.add("shop", "source/books/empty.h", "")
	v.add("shop", "source/main.cc", "int main() {}\n")
	v.add("shop", "test/a b+c#d.cc", "int x;\n")
	v.add("tunnel", "src/lib.rs", "pub fn open() {}\n")
	v.tokens["shop/source/books/bookkeeper.h"] = []indexer.Token{
		{Line: 1, Col: 1, Len: 8, Class: indexer.Preprocessor}, {Line: 1, Col: 10, Len: 10, Class: indexer.String},
		{Line: 6, Col: 1, Len: 33, Class: indexer.Comment}, {Line: 7, Col: 1, Len: 5, Class: indexer.Keyword},
	}
	position := func(line, col int32) indexer.Position { return indexer.Position{Line: line, Col: col} }
	name := func(line, col, n int32) indexer.Span {
		return indexer.Span{Start: position(line, col), End: position(line, col+n-1)}
	}
	v.facts["shop/source/books/bookkeeper.h"] = indexer.Facts{
		Symbols: []indexer.Symbol{
			{Name: "Shop", Kind: indexer.KindNamespace, Definition: true, NameSpan: name(3, 11, 4), Span: indexer.Span{Start: position(3, 1), End: position(16, 1)}, Parent: -1},
			{Name: "Bookkeeper", Container: "Shop::Books", Kind: indexer.KindClass, Definition: true, NameSpan: name(7, 7, 10), Span: indexer.Span{Start: position(7, 1), End: position(13, 2)}, HeadEnd: position(7, 32), Parent: 0},
			{Name: "add", Container: "Shop::Books::Bookkeeper", Kind: indexer.KindMethod, Definition: true, Visibility: indexer.Public, NameSpan: name(9, 7, 3), Span: indexer.Span{Start: position(9, 3), End: position(9, 49)}, HeadEnd: position(9, 21), Parent: 1},
		},
		Occurrences: []indexer.Occurrence{
			{Line: 7, Col: 7, Len: 10, Role: indexer.Definition}, {Line: 7, Col: 27, Len: 6, Role: indexer.TypeUse},
			{Line: 9, Col: 7, Len: 3, Role: indexer.Definition}, {Line: 9, Col: 32, Len: 6, Role: indexer.Write}, {Line: 9, Col: 42, Len: 6, Role: indexer.Read},
		},
	}
	citation := func(raw string, section int) annotations.Citation {
		return annotations.Citation{Raw: raw, Path: raw, Section: section, Prose: indexer.Lines{First: 12, Last: 12}, Form: annotations.Inline}
	}
	lines := func(c annotations.Citation, first, last int) annotations.Citation {
		c.Cited = indexer.Lines{First: first, Last: last}
		return c
	}
	first := &annotations.Lesson{
		ID: "01_libros/01_contar", Path: "01_libros/01_contar.md", Title: "Contar <bien>", Module: "1 - Libros", Topic: "Contar", Time: "2 horas",
		Prerequisites: []string{"Saber leer"}, Objectives: []string{"Saber **contar**"}, Text: []byte("# Contar\n"),
		Sections: []annotations.Section{
			{Level: 2, Number: "1", Title: "El libro", Anchor: "1-el-libro", Role: annotations.Content, Lines: indexer.Lines{First: 10, Last: 20}},
			{Level: 3, Number: "1.1", Title: "Sumar", Anchor: "11-sumar", Role: annotations.Exercises, Lines: indexer.Lines{First: 11, Last: 20}},
		},
		Citations: []annotations.Citation{
			lines(citation("source/books/bookkeeper.h:7-9", 1), 7, 9), citation("main.cc", 0), citation("x.h:3", 0), citation("nada.cc", -1), lines(citation("source/main.cc:90", 0), 90, 90),
		},
		Problems: []annotations.Problem{{Line: 4, Kind: annotations.NoHeaderEntry, Args: []string{"Tema"}}, {Line: 1, Kind: annotations.NoPart, Args: []string{"exercises"}}},
		Next:     "01_libros/02_restar",
	}
	v.course.Lessons = []*annotations.Lesson{first,
		{ID: "01_libros/02_restar", Path: "01_libros/02_restar.md", Title: "Restar", Module: "1 - Libros"},
		{ID: "recursos/referencias", Path: "recursos/referencias.md", Title: "Referencias"},
	}
	v.course.Plan = &annotations.Lesson{ID: "PLAN_FORMACION", Path: "PLAN_FORMACION.md", Title: "Plan"}
	place := func(path string, first, last int) annotations.Place {
		return annotations.Place{Source: "shop", Path: path, Lines: indexer.Lines{First: first, Last: last}}
	}
	v.resolved = []annotations.Resolution{
		{Match: annotations.MatchExact, Places: []annotations.Place{place("source/books/bookkeeper.h", 7, 9)}},
		{Match: annotations.MatchSuffix, Places: []annotations.Place{place("source/main.cc", 0, 0)}},
		{Match: annotations.MatchAmbiguous, Places: []annotations.Place{place("source/books/bookkeeper.h", 3, 3), place("source/books/empty.h", 3, 3)}},
		{Match: annotations.MatchNone, Nearest: place("source/main.cc", 0, 0)},
		{Match: annotations.MatchExact, Places: []annotations.Place{place("source/main.cc", 1, 1)}, Beyond: true},
	}
	annotation := func(first, last, citation int) annotations.Annotation {
		return annotations.Annotation{
			Place: place("source/books/bookkeeper.h", first, last), Lesson: first1, Citation: citation, Section: 1,
			Prose: indexer.Lines{First: 12, Last: 12}, Origin: annotations.FromCitation,
		}
	}
	v.names, v.coverage = newNames(), newCoverage()
	v.keeper = newKeeper()
	v.laid = []annotations.Annotation{
		annotation(0, 0, -1), annotation(7, 9, 0), annotation(7, 9, 0), annotation(7, 12, 0), annotation(8, 8, 0),
	}
	return v
}

const first1 = "01_libros/01_contar"

func (v *fake) add(source, path, text string) {
	v.files = append(v.files, indexer.File{Source: source, Path: path, Language: indexer.LanguageOf(path), Size: len(text), Modified: path == "source/main.cc"})
	v.texts = append(v.texts, text)
}

func (v *fake) Acquire() (server.View, func(), error) {
	if v.err != nil {
		return nil, nil, v.err
	}
	return v, func() { v.released++ }, nil
}

func (v *fake) ID() string            { return "fake" }
func (v *fake) Created() time.Time    { return time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC) }
func (v *fake) Files() []indexer.File { return v.files }
func (v *fake) Sources() []indexer.Source {
	return []indexer.Source{
		{Name: "shop", Root: "/home/ana/shop", URL: "https://github.com/ana/shop", Revision: strings.Repeat("ab", 20), Skipped: indexer.Skips{Links: 1, Large: 2}},
		{Name: "tunnel", Root: "/home/ana/tunnel"},
	}
}

func (v *fake) FileIndex(source, path string) (int, bool) {
	i := slices.IndexFunc(v.files, func(f indexer.File) bool { return f.Source == source && f.Path == path })
	return i, i >= 0
}

func (v *fake) name(file int) string { return v.files[file].Source + "/" + v.files[file].Path }

func (v *fake) Text(file int) []byte {
	if v.broken {
		panic("the map is torn")
	}
	return []byte(v.texts[file])
}

func (v *fake) Facts(file int, into *indexer.Facts) error {
	into.Reset()
	into.Symbols = append(into.Symbols, v.facts[v.name(file)].Symbols...)
	into.Occurrences = append(into.Occurrences, v.facts[v.name(file)].Occurrences...)
	return nil
}

func (v *fake) SymbolsNamed(name string) (refs []indexer.SymbolRef) {
	for file := range v.files {
		for i, s := range v.Symbols(file) {
			if s.Name == name {
				refs = append(refs, indexer.SymbolRef{File: int32(file), Symbol: int32(i)})
			}
		}
	}
	return refs
}

func (v *fake) Symbols(file int) []indexer.Symbol { return v.facts[v.name(file)].Symbols }
func (v *fake) Picture(path string) ([]byte, error) {
	if picture, ok := v.pictures[path]; ok {
		return []byte(picture), nil
	}
	return nil, fs.ErrNotExist
}

func (v *fake) Tokens(file int) ([]indexer.Token, bool) {
	return v.tokens[v.name(file)], !v.highlighting
}

func (v *fake) FindSymbols(ctx context.Context, q server.Query) ([]indexer.SymbolRef, error) {
	var refs []indexer.SymbolRef
	for i := range v.files {
		for j, s := range v.Symbols(i) {
			if strings.Contains(s.Name, q.Text) && (q.Kind == 0 || q.Kind == s.Kind) && len(refs) < q.Limit {
				refs = append(refs, indexer.SymbolRef{File: int32(i), Symbol: int32(j)})
			}
		}
	}
	return refs, nil
}

func (v *fake) FindMeant(ctx context.Context, q server.Query) ([]indexer.SymbolRef, error) {
	return v.meant[q.Text], nil
}

func (v *fake) FindExplained(ctx context.Context, q server.Query) ([]server.ExplainedHit, error) {
	return v.explained[q.Text], nil
}

func (v *fake) FindNotes(ctx context.Context, q server.Query) ([]server.NoteHit, error) {
	return v.noted[q.Text], nil
}

func (v *fake) FindTerms(ctx context.Context, q server.Query) ([]int, error) {
	var found []int
	for i, t := range v.course.Glossary {
		if strings.Contains(t.Name, q.Text) {
			found = append(found, i)
		}
	}
	return found, nil
}

func (v *fake) FindFiles(ctx context.Context, q server.Query) ([]int, error) {
	var found []int
	for i, f := range v.files {
		if (q.Source == "" || q.Source == f.Source) && strings.Contains(f.Path, strings.TrimSuffix(q.Text, "s")) && len(found) < q.Limit {
			found = append(found, i)
		}
	}
	return found, nil
}

func (v *fake) FindLessons(ctx context.Context, q server.Query) ([]server.LessonHit, error) {
	if !strings.Contains("contar libros", q.Text) {
		return nil, nil
	}
	return []server.LessonHit{{Lesson: first1, Section: 0, Snippet: "para contar hace falta", Matches: []server.Range{{Start: 5, End: 11}}}}, nil
}

func (v *fake) FindText(ctx context.Context, q server.Query) iter.Seq2[server.TextHit, error] {
	return func(yield func(server.TextHit, error) bool) {
		if v.textDone != nil {
			defer close(v.textDone)
		}
		if q.Regexp && strings.Contains(q.Text, "(") {
			yield(server.TextHit{}, fmt.Errorf("%w: missing )", server.ErrQuery))
			return
		}
		for {
			for i := range v.files {
				hit := server.TextHit{File: i}
				for n, line := range strings.Split(v.texts[i], "\n") {
					if at := strings.Index(line, q.Text); at >= 0 {
						hit.Lines = append(hit.Lines, server.TextLine{Number: n + 1, Text: line, Matches: []server.Range{{Start: at, End: at + len(q.Text)}}})
					}
				}
				if len(hit.Lines) == 0 {
					continue
				}
				if !yield(hit, nil) {
					return
				}
				if v.textError != nil {
					yield(server.TextHit{}, v.textError)
					return
				}
			}
			if !v.endless {
				return
			}
			if ctx.Err() != nil {
				yield(server.TextHit{}, ctx.Err())
				return
			}
		}
	}
}

func (v *fake) Course() *annotations.Course { return &v.course }

func (v *fake) Resolutions(lesson string) []annotations.Resolution {
	if lesson != first1 {
		return nil
	}
	return v.resolved
}

func (v *fake) Coverage() *annotations.Coverage { return v.coverage }

func (v *fake) Checked() bool { return v.checked }

func (v *fake) Verdicts(lesson string) []annotations.CitationVerdict {
	if !v.checked || lesson != first1 {
		return nil
	}
	return v.verdicts
}

func (v *fake) Excerpts(lesson string) []annotations.ExcerptVerdict {
	if !v.checked || lesson != first1 {
		return nil
	}
	return v.excerpts
}

func (v *fake) Highlight(language string, text []byte) []indexer.Token { return nil }

func (v *fake) Annotations(source, path string) []annotations.Annotation {
	var found []annotations.Annotation
	for _, a := range v.laid {
		if a.Source == source && a.Path == path {
			found = append(found, a)
		}
	}
	return found
}

// LessonHTML writes the citations of a lesson and nothing else, the heading of
// its first section aside.
func (v *fake) LessonHTML(lesson string, links server.Links) (string, error) {
	var b strings.Builder
	l := v.course.Lesson(lesson)
	for _, s := range l.Sections {
		fmt.Fprintf(&b, `<h%d id="%s">%s</h%d>`, s.Level, s.Anchor, s.Title, s.Level)
	}
	for i, c := range l.Citations {
		to := links.Citation(i)
		beyond := ""
		if to.Beyond {
			beyond = " data-beyond"
		}
		fmt.Fprintf(&b, `<p><code><a class="citation" id="cite-%d" data-match="%s" data-state="%s"%s href="%s" title="%s">%s</a></code></p>`, i, to.Match, to.State, beyond, html.EscapeString(to.Href), html.EscapeString(to.Title), c.Raw)
		if to.Parallel != "" {
			fmt.Fprintf(&b, `<a class="parallel" href="%s">%s</a>`, html.EscapeString(to.Parallel), to.ParallelLabel)
		}
	}
	for i := range l.Excerpts {
		fmt.Fprintf(&b, `<div class="excerpt" id="excerpt-%d">%s<pre class="code"></pre></div>`, i, links.Excerpt(i))
	}
	for i := range l.Items {
		fmt.Fprintf(&b, `<p class="item">%s</p>`, links.Item(i))
	}
	b.WriteString(`<pre class="code"><code class="language-mermaid">graph TD; A--&gt;B</code></pre>`)
	return b.String(), nil
}

func (v *fake) FragmentHTML(lesson string, lines indexer.Lines, links server.Links) (string, error) {
	return fmt.Sprintf(`<p>Las líneas <em>%s</em>.</p>`, lines), nil
}

// site serves a fake.
type site struct {
	*testing.T
	handler http.Handler
	log     *bytes.Buffer
}

func newSite(t *testing.T, v server.Views) site {
	log := &bytes.Buffer{}
	return site{t, server.New(v, server.Options{Hosts: []string{"box.example:7070"}, Editor: "vscode://file/{path}:{line}", Version: "1.2", Log: slog.New(slog.NewTextHandler(log, nil))}), log}
}

// ask sends a GET with pairs of header names and values.
func (s site) ask(address string, headers ...string) *httptest.ResponseRecorder {
	s.Helper()
	r := httptest.NewRequest("GET", address, nil)
	r.Host = "localhost:7070"
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// page is a parsed answer.
type page struct {
	site
	address string
	root    *nethtml.Node
}

// page asks for a page and fails the test when it has another status.
func (s site) page(status int, address string, headers ...string) page {
	s.Helper()
	w := s.ask(address, headers...)
	if w.Code != status {
		s.Fatalf("%s: status %d, want %d\n%s", address, w.Code, status, w.Body)
	}
	return s.parse(address, w.Body)
}

func (s site) parse(address string, body io.Reader) page {
	root, err := nethtml.Parse(body)
	if err != nil {
		s.Fatal(err)
	}
	return page{s, address, root}
}

func (p page) all(selector string) []*nethtml.Node {
	p.Helper()
	compiled, err := cascadia.ParseGroup(selector)
	if err != nil {
		p.Fatalf("%s: %v", selector, err)
	}
	return cascadia.QueryAll(p.root, compiled)
}

// one returns the only element that a selector matches.
func (p page) one(selector string) *nethtml.Node {
	p.Helper()
	found := p.all(selector)
	if len(found) != 1 {
		p.Fatalf("%s: %d elements match %s, want 1", p.address, len(found), selector)
	}
	return found[0]
}

// count fails the test unless n elements match.
func (p page) count(n int, selector string) {
	p.Helper()
	if found := len(p.all(selector)); found != n {
		p.Errorf("%s: %d elements match %s, want %d", p.address, found, selector, n)
	}
}

// text fails the test unless the only match has that text, spaces aside.
func (p page) text(want, selector string) {
	p.Helper()
	if got := textOf(p.one(selector)); got != want {
		p.Errorf("%s: %s says %q, want %q", p.address, selector, got, want)
	}
}

// attr fails the test unless the only match has an attribute of that value.
func (p page) attr(want, selector, name string) {
	p.Helper()
	if got := attrOf(p.one(selector), name); got != want {
		p.Errorf("%s: %s of %s is %q, want %q", p.address, name, selector, got, want)
	}
}

func textOf(n *nethtml.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == nethtml.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func attrOf(n *nethtml.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
