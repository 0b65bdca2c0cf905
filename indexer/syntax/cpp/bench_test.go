package cpp

import (
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
	for b.Loop() {
		for _, text := range files {
			facts.Reset()
			e.Extract(text, &facts)
		}
	}
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
	for b.Loop() {
		for _, text := range files {
			e.PlainParse(text)
		}
	}
}
