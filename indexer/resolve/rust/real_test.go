package rust_test

import (
	"bufio"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"navigator/indexer"
	"navigator/indexer/resolve/fixture"
	"navigator/indexer/resolve/rust"
	"navigator/indexer/syntax"
	rustsyntax "navigator/indexer/syntax/rust"
)

// realTree reads the Rust and proto files of a checkout of ztunnel.
func realTree(t testing.TB) *fixture.Corpus {
	t.Helper()
	root := os.Getenv("NAVIGATOR_ZTUNNEL")
	if root == "" {
		t.Skip("NAVIGATOR_ZTUNNEL names no checkout")
	}
	cargo, err := os.ReadFile(filepath.Join(root, "Cargo.toml"))
	if err != nil {
		t.Fatal(err)
	}
	files := []txtar.File{{Name: "Cargo.toml", Data: cargo}}
	for _, folder := range []string{"src", "proto"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || indexer.LanguageOf(path) == indexer.Text {
				return err
			}
			text, err := os.ReadFile(path)
			name, _ := filepath.Rel(root, path)
			files = append(files, txtar.File{Name: filepath.ToSlash(name), Data: text})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	x := syntax.New()
	defer x.Close()
	return fixture.NewCorpus(files, x.Extract)
}

// known is a case whose answer somebody found out.
type known struct {
	Path      string
	Line, Col int32
	Name      string
	Category  string
	External  bool
	Answers   []struct {
		Path string
		Line int32
	}
}

// TestKnownCases measures on cases in the file that NAVIGATOR_RUST_CASES names,
// a line of JSON each.
func TestKnownCases(t *testing.T) {
	c := realTree(t)
	f, err := os.Open(os.Getenv("NAVIGATOR_RUST_CASES"))
	if err != nil {
		t.Skip("NAVIGATOR_RUST_CASES names no file")
	}
	defer f.Close()
	r := rust.New(c, rustsyntax.Lex)
	type tally struct{ right, all int }
	byCategory := map[string]*tally{}
	var sure, sureWrong, outside, linked int
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var k known
		if err := json.Unmarshal(lines.Bytes(), &k); err != nil {
			t.Fatal(err)
		}
		file, ok := c.FileIndex(fixture.Source, k.Path)
		if !ok {
			continue
		}
		m := r.Meaning(file, indexer.Position{Line: k.Line, Col: k.Col})
		right := k.External && len(m.Answers) == 0
		if len(m.Answers) > 0 {
			a := &m.Answers[0]
			for _, want := range k.Answers {
				if c.Files()[a.File].Path == want.Path && a.Span.Start.Line == want.Line {
					right = true
				}
			}
			if a.Confidence == indexer.Sure {
				sure++
				if !right {
					sureWrong++
				}
			}
		}
		if k.External {
			outside++
			if len(m.Answers) > 0 {
				linked++
			}
		}
		n := byCategory[k.Category]
		if n == nil {
			n = new(tally)
			byCategory[k.Category] = n
		}
		n.all++
		if right {
			n.right++
			continue
		}
		got := "nothing"
		if m.External != nil {
			got = "external " + m.External.Library
		}
		for i, a := range m.Answers {
			if i < 2 {
				got = c.Files()[a.File].Path + ":" + strconv.Itoa(int(a.Span.Start.Line)) + " " + a.Confidence.String() + " " + string(a.Reason.Kind)
			}
		}
		want := "external"
		for _, a := range k.Answers {
			want = a.Path + ":" + strconv.Itoa(int(a.Line))
		}
		t.Logf("%s %s:%d:%d %s: got %s, want %s", k.Category, k.Path, k.Line, k.Col, k.Name, got, want)
	}
	var all tally
	for category, n := range byCategory {
		t.Logf("%-20s %5d of %5d, %.1f %%", category, n.right, n.all, 100*float64(n.right)/float64(n.all))
		all.right, all.all = all.right+n.right, all.all+n.all
	}
	t.Logf("all %d of %d, %.1f %%; sure but wrong %d of %d; external but linked %d of %d", all.right, all.all, 100*float64(all.right)/float64(max(all.all, 1)), sureWrong, sure, linked, outside)
}

// TestSpeed resolves every identifier of the tree, and says what one takes.
func TestSpeed(t *testing.T) {
	c := realTree(t)
	r := rust.New(c, rustsyntax.Lex)
	start := time.Now()
	r.Meaning(0, indexer.Position{Line: 1, Col: 1})
	t.Logf("loading takes %v", time.Since(start))
	var took []time.Duration
	var facts indexer.Facts
	begin := time.Now()
	for file := range c.Files() {
		if c.Files()[file].Language != indexer.Rust {
			continue
		}
		if err := c.Facts(file, &facts); err != nil {
			t.Fatal(err)
		}
		for _, o := range facts.Occurrences {
			start := time.Now()
			r.Meaning(file, indexer.Position{Line: o.Line, Col: o.Col})
			took = append(took, time.Since(start))
		}
	}
	total := time.Since(begin)
	slices.Sort(took)
	t.Logf("%d names in %v; p99 %v, p99.9 %v, worst %v", len(took), total, took[len(took)*99/100], took[len(took)*999/1000], took[len(took)-1])
}
