package snapshot_test

import (
	"errors"
	"testing"

	"navigator/indexer/snapshot"
)

func TestPrevious(t *testing.T) {
	store, _ := newStore(t)
	if _, err := store.Previous(); !errors.Is(err, snapshot.ErrEmpty) {
		t.Errorf("of an empty store: %v", err)
	}
	index(t, store, tree{name: "up", files: map[string]string{"a.txt": "one\n"}})
	if _, err := store.Previous(); !errors.Is(err, snapshot.ErrEmpty) {
		t.Errorf("of the first snapshot: %v", err)
	}
	index(t, store, tree{name: "up", files: map[string]string{"a.txt": "two\n"}})
	index(t, store, tree{name: "up", files: map[string]string{"a.txt": "three\n"}})
	previous, err := store.Previous()
	if err != nil {
		t.Fatal(err)
	}
	defer previous.Release()
	if got := string(previous.Text(0)); got != "two\n" {
		t.Errorf("it holds %q", got)
	}
}
