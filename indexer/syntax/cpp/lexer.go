package cpp

import "bytes"

// kind is what a token is: a byte of punctuation stands for itself, the rest
// is named below. Keywords come last, from kwFirst on.
type kind uint8

const (
	tkEOF     kind = 0
	tkIdent   kind = 1
	tkNumber  kind = 2
	tkString  kind = 3
	tkChar    kind = 4
	tkScope   kind = 5  // ::
	tkArrow   kind = 6  // ->
	tkAssign  kind = 7  // += and the like; a plain = is '='
	tkCompare kind = 8  // == != <= >= <=>
	tkLogic   kind = 9  // && ||
	tkShift   kind = 10 // <<; a >> is two '>', as it closes template arguments
	tkStep    kind = 11 // ++ --
	tkDots    kind = 12 // ...
	tkComment kind = 13
	// Directives, each one token from its # to its last byte.
	tkDefine    kind = 14
	tkInclude   kind = 15
	tkIf        kind = 16 // #if #ifdef #ifndef
	tkElse      kind = 17 // #else #elif …
	tkEndif     kind = 18
	tkDirective kind = 19 // any other

	tkUndef      kind = 21
	tkAnnotation kind = 20 // a word that the grammar does not know and nobody misses
)

// Flags of tokens.
const (
	flagLineStart uint8 = 1 << iota // the first token of its line, comments counted
	flagLower                       // an identifier with a lower-case letter
	flagLetter                      // an identifier with an upper-case letter
	flagDead                        // in a branch of an #if that the parser does not see
)

// token is a token of the original text, [pos,end).
type token struct {
	pos, end int32
	mate     int32 // of a bracket: its partner's index, else -1; of a directive: index of the next token of code
	kind     kind
	flags    uint8
	role     uint8 // 1 + indexer.Role, where the parser said it; 0 else
}

// macroLike reports whether t is written as macros are: in capitals.
func (t *token) macroLike() bool {
	return t.kind == tkIdent && t.flags&(flagLower|flagLetter) == flagLetter && t.end-t.pos > 1
}

// lexer splits a text into tokens. It keeps its memory from text to text.
type lexer struct {
	text   []byte
	code   []token // identifiers, literals, punctuation
	trivia []token // comments, directives and annotations
	at     int
	fresh  bool // nothing but blanks since the line began
}

// Classes of bytes.
const (
	cPunct uint8 = iota
	cSpace
	cNewline
	cUpper
	cLower // also bytes of UTF-8
	cWord  // underscore and dollar
	cDigit
	cQuote
	cSlash
	cHash
	cDot
	cBackslash
)

var classOf = func() (t [256]uint8) {
	for b := range t {
		switch {
		case b >= 'A' && b <= 'Z':
			t[b] = cUpper
		case b >= 'a' && b <= 'z', b >= 0x80:
			t[b] = cLower
		case b >= '0' && b <= '9':
			t[b] = cDigit
		}
	}
	for _, b := range " \t\r\v\f\x00" {
		t[b] = cSpace
	}
	t['\n'], t['_'], t['$'] = cNewline, cWord, cWord
	t['"'], t['\''] = cQuote, cQuote
	t['/'], t['#'], t['.'], t['\\'] = cSlash, cHash, cDot, cBackslash
	return t
}()

// word tells the bytes of identifiers and, in it, case: a flag of tokens or 0x80.
var word = func() (t [256]uint8) {
	for b := range t {
		switch classOf[b] {
		case cUpper:
			t[b] = flagLetter | 0x80
		case cLower:
			t[b] = flagLower | 0x80
		case cWord, cDigit:
			t[b] = 0x80
		}
	}
	return t
}()

// lex splits text, replacing what the lexer held.
func (l *lexer) lex(text []byte) {
	l.text, l.at, l.fresh = text, 0, true
	l.code, l.trivia = l.code[:0], l.trivia[:0]
	l.run(len(text), true)
}

// run splits the text up to end. Inside a directive a # is punctuation.
func (l *lexer) run(end int, directives bool) {
	text := l.text[:end]
	for l.at < len(text) {
		b := text[l.at]
		switch classOf[b] {
		case cSpace:
			l.at++
		case cNewline:
			l.at++
			l.fresh = true
		case cBackslash:
			l.at++
		case cUpper, cLower, cWord:
			l.identifier(text)
		case cDigit:
			l.number(text)
		case cQuote:
			l.quoted(text, l.at)
		case cSlash:
			l.slash(text)
		case cHash:
			if l.fresh && directives {
				l.directive(text)
			} else {
				l.add(kind('#'), l.at+1)
			}
		case cDot:
			l.dot(text)
		default:
			l.punctuation(text)
		}
	}
}

// add appends the token that starts at l.at and ends before end.
func (l *lexer) add(k kind, end int) { l.addFlags(k, end, 0) }

func (l *lexer) addFlags(k kind, end int, flags uint8) {
	if l.fresh {
		flags |= flagLineStart
		l.fresh = false
	}
	l.code = append(l.code, token{pos: int32(l.at), end: int32(end), mate: -1, kind: k, flags: flags})
	l.at = end
}

func (l *lexer) addTrivia(k kind, end int) {
	var flags uint8
	if l.fresh {
		flags, l.fresh = flagLineStart, false
	}
	l.trivia = append(l.trivia, token{pos: int32(l.at), end: int32(end), mate: int32(len(l.code)), kind: k, flags: flags})
	l.at = end
}

func (l *lexer) identifier(text []byte) {
	i := l.at
	var seen uint8
	for i < len(text) {
		w := word[text[i]]
		if w == 0 {
			break
		}
		seen |= w
		i++
	}
	if i < len(text) && (text[i] == '"' || text[i] == '\'') && i-l.at <= 3 && isPrefix(text[l.at:i]) {
		l.quoted(text, i)
		return
	}
	k := tkIdent
	if seen&flagLower != 0 {
		if k = keyword(text[l.at:i]); k == tkAnnotation {
			l.addTrivia(k, i)
			return
		}
	}
	l.addFlags(k, i, seen&(flagLower|flagLetter))
}

// isPrefix reports whether p may stand before a string or character.
func isPrefix(p []byte) bool {
	switch string(p) {
	case "L", "u", "U", "u8", "R", "LR", "uR", "UR", "u8R":
		return true
	}
	return false
}

// number adds a number as the preprocessor sees it, 1'000.5e+3 and 200Ok included.
func (l *lexer) number(text []byte) {
	i := l.at
	for i < len(text) {
		b := text[i]
		switch {
		case word[b] != 0:
			if (b|0x20 == 'e' || b|0x20 == 'p') && i+1 < len(text) && (text[i+1] == '+' || text[i+1] == '-') && !isHex(text[l.at:i]) {
				i++
			}
		case b == '.':
		case b == '\'' && i+1 < len(text) && word[text[i+1]] != 0:
		default:
			l.add(tkNumber, i)
			return
		}
		i++
	}
	l.add(tkNumber, i)
}

// isHex reports whether a number that starts so has no decimal exponent.
func isHex(n []byte) bool {
	return len(n) > 1 && n[0] == '0' && n[1]|0x20 == 'x' && !bytes.ContainsAny(n, ".")
}

// quoted adds the string or character that starts at l.at and whose quote is at q.
func (l *lexer) quoted(text []byte, q int) {
	k := tkString
	if text[q] == '\'' {
		k = tkChar
	}
	if k == tkString && q > l.at && text[q-1] == 'R' {
		if end, ok := rawEnd(text, q); ok {
			l.add(k, end)
			return
		}
	}
	l.add(k, quoteEnd(text, q))
}

// quoteEnd returns where the string or character whose quote is at q ends: after
// the closing quote, or at the end of the line that lacks one.
func quoteEnd(text []byte, q int) int {
	quote := text[q]
	for i := q + 1; i < len(text); i++ {
		switch text[i] {
		case quote:
			return i + 1
		case '\\':
			i++
			if i < len(text) && text[i] == '\r' {
				i++
			}
		case '\n':
			return i
		}
	}
	return len(text)
}

// rawEnd returns where the raw string whose quote is at q ends.
func rawEnd(text []byte, q int) (int, bool) {
	rest := text[q+1:]
	open := bytes.IndexByte(rest[:min(len(rest), 17)], '(')
	if open < 0 {
		return 0, false
	}
	var closing [18]byte
	closing[0] = ')'
	n := 1 + copy(closing[1:], rest[:open])
	closing[n] = '"'
	at := bytes.Index(rest[open:], closing[:n+1])
	if at < 0 {
		return len(text), true
	}
	return q + 1 + open + at + n + 1, true
}

// slash adds a comment or a division.
func (l *lexer) slash(text []byte) {
	if l.at+1 < len(text) {
		switch text[l.at+1] {
		case '/':
			l.addTrivia(tkComment, lineEnd(text, l.at))
			return
		case '*':
			l.addTrivia(tkComment, commentEnd(text, l.at))
			return
		}
	}
	l.punctuation(text)
}

// lineEnd returns where the line of i ends, lines joined by a backslash counted as one.
func lineEnd(text []byte, i int) int {
	for {
		at := bytes.IndexByte(text[i:], '\n')
		if at < 0 {
			return len(text)
		}
		end := i + at
		last := end - 1
		if last >= i && text[last] == '\r' {
			last--
		}
		if last < i || text[last] != '\\' {
			return end
		}
		i = end + 1
	}
}

// commentEnd returns where the /* comment at i ends.
func commentEnd(text []byte, i int) int {
	if at := bytes.Index(text[i+2:], []byte("*/")); at >= 0 {
		return i + 2 + at + 2
	}
	return len(text)
}

// directive adds a preprocessor directive: the rest of the line, joined lines
// and comments that span lines included.
func (l *lexer) directive(text []byte) {
	i := l.at + 1
	for i < len(text) {
		switch text[i] {
		case '\n':
			if !joined(text, i) {
				l.addTrivia(directiveKind(text[l.at:i]), i)
				return
			}
		case '"':
			i = quoteEnd(text, i)
			continue
		case '/':
			if i+1 < len(text) && text[i+1] == '*' {
				i = commentEnd(text, i)
				continue
			}
			if i+1 < len(text) && text[i+1] == '/' {
				i = lineEnd(text, i)
				continue
			}
		}
		i++
	}
	l.addTrivia(directiveKind(text[l.at:i]), i)
}

// joined reports whether the newline at i is preceded by a backslash.
func joined(text []byte, i int) bool {
	if i > 0 && text[i-1] == '\r' {
		i--
	}
	return i > 0 && text[i-1] == '\\'
}

// directiveKind tells the directive d by the word after its #.
func directiveKind(d []byte) kind {
	i := skipBlanks(d, 1)
	switch string(d[i:directiveName(d)]) {
	case "define":
		return tkDefine
	case "include", "include_next", "import":
		return tkInclude
	case "if", "ifdef", "ifndef":
		return tkIf
	case "else", "elif", "elifdef", "elifndef":
		return tkElse
	case "endif":
		return tkEndif
	case "undef":
		return tkUndef
	}
	return tkDirective
}

// directiveName returns the end of the name of the directive d.
func directiveName(d []byte) int {
	i := skipBlanks(d, 1)
	for i < len(d) && word[d[i]] != 0 {
		i++
	}
	return i
}

func (l *lexer) dot(text []byte) {
	rest := text[l.at+1:]
	switch {
	case len(rest) > 0 && classOf[rest[0]] == cDigit:
		l.number(text)
	case len(rest) > 1 && rest[0] == '.' && rest[1] == '.':
		l.add(tkDots, l.at+3)
	default:
		l.add(kind('.'), l.at+1)
	}
}

// punctuation adds an operator or bracket.
func (l *lexer) punctuation(text []byte) {
	b := text[l.at]
	var c, d byte
	if l.at+1 < len(text) {
		c = text[l.at+1]
	}
	if l.at+2 < len(text) {
		d = text[l.at+2]
	}
	k, n := kind(b), 1
	switch b {
	case ':':
		if c == ':' {
			k, n = tkScope, 2
		}
	case '-', '+':
		switch {
		case b == '-' && c == '>':
			k, n = tkArrow, 2
		case c == b:
			k, n = tkStep, 2
		case c == '=':
			k, n = tkAssign, 2
		}
	case '=', '!':
		if c == '=' {
			k, n = tkCompare, 2
		}
	case '<':
		switch {
		case c == '=' && d == '>':
			k, n = tkCompare, 3
		case c == '=':
			k, n = tkCompare, 2
		case c == '<' && d == '=':
			k, n = tkAssign, 3
		case c == '<':
			k, n = tkShift, 2
		}
	case '>':
		switch {
		case c == '=':
			k, n = tkCompare, 2
		case c == '>' && d == '=':
			k, n = tkAssign, 3
		}
	case '&', '|':
		switch c {
		case b:
			k, n = tkLogic, 2
		case '=':
			k, n = tkAssign, 2
		}
	case '*', '/', '%', '^':
		if c == '=' {
			k, n = tkAssign, 2
		}
	}
	if k < 32 && n == 1 { // a control character is nothing
		l.at++
		return
	}
	l.add(k, l.at+n)
}
