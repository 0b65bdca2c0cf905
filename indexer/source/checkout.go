// Package source lists and reads upstream trees: a checkout as it is on disk,
// a git revision, or a file system that is embedded in the program. Each is an
// [indexer.Tree].
//
// Symbolic links are never read. One that leads to a file or folder of the
// same tree is left out silently, since its target is listed under its own
// path; one that leaves the tree or dangles is counted in [indexer.Skips].
package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sync/errgroup"

	"navigator/indexer"
)

// Checkout is the tree of a git checkout as it is on disk: what git tracks and
// what it would track, .gitignore honoured.
type Checkout struct {
	Name   string // of the source
	Root   string // absolute folder
	URL    string // of the upstream repository, "" when unknown
	Filter Filter
}

// List lists the files on disk, and compares them with HEAD. A root that is no
// git checkout gives a [*NotCheckoutError].
func (c *Checkout) List(ctx context.Context) (*indexer.Listing, error) {
	revision, err := head(ctx, c.Root)
	if err != nil {
		return nil, err
	}
	l := &indexer.Listing{Source: indexer.Source{Name: c.Name, Root: c.Root, URL: c.URL, Revision: revision}}
	var committed map[string]indexer.Hash
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() error {
		paths, err := c.paths(groupCtx)
		if err != nil {
			return err
		}
		l.Entries, l.Source.Skipped, err = c.stat(paths)
		return err
	})
	group.Go(func() (err error) {
		committed, err = c.committed(groupCtx, revision)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	for i := range l.Entries {
		l.Entries[i].Committed = committed[l.Entries[i].Path]
	}
	return l, nil
}

// paths returns the paths of the checkout that the filter chooses, sorted.
func (c *Checkout) paths(ctx context.Context) ([]string, error) {
	out, err := git(ctx, c.Root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	if err != nil {
		return nil, err
	}
	var paths []string
	for path := range records(out) {
		if c.Filter.Match(path) {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths), nil // an unmerged file is listed up to three times
}

// stat looks at each path and keeps the regular files of bearable size.
func (c *Checkout) stat(paths []string) ([]indexer.Entry, indexer.Skips, error) {
	root, err := filepath.EvalSymlinks(c.Root)
	if err != nil {
		return nil, indexer.Skips{}, fmt.Errorf("looking at %s: %w", c.Root, err)
	}
	parts := make([]statPart, runtime.GOMAXPROCS(0))
	size := (len(paths) + len(parts) - 1) / len(parts)
	var group errgroup.Group
	for i := range parts {
		part := &parts[i]
		*part = statPart{root: root, folders: map[string]bool{".": true}}
		from := min(i*size, len(paths))
		share := paths[from:min(from+size, len(paths))]
		group.Go(func() error { return part.stat(share) })
	}
	if err := group.Wait(); err != nil {
		return nil, indexer.Skips{}, err
	}
	var entries []indexer.Entry
	var skips indexer.Skips
	for _, part := range parts {
		entries = append(entries, part.entries...)
		skips.Links += part.skips.Links
		skips.Large += part.skips.Large
	}
	return entries, skips, nil
}

// statPart is one goroutine's share of a stat.
type statPart struct {
	root    string          // without symbolic links
	folders map[string]bool // whether a folder is one, and not below a link
	entries []indexer.Entry
	skips   indexer.Skips
}

func (p *statPart) stat(paths []string) error {
	for _, path := range paths {
		if !p.folder(filepath.Dir(path)) {
			if !p.inside(path) {
				p.skips.Links++
			}
			continue
		}
		var st syscall.Stat_t
		err := syscall.Lstat(p.root+"/"+path, &st)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
			continue // deleted, and not yet from the index
		}
		if err != nil {
			return fmt.Errorf("looking at %s in %s: %w", path, p.root, err)
		}
		switch {
		case st.Mode&syscall.S_IFMT == syscall.S_IFLNK:
			if !p.inside(path) {
				p.skips.Links++
			}
		case st.Mode&syscall.S_IFMT != syscall.S_IFREG: // a submodule, a socket
		case st.Size > indexer.MaxFileSize:
			p.skips.Large++
		default:
			p.entries = append(p.entries, indexer.Entry{Path: path, Size: st.Size, Stamp: stampOf(&st)})
		}
	}
	return nil
}

// folder reports whether a folder of the tree is a true one, all the way up:
// git would list what was in it before it became a link.
func (p *statPart) folder(dir string) bool {
	known, ok := p.folders[dir]
	if !ok {
		info, err := os.Lstat(filepath.Join(p.root, dir))
		known = p.folder(filepath.Dir(dir)) && (err != nil || info.Mode()&fs.ModeSymlink == 0)
		p.folders[dir] = known
	}
	return known
}

// inside reports whether a path with links in it leads to somewhere in the
// tree.
func (p *statPart) inside(path string) bool {
	target, err := filepath.EvalSymlinks(filepath.Join(p.root, path))
	return err == nil && (target == p.root || strings.HasPrefix(target, p.root+"/"))
}

// Read returns the bytes of a file as it is now.
func (c *Checkout) Read(entry *indexer.Entry, buf []byte) ([]byte, error) {
	f, err := os.OpenFile(filepath.Join(c.Root, filepath.FromSlash(entry.Path)), os.O_RDONLY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAll(f, entry.Size, buf)
}

// readAll appends what r holds to buf, at first making room for size bytes. It
// stops soon after MaxFileSize.
func readAll(r io.Reader, size int64, buf []byte) ([]byte, error) {
	buf = slices.Grow(buf, int(size)+1)
	for len(buf) <= indexer.MaxFileSize {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		if err == io.EOF {
			return buf, nil
		}
		if err != nil {
			return nil, err
		}
		buf = slices.Grow(buf, 1)
	}
	return buf, nil
}

// committed returns the hashes of the files of a commit that the filter
// chooses.
func (c *Checkout) committed(ctx context.Context, commit string) (map[string]indexer.Hash, error) {
	out, err := git(ctx, c.Root, "ls-tree", "-r", "-z", commit)
	if err != nil {
		return nil, err
	}
	hashes := make(map[string]indexer.Hash)
	for record := range records(out) {
		b, ok, err := parseBlob(record)
		if err != nil {
			return nil, fmt.Errorf("git ls-tree in %s: %w", c.Root, err)
		}
		if ok && c.Filter.Match(b.path) {
			hashes[b.path] = b.hash
		}
	}
	return hashes, nil
}
