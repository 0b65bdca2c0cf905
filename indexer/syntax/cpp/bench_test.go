package cpp_test

import (
	"syscall"
	"testing"

	"navigator/indexer"
	"navigator/indexer/syntax/cpp"
)

// overFiles runs do on every fixture and, if there is one, on every file of the
// Envoy checkout, and reports the CPU that it took next to the time.
func overFiles(b *testing.B, do func(text []byte)) {
	run := func(files map[string][]byte) func(b *testing.B) {
		return func(b *testing.B) {
			var size int64
			for _, text := range files {
				size += int64(len(text))
			}
			b.SetBytes(size)
			b.ReportAllocs()
			start := cpuTime(b)
			for b.Loop() {
				for _, text := range files {
					do(text)
				}
			}
			b.ReportMetric((cpuTime(b)-start)/float64(b.N), "cpu-s/op")
		}
	}
	b.Run("fixtures", run(sources(b)))
	b.Run("envoy", func(b *testing.B) { run(cpp.Envoy(b, "source", "envoy", "contrib", "test"))(b) })
}

func BenchmarkExtract(b *testing.B) {
	x := cpp.New()
	defer x.Close()
	var facts indexer.Facts
	overFiles(b, func(text []byte) { x.Extract(text, &facts) })
}

// BenchmarkPlainParse is what Extract is measured against: a parse of the text as
// it is, with nothing read from the tree.
func BenchmarkPlainParse(b *testing.B) {
	x := cpp.New()
	defer x.Close()
	overFiles(b, x.PlainParse)
}

func BenchmarkHighlight(b *testing.B) {
	overFiles(b, func(text []byte) { cpp.Highlight(text) })
}

// cpuTime returns the seconds of CPU, system and user, that the process took.
func cpuTime(tb testing.TB) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
