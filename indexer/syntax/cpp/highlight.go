package cpp

import (
	"bytes"

	"navigator/indexer"
)

// Highlight returns the tokens of text, in order and one line each.
func Highlight(text []byte) []indexer.Token {
	var l lexer
	l.lex(text)
	h := highlighter{text: text}
	h.merge(&l)
	return h.tokens
}

// merge adds the tokens of l, code and the rest, in order.
func (h *highlighter) merge(l *lexer) {
	trivia := l.trivia
	for i := range l.code {
		c := &l.code[i]
		for len(trivia) > 0 && trivia[0].pos < c.pos {
			h.trivia(&trivia[0])
			trivia = trivia[1:]
		}
		if class := classify(h.text, c); class != 0 && !isName(h.text, l.code, i) {
			h.add(int(c.pos), int(c.end), class)
		}
	}
	for i := range trivia {
		h.trivia(&trivia[i])
	}
}

type highlighter struct {
	text   []byte
	tokens []indexer.Token
	at     int // start of the line of the last token
	line   int32
}

// classify returns the class of the token c, 0 when it has none.
func classify(text []byte, c *token) indexer.Class {
	switch {
	case c.kind == kwOperator: // part of a name
	case c.kind.isKeyword():
		return indexer.Keyword
	case c.kind == tkString, c.kind == tkChar:
		return indexer.String
	case c.kind == tkNumber:
		return indexer.Number
	case c.kind == tkIdent && isSpecifier(text[c.pos:c.end]):
		return indexer.Keyword
	}
	return 0
}

// isName reports whether the token at i is part of a name, though it does not
// look like one: operator new, TEST_P(Suite, 200Ok).
func isName(text []byte, code []token, i int) bool {
	if i > 0 && code[i-1].kind == kwOperator {
		return true
	}
	return code[i].kind == tkNumber && i >= 4 && i+1 < len(code) && code[i+1].kind == ')' && code[i-1].kind == ',' &&
		code[i-3].kind == '(' && isTest(text[code[i-4].pos:code[i-4].end])
}

// trivia adds a comment, an annotation or a directive.
func (h *highlighter) trivia(t *token) {
	switch t.kind {
	case tkComment:
		h.add(int(t.pos), int(t.end), indexer.Comment)
	case tkAnnotation: // an identifier
	default:
		h.directive(t)
	}
}

// directive adds the name of a directive and what stands in the rest of it.
func (h *highlighter) directive(t *token) {
	name := int(t.pos) + directiveName(h.text[t.pos:t.end])
	var l lexer
	l.text, l.at = h.text[:t.end], name
	l.run(int(t.end), false)
	switch t.kind {
	case tkInclude:
		h.add(int(t.pos), name, indexer.Preprocessor)
		h.rest(&l, name, int(t.end), indexer.String)
	case tkDefine, tkUndef, tkIf, tkElse:
		h.add(int(t.pos), name, indexer.Preprocessor)
		h.merge(&l)
	default:
		h.rest(&l, int(t.pos), int(t.end), indexer.Preprocessor)
	}
}

// rest adds what stands from from to end as class, but the comments in it.
func (h *highlighter) rest(l *lexer, from, end int, class indexer.Class) {
	for _, c := range l.trivia {
		h.add(from, int(c.pos), class)
		h.add(int(c.pos), int(c.end), indexer.Comment)
		from = int(c.end)
	}
	h.add(from, end, class)
}

// add adds the text from from to to, a token for each line that it touches.
func (h *highlighter) add(from, to int, class indexer.Class) {
	for from < to {
		for {
			i := bytes.IndexByte(h.text[h.at:from], '\n')
			if i < 0 {
				break
			}
			h.at += i + 1
			h.line++
		}
		end := to
		if i := bytes.IndexByte(h.text[from:to], '\n'); i >= 0 {
			end = from + i
		}
		stretch := h.text[from:end]
		blank := len(stretch) - len(bytes.TrimLeft(stretch, " \t\r"))
		stretch = bytes.TrimRight(stretch[blank:], " \t\r")
		if len(stretch) > 0 {
			h.tokens = append(h.tokens, indexer.Token{
				Line: h.line + 1, Col: int32(from + blank - h.at + 1), Len: int32(len(stretch)), Class: class,
			})
		}
		from = end + 1
	}
}
