package course

import (
	"bytes"
	"cmp"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"navigator/annotations"
	"navigator/indexer"
)

// walker collects the citations and excerpts of a lesson, block by block.
type walker struct {
	doc    *document
	lesson *annotations.Lesson
	cited  []cited
	fences []fence
	links  []lessonLink
}

// lessonLink is a link from one lesson to another.
type lessonLink struct {
	line        int
	id          string // of the other
	destination string // as written
}

// cited is a reference and where it stands.
type cited struct {
	reference
	form  annotations.Form
	under string
	prose indexer.Lines
}

// fence is a fenced block of code.
type fence struct {
	lines    indexer.Lines
	language string
	leads    bool // its first lines hold a citation
	before   indexer.Lines
}

// block collects what n and the blocks in it hold.
func (w *walker) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		w.fence(n)
	case *east.Table:
		w.table(n)
	case *ast.Paragraph, *ast.TextBlock, *ast.Heading:
		w.inlines(n, prose, annotations.Plain, n)
	default:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if c.Type() == ast.TypeBlock {
				w.block(c)
			}
		}
	}
}

// inlines collects the citations among the inline children of n.
func (w *walker) inlines(n ast.Node, where setting, form annotations.Form, around ast.Node) {
	for c := n.FirstChild(); c != nil; {
		switch x := c.(type) {
		case *ast.Text:
			var start, stop int
			start, stop, c = textRun(x)
			w.scan(start, stop, where, form, around)
			continue
		case *ast.CodeSpan:
			inline := form
			if form == annotations.Plain {
				inline = annotations.Inline
			}
			for t := x.FirstChild(); t != nil; {
				text, ok := t.(*ast.Text)
				if !ok {
					t = t.NextSibling()
					continue
				}
				var start, stop int
				start, stop, t = textRun(text)
				w.scan(start, stop, code, inline, around)
			}
		case *ast.Link:
			before := len(w.cited)
			w.inlines(x, where, form, around)
			if id, _ := LessonID(w.lesson.Path, string(x.Destination)); id != "" {
				w.links = append(w.links, lessonLink{w.doc.lines.line(max(0, x.Pos())), id, string(x.Destination)})
			}
			if len(w.cited) == before || !bytes.Contains(x.Destination, []byte("://")) { // else the words say what it leads to
				w.link(x, form, around)
			}
		case *ast.AutoLink:
			if start, stop := autoLinkText(x, w.doc.text); stop > start {
				inline := form
				if form == annotations.Plain {
					inline = annotations.Link
				}
				w.scan(start, stop, target, inline, around)
			}
		case *ast.Image, *ast.RawHTML:
		default:
			w.inlines(c, where, form, around)
		}
		c = c.NextSibling()
	}
}

// textRun returns the stretch of text that begins with t and the node after
// it. Neighbouring pieces are one stretch: the parser cuts at every mark that
// might have meant something.
func textRun(t *ast.Text) (start, stop int, next ast.Node) {
	start, stop = t.Segment.Start, t.Segment.Stop
	for !t.SoftLineBreak() && !t.HardLineBreak() {
		following, ok := t.NextSibling().(*ast.Text)
		if !ok || following.Segment.Start != stop {
			break
		}
		t, stop = following, following.Segment.Stop
	}
	return start, stop, t.NextSibling()
}

// scan collects the citations in a stretch of text.
func (w *walker) scan(start, stop int, where setting, form annotations.Form, around ast.Node) {
	for _, ref := range scan(w.doc.text, start, stop, where) {
		w.add(ref, form, "", around)
	}
}

// add collects one citation, with the lines that words near it give.
func (w *walker) add(ref reference, form annotations.Form, under string, around ast.Node) {
	if ref.lines.IsZero() && !strings.HasSuffix(ref.path, "/") {
		if near := linesNear(w.doc.text, ref.start, ref.end); near.end > 0 {
			ref.lines, ref.digits, ref.backwards = near.lines, near.digits, near.backwards
		}
	}
	w.cited = append(w.cited, cited{ref, form, under, w.proseOf(around)})
}

// link collects the destination of a Markdown link when it is a path of code,
// or the address of one.
// The parser keeps no place for it: it is looked for behind the link's text.
func (w *walker) link(n *ast.Link, form annotations.Form, around ast.Node) {
	if len(n.Destination) == 0 || n.Reference != nil || n.Pos() < 0 {
		return
	}
	from := n.Pos()
	if last := n.LastChild(); last != nil {
		from = max(from, endOf(last))
	}
	open := bytes.Index(w.doc.text[from:], []byte("]("))
	if open < 0 {
		return
	}
	from += open + 2
	at := bytes.Index(w.doc.text[from:min(len(w.doc.text), from+len(n.Destination)+16)], n.Destination)
	if at < 0 {
		return
	}
	if form == annotations.Plain {
		form = annotations.Link
	}
	w.scan(from+at, from+at+len(n.Destination), target, form, around)
}

// autoLinkText returns where the address of a link that is its own text stands.
func autoLinkText(n *ast.AutoLink, text []byte) (start, stop int) {
	label := n.Label(text)
	if at := max(0, n.Pos()); at < len(text) {
		if i := bytes.Index(text[at:min(len(text), at+len(label)+2)], label); i >= 0 {
			return at + i, at + i + len(label)
		}
	}
	return 0, 0
}

// endOf returns the offset behind the last text in an inline node.
func endOf(n ast.Node) int {
	end := max(0, n.Pos())
	if t, ok := n.(*ast.Text); ok {
		end = t.Segment.Stop
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		end = max(end, endOf(c))
	}
	return end
}

// Headings of columns, folded, that hold files and lines.
var (
	fileColumn = regexp.MustCompile(`^(?:archivos?|ficheros?|files?|rutas?|paths?|ubicacion|location|directorios?|director(?:y|ies)|codigo|source|fuente|referencia)\b`)
	lineColumn = regexp.MustCompile(`^(?:lineas?|lines?|linea\(s\)|l\.|rango|range)(?:$|\W)`)
	onlyLines  = regexp.MustCompile("^[`*~ L]*(\\d{1,7})(?: ?[-–—] ?L?(\\d{1,7}))?[`*+ ]*$")
)

// table collects the citations of a table. A column of lines gives its numbers
// to the citation of its row.
func (w *walker) table(t *east.Table) {
	var kinds []setting
	lineCell := -1
	for row := t.FirstChild(); row != nil; row = row.NextSibling() {
		first := len(w.cited)
		column := 0
		var numbers foundLines
		for cell := row.FirstChild(); cell != nil; cell, column = cell.NextSibling(), column+1 {
			if row.Kind() == east.KindTableHeader {
				name := fold(plainText(cell, w.doc.text))
				kinds = append(kinds, prose)
				if fileColumn.MatchString(name) {
					kinds[column] = code
				}
				if lineColumn.MatchString(name) && lineCell < 0 {
					lineCell = column
				}
			}
			where := prose
			if column < len(kinds) && row.Kind() != east.KindTableHeader {
				where = kinds[column]
			}
			w.inlines(cell, where, annotations.Table, row)
			if column == lineCell && cell.Lines().Len() == 1 {
				s := cell.Lines().At(0)
				if m := onlyLines.FindSubmatchIndex(s.Value(w.doc.text)); m != nil {
					numbers = found(w.doc.text, s.Start, m[2], m[3], m[4], m[5], m[1])
				}
			}
		}
		for i := first; numbers.end > 0 && i < len(w.cited); i++ {
			if c := &w.cited[i]; c.lines.IsZero() && !strings.HasSuffix(c.path, "/") {
				c.lines, c.digits, c.backwards = numbers.lines, numbers.digits, numbers.backwards
				break
			}
		}
	}
}

// Lengths that keep the prose of a card small.
const (
	maxItem = 16 // lines of a list item that is shown whole
	minWord = 4  // words that a paragraph needs to explain anything by itself
)

// proseOf returns the lines that explain what n cites: a table row, a fence and
// the paragraph that leads to it, a list item, a paragraph, and for a heading or
// a mere label also the block below it.
func (w *walker) proseOf(n ast.Node) indexer.Lines {
	lines := w.doc.extent(n)
	switch n.Kind() {
	case ast.KindFencedCodeBlock, ast.KindCodeBlock:
		if before := n.PreviousSibling(); before != nil && before.Kind() == ast.KindParagraph {
			lines.First = w.doc.extent(before).First
		}
		return lines
	case east.KindTableRow, east.KindTableHeader:
		return lines
	}
	if item := n.Parent(); item != nil && item.Kind() == ast.KindListItem {
		if all := w.doc.extent(item); !all.IsZero() && all.Last-all.First < maxItem {
			return all
		}
		return lines
	}
	if n.Kind() != ast.KindHeading && len(strings.Fields(plainText(n, w.doc.text))) > minWord {
		return lines
	}
	if next := n.NextSibling(); next != nil && next.Kind() != ast.KindHeading && next.Kind() != ast.KindThematicBreak {
		if below := w.doc.extent(next); !below.IsZero() {
			lines.Last = max(lines.Last, below.Last)
		}
	}
	return lines
}

// finish puts what was collected into the lesson.
func (w *walker) finish() {
	slices.SortStableFunc(w.cited, func(a, b cited) int { return cmp.Compare(a.start, b.start) })
	end := 0
	for _, c := range w.cited {
		if c.start < end || w.ownReadme(c) {
			continue
		}
		end = c.end
		w.lesson.Citations = append(w.lesson.Citations, w.citation(c))
		if c.backwards {
			w.lesson.Problems = append(w.lesson.Problems, annotations.Problem{
				Line: w.doc.lines.line(c.start), Kind: annotations.BackwardsRange, Args: []string{string(w.doc.text[c.start:c.end])}})
		}
	}
	slices.SortFunc(w.fences, func(a, b fence) int { return cmp.Compare(a.lines.First, b.lines.First) })
	for _, f := range w.fences {
		w.lesson.Excerpts = append(w.lesson.Excerpts, annotations.Excerpt{Lines: f.lines, Language: f.language, Citation: w.heading(f)})
	}
}

// citation makes a citation of what was collected.
func (w *walker) citation(c cited) annotations.Citation {
	out := annotations.Citation{
		Raw: string(w.doc.text[c.start:c.end]), Span: w.doc.lines.span(c.start, c.end),
		Form: c.form, Path: c.path, Under: c.under, Cited: c.lines, Section: -1, Prose: c.prose,
	}
	if !c.lines.IsZero() {
		out.Digits = w.doc.lines.span(c.digits[0], c.digits[1])
	}
	for i, s := range w.lesson.Sections {
		if s.Lines.Contains(int(out.Span.Start.Line)) {
			out.Section = i
		}
	}
	if out.Prose.IsZero() {
		out.Prose = out.Span.Lines()
	}
	return out
}

// ownReadme says whether c, a bare README.md, means the course's: it does
// unless the same stretch of prose or table names code as well.
func (w *walker) ownReadme(c cited) bool {
	if c.path != "README.md" {
		return false
	}
	for _, other := range w.cited {
		bare := strings.IndexByte(other.path, '/') == len(other.path)-1 // a folder such as recursos/
		if !bare && other.path != c.path && other.prose.First <= c.prose.Last+1 && c.prose.First <= other.prose.Last+1 {
			return false
		}
	}
	return true
}

// heading returns the index of the citation that says what a fence shows: the
// first in its opening lines, else the last in the block just before it.
func (w *walker) heading(f fence) int {
	before := -1
	for i, c := range w.lesson.Citations {
		line := int(c.Span.Start.Line)
		if f.lines.Contains(line) && line <= f.lines.First+3 && c.Form == annotations.Fence {
			return i
		}
		if f.before.Contains(line) {
			before = i
		}
	}
	return before
}
