package anchor

import (
	"path"
	"slices"

	"navigator/annotations"
	"navigator/indexer"
)

// The bounds of what is proposed.
const (
	convincing = 0.5 // share of the lines that must be there
	margin     = 0.2 // by which the best place must lead
	candidates = 5   // files that are looked at closely
	frequent   = 20  // lines that stand in more places say nothing
)

// elsewhere proposes a place for lines of which most are no longer in theirs:
// where these stand now, else where those are that stayed, else their symbol.
func (f *Finder) elsewhere(a annotations.Anchor, l fate) annotations.Outcome {
	o := annotations.Outcome{Verdict: annotations.Proposed, Place: annotations.Place{Source: a.Source}, Commits: l.commits}
	if b, ok := f.block(a); ok {
		o.Place.Path, o.Place.Lines, o.Score, o.Method = b.path, b.lines, b.share, annotations.MovedCode
		return o
	}
	if score := l.score(); score >= convincing/2 {
		o.Place.Path, o.Place.Lines, o.Score, o.Method = l.at.path, l.span(), score, annotations.LineMap
		return o
	}
	if lines, ok := f.symbolLines(a, l.at.path); ok {
		o.Place.Path, o.Place.Lines, o.Score, o.Method = l.at.path, lines, l.score(), annotations.BySymbol
		return o
	}
	return lost(l.commits)
}

// index tells where lines stand in files.
type index struct {
	files []version
	heads map[annotations.Fingerprint]int32 // the last entry of a line, from 1
	next  []int32                           // of an entry: another of the same line, 0 for none
	file  []int32
	line  []int32
}

// changedFiles returns the index of the files of a name's ending that the new
// state has in another form than the old one, or that it alone has.
func (f *Finder) changedFiles(extension string) *index {
	if x := f.index[extension]; x != nil {
		return x
	}
	x := &index{heads: map[annotations.Fingerprint]int32{}, next: []int32{0}, file: []int32{0}, line: []int32{0}}
	for p := range f.new.Paths() {
		if path.Ext(p) != extension {
			continue
		}
		blob, _ := f.new.Blob(p)
		if f.old != nil {
			if was, ok := f.old.Blob(p); ok && was == blob {
				continue
			}
		}
		x.files = append(x.files, version{path: p, blob: blob})
	}
	slices.SortFunc(x.files, func(a, b version) int { return compareStrings(a.path, b.path) })
	for n, v := range x.files {
		t := f.newText(v)
		if t == nil {
			continue
		}
		for i, p := range t.prints {
			if p == 0 {
				continue
			}
			x.next, x.file, x.line = append(x.next, x.heads[p]), append(x.file, int32(n)), append(x.line, int32(i))
			x.heads[p] = int32(len(x.next) - 1)
		}
	}
	f.index[extension] = x
	return x
}

func compareStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// hit is a cited line that stands in a file.
type hit struct{ line, cited int32 }

// block is a stretch of a file that has lines of an anchor.
type block struct {
	path  string
	lines indexer.Lines
	share float64 // of the anchor's different lines that it has
}

// block looks for the lines of an anchor as a whole in all changed files.
func (f *Finder) block(a annotations.Anchor) (block, bool) {
	x := f.changedFiles(path.Ext(a.Path))
	words := map[annotations.Fingerprint]int32{}
	for i, p := range a.Cited {
		if _, ok := words[p]; !ok && p != 0 {
			words[p] = int32(i)
		}
	}
	hits, weight := map[int32][]hit{}, map[int32]float64{}
	for p, i := range words {
		var at []int32
		for e := x.heads[p]; e != 0 && len(at) <= frequent; e = x.next[e] {
			at = append(at, e)
		}
		if len(at) > frequent {
			continue
		}
		for _, e := range at {
			hits[x.file[e]] = append(hits[x.file[e]], hit{x.line[e], i})
			weight[x.file[e]] += 1 / float64(len(at))
		}
	}
	var files []int32
	for n := range hits {
		files = append(files, n)
	}
	slices.SortFunc(files, func(m, n int32) int {
		if weight[m] != weight[n] {
			if weight[m] > weight[n] {
				return -1
			}
			return 1
		}
		return int(m - n)
	})
	var best block
	second := 0.0
	for _, n := range files[:min(len(files), candidates)] {
		b, other := f.densest(a, x.files[n], words)
		if b.share > best.share {
			best, b = b, best
		}
		second = max(second, b.share, other)
	}
	if best.share > 0 {
		best.lines = f.refine(a, best)
	}
	enough := int(best.share*float64(len(words))+0.5) >= min(3, len(words)) && len(words) > 1
	return best, enough && best.share >= convincing && best.share-second >= margin
}

// refine returns the lines of a block from the first to the last that an
// alignment with the cited ones finds there.
func (f *Finder) refine(a annotations.Anchor, b block) indexer.Lines {
	blob, _ := f.new.Blob(b.path)
	prints := f.newText(version{path: b.path, blob: blob}).prints
	from := max(0, b.lines.First-1-len(a.Cited))
	to := min(len(prints), b.lines.Last+len(a.Cited))
	best, closest := b.lines, len(prints)
	for at := from; at+len(a.Cited) <= to; at++ {
		if away := max(at+1-b.lines.First, b.lines.First-at-1); away < closest && slices.Equal(prints[at:at+len(a.Cited)], a.Cited) {
			best, closest = indexer.Lines{First: at + 1, Last: at + len(a.Cited)}, away
		}
	}
	if closest < len(prints) {
		return best
	}
	if pairs := Align(a.Cited, prints[b.lines.First-1:b.lines.Last]); len(pairs) > 0 {
		return indexer.Lines{First: b.lines.First + pairs[0].B, Last: b.lines.First + pairs[len(pairs)-1].B}
	}
	return b.lines
}

// densest returns the stretch of a file that has most of the words, which it
// did not have before, and the share that the best one apart from it has.
func (f *Finder) densest(a annotations.Anchor, v version, words map[annotations.Fingerprint]int32) (best block, other float64) {
	prints, had, has := f.newText(v).prints, map[annotations.Fingerprint]int{}, map[annotations.Fingerprint]int{}
	if v.path != a.Path {
		had = f.countsBefore(v.path)
	}
	for _, p := range prints {
		has[p]++
	}
	var hits []hit
	for i, p := range prints {
		if c, ok := words[p]; ok && has[p] > had[p] {
			hits = append(hits, hit{int32(i), c})
		}
	}
	if len(hits) == 0 {
		return best, 0
	}
	width := int32(len(a.Cited) + len(a.Cited)/2 + 3)
	first, last, most := densestHits(hits, width)
	_, _, next := densestHits(slices.Concat(hits[:first], hits[last+1:]), width)
	best = block{
		path: v.path, share: float64(most) / float64(len(words)),
		lines: indexer.Lines{First: int(hits[first].line) + 1, Last: int(hits[last].line) + 1},
	}
	return best, float64(next) / float64(len(words))
}

// countsBefore returns how often a file of the old state has each line.
func (f *Finder) countsBefore(path string) map[annotations.Fingerprint]int {
	counts := map[annotations.Fingerprint]int{}
	if f.old == nil {
		return counts
	}
	blob, ok := f.old.Blob(path)
	if !ok {
		return counts
	}
	if f.readOld(path, blob); f.text(blob) != nil {
		for _, p := range f.text(blob).prints {
			counts[p]++
		}
	}
	return counts
}

// densestHits returns the first and the last of the hits within width lines that
// have most of the cited lines, and of how many.
func densestHits(hits []hit, width int32) (first, last, most int) {
	count := map[int32]int{}
	from := 0
	for to, h := range hits {
		count[h.cited]++
		for h.line-hits[from].line >= width || count[hits[from].cited] > 1 && from < to {
			if count[hits[from].cited]--; count[hits[from].cited] == 0 {
				delete(count, hits[from].cited)
			}
			from++
		}
		if len(count) > most {
			first, last, most = from, to, len(count)
		}
	}
	return first, last, most
}

// symbolLines returns the lines that an anchor has in its symbol, when one
// symbol of a file has that name.
func (f *Finder) symbolLines(a annotations.Anchor, path string) (lines indexer.Lines, ok bool) {
	if a.Symbol == "" {
		return lines, false
	}
	found := 0
	for _, s := range f.new.Symbols(path) {
		if s.Qualified() != a.Symbol {
			continue
		}
		found++
		span := s.Span.Lines()
		lines.First = min(span.First+a.Offset, span.Last)
		lines.Last = min(lines.First+len(a.Cited)-1, span.Last)
		if a.Offset == 0 && 2*len(a.Cited) > span.Last-span.First {
			lines = span
		}
	}
	return lines, found == 1
}
