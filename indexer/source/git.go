package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"strings"

	"navigator/indexer"
)

// NotCheckoutError says that a folder cannot be read as a git checkout.
type NotCheckoutError struct {
	Root   string
	Reason string // git's own words, or ours
}

func (e *NotCheckoutError) Error() string {
	return fmt.Sprintf("%s is no git checkout with a commit: %s", e.Root, e.Reason)
}

// gitCommand prepares a git command that reads the checkout at root. It takes
// no lock, starts no monitor, and is not led elsewhere by the environment of a
// hook.
func gitCommand(ctx context.Context, root string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", root, "-c", "core.fsmonitor=false"}, args...)...)
	for _, v := range os.Environ() {
		switch name, _, _ := strings.Cut(v, "="); name {
		case "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY":
		default:
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env, "GIT_OPTIONAL_LOCKS=0", "LC_ALL=C")
	return cmd
}

// git runs git in root and returns what it prints.
func git(ctx context.Context, root string, args ...string) ([]byte, error) {
	cmd := gitCommand(ctx, root, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s in %s: %w", args[0], root, gitError(ctx, err, stderr.String()))
	}
	return out, nil
}

// gitError prefers the reason that git gave, if it ran at all.
func gitError(ctx context.Context, err error, stderr string) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var exit *exec.ExitError
	if first, _, _ := strings.Cut(strings.TrimSpace(stderr), "\n"); errors.As(err, &exit) && first != "" {
		return errors.New(first)
	}
	return err
}

// resolve returns the commit that revision names in root.
func resolve(ctx context.Context, root, revision string) (string, error) {
	out, err := git(ctx, root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return "", err
	}
	return string(bytes.TrimSpace(out)), nil
}

// head returns the commit that is checked out at root.
func head(ctx context.Context, root string) (string, error) {
	commit, err := resolve(ctx, root, "HEAD")
	if err == nil || ctx.Err() != nil || errors.Is(err, exec.ErrNotFound) {
		return commit, err
	}
	reason := err.Error()
	if info, statErr := os.Stat(root); statErr != nil {
		reason = "there is no such folder"
	} else if !info.IsDir() {
		reason = "it is a file"
	} else if _, gitErr := git(ctx, root, "rev-parse", "--git-dir"); gitErr == nil {
		reason = "it has no commit yet"
	} else if inner := errors.Unwrap(gitErr); inner != nil {
		reason = inner.Error()
	}
	return "", &NotCheckoutError{root, reason}
}

// records yields the NUL-terminated records of out.
func records(out []byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		for len(out) > 0 {
			record, rest, _ := bytes.Cut(out, []byte{0})
			if !yield(string(record)) {
				return
			}
			out = rest
		}
	}
}

// blob is a file in a git tree.
type blob struct {
	path string
	hash indexer.Hash
	link bool
}

// parseBlob reads "<mode> <type> <hash>\t<path>". It is not ok for what
// is no blob.
func parseBlob(record string) (b blob, ok bool, err error) {
	meta, path, _ := strings.Cut(record, "\t")
	fields := strings.Fields(meta)
	if len(fields) < 3 {
		return b, false, fmt.Errorf("unexpected line %q", record)
	}
	if fields[1] != "blob" {
		return b, false, nil
	}
	b = blob{path: path, link: fields[0] == "120000"}
	if b.hash, err = parseHash(fields[2]); err != nil {
		return b, false, fmt.Errorf("%q: %w", path, err)
	}
	return b, true, nil
}
