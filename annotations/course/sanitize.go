package course

import (
	"bytes"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// harmless lets through the marks that Markdown has no sign for, without
// attributes: no id that a heading could have, no class that the interface
// gives a meaning to.
var harmless = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("b", "i", "em", "strong", "u", "s", "del", "ins", "mark", "small", "sub", "sup", "kbd", "samp", "var",
		"abbr", "cite", "dfn", "q", "br", "hr", "details", "summary", "p", "ul", "ol", "li", "dl", "dt", "dd",
		"blockquote", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "caption")
	p.AllowAttrs("open").OnElements("details")
	return p
}()

// balance closes what is left open in a piece of HTML, and drops ends without
// a start.
func balance(piece []byte) []byte {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(bytes.NewReader(piece), body)
	if err != nil {
		return []byte(html.EscapeString(string(piece)))
	}
	var out bytes.Buffer
	for _, n := range nodes {
		if err := html.Render(&out, n); err != nil {
			return []byte(html.EscapeString(string(piece)))
		}
	}
	return out.Bytes()
}

// htmlBlock writes what is left of a block of raw HTML, balanced. Of all
// elements, details alone may open in one block and close in another: that is
// how Markdown is folded away.
func (p *page) htmlBlock(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	block := n.(*ast.HTMLBlock)
	text := block.Lines().Value(source)
	if block.HasClosure() {
		text = append(bytes.Clone(text), block.ClosureLine.Value(source)...)
	}
	text = harmless.SanitizeBytes(text)
	open := bytes.Count(text, []byte("<details")) - bytes.Count(text, []byte("</details"))
	text = balance(text)
	if p.folds() {
		for ; open > 0; open-- {
			text = bytes.TrimSuffix(text, []byte("</details>"))
		}
		text = append(text, bytes.Repeat([]byte("</details>\n"), max(0, -open))...)
	}
	p.raw = true
	if head := p.head(n); head != "" {
		w.WriteString(`<span class="item">` + head + "</span>")
	}
	w.Write(text)
	return ast.WalkContinue, nil
}

// folds says whether each <details> of the lesson has its end.
func (p *page) folds() bool {
	return !p.fragment && bytes.Count(p.doc.text, []byte("<details")) == bytes.Count(p.doc.text, []byte("</details>"))
}

// rawHTML writes a tag among text, an opening one only when it is closed in
// the same stretch of text.
func (p *page) rawHTML(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	tag := harmless.SanitizeBytes(n.(*ast.RawHTML).Segments.Value(source))
	if name := tagName(tag); name == "" || name == "br" || closedBy(n, source, name) {
		p.raw = true
		w.Write(tag)
	}
	return ast.WalkSkipChildren, nil
}

// tagName returns the name of an opening tag, "" of anything else.
func tagName(tag []byte) string {
	if len(tag) < 3 || tag[0] != '<' || tag[1] == '/' {
		return ""
	}
	name, _, _ := bytes.Cut(bytes.TrimRight(tag[1:], "/>"), []byte(" "))
	return string(name)
}

// closedBy says whether a sibling of n closes the element of that name.
func closedBy(n ast.Node, source []byte, name string) bool {
	for s := n.NextSibling(); s != nil; s = s.NextSibling() {
		if raw, ok := s.(*ast.RawHTML); ok && strings.EqualFold(string(raw.Segments.Value(source)), "</"+name+">") {
			return true
		}
	}
	return false
}
