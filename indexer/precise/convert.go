package precise

import (
	"cmp"
	"encoding/binary"
	"errors"
	"io"
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
	c := converter{tree: t, ids: make(map[string]uint32), owners: make(map[string]bool), byPath: make(map[string]int)}
	if err := readIndex(in, size, c.visit); err != nil {
		return nil, err
	}
	if c.stats.Documents == 0 {
		return nil, errors.New("it has no documents")
	}
	c.borrow()
	return c.encode(index), nil
}

// symbol is a symbol on its way.
type symbol struct {
	symbolName
	local     bool
	places    []place
	definedBy []uint32
}

// place is where a symbol is defined or declared.
type place struct {
	doc            int
	line, col, len int32
	definition     bool
}

type converter struct {
	tree  Tree
	stats Stats
	root  string // folder of the project relative to the tree's root, "" when they are one

	ids     map[string]uint32 // of global symbols
	symbols []symbol
	owners  map[string]bool // that define something in the index

	byPath map[string]int
	paths  []string // of the documents that are used
	names  [][]found

	doc    document
	locals map[string]uint32
	here   []uint32
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
	c.locals, c.here = make(map[string]uint32), c.here[:0]
	for i := range d.occurrences {
		o := &d.occurrences[i]
		id := c.id(o.symbol)
		c.here = append(c.here, id)
		if s := &c.symbols[id]; o.roles&roleDefinition != 0 && s.owner != "" {
			c.owners[s.owner] = true
		}
	}
	c.fitter.words = nil
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
		for _, by := range d.symbols[i].definedBy {
			id := c.id(d.symbols[i].symbol)
			by := c.id(by)
			c.symbols[id].definedBy = append(c.symbols[id].definedBy, by)
		}
	}
}

// id returns the number of a symbol. One that is local has it for the document.
func (c *converter) id(name []byte) uint32 {
	local := isLocal(name)
	ids := c.ids
	if local {
		ids = c.locals
	}
	id, ok := ids[string(name)]
	if !ok {
		id = uint32(len(c.symbols))
		s := symbol{local: local}
		if !local {
			s.symbolName = parseSymbol(string(name))
		}
		ids[string(name)] = id
		c.symbols = append(c.symbols, s)
	}
	return id
}

func isLocal(name []byte) bool { return strings.HasPrefix(string(name), "local ") || len(name) == 0 }

// nameOf returns the name that a symbol has wherever it is used.
func (c *converter) nameOf(id uint32) string {
	if name := c.symbols[id].name; isIdentifier(name) {
		return name
	}
	return ""
}

// add takes up what was found in a file. An index may have several documents of
// one file.
func (c *converter) add(path string, names []found) {
	doc, ok := c.byPath[path]
	if !ok {
		doc = len(c.paths)
		c.byPath[path] = doc
		c.paths = append(c.paths, path)
		c.names = append(c.names, nil)
	}
	known := c.names[doc]
	for _, x := range names {
		if x.roles&(roleDefinition|roleForwardDefinition) == 0 {
			continue
		}
		s := &c.symbols[x.symbol]
		p := place{doc, x.line, x.col, x.len, x.roles&roleDefinition != 0}
		if !slices.Contains(s.places, p) && len(s.places) < maxPlaces {
			s.places = append(s.places, p)
		}
	}
	c.names[doc] = append(known, names...)
}

// maxPlaces bounds how many definitions and declarations of a symbol are kept.
// One more than are answered, so that a namespace is known to have too many.
const maxPlaces = maxAnswers + 1

// borrow gives the symbols without a definition those of the symbols that are
// said to define them.
func (c *converter) borrow() {
	for i := range c.symbols {
		s := &c.symbols[i]
		for _, by := range s.definedBy {
			if len(s.places) == 0 {
				s.places = slices.Clone(c.symbols[by].places)
			}
		}
	}
}

// encode returns the file.
func (c *converter) encode(index indexer.Hash) []byte {
	var names blocks
	var symbols, e encoder
	var ends []byte
	counts := make([]int, len(c.names))
	for i, list := range c.names {
		before := names.count
		c.stats.Used += names.add(list)
		counts[i] = names.count - before
		c.names[i] = nil
	}
	for i := range c.symbols {
		c.symbol(&symbols, &c.symbols[i])
		ends = binary.LittleEndian.AppendUint32(ends, uint32(len(symbols.b)))
	}
	h := head{index: index, files: c.tree.Files.Hash(), source: c.tree.Source, stats: c.stats}
	h.encode(&e)
	e.uint(len(c.paths))
	for i, path := range c.paths {
		e.string(path)
		e.uint(counts[i])
	}
	for _, n := range []int{names.count, len(names.b), len(c.symbols), len(symbols.b)} {
		e.uint(n)
	}
	return slices.Concat(e.b, names.b, symbols.b, names.table, ends)
}

// blocks are the names of documents, encoded.
type blocks struct {
	encoder
	table []byte
	count int
}

// add appends the names of a document, and returns how many there are.
func (e *blocks) add(list []found) int {
	slices.SortStableFunc(list, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.col, b.col))
	})
	list = slices.Compact(list)
	for rest := list; len(rest) > 0; {
		n := min(blockNames, len(rest))
		for n < len(rest) && rest[n].line == rest[n-1].line && rest[n].col == rest[n-1].col {
			n++
		}
		e.block(rest[:n])
		rest = rest[n:]
	}
	return len(list)
}

func (e *blocks) block(list []found) {
	var line, col int32
	for _, x := range list {
		declares := 0
		if x.roles&(roleDefinition|roleForwardDefinition) != 0 {
			declares = 1
		}
		e.uint(int(x.line - line))
		if x.line == line {
			e.uint(int(x.col - col))
		} else {
			e.uint(int(x.col))
		}
		e.uint(int(x.len))
		e.uint(int(x.symbol)<<1 | declares)
		line, col = x.line, x.col
	}
	for _, n := range []int{int(list[0].line), int(list[0].col), len(e.b)} {
		e.table = binary.LittleEndian.AppendUint32(e.table, uint32(n))
	}
	e.count++
}

func (c *converter) symbol(e *encoder, s *symbol) {
	switch {
	case s.local:
		e.uint(flagLocal)
	case len(s.places) == 0 && s.owner != "" && !c.owners[s.owner]:
		e.uint(flagExternal)
		e.string(s.library)
		return
	default:
		e.uint(0)
		e.string(s.qualified)
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
	e.uint(len(s.places))
	for _, p := range s.places {
		definition := 0
		if p.definition {
			definition = 1
		}
		for _, n := range []int{p.doc, int(p.line), int(p.col), int(p.len), definition} {
			e.uint(n)
		}
	}
}
