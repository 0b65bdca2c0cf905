// Package annotations holds the vocabulary of courses: lessons, the citations
// and excerpts in them, and the annotations that they lay over source lines.
//
// Lines of a lesson and lines of a source file alike are counted from 1,
// columns are bytes from 1, and spans are inclusive.
package annotations

import (
	"fmt"
	"slices"

	"navigator/indexer"
)

// Course is a folder of lessons.
type Course struct {
	Root    string    // absolute folder
	Lessons []*Lesson // in reading order
	Plan    *Lesson   // PLAN_FORMACION.md, which is no lesson but is shown as one; nil when there is none
	Noted   []*Lesson // files of notes, which are no lessons but are read as such; by path

	Weeks    []Week // the plan's way through the course, nil when it names none
	Glossary []Term // by name
}

// Documents returns the lessons, the plan and the files of notes.
func (c *Course) Documents() []*Lesson {
	all := slices.Clone(c.Lessons)
	if c.Plan != nil {
		all = append(all, c.Plan)
	}
	return append(all, c.Noted...)
}

// Lesson returns the document of that ID, whether lesson, plan or file of
// notes, or nil.
func (c *Course) Lesson(id string) *Lesson {
	if c.Plan != nil && c.Plan.ID == id {
		return c.Plan
	}
	for _, l := range c.Noted {
		if l.ID == id {
			return l
		}
	}
	for _, l := range c.Lessons {
		if l.ID == id {
			return l
		}
	}
	return nil
}

// Lesson is one Markdown document of a course. A lesson that breaks the format
// holds what could be read, and a Problem for the rest.
type Lesson struct {
	ID            string   // path without ".md": "03_envoy_arquitectura/02_threading_model"
	Path          string   // slash-separated, relative to the course's root
	Text          []byte   // the document as read
	Title         string   // first level-1 heading, else derived from the path
	Module        string   // header block: "3 - Arquitectura de Envoy"
	Topic         string   // header block
	Time          string   // header block, as written: "3 horas"
	Prerequisites []string // header block, one entry each, as written
	Objectives    []string // Markdown of each objective
	Sections      []Section
	Citations     []Citation // in order of Span
	Excerpts      []Excerpt  // in order of Lines
	OfNotes       bool       // it is a file of notes
	Notes         []Note     // of a file of notes, in order of Lines
	Next          string     // ID of the following lesson, "" when none is named
	Estimate      Minutes    // of Time
	Items         []Item     // in order of Line
	Terms         []TermUse  // in order of Start
	Problems      []Problem
}

// NotesFolder is the folder of a course that holds the files of notes, unless a
// workspace says otherwise.
const NotesFolder = "notas"

// NoteAt returns the index in Notes of the note whose heading is a citation, by
// its index in Citations; -1 when it is no note's.
func (l *Lesson) NoteAt(citation int) int {
	return slices.IndexFunc(l.Notes, func(n Note) bool { return n.Citation == citation })
}

// Note is an explanation of the lines that its heading cites.
type Note struct {
	Citation int           // index in the document's Citations of its heading
	Lines    indexer.Lines // heading included, up to the next one
	Lesson   string        // ID of the lesson that it belongs to, "" for none
	Body     indexer.Lines // of the Markdown, without blank lines around it; zero when there is none
}

// SectionRole says what part of the template a section is.
type SectionRole string

// The parts of a lesson that the template names; every other is Content.
const (
	Content        SectionRole = "content"
	ObjectivesPart SectionRole = "objectives"
	Exercises      SectionRole = "exercises"
	SelfAssessment SectionRole = "self-assessment"
	References     SectionRole = "references"
)

// Section is a heading of a lesson and what follows it up to the next heading
// of the same or a higher level.
type Section struct {
	Level  int    // 1 to 6
	Number string // "1.3" when the heading is numbered, else ""
	Title  string // plain text, without the number
	Anchor string // fragment of the heading in the rendered lesson
	Role   SectionRole
	Lines  indexer.Lines // heading included
}

// Form says how a citation is written.
type Form string

// The forms of citations.
const (
	Inline  Form = "inline"  // `source/a.cc:3` in prose
	Table   Form = "table"   // in a table cell
	Fence   Form = "fence"   // the first comment line of a fenced block
	Command Form = "command" // a word of an unlabelled or shell fence, diagrams included
	Link    Form = "link"    // the destination of a Markdown link
	Plain   Form = "plain"   // words of the text, without any mark
)

// Citation is a code reference as a lesson writes it.
type Citation struct {
	Raw     string       // exactly the reference's characters
	Span    indexer.Span // of Raw in the lesson
	Form    Form
	Path    string        // as written, without lines; ends in "/" for a directory; "a.h/cc" and "a.{h,cc}" name a pair
	Under   string        // the folder, ending in "/", in which a drawn tree puts Path; "" elsewhere
	Cited   indexer.Lines // zero when the reference names no lines
	Digits  indexer.Span  // of the digits of Cited, "394-420"; not always inside Span: `a.cc` (líneas 3-9)
	Section int           // index in the lesson's Sections of the innermost one, -1 above the first
	Prose   indexer.Lines // the paragraph, list item, table row or fence around it
}

// Excerpt is a fenced block that shows code.
type Excerpt struct {
	Lines    indexer.Lines // the fences included
	Language string        // the info string's first word, "" when none
	Citation int           // index in the lesson's Citations of the one in its first line or just before, else -1
}

// Problem is something wrong with a lesson. The interface words it for the
// author from its kind and arguments.
type Problem struct {
	Line int // from 1
	Kind ProblemKind
	Args []string // what the wording names, as each kind states
}

// ProblemKind identifies a problem in message catalogues and reports.
type ProblemKind string

// The kinds of problems.
const (
	Unreadable     ProblemKind = "unreadable"      // the file cannot be read: the error
	NotUTF8        ProblemKind = "not-utf8"        // the text is not UTF-8
	NoTitle        ProblemKind = "no-title"        // no level-1 heading
	NoHeader       ProblemKind = "no-header"       // no header block
	NoHeaderEntry  ProblemKind = "no-header-entry" // the header block lacks an entry: its name
	OpenHeader     ProblemKind = "open-header"     // the header block is not between two rules
	OpenFence      ProblemKind = "open-fence"      // a fenced block that is never closed
	NoPart         ProblemKind = "no-part"         // the template's part is missing: its SectionRole
	NoNext         ProblemKind = "no-next"         // names no following lesson
	DeadNext       ProblemKind = "dead-next"       // the following lesson does not exist: the path as written
	DeadLink       ProblemKind = "dead-link"       // a link to a lesson that does not exist: the path as written
	BackwardsRange ProblemKind = "backwards-range" // a citation whose last line comes before its first: the citation
	NoNote         ProblemKind = "no-note"         // what is no note in a file of notes, such as a heading that is no citation: its words
)

var problemTexts = map[ProblemKind]string{
	Unreadable:     "the file cannot be read: %s",
	NotUTF8:        "the text is not UTF-8",
	NoTitle:        "there is no title: start the lesson with “# …”",
	NoHeader:       "there is no header block with **Módulo**, **Tema**, **Tiempo estimado** and **Prerrequisitos**",
	NoHeaderEntry:  "the header block has no **%s**",
	OpenHeader:     "the header block is not between two “---” rules",
	OpenFence:      "this fenced block is never closed",
	NoPart:         "the template's part “%s” is missing",
	NoNext:         "no following lesson is named: end the lesson with “**Siguiente**: …”",
	DeadNext:       "the following lesson %s does not exist",
	DeadLink:       "the lesson %s does not exist",
	BackwardsRange: "the lines of %s run backwards",
	NoNote:         "“%s” begins no note: a note is below “## path:first-last”",
}

// String words p in English, without its line.
func (p Problem) String() string {
	text, ok := problemTexts[p.Kind]
	if !ok {
		return string(p.Kind)
	}
	if len(p.Args) == 0 {
		return text
	}
	return fmt.Sprintf(text, p.Args[0])
}

// Match says how well a citation's path was found in the sources.
type Match string

// The matches.
const (
	MatchExact     Match = "exact"     // the path as written is in one source
	MatchSuffix    Match = "suffix"    // the one file whose path ends so
	MatchContext   Match = "context"   // several files end so, and the lesson names one of them by its path
	MatchAmbiguous Match = "ambiguous" // several files fit: Places lists them
	MatchNone      Match = "none"      // no source has it
)

// Resolution is what the sources have for a citation.
type Resolution struct {
	Match   Match
	Places  []Place // best first: several for ambiguous, both files of a pair, else one; none for MatchNone; lines as far as the file has them
	Beyond  bool    // the cited lines run past the end of the best place
	Nearest Place   // with MatchNone: the file most alike, which the citation may have meant; else zero
}

// Place is a stretch of a file in a source. Path ends in "/" for a directory;
// Lines is zero for a whole file.
type Place struct {
	Source string
	Path   string
	Lines  indexer.Lines
}

// Origin says where an annotation comes from.
type Origin string

// The origins of annotations.
const (
	FromCitation Origin = "citation" // the prose around a citation
	FromComment  Origin = "comment"  // a comment inside an excerpt
	FromNote     Origin = "note"     // a note
)

// Annotation is an explanation laid over exact source lines.
type Annotation struct {
	Place
	Lesson    string        // ID
	Citation  int           // index in the lesson's Citations, -1 when it comes from none
	Section   int           // index in the lesson's Sections, -1 when none
	Prose     indexer.Lines // of the explanation in the lesson
	Origin    Origin
	Certainty Certainty // "" for notes and whole files
	Text      string    // of a comment, without its marks; "" for other origins, whose text is that of Prose
}

// Of returns what a document says of a place by a citation: a note, when it is
// the citation of a note's heading.
func Of(l *Lesson, citation int, at Place) Annotation {
	c := &l.Citations[citation]
	a := Annotation{Place: at, Lesson: l.ID, Citation: citation, Section: c.Section, Prose: c.Prose, Origin: FromCitation}
	if n := l.NoteAt(citation); n >= 0 {
		a.Origin, a.Prose = FromNote, l.Notes[n].Body
	}
	return a
}
