package proto

import (
	"bytes"

	sitter "github.com/smacker/go-tree-sitter"
)

// header stands before every text that is parsed: the grammar asks for it, and
// knows no other. What a file says of its syntax is masked.
const header = `syntax="proto3";`

// masker writes the text as the parser shall see it.
type masker struct {
	*lexer
	input  []byte // header and masked text
	masked []byte // the latter alone
	ranges []sitter.Range
}

// farApart is the least number of masked bytes that is worth a range of its
// own.
const farApart = 16

// mask overwrites the text with spaces, except for the tokens to be parsed. It
// sets m.input, m.masked, and the ranges of the former in which there is
// something to parse; they hold until the next call. A range ends in a space, so
// that no token reaches into the next. A word that is no keyword where it stands
// gets another first letter, for the grammar would take it for one.
func (m *masker) mask() {
	m.blank()
	m.ranges = append(m.ranges[:0], sitter.Range{EndByte: uint32(len(header))})
	last := -farApart
	for i := range m.count() {
		t := &m.tokens[i]
		if t.drop {
			continue
		}
		copy(m.masked[t.off:t.end], m.of(i))
		if t.kind == word && !t.keyword {
			m.masked[t.off] = 'x'
		}
		if int(t.off)-last >= farApart {
			m.ranges = append(m.ranges, sitter.Range{
				StartByte:  t.off + uint32(len(header)),
				StartPoint: sitter.Point{Row: uint32(t.line - 1), Column: uint32(t.col - 1)},
			})
		}
		last = int(t.end)
		r := &m.ranges[len(m.ranges)-1]
		r.EndByte = min(t.end+1+uint32(len(header)), uint32(len(m.input)))
		r.EndPoint = sitter.Point{Row: uint32(t.line - 1), Column: uint32(t.col) + t.end - t.off}
	}
	for i := range m.count() {
		if m.tokens[i].keyword && m.is(i, "extend") {
			m.extend(i)
		}
	}
}

// extend makes a message of the extend at i, which the grammar does not know:
// `extend a.bc {` becomes `message  bc {`, `extend bc {` becomes `message c {`.
func (m *masker) extend(i int) {
	const key = "message "
	start, name := int(m.tokens[i].off), i+1
	for k := m.tokens[name+1].kind; k == word || k == '.'; k = m.tokens[name+1].kind {
		name++
	}
	if head := m.masked[start:m.tokens[name].end]; len(head) <= len(key) || bytes.ContainsRune(head, '\n') {
		return
	}
	path := m.masked[start:m.tokens[name].off]
	for k := range path {
		path[k] = ' '
	}
	copy(m.masked[start:], key)
}

// blank sets m.masked to the text with a space for every byte but newlines.
func (m *masker) blank() {
	m.input = append(append(m.input[:0], header...), m.text...)
	m.masked = m.input[len(header):]
	for i, c := range m.masked {
		if c != '\n' {
			m.masked[i] = ' '
		}
	}
}
