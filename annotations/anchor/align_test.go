package anchor_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"navigator/annotations/anchor"
)

func TestAlign(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want []anchor.Pair
	}{
		{"", "", nil},
		{"x", "", nil},
		{"x y", "x y", []anchor.Pair{{0, 0}, {1, 1}}},
		{"f ( a )", "f ( a , b )", []anchor.Pair{{0, 0}, {1, 1}, {2, 2}, {3, 5}}},
		{"a b", "b c", []anchor.Pair{{1, 0}}},
	} {
		got := anchor.Align(strings.Fields(test.a), strings.Fields(test.b))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("Align(%q, %q): %s", test.a, test.b, diff)
		}
	}
}

func TestAlignManyDifferentTokens(t *testing.T) {
	var a []string
	for i := range 70000 {
		a = append(a, strings.Repeat("x", i%7)+string(rune('a'+i%26))+strings.Repeat("y", i/1000))
	}
	if got := len(anchor.Align(a, slices.Clone(a))); got != len(a) {
		t.Errorf("%d of %d equal tokens are aligned", got, len(a))
	}
}

func FuzzAlign(f *testing.F) {
	f.Add("auto a = b ;", "const auto a = c ;")
	f.Add("", "x")
	f.Fuzz(func(t *testing.T, x, y string) {
		a, b := strings.Fields(x), strings.Fields(y)
		if len(a)+len(b) > 2000 {
			t.Skip()
		}
		last := anchor.Pair{A: -1, B: -1}
		for _, p := range anchor.Align(a, b) {
			if p.A <= last.A || p.B <= last.B {
				t.Fatalf("%v after %v", p, last)
			}
			if a[p.A] != b[p.B] {
				t.Fatalf("%q is paired with %q", a[p.A], b[p.B])
			}
			last = p
		}
	})
}
