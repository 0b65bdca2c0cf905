package main

import (
	"context"
	"fmt"
	"io"

	"navigator/indexer/snapshot"
)

// driftStatus says what waits since the sources moved.
type driftStatus struct {
	Open    int    `json:"open"`            // for a person
	Pending int    `json:"pending"`         // for reindex --write
	Error   string `json:"error,omitempty"` // why it is not known
}

func driftStatusOf(ctx context.Context, ws *workspace, store *snapshot.Store, now *snapshot.Snapshot) *driftStatus {
	f, err := follow(ctx, ws, store, now)
	if err != nil {
		return &driftStatus{Error: err.Error()}
	}
	defer f.close()
	s := &driftStatus{Open: len(f.Open())}
	for i := range f.Items {
		if it := &f.Items[i]; it.Citation >= 0 && it.Pending() {
			s.Pending++
		}
	}
	return s
}

func (s *driftStatus) print(w io.Writer) {
	switch {
	case s.Error != "":
		fmt.Fprintf(w, "drift      %s\n", s.Error)
	case s.Open > 0:
		fmt.Fprintf(w, "drift      %d open, %d to renumber; run: navigator drift\n", s.Open, s.Pending)
	case s.Pending > 0:
		fmt.Fprintf(w, "drift      %d to renumber; run: navigator reindex --write\n", s.Pending)
	default:
		fmt.Fprintln(w, "drift      none")
	}
}
