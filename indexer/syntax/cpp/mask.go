package cpp

import "slices"

// patch is what an edit leaves in place of the bytes it covers.
type patch uint8

const (
	patchBlank patch = iota
	patchPure        // PURE says nothing else
	patchSemi
	patchBody
	patchOne  // an expression
	patchType // a type
)

var patchText = [...]string{patchBlank: "", patchPure: "=0", patchSemi: ";", patchBody: "{}", patchOne: "1", patchType: "T"}

// edit overwrites the text from from to to.
type edit struct {
	span
	patch patch
}

// mask is what the tracker overwrites in a text, in order and without
// overlaps. Together with what is hidden (comments, directives, dead branches)
// it makes C++ that the grammar can read out of what Envoy writes.
type mask struct {
	edits []edit
}

// put adds an edit. Edits that it covers are dropped; of an earlier one that it
// overlaps, the earlier stays and the rest is added.
func (m *mask) put(from, to int32, p patch) {
	for n := len(m.edits); n > 0; n = len(m.edits) {
		last := m.edits[n-1]
		if last.from >= from {
			m.edits = m.edits[:n-1]
			to = max(to, last.to)
			continue
		}
		from = max(from, last.to)
		break
	}
	if from < to {
		m.edits = append(m.edits, edit{span{from, to}, p})
	}
}

// replace puts an edit where later ones may exist already. It drops those that
// it covers.
func (m *mask) replace(from, to int32, p patch) {
	i := len(m.edits)
	for i > 0 && m.edits[i-1].from >= to {
		i--
	}
	j := i
	for j > 0 && m.edits[j-1].to > from {
		j--
	}
	if j < i && m.edits[j].from < from { // it begins inside an earlier one
		from = m.edits[j].from
	}
	if from < to {
		m.edits = slices.Replace(m.edits, j, i, edit{span{from, to}, p})
	}
}

// segment says where a stretch of squeezed text came from.
type segment struct{ squeezed, original int32 }

// composer applies a mask.
type composer struct {
	out      []byte
	segments []segment
	size     int32 // of the text that was squeezed
}

// each calls f for every stretch that is not read, in order and without
// overlaps, with the patch that it leaves.
func each(hidden []span, edits []edit, f func(from, to int32, p patch)) {
	var h, e int
	at := int32(0)
	for h < len(hidden) || e < len(edits) {
		var s span
		p := patchBlank
		if e >= len(edits) || h < len(hidden) && hidden[h].from < edits[e].from {
			s = hidden[h]
			h++
		} else {
			s, p = edits[e].span, edits[e].patch
			e++
		}
		if s.from = max(s.from, at); s.from < s.to || p != patchBlank {
			f(s.from, max(s.to, s.from), p)
			at = max(at, s.to)
		}
	}
}

// squeezed returns the text with a blank and its patch for each stretch that is
// not read: what the parser gets. [composer.original] leads back.
func (c *composer) squeezed(text []byte, hidden []span, edits []edit) []byte {
	c.out, c.segments, c.size = c.out[:0], c.segments[:0], int32(len(text))
	at := int32(0)
	each(hidden, edits, func(from, to int32, p patch) {
		if !isBlank(text[at:from]) || at == 0 {
			c.keep(text, at, from)
			c.out = append(c.out, ' ')
		}
		c.out = append(c.out, patchText[p]...)
		at = to
	})
	c.keep(text, at, int32(len(text)))
	return c.out
}

// isBlank reports whether text is a short stretch of blanks.
func isBlank(text []byte) bool {
	if len(text) > 64 {
		return false
	}
	for _, b := range text {
		if b != ' ' && b != '\n' {
			return false
		}
	}
	return true
}

func (c *composer) keep(text []byte, from, to int32) {
	if from < to {
		c.segments = append(c.segments, segment{int32(len(c.out)), from})
		c.out = append(c.out, text[from:to]...)
	}
}

// original returns the offset in the text of the byte at i of the squeezed text.
func (c *composer) original(i int32) int32 {
	lo, hi := 0, len(c.segments)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if c.segments[mid].squeezed <= i {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return 0
	}
	s := c.segments[lo-1]
	at := s.original + i - s.squeezed
	// A patch may be longer than what it stands for.
	if lo < len(c.segments) {
		return min(at, c.segments[lo].original)
	}
	return max(0, min(at, c.size-1))
}
