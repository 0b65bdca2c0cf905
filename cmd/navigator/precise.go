package main

import (
	"cmp"
	"crypto/sha1"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"navigator/indexer"
	"navigator/indexer/precise"
	"navigator/indexer/snapshot"
	"navigator/indexer/source"
)

// indexName is the file in a source's root that is its precise index, when the
// workspace names none.
const indexName = "index.scip"

// precisePrefix begins the names of the attachments that hold precise indexes,
// and the source's name ends it.
const precisePrefix = "precise-"

// preciseReport says what became of a source's precise index.
type preciseReport struct {
	Source      string `json:"source"`
	Tool        string `json:"tool,omitempty"` // that made it
	Documents   int    `json:"documents"`      // in the index
	Stale       int    `json:"stale"`          // of those: whose file has other text
	Unknown     int    `json:"unknown"`        // of those: whose file the snapshot lacks
	Occurrences int    `json:"occurrences"`    // in the others
	Used        int    `json:"used"`           // of those: on a name
	Reused      bool   `json:"reused,omitempty"`
	Problem     string `json:"problem,omitempty"` // why nothing of it is used
}

func newPreciseReport(source string, s precise.Stats) *preciseReport {
	return &preciseReport{
		Source: source, Tool: s.Tool, Documents: s.Documents, Stale: s.Stale, Unknown: s.Unknown,
		Occurrences: s.Occurrences, Used: s.Used,
	}
}

func (r *preciseReport) String() string {
	if r.Problem != "" {
		return r.Source + ": not used: " + r.Problem
	}
	return fmt.Sprintf("%s: %s, %d documents (%d stale, %d of unknown files), %d names",
		r.Source, cmp.Or(r.Tool, "unknown tool"), r.Documents, r.Stale, r.Unknown, r.Used)
}

// preciseIndex returns the path of a source's precise index, which need not be
// there.
func (t *tree) preciseIndex() string {
	return cmp.Or(t.Index, filepath.Join(t.Root, indexName))
}

// excluded returns the patterns of what a source leaves out; its precise index
// is no file of it.
func (t *tree) excluded() []string {
	index, err := filepath.Rel(t.Root, t.preciseIndex())
	if err != nil || !filepath.IsLocal(index) {
		return t.Exclude
	}
	return append(slices.Clone(t.Exclude), filepath.ToSlash(index))
}

// attachPrecise has a draft carry what holds of the sources' precise indexes,
// and returns what will say, once the draft is published, what became of them.
func (ws *workspace) attachPrecise(draft *snapshot.Draft) *[]*preciseReport {
	reports := new([]*preciseReport)
	for _, t := range ws.Sources {
		if _, err := os.Stat(t.preciseIndex()); err != nil {
			continue
		}
		draft.Attach(snapshot.Attachment{
			Name: precisePrefix + t.Name,
			Make: func(files []indexer.File, text func(int) []byte, old []byte) ([]byte, error) {
				b, report := t.convert(draft, filesOf{t.Name, files, text}, old)
				*reports = append(*reports, report)
				return b, nil
			},
		})
	}
	return reports
}

// convert returns what holds of a source's precise index: old, when that is it.
// An index that cannot be read is reported, and left out: the rules do without.
func (t *tree) convert(draft *snapshot.Draft, files filesOf, old []byte) ([]byte, *preciseReport) {
	path := t.preciseIndex()
	b, reused, err := convertIndex(draft, path, precise.Tree{Source: t.Name, Root: t.Root, Files: files}, old)
	if err != nil {
		return nil, &preciseReport{Source: t.Name, Problem: fmt.Sprintf("reading the precise index %s: %v; make it again, or remove it", path, err)}
	}
	x, err := precise.Open(b, func(string, string) (int, bool) { return 0, false })
	if err != nil {
		return nil, &preciseReport{Source: t.Name, Problem: fmt.Sprintf("what was made of %s: %v", path, err)}
	}
	report := newPreciseReport(t.Name, x.Stats())
	report.Reused = reused
	return b, report
}

func convertIndex(draft *snapshot.Draft, path string, tree precise.Tree, old []byte) (b []byte, reused bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, false, err
	}
	defer f.Close()
	hash, err := hashOf(draft, f)
	if err != nil {
		return nil, false, err
	}
	if precise.Fresh(old, hash, tree) {
		return old, true, nil
	}
	info, err := f.Stat()
	if err != nil {
		return nil, false, err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(100)) // an index may be large
	b, err = precise.Convert(f, info.Size(), hash, tree)
	return b, false, err
}

// hashOf returns the hash of an open file, which is left at its beginning. It is
// read only when its stamp has changed.
func hashOf(draft *snapshot.Draft, f *os.File) (indexer.Hash, error) {
	dir, name := filepath.Split(f.Name())
	stamp, err := source.Stamp(f.Name())
	if err != nil {
		return indexer.Hash{}, err
	}
	hash, known := draft.Stamped(dir, name, stamp)
	if !known {
		h := sha1.New()
		fmt.Fprintf(h, "blob %d\x00", stamp.Size)
		if _, err := io.Copy(h, f); err != nil {
			return hash, err
		}
		h.Sum(hash[:0])
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return hash, err
		}
	}
	draft.Stamp(dir, name, stamp, hash)
	return hash, nil
}

// filesOf are the files of one source of a snapshot. They are [precise.Files].
type filesOf struct {
	source string
	files  []indexer.File // of all sources, sorted
	text   func(file int) []byte
}

// Text implements [precise.Files].
func (f filesOf) Text(path string) ([]byte, bool) {
	i, ok := slices.BinarySearchFunc(f.files, indexer.File{Source: f.source, Path: path}, func(a, b indexer.File) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Path, b.Path))
	})
	if !ok {
		return nil, false
	}
	return f.text(i), true
}

// Hash implements [precise.Files].
func (f filesOf) Hash() (sum indexer.Hash) {
	h := sha1.New()
	for i := range f.files {
		if file := &f.files[i]; file.Source == f.source {
			fmt.Fprintf(h, "%s\x00%s\n", file.Hash, file.Path)
		}
	}
	h.Sum(sum[:0])
	return sum
}

// preciseIndexes returns the precise indexes that a snapshot carries, which are
// there until it is released. One that cannot be read goes to the log.
func preciseIndexes(snap *snapshot.Snapshot, log *slog.Logger) []*precise.Index {
	var indexes []*precise.Index
	for _, name := range snap.Attachments() {
		if !strings.HasPrefix(name, precisePrefix) {
			continue
		}
		x, err := precise.Open(snap.Attachment(name), snap.FileIndex)
		if err != nil {
			log.Warn("a precise index cannot be used; run navigator reindex", "name", name, "error", err)
			continue
		}
		indexes = append(indexes, x)
	}
	return indexes
}

// preciseStatus says what precise index of a source a view uses, nil for none.
func preciseStatus(v *view, source string) *preciseReport {
	if v == nil {
		return nil
	}
	for _, x := range preciseIndexes(v.Snapshot, slog.New(slog.DiscardHandler)) {
		if x.Source() == source {
			return newPreciseReport(source, x.Stats())
		}
	}
	return nil
}
