package source

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// renameSteps is how many renames of one file are followed.
const renameSteps = 3

// Paths returns every file and folder, without a slash at its end, that a
// checkout has at a revision, relative to root.
func Paths(ctx context.Context, root, revision string) (map[string]bool, error) {
	out, err := git(ctx, root, "ls-tree", "-r", "-t", "--name-only", "-z", revision)
	if err != nil {
		return nil, err
	}
	there := make(map[string]bool, bytes.Count(out, []byte{0}))
	for p := range records(out) {
		there[p] = true
	}
	return there, nil
}

// Renames returns, for those of paths that the history of the checkout at root
// has renamed, the path that they have at revision. A folder, whose path ends
// in "/", was renamed when most of its files were, to one other folder.
//
// It reads the history for the deletions of these paths alone, and looks for
// what each such commit made of them: on Envoy's 26,000 commits that takes
// under a second, where finding every rename takes three.
func Renames(ctx context.Context, root, revision string, paths []string) (map[string]string, error) {
	there, err := Paths(ctx, root, revision)
	if err != nil {
		return nil, err
	}
	has := func(p string) bool { return there[strings.TrimSuffix(p, "/")] }
	now := map[string]string{} // path as asked to the newest name known
	ask := map[string]bool{}
	for _, p := range paths {
		if strings.Trim(p, "/") != "" && !has(p) && !strings.HasPrefix(p, "/") && !strings.HasPrefix(p, "..") {
			now[p], ask[p] = p, true
		}
	}
	for range renameSteps {
		renamed, err := renamedOnce(ctx, root, revision, slices.Sorted(maps.Keys(ask)))
		if err != nil {
			return nil, err
		}
		clear(ask)
		for p, last := range now {
			if next, ok := renamed[last]; ok && !has(last) {
				now[p] = next
				if !has(next) {
					ask[next] = true
				}
			}
		}
	}
	maps.DeleteFunc(now, func(_, last string) bool { return !has(last) })
	return now, nil
}

// renamedOnce returns what the commits that last deleted paths renamed them to.
func renamedOnce(ctx context.Context, root, revision string, paths []string) (map[string]string, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	args := append([]string{"--literal-pathspecs", "log", "--relative", "--no-renames", "--no-merges", "--diff-filter=D", "--name-only", "--format=%x00%H", revision, "--"}, paths...)
	out, err := git(ctx, root, args...)
	if err != nil {
		return nil, err
	}
	var commits bytes.Buffer
	for entry := range bytes.SplitSeq(out, []byte{0}) {
		if hash, _, ok := bytes.Cut(entry, []byte("\n")); ok {
			commits.Write(append(hash, '\n'))
		}
	}
	if commits.Len() == 0 {
		return nil, nil
	}
	made := gitCommand(ctx, root, "diff-tree", "--stdin", "--relative", "-r", "-M", "--diff-filter=R", "--name-status", "--no-commit-id", "-z")
	made.Stdin = &commits
	if out, err = made.Output(); err != nil {
		return nil, fmt.Errorf("looking for renames in %s: %w", root, err)
	}
	renamed := map[string]string{}
	fields := strings.Split(string(out), "\x00")
	folders := map[string]map[string]int{}
	for i := 0; i+2 < len(fields); i += 3 {
		from, to := fields[i+1], fields[i+2]
		if _, ok := renamed[from]; !ok { // the newest commit comes first
			renamed[from] = to
		}
		for _, p := range paths {
			rest, ok := strings.CutPrefix(from, p)
			if stem, same := strings.CutSuffix(to, "/"+rest); ok && same && strings.HasSuffix(p, "/") {
				if folders[p] == nil {
					folders[p] = map[string]int{}
				}
				folders[p][stem+"/"]++
			}
		}
	}
	for p, to := range folders {
		best, most, all := "", 0, 0
		for folder, n := range to {
			all += n
			if n > most || n == most && folder < best {
				best, most = folder, n
			}
		}
		if 2*most > all {
			renamed[p] = best
		}
	}
	return renamed, nil
}
