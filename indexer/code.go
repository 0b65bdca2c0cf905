package indexer

import "bytes"

// Code is a text as a sequence of lexemes, comments left out. What needs more
// than the facts that are stored — local names, the types of receivers — is
// computed from it when it is asked for.
type Code struct {
	Text       []byte
	Lexemes    []Lexeme
	Directives []Extent // preprocessor directives from # to their last byte, in order
	Lines      []int32  // offset of each line's first byte, see [LineStarts]
}

// LineStarts returns the offset of the first byte of each line of a text; what
// stands behind the last newline is a line, too.
func LineStarts(text []byte) []int32 {
	lines := make([]int32, 1, 1+bytes.Count(text, []byte{'\n'}))
	for at := 0; ; {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			return lines
		}
		at += i + 1
		lines = append(lines, int32(at))
	}
}

// Extent is a stretch of a text in bytes from 0, To excluded.
type Extent struct{ From, To int32 }

// Of returns the stretch of text.
func (e Extent) Of(text []byte) []byte { return text[e.From:e.To] }

// Lexeme is a word, a literal or a sign.
type Lexeme struct {
	Extent
	Mate int32 // of a bracket: index of its partner, else -1
	Kind LexemeKind
}

// LexemeKind tells lexemes apart. A sign of one byte is that byte itself: '{'.
type LexemeKind uint8

// The kinds of lexemes that are no sign of one byte.
const (
	LexEnd     LexemeKind = iota // before the first and after the last
	LexWord                      // identifier
	LexKeyword                   // reserved word; types such as int included
	LexNumber
	LexString
	LexChar
	LexLifetime // Rust 'a, with its tick
	LexScope    // ::
	LexArrow    // ->
	LexFatArrow // =>
	LexDots     // ... or ..
	LexAssign   // += and the like; a plain = is '='
	LexSign     // any other sign of several bytes; a >> is two '>'
)

// At returns the kind of the lexeme i, LexEnd beyond the ends.
func (c *Code) At(i int) LexemeKind {
	if uint(i) < uint(len(c.Lexemes)) {
		return c.Lexemes[i].Kind
	}
	return LexEnd
}

// Bytes returns the text of the lexeme i, nil beyond the ends.
func (c *Code) Bytes(i int) []byte {
	if uint(i) < uint(len(c.Lexemes)) {
		return c.Lexemes[i].Of(c.Text)
	}
	return nil
}

// Is reports whether the lexeme i is written so.
func (c *Code) Is(i int, text string) bool { return string(c.Bytes(i)) == text }

// Past returns the index after the bracket i and its mate, or after i when it
// has none.
func (c *Code) Past(i int) int {
	if uint(i) < uint(len(c.Lexemes)) {
		if m := int(c.Lexemes[i].Mate); m > i {
			return m + 1
		}
	}
	return i + 1
}

// Find returns the index of the first lexeme that ends after offset.
func (c *Code) Find(offset int32) int {
	lo, hi := 0, len(c.Lexemes)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if c.Lexemes[mid].To <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// Offset returns the offset of a position, at most the text's length.
func (c *Code) Offset(p Position) int32 {
	n := int32(len(c.Text))
	switch {
	case p.Line < 1:
		return 0
	case int(p.Line) > len(c.Lines):
		return n
	}
	return min(c.Lines[p.Line-1]+max(p.Col-1, 0), n)
}

// Position returns the position of an offset.
func (c *Code) Position(offset int32) Position {
	lo, hi := 0, len(c.Lines)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if c.Lines[mid] <= offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return Position{1, offset + 1}
	}
	return Position{int32(lo), offset - c.Lines[lo-1] + 1}
}

// SpanOf returns the span of an extent that is not empty.
func (c *Code) SpanOf(e Extent) Span {
	return Span{c.Position(e.From), c.Position(max(e.To-1, e.From))}
}

// ExtentOf returns the extent of a span.
func (c *Code) ExtentOf(s Span) Extent {
	from := c.Offset(s.Start)
	return Extent{from, max(from, min(c.Offset(s.End)+1, int32(len(c.Text))))}
}

// LocalKind says what a name is that only its function, or its declaration,
// knows.
type LocalKind uint8

// The kinds of locals.
const (
	NotLocal LocalKind = iota
	LocalVariable
	LocalParameter
	LocalBinding       // structured binding, or name of a pattern
	LocalCapture       // of a lambda, with an initialiser
	LocalTypeParameter // template parameter, generic
	LocalLifetime
	LocalLabel
	LocalAlias          // using or typedef in a function
	LocalFunction       // item or declaration in a function
	LocalMacroParameter // of a #define or macro_rules!
)

// String returns the kind as the API writes it.
func (k LocalKind) String() string {
	names := [...]string{
		"", "local", "parameter", "binding", "capture", "type parameter", "lifetime", "label",
		"local alias", "local function", "macro parameter",
	}
	if int(k) < len(names) {
		return names[k]
	}
	return "?"
}
