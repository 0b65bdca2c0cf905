package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"navigator/annotations"
	"navigator/indexer"
	"navigator/indexer/snapshot"
)

// status says what a workspace has, and how its snapshot differs from the
// checkouts.
type status struct {
	Workspace string          `json:"workspace"` // path of the navigator.toml
	Cache     string          `json:"cache"`     // folder of the snapshots
	Snapshot  *snapshotStatus `json:"snapshot"`  // null before the first reindex
	Sources   []sourceStatus  `json:"sources"`
	Course    courseStatus    `json:"course"`
}

type snapshotStatus struct {
	ID      string    `json:"id"`
	Created time.Time `json:"created"`
	Files   int       `json:"files"`
	Bytes   int64     `json:"bytes"` // of their text
	Disk    int64     `json:"disk"`  // bytes of the cache folder, older snapshots included
}

type sourceStatus struct {
	Name     string         `json:"name"`
	Root     string         `json:"root"`
	URL      string         `json:"url"`
	Revision string         `json:"revision"`          // of the checkout now
	Indexed  string         `json:"indexed"`           // revision in the snapshot, "" when it has none
	Differ   int            `json:"differ"`            // files that a reindex would add, replace or remove
	Precise  *preciseReport `json:"precise,omitempty"` // of the precise index in the snapshot
}

type courseStatus struct {
	Root      string          `json:"root"`
	Lessons   int             `json:"lessons"`
	Notes     int             `json:"notes"`
	Problems  int             `json:"problems"`  // with the format
	Citations map[string]int  `json:"citations"` // by how well their path is found; empty before the first reindex
	Modules   []*moduleStatus `json:"modules"`   // in reading order; null before the first reindex
	Drift     *driftStatus    `json:"drift"`     // null before the first reindex
}

func statusCommand(global *globals) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "status",
		Short: "Say what is indexed, and how it differs from the checkouts now",
		Args:  wrongUse(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			ws, err := openWorkspace(global)
			if err != nil {
				return err
			}
			s, err := statusOf(c.Context(), ws)
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(c.OutOrStdout(), s)
			}
			s.print(c.OutOrStdout())
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func statusOf(ctx context.Context, ws *workspace) (*status, error) {
	shown, err := openLive(ws, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	defer shown.close()
	s := &status{Workspace: ws.File, Course: courseStatus{Root: ws.Course, Citations: map[string]int{}}}
	if s.Cache, err = ws.cache(); err != nil {
		return nil, err
	}
	v, err := shown.newest()
	if err != nil && !errors.Is(err, snapshot.ErrEmpty) {
		return nil, err
	}
	if v != nil {
		s.Snapshot = &snapshotStatus{ID: v.Snapshot.ID(), Created: v.Created(), Files: len(v.Files())}
		for _, f := range v.Files() {
			s.Snapshot.Bytes += int64(f.Size)
		}
		if s.Snapshot.Disk, err = folderSize(s.Cache); err != nil {
			return nil, fmt.Errorf("measuring the cache: %w", err)
		}
		s.Course.count(v)
		checked, err := check(ctx, ws)
		if err != nil {
			return nil, err
		}
		s.Course.Modules = checked.modules(checked.report())
		checked.close()
		s.Course.Drift = driftStatusOf(ctx, ws, shown.store, v.Snapshot)
	}
	for _, t := range ws.Sources {
		source, err := t.status(ctx, v)
		if err != nil {
			return nil, err
		}
		s.Sources = append(s.Sources, source)
	}
	return s, nil
}

// count counts the lessons and notes of a view, and the lessons' citations by
// match.
func (s *courseStatus) count(v *view) {
	for _, file := range v.Course().Noted {
		s.Notes += len(file.Notes)
		s.Problems += len(file.Problems)
	}
	for _, lesson := range v.Course().Lessons {
		s.Lessons++
		s.Problems += len(lesson.Problems)
		for _, r := range v.Resolutions(lesson.ID) {
			s.Citations[string(r.Match)]++
		}
	}
}

// status compares a source on disk with a view, which may be nil.
func (t *tree) status(ctx context.Context, v *view) (sourceStatus, error) {
	s := sourceStatus{Name: t.Name, Root: t.Root, URL: t.URL, Precise: preciseStatus(v, t.Name)}
	checkout := t.checkout()
	listing, err := checkout.List(ctx)
	if err != nil {
		return s, fmt.Errorf("looking at %s: %w", t.Name, err)
	}
	s.Revision = listing.Source.Revision
	indexed := map[string]indexer.Hash{}
	if v != nil {
		for _, source := range v.Sources() {
			if source.Name == t.Name {
				s.Indexed = source.Revision
			}
		}
		for _, f := range v.Files() {
			if f.Source == t.Name {
				indexed[f.Path] = f.Hash
			}
		}
	}
	var buf []byte
	for i := range listing.Entries {
		text, err := checkout.Read(&listing.Entries[i], buf[:0])
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return s, fmt.Errorf("looking at %s: %w", t.Name, err)
		}
		buf = text
		hash, ok := indexed[listing.Entries[i].Path]
		if ok && hash != indexer.HashOf(text) || !ok && indexer.IsText(text) {
			s.Differ++
		}
		delete(indexed, listing.Entries[i].Path)
	}
	s.Differ += len(indexed)
	return s, nil
}

// folderSize returns the bytes of the files below dir; one that has several
// names counts once.
func folderSize(dir string) (size int64, err error) {
	bySize := map[int64][]fs.FileInfo{}
	err = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		same := func(other fs.FileInfo) bool { return os.SameFile(info, other) }
		if !slices.ContainsFunc(bySize[info.Size()], same) {
			bySize[info.Size()] = append(bySize[info.Size()], info)
			size += info.Size()
		}
		return nil
	})
	return size, err
}

func (s *status) print(w io.Writer) {
	fmt.Fprintf(w, "workspace  %s\n", s.Workspace)
	if s.Snapshot == nil {
		fmt.Fprint(w, "snapshot   none yet; run: navigator reindex\n")
	} else {
		fmt.Fprintf(w, "snapshot   %s, %s ago, %d files, %s of text, %s on disk\n", s.Snapshot.ID,
			time.Since(s.Snapshot.Created).Round(time.Second), s.Snapshot.Files, megabytes(s.Snapshot.Bytes), megabytes(s.Snapshot.Disk))
	}
	for _, source := range s.Sources {
		fmt.Fprintf(w, "source     %s at %.12s in %s", source.Name, source.Revision, source.Root)
		switch {
		case source.Indexed == "":
		case source.Indexed != source.Revision:
			fmt.Fprintf(w, "; indexed at %.12s", source.Indexed)
		}
		fmt.Fprintf(w, "; %d files differ\n", source.Differ)
		if source.Precise != nil {
			fmt.Fprintf(w, "precise    %s\n", source.Precise)
		}
	}
	fmt.Fprintf(w, "course     %s", s.Course.Root)
	if s.Snapshot != nil {
		fmt.Fprintf(w, "; %d lessons, ", s.Course.Lessons)
		if s.Course.Notes > 0 {
			fmt.Fprintf(w, "%d notes, ", s.Course.Notes)
		}
		fmt.Fprintf(w, "%d problems; citations:", s.Course.Problems)
		for _, match := range []annotations.Match{
			annotations.MatchExact, annotations.MatchSuffix, annotations.MatchContext, annotations.MatchAmbiguous, annotations.MatchNone,
		} {
			fmt.Fprintf(w, " %d %s", s.Course.Citations[string(match)], match)
		}
	}
	fmt.Fprintln(w)
	if s.Course.Drift != nil {
		s.Course.Drift.print(w)
	}
	if len(s.Course.Modules) > 0 {
		printModules(w, s.Course.Modules)
	}
}
