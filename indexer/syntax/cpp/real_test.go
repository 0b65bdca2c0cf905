package cpp

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"navigator/indexer"
)

// envoy returns the C++ files below dirs of the Envoy checkout that
// NAVIGATOR_ENVOY names, and skips the test without it.
func envoy(tb testing.TB, dirs ...string) map[string][]byte {
	tb.Helper()
	root := os.Getenv("NAVIGATOR_ENVOY")
	if root == "" {
		tb.Skip("set NAVIGATOR_ENVOY to an Envoy checkout to run this")
	}
	cmd := exec.Command("git", append([]string{"-C", root, "ls-files", "-z"}, dirs...)...)
	out, err := cmd.Output()
	if err != nil {
		tb.Fatal(err)
	}
	files := map[string][]byte{}
	for _, p := range strings.Split(string(out), "\x00") {
		if p == "" || indexer.LanguageOf(p) != indexer.CPP {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, p))
		if err == nil && bytes.IndexByte(text, 0) < 0 {
			files[p] = text
		}
	}
	return files
}

func sorted(files map[string][]byte) []string {
	var paths []string
	for p := range files {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	return paths
}

func TestRealErrors(t *testing.T) {
	files := envoy(t, "source", "envoy", "contrib", "test")
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
			t.Logf("%s: %d errors: %q", p, facts.Errors, ErrorNodes(files[p], true))
		}
	}
	t.Logf("%d files, %d with errors, %d symbols, %d occurrences", len(files), bad, symbols, occ)
	if bad > 4 {
		t.Errorf("%d files have errors, want at most 4", bad)
	}
}

func TestRealSkeletonAgrees(t *testing.T) {
	files := envoy(t, "source", "envoy", "contrib", "test")
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
