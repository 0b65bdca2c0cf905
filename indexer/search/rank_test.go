package search_test

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"navigator/indexer/search"
)

// expectation is a line of testdata/rank.txt.
type expectation struct{ rank, query, name, path string }

const ranked = 30 // hits among which an answer counts as found

// TestRank compares where expected answers stand with testdata/rank.txt.
func TestRank(t *testing.T) {
	const golden = "testdata/rank.txt"
	c := realTrees(t)
	e := c.open(t, 3)
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	var ranks []int
	for line := range strings.Lines(string(want)) {
		fields := strings.Split(strings.TrimSpace(line), " | ")
		if strings.HasPrefix(line, "recall") {
			continue
		}
		if len(fields) != 4 || strings.HasPrefix(line, "#") {
			got.WriteString(line)
			continue
		}
		x := expectation{fields[0], fields[1], fields[2], fields[3]}
		rank := c.rank(t, e, x)
		ranks = append(ranks, rank)
		shown := "-"
		if rank > 0 {
			shown = strconv.Itoa(rank)
		}
		if !*update && shown != x.rank {
			t.Errorf("%q finds %s in %s at %s, was %s", x.query, x.name, x.path, shown, x.rank)
		}
		fmt.Fprintf(&got, "%s | %s | %s | %s\n", shown, x.query, x.name, x.path)
	}
	if len(ranks) < 80 {
		t.Fatalf("only %d queries", len(ranks))
	}
	for _, at := range []int{1, 3, 10, ranked} {
		fmt.Fprintf(&got, "recall at %d: %d of %d\n", at, recall(ranks, at), len(ranks))
	}
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if got.String() != string(want) {
		t.Errorf("%s is out of date; recall now: %s", golden, got.String()[strings.Index(got.String(), "recall"):])
	}
	// Not even -update may let these pass.
	if recall(ranks, 10)*100 < 95*len(ranks) || recall(ranks, 1)*100 < 75*len(ranks) {
		t.Errorf("recall is %d at 1 and %d at 10 of %d", recall(ranks, 1), recall(ranks, 10), len(ranks))
	}
}

// rank returns the place of what is expected among the hits, 0 for none.
func (c *corpus) rank(t *testing.T, e *search.Engine, x expectation) int {
	hits, err := e.Symbols(context.Background(), x.query, ranked)
	if err != nil {
		t.Errorf("%q: %v", x.query, err)
	}
	for i, h := range hits {
		s := &c.symbols[h.Ref.File][h.Ref.Symbol]
		if c.files[h.Ref.File].Path == x.path && strings.HasSuffix("::"+s.Qualified(), "::"+x.name) {
			return i + 1
		}
	}
	return 0
}

// recall counts the ranks up to at.
func recall(ranks []int, at int) (n int) {
	for _, rank := range ranks {
		if 0 < rank && rank <= at {
			n++
		}
	}
	return n
}
