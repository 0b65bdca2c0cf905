package main

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"navigator/annotations"
	"navigator/annotations/anchor"
	"navigator/annotations/review/drift"
	"navigator/annotations/review/excerpt"
	"navigator/indexer"
	"navigator/indexer/snapshot"
)

func driftCommand(global *globals) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "drift",
		Short: "List what became of the course's citations and waits for you",
		Long: `List the citations and excerpts that upstream's changes leave for a person,
each with an ID, how it was, and how it may be now.

  navigator drift accept ID…              cite what was found; "moved", "edited"
                                          or "proposed" is all that are open
  navigator drift reject ID…              what was cited is gone: leave the citation
  navigator drift move ID PATH:START-END  cite this instead

Each writes lessons and navigator.lock together or not at all, and nothing when
either has changed meanwhile.`,
		Args: wrongUse(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return withDrift(c.Context(), global, func(f *followed) error {
				report := f.report()
				if asJSON {
					return writeJSON(c.OutOrStdout(), report)
				}
				report.printOpen(c.OutOrStdout())
				return nil
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.AddCommand(driftAcceptCommand(global), driftRejectCommand(global), driftMoveCommand(global))
	return c
}

func driftAcceptCommand(global *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "accept ID…",
		Short: "Have citations lead to what was found",
		Args:  wrongUse(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, ids []string) error {
			return settle(c, global, func(d *drift.Drift) []drift.Decision { return accepted(d, ids) })
		},
	}
}

func driftRejectCommand(global *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "reject ID…",
		Short: "Say that what is cited is gone, and leave the citations as they are",
		Args:  wrongUse(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, ids []string) error {
			var decisions []drift.Decision
			for _, id := range ids {
				decisions = append(decisions, drift.Decision{ID: id, Lost: true})
			}
			return settle(c, global, func(*drift.Drift) []drift.Decision { return decisions })
		},
	}
}

func driftMoveCommand(global *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "move ID PATH:START-END",
		Short: "Have a citation lead to a place that you name",
		Args:  wrongUse(cobra.ExactArgs(2)),
		RunE: func(c *cobra.Command, args []string) error {
			to, err := parsePlace(args[1])
			if err != nil {
				return usageError{err}
			}
			decisions := []drift.Decision{{ID: args[0], To: to}}
			return settle(c, global, func(*drift.Drift) []drift.Decision { return decisions })
		},
	}
}

// parsePlace reads PATH, PATH:LINE or PATH:START-END.
func parsePlace(text string) (annotations.Place, error) {
	colon := strings.LastIndexByte(text, ':')
	if colon < 0 {
		return annotations.Place{Path: text}, nil
	}
	path := text[:colon]
	from, to, isRange := strings.Cut(text[colon+1:], "-")
	if !isRange {
		to = from
	}
	first, err := strconv.Atoi(from)
	last, err2 := strconv.Atoi(to)
	if err != nil || err2 != nil || first < 1 || last < first || path == "" {
		return annotations.Place{}, fmt.Errorf("%q is no place: write PATH:START-END", text)
	}
	return annotations.Place{Path: path, Lines: indexer.Lines{First: first, Last: last}}, nil
}

// accepted returns the decisions to cite what was found for ids, of which
// "moved", "edited" and "proposed" are all that are open.
func accepted(d *drift.Drift, ids []string) []drift.Decision {
	var decisions []drift.Decision
	for _, id := range ids {
		switch v := annotations.Verdict(id); v {
		case annotations.Moved, annotations.Edited, annotations.Proposed:
			for _, it := range d.Open() {
				if it.Verdict == v {
					decisions = append(decisions, drift.Decision{ID: it.ID})
				}
			}
		default:
			decisions = append(decisions, drift.Decision{ID: id})
		}
	}
	return decisions
}

// settle writes what is decided, and says so.
func settle(c *cobra.Command, global *globals, decide func(*drift.Drift) []drift.Decision) error {
	return withDrift(c.Context(), global, func(f *followed) error {
		said, err := f.settle(decide(f.Drift))
		if err != nil {
			return err
		}
		for _, line := range said {
			fmt.Fprintln(c.OutOrStdout(), line)
		}
		return nil
	})
}

// followed is a course followed to the snapshot. It has one user.
type followed struct {
	*drift.Drift
	dir   string // cache
	pins  []anchor.Pin
	past  *past
	ended func()
}

// follow follows the course of a workspace to a snapshot, which stays the
// caller's. Nothing is written. The caller calls close.
func follow(ctx context.Context, ws *workspace, store *snapshot.Store, now *snapshot.Snapshot) (*followed, error) {
	p := newPast(ctx, ws)
	f, err := followBy(p, ws, store, now, nil)
	if err != nil {
		p.close()
		return nil, err
	}
	ended := f.ended
	f.ended = func() { p.close(); ended() }
	return f, nil
}

// followBy is follow by what is known of the past, which stays the caller's, and
// by what was read of the excerpts in the snapshot, nil for nothing.
func followBy(p *past, ws *workspace, store *snapshot.Store, now *snapshot.Snapshot, read *excerpt.Memory) (*followed, error) {
	dir, err := ws.cache()
	if err != nil {
		return nil, err
	}
	c, err := drift.Open(ws.folder())
	if err != nil {
		return nil, err
	}
	c.Read = read
	pinned := drift.Pin(c, readHeld(dir), now)
	earlier := []drift.Tree{now}
	f := &followed{dir: dir, pins: pinned.Pins, past: p, ended: func() {}}
	if previous, err := store.Previous(); err == nil {
		earlier = append(earlier, previous)
		f.ended = previous.Release
	}
	f.Drift = drift.Follow(pinned, now, f.past, earlier...)
	return f, nil
}

func (f *followed) close() { f.ended() }

// report words the drift, with the commits that touched what is open.
func (f *followed) report() *driftReport {
	r := newDriftReport(f.Drift, f.pins, f.past, nil)
	r.addCommits(f.Drift, f.past)
	return r
}

// settle writes what a person decided into lessons and lock, and returns a line
// about each.
func (f *followed) settle(decisions []drift.Decision) ([]string, error) {
	if _, err := f.write(drift.Choice{Decisions: decisions}); err != nil {
		return nil, err
	}
	var said []string
	for _, d := range decisions {
		it, err := f.Find(d.ID)
		if err != nil {
			return nil, err
		}
		to := d.To
		if to.Path == "" {
			to = it.Place
		}
		switch {
		case d.Lost:
			said = append(said, fmt.Sprintf("%s:%d: %s is left as it is, and not proposed again", it.Lesson.Path, it.Line, it.Entry.Raw))
		case it.Citation < 0:
			said = append(said, fmt.Sprintf("%s:%d: the excerpt is held against %s", it.Lesson.Path, it.Line, placeText(to)))
		default:
			said = append(said, fmt.Sprintf("%s:%d: %s cites %s now", it.Lesson.Path, it.Line, it.Entry.Raw, placeText(to)))
		}
	}
	return said, nil
}

// choiceError says that a choice cannot be written, whatever the disk has.
type choiceError struct{ error }

// write writes a choice into lessons and lock, and returns what takes it back.
func (f *followed) write(choice drift.Choice) (undo *drift.Change, err error) {
	change, err := f.Settle(choice)
	if err != nil {
		return nil, choiceError{err}
	}
	if undo, err = f.Undo(change); err != nil {
		return nil, err
	}
	if err := change.Commit(); err != nil {
		return nil, err
	}
	return undo, dropHeld(f.dir)
}

// withDrift follows the course of the workspace to its snapshot, for do.
func withDrift(ctx context.Context, global *globals, do func(*followed) error) error {
	ws, err := openWorkspace(global)
	if err != nil {
		return err
	}
	now, err := openIndexed(ws)
	if err != nil {
		return err
	}
	defer now.close()
	f, err := follow(ctx, ws, now.store, now.Snapshot)
	if err != nil {
		return err
	}
	defer f.close()
	return do(f)
}

// printOpen lists what is open, and what else waits.
func (r *driftReport) printOpen(w io.Writer) {
	r.list(w)
	if r.Open == 0 {
		fmt.Fprintln(w, "nothing is open")
	} else {
		fmt.Fprintf(w, "%d open\n", r.Open)
	}
	if r.Pending > 0 {
		fmt.Fprintf(w, "%s to renumber; run: navigator reindex --write\n", countOf(r.Pending, "citation"))
	}
}
