package course

import (
	"bytes"
	"slices"
	"strconv"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"navigator/annotations"
	"navigator/indexer"
)

// code renders a fenced or indented block. A mermaid diagram is left as its
// source, for a script to draw.
func (p *page) code(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	language := ""
	if f, ok := n.(*ast.FencedCodeBlock); ok && f.Info != nil {
		language = infoLanguage(f.Info.Segment.Value(source))
	}
	if language == "mermaid" {
		p.diagram(w, source, n)
		return ast.WalkContinue, nil
	}
	p.infoCitations(w, n)
	above := p.excerpt(w, n)
	openCode(w, language)
	p.codeLines(w, source, n, language)
	w.WriteString("</code></pre>\n")
	if above {
		w.WriteString("</div>\n")
	}
	return ast.WalkContinue, nil
}

// excerpt begins the element of an excerpt that has something above it.
func (p *page) excerpt(w util.BufWriter, n ast.Node) bool {
	f, ok := n.(*ast.FencedCodeBlock)
	if !ok || p.fragment {
		return false
	}
	first := p.doc.fenceLines(f).First
	i, ok := slices.BinarySearchFunc(p.lesson.Excerpts, first, func(e annotations.Excerpt, line int) int { return e.Lines.First - line })
	if !ok {
		return false
	}
	above := p.links.Excerpt(i)
	if above == "" {
		return false
	}
	w.WriteString(`<div class="excerpt" id="excerpt-` + strconv.Itoa(i) + `">`)
	w.WriteString(string(above))
	return true
}

// diagram renders a mermaid block. Its citations cannot be links; each leaves
// its id in front, where a card can lead back to.
func (p *page) diagram(w util.BufWriter, source []byte, n ast.Node) {
	if lines := n.Lines(); lines.Len() > 0 && !p.fragment {
		start, stop := lines.At(0).Start, lines.At(lines.Len()-1).Stop
		for i := p.firstCitation(start); i < len(p.lesson.Citations); i++ {
			if from, _ := p.bounds(i); from >= stop {
				break
			}
			w.WriteString("<span")
			p.mark(w, i, Link{})
			w.WriteString("></span>")
		}
	}
	openCode(w, "mermaid")
	w.Write(util.EscapeHTML(n.Lines().Value(source)))
	w.WriteString("</code></pre>\n")
}

// openCode writes the start of a block of code, which the keyboard can reach
// to scroll it.
func openCode(w util.BufWriter, language string) {
	w.WriteString(`<pre class="code" tabindex="0"><code`)
	if language != "" {
		attribute(w, "class", "language-"+language)
	}
	w.WriteByte('>')
}

// infoCitations renders the citations of an info string, which is not shown,
// above the block.
func (p *page) infoCitations(w util.BufWriter, n ast.Node) {
	f, ok := n.(*ast.FencedCodeBlock)
	if !ok || f.Info == nil {
		return
	}
	s := f.Info.Segment
	for i := p.firstCitation(s.Start); i < len(p.lesson.Citations); i++ {
		start, end := p.bounds(i)
		if start >= s.Stop {
			return
		}
		w.WriteString(`<p class="shown">`)
		p.cited(w, start, end, func(a, b int) { w.Write(util.EscapeHTML(p.doc.text[a:b])) })
		w.WriteString("</p>\n")
	}
}

// codeLines writes the lines of a block, highlighted, with the links of their
// citations.
func (p *page) codeLines(w util.BufWriter, source []byte, n ast.Node, language string) {
	lines := n.Lines()
	var tokens []indexer.Token
	if p.options.Highlight != nil && language != "" {
		tokens = p.options.Highlight(language, lines.Value(source))
	}
	for i := range lines.Len() {
		s := lines.At(i)
		for range s.Padding {
			w.WriteByte(' ')
		}
		p.cited(w, s.Start, s.Stop, func(start, stop int) {
			p.tokens(w, source, tokensOf(tokens, i+1), s.Start-s.Padding, start, stop)
		})
		if !bytes.HasSuffix(s.Value(source), []byte("\n")) {
			w.WriteByte('\n')
		}
	}
}

// tokensOf returns the tokens of a line.
func tokensOf(tokens []indexer.Token, line int) []indexer.Token {
	at := func(line int) int {
		i, _ := slices.BinarySearchFunc(tokens, int32(line), func(t indexer.Token, line int32) int { return int(t.Line - line) })
		return i
	}
	return tokens[at(line):at(line+1)]
}

// tokens writes text[start:stop] of the line that begins at base, with the
// tokens that touch it.
func (p *page) tokens(w util.BufWriter, source []byte, tokens []indexer.Token, base, start, stop int) {
	for _, t := range tokens {
		from, to := max(start, base+int(t.Col)-1), min(stop, base+int(t.Col+t.Len)-1)
		if from >= to {
			continue
		}
		w.Write(util.EscapeHTML(source[start:from]))
		w.WriteString("<i")
		attribute(w, "class", p.tokenClass(t.Class))
		w.WriteByte('>')
		w.Write(util.EscapeHTML(source[from:to]))
		w.WriteString("</i>")
		start = to
	}
	w.Write(util.EscapeHTML(source[start:stop]))
}

func (p *page) tokenClass(c indexer.Class) string {
	if p.options.TokenClass != nil {
		return p.options.TokenClass(c)
	}
	return "tok"
}
