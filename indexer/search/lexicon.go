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

// lexiconLines yields the words of each line.
func lexiconLines(yield func([]string) bool) {
	for line := range strings.Lines(lexicon) {
		if words := strings.Fields(line); len(words) > 0 && !strings.HasPrefix(line, "#") && !yield(words) {
			return
		}
	}
}

// senses are the roots of the words that mean what those of a root do.
var senses = func() map[string][]string {
	all := map[string][]string{}
	for words := range lexiconLines {
		var alike []string
		for _, word := range words {
			if s := root(foldWord(word)); !slices.Contains(alike, s) {
				alike = append(alike, s)
			}
		}
		for i, word := range alike {
			for j, other := range alike {
				if i != j && !slices.Contains(all[word], other) {
					all[word] = append(all[word], other)
				}
			}
		}
	}
	return all
}()
