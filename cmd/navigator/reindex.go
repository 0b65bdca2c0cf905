package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"navigator/indexer"
	"navigator/indexer/snapshot"
	"navigator/indexer/source"
	"navigator/indexer/syntax"
)

// gcPercent trades memory for time while indexing: little of it is garbage
// collected, and the process ends soon.
const gcPercent = 400

func reindexCommand(global *globals) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "reindex",
		Aliases: []string{"index"},
		Short:   "Bring the snapshot up to date with the sources",
		Long: `Bring the snapshot up to date with the sources. Only bytes that were not seen
before are parsed. While another reindex of the same workspace is under way,
this one says so and waits.`,
		Args: wrongUse(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			ws, err := openWorkspace(global)
			if err != nil {
				return err
			}
			report, err := reindex(c.Context(), ws, c.ErrOrStderr())
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(c.OutOrStdout(), report)
			}
			report.print(c.OutOrStdout())
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	return c
}

// reindex brings a workspace's snapshot up to date. What a person may want to
// see of it while it runs goes to progress.
func reindex(ctx context.Context, ws *workspace, progress io.Writer) (*reindexReport, error) {
	start := time.Now()
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	dir, err := ws.cache()
	if err != nil {
		return nil, err
	}
	store := snapshot.NewStore(dir)
	defer store.Close()
	draft, err := store.Begin(ctx, func(lock *snapshot.LockedError) {
		fmt.Fprintf(progress, "waiting: %v\n", lock)
	})
	if err != nil {
		return nil, fmt.Errorf("beginning a snapshot: %w", err)
	}
	built, err := indexer.Build(ctx, draft, ws.trees(),
		func() indexer.Extractor { return syntax.New() },
		indexer.Options{Progress: showProgress(progress)})
	err = errors.Join(err, draft.Close())
	var none *source.NotCheckoutError
	if errors.As(err, &none) {
		return nil, workspaceError{fmt.Errorf("%s: %w", ws.File, err)}
	}
	if err != nil {
		return nil, err
	}
	return newReindexReport(built, time.Since(start)), nil
}

// trees returns the sources as the indexer reads them.
func (ws *workspace) trees() []indexer.Tree {
	var trees []indexer.Tree
	for _, s := range ws.Sources {
		trees = append(trees, s.checkout())
	}
	return trees
}

func (t *tree) checkout() *source.Checkout {
	return &source.Checkout{
		Name: t.Name, Root: t.Root, URL: t.URL,
		Filter: source.Filter{Include: t.Include, Exclude: t.Exclude},
	}
}

// reindexReport says what a reindex did.
type reindexReport struct {
	Published   bool         `json:"published"` // false when nothing had changed
	Files       int          `json:"files"`     // in the snapshot
	Bytes       int64        `json:"bytes"`     // of their text
	Parsed      int          `json:"parsed"`    // contents that were not seen before
	Reused      int          `json:"reused"`    // files whose content was
	Skipped     skipped      `json:"skipped"`
	ParseErrors []parseError `json:"parse_errors"`
	Seconds     float64      `json:"seconds"`
}

// skipped counts the files that were left out, by reason.
type skipped struct {
	Links  int `json:"links"`  // that leave the root
	Large  int `json:"large"`  // over 8 MiB
	Binary int `json:"binary"` // or not UTF-8
}

// parseError names a file that the parser did not understand as a whole.
type parseError struct {
	Source string `json:"source"`
	Path   string `json:"path"`
	Errors int32  `json:"errors"`
}

func newReindexReport(built *indexer.Report, took time.Duration) *reindexReport {
	r := &reindexReport{
		Published: built.Published, Files: built.Files, Bytes: built.Bytes,
		Parsed: built.Parsed, Reused: built.Reused, Skipped: skipped(built.Skipped),
		ParseErrors: []parseError{}, Seconds: took.Seconds(),
	}
	for _, e := range built.ParseErrors {
		r.ParseErrors = append(r.ParseErrors, parseError(e))
	}
	return r
}

const parseErrorsShown = 10

func (r *reindexReport) print(w io.Writer) {
	what := "indexed"
	if !r.Published {
		what = "nothing has changed in"
	}
	fmt.Fprintf(w, "%s %d files, %s: %d parsed, %d reused\n", what, r.Files, megabytes(r.Bytes), r.Parsed, r.Reused)
	fmt.Fprintf(w, "skipped: %d links, %d too large, %d not text\n", r.Skipped.Links, r.Skipped.Large, r.Skipped.Binary)
	fmt.Fprintf(w, "with parse errors: %d\n", len(r.ParseErrors))
	for _, e := range r.ParseErrors[:min(len(r.ParseErrors), parseErrorsShown)] {
		fmt.Fprintf(w, "  %s %s (%d)\n", e.Source, e.Path, e.Errors)
	}
	if more := len(r.ParseErrors) - parseErrorsShown; more > 0 {
		fmt.Fprintf(w, "  and %d more; --json lists them\n", more)
	}
	fmt.Fprintf(w, "took %.2f s\n", r.Seconds)
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
