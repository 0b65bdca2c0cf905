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
	trivia := l.trivia
	for i := range l.code {
		c := &l.code[i]
		for len(trivia) > 0 && trivia[0].pos < c.pos {
			h.trivia(&trivia[0])
			trivia = trivia[1:]
		}
		if class := classify(text, c); class != 0 {
			h.add(int(c.pos), int(c.end), class)
		}
	}
	for i := range trivia {
		h.trivia(&trivia[i])
	}
	return h.tokens
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
	case c.kind.isKeyword():
		return indexer.Keyword
	case c.kind == tkString, c.kind == tkChar:
		return indexer.String
	case c.kind == tkNumber:
		return indexer.Number
	case c.kind == tkIdent:
		switch string(text[c.pos:c.end]) {
		case "override", "final":
			return indexer.Keyword
		}
	}
	return 0
}

// trivia adds a comment, or a directive with the comments in it apart.
func (h *highlighter) trivia(t *token) {
	if t.kind == tkComment {
		h.add(int(t.pos), int(t.end), indexer.Comment)
		return
	}
	if t.kind == tkAnnotation {
		h.add(int(t.pos), int(t.end), indexer.Keyword)
		return
	}
	var l lexer
	l.text, l.at = h.text[:t.end], int(t.pos)
	l.run(int(t.end), false)
	from := int(t.pos)
	for _, c := range l.trivia {
		h.add(from, int(c.pos), indexer.Preprocessor)
		h.add(int(c.pos), int(c.end), indexer.Comment)
		from = int(c.end)
	}
	h.add(from, int(t.end), indexer.Preprocessor)
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
