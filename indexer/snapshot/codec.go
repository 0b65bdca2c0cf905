package snapshot

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"

	"navigator/indexer"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }

// seal appends the checksum of b to it.
func seal(b []byte) []byte { return binary.LittleEndian.AppendUint32(b, checksum(b)) }

// unseal returns what was sealed.
func unseal(b []byte) ([]byte, error) {
	n := len(b) - 4
	if n < 0 {
		return nil, errTruncated
	}
	if binary.LittleEndian.Uint32(b[n:]) != checksum(b[:n]) {
		return nil, errChecksum
	}
	return b[:n], nil
}

var (
	errTruncated = errors.New("it is cut short")
	errChecksum  = errors.New("its checksum is wrong")
	errMalformed = errors.New("it makes no sense")
)

// encoder appends numbers and strings. Numbers are varints; signed ones are
// zigzagged.
type encoder struct{ b []byte }

func (e *encoder) uint(v uint64) { e.b = binary.AppendUvarint(e.b, v) }

func (e *encoder) int(v int64) { e.b = binary.AppendVarint(e.b, v) }

func (e *encoder) string(s string) {
	e.uint(uint64(len(s)))
	e.b = append(e.b, s...)
}

func (e *encoder) bool(v bool) {
	if v {
		e.uint(1)
	} else {
		e.uint(0)
	}
}

// decoder reads what an encoder wrote. The first thing that cannot be read
// sets err, and everything after it reads as zero.
type decoder struct {
	b   []byte
	err error
}

func (d *decoder) fail() {
	d.b = nil
	if d.err == nil {
		d.err = errMalformed
	}
}

func (d *decoder) uint() uint64 {
	if len(d.b) > 0 && d.b[0] < 0x80 {
		v := d.b[0]
		d.b = d.b[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *decoder) int() int64 {
	v := d.uint()
	return int64(v>>1) ^ -int64(v&1)
}

// int32 reads a number that was an int32.
func (d *decoder) int32() int32 {
	v := d.int()
	if v != int64(int32(v)) {
		d.fail()
		return 0
	}
	return int32(v)
}

// count reads a number that is at most limit.
func (d *decoder) count(limit int) int {
	v := d.uint()
	if limit < 0 || v > uint64(limit) {
		d.fail()
		return 0
	}
	return int(v)
}

// length reads the number of things that follow, each of at least one byte.
func (d *decoder) length() int { return d.count(len(d.b)) }

func (d *decoder) bytes(n int) []byte {
	if n < 0 || n > len(d.b) {
		d.fail()
		return nil
	}
	b := d.b[:n]
	d.b = d.b[n:]
	return b
}

func (d *decoder) string() string { return string(d.bytes(d.length())) }

func (d *decoder) bool() bool { return d.count(1) == 1 }

// end fails unless everything has been read.
func (d *decoder) end() error {
	if d.err == nil && len(d.b) > 0 {
		d.fail()
	}
	return d.err
}

// An occurrence starts with a byte of its role (3 bits) and its length
// (5 bits); longLen says that the length less longLen follows. Then comes, with
// a last bit of 0, the gap to the occurrence before on the same line; or, with
// a last bit of 1, the difference of lines, and the column.
const longLen = 31

func (e *encoder) occurrences(list []indexer.Occurrence) {
	var line, end int32
	for _, o := range list {
		length := uint32(o.Len)
		e.b = append(e.b, byte(o.Role)&7|byte(min(length, longLen))<<3)
		if length >= longLen {
			e.uint(uint64(length - longLen))
		}
		if gap := int64(o.Col) - int64(end); o.Line == line && gap >= 0 {
			e.uint(uint64(gap) << 1)
		} else {
			delta := int64(o.Line) - int64(line)
			e.uint(uint64(delta<<1^delta>>63)<<1 | 1)
			e.int(int64(o.Col))
		}
		line, end = o.Line, o.Col+o.Len
	}
}

// occurrences appends n occurrences to list.
func (d *decoder) occurrences(n int, list []indexer.Occurrence) []indexer.Occurrence {
	var line, end int32
	for range n {
		var o indexer.Occurrence
		head := d.bytes(1)
		if head == nil {
			return list
		}
		o.Role = indexer.Role(head[0] & 7)
		length := uint64(head[0] >> 3)
		if length == longLen {
			length += d.uint()
		}
		place := d.uint()
		o.Line = line
		col := int64(end) + int64(place>>1)
		if place&1 == 1 {
			delta := int64(place>>2) ^ -int64(place>>1&1)
			o.Line = int32(int64(line) + delta)
			col = int64(d.int32())
		}
		if length > math.MaxUint32 || col > math.MaxInt32 {
			d.fail()
		}
		if d.err != nil {
			return list
		}
		o.Len, o.Col = int32(uint32(length)), int32(col)
		line, end = o.Line, o.Col+o.Len
		list = append(list, o)
	}
	return list
}

// Flags of a symbol, beside its visibility in the low three bits.
const (
	flagDefinition = 1 << (3 + iota)
	flagTrait
	flagDoc
)

// symbol appends s, the i-th of its file, which comes after prev. Its strings
// are given as numbers.
func (e *encoder) symbol(i int, s, prev *indexer.Symbol, name, container, trait uint32) {
	flags := uint64(s.Visibility) & 7
	if s.Definition {
		flags |= flagDefinition
	}
	if s.Trait != "" {
		flags |= flagTrait
	}
	if s.Doc != (indexer.Lines{}) {
		flags |= flagDoc
	}
	e.uint(uint64(s.Kind))
	e.uint(flags)
	e.uint(uint64(name))
	e.uint(uint64(container))
	if flags&flagTrait != 0 {
		e.uint(uint64(trait))
	}
	e.position(s.Span.Start, indexer.Position{Line: prev.Span.Start.Line})
	e.position(s.NameSpan.Start, s.Span.Start)
	e.position(s.NameSpan.End, s.NameSpan.Start)
	e.position(s.HeadEnd, s.NameSpan.End)
	e.position(s.Span.End, s.HeadEnd)
	if flags&flagDoc != 0 {
		e.int(int64(s.Doc.First) - int64(s.Span.Start.Line))
		e.int(int64(s.Doc.Last) - int64(s.Doc.First))
	}
	e.int(int64(i) - int64(s.Parent))
}

// symbol reads what encoder.symbol wrote; str gives the string of a number.
func (d *decoder) symbol(i int, s, prev *indexer.Symbol, str func(uint64) string) {
	s.Kind = indexer.Kind(d.count(math.MaxUint8))
	flags := d.uint()
	s.Visibility = indexer.Visibility(flags & 7)
	s.Definition = flags&flagDefinition != 0
	s.Name = str(d.uint())
	s.Container = str(d.uint())
	if flags&flagTrait != 0 {
		s.Trait = str(d.uint())
	}
	s.Span.Start = d.position(indexer.Position{Line: prev.Span.Start.Line})
	s.NameSpan.Start = d.position(s.Span.Start)
	s.NameSpan.End = d.position(s.NameSpan.Start)
	s.HeadEnd = d.position(s.NameSpan.End)
	s.Span.End = d.position(s.HeadEnd)
	if flags&flagDoc != 0 {
		s.Doc.First = int(int64(s.Span.Start.Line) + d.int())
		s.Doc.Last = int(int64(s.Doc.First) + d.int())
	}
	s.Parent = int32(int64(i) - d.int())
}

// position appends p relative to from: its column is a difference only on the
// same line.
func (e *encoder) position(p, from indexer.Position) {
	e.int(int64(p.Line) - int64(from.Line))
	if p.Line == from.Line {
		e.int(int64(p.Col) - int64(from.Col))
	} else {
		e.int(int64(p.Col))
	}
}

func (d *decoder) position(from indexer.Position) indexer.Position {
	line, col := int64(from.Line)+d.int(), d.int()
	if line == int64(from.Line) {
		col += int64(from.Col)
	}
	return indexer.Position{Line: int32(line), Col: int32(col)}
}
