package main

import (
	"context"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/annotations/review"
	"navigator/indexer"
	"navigator/indexer/search"
	"navigator/server"
)

// sayings are what a course says of symbols, to be searched.
type sayings struct {
	passages []review.Passage
	search   *search.Sayings
}

// newSayings reads what the documents of a course say. laid are the annotations
// that they lay over the sources.
func newSayings(c *annotations.Course, laid map[at][]annotations.Annotation, sources review.Symbols) *sayings {
	told := byLesson(laid)
	s := &sayings{}
	var docs []search.Passage
	for _, l := range c.Documents() {
		for _, p := range review.Passages(l, told[l.ID], sources) {
			s.passages = append(s.passages, p)
			docs = append(docs, passageDoc(l, p, sources))
		}
	}
	s.search = search.NewSayings(docs)
	return s
}

// plainMarks takes the marks of Markdown out of what is shown on one line.
var plainMarks = strings.NewReplacer("`", "", "**", "", "*", "", "| ", "", " |", "", "\n", " ")

func passageDoc(l *annotations.Lesson, p review.Passage, sources review.Symbols) search.Passage {
	doc := search.Passage{Title: l.Title + " " + l.Topic, Section: headings(l, p.Section), Text: plainMarks.Replace(p.Text)}
	for _, subject := range p.Subjects {
		f := &sources.Files()[subject.Symbol.File]
		symbol := &sources.Symbols(int(subject.Symbol.File))[subject.Symbol.Symbol]
		name := f.Qualified(symbol)
		doc.Subjects = append(doc.Subjects, search.Subject{
			Symbol: subject.Symbol, Name: name, Same: f.Source + " " + name, Share: subject.Share, Definition: symbol.Definition,
		})
	}
	return doc
}

// headings returns the title of a section and of those around it, but for the
// lesson's own.
func headings(l *annotations.Lesson, section int) string {
	if section < 0 || section >= len(l.Sections) {
		return ""
	}
	var titles []string
	inner := l.Sections[section]
	for _, s := range l.Sections[:section+1] {
		if s.Level > 1 && s.Lines.First <= inner.Lines.First && inner.Lines.Last <= s.Lines.Last {
			titles = append(titles, s.Title)
		}
	}
	return strings.Join(titles, " ")
}

// FindExplained implements [server.Finder].
func (j judged) FindExplained(_ context.Context, q server.Query) ([]server.ExplainedHit, error) {
	if j.found == nil {
		return nil, nil
	}
	query, err := search.ParseQuery(withFilters(q))
	if err != nil {
		return nil, queryFault(err)
	}
	words := strings.Join(append(query.Scope, query.Name), " ")
	keep := func(ref indexer.SymbolRef) bool {
		return passes(query.Filter, &j.Files()[ref.File], &j.Symbols(int(ref.File))[ref.Symbol])
	}
	var hits []server.ExplainedHit
	said := j.found.said()
	for _, found := range said.search.Search(words, q.Limit, keep) {
		p := said.passages[found.Passage]
		hit := server.ExplainedHit{Symbol: found.Symbol, Lesson: p.Lesson, Section: p.Section, Citation: p.Citation, Snippet: found.Fragment.Text}
		for _, m := range found.Fragment.Matches {
			hit.Matches = append(hit.Matches, server.Range(m))
		}
		hits = append(hits, hit)
	}
	return hits, nil
}

// passes says whether a filter lets a symbol through.
func passes(f search.Filter, file *indexer.File, s *indexer.Symbol) bool {
	under := func(path string) bool { return strings.Contains(strings.ToLower(file.Path), strings.ToLower(path)) }
	return (len(f.Kinds) == 0 || slices.Contains(f.Kinds, s.Kind)) &&
		(len(f.Languages) == 0 || slices.Contains(f.Languages, file.Language)) &&
		(len(f.Sources) == 0 || slices.Contains(f.Sources, file.Source)) &&
		(len(f.Paths) == 0 || slices.ContainsFunc(f.Paths, under))
}
