package search

import (
	"math/bits"
	"slices"
	"strings"
)

// pattern is a query made ready to be compared with many names.
type pattern struct {
	text     string
	folded   string
	parts    []string // the words of a query with blanks, else the query; folded
	capitals bool     // only capitals, two or more
	mask     uint64   // letters of folded
	first    uint64   // the first of them
	edits    *myers   // nil when the query is too short or too long for edits
}

func newPattern(text string) *pattern {
	p := &pattern{text: text, folded: fold(text)}
	p.parts = []string{p.folded}
	if strings.Contains(text, " ") {
		p.parts = p.wordsOf()
	}
	p.mask = letters(p.folded)
	if i := strings.IndexFunc(p.folded, isWordRune); i >= 0 {
		p.first = letters(p.folded[i : i+1])
	}
	p.capitals = len(text) > 1
	for i := 0; i < len(text); i++ {
		p.capitals = p.capitals && isUpper(text[i])
	}
	if len(p.parts) == 1 {
		p.edits = newMyers(p.folded)
	}
	return p
}

// wordsOf returns the words of the query, folded.
func (p *pattern) wordsOf() (parts []string) {
	for start, end := range words(p.text) {
		parts = append(parts, p.folded[start:end])
	}
	return parts
}

// matcher compares names with a pattern. It is not safe for use by several
// goroutines.
type matcher struct {
	*pattern
	words  []Range // of the name
	failed bitset  // places from which humps are known not to match
	ranges []Range
}

// match returns how alike a name of t and the pattern are, as a score from rank.go,
// and which parts of the name matched; 0 for not at all. The ranges are valid
// until the next call. Edits are not forgiven.
func (m *matcher) match(t *nameTable, id uint32) (score int, ranges []Range) {
	name, folded := t.name(id), t.foldedName(id)
	m.ranges = m.ranges[:0]
	if len(m.parts) != 1 {
		return m.matchParts(name, folded), m.ranges
	}
	extra := m.extra(name)
	if strings.HasPrefix(folded, m.folded) {
		m.ranges = append(m.ranges, Range{0, len(m.folded)})
		sameCase := strings.HasPrefix(name, m.text)
		switch {
		case len(folded) == len(m.folded) && sameCase:
			return exactCase, m.ranges
		case len(folded) == len(m.folded):
			return exactFolded, m.ranges
		case sameCase && m.text != m.folded: // who types small letters means both
			return prefixCase - extra, m.ranges
		}
		return prefixFolded - extra, m.ranges
	}
	if m.mask&^t.mask[id] != 0 {
		return 0, nil
	}
	if m.first&^t.initials[id] == 0 && isSubsequence(m.folded, folded) {
		if score := m.matchHumps(name, folded); score > 0 {
			return score - extra, m.ranges
		}
	}
	if i := strings.Index(folded, m.folded); i >= 0 {
		m.ranges = append(m.ranges, Range{i, i + len(m.folded)})
		return inside - extra, m.ranges
	}
	return 0, nil
}

// spelled returns the score of a name that is a few edits away from the query
// or continues what is, 0 for any other.
func (p *pattern) spelled(folded string) int {
	extra := p.extra(folded)
	switch p.edits.distance(folded) {
	case 1:
		return oneEdit - extra
	case 2:
		return twoEdits - extra
	}
	return 0
}

// extra returns what a name costs for being longer than the query.
func (p *pattern) extra(name string) int {
	return min(max(len(name)-len(p.folded), 0)*extraByte, maxExtra)
}

// matchParts matches several words, each of which must begin a word of the
// name.
func (m *matcher) matchParts(name, folded string) int {
	m.splitWords(name)
	for _, part := range m.parts {
		i := slices.IndexFunc(m.words, func(w Range) bool { return strings.HasPrefix(folded[w.Start:], part) })
		if i < 0 {
			return 0
		}
		at := m.words[i].Start
		m.ranges = append(m.ranges, Range{at, at + len(part)})
	}
	return wordsAnyOrder - m.extra(name)
}

func (m *matcher) splitWords(name string) {
	m.words = m.words[:0]
	for start, end := range words(name) {
		m.words = append(m.words, Range{start, end})
	}
}

// matchHumps matches the query as beginnings of words of the name, one after
// the other: "connMan", "conn_man" and "connman" all match
// ConnectionManagerImpl. Where the query changes to a capital a word begins.
func (m *matcher) matchHumps(name, folded string) int {
	m.splitWords(name)
	if len(m.words) == 0 {
		return 0
	}
	m.failed = append(m.failed[:0], make(bitset, (len(m.words)*(len(m.folded)+1)+63)/64)...)
	if !m.humpsFrom(folded, 0, 0) {
		return 0
	}
	first, left, hit := -1, 0, 0 // the first word that matched, words left out, words that matched
	r := 0
	for i, w := range m.words {
		matched := false
		for r < len(m.ranges) && m.ranges[r].Start < w.End {
			matched = true
			r++
		}
		switch {
		case matched:
			if first < 0 {
				first = i
			}
			hit++
		case first >= 0 && r < len(m.ranges):
			left++
		}
	}
	skipped := first + left
	switch {
	case left > 0:
		return humpsApart - skippedWord*skipped
	case hit == 1:
		return wordStart - skippedWord*skipped
	case m.capitals && hit == len(m.words) && hit == len(m.folded):
		return exactInitials + maxExtra
	}
	return humps - skippedWord*skipped
}

// humpsFrom matches the query from q on with the words from w on, and appends
// the ranges.
func (m *matcher) humpsFrom(folded string, q, w int) bool {
	for q < len(m.folded) && !isWordByte(m.folded[q]) {
		q++
	}
	if q == len(m.folded) {
		return q > 0
	}
	for ; w < len(m.words); w++ {
		place := q*len(m.words) + w
		if m.failed.has(place) {
			return false // and so from the words after it
		}
		at := m.words[w].Start
		longest := m.run(folded[at:], q)
		for n := longest; n > 0; n-- {
			if q+n < len(m.folded) && n < longest && m.inWord(q+n) {
				continue
			}
			m.ranges = append(m.ranges, Range{at, at + n})
			if m.humpsFrom(folded, q+n, m.wordAfter(w, at+n)) {
				return true
			}
			m.ranges = m.ranges[:len(m.ranges)-1]
		}
		m.failed.add(place)
	}
	return false
}

// run returns how many bytes of the query from q on stand at the beginning of
// s, up to where the query begins another word.
func (m *matcher) run(s string, q int) int {
	n := 0
	for q+n < len(m.folded) && n < len(s) && m.folded[q+n] == s[n] && (n == 0 || !m.beginsWord(q+n)) {
		n++
	}
	return n
}

// beginsWord reports whether the query must begin a word at q: a capital after
// a small letter.
func (m *matcher) beginsWord(q int) bool {
	return q > 0 && isUpper(m.text[q]) && !isUpper(m.text[q-1])
}

// inWord reports whether the query cannot begin a word at q: a small letter in
// a query that has capitals.
func (m *matcher) inWord(q int) bool {
	return q > 0 && isLower(m.text[q]) && m.folded != m.text
}

// wordAfter returns the first word after w that does not begin before at.
func (m *matcher) wordAfter(w, at int) int {
	for w++; w < len(m.words) && m.words[w].Start < at; w++ {
	}
	return w
}

// myers counts edits between a pattern of up to 64 bytes and names: Gene
// Myers, A Fast Bit-Vector Algorithm for Approximate String Matching Based on
// Dynamic Programming, JACM 46 (1999), in the form of Hyyrö (2003), which also
// counts a transposition as one edit.
type myers struct {
	size  int
	limit int         // edits that are forgiven
	mask  uint64      // letters of the pattern
	at    [256]uint64 // where in the pattern a byte stands
}

// newMyers returns nil for patterns that are so short that edits would match
// anything, or too long.
func newMyers(folded string) *myers {
	if len(folded) < 4 || len(folded) > 64 {
		return nil
	}
	m := &myers{size: len(folded), limit: 2, mask: letters(folded)}
	if len(folded) < 7 {
		m.limit = 1
	}
	for i := 0; i < len(folded); i++ {
		m.at[folded[i]] |= 1 << i
	}
	return m
}

// possible reports whether a name of those letters can be near the pattern.
func (m *myers) possible(letters uint64) bool {
	return bits.OnesCount64(m.mask&^letters) <= m.limit
}

// distance returns the number of edits between the pattern and the name or a
// beginning of it, -1 when above the limit.
func (m *myers) distance(folded string) int {
	if len(folded) < m.size-m.limit {
		return -1
	}
	folded = folded[:min(len(folded), m.size+m.limit)]
	pv, mv, d0, lastAt := ^uint64(0), uint64(0), uint64(0), uint64(0)
	last := uint64(1) << (m.size - 1)
	score, best := m.size, m.size
	for i := 0; i < len(folded); i++ {
		at := m.at[folded[i]]
		transposed := (((^d0) & at) << 1) & lastAt
		d0 = (((at & pv) + pv) ^ pv) | at | mv | transposed
		ph, mh := mv|^(d0|pv), pv&d0
		if ph&last != 0 {
			score++
		}
		if mh&last != 0 {
			score--
		}
		best = min(best, score)
		if left := len(folded) - 1 - i; best > m.limit && score-left > m.limit {
			return -1 // each byte brings it down by one at most
		}
		ph, mh = ph<<1|1, mh<<1
		pv, mv = mh|^(d0|ph), ph&d0
		lastAt = at
	}
	return best
}
