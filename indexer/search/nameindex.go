package search

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"

	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum/levenshtein"
	zap "github.com/blevesearch/zapx/v17"
)

// nameIndex answers which names have words, initials or spellings like those
// of a query. Names are numbered by their place in the table.
type nameIndex struct {
	segments []nameSegment
	table    nameTable
}

// nameSegment is an open segment of a names index.
type nameSegment struct {
	segment.Segment
	names []uint32 // of each document
}

// openNames opens the names indexes in dirs.
func openNames(dirs []string) (*nameIndex, error) {
	x := new(nameIndex)
	for _, dir := range dirs {
		if err := x.openDir(dir); err != nil {
			return nil, errors.Join(fmt.Errorf("opening names index %s: %w", dir, err), x.close())
		}
	}
	if err := x.readTable(); err != nil {
		return nil, errors.Join(fmt.Errorf("reading names: %w", err), x.close())
	}
	return x, nil
}

func (x *nameIndex) openDir(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) != segmentSuffix {
			continue
		}
		path := filepath.Join(dir, entry.Name())
		if err := checkSegment(path); err != nil {
			return err
		}
		opened, err := new(zap.ZapPlugin).Open(path)
		if err != nil {
			return err
		}
		x.segments = append(x.segments, nameSegment{Segment: opened})
	}
	return nil
}

// checkSegment verifies the checksum in the last four bytes of a segment,
// because bleve trusts what it opens.
func checkSegment(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if body := len(b) - 4; body < zap.FooterSize || crc32.ChecksumIEEE(b[:body]) != binary.BigEndian.Uint32(b[body:]) {
		return fmt.Errorf("%s is damaged: index again", filepath.Base(path))
	}
	return nil
}

func (x *nameIndex) close() error {
	var errs []error
	for _, s := range x.segments {
		errs = append(errs, s.Close())
	}
	x.segments = nil
	return errors.Join(errs...)
}

// readTable merges the names of the segments, which are sorted, and numbers
// their documents.
func (x *nameIndex) readTable() error {
	type cursor struct {
		segment *nameSegment
		name    string
	}
	var cursors []cursor // by name, the least last
	order := func(a, b string) int {
		if c := compareFolded(a, b); c != 0 {
			return c
		}
		return strings.Compare(a, b)
	}
	insert := func(c cursor) {
		at := sort.Search(len(cursors), func(i int) bool { return order(cursors[i].name, c.name) <= 0 })
		cursors = slices.Insert(cursors, at, c)
	}
	advance := func(s *nameSegment) error {
		if uint64(len(s.names)) == s.Count() {
			return nil
		}
		id, err := s.DocID(uint64(len(s.names)))
		if err == nil {
			insert(cursor{s, string(id)})
		}
		return err
	}
	total := 0
	for i := range x.segments {
		s := &x.segments[i]
		s.names = make([]uint32, 0, s.Count())
		total += int(s.Count())
		if err := advance(s); err != nil {
			return err
		}
	}
	b := newNameTableBuilder(total)
	for len(cursors) > 0 {
		least := cursors[len(cursors)-1]
		cursors = cursors[:len(cursors)-1]
		least.segment.names = append(least.segment.names, b.add(least.name))
		if err := advance(least.segment); err != nil {
			return err
		}
	}
	x.table = b.table()
	return nil
}

// withWords returns the names that have, for each of words, a word that begins
// with it; of single letters, which begin too many, no account is taken beside
// longer words.
func (x *nameIndex) withWords(words []string) ([]uint32, error) {
	long := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return len(w) < 2 })
	if len(long) > 0 {
		words = long
	}
	return x.collect(wordField, len(words), func(i int, d segment.TermDictionary) segment.DictionaryIterator {
		return prefixed(d, words[i])
	})
}

// withInitials returns the names whose initials begin with those given.
func (x *nameIndex) withInitials(initials string) ([]uint32, error) {
	return x.collect(humpField, 1, func(_ int, d segment.TermDictionary) segment.DictionaryIterator {
		return prefixed(d, initials)
	})
}

// editBuilders returns what makes automata that forgive one edit and two.
var editBuilders = sync.OnceValues(func() (builders [2]*levenshtein.LevenshteinAutomatonBuilder, err error) {
	for i := range builders {
		if builders[i], err = levenshtein.NewLevenshteinAutomatonBuilder(uint8(i+1), true); err != nil {
			return builders, fmt.Errorf("preparing to forgive mistakes: %w", err)
		}
	}
	return builders, nil
})

// maxSpelled is the longest word, in ASCII, for which an automaton is built:
// longer ones, of equal letters above all, take tens of milliseconds.
const maxSpelled = 16

// withWordsLike returns the names that have, for each of words, a word that is
// one edit away, two if it is long. Short and very long words must begin one.
func (x *nameIndex) withWordsLike(words []string) ([]uint32, error) {
	automata := make([]*levenshtein.DFA, len(words))
	for i, word := range words {
		if len(word) < 4 || len(word) > maxSpelled || !isASCII(word) {
			continue
		}
		edits := 1
		if len(word) > 6 {
			edits = 2
		}
		builders, err := editBuilders()
		if err != nil {
			return nil, err
		}
		if automata[i], err = builders[edits-1].BuildDfa(word, uint8(edits)); err != nil {
			return nil, fmt.Errorf("spelling %q otherwise: %w", word, err)
		}
	}
	return x.collect(wordField, len(words), func(i int, d segment.TermDictionary) segment.DictionaryIterator {
		if automata[i] == nil {
			return prefixed(d, words[i])
		}
		return terms(d, automata[i], nil, nil)
	})
}

// collect returns the names that, for each i below n, have one of the terms
// that find returns.
func (x *nameIndex) collect(field string, n int, find func(i int, d segment.TermDictionary) segment.DictionaryIterator) ([]uint32, error) {
	var names []uint32
	for _, s := range x.segments {
		dictionary, err := s.Dictionary(field)
		if err != nil {
			return nil, err
		}
		var all bitset
		for i := range n {
			some, err := documents(dictionary, find(i, dictionary), len(s.names))
			if err != nil {
				return nil, err
			}
			if all == nil {
				all = some
			} else {
				all.and(some)
			}
			if all.empty() {
				break
			}
		}
		for d := range all.all {
			names = append(names, s.names[d])
		}
	}
	return names, nil
}

// documents returns the documents of the terms of an iterator.
func documents(dictionary segment.TermDictionary, found segment.DictionaryIterator, n int) (bitset, error) {
	set := make(bitset, (n+63)/64)
	var postings segment.PostingsList
	var numbers segment.PostingsIterator
	for {
		entry, err := found.Next()
		if err != nil || entry == nil {
			return set, err
		}
		if postings, err = dictionary.PostingsList([]byte(entry.Term), nil, postings); err != nil {
			return nil, err
		}
		numbers = postings.Iterator(false, false, false, numbers)
		for {
			posting, err := numbers.Next()
			if err != nil {
				return nil, err
			}
			if posting == nil {
				break
			}
			set.add(int(posting.Number()))
		}
	}
}

// prefixed returns an iterator over the terms that begin with prefix.
func prefixed(d segment.TermDictionary, prefix string) segment.DictionaryIterator {
	end := []byte(prefix) // first term after them
	for len(end) > 0 && end[len(end)-1] == 0xff {
		end = end[:len(end)-1]
	}
	if len(end) > 0 {
		end[len(end)-1]++
	}
	return terms(d, nil, []byte(prefix), end)
}

// terms returns an iterator over terms, without their counts where the
// dictionary can leave them out.
func terms(d segment.TermDictionary, a segment.Automaton, start, end []byte) segment.DictionaryIterator {
	type uncounted interface {
		AutomatonIteratorOmitCount(a segment.Automaton, start, end []byte) segment.DictionaryIterator
	}
	if u, ok := d.(uncounted); ok {
		return u.AutomatonIteratorOmitCount(a, start, end)
	}
	return d.AutomatonIterator(a, start, end)
}

// bitset is a set of small numbers.
type bitset []uint64

func (s bitset) add(i int) { s[i/64] |= 1 << (i % 64) }

func (s bitset) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s bitset) and(t bitset) {
	for i := range s {
		s[i] &= t[i]
	}
}

func (s bitset) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

func (s bitset) all(yield func(int) bool) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			if !yield(i*64 + bits.TrailingZeros64(w)) {
				return
			}
		}
	}
}
