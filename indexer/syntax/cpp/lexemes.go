package cpp

import (
	"slices"
	"sync"

	"navigator/indexer"
)

// lexers keep their memory from one text to the next.
var lexers = sync.Pool{New: func() any { return new(lexer) }}

// Lex splits text, a file or a part of one, into lexemes. Those in a branch of
// an #if that the parser does not see are there, but their brackets have no
// mates.
func Lex(text []byte) *indexer.Code {
	l := lexers.Get().(*lexer)
	defer func() {
		l.text = nil
		lexers.Put(l)
	}()
	var c conditionals
	l.code = slices.Grow(l.code[:0], len(text)/5)
	l.lex(text)
	c.resolve(l)
	if live, _ := c.live(nil); len(c.dead) > 0 {
		returnMates(l.code, live)
	}
	code := &indexer.Code{Text: text, Lexemes: make([]indexer.Lexeme, len(l.code)), Lines: indexer.LineStarts(text)}
	for i := range l.code {
		t := &l.code[i]
		code.Lexemes[i] = indexer.Lexeme{Extent: indexer.Extent{From: t.pos, To: t.end}, Mate: t.mate, Kind: lexemeKind(t.kind)}
	}
	for i := range l.trivia {
		if t := &l.trivia[i]; t.kind >= tkDefine && t.kind != tkAnnotation {
			code.Directives = append(code.Directives, indexer.Extent{From: t.pos, To: t.end})
		}
	}
	return code
}

// returnMates gives code the mates that live, a part of it, has.
func returnMates(code, live []token) {
	where := make([]int32, 0, len(live)) // of each token of live, its index in code
	for i := range code {
		if n := len(where); n < len(live) && code[i].pos == live[n].pos {
			where = append(where, int32(i))
		}
	}
	for i, at := range where {
		if m := live[i].mate; m >= 0 {
			code[at].mate = where[m]
		}
	}
}

func lexemeKind(k kind) indexer.LexemeKind {
	switch k {
	case tkIdent:
		return indexer.LexWord
	case tkNumber:
		return indexer.LexNumber
	case tkString:
		return indexer.LexString
	case tkChar:
		return indexer.LexChar
	case tkScope:
		return indexer.LexScope
	case tkArrow:
		return indexer.LexArrow
	case tkAssign:
		return indexer.LexAssign
	case tkCompare, tkLogic, tkShift, tkStep:
		return indexer.LexSign
	case tkDots:
		return indexer.LexDots
	}
	if k.isKeyword() {
		return indexer.LexKeyword
	}
	return indexer.LexemeKind(k)
}
