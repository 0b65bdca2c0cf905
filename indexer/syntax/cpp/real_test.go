package cpp

import (
	"testing"

	"navigator/indexer"
)

// At most 4 of the files of Envoy have an error left in their trees.
func TestRealErrors(t *testing.T) {
	files := Envoy(t, "source", "envoy", "contrib", "test")
	e := New()
	defer e.Close()
	var facts indexer.Facts
	bad, symbols, occ := 0, 0, 0
	for _, p := range sorted(files) {
		facts.Reset()
		e.Extract(files[p], &facts)
		symbols += len(facts.Symbols)
		occ += len(facts.Occurrences)
		if facts.Errors > 0 {
			bad++
			t.Logf("%s: %d errors: %q", p, facts.Errors, ErrorNodes(files[p]))
		}
	}
	t.Logf("%d files, %d with errors, %d symbols, %d occurrences", len(files), bad, symbols, occ)
	if bad > 4 {
		t.Errorf("%d files have errors, want at most 4", bad)
	}
}

// A misjudged brace loses definitions silently: on all of Envoy, skeletons and full
// texts must tell the same.
func TestRealSkeletonAgrees(t *testing.T) {
	files := Envoy(t, "source", "envoy", "contrib", "test")
	e := New()
	defer e.Close()
	n, bad := 0, 0
	for _, p := range sorted(files) {
		only, errors := Disagreements(e, files[p])
		if errors > 0 {
			bad++
		}
		for _, o := range only {
			n++
			t.Errorf("%s (%d errors in the full text): %s", p, errors, o)
		}
	}
	t.Logf("%d disagreements, %d full texts with errors", n, bad)
}
