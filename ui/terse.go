package ui

import (
	"bytes"
	"regexp"
)

var (
	literal    = regexp.MustCompile("'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\"|`(?:[^`\\\\]|\\\\.)*`")
	punctuator = regexp.MustCompile(` ?([=,(){};:?<>&|!\[\]]+) ?`)
)

// terse returns a module without what browsers have no use for: lines of
// comment, blank ones, indentation, and spaces beside punctuators. Lines stay
// lines. No literal of ours runs over several, and a line that may have a regular
// expression keeps its spaces.
func terse(module []byte) []byte {
	var out []byte
	for line := range bytes.Lines(module) {
		line = bytes.TrimLeft(line, " ")
		if bytes.HasPrefix(line, []byte("//")) || len(line) < 2 {
			continue
		}
		if bytes.ContainsRune(literal.ReplaceAll(line, nil), '/') {
			out = append(out, line...)
			continue
		}
		from := 0
		for _, at := range literal.FindAllIndex(line, -1) {
			out = append(out, punctuator.ReplaceAll(line[from:at[0]], []byte("$1"))...)
			out = append(out, line[at[0]:at[1]]...)
			from = at[1]
		}
		out = append(out, punctuator.ReplaceAll(line[from:], []byte("$1"))...)
	}
	return out
}
