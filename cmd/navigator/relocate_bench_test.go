package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"navigator/indexer"
	"navigator/indexer/source"
)

// BenchmarkRelocate translates 400 citations, drawn from the files that
// changed, from the revision of NAVIGATOR_ENVOY to that of
// NAVIGATOR_ENVOY_BUMP, git's time included. The later checkout has both.
func BenchmarkRelocate(b *testing.B) {
	before, after := os.Getenv("NAVIGATOR_ENVOY"), os.Getenv("NAVIGATOR_ENVOY_BUMP")
	if before == "" || after == "" {
		b.Skip("set NAVIGATOR_ENVOY and NAVIGATOR_ENVOY_BUMP to two checkouts of Envoy")
	}
	from, err := source.Resolve(b.Context(), before, "HEAD")
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "course"), 0o755); err != nil {
		b.Fatal(err)
	}
	file := filepath.Join(dir, workspaceName)
	if err := os.WriteFile(file, fmt.Appendf(nil, "course = 'course'\n[[source]]\nname = 'envoy'\nroot = '%s'\n", after), 0o644); err != nil {
		b.Fatal(err)
	}
	questions, size := drawCitations(b, after, from, 400)
	b.SetBytes(size)
	for b.Loop() {
		var out, problems bytes.Buffer
		args := []string{"--workspace", file, "relocate", "envoy", "--batch", "--from", from, "--to", "HEAD"}
		if code := Main(context.Background(), args, bytes.NewReader(questions), &out, &problems); code != exitDone {
			b.Fatalf("exit code %d: %s", code, problems.String())
		}
		if n := bytes.Count(out.Bytes(), []byte("\n")); n != 400 {
			b.Fatalf("%d answers", n)
		}
	}
}

// drawCitations returns questions about parsed files that changed since a
// revision, and the bytes of those files.
func drawCitations(b *testing.B, root, from string, count int) (questions []byte, size int64) {
	b.Helper()
	old, err := source.Blobs(b.Context(), root, from)
	if err != nil {
		b.Fatal(err)
	}
	now, err := source.Blobs(b.Context(), root, "HEAD")
	if err != nil {
		b.Fatal(err)
	}
	var changed []string
	for p, blob := range old {
		if indexer.LanguageOf(p) != indexer.Text && now[p] != blob {
			changed = append(changed, p)
		}
	}
	slices.Sort(changed)
	objects := source.Objects{Root: root}
	defer objects.Close()
	random := rand.New(rand.NewPCG(1, 2))
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	for range count {
		path := changed[random.IntN(len(changed))]
		text, err := objects.Read(old[path])
		if err != nil {
			b.Fatal(err)
		}
		size += int64(len(text))
		lines := bytes.Count(text, []byte("\n"))
		start := 1 + random.IntN(max(1, lines))
		question := map[string]any{"path": path, "start": start, "end": min(max(1, lines), start+random.IntN(60))}
		if err := encoder.Encode(question); err != nil {
			b.Fatal(err)
		}
	}
	return out.Bytes(), size
}
