package server

import (
	"navigator/indexer"
	"navigator/ui"
)

// typesView is what a type or method descends from, and what descends from it.
type typesView struct {
	Of      *answerRow // nil for what is no type and no method
	Method  bool       // the relatives are overridden and overriding methods
	Above   []relativeLevel
	Below   []relativeLevel
	Unknown []string // bases as written that no source has
}

// relativeLevel is the relatives that are as many steps away.
type relativeLevel struct {
	Depth     int
	Relatives []relativeRow
}

// relativeRow is a relative, with the address of its own relatives.
type relativeRow struct {
	answerRow
	Expand string
}

func newTypesView(v View, l ui.Language, found *indexer.TypeHierarchy) *typesView {
	view := &typesView{Unknown: found.Unknown}
	if isZero(&found.Of) {
		return view
	}
	of := newAnswerRow(v, l, &found.Of)
	of.Why = ""
	view.Of = &of
	view.Method = found.Of.Kind == indexer.KindMethod || found.Of.Kind == indexer.KindFunction || found.Of.Kind == indexer.KindDestructor
	view.Above, view.Below = relativeLevels(v, l, found.Above), relativeLevels(v, l, found.Below)
	return view
}

// relativeLevels returns relatives, the nearest first, by their distance.
func relativeLevels(v View, l ui.Language, relatives []indexer.Relative) []relativeLevel {
	var levels []relativeLevel
	for i := range relatives {
		r := &relatives[i]
		if n := len(levels); n == 0 || levels[n-1].Depth != r.Depth {
			levels = append(levels, relativeLevel{Depth: r.Depth})
		}
		row := relativeRow{newAnswerRow(v, l, &r.Answer), nameAddress("/hierarchy", v, r.File, r.Span.Start) + "&kind=types"}
		row.Why = relation(l, r)
		level := &levels[len(levels)-1]
		level.Relatives = append(level.Relatives, row)
	}
	return levels
}

// relation says of a relative what its place in the list does not: through which
// nearer one it is one, and that it is not sure.
func relation(l ui.Language, r *indexer.Relative) string {
	why := ""
	if r.Depth > 1 && r.Reason.Arg != "" {
		why = l.T("name.through", r.Reason.Arg)
	}
	switch {
	case isSure(&r.Answer):
		return why
	case why == "":
		return confidenceWords(l, r.Confidence)
	}
	return confidenceWords(l, r.Confidence) + " · " + why
}

// callsView is the calls to a function and from it.
type callsView struct {
	Of      *answerRow // nil for what is no function
	Callers []callRow
	Callees []callRow
}

// callRow is a function that calls or is called, with the calls, and the address
// of its own calls.
type callRow struct {
	answerRow
	Sites  []useLine
	Expand string
}

func newCallsView(v View, l ui.Language, found *indexer.Calls) *callsView {
	view := &callsView{}
	if isZero(&found.Of) {
		return view
	}
	of := newAnswerRow(v, l, &found.Of)
	of.Why = ""
	view.Of = &of
	view.Callers, view.Callees = callRows(v, l, found.Callers), callRows(v, l, found.Callees)
	return view
}

func callRows(v View, l ui.Language, calls []indexer.CallSites) []callRow {
	var rows []callRow
	lines := lineReader{v: v, file: -1}
	for i := range calls {
		c := &calls[i]
		row := callRow{answerRow: newAnswerRow(v, l, &c.Answer), Expand: nameAddress("/hierarchy", v, c.File, c.Span.Start) + "&kind=calls"}
		row.Why = ""
		if !isSure(&c.Answer) {
			row.Why = confidenceWords(l, c.Confidence)
		}
		for j := range c.Sites {
			u := &c.Sites[j]
			row.Sites = append(row.Sites, newUseLine(v, u, lines.at(u.File, u.Span.Start.Line)))
		}
		rows = append(rows, row)
	}
	return rows
}
