package rust

import "navigator/indexer"

// The modes of masking, for tests that compare them.
const (
	Lifted   = lifted
	Skeleton = skeleton
	Full     = full
)

// Mask returns the text as the parser sees it.
func Mask(text []byte, how mode) []byte {
	var m masker
	m.lexer = &lexer{}
	m.lex(text)
	return m.mask(how)
}

// ExtractAs reads the symbols of text masked for one mode, errors or not.
func (x *Extractor) ExtractAs(text []byte, how mode, into *indexer.Facts) {
	into.Reset()
	x.lexer.lex(text)
	x.parse(how, true, into)
}
