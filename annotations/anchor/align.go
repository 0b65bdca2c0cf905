// Package anchor ties what a course says to exact lines of the sources.
package anchor

import (
	"unicode/utf8"

	"github.com/sergi/go-diff/diffmatchpatch"
)

// Pair says that two sequences agree: a[A] == b[B].
type Pair struct{ A, B int }

// Align returns the elements that a and b have in common, in the order of
// both: a longest common subsequence, by Myers' O(ND) algorithm. Sequences of
// more than a million different elements have nothing in common.
func Align[T comparable](a, b []T) []Pair {
	runes := make(map[T]rune, len(a)+len(b))
	ra, ok := encode(a, runes)
	if !ok {
		return nil
	}
	rb, ok := encode(b, runes)
	if !ok {
		return nil
	}
	diff := diffmatchpatch.New()
	diff.DiffTimeout = 0 // the least edits, and the same on every machine
	var pairs []Pair
	i, j := 0, 0
	for _, d := range diff.DiffMainRunes(ra, rb, false) {
		n := utf8.RuneCountInString(d.Text)
		switch d.Type {
		case diffmatchpatch.DiffDelete:
			i += n
		case diffmatchpatch.DiffInsert:
			j += n
		case diffmatchpatch.DiffEqual:
			for range n {
				pairs = append(pairs, Pair{i, j})
				i, j = i+1, j+1
			}
		}
	}
	return pairs
}

// encode writes each element as a rune of its own, the same for both
// sequences. Only runes that survive the way through a string are taken.
func encode[T comparable](elements []T, runes map[T]rune) ([]rune, bool) {
	const surrogates, afterSurrogates = 0xD800, 0xE000
	out := make([]rune, len(elements))
	for i, e := range elements {
		r, ok := runes[e]
		if !ok {
			r = rune(len(runes) + 1)
			if r >= surrogates {
				r += afterSurrogates - surrogates
			}
			if r >= utf8.RuneError {
				r++
			}
			if r > utf8.MaxRune {
				return nil, false
			}
			runes[e] = r
		}
		out[i] = r
	}
	return out, true
}
