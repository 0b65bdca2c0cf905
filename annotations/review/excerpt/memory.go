package excerpt

import (
	"bytes"
	"reflect"
	"slices"
	"sync"

	"navigator/annotations"
)

// Memory is what was found of lessons in one snapshot. A lesson of which all is
// the same that the finding rests on is not read again. It is safe for
// concurrent use; what it returns is shared. A zero Memory is empty.
type Memory struct {
	mu      sync.Mutex
	lessons map[string]remembered // by path
}

// remembered is what was found of a lesson, and all that it rests on but the
// snapshot.
type remembered struct {
	text      []byte
	citations []annotations.Citation
	excerpts  []annotations.Excerpt
	places    [][]annotations.Place // by citation
	found     Found
}

// Lesson is [Reader.Lesson] for a lesson that may be remembered. Reader is asked
// for when it is not, and must be of the memory's snapshot.
func (m *Memory) Lesson(reader func() *Reader, l *annotations.Lesson, places func(citation int) []annotations.Place) Found {
	at := make([][]annotations.Place, len(l.Citations))
	for i := range at {
		at[i] = places(i)
	}
	m.mu.Lock()
	known, ok := m.lessons[l.Path]
	m.mu.Unlock()
	if ok && bytes.Equal(known.text, l.Text) && slices.Equal(known.citations, l.Citations) &&
		slices.Equal(known.excerpts, l.Excerpts) && reflect.DeepEqual(known.places, at) {
		return known.found
	}
	found := reader().Lesson(l, func(i int) []annotations.Place { return at[i] })
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.lessons == nil {
		m.lessons = map[string]remembered{}
	}
	m.lessons[l.Path] = remembered{l.Text, l.Citations, l.Excerpts, at, found}
	return found
}
