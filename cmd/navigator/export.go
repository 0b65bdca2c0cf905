package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"
)

func exportCommand(global *globals) *cobra.Command {
	c := &cobra.Command{
		Use:   "export",
		Short: "Take the course along: as web pages, as tours of VS Code, as annotations",
		Args:  wrongUse(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return usageError{fmt.Errorf("export what?\nTry: %s --help", c.CommandPath())}
		},
	}
	c.AddCommand(exportHTMLCommand(global), exportTourCommand(global), exportAnnotationsCommand(global))
	for _, kind := range c.Commands() {
		run := kind.RunE
		kind.RunE = func(c *cobra.Command, args []string) error {
			err := run(c, args)
			if errors.Is(err, context.Canceled) {
				return errors.New("stopped: nothing was written")
			}
			return err
		}
	}
	return c
}

// exportList is the file of an exported folder that names what it is and every
// other file in it. Its first line is the kind of export.
const exportList = ".navigator-export"

// unfinished begins the names of folders that exports are being written to.
const unfinished = exportList + "-"

// publishFolder makes dir what write puts in the folder that it is given. It is
// there whole or not at all. A folder that is there already is replaced if it
// is an earlier export of that kind, to which nothing was added.
func publishFolder(dir, kind string, write func(dir string) error) (err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	if err := mayReplace(dir, kind); err != nil {
		return err
	}
	fresh, release, err := beginFolder(filepath.Dir(dir))
	if err != nil {
		return unwritable(dir, err)
	}
	defer release()
	defer os.RemoveAll(fresh)
	if err := write(fresh); err != nil {
		return fmt.Errorf("%s is left as it was: %w", dir, err)
	}
	files, err := filesBelow(fresh)
	if err != nil {
		return err
	}
	list := kind + "\n" + strings.Join(files, "\n") + "\n"
	if err := os.WriteFile(filepath.Join(fresh, exportList), []byte(list), 0o644); err != nil {
		return err
	}
	return replaceFolder(dir, fresh)
}

// beginFolder makes a folder for an export in parent, where it removes those
// that exports which were killed have left. The folder is locked, which tells
// it from them, until release is called. Where the file system has no locks,
// what is left stays.
func beginFolder(parent string) (fresh string, release func(), err error) {
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return "", nil, err
	}
	sole, _ := lockFolder(parent, unix.LOCK_EX) // or a folder would seem left before it is locked
	defer sole.Close()
	entries, err := os.ReadDir(parent)
	if err != nil {
		return "", nil, err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), unfinished) {
			removeDead(filepath.Join(parent, e.Name()))
		}
	}
	fresh, err = os.MkdirTemp(parent, unfinished+"*")
	if err != nil {
		return "", nil, err
	}
	alive, _ := lockFolder(fresh, unix.LOCK_EX)
	return fresh, func() { alive.Close() }, os.Chmod(fresh, 0o755)
}

// removeDead removes a folder that no export is writing to. One of another user
// stays.
func removeDead(dir string) {
	if held, err := lockFolder(dir, unix.LOCK_EX|unix.LOCK_NB); err == nil {
		_ = os.RemoveAll(dir)
		held.Close()
	}
}

// lockFolder locks a folder, as flock(2) does, until it is closed.
func lockFolder(dir string, how int) (*os.File, error) {
	f, err := os.OpenFile(dir, os.O_RDONLY|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), how); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

func unwritable(dir string, err error) error {
	return fmt.Errorf("%s cannot be written: %w\nName a folder in one that you may write to", dir, err)
}

// mayReplace says why a folder may not be replaced by an export, nil when it
// may.
func mayReplace(dir, kind string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return nil
	}
	if err != nil {
		return unwritable(dir, err)
	}
	list, err := os.ReadFile(filepath.Join(dir, exportList))
	lines := strings.Split(string(bytes.TrimSpace(list)), "\n")
	if err != nil || lines[0] != kind {
		return fmt.Errorf("%s is there and is no earlier export of this kind: it is left as it is\nName a folder that is not there yet", dir)
	}
	files, err := filesBelow(dir)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f != exportList && !slices.Contains(lines[1:], f) {
			return fmt.Errorf("%s has files that the export did not write, such as %s: it is left as it is\nMove them elsewhere, or name another folder", dir, f)
		}
	}
	return nil
}

// filesBelow returns the paths of the files below a folder, sorted and relative
// to it.
func filesBelow(dir string) (files []string, err error) {
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		path, err := filepath.Rel(dir, name)
		files = append(files, filepath.ToSlash(path))
		return err
	})
	slices.Sort(files)
	return files, err
}

// replaceFolder moves fresh to dir, in one step where the system can, and puts
// back what was there if that fails.
func replaceFolder(dir, fresh string) error {
	if exchange(fresh, dir) == nil {
		return os.RemoveAll(fresh)
	}
	old := fresh + "-old"
	err := os.Rename(dir, old)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return os.Rename(fresh, dir)
	case err != nil:
		return err
	}
	if err := os.Rename(fresh, dir); err != nil {
		return errors.Join(err, os.Rename(old, dir))
	}
	return os.RemoveAll(old)
}

// writeBelow writes a file of an export, and the folders that lead to it.
func writeBelow(dir, path string, text []byte) error {
	name := filepath.Join(dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, text, 0o644)
}
