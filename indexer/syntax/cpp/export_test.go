package cpp

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	sitter "github.com/smacker/go-tree-sitter"

	"navigator/indexer"
)

// Squeezed returns what the parser reads of text, or of the full text when
// skeleton is false, and where each of its bytes comes from.
func Squeezed(text []byte, skeleton bool) (squeezed []byte, origins []int) {
	e := New()
	defer e.Close()
	e.mask(text, skeleton)
	squeezed = e.compose.squeezed(text, e.cond.hidden, e.tracker.edits)
	for i := range squeezed {
		origins = append(origins, int(e.compose.original(int32(i))))
	}
	return squeezed, origins
}

// ExtractFull is Extract by the full text.
func (e *Extractor) ExtractFull(text []byte, into *indexer.Facts) {
	into.Reset()
	e.extract(text, false, into)
}

// PlainParse parses text as it is and does nothing with the tree.
func (e *Extractor) PlainParse(text []byte) {
	e.parser.Parse(text, nil, func(*sitter.Node, *sitter.TreeCursor) {})
}

// ErrorNodes returns the stretches in error of what the parser reads of text.
func ErrorNodes(text []byte) []string {
	e := New()
	defer e.Close()
	e.mask(text, true)
	out := e.compose.squeezed(text, e.cond.hidden, e.tracker.edits)
	var errors []string
	var visit func(n *sitter.Node)
	visit = func(n *sitter.Node) {
		if n.IsError() || n.IsMissing() {
			from, to := max(0, int(n.StartByte())-60), min(len(out), int(n.EndByte())+60)
			errors = append(errors, string(out[from:n.StartByte()])+"⟦"+string(out[n.StartByte():n.EndByte()])+"⟧"+string(out[n.EndByte():to]))
		}
		if n.HasError() {
			for i := range int(n.ChildCount()) {
				visit(n.Child(i))
			}
		}
	}
	if !e.parser.Parse(out, nil, func(root *sitter.Node, _ *sitter.TreeCursor) { visit(root) }) {
		return []string{"not in time"}
	}
	return errors
}

// symbolKey tells a symbol of a skeleton and one of the full text apart.
type symbolKey struct {
	name, container string
	kind            indexer.Kind
	at              indexer.Position
	definition      bool
}

func keys(f *indexer.Facts) map[symbolKey]bool {
	m := map[symbolKey]bool{}
	for i := range f.Symbols {
		s := &f.Symbols[i]
		m[symbolKey{s.Name, s.Container, s.Kind, s.NameSpan.Start, s.Definition}] = true
	}
	return m
}

// Disagreements returns the symbols that only the skeleton or only the full text
// of a file tells, and the errors left in the full text.
func Disagreements(e *Extractor, text []byte) (only []string, errors int32) {
	var skeleton, full indexer.Facts
	e.Extract(text, &skeleton)
	e.ExtractFull(text, &full)
	a, b := keys(&skeleton), keys(&full)
	for k := range a {
		if !b[k] {
			only = append(only, fmt.Sprintf("skeleton only: %v", k))
		}
	}
	for k := range b {
		if !a[k] {
			only = append(only, fmt.Sprintf("full only: %v", k))
		}
	}
	sort.Strings(only)
	return only, full.Errors
}

// Envoy returns the C++ files below dirs of the Envoy checkout that
// NAVIGATOR_ENVOY names, and skips the test without it.
func Envoy(tb testing.TB, dirs ...string) map[string][]byte {
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

// sorted returns the paths of files in order.
func sorted(files map[string][]byte) []string {
	var paths []string
	for p := range files {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	return paths
}
