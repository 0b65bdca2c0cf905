package rust

import "navigator/indexer"

// Lex splits text, a file or a part of one, into lexemes.
func Lex(text []byte) *indexer.Code {
	var l lexer
	l.lex(text)
	code := &indexer.Code{Text: text, Lexemes: make([]indexer.Lexeme, 0, len(l.tokens)), Lines: indexer.LineStarts(text)}
	for i := range l.tokens[:len(l.tokens)-lookAhead] {
		t := &l.tokens[i]
		code.Lexemes = append(code.Lexemes, indexer.Lexeme{
			Extent: indexer.Extent{From: int32(t.off), To: int32(t.end)},
			Mate:   t.pair,
			Kind:   lexemeKind(t.kind, l.of(i)),
		})
	}
	return code
}

func lexemeKind(k kind, text []byte) indexer.LexemeKind {
	switch k {
	case ident:
		return indexer.LexWord
	case lifetime:
		return indexer.LexLifetime
	case number:
		return indexer.LexNumber
	case literal:
		if text[len(text)-1] == '\'' {
			return indexer.LexChar
		}
		return indexer.LexString
	case pathSep:
		return indexer.LexScope
	case arrow:
		return indexer.LexArrow
	case fatArrow:
		return indexer.LexFatArrow
	case assign:
		return indexer.LexAssign
	case operator:
		if text[0] == '.' {
			return indexer.LexDots
		}
		return indexer.LexSign
	}
	if k == primitive || k > firstKeyword || k == '_' {
		return indexer.LexKeyword
	}
	return indexer.LexemeKind(k)
}
