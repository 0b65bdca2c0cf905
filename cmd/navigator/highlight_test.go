package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"navigator/indexer"
	"navigator/indexer/syntax"
)

// TestHighlights looks at a file that takes long to highlight until it is
// highlighted, whole.
func TestHighlights(t *testing.T) {
	text := []byte(strings.Repeat("def pick(hosts):  # the least loaded\n    return min(hosts, key=\"load\")\n", 200))
	file := indexer.File{Path: "tools/pick.py", Language: indexer.Text, Hash: indexer.HashOf(text)}
	want := syntax.Highlight(file.Path, text)
	if len(want) == 0 {
		t.Fatal("there is nothing to highlight in Python")
	}
	var h highlights
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		got, known := h.tokens(file, text)
		if !known {
			continue
		}
		if !slices.Equal(got, want) {
			t.Fatalf("the file is highlighted in part: %d tokens of %d", len(got), len(want))
		}
		return
	}
	t.Error("the file is never highlighted")
}

// TestHighlightsForget opens more files than are remembered.
func TestHighlightsForget(t *testing.T) {
	var h highlights
	for i := range 3 * maxHighlights {
		text := []byte{'#', ' ', byte('a' + i%26), byte('a' + i/26), '\n'}
		h.tokens(indexer.File{Path: "a.md", Language: indexer.Text, Hash: indexer.HashOf(text)}, text)
	}
	if len(h.known) != maxHighlights || len(h.order) != maxHighlights {
		t.Errorf("%d files are remembered, %d in order; want %d", len(h.known), len(h.order), maxHighlights)
	}
}
