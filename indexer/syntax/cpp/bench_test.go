package cpp

import (
	"syscall"
	"testing"

	"navigator/indexer"
)

func BenchmarkExtractReal(b *testing.B) {
	files := envoy(b, "source", "envoy", "contrib", "test")
	e := New()
	defer e.Close()
	var facts indexer.Facts
	var size int64
	for _, text := range files {
		size += int64(len(text))
	}
	b.SetBytes(size)
	b.ReportAllocs()
	start := cpuTime(b)
	for b.Loop() {
		for _, text := range files {
			facts.Reset()
			e.Extract(text, &facts)
		}
	}
	b.ReportMetric((cpuTime(b)-start)/float64(b.N), "cpu-s/op")
}

func BenchmarkPlainParseReal(b *testing.B) {
	files := envoy(b, "source", "envoy", "contrib", "test")
	e := New()
	defer e.Close()
	var size int64
	for _, text := range files {
		size += int64(len(text))
	}
	b.SetBytes(size)
	start := cpuTime(b)
	for b.Loop() {
		for _, text := range files {
			e.PlainParse(text)
		}
	}
	b.ReportMetric((cpuTime(b)-start)/float64(b.N), "cpu-s/op")
}

// cpuTime returns the seconds of CPU, system and user, that the process took.
func cpuTime(tb testing.TB) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
