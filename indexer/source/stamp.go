package source

import (
	"fmt"
	"syscall"

	"navigator/indexer"
)

// Stamp returns what the file system knows about the file at path.
func Stamp(path string) (indexer.Stamp, error) {
	var st syscall.Stat_t
	if err := syscall.Stat(path, &st); err != nil {
		return indexer.Stamp{}, fmt.Errorf("looking at %s: %w", path, err)
	}
	return stampOf(&st), nil
}
