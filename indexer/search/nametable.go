package search

import (
	"sort"
	"strings"
)

// nameTable holds the distinct names of a snapshot in memory, ordered by
// folded name, then name. 75,000 names take 5 MB.
type nameTable struct {
	text     string   // the names, each followed by a newline
	folded   string   // the same, folded
	start    []uint32 // of each name, and the end of the last
	mask     []uint64 // letters of each name, see letters
	initials []uint64 // letters that begin its words
}

func (t *nameTable) len() int { return len(t.mask) }

func (t *nameTable) name(i uint32) string { return t.text[t.start[i] : t.start[i+1]-1] }

func (t *nameTable) foldedName(i uint32) string { return t.folded[t.start[i] : t.start[i+1]-1] }

// prefixed returns the names that begin with a folded prefix: from first to
// last, last excluded.
func (t *nameTable) prefixed(prefix string) (first, last int) {
	first = sort.Search(t.len(), func(i int) bool { return t.foldedName(uint32(i)) >= prefix })
	n := sort.Search(t.len()-first, func(i int) bool { return !strings.HasPrefix(t.foldedName(uint32(first+i)), prefix) })
	return first, first + n
}

// letters returns which letters and digits a folded name has, one bit each.
func letters(folded string) uint64 {
	var m uint64
	for i := 0; i < len(folded); i++ {
		switch c := folded[i]; {
		case isLower(c):
			m |= 1 << (c - 'a')
		case '0' <= c && c <= '9':
			m |= 1 << (26 + c - '0')
		}
	}
	return m
}

type nameTableBuilder struct {
	text, folded []byte
	start        []uint32
	last         string
}

func newNameTableBuilder(names int) *nameTableBuilder {
	const average = 20 // bytes of a name
	return &nameTableBuilder{
		text:   make([]byte, 0, names*average),
		folded: make([]byte, 0, names*average),
		start:  make([]uint32, 0, names+1),
	}
}

// add adds a name, not before the last one, and returns its number.
func (b *nameTableBuilder) add(name string) uint32 {
	if len(b.start) == 0 || name != b.last {
		b.start = append(b.start, uint32(len(b.text)))
		b.text = append(append(b.text, name...), '\n')
		b.folded = append(appendFold(b.folded, name), '\n')
		b.last = name
	}
	return uint32(len(b.start) - 1)
}

func (b *nameTableBuilder) table() nameTable {
	t := nameTable{
		text:     string(b.text),
		folded:   string(b.folded),
		start:    append(b.start, uint32(len(b.text))),
		mask:     make([]uint64, len(b.start)),
		initials: make([]uint64, len(b.start)),
	}
	for i := range t.mask {
		folded := t.foldedName(uint32(i))
		t.mask[i] = letters(folded)
		for at := range words(t.name(uint32(i))) {
			t.initials[i] |= letters(folded[at : at+1])
		}
	}
	return t
}
