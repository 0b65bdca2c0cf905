package plain

// LexerNames are the names and extensions of files that are highlighted, with
// the lexer of each.
var LexerNames = lexerNames

// Limits of what is highlighted.
const (
	MaxSize = maxSize
	MaxLine = maxLine
)
