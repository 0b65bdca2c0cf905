package server

import (
	"context"
	"errors"
	"html/template"
	"iter"
	"time"

	"navigator/annotations"
	"navigator/indexer"
)

// Views hands out what requests are answered from. It is asked once a request,
// so a new snapshot or an edited course shows from the next request on while
// those under way finish on the state they began with.
type Views interface {
	// Acquire returns the newest complete View. The caller calls release
	// exactly once, when it no longer uses the View or anything that the View
	// returned. The error is or wraps ErrNotIndexed when there is no snapshot.
	Acquire() (v View, release func(), err error)
}

// ErrNotIndexed says that the workspace has no snapshot yet. It is shown as 503
// with the remedy.
var ErrNotIndexed = errors.New("the workspace is not indexed yet")

// ErrQuery is wrapped by errors of the Finder that are the query's fault, such
// as a malformed regular expression. It is shown as 400 with the error's text.
var ErrQuery = errors.New("the query cannot be understood")

// View is one consistent state of sources and course. Its methods are safe for
// concurrent use; the slices and structs that they return are shared and only
// read.
type View interface {
	// ID names the state: Views with the same ID show the same. It validates
	// what browsers have cached, so it changes with the snapshot and with the
	// course.
	ID() string

	Code
	Names
	Finder
	Lessons
	Past
}

// Code is what a View knows of the sources. *snapshot.Snapshot has every
// method but Tokens.
type Code interface {
	Created() time.Time        // when the snapshot was made
	Sources() []indexer.Source // in the workspace's order
	Files() []indexer.File     // sorted by source name, then by path, bytewise

	// FileIndex returns the position in Files of a file.
	FileIndex(source, path string) (int, bool)

	// Text returns the content of the file at that position in Files.
	Text(file int) []byte

	// Facts fills into with the file's symbols and occurrences.
	Facts(file int, into *indexer.Facts) error

	// SymbolsNamed returns the symbols of that name, without their container.
	SymbolsNamed(name string) []indexer.SymbolRef

	// Symbols returns the file's symbols alone: SymbolRef.Symbol counts in it.
	Symbols(file int) []indexer.Symbol

	// Tokens returns what to highlight in the file, identifiers aside, in order;
	// and false when that is not known yet and may be asked again.
	Tokens(file int) ([]indexer.Token, bool)

	// Highlight returns the tokens of code of a lesson, in a language as its
	// fence names it.
	Highlight(language string, text []byte) []indexer.Token
}

// Names is what a View knows of what names mean. A place is a position in Files
// and a position in that file. *resolve.Resolver has every method.
type Names interface {
	// Meaning returns what the name at a place means, the zero Meaning where no
	// name stands.
	Meaning(file int, at indexer.Position) indexer.Meaning

	// References returns where what the name means is used, and as much of that
	// as was found when ctx ends.
	References(ctx context.Context, file int, at indexer.Position) indexer.References

	// Types returns what the class, trait or method descends from that the name
	// means, and what descends from it; the zero TypeHierarchy for what is none.
	Types(ctx context.Context, file int, at indexer.Position) indexer.TypeHierarchy

	// Calls returns who calls the function that the name means, and what it
	// calls; the zero Calls for what is none.
	Calls(ctx context.Context, file int, at indexer.Position) indexer.Calls
}

// Finder searches. Every method ends early with ctx's error when ctx is done.
type Finder interface {
	// FindSymbols returns at most q.Limit symbols, best first.
	FindSymbols(ctx context.Context, q Query) ([]indexer.SymbolRef, error)

	// FindMeant returns at most q.Limit symbols whose names have the words of
	// q.Text in English.
	FindMeant(ctx context.Context, q Query) ([]indexer.SymbolRef, error)

	// FindExplained returns at most q.Limit symbols by what the course says of
	// them, those of which it says most to the point first; none until the course
	// has been held against the sources.
	FindExplained(ctx context.Context, q Query) ([]ExplainedHit, error)

	// FindFiles returns at most q.Limit positions in Files, best first.
	FindFiles(ctx context.Context, q Query) ([]int, error)

	// FindLessons returns at most q.Limit hits, best first.
	FindLessons(ctx context.Context, q Query) ([]LessonHit, error)

	// FindNotes returns at most q.Limit notes, best first.
	FindNotes(ctx context.Context, q Query) ([]NoteHit, error)

	// FindTerms returns at most q.Limit positions in the course's Glossary, best
	// first.
	FindTerms(ctx context.Context, q Query) ([]int, error)

	// FindText yields each file with a match as soon as it is known, until
	// q.Limit matching lines were yielded in all. A non-nil error ends the
	// sequence. It must stop its work when the consumer breaks off.
	FindText(ctx context.Context, q Query) iter.Seq2[TextHit, error]
}

// Query asks a Finder. A zero field filters nothing.
type Query struct {
	// Text is what was typed. It may hold filter words (kind: lang: source:
	// path:) that the Finder understands; it combines them with the fields.
	Text string

	Source   string           // name of a source
	Language indexer.Language // of the files
	Path     string           // folder or glob, as the Finder's filter path: takes it
	Kind     indexer.Kind     // of symbols; only FindSymbols heeds it

	Close bool // leave out what has the words only in pieces, or almost; only FindSymbols heeds it

	Regexp bool // Text is an RE2 regular expression; only FindText heeds it
	Case   bool // upper and lower case differ; only FindText heeds it

	Limit int // always at least 1
}

// ExplainedHit is a symbol, and the passage of a lesson that speaks of it.
type ExplainedHit struct {
	Symbol   indexer.SymbolRef
	Lesson   string  // ID
	Section  int     // index in the lesson's Sections, -1 for none
	Citation int     // index in the lesson's Citations of one in the passage, -1 for none
	Snippet  string  // plain text of the passage, around what matched
	Matches  []Range // in Snippet; none when the titles above it match
}

// TextHit is the matches of a text search in one file.
type TextHit struct {
	File  int        // position in Files
	Lines []TextLine // ascending: lines that match, and lines of context around them
}

// TextLine is a line of a TextHit.
type TextLine struct {
	Number  int     // from 1
	Text    string  // without its newline; may be cut around the matches of a very long line
	Matches []Range // in order, without overlaps; none on a line of context
}

// Range is a stretch of a string: byte offsets from 0, End excluded.
type Range struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// LessonHit is a section of a lesson that answers a query.
type LessonHit struct {
	Lesson  string  // ID
	Section int     // index in the lesson's Sections, -1 for the lesson as a whole
	Snippet string  // plain text around the match, "" when only a title matched
	Matches []Range // in Snippet
}

// NoteHit is a note that answers a query.
type NoteHit struct {
	File    string // ID of the file of notes
	Note    int    // index in its Notes
	Snippet string // plain text around the match
	Matches []Range
}

// Lessons is what a View knows of the course.
type Lessons interface {
	// Course returns the course. Without one it has no lessons; it is never nil.
	Course() *annotations.Course

	// Resolutions returns what the sources have for each citation of a lesson,
	// parallel to its Citations; nil for an unknown lesson.
	Resolutions(lesson string) []annotations.Resolution

	// Checked reports whether the course has been held against the sources. Until
	// then there are no verdicts.
	Checked() bool

	// Verdicts returns what a check found of each citation of a lesson, parallel
	// to its Citations.
	Verdicts(lesson string) []annotations.CitationVerdict

	// Excerpts returns what a check found of a lesson's excerpts, in their order;
	// those that do not claim to show code of the sources have no verdict.
	Excerpts(lesson string) []annotations.ExcerptVerdict

	// Coverage returns how much of the sources the course explains, nil until that
	// is counted.
	Coverage() *annotations.Coverage

	// Annotations returns what is laid over a file, or over a folder when path
	// ends in "/", ordered by first line (zero Lines first), then by last.
	Annotations(source, path string) []annotations.Annotation

	// LessonHTML returns the body of a lesson as sanitised HTML: what follows
	// the title and the header block, which the page shows by itself.
	// Headings carry Section.Anchor as id. Each citation i is
	//
	//	<a class="citation" id="cite-i" data-match="exact" href="…" title="…">
	//
	// with what links.Citation(i) returns: data-match and data-beyond, or
	// data-state; Said follows its text, in class hidden.
	// Fences are <pre class="code"><code class="language-x">, their tokens <i>
	// with the class that [TokenClass] gives; a mermaid fence is left as its
	// source. Above the fence of excerpt i stands what links.Excerpt(i) returns,
	// both in <div class="excerpt" id="excerpt-i">, unless it is "". Item i, or
	// what it is in, has the class "item" when links.Item(i) is not "". A use of
	// a term that links.Term knows is <a class="term">.
	LessonHTML(lesson string, links Links) (string, error)

	// Picture returns a picture of the course by its slash-separated path from
	// the course's root. The error is or wraps fs.ErrNotExist when there is none.
	Picture(path string) ([]byte, error)

	// FragmentHTML returns some lines of a lesson in the same way, without any
	// id.
	FragmentHTML(lesson string, lines indexer.Lines, links Links) (string, error)
}

// Links says where the links of rendered Markdown lead.
type Links interface {
	// Citation returns the link of the lesson's citation i.
	Citation(i int) Link

	// Excerpt returns what stands above the lesson's excerpt i, "" for nothing.
	Excerpt(i int) template.HTML

	// Term returns where the term is explained that the lesson's use i of one
	// means, and its definition; "" for no link.
	Term(i int) (address, definition string)

	// Aside returns what to say of inline code that looks like a reference to the
	// sources and is none: in full, and in a word or two for those who do not see
	// its mark; "" for no mark.
	Aside(reason annotations.Reason) (title, said string)

	// Item returns what stands at the head of the lesson's item i, "" for
	// nothing.
	Item(i int) template.HTML

	// Lesson returns the address of another lesson, for links between Markdown
	// files; anchor is a heading's, or "".
	Lesson(id, anchor string) string

	// Picture returns the address of a picture of the course, by its path from
	// the course's root.
	Picture(path string) string
}

// Link is a citation's link.
type Link struct {
	Href   string            // never empty: an unresolved citation leads to a page that says so
	Match  annotations.Match // how well its path was found
	Beyond bool              // the cited lines run past the end of the file
	Title  string            // the state in words, in the reader's language
	State  string            // what a check found, which Match and Beyond then leave to it: see citationState
	Said   string            // State in a word or two, for those who do not see its mark; "" when there is nothing to say

	Parallel, ParallelLabel string // address of the page that compares it with another citation, and what to call it
}
