package excerpt

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// kind says what a token is.
type kind uint8

const (
	word kind = iota
	number
	quoted
	punct
	elided // "..." where code was left out
)

// token is a piece of code; comments and white space are none.
type token struct {
	text string
	line int // from 1, where it begins
	kind kind
}

// comment is one line of a comment.
type comment struct {
	line  int    // from 1
	text  string // without marks and surrounding blanks
	alone bool   // nothing else is on the line
}

// lexer reads C++, Rust and proto alike, as far as telling tokens from
// comments needs it. Any bytes can be read.
type lexer struct {
	text     []byte
	shared   string // the same bytes
	at       int
	line     int
	codeLine int // the last line with a token
	tokens   []token
	comments []comment
}

// lex splits code into tokens and comments. Lines are counted from first.
func lex(text []byte, first int) ([]token, []comment) {
	l := lexer{text: text, shared: string(text), line: first, tokens: make([]token, 0, len(text)/6)}
	for l.at < len(text) {
		l.next()
	}
	return l.tokens, l.comments
}

func (l *lexer) next() {
	c, rest := l.text[l.at], l.text[l.at:]
	switch {
	case c == '\n':
		l.line++
		l.at++
	case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v':
		l.at++
	case bytes.HasPrefix(rest, []byte("//")):
		l.lineComment()
	case bytes.HasPrefix(rest, []byte("/*")):
		l.blockComment()
	case c == '"':
		l.emit(quoted, stringEnd(rest, 0))
	case c == '\'':
		l.quote(rest)
	case '0' <= c && c <= '9':
		l.emit(number, wordEnd(rest, '.', '\''))
	case bytes.HasPrefix(rest, []byte("...")):
		l.emit(punct, 3)
	case bytes.HasPrefix(rest, []byte("…")):
		l.emit(elided, len("…"))
	case bytes.HasPrefix(rest, []byte("::")), bytes.HasPrefix(rest, []byte("->")), bytes.HasPrefix(rest, []byte("=>")):
		l.emit(punct, 2)
	default:
		l.wordOrPunct(rest)
	}
}

func (l *lexer) wordOrPunct(rest []byte) {
	if n := rawString(rest); n > 0 {
		l.emit(quoted, n)
		return
	}
	if n := wordEnd(rest); n > 0 {
		l.emit(word, n)
		return
	}
	_, n := utf8.DecodeRune(rest)
	l.emit(punct, n)
}

// emit adds the next n bytes as a token.
func (l *lexer) emit(k kind, n int) {
	s := l.shared[l.at : l.at+n]
	l.tokens = append(l.tokens, token{s, l.line, k})
	if k == quoted {
		l.line += strings.Count(s, "\n")
	}
	l.at += n
	l.codeLine = l.line
}

// quote reads a character, or a Rust lifetime.
func (l *lexer) quote(rest []byte) {
	if n := stringEnd(rest, '\n'); n > 2 && n <= 12 && rest[n-1] == '\'' {
		l.emit(quoted, n)
		return
	}
	l.emit(punct, 1)
}

// stringEnd returns the length of the literal that text begins with. One that
// is never closed ends at stop, or at the end of the line.
func stringEnd(text []byte, stop byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case text[0]:
			return i + 1
		case '\n':
			if stop == '\n' || !bytes.ContainsRune(text[i:], rune(text[0])) {
				return i
			}
		}
	}
	return len(text)
}

// rawString returns the length of a raw string that text begins with, R"(…)"
// or r#"…"#, else 0.
func rawString(text []byte) int {
	if len(text) < 3 || text[0] != 'R' && text[0] != 'r' || text[1] != '"' && text[1] != '#' {
		return 0
	}
	quote := bytes.IndexByte(text[:min(len(text), 20)], '"')
	if quote < 0 || text[0] == 'r' && len(bytes.Trim(text[1:quote], "#")) > 0 {
		return 0
	}
	closing, from := `"`+string(text[1:quote]), quote+1
	if text[0] == 'R' {
		open := bytes.IndexByte(text[:min(len(text), 20)], '(')
		if quote != 1 || open < 0 {
			return 0
		}
		closing, from = ")"+string(text[2:open])+`"`, open+1
	}
	end := bytes.Index(text[from:], []byte(closing))
	if end < 0 {
		return 0
	}
	return from + end + len(closing)
}

// wordEnd returns the length of the name that text begins with.
func wordEnd(text []byte, also ...byte) int {
	i := 0
	for i < len(text) {
		c := text[i]
		if c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			if bytes.IndexByte(also, c) < 0 || i+1 >= len(text) || text[i+1] < '0' || text[i+1] > '9' {
				break
			}
			i++
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		if !unicode.IsLetter(r) {
			break
		}
		i += n
	}
	return i
}

func (l *lexer) lineComment() {
	end := bytes.IndexByte(l.text[l.at:], '\n')
	if end < 0 {
		end = len(l.text) - l.at
	}
	l.note(l.text[l.at : l.at+end])
	l.at += end
}

func (l *lexer) blockComment() {
	n := bytes.Index(l.text[l.at+2:], []byte("*/"))
	if n < 0 {
		n = len(l.text) - l.at
	} else {
		n += 4
	}
	body := l.text[l.at : l.at+n]
	for i, s := range bytes.Split(body, []byte("\n")) {
		if i > 0 {
			l.line++
		}
		l.note(s)
	}
	l.at += n
}

func (l *lexer) note(line []byte) {
	text := strings.TrimSpace(string(line))
	text = strings.TrimSuffix(text, "*/")
	text = strings.TrimSpace(strings.TrimLeft(text, "/*!"))
	l.comments = append(l.comments, comment{l.line, text, l.codeLine != l.line})
}
