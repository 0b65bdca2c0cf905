package search_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"navigator/indexer"
	"navigator/indexer/search"
)

// TestWriterConcurrent adds names from many goroutines, more than one segment
// holds.
func TestWriterConcurrent(t *testing.T) {
	const goroutines, each = 4, 12_000
	dir := t.TempDir()
	w, err := search.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for g := range goroutines {
		group.Go(func() {
			for i := range each {
				// Half of the names are common to all goroutines.
				name := fmt.Sprintf("name_%d", i)
				if i%2 == 0 {
					name = fmt.Sprintf("own%dName%d", g, i)
				}
				if err := w.Add(name); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	c := new(corpus)
	for g := range goroutines {
		c.add(t, fmt.Sprintf("a:source/%d.h", g), "",
			define(indexer.KindFunction, fmt.Sprintf("own%dName%d", g, each-2)),
			define(indexer.KindFunction, fmt.Sprintf("name_%d", each-1)))
	}
	e, err := search.Open(c, []string{dir})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for _, query := range []string{"own", "nam", "name_11999", "own3Name11998", "oN", "11998"} {
		hits, err := e.Symbols(context.Background(), query, 10)
		if err != nil || len(hits) == 0 {
			t.Errorf("%q: %d hits, %v", query, len(hits), err)
		}
	}
}

// TestEngineConcurrent searches from many goroutines at once.
func TestEngineConcurrent(t *testing.T) {
	c := proxies(t)
	e := c.open(t, 3)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for _, q := range []string{"CMI", "connman", "manager impl", "conectionMngr", "Http::newStream", "proxy run", "kind:class s", "lang:rust"} {
				if _, err := e.Symbols(context.Background(), q, 10); err != nil {
					t.Errorf("%q: %v", q, err)
				}
				if _, err := e.Files(q, 10); err != nil {
					t.Errorf("%q: %v", q, err)
				}
			}
			for _, q := range []search.TextQuery{{Pattern: "a"}, {Pattern: `\w+`, Regexp: true}} {
				if _, err := e.Text(context.Background(), q, func(search.FileMatches) bool { return true }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}
