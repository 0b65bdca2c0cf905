package main

import (
	"io"
	"path/filepath"
	"testing"

	"navigator/annotations"
	"navigator/cmd/navigator/demo"
)

// The demo shows each way in which code drifts, and goes back.
func TestDemoBump(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	ws, err := layDemo(t.Context(), io.Discard, false)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a second bump changes nothing
		report, err := bumpDemo(t.Context(), ws, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		d := report.Drift
		for verdict, want := range map[annotations.Verdict]int{annotations.Edited: 1, annotations.Proposed: 1, annotations.Lost: 1} {
			if d.Citations[verdict] != want {
				t.Errorf("%d citations are %s, want %d", d.Citations[verdict], verdict, want)
			}
		}
		if d.Citations[annotations.Moved] < 5 || d.Pending < 5 || d.Open < 3 || d.Written != 0 {
			t.Errorf("%d moved, %d pending, %d open, %d written", d.Citations[annotations.Moved], d.Pending, d.Open, d.Written)
		}
		for _, s := range d.Sources {
			if s.From == s.To || s.Commits != 1 {
				t.Errorf("%+v", s)
			}
		}
		if kept, _ := lastReindex(cacheOf(t, ws)); kept == nil || kept.Drift.Open != d.Open {
			t.Errorf("kept: %+v", kept)
		}
	}
	if ws, err = layDemo(t.Context(), io.Discard, true); err != nil {
		t.Fatal(err)
	}
	if demo.Bumped(filepath.Dir(ws.File)) {
		t.Error("the sources have not gone back")
	}
	if kept, _ := lastReindex(cacheOf(t, ws)); kept == nil || kept.Drift.Open+kept.Drift.Pending > 0 {
		t.Errorf("the lessons are not as at first: %+v", kept)
	}
}

func cacheOf(t *testing.T, ws *workspace) string {
	t.Helper()
	dir, err := ws.cache()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
