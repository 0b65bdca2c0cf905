package rust_test

import (
	"fmt"
	"testing"

	"navigator/indexer"
	"navigator/indexer/syntax/fixture"
	"navigator/indexer/syntax/rust"
)

func TestRealTreesHaveNoErrors(t *testing.T) {
	x := rust.New()
	defer x.Close()
	var facts indexer.Facts
	for path, text := range fixture.RealFiles(t, ".rs") {
		for _, mode := range []struct {
			name string
			run  func()
		}{
			{"as used", func() { x.Extract(text, &facts) }},
			{"lifted", func() { x.ExtractAs(text, rust.Lifted, &facts) }},
			{"full", func() { x.ExtractAs(text, rust.Full, &facts) }},
		} {
			if mode.run(); facts.Errors > 0 {
				t.Errorf("%s, %s: %d errors", path, mode.name, facts.Errors)
			}
		}
		x.Extract(text, &facts)
		fixture.Check(t, text, &facts, rust.Highlight(text))
	}
}

func TestRealTreesSkeletonAgreesWithFull(t *testing.T) {
	x := rust.New()
	defer x.Close()
	var skeleton, full indexer.Facts
	symbols := 0
	for path, text := range fixture.RealFiles(t, ".rs") {
		x.ExtractAs(text, rust.Skeleton, &skeleton)
		x.ExtractAs(text, rust.Full, &full)
		symbols += len(full.Symbols)
		for i := range max(len(skeleton.Symbols), len(full.Symbols)) {
			a, b := symbolAt(skeleton, i), symbolAt(full, i)
			if a != b {
				t.Errorf("%s: skeleton has\n%s\nfull has\n%s", path, a, b)
				break
			}
		}
	}
	t.Logf("%d symbols", symbols)
}

func symbolAt(f indexer.Facts, i int) string {
	if i < len(f.Symbols) {
		return fmt.Sprintf("%+v", f.Symbols[i])
	}
	return "nothing"
}
