package proto

import "navigator/indexer"

// Lex splits text, a file or a part of one, into lexemes. Keywords are words:
// proto has none that a name may not be.
func Lex(text []byte) *indexer.Code {
	var l lexer
	l.lex(text)
	code := &indexer.Code{Text: text, Lexemes: make([]indexer.Lexeme, 0, l.count()), Lines: indexer.LineStarts(text)}
	for i := range l.count() {
		t := &l.tokens[i]
		kind := indexer.LexSign
		switch {
		case t.kind == word:
			kind = indexer.LexWord
		case t.kind == number:
			kind = indexer.LexNumber
		case t.kind == literal:
			kind = indexer.LexString
		case t.kind < 127:
			kind = indexer.LexemeKind(t.kind)
		}
		code.Lexemes = append(code.Lexemes, indexer.Lexeme{
			Extent: indexer.Extent{From: int32(t.off), To: int32(t.end)}, Mate: t.pair, Kind: kind,
		})
	}
	return code
}
