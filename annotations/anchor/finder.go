package anchor

import (
	"bytes"
	"iter"
	"slices"

	"navigator/annotations"
	"navigator/indexer"
)

// State is the files of one source at one moment: those of a snapshot, or of a
// git revision.
type State interface {
	// Paths yields the path of every file, in any order.
	Paths() iter.Seq[string]
	// Blob returns the hash of a file's content; it is not ok when there is no
	// such file.
	Blob(path string) (hash indexer.Hash, ok bool)
	// Text returns the content of a file, which is not written to.
	Text(path string) ([]byte, error)
	// Symbols returns the symbols of a file in order of their spans, containers
	// before what they contain; none for a file that is not there.
	Symbols(path string) []indexer.Symbol
}

// History is the way that git knows from one state to another.
type History interface {
	// Commits returns the commits after the old state up to the new one, oldest
	// first, each with what it changed against the one before it; nil when no
	// line of commits leads from one to the other.
	Commits() []indexer.Commit
	// Content returns the content of a blob that a commit names.
	Content(blob indexer.Hash) ([]byte, error)
}

// Finder finds anchors of one source again. It serves one goroutine at a time.
type Finder struct {
	old, new State
	history  History

	changes map[string][]step // of the history, by the path before
	added   []string          // paths that new has and old has not, once asked for
	index   map[string]*index // of changed files, by the ending of their names, once asked for
	texts   map[indexer.Hash]*text
	maps    map[[2]indexer.Hash]*lineMap
	trails  map[string]*trail // by path and blob
}

// NewFinder returns a Finder for anchors made in old, which are looked for in
// new. Old is nil when nothing but the anchors themselves is left of that
// state, and history when git does not have both. What is found is proven in
// all cases; more is found the more there is.
func NewFinder(old, new State, history History) *Finder {
	return &Finder{
		old: old, new: new, history: history, index: map[string]*index{},
		texts: map[indexer.Hash]*text{}, maps: map[[2]indexer.Hash]*lineMap{}, trails: map[string]*trail{},
	}
}

// Find returns where the lines of an anchor are now.
func (f *Finder) Find(a annotations.Anchor) annotations.Outcome {
	if len(a.Cited) == 0 || len(a.Cited) != a.Lines.Last-a.Lines.First+1 || a.Lines.First < 1 {
		return lost(nil)
	}
	if blob, ok := f.new.Blob(a.Path); ok && blob == a.Blob {
		return found(a, a.Path, a.Lines, annotations.SameBlob)
	}
	t := f.trail(a.Path, a.Blob)
	if len(t.versions) == 1 && !t.ended {
		return f.byPrints(a, t.last().path)
	}
	if !t.ended && t.last().blob == a.Blob {
		o := found(a, t.last().path, a.Lines, annotations.RenamedFile)
		if t.guessed() {
			o.Verdict = annotations.Proposed
		}
		return o
	}
	fate := f.follow(a, t)
	o, ok := f.proven(a, fate)
	if !ok {
		o, ok = f.edited(a, fate)
	}
	if !ok {
		o = f.elsewhere(a, fate)
	}
	if t.guessed() && o.Verdict != annotations.Lost {
		o.Verdict = annotations.Proposed
	}
	return o
}

// found is the outcome for lines that are proven unchanged.
func found(a annotations.Anchor, path string, lines indexer.Lines, method annotations.Method) annotations.Outcome {
	o := annotations.Outcome{
		Verdict: annotations.Moved, Place: annotations.Place{Source: a.Source, Path: path, Lines: lines}, Method: method, Score: 1,
	}
	if path == a.Path && lines == a.Lines {
		o.Verdict = annotations.Same
	}
	return o
}

func lost(commits []string) annotations.Outcome {
	return annotations.Outcome{Verdict: annotations.Lost, Method: annotations.NotFound, Commits: commits}
}

// text returns a blob that was read, or that the history has; nil for none.
func (f *Finder) text(blob indexer.Hash) *text {
	t, known := f.texts[blob]
	if !known && f.history != nil {
		if content, err := f.history.Content(blob); err == nil {
			t = newText(content)
		}
		f.texts[blob] = t
	}
	return t
}

// newText returns the text of a version, which may be one of the new state.
func (f *Finder) newText(v version) *text {
	if t := f.texts[v.blob]; t != nil {
		return t
	}
	if now, ok := f.new.Blob(v.path); ok && now == v.blob {
		if content, err := f.new.Text(v.path); err == nil {
			f.texts[v.blob] = newText(content)
		}
	}
	return f.text(v.blob)
}

// lines returns how the lines of a version map to those of another; nil when a
// text is missing.
func (f *Finder) lines(from, to version) *lineMap {
	key := [2]indexer.Hash{from.blob, to.blob}
	m, known := f.maps[key]
	if !known {
		if a, b := f.newText(from), f.newText(to); a != nil && b != nil {
			mapped := mapLines(a, b)
			m = &mapped
		}
		f.maps[key] = m
	}
	return m
}

// proven is the outcome for lines that are all there, after one more look at
// them.
func (f *Finder) proven(a annotations.Anchor, l fate) (annotations.Outcome, bool) {
	now, s := f.newText(l.at), l.span()
	if !l.whole || now == nil || s.Last > len(now.prints) || !slices.Equal(now.prints[s.First-1:s.Last], a.Cited) {
		return annotations.Outcome{}, false
	}
	o := found(a, l.at.path, s, annotations.LineMap)
	switch {
	case l.doubt:
		o.Verdict = annotations.Proposed
	case f.spacedAnew(a, now, s):
		o.Verdict, o.Commits = annotations.Edited, l.commits
	}
	return o, true
}

// spacedAnew reports whether lines that have their words still have other white
// space: a block that got another indentation stands in another block.
func (f *Finder) spacedAnew(a annotations.Anchor, now *text, lines indexer.Lines) bool {
	was := f.text(a.Blob)
	return was != nil && !slices.EqualFunc(was.lines[a.Lines.First-1:a.Lines.Last], now.lines[lines.First-1:lines.Last], func(x, y []byte) bool {
		return bytes.Equal(bytes.TrimRight(x, " \t\r"), bytes.TrimRight(y, " \t\r"))
	})
}

// alikeEnough is how much a line must have kept that says, without any line that
// is unchanged, where an anchor is.
const alikeEnough = 0.75

// widest is how many times as long an edited range may have become; beyond that
// its lines were scattered.
const widest = 10

// edited is the outcome for lines of which at least half are there, blank ones
// counted or not.
func (f *Finder) edited(a annotations.Anchor, l fate) (annotations.Outcome, bool) {
	all, there, words, wordsThere := len(l.to), 0, 0, 0
	most := float32(0)
	for i, to := range l.to {
		if to != absent {
			there++
		}
		if a.Cited[i] == 0 {
			continue
		}
		words++
		if to != absent {
			wordsThere++
			most = max(most, l.like[i])
		}
	}
	if 2*there < all || 2*wordsThere < words || words > 0 && most < alikeEnough || there == 0 {
		return annotations.Outcome{}, false
	}
	span := f.wholeSymbol(a, l)
	o := annotations.Outcome{
		Verdict: annotations.Edited, Place: annotations.Place{Source: a.Source, Path: l.at.path, Lines: span},
		Method: annotations.LineMap, Score: l.score(), Commits: l.commits,
	}
	if span.Last-span.First > widest*(len(a.Cited)+1) {
		o.Verdict = annotations.Proposed
	}
	return o, true
}

// wholeSymbol returns the span of the lines that are there or, where they were
// the whole of a symbol and its first or last line is not there, that of the
// symbol now.
func (f *Finder) wholeSymbol(a annotations.Anchor, l fate) indexer.Lines {
	span := l.span()
	if a.Symbol == "" || a.Offset != 0 || f.old == nil || l.to[0] != absent && l.to[len(l.to)-1] != absent {
		return span
	}
	wasWhole := slices.ContainsFunc(f.old.Symbols(a.Path), func(s indexer.Symbol) bool {
		return s.Span.Lines() == a.Lines && s.Qualified() == a.Symbol
	})
	if !wasWhole {
		return span
	}
	for _, s := range f.new.Symbols(l.at.path) {
		if at := s.Span.Lines(); s.Qualified() == a.Symbol && at.First <= span.First && span.Last <= at.Last {
			return at
		}
	}
	return span
}
