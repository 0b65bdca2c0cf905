package excerpt

import (
	"regexp"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/annotations/anchor"
	"navigator/indexer"
)

// found is where a token of the excerpt is in the sources; file is nil for
// nowhere.
type found struct {
	file  *file
	token int
}

// trace finds the tokens of paired statements in the sources.
func (x *excerpt) trace() []found {
	all := make([]found, len(x.code.tokens))
	for e, p := range x.pairs {
		if p.file == nil {
			continue
		}
		a, b := x.code.statements[e], p.file.statements[p.statement]
		for _, k := range anchor.Align(texts(x.code.tokens[a.from:a.to]), texts(p.file.tokens[b.from:b.to])) {
			all[a.from+k.A] = found{p.file, b.from + k.B}
		}
	}
	return all
}

func texts(tokens []token) []string {
	all := make([]string, len(tokens))
	for i, t := range tokens {
		all[i] = t.text
	}
	return all
}

// rows tells what each line of the excerpt is.
func (x *excerpt) rows() []annotations.ExcerptLine {
	rows := make([]annotations.ExcerptLine, len(x.body))
	trace := x.trace()
	at, statement := 0, 0
	for i := range rows {
		line := x.first + i
		rows[i] = annotations.ExcerptLine{Line: line, Kind: annotations.BlankLine}
		from := at
		for at < len(x.code.tokens) && x.code.tokens[at].line <= line {
			at++
		}
		for statement+1 < len(x.code.statements) && x.code.statements[statement].to <= from {
			statement++
		}
		switch {
		case at > from:
			x.codeRow(&rows[i], from, at, statement, trace)
		case strings.TrimSpace(x.body[i]) != "":
			x.commentRow(&rows[i], rows[:i])
		}
	}
	return rows
}

// codeRow tells what a line with the tokens from:to is, the first of which is
// in that statement.
func (x *excerpt) codeRow(row *annotations.ExcerptLine, from, to, statement int, trace []found) {
	whole, next, weight := true, found{}, 0.0
	var place annotations.Place
	left := false
	for i := from; i < to; i++ {
		t := x.code.tokens[i]
		if t.kind == elided {
			left = true
			continue
		}
		at := trace[i]
		if at.file == nil || next.file != nil && at != next {
			separator := t.text == "," || t.text == ";"
			whole = whole && separator
		}
		weight += weigh(t)
		if at.file == nil {
			continue
		}
		next = found{at.file, at.token + 1}
		if place.Source == "" || t.kind == word && weigh(t) > commonWeight && place.Lines.IsZero() {
			n := at.file.tokens[at.token].line
			place = annotations.Place{Source: at.file.source.Source, Path: at.file.source.Path, Lines: indexer.Lines{First: n, Last: n}}
		}
	}
	switch {
	case left && weight < keywordWeight:
		row.Kind = annotations.Elision
	case place.Source == "":
		row.Kind = annotations.InventedLine
	case whole:
		row.Kind, row.Place = annotations.SourceLine, place
	case x.pairs[statement].exact && x.pairs[statement].file != nil && x.code.statements[statement].to >= to:
		row.Kind, row.Place = annotations.SourceLine, place
	default:
		row.Kind, row.Place = annotations.AlteredLine, place
	}
}

var (
	// ...   … resto   /* ... */   "...y luego" is a sentence that goes on
	dots = regexp.MustCompile(`^[(\[{ ]*(?:\.\.\.+|…)(?:[^\pL]|$)`)
	// (código omitido)   resto del método   more fields
	leftOut = regexp.MustCompile(`(?i)(?:\bomitid[oa]s?\b|\bomitted\b|^\W*(?:el )?resto (?:de|del)\b|^\W*rest of\b|^\W*(?:y )?(?:más|otros|otras|more|other) (?:campos|métodos|miembros|código|métricas|opciones|casos|fields|methods|members|code)\b|^\W*etc\b|simplificado\W*$)`)
)

// commentRow tells what a line is that is a comment alone.
func (x *excerpt) commentRow(row *annotations.ExcerptLine, before []annotations.ExcerptLine) {
	row.Kind = annotations.Explanation
	i := slices.IndexFunc(x.code.comments, func(c comment) bool { return c.line == row.Line })
	if i < 0 {
		return
	}
	text := x.code.comments[i].text
	if dots.MatchString(text) || leftOut.MatchString(text) {
		row.Kind = annotations.Elision
		return
	}
	if place, ok := x.remark(text, before); ok {
		row.Kind, row.Place = annotations.SourceLine, place
	}
}

// remark finds a comment in the files that are shown: the nearest to the line
// of the source that was shown before.
func (x *excerpt) remark(text string, before []annotations.ExcerptLine) (annotations.Place, bool) {
	key := letters(text)
	if len(key) < 3 {
		return annotations.Place{}, false
	}
	for _, g := range x.regions {
		lines := g.file.remarks[key]
		if len(lines) == 0 {
			continue
		}
		last := int(g.symbol.Span.Start.Line)
		for _, row := range before {
			if row.Place.Path == g.file.source.Path && !row.Place.Lines.IsZero() {
				last = row.Place.Lines.First
			}
		}
		best := slices.MinFunc(lines, func(a, b int) int { return max(a-last, last-a) - max(b-last, last-b) })
		return annotations.Place{Source: g.file.source.Source, Path: g.file.source.Path, Lines: indexer.Lines{First: best, Last: best}}, true
	}
	return annotations.Place{}, false
}
