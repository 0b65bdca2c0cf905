package snapshot

import (
	"bytes"
	"encoding/binary"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"navigator/indexer"
)

// stamps is the cache of what files on disk looked like when they were read,
// and of which contents are not text. It is only ever a hint: without it, or
// with a damaged one, files are read again.
//
// The file is magic, format version, then the stamped files sorted by path and
// the rejected hashes, then the checksum, in the encodings of the format.
type stamps struct {
	files    map[string]stamped // by absolute path
	rejected map[indexer.Hash]bool
}

type stamped struct {
	stamp indexer.Stamp
	hash  indexer.Hash
}

const stampsMagic = "navstat\n"

// settled is how long a file must have been left alone before its stamp is
// trusted: within the granularity of a file system's clock it may change again
// and look the same.
const settled = 2 * time.Second

func newStamps() stamps {
	return stamps{files: make(map[string]stamped), rejected: make(map[indexer.Hash]bool)}
}

func readStamps(dir string) stamps {
	path := filepath.Join(dir, stampsFile)
	b, err := os.ReadFile(path)
	if err != nil || checkVersion(path, b, stampsMagic) != nil {
		return newStamps()
	}
	s, err := decodeStamps(b)
	if err != nil {
		return newStamps()
	}
	return s
}

func decodeStamps(file []byte) (stamps, error) {
	body, err := unseal(file)
	if err != nil {
		return stamps{}, err
	}
	d := decoder{b: body[len(stampsMagic)+4:]}
	n := d.length()
	s := stamps{make(map[string]stamped, n), make(map[indexer.Hash]bool)}
	prev := ""
	for range n {
		path := prev[:d.count(len(prev))] + d.string()
		var x stamped
		x.stamp = indexer.Stamp{Size: d.int(), Modified: d.int(), Change: d.int(), Inode: d.uint()}
		copy(x.hash[:], d.bytes(len(x.hash)))
		if d.err != nil {
			break
		}
		s.files[path] = x
		prev = path
	}
	for range d.length() {
		var h indexer.Hash
		copy(h[:], d.bytes(len(h)))
		s.rejected[h] = true
	}
	return s, d.end()
}

func (s stamps) encode() []byte {
	e := encoder{b: []byte(stampsMagic)}
	e.b = binary.LittleEndian.AppendUint32(e.b, formatVersion)
	e.uint(uint64(len(s.files)))
	prev := ""
	for _, path := range slices.SortedFunc(maps.Keys(s.files), strings.Compare) {
		shared := sharedPrefix(prev, path)
		e.uint(uint64(shared))
		e.string(path[shared:])
		x := s.files[path]
		e.int(x.stamp.Size)
		e.int(x.stamp.Modified)
		e.int(x.stamp.Change)
		e.uint(x.stamp.Inode)
		e.b = append(e.b, x.hash[:]...)
		prev = path
	}
	e.uint(uint64(len(s.rejected)))
	for _, h := range slices.SortedFunc(maps.Keys(s.rejected), func(a, b indexer.Hash) int { return bytes.Compare(a[:], b[:]) }) {
		e.b = append(e.b, h[:]...)
	}
	return seal(e.b)
}

func (s stamps) equal(t stamps) bool {
	return maps.Equal(s.files, t.files) && maps.Equal(s.rejected, t.rejected)
}
