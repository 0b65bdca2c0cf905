// Package rust finds what names in Rust source mean.
//
// It reads items, types, patterns and expressions of every file, knows the
// modules that mod declarations make of them, follows use declarations, and
// infers the types of expressions as far as what is written allows. What the
// standard library and other crates give is known from declarations in
// stubs/*.rs.
package rust

import (
	"sort"
	"strings"
	"sync"

	"navigator/indexer"
)

// Resolver answers for the Rust files of a corpus. It is safe for concurrent
// use.
type Resolver struct {
	corpus indexer.Corpus
	lex    func([]byte) *indexer.Code

	mu           sync.Mutex
	loaded       bool
	sources      map[int]*source
	defs         map[*Item]*def
	implItems    []*impl
	impls        map[any][]*impl
	implementors map[*def][]*impl
	methods      map[string][]*def
	fields       map[string][]*def
	contexts     map[*def]*context
	signatures   map[*def]*signature
	busy         map[*def]bool
	protos       map[string][]*protoSymbol
	protoDefs    map[*protoSymbol]*def
	protoModules map[*protoSymbol]*def
	bySymbol     map[indexer.SymbolRef]*def // made when needed
	blankets     map[string]everyone        // by name, as far as asked for
	outside      outside
}

// New returns a Resolver for a corpus. Nothing is read until it is asked.
func New(corpus indexer.Corpus, lex func([]byte) *indexer.Code) *Resolver {
	return &Resolver{
		corpus: corpus, lex: lex,
		sources: map[int]*source{}, defs: map[*Item]*def{}, impls: map[any][]*impl{}, implementors: map[*def][]*impl{},
		methods: map[string][]*def{}, fields: map[string][]*def{}, contexts: map[*def]*context{},
		signatures: map[*def]*signature{}, busy: map[*def]bool{}, protos: map[string][]*protoSymbol{},
		protoDefs: map[*protoSymbol]*def{}, protoModules: map[*protoSymbol]*def{}, blankets: map[string]everyone{},
	}
}

// unit is an item whose names have been resolved.
type unit struct{ names map[uint32]meaning }

// Meaning returns what the name at a position of a file means.
func (r *Resolver) Meaning(file int, at indexer.Position) indexer.Meaning {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ready()
	s := r.sources[file]
	if s == nil {
		return indexer.Meaning{}
	}
	off, end, ok := s.wordAt(at)
	if !ok {
		return indexer.Meaning{}
	}
	out := indexer.Meaning{Name: s.tree.Text[off:end], Span: s.tree.span(off, end)}
	m, ok := r.unitAt(s, off).names[off]
	if !ok {
		return out
	}
	if len(m.defs) == 0 && m.local == nil {
		out.External = external(m.ext)
		return out
	}
	if m.local != nil {
		out.Answers = append(out.Answers, m.local.answer(m))
	}
	for _, d := range m.defs {
		if a, ok := r.answer(d); ok {
			a.Confidence, a.Reason = m.confidence, m.reason
			out.Answers = append(out.Answers, a)
		}
	}
	return out
}

// wordAt returns the extent of the identifier at a position.
func (s *source) wordAt(at indexer.Position) (from, to uint32, ok bool) {
	code := s.tree.Code
	off := code.Offset(at)
	i := code.Find(off)
	switch code.At(i) {
	case indexer.LexWord, indexer.LexKeyword, indexer.LexLifetime:
		l := code.Lexemes[i]
		return uint32(l.From), uint32(l.To), l.From <= off
	case indexer.LexNumber: // a field of a tuple
		l := code.Lexemes[i]
		return uint32(l.From), uint32(l.To), l.From <= off
	}
	return 0, 0, false
}

func (t *Tree) span(from, to uint32) indexer.Span {
	return t.Code.SpanOf(indexer.Extent{From: int32(from), To: int32(to)})
}

// unitAt resolves the names of the item around an offset.
func (r *Resolver) unitAt(s *source, off uint32) *unit {
	items, mod := s.tree.Items, s.mod
	var within *impl
	var trait *def
	var holder *Item
	for mod != nil {
		i := sort.Search(len(items), func(i int) bool { return items[i].End > off })
		if i == len(items) || items[i].Start > off {
			break
		}
		it := items[i]
		switch {
		case it.Kind == Mod && it.Inline && len(it.Items) > 0 && off >= it.Items[0].Start:
			if d := r.defs[it]; d != nil && d.module != nil {
				items, mod = it.Items, d.module
				continue
			}
		case it.Kind == Impl:
			holder, items = it, it.Items
			for _, im := range r.implItems {
				if im.item == it {
					within = im
				}
			}
			continue
		case it.Kind == Trait:
			holder, items, trait = it, it.Items, r.defs[it]
			continue
		}
		return r.resolveUnit(s, mod, it, within, trait)
	}
	if holder != nil {
		return r.resolveUnit(s, mod, holder, nil, nil)
	}
	return &unit{}
}

func (r *Resolver) resolveUnit(s *source, mod *module, it *Item, im *impl, trait *def) *unit {
	if u := s.units[it]; u != nil {
		return u
	}
	u := &unit{names: map[uint32]meaning{}}
	s.units[it] = u
	c := &context{r: r, mod: mod, src: s}
	switch {
	case im != nil:
		c = r.implContext(im)
	case trait != nil:
		c = r.itemContext(trait)
		c.self = r.traitSelf(trait)
	}
	c.keep = u.names
	if it.Kind == Impl || it.Kind == Trait {
		head := *it
		head.Items = nil
		r.defs[&head] = r.defs[it]
		c.item(&head)
		delete(r.defs, &head)
		return u
	}
	c.item(it)
	return u
}

// answer returns a definition as an answer.
func (r *Resolver) answer(d *def) (indexer.Answer, bool) {
	if d.proto != nil {
		s := d.proto.symbol
		return indexer.Answer{File: d.proto.file, Symbol: d.proto.index, Span: s.NameSpan, EndLine: s.Span.End.Line, Name: s.Qualified(), Kind: s.Kind, Definition: true}, true
	}
	if d.item == nil { // the root of a crate
		if d.src == nil {
			return indexer.Answer{}, false
		}
		start := indexer.Position{Line: 1, Col: 1}
		return indexer.Answer{File: d.src.index, Symbol: -1, Span: indexer.Span{Start: start, End: start}, EndLine: 1, Name: d.name, Kind: indexer.KindModule, Definition: true}, true
	}
	t := d.src.tree
	a := indexer.Answer{
		File: d.src.index, Symbol: -1, Span: t.span(d.item.Name.Off, d.item.Name.End()), Kind: d.kind, Definition: true,
		EndLine: t.Code.Position(int32(max(d.item.End, 1) - 1)).Line, Name: d.name,
	}
	if i, ok := r.symbolAt(d.src, a.Span.Start); ok {
		s := &r.corpus.Symbols(d.src.index)[i]
		a.Symbol, a.Kind, a.EndLine, a.Definition = i, s.Kind, s.Span.End.Line, s.Definition
		a.Name = r.corpus.Files()[d.src.index].Qualified(s)
	} else if d.local && d.kind == indexer.KindFunction {
		a.Local = indexer.LocalFunction
	}
	// A module's definition is its file.
	if d.module != nil && d.module.src != d.src && d.module.src != nil {
		start := indexer.Position{Line: 1, Col: 1}
		a.File, a.Symbol, a.Span, a.EndLine, a.Definition = d.module.src.index, -1, indexer.Span{Start: start, End: start}, 1, true
		a.Name = r.corpus.Files()[a.File].Module()
	}
	return a, true
}

func (r *Resolver) symbolAt(s *source, at indexer.Position) (int32, bool) {
	off := uint32(s.tree.Code.Offset(at))
	if s.bytes == nil {
		s.bytes = map[uint32]int32{}
		for i, sym := range r.corpus.Symbols(s.index) {
			s.bytes[uint32(s.tree.Code.Offset(sym.NameSpan.Start))] = int32(i)
		}
	}
	i, ok := s.bytes[off]
	return i, ok
}

func (l *local) answer(m meaning) indexer.Answer {
	span := l.src.tree.span(l.name.Off, l.name.End())
	return indexer.Answer{
		File: l.src.index, Symbol: -1, Span: span, EndLine: span.End.Line, Name: l.name.Text, Kind: indexer.KindVariable,
		Local: l.kind, Definition: true, Confidence: m.confidence, Reason: m.reason,
	}
}

// external says to whom a path outside belongs, and where it is documented.
func external(path string) *indexer.External {
	path = strings.ReplaceAll(path, ".", "::")
	lib, rest, _ := strings.Cut(path, "::")
	name := rest[strings.LastIndexByte(rest, ':')+1:]
	switch lib {
	case "", "?":
		return &indexer.External{}
	case "std", "core", "alloc", "proc_macro", "test":
		if lib == "test" {
			lib = "std"
		}
		url := "https://doc.rust-lang.org/" + lib + "/"
		if name != "" {
			url += "?search=" + name
		}
		return &indexer.External{Library: lib, URL: url}
	}
	url := "https://docs.rs/" + lib + "/latest/" + lib + "/"
	if name != "" {
		url += "?search=" + name
	}
	return &indexer.External{Library: lib, URL: url}
}

// item walks an item, and keeps what the names in it mean.
func (c *context) item(it *Item) {
	d := c.r.defs[it]
	c.itself(it.Name, d)
	generics := len(c.generics)
	defer func() { c.generics = c.generics[:generics] }()
	c.attributes(it)
	switch it.Kind {
	case Use:
		c.useTree(it.Imports, &Path{Global: it.Imports.Path.Global})
		return
	case ExternCrate:
		if it.Imports != nil {
			first := it.Imports.Path.Segs[0].Name
			c.markEntity(first, c.r.externCrate(c.mod, first.Text), indexer.ReasonScope, "")
		}
		return
	case Mod:
		if d != nil && d.module != nil {
			c.mod = d.module
		}
	case Struct, Enum, Union, Trait:
		if d != nil {
			c.self = c.r.outerContext(d).self
		}
	}
	c.declareGenerics(it.Generics, it.Where)
	switch it.Kind {
	case Impl:
		c.self = c.typ(it.Type)
		c.typ(it.Trait)
		c.items(it.Items)
		return
	case Fn:
		c.function(it)
		return
	case MacroItem:
		c.macroItem(it.Macro)
	}
	c.typ(it.Type)
	for _, b := range it.Bounds {
		c.typ(b)
	}
	if it.Body != nil {
		c.expr(it.Body, c.quiet(it.Type))
	}
	c.items(it.Items)
}

// items walks what an item holds, each in a context of its own.
func (c *context) items(list []*Item) {
	for _, it := range list {
		inner := *c
		inner.item(it)
	}
}

// macroItem walks the call of a macro in the place of an item.
func (c *context) macroItem(m *Macro) {
	if m == nil {
		return
	}
	c.resolve(m.Path, macros)
	if len(m.Path.Segs) == 1 {
		c.mark(m.Path.Segs[0].Name, meaning{ext: "?", confidence: indexer.Likely})
	}
	for _, s := range m.Parts {
		if s.Item != nil {
			c.item(s.Item)
		} else {
			c.stmts([]*Stmt{s}, nil)
		}
	}
}

// quiet returns a type without marking its names again.
func (c *context) quiet(t *Type) *typ {
	keep := c.keep
	c.keep = nil
	defer func() { c.keep = keep }()
	return c.typ(t)
}

// function walks a function.
func (c *context) function(it *Item) {
	c.locals, c.labels = nil, nil
	c.params(it)
	c.ret = c.typ(it.Type)
	if it.Body != nil {
		c.block(it.Body, c.ret)
	}
}

// params makes the parameters of a function known.
func (c *context) params(it *Item) {
	for _, p := range it.Params {
		t := c.typ(p.Type)
		if p.Self && t == nil {
			t = c.self
		}
		c.pattern(p.Pat, t, indexer.LocalParameter)
	}
}

func (c *context) attributes(it *Item) {
	for _, a := range it.Attrs {
		if len(a.Path.Segs) == 0 {
			continue
		}
		name := a.Path.Segs[len(a.Path.Segs)-1].Name.Text
		c.resolve(a.Path, macros)
		c.mark(a.Path.Segs[0].Name, meaning{ext: "std::" + name, confidence: indexer.Likely})
		for _, w := range a.Words {
			if name == "derive" {
				if tg := c.resolve(w, types); !tg.found() {
					c.resolve(w, macros)
				}
			}
		}
		if name != "derive" && name != "cfg" && name != "cfg_attr" {
			locals := c.locals
			if it.Kind == Fn {
				inner := *c
				inner.keep = nil
				inner.params(it)
				c.locals = inner.locals
			}
			c.stmts(a.Args, nil)
			c.locals = locals
		}
		for _, w := range a.Words {
			for _, s := range w.Segs {
				c.mark(s.Name, meaning{ext: "?", confidence: indexer.Likely})
			}
		}
	}
}

// useTree marks the names of a use declaration.
func (c *context) useTree(t *UseTree, prefix *Path) {
	full := &Path{Global: prefix.Global, Segs: append(append([]Seg(nil), prefix.Segs...), t.Path.Segs...)}
	for i := len(prefix.Segs); i < len(full.Segs); i++ {
		part := &Path{Global: full.Global, Segs: full.Segs[:i+1]}
		n := full.Segs[i].Name
		if n.Text == "self" && i > 0 {
			part = &Path{Global: full.Global, Segs: full.Segs[:i]}
		}
		last := i == len(full.Segs)-1 && !t.Glob && !t.Group
		order := []namespace{types}
		if last {
			order = []namespace{types, values, macros}
		}
		for _, ns := range order {
			if e := c.r.followPath(c.mod, part, ns, 0); e.found() {
				if e.def == nil && last && ns == types && c.ownElsewhere(part) {
					continue
				}
				c.markEntity(n, e, indexer.ReasonQualified, pathText(part))
				if last {
					c.markEntity(t.Alias, e, indexer.ReasonImported, pathText(part))
				}
				break
			}
		}
	}
	for _, sub := range t.List {
		c.useTree(sub, full)
	}
}

// ownElsewhere reports whether a path that seems to lead outside as a type is
// a value or macro of the corpus.
func (c *context) ownElsewhere(p *Path) bool {
	return c.r.followPath(c.mod, p, values, 0).def != nil || c.r.followPath(c.mod, p, macros, 0).def != nil
}
