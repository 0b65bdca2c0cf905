package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
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
	var flags bumpFlags
	c := &cobra.Command{
		Use:     "reindex",
		Aliases: []string{"index"},
		Short:   "Bring the snapshot up to date with the sources, and follow the course",
		Long: `Bring the snapshot up to date with the sources. Only bytes that were not seen
before are parsed. While another reindex of the same workspace is under way,
this one says so and waits.

Then say where the lines are that the course cites and shows. The course is
touched only with --write, which renumbers the citations whose every line is
proven unchanged, outside code blocks, and keeps navigator.lock beside the
lessons. Stopped at any moment, it leaves snapshot, lessons and lock each as
they were or as they are to be, and the next run completes it.

--from and --to follow the course between two revisions instead, without the
checkouts or the snapshot: REV, or NAME=REV for one source. Without --from it is
from what the course was last brought up to, without --to to the checkout's.

Exit codes: 0 done; 3 a person must look at what became of the course.`,
		Args: wrongUse(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := flags.check(); err != nil {
				return err
			}
			ws, err := openWorkspace(global)
			if err != nil {
				return err
			}
			if flags.replays() {
				drift, err := replay(c.Context(), ws, flags)
				if err != nil {
					return err
				}
				return drift.tell(c.OutOrStdout(), asJSON)
			}
			report, err := reindex(c.Context(), ws, c.ErrOrStderr(), flags)
			if err != nil {
				return err
			}
			if asJSON {
				err = writeJSON(c.OutOrStdout(), report)
			} else {
				report.print(c.OutOrStdout())
			}
			if err == nil && report.Drift.Open > 0 {
				err = errFaults
			}
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the report as JSON")
	c.Flags().BoolVar(&flags.write, "write", false, "renumber the citations that moved, and keep navigator.lock")
	c.Flags().StringVar(&flags.accept, "accept", "", "with --write: \"edited\" renumbers what is edited, too")
	c.Flags().StringSliceVar(&flags.from, "from", nil, "follow the course from this revision")
	c.Flags().StringSliceVar(&flags.to, "to", nil, "follow the course to this revision")
	return c
}

// reindex brings a workspace's snapshot up to date, and follows its course.
// What a person may want to see of it while it runs goes to progress.
func reindex(ctx context.Context, ws *workspace, progress io.Writer, flags bumpFlags) (*reindexReport, error) {
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
	bump, err := beginBump(ctx, ws, store)
	if err != nil {
		return nil, errors.Join(err, draft.Close())
	}
	defer bump.close()
	indexes := ws.attachPrecise(draft)
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
	drift, err := bump.finish(store, flags)
	if err != nil {
		return nil, err
	}
	for _, name := range built.Empty {
		fmt.Fprintf(progress, "warning: no file of %s is indexed: see its include and exclude in %s\n", name, ws.File)
	}
	report := newReindexReport(built, time.Since(start))
	report.Precise = *indexes
	for _, p := range report.Precise {
		if p.Problem != "" {
			fmt.Fprintf(progress, "warning: %s\n", p)
		}
	}
	report.Drift = drift
	return report, report.keep(dir)
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
		Filter: source.Filter{Include: t.Include, Exclude: t.excluded()},
	}
}

// reindexReport says what a reindex did.
type reindexReport struct {
	Published   bool             `json:"published"` // false when nothing had changed
	Files       int              `json:"files"`     // in the snapshot
	Bytes       int64            `json:"bytes"`     // of their text
	Parsed      int              `json:"parsed"`    // contents that were not seen before
	Reused      int              `json:"reused"`    // files whose content was
	Skipped     skipped          `json:"skipped"`
	ParseErrors []parseError     `json:"parse_errors"`
	Precise     []*preciseReport `json:"precise,omitempty"` // of the sources that have such an index
	Seconds     float64          `json:"seconds"`
	Drift       *driftReport     `json:"drift"` // what became of the course
}

// reindexFile is the name, in the cache, of the report of the last reindex.
const reindexFile = "reindex.json"

// keep writes the report into the cache, for those who ask later.
func (r *reindexReport) keep(dir string) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err == nil {
		err = replaceFile(filepath.Join(dir, reindexFile), append(text, '\n'), 0o644)
	}
	if err != nil {
		return fmt.Errorf("keeping the report of the reindex: %w", err)
	}
	return nil
}

// lastReindex returns the report of the last reindex and when it was made, nil
// when there is none.
func lastReindex(dir string) (*reindexReport, time.Time) {
	name := filepath.Join(dir, reindexFile)
	info, err := os.Stat(name)
	if err != nil {
		return nil, time.Time{}
	}
	text, err := os.ReadFile(name)
	var r reindexReport
	if err != nil || json.Unmarshal(text, &r) != nil || r.Drift == nil {
		return nil, time.Time{}
	}
	return &r, info.ModTime()
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
	for _, p := range r.Precise {
		if p.Problem == "" {
			fmt.Fprintf(w, "precise index of %s\n", p)
		}
	}
	fmt.Fprintf(w, "took %.2f s\n", r.Seconds)
	r.Drift.print(w)
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
