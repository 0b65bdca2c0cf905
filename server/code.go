package server

import (
	"bufio"
	"bytes"
	"strconv"

	"navigator/indexer"
	"navigator/ui"
)

// The lines of a file and its outline are written here rather than by a
// template: html/template takes about a microsecond an action, and a large file
// has 30,000 tokens. A line is
//
//	<div class="l a0" id=L60><a class=n tabindex=-1 href=#L60>60</a><i class=k>return</i> <b class=c>f</b>();</div>
//
// with class l for every line, a0 to a3 for the lanes of the annotated ranges
// that it is in, x0 to x3 where they are not sure of their lines, z0 to z3 where
// they end, and w when the address asks for it. Lines stand in blocks,
// class b, of blockLines each, so that a browser lays out those in view alone;
// data-n says how many there are in the last.

// blockLines is how many lines a block has; file.css knows the number.
const blockLines = 25

// tokenClasses and roleClasses are the classes of i and b elements; identifiers
// that are only read have none. code.css colours them.
var (
	tokenClasses = [...]byte{
		indexer.Comment: 'c', indexer.Keyword: 'k', indexer.String: 's', indexer.Number: 'n',
		indexer.Preprocessor: 'p', indexer.Punctuation: 'u', indexer.Name: 'm',
	}
	roleClasses = [...]byte{
		indexer.Read: 0, indexer.Definition: 'd', indexer.Declaration: 'e', indexer.Call: 'c',
		indexer.TypeUse: 't', indexer.Write: 'w', indexer.Import: 'i',
	}
)

// TokenClass returns the class of a token's element, for those who render code
// in lessons: the interface colours <i class="…"> below class "code".
func TokenClass(c indexer.Class) string {
	if class := classOf(tokenClasses[:], int(c)); class != 0 {
		return string(class)
	}
	return ""
}

// listing is a file's lines to be written.
type listing struct {
	text        []byte
	occurrences []indexer.Occurrence
	tokens      []indexer.Token
	ranges      []group       // of lines, in order of their first line
	wanted      indexer.Lines // asked for by the address
}

// write writes all lines. Errors are w's to keep.
func (c listing) write(w *bufio.Writer) {
	var (
		lanes [lanes]group // the range in each lane
		buf   = make([]byte, 0, 1024)
		line  = 0
		rest  = c.text
		total = countLines(c.text)
	)
	for len(rest) > 0 {
		line++
		var text []byte
		if end := bytes.IndexByte(rest, '\n'); end >= 0 {
			text, rest = rest[:end], rest[end+1:]
		} else {
			text, rest = rest, nil
		}
		text = bytes.TrimSuffix(text, []byte{'\r'})

		buf = buf[:0]
		if line%blockLines == 1 {
			if line > 1 {
				buf = append(buf, "</div>"...)
			}
			buf = append(buf, "<div class=b"...)
			if left := total - line + 1; left < blockLines {
				buf = append(buf, " data-n="...)
				buf = strconv.AppendInt(buf, int64(left), 10)
			}
			buf = append(buf, '>')
		}
		var starting []group
		for len(c.ranges) > 0 && c.ranges[0].Lines.First <= line {
			g := c.ranges[0]
			c.ranges = c.ranges[1:]
			if g.Lines.Last >= lanes[g.Lane].Lines.Last {
				lanes[g.Lane] = g
			}
			starting = append(starting, g)
		}
		buf = append(buf, `<div class="l`...)
		for lane := range lanes {
			g := &lanes[lane]
			if g.Lines.Last < line {
				continue
			}
			buf = append(buf, ' ', 'a', '0'+byte(lane))
			if !g.Sure {
				buf = append(buf, ' ', 'x', '0'+byte(lane))
			}
			if g.Lines.Last == line {
				buf = append(buf, ' ', 'z', '0'+byte(lane))
			}
		}
		if c.wanted.Contains(line) {
			buf = append(buf, " w"...)
		}
		buf = append(buf, `" id=L`...)
		buf = strconv.AppendInt(buf, int64(line), 10)
		buf = append(buf, `><a class=n tabindex=-1 href=#L`...)
		buf = strconv.AppendInt(buf, int64(line), 10)
		buf = append(buf, '>')
		buf = strconv.AppendInt(buf, int64(line), 10)
		buf = append(buf, "</a>"...)
		buf = appendMark(buf, starting)
		buf = c.appendLine(buf, int32(line), text, 0)
		buf = append(buf, "</div>"...)
		w.Write(buf)
	}
	if line > 0 {
		w.WriteString("</div>")
	}
}

// appendMark appends the gutter's mark on the line where annotated ranges
// start: a link to the first of their cards, with the number of cards.
func appendMark(buf []byte, starting []group) []byte {
	if len(starting) == 0 {
		return buf
	}
	buf = append(buf, `<a class=m href="#`...)
	buf = append(buf, starting[0].ID...)
	buf = append(buf, `" aria-label="`...)
	buf = appendEscaped(buf, []byte(starting[0].MarkLabel))
	buf = append(buf, `">`...)
	buf = strconv.AppendInt(buf, int64(starting[0].Marked), 10)
	return append(buf, "</a>"...)
}

// appendLine appends the text of a line with its tokens and identifiers, from
// its byte at on, and drops those from c. Where two overlap, the one that begins
// first is shown.
func (c *listing) appendLine(buf []byte, line int32, text []byte, at int) []byte {
	for {
		tag, class, col, length := byte(0), byte(0), int32(0), int32(0)
		for len(c.tokens) > 0 && c.tokens[0].Line < line {
			c.tokens = c.tokens[1:]
		}
		for len(c.occurrences) > 0 && c.occurrences[0].Line < line {
			c.occurrences = c.occurrences[1:]
		}
		if len(c.tokens) > 0 && c.tokens[0].Line == line {
			t := &c.tokens[0]
			tag, class, col, length = 'i', classOf(tokenClasses[:], int(t.Class)), t.Col, t.Len
		}
		if len(c.occurrences) > 0 && c.occurrences[0].Line == line && (tag == 0 || c.occurrences[0].Col < col) {
			o := &c.occurrences[0]
			tag, class, col, length = 'b', classOf(roleClasses[:], int(o.Role)), o.Col, o.Len
			c.occurrences = c.occurrences[1:]
		} else if tag != 0 {
			c.tokens = c.tokens[1:]
		}
		if tag == 0 {
			return appendEscaped(buf, text[at:])
		}
		start := int(col) - 1
		if class == 0 || length <= 0 || start < at || start >= len(text) {
			continue
		}
		end := min(start+int(length), len(text))
		buf = appendEscaped(buf, text[at:start])
		buf = append(buf, '<', tag, ' ', 'c', 'l', 'a', 's', 's', '=', class, '>')
		buf = appendEscaped(buf, text[start:end])
		buf = append(buf, '<', '/', tag, '>')
		at = end
	}
}

func classOf(classes []byte, i int) byte {
	if i < len(classes) {
		return classes[i]
	}
	return 0
}

// appendEscaped appends text as it must be written in HTML text and in quoted
// attributes.
func appendEscaped(buf, text []byte) []byte {
	from := 0
	for i, c := range text {
		var escape string
		switch c {
		case '<':
			escape = "&lt;"
		case '>':
			escape = "&gt;"
		case '&':
			escape = "&amp;"
		case '"':
			escape = "&#34;"
		case 0:
			escape = "\uFFFD"
		default:
			continue
		}
		buf = append(append(buf, text[from:i]...), escape...)
		from = i + 1
	}
	return append(buf, text[from:]...)
}

// maxDepth is how deep an outline indents.
const maxDepth = 6

// writeOutline writes the items of a file's outline, in a language:
//
//	<li class="d2 decl" data-end=64 data-kind=method><a href=#L60 title="method A::f"><i class=kind></i>f</a>
//
// with the last line in data-end.
func writeOutline(w *bufio.Writer, l ui.Language, symbols []indexer.Symbol) {
	words := l.Words("kind.")
	depths := make([]int, len(symbols))
	buf := make([]byte, 0, 512)
	for i := range symbols {
		s := &symbols[i]
		if 0 <= s.Parent && int(s.Parent) < i {
			depths[i] = min(depths[s.Parent]+1, maxDepth)
		}
		buf = append(buf[:0], `<li class="d`...)
		buf = append(buf, '0'+byte(depths[i]))
		if !s.Definition {
			buf = append(buf, " decl"...)
		}
		buf = append(buf, `" data-end=`...)
		buf = strconv.AppendInt(buf, int64(s.Span.End.Line), 10)
		buf = append(buf, ` data-kind=`...)
		buf = append(buf, s.Kind.String()...)
		buf = append(buf, `><a href=#L`...)
		buf = strconv.AppendInt(buf, int64(s.NameSpan.Start.Line), 10)
		buf = append(buf, ` title="`...)
		buf = append(append(buf, words[s.Kind.String()]...), ' ')
		buf = appendEscaped(buf, []byte(s.Qualified()))
		buf = append(buf, `"><i class=kind></i>`...)
		buf = appendEscaped(buf, []byte(s.Name))
		buf = append(buf, "</a>\n"...)
		w.Write(buf)
	}
}
