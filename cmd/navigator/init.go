package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/spf13/cobra"

	"navigator/indexer"
	"navigator/indexer/source"
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
	doc, found, err := draft(c.Context(), filepath.Dir(file), course, sources)
	if err != nil {
		return err
	}
	check := checker{file: file, names: map[string]bool{}}
	check.document(doc)
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
	for i, d := range found {
		fmt.Fprintf(out, "  %s: %s\n", doc.Sources[i].Name, inWords(d))
	}
	fmt.Fprint(out, "next: navigator reindex, then navigator serve\n")
	return nil
}

// draft returns the document for a workspace in dir, its folders written
// relative where they lie inside it, and what git tells of each source.
func draft(ctx context.Context, dir, course string, sources []string) (document, []*source.Description, error) {
	var doc document
	var found []*source.Description
	var problems []error
	var err error
	if doc.Course, err = written(dir, course); err != nil {
		return doc, nil, err
	}
	for _, s := range sources {
		name, root, ok := strings.Cut(s, "=")
		if !ok {
			name, root = filepath.Base(s), s
		}
		t := tree{Name: name, Exclude: defaultExclude}
		if t.Root, err = written(dir, root); err != nil {
			return doc, nil, err
		}
		full := absoluteFrom(dir, t.Root)
		if d, err := source.Describe(ctx, full); err == nil {
			t.URL = d.URL
			found = append(found, d)
		} else if isCheckout(full) { // whatever else is wrong, the check of the document words
			problems = append(problems, fmt.Errorf("source %s: %w", name, err))
		}
		t.Include = defaultInclude(full)
		doc.Sources = append(doc.Sources, t)
	}
	return doc, found, errors.Join(problems...)
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

// inWords says what git told of a checkout: languages, revision and URL.
func inWords(d *source.Description) string {
	var parts []string
	for _, lang := range []struct {
		language indexer.Language
		name     string
	}{{indexer.CPP, "C++"}, {indexer.Rust, "Rust"}, {indexer.Proto, "proto"}} {
		if n := d.Languages[lang.language]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, lang.name))
		}
	}
	return fmt.Sprintf("%s files; %.12s; %s", cmp.Or(strings.Join(parts, ", "), "no C++, Rust or proto"),
		d.Revision, cmp.Or(d.URL, "no upstream URL, set url by hand"))
}
