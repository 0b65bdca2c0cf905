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
// good, and what stands around them there stood around them before: a copy
// would stand among other lines.
func standing(a annotations.Anchor, prints []annotations.Fingerprint) (best int, proven bool) {
	best = -1
	bestAround, again := -1, 0
	for at := 0; at+len(a.Cited) <= len(prints); at++ {
		if prints[at] != a.Cited[0] || !slices.Equal(prints[at:at+len(a.Cited)], a.Cited) {
			continue
		}
		switch n := around(a, prints, at); {
		case n > bestAround:
			again = bestAround
			best, bestAround = at, n
		default:
			again = max(again, n)
		}
	}
	// Without any doubt about which, three lines around are enough, or fewer at
	// an end of the file.
	return best, bestAround > again && bestAround >= min(3, words(a.Before)+words(a.After)) && bestAround > 0
}

// around returns how many lines next to cited ones at a place are as they
// were, blank ones aside.
func around(a annotations.Anchor, prints []annotations.Fingerprint, at int) int {
	n := 0
	for k := range a.Before {
		i, p := at-1-k, a.Before[len(a.Before)-1-k]
		if i < 0 || prints[i] != p {
			break
		}
		if p != 0 {
			n++
		}
	}
	for k, p := range a.After {
		i := at + len(a.Cited) + k
		if i >= len(prints) || prints[i] != p {
			break
		}
		if p != 0 {
			n++
		}
	}
	return n
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
