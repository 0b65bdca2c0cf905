package snapshot

import (
	"sync"
	"sync/atomic"

	"navigator/indexer"
)

// maxDecoded is about how many decoded symbols a pack keeps, of 120 bytes each.
const maxDecoded = 100_000

// decodedSymbols keeps the symbols of contents that were asked for. When they
// get too many, it forgets those that were not asked for since it forgot some
// the last time: the algorithm is CLOCK, with a round for a hand. Its memory is
// the collector's, so lists may be used on.
type decodedSymbols struct {
	lists []atomic.Pointer[symbolList] // by content
	count atomic.Int64                 // symbols in there
	round atomic.Uint32

	forgetting sync.Mutex
}

type symbolList struct {
	symbols []indexer.Symbol
	round   atomic.Uint32 // in which it was asked for last
}

func (d *decodedSymbols) get(i int) ([]indexer.Symbol, bool) {
	list := d.lists[i].Load()
	if list == nil {
		return nil, false
	}
	if round := d.round.Load(); list.round.Load() != round {
		list.round.Store(round)
	}
	return list.symbols, true
}

func (d *decodedSymbols) keep(i int, symbols []indexer.Symbol) {
	list := &symbolList{symbols: symbols}
	list.round.Store(d.round.Load())
	if d.lists[i].CompareAndSwap(nil, list) && d.count.Add(int64(len(symbols))) > maxDecoded {
		d.forget()
	}
}

// forget begins a round.
func (d *decodedSymbols) forget() {
	if !d.forgetting.TryLock() {
		return
	}
	defer d.forgetting.Unlock()
	round := d.round.Load()
	for i := range d.lists {
		list := d.lists[i].Load()
		if list != nil && list.round.Load() != round && d.lists[i].CompareAndSwap(list, nil) {
			d.count.Add(-int64(len(list.symbols)))
		}
	}
	d.round.Add(1)
}
