package proto_test

import (
	"slices"
	"testing"

	"navigator/indexer"
	"navigator/indexer/syntax/fixture"
	"navigator/indexer/syntax/proto"
)

func TestFixtures(t *testing.T) {
	x := proto.New()
	defer x.Close()
	fixture.Run(t, "testdata/*.txtar", x.Extract, proto.Highlight)
}

func TestRealTreesHaveNoErrors(t *testing.T) {
	x := proto.New()
	defer x.Close()
	var facts indexer.Facts
	symbols := 0
	for path, text := range fixture.RealFiles(t, ".proto") {
		if x.Extract(text, &facts); facts.Errors > 0 {
			t.Errorf("%s: %d errors", path, facts.Errors)
		}
		symbols += len(facts.Symbols)
		fixture.Check(t, text, &facts, proto.Highlight(text))
	}
	t.Logf("%d symbols", symbols)
}

func FuzzMask(f *testing.F) {
	fixture.Seed(f, "testdata/*.txtar")
	f.Fuzz(func(t *testing.T, text []byte) {
		masked := proto.Mask(text)
		if len(masked) != len(text) {
			t.Fatalf("%d bytes became %d", len(text), len(masked))
		}
		for i, c := range masked {
			if (c == '\n') != (text[i] == '\n') {
				t.Fatalf("byte %d was %q, became %q", i, text[i], c)
			}
		}
	})
}

func FuzzExtract(f *testing.F) {
	fixture.Seed(f, "testdata/*.txtar")
	x := proto.New()
	f.Cleanup(x.Close)
	var facts indexer.Facts
	f.Fuzz(func(t *testing.T, text []byte) {
		original := slices.Clone(text)
		x.Extract(text, &facts)
		fixture.Check(t, text, &facts, proto.Highlight(text))
		if !slices.Equal(text, original) {
			t.Fatal("the text was changed")
		}
	})
}
