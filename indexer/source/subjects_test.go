package source_test

import (
	"context"
	"testing"

	"navigator/indexer/source"
)

func TestSubjectsAndCount(t *testing.T) {
	r := newRepo(t)
	r.write("a.txt", "1\n")
	first := r.commit()
	r.write("a.txt", "2\n")
	r.git("commit", "-q", "-a", "-m", "Say two\n\nAnd more.")
	second := r.git("rev-parse", "HEAD")
	got, err := source.Subjects(context.Background(), r.root, []string{second, first})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Commit != second || got[0].Title != "Say two" || got[0].Author != "A" || got[0].When.IsZero() || got[1].Title != "x" {
		t.Errorf("got %+v", got)
	}
	if n, err := source.CountCommits(context.Background(), r.root, first, second); n != 1 || err != nil {
		t.Errorf("%d commits, %v", n, err)
	}
	if _, err := source.CountCommits(context.Background(), r.root, first, "none"); err == nil {
		t.Error("a revision that is not there is no error")
	}
}
