package server

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"navigator/indexer"
)

// Cards stand beside their lines. A browser knows how tall they are once it has
// laid them out; where they stand until then is reckoned here, so that they
// show with the code. Heights are in lines of code.
const (
	cardGap   = 0.5
	cardFrame = 0.6  // what a card has around its text
	cardLine  = 0.92 // a line of its text
	cardProse = 6.3  // as much of an explanation shows in a group that is not active

	// Letters in a line of a card, in a window of 1440 pixels.
	cardLetters = 34
	deskLetters = 24
)

// stand says how tall groups are, with so many letters in a line of a card, and
// where they stand: at or below their first line, none over another. The active
// one that is nearest to the lines that the address asks for is beside them, if
// those above have room; they move up for it, and are folded where they have
// too little. rail.js does the same with what it has measured.
func stand(groups []group, wanted indexer.Lines, letters int) {
	fixed := nearestActive(groups, wanted)
	tops, heights := make([]float64, len(groups)), make([]float64, len(groups))
	for i := range groups {
		tops[i], heights[i] = float64(max(groups[i].Lines.First-1, 0)), groups[i].height(letters)
	}
	fall := func(n int) {
		free := 0.0
		for i := range n {
			tops[i] = max(tops[i], free)
			free = tops[i] + heights[i] + cardGap
		}
	}
	if fixed >= 0 {
		tops[fixed] = float64(max(groups[fixed].Lines.First, wanted.First) - 1)
		if taken := sum(heights[:fixed]) + cardGap*float64(fixed); taken > tops[fixed] {
			for i := range groups[:fixed] {
				groups[i].Folded = true
				heights[i] = groups[i].height(letters)
			}
		}
		fall(fixed)
		for i := fixed - 1; i >= 0; i-- {
			tops[i] = min(tops[i], tops[i+1]-heights[i]-cardGap)
		}
	}
	fall(len(groups))
	for i := range groups {
		groups[i].At, groups[i].Tall = inLines(tops[i]), inLines(heights[i])
	}
}

func sum(all []float64) (total float64) {
	for _, n := range all {
		total += n
	}
	return total
}

func inLines(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) }

// nearestActive returns the index of the active group whose lines are nearest
// to those wanted, -1 for none.
func nearestActive(groups []group, wanted indexer.Lines) int {
	nearest, least := -1, math.MaxInt
	for i, g := range groups {
		distance := max(g.Lines.First-wanted.First, wanted.First-g.Lines.First) + max(g.Lines.Last-wanted.Last, wanted.Last-g.Lines.Last)
		if g.Active && distance < least {
			nearest, least = i, distance
		}
	}
	return nearest
}

// height reckons how tall a group is.
func (g group) height(letters int) float64 {
	rowsOf := func(text string) int { return (utf8.RuneCountInString(text) + letters - 1) / letters }
	tall := 1.2 // its heading
	for i, c := range g.Cards {
		rows := rowsOf(c.Title) + rowsOf(c.Section) + rowsOf("Text of the citation"+string(c.Certainty))
		tall += cardFrame
		if g.Opens(i) {
			text := element.ReplaceAllString(inline.ReplaceAllString(string(c.HTML), ""), " ")
			prose := cardLine * float64(rowsOf(text)+strings.Count(string(c.HTML), "<p>")+strings.Count(string(c.HTML), "<li>"))
			if !g.Active {
				prose = min(prose, cardProse)
			}
			tall += prose + 1.5 // and the link below it
		} else {
			rows += rowsOf(c.Lead)
		}
		tall += cardLine * float64(rows)
	}
	return tall
}
