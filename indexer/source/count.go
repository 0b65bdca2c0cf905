package source

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
)

// CountCommits returns how many commits the second revision of the checkout at
// root has that the first does not.
func CountCommits(ctx context.Context, root, from, to string) (int, error) {
	out, err := git(ctx, root, "rev-list", "--count", "--end-of-options", from+".."+to)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(string(bytes.TrimSpace(out)))
	if err != nil {
		return 0, fmt.Errorf("git rev-list in %s: %w", root, err)
	}
	return n, nil
}
