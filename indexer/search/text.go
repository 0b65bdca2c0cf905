package search

import (
	"bytes"
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// TextQuery is a search for text. Files are searched line by line, so that
// nothing matches across lines and ^ and $ are the ends of a line.
type TextQuery struct {
	Filter            // Kinds are of no account
	Pattern    string // to be found as it stands
	Regexp     bool   // Pattern is a regular expression in RE2's syntax
	IgnoreCase bool
	Context    int // lines to show before and after each that matches, at most 20
	MaxFiles   int // files with a match after which to stop, 200 when 0
	MaxLines   int // matching lines to show of a file, 50 when 0
}

// FileMatches is what was found in one file.
type FileMatches struct {
	File  int    // in the corpus
	Lines []Line // that match, and those around them
	More  bool   // further lines match
}

// Line is a line of a file that has a match, or stands near one that has.
type Line struct {
	Number  int
	Text    string  // valid UTF-8 without the newline, at most maxLineText bytes
	Skipped int     // bytes of the line before Text
	Cut     bool    // the line goes on after Text
	Context bool    // the line itself does not match
	Matches []Range // in Text, in order; may be empty where a regular expression matches nothing
}

// Summary tells what a text search found altogether.
type Summary struct {
	Files   int  // given to the caller
	Lines   int  // that match, among those given
	Limited bool // there may be more, because the search stopped at its limits
}

const (
	maxContext  = 20
	maxLineText = 500 // bytes of a line to show: no one reads on
	lineLead    = 120 // bytes to show before the first match of a line that is longer
	maxRanges   = 100 // matches to mark in a line
)

// Text searches the text of all files and calls found for each file with a
// match, in the order of the corpus, until it returns false. It returns a
// [QueryError] for a query that makes no sense, and the context's error when
// that ends.
func (e *Engine) Text(ctx context.Context, q TextQuery, found func(FileMatches) bool) (Summary, error) {
	files, err := q.Filter.compile(e)
	if err != nil {
		return Summary{}, err
	}
	newFinder, err := q.compilePattern()
	if err != nil {
		return Summary{}, err
	}
	if q.MaxFiles <= 0 {
		q.MaxFiles = 200
	}
	if q.MaxLines <= 0 {
		q.MaxLines = 50
	}
	q.Context = min(max(q.Context, 0), maxContext)
	var chosen []int
	for f := range e.files {
		if files.passes(f) {
			chosen = append(chosen, f)
		}
	}
	outer := ctx
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var sum Summary
	s := &textSearch{engine: e, query: &q, newFinder: newFinder}
	s.run(ctx, chosen, func(m FileMatches) bool {
		if sum.Files == q.MaxFiles {
			sum.Limited = true
			return false
		}
		sum.Files++
		sum.Limited = sum.Limited || m.More
		for i := range m.Lines {
			if !m.Lines[i].Context {
				sum.Lines++
			}
		}
		return found(m)
	})
	return sum, outer.Err()
}

// textSearch is one search for text.
type textSearch struct {
	engine    *Engine
	query     *TextQuery
	newFinder func() finder
}

const (
	chunkBytes = 256 << 10 // of text that one goroutine takes at a time
	chunkLead  = 64        // chunks by which the goroutines may be ahead of the caller
)

// run searches the files with as many goroutines as there are processors, and
// gives what they find to found in order. It returns after all of them ended.
func (s *textSearch) run(ctx context.Context, files []int, found func(FileMatches) bool) {
	ctx, stop := context.WithCancel(ctx)
	chunks := s.split(files)
	results := make([]chan []FileMatches, len(chunks))
	for i := range results {
		results[i] = make(chan []FileMatches, 1)
	}
	lead := make(chan struct{}, chunkLead)
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(chunks)) {
		group.Go(func() {
			f := s.newFinder()
			for {
				select {
				case lead <- struct{}{}:
				case <-ctx.Done():
					return
				}
				i := int(next.Add(1)) - 1
				if i >= len(chunks) {
					return
				}
				results[i] <- s.files(ctx, f, chunks[i])
			}
		})
	}
	defer group.Wait()
	defer stop()
	for i := range results {
		select {
		case matches := <-results[i]:
			for _, m := range matches {
				if !found(m) {
					return
				}
			}
			<-lead
		case <-ctx.Done():
			return
		}
	}
}

// split cuts the files into chunks of about chunkBytes.
func (s *textSearch) split(files []int) [][]int {
	var chunks [][]int
	size, from := 0, 0
	for i, f := range files {
		size += s.engine.files[f].Size
		if size >= chunkBytes || i == len(files)-1 {
			chunks = append(chunks, files[from:i+1])
			size, from = 0, i+1
		}
	}
	return chunks
}

func (s *textSearch) files(ctx context.Context, f finder, files []int) []FileMatches {
	var all []FileMatches
	for _, file := range files {
		if ctx.Err() != nil {
			break
		}
		if m, ok := s.file(ctx, f, file); ok {
			all = append(all, m)
		}
	}
	return all
}

// file searches one file.
func (s *textSearch) file(ctx context.Context, f finder, file int) (FileMatches, bool) {
	m := FileMatches{File: file}
	text := s.engine.corpus.Text(file)
	var hits []textLine
	at := textLine{number: 1}
	for at.start < len(text) {
		pos, ok := f.next(ctx, text, at.start)
		if !ok {
			break
		}
		if m.More = len(hits) == s.query.MaxLines; m.More {
			break
		}
		hit := at.lineOf(text, pos)
		hits = append(hits, hit)
		at = textLine{number: hit.number + 1, start: hit.end + 1}
	}
	if len(hits) == 0 {
		return m, false
	}
	m.Lines = s.lines(f, text, hits)
	return m, true
}

// textLine is a place in a text: line number, and from where to where it goes
// without the newline.
type textLine struct{ number, start, end int }

// lineOf returns the line that pos is in, which is not before at.
func (at textLine) lineOf(text []byte, pos int) textLine {
	line := textLine{start: bytes.LastIndexByte(text[:pos], '\n') + 1, end: len(text)}
	line.number = at.number + bytes.Count(text[at.start:line.start], []byte{'\n'})
	if n := bytes.IndexByte(text[pos:], '\n'); n >= 0 {
		line.end = pos + n
	}
	return line
}

func (at textLine) before(text []byte) (textLine, bool) {
	if at.start == 0 {
		return at, false
	}
	return textLine{number: at.number - 1, start: bytes.LastIndexByte(text[:at.start-1], '\n') + 1, end: at.start - 1}, true
}

func (at textLine) after(text []byte) (textLine, bool) {
	if at.end+1 >= len(text) {
		return at, false
	}
	return textLine{number: at.number}.lineAfter(text, at.end+1), true
}

func (at textLine) lineAfter(text []byte, start int) textLine {
	line := textLine{number: at.number + 1, start: start, end: len(text)}
	if n := bytes.IndexByte(text[start:], '\n'); n >= 0 {
		line.end = start + n
	}
	return line
}

// lines returns the lines of hits with those around them.
func (s *textSearch) lines(f finder, text []byte, hits []textLine) []Line {
	var lines []Line
	shown := 0 // number of the last line in lines
	show := func(l textLine, ranges []Range, context bool) {
		lines = append(lines, clip(text[l.start:l.end], ranges))
		line := &lines[len(lines)-1]
		line.Number, line.Context = l.number, context
		shown = l.number
	}
	for i, hit := range hits {
		var above []textLine
		for l, ok := hit.before(text); ok && len(above) < s.query.Context && l.number > shown; l, ok = l.before(text) {
			above = append(above, l)
		}
		for _, l := range slices.Backward(above) {
			show(l, nil, true)
		}
		show(hit, f.ranges(text[hit.start:hit.end]), false)
		for l, ok := hit.after(text); ok && l.number <= hit.number+s.query.Context; l, ok = l.after(text) {
			if i+1 < len(hits) && l.number >= hits[i+1].number {
				break
			}
			show(l, nil, true)
		}
	}
	return lines
}

// clip returns a line with its matches, both cut to what is shown.
func clip(text []byte, ranges []Range) Line {
	text = bytes.TrimSuffix(text, []byte{'\r'})
	line := Line{Matches: ranges}
	end := len(text)
	if end > maxLineText {
		if len(ranges) > 0 && ranges[0].End > maxLineText {
			line.Skipped = runeStart(text, ranges[0].Start-lineLead)
		}
		end = runeStart(text, min(line.Skipped+maxLineText, len(text)))
		line.Cut = end < len(text)
	}
	kept := ranges[:0]
	for _, r := range ranges {
		if r.Start, r.End = max(r.Start, line.Skipped), min(r.End, end); r.Start < r.End {
			kept = append(kept, Range{r.Start - line.Skipped, r.End - line.Skipped})
		}
	}
	line.Matches = kept
	line.Text = strings.ToValidUTF8(string(text[line.Skipped:end]), "\uFFFD")
	return line
}

// runeStart returns the start of the rune at i, 0 when i is negative.
func runeStart(text []byte, i int) int {
	if i >= len(text) {
		return len(text)
	}
	for i > 0 && !utf8.RuneStart(text[i]) {
		i--
	}
	return max(i, 0)
}
