// Package precise reads SCIP indexes, which compilers' tools make of a source:
// scip-clang of C++, rust-analyzer of Rust. It keeps of an index what holds for
// the text that a snapshot has, and says what names mean by it.
package precise

import (
	"encoding/binary"
	"slices"
	"sort"

	"navigator/indexer"
)

// maxAnswers bounds how many definitions and declarations a name may have. What
// has more, such as a namespace, is left to the rules.
const maxAnswers = 20

// Index is what is used of an index. It may be used by several goroutines.
type Index struct {
	head
	docs    []stored
	byFile  map[int][]int // the documents of a file
	blocks  []byte
	table   []byte // 12 bytes a block
	symbols []byte
	ends    []byte // 4 bytes a symbol
}

// stored is a document of a file.
type stored struct {
	file     int // -1 when the snapshot lacks it
	from, to int // its blocks
}

// Name is what an index knows of a name in a file.
type Name struct {
	Span     indexer.Span
	Declares bool              // the symbol is defined or declared right there
	Places   []Place           // where it is, definitions first; none when it is External
	External *indexer.External // no tree here has the symbol
}

// Place is where a symbol is defined or declared.
type Place struct {
	File       int // index among the snapshot's files
	Span       indexer.Span
	Local      bool
	Definition bool
}

// Open reads the file that [Convert] made, which must stay there. fileIndex
// returns the index among the snapshot's files of a file.
func Open(file []byte, fileIndex func(source, path string) (int, bool)) (*Index, error) {
	d := decoder{b: file}
	h, err := d.head()
	if err != nil {
		return nil, err
	}
	x := &Index{head: h, byFile: make(map[int][]int)}
	end := 0
	for i := range d.uint() {
		path, blocks := d.string(), d.uint()
		if d.failed || blocks > len(file)-end {
			return nil, errMalformed
		}
		s := stored{-1, end, end + blocks}
		end = s.to
		if at, ok := fileIndex(h.source, path); ok {
			s.file = at
			x.byFile[at] = append(x.byFile[at], i)
		}
		x.docs = append(x.docs, s)
	}
	blocks, blockBytes, symbols, symbolBytes := d.uint(), d.uint(), d.uint(), d.uint()
	x.blocks, x.symbols = d.bytes(blockBytes), d.bytes(symbolBytes)
	x.table, x.ends = d.bytes(12*blocks), d.bytes(4*symbols)
	if d.failed || len(d.b) > 0 || blocks != end {
		return nil, errMalformed
	}
	return x, nil
}

// Source returns the name of the source that the index is of.
func (x *Index) Source() string { return x.source }

// Stats returns what the index held.
func (x *Index) Stats() Stats { return x.stats }

// At returns what the index knows of the name at a position; false when it
// knows nothing.
func (x *Index) At(file int, at indexer.Position) (n Name, ok bool) {
	for _, doc := range x.byFile[file] {
		x.each(x.docs[doc], at, func(found name) bool {
			if found.span.Start.Line != at.Line || at.Col < found.span.Start.Col || at.Col > found.span.End.Col {
				return found.span.Start.Line < at.Line || found.span.Start.Line == at.Line && found.span.Start.Col <= at.Col
			}
			n.Span = found.span
			n.Declares = n.Declares || found.declares
			if found.local {
				n.add(Place{File: file, Span: found.definition, Local: true, Definition: true})
				return true
			}
			places, external := x.symbol(found.symbol)
			for _, p := range places {
				n.add(p)
			}
			if external != nil {
				n.External = external
			}
			return true
		})
	}
	if len(n.Places) > 0 {
		n.External = nil
	}
	return n, n.External != nil || len(n.Places) > 0 && len(n.Places) <= maxAnswers
}

func (n *Name) add(p Place) {
	if !slices.Contains(n.Places, p) {
		n.Places = append(n.Places, p)
	}
}

// name is a name of a document.
type name struct {
	span       indexer.Span
	declares   bool
	local      bool
	definition indexer.Span // of a local
	symbol     int          // global
}

// each visits names of a document in order, from before a position on to the
// end of their block or until visit returns false.
func (x *Index) each(doc stored, at indexer.Position, visit func(name) bool) {
	i := doc.from + sort.Search(doc.to-doc.from, func(i int) bool {
		line, col := fixed(x.table, 3*(doc.from+i)), fixed(x.table, 3*(doc.from+i)+1)
		return int64(line) > int64(at.Line) || int64(line) == int64(at.Line) && int64(col) > int64(at.Col)
	}) - 1
	if i < doc.from {
		return
	}
	d := decoder{b: extent(x.blocks, x.table, 3, 2, i)}
	var line, col int32
	for len(d.b) > 0 {
		if lines := d.int32(); lines > 0 {
			line, col = line+lines, 0
		}
		col += d.int32()
		length, code := d.int32(), d.uint()
		n := name{span: spanOf(line, col, length), declares: code&nameDeclares != 0, local: code&nameLocal != 0, symbol: code >> nameBits}
		if n.local {
			n.definition = spanOf(d.int32(), d.int32(), length)
		}
		if d.failed || length < 1 || !visit(n) {
			return
		}
	}
}

// fixed returns the i-th number of a table.
func fixed(table []byte, i int) uint32 { return binary.LittleEndian.Uint32(table[4*i:]) }

// extent returns the i-th stretch of all. Its end is the number at of the row i
// in a table, whose rows have width numbers; it begins at the end before.
func extent(all, table []byte, width, at, i int) []byte {
	from := uint32(0)
	if i > 0 {
		from = fixed(table, width*(i-1)+at)
	}
	to := fixed(table, width*i+at)
	if from > to || int64(to) > int64(len(all)) {
		return nil
	}
	return all[from:to]
}

func spanOf(line, col, length int32) indexer.Span {
	return indexer.Span{Start: indexer.Position{Line: line, Col: col}, End: indexer.Position{Line: line, Col: col + length - 1}}
}

// symbol returns where a symbol is defined and declared, or to whom it belongs.
func (x *Index) symbol(i int) (places []Place, external *indexer.External) {
	if i >= len(x.ends)/4 {
		return nil, nil
	}
	d := decoder{b: extent(x.symbols, x.ends, 1, 0, i)}
	switch d.uint() {
	case symbolExternal:
		return nil, &indexer.External{Library: d.string()}
	case symbolUnknown:
		return nil, nil
	}
	for range d.uint() {
		doc := d.uint()
		span := spanOf(d.int32(), d.int32(), d.int32())
		definition := d.uint() == 1
		if d.failed || doc >= len(x.docs) {
			break
		}
		if file := x.docs[doc].file; file >= 0 {
			places = append(places, Place{File: file, Span: span, Definition: definition})
		}
	}
	return places, nil
}
