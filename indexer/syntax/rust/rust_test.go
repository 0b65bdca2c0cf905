package rust_test

import (
	"testing"

	"navigator/indexer/syntax/fixture"
	"navigator/indexer/syntax/rust"
)

func TestFixtures(t *testing.T) {
	x := rust.New()
	defer x.Close()
	fixture.Run(t, "testdata/*.txtar", x.Extract, rust.Highlight)
}
