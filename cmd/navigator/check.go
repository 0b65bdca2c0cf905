package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/annotations/review"
	"navigator/indexer/snapshot"
)

// errFaults says that a check found what a person must look at.
var errFaults = errors.New("the course has faults")

// checkFormats are what --format takes, and how each writes a report.
var checkFormats = map[string]func(io.Writer, *checkReport) error{
	"text": writeCheckText, "json": func(w io.Writer, r *checkReport) error { return writeJSON(w, r) },
	"sarif": writeSARIF, "github": writeGitHub,
}

func checkCommand(global *globals) *cobra.Command {
	format, fix, dry := "text", false, false
	var against []string
	c := &cobra.Command{
		Use:   "check",
		Short: "Hold the course's citations, excerpts and structure against the sources",
		Long: `Hold the course against the snapshot: whether each citation leads to what its
sentence names, whether each excerpt shows real code, and whether the course's
own parts, links, diagrams and table of progress are sound.

--fix rewrites the citations whose mending is sure, their own characters alone;
with --dry-run it shows the difference instead. Nothing is written when a lesson
changes meanwhile.

--against says instead what a bump of the sources to a revision that git has
would do to the course: REV, or NAME=REV for one source.

Exit codes: 0 nothing to mend; 3 there is; 1 it could not be checked.`,
		Args: wrongUse(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if len(against) > 0 && fix {
				return usageError{errors.New("--against only tells: --fix does not go with it")}
			}
			write := checkFormats[format]
			if write == nil {
				return usageError{fmt.Errorf("--format %s: write text, json, sarif or github", format)}
			}
			if dry && !fix {
				return usageError{errors.New("--dry-run shows what --fix would do: give both")}
			}
			ws, err := openWorkspace(global)
			if err != nil {
				return err
			}
			if len(against) > 0 {
				return checkAgainst(c.Context(), ws, c.OutOrStdout(), against, format)
			}
			checked, err := check(c.Context(), ws)
			if err != nil {
				return err
			}
			defer checked.close()
			if fix {
				return checked.fix(c.OutOrStdout(), dry)
			}
			report := checked.report()
			if err := write(c.OutOrStdout(), report); err != nil {
				return err
			}
			if report.faults() > 0 {
				return errFaults
			}
			return nil
		},
	}
	c.Flags().StringVar(&format, "format", format, "text, json, sarif or github")
	c.Flags().BoolVar(&fix, "fix", false, "rewrite the citations whose mending is sure")
	c.Flags().BoolVar(&dry, "dry-run", false, "with --fix: show the difference, write nothing")
	c.Flags().StringSliceVar(&against, "against", nil, "say what a bump of the sources to this revision would do")
	return c
}

// checked is a course and what was found of it.
type checked struct {
	*verdicts
	close     func()
	snapshot  *snapshot.Snapshot
	course    *annotations.Course
	review    *review.Review
	structure []annotations.Fault
}

// check holds the course of a workspace against its snapshot.
func check(ctx context.Context, ws *workspace) (*checked, error) {
	x, err := openIndexed(ws)
	if err != nil {
		return nil, err
	}
	c, err := ws.folder().Load()
	if err != nil {
		x.close()
		return nil, err
	}
	out := &checked{snapshot: x.Snapshot, course: c, close: x.close}
	resolver := review.NewResolver(x.Sources(), x.Files(), func(file int) int { return countLines(x.Text(file)) })
	out.review = resolver.Review(c)
	out.verdicts = (*known)(nil).knownOf(x.Snapshot).judge(ctx, x.Snapshot, c, resolver, out.review, filepath.Join(x.dir, renamesName))
	out.structure = review.Structure(c)
	if err := ctx.Err(); err != nil {
		x.close()
		return nil, err // git may have been stopped midway
	}
	return out, nil
}

// mended is a lesson whose citations were mended.
type mended struct {
	lesson    *annotations.Lesson
	text      []byte
	citations int
}

// mend returns the lessons in which the mending of a citation is sure.
func (c *checked) mend() []mended {
	var all []mended
	for _, l := range c.course.Documents() {
		m := mended{lesson: l}
		var edits []course.Edit
		for i, v := range c.citations[l.ID] {
			if v.Target == nil || !v.Sure {
				continue
			}
			path := v.Verdict == annotations.Moved || v.Target.Path != v.Place.Path
			if more, ok := course.Rewrite(l, i, v.Target.Place, path); ok {
				edits = append(edits, more...)
				m.citations++
			}
		}
		if len(edits) > 0 {
			m.text = course.Apply(l.Text, edits)
			all = append(all, m)
		}
	}
	return all
}

// fix rewrites the citations whose mending is sure, or shows the difference.
func (c *checked) fix(w io.Writer, dry bool) error {
	all := c.mend()
	if dry {
		for _, m := range all {
			writeDiff(w, m.lesson.Path, m.lesson.Text, m.text)
		}
		return nil
	}
	for _, m := range all {
		if err := c.unchanged(m.lesson); err != nil {
			return err
		}
	}
	for _, m := range all {
		if err := c.write(m); err != nil {
			return fmt.Errorf("mending %s: %w", m.lesson.Path, err)
		}
		fmt.Fprintf(w, "%s: %s mended\n", m.lesson.Path, countOf(m.citations, "citation"))
	}
	return nil
}

// write writes a lesson, unless it is not on disk what was checked.
func (c *checked) write(m mended) error {
	file := filepath.Join(c.course.Root, filepath.FromSlash(m.lesson.Path))
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	if err := c.unchanged(m.lesson); err != nil {
		return err
	}
	return replaceFile(file, m.text, info.Mode().Perm())
}

// unchanged returns an error when a lesson is not on disk what was checked.
func (c *checked) unchanged(l *annotations.Lesson) error {
	text, err := os.ReadFile(filepath.Join(c.course.Root, filepath.FromSlash(l.Path)))
	if err != nil {
		return err
	}
	if !bytes.Equal(text, l.Text) {
		return fmt.Errorf("%s has changed meanwhile: it is left as it is; check again", l.Path)
	}
	return nil
}

// writeDiff writes how two texts of as many lines differ.
func writeDiff(w io.Writer, name string, before, after []byte) {
	fmt.Fprintf(w, "--- a/%s\n+++ b/%s\n", name, name)
	old, fresh := bytes.Split(before, []byte("\n")), bytes.Split(after, []byte("\n"))
	for i := range old {
		if !bytes.Equal(old[i], fresh[i]) {
			fmt.Fprintf(w, "@@ -%d +%d @@\n-%s\n+%s\n", i+1, i+1, old[i], fresh[i])
		}
	}
}

func countOf(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
