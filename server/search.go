package server

import (
	"bufio"
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"navigator/annotations"
	"navigator/indexer"
	"navigator/ui"
)

// searchKinds are what can be searched; "" is everything.
var searchKinds = []string{"symbol", "text", "file", "lesson", "note", "term"}

// everyKind asks the API for all kinds but text at once.
const everyKind = "all"

// searchRequest is a search as an address asks for it.
type searchRequest struct {
	Query
	What string // one of searchKinds, or ""
}

// parseSearch reads a search: q, kind, source, lang, path, symbol_kind, regexp,
// case and limit. Without a limit there are defaultLimit results.
func parseSearch(values url.Values, defaultLimit int) (searchRequest, error) {
	get := func(name string) string { return strings.TrimSpace(values.Get(name)) }
	s := searchRequest{What: get("kind")}
	s.Text, s.Source, s.Path = values.Get("q"), get("source"), get("path")
	s.Language, s.Limit = indexer.Language(get("lang")), defaultLimit
	if !utf8.ValidString(s.Text) || strings.ContainsRune(s.Text, 0) {
		return s, refused("error.query", ErrQuery.Error())
	}
	if len(s.Text) > maxQuery || len(s.Path) > maxQuery {
		return s, refused("error.query_length", maxQuery)
	}
	known := s.What == "" || s.What == everyKind
	for _, what := range searchKinds {
		known = known || what == s.What
	}
	if !known {
		return s, refused("error.parameter", "kind", s.What)
	}
	if _, ok := ui.ParseLanguage(string(s.Language)); ok {
		s.Language = "" // it is that of the page
	}
	switch s.Language {
	case "", indexer.CPP, indexer.Rust, indexer.Proto, indexer.Text:
	default:
		return s, refused("error.parameter", "lang", s.Language)
	}
	if name := get("symbol_kind"); name != "" {
		var ok bool
		if s.Kind, ok = indexer.ParseKind(name); !ok {
			return s, refused("error.parameter", "symbol_kind", name)
		}
	}
	var err error
	if s.Regexp, err = parseFlag(values, "regexp"); err != nil {
		return s, err
	}
	if s.Case, err = parseFlag(values, "case"); err != nil {
		return s, err
	}
	if limit := get("limit"); limit != "" {
		n, err := strconv.Atoi(limit)
		if err != nil || n < 1 {
			return s, refused("error.parameter", "limit", limit)
		}
		s.Limit = min(n, maxResults)
	}
	return s, nil
}

func parseFlag(values url.Values, name string) (bool, error) {
	switch value := values.Get(name); value {
	case "", "0", "false":
		return false, nil
	case "1", "true", "on":
		return true, nil
	default:
		return false, refused("error.parameter", name, value)
	}
}

// The results, as the pages show them and as the API writes them.

type symbolResult struct {
	Name       string           `json:"name"`
	Qualified  string           `json:"qualified"`
	Container  string           `json:"container"`
	Kind       string           `json:"kind"`
	Definition bool             `json:"definition"`
	Visibility string           `json:"visibility,omitempty"`
	Signature  string           `json:"signature"`
	Source     string           `json:"source"`
	Path       string           `json:"path"`
	Language   indexer.Language `json:"language"`
	Line       int32            `json:"line"`
	Col        int32            `json:"col"`
	EndLine    int32            `json:"end_line"`
	Address    string           `json:"url"`
	Said       *saidResult      `json:"said,omitempty"` // what the course says of it
}

type fileResult struct {
	Source   string           `json:"source"`
	Path     string           `json:"path"`
	Language indexer.Language `json:"language"`
	Size     int              `json:"size"`
	Address  string           `json:"url"`
}

type lessonResult struct {
	Lesson  string  `json:"lesson"`
	Title   string  `json:"title"`
	Module  string  `json:"module"`
	Section string  `json:"section"`
	Snippet string  `json:"snippet"`
	Matches []Range `json:"matches"`
	Address string  `json:"url"`
}

// Pieces returns the snippet cut at its matches.
func (r lessonResult) Pieces() []piece { return pieces(r.Snippet, r.Matches) }

type textResult struct {
	Source   string           `json:"source"`
	Path     string           `json:"path"`
	Language indexer.Language `json:"language"`
	Address  string           `json:"url"`
	Lines    []textLine       `json:"lines"`
}

type textLine struct {
	Number  int     `json:"number"`
	Text    string  `json:"text"`
	Matches []Range `json:"matches"`
	Address string  `json:"-"`
	Gap     bool    `json:"-"` // lines are left out before it
}

// Pieces returns the line cut at its matches.
func (l textLine) Pieces() []piece { return pieces(l.Text, l.Matches) }

// piece is a stretch of text that matched, or did not.
type piece struct {
	Text  string
	Match bool
}

// pieces cuts text at its matches. Ranges that lie outside are left out.
func pieces(text string, matches []Range) []piece {
	var cut []piece
	at := 0
	for _, m := range matches {
		if m.Start < at || m.End <= m.Start || m.End > len(text) {
			continue
		}
		if m.Start > at {
			cut = append(cut, piece{text[at:m.Start], false})
		}
		cut = append(cut, piece{text[m.Start:m.End], true})
		at = m.End
	}
	if at < len(text) {
		cut = append(cut, piece{text[at:], false})
	}
	return cut
}

func newSymbolResult(f indexer.File, s indexer.Symbol, signature string) symbolResult {
	line := s.NameSpan.Start.Line
	return symbolResult{
		Name: s.Name, Qualified: f.Qualified(&s), Container: f.Container(&s), Kind: s.Kind.String(),
		Definition: s.Definition, Visibility: s.Visibility.String(),
		Signature: signature,
		Source:    f.Source, Path: f.Path, Language: f.Language,
		Line: line, Col: s.NameSpan.Start.Col, EndLine: s.Span.End.Line,
		Address: placeAddress(f.Source, f.Path, indexer.Lines{First: int(line), Last: int(line)}),
	}
}

// maxSignature is how many bytes of a signature are shown.
const maxSignature = 300

// signature returns the head of a symbol on one line.
func signature(text []byte, s indexer.Symbol) string {
	return signatureIn(skipLines(text, int(s.Span.Start.Line)-1), s)
}

// signatureIn is signature for a text that begins with the symbol's first line.
func signatureIn(text []byte, s indexer.Symbol) string {
	if s.HeadEnd.Line < s.Span.Start.Line {
		return ""
	}
	from := max(int(s.Span.Start.Col)-1, 0)
	last := skipLines(text, int(s.HeadEnd.Line-s.Span.Start.Line))
	to := min(len(text)-len(last)+int(s.HeadEnd.Col), len(text))
	if from >= to {
		return ""
	}
	head := text[from:to]
	cut := len(head) > maxSignature
	if cut {
		head = head[:maxSignature]
	}
	line := strings.Join(strings.Fields(strings.ToValidUTF8(string(head), "")), " ")
	if cut {
		line += " …"
	}
	return line
}

// skipLines returns text without its first n lines.
func skipLines(text []byte, n int) []byte {
	for ; n > 0 && len(text) > 0; n-- {
		if end := bytes.IndexByte(text, '\n'); end >= 0 {
			text = text[end+1:]
		} else {
			text = nil
		}
	}
	return text
}

func findFiles(ctx context.Context, v View, q Query) ([]fileResult, error) {
	found, err := v.FindFiles(ctx, q)
	results := []fileResult{}
	for _, i := range found {
		f := v.Files()[i]
		results = append(results, fileResult{f.Source, f.Path, f.Language, f.Size, placeAddress(f.Source, f.Path, indexer.Lines{})})
	}
	return results, err
}

// findLessons returns the sections of lessons that a query finds; for none, the
// lessons.
func findLessons(ctx context.Context, v View, q Query) ([]lessonResult, error) {
	results := []lessonResult{}
	if q.Text == "" {
		for _, l := range v.Course().Lessons[:min(q.Limit, len(v.Course().Lessons))] {
			results = append(results, lessonResult{Lesson: l.ID, Title: l.Title, Module: l.Module, Matches: []Range{}, Address: lessonAddress(l.ID, "")})
		}
		return results, nil
	}
	hits, err := v.FindLessons(ctx, q)
	for _, hit := range hits {
		lesson := v.Course().Lesson(hit.Lesson)
		if lesson == nil {
			continue
		}
		r := lessonResult{Lesson: lesson.ID, Title: lesson.Title, Module: lesson.Module, Snippet: hit.Snippet, Matches: hit.Matches}
		if r.Matches == nil {
			r.Matches = []Range{}
		}
		var section annotations.Section
		if 0 <= hit.Section && hit.Section < len(lesson.Sections) {
			section = lesson.Sections[hit.Section]
			r.Section = sectionName(section)
		}
		r.Address = lessonAddress(lesson.ID, section.Anchor)
		results = append(results, r)
	}
	return results, err
}

// textTotal is how a text search ended.
type textTotal struct {
	Done    bool `json:"done"`
	Files   int  `json:"files"`
	Matches int  `json:"matches"` // lines
	Limited bool `json:"limited"` // there may be more
}

// findText calls show with the matches of each file as they are found.
func findText(ctx context.Context, v View, q Query, show func(textResult) error) (textTotal, error) {
	var total textTotal
	for hit, err := range v.FindText(ctx, q) {
		if err != nil {
			return total, err
		}
		f := v.Files()[hit.File]
		r := textResult{Source: f.Source, Path: f.Path, Language: f.Language, Address: placeAddress(f.Source, f.Path, indexer.Lines{})}
		last := 0
		for _, line := range hit.Lines {
			l := textLine{Number: line.Number, Text: line.Text, Matches: line.Matches, Gap: last > 0 && line.Number > last+1}
			l.Address = placeAddress(f.Source, f.Path, indexer.Lines{First: l.Number, Last: l.Number})
			if l.Matches == nil {
				l.Matches = []Range{}
			} else {
				total.Matches++
			}
			last = l.Number
			r.Lines = append(r.Lines, l)
		}
		total.Files++
		if err := show(r); err != nil {
			return total, err
		}
	}
	total.Done, total.Limited = true, total.Matches >= q.Limit
	return total, ctx.Err()
}

// searchPage is the page of results, up to those of the text search, which
// follow as they are found.
type searchPage struct {
	page
	Request searchRequest
	Tabs    []choice
	Sources []string
	Written []indexer.Language // languages to choose from
	Kinds   []string           // of symbols, where they are searched
	Symbols []symbolResult
	Files   []fileResult
	Lessons []lessonResult
	Notes   []noteResult
	Terms   []termResult
	Text    bool // a text search follows
}

// tab returns the address of the search for other things. Only symbols have a
// kind.
func (p searchPage) tab(what string) string {
	query := p.address.Query()
	query.Set("kind", what)
	if what != "symbol" {
		query.Del("symbol_kind")
	}
	return (&url.URL{Path: p.address.Path, RawQuery: query.Encode()}).String()
}

// symbolKinds returns the names of the kinds of symbols, in their order.
func symbolKinds() []string {
	var all []string
	for k := indexer.KindUnknown + 1; ; k++ {
		if _, ok := indexer.ParseKind(k.String()); !ok {
			return all
		}
		all = append(all, k.String())
	}
}

// Empty reports whether no query was given.
func (p searchPage) Empty() bool { return strings.TrimSpace(p.Request.Text) == "" }

// searchEnd is the end of the page of results.
type searchEnd struct {
	page
	Ran     bool // a text search ran
	Total   textTotal
	Failure string // why the text search broke off, "" when it did not
	Nothing bool   // no search found anything
}

// Results for each kind of search: a page about one kind shows more.
const (
	manyResults = 100
	someResults = 8
)

func (s *site) search(w http.ResponseWriter, r *http.Request, v View) error {
	request, err := parseSearch(r.URL.Query(), manyResults)
	if err != nil {
		return err
	}
	if request.What == everyKind {
		request.What = ""
	}
	if request.What == "" && request.Kind != indexer.KindUnknown {
		request.What = "symbol"
	}
	p := searchPage{page: s.newPage(r, "search", request.Text), Request: request}
	p.Styles = append(p.Styles, "component/code/code.css")
	p.page.Query = request.Text
	if p.Title == "" {
		p.Title = p.Lang.T("search.title")
	}
	p.Written = []indexer.Language{indexer.CPP, indexer.Rust, indexer.Proto, indexer.Text}
	for _, source := range v.Sources() {
		p.Sources = append(p.Sources, source.Name)
	}
	if request.What == "" || request.What == "symbol" {
		p.Kinds = symbolKinds()
	}
	for _, what := range append([]string{""}, searchKinds...) {
		p.Tabs = append(p.Tabs, choice{what, p.tab(what), what == request.What})
	}
	if !p.Empty() {
		if err := p.find(r.Context(), v); err != nil {
			return err
		}
	}
	return p.stream(w, r, v)
}

// find runs every search that was asked for, but that of text.
func (p *searchPage) find(ctx context.Context, v View) (err error) {
	q := p.Request.Query
	asked := func(what string) bool { return p.Request.What == "" || p.Request.What == what }
	if p.Request.What == "" {
		q.Limit = someResults
	}
	if asked("symbol") && !q.Regexp {
		if p.Symbols, err = findSymbols(ctx, v, q); err != nil {
			return err
		}
	}
	if asked("file") && !q.Regexp {
		if p.Files, err = findFiles(ctx, v, q); err != nil {
			return err
		}
	}
	if asked("lesson") && !q.Regexp {
		if p.Lessons, err = findLessons(ctx, v, q); err != nil {
			return err
		}
	}
	if asked("note") && !q.Regexp {
		if p.Notes, err = findNotes(ctx, v, q); err != nil {
			return err
		}
	}
	if asked("term") && !q.Regexp {
		if p.Terms, err = findTerms(ctx, v, q); err != nil {
			return err
		}
	}
	p.Text = asked("text")
	return nil
}

// stream writes the page, each file of the text search as it is found.
func (p *searchPage) stream(w http.ResponseWriter, r *http.Request, v View) error {
	templates := ui.Templates(p.Lang)
	var begin bytes.Buffer
	if err := templates.ExecuteTemplate(&begin, "search-begin", p); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	out := bufio.NewWriterSize(w, 16<<10)
	out.Write(begin.Bytes())
	flush := func() error {
		if err := out.Flush(); err != nil {
			return err
		}
		return http.NewResponseController(w).Flush()
	}
	end := searchEnd{page: p.page, Ran: p.Text}
	if p.Text {
		forget(w)
		flush()
		var err error
		end.Total, err = findText(r.Context(), v, p.Request.Query, func(t textResult) error {
			if err := templates.ExecuteTemplate(out, "search-text", t); err != nil {
				return err
			}
			return flush()
		})
		if r.Context().Err() == context.Canceled {
			return nil // the reader has left
		}
		if err != nil {
			f := asFailure(err)
			end.Failure = p.Lang.T(f.key, f.args...)
		}
	}
	end.Nothing = !p.Empty() && end.Failure == "" && len(p.Symbols)+len(p.Files)+len(p.Lessons)+len(p.Notes)+len(p.Terms)+end.Total.Files == 0
	if err := templates.ExecuteTemplate(out, "search-end", end); err != nil {
		return err
	}
	return flush()
}
