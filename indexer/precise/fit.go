package precise

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// encoding says what columns count.
type encoding uint8

// The encodings, numbered as in the protocol.
const (
	unspecified encoding = iota
	utf8Units
	utf16Units
	utf32
)

// An index speaks of the text that there was when it was made. A document that
// carries its text is compared with the file; any other is held against the
// file occurrence by occurrence: a range has to cover exactly an identifier, and
// that one the name of the symbol. Beyond these shares of those that can be
// judged the document is stale, and nothing of it is used.
const (
	maxMisfits = 0.02 // ranges that begin or end inside a word, or outside the text
	maxOdd     = 0.10 // those, and ranges that cover another name: an alias, or another text
)

// found is an occurrence at its place in a file: line and column from 1, in
// bytes.
type found struct {
	line, col, len int32
	symbol         uint32
	roles          uint64
}

func (f *found) declares() bool { return f.roles&(roleDefinition|roleForwardDefinition) != 0 }

// fitting is how well a document fits a text.
type fitting struct {
	found                []found
	fit, odd, misfitting int
}

func (f *fitting) stale() bool {
	judged := float64(f.fit + f.odd + f.misfitting)
	return float64(f.misfitting) > maxMisfits*judged || float64(f.odd+f.misfitting) > maxOdd*judged
}

// verdict says how a range lies on a text.
type verdict uint8

const (
	neutral verdict = iota // on nothing that tells: a string, a sign, a keyword
	exact                  // on the name of the symbol
	odd                    // on another name
	misfit                 // on a part of a word, or on nothing
)

// page is a text by lines.
type page struct {
	text  []byte
	lines []int // offset of each
	ascii bool
}

func newPage(text []byte, lines []int) page {
	lines = append(lines[:0], 0)
	ascii := true
	for i, c := range text {
		if c == '\n' {
			lines = append(lines, i+1)
		}
		ascii = ascii && c < 0x80
	}
	return page{text, lines, ascii}
}

// line returns a line from 0 with its offset, less its line end.
func (p *page) line(n int32) ([]byte, int, bool) {
	if n < 0 || int(n) >= len(p.lines) {
		return nil, 0, false
	}
	from, to := p.lines[n], len(p.text)
	if int(n)+1 < len(p.lines) {
		to = p.lines[n+1] - 1
	}
	return bytes.TrimSuffix(p.text[from:to], []byte("\r")), from, true
}

// column returns the offset in bytes of a column from 0.
func column(line []byte, col int32, enc encoding) (int, bool) {
	if col < 0 {
		return 0, false
	}
	if enc == utf8Units || enc == unspecified {
		return int(col), int(col) <= len(line)
	}
	i := 0
	for left := col; left > 0; left-- {
		if i >= len(line) {
			return 0, false
		}
		r, size := utf8.DecodeRune(line[i:])
		if r > 0xFFFF && enc == utf16Units {
			if left--; left == 0 {
				return 0, false // between the two halves of a character
			}
		}
		i += size
	}
	return i, true
}

// covered returns what a range covers, and its offset in the line.
func (p *page) covered(o *occurrence, enc encoding) (text []byte, col int, v verdict) {
	if !o.hasRange {
		return nil, 0, neutral
	}
	line, _, ok := p.line(o.line)
	if !ok {
		return nil, 0, misfit
	}
	if o.endLine != o.line {
		if _, _, ok := p.line(o.endLine); !ok || o.endLine < o.line {
			return nil, 0, misfit
		}
		return nil, 0, neutral
	}
	from, okFrom := column(line, o.col, enc)
	to, okTo := column(line, o.endCol, enc)
	switch {
	case !okFrom || !okTo || to < from:
		return nil, 0, misfit
	case from == to:
		return nil, 0, neutral
	case from > 0 && isWord(line[from-1]) && isWord(line[from]), to < len(line) && isWord(line[to-1]) && isWord(line[to]):
		return nil, 0, misfit
	}
	return line[from:to], from, exact
}

// stands are words that stand for a name of their own.
var stands = map[string]bool{"Self": true, "self": true, "super": true, "crate": true, "this": true, "auto": true}

// raw begins an identifier of Rust that is a keyword otherwise.
var raw = []byte("r#")

// fitter holds documents against texts.
type fitter struct {
	lines []int
	words map[uint32]string // what symbols without a name of their own are called in the document
	dirty map[int32]bool    // lines on which a name is not where the index has it
}

// fit holds a document against the text of its file. ids are the symbols of its
// occurrences, and nameOf returns the name that a symbol has, "" for none.
func (f *fitter) fit(d *document, text []byte, ids []uint32, nameOf func(uint32) string) (fitting, bool) {
	p := newPage(text, f.lines)
	f.lines = p.lines
	same := d.text != nil && bytes.Equal(d.text, text)
	if d.text != nil && !same {
		return fitting{}, false
	}
	encodings := []encoding{d.encoding}
	if p.ascii {
		encodings[0] = utf8Units
	} else if d.encoding == unspecified || d.encoding > utf32 {
		encodings = []encoding{utf8Units, utf16Units, utf32}
	}
	var best fitting
	for i, enc := range encodings {
		got := f.under(enc, d, &p, ids, nameOf, same)
		if i == 0 || got.fit > best.fit {
			best = got
		}
	}
	return best, same || !best.stale()
}

// under fits a document under an encoding of columns. In a text that is known to
// be the same, a name may be another than the symbol's.
func (f *fitter) under(enc encoding, d *document, p *page, ids []uint32, nameOf func(uint32) string, same bool) (all fitting) {
	f.words, f.dirty = make(map[uint32]string), make(map[int32]bool)
	for i := range d.occurrences {
		if o := &d.occurrences[i]; o.roles&roleDefinition != 0 && nameOf(ids[i]) == "" {
			if word, _, v := p.covered(o, enc); v == exact && isIdentifier(word) {
				f.words[ids[i]] = string(word)
			}
		}
	}
	for i := range d.occurrences {
		o := &d.occurrences[i]
		word, col, v := p.covered(o, enc)
		if v == exact {
			v = f.judge(ids[i], word, nameOf)
		}
		switch v {
		case exact:
			all.fit++
		case odd:
			all.odd++
		case misfit:
			all.misfitting++
		}
		if (v == odd || v == misfit) && !same {
			f.dirty[o.line] = true
		}
		if v == exact || v == odd && same {
			all.found = append(all.found, found{o.line + 1, int32(col) + 1, int32(len(word)), ids[i], o.roles})
		}
	}
	kept := all.found[:0]
	for _, x := range all.found {
		if !f.dirty[x.line-1] {
			kept = append(kept, x)
		}
	}
	all.found = kept
	return all
}

// judge compares a word with the name of the symbol that is said to be there.
func (f *fitter) judge(id uint32, word []byte, nameOf func(uint32) string) verdict {
	if !isIdentifier(word) {
		return neutral
	}
	name := nameOf(id)
	if name == "" {
		if f.words[id] == "" {
			f.words[id] = string(word)
		}
		name = f.words[id]
	}
	switch {
	case string(bytes.TrimPrefix(word, raw)) == strings.TrimPrefix(name, "r#"):
		return exact
	case stands[string(word)]:
		return neutral
	}
	return odd
}
