package course

import (
	"bytes"

	"github.com/microcosm-cc/bluemonday"
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
