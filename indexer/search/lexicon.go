package search

import (
	_ "embed"
	"slices"
	"strings"
)

// lexicon has words that mean alike on each line.
//
//go:embed lexicon.txt
var lexicon string

// senses are the roots of the words that mean what those of a root do.
var senses = func() map[string][]string {
	all := map[string][]string{}
	for line := range strings.Lines(lexicon) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		alike := strings.Fields(foldWord(line))
		for _, word := range alike {
			for _, other := range alike {
				from, to := root(word), root(other)
				if from != to && !slices.Contains(all[from], to) {
					all[from] = append(all[from], to)
				}
			}
		}
	}
	return all
}()
