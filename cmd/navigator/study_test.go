package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// studyFolder returns what is done of a course that has not been begun, and the
// file that keeps it.
func studyFolder(t *testing.T) (*studied, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "state", "course")
	return &studied{dir: dir}, filepath.Join(dir, progressName)
}

func doneOf(t *testing.T, s *studied) string {
	t.Helper()
	ticks, err := s.Ticks()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for lesson, items := range ticks.Done {
		all = append(all, fmt.Sprint(lesson, " ", len(items)))
	}
	return strings.Join(all, ", ")
}

// Two processes that tick at the same time lose nothing of each other, and the
// file is whole whenever someone reads it.
func TestTicksOfSeveral(t *testing.T) {
	one, file := studyFolder(t)
	two := &studied{dir: one.dir}
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			if err := []*studied{one, two}[i%2].Tick("a", fmt.Sprint("item-", i), true); err != nil {
				t.Error(err)
			}
			text, err := os.ReadFile(file)
			if err != nil || !json.Valid(text) {
				t.Errorf("%v: %s", err, text)
			}
		})
	}
	all.Wait()
	for _, s := range []*studied{one, two, {dir: one.dir}} {
		if got := doneOf(t, s); got != "a 40" {
			t.Errorf("%s, want a 40", got)
		}
	}
	if err := two.Tick("a", "item-3", false); err != nil {
		t.Fatal(err)
	}
	if got := doneOf(t, one); got != "a 39" {
		t.Errorf("%s, want a 39", got)
	}
	if left, _ := filepath.Glob(filepath.Join(one.dir, ".progress-*")); left != nil {
		t.Errorf("%v were left", left)
	}
}

// Each change has its version, by which pages that were sent are told stale.
func TestTicksHaveVersions(t *testing.T) {
	s, _ := studyFolder(t)
	seen := map[string]bool{}
	for i := range 6 {
		ticks, err := s.Ticks()
		if err != nil {
			t.Fatal(err)
		}
		if seen[ticks.Version] {
			t.Errorf("version %q came twice", ticks.Version)
		}
		seen[ticks.Version] = true
		if err := s.Tick("a", fmt.Sprint(i), true); err != nil {
			t.Fatal(err)
		}
	}
}

// What cannot be read is kept aside and said, and studying goes on.
func TestDamagedProgress(t *testing.T) {
	for _, text := range []string{"", "{", `{"version":1,"done":{"a":{"x":"2026-0`, "[]", "{}", "\x00\x00\x00"} {
		s, file := studyFolder(t)
		if err := os.MkdirAll(s.dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := s.Tick("a", "x", true); err != nil {
			t.Fatal(err)
		}
		ticks, err := s.Ticks()
		if err != nil {
			t.Fatal(err)
		}
		if kept, err := os.ReadFile(ticks.Damaged); err != nil || string(kept) != text {
			t.Errorf("%q: %q was kept (%v)", text, kept, err)
		}
		if got := doneOf(t, s); got != "a 1" {
			t.Errorf("%q: %s, want a 1", text, got)
		}
	}
}

// A file of a newer program is not written over.
func TestNewerProgress(t *testing.T) {
	s, file := studyFolder(t)
	const text = `{"version":2,"done":{}}`
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := s.Tick("a", "x", true); err == nil {
		t.Error("it was written")
	}
	if kept, err := os.ReadFile(file); err != nil || string(kept) != text {
		t.Errorf("%q is left (%v)", kept, err)
	}
}
