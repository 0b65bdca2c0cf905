package snapshot

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"navigator/indexer"
)

const (
	blobsFile = "blobs"
	namesDir  = "names"
)

// pack is a pack that is open for reading.
type pack struct {
	name      string // of its folder
	dir       string // where it was opened first; other snapshots may link to the same files
	extractor uint64 // version
	parts     []part
	blobs     []blob
	text      []byte // mapped
	facts     []byte // mapped
	symbols   []byte // mapped
	strings   stringTable

	file    os.FileInfo // of its directory; guarded, as users, by packs.mu
	users   int
	decoded decodedSymbols
	texts   func() string // the strings of the table, on the heap
}

// openPack opens the pack in dir. It checks its directory, and the size of all
// else.
func openPack(dir string) (*pack, error) {
	p := &pack{name: filepath.Base(dir), dir: dir}
	if err := p.open(); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *pack) open() error {
	path := filepath.Join(p.dir, blobsFile)
	directory, err := readWhole(path)
	if err != nil {
		return err
	}
	if err := checkVersion(path, directory, blobsMagic); err != nil {
		return err
	}
	if err := p.decodeBlobs(directory); err != nil {
		return &DamageError{path, err}
	}
	if packName(directory) != p.name {
		return &DamageError{path, errors.New("it is of another pack")}
	}
	var stringsBytes []byte
	for name, bytes := range map[string]*[]byte{"text": &p.text, "facts": &p.facts, "symbols": &p.symbols, "strings": &stringsBytes} {
		if *bytes, err = p.mapPart(name); err != nil {
			return err
		}
	}
	p.strings.all = stringsBytes
	if err := p.strings.open(); err != nil {
		return &DamageError{filepath.Join(p.dir, "strings"), err}
	}
	last := blob{}
	if len(p.blobs) > 0 {
		last = p.blobs[len(p.blobs)-1]
	}
	if len(p.blobs) > 0 && last.text.offset+last.text.size+1 != len(p.text) ||
		last.facts.offset+last.facts.size != len(p.facts) ||
		last.symbols.offset+last.symbols.size != len(p.symbols) {
		return &DamageError{path, errMalformed}
	}
	p.decoded.lists = make([]atomic.Pointer[symbolList], len(p.blobs))
	p.texts = sync.OnceValue(func() string { return string(p.strings.text) })
	return nil
}

// readWhole reads a file that every snapshot or pack must have.
func readWhole(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &DamageError{path, err}
	}
	return b, err
}

// checkVersion looks at the magic and the version that a file begins with.
func checkVersion(path string, b []byte, magic string) error {
	if len(b) < len(magic)+4 {
		return &DamageError{path, errTruncated}
	}
	if string(b[:len(magic)]) != magic {
		return &DamageError{path, errors.New("it does not begin as it should")}
	}
	if v := binary.LittleEndian.Uint32(b[len(magic):]); v != formatVersion {
		return &FormatError{path, v, formatVersion}
	}
	return nil
}

// decodeBlobs reads the blobs file. Lengths that do not fit the other files
// are left to be found by the caller.
func (p *pack) decodeBlobs(file []byte) error {
	body, err := unseal(file)
	if err != nil {
		return err
	}
	d := decoder{b: body[len(blobsMagic)+4:]}
	p.extractor = d.uint()
	for range d.length() {
		x := part{path: d.string(), size: d.count(1 << 40), crc: uint32(d.count(1<<32 - 1))}
		if !filepath.IsLocal(x.path) {
			d.fail()
		}
		p.parts = append(p.parts, x)
	}
	var langs []indexer.Language
	for range d.length() {
		langs = append(langs, indexer.Language(d.string()))
	}
	n := d.length()
	p.blobs = make([]blob, 0, n)
	var text, facts, symbols int
	for range n {
		var b blob
		copy(b.hash[:], d.bytes(len(b.hash)))
		if lang := d.count(len(langs) - 1); d.err == nil {
			b.lang = langs[lang]
		}
		b.errors = int32(d.count(1<<31 - 1))
		b.text = extent{text, d.count(1 << 31)}
		b.facts = extent{facts, d.count(1 << 31)}
		b.occurrenceCount = d.count(b.facts.size)
		b.factsCRC = uint32(d.count(1<<32 - 1))
		b.symbols = extent{symbols, d.count(1 << 31)}
		b.symbolCount = d.count(b.symbols.size)
		text += b.text.size + 1
		facts += b.facts.size
		symbols += b.symbols.size
		p.blobs = append(p.blobs, b)
		if d.err != nil {
			break
		}
	}
	return d.end()
}

// mapPart maps a file of the pack, if it has the size that it should.
func (p *pack) mapPart(name string) ([]byte, error) {
	path := filepath.Join(p.dir, name)
	i := slices.IndexFunc(p.parts, func(x part) bool { return x.path == name })
	if i < 0 {
		return nil, &DamageError{path, errors.New("the pack's directory lacks it")}
	}
	b, err := mapFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &DamageError{path, err}
	}
	if err != nil {
		return nil, err
	}
	if len(b) != p.parts[i].size {
		unmap(b)
		return nil, &DamageError{path, fmt.Errorf("it has %d bytes instead of %d", len(b), p.parts[i].size)}
	}
	return b, nil
}

// verify checks the bytes of the pack, those of facts only on demand.
func (p *pack) verify(facts bool) error {
	mapped := map[string][]byte{"text": p.text, "symbols": p.symbols, "strings": p.strings.all, "facts": p.facts}
	var group errgroup.Group
	for _, x := range p.parts {
		if x.path == "facts" && !facts {
			continue
		}
		group.Go(func() error {
			path := filepath.Join(p.dir, x.path)
			b, ok := mapped[x.path]
			if !ok {
				var err error
				if b, err = readWhole(path); err != nil {
					return err
				}
			}
			if len(b) != x.size {
				return &DamageError{path, fmt.Errorf("it has %d bytes instead of %d", len(b), x.size)}
			}
			if checksum(b) != x.crc {
				return &DamageError{path, errChecksum}
			}
			return nil
		})
	}
	return group.Wait()
}

func (p *pack) close() {
	for _, b := range [][]byte{p.text, p.facts, p.symbols, p.strings.all} {
		unmap(b)
	}
}

// textOf returns the bytes of a content.
func (p *pack) textOf(i int) []byte {
	b := p.blobs[i].text.of(p.text)
	return b[:len(b):len(b)]
}

// factsOf returns the encoded occurrences of a content.
func (p *pack) factsOf(i int) ([]byte, error) {
	b := p.blobs[i].facts.of(p.facts)
	if checksum(b) != p.blobs[i].factsCRC {
		return nil, &DamageError{filepath.Join(p.dir, "facts"), errChecksum}
	}
	return b, nil
}

// occurrencesOf appends the occurrences of a content to list.
func (p *pack) occurrencesOf(i int, list []indexer.Occurrence) ([]indexer.Occurrence, error) {
	b, err := p.factsOf(i)
	if err != nil {
		return list, err
	}
	d := decoder{b: b}
	list = d.occurrences(p.blobs[i].occurrenceCount, slices.Grow(list, p.blobs[i].occurrenceCount))
	if err := d.end(); err != nil {
		return list, &DamageError{filepath.Join(p.dir, "facts"), err}
	}
	return list, nil
}

// symbolsOf returns the symbols of a content. Their strings lie on the heap, so
// they outlive the pack.
func (p *pack) symbolsOf(i int) []indexer.Symbol {
	if list, ok := p.decoded.get(i); ok {
		return list
	}
	list, err := p.decodeSymbols(i)
	if err != nil {
		list = nil // cannot be, after verify
	}
	p.decoded.keep(i, list)
	return list
}

func (p *pack) decodeSymbols(i int) ([]indexer.Symbol, error) {
	b := p.blobs[i]
	d := decoder{b: b.symbols.of(p.symbols)}
	list := make([]indexer.Symbol, b.symbolCount)
	text := p.texts()
	str := func(number uint64) string {
		if number >= uint64(p.strings.count) {
			d.fail()
			return ""
		}
		x := p.strings.extent(int(number))
		return text[x.offset : x.offset+x.size]
	}
	var prev indexer.Symbol
	for j := range list {
		d.symbol(j, &list[j], &prev, str)
		if d.err != nil {
			break
		}
		prev = list[j]
	}
	if err := d.end(); err != nil {
		return nil, &DamageError{filepath.Join(p.dir, "symbols"), err}
	}
	return list, nil
}

// stringTable reads a strings file.
type stringTable struct {
	all      []byte // mapped
	count    int
	text     []byte
	ends     []byte // of the strings in text
	order    []byte // the numbers of the strings, sorted by string
	postEnds []byte // of the postings in postings
	postings []byte
}

func (t *stringTable) open() error {
	n := len(t.all) - 16
	if n < 0 {
		return errTruncated
	}
	tail := t.all[n:]
	count, text, order, post := int(u32(tail, 0)), int(u32(tail, 1)), int(u32(tail, 2)), int(u32(tail, 3))
	if text+order+post != n || order != 8*count || post < 4*count {
		return errMalformed
	}
	t.count = count
	t.text = t.all[:text]
	t.ends, t.order = t.all[text:text+4*count], t.all[text+4*count:text+8*count]
	t.postEnds, t.postings = t.all[n-post:n-post+4*count], t.all[n-post+4*count:n]
	return t.checkEnds()
}

// checkEnds makes sure that no extent leaves its bytes.
func (t *stringTable) checkEnds() error {
	for _, x := range []struct{ ends, bytes []byte }{{t.ends, t.text}, {t.postEnds, t.postings}} {
		last := uint32(0)
		for i := range t.count {
			end := u32(x.ends, i)
			if end < last || int(end) > len(x.bytes) {
				return errMalformed
			}
			last = end
		}
	}
	for i := range t.count {
		if int(u32(t.order, i)) >= t.count {
			return errMalformed
		}
	}
	return nil
}

// u32 returns the i-th number of b.
func u32(b []byte, i int) uint32 { return binary.LittleEndian.Uint32(b[4*i:]) }

func extentAt(ends []byte, i int) extent {
	start := 0
	if i > 0 {
		start = int(u32(ends, i-1))
	}
	return extent{start, int(u32(ends, i)) - start}
}

// extent returns where a string lies in text.
func (t *stringTable) extent(number int) extent { return extentAt(t.ends, number) }

// named returns the postings of the symbols of a name, and no more than end in
// error.
func (t *stringTable) named(name string, yield func(blob, symbol int)) error {
	lo, hi := 0, t.count
	for lo < hi {
		mid := (lo + hi) / 2
		if strings.Compare(string(t.extent(int(u32(t.order, mid))).of(t.text)), name) < 0 {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == t.count {
		return nil
	}
	number := int(u32(t.order, lo))
	if string(t.extent(number).of(t.text)) != name {
		return nil
	}
	d := decoder{b: extentAt(t.postEnds, number).of(t.postings)}
	var blob, symbol uint64
	for len(d.b) > 0 {
		delta := d.uint()
		if delta != 0 {
			symbol = 0
		}
		blob += delta
		symbol += d.uint()
		if d.err == nil && blob < 1<<31 && symbol < 1<<31 {
			yield(int(blob), int(symbol))
		}
	}
	return d.err
}

// packs are the packs that are open in this process, shared by the snapshots
// that use them.
type packs struct {
	mu   sync.Mutex
	open []*pack
}

// get returns the pack in dir, open and, if it was not open before, verified.
func (ps *packs) get(dir string) (*pack, error) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	file, err := os.Stat(filepath.Join(dir, blobsFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &DamageError{filepath.Join(dir, blobsFile), err}
	}
	if err != nil {
		return nil, err
	}
	// Not by name alone: one that was found damaged is made anew under the same
	// name. Nor by file alone: a new one may have the number of one that is gone.
	name := filepath.Base(dir)
	i := slices.IndexFunc(ps.open, func(p *pack) bool {
		return p.name == name && os.SameFile(p.file, file) && p.file.ModTime().Equal(file.ModTime())
	})
	if i < 0 {
		p, err := openPack(dir)
		if err != nil {
			return nil, err
		}
		if err := p.verify(false); err != nil {
			p.close()
			return nil, err
		}
		p.file = file
		i = len(ps.open)
		ps.open = append(ps.open, p)
	}
	ps.open[i].users++
	return ps.open[i], nil
}

// put gives a pack back. Its memory is unmapped when nobody uses it.
func (ps *packs) put(p *pack) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	p.users--
	if p.users == 0 {
		ps.open = slices.DeleteFunc(ps.open, func(q *pack) bool { return q == p })
		p.close()
	}
}
