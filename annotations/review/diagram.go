package review

import (
	"fmt"
	"regexp"
	"strings"

	"navigator/annotations"
)

// diagrams names the mermaid blocks of a lesson that do not parse, by a light
// reading of the grammar: the kind of the diagram, quotes and brackets of
// labels, and blocks that end. What it does not know, it lets pass.
func diagrams(l *annotations.Lesson) []annotations.Fault {
	var faults []annotations.Fault
	var d *diagram
	fence := ""
	n := 0
	for line := range strings.Lines(string(l.Text)) {
		n++
		text := strings.TrimSpace(line)
		switch {
		case fence == "" && (strings.HasPrefix(text, "```") || strings.HasPrefix(text, "~~~")):
			fence = text[:3]
			if strings.HasPrefix(strings.TrimLeft(text, "`~ "), "mermaid") {
				d = &diagram{first: n}
			}
		case fence != "" && strings.HasPrefix(text, fence):
			if d != nil {
				if line, wrong := d.end(); wrong != "" {
					faults = append(faults, annotations.Fault{Lesson: l.Path, Line: line, Kind: BadDiagram, Text: "the diagram does not parse: " + wrong})
				}
			}
			fence, d = "", nil
		case d != nil:
			d.line(n, text)
		}
	}
	return faults
}

// diagram is a mermaid block as it is read.
type diagram struct {
	first  int // line of the fence
	kind   string
	blocks []int // lines of the blocks that are open
	bad    int   // line of the first fault
	wrong  string
	front  bool // inside the front matter
}

var diagramKinds = map[string]bool{"graph": true, "flowchart": true, "sequenceDiagram": true, "classDiagram": true, "classDiagram-v2": true,
	"stateDiagram": true, "stateDiagram-v2": true, "erDiagram": true, "gantt": true, "pie": true, "journey": true, "gitGraph": true,
	"mindmap": true, "timeline": true, "quadrantChart": true, "requirementDiagram": true, "C4Context": true, "C4Container": true,
	"C4Component": true, "C4Dynamic": true, "C4Deployment": true, "sankey-beta": true, "xychart-beta": true, "block-beta": true,
	"packet-beta": true, "packet": true, "kanban": true, "architecture-beta": true, "zenuml": true, "info": true, "block": true,
	"sankey": true, "xychart": true, "radar-beta": true, "treemap-beta": true, "treemap": true, "flowchart-elk": true}

var (
	blockOpens = map[string]*regexp.Regexp{
		"flow":     regexp.MustCompile(`^subgraph\b`),
		"sequence": regexp.MustCompile(`^(?:loop|alt|opt|par|critical|break|rect|box|par_over)\b`),
	}
	message   = regexp.MustCompile(`^[^:]*?(?:<<)?(?:--?>>?|--?x|--?\)|-\\|-/)[+-]?\s*[^\s:]`)
	direction = regexp.MustCompile(`^(?:graph|flowchart|flowchart-elk)(?:\s+(?:TB|TD|BT|RL|LR|[<>^v]))?\s*(?:;|$)`)
	sequence  = regexp.MustCompile(`^(?:participant|actor|create|destroy|activate|deactivate|note|autonumber|title|else|and|option|end|links?|properties|details|acc\w+|sequenceDiagram)\b`)
)

func (d *diagram) fault(line int, format string, args ...any) {
	if d.wrong == "" {
		d.bad, d.wrong = line, fmt.Sprintf(format, args...)
	}
}

// line reads one line of the diagram.
func (d *diagram) line(n int, text string) {
	if text == "---" && (d.kind == "" || d.front) {
		d.front = !d.front
		return
	}
	if d.front || text == "" || strings.HasPrefix(text, "%%") {
		return
	}
	if d.kind == "" {
		d.start(n, text)
		return
	}
	switch d.kind {
	case "graph", "flowchart", "flowchart-elk":
		d.nest(n, text, "flow")
		d.labels(n, text)
	case "sequenceDiagram":
		low := strings.ToLower(text)
		d.nest(n, low, "sequence")
		if !blockOpens["sequence"].MatchString(low) && !sequence.MatchString(low) && !sequence.MatchString(text) && !message.MatchString(text) {
			d.fault(n, "%q is no message", text)
		}
	}
}

func (d *diagram) start(n int, text string) {
	word := strings.FieldsFunc(text, func(c rune) bool { return c == ' ' || c == ';' || c == ':' || c == '\t' })
	if len(word) == 0 || !diagramKinds[word[0]] {
		d.fault(n, "%q is no kind of diagram", text)
		d.kind = "unknown"
		return
	}
	d.kind = word[0]
	if strings.HasPrefix(d.kind, "graph") || strings.HasPrefix(d.kind, "flowchart") {
		if !direction.MatchString(text) {
			d.fault(n, "%q names no direction such as TD or LR", text)
		}
	}
}

func (d *diagram) nest(n int, text, grammar string) {
	switch {
	case blockOpens[grammar].MatchString(text):
		d.blocks = append(d.blocks, n)
	case text == "end" || strings.HasPrefix(text, "end ") && grammar == "sequence":
		if len(d.blocks) == 0 {
			d.fault(n, "“end” without a block")
			return
		}
		d.blocks = d.blocks[:len(d.blocks)-1]
	}
}

// shapes are the marks that open a node's label, the longest first, and what
// closes it.
var shapes = [][2]string{{"(((", ")))"}, {"((", "))"}, {"([", "])"}, {"[(", ")]"}, {"[[", "]]"}, {"{{", "}}"}, {"[/", "]"}, {"[\\", "]"}, {"[", "]"}, {"(", ")"}, {"{", "}"}, {"|", "|"}}

// labels checks the labels of the nodes and edges of a line.
func (d *diagram) labels(n int, text string) {
	for _, word := range []string{"subgraph", "style", "classDef", "class ", "click", "linkStyle", "direction", "accTitle", "accDescr"} {
		if strings.HasPrefix(text, word) {
			return
		}
	}
	for i := 0; i < len(text); {
		open, shut := "", ""
		for _, s := range shapes {
			if strings.HasPrefix(text[i:], s[0]) && (i > 0 || s[0] == "|") {
				open, shut = s[0], s[1]
				break
			}
		}
		if open == "" {
			i++
			continue
		}
		rest := text[i+len(open):]
		label := strings.TrimLeft(rest, " ")
		if strings.HasPrefix(label, `"`) {
			close := strings.IndexByte(label[1:], '"')
			if close < 0 {
				d.fault(n, "a quote is not closed")
				return
			}
			i += len(open) + len(rest) - len(label) + close + 2
			for i < len(text) && strings.IndexByte("])}|/\\ ", text[i]) >= 0 {
				i++
			}
			continue
		}
		end := strings.Index(rest, shut)
		if end < 0 {
			d.fault(n, "%s is not closed", open)
			return
		}
		if at := strings.IndexAny(rest[:end], `()[]{}"`); at >= 0 {
			d.fault(n, "the label %q has %q: put it in quotes", rest[:end], rest[at:at+1])
			return
		}
		i += len(open) + end + len(shut)
	}
}

// end returns the line and the words of what is wrong, "" for nothing.
func (d *diagram) end() (int, string) {
	if d.kind == "" {
		d.fault(d.first, "it is empty")
	}
	if len(d.blocks) > 0 {
		d.fault(d.blocks[len(d.blocks)-1], "this block has no “end”")
	}
	return d.bad, d.wrong
}
