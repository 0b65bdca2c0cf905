package source_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"navigator/indexer"
	"navigator/indexer/source"
)

func blobOf(text string) indexer.Hash { return indexer.HashOf([]byte(text)) }

func TestCommits(t *testing.T) {
	const old, longer = "one\ntwo\nthree\nfour\n", "one\ntwo\nthree\nfour\nfive\n"
	r := newRepo(t)
	r.write("a b.cc", old)
	r.write("gone.cc", "gone\n")
	first := r.commit()
	r.git("mv", "a b.cc", "ñ.cc")
	r.write("ñ.cc", longer)
	second := r.commit()
	r.git("rm", "-q", "gone.cc")
	r.link("ñ.cc", "link.cc")
	r.write("new.cc", "new\n")
	third := r.commit()

	forward := []indexer.Commit{
		{ID: second, Changes: []indexer.Change{{From: "a b.cc", To: "ñ.cc", Old: blobOf(old), New: blobOf(longer)}}},
		{ID: third, Changes: []indexer.Change{{From: "gone.cc", Old: blobOf("gone\n")}, {To: "new.cc", New: blobOf("new\n")}}},
	}
	backward := []indexer.Commit{
		{ID: third, Changes: []indexer.Change{{To: "gone.cc", New: blobOf("gone\n")}, {From: "new.cc", Old: blobOf("new\n")}}},
		{ID: second, Changes: []indexer.Change{{From: "ñ.cc", To: "a b.cc", Old: blobOf(longer), New: blobOf(old)}}},
	}
	r.git("checkout", "-q", "-b", "side", first)
	r.write("side.cc", "side\n")
	side := r.commit()
	across := []indexer.Commit{{Changes: []indexer.Change{
		{From: "side.cc", Old: blobOf("side\n")},
		{From: "a b.cc", To: "ñ.cc", Old: blobOf(old), New: blobOf(longer)},
	}}}
	for name, test := range map[string]struct {
		from, to string
		want     []indexer.Commit
	}{
		"forward":  {first, third, forward},
		"backward": {third, first, backward},
		"across":   {side, second, across},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := source.Commits(t.Context(), r.root, test.from, test.to)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestCommitsOfACloneWithoutABlob holds that one blob that is missing takes the
// renames of its commit, and no more.
func TestCommitsOfACloneWithoutABlob(t *testing.T) {
	r := newRepo(t)
	r.write("a.cc", "one\ntwo\nthree\n")
	r.write("lost.cc", "it is\nmissing\nsoon\n")
	first := r.commit()
	r.git("mv", "a.cc", "b.cc")
	r.write("b.cc", "one\ntwo\nthree\nfour\n")
	r.commit()
	r.git("mv", "lost.cc", "found.cc")
	r.write("found.cc", "it is\nmissing\nnow\n")
	last := r.commit()
	hash := blobOf("it is\nmissing\nsoon\n").String()
	if err := os.Remove(filepath.Join(r.root, ".git", "objects", hash[:2], hash[2:])); err != nil {
		t.Fatal(err)
	}
	commits, err := source.Commits(t.Context(), r.root, first, last)
	if err != nil || len(commits) != 2 {
		t.Fatalf("%v, %v", commits, err)
	}
	if c := commits[0].Changes; len(c) != 1 || c[0].From != "a.cc" || c[0].To != "b.cc" {
		t.Errorf("the rename became %+v", c)
	}
	if c := commits[1].Changes; len(c) != 2 {
		t.Errorf("the commit without its blob became %+v", c)
	}
	objects := source.Objects{Root: r.root}
	defer objects.Close()
	if text, err := objects.Read(blobOf("it is\nmissing\nsoon\n")); err == nil {
		t.Errorf("what is missing reads %q", text)
	}
	if text, err := objects.Read(blobOf("one\ntwo\nthree\n")); err != nil || string(text) != "one\ntwo\nthree\n" {
		t.Errorf("after that: %q, %v", text, err)
	}
}

func TestBlobs(t *testing.T) {
	r := newRepo(t)
	r.write("src/a.cc", "a\n")
	r.link("a.cc", "src/link.cc")
	commit := r.commit()
	got, err := source.Blobs(t.Context(), r.root, commit)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]indexer.Hash{"src/a.cc": blobOf("a\n")}, got); diff != "" {
		t.Error(diff)
	}
}

func TestResolve(t *testing.T) {
	r := newRepo(t)
	r.write("a.cc", "a\n")
	commit := r.commit()
	for _, name := range []string{"HEAD", commit[:10]} {
		if got, err := source.Resolve(t.Context(), r.root, name); err != nil || got != commit {
			t.Errorf("%s is %s, %v", name, got, err)
		}
	}
	for _, name := range []string{"nowhere", "--help", ""} {
		if got, err := source.Resolve(t.Context(), r.root, name); err == nil || !strings.Contains(err.Error(), "no commit") {
			t.Errorf("%q is %s, %v", name, got, err)
		}
	}
	var none *source.NotCheckoutError
	if _, err := source.Resolve(t.Context(), t.TempDir(), "HEAD"); !errors.As(err, &none) {
		t.Errorf("got %v", err)
	}
}
