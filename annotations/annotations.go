// Package annotations holds the vocabulary of courses: lessons, the citations
// and excerpts in them, and the annotations that they lay over source lines.
//
// Lines of a lesson and lines of a source file alike are counted from 1,
// columns are bytes from 1, and spans are inclusive.
package annotations

import "navigator/indexer"

// Course is a folder of lessons.
type Course struct {
	Root    string    // absolute folder
	Lessons []*Lesson // in reading order
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
	Next          string     // ID of the following lesson, "" when none is named
	Problems      []Problem
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
	Command Form = "command" // a word of an unlabelled or shell fence
)

// Citation is a code reference as a lesson writes it.
type Citation struct {
	Raw     string       // exactly the reference's characters
	Span    indexer.Span // of Raw in the lesson
	Form    Form
	Path    string        // as written, without lines; ends in "/" for a directory
	Cited   indexer.Lines // zero when the reference names no lines
	Section int           // index in the lesson's Sections of the innermost one, -1 above the first
	Prose   indexer.Lines // the paragraph, list item, table row or fence around it
}

// Excerpt is a fenced block that shows code.
type Excerpt struct {
	Lines    indexer.Lines // the fences included
	Language string        // the info string's first word, "" when none
	Citation int           // index in the lesson's Citations of the one in its first line or just before, else -1
}

// Problem is something wrong with a lesson, worded for its author.
type Problem struct {
	Line    int // from 1
	Message string
}

// Match says how well a citation's path was found in the sources.
type Match string

// The matches.
const (
	MatchExact     Match = "exact"     // the path as written is in one source
	MatchSuffix    Match = "suffix"    // the one file whose path ends so
	MatchAmbiguous Match = "ambiguous" // several files fit: Places lists them
	MatchNone      Match = "none"      // no source has it
)

// Resolution is what the sources have for a citation.
type Resolution struct {
	Match  Match
	Places []Place // one for exact and suffix, several for ambiguous, best first
	Beyond bool    // the cited lines run past the end of the file
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
	Lesson   string        // ID
	Citation int           // index in the lesson's Citations, -1 when it comes from none
	Section  int           // index in the lesson's Sections, -1 when none
	Prose    indexer.Lines // of the explanation in the lesson
	Origin   Origin
}
