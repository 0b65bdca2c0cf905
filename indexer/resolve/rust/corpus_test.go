package rust_test

import (
	"cmp"
	"slices"
	"testing"

	"navigator/indexer"
	"navigator/indexer/syntax"
)

// corpus is a snapshot in memory.
type corpus struct {
	files  []indexer.File
	texts  [][]byte
	facts  []indexer.Facts
	byName map[string][]indexer.SymbolRef
}

// newCorpus indexes files of one source: text by path.
func newCorpus(t testing.TB, source string, texts map[string][]byte) *corpus {
	t.Helper()
	x := syntax.New()
	defer x.Close()
	c := &corpus{byName: map[string][]indexer.SymbolRef{}}
	for path := range texts {
		c.files = append(c.files, indexer.File{Source: source, Path: path, Language: indexer.LanguageOf(path)})
	}
	slices.SortFunc(c.files, func(a, b indexer.File) int { return cmp.Compare(a.Path, b.Path) })
	c.facts = make([]indexer.Facts, len(c.files))
	for i, f := range c.files {
		c.texts = append(c.texts, texts[f.Path])
		x.Extract(f.Language, texts[f.Path], &c.facts[i])
		for k, s := range c.facts[i].Symbols {
			c.byName[s.Name] = append(c.byName[s.Name], indexer.SymbolRef{File: int32(i), Symbol: int32(k)})
		}
	}
	return c
}

func (c *corpus) Files() []indexer.File { return c.files }

func (c *corpus) FileIndex(source, path string) (int, bool) {
	return slices.BinarySearchFunc(c.files, path, func(f indexer.File, path string) int { return cmp.Compare(f.Path, path) })
}

func (c *corpus) Text(file int) []byte              { return c.texts[file] }
func (c *corpus) Symbols(file int) []indexer.Symbol { return c.facts[file].Symbols }

func (c *corpus) Facts(file int, into *indexer.Facts) error {
	*into = c.facts[file]
	return nil
}

func (c *corpus) SymbolsNamed(name string) []indexer.SymbolRef { return c.byName[name] }
