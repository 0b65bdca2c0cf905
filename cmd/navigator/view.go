package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/annotations/review"
	"navigator/indexer"
	"navigator/indexer/resolve"
	"navigator/indexer/search"
	"navigator/indexer/snapshot"
	"navigator/indexer/syntax"
	"navigator/server"
)

// view is a course laid over a snapshot, as the server wants it. It is a
// [server.View].
type view struct {
	*snapshot.Snapshot
	*resolve.Resolver
	engine      *search.Engine
	fingerprint string // of the course
	course      *annotations.Course
	review      *review.Review
	renderer    *course.Renderer
	words       *words
	noted       *search.Lessons // nil when there are no notes
	terms       *search.Lessons // nil when there are no terms
	highlights  *highlights
	resolver    *review.Resolver
	found       atomic.Pointer[findings]             // nil until the course is judged
	covered     atomic.Pointer[annotations.Coverage] // nil until it is counted
	users       atomic.Int32
	earlier     *earlier
}

// newView reads the course and lays it over a snapshot, which is released
// with the view's last use. The caller has the first. The engine and the
// resolvers are the snapshot's.
func newView(snap *snapshot.Snapshot, engine *search.Engine, names *resolve.Resolver, paths *review.Resolver, folder course.Folder, fingerprint string, h *highlights) (*view, error) {
	c, err := folder.Load()
	if err != nil {
		return nil, err
	}
	noted, err := newWords("notes", noteDocs(c))
	if err != nil {
		return nil, err
	}
	terms, err := newWords("glossary", termDocs(c))
	if err != nil {
		return nil, err
	}
	v := &view{
		Snapshot: snap, Resolver: names, engine: engine, fingerprint: fingerprint, course: c,
		review: paths.Review(c), resolver: paths,
		renderer: course.NewRenderer(course.Options{Highlight: highlightFence, TokenClass: server.TokenClass}),
		words:    &words{course: c}, noted: noted, terms: terms, highlights: h,
	}
	v.users.Store(1)
	return v, nil
}

// fenceExtensions are the endings of file names for the languages that fences
// name otherwise.
var fenceExtensions = map[string]string{
	"c": "cc", "c++": "cc", "rust": "rs", "protobuf": "proto", "bash": "sh", "shell": "sh", "console": "sh",
	"python": "py", "javascript": "js", "yml": "yaml", "bazel": "bzl", "starlark": "bzl", "markdown": "md",
}

// highlightFence returns the tokens of a fenced block of a lesson.
func highlightFence(language string, text []byte) []indexer.Token {
	return syntax.Highlight("fence."+cmp.Or(fenceExtensions[language], language), text)
}

// countLines returns the number of lines of a text.
func countLines(text []byte) int {
	n := bytes.Count(text, []byte("\n"))
	if len(text) > 0 && text[len(text)-1] != '\n' {
		n++
	}
	return n
}

// words are those of a course's lessons and notes, indexed when they are first
// searched: that takes longer than all else of a view.
type words struct {
	course *annotations.Course
	once   sync.Once
	index  *search.Lessons
	err    error
}

func (w *words) get() (*search.Lessons, error) {
	w.once.Do(func() {
		if w.index, w.err = search.NewLessons(lessonDocs(slices.Concat(w.course.Lessons, w.course.Noted))); w.err != nil {
			w.err = fmt.Errorf("indexing the lessons: %w", w.err)
		}
	})
	return w.index, w.err
}

// end returns the index, nil when nobody has searched; nobody will any more.
func (w *words) end() *search.Lessons {
	w.once.Do(func() {})
	return w.index
}

// use begins a use of the view by someone who knows that it has one.
func (v *view) use() { v.users.Add(1) }

// unuse ends a use.
func (v *view) unuse() {
	if v.users.Add(-1) > 0 {
		return
	}
	v.earlier.close()
	v.Snapshot.Release()
	for _, words := range []*search.Lessons{v.words.end(), v.noted, v.terms} {
		if words != nil {
			_ = words.Close() // it is in memory alone
		}
	}
}

// ID implements [server.View].
func (v *view) ID() string { return v.Snapshot.ID() + "-" + v.fingerprint }

// Tokens implements [server.Code].
func (v *view) Tokens(file int) ([]indexer.Token, bool) {
	return v.highlights.tokens(v.Files()[file], v.Text(file))
}

// Highlight implements [server.Code].
func (v *view) Highlight(language string, text []byte) []indexer.Token {
	return highlightFence(language, text)
}

// Course implements [server.Lessons].
func (v *view) Course() *annotations.Course { return v.course }

// Resolutions implements [server.Lessons].
func (v *view) Resolutions(lesson string) []annotations.Resolution {
	l := v.course.Lesson(lesson)
	if l == nil {
		return nil
	}
	all := make([]annotations.Resolution, len(l.Citations))
	for i := range all {
		all[i] = v.review.Resolution(lesson, i)
	}
	return all
}

// Annotations implements [server.Lessons].
func (v *view) Annotations(source, path string) []annotations.Annotation {
	return v.review.Annotations(source, path)
}

// LessonHTML implements [server.Lessons].
func (v *view) LessonHTML(lesson string, links server.Links) (string, error) {
	l := v.course.Lesson(lesson)
	if l == nil {
		return "", fmt.Errorf("there is no lesson %q", lesson)
	}
	return string(v.renderer.Lesson(l, lessonLinks{links})), nil
}

// maxPicture is the size in bytes above which a picture is not shown.
const maxPicture = 8 << 20

// Picture implements [server.Lessons]. Nothing outside the course's folder is
// reached, not through symbolic links either.
func (v *view) Picture(path string) ([]byte, error) {
	root, err := os.OpenRoot(v.course.Root)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.Open(filepath.FromSlash(path))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() || info.Size() > maxPicture {
		return nil, fmt.Errorf("%s is no picture that can be shown: %w", path, cmp.Or(err, fs.ErrNotExist))
	}
	return io.ReadAll(io.LimitReader(f, maxPicture))
}

// FragmentHTML implements [server.Lessons].
func (v *view) FragmentHTML(lesson string, lines indexer.Lines, links server.Links) (string, error) {
	l := v.course.Lesson(lesson)
	if l == nil {
		return "", fmt.Errorf("there is no lesson %q", lesson)
	}
	return string(v.renderer.Fragment(l, lines, lessonLinks{links})), nil
}

// lessonLinks are the server's links as the course's renderer takes them.
type lessonLinks struct{ server.Links }

// Citation implements [course.Links].
func (l lessonLinks) Citation(i int) course.Link { return course.Link(l.Links.Citation(i)) }

// FindSymbols implements [server.Finder].
func (v *view) FindSymbols(ctx context.Context, q server.Query) ([]indexer.SymbolRef, error) {
	find := v.engine.Symbols
	if q.Close {
		find = v.engine.Spelled
	}
	hits, err := find(ctx, withFilters(q), q.Limit)
	if err != nil {
		return nil, queryFault(err)
	}
	refs := make([]indexer.SymbolRef, 0, len(hits))
	for _, h := range hits {
		if q.Close && !isClose(q.Text, h) {
			continue
		}
		refs = append(refs, h.Ref)
	}
	return refs, nil
}

// FindMeant implements [server.Finder].
func (v *view) FindMeant(_ context.Context, q server.Query) ([]indexer.SymbolRef, error) {
	hits, err := v.engine.Meant(withFilters(q), q.Limit)
	refs := make([]indexer.SymbolRef, len(hits))
	for i, h := range hits {
		refs[i] = h.Ref
	}
	return refs, queryFault(err)
}

// isClose says whether a symbol has the words of a query in its name, each in
// one piece unless the query is written as code is or has their initials.
func isClose(query string, h search.SymbolHit) bool {
	switch {
	case len(h.Name) == 0:
		return false
	case len(h.Name) <= len(strings.Fields(query)), strings.Contains(query, "_"):
		return true
	case query == strings.ToUpper(query):
		return !slices.ContainsFunc(h.Name, func(r search.Range) bool { return r.End-r.Start > 1 })
	}
	return innerCapital.MatchString(query)
}

// innerCapital matches names in code: ConnMan, not Filtro.
var innerCapital = regexp.MustCompile(`\w\p{Lu}`)

// withFilters returns the text of a query with its other fields as filter
// words.
func withFilters(q server.Query) string {
	words := []string{q.Text}
	add := func(key, value string) {
		if value != "" {
			words = append(words, key+":"+value)
		}
	}
	add("source", q.Source)
	add("lang", string(q.Language))
	add("path", q.Path)
	if q.Kind != indexer.KindUnknown {
		add("kind", q.Kind.String())
	}
	return strings.Join(words, " ")
}

// queryFault tells the server which errors are the query's fault.
func queryFault(err error) error {
	var fault *search.QueryError
	if errors.As(err, &fault) {
		return fmt.Errorf("%w: %w", server.ErrQuery, err)
	}
	return err
}

// FindFiles implements [server.Finder].
func (v *view) FindFiles(_ context.Context, q server.Query) ([]int, error) {
	hits, err := v.engine.Files(withFilters(q), q.Limit)
	if err != nil {
		return nil, queryFault(err)
	}
	files := make([]int, len(hits))
	for i, h := range hits {
		files[i] = h.File
	}
	return files, nil
}

// FindLessons implements [server.Finder].
func (v *view) FindLessons(ctx context.Context, q server.Query) ([]server.LessonHit, error) {
	words, err := v.words.get()
	if err != nil {
		return nil, err
	}
	found, err := words.Search(ctx, q.Text, q.Limit)
	if err != nil {
		return nil, queryFault(err)
	}
	var hits []server.LessonHit
	for _, f := range found {
		hit := server.LessonHit{Lesson: f.Doc.ID, Section: -1, Snippet: f.Fragment.Text}
		if lesson := v.course.Lesson(f.Doc.ID); f.Doc.Anchor != "" {
			hit.Section = slices.IndexFunc(lesson.Sections, func(s annotations.Section) bool { return s.Anchor == f.Doc.Anchor })
		}
		for _, m := range f.Fragment.Matches {
			hit.Matches = append(hit.Matches, server.Range(m))
		}
		hits = append(hits, hit)
	}
	return hits, nil
}

// lessonDocs returns the sections of the lessons as the search for words takes
// them.
func lessonDocs(lessons []*annotations.Lesson) []search.LessonDoc {
	var docs []search.LessonDoc
	for _, l := range lessons {
		for i, text := range course.Texts(l) {
			doc := search.LessonDoc{ID: l.ID, Title: l.Title, Text: text}
			if i < len(l.Sections) {
				doc.SectionTitle, doc.Anchor = l.Sections[i].Title, l.Sections[i].Anchor
			}
			docs = append(docs, doc)
		}
	}
	return docs
}

// The shape of what a text search shows of a file.
const (
	textContext  = 1  // lines around each that matches
	textFileLine = 20 // matching lines of one file
)

// FindText implements [server.Finder].
func (v *view) FindText(ctx context.Context, q server.Query) iter.Seq2[server.TextHit, error] {
	query := search.TextQuery{
		Filter: filterOf(q), Pattern: q.Text, Regexp: q.Regexp, IgnoreCase: !q.Case,
		Context: textContext, MaxFiles: q.Limit, MaxLines: min(q.Limit, textFileLine),
	}
	return func(yield func(server.TextHit, error) bool) {
		left, stopped := q.Limit, false
		_, err := v.engine.Text(ctx, query, func(m search.FileMatches) bool {
			var hit server.TextHit
			hit, left = textHit(m, left)
			stopped = !yield(hit, nil)
			return !stopped && left > 0
		})
		if err != nil && !stopped {
			yield(server.TextHit{}, queryFault(err))
		}
	}
}

// filterOf returns the filters of a query's fields.
func filterOf(q server.Query) (f search.Filter) {
	if q.Source != "" {
		f.Sources = []string{q.Source}
	}
	if q.Language != "" {
		f.Languages = []indexer.Language{q.Language}
	}
	if q.Path != "" {
		f.Paths = []string{q.Path}
	}
	return f
}

// textHit returns the lines of a file's matches, at most limit of them
// matching, and how many of limit are left.
func textHit(m search.FileMatches, limit int) (server.TextHit, int) {
	hit := server.TextHit{File: m.File}
	for _, l := range m.Lines {
		if !l.Context {
			if limit == 0 {
				break
			}
			limit--
		}
		line := server.TextLine{Number: l.Number, Text: l.Text}
		for _, r := range l.Matches {
			line.Matches = append(line.Matches, server.Range(r))
		}
		hit.Lines = append(hit.Lines, line)
	}
	return hit, limit
}
