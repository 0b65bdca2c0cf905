package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"

	"navigator/indexer"
)

// Passage is something that a course says, and what it says it of.
type Passage struct {
	Title    string // of the lesson
	Section  string // titles of the section and of those around it
	Text     string // plain text or Markdown
	Subjects []Subject
}

// Subject is a symbol that a passage speaks of.
type Subject struct {
	Symbol indexer.SymbolRef
	Name   string  // qualified; its words are found as those of the passage are
	Same   string  // equal for all declarations of one symbol
	Share  float64 // 0 to 1: how much of the passage is about it

	Definition bool // rather than a declaration: of several, the one to show
}

// Sayings finds symbols by what a course says of them, in the words of the
// course. It forgives accents and endings: "balanceo" is found where a lesson
// says "balanceadores", and where a class is called a balancer.
//
// A course has a few thousand passages of a few dozen words, so a search tries
// each different word of it, in some 100 µs.
type Sayings struct {
	passages []Passage
	sections [][]span // words of the section's title, for how much of it a query is
	words    []sayingWord
	names    map[nameOf][]int32 // words in the names of subjects
}

// nameOf is a subject: a passage and an index in its Subjects.
type nameOf struct{ passage, subject int32 }

// sayingWord is a word as it is written, accents and capitals aside.
type sayingWord struct {
	form, root string
	weight     float64 // more for a word that is rare
	places     []sayingPlace
}

type sayingPlace struct {
	passage int32
	field   sayingField
	span    span
}

type span = Range

type sayingField uint8

const (
	inTitle sayingField = iota
	inSection
	inText
)

// What a word counts where it stands.
var fieldWeights = [...]float64{inTitle: 1.2, inSection: 2.4, inText: 2}

const (
	inNameWeight = 1.6

	// How alike a word is to one of the query.
	sameForm  = 1.0
	sameRoot  = 0.8
	beginning = 0.5 // it begins with the last one, which is being typed
	likeForm  = 0.3 // it is spelled almost so

	// Each further field that has a word, and each further passage about a
	// symbol, counts that much of what it would alone.
	furtherField   = 0.25
	furtherPassage = 0.12
	maxFurther     = 8
)

// SayingHit is a symbol that a query found.
type SayingHit struct {
	Symbol   indexer.SymbolRef
	Passage  int // the one that speaks of it most to the point
	Score    float64
	Fragment Fragment // of the passage's text; it has no matches when its titles do
}

// NewSayings returns a search of passages. Their order decides among equals.
func NewSayings(passages []Passage) *Sayings {
	s := &Sayings{passages: passages, sections: make([][]span, len(passages)), names: map[nameOf][]int32{}}
	ids := map[string]int32{}
	word := func(form string) int32 {
		id, ok := ids[form]
		if !ok {
			id = int32(len(s.words))
			ids[form] = id
			s.words = append(s.words, sayingWord{form: form, root: root(form)})
		}
		return id
	}
	for i, p := range passages {
		for field, text := range [...]string{inTitle: p.Title, inSection: p.Section, inText: p.Text} {
			for form, at := range sayingWords(text) {
				w := &s.words[word(form)]
				w.places = append(w.places, sayingPlace{int32(i), sayingField(field), at})
				if sayingField(field) == inSection {
					s.sections[i] = append(s.sections[i], at)
				}
			}
		}
		for j, subject := range p.Subjects {
			for form := range sayingWords(subject.Name) {
				key := nameOf{int32(i), int32(j)}
				s.names[key] = append(s.names[key], word(form))
			}
		}
	}
	s.weigh()
	return s
}

// weigh sets the weights of words by how many passages have their root.
func (s *Sayings) weigh() {
	having, last := map[string]int{}, map[string]int32{}
	for i := range s.words {
		w := &s.words[i]
		for _, p := range w.places {
			if seen, ok := last[w.root]; !ok || seen != p.passage {
				last[w.root] = p.passage
				having[w.root]++
			}
		}
	}
	for i := range s.words {
		s.words[i].weight = 1 + math.Log(float64(1+len(s.passages))/float64(1+having[s.words[i].root]))
	}
}

// Search returns the symbols of which something is said that has all words of
// the query, those that say nothing left out: the one that it is said of most
// to the point first, at most limit. The last word may be incomplete. Unless
// something is spelled so, a letter of a long word may be wrong.
func (s *Sayings) Search(query string, limit int) []SayingHit {
	var asked []string
	for form := range sayingWords(query) {
		if !slices.Contains(asked, form) {
			asked = append(asked, form)
		}
	}
	if len(asked) == 0 || limit <= 0 {
		return nil
	}
	hits := s.search(asked, false)
	if len(hits) == 0 {
		hits = s.search(asked, true)
	}
	return hits[:min(limit, len(hits))]
}

// heard is what a word of the query has in one passage.
type heard struct {
	fields [len(fieldWeights)]float64 // best likeness, weighted
	spans  []span                     // in the text
}

func (f *heard) score() float64 {
	best, sum := 0.0, 0.0
	for _, v := range f.fields {
		best, sum = max(best, v), sum+v
	}
	return best + furtherField*(sum-best)
}

func (s *Sayings) search(asked []string, spelling bool) []SayingHit {
	likeness := make([]map[int32]float64, len(asked)) // of the words of the course
	places := make([]map[int32]*heard, len(asked))    // by passage
	for i, form := range asked {
		likeness[i] = s.alike(form, i == len(asked)-1, spelling)
		places[i] = s.find(likeness[i])
	}
	type symbol struct {
		best    SayingHit
		defined bool
		scores  []float64
	}
	symbols := map[string]*symbol{}
	for p := range s.passages {
		for j, subject := range s.passages[p].Subjects {
			score := 0.0
			for i := range asked {
				word := s.named(nameOf{int32(p), int32(j)}, likeness[i])
				if f := places[i][int32(p)]; f != nil {
					word = max(word, f.score()) + furtherField*min(word, f.score())
				}
				if score += word; word == 0 {
					score = 0
					break
				}
			}
			if score *= subject.Share; score == 0 {
				continue
			}
			known := symbols[subject.Same]
			if known == nil {
				known = &symbol{}
				symbols[subject.Same] = known
			}
			known.scores = append(known.scores, score)
			if score > known.best.Score {
				known.best.Passage, known.best.Score = p, score
			}
			if len(known.scores) == 1 || subject.Definition && !known.defined {
				known.best.Symbol, known.defined = subject.Symbol, subject.Definition
			}
		}
	}
	hits := make([]SayingHit, 0, len(symbols))
	for _, known := range symbols {
		slices.SortFunc(known.scores, func(a, b float64) int { return cmp.Compare(b, a) })
		for _, further := range known.scores[1:min(len(known.scores), 1+maxFurther)] {
			known.best.Score += furtherPassage * further
		}
		hits = append(hits, known.best)
	}
	slices.SortFunc(hits, func(a, b SayingHit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Passage, b.Passage),
			cmp.Compare(a.Symbol.File, b.Symbol.File), cmp.Compare(a.Symbol.Symbol, b.Symbol.Symbol))
	})
	for i := range hits {
		hits[i].Fragment = s.fragment(hits[i].Passage, places)
	}
	return hits
}

// alike returns the words of the course that a word of a query means, and how
// alike they are, times their weight.
func (s *Sayings) alike(form string, typing, spelling bool) map[int32]float64 {
	const minTyped, minSpelled = 3, 5
	stem := root(form)
	var near *myers
	if spelling && len(form) >= minSpelled {
		near = newMyers(form)
	}
	all := map[int32]float64{}
	for i := range s.words {
		w := &s.words[i]
		like := 0.0
		switch {
		case w.form == form:
			like = sameForm
		case w.root == stem:
			like = sameRoot
		case typing && len(form) >= minTyped && (strings.HasPrefix(w.form, form) || len(stem) > 4 && strings.HasPrefix(w.root, stem)):
			like = beginning
		case near != nil && len(w.form) >= minSpelled && near.distance(w.form) == 1:
			like = likeForm
		default:
			continue
		}
		all[int32(i)] = like * w.weight
	}
	return all
}

// find returns what the passages have of words.
func (s *Sayings) find(likeness map[int32]float64) map[int32]*heard {
	all := map[int32]*heard{}
	for id, like := range likeness {
		for _, place := range s.words[id].places {
			f := all[place.passage]
			if f == nil {
				f = &heard{}
				all[place.passage] = f
			}
			value := like * fieldWeights[place.field]
			switch place.field {
			case inSection:
				// More of a title that is about nothing else.
				value *= 0.7 + 0.3/float64(len(s.sections[place.passage]))
			case inText:
				f.spans = append(f.spans, place.span)
			}
			f.fields[place.field] = max(f.fields[place.field], value)
		}
	}
	return all
}

// named returns what a subject's name has of words.
func (s *Sayings) named(subject nameOf, likeness map[int32]float64) float64 {
	best := 0.0
	for _, id := range s.names[subject] {
		best = max(best, likeness[id]*inNameWeight)
	}
	return best
}

func (s *Sayings) fragment(passage int, places []map[int32]*heard) Fragment {
	var spans []span
	for _, byPassage := range places {
		if f := byPassage[int32(passage)]; f != nil {
			spans = append(spans, f.spans...)
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	return fragment(s.passages[passage].Text, slices.Compact(spans))
}

// sayingWords yields the words of a text as they are compared, folded, and
// where they stand. Identifiers fall into their words. Words that say nothing
// are left out.
func sayingWords(text string) func(yield func(string, span) bool) {
	return func(yield func(string, span) bool) {
		put := func(from, to int) bool {
			form := foldWord(text[from:to])
			return len(form) < 2 || emptyWords[form] || yield(form, span{from, to})
		}
		start, before := -1, rune(0) // of the word, and the rune before
		for i, r := range text {
			switch {
			case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r):
				if start >= 0 && !put(start, i) {
					return
				}
				start = -1
			case start < 0:
				start = i
			case unicode.IsUpper(r) && (unicode.IsLower(before) || unicode.IsUpper(before) && lowerFollows(text[i+utf8.RuneLen(r):])):
				if !put(start, i) {
					return
				}
				start = i
			}
			before = r
		}
		if start >= 0 {
			put(start, len(text))
		}
	}
}

func lowerFollows(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLower(r)
}

// foldWord returns a word in small letters without accents; ñ stays.
func foldWord(word string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(word) {
		if i := strings.IndexRune(accented, r); i >= 0 {
			r = rune(plain[utf8.RuneCountInString(accented[:i])])
		} else if unicode.Is(unicode.Mn, r) && r != '\u0303' {
			continue // an accent that is a rune of its own
		}
		b.WriteRune(r)
	}
	return strings.ReplaceAll(b.String(), "n\u0303", "ñ")
}

const (
	accented = "áàâäéèêëíìîïóòôöúùûü"
	plain    = "aaaaeeeeiiiioooouuuu"
)

// emptyWords say nothing: bleve's list of Spanish, but for those that mean
// something where computers are spoken of.
var emptyWords = func() map[string]bool {
	list := analysis.NewTokenMap()
	if err := list.LoadBytes(es.SpanishStopWords); err != nil {
		panic(err) // it is part of the program
	}
	all := map[string]bool{}
	for word := range list {
		all[foldWord(word)] = true
	}
	for _, word := range []string{"estado", "estados", "sentido", "sentidos", "fuera", "nada"} {
		delete(all, word)
	}
	return all
}()

// endings make Spanish words, and English ones that are alike, out of others;
// the longest first. What they leave of a word has minStem bytes at least.
var endings = []string{"amiento", "imiento", "acion", "adora", "edora", "idora", "iendo", "ador", "edor", "idor", "ando", "ante",
	"ado", "ada", "ido", "ida", "ing", "ate", "ar", "er", "ir", "or", "eo", "ea", "an", "en"}

const (
	minStem = 4
	minRoot = 3
)

// root returns what words of one family begin with: "balanc" for balanceo,
// balanceadores and balancer. It takes a folded word.
func root(word string) string {
	if rest, ok := strings.CutSuffix(word, "s"); ok && len(rest) >= minRoot && rest[len(rest)-1] != 's' {
		word = rest
		if rest, ok = strings.CutSuffix(word, "e"); ok && len(rest) >= minRoot && strings.IndexByte("dlnrjxz", rest[len(rest)-1]) >= 0 {
			word = rest // conexiones, redes
		}
	}
	for _, ending := range endings {
		if rest, ok := strings.CutSuffix(word, ending); ok && len(rest) >= minStem {
			word = rest
			break
		}
	}
	for len(word) > minRoot && strings.IndexByte("aeioy", word[len(word)-1]) >= 0 {
		word = word[:len(word)-1]
	}
	return word
}
