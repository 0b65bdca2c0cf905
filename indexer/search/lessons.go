package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	regexpchars "github.com/blevesearch/bleve/v2/analysis/char/regexp"
	"github.com/blevesearch/bleve/v2/analysis/lang/es"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/registry"
	bleveresult "github.com/blevesearch/bleve/v2/search"
	"github.com/blevesearch/bleve/v2/search/query"
)

// LessonDoc is a section of a lesson.
type LessonDoc struct {
	ID           string // of the lesson
	Title        string // of the lesson
	SectionTitle string // "" above the first section
	Anchor       string // of the section, "" above the first
	Text         string // plain text or Markdown
}

// Lessons searches lessons by their text in Spanish: accents, plurals and the
// last letter of a noun or adjective are forgiven, and so are one or two
// mistyped letters if nothing is spelled as the query. Spanish words find the
// English ones for the same.
type Lessons struct {
	docs     []LessonDoc
	index    bleve.Index
	analyzer analysis.Analyzer
}

// LessonHit is a section that a query found.
type LessonHit struct {
	Doc      LessonDoc
	Fragment Fragment
}

// Fragment is a piece of a text with what matched in it.
type Fragment struct {
	Text    string
	Matches []Range
}

// The fields of a lesson's document, and how much more a word counts in each.
const (
	titleField   = "title"
	sectionField = "section"
	textField    = "text"
)

var fieldBoosts = []struct {
	field string
	boost float64
}{
	{sectionField, 3}, // says what the document is about
	{titleField, 2},   // the same for all sections of the lesson
	{textField, 1},
}

const spanish = "spanish"

// NewLessons indexes documents in memory. The order of docs decides among
// equals.
func NewLessons(docs []LessonDoc) (*Lessons, error) {
	m, err := lessonMapping()
	if err != nil {
		return nil, fmt.Errorf("indexing lessons: %w", err)
	}
	l := &Lessons{docs: docs, analyzer: m.AnalyzerNamed(spanish)}
	if l.index, err = bleve.NewMemOnly(m); err != nil {
		return nil, fmt.Errorf("indexing lessons: %w", err)
	}
	batch := l.index.NewBatch()
	for i, d := range docs {
		fields := map[string]any{titleField: d.Title, sectionField: d.SectionTitle, textField: d.Text}
		if err := batch.Index(strconv.Itoa(i), fields); err != nil {
			return nil, fmt.Errorf("indexing lesson %s: %w", d.ID, err)
		}
	}
	if err := l.index.Batch(batch); err != nil {
		return nil, fmt.Errorf("indexing lessons: %w", err)
	}
	return l, nil
}

// roots is the name of a filter that adds to each word its root: both stand in
// the same place.
const roots = "roots"

type rootFilter struct{}

func (rootFilter) Filter(words analysis.TokenStream) analysis.TokenStream {
	all := make(analysis.TokenStream, 0, 2*len(words))
	for _, word := range words {
		form := foldWord(string(word.Term))
		word.Term = []byte(form)
		all = append(all, word)
		if stem := root(form); stem != form {
			of := *word
			of.Term = []byte(stem)
			all = append(all, &of)
		}
	}
	return all
}

func init() {
	err := registry.RegisterTokenFilter(roots, func(map[string]any, *registry.Cache) (analysis.TokenFilter, error) {
		return rootFilter{}, nil
	})
	if err != nil {
		panic(err) // the name is taken
	}
}

// lessonMapping leaves out the words that say nothing in Spanish, and takes the
// parts of paths and identifiers apart: "conn_manager.h" is three words.
func lessonMapping() (*mapping.IndexMappingImpl, error) {
	m := bleve.NewIndexMapping()
	err := m.AddCustomCharFilter("separators", map[string]any{
		"type": regexpchars.Name, "regexp": `[_.:/#]`, "replace": " ",
	})
	if err != nil {
		return nil, err
	}
	err = m.AddCustomAnalyzer(spanish, map[string]any{
		"type":          custom.Name,
		"char_filters":  []string{"separators"},
		"tokenizer":     unicode.Name,
		"token_filters": []string{lowercase.Name, es.StopName, roots},
	})
	if err != nil {
		return nil, err
	}
	field := bleve.NewTextFieldMapping()
	field.Analyzer, field.Store, field.IncludeInAll, field.DocValues = spanish, false, false, false
	for _, f := range fieldBoosts {
		m.DefaultMapping.AddFieldMappingsAt(f.field, field)
	}
	m.DefaultAnalyzer = spanish
	return m, nil
}

// Close frees the index. No search may be under way.
func (l *Lessons) Close() error { return l.index.Close() }

// Search returns the sections that have every word of the query, words that
// say nothing left out, the best first, at most limit. The last word may be
// incomplete.
func (l *Lessons) Search(ctx context.Context, text string, limit int) ([]LessonHit, error) {
	tokens := l.analyzer.Analyze([]byte(text))
	if len(tokens) == 0 || limit <= 0 {
		return nil, nil
	}
	for edits := range 3 {
		hits, err := l.search(ctx, tokens, edits, limit)
		if err != nil || len(hits) > 0 {
			return hits, err
		}
	}
	return nil, nil
}

func (l *Lessons) search(ctx context.Context, tokens analysis.TokenStream, edits, limit int) ([]LessonHit, error) {
	last := tokens[len(tokens)-1].Position
	words := make([]*query.DisjunctionQuery, last+1) // by position
	all := bleve.NewConjunctionQuery()
	for _, token := range tokens {
		word := words[token.Position]
		if word == nil {
			word = bleve.NewDisjunctionQuery()
			words[token.Position] = word
			all.AddQuery(word)
			addSlips(word, string(token.Term), edits)
		}
		addWord(word, string(token.Term), token.Position == last)
	}
	request := bleve.NewSearchRequestOptions(all, limit, 0, false)
	request.IncludeLocations = true
	request.SortBy([]string{"-_score", "_id"})
	result, err := l.index.SearchInContext(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("searching lessons: %w", err)
	}
	hits := make([]LessonHit, 0, len(result.Hits))
	for _, match := range result.Hits {
		i, err := strconv.Atoi(match.ID)
		if err != nil {
			return nil, fmt.Errorf("searching lessons: %w", err)
		}
		hits = append(hits, LessonHit{
			Doc:      l.docs[i],
			Fragment: fragment(l.docs[i].Text, ranges(match)),
		})
	}
	return hits, nil
}

// addWord has a query find a word, too, in any field, and others that mean the
// same; one that is being typed also as the beginning of others.
func addWord(anywhere *query.DisjunctionQuery, term string, typing bool) {
	for _, f := range fieldBoosts {
		add(anywhere, bleve.NewTermQuery(term), f.field, f.boost)
		if typing && len(term) > 1 {
			add(anywhere, bleve.NewPrefixQuery(term), f.field, f.boost/4)
		}
		for _, other := range senses[term] {
			add(anywhere, bleve.NewTermQuery(other), f.field, f.boost/2)
		}
	}
}

// addSlips has a query find the words that are spelled almost as one, with so
// many edits, one for five letters at most.
func addSlips(anywhere *query.DisjunctionQuery, term string, edits int) {
	if edits = min(edits, len(term)/5); edits == 0 {
		return
	}
	for _, f := range fieldBoosts {
		fuzzy := bleve.NewFuzzyQuery(term)
		fuzzy.SetFuzziness(edits)
		add(anywhere, fuzzy, f.field, f.boost)
	}
}

func add(to *query.DisjunctionQuery, q interface {
	query.BoostableQuery
	query.FieldableQuery
}, field string, boost float64) {
	q.SetField(field)
	q.SetBoost(boost)
	to.AddQuery(q)
}

// ranges returns what matched in the text, in order and without overlaps.
func ranges(match *bleveresult.DocumentMatch) []Range {
	var all []Range
	for _, locations := range match.Locations[textField] {
		for _, l := range locations {
			all = append(all, Range{int(l.Start), int(l.End)})
		}
	}
	slices.SortFunc(all, func(a, b Range) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	return slices.Compact(all)
}

const fragmentSize = 240 // bytes

// fragment returns the stretch of text with the most matches, from one blank
// to another.
func fragment(text string, matches []Range) Fragment {
	best, most := 0, -1
	for i := range matches {
		n := 0
		for n < len(matches)-i && matches[i+n].End <= matches[i].Start+fragmentSize*3/4 {
			n++
		}
		if n > most {
			best, most = i, n
		}
	}
	start := 0
	if len(matches) > 0 {
		start = max(matches[best].Start-fragmentSize/4, 0)
	}
	end := min(start+fragmentSize, len(text))
	start, end = atBlank(text, start, -1), atBlank(text, end, 1)
	f := Fragment{Text: text[start:end]}
	for _, m := range matches {
		if start <= m.Start && m.End <= end {
			f.Matches = append(f.Matches, Range{m.Start - start, m.End - start})
		}
	}
	return f
}

// atBlank returns the place nearest to i, in steps of step, where a blank or
// an end of the text is; or a rune's start if that is far.
func atBlank(text string, i, step int) int {
	const far = 40
	for n := 0; n < far; n++ {
		at := i + n*step
		if at <= 0 || at >= len(text) {
			return min(max(at, 0), len(text))
		}
		if strings.IndexByte(" \n\t", text[at]) >= 0 {
			if step < 0 {
				return at + 1
			}
			return at
		}
	}
	for i > 0 && i < len(text) && text[i]&0xC0 == 0x80 {
		i--
	}
	return i
}
