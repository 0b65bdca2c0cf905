package source

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// Subject is what a commit says of itself.
type Subject struct {
	Commit string // full id
	Title  string // the first line of its message
	Author string // name
	When   time.Time
}

// Subjects returns what commits of the checkout at root say of themselves, in
// the order of their ids.
func Subjects(ctx context.Context, root string, ids []string) ([]Subject, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := append([]string{"show", "--no-patch", "-z", "--format=%H%x1f%aI%x1f%aN%x1f%s", "--end-of-options"}, ids...)
	out, err := git(ctx, root, args...)
	if err != nil {
		return nil, err
	}
	var all []Subject
	for r := range records(out) {
		f := strings.SplitN(strings.TrimSpace(r), "\x1f", 4)
		if len(f) != 4 {
			return nil, fmt.Errorf("git show in %s: unexpected %q", root, r)
		}
		when, err := time.Parse(time.RFC3339, f[1])
		if err != nil {
			return nil, fmt.Errorf("git show in %s: %w", root, err)
		}
		all = append(all, Subject{Commit: f[0], Title: f[3], Author: f[2], When: when})
	}
	return all, nil
}
