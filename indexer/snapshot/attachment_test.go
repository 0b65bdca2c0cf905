package snapshot_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"navigator/indexer"
	"navigator/indexer/snapshot"
)

// indexWith indexes with one attachment.
func indexWith(t *testing.T, store *snapshot.Store, a snapshot.Attachment, trees ...indexer.Tree) *indexer.Report {
	t.Helper()
	draft, err := store.Begin(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	draft.Attach(a)
	report, err := indexer.Build(t.Context(), draft, trees, newWords, indexer.Options{})
	if err := errors.Join(err, draft.Close()); err != nil {
		t.Fatal(err)
	}
	return report
}

func attachmentOf(t *testing.T, store *snapshot.Store) []byte {
	t.Helper()
	s, err := store.Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	return bytes.Clone(s.Attachment("sizes"))
}

func TestAttachment(t *testing.T) {
	store, dir := newStore(t)
	one, _ := sample()
	var given []byte // what the last Make was given as old
	sizes := snapshot.Attachment{Name: "sizes", Make: func(files []indexer.File, text func(int) []byte, old []byte) ([]byte, error) {
		given = bytes.Clone(old)
		var b []byte
		for i, f := range files {
			b = append(b, byte(len(text(i))))
			if len(text(i)) != f.Size {
				t.Errorf("%s has %d bytes instead of %d", f.Path, len(text(i)), f.Size)
			}
		}
		if bytes.Equal(b, old) {
			return old, nil
		}
		return b, nil
	}}
	indexWith(t, store, sizes, one)
	want := attachmentOf(t, store)
	if len(want) == 0 || given != nil {
		t.Fatalf("the attachment is %v, made from %v", want, given)
	}
	if indexWith(t, store, sizes, one).Published {
		t.Error("the same was published again")
	}
	if !bytes.Equal(given, want) {
		t.Errorf("the old attachment is %v, want %v", given, want)
	}

	one.files["added.txt"] = "a file more\n"
	indexWith(t, store, sizes, one)
	if got := attachmentOf(t, store); len(got) != len(want)+1 {
		t.Errorf("after a file more the attachment is %v", got)
	}

	s, err := store.Acquire()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, snapshot.SnapshotsDir, s.ID(), "sizes")
	s.Release()
	store.Close()
	if err := os.WriteFile(path, []byte("altered"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Acquire(); !isDamage(err) {
		t.Errorf("a damaged attachment: %v", err)
	}
	if !indexWith(t, store, sizes, one).Published || given != nil {
		t.Errorf("a damaged attachment was not made anew, or was given as %q", given)
	}

	none := snapshot.Attachment{Name: "sizes", Make: func([]indexer.File, func(int) []byte, []byte) ([]byte, error) { return nil, nil }}
	if !indexWith(t, store, none, one).Published {
		t.Error("that there is no attachment any more was not published")
	}
	if got := attachmentOf(t, store); got != nil {
		t.Errorf("the attachment is still %v", got)
	}
}

func TestAttachmentIsLinked(t *testing.T) {
	store, dir := newStore(t)
	one, _ := sample()
	fixed := snapshot.Attachment{Name: "sizes", Make: func(_ []indexer.File, _ func(int) []byte, old []byte) ([]byte, error) {
		if old != nil {
			return old, nil
		}
		return []byte("the same"), nil
	}}
	indexWith(t, store, fixed, one)
	one.files["added.txt"] = "a file more\n"
	indexWith(t, store, fixed, one)
	paths, err := filepath.Glob(filepath.Join(dir, snapshot.SnapshotsDir, "*", "sizes"))
	if err != nil || len(paths) != 2 {
		t.Fatalf("%q, %v", paths, err)
	}
	a, errA := os.Stat(paths[0])
	b, errB := os.Stat(paths[1])
	if errA != nil || errB != nil || !os.SameFile(a, b) {
		t.Errorf("two snapshots do not share the attachment: %v, %v", errA, errB)
	}
}
