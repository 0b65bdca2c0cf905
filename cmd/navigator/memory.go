package main

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	residentPercent = 65 // how far the heap may grow between collections; what is resident counts more than time

	boundEvery  = time.Second
	quietBytes  = 1 << 20  // allocated in that time when nobody asks anything
	wastedBytes = 32 << 20 // allocated since memory was given back that make it worth the while again
)

// boundMemory keeps the memory of the process near what it uses, until ctx
// ends. While nobody asks anything, all that is free is given back: the runtime
// by itself gives back only little by little what one large answer took.
func boundMemory(ctx context.Context) {
	defer debug.SetGCPercent(debug.SetGCPercent(residentPercent))
	samples := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	var last, released uint64 // allocated by then
	every(ctx, boundEvery, func() {
		metrics.Read(samples)
		allocated := samples[0].Value.Uint64()
		if allocated-last < quietBytes && allocated-released > wastedBytes {
			debug.FreeOSMemory()
			released = allocated
		}
		last = allocated
	})
}
