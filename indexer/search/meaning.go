package search

import (
	"slices"
	"strings"
)

// meant tries what the words of the query mean, if nothing is spelled so.
func (s *symbolSearch) meant() error {
	if len(s.top.hits) > 0 {
		return nil
	}
	return s.byMeaning(s.query.Name)
}

// byMeaning tries the names in which a word for each of the query begins a
// word, if some of the query's are known to mean others.
func (s *symbolSearch) byMeaning(name string) error {
	wanted := meanings(name)
	if len(wanted) == 0 {
		return nil
	}
	var having bitset
	for _, words := range wanted {
		one, err := s.engine.names.withOneOf(words)
		if err != nil {
			return err
		}
		if having != nil {
			one.and(having)
		}
		having = one
	}
	for id := range having.all {
		if further, ok := furtherWords(s.engine.names.table.name(uint32(id)), wanted); ok {
			s.add(uint32(id), wordsMeant-furtherWord*further)
		}
	}
	return nil
}

// meanings returns, for each word of a query that says something, it and what
// it means in other words; nil where none of them is known.
func meanings(query string) [][]string {
	var all [][]string
	known := false
	for form := range sayingWords(query) {
		others := wordsMeaning[root(form)]
		known = known || len(others) > 0
		all = append(all, append([]string{form}, others...))
	}
	if !known || len(all) > maxAsked {
		return nil
	}
	return all
}

// wordsMeaning are, for a root, the words that stand on lines of the lexicon
// with a word of that root.
var wordsMeaning = func() map[string][]string {
	all := map[string][]string{}
	for alike := range lexiconLines {
		for _, word := range alike {
			stem := root(foldWord(word))
			for _, other := range alike {
				if other = foldWord(other); !slices.Contains(all[stem], other) {
					all[stem] = append(all[stem], other)
				}
			}
		}
	}
	return all
}()

// withOneOf returns the names that have a word that begins with one of these.
func (x *nameIndex) withOneOf(words []string) (bitset, error) {
	all := make(bitset, (x.table.len()+63)/64)
	for _, word := range words {
		names, err := x.withWords([]string{word})
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			all.add(int(name))
		}
	}
	return all, nil
}

// maxInflection is how many letters longer than a word its other forms are.
const maxInflection = 3

// furtherWords returns how many words a name has besides those that are wanted:
// it must have one of each.
func furtherWords(name string, wanted [][]string) (further int, ok bool) {
	var has []string
	for start, end := range words(name) {
		has = append(has, fold(name[start:end]))
	}
	for _, alike := range wanted {
		ok := slices.ContainsFunc(has, func(word string) bool {
			return slices.ContainsFunc(alike, func(other string) bool {
				return strings.HasPrefix(word, other) && len(word)-len(other) <= min(maxInflection, len(other)-1)
			})
		})
		if !ok {
			return 0, false
		}
	}
	return max(len(has)-len(wanted), 0), true
}
