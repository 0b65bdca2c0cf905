package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"navigator/annotations"
	"navigator/annotations/anchor"
	"navigator/annotations/review/drift"
	"navigator/indexer"
	"navigator/indexer/snapshot"
)

// relocation is a citation to translate, and where it went.
type relocation struct {
	Path     string              `json:"path"`
	Start    int                 `json:"start"`
	End      int                 `json:"end"`
	GotPath  string              `json:"got_path"`
	GotStart int                 `json:"got_start"`
	GotEnd   int                 `json:"got_end"`
	Verdict  annotations.Verdict `json:"verdict"`
	Method   annotations.Method  `json:"method"`
	Score    float64             `json:"score"`
	Error    string              `json:"error,omitempty"`
}

func relocateCommand(global *globals) *cobra.Command {
	var from, to string
	var batch bool
	c := &cobra.Command{
		Use:   "relocate SOURCE PATH:START-END",
		Short: "Translate a citation from one revision to another",
		Long: `Say where the lines of a citation at one revision are at another. Both are read
from git; neither is checked out, and no snapshot is needed. A revision that git
does not have may be that of the newest snapshot, or of the one before it.

The verdict is same or moved when every line is proven unchanged, edited when at
least half of them survive, proposed when they, or their symbol, were found
elsewhere, and lost when not.

With --batch, citations are read from standard input, a line each:
{"path":"source/a.cc","start":3,"end":7}, and written back with got_path,
got_start, got_end, verdict, method and score; one that cannot be translated has
an error instead.

The exit code is 0 for same and moved, 3 when a person must look, and 1 when
something went wrong. A batch that was read to its end gives 0, and 1 when one of
its lines has an error.`,
		Args: func(c *cobra.Command, args []string) error {
			if batch {
				return wrongUse(cobra.ExactArgs(1))(c, args)
			}
			return wrongUse(cobra.ExactArgs(2))(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			var r relocation
			if !batch {
				var err error
				if r, err = parseRange(args[1]); err != nil {
					return usageError{err}
				}
			}
			if from == "" || to == "" {
				return usageError{errors.New("say between which revisions: --from REV --to REV")}
			}
			return withRelocator(c.Context(), global, args[0], from, to, func(l *relocator) error {
				if batch {
					return l.batch(c.InOrStdin(), c.OutOrStdout())
				}
				return l.one(c.OutOrStdout(), r)
			})
		},
	}
	c.Flags().StringVar(&from, "from", "", "the revision that the citation was written at")
	c.Flags().StringVar(&to, "to", "", "the revision to translate it to")
	c.Flags().BoolVar(&batch, "batch", false, "translate the citations on standard input, JSON lines")
	return c
}

// parseRange reads PATH:START-END or PATH:LINE.
func parseRange(text string) (relocation, error) {
	p, err := parsePlace(text)
	if err != nil || p.Lines.IsZero() {
		return relocation{}, fmt.Errorf("%s is no range of lines: write PATH:START-END, such as source/a.cc:12-20", text)
	}
	return relocation{Path: p.Path, Start: p.Lines.First, End: p.Lines.Last}, nil
}

// relocator translates citations of one source between two revisions.
type relocator struct {
	source   string
	from     anchor.State
	revision string // of from
	finder   *anchor.Finder
}

func withRelocator(ctx context.Context, global *globals, source, from, to string, use func(*relocator) error) error {
	ws, err := openWorkspace(global)
	if err != nil {
		return err
	}
	t, err := ws.tree(source)
	if err != nil {
		return usageError{err}
	}
	git := openRepository(t.Root)
	defer git.Close()
	between, err := openEnds(ctx, ws, git, source, from, to)
	if err != nil {
		return err
	}
	defer between.release()
	finder := anchor.NewFinder(between.old, between.new, between.history)
	return use(&relocator{source, between.old, between.oldCommit, finder})
}

// ends are the two states of a source between which citations are translated.
type ends struct {
	old, new  anchor.State
	oldCommit string
	history   anchor.History  // nil when git does not have both
	store     *snapshot.Store // that snapshots are of; nil when they were not asked for
	snapshots []*snapshot.Snapshot
}

func (e *ends) release() {
	for _, s := range e.snapshots {
		s.Release()
	}
	if e.store != nil {
		e.store.Close()
	}
}

// openEnds reads both states from git, at the same time; what it does not have,
// from the workspace's snapshots.
func openEnds(ctx context.Context, ws *workspace, git *repository, source, from, to string) (*ends, error) {
	var old, new *revisionState
	var oldErr, newErr error
	e := &ends{}
	var group sync.WaitGroup
	group.Go(func() { old, e.oldCommit, oldErr = git.at(ctx, from) })
	group.Go(func() { new, _, newErr = git.at(ctx, to) })
	group.Go(func() { e.history = git.history(ctx, from, to) })
	group.Wait()
	e.old, e.new = old, new
	if oldErr != nil || newErr != nil {
		e.openSnapshots(ws)
	}
	if oldErr != nil {
		if e.old, e.oldCommit = e.snapshot(source, from); e.old == nil {
			e.release()
			return nil, fmt.Errorf("--from: %w", oldErr)
		}
	}
	if newErr != nil {
		if e.new, _ = e.snapshot(source, to); e.new == nil {
			e.release()
			return nil, fmt.Errorf("--to: %w", newErr)
		}
	}
	return e, nil
}

// openSnapshots opens the workspace's snapshots, as far as there are any.
func (e *ends) openSnapshots(ws *workspace) {
	dir, err := ws.cache()
	if err != nil {
		return
	}
	e.store = snapshot.NewStore(dir)
	for _, open := range []func() (*snapshot.Snapshot, error){e.store.Acquire, e.store.Previous} {
		if s, err := open(); err == nil {
			e.snapshots = append(e.snapshots, s)
		}
	}
}

// shortest is how many characters of a commit's id name it.
const shortest = 7

// snapshot returns the source as a snapshot has it that is named by its ID, or
// by the source's commit.
func (e *ends) snapshot(source, name string) (anchor.State, string) {
	for _, s := range e.snapshots {
		for _, of := range s.Sources() {
			if of.Name == source && (name == s.ID() || len(name) >= shortest && strings.HasPrefix(of.Revision, name)) {
				return drift.StateOf(s, source), of.Revision
			}
		}
	}
	return nil, ""
}

// tree returns the source of that name.
func (ws *workspace) tree(name string) (*tree, error) {
	var names []string
	for i := range ws.Sources {
		if ws.Sources[i].Name == name {
			return &ws.Sources[i], nil
		}
		names = append(names, ws.Sources[i].Name)
	}
	return nil, noSource(name, names)
}

// noSource says that a workspace has other sources than the one of that name.
func noSource(name string, names []string) error {
	return fmt.Errorf("there is no source %q; there are: %s", name, strings.Join(names, ", "))
}

// translate fills in where the lines of r went.
func (l *relocator) translate(r *relocation) error {
	lines := indexer.Lines{First: r.Start, Last: r.End}
	a, err := anchor.Make(l.from, l.revision, annotations.Place{Source: l.source, Path: r.Path, Lines: lines})
	if err != nil {
		return fmt.Errorf("at --from, %w", err)
	}
	o := l.finder.Find(a)
	r.GotPath, r.GotStart, r.GotEnd = o.Place.Path, o.Place.Lines.First, o.Place.Lines.Last
	r.Verdict, r.Method, r.Score = o.Verdict, o.Method, o.Score
	return nil
}

func (l *relocator) one(w io.Writer, r relocation) error {
	if err := l.translate(&r); err != nil {
		return err
	}
	if r.GotPath == "" {
		fmt.Fprintln(w, r.Verdict)
		return errFaults
	}
	lines := indexer.Lines{First: r.GotStart, Last: r.GotEnd}
	fmt.Fprintf(w, "%s:%s  %s  %s  %.2f\n", r.GotPath, lines, r.Verdict, r.Method, r.Score)
	if r.Verdict != annotations.Same && r.Verdict != annotations.Moved {
		return errFaults
	}
	return nil
}

// batch translates the citations that in holds, a line each.
func (l *relocator) batch(in io.Reader, out io.Writer) error {
	w := bufio.NewWriter(out)
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	encoder := json.NewEncoder(w)
	failed := 0
	for n := 1; lines.Scan(); n++ {
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		var r relocation
		err := json.Unmarshal(lines.Bytes(), &r)
		if err == nil {
			err = l.translate(&r)
		}
		if err != nil {
			r.Error = fmt.Sprintf("line %d: %v", n, plainJSON(err))
			failed++
		}
		if err := encoder.Encode(r); err != nil {
			return err
		}
	}
	if err := errors.Join(lines.Err(), w.Flush()); err != nil {
		return err
	}
	if failed > 0 {
		return fmt.Errorf("%d of the citations could not be translated; their error says why", failed)
	}
	return nil
}
