package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"navigator/indexer/snapshot"
)

// bumped is a workspace whose sources have moved since they were indexed.
type bumped struct {
	t    *testing.T
	dir  string
	old  map[string]string // files of the course before the bump is written
	next map[string]string // and after
}

const bumpedLessons = 12

// newBumped makes a workspace, indexes it, moves its source, and finds out what
// "reindex --write" makes of the course. The workspace is as before that.
func newBumped(t *testing.T) *bumped {
	t.Helper()
	if testing.Short() {
		t.Skip("processes run one after the other")
	}
	b := &bumped{t: t, dir: t.TempDir()}
	b.write("navigator.toml", "course = \"course\"\n[[source]]\nname = \"tree\"\nroot = \"tree\"\n")
	for i := range bumpedLessons {
		b.write(fmt.Sprintf("course/01_a/%02d.md", i), "# Una lección\n\nSe mueve `src/a.cc:2-4` y `src/b.cc:2`.\n\n"+strings.Repeat("Y mucho más.\n", 3000))
		b.write(fmt.Sprintf("tree/src/%d.cc", i), fmt.Sprintf("int f%d();\n", i))
	}
	body := "int first();\nint second(int x) {\n  return x * 2 + first();\n}\nint third();\n"
	b.write("tree/src/a.cc", body)
	b.write("tree/src/b.cc", body)
	b.git("init", "-q")
	b.commit()
	b.run("reindex")
	for _, name := range []string{"a.cc", "b.cc"} {
		b.write("tree/src/"+name, "// One\n// Two\n"+body)
	}
	b.commit()
	b.save()
	b.old = b.course()
	b.run("reindex", "--write")
	b.next = b.course()
	if b.old["01_a/03.md"] == b.next["01_a/03.md"] || !strings.Contains(b.next["01_a/03.md"], "`src/a.cc:4-6` y `src/b.cc:4`") || b.next["navigator.lock"] == "" {
		t.Fatalf("nothing was written: %.200s", b.next["01_a/03.md"])
	}
	b.restore()
	return b
}

func (b *bumped) write(name, text string) {
	b.t.Helper()
	name = filepath.Join(b.dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(text), 0o644)); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bumped) git(args ...string) {
	b.t.Helper()
	cmd := exec.Command("git", append([]string{"-C", filepath.Join(b.dir, "tree"), "-c", "user.name=a", "-c", "user.email=a@example.com"}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

func (b *bumped) commit() {
	b.t.Helper()
	b.git("add", "-A")
	b.git("commit", "-q", "-m", "x")
}

// command prepares a navigator in the workspace.
func (b *bumped) command(args ...string) *exec.Cmd {
	cmd := exec.Command("navigator", args...)
	cmd.Dir = b.dir
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(b.dir, "cache"))
	return cmd
}

func (b *bumped) run(args ...string) {
	b.t.Helper()
	if out, err := b.command(args...).CombinedOutput(); err != nil {
		b.t.Fatalf("navigator %v: %v\n%s", args, err, out)
	}
}

// save keeps course and cache as they are, for restore.
func (b *bumped) save() {
	b.t.Helper()
	for _, part := range []string{"course", "cache"} {
		if err := os.CopyFS(filepath.Join(b.dir, "saved", part), os.DirFS(filepath.Join(b.dir, part))); err != nil {
			b.t.Fatal(err)
		}
	}
}

func (b *bumped) restore() {
	b.t.Helper()
	for _, part := range []string{"course", "cache"} {
		err := os.RemoveAll(filepath.Join(b.dir, part))
		if err == nil {
			err = os.CopyFS(filepath.Join(b.dir, part), os.DirFS(filepath.Join(b.dir, "saved", part)))
		}
		if err != nil {
			b.t.Fatal(err)
		}
	}
}

// course returns the files of the course, hidden ones too.
func (b *bumped) course() map[string]string {
	b.t.Helper()
	files := map[string]string{}
	root := filepath.Join(b.dir, "course")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(root, path)
		files[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return files
}

// wants fails the test unless the course is as want says, and nothing else.
func (b *bumped) wants(want map[string]string) {
	b.t.Helper()
	have := b.course()
	for name := range want {
		if have[name] != want[name] {
			b.t.Errorf("%s is not as it should be:\n%.200s", name, have[name])
		}
	}
	for name := range have {
		if _, ok := want[name]; !ok {
			b.t.Errorf("%s is left behind", name)
		}
	}
}

// whole fails the test unless each file of the course is wholly old or wholly
// new, and the snapshot can be read.
func (b *bumped) whole() {
	b.t.Helper()
	for name, text := range b.course() {
		if strings.HasPrefix(name, ".navigator") {
			continue // on its way
		}
		if text != b.old[name] && text != b.next[name] {
			b.t.Errorf("%s is neither old nor new:\n%.300s", name, text)
		}
	}
	dirs, _ := filepath.Glob(filepath.Join(b.dir, "cache/navigator/*"))
	if len(dirs) != 1 {
		b.t.Fatalf("caches: %v", dirs)
	}
	store := snapshot.NewStore(dirs[0])
	defer store.Close()
	snap, err := store.Acquire()
	if err != nil {
		b.t.Fatal(err)
	}
	defer snap.Release()
	for i, f := range snap.Files() {
		if text := snap.Text(i); len(text) != f.Size {
			b.t.Errorf("%s has %d bytes, not %d", f.Path, len(text), f.Size)
		}
	}
}

// Killed at any moment, "reindex --write" leaves each file wholly old or wholly
// new, and the next one completes it. NAVIGATOR_KILLS says how often to try
// moments by chance, besides each one of the writing.
func TestKilledReindexIsCompleted(t *testing.T) {
	kills := 2
	if n, err := strconv.Atoi(os.Getenv("NAVIGATOR_KILLS")); err == nil {
		kills = n
	}
	b := newBumped(t)
	start := time.Now()
	b.run("reindex", "--write")
	took := time.Since(start)
	for range kills {
		end := time.Now().Add(rand.N(took))
		b.killed(func() bool { return time.Now().After(end) })
	}
	for name, is := range map[string]func() bool{
		"the course is laid aside": func() bool { return b.matches("course/.navigator-*/3") },
		"it is decided":            func() bool { return b.matches("course/.navigator-pending") },
		"a lesson is in its place": func() bool { return b.lesson("01_a/00.md") == b.next["01_a/00.md"] },
	} {
		hits := 0
		for try := 0; try < 50 && hits < 3 && !t.Failed(); try++ {
			if b.killed(is) {
				hits++
			}
		}
		if hits == 0 && !t.Failed() {
			t.Errorf("it was never killed once %s", name)
		}
	}
}

// killed kills "reindex --write" as soon as something is, looks at what it
// leaves, has another complete it, and says whether it was killed while it wrote.
func (b *bumped) killed(is func() bool) (midway bool) {
	b.t.Helper()
	b.restore()
	cmd := b.command("reindex", "--write")
	if err := cmd.Start(); err != nil {
		b.t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	for waiting := true; waiting && !is(); {
		select {
		case <-ended:
			waiting = false
		case <-time.After(20 * time.Microsecond):
		}
	}
	_ = cmd.Process.Kill()
	<-ended
	midway = b.matches("course/.navigator-*")
	b.whole()
	b.run("reindex", "--write")
	b.wants(b.next)
	return midway
}

// matches says whether a pattern matches a file of the workspace.
func (b *bumped) matches(pattern string) bool {
	names, _ := filepath.Glob(filepath.Join(b.dir, pattern))
	return names != nil
}

// lesson returns the text of a lesson, which is there and whole at any moment.
func (b *bumped) lesson(name string) string {
	b.t.Helper()
	text, err := os.ReadFile(filepath.Join(b.dir, "course", name))
	if err != nil || string(text) != b.old[name] && string(text) != b.next[name] {
		b.t.Errorf("%s is %.100q meanwhile: %v", name, text, err)
	}
	return string(text)
}

func TestReadOnlyCourseStaysAsItIs(t *testing.T) {
	b := newBumped(t)
	root := filepath.Join(b.dir, "course")
	if err := os.Chmod(root, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(root, 0o755)
	out, err := b.command("reindex", "--write").CombinedOutput()
	if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() != exitFailed || !bytes.Contains(out, []byte("nothing of it was changed")) {
		t.Errorf("%v\n%s", err, out)
	}
	b.wants(b.old)
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	b.run("reindex", "--write")
	b.wants(b.next)
}

// A disk that is full in the middle of it: files of more than a limit cannot be
// written, which a lock is, and a lesson is.
func TestFullDiskLeavesTheCourseAsItIs(t *testing.T) {
	b := newBumped(t)
	b.run("reindex") // the snapshot is there
	for _, limit := range []int{0, 1 << 10, 4 << 10} {
		cmd := b.command()
		cmd.Path, cmd.Args = "/bin/bash", []string{"bash", "-c", fmt.Sprintf("ulimit -f %d; trap '' XFSZ; exec navigator reindex --write", limit/1024)}
		out, err := cmd.CombinedOutput()
		if err == nil {
			t.Fatalf("limit %d: it was written:\n%s", limit, out)
		}
		b.wants(b.old)
	}
	b.run("reindex", "--write")
	b.wants(b.next)
}

// A lesson that is written while a reindex runs keeps what was written.
func TestLessonEditedMeanwhileIsKept(t *testing.T) {
	b := newBumped(t)
	b.run("reindex")
	lesson := filepath.Join(b.dir, "course/01_a/07.md")
	held := holdStore(t, b)
	cmd := b.command("reindex", "--write")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(300 * time.Millisecond) // it waits for the store
	mine := b.old["01_a/07.md"] + "Mío.\n"
	if err := os.WriteFile(lesson, []byte(mine), 0o644); err != nil {
		t.Fatal(err)
	}
	held()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	want := strings.Replace(mine, "`src/a.cc:2-4` y `src/b.cc:2`", "`src/a.cc:4-6` y `src/b.cc:4`", 1)
	if have := b.course()["01_a/07.md"]; have != want {
		t.Errorf("the lesson is %.200s", have)
	}
}

// holdStore makes the process the writer of the workspace's store until the
// function returned is called.
func holdStore(t *testing.T, b *bumped) (release func()) {
	t.Helper()
	dirs, _ := filepath.Glob(filepath.Join(b.dir, "cache/navigator/*/lock"))
	if len(dirs) != 1 {
		t.Fatalf("locks: %v", dirs)
	}
	f, err := os.OpenFile(dirs[0], os.O_RDWR, 0)
	if err == nil {
		err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() { f.Close() }
}
