package server

import (
	"html/template"
	"slices"
	"strings"
	"unicode/utf8"
)

// Pair says that a line of one text is the same as one of another; both are
// indexes.
type Pair struct{ Old, New int }

// pairRow is a line as it was, a line as it is, or both.
type pairRow struct {
	Kind  string // "same", "changed", "removed", "added", "around" or "folded"
	A     int    // number of the line as it was, 0 for none
	Old   template.HTML
	B     int // number of the line as it is, 0 for none
	New   template.HTML
	In    bool   // the line as it is belongs to the range in question, or to one that lessons speak of
	InOld bool   // so does the line as it was
	Count int    // with folded: the lines that are not shown
	More  string // with folded: where they are

	Before, After []group // what lessons say of ranges that begin here, of either side
}

// part returns the lines from first to last, which t has.
func (t *shownText) part(first, last int) shownText {
	out := shownText{first, t.lines[first-t.first : last-t.first+1], nil}
	for n := first; n <= last; n++ {
		for _, token := range tokensOfLine(t.tokens, n-t.first+1) {
			token.Line -= int32(first - t.first)
			out.tokens = append(out.tokens, token)
		}
	}
	return out
}

// sideBySide lays two texts beside each other, given the lines that are the
// same. Of what differs in between, lines that are alike stand beside each
// other, with their changes marked.
func sideBySide(old, fresh *shownText, same []Pair) []pairRow {
	var rows []pairRow
	a, b := 0, 0
	for _, p := range append(slices.Clone(same), Pair{len(old.lines), len(fresh.lines)}) {
		rows = append(rows, differing(old, fresh, a, p.Old, b, p.New)...)
		if p.Old < len(old.lines) && p.New < len(fresh.lines) {
			row := pairRow{Kind: "same", A: old.first + p.Old, B: fresh.first + p.New}
			was, is := changes(old.lines[p.Old], fresh.lines[p.New]) // of white space
			if was != nil || is != nil {
				row.Kind = "changed"
			}
			row.Old, row.New = old.html(row.A, was), fresh.html(row.B, is)
			rows = append(rows, row)
		}
		a, b = p.Old+1, p.New+1
	}
	return rows
}

const (
	alikeEnough = 0.4   // the share of two lines' lexemes in common from which one is the other, changed
	mostPairs   = 40000 // pairs of lines that are compared in one stretch
)

// differing lays the lines a to a2 of old beside b to b2 of fresh, none of which
// are the same.
func differing(old, fresh *shownText, a, a2, b, b2 int) (rows []pairRow) {
	removed := func(to int) {
		for ; a < to; a++ {
			rows = append(rows, pairRow{Kind: "removed", A: old.first + a, Old: old.html(old.first+a, nil)})
		}
	}
	added := func(to int) {
		for ; b < to; b++ {
			rows = append(rows, pairRow{Kind: "added", B: fresh.first + b, New: fresh.html(fresh.first+b, nil)})
		}
	}
	start, begin := a, b
	for _, p := range alikeLines(old.lines[a:a2], fresh.lines[b:b2]) {
		i, j := start+p.Old, begin+p.New
		removed(i)
		added(j)
		was, is := changes(old.lines[i], fresh.lines[j])
		rows = append(rows, pairRow{
			Kind: "changed",
			A:    old.first + i, Old: old.html(old.first+i, was),
			B: fresh.first + j, New: fresh.html(fresh.first+j, is),
		})
		a, b = i+1, j+1
	}
	removed(a2)
	added(b2)
	return rows
}

// alikeLines pairs the lines of two texts that are alike, in the order of both,
// so that they are as much alike in all as can be.
func alikeLines(old, fresh []string) []Pair {
	if len(old) == 0 || len(fresh) == 0 || len(old)*len(fresh) > mostPairs {
		return nil
	}
	alike := make([][]float64, len(old))
	a, b := make([][]lexeme, len(old)), make([][]lexeme, len(fresh))
	for i, line := range old {
		a[i] = lexemes([]string{line})
	}
	for j, line := range fresh {
		b[j] = lexemes([]string{line})
	}
	for i := range old {
		alike[i] = make([]float64, len(fresh))
		for j := range fresh {
			if _, _, share := common(a[i], b[j]); share >= alikeEnough {
				alike[i][j] = share
			}
		}
	}
	best := make([][]float64, len(old)+1) // best[i][j]: what old[i:] and fresh[j:] can have
	for i := range best {
		best[i] = make([]float64, len(fresh)+1)
	}
	for i := len(old) - 1; i >= 0; i-- {
		for j := len(fresh) - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if alike[i][j] > 0 {
				best[i][j] = max(best[i][j], best[i+1][j+1]+alike[i][j])
			}
		}
	}
	var pairs []Pair
	for i, j := 0, 0; i < len(old) && j < len(fresh); {
		switch {
		case alike[i][j] > 0 && best[i][j] == best[i+1][j+1]+alike[i][j]:
			pairs = append(pairs, Pair{i, j})
			i, j = i+1, j+1
		case best[i+1][j] >= best[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// changes returns what differs between two lines, to the character: between the
// lexemes that they have in common, all but the characters at either end that
// are the same.
func changes(old, fresh string) (was, is []Range) {
	if old == fresh {
		return nil, nil
	}
	a, b := lexemes([]string{old}), lexemes([]string{fresh})
	inA, inB, _ := common(a, b)
	i, j, from, begin := 0, 0, 0, 0
	mark := func(to, end int) {
		x, y := old[from:to], fresh[begin:end]
		lead := commonLead(x, y)
		tail := commonTail(x[lead:], y[lead:])
		if lead+tail < len(x) {
			was = append(was, Range{from + lead, to - tail})
		}
		if lead+tail < len(y) {
			is = append(is, Range{begin + lead, end - tail})
		}
	}
	for {
		for i < len(a) && !inA[i] {
			i++
		}
		for j < len(b) && !inB[j] {
			j++
		}
		if i == len(a) || j == len(b) {
			mark(len(old), len(fresh))
			return was, is
		}
		mark(a[i].start, b[j].start)
		from, begin = a[i].start+len(a[i].text), b[j].start+len(b[j].text)
		i, j = i+1, j+1
	}
}

// commonLead returns how many bytes of whole characters two texts begin with
// alike.
func commonLead(a, b string) int {
	n := 0
	for n < len(a) {
		_, size := utf8.DecodeRuneInString(a[n:])
		if !strings.HasPrefix(b[n:], a[n:n+size]) {
			break
		}
		n += size
	}
	return n
}

// commonTail returns how many bytes of whole characters two texts end with
// alike.
func commonTail(a, b string) int {
	n := 0
	for n < len(a) {
		_, size := utf8.DecodeLastRuneInString(a[:len(a)-n])
		if !strings.HasSuffix(b[:len(b)-n], a[len(a)-n-size:len(a)-n]) {
			break
		}
		n += size
	}
	return n
}
