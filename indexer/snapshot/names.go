package snapshot

import (
	"bufio"
	"os"
	"path/filepath"
	"sync"
)

// nameWriter makes the index of names of a pack.
type nameWriter interface {
	Add(name string) error
	Close() error
}

type plainNames struct {
	mu sync.Mutex
	f  *os.File
	w  *bufio.Writer
}

func createNames(dir string) (nameWriter, error) {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	f, err := os.Create(filepath.Join(dir, "plain"))
	return &plainNames{f: f, w: bufio.NewWriter(f)}, err
}

func (p *plainNames) Add(name string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := p.w.WriteString(name + "\n")
	return err
}

func (p *plainNames) Close() error {
	if err := p.w.Flush(); err != nil {
		return err
	}
	return p.f.Close()
}
