package rust_test

import (
	"bytes"
	"testing"

	"navigator/indexer"
	"navigator/indexer/syntax/fixture"
	"navigator/indexer/syntax/rust"
)

func FuzzMask(f *testing.F) {
	fixture.Seed(f, "testdata/*.txtar")
	f.Fuzz(func(t *testing.T, text []byte) {
		for mode := rust.Lifted; mode <= rust.Full; mode++ {
			masked := rust.Mask(text, mode)
			if len(masked) != len(text) {
				t.Fatalf("mode %d: %d bytes became %d", mode, len(text), len(masked))
			}
			for i, c := range masked {
				if (c == '\n') != (text[i] == '\n') {
					t.Fatalf("mode %d: byte %d was %q, became %q", mode, i, text[i], c)
				}
			}
		}
	})
}

func FuzzExtract(f *testing.F) {
	fixture.Seed(f, "testdata/*.txtar")
	x := rust.New()
	f.Cleanup(x.Close)
	var facts indexer.Facts
	f.Fuzz(func(t *testing.T, text []byte) {
		original := bytes.Clone(text)
		x.Extract(text, &facts)
		fixture.Check(t, text, &facts, nil)
		rust.Highlight(text)
		if !bytes.Equal(text, original) {
			t.Fatal("the text was changed")
		}
	})
}
