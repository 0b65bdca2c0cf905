package course

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"navigator/indexer"
)

// setting is where a stretch of a lesson stands. It decides how much a word
// must show to be taken for a code reference: beside a command `xds/` is a
// folder, in running text it may be half of "xds/ads".
type setting uint8

const (
	prose   setting = iota // running text
	code                   // inline code, or a cell under a heading such as "Archivo"
	words                  // a line of a shell or unlabelled fence
	opening                // a comment that opens a fence
	remark                 // a comment further down in a fence
	target                 // the destination of a Markdown link
)

// reference is a citation as the grammar sees it: byte offsets in the text,
// half-open.
type reference struct {
	start, end int
	path       string
	lines      indexer.Lines
	digits     [2]int // of lines
	backwards  bool   // the range was written last line first
}

// scan returns the code references in text[start:end].
//
// A reference is a run of path characters that [classify] accepts, and the
// lines that follow it in one of the forms `:60`, `:394-420`, `:L10-L20`,
// `#L10-L20`, `:60:5`, `(líneas 10-20)`.
func scan(text []byte, start, end int, where setting) []reference {
	var found []reference
	for i := start; i < end; {
		r, n := utf8.DecodeRune(text[i:end])
		if !pathRune(r) {
			i += n
			continue
		}
		stop := runEnd(text[:end], i)
		if joint := joined(text[i:stop]); joint > 0 {
			stop = i + joint
		} else if text[i] == '/' && i > start && joins(text[start:i]) {
			i++
		}
		ref, next, ok := read(text[:end], start, i, stop, where)
		if ok {
			found = append(found, ref)
		}
		i = max(next, i+1)
	}
	return found
}

// pathRune reports whether r may stand in a path. Letters beyond ASCII may, so
// that `línea.cc` is one word, which is then refused.
func pathRune(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
		return true
	case r < utf8.RuneSelf:
		return strings.IndexByte("_-./~$@*", byte(r)) >= 0
	}
	return r == '…' || unicode.IsLetter(r)
}

// alternatives matches the braces of a.{h,cc} and the brackets of a.(h|cc).
var alternatives = regexp.MustCompile(`^(?:\{[\w./-]*(?:, ?[\w./-]+)+\}|\(\.?[a-z]+(?:[|/]\.?[a-z]+)+\))`)

// runEnd returns the end of the run of path characters that starts at i.
func runEnd(text []byte, i int) int {
	for i < len(text) {
		switch text[i] {
		case '{', '(':
			if text[i] == '(' && (i == 0 || text[i-1] != '.') {
				return i
			}
			if text[i] == '{' && i > 0 && text[i-1] == '$' {
				close := bytes.IndexByte(text[i:], '}')
				if close < 0 {
					return i
				}
				i += close + 1
				continue
			}
			n := len(alternatives.Find(text[i:min(len(text), i+64)]))
			if n == 0 {
				return i
			}
			i += n
			continue
		}
		r, n := utf8.DecodeRune(text[i:])
		if !pathRune(r) {
			return i
		}
		i += n
	}
	return i
}

// read tries the run text[i:stop] as a reference; from is where the stretch
// begins. It returns where to read on.
func read(text []byte, from, i, stop int, where setting) (ref reference, next int, ok bool) {
	after := text[stop:]
	if bytes.HasPrefix(after, []byte("://")) {
		if site := blobURL.Find(after); site != nil {
			i = stop + len(site)
			ref, next, ok = read(text, i, i, runEnd(text, i), target)
			return ref, max(next, i), ok
		}
		return ref, wordEnd(text, stop), false
	}
	if bytes.IndexByte(text[i:stop], '.') < 0 && bytes.IndexByte(text[i:stop], '/') < 0 && !bareNames[string(text[i:stop])] {
		return ref, stop, false
	}
	if refusedBefore(text[from:i], text[i:stop]) || refusedAfter(text[i:stop], after) {
		return ref, wordEnd(text, stop), false
	}
	raw := string(text[i:stop])
	raw = strings.TrimRight(raw, "-")
	if where == prose || !strings.HasSuffix(raw, "/...") {
		raw = strings.TrimRight(raw, ".")
	}
	if where == code && bareNames[raw] && !strings.Contains(raw, ".") && (i > from || stop < len(text)) {
		return ref, stop, false // `bazel BUILD` speaks of no file
	}
	end := i + len(raw)
	lines := linesAt(text, end)
	path, skip, ok := classify(raw, where, lines.end > 0)
	if !ok {
		return ref, stop, false
	}
	ref = reference{start: i + skip, end: end, path: path}
	if lines.end > 0 && !strings.HasSuffix(path, "/") {
		ref.end, ref.lines, ref.digits, ref.backwards = lines.end, lines.lines, lines.digits, lines.backwards
	}
	return ref, max(ref.end, stop), true
}

// blobURL matches what stands before the path of a file in an address of
// GitHub, behind the scheme.
var blobURL = regexp.MustCompile(`^://(?:www\.)?github\.com/[\w.-]+/[\w.-]+/(?:blob|tree|blame|raw)/(?:release/)?[\w.-]+/`)

// joined returns the length of the first of two whole paths that a slash
// joins, as in a.h/source/b.cc; 0 when run is one path or a pair.
func joined(run []byte) int {
	for i, b := range run {
		if b == '/' && joins(run[:i]) && bytes.ContainsAny(run[i+1:], "./") && len(run)-i > len("/.cpp") {
			return i
		}
	}
	return 0
}

// joins says whether a path of code ends right before a slash.
func joins(before []byte) bool {
	dot := bytes.LastIndexByte(before, '.')
	return dot >= 0 && codeEndings[string(before[dot+1:])]
}

// wordEnd returns the end of the word, up to white space or a closing mark,
// that goes on at i.
func wordEnd(text []byte, i int) int {
	for i < len(text) && bytes.IndexByte([]byte(" \t\r\n`\"')|>"), text[i]) < 0 {
		i++
	}
	return i
}

// includes matches what stands before the file name of an #include.
var includes = regexp.MustCompile(`#\s*include\s*["<]$|\binclude!?\(?\s*"$`)

// refusedBefore reports whether what stands before a run says that it is no
// path of a tree: an #include, the port of a host, a scoped name, a label.
func refusedBefore(before, run []byte) bool {
	if bytes.HasPrefix(run, []byte("//")) || bytes.HasPrefix(run, []byte("-")) || bytes.IndexByte(run, '@') >= 0 {
		return true
	}
	n := len(before)
	if n == 0 {
		return false
	}
	switch before[n-1] {
	case ':':
		return n > 1 && before[n-2] == ':' || '0' <= run[0] && run[0] <= '9'
	case '>':
		return n > 1 && before[n-2] != '-' && before[n-2] != ' ' && run[0] == '/' // <name>/config.cc
	case '}', '%', '\\', '&', '=':
		return run[0] == '/'
	case '"', '<':
		return includes.Match(before[max(0, n-16):])
	}
	return false
}

// refusedAfter reports whether what follows a run says that it is no path: a
// placeholder goes on, or a call's arguments.
func refusedAfter(run, after []byte) bool {
	if len(after) == 0 {
		return false
	}
	switch after[0] {
	case '<', '{', '[':
		return bytes.HasSuffix(run, []byte("/")) || bytes.HasSuffix(run, []byte("_")) || bytes.HasSuffix(run, []byte("$"))
	case '(':
		near := after[:min(len(after), 80)]
		return !wordedLines.Match(near) && !bareRange.Match(near)
	case ':':
		return placeholderLine.Match(after[:min(len(after), 24)])
	}
	return false
}

// placeholderLine matches what stands for a line number in a template:
// `archivo.cc:línea`.
var placeholderLine = regexp.MustCompile(`^:(?:<|\{|\[|(?:l[ií]neas?|lines?|lineno|linenum|start|inicio|N+|X+|Y+)\b)`)

// foundLines is a range of lines as written, end 0 when there is none.
type foundLines struct {
	lines     indexer.Lines
	digits    [2]int
	end       int // of the whole form
	backwards bool
}

// The ways to write lines after a path, with or without words. Both have two
// groups: the first and the last line.
var (
	// :60  :394-420  :L10-L20  :~60  :60:5  #L10  #L10-L20  #L10C2-L20C3
	markedLines = regexp.MustCompile(`^(?::[~≈]?[Ll]?|: ?[~≈]?[Ll]?|#[Ll])(\d{1,7})(?:C\d+)?(?:(?:-|–|—|\.\.)[Ll]?(\d{1,7})(?:C\d+)?)?`)
	// `a.cc`:60
	tickedLines = regexp.MustCompile("^`[*_]*:[Ll]?(\\d{1,7})(?:[-–—][Ll]?(\\d{1,7}))?\\b")
	// (líneas 10-20)  , línea 10  en la línea 10  (alrededor de las líneas 10 a 20)  (L10-L20)  / **Línea**: 10
	wordedLines = regexp.MustCompile("^[`*_]*" + `[ \t]*[,;:—–/~@-]?[ \t]*(\((?:[^()\n]{0,40}[ ,;:])??|)[ \t]*` +
		`(?i:(?:en|in|at|around|near|about|ver|see|cerca de|hacia|alrededor de|aprox\.?|aproximadamente|sobre|desde)[ \t]+)*` +
		`(?i:(?:la|las|the)[ \t]+)?[~≈*_]*(?:(?i:l[ií]neas?|lines?|l[ií]n\.|ln\.?|l\.)[*_]*:?[*_]*[ \t]*[~≈]?[ \t]?L?(\d{1,7})|L(\d{2,7}))` +
		`(?:[ \t]*(?:-|–|—|\.\.|(?i:a|al|to|hasta|through))[ \t]*(?i:la[ \t]+)?L?(\d{1,7}))?(\)?)`)
	// `a.cc` and on the next line  - **Líneas**: 10-20
	labelledLines = regexp.MustCompile("^[`*_]*[ \t]*\r?\n[ \t]*(?:[-*+>][ \t]+)?[*_]*" +
		"(?i:l[ií]neas?|lines?)[*_]*:[*_]*[ \t]*`?[~≈]?L?(\\d{1,7})(?:[ \t]*[-–—][ \t]*L?(\\d{1,7}))?")
	// a.cc (10-20)
	bareRange = regexp.MustCompile(`^ ?\(L?(\d{1,7})[-–]L?(\d{1,7})\)`)
	// líneas 10-20 de …  sed -n '10,20p' …  vim +10 …
	linesBefore = regexp.MustCompile(`(?:(?i:l[ií]neas?|lines?)[ \t]+[~≈]?(\d{1,7})(?:[ \t]*(?:-|–|—|(?i:a|al|to))[ \t]*(\d{1,7}))?[ \t]+(?i:de|del|en|of|in)[ \t]+` +
		`(?i:(?:el|la|the)[ \t]+)?(?i:(?:archivo|fichero|file)[ \t]+)?|\bsed -n ['"]?(\d{1,7}),(\d{1,7})p['"]?[ \t]+|[ \t]-L ?(\d{1,7}),(\d{1,7})(?:[ \t]+--)?[ \t]+|[ \t]\+(\d{1,7})[ \t]+)` + "[`*_]*$")
)

// linesAt reads the lines written right after a path that ends at i, in the
// same stretch.
func linesAt(text []byte, i int) foundLines {
	rest := text[i:min(len(text), i+96)]
	if len(rest) == 0 {
		return foundLines{}
	}
	if rest[0] == ':' || rest[0] == '#' {
		return marked(text, i, rest)
	}
	if rest[0] != '(' && !bytes.HasPrefix(rest, []byte(" (")) {
		return foundLines{}
	}
	if m := bareRange.FindSubmatchIndex(rest); m != nil {
		return found(text, i, m[2], m[3], m[4], m[5], m[1])
	}
	if !speaksOfLines(rest) {
		return foundLines{}
	}
	if m := wordedLines.FindSubmatchIndex(rest); m != nil && m[3] > m[2] && m[11] > m[10] { // between parentheses
		return worded(text, i, rest)
	}
	return foundLines{}
}

// worded reads the lines that words begin.
func worded(text []byte, i int, rest []byte) foundLines {
	m := wordedLines.FindSubmatchIndex(rest)
	if m == nil {
		return foundLines{}
	}
	first := m[4:6]
	if first[0] < 0 {
		first = m[6:8]
	}
	return found(text, i, first[0], first[1], m[8], m[9], m[1])
}

// ticked reads the lines behind a closing backtick.
func ticked(text []byte, i int, rest []byte) foundLines {
	if m := tickedLines.FindSubmatchIndex(rest); m != nil {
		return found(text, i, m[2], m[3], m[4], m[5], m[1])
	}
	return foundLines{}
}

// speaksOfLines says whether a text may name lines in words: whether it has
// one of the letters that every such word has, before a digit.
func speaksOfLines(text []byte) bool {
	return bytes.ContainsAny(text, "0123456789") &&
		(bytes.Contains(text, []byte("ne")) || bytes.Contains(text, []byte("NE")) || bytes.ContainsAny(text, "Ll"))
}

// marked reads the lines that a colon or a number sign begins.
func marked(text []byte, i int, rest []byte) foundLines {
	m := markedLines.FindSubmatchIndex(rest)
	if m == nil {
		return foundLines{}
	}
	end := m[1]
	spaced := rest[0] == ':' && len(rest) > 1 && rest[1] == ' '
	follows := byte(' ')
	if end < len(rest) {
		follows = rest[end]
	}
	if end+1 < len(rest) && follows == ':' && isDigit(rest[end+1]) { // a column
		for end++; end < len(rest) && isDigit(rest[end]); end++ {
		}
	} else if isWord(follows) || follows == '.' && end+1 < len(rest) && isDigit(rest[end+1]) || spaced && m[4] < 0 {
		return foundLines{}
	}
	return found(text, i, m[2], m[3], m[4], m[5], end)
}

// linesNear reads lines that words tie to the reference text[start:end] but
// that stand outside it: "`a.cc` (líneas 3-9)", "la línea 3 de `a.cc`".
func linesNear(text []byte, start, end int) foundLines {
	rest := text[end:min(len(text), end+96)]
	if bytes.HasPrefix(rest, []byte("`")) {
		if lines := ticked(text, end, rest); lines.end > 0 {
			return lines
		}
	}
	if speaksOfLines(rest) {
		if m := labelledLines.FindSubmatchIndex(rest); m != nil {
			return found(text, end, m[2], m[3], m[4], m[5], m[1])
		}
		if lines := worded(text, end, rest); lines.end > 0 {
			return lines
		}
	}
	from := max(0, start-64)
	if before := text[from:start]; !speaksOfLines(before) && bytes.IndexByte(before, '+') < 0 && !bytes.Contains(before, []byte("sed")) {
		return foundLines{}
	}
	if m := linesBefore.FindSubmatchIndex(text[from:start]); m != nil {
		for g := 2; g < len(m); g += 4 {
			if m[g] < 0 {
				continue
			}
			last := [2]int{-1, -1}
			if g+3 < len(m) {
				last = [2]int{m[g+2], m[g+3]}
			}
			return found(text, from, m[g], m[g+1], last[0], last[1], m[1])
		}
	}
	return foundLines{}
}

// found makes a range from the offsets, relative to base, of its numbers.
func found(text []byte, base, first, firstEnd, last, lastEnd, end int) foundLines {
	f := foundLines{digits: [2]int{base + first, base + firstEnd}, end: base + end}
	f.lines.First, _ = strconv.Atoi(string(text[base+first : base+firstEnd]))
	f.lines.Last = f.lines.First
	if last >= 0 {
		f.lines.Last, _ = strconv.Atoi(string(text[base+last : base+lastEnd]))
		f.digits[1] = base + lastEnd
	}
	if f.lines.Last < f.lines.First {
		f.lines.First, f.lines.Last, f.backwards = f.lines.Last, f.lines.First, true
	}
	if f.lines.First == 0 {
		return foundLines{}
	}
	return f
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func isWord(b byte) bool {
	return isDigit(b) || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || b == '_' || b >= utf8.RuneSelf
}
