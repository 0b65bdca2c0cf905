package snapshot_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"navigator/indexer"
	"navigator/indexer/snapshot"
)

// large is a tree of 2,000 files of some 5 KB, with 40 symbols and 600 other
// words each.
func large() tree {
	random := rand.New(rand.NewPCG(1, 2))
	files := make(map[string]string)
	for i := range 2000 {
		var b strings.Builder
		for range 40 {
			fmt.Fprintf(&b, "NAME_%d ", random.IntN(40000))
			for range 15 {
				fmt.Fprintf(&b, "word%d ", random.IntN(100))
			}
			b.WriteByte('\n')
		}
		files[fmt.Sprintf("source/%d/%d.cc", i%50, i)] = b.String()
	}
	return tree{name: "large", files: files, stamp: 1}
}

func (t tree) size() (n int64) {
	for _, text := range t.files {
		n += int64(len(text))
	}
	return n
}

func BenchmarkFirstBuild(b *testing.B) {
	t := large()
	b.SetBytes(t.size())
	for i := 0; b.Loop(); i++ {
		store := snapshot.NewStore(filepath.Join(b.TempDir(), fmt.Sprint(i)))
		index(b, store, t)
	}
}

func BenchmarkUnchangedBuild(b *testing.B) {
	t := large()
	store, _ := newStore(b)
	index(b, store, t)
	b.SetBytes(t.size())
	for b.Loop() {
		index(b, store, t)
	}
}

// BenchmarkPublish adds one content to many.
func BenchmarkPublish(b *testing.B) {
	t := large()
	store, _ := newStore(b)
	index(b, store, t)
	for i := 0; b.Loop(); i++ {
		t.files["new.cc"] = fmt.Sprint("NEW ", i)
		index(b, store, t)
	}
}

func benchSnapshot(b *testing.B) (*snapshot.Snapshot, *snapshot.Store, string) {
	t := large()
	store, dir := newStore(b)
	index(b, store, t)
	s, err := store.Acquire()
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Release)
	return s, store, filepath.Join(dir, snapshot.SnapshotsDir, s.ID())
}

func BenchmarkOpen(b *testing.B) {
	_, _, dir := benchSnapshot(b)
	b.SetBytes(large().size())
	for b.Loop() {
		s, err := snapshot.Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		s.Release()
	}
}

func BenchmarkAcquire(b *testing.B) {
	_, store, _ := benchSnapshot(b)
	for b.Loop() {
		s, err := store.Acquire()
		if err != nil {
			b.Fatal(err)
		}
		s.Release()
	}
}

func BenchmarkFacts(b *testing.B) {
	s, _, _ := benchSnapshot(b)
	var facts indexer.Facts
	for i := 0; b.Loop(); i++ {
		if err := s.Facts(i%len(s.Files()), &facts); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSymbolsNamed(b *testing.B) {
	s, _, _ := benchSnapshot(b)
	for i := 0; b.Loop(); i++ {
		s.SymbolsNamed(s.Symbols(i % len(s.Files()))[0].Name)
	}
}

func BenchmarkBegin(b *testing.B) {
	_, store, _ := benchSnapshot(b)
	for b.Loop() {
		draft, err := store.Begin(context.Background(), nil)
		if err != nil {
			b.Fatal(err)
		}
		draft.Close()
	}
}
