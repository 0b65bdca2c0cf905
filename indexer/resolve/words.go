package resolve

import (
	"bytes"
	"math/bits"
	"runtime"
	"slices"
	"sync"

	"navigator/indexer"
)

// wordIndex tells which files hold a word. It keeps a list of files for each
// value of a hash, so that a list may hold files of other words, too, and takes
// four bytes for each different word of each file: 12 MB for the 8,500 files of
// a tree of 60 MB.
type wordIndex struct {
	starts []uint32 // of the list of each value; one more at the end
	files  []uint32
	shift  int // of a hash, to get its value
}

// newWordIndex reads the files of the languages that are resolved.
func newWordIndex(files []indexer.File, text func(int) []byte) *wordIndex {
	w := &wordIndex{shift: 32 - max(10, min(20, bits.Len(uint(len(files)*64))))}
	values := make([][]uint32, len(files))
	var group sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			seen := make([]int32, 1<<(32-w.shift)) // by which file a value was met last
			for f := range next {
				values[f] = w.valuesIn(text(f), seen, int32(f+1))
			}
		})
	}
	for f := range files {
		if files[f].Language != indexer.Text {
			next <- f
		}
	}
	close(next)
	group.Wait()
	w.starts = make([]uint32, 1<<(32-w.shift)+1)
	for _, list := range values {
		for _, v := range list {
			w.starts[v+1]++
		}
	}
	for v := 1; v < len(w.starts); v++ {
		w.starts[v] += w.starts[v-1]
	}
	w.files = make([]uint32, w.starts[len(w.starts)-1])
	at := slices.Clone(w.starts)
	for f, list := range values {
		for _, v := range list {
			w.files[at[v]] = uint32(f)
			at[v]++
		}
	}
	return w
}

// valuesIn returns the values of the words of a text, each once.
func (w *wordIndex) valuesIn(text []byte, seen []int32, stamp int32) []uint32 {
	var values []uint32
	h := uint32(hashSeed)
	word := false
	for _, c := range text {
		if wordByte[c] {
			h = (h ^ uint32(c)) * hashPrime
			word = true
			continue
		}
		if word {
			if v := mixed(h) >> w.shift; seen[v] != stamp {
				seen[v] = stamp
				values = append(values, v)
			}
			h, word = hashSeed, false
		}
	}
	if word {
		if v := mixed(h) >> w.shift; seen[v] != stamp {
			values = append(values, v)
		}
	}
	return slices.Clip(values)
}

// FNV-1a, whose high bits are mixed before they are used.
const (
	hashSeed  = 2166136261
	hashPrime = 16777619
)

func mixed(h uint32) uint32 { return (h ^ h>>15) * 0x9E3779B1 }

// filesWith returns the files that may hold a word, in order. The list is
// shared.
func (w *wordIndex) filesWith(word string) []uint32 {
	h := uint32(hashSeed)
	for i := range len(word) {
		h = (h ^ uint32(word[i])) * hashPrime
	}
	v := mixed(h) >> w.shift
	return w.files[w.starts[v]:w.starts[v+1]]
}

var wordByte = func() (table [256]bool) {
	for c := range 256 {
		table[c] = c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'A' <= c&^0x20 && c&^0x20 <= 'Z'
	}
	return table
}()

// places calls found with the offset of each instance of a word in a text.
func places(text []byte, word string, found func(offset int)) {
	w := []byte(word)
	if len(w) == 0 {
		return
	}
	for at := 0; ; {
		i := bytes.Index(text[at:], w)
		if i < 0 {
			return
		}
		at += i
		end := at + len(w)
		if (at == 0 || !wordByte[text[at-1]]) && (end == len(text) || !wordByte[text[end]]) {
			found(at)
		}
		at = end
	}
}
