package anchor_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"navigator/annotations"
	"navigator/annotations/anchor"
	"navigator/indexer"
)

func someLock() *anchor.Lock {
	entry := func(lesson, raw string, nth, first, last int) anchor.Entry {
		e := anchor.Entry{Lesson: lesson, Kind: anchor.OfCitation, Raw: raw, Nth: nth, Anchor: annotations.Anchor{
			Source: "envoy", Revision: strings.Repeat("ab", 20), Path: "source/a b.cc", Lines: indexer.Lines{First: first, Last: last},
			Symbol: "Http::operator+", Offset: 3, Blob: indexer.HashOf([]byte(raw)), Before: []annotations.Fingerprint{1, 0, 3},
		}}
		for line := first; line <= last && first > 0; line++ {
			e.Cited = append(e.Cited, annotations.Fingerprint(line)*0x9E3779B97F4A7C15)
		}
		return e
	}
	lost := entry("01_a/b", "-", 1, 3, 4)
	lost.Near, lost.Lost, lost.Symbol, lost.Revision, lost.Before = 7, true, "", "", nil
	whole := entry("02_ñ/c d", "source/%20.cc", 2, 0, 0)
	whole.Kind = anchor.OfNote
	return &anchor.Lock{
		Sources: []anchor.Pin{{Source: "envoy", Revision: strings.Repeat("ab", 20)}, {Source: "ztunnel"}},
		Entries: []anchor.Entry{lost, entry("01_a/b", "a.cc:3-9", 1, 3, 9), entry("01_a/b", "a.cc:3-9", 2, 3, 9), whole},
	}
}

func TestLockIsReadAsWritten(t *testing.T) {
	want := someLock()
	text := want.Format()
	got, err := anchor.ParseLock(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Revision("envoy") != strings.Repeat("ab", 20) || got.Revision("other") != "" {
		t.Error("the revision of a source is not told")
	}
}

// What git makes of the lines of two branches is sound: order, line ends,
// comments and lines that are there twice do not matter.
func TestLockSurvivesMerges(t *testing.T) {
	want := someLock().Format()
	lines := strings.SplitAfter(strings.TrimSuffix(string(want), "\n"), "\n")
	lines[len(lines)-1] += "\n"
	shuffled := []string{lines[0], lines[1], "\n", lines[6], lines[4], "# mine\n", lines[5], lines[3], lines[7], lines[4], lines[2]}
	for _, ends := range []string{"\n", "\r\n"} {
		got, err := anchor.ParseLock([]byte(strings.ReplaceAll(strings.Join(shuffled, ""), "\n", ends)))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got.Format())); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestDamagedLockSaysWhere(t *testing.T) {
	sound := string(someLock().Format())
	other := someLock()
	other.Entries[1].Blob[0]++
	second := strings.Split(string(other.Format()), "\n")[5]
	for name, tt := range map[string]struct {
		text, want string
	}{
		"a digit":       {strings.Replace(sound, "source/a%20b.cc 3-9", "source/a%20b.cc 4-9", 1), "navigator.lock:6: the line is not as it was written"},
		"cut off":       {sound[:len(sound)-20], "navigator.lock:8: "},
		"a word":        {strings.Replace(sound, "anchor", "anker", 1), "navigator.lock:5: neither a source nor an anchor"},
		"no magic":      {strings.Replace(sound, "navigator.lock 1", "navigator.lock 2", 1), "navigator.lock:2: the first line is not"},
		"empty":         {"", "navigator.lock:1: there is no line"},
		"merge":         {strings.Replace(sound, "source ztunnel", "<<<<<<< HEAD\nsource ztunnel", 1), "navigator.lock:4: a merge left its markers; take the lock of either side"},
		"two revisions": {sound + "source envoy 12\n", "navigator.lock:9: a second revision"},
		"two anchors":   {sound + second + "\n", "navigator.lock:9: another anchor of the same citation"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := anchor.ParseLock([]byte(tt.text))
			var damage *anchor.LockError
			if !errors.As(err, &damage) || !strings.HasPrefix(err.Error(), tt.want) || !strings.Contains(err.Error(), "navigator reindex --write") {
				t.Errorf("got %v, want %s…", err, tt.want)
			}
		})
	}
}

func FuzzParseLock(f *testing.F) {
	f.Add(someLock().Format())
	f.Add([]byte("navigator.lock 1\nsource a b\n"))
	f.Add([]byte("navigator.lock 1\nanchor a citation b 1 s p 1-2 - 00 - 0 - 1,2 - kept 00000000\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l, err := anchor.ParseLock(text)
		if err != nil {
			return
		}
		first := l.Format()
		again, err := anchor.ParseLock(first)
		if err != nil {
			t.Fatalf("%v\n%s", err, first)
		}
		if !bytes.Equal(first, again.Format()) {
			t.Errorf("%s\nthen\n%s", first, again.Format())
		}
	})
}
