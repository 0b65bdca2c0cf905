package demo_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"navigator/cmd/navigator/demo"
)

// lay lays the demo into a new folder.
func lay(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := demo.Lay(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// state describes every file under dir: its time and content.
func state(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = fmt.Sprintf("%v %x", info.ModTime(), sha256.Sum256(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func head(t *testing.T, repository string) string {
	t.Helper()
	out, err := exec.Command("git", "-C", repository, "rev-parse", "HEAD").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

var sources = []string{"sources/envoylet", "sources/tunnelet"}

func TestLayAgainChangesNothing(t *testing.T) {
	dir := lay(t)
	before := state(t, dir)
	if err := demo.Lay(dir); err != nil {
		t.Fatal(err)
	}
	after := state(t, dir)
	for path, want := range before {
		if after[path] != want {
			t.Errorf("%s changed", path)
		}
	}
	if len(after) != len(before) {
		t.Errorf("%d files, then %d", len(before), len(after))
	}
}

func TestRevisionDependsOnContentAlone(t *testing.T) {
	first := lay(t)
	// A configuration that would change the commit, and a repository around the folder.
	home := t.TempDir()
	config := "[user]\n\tname = Somebody\n\temail = s@example.com\n[core]\n\tautocrlf = true\n[commit]\n\tgpgSign = true\n"
	if err := os.WriteFile(filepath.Join(home, ".gitconfig"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("HOME", home)
	t.Setenv("GIT_DIR", filepath.Join(home, "elsewhere"))
	t.Setenv("GIT_AUTHOR_NAME", "Somebody")
	second := lay(t)
	os.Unsetenv("GIT_DIR") // restored by Setenv's clean-up; head must not see it
	for _, source := range sources {
		if a, b := head(t, filepath.Join(first, source)), head(t, filepath.Join(second, source)); a != b {
			t.Errorf("%s: revision %s, then %s", source, a, b)
		}
	}
	if _, err := os.Stat(filepath.Join(home, "elsewhere")); err == nil {
		t.Error("the repository that the environment names was touched")
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestLayMendsWhatDiffersAndKeepsWork(t *testing.T) {
	dir := lay(t)
	envoylet, tunnelet := filepath.Join(dir, sources[0]), filepath.Join(dir, sources[1])
	revisions := []string{head(t, envoylet), head(t, tunnelet)}

	// An exercise done in one source, another commit and work on it in the other.
	exercise := filepath.Join(envoylet, "source", "echo.cc")
	write(t, exercise, "mine")
	commit := exec.Command("git", "-C", tunnelet, "-c", "user.name=a", "-c", "user.email=a@example.com",
		"commit", "--quiet", "--allow-empty", "--message=other")
	if out, err := commit.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	write(t, filepath.Join(tunnelet, "README.md"), "mine")
	lesson, note := filepath.Join(dir, "course", "README.md"), filepath.Join(dir, "course", "note.md")
	write(t, lesson, "mine")
	write(t, note, "mine")

	if err := demo.Lay(dir); err != nil {
		t.Fatal(err)
	}
	for i, source := range sources {
		if got := head(t, filepath.Join(dir, source)); got != revisions[i] {
			t.Errorf("%s: revision %s, want %s", source, got, revisions[i])
		}
	}
	kept, _ := filepath.Glob(tunnelet + "-kept-*/tunnelet/README.md")
	if len(kept) != 1 || read(t, kept[0]) != "mine" {
		t.Errorf("work on another commit is kept at %q", kept)
	}
	if read(t, exercise) != "mine" || read(t, note) != "mine" {
		t.Error("work was lost")
	}
	if read(t, lesson) == "mine" || read(t, filepath.Join(tunnelet, "README.md")) == "mine" {
		t.Error("what differs was not mended")
	}
	if leftovers, _ := filepath.Glob(filepath.Join(dir, ".laying-*")); leftovers != nil {
		t.Errorf("left behind: %v", leftovers)
	}
}

func TestLayCompletesWhatWasInterrupted(t *testing.T) {
	dir := lay(t)
	revision := head(t, filepath.Join(dir, sources[1]))
	for _, path := range []string{sources[1], "navigator.toml", "course/03_tunel_l4"} {
		if err := os.RemoveAll(filepath.Join(dir, path)); err != nil {
			t.Fatal(err)
		}
	}
	if err := demo.Lay(dir); err != nil {
		t.Fatal(err)
	}
	if got := head(t, filepath.Join(dir, sources[1])); got != revision {
		t.Errorf("revision %s, want %s", got, revision)
	}
	read(t, filepath.Join(dir, "navigator.toml"))
	read(t, filepath.Join(dir, "course/03_tunel_l4/01_vida_de_una_conexion.md"))
}

func bump(t *testing.T, dir string) {
	t.Helper()
	if err := demo.Bump(dir); err != nil {
		t.Fatal(err)
	}
}

func TestBumpMovesToTheSecondRevision(t *testing.T) {
	dir := lay(t)
	before := []string{head(t, filepath.Join(dir, sources[0])), head(t, filepath.Join(dir, sources[1]))}
	if demo.Bumped(dir) {
		t.Error("it begins at the second revision")
	}
	note := filepath.Join(dir, sources[0], "note.txt")
	write(t, note, "mine")
	bump(t, dir)
	once := state(t, filepath.Join(dir, "sources"))
	bump(t, dir)
	if again := state(t, filepath.Join(dir, "sources")); len(again) != len(once) {
		t.Errorf("%d files, then %d", len(once), len(again))
	}
	if !demo.Bumped(dir) || read(t, note) != "mine" {
		t.Error("it is not at the second revision, or work was lost")
	}
	for i, source := range sources {
		if head(t, filepath.Join(dir, source)) == before[i] {
			t.Errorf("%s has not moved", source)
		}
	}
	os.Remove(note)
	if err := demo.Lay(dir); err != nil {
		t.Fatal(err)
	}
	for i, source := range sources {
		if head(t, filepath.Join(dir, source)) != before[i] {
			t.Errorf("%s has not gone back", source)
		}
	}
	if kept, _ := filepath.Glob(filepath.Join(dir, "sources", "*-kept-*")); kept != nil || demo.Bumped(dir) {
		t.Errorf("kept %v, bumped %v", kept, demo.Bumped(dir))
	}
}

func TestBumpKeepsWorkInItsWay(t *testing.T) {
	dir := lay(t)
	file := filepath.Join(dir, sources[1], "src/state.rs")
	write(t, file, "mine")
	if err := demo.Bump(dir); err == nil || !strings.Contains(err.Error(), "tunnelet") {
		t.Errorf("got %v", err)
	}
	if read(t, file) != "mine" {
		t.Error("work was lost")
	}
}

// The C++ compiles, every file of it; of the second revision those that differ.
func TestEnvoyletCompiles(t *testing.T) {
	compiler, err := exec.LookPath("g++")
	if err != nil {
		t.Skip("g++ is not installed")
	}
	if testing.Short() {
		t.Skip("compiling takes about a minute")
	}
	compile := func(name, root string, files []string) {
		for _, file := range files {
			t.Run(name+file, func(t *testing.T) {
				t.Parallel()
				cmd := exec.Command(compiler, "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-I.", file)
				cmd.Dir = root
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Errorf("%v\n%s", err, out)
				}
			})
		}
	}
	root := filepath.Join(lay(t), "sources", "envoylet")
	compile("", root, filesUnder(t, root, ".cc"))
	bumped := lay(t)
	bump(t, bumped)
	differ := filesUnder(t, "bump/sources/envoylet", ".cc")
	compile("next/", filepath.Join(bumped, "sources", "envoylet"), append(differ, "source/extensions/filters/http/forward/forward_filter.cc"))
}

// The Rust compiles: the library, and the binary against it.
func TestTunneletCompiles(t *testing.T) {
	compiler, err := exec.LookPath("rustc")
	if err != nil {
		t.Skip("rustc is not installed")
	}
	bumped := lay(t)
	bump(t, bumped)
	for _, dir := range []string{lay(t), bumped} {
		compileTunnelet(t, compiler, filepath.Join(dir, "sources", "tunnelet"))
	}
}

func compileTunnelet(t *testing.T, compiler, root string) {
	out := t.TempDir()
	for _, args := range [][]string{
		{"--crate-type", "lib", "--crate-name", "tunnelet", "src/lib.rs"},
		{"--crate-type", "bin", "--crate-name", "main", "--extern", "tunnelet=" + out + "/libtunnelet.rmeta", "src/main.rs"},
	} {
		cmd := exec.Command(compiler, append([]string{"--edition", "2021", "--emit=metadata", "-D", "warnings", "--out-dir", out}, args...)...)
		cmd.Dir = root
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, text)
		}
	}
}

// Both trees hold the same messages.
func TestSharedProto(t *testing.T) {
	dir := lay(t)
	a, err := os.ReadFile(filepath.Join(dir, "sources/envoylet/api/workload.proto"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "sources/tunnelet/proto/workload.proto"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Error("workload.proto differs between the trees")
	}
}

// filesUnder lists the files whose name ends in suffix, relative to root.
func filesUnder(t *testing.T, root, suffix string) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == ".git" {
			return fs.SkipDir
		}
		if err == nil && !entry.IsDir() && strings.HasSuffix(path, suffix) {
			relative, _ := filepath.Rel(root, path)
			files = append(files, filepath.ToSlash(relative))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("no %s file under %s", suffix, root)
	}
	return files
}

// The heading of the section whose citations are wrong on purpose.
const staleHeading = "## 3. Cuando el código se mueve: referencias caducadas a propósito"

// sound returns a lesson without the section that is wrong on purpose, and
// that section. Lines are kept.
func sound(text string) (sound, stale string) {
	before, rest, found := strings.Cut(text, staleHeading)
	if !found {
		return text, ""
	}
	stale, after, _ := strings.Cut(rest, "\n---\n")
	return before + after, stale
}

var (
	withLines = regexp.MustCompile(`[\w./-]+\.(?:cc|h|rs|proto):\d+(?:-\d+)?`)
	anyPath   = regexp.MustCompile("`((?:[\\w-]+/)*[\\w-]+\\.(?:cc|h|rs|proto|conf|md)|(?:[\\w-]+/)+)`")
)

// lines returns the lines that a citation with lines names.
func lines(t *testing.T, dir, citation string) []string {
	t.Helper()
	path, span, _ := strings.Cut(citation, ":")
	from, to, isRange := strings.Cut(span, "-")
	if !isRange {
		to = from
	}
	first, _ := strconv.Atoi(from)
	last, _ := strconv.Atoi(to)
	for _, source := range sources {
		text, err := os.ReadFile(filepath.Join(dir, source, path))
		if err != nil {
			continue
		}
		all := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
		if first < 1 || last < first || last > len(all) {
			t.Errorf("%s: the file has %d lines", citation, len(all))
			return nil
		}
		return all[first-1 : last]
	}
	t.Errorf("%s: no such file", citation)
	return nil
}

// Every citation with lines is in testdata/citations.txt and holds the text
// that stands there.
func TestCitationsHoldWhatTheyName(t *testing.T) {
	dir := lay(t)
	list, err := os.ReadFile("testdata/citations.txt")
	if err != nil {
		t.Fatal(err)
	}
	expected := map[[2]string]string{}
	for line := range strings.Lines(string(list)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 3 {
			t.Fatalf("not three fields: %q", line)
		}
		expected[[2]string{fields[0], fields[1]}] = fields[2]
	}
	root := filepath.Join(dir, "course")
	for _, lesson := range filesUnder(t, root, ".md") {
		text, err := os.ReadFile(filepath.Join(root, lesson))
		if err != nil {
			t.Fatal(err)
		}
		kept, _ := sound(string(text))
		for _, citation := range withLines.FindAllString(kept, -1) {
			key := [2]string{lesson, citation}
			want, found := expected[key]
			if !found {
				t.Errorf("%s: %s is not in the list", lesson, citation)
				continue
			}
			if got := strings.Join(lines(t, dir, citation), "\n"); !strings.Contains(got, want) {
				t.Errorf("%s: %s does not hold %q:\n%s", lesson, citation, want, got)
			}
			expected[key] = "" // seen; also true of its repetitions
		}
	}
	for key, want := range expected {
		if want != "" {
			t.Errorf("%s: %s is in the list, not in the lesson", key[0], key[1])
		}
	}
}

// Every path in backticks exists in a source, by its end when it is written
// short, but for what an exercise asks to create.
func TestPathsExist(t *testing.T) {
	created := []string{"source/extensions/filters/http/echo/echo.cc"}
	dir := lay(t)
	var known []string
	for _, source := range sources {
		for _, file := range filesUnder(t, filepath.Join(dir, source), "") {
			known = append(known, "/"+file)
		}
	}
	exists := func(path string) bool {
		return slices.ContainsFunc(known, func(file string) bool {
			return strings.HasSuffix(file, "/"+path) || strings.HasSuffix(path, "/") && strings.HasPrefix(file, "/"+path)
		})
	}
	root := filepath.Join(dir, "course")
	found := 0
	for _, lesson := range filesUnder(t, root, ".md") {
		text, err := os.ReadFile(filepath.Join(root, lesson))
		if err != nil {
			t.Fatal(err)
		}
		kept, _ := sound(string(text))
		for _, match := range anyPath.FindAllStringSubmatch(kept, -1) {
			found++
			if path := match[1]; !exists(path) && !slices.Contains(created, path) {
				t.Errorf("%s: `%s` is in no source", lesson, path)
			}
		}
	}
	if found < 20 {
		t.Errorf("only %d paths found", found)
	}
}

// The section that is wrong on purpose is there, and is wrong in every way
// that it tells.
func TestStaleSection(t *testing.T) {
	dir := lay(t)
	text, err := os.ReadFile(filepath.Join(dir, "course/04_comparativa/01_l4_o_l7.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, stale := sound(string(text))
	for _, citation := range []string{
		"`source/common/http/conn_pool.cc:42-60`", "`source/common/router/route_table.h:900-950`",
		"`workload.proto`", "`README.md`", "`src/proxy/tunnel.rs`", "`source/common/buffer/connection_impl.cc:49-59`",
		"`source/common/network/connection_impl.cc:12-20`", "`src/proxy/espejo.rs`",
	} {
		if !strings.Contains(stale, citation) {
			t.Errorf("%s is not in the section", citation)
		}
	}
	for _, missing := range []string{"sources/envoylet/source/common/http/conn_pool.cc", "sources/tunnelet/src/proxy/tunnel.rs"} {
		if _, err := os.Stat(filepath.Join(dir, missing)); err == nil {
			t.Errorf("%s exists", missing)
		}
	}
}

// What an excerpt shows is in the lines that it cites, in order; the comments
// that are not there are its explanations.
func TestExcerptsAreVerbatim(t *testing.T) {
	dir := lay(t)
	fence := regexp.MustCompile("(?s)```(?:cpp|rust)\n// (" + withLines.String() + ")\n(.*?)\n```")
	root := filepath.Join(dir, "course")
	excerpts, explanations := 0, 0
	for _, lesson := range filesUnder(t, root, ".md") {
		text, err := os.ReadFile(filepath.Join(root, lesson))
		if err != nil {
			t.Fatal(err)
		}
		kept, _ := sound(string(text))
		for _, match := range fence.FindAllStringSubmatch(kept, -1) {
			excerpts++
			source := lines(t, dir, match[1])
			for line := range strings.SplitSeq(match[2], "\n") {
				at := slices.Index(source, line)
				switch {
				case strings.TrimSpace(line) == "":
				case at >= 0:
					source = source[at+1:]
				case strings.HasPrefix(strings.TrimSpace(line), "//"):
					explanations++
				default:
					t.Errorf("%s: %s does not hold, or not there: %q", lesson, match[1], line)
				}
			}
			for _, left := range source {
				if strings.TrimSpace(left) != "" {
					t.Errorf("%s: %s leaves out %q", lesson, match[1], left)
				}
			}
		}
	}
	if excerpts < 8 || explanations < 20 {
		t.Errorf("only %d excerpts with %d explanations", excerpts, explanations)
	}
}
