package indexer_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"navigator/indexer"
)

// memory is a tree in memory: text by path.
type memory map[string]string

func (m memory) List(context.Context) (*indexer.Listing, error) {
	l := &indexer.Listing{Source: indexer.Source{Name: "up", Root: "/up", Skipped: indexer.Skips{Links: 2, Large: 1}}}
	for _, path := range slices.Sorted(maps.Keys(m)) {
		l.Entries = append(l.Entries, indexer.Entry{Path: path, Size: int64(len(m[path])), Committed: indexer.HashOf([]byte("as committed"))})
	}
	return l, nil
}

func (m memory) Read(e *indexer.Entry, buf []byte) ([]byte, error) {
	if m[e.Path] == "gone" {
		return nil, fs.ErrNotExist
	}
	if m[e.Path] == "unreadable" {
		return nil, fs.ErrPermission
	}
	return append(buf, m[e.Path]...), nil
}

// draft records what a build does with it.
type draft struct {
	mu       sync.Mutex
	known    map[string]indexer.Content // by hash and language
	added    []string                   // text
	rejected int
	files    []indexer.File
}

func (d *draft) Stamped(root, path string, stamp indexer.Stamp) (indexer.Hash, bool) {
	return indexer.Hash{}, false
}
func (d *draft) Stamp(root, path string, stamp indexer.Stamp, hash indexer.Hash) {}
func (d *draft) Reject(indexer.Hash)                                             { d.rejected++ }

func (d *draft) Lookup(hash indexer.Hash, lang indexer.Language) (indexer.Content, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	c, ok := d.known[hash.String()+string(lang)]
	return c, ok
}

func (d *draft) Add(hash indexer.Hash, lang indexer.Language, text []byte, facts *indexer.Facts) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.added = append(d.added, string(text))
	if d.known == nil {
		d.known = make(map[string]indexer.Content)
	}
	d.known[hash.String()+string(lang)] = indexer.Content{Size: len(text), Errors: facts.Errors}
	return nil
}

func (d *draft) Publish(ctx context.Context, sources []indexer.Source, files []indexer.File) (bool, error) {
	d.files = files
	return true, nil
}

// shouts counts the exclamation marks of a text as errors.
type shouts struct{ open *int }

func (s shouts) Extract(lang indexer.Language, text []byte, f *indexer.Facts) {
	f.Reset()
	f.Errors = int32(strings.Count(string(text), "!"))
}
func (s shouts) Close() { *s.open-- }

func TestBuild(t *testing.T) {
	d := new(draft)
	open := 0
	tree := memory{
		"a.cc": "four", "b.rs": "as committed", "long.txt": strings.Repeat("text ", 100), "copy.cc": "as committed",
		"twin.rs": "as committed", "bad.proto": "!!", "gone.cc": "gone", "nul.cc": "a\x00b", "latin1.h": "ma\xf1ana", "empty.h": "",
	}
	var last indexer.Progress
	report, err := indexer.Build(t.Context(), d, []indexer.Tree{tree}, func() indexer.Extractor { open++; return shouts{&open} },
		indexer.Options{Workers: 1, Progress: func(p indexer.Progress) {
			if p.Files != last.Files+1 || p.Bytes < last.Bytes || p.TotalFiles != 10 {
				t.Errorf("progress %+v after %+v", p, last)
			}
			last = p
		}})
	if err != nil {
		t.Fatal(err)
	}
	if last.Bytes != last.TotalBytes || last.Files != last.TotalFiles {
		t.Errorf("last progress %+v", last)
	}
	if open != 0 {
		t.Errorf("%d extractors left open", open)
	}
	wantAdded := []string{tree["long.txt"], "as committed", "as committed", "four", "!!", ""}
	if diff := cmp.Diff(wantAdded, d.added); diff != "" {
		t.Errorf("added, the costliest first (-want +got):\n%s", diff)
	}
	var paths, modified []string
	for _, f := range d.files {
		paths = append(paths, f.Path)
		if f.Modified {
			modified = append(modified, f.Path)
		}
	}
	if diff := cmp.Diff([]string{"a.cc", "b.rs", "bad.proto", "copy.cc", "empty.h", "long.txt", "twin.rs"}, paths); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a.cc", "bad.proto", "empty.h", "long.txt"}, modified); diff != "" {
		t.Errorf("modified (-want +got):\n%s", diff)
	}
	skips := indexer.Skips{Links: 2, Large: 1, Binary: 2}
	want := &indexer.Report{
		Sources: []indexer.Source{{Name: "up", Root: "/up", Skipped: skips}},
		Files:   7, Bytes: 542, Read: 9, Parsed: 5, Skipped: skips, Published: true,
		ParseErrors: []indexer.ParseError{{Source: "up", Path: "bad.proto", Errors: 2}},
	}
	report.Listing, report.Extracting, report.Publishing = 0, 0, 0
	if diff := cmp.Diff(want, report); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if d.rejected != 2 {
		t.Errorf("rejected %d", d.rejected)
	}
}

func TestBuildNamesTheFileItCannotRead(t *testing.T) {
	open := 0
	_, err := indexer.Build(t.Context(), new(draft), []indexer.Tree{memory{"x/y.cc": "unreadable"}},
		func() indexer.Extractor { open++; return shouts{&open} }, indexer.Options{})
	if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), "x/y.cc in up") {
		t.Errorf("got error %v", err)
	}
}

func TestHashOf(t *testing.T) {
	if got := indexer.HashOf([]byte("hello\n")).String(); got != "ce013625030ba8dba906f756967f9e9ca394464a" {
		t.Errorf("got %s", got)
	}
}
