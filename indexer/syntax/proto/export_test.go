package proto

// Mask returns the text as the parser sees it.
func Mask(text []byte) []byte {
	var m masker
	m.lexer = &lexer{}
	m.lex(text)
	m.statements()
	m.mask()
	return m.masked
}
