package resolve

import (
	"bytes"
	"slices"

	"navigator/indexer"
	"navigator/indexer/precise"
)

// precisely says what a name means by a compiler's index; false when no index
// knows. What the rules of the language say, which byRules returns, words it:
// an index tells places, the rules what is there.
func (r *Resolver) precisely(file int, at indexer.Position, byRules func() indexer.Meaning) (indexer.Meaning, bool) {
	for _, x := range r.precise {
		n, ok := x.At(file, at)
		if !ok {
			continue
		}
		name := spanText(r.corpus.Text(file), n.Span)
		m := indexer.Meaning{Name: name, Span: n.Span}
		switch {
		case n.External != nil:
			said := byRules()
			if said.External != nil || r.isGenerated(said) {
				return said, true // with a link, or to the .proto that the compiler's output was made of
			}
			m.External = n.External
		case n.Declares:
			m.Answers = r.whereDeclared(file, n, byRules())
		default:
			for _, p := range n.Places {
				m.Answers = append(m.Answers, r.preciseAnswer(p))
			}
		}
		return m, true
	}
	return indexer.Meaning{}, false
}

// isGenerated reports whether a meaning leads to a .proto.
func (r *Resolver) isGenerated(m indexer.Meaning) bool {
	return len(m.Answers) > 0 && r.files[m.Answers[0].File].Language == indexer.Proto
}

// whereDeclared returns the answers for a name where it is declared itself. The
// order is that of the rules: the counterpart, then what stands there. An index
// that knows only the place itself does not say that there is no counterpart.
func (r *Resolver) whereDeclared(file int, n precise.Name, said indexer.Meaning) []indexer.Answer {
	var answers []indexer.Answer
	alone := len(n.Places) == 1 && n.Places[0].File == file && n.Places[0].Span == n.Span
	left := slices.Clone(n.Places)
	for _, a := range said.Answers {
		i := slices.IndexFunc(left, func(p precise.Place) bool { return p.File == a.File && p.Span.Start == a.Span.Start })
		if i >= 0 {
			left = slices.Delete(left, i, i+1)
			a.Confidence = indexer.Precise
		}
		if i >= 0 || alone {
			answers = append(answers, a)
		}
	}
	for _, p := range left {
		a := r.preciseAnswer(p)
		if p.File == file && p.Span == n.Span {
			a.Reason.Kind = indexer.ReasonItself
		}
		answers = append(answers, a)
	}
	return answers
}

// preciseAnswer returns the answer that leads to a place. What is no symbol of
// its file, such as a local, is described by the rules.
func (r *Resolver) preciseAnswer(p precise.Place) indexer.Answer {
	a := indexer.Answer{
		File: p.File, Symbol: -1, Span: p.Span, EndLine: p.Span.End.Line, Kind: indexer.KindVariable, Definition: p.Definition,
	}
	symbols := r.corpus.Symbols(p.File)
	if i := slices.IndexFunc(symbols, func(s indexer.Symbol) bool { return s.NameSpan.Start == p.Span.Start }); i >= 0 {
		s := &symbols[i]
		a.Symbol, a.Span, a.EndLine, a.Name, a.Kind = int32(i), s.NameSpan, s.Span.End.Line, s.Qualified(), s.Kind
	} else {
		for _, said := range r.byRules(p.File, p.Span.Start).Answers {
			if said.File == p.File && said.Span.Start == p.Span.Start {
				a = said
			}
		}
	}
	if a.Name == "" {
		a.Name = spanText(r.corpus.Text(p.File), p.Span)
	}
	a.Confidence, a.Reason = indexer.Precise, indexer.Reason{Kind: indexer.ReasonPrecise}
	return a
}

// spanText returns what a span on one line covers.
func spanText(text []byte, s indexer.Span) string {
	const chunk = 1 << 12
	line := 1
	for len(text) > chunk {
		n := bytes.Count(text[:chunk], []byte("\n"))
		if line+n >= int(s.Start.Line) {
			break
		}
		line += n
		text = text[chunk:]
	}
	for ; line < int(s.Start.Line); line++ {
		i := bytes.IndexByte(text, '\n')
		if i < 0 {
			return ""
		}
		text = text[i+1:]
	}
	from, to := int(s.Start.Col)-1, int(s.End.Col)
	if from < 0 || to > len(text) || from > to {
		return ""
	}
	return string(text[from:to])
}
