package source

import (
	"bytes"
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"navigator/indexer"
)

// Resolve returns the full id of the commit that a name, such as "v1.31" or
// "HEAD~3", has in the checkout at root. A root that is no git checkout gives a
// [*NotCheckoutError].
func Resolve(ctx context.Context, root, revision string) (string, error) {
	commit, err := resolve(ctx, root, revision)
	if err == nil {
		return commit, nil
	}
	if _, headErr := head(ctx, root); headErr != nil {
		return "", headErr
	}
	return "", fmt.Errorf("%s has no commit %q", root, revision)
}

// Blobs returns the content's hash of every file that a checkout has at a
// revision, by path relative to root; symbolic links are left out.
func Blobs(ctx context.Context, root, revision string) (map[string]indexer.Hash, error) {
	out, err := git(ctx, root, "ls-tree", "-r", "-z", revision)
	if err != nil {
		return nil, err
	}
	blobs := make(map[string]indexer.Hash, bytes.Count(out, []byte{0}))
	for record := range records(out) {
		b, ok, err := parseBlob(record)
		if err != nil {
			return nil, fmt.Errorf("git ls-tree in %s: %w", root, err)
		}
		if ok && !b.link {
			blobs[b.path] = b.hash
		}
	}
	return blobs, nil
}

// Commits returns the commits that lead from one revision to another along
// first parents, in order, with what each changed and the renames that git sees
// in it. From a revision to an older one they are the same ones undone. Where no
// such line leads, one commit without ID stands for all differences.
func Commits(ctx context.Context, root, from, to string) ([]indexer.Commit, error) {
	from, err := resolve(ctx, root, from)
	if err != nil {
		return nil, err
	}
	if to, err = resolve(ctx, root, to); err != nil {
		return nil, err
	}
	ids, err := line(ctx, root, from, to)
	if err != nil {
		return nil, err
	}
	if ids != nil {
		return changes(ctx, root, ids)
	}
	if ids, err = line(ctx, root, to, from); err != nil {
		return nil, err
	}
	if ids == nil {
		return difference(ctx, root, from, to)
	}
	commits, err := changes(ctx, root, ids)
	if err != nil {
		return nil, err
	}
	slices.Reverse(commits)
	for _, c := range commits {
		for i, change := range c.Changes {
			c.Changes[i] = indexer.Change{From: change.To, To: change.From, Old: change.New, New: change.Old}
		}
	}
	return commits, nil
}

// line returns the commits after one up to another along first parents, oldest
// first; nil when they do not lead there.
func line(ctx context.Context, root, from, to string) ([]string, error) {
	out, err := git(ctx, root, "rev-list", "--first-parent", "--reverse", "--parents", from+".."+to)
	if err != nil {
		return nil, err
	}
	var ids []string
	for commit := range strings.Lines(string(out)) {
		fields := strings.Fields(commit)
		if ids == nil && (len(fields) < 2 || fields[1] != from) {
			return nil, nil
		}
		ids = append(ids, fields[0])
	}
	return ids, nil
}

// difference returns what differs between two revisions as one commit.
func difference(ctx context.Context, root, from, to string) ([]indexer.Commit, error) {
	out, err := git(ctx, root, "diff-tree", "-r", "--relative", "--raw", "--no-abbrev", "-M", "-z", from, to)
	if err != nil && ctx.Err() == nil {
		out, err = git(ctx, root, "diff-tree", "-r", "--relative", "--raw", "--no-abbrev", "--no-renames", "-z", from, to)
	}
	if err != nil {
		return nil, err
	}
	commits, err := parseLog(append([]byte("\x01\x00"), out...))
	if err != nil {
		return nil, fmt.Errorf("git diff-tree in %s: %w", root, err)
	}
	return commits, nil
}

// changes returns what commits changed. A clone that lacks blobs cannot tell
// renames in the commits that have them.
func changes(ctx context.Context, root string, ids []string) ([]indexer.Commit, error) {
	commits, err := log(ctx, root, "-M", ids)
	switch {
	case err == nil || ctx.Err() != nil:
		return commits, err
	case len(ids) == 1:
		return log(ctx, root, "--no-renames", ids)
	}
	half := len(ids) / 2
	first, err := changes(ctx, root, ids[:half])
	if err != nil {
		return nil, err
	}
	second, err := changes(ctx, root, ids[half:])
	return append(first, second...), err
}

func log(ctx context.Context, root, renames string, ids []string) ([]indexer.Commit, error) {
	cmd := gitCommand(ctx, root, "log", "--stdin", "--no-walk=unsorted", "--first-parent", "-m", "--relative",
		"--no-show-signature", "--no-color", "--raw", "--no-abbrev", renames, "--format=%x01%H", "-z")
	cmd.Stdin = strings.NewReader(strings.Join(ids, "\n") + "\n")
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git log in %s: %w", root, gitError(ctx, err, ""))
	}
	commits, err := parseLog(out)
	if err != nil {
		return nil, fmt.Errorf("git log in %s: %w", root, err)
	}
	return commits, nil
}

// parseLog reads commits, each "\x01<id>" and its changes, ":<mode> <mode> <old>
// <new> <status>", path and, for a rename, second path, all ended by NUL.
func parseLog(out []byte) (commits []indexer.Commit, err error) {
	var fields []string
	for r := range records(out) {
		fields = append(fields, strings.TrimLeft(r, "\n"))
	}
	for i := 0; i < len(fields); i++ {
		field := fields[i]
		if id, ok := strings.CutPrefix(field, "\x01"); ok {
			commits = append(commits, indexer.Commit{ID: id})
			continue
		}
		if field == "" {
			continue
		}
		change, used, err := parseChange(field, fields[i+1:])
		if err != nil {
			return nil, err
		}
		if len(commits) == 0 {
			return nil, fmt.Errorf("unexpected line %q", field)
		}
		i += used
		if change != (indexer.Change{}) {
			last := &commits[len(commits)-1]
			last.Changes = append(last.Changes, change)
		}
	}
	return commits, nil
}

// parseChange reads a change and says how many of paths are its own. What is no
// regular file, before or after, counts as not there.
func parseChange(meta string, paths []string) (c indexer.Change, used int, err error) {
	fields := strings.Fields(strings.TrimPrefix(meta, ":"))
	if len(fields) != 5 || len(paths) == 0 {
		return c, 0, fmt.Errorf("unexpected line %q", meta)
	}
	from, to, used := paths[0], paths[0], 1
	if fields[4][0] == 'R' {
		if len(paths) < 2 {
			return c, 0, fmt.Errorf("unexpected line %q", meta)
		}
		to, used = paths[1], 2
	}
	if strings.HasPrefix(fields[0], "100") {
		if c.Old, err = parseHash(fields[2]); err != nil {
			return c, 0, err
		}
		c.From = from
	}
	if strings.HasPrefix(fields[1], "100") {
		if c.New, err = parseHash(fields[3]); err != nil {
			return c, 0, err
		}
		c.To = to
	}
	return c, used, nil
}

func parseHash(text string) (h indexer.Hash, err error) {
	id, err := hex.DecodeString(text)
	if err != nil || len(id) != len(h) {
		return h, fmt.Errorf("%q is no SHA-1 id; repositories of other object formats are not read", text)
	}
	return indexer.Hash(id), nil
}
