package resolve

import (
	"bytes"
	"context"
	"slices"

	"navigator/indexer"
)

// References says where the symbol is used that the name at a position of a
// file means. It is the zero References where no name stands. When ctx ends it
// returns what it found by then.
func (r *Resolver) References(ctx context.Context, file int, at indexer.Position) indexer.References {
	m := r.Meaning(file, at)
	refs := indexer.References{Name: m.Name, External: m.External}
	if len(m.Answers) == 0 {
		return refs
	}
	refs.Of = r.identity(m.Answers[0])
	for f := range r.files {
		if ctx.Err() != nil {
			break
		}
		text := r.corpus.Text(f)
		for from := 0; ; {
			i := bytes.Index(text[from:], []byte(m.Name))
			if i < 0 {
				break
			}
			from += i
			line := bytes.Count(text[:from], []byte{'\n'})
			col := from - bytes.LastIndexByte(text[:from], '\n')
			from += len(m.Name)
			use := r.Meaning(f, indexer.Position{Line: int32(line + 1), Col: int32(col)})
			if use.Name != m.Name {
				continue
			}
			u := indexer.Use{File: f, Span: use.Span, Container: -1}
			if len(use.Answers) > 0 && slices.ContainsFunc(refs.Of, func(a indexer.Answer) bool {
				return a.File == use.Answers[0].File && a.Span == use.Answers[0].Span
			}) {
				u.Confidence = use.Answers[0].Confidence
				refs.Uses = append(refs.Uses, u)
			} else {
				refs.Namesakes = append(refs.Namesakes, u)
			}
		}
	}
	return refs
}

// identity returns the definitions and declarations of what an answer is, the
// definition first.
func (r *Resolver) identity(a indexer.Answer) []indexer.Answer {
	of := []indexer.Answer{a}
	for _, other := range r.Meaning(a.File, a.Span.Start).Answers {
		if other.Span != a.Span || other.File != a.File {
			of = append(of, other)
		}
	}
	return of
}
