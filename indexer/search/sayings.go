package search

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"
	"sync"
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
// course or in others that mean the same: it forgives accents and endings, and
// knows the Spanish words for the English ones of code. "balanceo" is found
// where a lesson says "balanceadores" or "load balancing", and where a class is
// called a balancer.
type Sayings struct {
	passages []Passage
	sections []float64    // of each passage: how much a word of its section's title counts
	subjects []subjectAt  // of all passages, in order
	symbols  int          // different ones
	words    []sayingWord // different ones
	byForm   []int32      // words in the order of their forms
	byRoot   map[string][]int32
	working  sync.Pool // *hearing
}

// subjectAt is a subject: a passage and an index in its Subjects.
type subjectAt struct{ passage, subject, symbol int32 }

// sayingWord is a word as it is written, accents and capitals aside.
type sayingWord struct {
	form, root string
	weight     float64 // more for a word that is rare
	places     []sayingPlace
	names      []int32 // subjects whose names have it
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
	inName
	sayingFields
)

// What a word counts where it stands.
var fieldWeights = [sayingFields]float64{inTitle: 1.2, inSection: 2.4, inText: 2, inName: 2.6}

const (
	// How alike a word is to one of the query.
	sameForm  = 1.0
	sameRoot  = 0.8
	sameSense = 0.75 // another word for it
	alsoSense = 0.4  // the same, where the course has the word itself
	beginning = 0.5  // it begins with the last one, which is being typed
	likeForm  = 0.3  // it is spelled almost so

	// Each further field that has a word, and each further passage about a
	// symbol, counts that much of what it would alone.
	furtherField   = 0.25
	furtherPassage = 0.12
	furtherLesson  = 0.6
	maxFurther     = 8

	// apart is what the words of a query count where no passage has enough of
	// them, but all passages about a symbol together have.
	apart = 0.45

	// enoughSaid is how much of a query, by the weight of its words, a passage
	// must have: of two words both, of three two.
	enoughSaid = 0.62

	// enoughKnown is the same where nothing has enough, but the course has all of
	// the words somewhere.
	enoughKnown = 0.45

	maxAsked = 12 // words of a query
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
	s := &Sayings{passages: passages, sections: make([]float64, len(passages)), byRoot: map[string][]int32{}}
	ids, symbols := map[string]int32{}, map[string]int32{}
	word := func(form string) *sayingWord {
		id, ok := ids[form]
		if !ok {
			id = int32(len(s.words))
			ids[form] = id
			s.words = append(s.words, sayingWord{form: form, root: root(form)})
		}
		return &s.words[id]
	}
	for i, p := range passages {
		titled := 0
		for field, text := range [...]string{inTitle: p.Title, inSection: p.Section, inText: p.Text} {
			var folders [][]int
			if sayingField(field) == inText {
				folders = inFolders.FindAllStringIndex(text, -1)
			}
			for form, at := range sayingWords(text) {
				if slices.ContainsFunc(folders, func(f []int) bool { return f[0] <= at.Start && at.End <= f[1] }) {
					continue
				}
				w := word(form)
				w.places = append(w.places, sayingPlace{int32(i), sayingField(field), at})
				if sayingField(field) == inSection {
					titled++
				}
			}
		}
		s.sections[i] = 0.7 + 0.3/float64(max(1, titled)) // more of a title that is about nothing else
		for j, subject := range p.Subjects {
			symbol, ok := symbols[subject.Same]
			if !ok {
				symbol = int32(len(symbols))
				symbols[subject.Same] = symbol
			}
			for form := range sayingWords(subject.Name) {
				w := word(form)
				w.names = append(w.names, int32(len(s.subjects)))
			}
			s.subjects = append(s.subjects, subjectAt{int32(i), int32(j), symbol})
		}
	}
	s.symbols = len(symbols)
	s.order()
	return s
}

// inFolders matches the folders of a path, which say where things are rather
// than what they do.
var inFolders = regexp.MustCompile(`(?:[\w.-]+/){2,}`)

// order makes the tables of words, and sets their weights by how many passages
// have their root.
func (s *Sayings) order() {
	for i := range s.words {
		s.byForm = append(s.byForm, int32(i))
		s.byRoot[s.words[i].root] = append(s.byRoot[s.words[i].root], int32(i))
	}
	slices.SortFunc(s.byForm, func(a, b int32) int { return strings.Compare(s.words[a].form, s.words[b].form) })
	for _, family := range s.byRoot {
		having := map[int32]bool{}
		for _, id := range family {
			for _, p := range s.words[id].places {
				having[p.passage] = true
			}
		}
		for _, id := range family {
			s.words[id].weight = s.weight(len(having))
		}
	}
}

// weight is that of a word that so many passages have.
func (s *Sayings) weight(passages int) float64 {
	return 1 + math.Log(float64(1+len(s.passages))/float64(1+passages))
}

// Search returns the symbols of which something is said that has the words of
// the query, those that say nothing left out: the one that it is said of most
// to the point first, at most limit of those that keep lets through, all when
// it is nil. A word that weighs little may be missing. The last one may be
// incomplete. Where nothing is spelled as a word is, a letter of it may be
// wrong.
func (s *Sayings) Search(query string, limit int, keep func(indexer.SymbolRef) bool) []SayingHit {
	var asked []string
	for form := range sayingWords(query) {
		if !slices.Contains(asked, form) && len(asked) < maxAsked {
			asked = append(asked, form)
		}
	}
	if len(asked) == 0 || limit <= 0 || len(s.subjects) == 0 {
		return nil
	}
	h, _ := s.working.Get().(*hearing)
	if h == nil {
		h = &hearing{fields: make([][sayingFields - 1]float64, len(s.passages)), names: make([]float64, len(s.subjects))}
	}
	defer s.working.Put(h)
	h.reset(len(s.subjects), s.symbols)
	for i, form := range asked {
		s.hear(h, form, i == len(asked)-1)
	}
	if h.asked == 0 {
		return nil
	}
	hits := s.hits(h, enoughSaid, limit, keep)
	if len(hits) == 0 && h.known {
		hits = s.hits(h, enoughKnown, limit, keep)
	}
	return hits
}

// hearing is what subjects have of a query.
type hearing struct {
	fields [][sayingFields - 1]float64 // of the word at hand, by passage
	names  []float64                   // of the word at hand, by subject
	score  []float64                   // by subject
	had    []float64                   // by subject: weight of the words that it has
	whole  []float64                   // by symbol, as score
	got    []float64                   // by symbol, as had
	most   []float64                   // of the word at hand, by symbol
	asked  float64                     // weight of all words
	words  []map[int32]float64         // of the course, for each of the query
	known  bool                        // the course has all words
}

func (h *hearing) reset(subjects, symbols int) {
	zero := func(all *[]float64, n int) { *all = append((*all)[:0], make([]float64, n)...) }
	zero(&h.score, subjects)
	zero(&h.had, subjects)
	zero(&h.whole, symbols)
	zero(&h.got, symbols)
	zero(&h.most, symbols)
	h.asked, h.words, h.known = 0, nil, true
}

// hear adds what subjects have of one word of a query.
func (s *Sayings) hear(h *hearing, form string, typing bool) {
	likeness := s.alike(form, typing)
	h.words = append(h.words, likeness)
	best, weight := s.listen(h, likeness)
	if len(likeness) == 0 {
		if strings.HasSuffix(form, "mente") {
			return
		}
		weight = s.weight(0)
	}
	h.known = h.known && best >= alsoSense
	part := math.Sqrt(weight)
	h.asked += part
	for i, at := range s.subjects {
		most, sum := h.names[i], h.names[i]
		for _, value := range &h.fields[at.passage] {
			most, sum = max(most, value), sum+value
		}
		if most > 0 {
			most += furtherField * (sum - most)
			h.score[i] += most
			h.had[i] += part
			h.most[at.symbol] = max(h.most[at.symbol], most*s.subject(at).Share)
		}
	}
	for i, most := range h.most {
		if most > 0 {
			h.whole[i] += most
			h.got[i] += part
		}
	}
	clear(h.most)
}

// listen notes where the words stand that are alike, and returns the best
// likeness and the weight of the word that has it, of several the least.
func (s *Sayings) listen(h *hearing, likeness map[int32]float64) (best, weight float64) {
	clear(h.fields)
	clear(h.names)
	for id, like := range likeness {
		w := &s.words[id]
		if like > best || like == best && w.weight < weight {
			best, weight = like, w.weight
		}
		for _, place := range w.places {
			value := like * w.weight * fieldWeights[place.field]
			if place.field == inSection {
				value *= s.sections[place.passage]
			}
			f := &h.fields[place.passage][place.field]
			*f = max(*f, value)
		}
		for _, subject := range w.names {
			h.names[subject] = max(h.names[subject], like*w.weight*fieldWeights[inName])
		}
	}
	return best, weight
}

// hits returns the symbols that have enough of a query.
func (s *Sayings) hits(h *hearing, enough float64, limit int, keep func(indexer.SymbolRef) bool) []SayingHit {
	var found []int32 // subjects
	for i, at := range s.subjects {
		part, whole := h.had[i]/h.asked, h.got[at.symbol]/h.asked
		if h.had[i] == 0 || whole < enough {
			continue
		}
		h.score[i] *= part * part * s.subject(at).Share
		if part < enough {
			h.score[i] = apart * part * whole * whole * h.whole[at.symbol]
		}
		found = append(found, int32(i))
	}
	slices.SortFunc(found, func(a, b int32) int {
		return cmp.Or(cmp.Compare(s.subjects[a].symbol, s.subjects[b].symbol), cmp.Compare(h.score[b], h.score[a]), cmp.Compare(a, b))
	})
	var hits []SayingHit
	for len(found) > 0 {
		symbol := s.subjects[found[0]].symbol
		n := 1
		for n < len(found) && s.subjects[found[n]].symbol == symbol {
			n++
		}
		first := s.subjects[found[0]]
		hit := SayingHit{Symbol: s.subject(first).Symbol, Passage: int(first.passage), Score: h.score[found[0]]}
		if d := slices.IndexFunc(found[:n], func(i int32) bool { return s.subject(s.subjects[i]).Definition }); d >= 0 {
			hit.Symbol = s.subject(s.subjects[found[d]]).Symbol
		}
		hit.Score += s.further(h, found[:n])
		if keep == nil || keep(hit.Symbol) {
			hits = append(hits, hit)
		}
		found = found[n:]
	}
	slices.SortFunc(hits, func(a, b SayingHit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Passage, b.Passage),
			cmp.Compare(a.Symbol.File, b.Symbol.File), cmp.Compare(a.Symbol.Symbol, b.Symbol.Symbol))
	})
	hits = hits[:min(limit, len(hits))]
	for i := range hits {
		hits[i].Fragment = s.fragment(hits[i].Passage, h.words)
	}
	return hits
}

// further returns what the passages about one symbol, the best first, add to the
// best. Where one word is asked for they are those of other lessons most: what
// many speak of is what it means.
func (s *Sayings) further(h *hearing, found []int32) (sum float64) {
	lessons := map[string]bool{s.passages[s.subjects[found[0]].passage].Title: true}
	for n, i := range found[1:] {
		title := s.passages[s.subjects[i].passage].Title
		switch {
		case len(h.words) == 1 && !lessons[title]:
			sum += furtherLesson * h.score[i]
		case n < maxFurther:
			sum += furtherPassage * h.score[i]
		}
		lessons[title] = true
	}
	return sum
}

func (s *Sayings) subject(at subjectAt) *Subject { return &s.passages[at.passage].Subjects[at.subject] }

// alike returns the words of the course that a word of a query means, and how
// alike they are.
func (s *Sayings) alike(form string, typing bool) map[int32]float64 {
	const minTyped, minSpelled = 3, 5
	all := map[int32]float64{}
	put := func(ids []int32, like float64) {
		for _, id := range ids {
			all[id] = max(all[id], like)
		}
	}
	stem := root(form)
	for _, id := range s.byRoot[stem] {
		all[id] = sameRoot
		if s.words[id].form == form {
			all[id] = sameForm
		}
	}
	sense := sameSense
	if len(all) > 0 {
		sense = alsoSense
	}
	for _, other := range senses[stem] {
		put(s.byRoot[other], sense)
	}
	if typing && len(form) >= minTyped {
		put(s.beginning(form), beginning)
		if len(stem) > 4 {
			put(s.beginning(stem), beginning)
		}
	}
	if len(all) > 0 || len(form) < minSpelled {
		return all
	}
	almost := func(root string) bool {
		return len(root) >= minSpelled && root[0] == stem[0] && isOneEdit(root, stem)
	}
	for known, ids := range s.byRoot {
		if almost(known) {
			put(ids, likeForm)
		}
	}
	for known, others := range senses {
		if almost(known) {
			for _, other := range others {
				put(s.byRoot[other], likeForm)
			}
		}
	}
	return all
}

// minReplaced is how long a word is in which another letter in the place of one
// is a mistake: in a shorter one it makes another word, as caché of coche.
const minReplaced = 7

// isOneEdit says whether one letter was added, left out, swapped with the next,
// or, in a longer word, replaced.
func isOneEdit(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	from := 0
	for from < len(a) && a[from] == b[from] {
		from++
	}
	to := 0
	for to < len(a)-from && a[len(a)-1-to] == b[len(b)-1-to] {
		to++
	}
	left, other := a[from:len(a)-to], b[from:len(b)-to]
	swapped := len(left) == 2 && len(other) == 2 && left[0] == other[1] && left[1] == other[0]
	return len(other) == 1 && (len(left) == 0 || len(b) >= minReplaced) || swapped
}

// beginning returns the words that begin so.
func (s *Sayings) beginning(form string) []int32 {
	from, _ := slices.BinarySearchFunc(s.byForm, form, func(id int32, form string) int { return strings.Compare(s.words[id].form, form) })
	to := from
	for to < len(s.byForm) && strings.HasPrefix(s.words[s.byForm[to]].form, form) {
		to++
	}
	return s.byForm[from:to]
}

// fragment returns the piece of a passage that has most of the words.
func (s *Sayings) fragment(passage int, words []map[int32]float64) Fragment {
	var spans []span
	for _, likeness := range words {
		for id := range likeness {
			places := s.words[id].places
			from, _ := slices.BinarySearchFunc(places, int32(passage), func(p sayingPlace, passage int32) int { return cmp.Compare(p.passage, passage) })
			for ; from < len(places) && places[from].passage == int32(passage); from++ {
				if places[from].field == inText {
					spans = append(spans, places[from].span)
				}
			}
		}
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End)) })
	return fragment(s.passages[passage].Text, slices.Compact(spans))
}

// sayingWords yields the words of a text as they are compared, folded, and
// where they stand. Identifiers fall into their words, but not mTLS and CAs;
// HTTP/2 is http2. Words that say nothing are left out.
func sayingWords(text string) func(yield func(string, span) bool) {
	return func(yield func(string, span) bool) {
		put := func(from, to int) bool {
			form := foldWord(text[from:to])
			return len(form) < 2 || emptyWords[form] || yield(form, span{from, to})
		}
		start, before := -1, rune(0) // of the word, and the rune before
		for i, r := range text {
			_, size := utf8.DecodeRuneInString(text[i:])
			after := text[i+size:]
			switch {
			case r == '/' && unicode.IsLetter(before) && isNumber(after):
			case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r):
				if start >= 0 && !put(start, i) {
					return
				}
				start = -1
			case start < 0:
				start = i
			case unicode.IsUpper(r) && (unicode.IsLower(before) && !(i == start+1 && upperFollows(after)) || unicode.IsUpper(before) && lowerFollows(after)):
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

// lowerFollows says whether a text begins with a small letter, other than the s
// of a plural.
func lowerFollows(text string) bool {
	r, n := utf8.DecodeRuneInString(text)
	next, _ := utf8.DecodeRuneInString(text[n:])
	return unicode.IsLower(r) && (r != 's' || unicode.IsLetter(next))
}

func upperFollows(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(r)
}

// isNumber says whether a text begins with a digit that is all of a word.
func isNumber(text string) bool {
	return text != "" && '0' <= text[0] && text[0] <= '9' && (len(text) == 1 || !isWordByte(text[1]))
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
		if r != '/' {
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), "n\u0303", "ñ")
}

const (
	accented = "áàâäéèêëíìîïóòôöúùûü"
	plain    = "aaaaeeeeiiiioooouuuu"
)

// emptyWords say nothing: bleve's list of Spanish, but for those that mean
// something where computers are spoken of, and with those by which people ask.
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
	for word := range strings.FieldsSeq("hace hacen hacer mira mirar ver saber explica funciona funcionan funcionamiento usa usan usar utiliza utilizan " +
		"implementa implementan implementado implementada implementacion codigo esta estan encuentra llama " +
		"the of an to is for on at by with and or how what where who which when does do it from that this") {
		all[word] = true
	}
	return all
}()

// endings make Spanish words, and English ones that are alike, out of others;
// the longest first. What they leave of a word has minStem bytes at least.
var endings = []string{"amiento", "imiento", "amente", "acion", "icion", "ation", "adora", "edora", "idora", "iendo", "ador", "edor", "idor", "ando", "ante", "ated", "arse", "erse", "irse",
	"ado", "ada", "ido", "ida", "ing", "ate", "ed", "ar", "er", "ir", "or", "eo", "ea", "an", "en"}

const (
	minStem = 4
	minRoot = 3
)

// root returns what words of one family begin with: "balanc" for balanceo,
// balanceadores and balancer; "http" for http2. It takes a folded word.
func root(word string) string {
	if rest := strings.TrimRight(word, "0123456789"); len(rest) >= minRoot {
		word = rest
	}
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
