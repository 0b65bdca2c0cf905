package proto

import (
	"bytes"
	"slices"

	"navigator/indexer"
)

// kind says what a token is. A character of punctuation is its own byte.
type kind uint8

const (
	eof  kind = 0
	word kind = 128 + iota
	literal
	number
)

// token is a token other than a comment.
type token struct {
	off, end  uint32
	line, col int32
	pair      int32 // of a bracket: index of the other one, else -1
	kind      kind
	keyword   bool // a word that is a keyword where it stands
	drop      bool // masked
	role      indexer.Role
}

// comment is a comment, up to the end of its last line.
type comment struct {
	off, end      uint32
	line, endLine int32
	col           int32
	first         bool // nothing but space stands before it on its line
}

// lexer cuts a text into tokens and comments. Its slices are reused from one
// text to the next.
type lexer struct {
	text      []byte
	tokens    []token // ends in three eof tokens, so that rules may look ahead
	comments  []comment
	pos       int
	line      int32
	lineStart int
	open      []int32
}

const lookAhead = 3

// lex reads text, which must not change while the tokens are in use.
func (l *lexer) lex(text []byte) {
	l.text = text
	l.tokens, l.comments, l.open = l.tokens[:0], l.comments[:0], l.open[:0]
	l.pos, l.line, l.lineStart = 0, 1, 0
	for l.pos < len(text) {
		l.next()
	}
	for range lookAhead {
		l.add(eof, len(text))
	}
}

// count returns how many tokens there are.
func (l *lexer) count() int { return len(l.tokens) - lookAhead }

// of returns the text of the token at index i.
func (l *lexer) of(i int) []byte { return l.text[l.tokens[i].off:l.tokens[i].end] }

func (l *lexer) is(i int, text string) bool { return string(l.of(i)) == text }

func (l *lexer) at(i int) byte {
	if i < len(l.text) {
		return l.text[i]
	}
	return 0
}

func (l *lexer) next() {
	start, c := l.pos, l.text[l.pos]
	switch {
	case c == '\n':
		l.pos++
		l.line, l.lineStart = l.line+1, l.pos
	case c <= ' ':
		l.pos++
	case c == '/' && l.at(start+1) == '/':
		end := bytes.IndexByte(l.text[start:], '\n')
		if end < 0 {
			end = len(l.text) - start
		}
		l.comment(start + end)
	case c == '/' && l.at(start+1) == '*':
		end := bytes.Index(l.text[start+2:], []byte("*/"))
		if end < 0 {
			end = len(l.text) - start - 4
		}
		l.comment(start + end + 4)
	case isWordStart(c):
		l.add(word, l.wordEnd(start))
	case '0' <= c && c <= '9', c == '.' && '0' <= l.at(start+1) && l.at(start+1) <= '9':
		l.add(number, l.numberEnd(start))
	case c == '"' || c == '\'':
		l.add(literal, l.stringEnd(start))
	default:
		i := int32(len(l.tokens))
		l.add(kind(min(c, 127)), start+1)
		l.pair(i, c)
	}
}

// add appends the token that begins at l.pos, and goes on behind it.
func (l *lexer) add(k kind, end int) {
	l.tokens = append(l.tokens, token{
		off: uint32(l.pos), end: uint32(end),
		line: l.line, col: int32(l.pos - l.lineStart + 1),
		pair: -1, kind: k,
	})
	l.pos = end
}

// pair pairs the token at index i, when it is a bracket that closes, with the
// last open one, provided that they fit.
func (l *lexer) pair(i int32, c byte) {
	opening := kind(0)
	switch c {
	case '(', '[', '{':
		l.open = append(l.open, i)
		return
	case ')':
		opening = '('
	case ']':
		opening = '['
	case '}':
		opening = '{'
	}
	if n := len(l.open); n > 0 && l.tokens[l.open[n-1]].kind == opening {
		other := l.open[n-1]
		l.open = l.open[:n-1]
		l.tokens[i].pair, l.tokens[other].pair = other, i
	}
}

func (l *lexer) comment(end int) {
	end = min(end, len(l.text))
	c := comment{
		off: uint32(l.pos), end: uint32(end),
		line: l.line, col: int32(l.pos - l.lineStart + 1),
		first: len(l.tokens) == 0 || l.tokens[len(l.tokens)-1].line != l.line,
	}
	for start := l.pos; ; {
		n := bytes.IndexByte(l.text[start:end], '\n')
		if n < 0 {
			break
		}
		start += n + 1
		l.line, l.lineStart = l.line+1, start
	}
	c.endLine = l.line
	l.comments = append(l.comments, c)
	l.pos = end
}

func (l *lexer) wordEnd(i int) int {
	for i < len(l.text) && (isWordStart(l.text[i]) || isDigit(l.text[i])) {
		i++
	}
	return i
}

func (l *lexer) numberEnd(i int) int {
	for i < len(l.text) {
		c := l.text[i]
		exponent := (c == '+' || c == '-') && l.text[i-1]|0x20 == 'e' && !isHex(l.text[:i])
		if !isWordStart(c) && !isDigit(c) && c != '.' && !exponent {
			break
		}
		i++
	}
	return i
}

// isHex reports whether the number that read ends in is hexadecimal.
func isHex(read []byte) bool {
	start := len(read)
	for start > 0 && (isDigit(read[start-1]) || isWordStart(read[start-1])) {
		start--
	}
	return len(read)-start > 1 && read[start+1]|0x20 == 'x'
}

// stringEnd returns the end of the string at i, which ends at the end of its
// line at the latest.
func (l *lexer) stringEnd(i int) int {
	quote := l.text[i]
	for i++; i < len(l.text); i++ {
		switch l.text[i] {
		case quote:
			return i + 1
		case '\n':
			return i
		case '\\':
			if l.at(i+1) != '\n' {
				i++
			}
		}
	}
	return len(l.text)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isWordStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

// tokenAt returns the index of the first token at or behind a byte of the
// parser's input.
func (l *lexer) tokenAt(offset uint32) int {
	offset -= min(offset, uint32(len(header)))
	i, _ := slices.BinarySearchFunc(l.tokens[:l.count()], offset, func(t token, offset uint32) int {
		return int(t.off) - int(offset)
	})
	return i
}
