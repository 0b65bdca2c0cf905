package course

import (
	"bytes"
	"html/template"
	"slices"
	"strconv"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"navigator/annotations"
	"navigator/indexer"
)

// Links says where the links of a lesson lead.
type Links interface {
	// Citation returns the link of the lesson's citation i.
	Citation(i int) Link
	// Excerpt returns what stands above the lesson's excerpt i, as HTML; "" for
	// nothing.
	Excerpt(i int) template.HTML
	// Item returns what stands at the head of the lesson's item i, as HTML; ""
	// for nothing.
	Item(i int) template.HTML
	// Term returns where the term is explained that the lesson's use i of one
	// means, and its definition; "" for no link.
	Term(i int) (address, definition string)
	// Aside returns what to say of inline code that is an [Aside]: in full, and in
	// a word or two for those who do not see its mark; "" for no mark.
	Aside(reason annotations.Reason) (title, said string)
	// Lesson returns the address of the lesson of that ID, or of a heading in
	// it; "" when there is none.
	Lesson(id, anchor string) string
	// Picture returns the address of a picture of the course by its
	// slash-separated path from the course's root; "" when it is not shown.
	Picture(path string) string
}

// nowhere are the links of a lesson that leads nowhere.
type nowhere struct{}

func (nowhere) Citation(int) Link         { return Link{} }
func (nowhere) Excerpt(int) template.HTML { return "" }
func (nowhere) Item(int) template.HTML    { return "" }
func (nowhere) Term(int) (string, string) { return "", "" }
func (nowhere) Aside(annotations.Reason) (string, string) {
	return "", ""
}
func (nowhere) Lesson(string, string) string { return "" }
func (nowhere) Picture(string) string        { return "" }

// Link is where a citation leads. Without Href it is shown, with its title,
// but leads nowhere.
type Link struct {
	Href   string
	Match  annotations.Match // how well its path was found
	Beyond bool              // the cited lines run past the end of the file
	Title  string            // the state in words
	State  string            // what a check found, in place of Match
	Said   string            // State in a word or two, for those who do not see its mark

	Parallel, ParallelLabel string // address of a page that compares it with another citation, and what to call it
}

// Options are what a Renderer asks of those who know the languages. Each may
// be nil.
type Options struct {
	// Highlight returns the tokens of a fenced block, in order, without
	// overlaps.
	Highlight func(language string, text []byte) []indexer.Token
	// TokenClass returns the CSS class of a class of tokens.
	TokenClass func(indexer.Class) string
}

// Renderer renders lessons as HTML that may stand in a page as it is: raw HTML
// is reduced to harmless marks and balanced, and no script, style, event
// handler or foreign scheme comes through.
//
// It remembers the lessons that it parsed, so make a new one when the course
// is loaded again. It may be used by several goroutines.
type Renderer struct {
	options   Options
	documents sync.Map // *annotations.Lesson to *document
}

// NewRenderer returns a Renderer with these options.
func NewRenderer(o Options) *Renderer { return &Renderer{options: o} }

// Lesson renders the body of a lesson: what follows its title and its header
// block. Headings have the ids of their sections' anchors. The element of a
// citation has the class "citation", the id "cite-" followed by its index among
// the lesson's, its Match in data-match, data-beyond when it is Beyond and its
// State in data-state; what is Said stands at its end in class "hidden". So does
// that of an aside, whose State is "foreign". An
// excerpt that has something above it is in a div with the class "excerpt" and
// the id "excerpt-" followed by its index. An item that has something at its
// head is, or is in, an element with the class "item".
// Nil links lead nowhere.
func (r *Renderer) Lesson(l *annotations.Lesson, links Links) template.HTML {
	p := r.page(l, links)
	var out bytes.Buffer
	title := p.title()
	for n := p.doc.root.FirstChild(); n != nil; n = n.NextSibling() {
		if n != title && !p.inHeader(n) {
			out.Write(p.render(n))
		}
	}
	return p.finish(out.Bytes())
}

// title returns the heading that is the lesson's title, nil when it has none.
func (p *page) title() ast.Node {
	for n := p.doc.root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok && h.Level == 1 {
			return n
		}
	}
	return nil
}

// Fragment renders the blocks of a lesson that lie in lines: paragraphs, list
// items, table rows below their header, fences. It has no ids, so that several
// fragments may stand in one page.
func (r *Renderer) Fragment(l *annotations.Lesson, lines indexer.Lines, links Links) template.HTML {
	p := r.page(l, links)
	p.fragment = true
	var out bytes.Buffer
	p.within(&out, p.doc.root, lines)
	return p.finish(out.Bytes())
}

func (r *Renderer) page(l *annotations.Lesson, links Links) *page {
	doc, ok := r.documents.Load(l)
	if !ok {
		d := parseDocument(l.Text)
		d.ticks, d.made = map[ast.Node]int{}, readersFiles(l.Text)
		for i, item := range d.items(l) {
			d.ticks[item.node] = i
		}
		doc, _ = r.documents.LoadOrStore(l, d)
	}
	if links == nil {
		links = nowhere{}
	}
	p := &page{options: r.options, doc: doc.(*document), lesson: l, links: links}
	p.html = html.NewRenderer()
	p.nodes = renderer.NewRenderer(renderer.WithNodeRenderers(
		util.Prioritized(p, 100),
		util.Prioritized(extension.NewTableHTMLRenderer(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)), 500),
		util.Prioritized(extension.NewStrikethroughHTMLRenderer(), 500),
		util.Prioritized(extension.NewFootnoteHTMLRenderer(), 500),
		util.Prioritized(p.html, 1000),
	))
	return p
}

// page is one rendering of a lesson or a part of it.
type page struct {
	options  Options
	doc      *document
	lesson   *annotations.Lesson
	links    Links
	html     renderer.NodeRenderer
	nodes    renderer.Renderer
	fragment bool
	inLink   int  // depth of links around
	raw      bool // raw HTML was met
}

// RegisterFuncs implements [renderer.NodeRenderer].
func (p *page) RegisterFuncs(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(ast.KindHeading, p.heading)
	reg.Register(ast.KindParagraph, p.paragraph)
	reg.Register(ast.KindThematicBreak, p.rule)
	reg.Register(ast.KindFencedCodeBlock, p.code)
	reg.Register(ast.KindCodeBlock, p.code)
	reg.Register(ast.KindHTMLBlock, p.htmlBlock)
	reg.Register(ast.KindRawHTML, p.rawHTML)
	reg.Register(ast.KindListItem, p.listItem)
	reg.Register(east.KindTaskCheckBox, p.taskBox)
	reg.Register(ast.KindText, p.text)
	reg.Register(ast.KindCodeSpan, p.codeSpan)
	reg.Register(ast.KindLink, p.anchor)
	reg.Register(ast.KindImage, p.image)
	reg.Register(ast.KindAutoLink, p.autoLink)
	reg.Register(east.KindTableCell, p.cell)
	reg.Register(east.KindFootnoteLink, p.footnoteLink)
	reg.Register(east.KindFootnoteBacklink, p.footnoteBacklink)
	reg.Register(east.KindFootnote, p.footnote)
}

// render returns the HTML of a node.
func (p *page) render(n ast.Node) []byte {
	var out bytes.Buffer
	// The error is the writer's, and a Buffer has none.
	_ = p.nodes.Render(&out, p.doc.text, n)
	return out.Bytes()
}

// finish balances what raw HTML may have left open.
func (p *page) finish(out []byte) template.HTML {
	out = bytes.ToValidUTF8(out, []byte("\uFFFD"))
	if p.raw {
		out = balance(out)
	}
	return template.HTML(out)
}

// within renders the blocks below n that lie in lines, with as much of what is
// around them as makes sense of them.
func (p *page) within(out *bytes.Buffer, n ast.Node, lines indexer.Lines) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if c.Type() != ast.TypeBlock {
			return
		}
		at := p.doc.extent(c)
		switch {
		case at.IsZero() || at.Last < lines.First || at.First > lines.Last:
		case c.Kind() == east.KindTable && at.First < lines.First:
			p.rows(out, c, lines)
		case lines.First <= at.First && at.Last <= lines.Last || c.Kind() == ast.KindParagraph || c.Kind() == ast.KindTextBlock ||
			c.Kind() == ast.KindFencedCodeBlock || c.Kind() == ast.KindCodeBlock:
			p.whole(out, c)
		case c.Kind() == east.KindTable:
			p.rows(out, c, lines)
		default:
			p.within(out, c, lines)
		}
	}
}

// whole renders a block of a fragment; an item of a list and a footnote get a
// list around them.
func (p *page) whole(out *bytes.Buffer, n ast.Node) {
	open, end := "", ""
	switch n := n.(type) {
	case *ast.ListItem:
		open, end = listAround(n)
	case *east.Footnote:
		open, end = orderedFrom(n.Index)
	}
	out.WriteString(open)
	out.Write(p.render(n))
	out.WriteString(end)
}

// listAround returns the tags of a list that has but one item of a list.
func listAround(item *ast.ListItem) (open, end string) {
	list, _ := item.Parent().(*ast.List)
	if list == nil || !list.IsOrdered() {
		return "<ul>\n", "</ul>\n"
	}
	number := list.Start
	for s := item.PreviousSibling(); s != nil; s = s.PreviousSibling() {
		number++
	}
	return orderedFrom(number)
}

func orderedFrom(number int) (open, end string) {
	return `<ol start="` + strconv.Itoa(number) + "\">\n", "</ol>\n"
}

// rows renders the rows of a table that lie in lines, below its header.
func (p *page) rows(out *bytes.Buffer, table ast.Node, lines indexer.Lines) {
	out.WriteString("<table>\n")
	body := false
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		head := row.Kind() == east.KindTableHeader
		at := p.doc.extent(row)
		if !head && !(lines.First <= at.First && at.Last <= lines.Last) {
			continue
		}
		if head {
			out.WriteString("<thead>\n")
		} else if !body {
			body = true
			out.WriteString("<tbody>\n")
		}
		out.WriteString("<tr>")
		for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
			out.Write(p.render(cell))
		}
		out.WriteString("</tr>\n")
		if head {
			out.WriteString("</thead>\n")
		}
	}
	if body {
		out.WriteString("</tbody>\n")
	}
	out.WriteString("</table>\n")
}

// cell renders a cell of a table. An empty one heads nothing.
func (p *page) cell(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	tag := "td"
	if n.Parent().Kind() == east.KindTableHeader && n.HasChildren() {
		tag = "th"
	}
	if !entering {
		w.WriteString("</" + tag + ">\n")
		return ast.WalkContinue, nil
	}
	w.WriteString("<" + tag)
	if align := n.(*east.TableCell).Alignment; align != east.AlignNone {
		attribute(w, "align", align.String())
	}
	if head := p.head(n); head != "" {
		w.WriteString(` class="item">` + head)
		return ast.WalkContinue, nil
	}
	w.WriteByte('>')
	return ast.WalkContinue, nil
}

func (p *page) heading(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	h := n.(*ast.Heading)
	tag := "h" + strconv.Itoa(h.Level)
	if p.fragment {
		tag = "p"
	}
	head := p.head(n)
	if !entering {
		w.WriteString("</" + tag + ">\n")
		if head != "" {
			w.WriteString("</div>\n")
		}
		return ast.WalkContinue, nil
	}
	if head != "" {
		w.WriteString(`<div class="item">` + head)
	}
	w.WriteString("<" + tag)
	if p.fragment {
		w.WriteString(` class="heading"`)
	} else {
		w.WriteString(` id="`)
		w.Write(util.EscapeHTML([]byte(p.doc.anchors[n])))
		w.WriteByte('"')
	}
	w.WriteByte('>')
	return ast.WalkContinue, nil
}

// inHeader says whether a block belongs to the lesson's header block.
func (p *page) inHeader(n ast.Node) bool {
	lines := p.doc.header.lines
	return !lines.IsZero() && n.Pos() >= 0 && lines.Contains(p.doc.lines.line(n.Pos()))
}

func (p *page) paragraph(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	switch head := p.head(n); {
	case !entering:
		w.WriteString("</p>\n")
	case head != "":
		w.WriteString(`<p class="item">` + head)
	default:
		w.WriteString("<p>")
	}
	return ast.WalkContinue, nil
}

// head returns what stands at the head of the item that a block is, "" for
// nothing.
func (p *page) head(n ast.Node) string {
	i, ok := p.doc.ticks[n]
	if !ok || p.fragment {
		return ""
	}
	return string(p.links.Item(i))
}

func (p *page) listItem(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		w.WriteString("</li>\n")
		return ast.WalkContinue, nil
	}
	if head := p.head(n); head != "" {
		w.WriteString(`<li class="item">` + head)
	} else {
		w.WriteString("<li>")
	}
	if first := n.FirstChild(); first != nil && first.Kind() != ast.KindTextBlock {
		w.WriteByte('\n')
	}
	return ast.WalkContinue, nil
}

// taskBox shows the box of a task as the lesson has it, unless the item has a
// box of its own.
func (p *page) taskBox(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering || n.Parent() != nil && n.Parent().Parent() != nil && p.head(n.Parent().Parent()) != "" {
		return ast.WalkContinue, nil
	}
	box := "☐"
	if n.(*east.TaskCheckBox).IsChecked {
		box = "☑"
	}
	w.WriteString(`<span class="task">` + box + `</span> `)
	return ast.WalkContinue, nil
}

func (p *page) rule(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering && !p.inHeader(n) {
		w.WriteString("<hr>\n")
	}
	return ast.WalkContinue, nil
}

// text writes a piece of text, and the citations that begin, go on or end in
// it.
func (p *page) text(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	t := n.(*ast.Text)
	p.termed(w, t.Segment.Start, t.Segment.Stop, func(start, stop int) {
		if t.IsRaw() {
			html.DefaultWriter.RawWrite(w, source[start:stop])
		} else {
			html.DefaultWriter.Write(w, source[start:stop])
		}
	})
	switch {
	case t.HardLineBreak() || t.SoftLineBreak() && n.Parent() != nil && n.Parent().Kind() == ast.KindParagraph && p.inHeader(n.Parent()):
		w.WriteString("<br>\n")
	case t.SoftLineBreak():
		w.WriteByte('\n')
	}
	return ast.WalkContinue, nil
}

func (p *page) codeSpan(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	w.WriteString("<code>")
	said, marked := p.aside(w, n.(*ast.CodeSpan))
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		t, ok := c.(*ast.Text)
		if !ok {
			continue
		}
		p.cited(w, t.Segment.Start, t.Segment.Stop, func(start, stop int) {
			w.Write(breakable(util.EscapeHTML(bytes.ReplaceAll(source[start:stop], []byte("\n"), []byte(" ")))))
		})
	}
	if marked {
		hidden(w, said)
		w.WriteString("</span>")
	}
	w.WriteString("</code>")
	return ast.WalkSkipChildren, nil
}

// aside writes the start of the element of inline code that is an [Aside].
func (p *page) aside(w util.BufWriter, n *ast.CodeSpan) (said string, marked bool) {
	raw := p.doc.codeName(n)
	if raw == "" || p.inLink > 0 {
		return "", false
	}
	start, stop, _ := textRun(n.FirstChild().(*ast.Text))
	if i := p.firstCitation(start); i < len(p.lesson.Citations) {
		if from, _ := p.bounds(i); from < stop {
			return "", false
		}
	}
	reason, ok := asideReason(raw, p.doc.made, p.lesson.Path)
	if !ok {
		return "", false
	}
	title, said := p.links.Aside(reason)
	if title == "" {
		return "", false
	}
	w.WriteString(`<span class="citation" data-state="foreign"`)
	attribute(w, "title", title)
	w.WriteByte('>')
	return said, true
}

// shortName is the length, in bytes, of names that stay on one line.
const shortName = 12

// breakable lets a long path or name break between its parts.
func breakable(escaped []byte) []byte {
	if len(escaped) <= shortName {
		return escaped
	}
	escaped = bytes.ReplaceAll(escaped, []byte("::"), []byte("::<wbr>"))
	inner := escaped[1 : len(escaped)-1]
	return slices.Concat(escaped[:1], bytes.ReplaceAll(inner, []byte("/"), []byte("/<wbr>")), escaped[len(escaped)-1:])
}

// bounds returns the offsets of a citation's characters, half-open.
func (p *page) bounds(i int) (start, end int) {
	s := p.lesson.Citations[i].Span
	return p.doc.lines.offset(s.Start), p.doc.lines.offset(s.End) + 1
}

// firstCitation returns the index of the first citation that ends behind
// offset.
func (p *page) firstCitation(offset int) int {
	line := int32(p.doc.lines.line(offset))
	i, _ := slices.BinarySearchFunc(p.lesson.Citations, line, func(c annotations.Citation, line int32) int {
		return int(c.Span.End.Line - line)
	})
	for i < len(p.lesson.Citations) {
		if _, end := p.bounds(i); end > offset {
			break
		}
		i++
	}
	return i
}

// cited writes text[start:stop] with write, piece by piece, and the links of
// the citations in between. A citation never crosses a mark, so that its link
// opens and closes in the same element even when it takes several calls.
func (p *page) cited(w util.BufWriter, start, stop int, write func(start, stop int)) {
	for i := p.firstCitation(start); i < len(p.lesson.Citations) && start < stop; i++ {
		from, end := p.bounds(i)
		if from >= stop {
			break
		}
		tag := ""
		if from >= start {
			write(start, from)
			tag = p.open(w, i)
			start = from
		}
		write(start, min(end, stop))
		start = min(end, stop)
		if end <= stop {
			if tag == "" {
				tag = p.tag(i)
			}
			p.say(w, i)
			w.WriteString("</" + tag + ">")
			p.beside(w, i)
		}
	}
	if start < stop {
		write(start, stop)
	}
}

// termed writes text[start:stop] as [page.cited] does, and the links of the
// terms in between. No term is in a citation.
func (p *page) termed(w util.BufWriter, start, stop int, write func(start, stop int)) {
	i, _ := slices.BinarySearchFunc(p.lesson.Terms, start, func(t annotations.TermUse, start int) int { return t.Start - start })
	for ; i < len(p.lesson.Terms) && p.lesson.Terms[i].End <= stop && p.inLink == 0 && !p.fragment; i++ {
		use := p.lesson.Terms[i]
		address, definition := p.links.Term(i)
		if address == "" {
			continue
		}
		p.cited(w, start, use.Start, write)
		w.WriteString(`<a class="term"`)
		attribute(w, "href", address)
		attribute(w, "title", definition)
		w.WriteByte('>')
		write(use.Start, use.End)
		w.WriteString("</a>")
		start = use.End
	}
	p.cited(w, start, stop, write)
}

// tag returns the element of a citation: a link, unless it leads nowhere or
// stands in a link.
func (p *page) tag(i int) string {
	if p.inLink > 0 || p.links.Citation(i).Href == "" {
		return "span"
	}
	return "a"
}

// open writes the start of a citation's element.
func (p *page) open(w util.BufWriter, i int) string {
	tag, link := p.tag(i), p.links.Citation(i)
	w.WriteString("<" + tag)
	if tag == "a" {
		attribute(w, "href", link.Href)
	}
	p.mark(w, i, link)
	w.WriteByte('>')
	return tag
}

// beside writes the link to what a citation is compared with.
func (p *page) beside(w util.BufWriter, i int) {
	link := p.links.Citation(i)
	if link.Parallel == "" || p.inLink > 0 {
		return
	}
	w.WriteString("<a")
	attribute(w, "class", "parallel")
	attribute(w, "href", link.Parallel)
	attribute(w, "title", link.ParallelLabel)
	w.WriteString(`><span class="hidden">`)
	w.Write(util.EscapeHTML([]byte(link.ParallelLabel)))
	w.WriteString("</span></a>")
}

// say writes the state of a citation for those who do not see its mark.
func (p *page) say(w util.BufWriter, i int) {
	hidden(w, p.links.Citation(i).Said)
}

func hidden(w util.BufWriter, said string) {
	if said != "" {
		w.WriteString(`<span class="hidden"> (`)
		w.Write(util.EscapeHTML([]byte(said)))
		w.WriteString(")</span>")
	}
}

// mark writes the attributes of a citation's element.
func (p *page) mark(w util.BufWriter, i int, link Link) {
	if !p.fragment {
		attribute(w, "id", "cite-"+strconv.Itoa(i))
	}
	attribute(w, "class", "citation")
	if link.Match != "" {
		attribute(w, "data-match", string(link.Match))
	}
	if link.Beyond {
		attribute(w, "data-beyond", "")
	}
	if link.State != "" {
		attribute(w, "data-state", link.State)
	}
	if link.Title != "" {
		attribute(w, "title", link.Title)
	}
}

func attribute(w util.BufWriter, name, value string) {
	w.WriteString(" " + name + `="`)
	w.Write(util.EscapeHTML([]byte(value)))
	w.WriteByte('"')
}

// Footnotes have ids in a whole lesson alone.

func (p *page) footnoteLink(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		f := n.(*east.FootnoteLink)
		index := strconv.Itoa(f.Index)
		switch {
		case p.fragment:
			w.WriteString("<sup>" + index + "</sup>")
		default:
			id := "fnref-" + index
			if f.RefIndex > 0 {
				id += "-" + strconv.Itoa(f.RefIndex)
			}
			w.WriteString(`<sup id="` + id + `"><a href="#fn-` + index + `" class="footnote-ref">` + index + `</a></sup>`)
		}
	}
	return ast.WalkContinue, nil
}

func (p *page) footnoteBacklink(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering && !p.fragment {
		f := n.(*east.FootnoteBacklink)
		id := "fnref-" + strconv.Itoa(f.Index)
		if f.RefIndex > 0 {
			id += "-" + strconv.Itoa(f.RefIndex)
		}
		w.WriteString(` <a href="#` + id + `" class="footnote-backref">↩</a>`)
	}
	return ast.WalkContinue, nil
}

func (p *page) footnote(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	switch {
	case !entering:
		w.WriteString("</li>\n")
	case p.fragment:
		w.WriteString("<li>")
	default:
		w.WriteString(`<li id="fn-` + strconv.Itoa(n.(*east.Footnote).Index) + "\">\n")
	}
	return ast.WalkContinue, nil
}
