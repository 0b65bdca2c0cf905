package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"

	"navigator/indexer"
)

func initCommand(global *globals) *cobra.Command {
	var course string
	var sources []string
	c := &cobra.Command{
		Use:   "init --course DIR --source NAME=DIR …",
		Short: "Make a workspace: write navigator.toml in this folder",
		Long: `Make a workspace: write navigator.toml in this folder, or where --workspace
says. What can be found is found: each tree's languages, the folders worth
indexing, and the upstream URL from git. An existing file is never overwritten.`,
		Example: "  navigator init --course ~/proxy-training --source envoy=~/envoy --source ztunnel=~/ztunnel",
		Args:    wrongUse(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if course == "" || len(sources) == 0 {
				return usageError{fmt.Errorf("init needs --course and at least one --source\nTry: %s --help", c.CommandPath())}
			}
			file, err := filepath.Abs(cmp.Or(global.workspace, workspaceName))
			if err != nil {
				return err
			}
			return writeWorkspace(c, file, course, sources)
		},
	}
	c.Flags().StringVar(&course, "course", "", "the folder of the lessons")
	c.Flags().StringArrayVar(&sources, "source", nil, "an upstream checkout, as NAME=DIR; once for each")
	return c
}

// writeWorkspace makes the navigator.toml at file and says what to do next.
func writeWorkspace(c *cobra.Command, file, course string, sources []string) error {
	doc, err := draft(c.Context(), filepath.Dir(file), course, sources)
	if err != nil {
		return err
	}
	check := checker{file: file, names: map[string]bool{}}
	ws := check.document(doc)
	if check.problems != nil {
		var problems []error
		for _, p := range check.problems {
			problems = append(problems, errors.New(p.message))
		}
		return usageError{errors.Join(problems...)}
	}
	text, err := toml.Marshal(doc)
	if err != nil {
		return fmt.Errorf("writing %s: %w", file, err)
	}
	if err := createFile(file, text); err != nil {
		return err
	}
	out := c.OutOrStdout()
	fmt.Fprintf(out, "wrote %s\n", file)
	for _, s := range ws.Sources {
		fmt.Fprintf(out, "  %s: %s\n", s.Name, describe(c.Context(), s))
	}
	fmt.Fprint(out, "next: navigator reindex, then navigator serve\n")
	return nil
}

// draft returns the document for a workspace in dir, its folders written
// relative where they lie inside it.
func draft(ctx context.Context, dir, course string, sources []string) (document, error) {
	var doc document
	var err error
	if doc.Course, err = written(dir, course); err != nil {
		return doc, err
	}
	for _, s := range sources {
		name, root, ok := strings.Cut(s, "=")
		if !ok {
			name, root = filepath.Base(s), s
		}
		t := tree{Name: name}
		if t.Root, err = written(dir, root); err != nil {
			return doc, err
		}
		full := absoluteFrom(dir, t.Root)
		t.URL = upstreamURL(ctx, full)
		t.Include = defaultInclude(full)
		t.Exclude = defaultExclude
		doc.Sources = append(doc.Sources, t)
	}
	return doc, nil
}

// written returns how a navigator.toml in dir names a folder that the command
// line names from the current folder.
func written(dir, path string) (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	full := absoluteFrom(here, path)
	if inside, err := filepath.Rel(dir, full); err == nil && filepath.IsLocal(inside) {
		return filepath.ToSlash(inside), nil
	}
	return full, nil
}

// createFile writes text to a new file, whole or not at all.
func createFile(file string, text []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(file), ".navigator-*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", file, err)
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(text)
	err = errors.Join(err, temp.Chmod(0o644), temp.Close())
	if err == nil {
		err = os.Link(temp.Name(), file) // unlike a rename, refuses to replace
	}
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s exists already; edit it, or remove it first", file)
	case err != nil:
		return fmt.Errorf("writing %s: %w", file, err)
	}
	return nil
}

// upstreamURL returns the web address of the repository that root was cloned
// from, "" when git knows none.
func upstreamURL(ctx context.Context, root string) string {
	for _, remote := range []string{"upstream", "origin"} {
		address, err := git(ctx, root, "remote", "get-url", remote)
		if err == nil {
			return webAddress(strings.TrimSpace(address))
		}
	}
	return ""
}

var scpAddress = regexp.MustCompile(`^(?:[\w.-]+@)?([\w.-]+):([^/\\].*)$`) // git@github.com:owner/name.git

// webAddress turns a git remote into the address of its web page, without the
// credentials that it may carry; "" when it has none.
func webAddress(remote string) string {
	if m := scpAddress.FindStringSubmatch(remote); m != nil {
		remote = "https://" + m[1] + "/" + m[2]
	}
	u, err := url.Parse(remote)
	if err != nil || u.Host == "" {
		return ""
	}
	switch u.Scheme {
	case "http", "https":
		u.User = nil
	case "ssh", "git":
		u = &url.URL{Scheme: "https", Host: u.Hostname(), Path: u.Path}
	default:
		return ""
	}
	return strings.TrimSuffix(strings.TrimSuffix(u.String(), "/"), ".git")
}

// describe says what git has of a tree: its parsed languages, revision and URL.
func describe(ctx context.Context, t tree) string {
	list, err := git(ctx, t.Root, "ls-files", "-z", "--", ".")
	if err != nil {
		return err.Error()
	}
	count := map[indexer.Language]int{}
	for path := range strings.SplitSeq(list, "\x00") {
		count[indexer.LanguageOf(path)]++
	}
	var parts []string
	for _, lang := range []struct {
		language indexer.Language
		name     string
	}{{indexer.CPP, "C++"}, {indexer.Rust, "Rust"}, {indexer.Proto, "proto"}} {
		if n := count[lang.language]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, lang.name))
		}
	}
	what := cmp.Or(strings.Join(parts, ", "), "no C++, Rust or proto") + " files"
	revision, err := git(ctx, t.Root, "rev-parse", "--short=12", "HEAD")
	if err != nil {
		revision = "no commit yet"
	}
	return fmt.Sprintf("%s; %s; %s", what, strings.TrimSpace(revision), cmp.Or(t.URL, "no upstream URL, set url by hand"))
}

// git runs git in a tree and returns what it prints.
func git(ctx context.Context, root string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", append([]string{"-C", root}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s in %s: %w: %s", args[0], root, err, bytes.TrimSpace(stderr.Bytes()))
	}
	return string(out), nil
}
