package snapshot

import (
	"sync/atomic"
	"testing"

	"navigator/indexer"
)

func TestDecodedSymbolsForgetWhatNobodyAsksFor(t *testing.T) {
	const each = 1000
	d := decodedSymbols{lists: make([]atomic.Pointer[symbolList], 10*maxDecoded/each)}
	for i := range d.lists {
		d.keep(i, make([]indexer.Symbol, each))
		if list, ok := d.get(0); !ok || len(list) != each {
			t.Fatalf("what is asked for all the time is forgotten after %d others", i)
		}
		if n := d.count.Load(); n > 2*maxDecoded {
			t.Fatalf("%d symbols are kept, %d wanted", n, maxDecoded)
		}
	}
	if _, ok := d.get(1); ok {
		t.Error("what nobody asked for again is kept")
	}
	kept := 0
	for i := range d.lists {
		if list, ok := d.get(i); ok {
			kept += len(list)
		}
	}
	if n := int(d.count.Load()); n != kept {
		t.Errorf("%d symbols are counted, %d kept", n, kept)
	}
}
