package cpp_test

import (
	"testing"

	"navigator/indexer/syntax/cpp"
	"navigator/indexer/syntax/fixture"
)

const fixtures = "testdata/*.txtar"

func TestFixtures(t *testing.T) {
	x := cpp.New()
	defer x.Close()
	fixture.Run(t, fixtures, x.Extract, cpp.Highlight)
}
