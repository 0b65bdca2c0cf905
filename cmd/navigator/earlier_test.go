package main

import (
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A file that was renamed and edited is followed both ways; one that is new was
// nowhere, and one that went is nowhere now.
func TestEarlierFollowsRenames(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	ws, err := layDemo(t.Context(), io.Discard, false)
	if err != nil {
		t.Fatal(err)
	}
	const was, is, gone = "src/state.rs", "src/world/map.rs", "src/main.rs"
	root := filepath.Join(filepath.Dir(ws.File), "sources", "tunnelet")
	if err := os.MkdirAll(filepath.Join(root, filepath.Dir(is)), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"mv", was, is}, {"rm", "--quiet", gone}} {
		if out, err := exec.Command("git", append([]string{"-C", root}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	edited := strings.Replace(text(t, filepath.Join(root, is)), "\n", "\n// One line more.\n", 1)
	for name, content := range map[string]string{is: edited, "src/fresh.rs": "pub fn fresh() {}\n"} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("git", "-C", root, "add", "--all").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if _, err := reindex(t.Context(), ws, io.Discard, bumpFlags{}); err != nil {
		t.Fatal(err)
	}
	l, err := openLive(ws, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	v, release, err := l.Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	for path, want := range map[string]string{is: was, was: was, gone: gone, "src/fresh.rs": "", "src/lib.rs": "src/lib.rs", "src/none.rs": ""} {
		got := ""
		if e := v.Earlier("tunnelet", path); e != nil {
			got = e.File.Path
			if same := path == "src/lib.rs"; e.Same != same || e.Source.Name != "tunnelet" {
				t.Errorf("%s: same is %v, of %s", path, e.Same, e.Source.Name)
			}
		}
		if got != want {
			t.Errorf("%s was %q, want %q", path, got, want)
		}
	}
	for path, want := range map[string]string{was: is, gone: "", "src/lib.rs": "src/lib.rs"} {
		if got := v.Later("tunnelet", path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	if pairs := v.Common([]byte("a\nb\n"), []byte("b\n")); len(pairs) != 1 || pairs[0].Old != 1 {
		t.Errorf("%v", pairs)
	}
}
