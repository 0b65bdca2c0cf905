// Package demo holds the demo workspace: envoylet, a small L7 proxy in C++;
// tunnelet, a small L4 tunnel in Rust; and a course of four lessons about them.
package demo

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed all:workspace all:bump
var embedded embed.FS

// The revisions of the sources. The second holds the files of bump in the place
// of the first's.
const (
	first  = "main"
	second = "next"
)

// sources names the sources, each a folder of workspace/sources.
var sources = []string{"envoylet", "tunnelet"}

// Lay writes the demo workspace into dir, which is made when it is missing:
// navigator.toml, the course, and each source as a git repository with two
// commits, whose ids depend on the content alone. The first, main, is checked
// out; next is what [Bump] moves to.
//
// A source at the right commit stays as it is, with what an exercise has
// changed in it. Any other is replaced whole, by a rename; when it has changes
// it is kept beside the new one. Course files that differ are replaced one by
// one; others in the course folder, such as notes, stay. So a Lay that was
// interrupted is completed by the next, and a second Lay changes nothing.
//
// It needs git, and does not depend on the user's git configuration.
func Lay(dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, "sources"), 0o755); err != nil {
		return fmt.Errorf("laying the demo: %w", err)
	}
	for _, name := range sources {
		if err := laySource(dir, name); err != nil {
			return fmt.Errorf("laying the demo source %s: %w", name, err)
		}
	}
	for _, name := range []string{"course", "navigator.toml"} {
		if err := layFiles("workspace", name, dir); err != nil {
			return fmt.Errorf("laying the demo: %w", err)
		}
	}
	return nil
}

// laySource makes the repository in a temporary folder, and moves it to its
// place unless the same commit is there.
func laySource(dir, name string) error {
	// Beside "sources", so that the renames stay within one file system.
	temp, err := os.MkdirTemp(dir, ".laying-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	path := "sources/" + name
	if err := layFiles("workspace", path, temp); err != nil {
		return err
	}
	fresh, place := filepath.Join(temp, path), filepath.Join(dir, path)
	if err := commit(fresh); err != nil {
		return err
	}
	if err := layFiles("bump", path, temp); err != nil {
		return err
	}
	if err := commitSecond(fresh); err != nil {
		return err
	}
	want, err := git(fresh, "rev-parse", "HEAD", second)
	if err != nil {
		return err
	}
	if have, err := git(place, "rev-parse", "HEAD", second); err == nil && have == want {
		return nil
	}
	if err := setAside(place, temp); err != nil {
		return err
	}
	return os.Rename(fresh, place)
}

// setAside moves a folder into trash when it is a checkout without changes, else
// into a new folder beside it.
func setAside(place, trash string) error {
	if _, err := os.Lstat(place); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if changes, err := git(place, "status", "--porcelain"); err != nil || changes != "" {
		trash, err = os.MkdirTemp(filepath.Dir(place), filepath.Base(place)+"-kept-")
		if err != nil {
			return err
		}
	}
	return os.Rename(place, filepath.Join(trash, filepath.Base(place)))
}

// Bump moves the sources of a workspace that Lay made to their second revision.
// One that is there stays as it is. Work that would be overwritten is an error,
// and stays.
func Bump(dir string) error {
	for _, name := range sources {
		if atSecond(dir, name) {
			continue
		}
		if _, err := git(filepath.Join(dir, "sources", name), "checkout", "--quiet", second); err != nil {
			return fmt.Errorf("moving the demo source %s to its second revision: %w", name, err)
		}
	}
	return nil
}

// Bumped says whether a source of a workspace is at its second revision.
func Bumped(dir string) bool {
	return slices.ContainsFunc(sources, func(name string) bool { return atSecond(dir, name) })
}

func atSecond(dir, name string) bool {
	place := filepath.Join(dir, "sources", name)
	have, err := git(place, "rev-parse", "HEAD")
	if err != nil {
		return false
	}
	want, err := git(place, "rev-parse", second)
	return err == nil && have == want
}

// layFiles writes the files at or under path of an embedded tree into dir, where
// they differ from what is there.
func layFiles(root, path, dir string) error {
	tree, err := fs.Sub(embedded, root)
	if err != nil {
		return err
	}
	return fs.WalkDir(tree, path, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(dir, filepath.FromSlash(name))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o755)
		}
		text, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		if have, err := os.ReadFile(target); err == nil && bytes.Equal(have, text) {
			return nil
		}
		return replaceFile(target, text)
	})
}

// replaceFile writes a file so that readers see the old text or the new.
func replaceFile(path string, text []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(path), ".laying-")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(text)
	if err := errors.Join(err, temp.Chmod(0o644), temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

// commit makes a repository of the folder, with everything in one commit.
func commit(dir string) error {
	for _, args := range [][]string{
		{"init", "--quiet", "--template=", "--object-format=sha1", "--initial-branch=" + first, dir},
		{"add", "--all"},
		{"commit", "--quiet", "--no-verify", "--message=Show a proxy small enough to read"},
	} {
		if _, err := git(dir, args...); err != nil {
			return err
		}
	}
	return nil
}

// commitSecond commits what differs from the first commit, and goes back to
// that.
func commitSecond(dir string) error {
	for _, args := range [][]string{
		{"checkout", "--quiet", "-b", second},
		{"add", "--all"},
		{"commit", "--quiet", "--no-verify", "--message=Fail at once when no host is healthy; give the retry budget a file of its own"},
		{"checkout", "--quiet", first},
	} {
		if _, err := git(dir, args...); err != nil {
			return err
		}
	}
	return nil
}

// git runs git on the repository in dir, and no other: neither one that dir
// lies in, nor one that the environment names. Nothing of the user's
// configuration takes part, so the same files always make the same commit.
func git(dir string, args ...string) (string, error) {
	fixed := []string{"--no-optional-locks", "--git-dir=" + filepath.Join(dir, ".git"), "--work-tree=" + dir,
		"-c", "core.autocrlf=false", "-c", "core.fileMode=false", "-c", "core.hooksPath=/dev/null",
		"-c", "commit.gpgSign=false", "-c", "gc.auto=0"}
	if args[0] == "init" {
		fixed = nil // init takes the folder as an argument
	}
	cmd := exec.Command("git", append(fixed, args...)...)
	cmd.Dir = dir
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "GIT_") {
			cmd.Env = append(cmd.Env, variable)
		}
	}
	const who, when = "Navigator demo", "2025-01-15T12:00:00Z"
	cmd.Env = append(cmd.Env, "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "LC_ALL=C",
		"GIT_AUTHOR_NAME="+who, "GIT_AUTHOR_EMAIL=demo@example.com", "GIT_AUTHOR_DATE="+when,
		"GIT_COMMITTER_NAME="+who, "GIT_COMMITTER_EMAIL=demo@example.com", "GIT_COMMITTER_DATE="+when)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(stderr.String()))
	}
	return strings.TrimSpace(stdout.String()), nil
}
