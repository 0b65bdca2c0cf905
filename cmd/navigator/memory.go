package main

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	servePercent = 50       // how far the heap may grow between collections; what is resident counts more than time
	serveSlack   = 16 << 20 // what the runtime may take beyond that, bytes
	boundEvery   = time.Second

	quietBytes  = 1 << 20  // allocated in that time when nobody asks anything
	wastedBytes = 32 << 20 // allocated since memory was given back that make it worth the while again
)

// boundMemory keeps the memory of the process near what it uses, until ctx
// ends: the runtime by itself gives back only little by little what one large
// answer took. While nobody asks anything, all that is free is given back.
func boundMemory(ctx context.Context) {
	defer debug.SetGCPercent(debug.SetGCPercent(servePercent))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	samples := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/heap/allocs:bytes"}}
	ticker := time.NewTicker(boundEvery)
	defer ticker.Stop()
	var last, released uint64 // allocated by then
	for {
		metrics.Read(samples)
		live, allocated := int64(samples[0].Value.Uint64()), samples[1].Value.Uint64()
		if live > 0 { // at the last collection
			debug.SetMemoryLimit(live + live*servePercent/100 + serveSlack)
		}
		if allocated-last < quietBytes && allocated-released > wastedBytes {
			debug.FreeOSMemory()
			released = allocated
		}
		last = allocated
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
