package rust

import (
	"bytes"

	"navigator/indexer"
)

// Highlight returns what is to be highlighted in text, in order: comments,
// keywords with the primitive types, literals, and of attributes and macro
// calls what is no identifier.
func Highlight(text []byte) []indexer.Token {
	var l lexer
	l.lex(text)
	var out []indexer.Token
	comments := l.comments
	for i := range len(l.tokens) - lookAhead {
		t := &l.tokens[i]
		for len(comments) > 0 && comments[0].off < t.off {
			out = appendLines(out, text, comments[0].off, comments[0].end, comments[0].line, comments[0].col, indexer.Comment)
			comments = comments[1:]
		}
		if class := l.class(i); class != 0 {
			out = appendLines(out, text, t.off, t.end, t.line, t.col, class)
		}
	}
	for _, c := range comments {
		out = appendLines(out, text, c.off, c.end, c.line, c.col, indexer.Comment)
	}
	return out
}

// class returns how token i is highlighted, 0 for not at all.
func (l *lexer) class(i int) indexer.Class {
	switch t := &l.tokens[i]; {
	case t.kind == literal:
		return indexer.String
	case t.kind == number:
		return indexer.Number
	case t.kind > firstKeyword || t.kind == primitive:
		return indexer.Keyword
	case t.kind == ident:
		if l.isContextualKeyword(i) {
			return indexer.Keyword
		}
		return 0
	case t.attribute:
		return indexer.Preprocessor
	case t.kind == '!' && l.isMacroBang(i):
		return indexer.Preprocessor
	}
	return 0
}

func (l *lexer) isMacroBang(i int) bool {
	return i > 0 && l.tokens[i-1].kind == ident && l.tokens[i-1].end == l.tokens[i].off
}

// appendLines appends a token for each line of text[off:end].
func appendLines(out []indexer.Token, text []byte, off, end uint32, line, col int32, class indexer.Class) []indexer.Token {
	for rest := text[off:end]; ; {
		n := bytes.IndexByte(rest, '\n')
		part := rest
		if n >= 0 {
			part = bytes.TrimSuffix(rest[:n], []byte("\r"))
		}
		if last := len(out) - 1; class == indexer.Preprocessor && last >= 0 && out[last].Class == class && out[last].Line == line && out[last].Col+out[last].Len == col {
			out[last].Len += int32(len(part)) // the #[ of an attribute
		} else if len(part) > 0 {
			out = append(out, indexer.Token{Line: line, Col: col, Len: int32(len(part)), Class: class})
		}
		if n < 0 {
			return out
		}
		rest, line, col = rest[n+1:], line+1, 1
	}
}

// isContextualKeyword reports whether the identifier at i is a keyword where
// it stands.
func (l *lexer) isContextualKeyword(i int) bool {
	next := l.tokens[i+1].kind
	switch string(l.of(i)) {
	case "union":
		return next == ident && l.before(i) != '.'
	case "macro_rules":
		return next == '!'
	}
	return false
}
