package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mayImport says which of our packages each package may import. A name that
// ends in "/..." stands for a folder and all below it.
var mayImport = map[string][]string{
	"indexer":            {},
	"indexer/source":     {"indexer"},
	"indexer/syntax":     {"indexer", "indexer/syntax/..."},
	"indexer/syntax/...": {"indexer", "indexer/syntax/..."},
	"indexer/resolve":    {"indexer"},
	"indexer/search":     {"indexer"},
	"indexer/snapshot":   {"indexer", "indexer/search"},
	"annotations":        {"indexer"},
	"annotations/course": {"annotations", "indexer"},
	"annotations/anchor": {"annotations", "indexer"},
	"annotations/review": {"annotations/...", "indexer"},
	"server":             {"indexer", "annotations", "ui"},
	"ui":                 {},
	"cmd/navigator":      {"indexer/...", "annotations/...", "server", "ui", "cmd/navigator/demo"},
	"cmd/navigator/demo": {"indexer/...", "annotations/...", "server", "ui"},
}

// onlyImporter says which packages alone may import a library.
var onlyImporter = map[string][]string{
	"github.com/smacker/go-tree-sitter": {"indexer/syntax", "indexer/syntax/..."},
	"github.com/blevesearch":            {"indexer/search"},
	"github.com/sergi/go-diff":          {"annotations/anchor"},
	"github.com/gorilla/mux":            {"server"},
	"github.com/spf13/cobra":            {"cmd/navigator"},
}

// topLevel is all that the repository's top folder may hold besides dotfiles;
// build products are named in .gitignore.
var topLevel = []string{"Makefile", "README.md", "annotations", "cmd", "go.mod", "go.sum", "indexer", "server", "ui"}

var builtFolders = []string{"bin", "build", "screenshots", "node_modules"}

func TestPackagesImportWhatTheyMay(t *testing.T) {
	packages := 0
	for dir, imports := range importsByPackage(t, "../..") {
		packages++
		allowed, known := rule(mayImport, dir)
		if !known {
			t.Errorf("%s is not in the table of packages", dir)
			continue
		}
		for _, name := range imports {
			ours, isOurs := strings.CutPrefix(name, "navigator/")
			if isOurs && !matchesAny(allowed, ours) {
				t.Errorf("%s imports %s", dir, ours)
			}
			for library, importers := range onlyImporter {
				if (name == library || strings.HasPrefix(name, library+"/")) && !matchesAny(importers, dir) {
					t.Errorf("%s imports %s", dir, name)
				}
			}
		}
	}
	if packages == 0 {
		t.Fatal("no packages")
	}
}

func TestTopLevelIsFixed(t *testing.T) {
	entries, err := filepath.Glob("../../*")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := filepath.Base(e)
		if !slices.Contains(topLevel, name) && !slices.Contains(builtFolders, name) && !strings.HasPrefix(name, ".") {
			t.Errorf("%s does not belong at the top", name)
		}
	}
}

// importsByPackage returns what the packages below root import, tests
// excepted, by the package's folder.
func importsByPackage(t *testing.T, root string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(file string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if name := e.Name(); name == "testdata" || name == "node_modules" || name != ".." && strings.HasPrefix(name, ".") {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root, filepath.Dir(file))
		if err != nil {
			return err
		}
		dir = filepath.ToSlash(dir)
		found[dir] = append(found[dir], nil...)
		for _, i := range parsed.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			found[dir] = append(found[dir], name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// rule returns the entry of dir, or of the folder that it lies in.
func rule(table map[string][]string, dir string) ([]string, bool) {
	if r, ok := table[dir]; ok {
		return r, true
	}
	for above := path.Dir(dir); above != "."; above = path.Dir(above) {
		if r, ok := table[above+"/..."]; ok {
			return r, true
		}
	}
	return nil, false
}

func matchesAny(patterns []string, dir string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		above, isFolder := strings.CutSuffix(p, "/...")
		return dir == above && isFolder || dir == p || isFolder && strings.HasPrefix(dir, above+"/")
	})
}
