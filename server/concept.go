package server

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"

	"navigator/annotations"
	"navigator/indexer"
)

// conceptPage is the page of a term: what it means, and its places in the
// sources.
type conceptPage struct {
	page
	Term      annotations.Term
	Defined   []link // sections
	Used      []link // other lessons
	Sources   []conceptSource
	Parallels []parallelEntry
}

// conceptSource is the places of a concept in one source.
type conceptSource struct {
	Name   string
	Places []conceptPlace
}

// conceptPlace is a place that a lesson cites where it speaks of a concept, or
// a symbol of which it says it.
type conceptPlace struct {
	Name    string // of the symbol, else of the file
	Where   string // file, with the lines
	Address string
	Lesson  string // title, and section
	Said    string // address in the lesson
	place   annotations.Place
	rank    int // smaller is nearer to the concept
}

// maxConceptPlaces is how many places of one source are shown.
const maxConceptPlaces = 12

func (s *site) concept(w http.ResponseWriter, r *http.Request, v View) error {
	key := mux.Vars(r)["term"]
	glossary := v.Course().Glossary
	at := slices.IndexFunc(glossary, func(t annotations.Term) bool { return t.Key == key })
	if at < 0 {
		return missing("error.concept", key, nearestTerms(glossary, key))
	}
	t := glossary[at]
	p := conceptPage{page: s.newPage(r, "concept", t.Name), Term: t}
	var places []conceptPlace
	for _, id := range t.Used {
		lesson := v.Course().Lesson(id)
		if lesson == nil {
			continue
		}
		if !p.defines(lesson) {
			p.Used = append(p.Used, link{lesson.Title, lessonAddress(id, "")})
		}
		ls := newLinks(v, p.Lang, lesson)
		spoken := nearnessTo(lesson, t)
		for i := range lesson.Citations {
			if rank := spoken(i); rank > 0 {
				if place, ok := newConceptPlace(v, ls, i, rank); ok {
					places = append(places, place)
				}
			}
		}
		for _, two := range parallelsOf(ls) {
			if spoken(two.A) > 0 || spoken(two.B) > 0 {
				p.Parallels = append(p.Parallels, newParallelEntry(v, ls, two))
			}
		}
	}
	explained, err := explainedPlaces(r.Context(), v, t)
	if err != nil {
		return err
	}
	p.Sources = bySource(v, append(places, explained...))
	return render(w, p.Lang, "concept.html", p)
}

// defines adds the sections of a lesson that define the term.
func (p *conceptPage) defines(lesson *annotations.Lesson) bool {
	defines := false
	for _, at := range p.Term.Defined {
		if at.Lesson != lesson.ID {
			continue
		}
		defines = true
		to := link{lesson.Title, lessonAddress(lesson.ID, "")}
		if 0 <= at.Section && at.Section < len(lesson.Sections) {
			section := lesson.Sections[at.Section]
			to = link{lesson.Title + " · " + sectionName(section), lessonAddress(lesson.ID, section.Anchor)}
		}
		p.Defined = append(p.Defined, to)
	}
	return defines
}

// How near a citation is to a concept.
const (
	isNamedSo   = 0 // it has the term for its name
	saysTerm    = 1 // its paragraph, row or fence has the term
	sameSection = 3 // it stands in the section that defines the term
	wholeFile   = 1 // farther, when it shows no lines
)

// nearnessTo returns how near each citation of a lesson is to a term, 0 for not at
// all.
func nearnessTo(lesson *annotations.Lesson, t annotations.Term) func(citation int) int {
	lines := strings.Split(strings.ToLower(string(lesson.Text)), "\n")
	name := strings.ToLower(t.Name)
	return func(i int) int {
		c := lesson.Citations[i]
		for n := c.Prose.First; n > 0 && n <= min(c.Prose.Last, len(lines)); n++ {
			if strings.Contains(lines[n-1], name) {
				return saysTerm
			}
		}
		if slices.ContainsFunc(t.Defined, func(at annotations.TermPlace) bool { return at.Lesson == lesson.ID && at.Section == c.Section }) {
			return sameSection
		}
		return 0
	}
}

func newConceptPlace(v View, ls links, citation, rank int) (conceptPlace, bool) {
	place, ok := ls.leads(citation)
	if !ok {
		return conceptPlace{}, false
	}
	where := shortName(place)
	p := conceptPlace{Name: cmp.Or(symbolAround(v, place), where), Where: where, Address: placeAddress(place.Source, place.Path, place.Lines),
		Lesson: ls.lesson.Title, Said: lessonAddress(ls.lesson.ID, citationAnchor(citation)), place: place, rank: rank}
	if place.Lines.IsZero() {
		p.rank += wholeFile
	}
	if at := ls.lesson.Citations[citation].Section; 0 <= at && at < len(ls.lesson.Sections) {
		p.Lesson += " · " + sectionName(ls.lesson.Sections[at])
	}
	return p, true
}

// oneWord writes words as one, as names do.
var oneWord = strings.NewReplacer(" ", "", "_", "", "-", "")

// explainedPlaces returns the symbols of which the course says a term.
func explainedPlaces(ctx context.Context, v View, t annotations.Term) ([]conceptPlace, error) {
	hits, err := v.FindExplained(ctx, Query{Text: t.Name, Limit: maxConceptPlaces})
	var all []conceptPlace
	for _, hit := range hits {
		said := newSaidResult(v, hit)
		if said == nil {
			continue
		}
		r := resultOf(v, hit.Symbol)
		place := annotations.Place{Source: r.Source, Path: r.Path, Lines: indexer.Lines{First: int(r.Line), Last: int(r.EndLine)}}
		p := conceptPlace{Name: symbolAround(v, place), Where: shortName(annotations.Place{Path: r.Path, Lines: indexer.Lines{First: int(r.Line), Last: int(r.Line)}}),
			Address: r.Address, Lesson: said.Title, Said: said.Address, place: place, rank: sameSection}
		if said.Section != "" {
			p.Lesson += " · " + said.Section
		}
		p.Name = cmp.Or(p.Name, r.Name)
		if strings.Contains(oneWord.Replace(strings.ToLower(r.Name)), oneWord.Replace(strings.ToLower(t.Name))) {
			p.rank = isNamedSo
		}
		all = append(all, p)
	}
	return all, err
}

// bySource groups places, each symbol or file once, those nearest to the concept
// first.
func bySource(v View, places []conceptPlace) []conceptSource {
	slices.SortStableFunc(places, func(a, b conceptPlace) int { return cmp.Compare(a.rank, b.rank) })
	var all []conceptSource
	for _, source := range v.Sources() {
		found := conceptSource{Name: source.Name}
		for _, p := range places {
			known := slices.ContainsFunc(found.Places, func(o conceptPlace) bool { return o.Name == p.Name && o.place.Path == p.place.Path })
			if p.place.Source == source.Name && !known && len(found.Places) < maxConceptPlaces {
				found.Places = append(found.Places, p)
			}
		}
		if len(found.Places) > 0 {
			all = append(all, found)
		}
	}
	return all
}

// nearestTerms returns links to the terms that share a word with a key.
func nearestTerms(glossary []annotations.Term, key string) []link {
	var near []link
	for _, t := range glossary {
		for word := range strings.SplitSeq(key, "-") {
			if len(word) > 2 && strings.Contains(t.Key, word) {
				near = append(near, link{t.Name, conceptAddress(t.Key)})
				break
			}
		}
	}
	return near
}
