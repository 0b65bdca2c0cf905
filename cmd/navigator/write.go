package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// replaceFile writes text to a file, which may be there, whole or not at all.
func replaceFile(name string, text []byte, mode os.FileMode) error {
	return writeFile(name, text, mode, os.Rename)
}

// createFile writes text to a new file, whole or not at all.
func createFile(name string, text []byte) error {
	err := writeFile(name, text, 0o644, os.Link) // unlike a rename, refuses to replace
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s exists already; edit it, or remove it first", name)
	case err != nil:
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

// writeFile writes text beside a file, and has put give it the file's name.
func writeFile(name string, text []byte, mode os.FileMode, put func(temp, name string) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".navigator-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(text)
	if err = errors.Join(err, f.Chmod(mode), f.Close()); err != nil {
		return err
	}
	return put(f.Name(), name)
}
