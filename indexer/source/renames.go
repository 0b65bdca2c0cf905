package source

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"maps"
	"path"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
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
// It reads once which commits deleted files below the folders of these paths,
// and looks for renames in those that matter alone: on Envoy's 26,000 commits
// that takes 0.8 s on two processors, where git takes three to find every
// rename.
func Renames(ctx context.Context, root, revision string, paths []string) (map[string]string, error) {
	there, err := Paths(ctx, root, revision)
	if err != nil {
		return nil, err
	}
	has := func(p string) bool { return there[strings.TrimSuffix(p, "/")] }
	now, folders := stalePaths(paths, has)
	if len(now) == 0 {
		return nil, nil
	}
	deleted, err := deletions(ctx, root, revision, folders)
	if err != nil {
		return nil, err
	}
	for range renameSteps {
		stale := slices.DeleteFunc(slices.Sorted(maps.Values(now)), has)
		var beyond []string // folders that a first rename led to
		for _, p := range stale {
			if !slices.ContainsFunc(folders, func(f string) bool { return commonFolder(f, p) == f }) {
				beyond = append(beyond, path.Dir(p))
			}
		}
		if beyond = slices.Compact(beyond); len(beyond) > 0 {
			more, err := deletions(ctx, root, revision, beyond)
			if err != nil {
				return nil, err
			}
			deleted, folders = append(deleted, more...), append(folders, beyond...)
		}
		renamed, err := deleted.renames(ctx, root, slices.Compact(stale))
		if err != nil {
			return nil, err
		}
		if len(renamed) == 0 {
			break
		}
		for p, last := range now {
			now[p] = cmp.Or(renamed[last], last)
		}
	}
	maps.DeleteFunc(now, func(_, last string) bool { return !has(last) })
	return now, nil
}

// stalePaths returns those of paths in a folder that are not there, each as the
// newest name known of itself, and for each of their top folders what of it holds
// them all.
func stalePaths(paths []string, has func(string) bool) (now map[string]string, folders []string) {
	now = map[string]string{}
	tops := map[string]string{}
	for _, p := range paths {
		top, rest, _ := strings.Cut(p, "/")
		if rest == "" || top == "" || top == "." || top == ".." || has(p) {
			continue
		}
		now[p], tops[top] = p, commonFolder(cmp.Or(tops[top], path.Dir(p)), p)
	}
	return now, slices.Sorted(maps.Values(tops))
}

// commonFolder returns the deepest folder that holds a folder and a path.
func commonFolder(folder, p string) string {
	for folder != "." && !strings.HasPrefix(p, folder+"/") {
		folder = path.Dir(folder)
	}
	return folder
}

// deletedFiles are the files that commits deleted, the newest commit first.
type deletedFiles []struct{ path, commit string }

// deletions returns the files below folders that history deleted. The commits
// are shared out among as many processes of git as there are processors, since
// comparing the folders of each with its parent's is what takes the time.
func deletions(ctx context.Context, root, revision string, folders []string) (deletedFiles, error) {
	out, err := git(ctx, root, "rev-list", "--no-merges", revision)
	if err != nil {
		return nil, err
	}
	commits := bytes.SplitAfter(out, []byte("\n"))
	share := len(commits)/runtime.GOMAXPROCS(0) + 1
	chunks := slices.Collect(slices.Chunk(commits, share))
	parts := make([]deletedFiles, len(chunks))
	group, ctx := errgroup.WithContext(ctx)
	for i, chunk := range chunks {
		group.Go(func() (err error) {
			parts[i], err = deletedBy(ctx, root, bytes.Join(chunk, nil), folders)
			return err
		})
	}
	err = group.Wait()
	return slices.Concat(parts...), err
}

// deletedBy returns the files below folders that commits, one to a line, deleted.
func deletedBy(ctx context.Context, root string, commits []byte, folders []string) (deletedFiles, error) {
	args := append([]string{"--literal-pathspecs", "-c", "core.quotePath=false", "diff-tree", "--stdin", "--relative", "-r", "--no-renames", "--diff-filter=D",
		"--name-only", "--format=%x00%H", "--"}, folders...)
	cmd := gitCommand(ctx, root, args...)
	cmd.Stdin = bytes.NewReader(commits)
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("looking for deleted files in %s: %w", root, err)
	}
	var all deletedFiles
	for entry := range records(out) {
		commit, files, _ := strings.Cut(entry, "\n")
		for f := range strings.Lines(strings.Trim(files, "\n")) {
			all = append(all, struct{ path, commit string }{strings.TrimSuffix(f, "\n"), commit})
		}
	}
	return all, nil
}

// renames returns what the commits that last deleted paths renamed them to.
func (d deletedFiles) renames(ctx context.Context, root string, paths []string) (map[string]string, error) {
	files, folders := map[string]bool{}, map[string]map[string]int{} // folder to how many of its files went where
	for _, p := range paths {
		if strings.HasSuffix(p, "/") {
			folders[p] = map[string]int{}
		} else {
			files[p] = true
		}
	}
	commits := d.lastDeleting(files, folders)
	if len(commits) == 0 {
		return nil, nil
	}
	cmd := gitCommand(ctx, root, "diff-tree", "--stdin", "--relative", "-r", "-M", "--diff-filter=R", "--name-status", "--no-commit-id", "-z")
	cmd.Stdin = strings.NewReader(strings.Join(commits, "\n") + "\n")
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("looking for renames in %s: %w", root, err)
	}
	renamed := map[string]string{}
	fields := strings.Split(string(out), "\x00")
	for i := 0; i+2 < len(fields); i += 3 { // "R095", the old path, the new one
		from, to := fields[i+1], fields[i+2]
		if files[from] && renamed[from] == "" {
			renamed[from] = to
		}
		for folder, places := range folders {
			if rest, ok := strings.CutPrefix(from, folder); ok {
				if stem, same := strings.CutSuffix(to, "/"+rest); same {
					places[stem+"/"]++
				}
			}
		}
	}
	for folder, places := range folders {
		if to, ok := mostOf(places); ok {
			renamed[folder] = to
		}
	}
	return renamed, nil
}

// lastDeleting returns the commits that deleted files last, and all that deleted
// files of folders.
func (d deletedFiles) lastDeleting(files map[string]bool, folders map[string]map[string]int) (commits []string) {
	seen := map[string]bool{}
	for _, f := range d {
		wanted := files[f.path] && !seen[f.path]
		for folder := range folders {
			wanted = wanted || strings.HasPrefix(f.path, folder)
		}
		seen[f.path] = true
		if wanted && (len(commits) == 0 || commits[len(commits)-1] != f.commit) {
			commits = append(commits, f.commit)
		}
	}
	return commits
}

// mostOf returns the place that has more than half of what is counted.
func mostOf(places map[string]int) (string, bool) {
	all := 0
	for _, n := range places {
		all += n
	}
	for place, n := range places {
		if 2*n > all {
			return place, true
		}
	}
	return "", false
}
