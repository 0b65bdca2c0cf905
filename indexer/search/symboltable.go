package search

import (
	"fmt"
	"runtime"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"navigator/indexer"
)

// symbolTable says, for each name of a nameTable, which symbols have it and
// how they rank. 200,000 symbols take 4 MB.
type symbolTable struct {
	first   []uint32  // of each name in symbols, and the end of the last
	symbols []symbol  // by name, then file and position
	scopes  []scope   // the distinct ones
	kinds   []kindSet // of the symbols of each name
}

// kindSet is a set of kinds, one bit each.
type kindSet uint64

func kindBit(k indexer.Kind) kindSet { return 1 << k }

// newKindSet returns the set of kinds, of all when there are none.
func newKindSet(kinds []indexer.Kind) (set kindSet) {
	for _, k := range kinds {
		set |= kindBit(k)
	}
	if set == 0 {
		return ^set
	}
	return set
}

// symbol is what ranking needs to know of a symbol.
type symbol struct {
	ref   indexer.SymbolRef
	scope uint32 // index in scopes
	rank  int16  // what its kind and place are worth, see staticRank
	kind  indexer.Kind
}

// scope is a qualified name that encloses symbols.
type scope struct {
	names  []string // outermost first
	folded []string
	mask   uint64 // letters of all
}

func (t *symbolTable) named(name uint32) []symbol {
	return t.symbols[t.first[name]:t.first[name+1]]
}

// newSymbolTable reads the symbols of all files, each processor its share.
func newSymbolTable(corpus Corpus, files []indexer.File, names *nameTable) (symbolTable, error) {
	ids := make(map[string]uint32, names.len())
	for i := range uint32(names.len()) {
		ids[names.name(i)] = i
	}
	workers := runtime.GOMAXPROCS(0)
	shares := make([]symbolShare, workers)
	scopes := scopeSet{ids: make(map[string]uint32)}
	var group errgroup.Group
	for w := range workers {
		group.Go(func() error {
			from, to := len(files)*w/workers, len(files)*(w+1)/workers
			return shares[w].read(corpus, files, from, to, ids, &scopes)
		})
	}
	if err := group.Wait(); err != nil {
		return symbolTable{}, err
	}
	t := symbolTable{first: make([]uint32, names.len()+1), scopes: scopes.list, kinds: make([]kindSet, names.len())}
	t.arrange(shares)
	return t, nil
}

// arrange sorts the symbols of all shares by name, by counting.
func (t *symbolTable) arrange(shares []symbolShare) {
	total := 0
	for _, share := range shares {
		total += len(share.names)
		for _, name := range share.names {
			t.first[name+1]++
		}
	}
	for i := 1; i < len(t.first); i++ {
		t.first[i] += t.first[i-1]
	}
	t.symbols = make([]symbol, total)
	next := slices.Clone(t.first)
	for _, share := range shares {
		for i, name := range share.names {
			t.symbols[next[name]] = share.symbols[i]
			t.kinds[name] |= kindBit(share.symbols[i].kind)
			next[name]++
		}
	}
	t.demoteRepeats()
}

// demoteRepeats leaves of the namespaces of one name, which are reopened in a
// thousand files, the best at its rank, and puts the others behind everything
// else of that name.
func (t *symbolTable) demoteRepeats() {
	best := make(map[uint32]*symbol) // by scope
	for name := range len(t.first) - 1 {
		clear(best)
		symbols := t.named(uint32(name))
		for i := range symbols {
			s := &symbols[i]
			if s.kind != indexer.KindNamespace && s.kind != indexer.KindPackage {
				continue
			}
			b := best[s.scope]
			if b != nil && b.rank >= s.rank {
				s.rank -= repeated
				continue
			}
			if b != nil {
				b.rank -= repeated
			}
			best[s.scope] = s
		}
	}
}

// symbolShare is the symbols of some files, and their names.
type symbolShare struct {
	names   []uint32
	symbols []symbol
}

func (s *symbolShare) read(corpus Corpus, files []indexer.File, from, to int, ids map[string]uint32, scopes *scopeSet) error {
	for f := from; f < to; f++ {
		module := files[f].Module()
		fileRank := rankFile(files[f].Path)
		container, id := "", scopes.intern(module, "")
		symbols := corpus.Symbols(f)
		for i := range symbols {
			named := &symbols[i]
			name, ok := ids[named.Name]
			if !ok {
				return fmt.Errorf("the names index lacks %q of %s: index again", named.Name, files[f].Path)
			}
			if named.Container != container {
				container, id = named.Container, scopes.intern(module, named.Container)
			}
			s.names = append(s.names, name)
			s.symbols = append(s.symbols, symbol{
				ref:   indexer.SymbolRef{File: int32(f), Symbol: int32(i)},
				scope: id,
				rank:  int16(fileRank + rankSymbol(named)),
				kind:  named.Kind,
			})
		}
	}
	return nil
}

// scopeSet numbers scopes.
type scopeSet struct {
	mu   sync.Mutex
	ids  map[string]uint32
	list []scope
}

func (s *scopeSet) intern(module, container string) uint32 {
	qualified := container
	if module != "" {
		qualified = module + "::" + container
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id, ok := s.ids[qualified]
	if !ok {
		id = uint32(len(s.list))
		s.ids[qualified] = id
		names, _ := splitScope(qualified + "::")
		sc := scope{names: names, mask: letters(fold(qualified))}
		for _, name := range names {
			sc.folded = append(sc.folded, fold(name))
		}
		s.list = append(s.list, sc)
	}
	return id
}
