package excerpt

import (
	"slices"

	"navigator/annotations"
	"navigator/indexer"
)

// showsEnough is the least similarity of an excerpt for what it shows to tell
// where the lines that it cites should lie.
const showsEnough = 0.5

// Position judges, by what the excerpts show, the lines of the citations that
// they open with where nothing else tells: the verdicts, by citation of the
// lesson, are changed in place.
func (f Found) Position(l *annotations.Lesson, verdicts []annotations.CitationVerdict) {
	for _, x := range f.Verdicts {
		i := l.Excerpts[x.Excerpt].Citation
		if i < 0 || i >= len(verdicts) || x.Verdict == annotations.Invented || len(x.Symbols) == 0 {
			continue
		}
		c, v := &l.Citations[i], &verdicts[i]
		own := x.Verdict == annotations.Verbatim || x.Verdict == annotations.Abridged
		if v.Verdict != annotations.Sound || v.Reason == annotations.ShowsSymbol || v.Reason == annotations.Ambiguous || c.Cited.IsZero() ||
			c.Form != annotations.Fence && !own {
			continue
		}
		shows := func(p annotations.Place) bool {
			return p.Source == v.Place.Source && p.Path == v.Place.Path && overlap(p.Lines, c.Cited)
		}
		first := x.Symbols[0]
		switch {
		case slices.ContainsFunc(x.Symbols, func(s annotations.Target) bool { return shows(s.Place) }),
			slices.ContainsFunc(x.Lines, func(row annotations.ExcerptLine) bool { return shows(row.Place) }):
			v.Reason = annotations.ShowsSymbol
		case first.Source == v.Place.Source && first.Path == v.Place.Path && x.Similarity >= showsEnough:
			v.Verdict, v.Reason, v.Target, v.Sure = annotations.PositionOff, annotations.MissesSymbol, &first, own
		}
	}
}

func overlap(a, b indexer.Lines) bool { return a.First <= b.Last && b.First <= a.Last }
