package server

import (
	"html/template"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// comparePage shows an excerpt beside the code as it is.
type comparePage struct {
	page
	Lesson     *annotations.Lesson
	Section    string
	Back       string // the excerpt in its lesson
	Number     int    // of the excerpt, from 1
	Comparison comparison
}

// comparison is an excerpt beside the code that it shows, line by line.
type comparison struct {
	excerptBar
	ID     string
	Blocks []block
	Signs  []string // kinds of rows that it has
	Mended string   // the code as it is, with the excerpt's explanations, for the lesson
	Places []link   // of that code
}

// block is a stretch of one file beside what shows it.
type block struct {
	Where link // zero when the sources have nothing of it
	Rows  []row
}

// row is a line of an excerpt, a line of the source, or both.
type row struct {
	Kind  string // an annotations.LineKind, or one of those below
	Line  int    // of the lesson, 0 for none
	Said  template.HTML
	At    int // line of the source, 0 for none
	Real  template.HTML
	Count int    // with folded: the lines that are not shown
	More  string // with folded: their address
}

// The kinds of rows that are no kind of line.
const (
	reference = "reference" // the excerpt's own citation
	leftOut   = "left-out"  // the source has it, the excerpt does not
	folded    = "folded"    // many of those
)

// How much of what an excerpt leaves out is shown.
const (
	gapWhole   = 8   // a gap of up to so many lines is shown whole
	gapEdge    = 3   // lines shown at each end of a longer one
	citedLines = 60  // of the place that an invented excerpt cites
	longSymbol = 150 // lines of a symbol from which a part of it is proposed
	maxMended  = 400
)

func (s *site) compare(w http.ResponseWriter, r *http.Request, v View) error {
	id, n := r.URL.Query().Get("lesson"), r.URL.Query().Get("n")
	lesson := v.Course().Lesson(id)
	if lesson == nil {
		return missing("error.lesson", id, nearestLessons(v.Course(), id))
	}
	i, err := strconv.Atoi(n)
	if err != nil || i < 0 || i >= len(lesson.Excerpts) {
		return missing("error.excerpt", n, []link{{lesson.Title, lessonAddress(id, "")}})
	}
	p := comparePage{
		page:   s.newPage(r, "compare", lesson.Title),
		Lesson: lesson, Number: i + 1, Back: lessonAddress(id, excerptAnchor(i)),
	}
	p.Title = p.Lang.T("compare.title", i+1, lesson.Title)
	p.Styles = append(p.Styles, "component/code/code.css", "component/compare/compare.css")
	p.Scripts = []string{"component/compare/compare.js"}
	for _, section := range lesson.Sections {
		if section.Lines.Contains(lesson.Excerpts[i].Lines.First) {
			p.Section = sectionName(section)
		}
	}
	ls := newLinks(v, p.Lang, lesson)
	found := ls.excerpt(i)
	if found == nil {
		if !v.Checked() {
			forget(w)
		}
		return missing("error.excerpt", n, []link{{lesson.Title, lessonAddress(id, "")}})
	}
	p.Comparison = newComparison(v, ls, found)
	return render(w, p.Lang, "compare.html", p)
}

// excerptAnchor is the id of a lesson's excerpt i in its page.
func excerptAnchor(i int) string { return "excerpt-" + strconv.Itoa(i) }

// newComparison lays an excerpt beside the code.
func newComparison(v View, ls links, found *annotations.ExcerptVerdict) comparison {
	e := ls.lesson.Excerpts[found.Excerpt]
	c := comparer{v: v, found: found, files: map[annotations.Place]*shownFile{}}
	all := strings.Split(strings.ReplaceAll(string(ls.lesson.Text), "\r\n", "\n"), "\n")
	c.said.first = e.Lines.First + 1
	if last := min(e.Lines.First+len(found.Lines), len(all)); last >= c.said.first {
		c.said.lines = all[c.said.first-1 : last]
	}
	c.said.tokens = v.Highlight(e.Language, []byte(strings.Join(c.said.lines, "\n")))
	out := comparison{excerptBar: newExcerptBar(ls.language, ls.lesson.ID, found), ID: "comparison-" + strconv.Itoa(found.Excerpt)}
	var cited annotations.Place
	if cite := ls.verdict(e.Citation); cite != nil {
		cited, _ = leadsTo(cite)
	}
	if !slices.ContainsFunc(found.Lines, func(l annotations.ExcerptLine) bool { return l.Place.Path != "" }) {
		out.Blocks = c.beside(cited)
	} else {
		out.Blocks = c.blocks()
	}
	for _, b := range out.Blocks {
		for _, r := range b.Rows {
			if r.Kind != folded && r.Kind != string(annotations.BlankLine) && !slices.Contains(out.Signs, r.Kind) {
				out.Signs = append(out.Signs, r.Kind)
			}
		}
	}
	out.Mended, out.Places = c.mend(e.Language, cited)
	return out
}

// shownText is lines and their tokens.
type shownText struct {
	first  int // number of lines[0]
	lines  []string
	tokens []indexer.Token // lines counted from first as 1
}

// line returns the text of a line by its number, "" where there is none.
func (t *shownText) line(n int) string {
	if n < t.first || n >= t.first+len(t.lines) {
		return ""
	}
	return t.lines[n-t.first]
}

// html returns a line with its tokens coloured and some stretches marked.
func (t *shownText) html(n int, marks []Range) template.HTML {
	return markedLine(t.line(n), tokensOfLine(t.tokens, n-t.first+1), marks)
}

// shownFile is a file of the sources.
type shownFile struct {
	shownText
	place annotations.Place // without lines
}

// comparer lays one excerpt beside the code.
type comparer struct {
	v     View
	found *annotations.ExcerptVerdict
	said  shownText
	files map[annotations.Place]*shownFile

	done    []block
	at      *shownFile // of the last block, nil before the first
	last    int        // line of it that was shown last
	pending []row      // lines of the excerpt that no line of the source has been beside yet
}

// file returns the file of a place, nil when there is none any more.
func (c *comparer) file(p annotations.Place) *shownFile {
	key := annotations.Place{Source: p.Source, Path: p.Path}
	f, ok := c.files[key]
	if !ok {
		if index, lines, first := linesOf(c.v, key); index >= 0 {
			tokens, _ := c.v.Tokens(index)
			f = &shownFile{shownText{first, lines, tokens}, key}
		}
		c.files[key] = f
	}
	return f
}

// beside lays an excerpt that shows nothing real beside the code that it cites,
// if any, without saying that one line is the other.
func (c *comparer) beside(cited annotations.Place) []block {
	for _, l := range c.found.Lines {
		c.pending = append(c.pending, c.left(l))
	}
	b := block{Rows: c.pending}
	f := c.file(cited)
	if cited.Path == "" || f == nil || cited.Lines.IsZero() {
		return []block{b}
	}
	b.Where = link{placeText(cited), placeAddress(cited.Source, cited.Path, cited.Lines)}
	last := min(cited.Lines.Last, cited.Lines.First+citedLines-1, len(f.lines))
	for n := cited.Lines.First; n <= last; n++ {
		if i := n - cited.Lines.First; i < len(b.Rows) {
			b.Rows[i].At, b.Rows[i].Real = n, f.html(n, nil)
		} else {
			b.Rows = append(b.Rows, row{Kind: leftOut, At: n, Real: f.html(n, nil)})
		}
	}
	return []block{b}
}

// left returns the row of a line that no line of the source is beside.
func (c *comparer) left(l annotations.ExcerptLine) row {
	if l.Kind == annotations.Explanation && citesItself(c.said.line(l.Line)) {
		return row{Kind: reference, Line: l.Line, Said: c.said.html(l.Line, nil)}
	}
	return row{Kind: string(l.Kind), Line: l.Line, Said: c.said.html(l.Line, nil)}
}

// blocks lays the excerpt beside the files that it shows.
func (c *comparer) blocks() []block {
	lines := c.found.Lines
	for i := 0; i < len(lines); {
		f := c.file(lines[i].Place)
		if n := lines[i].Place.Lines.First; lines[i].Place.Path == "" || f == nil || n < 1 || n > len(f.lines) {
			c.alone(lines[i])
			i++
			continue
		}
		run := i + 1
		for run < len(lines) && lines[run].Place == lines[i].Place {
			run++
		}
		c.together(f, lines[i:run], c.limit(f, lines[run:], lines[i].Place.Lines.First))
		i = run
	}
	c.end()
	return c.done
}

// alone shows a line that the source does not have. A blank one stands beside a
// blank one.
func (c *comparer) alone(l annotations.ExcerptLine) {
	next := c.last + 1
	if c.at != nil && l.Kind == annotations.BlankLine && len(c.pending) == 0 && next < c.at.first+len(c.at.lines) && strings.TrimSpace(c.at.line(next)) == "" {
		r := c.left(l)
		r.At, r.Real = next, c.at.html(next, nil)
		c.add(r)
		c.last = next
		return
	}
	c.pending = append(c.pending, c.left(l))
}

// limit returns the last line that may belong to what is at line n: the one
// before that of the next line of the excerpt.
func (c *comparer) limit(f *shownFile, rest []annotations.ExcerptLine, n int) int {
	for _, l := range rest {
		if l.Place.Path == f.place.Path && l.Place.Source == f.place.Source && l.Place.Lines.First > n {
			return min(l.Place.Lines.First-1, n+maxSpread-1)
		}
	}
	return n + maxSpread - 1
}

// maxSpread is over how many lines of the source one line of an excerpt may be
// spread.
const maxSpread = 6

// together shows lines of the excerpt that are one line of the source, or that
// line and some that follow it.
func (c *comparer) together(f *shownFile, lines []annotations.ExcerptLine, limit int) {
	n := lines[0].Place.Lines.First
	if c.at != f || n <= c.last {
		c.end()
		c.begin(f, n)
	}
	c.gap(c.last+1, n-1)
	said := make([]string, len(lines))
	for i, l := range lines {
		said[i] = c.said.line(l.Line)
	}
	limit = min(limit, len(f.lines))
	saidMarks, realMarks, last := matchLines(said, f.lines[n-1:max(n, limit)])
	last += n - 1
	for i := range max(len(lines), last-n+1) {
		r := row{Kind: string(lines[min(i, len(lines)-1)].Kind)}
		altered := r.Kind == string(annotations.AlteredLine)
		if i < len(lines) {
			var marks []Range
			if altered {
				marks = saidMarks[i]
			}
			r.Line, r.Said = lines[i].Line, c.said.html(lines[i].Line, marks)
		}
		if n+i <= last {
			var marks []Range
			if altered {
				marks = realMarks[i]
			}
			r.At, r.Real = n+i, f.html(n+i, marks)
		}
		c.add(r)
	}
	c.last = last
}

func (c *comparer) add(r row) {
	b := &c.done[len(c.done)-1]
	b.Rows = append(b.Rows, r)
}

// begin opens a block at the first line that is shown of a file, with what its
// symbol has before it.
func (c *comparer) begin(f *shownFile, n int) {
	c.at, c.last = f, n-1
	from := n
	if s, ok := c.symbol(f, n); ok {
		c.last, from = s.Lines.First-1, s.Lines.First
	}
	c.done = append(c.done, block{Where: link{placeText(annotations.Place{Source: f.place.Source, Path: f.place.Path}),
		placeAddress(f.place.Source, f.place.Path, indexer.Lines{First: from, Last: max(from, n)})}})
}

// symbol returns the innermost symbol of the excerpt that has a line.
func (c *comparer) symbol(f *shownFile, n int) (best annotations.Target, ok bool) {
	for _, s := range c.found.Symbols {
		if s.Source == f.place.Source && s.Path == f.place.Path && s.Lines.Contains(n) && (!ok || s.Lines.Last-s.Lines.First < best.Lines.Last-best.Lines.First) {
			best, ok = s, true
		}
	}
	return best, ok
}

// end closes the block at hand: what its symbol has after the last line, and
// what the excerpt has.
func (c *comparer) end() {
	if c.at == nil {
		return
	}
	last := c.last
	if s, ok := c.symbol(c.at, c.last); ok {
		last = s.Lines.Last
	}
	c.gap(c.last+1, last)
	c.at = nil
}

// gap shows what the source has between two lines that the excerpt has, and
// what the excerpt has there: an elision stands beside what it leaves out.
func (c *comparer) gap(from, to int) {
	to = min(to, len(c.at.lines))
	var gap []row
	for n := from; n <= to; n++ {
		if to-from >= gapWhole && n == from+gapEdge {
			skipped := indexer.Lines{First: n, Last: to - gapEdge}
			gap = append(gap, row{Kind: folded, Count: skipped.Last - skipped.First + 1, More: placeAddress(c.at.place.Source, c.at.place.Path, skipped)})
			n = skipped.Last
			continue
		}
		gap = append(gap, row{Kind: leftOut, At: n, Real: c.at.html(n, nil)})
	}
	pending := c.pending
	c.pending = nil
	elision := slices.IndexFunc(pending, func(r row) bool { return r.Kind == string(annotations.Elision) })
	if elision < 0 || len(gap) == 0 || gap[0].Kind == folded {
		elision = min(elision, 0)
	}
	if elision >= 0 && len(gap) > 0 {
		for _, r := range pending[:elision] {
			c.add(r)
		}
		r := pending[elision]
		r.At, r.Real = gap[0].At, gap[0].Real
		c.add(r)
		gap, pending = gap[1:], pending[elision+1:]
	}
	for _, r := range slices.Concat(gap, pending) {
		c.add(r)
	}
}

// mend returns the code as it is, as a fence that a lesson may have instead:
// the symbols that the excerpt shows, in full, or else the lines that it cites,
// with its explanations above what they explain.
func (c *comparer) mend(language string, cited annotations.Place) (string, []link) {
	var shown []annotations.Target
	symbols := c.found.Symbols
	if cited.Path != "" && !cited.Lines.IsZero() && !slices.ContainsFunc(c.found.Lines, func(l annotations.ExcerptLine) bool { return l.Place.Path != "" }) {
		symbols = nil
	}
	for _, s := range symbols {
		s.Lines = c.part(s)
		inside := func(t annotations.Target) bool {
			return t.Source == s.Source && t.Path == s.Path && t.Lines.First <= s.Lines.First && s.Lines.Last <= t.Lines.Last
		}
		if !s.Lines.IsZero() && !slices.ContainsFunc(shown, inside) {
			shown = append(shown, s)
		}
	}
	if len(shown) == 0 && cited.Path != "" && !cited.Lines.IsZero() {
		shown = []annotations.Target{{Place: cited}}
	}
	notes, after := c.explanations()
	var b strings.Builder
	var places []link
	for i, s := range shown {
		f := c.file(s.Place)
		if f == nil || s.Lines.First > len(f.lines) {
			continue
		}
		s.Lines.Last = min(s.Lines.Last, len(f.lines), s.Lines.First+maxMended-1)
		if len(places) > 0 {
			b.WriteString("\n")
		}
		places = append(places, link{targetText(s), targetAddress(s)})
		b.WriteString(commentMark(s.Path) + " " + s.Path + ":" + s.Lines.String() + "\n\n")
		for n := s.Lines.First; n <= s.Lines.Last; n++ {
			for _, note := range notes[annotations.Place{Source: s.Source, Path: s.Path, Lines: indexer.Lines{First: n, Last: n}}] {
				b.WriteString(note + "\n")
			}
			b.WriteString(f.line(n) + "\n")
		}
		if i == len(shown)-1 && len(after) > 0 {
			b.WriteString("\n" + strings.Join(after, "\n") + "\n")
		}
	}
	if b.Len() == 0 {
		return "", nil
	}
	return "```" + language + "\n" + b.String() + "```\n", places
}

// part returns the lines of a symbol that a lesson may show: of a long one,
// those between the first and the last that the excerpt has.
func (c *comparer) part(s annotations.Target) indexer.Lines {
	if s.Lines.Last-s.Lines.First < longSymbol {
		return s.Lines
	}
	var has indexer.Lines
	for _, l := range c.found.Lines {
		n := l.Place.Lines.First
		if l.Place.Source != s.Source || l.Place.Path != s.Path || !s.Lines.Contains(n) {
			continue
		}
		if has.IsZero() {
			has.First, has.Last = n, n
		}
		has.First, has.Last = min(has.First, n), max(has.Last, n)
	}
	if has.IsZero() {
		return s.Lines
	}
	return has
}

// explanations returns the explanations of the excerpt by the line of the
// source that they stand above, and those that stand below all code.
func (c *comparer) explanations() (above map[annotations.Place][]string, after []string) {
	above = map[annotations.Place][]string{}
	for _, l := range c.found.Lines {
		switch {
		case l.Kind == annotations.Explanation:
			text := c.said.line(l.Line)
			if !citesItself(text) {
				after = append(after, text)
			}
		case l.Place.Path != "":
			above[l.Place] = append(above[l.Place], after...)
			after = nil
		}
	}
	return above, after
}

// citesItself says whether a comment is only the reference at the head of an
// excerpt.
func citesItself(comment string) bool {
	text := strings.Trim(comment, " \t/*#-")
	return !strings.ContainsAny(text, " \t") && strings.Contains(text, ".")
}

// commentMark begins a comment in a file's language.
func commentMark(name string) string {
	switch path.Ext(name) {
	case ".cc", ".h", ".rs", ".proto", ".c", ".cpp", ".hpp", ".go", ".js", ".java":
		return "//"
	}
	return "#"
}
