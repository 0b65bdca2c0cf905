package snapshot

import (
	"bufio"
	"cmp"
	"crypto/sha1"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"navigator/indexer"
	"navigator/indexer/search"
)

// blob is what a pack's directory says of a content.
type blob struct {
	hash    indexer.Hash
	lang    indexer.Language
	errors  int32
	text    extent
	facts   extent
	symbols extent

	occurrenceCount, symbolCount int
	factsCRC                     uint32
}

// extent is a stretch of a file, in bytes.
type extent struct{ offset, size int }

func (x extent) of(b []byte) []byte { return b[x.offset : x.offset+x.size] }

// packWriter writes a pack to a folder. Its add is safe for concurrent use.
type packWriter struct {
	dir   string
	names *search.Writer

	mu                   sync.Mutex
	text, facts, symbols section
	blobs                []blob
	strings              interner
	postings             []posting
}

// posting says that a symbol has a name.
type posting struct{ name, blob, symbol uint32 }

// createPack starts a pack in a new folder.
func createPack(dir string) (*packWriter, error) {
	if err := mkdir(dir); err != nil {
		return nil, err
	}
	p := &packWriter{dir: dir, strings: interner{numbers: make(map[string]uint32, 1<<14)}}
	p.strings.number("") // the container of most, the trait of nearly all
	for name, s := range map[string]*section{"text": &p.text, "facts": &p.facts, "symbols": &p.symbols} {
		if err := s.create(filepath.Join(dir, name)); err != nil {
			p.abort()
			return nil, err
		}
	}
	var err error
	if p.names, err = search.Create(filepath.Join(dir, namesDir)); err != nil {
		p.abort()
		return nil, fmt.Errorf("creating the index of names: %w", err)
	}
	return p, nil
}

var encoders = sync.Pool{New: func() any { return new(encoder) }}

// add adds a content with its facts.
func (p *packWriter) add(hash indexer.Hash, lang indexer.Language, text []byte, f *indexer.Facts) error {
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	e.b = e.b[:0]
	e.occurrences(f.Occurrences)
	b := blob{hash: hash, lang: lang, errors: f.Errors, occurrenceCount: len(f.Occurrences)}
	return p.append(b, text, e.b, f.Symbols)
}

// append adds a content whose occurrences are encoded.
func (p *packWriter) append(b blob, text, facts []byte, symbols []indexer.Symbol) error {
	b.factsCRC, b.symbolCount = checksum(facts), len(symbols)
	names, err := p.store(b, text, facts, symbols)
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := p.names.Add(name); err != nil {
			return fmt.Errorf("adding to the index of names: %w", err)
		}
	}
	return nil
}

// store writes a content and returns the names that are new in its symbols.
func (p *packWriter) store(b blob, text, facts []byte, symbols []indexer.Symbol) (names []string, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	encoded := encoders.Get().(*encoder)
	defer encoders.Put(encoded)
	encoded.b = encoded.b[:0]
	var prev indexer.Symbol
	for i := range symbols {
		s := &symbols[i]
		name := p.strings.number(s.Name)
		if p.strings.name(name) {
			names = append(names, p.strings.texts[name])
		}
		encoded.symbol(i, s, &prev, name, p.strings.number(s.Container), p.strings.number(s.Trait))
		p.postings = append(p.postings, posting{name, uint32(len(p.blobs)), uint32(i)})
		prev = *s
	}
	if p.strings.size > math.MaxUint32 || len(p.blobs) >= math.MaxInt32 {
		return nil, errors.New("more symbols than a pack can hold")
	}
	if b.text, err = p.text.append(text); err != nil {
		return nil, err
	}
	if _, err = p.text.append([]byte{0}); err != nil {
		return nil, err
	}
	if b.facts, err = p.facts.append(facts); err != nil {
		return nil, err
	}
	if b.symbols, err = p.symbols.append(encoded.b); err != nil {
		return nil, err
	}
	p.blobs = append(p.blobs, b)
	return names, nil
}

// finish completes the pack and returns its name.
func (p *packWriter) finish() (string, error) {
	var strings section
	var group errgroup.Group
	group.Go(func() error {
		if err := p.names.Close(); err != nil {
			return fmt.Errorf("closing the index of names: %w", err)
		}
		p.names = nil
		return nil
	})
	group.Go(func() error {
		if err := strings.create(filepath.Join(p.dir, "strings")); err != nil {
			return err
		}
		if _, err := strings.append(p.encodeStrings()); err != nil {
			return err
		}
		return strings.close()
	})
	for _, s := range []*section{&p.text, &p.facts, &p.symbols} {
		group.Go(s.close)
	}
	if err := group.Wait(); err != nil {
		return "", err
	}
	parts := []part{p.text.part(), p.facts.part(), p.symbols.part(), strings.part()}
	nameParts, err := readParts(p.dir, namesDir)
	if err != nil {
		return "", err
	}
	directory := encodeBlobs(append(parts, nameParts...), p.blobs)
	if err := writeFile(filepath.Join(p.dir, blobsFile), directory); err != nil {
		return "", err
	}
	if err := syncDir(p.dir); err != nil {
		return "", err
	}
	return packName(directory), nil
}

// packName names a pack by its directory, which holds the checksums of all
// else.
func packName(directory []byte) string {
	sum := sha1.Sum(directory)
	return hex.EncodeToString(sum[:8])
}

// abort closes what is open. The folder is the caller's to remove.
func (p *packWriter) abort() {
	if p.names != nil {
		p.names.Close()
	}
	for _, s := range []*section{&p.text, &p.facts, &p.symbols} {
		if s.file != nil {
			s.file.Close()
		}
	}
}

// encodeStrings returns the strings file.
func (p *packWriter) encodeStrings() []byte {
	n := len(p.strings.texts)
	slices.SortFunc(p.postings, func(a, b posting) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.blob, b.blob), cmp.Compare(a.symbol, b.symbol))
	})
	b := make([]byte, 0, p.strings.size+16*n+4*len(p.postings))
	for _, s := range p.strings.texts {
		b = append(b, s...)
	}
	end := 0
	for _, s := range p.strings.texts {
		end += len(s)
		b = binary.LittleEndian.AppendUint32(b, uint32(end))
	}
	sorted := make([]uint32, n)
	for i := range sorted {
		sorted[i] = uint32(i)
	}
	slices.SortFunc(sorted, func(i, j uint32) int { return strings.Compare(p.strings.texts[i], p.strings.texts[j]) })
	for _, i := range sorted {
		b = binary.LittleEndian.AppendUint32(b, i)
	}
	var e encoder
	rest := p.postings
	for name := range n {
		var prev posting
		for ; len(rest) > 0 && rest[0].name == uint32(name); rest = rest[1:] {
			if rest[0].blob != prev.blob {
				prev.symbol = 0
			}
			e.uint(uint64(rest[0].blob - prev.blob))
			e.uint(uint64(rest[0].symbol - prev.symbol))
			prev = rest[0]
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(len(e.b)))
	}
	b = append(b, e.b...)
	for _, v := range []int{n, p.strings.size, 8 * n, 4*n + len(e.b)} {
		b = binary.LittleEndian.AppendUint32(b, uint32(v))
	}
	return b
}

// interner numbers strings in order of first use.
type interner struct {
	numbers map[string]uint32
	texts   []string
	named   []bool // whether name was called for it
	size    int    // of all texts, bytes
}

func (t *interner) number(s string) uint32 {
	n, ok := t.numbers[s]
	if !ok {
		s = strings.Clone(s) // it may be a piece of a whole file
		n = uint32(len(t.texts))
		t.numbers[s] = n
		t.texts = append(t.texts, s)
		t.named = append(t.named, false)
		t.size += len(s)
	}
	return n
}

// name reports whether it is called for the first time for a string.
func (t *interner) name(number uint32) bool {
	first := !t.named[number]
	t.named[number] = true
	return first
}

// section is a file that is written from beginning to end.
type section struct {
	path string
	file *os.File
	buf  *bufio.Writer
	size int
	crc  uint32
}

func (s *section) create(path string) error {
	if err := checkpoint("create " + filepath.Base(path)); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return err
	}
	s.path, s.file, s.buf = path, f, bufio.NewWriterSize(f, 1<<20)
	return nil
}

func (s *section) append(b []byte) (extent, error) {
	x := extent{s.size, len(b)}
	s.size += len(b)
	s.crc = crc32.Update(s.crc, castagnoli, b)
	_, err := s.buf.Write(b)
	return x, err
}

func (s *section) close() error {
	if err := checkpoint("close " + filepath.Base(s.path)); err != nil {
		return err
	}
	if err := s.buf.Flush(); err != nil {
		return err
	}
	if err := s.file.Sync(); err != nil {
		return err
	}
	err := s.file.Close()
	s.file = nil
	return err
}

func (s *section) part() part { return part{filepath.Base(s.path), s.size, s.crc} }

// part is a file of a pack, as the directory describes it.
type part struct {
	path string // slash-separated, relative to the pack
	size int
	crc  uint32
}

// readParts describes the files in a folder of a pack.
func readParts(pack, folder string) ([]part, error) {
	entries, err := os.ReadDir(filepath.Join(pack, folder))
	if err != nil {
		return nil, err
	}
	var parts []part
	for _, entry := range entries {
		path := folder + "/" + entry.Name()
		if entry.IsDir() {
			below, err := readParts(pack, path)
			if err != nil {
				return nil, err
			}
			parts = append(parts, below...)
			continue
		}
		b, err := os.ReadFile(filepath.Join(pack, path))
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{path, len(b), checksum(b)})
	}
	return parts, nil
}

// encodeBlobs returns the blobs file.
func encodeBlobs(parts []part, blobs []blob) []byte {
	e := encoder{b: make([]byte, 0, 48*len(blobs)+4096)}
	e.b = append(e.b, blobsMagic...)
	e.b = binary.LittleEndian.AppendUint32(e.b, formatVersion)
	e.uint(indexer.ExtractorVersion)
	e.uint(uint64(len(parts)))
	for _, p := range parts {
		e.string(p.path)
		e.uint(uint64(p.size))
		e.uint(uint64(p.crc))
	}
	var langs []indexer.Language
	for _, b := range blobs {
		if !slices.Contains(langs, b.lang) {
			langs = append(langs, b.lang)
		}
	}
	e.uint(uint64(len(langs)))
	for _, lang := range langs {
		e.string(string(lang))
	}
	e.uint(uint64(len(blobs)))
	for _, b := range blobs {
		e.b = append(e.b, b.hash[:]...)
		e.uint(uint64(slices.Index(langs, b.lang)))
		e.uint(uint64(b.errors))
		e.uint(uint64(b.text.size))
		e.uint(uint64(b.facts.size))
		e.uint(uint64(b.occurrenceCount))
		e.uint(uint64(b.factsCRC))
		e.uint(uint64(b.symbols.size))
		e.uint(uint64(b.symbolCount))
	}
	return seal(e.b)
}
