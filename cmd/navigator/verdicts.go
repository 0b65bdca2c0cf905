package main

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"navigator/annotations"
	"navigator/annotations/review"
	"navigator/annotations/review/excerpt"
	"navigator/indexer"
	"navigator/indexer/snapshot"
)

// verdicts are what was found of a course's citations and excerpts.
type verdicts struct {
	citations map[string][]annotations.CitationVerdict // by lesson
	excerpts  map[string]excerpt.Found                 // by lesson
}

// known is what was found of one snapshot, whatever the course said: it is not
// looked for again when the course changes.
type known struct {
	snapshot string      // ID
	held     map[at]bool // what git said of paths
	excerpts excerpt.Memory
}

// knownOf returns k when it is of a snapshot, else what is known of that: nothing
// yet.
func (k *known) knownOf(snap *snapshot.Snapshot) *known {
	if k != nil && k.snapshot == snap.ID() {
		return k
	}
	return &known{snapshot: snap.ID(), held: map[at]bool{}}
}

// judge holds a course, which resolver has reviewed, against a snapshot, by what
// is known of that. What git knows of renames is kept in the cache folder.
func (k *known) judge(ctx context.Context, snap *snapshot.Snapshot, c *annotations.Course, resolver *review.Resolver, reviewed *review.Review, renames string) *verdicts {
	past := &history{ctx: ctx, file: renames, snapshot: snap, held: map[string]map[string]bool{}, answers: k.held}
	v := &verdicts{resolver.Citations(c, reviewed, snap, past), map[string]excerpt.Found{}}
	reader := sync.OnceValue(func() *excerpt.Reader { return excerpt.NewReader(snap) })
	for _, l := range c.Documents() {
		found := k.excerpts.Lesson(reader, l, func(i int) []annotations.Place { return v.placesOf(l, i) })
		found.Position(l, v.citations[l.ID])
		v.excerpts[l.ID] = found
	}
	return v
}

// placesOf returns the places that a citation means, the mended one first.
func (v *verdicts) placesOf(l *annotations.Lesson, citation int) []annotations.Place {
	if citation < 0 || citation >= len(v.citations[l.ID]) {
		return nil
	}
	found := v.citations[l.ID][citation]
	var places []annotations.Place
	if found.Target != nil {
		places = append(places, found.Target.Place)
	}
	if found.Place.Path != "" {
		places = append(places, found.Place)
	}
	for _, o := range found.Others {
		places = append(places, o.Place)
	}
	return places
}

// at is a file, or a folder whose path ends in "/".
type at struct{ source, path string }

// lay returns what a course says of each file: the prose around the citations
// where the verdicts leave no doubt of what they mean, and the explanations in
// the excerpts. They are in order of lines, then as the course reads.
func (v *verdicts) lay(c *annotations.Course, reviewed *review.Review) map[at][]annotations.Annotation {
	laid, order := map[at][]annotations.Annotation{}, map[string]int{}
	for i, l := range c.Documents() {
		order[l.ID] = i
		type spot struct {
			place annotations.Place
			prose indexer.Lines
		}
		seen := map[spot]bool{}
		for i, found := range v.citations[l.ID] {
			cited := &l.Citations[i]
			places, certainty := meant(found, reviewed.Resolution(l.ID, i))
			for _, p := range places {
				if seen[spot{p, cited.Prose}] {
					continue
				}
				seen[spot{p, cited.Prose}] = true
				a := annotations.Of(l, i, p)
				if !p.Lines.IsZero() && a.Origin != annotations.FromNote {
					a.Certainty = certainty
				}
				laid[at{p.Source, p.Path}] = append(laid[at{p.Source, p.Path}], a)
			}
		}
		for _, a := range v.excerpts[l.ID].Annotations {
			laid[at{a.Source, a.Path}] = append(laid[at{a.Source, a.Path}], a)
		}
	}
	for _, all := range laid {
		slices.SortStableFunc(all, func(a, b annotations.Annotation) int {
			return cmp.Or(cmp.Compare(a.Lines.First, b.Lines.First), cmp.Compare(a.Lines.Last, b.Lines.Last),
				cmp.Compare(order[a.Lesson], order[b.Lesson]), cmp.Compare(a.Prose.First, b.Prose.First))
		})
	}
	return laid
}

// byLesson returns annotations, laid over files, by lesson and in its order.
func byLesson(laid map[at][]annotations.Annotation) map[string][]annotations.Annotation {
	told := map[string][]annotations.Annotation{}
	for _, all := range laid {
		for _, a := range all {
			told[a.Lesson] = append(told[a.Lesson], a)
		}
	}
	for _, all := range told {
		slices.SortStableFunc(all, func(a, b annotations.Annotation) int {
			return cmp.Or(cmp.Compare(a.Prose.First, b.Prose.First), cmp.Compare(a.Citation, b.Citation),
				cmp.Compare(a.Source, b.Source), cmp.Compare(a.Path, b.Path), cmp.Compare(a.Lines.First, b.Lines.First))
		})
	}
	return told
}

// meant returns the places that a citation means without doubt, and how sure it
// is that its lines are those that are spoken of.
func meant(found annotations.CitationVerdict, resolved annotations.Resolution) ([]annotations.Place, annotations.Certainty) {
	switch {
	case found.Verdict == annotations.Sound && found.Reason != annotations.Ambiguous:
		places := []annotations.Place{found.Place}
		if len(resolved.Places) > 1 && resolved.Places[0] == found.Place {
			places = resolved.Places // both files of a pair
		}
		if found.Reason == annotations.ShowsSymbol {
			return places, annotations.Sure
		}
		return places, annotations.Approximate
	case found.Sure && found.Target != nil:
		return []annotations.Place{found.Target.Place}, annotations.Approximate
	case found.Verdict == annotations.PositionOff:
		return []annotations.Place{{Source: found.Place.Source, Path: found.Place.Path}}, ""
	}
	return nil, ""
}
