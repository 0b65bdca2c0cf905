package source_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"navigator/indexer"
	"navigator/indexer/source"
)

// repo is a git checkout in a temporary folder.
type repo struct {
	t    *testing.T
	root string
}

func newRepo(t *testing.T) *repo {
	t.Helper()
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_SYSTEM": os.DevNull,
		"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com",
		"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.com",
	} {
		t.Setenv(name, value)
	}
	r := &repo{t, t.TempDir()}
	r.git("init", "-q")
	return r
}

func (r *repo) git(args ...string) string {
	r.t.Helper()
	out, err := exec.Command("git", append([]string{"-C", r.root}, args...)...).CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r *repo) write(path, text string) {
	r.t.Helper()
	path = filepath.Join(r.root, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		r.t.Fatal(err)
	}
}

func (r *repo) link(target, path string) {
	r.t.Helper()
	if err := os.Symlink(target, filepath.Join(r.root, path)); err != nil {
		r.t.Fatal(err)
	}
}

func (r *repo) commit() string {
	r.t.Helper()
	r.git("add", "-A")
	r.git("commit", "-q", "-m", "x")
	return r.git("rev-parse", "HEAD")
}

// contents lists a tree, and reads it.
func contents(t *testing.T, tree indexer.Tree) (*indexer.Listing, map[string]string) {
	t.Helper()
	l, err := tree.List(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for i := range l.Entries {
		e := &l.Entries[i]
		text, err := tree.Read(e, nil)
		if err != nil {
			t.Fatal(err)
		}
		if hash := indexer.HashOf(text); e.Hash != (indexer.Hash{}) && e.Hash != hash {
			t.Errorf("%s: listed as %s, read as %s", e.Path, e.Hash, hash)
		}
		got[e.Path] = string(text)
	}
	if !slices.IsSortedFunc(l.Entries, func(a, b indexer.Entry) int { return strings.Compare(a.Path, b.Path) }) {
		t.Error("entries are not sorted by path")
	}
	return l, got
}

// laid makes a checkout with everything that listing has to cope with.
func laid(t *testing.T) (*repo, string) {
	r := newRepo(t)
	r.write(".gitignore", "*.o\nout/\n")
	r.write("source/a.cc", "int a;\n")
	r.write("source/b.cc", "int b;\n")
	r.write("source/con espacio y ñ.h", "int c;\n")
	r.write("docs/x.md", "# X\n")
	r.write("big.txt", strings.Repeat("x", indexer.MaxFileSize+1))
	r.write("full.txt", strings.Repeat("x", indexer.MaxFileSize))
	r.link("a.cc", "source/inside.cc")
	r.link("nowhere.cc", "source/dangling.cc")
	r.link("/etc/hostname", "source/absolute.cc")
	r.link("../../..", "source/above")
	return r, r.commit()
}

func TestCheckoutListsWhatIsOnDisk(t *testing.T) {
	r, commit := laid(t)
	r.write("source/b.cc", "int changed;\n")
	r.write("source/new.cc", "int n;\n")
	r.write("source/x.o", "ignored")
	r.write("out/y.cc", "ignored")
	os.Remove(filepath.Join(r.root, "docs/x.md"))

	l, got := contents(t, &source.Checkout{Name: "up", Root: r.root, URL: "https://example.com/up"})
	got["full.txt"] = ""
	want := map[string]string{
		".gitignore": "*.o\nout/\n", "full.txt": "",
		"source/a.cc": "int a;\n", "source/b.cc": "int changed;\n", "source/new.cc": "int n;\n",
		"source/con espacio y ñ.h": "int c;\n",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("contents (-want +got):\n%s", diff)
	}
	wantSource := indexer.Source{
		Name: "up", Root: r.root, URL: "https://example.com/up", Revision: commit,
		Skipped: indexer.Skips{Links: 3, Large: 1},
	}
	if diff := cmp.Diff(wantSource, l.Source); diff != "" {
		t.Errorf("source (-want +got):\n%s", diff)
	}
	for _, e := range l.Entries {
		modified := e.Committed != indexer.HashOf([]byte(want[e.Path]))
		if want := e.Path == "source/b.cc" || e.Path == "source/new.cc"; e.Path != "full.txt" && modified != want {
			t.Errorf("%s: modified is %v", e.Path, modified)
		}
		if e.Stamp == (indexer.Stamp{}) {
			t.Errorf("%s has no stamp", e.Path)
		}
	}
}

// A folder that became a link must not lead out of the tree, though git still
// lists the files that were in it.
func TestFolderReplacedByLink(t *testing.T) {
	r := newRepo(t)
	r.write("dir/secret.txt", "tracked\n")
	r.write("kept/in.txt", "in\n")
	r.write("moved/in.txt", "in\n")
	r.commit()
	outside := t.TempDir()
	os.WriteFile(filepath.Join(outside, "secret.txt"), []byte("outside\n"), 0o644)
	os.RemoveAll(filepath.Join(r.root, "dir"))
	r.link(outside, "dir")
	os.RemoveAll(filepath.Join(r.root, "moved"))
	r.link("kept", "moved")

	l, got := contents(t, &source.Checkout{Root: r.root})
	if diff := cmp.Diff(map[string]string{"kept/in.txt": "in\n"}, got); diff != "" {
		t.Errorf("contents (-want +got):\n%s", diff)
	}
	if l.Source.Skipped.Links != 2 { // dir itself is a new file to git, and what was in it
		t.Errorf("skipped %+v", l.Source.Skipped)
	}
}

func TestRootBelowTheCheckout(t *testing.T) {
	r, _ := laid(t)
	want := map[string]string{"a.cc": "int a;\n", "b.cc": "int b;\n", "con espacio y ñ.h": "int c;\n"}
	l, got := contents(t, &source.Checkout{Root: filepath.Join(r.root, "source")})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, e := range l.Entries {
		if e.Committed != indexer.HashOf([]byte(want[e.Path])) {
			t.Errorf("%s counts as modified", e.Path)
		}
	}
}

func TestUnmergedFileIsListedOnce(t *testing.T) {
	r := newRepo(t)
	r.write("a.txt", "base\n")
	r.commit()
	r.git("checkout", "-q", "-b", "other")
	r.write("a.txt", "other\n")
	r.commit()
	r.git("checkout", "-q", "-")
	r.write("a.txt", "ours\n")
	r.commit()
	exec.Command("git", "-C", r.root, "merge", "other").Run() // conflicts
	l, _ := contents(t, &source.Checkout{Root: r.root})
	if len(l.Entries) != 1 {
		t.Errorf("listed %d times", len(l.Entries))
	}
}

func TestNoCheckout(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	os.WriteFile(file, nil, 0o644)
	unborn := newRepo(t).root
	t.Setenv("GIT_CEILING_DIRECTORIES", filepath.Dir(t.TempDir()))
	for name, tt := range map[string]struct{ root, reason string }{
		"plain folder": {t.TempDir(), "not a git repository"},
		"missing":      {filepath.Join(t.TempDir(), "none"), "no such folder"},
		"file":         {file, "it is a file"},
		"no commit":    {unborn, "no commit yet"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := (&source.Checkout{Root: tt.root}).List(context.Background())
			var none *source.NotCheckoutError
			if !errors.As(err, &none) || none.Root != tt.root || !strings.Contains(none.Reason, tt.reason) {
				t.Errorf("got error %v", err)
			}
		})
	}
}

func TestHookEnvironmentIsIgnored(t *testing.T) {
	r, _ := laid(t)
	t.Setenv("GIT_DIR", filepath.Join(t.TempDir(), "elsewhere"))
	t.Setenv("GIT_INDEX_FILE", filepath.Join(t.TempDir(), "index"))
	if l, _ := contents(t, &source.Checkout{Root: r.root}); len(l.Entries) != 6 {
		t.Errorf("listed %d files", len(l.Entries))
	}
}

func TestCancel(t *testing.T) {
	r, _ := laid(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := (&source.Checkout{Root: r.root}).List(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
}

func TestFilter(t *testing.T) {
	for _, tt := range []struct {
		include, exclude string // patterns separated by spaces
		path             string
		want             bool
	}{
		{"", "", "a/b.cc", true},
		{"source", "", "source/a.cc", true},
		{"source/", "", "source/a.cc", true},
		{"./source", "", "source/x/a.cc", true},
		{"source", "", "sources/a.cc", false},
		{"source envoy", "", "envoy/a.h", true},
		{"*.md", "", "README.md", true},
		{"*.md", "", "docs/README.md", false},
		{"**/*.rs", "", "src/proxy/inbound.rs", true},
		{"**/*.rs", "", "main.rs", true},
		{"src/*", "", "src/proxy/inbound.rs", true},
		{"source", "source/extensions", "source/extensions/a.cc", false},
		{"source", "**/*_test.cc", "source/a_test.cc", false},
		{"", "**/testdata", "a/testdata/x/y", false},
		{"{source,envoy}/**/*.{h,cc}", "", "envoy/http/a.h", true},
		{".", "", "any", true},
	} {
		f := source.Filter{Include: strings.Fields(tt.include), Exclude: strings.Fields(tt.exclude)}
		if got := f.Match(tt.path); got != tt.want {
			t.Errorf("include %q exclude %q: Match(%q) = %v", tt.include, tt.exclude, tt.path, got)
		}
	}
	if err := (source.Filter{Exclude: []string{"a/[b"}}).Check(); err == nil || !strings.Contains(err.Error(), `"a/[b"`) {
		t.Errorf("malformed pattern gave %v", err)
	}
}

func TestDescribe(t *testing.T) {
	r, commit := laid(t)
	r.git("remote", "add", "origin", "git@github.com:someone/fork.git")
	r.git("remote", "add", "upstream", "https://github.com/envoyproxy/envoy.git")
	r.write("src/lib.rs", "")
	r.git("add", "-A")
	got, err := source.Describe(context.Background(), filepath.Join(r.root, "source"))
	if err != nil {
		t.Fatal(err)
	}
	want := &source.Description{
		URL: "https://github.com/envoyproxy/envoy", Revision: commit,
		Languages: map[indexer.Language]int{indexer.CPP: 6, indexer.Rust: 1, indexer.Text: 5},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestWebURL(t *testing.T) {
	for remote, want := range map[string]string{
		"git@github.com:envoyproxy/envoy.git":              "https://github.com/envoyproxy/envoy",
		"github.com:envoyproxy/envoy":                      "https://github.com/envoyproxy/envoy",
		"ssh://git@github.com:22/istio/ztunnel.git":        "https://github.com/istio/ztunnel",
		"https://user:token@github.com/istio/ztunnel.git/": "https://github.com/istio/ztunnel",
		"git://example.com/a/b/c.git":                      "https://example.com/a/b/c",
		"/srv/git/envoy.git":                               "",
		"../envoy":                                         "",
		"file:///srv/git/envoy":                            "",
		"javascript://x/%0aalert(1)":                       "",
		"./a:b":                                            "",
		"":                                                 "",
	} {
		if got := source.WebURL(remote); got != want {
			t.Errorf("WebURL(%q) = %q, want %q", remote, got, want)
		}
	}
}

func BenchmarkList(b *testing.B) {
	root := os.Getenv("NAVIGATOR_ENVOY")
	if root == "" {
		b.Skip("NAVIGATOR_ENVOY names no checkout of Envoy")
	}
	c := &source.Checkout{Root: root, Filter: source.Filter{Include: []string{"source", "envoy", "contrib", "mobile", "test", "api"}}}
	for b.Loop() {
		if _, err := c.List(context.Background()); err != nil {
			b.Fatal(err)
		}
	}
}
