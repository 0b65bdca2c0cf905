package precise

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
)

// maxMessage is the size in bytes above which a document is not read. Those of
// real indexes stay far below: a source file has at most 8 MiB.
const maxMessage = 256 << 20

var (
	errTruncated = errors.New("it is cut short")
	errNotSCIP   = errors.New("it is no SCIP index")
	errTooLarge  = fmt.Errorf("it has a document of more than %d MiB", maxMessage>>20)
	errMalformed = errors.New("it makes no sense")
)

// Fields of an Index.
const (
	fieldMetadata = 1
	fieldDocument = 2
)

// readIndex reads the message Index of size bytes and passes on its metadata
// and its documents, one at a time: what is visited is there until visit
// returns. Only the largest document is in memory as a whole.
func readIndex(in io.Reader, size int64, visit func(field protowire.Number, message []byte) error) error {
	r := bufio.NewReaderSize(in, 1<<16)
	var buf []byte
	for at := int64(0); at < size; {
		tag, n, err := readUvarint(r)
		if err != nil {
			return at64(at, err)
		}
		field, typ := protowire.DecodeTag(tag)
		if at == 0 && (field != fieldMetadata || typ != protowire.BytesType) {
			return errNotSCIP
		}
		at += int64(n)
		length, n, err := readLength(r, typ)
		at += int64(n)
		switch {
		case err != nil:
		case field < protowire.MinValidNumber || field > protowire.MaxValidNumber:
			err = errMalformed
		case length > uint64(max(size-at, 0)):
			err = errTruncated
		case typ != protowire.BytesType || field != fieldMetadata && field != fieldDocument:
			_, err = r.Discard(int(length))
		case length > maxMessage:
			err = errTooLarge
		default:
			if uint64(cap(buf)) < length {
				buf = make([]byte, length)
			}
			buf = buf[:length]
			if _, err = io.ReadFull(r, buf); err == nil {
				err = visit(field, buf)
			}
		}
		if err != nil {
			return at64(at, err)
		}
		at += int64(length)
	}
	return nil
}

// readLength reads what stands before the bytes of a field of a type, and returns
// how many those are, and how many were read. A varint is read as a whole.
func readLength(r *bufio.Reader, typ protowire.Type) (length uint64, n int, err error) {
	switch typ {
	case protowire.VarintType:
		_, n, err = readUvarint(r)
	case protowire.Fixed32Type:
		length = 4
	case protowire.Fixed64Type:
		length = 8
	case protowire.BytesType:
		length, n, err = readUvarint(r)
	default:
		err = errMalformed
	}
	return length, n, err
}

// at64 says where in the index an error is.
func at64(at int64, err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errTruncated
	}
	return fmt.Errorf("at byte %d: %w", at, err)
}

// readUvarint reads a varint and returns the number of its bytes.
func readUvarint(r *bufio.Reader) (uint64, int, error) {
	head, err := r.Peek(binary.MaxVarintLen64)
	v, n := binary.Uvarint(head)
	switch {
	case n > 0:
		_, err = r.Discard(n)
		return v, n, err
	case n < 0 || len(head) == binary.MaxVarintLen64:
		return 0, 0, errMalformed
	case err == nil:
		err = io.ErrUnexpectedEOF
	}
	return 0, 0, err
}

// field is a field of a message: of its value, bytes or number.
type field struct {
	number protowire.Number
	typ    protowire.Type
	bytes  []byte
	uint   uint64
}

// next reads the field that b begins with and returns what follows it.
func next(b []byte) (f field, rest []byte, err error) {
	var n int
	f.number, f.typ, n = protowire.ConsumeTag(b)
	if n < 0 {
		return f, nil, errMalformed
	}
	b = b[n:]
	switch f.typ {
	case protowire.VarintType:
		f.uint, n = protowire.ConsumeVarint(b)
	case protowire.BytesType:
		f.bytes, n = protowire.ConsumeBytes(b)
	default:
		n = protowire.ConsumeFieldValue(f.number, f.typ, b)
	}
	if n < 0 {
		return f, nil, errMalformed
	}
	return f, b[n:], nil
}

// metadata is what is used of a Metadata.
type metadata struct{ tool, root string }

func (m *metadata) decode(b []byte) error {
	for len(b) > 0 {
		f, rest, err := next(b)
		if err != nil {
			return err
		}
		switch f.number {
		case 2:
			var name, version string
			for tool := f.bytes; len(tool) > 0; {
				var g field
				if g, tool, err = next(tool); err != nil {
					return err
				}
				switch g.number {
				case 1:
					name = string(g.bytes)
				case 2:
					version = string(g.bytes)
				}
			}
			m.tool = name
			if version != "" {
				m.tool += " " + version
			}
		case 3:
			m.root = string(f.bytes)
		}
		b = rest
	}
	return nil
}

// document is what is used of a Document. What it holds lies in the message.
type document struct {
	path        []byte
	text        []byte // nil when left out
	encoding    encoding
	occurrences []occurrence
	symbols     []information
}

// occurrence is an Occurrence: lines and columns from 0.
type occurrence struct {
	line, col, endLine, endCol int32
	hasRange                   bool
	symbol                     []byte
	roles                      uint64
}

// Bits of the roles of an occurrence.
const (
	roleDefinition        = 0x1
	roleForwardDefinition = 0x40
)

// information is what is used of a SymbolInformation.
type information struct {
	symbol    []byte
	display   []byte
	definedBy [][]byte // symbols whose definitions are its own
}

// decode replaces what d holds by the document of a message.
func (d *document) decode(b []byte) error {
	*d = document{occurrences: d.occurrences[:0], symbols: d.symbols[:0]}
	for len(b) > 0 {
		f, rest, err := next(b)
		if err != nil {
			return err
		}
		switch f.number {
		case 1:
			d.path = f.bytes
		case 2:
			var o occurrence
			if o, err = decodeOccurrence(f.bytes); err != nil {
				return err
			}
			d.occurrences = append(d.occurrences, o)
		case 3:
			var s information
			if s, err = decodeInformation(f.bytes); err != nil {
				return err
			}
			if s.display != nil || s.definedBy != nil {
				d.symbols = append(d.symbols, s)
			}
		case 5:
			if len(f.bytes) > 0 {
				d.text = f.bytes
			}
		case 6:
			d.encoding = encoding(min(f.uint, uint64(utf32)+1))
		}
		b = rest
	}
	return nil
}

func decodeOccurrence(b []byte) (o occurrence, err error) {
	var r [4]int32
	n := 0
	add := func(v uint64) {
		if n < len(r) {
			r[n] = int32(v)
		}
		n++
	}
	typed := false
	for len(b) > 0 {
		f, rest, err := next(b)
		if err != nil {
			return o, err
		}
		switch f.number {
		case 1:
			if f.typ == protowire.VarintType {
				add(f.uint)
			}
			for packed := f.bytes; len(packed) > 0; {
				v, size := protowire.ConsumeVarint(packed)
				if size < 0 {
					return o, errMalformed
				}
				add(v)
				packed = packed[size:]
			}
		case 2:
			o.symbol = f.bytes
		case 3:
			o.roles = f.uint
		case 8, 9:
			if o, err = o.within(f); err != nil {
				return o, err
			}
			typed = true
		}
		b = rest
	}
	switch {
	case typed:
	case n == 3:
		o.line, o.col, o.endLine, o.endCol, o.hasRange = r[0], r[1], r[0], r[2], true
	case n == 4:
		o.line, o.col, o.endLine, o.endCol, o.hasRange = r[0], r[1], r[2], r[3], true
	}
	return o, nil
}

// within returns o with the range that a field of the oneof typed_range holds.
func (o occurrence) within(f field) (occurrence, error) {
	var v [5]int32
	for b := f.bytes; len(b) > 0; {
		g, rest, err := next(b)
		if err != nil {
			return o, err
		}
		if g.number < protowire.Number(len(v)) {
			v[g.number] = int32(g.uint)
		}
		b = rest
	}
	o.hasRange = true
	if f.number == 8 {
		o.line, o.col, o.endLine, o.endCol = v[1], v[2], v[1], v[3]
	} else {
		o.line, o.col, o.endLine, o.endCol = v[1], v[2], v[3], v[4]
	}
	return o, nil
}

func decodeInformation(b []byte) (s information, err error) {
	for len(b) > 0 {
		f, rest, err := next(b)
		if err != nil {
			return s, err
		}
		switch f.number {
		case 1:
			s.symbol = f.bytes
		case 4:
			var symbol []byte
			defines := false
			for r := f.bytes; len(r) > 0; {
				var g field
				if g, r, err = next(r); err != nil {
					return s, err
				}
				switch g.number {
				case 1:
					symbol = g.bytes
				case 5:
					defines = g.uint != 0
				}
			}
			if defines {
				s.definedBy = append(s.definedBy, symbol)
			}
		case 6:
			s.display = f.bytes
		}
		b = rest
	}
	return s, nil
}
