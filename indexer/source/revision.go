package source

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"sync"

	"navigator/indexer"
)

// Revision is the tree of a commit, whatever is checked out. Its content is
// read through one git process, which ends with Close.
type Revision struct {
	Name   string // of the source
	Root   string // absolute folder of the checkout
	URL    string // of the upstream repository, "" when unknown
	Commit string // any name of a commit: "HEAD~3", "v1.31", an id
	Filter Filter

	mu    sync.Mutex
	batch *batch // nil until something is read
}

// List lists the files of the commit. A root that is no git checkout gives a
// [*NotCheckoutError].
func (r *Revision) List(ctx context.Context) (*indexer.Listing, error) {
	if _, err := head(ctx, r.Root); err != nil {
		return nil, err
	}
	commit, err := resolve(ctx, r.Root, r.Commit)
	if err != nil {
		return nil, fmt.Errorf("no commit %q: %w", r.Commit, err)
	}
	out, err := git(ctx, r.Root, "ls-tree", "-r", "-l", "-z", commit)
	if err != nil {
		return nil, err
	}
	var blobs []blob
	all := map[string]bool{".": true} // paths of the tree, folders included
	for record := range records(out) {
		b, ok, err := parseBlob(record)
		if err != nil {
			return nil, fmt.Errorf("git ls-tree in %s: %w", r.Root, err)
		}
		for p := b.path; ok && !all[p]; p = path.Dir(p) {
			all[p] = true
		}
		if ok && r.Filter.Match(b.path) {
			blobs = append(blobs, b)
		}
	}
	l := &indexer.Listing{Source: indexer.Source{Name: r.Name, Root: r.Root, URL: r.URL, Revision: commit}}
	for _, b := range blobs {
		switch {
		case b.link:
			inside, err := r.inside(b, all)
			if err != nil {
				return nil, err
			}
			if !inside {
				l.Source.Skipped.Links++
			}
		case b.size > indexer.MaxFileSize:
			l.Source.Skipped.Large++
		default:
			l.Entries = append(l.Entries, indexer.Entry{Path: b.path, Size: b.size, Hash: b.hash, Committed: b.hash})
		}
	}
	slices.SortFunc(l.Entries, func(a, b indexer.Entry) int { return strings.Compare(a.Path, b.Path) })
	return l, nil
}

// inside reports whether a link leads to a path of its tree.
func (r *Revision) inside(link blob, all map[string]bool) (bool, error) {
	target, err := r.read(link.hash, link.size, nil)
	if err != nil {
		return false, fmt.Errorf("reading the link %s: %w", link.path, err)
	}
	return !path.IsAbs(string(target)) && all[path.Join(path.Dir(link.path), string(target))], nil
}

// Read returns the bytes of a file.
func (r *Revision) Read(entry *indexer.Entry, buf []byte) ([]byte, error) {
	return r.read(entry.Hash, entry.Size, buf)
}

func (r *Revision) read(hash indexer.Hash, size int64, buf []byte) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.batch == nil {
		b, err := startBatch(r.Root)
		if err != nil {
			return nil, err
		}
		r.batch = b
	}
	return r.batch.read(hash, size, buf)
}

// Close ends the git process, if one was started.
func (r *Revision) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.batch == nil {
		return nil
	}
	err := r.batch.close()
	r.batch = nil
	return err
}

// batch is a running git cat-file --batch.
type batch struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	stdout *bufio.Reader
	stderr bytes.Buffer
}

func startBatch(root string) (*batch, error) {
	b := &batch{cmd: gitCommand(context.Background(), root, "cat-file", "--batch")}
	b.cmd.Stderr = &b.stderr
	var err error
	if b.stdin, err = b.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("starting git cat-file: %w", err)
	}
	stdout, err := b.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("starting git cat-file: %w", err)
	}
	b.stdout = bufio.NewReaderSize(stdout, 64<<10)
	if err := b.cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting git cat-file: %w", err)
	}
	return b, nil
}

// unknownSize stands for the size of a blob that is whatever it is.
const unknownSize = -1

// read asks for a blob: "<hash>\n" is answered by "<hash> blob <size>\n", the
// bytes, and "\n", or by "<hash> missing\n".
func (b *batch) read(hash indexer.Hash, size int64, buf []byte) ([]byte, error) {
	if _, err := fmt.Fprintf(b.stdin, "%s\n", hash); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	head, err := b.stdout.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("git cat-file ended early: %w", err)
	}
	if head == fmt.Sprintf("%s missing\n", hash) {
		return nil, fmt.Errorf("the repository lacks the blob %s (a partial clone?): %w", hash, errMissing)
	}
	var has int64
	if _, err := fmt.Sscanf(head, hash.String()+" blob %d\n", &has); err != nil || size != unknownSize && size != has {
		return nil, fmt.Errorf("git cat-file answered %q for a blob of %d bytes", head, size)
	}
	buf = slices.Grow(buf, int(has)+1)[:len(buf)+int(has)+1]
	if _, err := io.ReadFull(b.stdout, buf[len(buf)-int(has)-1:]); err != nil {
		return nil, fmt.Errorf("git cat-file ended early: %w", err)
	}
	return buf[:len(buf)-1], nil
}

var errMissing = errors.New("blob missing")

func (b *batch) close() error {
	b.stdin.Close()
	if err := b.cmd.Wait(); err != nil {
		return fmt.Errorf("git cat-file: %w: %s", err, strings.TrimSpace(b.stderr.String()))
	}
	return nil
}
