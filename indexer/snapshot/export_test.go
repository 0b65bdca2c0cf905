package snapshot

import "navigator/indexer"

// SetCheckpoint has f called before each step that changes the disk.
func SetCheckpoint(f func(step string) error) { checkpoint = f }

// Files of a store that tests look at by name.
const (
	MaxPacks     = maxPacks
	LockFile     = lockFile
	CurrentFile  = currentFile
	StampsFile   = stampsFile
	SnapshotsDir = snapshotsDir
	TmpPrefix    = tmpPrefix
)

// Seal appends a checksum; PackName names a pack by its directory.
var (
	Seal     = seal
	PackName = packName
)

// EncodeFacts and DecodeFacts write and read facts as a pack does, with a
// table of strings of their own.
func EncodeFacts(f *indexer.Facts) (occurrences, symbols []byte, strings []string) {
	var occ, sym encoder
	occ.occurrences(f.Occurrences)
	t := interner{numbers: make(map[string]uint32)}
	var prev indexer.Symbol
	for i := range f.Symbols {
		s := &f.Symbols[i]
		sym.symbol(i, s, &prev, t.number(s.Name), t.number(s.Container), t.number(s.Trait))
		prev = *s
	}
	return occ.b, sym.b, t.texts
}

func DecodeFacts(occurrences, symbols []byte, nOccurrences, nSymbols int, strings []string) (indexer.Facts, error) {
	var f indexer.Facts
	occ := decoder{b: occurrences}
	f.Occurrences = occ.occurrences(nOccurrences, nil)
	if err := occ.end(); err != nil {
		return f, err
	}
	sym := decoder{b: symbols}
	var prev indexer.Symbol
	for i := range nSymbols {
		var s indexer.Symbol
		sym.symbol(i, &s, &prev, func(n uint64) string {
			if n >= uint64(len(strings)) {
				sym.fail()
				return ""
			}
			return strings[n]
		})
		if sym.err != nil {
			break
		}
		f.Symbols = append(f.Symbols, s)
		prev = s
	}
	return f, sym.end()
}

// DecodeManifest, DecodeBlobs, DecodeStamps and LookUpNames read arbitrary
// bytes, to see that they end in an error and not in a panic.
func DecodeManifest(b []byte) error { _, err := decodeManifest(pad(b)); return err }
func DecodeBlobs(b []byte) error    { return new(pack).decodeBlobs(pad(b)) }
func DecodeStamps(b []byte) error   { _, err := decodeStamps(pad(b)); return err }
func LookUpNames(b []byte, name string) error {
	t := stringTable{all: b}
	if err := t.open(); err != nil {
		return err
	}
	for i := range t.count {
		t.extent(i).of(t.text)
	}
	return t.named(name, func(int, int) {})
}

// pad gives a body the head and the checksum that it needs to be looked at.
func pad(body []byte) []byte { return seal(append(make([]byte, 12), body...)) }
