package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"navigator/indexer"
)

// Limits on what a snapshot may drag along before its contents are copied to
// one new pack.
const (
	maxPacks     = 6
	maxDeadRatio = 0.5 // text that no file has any more, against text that one has
)

// Draft is a snapshot in the making, and the only one of its store. It is an
// [indexer.Draft].
type Draft struct {
	store *Store
	lock  *os.File
	begun time.Time
	dir   string // the future snapshot; not there before something is written

	packs       []*pack           // of retained snapshots, the current one's first
	current     []byte            // content of the current manifest, nil when there is none
	carried     map[string][]byte // attachments of the current snapshot, by name
	currentDir  string            // where they are
	attachments []Attachment
	old         stamps

	mu     sync.RWMutex
	known  map[contentKey]location
	next   stamps
	writer *packWriter // nil until something is added
}

type contentKey struct {
	hash indexer.Hash
	lang indexer.Language
}

// location is where a content lies. While it is in the pack being written,
// pack is nil.
type location struct {
	pack   *pack
	blob   int
	size   int
	errors int32
}

// Begin starts a draft, which ends with Close. When another process has one,
// waiting is told of it once and Begin waits for its end or that of ctx;
// without waiting the error is the [*LockedError].
func (s *Store) Begin(ctx context.Context, waiting func(*LockedError)) (*Draft, error) {
	lock, err := s.lock(ctx, waiting)
	if err != nil {
		return nil, err
	}
	d := &Draft{store: s, lock: lock, begun: time.Now(), dir: filepath.Join(s.dir, tmpPrefix+"draft"), next: newStamps()}
	if err := s.collect(); err != nil {
		d.Close()
		return nil, fmt.Errorf("removing what is no longer needed: %w", err)
	}
	d.old = readStamps(s.dir)
	if err := d.openRetained(); err != nil {
		d.Close()
		return nil, err
	}
	d.learn()
	return d, nil
}

// openRetained opens the packs of every retained snapshot that are whole.
// Whatever is damaged, or of another format, is as good as absent.
func (d *Draft) openRetained() error {
	current, err := d.store.current()
	if err != nil && !errors.Is(err, ErrEmpty) && !unusable(err) {
		return err
	}
	ids, err := d.store.ids()
	if err != nil {
		return err
	}
	tried := make(map[string]bool)
	var currentPacks []string
	for _, id := range ids {
		dir := d.store.snapshotDir(id)
		m, err := readManifest(dir)
		if unusable(err) {
			continue
		}
		if err != nil {
			return err
		}
		if err := d.openPacks(dir, m.packs, tried); err != nil {
			return err
		}
		if id == current {
			d.current, currentPacks, d.currentDir = m.content, m.packs, dir
			if err := d.openCarried(m); err != nil {
				return err
			}
		}
	}
	if err := d.dropDamaged(); err != nil {
		return err
	}
	for _, name := range currentPacks {
		if !slices.ContainsFunc(d.packs, func(p *pack) bool { return p.name == name }) {
			d.current = nil // to be published again, even if a pack of the same content takes its place
		}
	}
	return nil
}

// openPacks opens those packs of a snapshot's folder that are whole and were not
// tried before.
func (d *Draft) openPacks(dir string, names []string, tried map[string]bool) error {
	for _, name := range names {
		if tried[name] {
			continue
		}
		tried[name] = true
		p, err := openPack(filepath.Join(dir, name))
		if unusable(err) {
			continue
		}
		if err != nil {
			return err
		}
		d.packs = append(d.packs, p)
	}
	return nil
}

// unusable reports whether err says that something has to be made anew.
func unusable(err error) bool {
	var damage *DamageError
	var format *FormatError
	return errors.As(err, &damage) || errors.As(err, &format)
}

// dropDamaged closes the packs that are not as they were written.
func (d *Draft) dropDamaged() error {
	errs := make([]error, len(d.packs))
	var group errgroup.Group
	for i, p := range d.packs {
		group.Go(func() error {
			errs[i] = p.verify(true)
			return nil
		})
	}
	group.Wait()
	var whole []*pack
	for i, p := range d.packs {
		switch {
		case errs[i] == nil:
			whole = append(whole, p)
		case unusable(errs[i]):
			p.close()
		default:
			return errs[i]
		}
	}
	d.packs = whole
	return nil
}

// learn notes where the contents lie that need no extraction.
func (d *Draft) learn() {
	d.known = make(map[contentKey]location)
	for _, p := range d.packs {
		if p.extractor != indexer.ExtractorVersion {
			continue
		}
		d.learnPack(p, false)
	}
}

func (d *Draft) learnPack(p *pack, replace bool) {
	for i, b := range p.blobs {
		key := contentKey{b.hash, b.lang}
		if _, ok := d.known[key]; !ok || replace {
			d.known[key] = location{p, i, b.text.size, b.errors}
		}
	}
}

// Stamped implements [indexer.Draft].
func (d *Draft) Stamped(root, path string, stamp indexer.Stamp) (indexer.Hash, bool) {
	x, ok := d.old.files[root+"/"+path]
	if !ok || x.stamp != stamp {
		return indexer.Hash{}, false
	}
	return x.hash, true
}

// Stamp implements [indexer.Draft].
func (d *Draft) Stamp(root, path string, stamp indexer.Stamp, hash indexer.Hash) {
	if max(stamp.Modified, stamp.Change) > d.begun.Add(-settled).UnixNano() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.next.files[root+"/"+path] = stamped{stamp, hash}
}

// Lookup implements [indexer.Draft].
func (d *Draft) Lookup(hash indexer.Hash, lang indexer.Language) (indexer.Content, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.old.rejected[hash] || d.next.rejected[hash] {
		return indexer.Content{Binary: true}, true
	}
	at, ok := d.known[contentKey{hash, lang}]
	return indexer.Content{Size: at.size, Errors: at.errors}, ok
}

// Reject implements [indexer.Draft].
func (d *Draft) Reject(hash indexer.Hash) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.next.rejected[hash] = true
}

// Add implements [indexer.Draft].
func (d *Draft) Add(hash indexer.Hash, lang indexer.Language, text []byte, facts *indexer.Facts) error {
	writer, err := d.pack()
	if err != nil {
		return err
	}
	if err := writer.add(hash, lang, text, facts); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known[contentKey{hash, lang}] = location{size: len(text), errors: facts.Errors}
	return nil
}

// pack returns the pack that new contents go to.
func (d *Draft) pack() (*packWriter, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.writer == nil {
		if err := mkdir(d.dir); err != nil {
			return nil, err
		}
		w, err := createPack(filepath.Join(d.dir, "pack"))
		if err != nil {
			return nil, err
		}
		d.writer = w
	}
	return d.writer, nil
}

// Publish implements [indexer.Draft]. It is called once, after all else.
func (d *Draft) Publish(ctx context.Context, sources []indexer.Source, files []indexer.File) (bool, error) {
	if d.writer != nil {
		if err := d.finishPack(); err != nil {
			return false, err
		}
	}
	if err := d.compact(ctx, files); err != nil {
		return false, err
	}
	packs, places, err := d.locate(sources, files)
	if err != nil {
		return false, err
	}
	var names []string
	for _, p := range packs {
		names = append(names, p.name)
	}
	list, contents, err := d.attach(files, packs, places)
	if err != nil {
		return false, err
	}
	m := &manifest{created: time.Now(), content: encodeContent(sources, names, places, list)}
	changed := string(m.content) != string(d.current)
	if changed {
		if err := d.write(m, packs, list, contents); err != nil {
			return false, err
		}
	}
	if !d.next.equal(d.old) {
		if err := replaceFile(filepath.Join(d.store.dir, stampsFile), d.next.encode()); err != nil {
			return false, err
		}
	}
	return changed, nil
}

// finishPack completes the pack that is being written and opens it.
func (d *Draft) finishPack() error {
	name, err := d.writer.finish()
	if err != nil {
		return err
	}
	from, to := d.writer.dir, filepath.Join(d.dir, name)
	d.writer = nil
	if err := rename(from, to); err != nil {
		return err
	}
	p, err := openPack(to)
	if err != nil {
		return err
	}
	d.packs = append(d.packs, p)
	d.learnPack(p, true)
	return nil
}

// compact copies the contents of files to one new pack, when they are in too
// many, or among too much that is no longer in use.
func (d *Draft) compact(ctx context.Context, files []indexer.File) error {
	used := make(map[*pack]bool)
	seen := make(map[location]bool)
	var live []location
	liveSize, size := 0, 0
	for _, f := range files {
		at, ok := d.known[contentKey{f.Hash, f.Language}]
		if seen[at] || !ok {
			continue
		}
		seen[at] = true
		live = append(live, at)
		liveSize += at.size
		if !used[at.pack] {
			used[at.pack] = true
			size += len(at.pack.text) - len(at.pack.blobs)
		}
	}
	if len(used) <= maxPacks && float64(size-liveSize) <= maxDeadRatio*float64(liveSize) {
		return nil
	}
	writer, err := d.pack()
	if err != nil {
		return err
	}
	for _, at := range live {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := writer.copy(at.pack, at.blob); err != nil {
			return fmt.Errorf("copying to a new pack: %w", err)
		}
	}
	return d.finishPack()
}

// copy adds a content of another pack.
func (w *packWriter) copy(p *pack, i int) error {
	facts, err := p.factsOf(i)
	if err != nil {
		return err
	}
	symbols, err := p.decodeSymbols(i)
	if err != nil {
		return err
	}
	return w.append(p.blobs[i], p.textOf(i), facts, symbols)
}

// locate returns the packs that files need, and where in them the files lie.
func (d *Draft) locate(sources []indexer.Source, files []indexer.File) ([]*pack, []place, error) {
	sourceIndex := make(map[string]int)
	for i, s := range sources {
		sourceIndex[s.Name] = i
	}
	var packs []*pack
	packIndex := make(map[*pack]int)
	places := make([]place, len(files))
	for i, f := range files {
		source, ok := sourceIndex[f.Source]
		at, known := d.known[contentKey{f.Hash, f.Language}]
		if !ok || !known {
			return nil, nil, fmt.Errorf("%s in %s was never added", f.Path, f.Source)
		}
		index, ok := packIndex[at.pack]
		if !ok {
			index = len(packs)
			packIndex[at.pack] = index
			packs = append(packs, at.pack)
		}
		places[i] = place{source, f.Path, index, at.blob, f.Modified}
	}
	return packs, places, nil
}

// write completes the snapshot's folder, moves it to its place and makes it
// the current one.
func (d *Draft) write(m *manifest, packs []*pack, list []attached, contents [][]byte) error {
	if err := mkdir(d.dir); err != nil {
		return err
	}
	needed := map[string]bool{}
	for _, p := range packs {
		needed[p.name] = true
		if err := linkPack(p, filepath.Join(d.dir, p.name)); err != nil {
			return fmt.Errorf("linking the pack %s: %w", p.name, err)
		}
	}
	if err := removeOthers(d.dir, needed); err != nil {
		return err
	}
	if err := d.writeAttachments(list, contents); err != nil {
		return err
	}
	ids, err := d.store.ids()
	if err != nil {
		return err
	}
	if len(ids) > 0 {
		m.sequence = sequence(ids[0]) + 1
	}
	if err := writeFile(filepath.Join(d.dir, manifestFile), m.encode()); err != nil {
		return err
	}
	if err := syncDir(d.dir); err != nil {
		return err
	}
	if err := rename(d.dir, d.store.snapshotDir(m.id())); err != nil {
		return err
	}
	if err := syncDir(filepath.Join(d.store.dir, snapshotsDir)); err != nil {
		return err
	}
	if err := replaceFile(filepath.Join(d.store.dir, currentFile), []byte(m.id()+"\n")); err != nil {
		return err
	}
	return d.store.collect()
}

// linkPack makes a pack known in another folder, unless it is there already.
func linkPack(p *pack, to string) error {
	if p.dir == to {
		return nil
	}
	if err := mkdir(to); err != nil {
		return err
	}
	for _, x := range append([]part{{path: blobsFile}}, p.parts...) {
		target := filepath.Join(to, x.path)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := link(filepath.Join(p.dir, x.path), target); err != nil {
			return err
		}
	}
	return syncDir(to)
}

// removeOthers removes what is in dir and not needed: a pack that was written
// and then copied to a larger one.
func removeOthers(dir string, needed map[string]bool) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if !needed[entry.Name()] {
			if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// Close gives up what was not published, and lets the next writer in.
func (d *Draft) Close() error {
	if d.writer != nil {
		d.writer.abort()
	}
	for _, p := range d.packs {
		p.close()
	}
	for _, b := range d.carried {
		unmap(b)
	}
	d.carried = nil
	err := os.RemoveAll(d.dir)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, d.lock.Truncate(0), d.lock.Close())
}
