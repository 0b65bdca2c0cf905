package snapshot

import (
	"errors"
	"fmt"
	"time"
)

// A store is a folder:
//
//	lock                  flock(2)ed by the one writer; says who it is
//	current               the id of the snapshot to be served
//	stamps                what files on disk looked like when they were read (a cache)
//	snapshots/<id>/       whole snapshots; id is "<sequence>-<checksum>"
//	tmp-*                 garbage of a writer that was killed
//
// A snapshot's folder needs nothing outside of it, so a copy serves anywhere.
// It shares storage with its neighbours in the store by hard links:
//
//	manifest              sources, packs, and the files with their place in the packs
//	<attachment>          what others made of all files together, see Attachment
//	<pack>/blobs          directory of the contents that the pack holds
//	<pack>/text           the contents, each followed by a NUL byte
//	<pack>/facts          occurrences of each content
//	<pack>/symbols        symbols of each content
//	<pack>/strings        names, containers and traits of symbols; which symbols have a name
//	<pack>/names/         full-text index of the names, made by package search
//
// Nothing is changed after it was published. A writer adds one pack with the
// contents that it found new, named by the checksum of its blobs file.
//
// Numbers are varints as in encoding/binary, unless said otherwise; a string
// is its length and its bytes. Both manifest and blobs are
//
//	magic (8 bytes), format version (4 bytes, little-endian), body,
//	CRC-32C of all before (4 bytes, little-endian)
//
// The body of a manifest is
//
//	sequence, time of creation (nanoseconds since 1970)
//	number of sources, for each: name, root, URL, revision, skipped links, large, binary
//	number of packs, for each: its name
//	number of files, by source and path, for each:
//		index of its source
//		length of the path's beginning that it shares with the file before, the rest of the path
//		index of its pack, index of its content in the pack, whether it is modified
//	where there are attachments: their number, for each: its name, size, CRC-32C
//
// and that of a blobs file
//
//	extractor version
//	number of the pack's other files, for each: path, size, CRC-32C
//	number of languages, for each: its name
//	number of contents, for each:
//		hash (20 bytes), index of its language, parse errors
//		length in text, less the NUL
//		length in facts, number of occurrences, CRC-32C of the facts
//		length in symbols, number of symbols
//
// Contents stand in text, facts and symbols in the order of blobs. How an
// occurrence and a symbol are written stands above their encoders.
//
// The strings file is made for binary search without decoding it. It ends in
// four fixed numbers (4 bytes each, little-endian): the count n of strings and
// the sizes t, o, p of
//
//	t bytes   the strings, one after the other, in order of first use
//	o bytes   n × the end of each (4 bytes), then n × the string's number, sorted by string (4 bytes)
//	p bytes   n × the end of its postings (4 bytes), then the postings: the symbols of
//	          that name, as differences of the blob's index, and of the symbol's in it
//
// A further section, such as one that leads from a name to the files that use
// it, would be one more file of a pack and a higher format version.
//
// What is checked when: a snapshot that is opened has its manifest, blobs
// files and attachments checked, and of the other files all but facts in full; the facts of a
// file are checked when they are read. A writer checks the facts as well, and
// makes anew what is damaged.
//
// Measured on Envoy 75b033da (source envoy contrib mobile test api) and ztunnel
// 38b2c6e2 (src proto): 10,737 files, 170,369 symbols, 2,659,108 occurrences.
//
//	text      74.7 MB   1.00
//	facts      6.1 MB   0.08   2.3 bytes an occurrence
//	names      5.0 MB   0.07
//	strings    3.8 MB   0.05
//	symbols    3.2 MB   0.04   19 bytes a symbol
//	blobs      0.3 MB
//	manifest   0.2 MB
//	together  93.5 MB   1.25 × the text
//
// Opening takes 12 ms when the files are in memory, decoding all symbols 35 ms,
// all occurrences another 30 ms.

// formatVersion is raised whenever the layout above, or that of the names
// index, changes.
const formatVersion = 1

// The first bytes of manifest and blobs.
const (
	manifestMagic = "navsnap\n"
	blobsMagic    = "navpack\n"
)

// ErrEmpty says that nothing has been published to a store.
var ErrEmpty = errors.New("nothing is indexed yet")

// FormatError says that a snapshot was written by another version of
// Navigator. Indexing again mends it.
type FormatError struct {
	Path      string
	Got, Want uint32
}

func (e *FormatError) Error() string {
	return fmt.Sprintf("%s has format %d and this program reads format %d: index again", e.Path, e.Got, e.Want)
}

// DamageError says that a file of a snapshot is not as it was written.
// Indexing again mends it.
type DamageError struct {
	Path   string
	Reason error
}

func (e *DamageError) Error() string {
	return fmt.Sprintf("%s is damaged (%v): index again", e.Path, e.Reason)
}

func (e *DamageError) Unwrap() error { return e.Reason }

// LockedError says that another process is writing to the store.
type LockedError struct {
	PID   int       // 0 when unknown
	Since time.Time // zero when unknown
}

func (e *LockedError) Error() string {
	if e.PID == 0 {
		return "another process is indexing"
	}
	return fmt.Sprintf("process %d is indexing since %s", e.PID, e.Since.Format(time.TimeOnly))
}
