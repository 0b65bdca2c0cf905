package resolve

import (
	"bytes"
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"navigator/indexer"
)

// hit is an instance of a word that is a name, as far as is known.
type hit struct {
	at         indexer.Position
	role       indexer.Role
	state      hitState
	confidence indexer.Confidence
	symbol     int32            // of the best answer, -1 for none that is a symbol
	file       int32            // of the best answer
	target     indexer.Position // its name
	from       indexer.Position // where the name starts that was asked about: "~T" for T
}

// hitState says how far it is known what a hit means.
type hitState uint8

const (
	unresolved hitState = iota
	resolved
	noName  // in a comment or a string
	nothing // a name that means nothing in a tree here
)

// fileHits are the hits of a word in a file.
type fileHits struct {
	file int
	mu   sync.Mutex
	done int // how many are resolved, from the first
	hits []hit
}

// maxHits bounds how many hits are remembered, of 40 bytes each.
const maxHits = 200_000

// hitsOf returns where a word stands, file by file; when ctx ends none.
func (r *Resolver) hitsOf(ctx context.Context, word string) []*fileHits {
	r.mu.Lock()
	list, ok := r.hits[word]
	r.mu.Unlock()
	if ok {
		return list
	}
	files := r.words().filesWith(word)
	found := make([]*fileHits, len(files))
	parallel(ctx, len(files), func(i int) { found[i] = r.hitsIn(int(files[i]), word) })
	if ctx.Err() != nil {
		return nil
	}
	list = slices.DeleteFunc(found, func(f *fileHits) bool { return f == nil })
	n := 0
	for _, f := range list {
		n += len(f.hits)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.remembered += n; r.remembered > maxHits {
		clear(r.hits)
		r.remembered = n
	}
	r.hits[word] = list
	return list
}

// spare holds facts whose memory is used again.
var spare = sync.Pool{New: func() any { return new(indexer.Facts) }}

// hitsIn returns where a word stands in a file as a name, nil when it does not.
func (r *Resolver) hitsIn(file int, word string) *fileHits {
	var found *fileHits
	facts := spare.Get().(*indexer.Facts)
	defer spare.Put(facts)
	text := r.corpus.Text(file)
	line, start, counted := int32(1), 0, 0
	places(text, word, func(offset int) {
		line += int32(bytes.Count(text[counted:offset], []byte{'\n'}))
		if i := bytes.LastIndexByte(text[counted:offset], '\n'); i >= 0 {
			start = counted + i + 1
		}
		counted = offset
		if found == nil {
			found = &fileHits{file: file}
			if r.corpus.Facts(file, facts) != nil {
				facts.Reset() // what is damaged has no hits
			}
		}
		at := indexer.Position{Line: line, Col: int32(offset-start) + 1}
		if role, ok := roleAt(facts.Occurrences, at); ok {
			found.hits = append(found.hits, hit{at: at, from: at, role: role})
		}
	})
	if found == nil || len(found.hits) == 0 {
		return nil
	}
	return found
}

// resolve finds out what the hits of a file mean, until ctx ends.
func (r *Resolver) resolve(ctx context.Context, f *fileHits) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for ; f.done < len(f.hits) && ctx.Err() == nil; f.done++ {
		h := &f.hits[f.done]
		m := r.Meaning(f.file, h.at)
		if m.Name == "" {
			h.state = noName
			continue
		}
		h.state, h.from = nothing, m.Span.Start
		if len(m.Answers) > 0 {
			a := &m.Answers[0]
			h.state, h.confidence = resolved, a.Confidence
			h.symbol, h.file, h.target = a.Symbol, int32(a.File), a.Span.Start
			if h.role == indexer.Call && a.Kind == indexer.KindField && a.Reason.Kind == indexer.ReasonUnique {
				h.confidence = indexer.NameOnly // the accessor of a type that is not known
			}
		}
	}
}

// roleAt returns the role of the occurrence that covers a place.
func roleAt(occurrences []indexer.Occurrence, at indexer.Position) (indexer.Role, bool) {
	i, ok := slices.BinarySearchFunc(occurrences, at, func(o indexer.Occurrence, at indexer.Position) int {
		switch {
		case o.Line != at.Line:
			return int(o.Line - at.Line)
		case o.Col+o.Len <= at.Col:
			return -1
		case o.Col > at.Col:
			return 1
		}
		return 0
	})
	if !ok {
		return indexer.Read, false
	}
	return occurrences[i].Role, true
}

// parallel calls do for 0 to n-1 with as many goroutines as there are
// processors, until ctx ends.
func parallel(ctx context.Context, n int, do func(int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		group.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				do(i)
			}
		})
	}
	group.Wait()
}
