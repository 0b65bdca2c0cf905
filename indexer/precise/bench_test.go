package precise_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"navigator/indexer"
	"navigator/indexer/precise"
	"navigator/indexer/precise/scip"
)

// synthetic returns a source of n files with 50 functions each, and an index of
// it with the symbols, about as long as those of scip-clang, of five names a
// line.
func synthetic(b *testing.B, n int) (files, []byte) {
	f := files{texts: map[string]string{}}
	var documents []*scip.Document
	for i := range n {
		path := fmt.Sprintf("source/common/http/file_%d.cc", i)
		var text strings.Builder
		d := document(path)
		add := func(line int32, col int, name, symbol string, roles int32) {
			d.Occurrences = append(d.Occurrences, &scip.Occurrence{
				Range: []int32{line, int32(col), int32(col + len(name))}, Symbol: symbol, SymbolRoles: roles,
			})
		}
		for line := range int32(50) {
			name := fmt.Sprintf("onThing%d", line)
			symbol := func(file int) string {
				return fmt.Sprintf("cxx . . $ Envoy/Extensions/HttpFilters/Thing%d/FilterImpl#%s(49f6e7a06ebc5aa8).", file, name)
			}
			text.WriteString("void " + name + "(Buffer& data) { callbacks_->" + name + "(data); }\n")
			add(line, 5, name, symbol(i), definition)
			at := 5 + len(name) + 1
			add(line, at, "Buffer", "cxx . . $ Envoy/Buffer/Buffer#", 0)
			add(line, at+8, "data", fmt.Sprintf("local %d", line), definition)
			add(line, at+16, "callbacks_", "cxx . . $ Envoy/Extensions/HttpFilters/FilterImpl#callbacks_.", 0)
			add(line, at+28, name, symbol((i+1)%n), 0)
			add(line, at+28+len(name)+1, "data", fmt.Sprintf("local %d", line), 0)
		}
		f.paths = append(f.paths, path)
		f.texts[path] = text.String()
		documents = append(documents, d)
	}
	return f, message(b, "file:///src/tree", documents...)
}

func BenchmarkConvert(b *testing.B) {
	f, index := synthetic(b, 500)
	tree := precise.Tree{Source: "tree", Root: "/src/tree", Files: f}
	b.SetBytes(int64(len(index)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := precise.Convert(bytes.NewReader(index), int64(len(index)), indexer.Hash{}, tree); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAt(b *testing.B) {
	f, index := synthetic(b, 500)
	x, err := convert(index, f)
	if err != nil || x.Stats().Used != x.Stats().Occurrences {
		b.Fatalf("%v, %+v", err, x.Stats())
	}
	for i := 0; b.Loop(); i++ {
		if _, ok := x.At(0, indexer.Position{Line: int32(i%50 + 1), Col: 7}); !ok {
			b.Fatal("nothing is there")
		}
	}
}
