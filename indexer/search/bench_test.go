package search_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"navigator/indexer/search"
)

// percentiles reports the median and the 99th percentile of what took samples.
func percentiles(b *testing.B, samples []time.Duration) {
	slices.Sort(samples)
	at := func(p int) float64 { return float64(samples[(len(samples)-1)*p/100].Microseconds()) / 1000 }
	b.ReportMetric(at(50), "p50-ms")
	b.ReportMetric(at(99), "p99-ms")
	b.ReportMetric(at(100), "max-ms")
	b.ReportMetric(0, "ns/op")
}

// typed returns n different queries as people type them, made of the names of
// the corpus: beginnings, whole names, initials, qualified names, words out of
// order, mistakes, filters.
func (c *corpus) typed(n int) []string {
	var names []string // qualified
	for f, symbols := range c.symbols {
		for i := range symbols {
			if (f*31+i)%97 == 0 && len(symbols[i].Name) > 6 {
				names = append(names, symbols[i].Qualified())
			}
		}
	}
	var queries []string
	seen := make(map[string]bool)
	add := func(q string) {
		if !seen[q] && len(queries) < n {
			seen[q] = true
			queries = append(queries, q)
		}
	}
	for c := 'a'; c <= 'z'; c++ {
		add(string(c))
	}
	step := max(len(names)/n*3, 1)
	for i := 0; len(queries) < n && i < len(names)*10; i += step {
		qualified := names[i%len(names)]
		parts := strings.Split(qualified, "::")
		name := parts[len(parts)-1]
		switch i / step % 12 {
		case 0:
			add(name)
		case 1:
			add(name[:2])
		case 2:
			add(strings.ToLower(name[:4]))
		case 3:
			add(name[:len(name)-2])
		case 4:
			add(strings.Join(parts[max(len(parts)-2, 0):], "::"))
		case 5:
			add(name[:3] + name[4:]) // a letter is missing
		case 6:
			add(strings.ToLower(name[:2] + name[3:4] + name[2:3] + name[4:])) // two are swapped
		case 7:
			add(strings.ToLower(name[1:6]))
		case 8:
			add("kind:class " + name[:3])
		case 9:
			add("path:source/common " + name[:4])
		case 10:
			add(strings.Map(func(r rune) rune {
				if r >= 'A' && r <= 'Z' {
					return r
				}
				return -1
			}, name) + "x"[:i%2])
		case 11:
			add(name[:3] + " " + name[len(name)-3:])
		}
	}
	return queries
}

func BenchmarkSymbols(b *testing.B) {
	c := realTrees(b)
	e := c.open(b, 1)
	queries := c.typed(500)
	if len(queries) != 500 {
		b.Fatalf("%d queries", len(queries))
	}
	best := make(map[string]time.Duration)
	var samples []time.Duration
	for b.Loop() {
		for _, q := range queries {
			start := time.Now()
			if _, err := e.Symbols(context.Background(), q, 30); err != nil {
				b.Fatal(err)
			}
			took := time.Since(start)
			samples = append(samples, took)
			if old, ok := best[q]; !ok || took < old {
				best[q] = took
			}
		}
	}
	percentiles(b, samples)
	// What the queries cost when nothing else takes the processor.
	sorted := slices.Sorted(maps.Values(best))
	b.ReportMetric(float64(sorted[len(sorted)*99/100].Microseconds())/1000, "p99-best-ms")
	slices.SortFunc(queries, func(x, y string) int { return int(best[y] - best[x]) })
	for _, q := range queries[:10] {
		b.Logf("%v %s", best[q], q)
	}
}

func BenchmarkFiles(b *testing.B) {
	c := realTrees(b)
	e := c.open(b, 1)
	for _, q := range []string{"c", "connman.h", "http conn manager", "source/common/http/conn_manager_impl.h", "inbound.rs", "cmi", "zzzz"} {
		b.Run(strings.ReplaceAll(q, "/", "_"), func(b *testing.B) {
			for b.Loop() {
				if _, err := e.Files(q, 30); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkOpen(b *testing.B) {
	c := realTrees(b)
	dirs := c.writeNames(b, 1)
	for b.Loop() {
		e, err := search.Open(c, dirs)
		if err != nil {
			b.Fatal(err)
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNames(b *testing.B) {
	c := realTrees(b)
	total := 0
	for b.Loop() {
		w, err := search.Create(b.TempDir())
		if err != nil {
			b.Fatal(err)
		}
		total = 0
		for _, symbols := range c.symbols {
			for i := range symbols {
				if err := w.Add(symbols[i].Name); err != nil {
					b.Fatal(err)
				}
				total++
			}
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(total), "symbols")
}
