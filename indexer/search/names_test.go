package search_test

import (
	"bufio"
	"os"
	"testing"

	"navigator/indexer/search"
)

func BenchmarkNames(b *testing.B) {
	f, err := os.Open("/tmp/search/names.txt")
	if err != nil {
		b.Skip(err)
	}
	var names []string
	for sc := bufio.NewScanner(f); sc.Scan(); {
		names = append(names, sc.Text())
	}
	for b.Loop() {
		w, err := search.Create(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		for _, n := range names {
			if err := w.Add(n); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
