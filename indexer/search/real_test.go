package search_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"navigator/indexer/search"
)

func TestTry(t *testing.T) {
	w := time.Now()
	c := realTrees(t)
	n, b := 0, 0
	for i, s := range c.symbols {
		n += len(s)
		b += len(c.texts[i])
	}
	t.Log("read", time.Since(w), len(c.files), n, b)
	dirs := c.writeNames(t, 1)
	for range 3 {
		w = time.Now()
		e, err := search.Open(c, dirs)
		if err != nil {
			t.Fatal(err)
		}
		t.Log("open", time.Since(w))
		e.Close()
	}
	e := c.open(t, 1)
	for _, q := range []string{"CMI", "connMan", "connman", "ConnectionManagerImpl", "Http::ConnectionManagerImpl::newStream", "c", "co", "http", "Cluster", "manager", "proxy::inbound", "ConectionMangerImpl", "conectionmangerimpl", "maneger", "onData", "kind:class stream", "http conn manager", "ConnectionManagerImpl newStream", "zzzzqq", "http conection maneger", "maneger impl", "clusterxmanagx", "anager", "Filter::decodeHeaders", "operator==", "kind:class path:source/common/http", "envoy.config.core.v3.Address"} {
		best := time.Hour
		var hits []search.SymbolHit
		var err error
		for range 5 {
			w = time.Now()
			hits, err = e.Symbols(context.Background(), q, 20)
			best = min(best, time.Since(w))
		}
		if err != nil {
			t.Error(err)
		}
		fmt.Fprintf(os.Stderr, "== %s %v\n", q, best)
		for i, h := range hits {
			if i < 8 {
				s := c.symbols[h.Ref.File][h.Ref.Symbol]
				fmt.Fprintf(os.Stderr, "   %d %s [%s %v] %v\n", h.Score, c.describe(h.Ref), s.Kind, s.Definition, h.Name)
			}
		}
	}
}
