package anchor

import (
	"bytes"
	"iter"
	"math"
	"path"
	"slices"
	"strings"

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

// version is a file at a moment.
type version struct {
	path   string
	blob   indexer.Hash
	commit string // that made it, "" for the first one
	guess  bool   // nothing but some of its lines says that it is the same file
}

// trail is what became of a file, its old version first. When it was deleted,
// ended says so and by names the commit, if known. A trail of one version,
// whose path is that in the new state, has no old text.
type trail struct {
	versions []version
	ended    bool
	by       string
}

func (t *trail) last() version { return t.versions[len(t.versions)-1] }

func (t *trail) guessed() bool {
	return slices.ContainsFunc(t.versions, func(v version) bool { return v.guess })
}

// step is a change by a commit, the number of which tells the order.
type step struct {
	number int
	indexer.Change
}

// trail returns what became of the file that had that path and content.
func (f *Finder) trail(path string, blob indexer.Hash) *trail {
	key := path + "\x00" + string(blob[:])
	t := f.trails[key]
	if t == nil {
		t = f.throughCommits(path, blob)
		if t == nil {
			t = f.betweenStates(path, blob)
		}
		f.trails[key] = t
	}
	return t
}

// throughCommits follows a file by the history; nil when that does not lead to
// the new state.
func (f *Finder) throughCommits(path string, blob indexer.Hash) *trail {
	if f.history == nil {
		return nil
	}
	commits := f.history.Commits()
	if f.changes == nil {
		f.changes = map[string][]step{}
		for n, c := range commits {
			for _, change := range c.Changes {
				if change.From != "" {
					f.changes[change.From] = append(f.changes[change.From], step{n, change})
				}
			}
		}
	}
	t := &trail{versions: []version{{path: path, blob: blob}}}
	for after := -1; ; {
		last := t.last()
		i := slices.IndexFunc(f.changes[last.path], func(s step) bool { return s.number > after })
		if i < 0 {
			break
		}
		s := f.changes[last.path][i]
		if s.Old != last.blob {
			return nil // this is not the history of that text
		}
		after = s.number
		commit := commits[after]
		next := version{path: s.To, blob: s.New}
		if next.path == "" {
			if next = f.renamedBy(commit, last); next.path == "" {
				t.ended, t.by = true, commit.ID
				return t
			}
		}
		next.commit = commit.ID
		t.versions = append(t.versions, next)
	}
	if now, ok := f.new.Blob(t.last().path); !ok || now != t.last().blob || len(t.versions) == 1 || f.text(blob) == nil {
		return nil
	}
	return t
}

// renamedBy looks among the files that a commit added for one that is like the
// one it deleted.
func (f *Finder) renamedBy(commit indexer.Commit, old version) version {
	var added []version
	for _, c := range commit.Changes {
		if c.From == "" {
			added = append(added, version{path: c.To, blob: c.New})
		}
	}
	return f.mostAlike(old, added)
}

// betweenStates follows a file by the two states alone.
func (f *Finder) betweenStates(path string, blob indexer.Hash) *trail {
	old := version{path: path, blob: blob}
	if now, ok := f.new.Blob(path); ok {
		if f.text(blob) == nil {
			f.readOld(path, blob)
		}
		if f.text(blob) == nil {
			return &trail{versions: []version{old}}
		}
		return &trail{versions: []version{old, {path: path, blob: now}}}
	}
	f.readOld(path, blob)
	var added []version
	for _, p := range f.addedPaths() {
		h, _ := f.new.Blob(p)
		added = append(added, version{path: p, blob: h})
	}
	if v := f.mostAlike(old, added); v.path != "" {
		return &trail{versions: []version{old, v}}
	}
	return &trail{versions: []version{old}, ended: true}
}

// readOld keeps the text of a file of the old state.
func (f *Finder) readOld(path string, blob indexer.Hash) {
	if f.old == nil {
		return
	}
	if has, ok := f.old.Blob(path); ok && has == blob {
		if content, err := f.old.Text(path); err == nil {
			f.texts[blob] = newText(content)
		}
	}
}

// addedPaths returns the paths of the new state that the old one has not,
// sorted.
func (f *Finder) addedPaths() []string {
	if f.added == nil {
		for p := range f.new.Paths() {
			if f.old != nil {
				if _, had := f.old.Blob(p); had {
					continue
				}
			}
			f.added = append(f.added, p)
		}
		slices.Sort(f.added)
	}
	return f.added
}

// The shares of lines that a file must share with a deleted one to be taken for
// it, and to be surely it.
const (
	renameLike = 0.5
	renameSure = 0.8
)

// mostAlike returns the file among added that old was renamed to, no version
// when there is none: one of the same content, else the one that shares most
// lines with it, at least half. Of equals, the path tells.
func (f *Finder) mostAlike(old version, added []version) (best version) {
	near := func(v version) int { return sharedPath(old.path, v.path) }
	again := false
	for _, v := range added {
		if v.blob != old.blob {
			continue
		}
		switch {
		case best.path == "" || near(v) > near(best):
			best, again = v, false
		case near(v) == near(best):
			again = true
		}
	}
	best.guess = again || f.old == nil && path.Base(best.path) != path.Base(old.path)
	was := f.text(old.blob)
	if best.path != "" || was == nil {
		return best
	}
	counts := map[annotations.Fingerprint]int{}
	for _, p := range was.prints {
		counts[p]++
	}
	bestLike := 0.0
	for _, v := range added {
		if path.Ext(v.path) != path.Ext(old.path) {
			continue
		}
		now := f.newText(v)
		if now == nil {
			continue
		}
		small, large := len(was.prints), len(now.prints)
		if small > large {
			small, large = large, small
		}
		if float64(small) < renameLike*float64(large) {
			continue
		}
		like := sharedLines(counts, now.prints) / float64(large)
		if like >= renameLike && (like > bestLike || like == bestLike && near(v) > near(best)) {
			best, bestLike = v, like
			best.guess = like < renameSure || path.Base(v.path) != path.Base(old.path) || f.claimed(v, old)
		}
	}
	return best
}

// claimed reports whether another file that is gone has a better claim to v,
// by its path, than old.
func (f *Finder) claimed(v, old version) bool {
	if f.old == nil {
		return true
	}
	for p := range f.old.Paths() {
		if path.Base(p) == path.Base(v.path) && p != old.path && sharedPath(p, v.path) >= sharedPath(old.path, v.path) {
			if _, still := f.new.Blob(p); !still {
				return true
			}
		}
	}
	return false
}

// sharedLines returns how many of prints are among those counted.
func sharedLines(counts map[annotations.Fingerprint]int, prints []annotations.Fingerprint) float64 {
	used := make(map[annotations.Fingerprint]int, len(counts))
	n := 0
	for _, p := range prints {
		if used[p] < counts[p] {
			used[p]++
			n++
		}
	}
	return float64(n)
}

// sharedPath returns how much of the ends of two paths agree, by folder, the
// name first.
func sharedPath(a, b string) int {
	x, y := strings.Split(a, "/"), strings.Split(b, "/")
	slices.Reverse(x)
	slices.Reverse(y)
	n := 0
	for i := range min(len(x), len(y)) {
		if x[i] == y[i] {
			n++
			if i == 0 {
				n += 100
			}
		}
	}
	return n
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

// fate is what became of the lines of an anchor.
type fate struct {
	at      version   // of the file, last known
	to      []int32   // by cited line, from 0: where it is, from 0, absent for nowhere
	like    []float32 // how much of its words it has kept, 0 to 1
	commits []string  // that changed the lines
	whole   bool      // all are there, unchanged and contiguous
	doubt   bool      // lines like these stood beside them, and some of those came or went
}

// newFate returns that of lines that are nowhere.
func newFate(a annotations.Anchor, at version) fate {
	l := fate{at: at, to: make([]int32, len(a.Cited)), like: make([]float32, len(a.Cited))}
	for i := range l.to {
		l.to[i] = absent
	}
	return l
}

// follow maps the lines of an anchor through every version of its file.
func (f *Finder) follow(a annotations.Anchor, t *trail) fate {
	lines := newFate(a, t.versions[0])
	for i := range lines.to {
		lines.to[i], lines.like[i] = int32(a.Lines.First-1+i), 1
	}
	if was := f.newText(lines.at); was == nil || len(was.prints) < a.Lines.Last {
		return newFate(a, t.last())
	}
	lines.whole = true
	for _, next := range t.versions[1:] {
		if m := f.lines(lines.at, next); m != nil {
			lines.through(m, next)
		}
	}
	if t.ended {
		commits := lines.commits
		if t.by != "" && lines.span().First > 0 {
			commits = append(commits, t.by)
		}
		lines = newFate(a, t.last())
		lines.commits = commits
	}
	return lines
}

// through maps the lines to the next version.
func (l *fate) through(m *lineMap, next version) {
	l.doubt = l.doubt || l.doubtful(m)
	touched := false
	last, lastTo := int32(absent), int32(absent)
	for i, at := range l.to {
		if at == absent {
			continue
		}
		to := m.to[at]
		touched = touched || m.like[at] < 1 || last != absent && to-lastTo != at-last
		last, lastTo = at, to
		l.like[i] *= m.like[at]
	}
	for i, at := range l.to {
		if at != absent {
			l.to[i] = m.to[at]
		}
		if l.like[i] < 1 || i > 0 && l.to[i] != l.to[i-1]+1 {
			l.whole = false
		}
	}
	if touched && next.commit != "" {
		l.commits = append(l.commits, next.commit)
	}
	l.at = next
}

// doubtful reports whether a map could as well lead all the lines elsewhere.
func (l *fate) doubtful(m *lineMap) bool {
	for _, at := range l.to {
		if at != absent && m.to[at] != absent && !m.doubt[at] {
			return false
		}
	}
	return true
}

// span returns the first and the last line that is there, from 1; zero for
// none.
func (l *fate) span() (s indexer.Lines) {
	for _, to := range l.to {
		if to == absent {
			continue
		}
		if s.First == 0 {
			s.First = int(to) + 1
		}
		s.Last = int(to) + 1
	}
	return s
}

// score returns the share of the lines that is there, changed ones in part,
// to three digits.
func (l *fate) score() float64 {
	sum := 0.0
	for _, like := range l.like {
		sum += float64(like)
	}
	return math.Round(1000*sum/float64(len(l.like))) / 1000
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
