package cpp_test

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"navigator/indexer"
)

// sourceName is the name of the source that the files of a fixture are in.
const sourceName = "tree"

// corpus is a tree in memory.
type corpus struct {
	files []indexer.File
	texts [][]byte
	facts []indexer.Facts
	named map[string][]indexer.SymbolRef
}

// newCorpus extracts the facts of the files of an archive.
func newCorpus(files []txtar.File, extract func(indexer.Language, []byte, *indexer.Facts)) *corpus {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b txtar.File) int { return cmp.Compare(a.Name, b.Name) })
	c := &corpus{named: make(map[string][]indexer.SymbolRef)}
	for i, f := range files {
		lang := indexer.LanguageOf(f.Name)
		c.files = append(c.files, indexer.File{Source: sourceName, Path: f.Name, Language: lang, Size: len(f.Data)})
		c.texts = append(c.texts, f.Data)
		c.facts = append(c.facts, indexer.Facts{})
		extract(lang, f.Data, &c.facts[i])
		for k, s := range c.facts[i].Symbols {
			c.named[s.Name] = append(c.named[s.Name], indexer.SymbolRef{File: int32(i), Symbol: int32(k)})
		}
	}
	return c
}

// Files implements [indexer.Corpus].
func (c *corpus) Files() []indexer.File { return c.files }

// FileIndex implements [indexer.Corpus].
func (c *corpus) FileIndex(source, path string) (int, bool) {
	i := slices.IndexFunc(c.files, func(f indexer.File) bool { return f.Source == source && f.Path == path })
	return i, i >= 0
}

// Text implements [indexer.Corpus].
func (c *corpus) Text(file int) []byte { return c.texts[file] }

// Facts implements [indexer.Corpus].
func (c *corpus) Facts(file int, into *indexer.Facts) error {
	into.Reset()
	into.Symbols = append(into.Symbols, c.facts[file].Symbols...)
	into.Occurrences = append(into.Occurrences, c.facts[file].Occurrences...)
	return nil
}

// Symbols implements [indexer.Corpus].
func (c *corpus) Symbols(file int) []indexer.Symbol { return c.facts[file].Symbols }

// SymbolsNamed implements [indexer.Corpus].
func (c *corpus) SymbolsNamed(name string) []indexer.SymbolRef { return c.named[name] }

// runFixtures tests what resolver says on the fixtures that match pattern, of
// which there must be one, each with an expectation.
//
// A fixture is named after the construct that it holds on to. Its files are a
// tree, and each expectation stands in it as a comment on the line below the
// name, with a caret under the name's first byte and then the best answer:
//
//	return helper(3);
//	//     ^ def: lib/helper.h:2:5 sure
//
// The answer is PATH:LINE:COL and a confidence; or "external" and the library;
// or "nothing". Further answers follow after a comma.
func runFixtures(t *testing.T, pattern string, extract func(indexer.Language, []byte, *indexer.Facts), resolver func(indexer.Corpus) func(int, indexer.Position) indexer.Meaning) {
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixture matches %s (%v)", pattern, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			tree := newCorpus(archive.Files, extract)
			meaning := resolver(tree)
			n := 0
			for i := range tree.files {
				n += check(t, tree, i, meaning)
			}
			if n == 0 {
				t.Error("the fixture expects nothing")
			}
		})
	}
}

// check compares what meaning says with the expectations of a file, and returns
// how many there were.
func check(t *testing.T, c *corpus, file int, meaning func(int, indexer.Position) indexer.Meaning) int {
	t.Helper()
	n, code := 0, 0 // number of the last line that is no expectation
	lines := strings.Split(string(c.texts[file]), "\n")
	for i, line := range lines {
		before, want, ok := strings.Cut(line, "^ def: ")
		if !ok {
			code = i + 1
			continue
		}
		n++
		at := indexer.Position{Line: int32(code), Col: int32(len(before)) + 1}
		m := meaning(file, at)
		if got := c.describe(m, strings.Count(want, ",")+1); got != strings.TrimSpace(want) {
			t.Errorf("%s:%d:%d %s\nwant %s\ngot  %s (%s)", c.files[file].Path, at.Line, at.Col, strings.TrimSpace(lines[code-1]), want, got, reasons(m))
		}
	}
	return n
}

// describe writes the first answers of a meaning as expectations do.
func (c *corpus) describe(m indexer.Meaning, limit int) string {
	switch {
	case m.External != nil:
		return strings.TrimSpace("external " + m.External.Library)
	case len(m.Answers) == 0:
		return "nothing"
	}
	var words []string
	for _, a := range m.Answers[:min(limit, len(m.Answers))] {
		words = append(words, fmt.Sprintf("%s:%d:%d %s", c.files[a.File].Path, a.Span.Start.Line, a.Span.Start.Col, a.Confidence))
	}
	return strings.Join(words, ", ")
}

func reasons(m indexer.Meaning) string {
	var words []string
	for _, a := range m.Answers {
		words = append(words, string(a.Reason.Kind)+" "+a.Reason.Arg)
	}
	return strings.Join(words, "; ")
}
