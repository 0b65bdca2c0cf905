package cpp

import (
	"context"
	"fmt"
	"sort"

	sitter "github.com/smacker/go-tree-sitter"

	"navigator/indexer"
)

// Masked returns the masked text, and the mask of the full text when skeleton
// is false.
func Masked(text []byte, skeleton bool) []byte {
	e := New()
	defer e.Close()
	e.mask(text, skeleton)
	return e.compose.masked(text, e.cond.hidden, e.tracker.edits)
}

// Squeezed returns what the parser reads.
func Squeezed(text []byte) []byte {
	e := New()
	defer e.Close()
	e.mask(text, true)
	return e.compose.squeezed(text, e.cond.hidden, e.tracker.edits)
}

// ExtractFull is Extract by the full text.
func (e *Extractor) ExtractFull(text []byte, into *indexer.Facts) {
	into.Reset()
	e.extract(text, false, into)
}

// PlainParse parses text as it is and does nothing with the tree.
func (e *Extractor) PlainParse(text []byte) {
	tree, err := e.parser.ParseCtx(context.Background(), nil, text)
	if err == nil {
		tree.Close()
	}
}

// ErrorNodes returns the stretches of the masked text in error.
func ErrorNodes(text []byte, skeleton bool) []string {
	e := New()
	defer e.Close()
	skeleton = e.mask(text, skeleton) && skeleton
	out := e.compose.squeezed(text, e.cond.hidden, e.tracker.edits)
	tree, err := e.parser.ParseCtx(context.Background(), nil, out)
	if err != nil {
		return []string{err.Error()}
	}
	defer tree.Close()
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
	visit(tree.RootNode())
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
