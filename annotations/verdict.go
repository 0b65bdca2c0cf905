package annotations

// Verdict is what a check found of a citation or an excerpt.
type Verdict string

// The verdicts on citations.
const (
	Sound       Verdict = "exists"       // upstream has it as written, and its lines show what is spoken of
	Moved       Verdict = "moved"        // the path is stale: what it meant is elsewhere
	PositionOff Verdict = "position-off" // the file is there, its lines miss what is spoken of
	NotUpstream Verdict = "not-upstream" // no source has, or had, such a file
)

// The verdicts on excerpts.
const (
	Verbatim   Verdict = "verbatim"   // the source's own lines, blanks aside
	Abridged   Verdict = "abridged"   // the source's own lines, some left out, explained or not
	Paraphrase Verdict = "paraphrase" // a real symbol, in other words than its own
	Invented   Verdict = "invented"   // no code of the sources
)

// Reason says what a verdict on a citation rests on.
type Reason string

// The reasons for Sound.
const (
	AsWritten   Reason = "as-written"   // the path is that of one file or folder
	BySuffix    Reason = "by-suffix"    // the one path that ends so
	ByContext   Reason = "by-context"   // several paths end so: the lesson leaves this one
	Ambiguous   Reason = "ambiguous"    // several paths end so, and all fit
	ShowsSymbol Reason = "shows-symbol" // the lines overlap the symbol that is spoken of
)

// The reasons for PositionOff.
const (
	MissesSymbol    Reason = "misses-symbol"       // the lines lie elsewhere than the symbol
	BeyondEnd       Reason = "beyond-end"          // the lines run past the end of the file
	ForwardDeclared Reason = "forward-declaration" // the lines only declare what is defined elsewhere
)

// The reasons for Moved, in order of trust.
const (
	Renamed   Reason = "renamed"        // git's history has the rename
	SameName  Reason = "same-name"      // one file of that name is left
	HasSymbol Reason = "has-symbol"     // the file that defines what is spoken of
	Alike     Reason = "similar-path"   // the path most alike
	WrongTree Reason = "other-spelling" // the path is there under another ending or root
)

// The reasons for NotUpstream.
const (
	ReaderMakes Reason = "reader-creates"  // a file that the lesson has its reader write
	BuildOutput Reason = "build-output"    // bazel-bin/…, target/…
	Placeholder Reason = "placeholder"     // file.cc:123, path/to/…
	ReadersOwn  Reason = "readers-machine" // /etc/…, /home/…
	Route       Reason = "api-route"       // /config_dump
	OfCourse    Reason = "course"          // another lesson
	Unknown     Reason = "unknown"         // no source has anything like it
)

// Target is a real place: a symbol's when Symbol is not "".
type Target struct {
	Place
	Symbol string // qualified name
}

// CitationVerdict is what a check found of one citation.
type CitationVerdict struct {
	Citation int // index in the lesson's Citations
	Verdict  Verdict
	Reason   Reason
	Place    Place    // the file that the reference names, its lines as cited; zero when there is none
	Target   *Target  // what to cite instead; nil when Sound, or when nothing is known
	Others   []Target // further candidates, best first, when Target is not Sure
	Sure     bool     // Target may be written into the lesson without asking
}

// Fault says whether the citation is to be mended.
func (v *CitationVerdict) Fault() bool {
	return v.Verdict == Moved || v.Verdict == PositionOff || v.Reason == Unknown
}

// LineKind says what a line of an excerpt is.
type LineKind string

// The kinds of lines of excerpts.
const (
	SourceLine   LineKind = "source"      // a line of the source
	AlteredLine  LineKind = "altered"     // a line of the source, changed
	Explanation  LineKind = "explanation" // a comment that the source does not have
	Elision      LineKind = "elision"     // "...", "// …"
	InventedLine LineKind = "invented"    // code that the source does not have
	BlankLine    LineKind = "blank"
)

// ExcerptLine is what one line of an excerpt is.
type ExcerptLine struct {
	Line  int // in the lesson
	Kind  LineKind
	Place Place // of the source's line, for SourceLine and AlteredLine; zero else
}

// ExcerptVerdict is what a check found of one excerpt.
type ExcerptVerdict struct {
	Excerpt    int // index in the lesson's Excerpts
	Verdict    Verdict
	Similarity float64       // 0 to 1: the share of its tokens of code that the source has in order
	Symbols    []Target      // the real symbols that it shows, most of it first
	Lines      []ExcerptLine // one for each line between the fences
}

// Fault says whether the excerpt is to be mended: it shows other code than the
// source has.
func (v *ExcerptVerdict) Fault() bool { return v.Verdict == Paraphrase || v.Verdict == Invented }

// Certainty says how sure it is that an annotation lies on the right lines.
type Certainty string

// The certainties.
const (
	Sure        Certainty = "sure"        // the excerpt's lines were found in the source
	Approximate Certainty = "approximate" // laid on the whole symbol
)

// Fault is something wrong with the structure of a course.
type Fault struct {
	Lesson string // path, relative to the course's root
	Line   int    // from 1
	Kind   ProblemKind
	Text   string // in English, what is wrong and what to do
}
