package anchor_test

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"navigator/annotations"
	"navigator/annotations/anchor"
	"navigator/indexer"
	"navigator/indexer/syntax"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// files is a state in memory.
type files map[string][]byte

func (f files) Paths() iter.Seq[string] { return maps.Keys(f) }

func (f files) Blob(path string) (indexer.Hash, bool) {
	text, ok := f[path]
	return indexer.HashOf(text), ok
}

func (f files) Text(path string) ([]byte, error) {
	text, ok := f[path]
	if !ok {
		return nil, fs.ErrNotExist
	}
	return text, nil
}

func (f files) Symbols(path string) []indexer.Symbol {
	x := syntax.New()
	defer x.Close()
	var facts indexer.Facts
	x.Extract(indexer.LanguageOf(path), f[path], &facts)
	return facts.Symbols
}

// history is the way through several states, and the renames in it: each old
// path with the new one.
type history struct {
	states  []files
	renames map[string]string
}

func (h history) Commits() (commits []indexer.Commit) {
	for i, now := range h.states[1:] {
		was, c := h.states[i], indexer.Commit{ID: fmt.Sprint("commit", i+1)}
		renamed := map[string]bool{}
		for _, p := range slices.Sorted(maps.Keys(was)) {
			to := p
			if _, there := now[p]; !there {
				to = h.renames[p]
			}
			change := indexer.Change{From: p, To: to}
			change.Old, _ = was.Blob(p)
			if to != "" {
				change.New, _ = now.Blob(to)
			}
			if renamed[to] = true; p != to || change.Old != change.New {
				c.Changes = append(c.Changes, change)
			}
		}
		for _, p := range slices.Sorted(maps.Keys(now)) {
			if !renamed[p] {
				blob, _ := now.Blob(p)
				c.Changes = append(c.Changes, indexer.Change{To: p, New: blob})
			}
		}
		commits = append(commits, c)
	}
	return commits
}

func (h history) Content(blob indexer.Hash) ([]byte, error) {
	for _, state := range h.states {
		for _, text := range state {
			if indexer.HashOf(text) == blob {
				return text, nil
			}
		}
	}
	return nil, fs.ErrNotExist
}

// TestFind runs the fixtures. Files "1/…" are the first state, "2/…" the
// second, and so on; "renames" may hold lines of an old path and its new one;
// "want" holds citations of the first state, each with what is found in the last
// by the history, by the two states, and by hashes alone.
func TestFind(t *testing.T) {
	fixtures, err := filepath.Glob("testdata/find/*.txtar")
	if err != nil || len(fixtures) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, fixture := range fixtures {
		t.Run(strings.TrimSuffix(filepath.Base(fixture), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(fixture)
			if err != nil {
				t.Fatal(err)
			}
			h, want := readStates(t, archive)
			got := findAll(t, h, string(want.Data))
			if *update {
				want.Data = []byte(got)
				if err := os.WriteFile(fixture, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want.Data), got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func readStates(t *testing.T, archive *txtar.Archive) (h history, want *txtar.File) {
	t.Helper()
	h.renames = map[string]string{}
	for i := range archive.Files {
		f := &archive.Files[i]
		number, path, _ := strings.Cut(f.Name, "/")
		switch f.Name {
		case "want":
			want = f
			continue
		case "renames":
			for line := range strings.Lines(string(f.Data)) {
				from, to, _ := strings.Cut(strings.TrimSpace(line), " ")
				h.renames[from] = to
			}
			continue
		}
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 {
			t.Fatalf("%s is in no state", f.Name)
		}
		for len(h.states) < n {
			h.states = append(h.states, files{})
		}
		h.states[n-1][path] = f.Data
	}
	if want == nil || len(h.states) < 2 {
		t.Fatal("a fixture has two states and what is wanted")
	}
	return h, want
}

func findAll(t *testing.T, h history, want string) string {
	t.Helper()
	old, new := h.states[0], h.states[len(h.states)-1]
	var out strings.Builder
	asked := 0
	for line := range strings.Lines(want) {
		if strings.HasPrefix(line, " ") {
			continue
		}
		asked++
		a := makeAnchor(t, old, strings.TrimSpace(line))
		fmt.Fprintf(&out, "%s:%s\n", a.Path, a.Lines)
		for _, way := range []struct {
			name   string
			finder *anchor.Finder
		}{
			{"history", anchor.NewFinder(old, new, h)},
			{"states", anchor.NewFinder(old, new, nil)},
			{"hashes", anchor.NewFinder(nil, new, nil)},
		} {
			o := way.finder.Find(a)
			checkProof(t, new, a, o)
			fmt.Fprintf(&out, "  %-8s %s\n", way.name, describe(o))
		}
	}
	if asked == 0 {
		t.Fatal("nothing is asked")
	}
	return out.String()
}

func describe(o annotations.Outcome) string {
	words := []string{string(o.Verdict)}
	if o.Verdict != annotations.Lost {
		words = append(words, o.Place.Path+":"+o.Place.Lines.String(), string(o.Method), fmt.Sprintf("%.2f", o.Score))
	}
	return strings.Join(append(words, o.Commits...), " ")
}

func makeAnchor(t *testing.T, state anchor.State, place string) annotations.Anchor {
	t.Helper()
	path, lines, _ := strings.Cut(place, ":")
	first, last, isRange := strings.Cut(lines, "-")
	if !isRange {
		last = first
	}
	from, err := strconv.Atoi(first)
	if err != nil {
		t.Fatal(err)
	}
	to, err := strconv.Atoi(last)
	if err != nil {
		t.Fatal(err)
	}
	a, err := anchor.Make(state, "", annotations.Place{Source: "tree", Path: path, Lines: indexer.Lines{First: from, Last: to}})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// checkProof holds an outcome against what its verdict claims.
func checkProof(t *testing.T, state files, a annotations.Anchor, o annotations.Outcome) {
	t.Helper()
	if o.Score < 0 || o.Score > 1 {
		t.Errorf("%s:%s: score %v", a.Path, a.Lines, o.Score)
	}
	if o.Verdict == annotations.Lost {
		if o.Place != (annotations.Place{}) {
			t.Errorf("%s:%s: lost, and at %v", a.Path, a.Lines, o.Place)
		}
		return
	}
	prints := anchor.Fingerprints(state[o.Place.Path])
	at := o.Place.Lines
	if at.First < 1 || at.Last < at.First || at.Last > len(prints) {
		t.Fatalf("%s:%s: %s at %v of %d lines", a.Path, a.Lines, o.Verdict, o.Place, len(prints))
	}
	proven := o.Verdict == annotations.Same || o.Verdict == annotations.Moved
	if proven && !slices.Equal(prints[at.First-1:at.Last], a.Cited) {
		t.Errorf("%s:%s: %s to %v, where other lines stand", a.Path, a.Lines, o.Verdict, o.Place)
	}
	if here := o.Place.Path == a.Path && at == a.Lines; proven && here != (o.Verdict == annotations.Same) {
		t.Errorf("%s:%s: %s at %v", a.Path, a.Lines, o.Verdict, o.Place)
	}
}

func TestMakeRefusesWhatIsNotThere(t *testing.T) {
	state := files{"a.cc": []byte("one\ntwo\n")}
	for _, place := range []annotations.Place{
		{Path: "b.cc", Lines: indexer.Lines{First: 1, Last: 1}},
		{Path: "a.cc"},
		{Path: "a.cc", Lines: indexer.Lines{First: 2, Last: 3}},
		{Path: "a.cc", Lines: indexer.Lines{First: 2, Last: 1}},
	} {
		if a, err := anchor.Make(state, "", place); err == nil {
			t.Errorf("%v became %+v", place, a)
		}
	}
}

func TestMake(t *testing.T) {
	state := files{"a.cc": []byte("namespace n {\nint f() {\n  int x;\n\n  return  x;\n}\n}\n")}
	a := makeAnchor(t, state, "a.cc:3-5")
	if a.Symbol != "n::f" || a.Offset != 1 {
		t.Errorf("in %q, offset %d", a.Symbol, a.Offset)
	}
	print := func(line string) annotations.Fingerprint { return anchor.Fingerprint([]byte(line)) }
	for _, test := range []struct{ got, want []annotations.Fingerprint }{
		{a.Before, []annotations.Fingerprint{print("namespace n {"), print("int f() {")}},
		{a.Cited, []annotations.Fingerprint{print("int x;"), 0, print("\treturn x;")}},
		{a.After, []annotations.Fingerprint{print("}"), print("}")}},
	} {
		if !slices.Equal(test.got, test.want) {
			t.Errorf("got %x, want %x", test.got, test.want)
		}
	}
	if blob, _ := state.Blob("a.cc"); a.Blob != blob || a.Source != "tree" {
		t.Errorf("got %+v", a)
	}
}

// FuzzFind holds that nothing is said to be proven that is not, whatever
// became of the text, and that an unchanged text is the same.
func FuzzFind(f *testing.F) {
	f.Add("a\nb\nc\n", "x\na\nb\nc\n", "a\nb\n", uint8(1), uint8(2))
	f.Add("{\n}\n{\n}\n{\n}\n", "{\n}\n{\n}\n", "{\n}\n{\n}\n{\n}\n{\n}\n", uint8(3), uint8(2))
	f.Add("int f() {\n  return 1;\n}\n", "int f() {\n\n  return 2;\n}\n", "\xff\x00", uint8(0), uint8(9))
	f.Add("", "", "", uint8(0), uint8(0))
	f.Fuzz(func(t *testing.T, one, two, three string, first, length uint8) {
		old := files{"a.cc": []byte(one), "b.cc": []byte(two)}
		middle := files{"a.cc": []byte(two), "b.cc": []byte(one)}
		new := files{"a.cc": []byte(three), "c.cc": []byte(one + three)}
		lines := indexer.Lines{First: 1 + int(first), Last: 1 + int(first) + int(length)}
		a, err := anchor.Make(old, "", annotations.Place{Source: "tree", Path: "a.cc", Lines: lines})
		if err != nil {
			return
		}
		for _, finder := range []*anchor.Finder{
			anchor.NewFinder(old, new, history{states: []files{old, middle, new}}),
			anchor.NewFinder(old, new, nil),
			anchor.NewFinder(nil, new, nil),
		} {
			checkProof(t, new, a, finder.Find(a))
		}
		if o := anchor.NewFinder(old, old, nil).Find(a); o.Verdict != annotations.Same {
			t.Errorf("%s in its own text: %+v", lines, o)
		}
	})
}

// BenchmarkFind finds the lines of a file of 2,000 lines that grew by a line in
// each ten, all its texts read anew.
func BenchmarkFind(b *testing.B) {
	var was, now bytes.Buffer
	for i := range 2000 {
		fmt.Fprintf(&was, "  const int value_%d = compute(%d);\n", i, i*i)
		fmt.Fprintf(&now, "  const int value_%d = compute(%d);\n", i, i*i)
		if i%10 == 0 {
			fmt.Fprintf(&now, "  log(value_%d);\n", i)
		}
	}
	old, new := files{"a.cc": was.Bytes()}, files{"a.cc": now.Bytes()}
	a, err := anchor.Make(old, "", annotations.Place{Source: "tree", Path: "a.cc", Lines: indexer.Lines{First: 1002, Last: 1009}})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(was.Len() + now.Len()))
	for b.Loop() {
		if o := anchor.NewFinder(old, new, nil).Find(a); o.Verdict != annotations.Moved {
			b.Fatalf("%+v", o)
		}
	}
}
