package course

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"navigator/annotations"
)

// Edit replaces the bytes Start up to, not including, End of a lesson.
type Edit struct {
	Start, End int
	New        string
}

// twoNumbers matches the digits of a range, whatever stands between.
var twoNumbers = regexp.MustCompile(`^(\d+)(\D+)(\d+)$`)

// Rewrite returns the edits that make a citation of l lead to a place: of its
// path when path is true, and of its lines. Nothing but the reference's own
// characters is touched, and a single line stays one. It is not ok when the
// reference is written so that its path stands nowhere by itself.
func Rewrite(l *annotations.Lesson, citation int, to annotations.Place, path bool) (edits []Edit, ok bool) {
	c := &l.Citations[citation]
	lines := newLineTable(l.Text)
	start := lines.offset(c.Span.Start)
	if path {
		at := strings.Index(c.Raw, c.Path)
		if at < 0 || c.Under != "" {
			return nil, false
		}
		edits = append(edits, Edit{start + at, start + at + len(c.Path), to.Path})
	}
	if c.Cited.IsZero() || to.Lines.IsZero() {
		return edits, len(edits) > 0
	}
	from, end := lines.offset(c.Digits.Start), lines.offset(c.Digits.End)+1
	digits := string(l.Text[from:end])
	fresh := strconv.Itoa(to.Lines.First)
	if m := twoNumbers.FindStringSubmatch(digits); m != nil {
		fresh += m[2] + strconv.Itoa(to.Lines.Last)
	}
	if fresh != digits {
		edits = append(edits, Edit{from, end, fresh})
	}
	return edits, len(edits) > 0
}

// Apply returns a text with edits made, which must not overlap. Equal edits
// count once.
func Apply(text []byte, edits []Edit) []byte {
	edits = slices.Clone(edits)
	slices.SortFunc(edits, func(a, b Edit) int { return a.Start - b.Start })
	edits = slices.Compact(edits)
	var out []byte
	last := 0
	for _, e := range edits {
		if e.Start < last {
			continue
		}
		out = append(append(out, text[last:e.Start]...), e.New...)
		last = e.End
	}
	return append(out, text[last:]...)
}
