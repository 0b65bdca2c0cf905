package search

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
)

// finder finds lines that match. It serves one goroutine.
type finder interface {
	// next returns a position in the first line that matches among those from
	// start, which begins a line, on. It gives up when the context ends.
	next(ctx context.Context, text []byte, start int) (pos int, ok bool)
	// ranges returns what matches of a line that does.
	ranges(line []byte) []Range
}

// compilePattern checks the pattern and returns a function that makes finders
// for it.
func (q *TextQuery) compilePattern() (func() finder, error) {
	switch {
	case q.Pattern == "":
		return nil, queryErrorf("there is nothing to search for")
	case strings.Contains(q.Pattern, "\n"):
		return nil, queryErrorf("text is searched line by line, and the pattern has several lines")
	case q.Regexp:
		return compileRegexp(q.Pattern, q.IgnoreCase)
	case q.IgnoreCase && !isASCII(q.Pattern):
		return compileRegexp(regexp.QuoteMeta(q.Pattern), true)
	}
	l := newLiteral(q.Pattern, q.IgnoreCase)
	return func() finder { return l }, nil
}

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}

// literal finds a string. In any case means in any case of ASCII letters.
type literal struct {
	text    []byte // folded if anyCase
	anyCase bool
	rare    int // index of its rarest byte
}

// commonness lists the bytes of C++ and Rust sources, the most frequent first.
const commonness = " etnrsioaclpdumfh_g(:);vby,.w\"/x{}k-=CTRSEA*>ILFPq<HND&01MOBjU2zKGV#"

func newLiteral(text string, anyCase bool) *literal {
	l := &literal{text: []byte(text), anyCase: anyCase}
	if anyCase {
		l.text = []byte(fold(text))
	}
	rarest := -1
	for i, c := range l.text {
		common := strings.IndexByte(commonness, c)
		if common < 0 {
			common = len(commonness)
		}
		if common > rarest {
			l.rare, rarest = i, common
		}
	}
	return l
}

func (l *literal) next(_ context.Context, text []byte, start int) (int, bool) {
	i := l.index(text[start:])
	return start + i, i >= 0
}

// index returns the index of the first instance of l in text, -1 if none.
func (l *literal) index(text []byte) int {
	if !l.anyCase {
		return bytes.Index(text, l.text)
	}
	// Jump from one instance of the rarest byte, small or capital, to the next.
	small := l.text[l.rare]
	capital := small
	if isLower(small) {
		capital -= 'a' - 'A'
	}
	from, to := l.rare, len(text)-len(l.text)+l.rare+1
	nextSmall, nextCapital := -1, to
	if capital != small {
		nextCapital = -1
	}
	for from < to {
		if nextSmall < from {
			nextSmall = indexByte(text, small, from, to)
		}
		if nextCapital < from {
			nextCapital = indexByte(text, capital, from, to)
		}
		at := min(nextSmall, nextCapital)
		if at == to {
			break
		}
		if equalFolded(text[at-l.rare:], l.text) {
			return at - l.rare
		}
		from = at + 1
	}
	return -1
}

// indexByte returns the first index of c in text[from:to], to if none.
func indexByte(text []byte, c byte, from, to int) int {
	if i := bytes.IndexByte(text[from:to], c); i >= 0 {
		return from + i
	}
	return to
}

// equalFolded reports whether text, folded, begins with folded.
func equalFolded(text, folded []byte) bool {
	for i, c := range folded {
		if foldByte(text[i]) != c {
			return false
		}
	}
	return true
}

func (l *literal) ranges(line []byte) []Range {
	var ranges []Range
	for at := 0; len(ranges) < maxRanges; {
		i := l.index(line[at:])
		if i < 0 {
			break
		}
		ranges = append(ranges, Range{at + i, at + i + len(l.text)})
		at += i + len(l.text)
	}
	return ranges
}

// pattern finds a regular expression: its automaton tells the lines that
// match, and package regexp what matches in those that are shown.
type regexpFinder struct {
	*regexp.Regexp
	automaton *automaton
	required  *literal // in every line that matches, nil when unknown
}

const minRequired = 3 // bytes of a literal that is rarer than what the automaton costs

func compileRegexp(pattern string, anyCase bool) (func() finder, error) {
	flags := syntax.Perl
	if anyCase {
		flags |= syntax.FoldCase
		pattern = "(?i:" + pattern + ")"
	}
	parsed, err := syntax.Parse(pattern, flags)
	if err != nil {
		return nil, regexpError(err, anyCase)
	}
	compiled, err := regexp.Compile(pattern)
	if err != nil {
		return nil, regexpError(err, anyCase)
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, regexpError(err, anyCase)
	}
	var required *literal
	if text, anyCase := requiredLiteral(parsed); len(text) >= minRequired {
		required = newLiteral(text, anyCase)
	}
	return func() finder {
		return &regexpFinder{compiled, newAutomaton(program), required}
	}, nil
}

// regexpError words an error about a regular expression for its author.
func regexpError(err error, anyCase bool) error {
	var syntaxError *syntax.Error
	if !errors.As(err, &syntaxError) {
		return queryErrorf("the regular expression is wrong: %v", err)
	}
	where := syntaxError.Expr
	if anyCase {
		where = strings.TrimSuffix(strings.TrimPrefix(where, "(?i:"), ")")
	}
	return queryErrorf("the regular expression is wrong: %s: %s", syntaxError.Code, where)
}

// requiredLiteral returns the longest ASCII string that a text must contain to
// match, "" when there is none to be seen.
func requiredLiteral(re *syntax.Regexp) (text string, anyCase bool) {
	switch re.Op {
	case syntax.OpLiteral:
		text = string(re.Rune)
		anyCase = re.Flags&syntax.FoldCase != 0
		if anyCase {
			text = longestASCII(text)
		}
	case syntax.OpCapture, syntax.OpPlus:
		return requiredLiteral(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return requiredLiteral(re.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if t, c := requiredLiteral(sub); len(t) > len(text) {
				text, anyCase = t, c
			}
		}
	}
	return text, anyCase
}

// longestASCII returns the longest piece of s that is ASCII.
func longestASCII(s string) (longest string) {
	for piece := range strings.FieldsFuncSeq(s, func(r rune) bool { return r >= 0x80 }) {
		if len(piece) > len(longest) {
			longest = piece
		}
	}
	return longest
}

func (f *regexpFinder) next(ctx context.Context, text []byte, start int) (int, bool) {
	if f.required == nil {
		return f.automaton.find(ctx, text, start, len(text))
	}
	for start < len(text) {
		i := f.required.index(text[start:])
		if i < 0 {
			return 0, false
		}
		line := textLine{start: start}.lineOf(text, start+i)
		if pos, ok := f.automaton.find(ctx, text, line.start, line.end); ok {
			return pos, true
		}
		start = line.end + 1
	}
	return 0, false
}

func (f *regexpFinder) ranges(line []byte) []Range {
	var ranges []Range
	for _, m := range f.FindAllIndex(line, maxRanges) {
		if m[0] < m[1] {
			ranges = append(ranges, Range{m[0], m[1]})
		}
	}
	return ranges
}
