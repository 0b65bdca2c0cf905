package search_test

import (
	"context"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/sync/errgroup"

	"navigator/indexer"
	"navigator/indexer/search"
	"navigator/indexer/source"
	"navigator/indexer/syntax"
)

// corpus is files in memory.
type corpus struct {
	files   []indexer.File
	texts   [][]byte
	symbols [][]indexer.Symbol
}

func (c *corpus) Files() []indexer.File             { return c.files }
func (c *corpus) Text(file int) []byte              { return c.texts[file] }
func (c *corpus) Symbols(file int) []indexer.Symbol { return c.symbols[file] }

// add adds a file, named "source:path".
func (c *corpus) add(tb testing.TB, name, text string, symbols ...indexer.Symbol) {
	tb.Helper()
	src, path, ok := strings.Cut(name, ":")
	if !ok {
		tb.Fatalf("file %q has no source", name)
	}
	c.files = append(c.files, indexer.File{Source: src, Path: path, Language: indexer.LanguageOf(path), Size: len(text)})
	c.texts = append(c.texts, []byte(text))
	c.symbols = append(c.symbols, symbols)
}

// define returns a definition of a symbol by its qualified name; one that
// begins with "!" is only declared.
func define(kind indexer.Kind, qualified string) indexer.Symbol {
	qualified, declared := strings.CutPrefix(qualified, "!")
	s := indexer.Symbol{Name: qualified, Kind: kind, Definition: !declared, Parent: -1}
	if i := strings.LastIndex(qualified, "::"); i >= 0 {
		s.Container, s.Name = qualified[:i], qualified[i+2:]
	}
	return s
}

// writeNames writes names indexes of the symbols, the files dealt to as many
// packs.
func (c *corpus) writeNames(tb testing.TB, packs int) (dirs []string) {
	tb.Helper()
	for p := range packs {
		dir := tb.TempDir()
		w, err := search.Create(dir)
		if err != nil {
			tb.Fatal(err)
		}
		for f := p; f < len(c.files); f += packs {
			for _, s := range c.symbols[f] {
				if err := w.Add(s.Name); err != nil {
					tb.Fatal(err)
				}
			}
		}
		if err := w.Close(); err != nil {
			tb.Fatal(err)
		}
		dirs = append(dirs, dir)
	}
	return dirs
}

// open opens an engine over the corpus.
func (c *corpus) open(tb testing.TB, packs int) *search.Engine {
	tb.Helper()
	e, err := search.Open(c, c.writeNames(tb, packs))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := e.Close(); err != nil {
			tb.Error(err)
		}
	})
	return e
}

// realTrees returns Envoy and ztunnel as they are checked out.
func realTrees(tb testing.TB) *corpus {
	tb.Helper()
	envoy, ztunnel := os.Getenv("NAVIGATOR_ENVOY"), os.Getenv("NAVIGATOR_ZTUNNEL")
	if envoy == "" || ztunnel == "" {
		tb.Skip("NAVIGATOR_ENVOY and NAVIGATOR_ZTUNNEL do not name the checkouts of Envoy and ztunnel")
	}
	c, err := readTrees(envoy, ztunnel)
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

var readTreesOnce = struct {
	sync.Once
	c   *corpus
	err error
}{}

func readTrees(envoy, ztunnel string) (*corpus, error) {
	r := &readTreesOnce
	r.Do(func() {
		r.c = new(corpus)
		r.err = r.c.read(&source.Checkout{Name: "envoy", Root: envoy,
			Filter: source.Filter{Include: []string{"source", "envoy", "contrib", "mobile", "test", "api"}}})
		if r.err == nil {
			r.err = r.c.read(&source.Checkout{Name: "ztunnel", Root: ztunnel,
				Filter: source.Filter{Include: []string{"src", "proto"}}})
		}
	})
	return r.c, r.err
}

// read adds the files of a checkout.
func (c *corpus) read(tree *source.Checkout) error {
	listing, err := tree.List(context.Background())
	if err != nil {
		return err
	}
	entries := listing.Entries
	texts := make([][]byte, len(entries))
	symbols := make([][]indexer.Symbol, len(entries))
	workers := runtime.GOMAXPROCS(0)
	var group errgroup.Group
	for w := range workers {
		group.Go(func() error {
			extractor := syntax.New()
			defer extractor.Close()
			var facts indexer.Facts
			for i := w; i < len(entries); i += workers {
				text, err := tree.Read(&entries[i], nil)
				if err != nil {
					return err
				}
				if slices.Contains(text, 0) {
					continue // binary
				}
				extractor.Extract(indexer.LanguageOf(entries[i].Path), text, &facts)
				texts[i], symbols[i] = text, slices.Clone(facts.Symbols)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, e := range entries {
		if texts[i] == nil && e.Size > 0 {
			continue
		}
		c.files = append(c.files, indexer.File{Source: tree.Name, Path: e.Path, Language: indexer.LanguageOf(e.Path), Size: len(texts[i])})
		c.texts, c.symbols = append(c.texts, texts[i]), append(c.symbols, symbols[i])
	}
	return nil
}
