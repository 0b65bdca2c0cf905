package anchor_test

import (
	"reflect"
	"testing"

	"navigator/annotations/anchor"
)

func TestCommon(t *testing.T) {
	got := anchor.Common([]byte("a\n\tb\nc\nd\n"), []byte("a\nx\n  b\nd\n"))
	if want := []anchor.Pair{{0, 0}, {1, 2}, {3, 3}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := anchor.Common(nil, []byte("a")); got != nil {
		t.Errorf("%v", got)
	}
}
