package snapshot_test

import (
	"encoding/binary"
	"testing"

	"github.com/google/go-cmp/cmp"

	"navigator/indexer"
	"navigator/indexer/snapshot"
)

// FuzzFacts takes bytes as facts, whether they make sense or not: they must
// come back as they were.
func FuzzFacts(f *testing.F) {
	f.Add([]byte("a few words to begin with, long enough for some symbols and occurrences of all kinds"))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		number := func() int32 {
			if len(data) == 0 {
				return 0
			}
			v := int32(int8(data[0]))
			if data[0] == 0x7f && len(data) > 4 {
				v = int32(binary.LittleEndian.Uint32(data[1:]))
				data = data[4:]
			}
			data = data[1:]
			return v
		}
		position := func() indexer.Position { return indexer.Position{Line: number(), Col: number()} }
		names := []string{"", "a", "Envoy::Http", "ñ"}
		name := func() string { return names[number()&3] }
		var want indexer.Facts
		for len(data) > 0 {
			if number()&1 == 0 {
				want.Occurrences = append(want.Occurrences, indexer.Occurrence{
					Line: number(), Col: number(), Len: number(), Role: indexer.Role(number() & 7)})
				continue
			}
			want.Symbols = append(want.Symbols, indexer.Symbol{
				Name: name(), Container: name(), Trait: name(), Kind: indexer.Kind(number()),
				Definition: number()&1 == 0, Visibility: indexer.Visibility(number() & 7),
				NameSpan: indexer.Span{Start: position(), End: position()},
				Span:     indexer.Span{Start: position(), End: position()}, HeadEnd: position(),
				Doc: indexer.Lines{First: int(number()), Last: int(number())}, Parent: number(),
			})
		}
		occurrences, symbols, texts := snapshot.EncodeFacts(&want)
		got, err := snapshot.DecodeFacts(occurrences, symbols, len(want.Occurrences), len(want.Symbols), texts)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// FuzzDecode reads damage whose checksum happens to be right.
func FuzzDecode(f *testing.F) {
	want := indexer.Facts{
		Occurrences: []indexer.Occurrence{{Line: 1, Col: 1, Len: 3}, {Line: 1, Col: 9, Len: 300, Role: indexer.Call}, {Line: 4, Col: 2, Len: 1}},
		Symbols:     []indexer.Symbol{{Name: "a", Trait: "b", Doc: indexer.Lines{First: 1, Last: 2}, Parent: -1}},
	}
	occurrences, symbols, _ := snapshot.EncodeFacts(&want)
	f.Add(occurrences)
	f.Add(symbols)
	f.Add([]byte{1, 2, 2, 2, 1, 'a', 1, 'b', 0, 0, 0, 0, 0, 0, 1, 1, 'p', 1, 0, 0, 1, 'f', 0, 0, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		snapshot.DecodeFacts(data, nil, len(data), 0, nil)
		snapshot.DecodeFacts(nil, data, 0, len(data), []string{"x"})
		snapshot.DecodeManifest(data)
		snapshot.DecodeBlobs(data)
		snapshot.DecodeStamps(data)
		snapshot.LookUpNames(data, "x")
	})
}
