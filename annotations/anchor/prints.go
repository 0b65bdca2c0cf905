package anchor

import (
	"slices"

	"navigator/annotations"
	"navigator/indexer"
)

// byPrints looks for an anchor in a file without its old text: for its lines
// with those around them.
func (f *Finder) byPrints(a annotations.Anchor, path string) annotations.Outcome {
	blob, _ := f.new.Blob(path)
	here := version{path: path, blob: blob}
	now := f.newText(here)
	if now == nil {
		return lost(nil)
	}
	o := annotations.Outcome{Verdict: annotations.Proposed, Place: annotations.Place{Source: a.Source, Path: path}, Method: annotations.ByFingerprint}
	if at, proven := standing(a, now.prints); at >= 0 {
		o.Place.Lines, o.Score = indexer.Lines{First: at + 1, Last: at + len(a.Cited)}, 1
		if proven {
			return found(a, path, o.Place.Lines, annotations.ByFingerprint)
		}
		return o
	}
	lines, share := scattered(a, now.prints)
	o.Place.Lines, o.Score = lines, share
	if share >= convincing {
		o.Verdict = annotations.Edited
		return o
	}
	if e := f.elsewhere(a, newFate(a, here)); e.Verdict != annotations.Lost || share < convincing/2 {
		return e
	}
	return o
}

// standing returns the place, from 0, where all cited lines stand with most of
// the lines around them, -1 for none. It is proven when no other place is as
// good, and what stands around them there is what stood there before and is
// found nowhere else: a copy would stand among other lines.
func standing(a annotations.Anchor, prints []annotations.Fingerprint) (best int, proven bool) {
	times := map[annotations.Fingerprint]int{}
	for _, p := range prints {
		times[p]++
	}
	single := func(p annotations.Fingerprint) bool { return p != 0 && times[p] == 1 }
	best = -1
	most, again := -1, -1
	for at := 0; at+len(a.Cited) <= len(prints); at++ {
		if prints[at] != a.Cited[0] || !slices.Equal(prints[at:at+len(a.Cited)], a.Cited) {
			continue
		}
		before := kept(backwards(a.Before), backwards(prints[max(0, at-contextLines-1):at]))
		after := kept(a.After, prints[at+len(a.Cited):])
		if n := before.words + after.words; n > most {
			again, most, best = most, n, at
			around := prints[max(0, at-before.lines):min(len(prints), at+len(a.Cited)+after.lines)]
			proven = before.all && after.all && slices.ContainsFunc(around, single) ||
				before.enough && after.enough && slices.ContainsFunc(a.Cited, single)
		} else {
			again = max(again, n)
		}
	}
	return best, proven && most > again
}

func backwards(prints []annotations.Fingerprint) []annotations.Fingerprint {
	prints = slices.Clone(prints)
	slices.Reverse(prints)
	return prints
}

// side is what is left of the lines on one side of an anchor, the nearest
// first.
type side struct {
	lines, words int  // up to the first that is another; of these, those that are not blank
	enough, all  bool // are they enough to know the side by, are they all there were?
}

func kept(was, now []annotations.Fingerprint) (s side) {
	for s.lines < min(len(was), len(now)) && was[s.lines] == now[s.lines] {
		if was[s.lines] != 0 {
			s.words++
		}
		s.lines++
	}
	s.all = s.lines == len(was) && (s.words > 0 || len(now) == len(was))
	s.enough = s.all || s.words >= 2
	return s
}

func words(prints []annotations.Fingerprint) int {
	n := 0
	for _, p := range prints {
		if p != 0 {
			n++
		}
	}
	return n
}

// scattered returns the lines between which those of an anchor that are left
// stand, and their share, blank ones aside. Where its first or last lines are
// gone, the lines around tell how far it reaches.
func scattered(a annotations.Anchor, prints []annotations.Fingerprint) (lines indexer.Lines, share float64) {
	was := slices.Concat(a.Before, a.Cited, a.After)
	near := nearby(was, prints)
	if len(near) == 0 {
		return lines, 0
	}
	first, last := len(a.Before), len(a.Before)+len(a.Cited)-1
	left := 0
	for _, p := range near {
		if p.A < first || p.A > last {
			continue
		}
		if was[p.A] != 0 {
			left++
		}
		if lines.First == 0 {
			lines.First = p.B + 1 - (p.A - first)
		}
		lines.Last = p.B + 1 + last - p.A
	}
	if left == 0 {
		return indexer.Lines{}, 0
	}
	for _, p := range near {
		if p.A == first-1 {
			lines.First = p.B + 2
		}
		if p.A == last+1 {
			lines.Last = p.B
		}
	}
	lines.First, lines.Last = max(lines.First, 1), min(lines.Last, len(prints))
	return lines, float64(left) / float64(max(1, words(a.Cited)))
}

// nearby aligns the lines of an anchor and those around them with the stretch
// of a file that has most of them.
func nearby(was, prints []annotations.Fingerprint) []Pair {
	known := map[annotations.Fingerprint]bool{}
	for _, p := range was {
		known[p] = p != 0
	}
	width := 2*len(was) + 10
	count, best, bestAt := 0, 0, 0
	seen := map[annotations.Fingerprint]int{}
	for i, p := range prints {
		if known[p] {
			if seen[p]++; seen[p] == 1 {
				count++
			}
		}
		if i >= width {
			if q := prints[i-width]; known[q] {
				if seen[q]--; seen[q] == 0 {
					count--
				}
			}
		}
		if count > best {
			best, bestAt = count, i
		}
	}
	if best == 0 {
		return nil
	}
	from := max(0, bestAt-width)
	to := min(len(prints), bestAt+len(was))
	pairs := Align(was, prints[from:to])
	for i := range pairs {
		pairs[i].B += from
	}
	return pairs
}
