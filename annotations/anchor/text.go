package anchor

import (
	"bytes"

	"navigator/annotations"
)

// text is a file as lines.
type text struct {
	lines  [][]byte // without their ends
	prints []annotations.Fingerprint
}

func newText(content []byte) *text {
	t := &text{prints: make([]annotations.Fingerprint, 0, len(content)/32)}
	for len(content) > 0 {
		line, rest, _ := bytes.Cut(content, []byte{'\n'})
		t.lines = append(t.lines, line)
		t.prints = append(t.prints, Fingerprint(line))
		content = rest
	}
	return t
}

// line returns the text of line i, from 0.
func (t *text) line(i int) []byte { return t.lines[i] }

// indent returns the width of a line's indentation, -1 for a blank line.
func (t *text) indent(i int) int {
	width := 0
	for _, c := range t.lines[i] {
		switch {
		case c == '\t':
			width += 8 - width%8
		case isBlank(c):
			width++
		default:
			return min(width, 200)
		}
	}
	return -1
}

// isBlank reports whether c is white space.
func isBlank(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }
