package snapshot_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"navigator/indexer"
	"navigator/indexer/snapshot"
)

// tree is a source in memory: text by path.
type tree struct {
	name  string
	files map[string]string
	stamp int64 // of every file, 0 for none
	reads *int  // files read, when not nil
}

func (t tree) List(context.Context) (*indexer.Listing, error) {
	l := &indexer.Listing{Source: indexer.Source{Name: t.name, Root: "/" + t.name, URL: "https://example.com/" + t.name, Revision: "r1"}}
	for _, path := range slices.Sorted(maps.Keys(t.files)) {
		e := indexer.Entry{Path: path, Size: int64(len(t.files[path]))}
		if t.stamp != 0 {
			e.Stamp = indexer.Stamp{Size: e.Size, Modified: t.stamp, Change: t.stamp, Inode: 7}
		}
		l.Entries = append(l.Entries, e)
	}
	return l, nil
}

func (t tree) Read(e *indexer.Entry, buf []byte) ([]byte, error) {
	if t.reads != nil {
		*t.reads++
	}
	return append(buf, t.files[e.Path]...), nil
}

// words is an extractor: every word is an occurrence, and one in capitals is
// a symbol. A "?" is an error.
type words struct{}

func (words) Close() {}

func (words) Extract(lang indexer.Language, text []byte, f *indexer.Facts) {
	for i, line := range bytes.Split(text, []byte("\n")) {
		col := 0
		for word := range bytes.FieldsSeq(line) {
			col += bytes.Index(line[col:], word)
			o := indexer.Occurrence{Line: int32(i + 1), Col: int32(col + 1), Len: int32(len(word)), Role: indexer.Call}
			f.Occurrences = append(f.Occurrences, o)
			if word[0] == '?' {
				f.Errors++
			}
			if upper := bytes.ToUpper(word); bytes.Equal(upper, word) {
				start := indexer.Position{Line: o.Line, Col: o.Col}
				end := indexer.Position{Line: o.Line, Col: o.Col + o.Len - 1}
				f.Symbols = append(f.Symbols, indexer.Symbol{
					Name: string(word), Container: "in::" + string(lang), Kind: indexer.KindMacro, Definition: i%2 == 0,
					NameSpan: indexer.Span{Start: start, End: end}, Span: indexer.Span{Start: start, End: end},
					HeadEnd: end, Doc: indexer.Lines{First: i, Last: i}, Parent: int32(len(f.Symbols)) - 1,
				})
			}
			col += len(word)
		}
	}
}

func newWords() indexer.Extractor { return words{} }

// index builds trees into store.
func index(t testing.TB, store *snapshot.Store, trees ...indexer.Tree) *indexer.Report {
	t.Helper()
	report, err := tryIndex(store, trees...)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func tryIndex(store *snapshot.Store, trees ...indexer.Tree) (*indexer.Report, error) {
	draft, err := store.Begin(context.Background(), nil)
	if err != nil {
		return nil, err
	}
	report, err := indexer.Build(context.Background(), draft, trees, newWords, indexer.Options{})
	return report, errors.Join(err, draft.Close())
}

// check compares what a snapshot serves with what was put in.
func check(s *snapshot.Snapshot, trees ...tree) error {
	slices.SortFunc(trees, func(a, b tree) int { return strings.Compare(a.name, b.name) })
	var want, got []string
	for _, tr := range trees {
		for _, path := range slices.Sorted(maps.Keys(tr.files)) {
			want = append(want, tr.name+":"+path)
		}
	}
	named := make(map[string][]indexer.SymbolRef)
	for i, f := range s.Files() {
		got = append(got, f.Source+":"+f.Path)
		k := slices.IndexFunc(trees, func(t tree) bool { return t.name == f.Source })
		if k < 0 {
			return fmt.Errorf("unknown source %q", f.Source)
		}
		text := []byte(trees[k].files[f.Path])
		if !bytes.Equal(text, s.Text(i)) {
			return fmt.Errorf("%s: text %q, want %q", f.Path, s.Text(i), text)
		}
		if f.Hash != indexer.HashOf(text) || f.Size != len(text) || f.Language != indexer.LanguageOf(f.Path) {
			return fmt.Errorf("%s: wrong file %+v", f.Path, f)
		}
		var facts, wantFacts indexer.Facts
		if err := s.Facts(i, &facts); err != nil {
			return err
		}
		if f.Language != indexer.Text {
			words{}.Extract(f.Language, text, &wantFacts)
		}
		if diff := cmp.Diff(wantFacts, facts, cmpopts.EquateEmpty()); diff != "" {
			return fmt.Errorf("%s: facts (-want +got):\n%s", f.Path, diff)
		}
		if diff := cmp.Diff(wantFacts.Symbols, s.Symbols(i), cmpopts.EquateEmpty()); diff != "" {
			return fmt.Errorf("%s: symbols (-want +got):\n%s", f.Path, diff)
		}
		for j, sym := range facts.Symbols {
			named[sym.Name] = append(named[sym.Name], indexer.SymbolRef{File: int32(i), Symbol: int32(j)})
		}
		if j, ok := s.FileIndex(f.Source, f.Path); !ok || j != i {
			return fmt.Errorf("%s: FileIndex %d, %v", f.Path, j, ok)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		return fmt.Errorf("files (-want +got):\n%s", diff)
	}
	for name, refs := range named {
		if diff := cmp.Diff(refs, s.SymbolsNamed(name)); diff != "" {
			return fmt.Errorf("SymbolsNamed(%q) (-want +got):\n%s", name, diff)
		}
	}
	for _, name := range []string{"", "NONE", "\xff"} {
		if refs := s.SymbolsNamed(name); refs != nil {
			return fmt.Errorf("SymbolsNamed(%q) = %v", name, refs)
		}
	}
	return nil
}

// serves fails unless the store's current snapshot holds exactly trees.
func serves(t testing.TB, store *snapshot.Store, trees ...tree) {
	t.Helper()
	s, err := store.Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	if err := check(s, trees...); err != nil {
		t.Fatal(err)
	}
	for _, dir := range s.NameIndexes() {
		if _, err := os.Stat(dir); err != nil {
			t.Fatal(err)
		}
	}
}

func newStore(t testing.TB) (*snapshot.Store, string) {
	dir := filepath.Join(t.TempDir(), "store")
	s := snapshot.NewStore(dir)
	t.Cleanup(s.Close)
	return s, dir
}

// copyOf copies a folder.
func copyOf(t *testing.T, dir string) string {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(copied, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return copied
}

// sample is two trees with what is special in them.
func sample() (tree, tree) {
	one := tree{name: "one", files: map[string]string{
		"a.cc": "class FOO bar\nfoo FOO\nBAR", "b/c.h": "FOO baz ?", "b/empty.cc": "", "b/same.h": "FOO baz ?",
		"notes.md": "FOO is text", "c.rs": "FOO baz ?", "ñ/long.cc": strings.Repeat("word ", 50) + strings.Repeat("X", 5000),
	}}
	two := tree{name: "two", files: map[string]string{"a.proto": "BAR message\n\n\nFOO", "x.txt": "más texto\n", "a.cc": "class FOO bar\nfoo FOO\nBAR"}}
	return one, two
}

func TestRoundTrip(t *testing.T) {
	store, _ := newStore(t)
	one, two := sample()
	report := index(t, store, two, one)
	if !report.Published || report.Files != 10 || report.Parsed != 6 || report.Read != 10 || report.Reused != 0 {
		t.Errorf("report %+v", report)
	}
	wantErrors := []indexer.ParseError{
		{Source: "one", Path: "b/c.h", Errors: 1}, {Source: "one", Path: "b/same.h", Errors: 1}, {Source: "one", Path: "c.rs", Errors: 1},
	}
	if diff := cmp.Diff(wantErrors, report.ParseErrors); diff != "" {
		t.Errorf("parse errors (-want +got):\n%s", diff)
	}
	serves(t, store, one, two)

	s, err := store.Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	wantSources := []indexer.Source{
		{Name: "one", Root: "/one", URL: "https://example.com/one", Revision: "r1"},
		{Name: "two", Root: "/two", URL: "https://example.com/two", Revision: "r1"},
	}
	if diff := cmp.Diff(wantSources, s.Sources()); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	if time.Since(s.Created()) > time.Minute {
		t.Errorf("created %v", s.Created())
	}
	if _, ok := s.FileIndex("one", "none"); ok {
		t.Error("found a file that is not there")
	}
}

func TestEmptyStore(t *testing.T) {
	store, _ := newStore(t)
	if _, err := store.Acquire(); !errors.Is(err, snapshot.ErrEmpty) {
		t.Errorf("got error %v", err)
	}
	index(t, store)
	serves(t, store)
}

func TestNothingChanged(t *testing.T) {
	store, _ := newStore(t)
	one, two := sample()
	one.stamp, two.stamp = 1, 1
	one.files["picture.png"] = "\x89PNG\x00"
	reads := 0
	one.reads, two.reads = &reads, &reads
	draft, err := store.Begin(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := indexer.Build(t.Context(), draft, []indexer.Tree{one, two}, newWords, indexer.Options{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	draft.Close()
	s, err := store.Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()

	reads = 0
	report := index(t, store, one, two)
	if reads != 0 || report.Read != 0 || report.Parsed != 0 || report.Published || report.Reused != 10 || report.Skipped.Binary != 1 {
		t.Errorf("%d reads, report %+v", reads, report)
	}
	again, err := store.Acquire()
	if err != nil {
		t.Fatal(err)
	}
	defer again.Release()
	if again != s {
		t.Error("an unchanged reindex made another snapshot")
	}
}

// A file whose stamp is younger than the clock can tell apart is read again.
func TestFreshStampIsNotTrusted(t *testing.T) {
	store, _ := newStore(t)
	one := tree{name: "one", files: map[string]string{"a.cc": "FOO"}, stamp: time.Now().UnixNano()}
	index(t, store, one)
	one.files["a.cc"] = "BAR" // same size, same stamp
	index(t, store, one)
	serves(t, store, one)
}

func TestBumpReusesAndSwitchingBackIsFree(t *testing.T) {
	store, _ := newStore(t)
	before, two := sample()
	index(t, store, before, two)
	after := tree{name: "one", files: maps.Clone(before.files)}
	after.files["a.cc"] = "class FOO changed"
	after.files["moved.h"] = after.files["b/c.h"]
	delete(after.files, "b/c.h")

	if r := index(t, store, after, two); r.Parsed != 1 || r.Reused != 9 || !r.Published {
		t.Errorf("bump: %+v", r)
	}
	serves(t, store, after, two)
	if r := index(t, store, before, two); r.Parsed != 0 || r.Reused != 10 || !r.Published {
		t.Errorf("switching back: %+v", r)
	}
	serves(t, store, before, two)
	if r := index(t, store, after, two); r.Parsed != 0 || !r.Published {
		t.Errorf("and forth: %+v", r)
	}
	serves(t, store, after, two)
}

func TestOnlyTheLastTwoAreKept(t *testing.T) {
	store, dir := newStore(t)
	for i := range 5 {
		one := tree{name: "one", files: map[string]string{"a.cc": fmt.Sprint("FOO ", i), "b.cc": "SAME"}}
		os.MkdirAll(filepath.Join(dir, snapshot.TmpPrefix+"draft", "x"), 0o755) // of a writer that was killed
		index(t, store, one)
		serves(t, store, one)
		entries, err := os.ReadDir(filepath.Join(dir, snapshot.SnapshotsDir))
		if err != nil {
			t.Fatal(err)
		}
		if len(entries) != min(i+1, 2) {
			t.Errorf("after %d runs: %d snapshots", i+1, len(entries))
		}
	}
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), snapshot.TmpPrefix) {
			t.Errorf("%s is left", e.Name())
		}
	}
}

// Many small changes must not make for ever more packs, nor for much text that
// is dead; what is copied is not parsed.
func TestCompaction(t *testing.T) {
	packs := func(store *snapshot.Store) int {
		s, err := store.Acquire()
		if err != nil {
			t.Fatal(err)
		}
		defer s.Release()
		return len(s.NameIndexes())
	}
	t.Run("many packs", func(t *testing.T) {
		store, _ := newStore(t)
		one, two := sample()
		for i := range 2*snapshot.MaxPacks + 1 {
			one.files[fmt.Sprint(i, ".cc")] = fmt.Sprint("NEW", i, " word ?")
			if r := index(t, store, one, two); i > 0 && r.Parsed != 1 {
				t.Errorf("run %d parsed %d", i, r.Parsed)
			}
			serves(t, store, one, two)
			if n := packs(store); n > snapshot.MaxPacks {
				t.Errorf("run %d: %d packs", i, n)
			}
		}
	})
	t.Run("dead text", func(t *testing.T) {
		store, dir := newStore(t)
		one := tree{name: "one", files: map[string]string{"a.cc": "KEPT", "b.cc": strings.Repeat("DEAD ", 1000)}}
		index(t, store, one)
		delete(one.files, "b.cc")
		if r := index(t, store, one); r.Parsed != 0 {
			t.Errorf("parsed %d", r.Parsed)
		}
		serves(t, store, one)
		texts, _ := filepath.Glob(filepath.Join(dir, snapshot.SnapshotsDir, "1-*", "*", "text"))
		if len(texts) != 1 {
			t.Fatalf("texts %v", texts)
		}
		if info, _ := os.Stat(texts[0]); info.Size() != int64(len("KEPT\x00")) {
			t.Errorf("text has %d bytes", info.Size())
		}
	})
}

func TestACopyServesElsewhere(t *testing.T) {
	store, dir := newStore(t)
	one, two := sample()
	index(t, store, one)
	index(t, store, one, two) // two packs
	found, _ := filepath.Glob(filepath.Join(dir, snapshot.SnapshotsDir, "1-*"))
	if len(found) != 1 {
		t.Fatalf("snapshots %v", found)
	}
	copied := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.CopyFS(copied, os.DirFS(found[0])); err != nil {
		t.Fatal(err)
	}
	store.Close()
	os.RemoveAll(dir)
	s, err := snapshot.Open(copied)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Release()
	if s.ID() != filepath.Base(found[0]) {
		t.Errorf("id %s", s.ID())
	}
	if err := check(s, one, two); err != nil {
		t.Error(err)
	}
}

// A reader keeps what it acquired, whatever is published meanwhile, and a
// store in another process sees what is new.
func TestReadersDuringPublication(t *testing.T) {
	writer, dir := newStore(t)
	at := func(i int) tree {
		return tree{name: "one", files: map[string]string{"a.cc": fmt.Sprint("FOO ", i), "b.cc": "SAME"}}
	}
	index(t, writer, at(0))
	reader := snapshot.NewStore(dir)
	defer reader.Close()
	closed := 0
	held, err := reader.Acquire()
	if err != nil {
		t.Fatal(err)
	}
	held.OnClose(func() { closed++ })

	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				s, err := reader.Acquire()
				if err != nil {
					t.Error(err)
					return
				}
				i, _ := s.FileIndex("one", "b.cc")
				if string(s.Text(i)) != "SAME" || len(s.Symbols(i)) != 1 {
					t.Error("wrong answer")
				}
				s.Release()
			}
		})
	}
	for i := range 8 {
		index(t, writer, at(i+1))
		serves(t, reader, at(i+1))
	}
	close(stop)
	wg.Wait()
	if err := check(held, at(0)); err != nil {
		t.Error(err)
	}
	if closed != 0 {
		t.Error("closed while in use")
	}
	symbols := held.Symbols(0)
	held.Release()
	if closed != 1 {
		t.Errorf("closed %d times", closed)
	}
	if symbols[0].Name != "FOO" {
		t.Error("symbols are gone with the snapshot")
	}
}

func TestTwoWriters(t *testing.T) {
	store, dir := newStore(t)
	first, err := store.Begin(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	other := snapshot.NewStore(dir)
	_, err = other.Begin(t.Context(), nil)
	var locked *snapshot.LockedError
	if !errors.As(err, &locked) || locked.PID != os.Getpid() || time.Since(locked.Since) > time.Minute {
		t.Errorf("got error %v", err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	told := 0
	_, err = other.Begin(ctx, func(l *snapshot.LockedError) { told++; cancel() })
	if !errors.Is(err, context.Canceled) || told != 1 {
		t.Errorf("got error %v, told %d times", err, told)
	}

	second, err := other.Begin(t.Context(), func(*snapshot.LockedError) { first.Close() })
	if err != nil {
		t.Fatal(err)
	}
	second.Close()
	os.WriteFile(filepath.Join(dir, snapshot.LockFile), []byte("nonsense"), 0o644)
	third, err := store.Begin(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	third.Close()
}

// An error at any step leaves the previous snapshot served, and the next run
// mends everything.
func TestFailureAtEveryStep(t *testing.T) {
	defer snapshot.SetCheckpoint(func(string) error { return nil })
	before, after := killTrees()
	pristine, dir := newStore(t)
	for _, tr := range before {
		index(t, pristine, tr)
	}
	last := before[len(before)-1]
	errFull := errors.New("no space left on device")
	for fail := 0; ; fail++ {
		store := snapshot.NewStore(copyOf(t, dir))
		defer store.Close()
		var mu sync.Mutex
		n, failed := 0, ""
		snapshot.SetCheckpoint(func(step string) error {
			mu.Lock()
			defer mu.Unlock()
			if n++; n == fail+1 {
				failed = step
				return errFull
			}
			return nil
		})
		_, err := tryIndex(store, after)
		if failed == "" {
			if err != nil {
				t.Fatal(err)
			}
			if fail < 20 {
				t.Errorf("only %d steps", fail)
			}
			return
		}
		if !errors.Is(err, errFull) {
			t.Errorf("failing at %q: got error %v", failed, err)
		}
		snapshot.SetCheckpoint(func(string) error { return nil })
		servesEither(t, failed, store, last, after)
		index(t, store, after)
		serves(t, store, after)
	}
}

func servesEither(t *testing.T, step string, store *snapshot.Store, before, after tree) {
	t.Helper()
	s, err := store.Acquire()
	if err != nil {
		t.Fatalf("after %q: %v", step, err)
	}
	defer s.Release()
	if check(s, before) != nil && check(s, after) != nil {
		t.Errorf("after %q: neither the old snapshot nor the new one is whole: %v", step, check(s, before))
	}
	if store.Err() != nil {
		t.Errorf("after %q: %v", step, store.Err())
	}
}

// killTrees returns what is indexed before a kill, and the tree during whose
// indexing it comes, which takes every kind of step: a new pack, compaction,
// links, garbage collection.
func killTrees() (before []tree, after tree) {
	files := map[string]string{"a.cc": "FOO bar"}
	for i := range snapshot.MaxPacks {
		files = maps.Clone(files)
		files[fmt.Sprint(i, ".cc")] = fmt.Sprint("NEW", i)
		before = append(before, tree{name: "one", files: files, stamp: 1})
	}
	files = maps.Clone(files)
	files["last.cc"] = "LAST"
	return before, tree{name: "one", files: files, stamp: 1}
}

const killEnv = "NAVIGATOR_TEST_KILL"

// TestKillAtEveryStep has another process killed at each step.
func TestKillAtEveryStep(t *testing.T) {
	before, after := killTrees()
	if dir := os.Getenv(killEnv); dir != "" {
		killedProcess(dir, after)
	}
	pristine, dir := newStore(t)
	for _, tr := range before {
		index(t, pristine, tr)
	}
	last := before[len(before)-1]
	for kill := 0; ; kill++ {
		copied := copyOf(t, dir)
		cmd := exec.Command(os.Args[0], "-test.run=^TestKillAtEveryStep$")
		cmd.Env = append(os.Environ(), killEnv+"="+copied, fmt.Sprint(killEnv, "_STEP=", kill))
		out, err := cmd.CombinedOutput()
		if err == nil {
			if kill < 20 {
				t.Errorf("only %d steps", kill)
			}
			return
		}
		if cmd.ProcessState.ExitCode() != -1 {
			t.Fatalf("step %d: %v\n%s", kill, err, out)
		}
		store := snapshot.NewStore(copied)
		servesEither(t, strings.TrimSpace(string(out)), store, last, after)
		index(t, store, after)
		serves(t, store, after)
		store.Close()
	}
}

// killedProcess indexes and is killed at a step, or ends well when there are
// fewer.
func killedProcess(dir string, after tree) {
	var step, n int
	fmt.Sscan(os.Getenv(killEnv+"_STEP"), &step)
	var mu sync.Mutex
	snapshot.SetCheckpoint(func(name string) error {
		mu.Lock()
		if n == step {
			fmt.Println(name)
			self, _ := os.FindProcess(os.Getpid())
			self.Kill()
			select {}
		}
		n++
		mu.Unlock()
		return nil
	})
	if _, err := tryIndex(snapshot.NewStore(dir), after); err != nil {
		fmt.Println(err)
		os.Exit(3)
	}
	os.Exit(0)
}

func TestCancelledBuildPublishesNothing(t *testing.T) {
	store, dir := newStore(t)
	one, two := sample()
	index(t, store, one)
	draft, err := store.Begin(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = indexer.Build(ctx, draft, []indexer.Tree{one, two}, newWords, indexer.Options{
		Workers: 1, Progress: func(indexer.Progress) { cancel() },
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
	draft.Close()
	serves(t, store, one)
	if found, _ := filepath.Glob(filepath.Join(dir, snapshot.TmpPrefix+"*")); len(found) > 0 {
		t.Errorf("left %v", found)
	}
}

func TestAnotherFormatAsksForReindex(t *testing.T) {
	for _, file := range []string{"manifest", "*/blobs"} {
		store, dir := newStore(t)
		one, _ := sample()
		index(t, store, one)
		store.Close()
		found, _ := filepath.Glob(filepath.Join(dir, snapshot.SnapshotsDir, "0-*", file))
		if len(found) != 1 {
			t.Fatalf("found %v", found)
		}
		b, _ := os.ReadFile(found[0])
		b[8]++
		os.WriteFile(found[0], b, 0o644)

		_, err := store.Acquire()
		var format *snapshot.FormatError
		if !errors.As(err, &format) || format.Got != format.Want+1 || !strings.Contains(err.Error(), "index again") {
			t.Errorf("%s: got error %v", file, err)
		}
		if r := index(t, store, one); !r.Published {
			t.Errorf("%s: reindex published nothing", file)
		}
		serves(t, store, one)
	}
}

// Facts of another extractor are served, but not used again.
func TestAnotherExtractorParsesAgain(t *testing.T) {
	store, dir := newStore(t)
	one, _ := sample()
	one.stamp = 1
	parsed := index(t, store, one).Parsed
	store.Close()
	found, _ := filepath.Glob(filepath.Join(dir, snapshot.SnapshotsDir, "0-*"))
	packs, _ := filepath.Glob(filepath.Join(found[0], "*", "blobs"))
	if len(packs) != 1 {
		t.Fatalf("packs %v", packs)
	}
	reseal := func(path string, change func(b []byte) []byte) []byte {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		b = snapshot.Seal(change(b[:len(b)-4]))
		if err := os.WriteFile(path, b, 0o644); err != nil {
			t.Fatal(err)
		}
		return b
	}
	blobs := reseal(packs[0], func(b []byte) []byte { b[12] = indexer.ExtractorVersion + 1; return b })
	was, is := filepath.Base(filepath.Dir(packs[0])), snapshot.PackName(blobs)
	reseal(filepath.Join(found[0], "manifest"), func(b []byte) []byte { return bytes.Replace(b, []byte(was), []byte(is), 1) })
	if err := os.Rename(filepath.Join(found[0], was), filepath.Join(found[0], is)); err != nil {
		t.Fatal(err)
	}

	serves(t, store, one)
	if r := index(t, store, one); r.Parsed != parsed || r.Reused != 0 || !r.Published {
		t.Errorf("report %+v", r)
	}
	serves(t, store, one)
}

// A server that cannot read what was published goes on with what it has.
func TestServedSnapshotOutlivesAnUnreadableOne(t *testing.T) {
	store, dir := newStore(t)
	one, two := sample()
	index(t, store, one)
	serves(t, store, one)
	index(t, snapshot.NewStore(dir), one, two)
	found, _ := filepath.Glob(filepath.Join(dir, snapshot.SnapshotsDir, "1-*", "manifest"))
	os.Truncate(found[0], 100)
	serves(t, store, one)
	var damage *snapshot.DamageError
	if !errors.As(store.Err(), &damage) {
		t.Errorf("Err is %v", store.Err())
	}
	index(t, store, one, two)
	serves(t, store, one, two)
	if store.Err() != nil {
		t.Errorf("Err is %v", store.Err())
	}
}

// damage changes each file of a snapshot in turn, in every way; the reader
// must say so, or else give the right answer, and a reindex must mend it.
func TestDamage(t *testing.T) {
	store, dir := newStore(t)
	one, two := sample()
	index(t, store, one, two)
	store.Close()
	found, _ := filepath.Glob(filepath.Join(dir, snapshot.SnapshotsDir, "0-*"))
	if len(found) != 1 {
		t.Fatalf("snapshots %v", found)
	}
	var files []string
	filepath.WalkDir(found[0], func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if len(files) < 7 {
		t.Fatalf("files %v", files)
	}
	for _, path := range files {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		try := func(what string, damaged []byte) {
			t.Helper()
			os.WriteFile(path, damaged, 0o644)
			s, err := snapshot.Open(found[0])
			if err == nil {
				err = check(s, one, two)
				s.Release()
			}
			var damage *snapshot.DamageError
			var format *snapshot.FormatError
			if !errors.As(err, &damage) && !errors.As(err, &format) {
				t.Errorf("%s %s: got error %v", filepath.Base(path), what, err)
			}
		}
		step := max(1, len(whole)/80)
		for i := 0; i < len(whole); i += step {
			flipped := bytes.Clone(whole)
			flipped[i] ^= 1 << (i % 8)
			try(fmt.Sprint("flipped at ", i), flipped)
			try(fmt.Sprint("cut at ", i), whole[:i])
		}
		try("with a byte too many", append(bytes.Clone(whole), 0))
		os.Remove(path)
		if _, err := snapshot.Open(found[0]); !isDamage(err) {
			t.Errorf("%s removed: got error %v", filepath.Base(path), err)
		}
		os.WriteFile(path, whole, 0o644)
	}
	if s, err := snapshot.Open(found[0]); err != nil {
		t.Fatal(err)
	} else if err := check(s, one, two); err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		t.Run("mend "+filepath.Base(path), func(t *testing.T) {
			copied := copyOf(t, dir)
			rel, _ := filepath.Rel(dir, path)
			b, _ := os.ReadFile(path)
			b[len(b)/2] ^= 4
			os.WriteFile(filepath.Join(copied, rel), b, 0o644)
			store := snapshot.NewStore(copied)
			defer store.Close()
			if r := index(t, store, one, two); !r.Published {
				t.Error("reindex published nothing")
			}
			serves(t, store, one, two)
		})
	}
}

func isDamage(err error) bool {
	var damage *snapshot.DamageError
	return errors.As(err, &damage)
}

// The stamps are a cache: damage to them costs time alone.
func TestDamagedStamps(t *testing.T) {
	store, dir := newStore(t)
	one, _ := sample()
	one.stamp = 1
	index(t, store, one)
	path := filepath.Join(dir, snapshot.StampsFile)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range b {
		flipped := bytes.Clone(b)
		flipped[i] ^= 1 << (i % 8)
		os.WriteFile(path, flipped, 0o644)
		if r := index(t, store, one); r.Read != len(one.files) || r.Published {
			t.Fatalf("flipped at %d: %+v", i, r)
		}
	}
	if r := index(t, store, one); r.Read != 0 {
		t.Errorf("the cache was not mended: %+v", r)
	}
}

func TestDamagedPointer(t *testing.T) {
	for _, text := range []string{"", "../../etc", "0-zzzzzzzz", "9-00000000\n"} {
		store, dir := newStore(t)
		one, _ := sample()
		index(t, store, one)
		store.Close()
		if err := os.WriteFile(filepath.Join(dir, snapshot.CurrentFile), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Acquire(); !isDamage(err) {
			t.Errorf("%q: got error %v", text, err)
		}
		index(t, store, one)
		serves(t, store, one)
	}
}
