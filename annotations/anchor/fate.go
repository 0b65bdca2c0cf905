package anchor

import (
	"math"

	"navigator/annotations"
	"navigator/indexer"
)

// fate is what became of the lines of an anchor.
type fate struct {
	at      version   // of the file, last known
	to      []int32   // by cited line, from 0: where it is, from 0, absent for nowhere
	like    []float32 // how much of its words it has kept, 0 to 1
	commits []string  // that changed the lines
	whole   bool      // all are there, unchanged and contiguous
	doubt   bool      // lines like these stood beside them, and some of those came or went
}

// newFate returns that of lines that are nowhere.
func newFate(a annotations.Anchor, at version) fate {
	l := fate{at: at, to: make([]int32, len(a.Cited)), like: make([]float32, len(a.Cited))}
	for i := range l.to {
		l.to[i] = absent
	}
	return l
}

// follow maps the lines of an anchor through every version of its file.
func (f *Finder) follow(a annotations.Anchor, t *trail) fate {
	lines := newFate(a, t.versions[0])
	for i := range lines.to {
		lines.to[i], lines.like[i] = int32(a.Lines.First-1+i), 1
	}
	if was := f.newText(lines.at); was == nil || len(was.prints) < a.Lines.Last {
		return newFate(a, t.last())
	}
	lines.whole = true
	for _, next := range t.versions[1:] {
		if m := f.lines(lines.at, next); m != nil {
			lines.through(m, next)
		}
	}
	if t.ended {
		commits := lines.commits
		if t.by != "" && lines.span().First > 0 {
			commits = append(commits, t.by)
		}
		lines = newFate(a, t.last())
		lines.commits = commits
	}
	return lines
}

// through maps the lines to the next version.
func (l *fate) through(m *lineMap, next version) {
	l.doubt = l.doubt || l.doubtful(m)
	touched := false
	last, lastTo := int32(absent), int32(absent)
	for i, at := range l.to {
		if at == absent {
			continue
		}
		to := m.to[at]
		touched = touched || m.like[at] < 1 || last != absent && to-lastTo != at-last
		last, lastTo = at, to
		l.like[i] *= m.like[at]
	}
	for i, at := range l.to {
		if at != absent {
			l.to[i] = m.to[at]
		}
		if l.like[i] < 1 || i > 0 && l.to[i] != l.to[i-1]+1 {
			l.whole = false
		}
	}
	if touched && next.commit != "" {
		l.commits = append(l.commits, next.commit)
	}
	l.at = next
}

// doubtful reports whether a map could as well lead all the lines elsewhere.
func (l *fate) doubtful(m *lineMap) bool {
	for _, at := range l.to {
		if at != absent && m.to[at] != absent && !m.doubt[at] {
			return false
		}
	}
	return true
}

// span returns the first and the last line that is there, from 1; zero for
// none.
func (l *fate) span() (s indexer.Lines) {
	for _, to := range l.to {
		if to == absent {
			continue
		}
		if s.First == 0 {
			s.First = int(to) + 1
		}
		s.Last = int(to) + 1
	}
	return s
}

// score returns the share of the lines that is there, changed ones in part,
// to three digits.
func (l *fate) score() float64 {
	sum := 0.0
	for _, like := range l.like {
		sum += float64(like)
	}
	return math.Round(1000*sum/float64(len(l.like))) / 1000
}
