package rust

import (
	"bytes"
	"unicode/utf8"

	"navigator/indexer"
)

// kind says what a token is. A single character of punctuation is its own
// byte.
type kind uint16

const (
	eof   kind = 0
	ident kind = 128 + iota
	primitive
	lifetime
	literal // string, byte string, character
	number
	pathSep  // ::
	arrow    // ->
	fatArrow // =>
	assign   // += and its like
	operator // every other of several characters

	firstKeyword
	kwAs
	kwAsync
	kwConst
	kwCrate
	kwEnum
	kwExtern
	kwFn
	kwFor
	kwImpl
	kwLet
	kwMod
	kwMut
	kwPub
	kwRef
	kwSelf
	kwSelfType
	kwStatic
	kwStruct
	kwSuper
	kwTrait
	kwType
	kwUnsafe
	kwUse
	kwWhere
	kwOther // a keyword that no rule looks for
)

// token is a token other than a comment.
type token struct {
	off, end  uint32
	line, col int32
	pair      int32 // of a bracket: index of the other one, else -1
	kind      kind
	role      indexer.Role // Definition or Declaration, when it names a symbol
	attribute bool         // part of #[…] or #![…]
	drop      bool         // masked
}

// comment is a comment, up to the end of its last line.
type comment struct {
	off, end      uint32
	line, endLine int32
	col           int32
	doc           bool // documents what follows: /// or /** */
}

// lexer cuts a text into tokens and comments. Its slices are reused from one
// text to the next.
type lexer struct {
	text      []byte
	tokens    []token // ends in three eof tokens, so that rules may look ahead
	comments  []comment
	balanced  bool // every bracket has its other half
	pos       int
	line      int32
	lineStart int
	open      []int32
}

const lookAhead = 3

// lex reads text, which is never changed and must not change while the tokens
// are in use.
func (l *lexer) lex(text []byte) {
	l.text = text
	l.tokens, l.comments, l.open = l.tokens[:0], l.comments[:0], l.open[:0]
	l.balanced, l.pos, l.line, l.lineStart = true, 0, 1, 0
	l.skipShebang()
	for l.pos < len(text) {
		l.next()
	}
	l.balanced = l.balanced && len(l.open) == 0
	for range lookAhead {
		l.add(eof, len(text), len(text))
	}
	l.markAttributes()
}

// text of the token at index i.
func (l *lexer) of(i int) []byte { return l.text[l.tokens[i].off:l.tokens[i].end] }

func (l *lexer) is(i int, word string) bool { return string(l.of(i)) == word }

func (l *lexer) skipShebang() {
	if bytes.HasPrefix(l.text, []byte("#!")) && !bytes.HasPrefix(bytes.TrimLeft(l.text[2:], " \t\r\n"), []byte("[")) {
		l.pos = l.lineEnd(0)
	}
}

func (l *lexer) lineEnd(from int) int {
	if n := bytes.IndexByte(l.text[from:], '\n'); n >= 0 {
		return from + n
	}
	return len(l.text)
}

func (l *lexer) at(i int) byte {
	if i < len(l.text) {
		return l.text[i]
	}
	return 0
}

func (l *lexer) next() {
	start, c := l.pos, l.text[l.pos]
	switch {
	case c == '\n':
		l.pos++
		l.line, l.lineStart = l.line+1, l.pos
	case c <= ' ':
		l.pos++
	case c == '/' && l.at(start+1) == '/':
		l.comment(l.lineEnd(start))
	case c == '/' && l.at(start+1) == '*':
		l.comment(l.blockEnd(start))
	case isIdentStart(c):
		l.word()
	case '0' <= c && c <= '9':
		l.add(number, start, l.numberEnd(start))
	case c == '"':
		l.add(literal, start, l.stringEnd(start+1))
	case c == '\'':
		l.quote()
	default:
		l.punctuation()
	}
}

// add appends the token text[start:end] and goes on behind it.
func (l *lexer) add(k kind, start, end int) {
	l.tokens = append(l.tokens, token{
		off: uint32(start), end: uint32(end),
		line: l.line, col: int32(start - l.lineStart + 1),
		pair: -1, kind: k,
	})
	l.pos = end
	if k == literal {
		l.countLines(start, end)
	}
}

func (l *lexer) countLines(start, end int) {
	for {
		n := bytes.IndexByte(l.text[start:end], '\n')
		if n < 0 {
			return
		}
		start += n + 1
		l.line, l.lineStart = l.line+1, start
	}
}

func (l *lexer) comment(end int) {
	t := l.text[l.pos:end]
	c := comment{
		off: uint32(l.pos), end: uint32(end),
		line: l.line, col: int32(l.pos - l.lineStart + 1),
		doc: len(t) > 2 && (t[2] == '/' && l.at(l.pos+3) != '/' || t[2] == '*' && len(t) > 4 && t[3] != '*'),
	}
	l.countLines(l.pos, end)
	c.endLine = l.line
	l.comments = append(l.comments, c)
	l.pos = end
}

// blockEnd returns where the block comment at start ends; they nest.
func (l *lexer) blockEnd(start int) int {
	depth, i := 1, start+2
	for depth > 0 {
		n := bytes.IndexAny(l.text[i:], "*/")
		if n < 0 || i+n+1 >= len(l.text) {
			return len(l.text)
		}
		i += n
		switch {
		case l.text[i] == '*' && l.text[i+1] == '/':
			depth, i = depth-1, i+2
		case l.text[i] == '/' && l.text[i+1] == '*':
			depth, i = depth+1, i+2
		default:
			i++
		}
	}
	return i
}

// word reads an identifier, a keyword, or a literal with a prefix.
func (l *lexer) word() {
	start, end := l.pos, l.pos+1
	for end < len(l.text) && isIdentPart(l.text[end]) {
		end++
	}
	if c := l.at(end); (c == '"' || c == '\'' || c == '#') && end-start <= 2 {
		if l.prefixed(start, end) {
			return
		}
	}
	k := wordKind(l.text[start:end])
	if k == primitive && len(l.tokens) > 0 {
		if p := l.tokens[len(l.tokens)-1].kind; p == '.' || p == kwFn || p == kwMod || p == kwLet {
			k = ident
		}
	}
	l.add(k, start, end)
}

// prefixed reads what follows a literal's prefix text[start:end]: "…", r#"…"#,
// b'…', or the raw identifier r#name. It reports whether there was one.
func (l *lexer) prefixed(start, end int) bool {
	switch prefix := string(l.text[start:end]); prefix {
	case "r", "br", "cr":
		quote := end
		for l.at(quote) == '#' {
			quote++
		}
		switch {
		case l.at(quote) == '"':
			l.add(literal, start, l.rawEnd(quote, quote-end))
			return true
		case prefix == "r" && quote == end+1 && isIdentStart(l.at(quote)):
			for end = quote; isIdentPart(l.at(end)); end++ {
			}
			l.pos = quote
			l.add(ident, quote, end)
			return true
		}
	case "b", "c":
		switch {
		case l.at(end) == '"':
			l.add(literal, start, l.stringEnd(end+1))
			return true
		case prefix == "b" && l.at(end) == '\'':
			if stop := l.charEnd(end); stop > 0 {
				l.add(literal, start, stop)
				return true
			}
		}
	}
	return false
}

// rawEnd returns the end of a raw string whose quote stands at i.
func (l *lexer) rawEnd(i, hashes int) int {
	for i++; ; i++ {
		n := bytes.IndexByte(l.text[i:], '"')
		if n < 0 {
			return len(l.text)
		}
		i += n
		k := 0
		for k < hashes && l.at(i+1+k) == '#' {
			k++
		}
		if k == hashes {
			return i + 1 + k
		}
	}
}

// stringEnd returns the end of a string whose text begins at i.
func (l *lexer) stringEnd(i int) int {
	for i < len(l.text) {
		switch l.text[i] {
		case '"':
			return i + 1
		case '\\':
			i++
		}
		i++
	}
	return len(l.text)
}

// charEnd returns the end of the character literal whose quote stands at i, 0
// when there is none.
func (l *lexer) charEnd(i int) int {
	if l.at(i+1) == '\\' {
		for j := i + 3; j < len(l.text) && j < i+16 && l.text[j] != '\n'; j++ {
			if l.text[j] == '\'' {
				return j + 1
			}
		}
		return 0
	}
	if i+1 >= len(l.text) || l.text[i+1] == '\n' || l.text[i+1] == '\'' {
		return 0
	}
	_, size := utf8.DecodeRune(l.text[i+1:])
	if l.at(i+1+size) == '\'' {
		return i + 2 + size
	}
	return 0
}

// quote reads a character literal or a lifetime.
func (l *lexer) quote() {
	if end := l.charEnd(l.pos); end > 0 {
		l.add(literal, l.pos, end)
		return
	}
	end := l.pos + 1
	for isIdentPart(l.at(end)) {
		end++
	}
	l.add(lifetime, l.pos, end)
}

func (l *lexer) numberEnd(i int) int {
	hex := l.at(i) == '0' && l.at(i+1) == 'x'
	for i < len(l.text) {
		c := l.text[i]
		switch {
		case isIdentPart(c):
		case c == '.' && '0' <= l.at(i+1) && l.at(i+1) <= '9':
		case c == '.' && l.at(i+1) != '.' && !isIdentStart(l.at(i+1)):
			return i + 1
		case (c == '+' || c == '-') && !hex && isExponent(l.text[:i]):
		default:
			return i
		}
		i++
	}
	return i
}

// isExponent reports whether the number read so far ends in the e of an
// exponent, and not in that of a suffix such as usize.
func isExponent(read []byte) bool {
	n := len(read)
	return n > 1 && read[n-1]|0x20 == 'e' && (read[n-2] <= '9' || read[n-2] == '_')
}

// operators of several characters, by the first; longer ones first. `>>` is
// left as two tokens, for it also closes generic arguments.
var operators = [128][]struct {
	text string
	kind kind
}{
	':': {{"::", pathSep}},
	'-': {{"->", arrow}, {"-=", assign}},
	'=': {{"=>", fatArrow}, {"==", operator}},
	'.': {{"..=", operator}, {"...", operator}, {"..", operator}},
	'&': {{"&&", operator}, {"&=", assign}},
	'|': {{"||", operator}, {"|=", assign}},
	'!': {{"!=", operator}},
	'<': {{"<<=", assign}, {"<<", operator}, {"<=", operator}},
	'>': {{">>=", assign}, {">=", operator}},
	'+': {{"+=", assign}},
	'*': {{"*=", assign}},
	'/': {{"/=", assign}},
	'%': {{"%=", assign}},
	'^': {{"^=", assign}},
}

func (l *lexer) punctuation() {
	start, c := l.pos, l.text[l.pos]
	for _, op := range operators[c&127] {
		if end := start + len(op.text); end <= len(l.text) && string(l.text[start:end]) == op.text {
			l.add(op.kind, start, end)
			return
		}
	}
	i := int32(len(l.tokens))
	if c == ':' && i > 0 && l.tokens[i-1].kind == primitive {
		l.tokens[i-1].kind = ident // a field named str
	}
	l.add(kind(c), start, start+1)
	switch c {
	case '(', '[', '{':
		l.open = append(l.open, i)
	case ')', ']', '}':
		l.close(i, c)
	}
}

// close pairs the closing bracket at index i with the last open one.
func (l *lexer) close(i int32, c byte) {
	if len(l.open) == 0 {
		l.balanced = false
		return
	}
	top := l.open[len(l.open)-1]
	if want := l.tokens[top].kind; want == '(' && c != ')' || want == '[' && c != ']' || want == '{' && c != '}' {
		l.balanced = false
		return
	}
	l.open = l.open[:len(l.open)-1]
	l.tokens[top].pair, l.tokens[i].pair = i, top
}

// markAttributes marks the tokens of #[…] and #![…].
func (l *lexer) markAttributes() {
	for i := 0; i < len(l.tokens)-lookAhead; i++ {
		if l.tokens[i].kind != '#' {
			continue
		}
		open := i + 1
		if l.tokens[open].kind == '!' {
			open++
		}
		if l.tokens[open].kind != '[' || l.tokens[open].pair < 0 {
			continue
		}
		end := int(l.tokens[open].pair)
		for ; i <= end; i++ {
			l.tokens[i].attribute = true
		}
		i = end
	}
}

// isIdentStart takes every byte of a character outside ASCII as a letter.
func isIdentStart(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' || c >= utf8.RuneSelf
}

func isIdentPart(c byte) bool { return isIdentStart(c) || '0' <= c && c <= '9' }

func wordKind(w []byte) kind {
	switch string(w) {
	case "_":
		return '_'
	case "as":
		return kwAs
	case "async":
		return kwAsync
	case "const":
		return kwConst
	case "crate":
		return kwCrate
	case "enum":
		return kwEnum
	case "extern":
		return kwExtern
	case "fn":
		return kwFn
	case "for":
		return kwFor
	case "impl":
		return kwImpl
	case "let":
		return kwLet
	case "mod":
		return kwMod
	case "mut":
		return kwMut
	case "pub":
		return kwPub
	case "ref":
		return kwRef
	case "self":
		return kwSelf
	case "Self":
		return kwSelfType
	case "static":
		return kwStatic
	case "struct":
		return kwStruct
	case "super":
		return kwSuper
	case "trait":
		return kwTrait
	case "type":
		return kwType
	case "unsafe":
		return kwUnsafe
	case "use":
		return kwUse
	case "where":
		return kwWhere
	case "await", "break", "continue", "dyn", "else", "false", "if", "in", "loop", "match", "move", "return", "true", "while":
		return kwOther
	case "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "i128", "isize", "str", "u8", "u16", "u32", "u64", "u128", "usize":
		return primitive
	}
	return ident
}
