package indexer_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "navigator"

// mayImport says which of our packages each package may import. A pattern
// that ends in "/..." stands for the package and those below it; the first
// entry that fits a package counts. Test files may import more, here and below:
// they check packages together, and measure against what lies beneath.
var mayImport = []struct {
	pkg     string
	imports []string
}{
	{"indexer", nil},
	{"indexer/source", []string{"indexer"}},
	{"indexer/syntax/...", []string{"indexer", "indexer/syntax/..."}},
	{"indexer/precise/...", []string{"indexer", "indexer/precise/..."}},
	{"indexer/resolve", []string{"indexer", "indexer/precise", "indexer/resolve/..."}},
	{"indexer/resolve/...", []string{"indexer"}},
	{"indexer/search", []string{"indexer"}},
	{"indexer/snapshot", []string{"indexer", "indexer/search"}},
	{"annotations", []string{"indexer"}},
	{"annotations/course", []string{"indexer", "annotations"}},
	{"annotations/anchor", []string{"indexer", "annotations"}},
	{"annotations/review/...", []string{"indexer", "annotations/..."}},
	{"server", []string{"indexer", "annotations", "ui"}},
	{"ui/...", []string{"ui/..."}},
	{"cmd/navigator/...", []string{"..."}},
}

// owners says which package alone touches a library.
var owners = []struct{ library, pkg string }{
	{"github.com/smacker/go-tree-sitter/...", "indexer/syntax/..."},
	{"github.com/blevesearch/...", "indexer/search"},
	{"github.com/gorilla/mux", "server"},
	{"github.com/sergi/go-diff/...", "annotations/anchor"},
	{minifier, "ui"},
}

const minifier = "github.com/tdewolff/minify/..."

// topLevel is what the module's folder may hold, beside dotfiles and what is
// made and not committed.
var topLevel = []string{
	"go.mod", "go.sum", "README.md", "Makefile", "cmd", "indexer", "server", "annotations", "ui",
	"bin", "build", "node_modules", "screenshots",
}

// covers reports whether pattern stands for the import path.
func covers(pattern, path string) bool {
	below, all := strings.CutSuffix(pattern, "...")
	if !all {
		return path == pattern
	}
	return path+"/" == below || strings.HasPrefix(path, below)
}

// sourceFile is a Go file of the module.
type sourceFile struct {
	path    string // relative to the module's folder
	pkg     string // its folder, the same way
	imports []string
}

// goFiles returns the module's Go files, those of tests aside.
func goFiles(t *testing.T) []sourceFile {
	t.Helper()
	var files []sourceFile
	walk(t, func(path string, d fs.DirEntry) {
		if d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", path), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		f := sourceFile{path: path, pkg: filepath.ToSlash(filepath.Dir(path))}
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			f.imports = append(f.imports, name)
		}
		files = append(files, f)
	})
	if len(files) < 10 {
		t.Fatalf("found only %d Go files", len(files))
	}
	return files
}

// walk visits what the go command would.
func walk(t *testing.T, visit func(path string, d fs.DirEntry)) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(".."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && path != "." && (strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata" || name == "node_modules") {
			return fs.SkipDir
		}
		visit(path, d)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestPackagesImportWhatTheyMay(t *testing.T) {
	for _, f := range goFiles(t) {
		var allowed []string
		known := false
		for _, rule := range mayImport {
			if covers(rule.pkg, f.pkg) {
				allowed, known = rule.imports, true
				break
			}
		}
		if !known {
			t.Errorf("%s: the table of packages does not know %s", f.path, f.pkg)
			continue
		}
		for _, name := range f.imports {
			ours, ok := strings.CutPrefix(name, module+"/")
			if ok && !slices.ContainsFunc(allowed, func(p string) bool { return covers(p, ours) }) {
				t.Errorf("%s: %s may not import %s", f.path, f.pkg, ours)
			}
			if f.pkg == "ui" && strings.Contains(name, ".") && !covers(minifier, name) {
				t.Errorf("%s: ui imports the standard library and its minifier only, not %s", f.path, name)
			}
		}
	}
}

func TestLibrariesHaveOneOwner(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, name := range f.imports {
			for _, o := range owners {
				if covers(o.library, name) && !covers(o.pkg, f.pkg) {
					t.Errorf("%s: only %s touches %s", f.path, o.pkg, name)
				}
			}
		}
	}
}

func TestFolders(t *testing.T) {
	forbidden := []string{"util", "utils", "common", "helper", "helpers", "pkg", "internal"}
	walk(t, func(path string, d fs.DirEntry) {
		if !strings.Contains(path, "/") && path != "." && !strings.HasPrefix(path, ".") && !slices.Contains(topLevel, path) {
			t.Errorf("%s does not belong at the top level", path)
		}
		// The sources of the embedded demo have the folders of a proxy.
		if d.IsDir() && slices.Contains(forbidden, d.Name()) && !strings.HasPrefix(path, "cmd/navigator/demo/") {
			t.Errorf("%s: a folder is not called %s", path, d.Name())
		}
	})
}
