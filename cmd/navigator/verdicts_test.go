package main

import (
	"reflect"
	"testing"

	"navigator/annotations"
	"navigator/indexer"
)

// The prose around a citation is laid where the verdict leaves no doubt, and on
// lines only where they are right.
func TestProseIsLaidWithoutDoubt(t *testing.T) {
	at := func(path string, first, last int) annotations.Place {
		return annotations.Place{Source: "envoy", Path: path, Lines: indexer.Lines{First: first, Last: last}}
	}
	target := &annotations.Target{Place: at("b.cc", 20, 30), Symbol: "f"}
	pair := annotations.Resolution{Places: []annotations.Place{at("a.h", 0, 0), at("a.cc", 0, 0)}}
	for name, c := range map[string]struct {
		found     annotations.CitationVerdict
		resolved  annotations.Resolution
		places    []annotations.Place
		certainty annotations.Certainty
	}{
		"shows what is named": {found: annotations.CitationVerdict{Verdict: annotations.Sound, Reason: annotations.ShowsSymbol, Place: at("a.cc", 3, 9)},
			places: []annotations.Place{at("a.cc", 3, 9)}, certainty: annotations.Sure},
		"names nothing": {found: annotations.CitationVerdict{Verdict: annotations.Sound, Reason: annotations.AsWritten, Place: at("a.cc", 3, 9)},
			places: []annotations.Place{at("a.cc", 3, 9)}, certainty: annotations.Approximate},
		"pair": {found: annotations.CitationVerdict{Verdict: annotations.Sound, Reason: annotations.AsWritten, Place: at("a.h", 0, 0)},
			resolved: pair, places: pair.Places, certainty: annotations.Approximate},
		"ambiguous": {found: annotations.CitationVerdict{Verdict: annotations.Sound, Reason: annotations.Ambiguous, Place: at("a.cc", 3, 9)}},
		"moved": {found: annotations.CitationVerdict{Verdict: annotations.Moved, Target: target, Sure: true},
			places: []annotations.Place{target.Place}, certainty: annotations.Approximate},
		"moved, not sure where": {found: annotations.CitationVerdict{Verdict: annotations.Moved, Target: target}},
		"lines off": {found: annotations.CitationVerdict{Verdict: annotations.PositionOff, Place: at("b.cc", 1, 2), Target: target, Sure: true},
			places: []annotations.Place{target.Place}, certainty: annotations.Approximate},
		"lines off, not sure which": {found: annotations.CitationVerdict{Verdict: annotations.PositionOff, Place: at("b.cc", 1, 2), Target: target},
			places: []annotations.Place{at("b.cc", 0, 0)}},
		"not upstream": {found: annotations.CitationVerdict{Verdict: annotations.NotUpstream, Reason: annotations.Unknown}},
	} {
		t.Run(name, func(t *testing.T) {
			places, certainty := meant(c.found, c.resolved)
			if !reflect.DeepEqual(places, c.places) || len(places) > 0 && certainty != c.certainty {
				t.Errorf("%v, %q; want %v, %q", places, certainty, c.places, c.certainty)
			}
		})
	}
}
