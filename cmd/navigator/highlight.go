package main

import (
	"bytes"
	"sync"
	"time"

	"navigator/indexer"
	"navigator/indexer/syntax"
)

const (
	// highlightPatience is how long a page waits for the highlighting of a file
	// without symbols. The library that does it takes a second for some files;
	// those are shown plain once, and highlighted from the next look on.
	highlightPatience = 30 * time.Millisecond

	// maxHighlights is how many such files are remembered. Tokens of one take
	// up to some hundred kilobytes.
	maxHighlights = 64
)

// highlights remembers the tokens of files whose highlighting is slow, by
// content and path.
type highlights struct {
	mu    sync.Mutex
	known map[highlightKey]*highlight
	order []highlightKey // oldest first
}

type highlightKey struct {
	hash indexer.Hash
	path string
}

type highlight struct {
	done   chan struct{} // closed when tokens is there
	tokens []indexer.Token
}

// tokens returns what to highlight in a file, and whether that is known yet.
func (h *highlights) tokens(file indexer.File, text []byte) ([]indexer.Token, bool) {
	if file.Language != indexer.Text {
		return syntax.Highlight(file.Path, text), true
	}
	entry := h.entry(highlightKey{file.Hash, file.Path}, text)
	patience := time.NewTimer(highlightPatience)
	defer patience.Stop()
	select {
	case <-entry.done:
		return entry.tokens, true
	case <-patience.C:
		return nil, false
	}
}

// entry returns what is known of a file, and begins to find it out when that is
// nothing.
func (h *highlights) entry(key highlightKey, text []byte) *highlight {
	h.mu.Lock()
	defer h.mu.Unlock()
	if entry, ok := h.known[key]; ok {
		return entry
	}
	if len(h.order) == maxHighlights {
		delete(h.known, h.order[0])
		h.order = h.order[1:]
	}
	if h.known == nil {
		h.known = make(map[highlightKey]*highlight)
	}
	entry := &highlight{done: make(chan struct{})}
	h.known[key], h.order = entry, append(h.order, key)
	own := bytes.Clone(text) // the work may outlive the snapshot
	go func() {
		defer close(entry.done)
		entry.tokens = syntax.Highlight(key.path, own)
	}()
	return entry
}
