package source

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"

	"navigator/indexer"
)

// Objects reads the blobs of a checkout, whatever revision they are of,
// through one git process, which ends with Close.
type Objects struct {
	Root string // absolute folder of the checkout

	mu    sync.Mutex
	batch *batch // nil until something is read
}

// Read returns the content of a blob. A blob that the clone lacks is an error.
func (o *Objects) Read(hash indexer.Hash) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.batch == nil {
		b, err := startBatch(o.Root)
		if err != nil {
			return nil, err
		}
		o.batch = b
	}
	return o.batch.read(hash)
}

// Close ends the git process, if one was started.
func (o *Objects) Close() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.batch == nil {
		return nil
	}
	err := o.batch.close()
	o.batch = nil
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

// read asks for a blob: "<hash>\n" is answered by "<hash> blob <size>\n", the
// bytes, and "\n", or by "<hash> missing\n".
func (b *batch) read(hash indexer.Hash) ([]byte, error) {
	if _, err := fmt.Fprintf(b.stdin, "%s\n", hash); err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	head, err := b.stdout.ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("git cat-file ended early: %w", err)
	}
	if head == fmt.Sprintf("%s missing\n", hash) {
		return nil, fmt.Errorf("the repository lacks the blob %s (a partial clone?)", hash)
	}
	var size int
	if _, err := fmt.Sscanf(head, hash.String()+" blob %d\n", &size); err != nil {
		return nil, fmt.Errorf("git cat-file answered %q for the blob %s", head, hash)
	}
	content := make([]byte, size+1)
	if _, err := io.ReadFull(b.stdout, content); err != nil {
		return nil, fmt.Errorf("git cat-file ended early: %w", err)
	}
	return content[:size], nil
}

func (b *batch) close() error {
	b.stdin.Close()
	if err := b.cmd.Wait(); err != nil {
		return fmt.Errorf("git cat-file: %w: %s", err, strings.TrimSpace(b.stderr.String()))
	}
	return nil
}
