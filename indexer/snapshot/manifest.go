package snapshot

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"time"

	"navigator/indexer"
)

const manifestFile = "manifest"

// manifest is what a snapshot's folder says of itself.
type manifest struct {
	sequence int
	created  time.Time
	content  []byte // the rest, as it is encoded; equal when nothing has changed
	sources  []indexer.Source
	packs    []string // names
	files    []place
	attached []attached // sorted by name
}

// place is a file, and where its content lies.
type place struct {
	source   int // index
	path     string
	pack     int // index
	blob     int // index in the pack
	modified bool
}

// encodeContent returns the part of a manifest that does not change when the
// same is published again.
func encodeContent(sources []indexer.Source, packs []string, files []place, list []attached) []byte {
	e := encoder{b: make([]byte, 0, 48*len(files)+1024)}
	e.uint(uint64(len(sources)))
	for _, s := range sources {
		e.string(s.Name)
		e.string(s.Root)
		e.string(s.URL)
		e.string(s.Revision)
		e.uint(uint64(s.Skipped.Links))
		e.uint(uint64(s.Skipped.Large))
		e.uint(uint64(s.Skipped.Binary))
	}
	e.uint(uint64(len(packs)))
	for _, p := range packs {
		e.string(p)
	}
	e.uint(uint64(len(files)))
	prev := ""
	for _, f := range files {
		shared := sharedPrefix(prev, f.path)
		e.uint(uint64(f.source))
		e.uint(uint64(shared))
		e.string(f.path[shared:])
		e.uint(uint64(f.pack))
		e.uint(uint64(f.blob))
		e.bool(f.modified)
		prev = f.path
	}
	if len(list) > 0 {
		e.attached(list)
	}
	return e.b
}

func sharedPrefix(a, b string) int {
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return n
}

// encode returns the manifest file.
func (m *manifest) encode() []byte {
	e := encoder{b: []byte(manifestMagic)}
	e.b = binary.LittleEndian.AppendUint32(e.b, formatVersion)
	e.uint(uint64(m.sequence))
	e.int(m.created.UnixNano())
	e.b = append(e.b, m.content...)
	return seal(e.b)
}

// id names the snapshot: by its place in the sequence, and by what is in it.
func (m *manifest) id() string { return fmt.Sprintf("%d-%08x", m.sequence, checksum(m.content)) }

// readManifest reads the manifest in the folder of a snapshot.
func readManifest(dir string) (*manifest, error) {
	path := filepath.Join(dir, manifestFile)
	b, err := readWhole(path)
	if err != nil {
		return nil, err
	}
	if err := checkVersion(path, b, manifestMagic); err != nil {
		return nil, err
	}
	m, err := decodeManifest(b)
	if err != nil {
		return nil, &DamageError{path, err}
	}
	return m, nil
}

func decodeManifest(file []byte) (*manifest, error) {
	body, err := unseal(file)
	if err != nil {
		return nil, err
	}
	m := new(manifest)
	d := decoder{b: body[len(manifestMagic)+4:]}
	m.sequence = d.count(1<<31 - 1)
	m.created = time.Unix(0, d.int())
	m.content = d.b
	for range d.length() {
		m.sources = append(m.sources, indexer.Source{
			Name: d.string(), Root: d.string(), URL: d.string(), Revision: d.string(),
			Skipped: indexer.Skips{Links: d.count(1 << 31), Large: d.count(1 << 31), Binary: d.count(1 << 31)},
		})
	}
	for range d.length() {
		m.packs = append(m.packs, d.string())
	}
	n := d.length()
	m.files = make([]place, 0, n)
	prev := ""
	for range n {
		var f place
		f.source = d.count(len(m.sources) - 1)
		f.path = prev[:d.count(len(prev))] + d.string()
		f.pack = d.count(len(m.packs) - 1)
		f.blob = d.count(1 << 31)
		f.modified = d.bool()
		if d.err != nil {
			break
		}
		m.files = append(m.files, f)
		prev = f.path
	}
	if len(d.b) > 0 {
		m.attached = d.attached()
	}
	for _, p := range m.packs {
		if !isFileName(p) {
			d.fail()
		}
	}
	return m, d.end()
}

func (e *encoder) attached(list []attached) {
	e.uint(uint64(len(list)))
	for _, a := range list {
		e.string(a.name)
		e.uint(uint64(a.size))
		e.uint(uint64(a.crc))
	}
}

func (d *decoder) attached() (list []attached) {
	for range d.length() {
		a := attached{d.string(), d.count(1 << 40), uint32(d.count(1<<32 - 1))}
		if !isFileName(a.name) {
			d.fail()
		}
		list = append(list, a)
	}
	return list
}
