package resolve_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"navigator/indexer"
	"navigator/indexer/resolve"
	"navigator/indexer/resolve/fixture"
	"navigator/indexer/syntax"
)

// realTree reads what is parsed of a checkout that a variable names.
func realTree(t testing.TB, variable string) *fixture.Corpus {
	t.Helper()
	root := os.Getenv(variable)
	if root == "" {
		t.Skipf("%s names no checkout", variable)
	}
	corpus, err := readTree(root)
	if err != nil {
		t.Fatal(err)
	}
	return corpus
}

var readTree = func() func(root string) (*fixture.Corpus, error) {
	var mu sync.Mutex
	known := make(map[string]*fixture.Corpus)
	return func(root string) (*fixture.Corpus, error) {
		mu.Lock()
		defer mu.Unlock()
		if c := known[root]; c != nil {
			return c, nil
		}
		var files []txtar.File
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !d.Type().IsRegular() || indexer.LanguageOf(path) == indexer.Text && d.Name() != "Cargo.toml" {
				return err
			}
			text, err := os.ReadFile(path)
			name, _ := filepath.Rel(root, path)
			files = append(files, txtar.File{Name: filepath.ToSlash(name), Data: text})
			return err
		})
		if err != nil {
			return nil, err
		}
		x := syntax.New()
		defer x.Close()
		known[root] = fixture.NewCorpus(files, x.Extract)
		return known[root], nil
	}
}()

// fieldsNamed returns the places of up to n fields of that name.
func fieldsNamed(c *fixture.Corpus, name string, n int) []indexer.SymbolRef {
	var found []indexer.SymbolRef
	for _, ref := range c.SymbolsNamed(name) {
		if c.Symbols(int(ref.File))[ref.Symbol].Kind == indexer.KindField && len(found) < n {
			found = append(found, ref)
		}
	}
	return found
}

func BenchmarkReferencesOfCommonName(b *testing.B) {
	c := realTree(b, "NAVIGATOR_ENVOY")
	fields := fieldsNamed(c, "callbacks_", 1000)
	if len(fields) == 0 {
		b.Fatal("the tree has no field callbacks_")
	}
	ask := func(r *resolve.Resolver, ref indexer.SymbolRef) int {
		at := c.Symbols(int(ref.File))[ref.Symbol].NameSpan.Start
		return len(r.References(context.Background(), int(ref.File), at).Uses)
	}
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			r := resolve.New(c, syntax.Lex)
			r.Warm(context.Background())
			b.StartTimer()
			ask(r, fields[len(fields)/2])
		}
	})
	b.Run("later", func(b *testing.B) {
		r := resolve.New(c, syntax.Lex)
		for i := 0; b.Loop(); i++ {
			ask(r, fields[i%len(fields)])
		}
	})
}

// TestUsesLeadToEachOther holds for the trees as they are that a symbol is
// among its own uses, and that asking at a use finds what asking at the
// definition does.
func TestUsesLeadToEachOther(t *testing.T) {
	for _, variable := range []string{"NAVIGATOR_ENVOY", "NAVIGATOR_ZTUNNEL"} {
		t.Run(variable, func(t *testing.T) {
			c := realTree(t, variable)
			r := resolve.New(c, syntax.Lex)
			asked, alone, other := 0, 0, 0
			for file := 0; file < len(c.Files()); file += 1 + len(c.Files())/300 {
				symbols := c.Symbols(file)
				if len(symbols) == 0 {
					continue
				}
				s := symbols[len(symbols)/2]
				if s.Kind == indexer.KindNamespace || s.Kind == indexer.KindModule || s.Kind == indexer.KindTest || s.Kind == indexer.KindPackage {
					continue
				}
				at := s.NameSpan.Start
				refs := r.References(context.Background(), file, at)
				asked++
				if !slices.ContainsFunc(refs.Uses, func(u indexer.Use) bool { return u.File == file && u.Span.Start == at }) {
					alone++
					t.Logf("%s:%d %s is not among its uses", c.Files()[file].Path, at.Line, s.Name)
					continue
				}
				for _, u := range refs.Uses[:min(3, len(refs.Uses))] {
					if u.Role == indexer.Override {
						continue
					}
					if again := r.References(context.Background(), u.File, u.Span.Start); len(again.Uses) != len(refs.Uses) {
						other++
						t.Logf("%s:%d %s: %d uses, and %d when asked at %s:%d", c.Files()[file].Path, at.Line, s.Name, len(refs.Uses), len(again.Uses), c.Files()[u.File].Path, u.Span.Start.Line)
					}
				}
			}
			if asked < 20 || alone*50 > asked || other*20 > asked {
				t.Errorf("of %d symbols %d are not among their uses, and %d uses lead elsewhere", asked, alone, other)
			}
		})
	}
}
