package precise

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"hash/maphash"
	"io"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"navigator/indexer"
)

// Tree is the source that an index speaks of.
type Tree struct {
	Source string
	Root   string // absolute folder
	Path   string // of the index
	Files  Files
}

// Files are the files of the source.
type Files interface {
	// Text returns the bytes of a file; false when the source has none of that path.
	Text(path string) ([]byte, bool)
	// Hash tells sources apart whose files differ.
	Hash() indexer.Hash
}

// Fresh reports whether a file that Convert made would be made the same again of
// the index of that hash.
func Fresh(file []byte, index indexer.Hash, t Tree) bool {
	d := decoder{b: file}
	h, err := d.head()
	return err == nil && h.index == index && h.files == t.Files.Hash() && h.source == t.Source
}

// Convert reads an index of size bytes and returns, as [Open] reads it, what of
// it holds for the files of a tree. It has one document of the index in memory
// at a time. The error says what is wrong with the index.
func Convert(in io.Reader, size int64, index indexer.Hash, t Tree) ([]byte, error) {
	c := converter{
		tree: t, seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, ids: make(map[key]uint32), interned: make(map[string]string),
		ownerIDs: make(map[string]int32), definedBy: make(map[uint32][]uint32), locals: make(map[string]uint32),
	}
	if err := readIndex(in, size, c.visit); err != nil {
		return nil, err
	}
	if c.stats.Documents == 0 {
		return nil, errors.New("it has no documents")
	}
	c.borrow()
	return c.encode(index), nil
}

// symbol is a global symbol on its way.
type symbol struct {
	name   string // "" when it is no identifier
	owner  int32  // index among the owners, -1 for none
	places []place
}

// place is where a symbol is defined or declared.
type place struct {
	doc, line, col, len int32
	definition          bool
}

// owner is a package, or a namespace that stands for one.
type owner struct {
	library string
	defines bool // something in the index
}

// key stands for the string of a symbol. Two strings have one key less often
// than disks fail.
type key [2]uint64

// localBit tells the number of a symbol that is local to the document at hand
// from that of a global one.
const localBit = 1 << 31

type converter struct {
	tree  Tree
	stats Stats
	root  string // folder of the project relative to the tree's root, "" when they are one

	seeds     [2]maphash.Seed
	ids       map[key]uint32 // of global symbols
	symbols   []symbol
	interned  map[string]string // names of symbols
	owners    []owner
	ownerIDs  map[string]int32
	definedBy map[uint32][]uint32 // symbols without a definition of their own

	docs  encoder // path and number of blocks of each document that is used
	count int     // of those documents
	names blocks

	doc    document
	locals map[string]uint32
	here   []uint32 // symbols of the occurrences of doc
	fitter fitter
}

func (c *converter) visit(number protowire.Number, message []byte) error {
	if number == fieldMetadata {
		var m metadata
		if err := m.decode(message); err != nil {
			return err
		}
		c.stats.Tool, c.root = m.tool, projectFolder(m.root, c.tree)
		return nil
	}
	if err := c.doc.decode(message); err != nil {
		return err
	}
	c.document(&c.doc)
	return nil
}

// projectFolder returns the folder that the paths of documents start from,
// relative to the tree's root: that of the project where it is in the tree or
// above it, else the root itself.
func projectFolder(uri string, t Tree) string {
	u, err := url.Parse(uri)
	if err != nil || u.Path == "" {
		return ""
	}
	folder, err := filepath.Rel(t.Root, filepath.FromSlash(u.Path))
	if err != nil || !filepath.IsLocal(folder) && strings.Trim(filepath.ToSlash(folder), "./") != "" {
		folder = "" // made elsewhere
	}
	return filepath.ToSlash(folder)
}

// file returns the path in the tree of a document's file, and its text.
func (c *converter) file(path string) (string, []byte, bool) {
	if c.root != "" {
		joined := filepath.ToSlash(filepath.Join(c.tree.Root, c.root, path))
		if inside, ok := strings.CutPrefix(joined, strings.TrimSuffix(filepath.ToSlash(c.tree.Root), "/")+"/"); ok {
			if text, ok := c.tree.Files.Text(inside); ok {
				return inside, text, true
			}
		}
	}
	text, ok := c.tree.Files.Text(path)
	return path, text, ok
}

func (c *converter) document(d *document) {
	c.stats.Documents++
	c.here = c.here[:0]
	clear(c.locals)
	for i := range d.occurrences {
		o := &d.occurrences[i]
		id := c.id(o.symbol)
		c.here = append(c.here, id)
		if o.roles&roleDefinition != 0 && id&localBit == 0 && c.symbols[id].owner >= 0 {
			c.owners[c.symbols[id].owner].defines = true
		}
	}
	path, text, ok := c.file(string(d.path))
	if !ok {
		c.stats.Unknown++
		return
	}
	fitted, ok := c.fitter.fit(d, text, c.here, c.nameOf)
	if !ok {
		c.stats.Stale++
		return
	}
	c.stats.Occurrences += len(d.occurrences)
	c.add(path, fitted.found)
	for i := range d.symbols {
		id := c.id(d.symbols[i].symbol)
		for _, by := range d.symbols[i].definedBy {
			if by := c.id(by); id&localBit == 0 && by&localBit == 0 {
				c.definedBy[id] = append(c.definedBy[id], by)
			}
		}
	}
}

// id returns the number of a symbol. That of a local is good for the document.
func (c *converter) id(name []byte) uint32 {
	if isLocal(name) {
		id, ok := c.locals[string(name)]
		if !ok {
			id = localBit | uint32(len(c.locals))
			c.locals[string(name)] = id
		}
		return id
	}
	k := key{maphash.Bytes(c.seeds[0], name), maphash.Bytes(c.seeds[1], name)}
	id, ok := c.ids[k]
	if !ok {
		id = uint32(len(c.symbols))
		c.ids[k] = id
		c.symbols = append(c.symbols, c.parse(string(name)))
	}
	return id
}

func isLocal(name []byte) bool { return len(name) == 0 || bytes.HasPrefix(name, []byte("local ")) }

func (c *converter) parse(name string) symbol {
	n := parseSymbol(name)
	s := symbol{owner: -1}
	if isIdentifier(n.name) {
		if _, ok := c.interned[n.name]; !ok {
			own := strings.Clone(n.name)
			c.interned[own] = own
		}
		s.name = c.interned[n.name]
	}
	if n.owner == "" {
		return s
	}
	id, ok := c.ownerIDs[n.owner]
	if !ok {
		id = int32(len(c.owners))
		c.ownerIDs[n.owner] = id
		c.owners = append(c.owners, owner{library: strings.Clone(n.library)})
	}
	s.owner = id
	return s
}

// nameOf returns the name that a symbol has wherever it is used, "" for a local.
func (c *converter) nameOf(id uint32) string {
	if id&localBit != 0 {
		return ""
	}
	return c.symbols[id].name
}

// add takes up what was found in a file.
func (c *converter) add(path string, list []found) {
	slices.SortStableFunc(list, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.col, b.col))
	})
	list = slices.Compact(list)
	defined := make(map[uint32]found) // locals
	for _, x := range list {
		if !x.declares() {
			continue
		}
		if x.symbol&localBit != 0 {
			if _, ok := defined[x.symbol]; !ok {
				defined[x.symbol] = x
			}
			continue
		}
		s := &c.symbols[x.symbol]
		p := place{int32(c.count), x.line, x.col, x.len, x.roles&roleDefinition != 0}
		if !slices.Contains(s.places, p) && len(s.places) < maxPlaces {
			s.places = append(s.places, p)
		}
	}
	before := c.names.count
	c.stats.Used += c.names.add(list, defined)
	c.docs.string(path)
	c.docs.uint(c.names.count - before)
	c.count++
}

// maxPlaces bounds how many definitions and declarations of a symbol are kept.
// One more than are answered, so that a namespace is known to have too many.
const maxPlaces = maxAnswers + 1

// borrow gives the symbols without a definition those of the symbols that are
// said to define them.
func (c *converter) borrow() {
	for _, id := range slices.Sorted(maps.Keys(c.definedBy)) {
		s := &c.symbols[id]
		for _, by := range c.definedBy[id] {
			if len(s.places) == 0 {
				s.places = slices.Clone(c.symbols[by].places)
			}
		}
	}
}

// encode returns the file.
func (c *converter) encode(index indexer.Hash) []byte {
	var symbols, e encoder
	ends := make([]byte, 0, 4*len(c.symbols))
	for i := range c.symbols {
		c.symbol(&symbols, &c.symbols[i])
		ends = binary.LittleEndian.AppendUint32(ends, uint32(len(symbols.b)))
	}
	h := head{index: index, files: c.tree.Files.Hash(), source: c.tree.Source, stats: c.stats}
	h.encode(&e)
	e.uint(c.count)
	e.b = append(e.b, c.docs.b...)
	for _, n := range []int{c.names.count, len(c.names.b), len(c.symbols), len(symbols.b)} {
		e.uint(n)
	}
	return slices.Concat(e.b, c.names.b, symbols.b, c.names.table, ends)
}

// blocks are the names of documents, encoded.
type blocks struct {
	encoder
	table []byte
	count int
}

// add appends the names of a document, sorted, and returns how many there are.
// defined are its locals; one without a definition is left out.
func (e *blocks) add(list []found, defined map[uint32]found) int {
	list = slices.DeleteFunc(list, func(x found) bool {
		_, ok := defined[x.symbol]
		return x.symbol&localBit != 0 && !ok
	})
	for rest := list; len(rest) > 0; {
		n := min(blockNames, len(rest))
		for n < len(rest) && rest[n].line == rest[n-1].line && rest[n].col == rest[n-1].col {
			n++
		}
		e.block(rest[:n], defined)
		rest = rest[n:]
	}
	return len(list)
}

func (e *blocks) block(list []found, defined map[uint32]found) {
	var line, col int32
	for _, x := range list {
		e.uint(int(x.line - line))
		if x.line == line {
			e.uint(int(x.col - col))
		} else {
			e.uint(int(x.col))
		}
		e.uint(int(x.len))
		code := 0
		if x.declares() {
			code = nameDeclares
		}
		if x.symbol&localBit == 0 {
			e.uint(int(x.symbol)<<nameBits | code)
		} else {
			at := defined[x.symbol]
			e.uint(code | nameLocal)
			e.uint(int(at.line))
			e.uint(int(at.col))
		}
		line, col = x.line, x.col
	}
	for _, n := range []int{int(list[0].line), int(list[0].col), len(e.b)} {
		e.table = binary.LittleEndian.AppendUint32(e.table, uint32(n))
	}
	e.count++
}

func (c *converter) symbol(e *encoder, s *symbol) {
	if len(s.places) == 0 {
		if s.owner >= 0 && !c.owners[s.owner].defines {
			e.uint(symbolExternal)
			e.string(c.owners[s.owner].library)
		} else {
			e.uint(symbolUnknown)
		}
		return
	}
	slices.SortStableFunc(s.places, func(a, b place) int {
		switch {
		case a.definition == b.definition:
			return 0
		case a.definition:
			return -1
		}
		return 1
	})
	e.uint(symbolPlaced)
	e.uint(len(s.places))
	for _, p := range s.places {
		definition := int32(0)
		if p.definition {
			definition = 1
		}
		for _, n := range []int32{p.doc, p.line, p.col, p.len, definition} {
			e.uint(int(n))
		}
	}
}
