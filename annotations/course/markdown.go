package course

import (
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/text/unicode/norm"

	"navigator/indexer"
)

// document is a parsed Markdown text. It is read-only once made.
type document struct {
	text    []byte
	lines   lineTable
	root    ast.Node
	anchors map[ast.Node]string // of headings
	header  header
	ticks   map[ast.Node]int // index of the item that a block is; only when it is rendered
	made    map[string]bool  // files that the reader writes, likewise
}

// markdown is CommonMark with GFM, without headings underlined by rules: in
// lessons a rule often stands right below a paragraph, and is a rule.
var markdown = func() parser.Parser {
	p := parser.NewParser(
		parser.WithBlockParsers(parser.DefaultBlockParsers()[1:]...), // the first is for underlined headings,
		parser.WithInlineParsers(parser.DefaultInlineParsers()...),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)
	goldmark.New(goldmark.WithParser(p), goldmark.WithExtensions(
		extension.Table, extension.Strikethrough, extension.TaskList, extension.Footnote, extension.Linkify))
	return p
}()

// joinNext makes a piece of text one with those that go on right behind it: the
// parser leaves a piece for each word in the cells of tables.
func joinNext(t *ast.Text) {
	for !t.SoftLineBreak() && !t.HardLineBreak() {
		next, ok := t.NextSibling().(*ast.Text)
		if !ok || next.Segment.Start != t.Segment.Stop || next.Segment.Padding != 0 || next.IsRaw() != t.IsRaw() {
			return
		}
		t.Segment.Stop = next.Segment.Stop
		t.SetSoftLineBreak(next.SoftLineBreak())
		t.SetHardLineBreak(next.HardLineBreak())
		t.Parent().RemoveChild(t.Parent(), next)
	}
}

func parseDocument(source []byte) *document {
	if rest, marked := bytes.CutPrefix(source, []byte("\ufeff")); marked { // which some editors write
		source = append([]byte("   "), rest...) // of the same length, and no indentation yet
	}
	d := &document{text: source, lines: newLineTable(source), anchors: map[ast.Node]string{}}
	d.root = markdown.Parse(text.NewReader(source))
	d.header = readHeader(source)
	slugs := map[string]int{}
	ast.Walk(d.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && n.Kind() == ast.KindHeading {
			d.anchors[n] = "s-" + unique(slugs, slug(plainText(n, source)))
		}
		if text, ok := n.(*ast.Text); ok && entering {
			joinNext(text)
		}
		return ast.WalkContinue, nil
	})
	return d
}

// slug returns the fragment that GitHub gives to a heading, which is what the
// tables of contents of lessons link to.
func slug(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(title)) {
		switch {
		case unicode.IsLetter(r), unicode.IsNumber(r), unicode.Is(unicode.Mn, r), r == '_', r == '-':
			b.WriteRune(r)
		case r == ' ':
			b.WriteByte('-')
		}
	}
	return b.String()
}

// unique returns s, with a number when it was returned before.
func unique(seen map[string]int, s string) string {
	n, again := seen[s]
	if !again {
		seen[s] = 0
		return s
	}
	for {
		n++
		candidate := s + "-" + strconv.Itoa(n)
		if _, taken := seen[candidate]; !taken {
			seen[s], seen[candidate] = n, 0
			return candidate
		}
	}
}

// Anchor returns the fragment, in a rendered lesson, of a fragment as a
// lesson writes it.
func Anchor(fragment string) string { return "s-" + strings.ToLower(unescape(fragment)) }

// unescape decodes the percent signs of a link's destination.
func unescape(s string) string {
	if u, err := url.PathUnescape(s); err == nil {
		return u
	}
	return s
}

// plainText returns the words of n and its children without their marks.
func plainText(n ast.Node, source []byte) string {
	var b bytes.Buffer
	writePlain(&b, n, source)
	return strings.TrimSpace(b.String())
}

func writePlain(b *bytes.Buffer, n ast.Node, source []byte) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			value := c.Segment.Value(source)
			if n.Kind() != ast.KindCodeSpan {
				value = util.UnescapePunctuations(value)
			}
			b.Write(value)
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(c.Value)
		case *ast.AutoLink:
			b.Write(c.Label(source))
		case *ast.RawHTML, *east.FootnoteLink, *east.FootnoteBacklink:
		default:
			if c.Type() == ast.TypeBlock && b.Len() > 0 {
				b.WriteByte(' ')
			}
			writePlain(b, c, source)
		}
	}
}

// fold lowers s and takes its accents off, to compare what authors wrote.
func fold(s string) string {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < 0x80
	}
	if ascii {
		return strings.ToLower(s)
	}
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(s)))
}

// extent returns the lines of a block, its fences and markers included; zero
// for an empty one.
func (d *document) extent(n ast.Node) indexer.Lines {
	var all indexer.Lines
	add := func(first, last int) {
		if all.IsZero() {
			all = indexer.Lines{First: first, Last: last}
		}
		all.First, all.Last = min(all.First, first), max(all.Last, last)
	}
	switch n.Kind() {
	case ast.KindFencedCodeBlock:
		l := d.fenceLines(n.(*ast.FencedCodeBlock))
		add(l.First, l.Last)
		return all
	case east.KindTable:
		if head := n.FirstChild(); head != nil {
			line := d.lines.line(max(0, n.Pos()))
			add(line, line+1)
		}
	case east.KindTableRow, east.KindTableHeader:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			if c.Lines().Len() > 0 {
				line := d.lines.line(c.Lines().At(0).Start)
				add(line, line)
			}
		}
		return all
	}
	if n.Type() == ast.TypeBlock {
		if lines := n.Lines(); lines != nil && lines.Len() > 0 {
			last := lines.At(lines.Len() - 1)
			add(d.lines.line(lines.At(0).Start), d.lines.line(max(last.Start, last.Stop-1)))
		}
	}
	for c := n.FirstChild(); c != nil && c.Type() == ast.TypeBlock; c = c.NextSibling() {
		if l := d.extent(c); !l.IsZero() {
			add(l.First, l.Last)
		}
	}
	return all
}

// fenceLines returns the lines of a fenced block, its fences included.
func (d *document) fenceLines(n *ast.FencedCodeBlock) indexer.Lines {
	open := d.lines.line(max(0, n.Pos()))
	last := open
	if n.Lines().Len() > 0 {
		s := n.Lines().At(n.Lines().Len() - 1)
		last = d.lines.line(max(s.Start, s.Stop-1))
	}
	if d.closes(last+1, open) {
		last++
	}
	return indexer.Lines{First: max(1, open), Last: max(1, last)}
}

// closes reports whether line closes the fence that opens at line open.
func (d *document) closes(line, open int) bool {
	mark := fenceMark(d.line(open))
	end := fenceMark(d.line(line))
	return mark != "" && len(end) >= len(mark) && end[0] == mark[0] &&
		strings.Trim(strings.TrimLeft(string(d.line(line)), "> \t"), string(mark[0])+" \t\r\n") == ""
}

// fenceMark returns the run of backticks or tildes that a fence's line opens
// with.
func fenceMark(line []byte) string {
	s := strings.TrimLeft(string(line), "> \t-*+0123456789.)")
	for _, c := range []byte("`~") {
		if n := len(s) - len(strings.TrimLeft(s, string(c))); n >= 3 {
			return s[:n]
		}
	}
	return ""
}

// line returns a line of the text with its line end, nil past the last.
func (d *document) line(n int) []byte {
	if n < 1 || n > len(d.lines) {
		return nil
	}
	if n == len(d.lines) {
		return d.text[d.lines[n-1]:]
	}
	return d.text[d.lines[n-1]:d.lines[n]]
}
