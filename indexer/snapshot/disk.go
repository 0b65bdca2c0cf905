package snapshot

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"
)

// checkpoint is called before each step that changes the disk. Tests replace
// it, to fail there or to end the process.
var checkpoint = func(step string) error { return nil }

func mkdir(dir string) error {
	if err := checkpoint("mkdir " + filepath.Base(dir)); err != nil {
		return err
	}
	return os.MkdirAll(dir, 0o755)
}

// writeFile writes a new file and makes it last.
func writeFile(path string, b []byte) error {
	if err := checkpoint("write " + filepath.Base(path)); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	return errors.Join(err, f.Sync(), f.Close())
}

// replaceFile makes path hold b, all or nothing. The temporary file is garbage
// of the store's.
func replaceFile(path string, b []byte) error {
	tmp := filepath.Join(filepath.Dir(path), tmpPrefix+filepath.Base(path))
	if err := writeFile(tmp, b); err != nil {
		return err
	}
	if err := rename(tmp, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

func rename(from, to string) error {
	if err := checkpoint("rename " + filepath.Base(from) + " to " + filepath.Base(to)); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// link makes a file known by a second path, or copies it where the file system
// has no hard links.
func link(from, to string) error {
	if err := checkpoint("link " + filepath.Base(from)); err != nil {
		return err
	}
	err := os.Link(from, to)
	if !errors.Is(err, syscall.EPERM) && !errors.Is(err, syscall.EMLINK) &&
		!errors.Is(err, syscall.EOPNOTSUPP) && !errors.Is(err, syscall.EXDEV) {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

// remove removes a folder in a way that never leaves half of it under its
// name.
func remove(dir string) error {
	tmp := filepath.Join(filepath.Dir(dir), tmpPrefix+filepath.Base(dir))
	if err := rename(dir, tmp); err != nil {
		return err
	}
	if err := checkpoint("remove " + filepath.Base(dir)); err != nil {
		return err
	}
	return os.RemoveAll(tmp)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil // not on this file system
	}
	return errors.Join(err, d.Close())
}

// mapFile maps a file into memory. The bytes are nil when it is empty.
func mapFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return nil, err
	}
	b, err := unix.Mmap(int(f.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return nil, &os.PathError{Op: "mmap", Path: path, Err: err}
	}
	return b, nil
}

func unmap(b []byte) {
	if b != nil {
		unix.Munmap(b)
	}
}
