package server

import (
	"bytes"
	"html/template"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"navigator/indexer"
	"navigator/ui"
)

// maxDoc is how many bytes of a doc comment are shown.
const maxDoc = 8 << 10

// docHTML renders a doc comment as HTML that may stand in a page as it is. It is
// read as Markdown, with the commands of Doxygen and the marks of
// reStructuredText that C++ has in its comments; angle brackets are text.
func docHTML(l ui.Language, comment []byte) template.HTML {
	comment = comment[:min(len(comment), maxDoc)]
	text := bytes.ToValidUTF8([]byte(docMarkdown(l, string(comment))), []byte("\uFFFD"))
	var out bytes.Buffer
	if err := docs.Convert(text, &out); err != nil { // a Buffer has no errors
		return ""
	}
	return template.HTML(out.String())
}

var (
	docMark    = regexp.MustCompile(`^\s*(?://[/!]?|/\*[*!]?|\*/|\*)<?`)
	docEnd     = regexp.MustCompile(`\s*\*/\s*$`)
	docParam   = regexp.MustCompile(`^(\s*)[@\\](?:param|tparam)(?:\[[a-z, ]+\])?\s+(\S+)\s*(.*)$`)
	docSection = regexp.MustCompile(`^(\s*)[@\\](returns?|retval|throws?|exception|note|warning|see|sa|deprecated|todo)\b:?\s*(.*)$`)
	docDrop    = regexp.MustCompile(`(?:^|\s)[@\\](?:brief|short|details|ref|file|class|struct|fn)\b\s?`)
	docWord    = regexp.MustCompile(`(^|[\s(])[@\\][cpa] (\S+)`)
	docRole    = regexp.MustCompile(":[a-z-]+(?::[a-z-]+)?:`([^`<]*?)\\s*(?:<[^`>]*>)?`")
	docHidden  = regexp.MustCompile(`\[#[a-z-]+:[^\]]*\]`)
)

// docMarkdown returns a doc comment as Markdown.
func docMarkdown(l ui.Language, comment string) string {
	var out []string
	fenced := false
	for line := range strings.Lines(comment) {
		line = strings.TrimRight(line, "\r\n")
		line = docEnd.ReplaceAllString(strings.TrimPrefix(docMark.ReplaceAllString(line, ""), " "), "")
		if mark := strings.TrimSpace(line); strings.HasPrefix(mark, "```") || mark == "@code" || mark == "@endcode" || mark == `\code` || mark == `\endcode` {
			fenced = !fenced
			if mark[0] != '`' {
				line = "```"
			}
		} else if !fenced {
			out, line = docLine(l, out, line)
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// docLine translates the commands of a line; what must stand before it is added
// to out.
func docLine(l ui.Language, out []string, line string) ([]string, string) {
	line = docRole.ReplaceAllString(docHidden.ReplaceAllString(line, ""), "`$1`")
	line = docWord.ReplaceAllString(docDrop.ReplaceAllString(line, ""), "$1`$2`")
	if m := docParam.FindStringSubmatch(line); m != nil {
		return listItem(out), "- `" + m[2] + "` " + m[3]
	}
	if m := docSection.FindStringSubmatch(line); m != nil {
		return listItem(out), "- *" + l.T("doc."+docCommand(m[2])) + "* " + m[3]
	}
	return out, line
}

// docCommand returns the command that another spelling stands for.
func docCommand(name string) string {
	switch name {
	case "returns", "retval":
		return "return"
	case "throw", "exception":
		return "throws"
	case "sa":
		return "see"
	}
	return name
}

// listItem separates a list from the text before it.
func listItem(out []string) []string {
	if n := len(out); n > 0 && out[n-1] != "" && !strings.HasPrefix(out[n-1], "- ") && !strings.HasPrefix(out[n-1], "  ") {
		return append(out, "")
	}
	return out
}

// docs renders Markdown without raw HTML, pictures and links into the tree.
var docs = goldmark.New(goldmark.WithParser(docParser()), goldmark.WithRenderer(renderer.NewRenderer(renderer.WithNodeRenderers(
	util.Prioritized(docRenderer{}, 100), util.Prioritized(html.NewRenderer(), 1000)))))

func docParser() parser.Parser {
	return parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200), util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400), util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600), util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800), util.Prioritized(parser.NewParagraphParser(), 1000)),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100), util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300), util.Prioritized(parser.NewEmphasisParser(), 500)),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...))
}

// docRenderer renders what a comment shows otherwise than Markdown would.
type docRenderer struct{}

// RegisterFuncs implements [renderer.NodeRenderer].
func (docRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(ast.KindHeading, docHeading)
	r.Register(ast.KindLink, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		docLink(w, string(n.(*ast.Link).Destination), entering)
		return ast.WalkContinue, nil
	})
	r.Register(ast.KindAutoLink, func(w util.BufWriter, text []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		link := n.(*ast.AutoLink)
		docLink(w, string(link.URL(text)), entering)
		if entering {
			template.HTMLEscape(w, link.Label(text))
		}
		return ast.WalkContinue, nil
	})
	r.Register(ast.KindImage, func(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) { return ast.WalkContinue, nil })
}

func docHeading(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	mark := "</p>\n"
	if entering {
		mark = `<p class="heading">`
	}
	_, err := w.WriteString(mark)
	return ast.WalkContinue, err
}

// docLink writes the mark of a link that leads to the web; another one is text.
func docLink(w util.BufWriter, to string, entering bool) {
	if !strings.HasPrefix(to, "https://") && !strings.HasPrefix(to, "http://") {
		return
	}
	mark := "</a>"
	if entering {
		mark = `<a class="external" rel="noreferrer" href="` + template.HTMLEscapeString(to) + `">`
	}
	_, _ = w.WriteString(mark) // the writer is a Buffer's
}

// docOf returns the text of a symbol's doc comment, nil when it has none.
func docOf(v View, file int, s *indexer.Symbol) []byte {
	if s.Doc.IsZero() {
		return nil
	}
	text := skipLines(v.Text(file), s.Doc.First-1)
	return text[:len(text)-len(skipLines(text, s.Doc.Last-s.Doc.First+1))]
}
