package annotations

import "navigator/indexer"

// Item is something of a lesson that whoever studies it ticks when it is done.
type Item struct {
	Key  string // unique in the lesson; of kind and words, so that edits elsewhere leave it
	Kind ItemKind
	Text string // plain
	Line int    // where its block begins
}

// ItemKind says what an item is.
type ItemKind string

// The kinds of items.
const (
	Objective  ItemKind = "objective"
	Exercise   ItemKind = "exercise"
	Checkpoint ItemKind = "checkpoint"
	Question   ItemKind = "question"
)

// Minutes is an estimate of the time that something takes; zero when there is
// none.
type Minutes struct{ Least, Most int }

// Add returns the estimate for both.
func (m Minutes) Add(other Minutes) Minutes {
	return Minutes{m.Least + other.Least, m.Most + other.Most}
}

// Week is a stage of the plan's way through the course.
type Week struct {
	Title   string        // "Semana 1: Fundamentos"
	Steps   []string      // plain, as the plan lists them
	Modules []string      // numbers of the modules that it names
	Time    Minutes       // what the plan itself says of it
	Lines   indexer.Lines // of the plan
}

// Term is an English term that lessons define.
type Term struct {
	Key        string // fragment of its entry: "filter-chain"
	Name       string // as at its first definition
	Definition string // plain, without the term
	Context    string // the sentence of the first definition, plain
	Defined    []TermPlace
	Used       []string // IDs of the lessons that use it, in reading order, those that define it included
	Code       []string // what stands as code in its definitions
}

// TermPlace is where a term is defined.
type TermPlace struct {
	Lesson  string
	Section int // index in the lesson's Sections, -1 above the first
	Line    int
}

// TermUse is the first use of a term in a section of level 2.
type TermUse struct {
	Term       int // index in the course's Glossary
	Start, End int // bytes of the lesson's text, half-open
}
