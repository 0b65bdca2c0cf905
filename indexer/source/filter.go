package source

import (
	"fmt"
	"strings"

	"github.com/bmatcuk/doublestar/v4"
)

// Filter chooses files of a tree by path. A pattern is a folder, a file, or a
// glob in which ** stands for any number of folders; a pattern that names or
// matches a folder stands for all in it.
type Filter struct {
	Include []string // every file when empty
	Exclude []string // wins over Include
}

// Check returns an error that names the first malformed pattern.
func (f Filter) Check() error {
	for _, patterns := range [][]string{f.Include, f.Exclude} {
		for _, p := range patterns {
			if !doublestar.ValidatePattern(clean(p)) {
				return fmt.Errorf("malformed pattern %q", p)
			}
		}
	}
	return nil
}

// Match reports whether f chooses path.
func (f Filter) Match(path string) bool {
	return (len(f.Include) == 0 || matchAny(f.Include, path)) && !matchAny(f.Exclude, path)
}

func matchAny(patterns []string, path string) bool {
	for _, p := range patterns {
		if match(clean(p), path) {
			return true
		}
	}
	return false
}

// clean allows for "./src" and "src/" in place of "src".
func clean(pattern string) string {
	return strings.TrimSuffix(strings.TrimPrefix(pattern, "./"), "/")
}

func match(pattern, path string) bool {
	if pattern == "" || pattern == "." {
		return true
	}
	if !strings.ContainsAny(pattern, `*?[{\`) {
		return path == pattern || len(path) > len(pattern) && path[len(pattern)] == '/' && strings.HasPrefix(path, pattern)
	}
	return doublestar.MatchUnvalidated(pattern, path) || doublestar.MatchUnvalidated(pattern+"/**", path)
}
