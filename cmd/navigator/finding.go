package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/indexer/search"
	"navigator/server"
)

// notes and terms are searched as lessons are: what heads them counts most.
// Anchor tells which one of its document, or of the glossary, each is.

func noteDocs(c *annotations.Course) []search.LessonDoc {
	var docs []search.LessonDoc
	for _, l := range c.Noted {
		for i, n := range l.Notes {
			doc := search.LessonDoc{
				ID: l.ID, SectionTitle: l.Citations[n.Citation].Raw, Anchor: strconv.Itoa(i),
				Text: plainMarks.Replace(course.Explanation(l, annotations.Annotation{Prose: n.Body})),
			}
			if of := c.Lesson(n.Lesson); of != nil {
				doc.Title = of.Title
			}
			docs = append(docs, doc)
		}
	}
	return docs
}

func termDocs(c *annotations.Course) []search.LessonDoc {
	var docs []search.LessonDoc
	for i, t := range c.Glossary {
		docs = append(docs, search.LessonDoc{
			ID: t.Key, SectionTitle: t.Name, Anchor: strconv.Itoa(i), Title: t.Definition,
			Text: t.Context + " " + strings.Join(t.Code, " "),
		})
	}
	return docs
}

// newWords indexes documents; nil when there are none.
func newWords(what string, docs []search.LessonDoc) (*search.Lessons, error) {
	if len(docs) == 0 {
		return nil, nil
	}
	words, err := search.NewLessons(docs)
	if err != nil {
		return nil, fmt.Errorf("indexing the %s: %w", what, err)
	}
	return words, nil
}

// FindNotes implements [server.Finder].
func (v *view) FindNotes(ctx context.Context, q server.Query) ([]server.NoteHit, error) {
	if v.noted == nil {
		return nil, nil
	}
	found, err := v.noted.Search(ctx, q.Text, q.Limit)
	if err != nil {
		return nil, queryFault(err)
	}
	var hits []server.NoteHit
	for _, f := range found {
		note, _ := strconv.Atoi(f.Doc.Anchor)
		hit := server.NoteHit{File: f.Doc.ID, Note: note, Snippet: f.Fragment.Text}
		for _, m := range f.Fragment.Matches {
			hit.Matches = append(hit.Matches, server.Range(m))
		}
		hits = append(hits, hit)
	}
	return hits, nil
}

// FindTerms implements [server.Finder].
func (v *view) FindTerms(ctx context.Context, q server.Query) ([]int, error) {
	if v.terms == nil {
		return nil, nil
	}
	found, err := v.terms.Search(ctx, q.Text, q.Limit)
	if err != nil {
		return nil, queryFault(err)
	}
	var terms []int
	for _, f := range found {
		term, _ := strconv.Atoi(f.Doc.Anchor)
		terms = append(terms, term)
	}
	return terms, nil
}
