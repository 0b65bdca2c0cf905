package main

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	servePercent = 50       // how far the heap may grow between collections; what is resident counts more than time
	serveSlack   = 24 << 20 // what the runtime may take beyond that, bytes
	boundEvery   = time.Second
)

// boundMemory keeps the memory of the process near what it uses, until ctx
// ends. Without a bound the runtime gives back only little by little what one
// large answer took.
func boundMemory(ctx context.Context) {
	defer debug.SetGCPercent(debug.SetGCPercent(servePercent))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1))
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}} // at the last collection
	ticker := time.NewTicker(boundEvery)
	defer ticker.Stop()
	for {
		metrics.Read(live)
		if n := int64(live[0].Value.Uint64()); n > 0 {
			debug.SetMemoryLimit(n + n*servePercent/100 + serveSlack)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
