package indexer

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha1"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"
)

// MaxFileSize is the size in bytes above which a file is left out.
const MaxFileSize = 8 << 20

// Tree is a source as [Build] reads it. Its methods are safe for concurrent
// use.
type Tree interface {
	// List lists the files of the tree.
	List(ctx context.Context) (*Listing, error)
	// Read returns the bytes of a listed file, which may lie in buf's memory.
	// The error of a file that is gone by now is an [fs.ErrNotExist].
	Read(entry *Entry, buf []byte) ([]byte, error)
}

// Listing is what a tree holds.
type Listing struct {
	Source  Source  // with the files that listing left out counted in Skipped
	Entries []Entry // regular files of at most MaxFileSize bytes, sorted by path
}

// Entry is a file of a tree, before it is read.
type Entry struct {
	Path      string
	Size      int64 // bytes
	Hash      Hash  // zero while only reading the file would tell
	Committed Hash  // of the path in the source's revision, zero when it is not there
	Stamp     Stamp // zero when the tree has none
}

// Stamp is what a file system knows about a file without reading it. A file
// whose stamp has not changed has not changed. The zero Stamp is none.
type Stamp struct {
	Size             int64
	Modified, Change int64 // mtime and ctime, nanoseconds since 1970
	Inode            uint64
}

// Extractor finds facts. It is used by one goroutine at a time.
type Extractor interface {
	// Extract replaces what facts holds by what it finds in text.
	Extract(lang Language, text []byte, facts *Facts)
	Close()
}

// Draft is a snapshot in the making, and what is known from earlier ones.
// Its methods but Publish are safe for concurrent use.
type Draft interface {
	// Stamped returns the hash of the file at root and path, if it was read
	// before and its stamp has not changed since.
	Stamped(root, path string, stamp Stamp) (Hash, bool)
	// Stamp remembers the hash of a file for the next draft.
	Stamp(root, path string, stamp Stamp, hash Hash)
	// Lookup returns what is known of a content that was added or rejected,
	// now or for an earlier snapshot.
	Lookup(hash Hash, lang Language) (Content, bool)
	// Add adds a content. It keeps neither text nor facts.
	Add(hash Hash, lang Language, text []byte, facts *Facts) error
	// Reject remembers that a content is not text.
	Reject(hash Hash)
	// Publish makes the files the current snapshot. Every content must have
	// been added. It reports whether there was anything new to publish.
	Publish(ctx context.Context, sources []Source, files []File) (bool, error)
}

// Content is what a draft knows of the bytes of a file.
type Content struct {
	Binary bool  // not text, or not UTF-8
	Size   int   // bytes
	Errors int32 // Facts.Errors
}

// Options adjust [Build]. The zero Options are fine.
type Options struct {
	Workers  int            // goroutines that read and extract, GOMAXPROCS when 0
	Progress func(Progress) // called after each file, by one goroutine at a time
}

// Progress says how far a build is.
type Progress struct {
	Files, TotalFiles int   // that have to be read
	Bytes, TotalBytes int64 // of those files
}

// Report says what a build did.
type Report struct {
	Sources     []Source
	Files       int   // in the snapshot
	Bytes       int64 // of those files
	Read        int   // files that had to be read
	Parsed      int   // distinct contents that were parsed
	Reused      int   // files whose content was known before
	Skipped     Skips // over all sources
	ParseErrors []ParseError
	Empty       []string // names of the sources that have no file
	Published   bool     // false when nothing had changed

	Listing, Extracting, Publishing time.Duration
}

// ParseError names a file of the snapshot in which the parser met what it
// does not understand.
type ParseError struct {
	Source, Path string
	Errors       int32 // Facts.Errors
}

// Build indexes trees and publishes draft. Files whose stamp or hash the draft
// knows are not read, contents that it knows are not parsed.
func Build(ctx context.Context, draft Draft, trees []Tree, extractor func() Extractor, opt Options) (*Report, error) {
	b := build{draft: draft, trees: trees, extractor: extractor, opt: opt, claimed: make(map[key]bool)}
	start := time.Now()
	if err := b.list(ctx); err != nil {
		return nil, err
	}
	listed := time.Now()
	if err := b.extract(ctx); err != nil {
		return nil, err
	}
	extracted := time.Now()
	report, files := b.finish()
	var err error
	report.Published, err = draft.Publish(ctx, report.Sources, files)
	if err != nil {
		return nil, fmt.Errorf("publishing the snapshot: %w", err)
	}
	report.Listing, report.Extracting = listed.Sub(start), extracted.Sub(listed)
	report.Publishing = time.Since(extracted)
	return report, nil
}

// HashOf returns the hash of text.
func HashOf(text []byte) Hash {
	h := sha1.New()
	h.Write(strconv.AppendInt([]byte("blob "), int64(len(text)), 10))
	h.Write([]byte{0})
	h.Write(text)
	var sum Hash
	h.Sum(sum[:0])
	return sum
}

// key identifies a content: the same bytes have other facts in another
// language.
type key struct {
	hash Hash
	lang Language
}

// build is the state of one Build.
type build struct {
	draft     Draft
	trees     []Tree
	extractor func() Extractor
	opt       Options

	listings []*Listing
	items    []*item
	parsed   atomic.Int64

	mu       sync.Mutex // guards what follows
	claimed  map[key]bool
	progress Progress
}

// item is a file on its way into the snapshot.
type item struct {
	tree  int
	entry *Entry
	lang  Language
	hash  Hash // zero while unknown
	fate  fate
	read  bool
	size  int
}

// cost estimates the work that an item takes, in bytes that are parsed.
func (it *item) cost() int64 {
	if it.lang == Text {
		return it.entry.Size / 16
	}
	return it.entry.Size
}

// fate says what becomes of an item.
type fate uint8

const (
	pending fate = iota
	kept
	binary
	gone
)

// list lists every tree and settles the files that need no reading.
func (b *build) list(ctx context.Context) error {
	b.listings = make([]*Listing, len(b.trees))
	group, ctx := errgroup.WithContext(ctx)
	for i, tree := range b.trees {
		group.Go(func() (err error) {
			b.listings[i], err = tree.List(ctx)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, listing := range b.listings {
		for j := range listing.Entries {
			entry := &listing.Entries[j]
			it := &item{tree: i, entry: entry, lang: LanguageOf(entry.Path), hash: entry.Hash}
			if it.hash == (Hash{}) {
				it.hash, _ = b.draft.Stamped(listing.Source.Root, entry.Path, entry.Stamp)
			}
			if it.hash != (Hash{}) {
				b.settle(it)
			}
			b.items = append(b.items, it)
		}
	}
	return nil
}

// settle decides the fate of an item whose hash is known, if its content is.
func (b *build) settle(it *item) bool {
	content, known := b.draft.Lookup(it.hash, it.lang)
	switch {
	case !known:
		return false
	case content.Binary:
		it.fate = binary
	default:
		it.fate, it.size = kept, content.Size
	}
	return true
}

// extract reads the pending files and adds what is new, with several workers.
// The costliest files go first, so that the workers end together.
func (b *build) extract(ctx context.Context) error {
	var work []*item
	for _, it := range b.items {
		if it.fate == pending {
			work = append(work, it)
			b.progress.TotalFiles++
			b.progress.TotalBytes += it.entry.Size
		}
	}
	slices.SortStableFunc(work, func(x, y *item) int { return cmp.Compare(y.cost(), x.cost()) })
	workers := b.opt.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for range min(workers, len(work)) {
		group.Go(func() error {
			w := worker{build: b, extractor: b.extractor()}
			defer w.extractor.Close()
			for i := next.Add(1) - 1; i < int64(len(work)); i = next.Add(1) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := w.do(work[i]); err != nil {
					return fmt.Errorf("indexing %s in %s: %w", work[i].entry.Path, b.listings[work[i].tree].Source.Name, err)
				}
				b.done(work[i])
			}
			return nil
		})
	}
	return group.Wait()
}

// claim reports whether the caller is the first to meet a content.
func (b *build) claim(k key) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	first := !b.claimed[k]
	b.claimed[k] = true
	return first
}

func (b *build) done(it *item) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.progress.Files++
	b.progress.Bytes += it.entry.Size
	if b.opt.Progress != nil {
		b.opt.Progress(b.progress)
	}
}

// worker is one goroutine's share of a build.
type worker struct {
	*build
	extractor Extractor
	buf       []byte
	facts     Facts
}

// do reads an item and adds its content if it is new.
func (w *worker) do(it *item) error {
	text, err := w.trees[it.tree].Read(it.entry, w.buf[:0])
	if errors.Is(err, fs.ErrNotExist) {
		it.fate = gone
		return nil
	}
	if err != nil {
		return err
	}
	if cap(text) > cap(w.buf) {
		w.buf = text
	}
	it.read, it.size, it.hash = true, len(text), HashOf(text)
	if w.settle(it) {
		return nil
	}
	if !IsText(text) {
		it.fate = binary
		return nil
	}
	it.fate = kept
	if !w.claim(key{it.hash, it.lang}) {
		return nil
	}
	w.facts.Reset()
	if it.lang != Text {
		w.extractor.Extract(it.lang, text, &w.facts)
		w.parsed.Add(1)
	}
	return w.draft.Add(it.hash, it.lang, text, &w.facts)
}

// IsText reports whether text is worth showing: UTF-8 of bearable length
// without a NUL byte.
func IsText(text []byte) bool {
	return len(text) <= MaxFileSize && bytes.IndexByte(text, 0) < 0 && utf8.Valid(text)
}

// finish returns the report and the files of the snapshot, sorted, and leaves
// the stamps of what was seen with the draft.
func (b *build) finish() (*Report, []File) {
	r := &Report{Parsed: int(b.parsed.Load())}
	for _, listing := range b.listings {
		r.Sources = append(r.Sources, listing.Source)
	}
	files := make([]File, 0, len(b.items))
	for _, it := range b.items {
		source := &r.Sources[it.tree]
		if it.read {
			r.Read++
		}
		if it.fate == gone {
			continue
		}
		if it.entry.Stamp != (Stamp{}) {
			b.draft.Stamp(source.Root, it.entry.Path, it.entry.Stamp, it.hash)
		}
		if it.fate == binary {
			b.draft.Reject(it.hash)
			source.Skipped.Binary++
			continue
		}
		if !b.claimed[key{it.hash, it.lang}] {
			r.Reused++
		}
		r.Bytes += int64(it.size)
		files = append(files, File{
			Source: source.Name, Path: it.entry.Path, Language: it.lang,
			Hash: it.hash, Size: it.size, Modified: it.hash != it.entry.Committed,
		})
		if content, _ := b.draft.Lookup(it.hash, it.lang); content.Errors > 0 {
			r.ParseErrors = append(r.ParseErrors, ParseError{source.Name, it.entry.Path, content.Errors})
		}
	}
	for _, source := range r.Sources {
		r.Skipped.Links += source.Skipped.Links
		r.Skipped.Large += source.Skipped.Large
		r.Skipped.Binary += source.Skipped.Binary
		if !slices.ContainsFunc(files, func(f File) bool { return f.Source == source.Name }) {
			r.Empty = append(r.Empty, source.Name)
		}
	}
	slices.SortFunc(r.Sources, func(a, b Source) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(files, func(a, b File) int {
		return cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(a.Path, b.Path))
	})
	r.Files = len(files)
	return r, files
}
