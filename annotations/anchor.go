package annotations

import "navigator/indexer"

// Anchor ties a citation, a group of an excerpt's lines or a note to exact
// lines of a source at a revision. It holds no source text.
type Anchor struct {
	Source   string
	Revision string // full commit id, "" when the source is not under git
	Path     string
	Lines    indexer.Lines
	Symbol   string        // qualified name of the innermost symbol around Lines.First, "" at top level
	Offset   int           // lines from the first line of Symbol to Lines.First
	Blob     indexer.Hash  // of the whole file
	Cited    []Fingerprint // of each line of Lines
	Before   []Fingerprint // of up to three lines before, in order of the file
	After    []Fingerprint // of up to three lines after
}

// Fingerprint identifies a line by its text without white space at its ends and
// with every run of white space inside as one blank. A blank line has 0.
type Fingerprint uint64

// The verdicts on anchors after a bump, besides [Moved]: every line is proven
// unchanged, elsewhere.
const (
	Same     Verdict = "same"     // every line is proven unchanged, in its place
	Edited   Verdict = "edited"   // at least half of the lines survive
	Proposed Verdict = "proposed" // found elsewhere by a clear margin
	Lost     Verdict = "lost"     // nothing convincing
)

// Outcome is where an anchor's lines are in another revision.
type Outcome struct {
	Verdict Verdict // Same, Moved, Edited, Proposed or Lost
	Place   Place   // zero when lost
	Method  Method
	Score   float64 // 0 to 1: the share of the lines that is found there, changed ones in part
	// Commits are those that changed the lines, the oldest first; when they are
	// lost, the last one removed them. Nil when git cannot tell.
	Commits []string
}

// Method says how an anchor was found.
type Method string

// The methods, cheapest first.
const (
	SameBlob      Method = "same-blob"    // the file is the same, byte for byte
	RenamedFile   Method = "renamed"      // the file is the same under another path
	LineMap       Method = "line-map"     // a diff of the file's two texts
	MovedCode     Method = "moved-code"   // the lines left for another place or file
	BySymbol      Method = "symbol"       // the symbol of that qualified name
	ByFingerprint Method = "fingerprints" // the hashes of the lines and those around
	NotFound      Method = "none"
)
