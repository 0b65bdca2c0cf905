package rust

import (
	"path"
	"strings"

	"navigator/indexer"
)

// namespace says which of the names that one word may have is meant.
type namespace uint8

const (
	types  namespace = iota // modules too
	values                  // functions, constants, constructors
	macros
)

// source is a file of the corpus that has been read.
type source struct {
	index int
	tree  *Tree
	mod   *module
	units map[*Item]*unit
	bytes map[uint32]int32 // symbols by the offset of their name, made when needed

	outside bool // a stub
	usual   bool // a stub whose methods have usual names
}

// module is a module, or a block that holds items.
type module struct {
	name    string
	parent  *module // nil for the root of a crate
	block   bool
	src     *source
	def     *def // nil for the root of a crate
	names   [3]map[string][]*def
	imports map[string][]*imported
	globs   []*imported
	crate   *crate
	pkg     string // of include_proto!
}

// crate is a tree of modules.
type crate struct {
	root *module
	libs map[string]*module // the crates of the same source, by name
}

// imported is what one use brings in.
type imported struct {
	mod  *module
	path *Path
	busy bool
}

// def is a definition in the corpus: of a Rust item, or of a symbol in a
// .proto from which one is generated.
type def struct {
	name   string
	kind   indexer.Kind
	item   *Item
	mod    *module // where it stands
	src    *source
	parent *def    // of a variant, a field, or an item of a trait
	impl   *impl   // of an item of an impl
	module *module // that it is
	proto  *protoSymbol
	local  bool // in a block
}

// entity is what a name leads to: a definition, or a path outside the corpus.
type entity struct {
	def   *def
	ext   string // "std::sync::Arc"
	guess bool   // by what is usual, not by the rules
}

func (e entity) found() bool { return e.def != nil || e.ext != "" }

// load reads every Rust file, and says which module each one is.
func (r *Resolver) load() {
	r.loadOutside()
	files := r.corpus.Files()
	roots := map[string][]int{}
	byPath := map[string]int{}
	for i := range files {
		if f := &files[i]; f.Language == indexer.Rust {
			byPath[f.Source+"\x00"+f.Path] = i
			roots[f.Source] = append(roots[f.Source], i)
		}
	}
	for name, list := range roots {
		r.loadSource(name, list, byPath)
	}
	r.findImpls()
	r.addOutside()
}

// loadSource makes the crates of a source.
func (r *Resolver) loadSource(name string, list []int, byPath map[string]int) {
	files := r.corpus.Files()
	libs := map[string]*module{}
	for pass := range 3 {
		for _, i := range list {
			p := files[i].Path
			if r.sources[i] != nil || pass != rootPass(p) && pass < 2 {
				continue
			}
			c := &crate{libs: libs}
			c.root = r.newModule("", nil, r.read(i), c)
			if pass == 0 {
				libs[r.crateName(name, p)] = c.root
			}
			r.claim(c.root, byPath)
		}
	}
}

// rootPass orders what may be the root of a crate: libraries first, then
// programs, then what no mod declares.
func rootPass(p string) int {
	dir, base := path.Split(p)
	folder := path.Base(dir)
	switch {
	case base == "lib.rs" && (folder == "src" || dir == ""):
		return 0
	case base == "main.rs" && folder == "src", folder == "tests", folder == "benches", folder == "examples", folder == "bin", base == "build.rs":
		return 1
	}
	return 2
}

// crateName returns what others call the library whose root is at p.
func (r *Resolver) crateName(sourceName, p string) string {
	folder := path.Dir(path.Dir(p))
	if i, ok := r.corpus.FileIndex(sourceName, path.Join(folder, "Cargo.toml")); ok {
		section := ""
		for line := range strings.Lines(string(r.corpus.Text(i))) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "[") {
				section = line
			}
			if key, value, ok := strings.Cut(line, "="); ok && section == "[package]" && strings.TrimSpace(key) == "name" {
				return strings.ReplaceAll(strings.Trim(value, " \""), "-", "_")
			}
		}
	}
	name := path.Base(folder)
	if name == "." || name == "/" {
		name = sourceName
	}
	return strings.ReplaceAll(name, "-", "_")
}

func (r *Resolver) read(i int) *source {
	s := &source{index: i, tree: Parse(r.lex(r.corpus.Text(i))), units: map[*Item]*unit{}}
	r.sources[i] = s
	return s
}

func (r *Resolver) newModule(name string, parent *module, src *source, c *crate) *module {
	m := &module{name: name, parent: parent, src: src, crate: c, imports: map[string][]*imported{}}
	for ns := range m.names {
		m.names[ns] = map[string][]*def{}
	}
	return m
}

// claim fills the root module of a crate from its file, and those below.
func (r *Resolver) claim(root *module, byPath map[string]int) {
	root.src.mod = root
	f := &r.corpus.Files()[root.src.index]
	find := func(p string) (int, bool) {
		i, ok := byPath[f.Source+"\x00"+p]
		return i, ok
	}
	dir := path.Dir(f.Path)
	if b := path.Base(f.Path); rootPass(f.Path) == 2 && b != "mod.rs" && b != "lib.rs" && b != "main.rs" {
		dir = strings.TrimSuffix(f.Path, ".rs")
	}
	r.fill(root, root.src.tree.Items, func(m *module, it *Item, dir string) {
		r.claimFile(m, it, dir, find)
	}, dir)
}

// claimFile reads the file of the module m, which it declares in folder dir.
func (r *Resolver) claimFile(m *module, it *Item, dir string, find func(string) (int, bool)) {
	places := []string{path.Join(dir, it.Name.Text+".rs"), path.Join(dir, it.Name.Text, "mod.rs")}
	below := path.Join(dir, it.Name.Text)
	for _, a := range it.Attrs {
		if a.Value != "" && len(a.Path.Segs) == 1 && a.Path.Segs[0].Name.Text == "path" {
			p := path.Join(path.Dir(r.corpus.Files()[m.parent.src.index].Path), a.Value)
			places, below = []string{p}, path.Dir(p)
		}
	}
	for _, p := range places {
		i, ok := find(p)
		if !ok || r.sources[i] != nil {
			continue
		}
		m.src = r.read(i)
		m.src.mod = m
		r.fill(m, m.src.tree.Items, func(m *module, it *Item, dir string) { r.claimFile(m, it, dir, find) }, below)
		return
	}
}

// fill enters items into m. Files of modules that they declare are read by
// claim, nil in blocks.
func (r *Resolver) fill(m *module, items []*Item, claim func(m *module, it *Item, dir string), dir string) {
	for _, it := range items {
		switch it.Kind {
		case Mod:
			d := r.define(m, it, nil, types)
			sub := r.newModule(it.Name.Text, m, m.src, m.crate)
			sub.def, d.module = d, sub
			if it.Inline {
				r.fill(sub, it.Items, claim, path.Join(dir, it.Name.Text))
			} else if claim != nil {
				claim(sub, it, dir)
			}
		case Use:
			r.use(m, it.Imports, &Path{Global: it.Imports.Path.Global})
		case ExternCrate:
			if it.Imports != nil {
				m.imports[it.Name.Text] = append(m.imports[it.Name.Text], &imported{mod: m, path: &Path{Global: true, Segs: it.Imports.Path.Segs}})
			}
		case Struct, Union:
			d := r.define(m, it, nil, types)
			if it.Tuple || len(it.Items) == 0 {
				m.names[values][d.name] = append(m.names[values][d.name], d)
			}
			r.members(m, d, it)
		case Enum, Trait:
			r.members(m, r.define(m, it, nil, types), it)
		case TypeAlias:
			r.define(m, it, nil, types)
		case Fn, Const, Static:
			r.define(m, it, nil, values)
		case MacroRules:
			d := r.define(m, it, nil, macros)
			root := m.crate.root // textual scope and #[macro_export], both
			root.names[macros][d.name] = append(root.names[macros][d.name], d)
		case Impl:
			r.implItems = append(r.implItems, &impl{item: it, mod: m, src: m.src})
		case MacroItem:
			r.macroItem(m, it, claim, dir)
		}
	}
}

// macroItem enters what a macro in the place of an item is known to make, or
// holds in the form of items.
func (r *Resolver) macroItem(m *module, it *Item, claim func(*module, *Item, string), dir string) {
	if it.Macro == nil {
		r.fill(m, it.Items, claim, dir)
		return
	}
	if n := len(it.Macro.Path.Segs); n > 0 && it.Macro.Path.Segs[n-1].Name.Text == "include_proto" {
		m.pkg = it.Macro.Text
		return
	}
	for _, s := range it.Macro.Parts {
		if s.Item != nil {
			r.fill(m, []*Item{s.Item}, claim, dir)
		}
	}
}

var itemKinds = map[ItemKind]indexer.Kind{
	Fn: indexer.KindFunction, Struct: indexer.KindStruct, Union: indexer.KindUnion, Enum: indexer.KindEnum,
	Variant: indexer.KindEnumerator, Field: indexer.KindField, Trait: indexer.KindTrait, Mod: indexer.KindModule,
	Const: indexer.KindConstant, Static: indexer.KindVariable, TypeAlias: indexer.KindAlias, MacroRules: indexer.KindMacro,
}

// define makes the definition of an item, and enters it into m when it is
// nobody's member.
func (r *Resolver) define(m *module, it *Item, parent *def, ns namespace) *def {
	d := &def{name: it.Name.Text, kind: itemKinds[it.Kind], item: it, mod: m, src: m.src, parent: parent, local: m.block}
	r.defs[it] = d
	if parent == nil {
		m.names[ns][d.name] = append(m.names[ns][d.name], d)
		if m.src.outside && it.Kind != Mod && r.outside.named[d.name] == nil {
			r.outside.named[d.name] = d
		}
	} else if it.Kind == Fn {
		d.kind = indexer.KindMethod
	}
	return d
}

// members defines the fields, variants and associated items of d.
func (r *Resolver) members(m *module, d *def, it *Item) {
	for _, sub := range it.Items {
		if sub.Name.Text == "" {
			continue
		}
		sd := r.define(m, sub, d, values)
		if sub.Kind == Variant {
			r.members(m, sd, sub)
		}
		if sub.Kind == Fn {
			r.addMethod(sd)
		}
		if sub.Kind == Field && !m.src.outside {
			r.fields[sd.name] = append(r.fields[sd.name], sd)
		}
	}
}

// addMethod makes a method known by its name.
func (r *Resolver) addMethod(d *def) {
	known := r.methods
	if d.isOutside() {
		known = r.outside.methods
	}
	known[d.name] = append(known[d.name], d)
}

// use enters what a use tree brings in, below prefix.
func (r *Resolver) use(m *module, t *UseTree, prefix *Path) {
	full := &Path{Global: prefix.Global, Segs: append(append([]Seg(nil), prefix.Segs...), t.Path.Segs...)}
	switch {
	case t.Glob:
		m.globs = append(m.globs, &imported{mod: m, path: full})
	case t.Group:
		for _, sub := range t.List {
			r.use(m, sub, full)
		}
	case len(full.Segs) > 0:
		name := full.Segs[len(full.Segs)-1].Name.Text
		if name == "self" && len(full.Segs) > 1 {
			full.Segs = full.Segs[:len(full.Segs)-1]
			name = full.Segs[len(full.Segs)-1].Name.Text
		}
		if t.Alias.Text != "" {
			name = t.Alias.Text
		}
		m.imports[name] = append(m.imports[name], &imported{mod: m, path: full})
	}
}

// nearest returns the module that a block stands in.
func (m *module) nearest() *module {
	for m.block {
		m = m.parent
	}
	return m
}

// maxDepth bounds how far re-exports are followed.
const maxDepth = 40

// member returns what a module has by that name: its items, what it imports by
// name, what its globs bring.
func (r *Resolver) member(m *module, name string, ns namespace, depth int) entity {
	if list := m.names[ns][name]; len(list) > 0 {
		return entity{def: list[0], guess: len(list) > 1}
	}
	if depth > maxDepth {
		return entity{}
	}
	for _, imp := range m.imports[name] {
		if e := r.followImport(imp, ns, depth+1); e.found() {
			return e
		}
	}
	if m.pkg != "" {
		if e := r.protoMember(m.pkg, name, ns); e.found() {
			return e
		}
	}
	var outside entity
	for _, g := range m.globs {
		if g.busy {
			continue
		}
		g.busy = true
		target := r.followPath(g.mod, g.path, types, depth+1)
		var e entity
		if target.found() {
			e = r.child(target, name, ns, depth+1)
		}
		g.busy = false
		switch {
		case e.def != nil:
			return e
		case e.ext != "" && !outside.found() && (target.def != nil):
			outside = e
		}
	}
	return outside
}

// followImport returns what an import of one name leads to.
func (r *Resolver) followImport(imp *imported, ns namespace, depth int) entity {
	if imp.busy {
		return entity{}
	}
	imp.busy = true
	defer func() { imp.busy = false }()
	return r.followPath(imp.mod, imp.path, ns, depth)
}

// followPath returns what a path of a use declaration leads to.
func (r *Resolver) followPath(m *module, p *Path, ns namespace, depth int) entity {
	var at entity
	for i := range p.Segs {
		want := types
		if i == len(p.Segs)-1 {
			want = ns
		}
		if i == 0 {
			at = r.first(m, p, want, depth)
		} else if s := p.Segs[i].Name.Text; s == "super" && at.def != nil && at.def.module != nil {
			at = moduleEntity(at.def.module.parent)
		} else {
			at = r.child(at, s, want, depth)
		}
		if !at.found() {
			return at
		}
	}
	return at
}

// first returns what the first segment of a use path leads to.
func (r *Resolver) first(m *module, p *Path, ns namespace, depth int) entity {
	near := m.nearest()
	name := p.Segs[0].Name.Text
	switch name {
	case "crate", "$crate":
		return moduleEntity(near.crate.root)
	case "self":
		return moduleEntity(near)
	case "super":
		return moduleEntity(near.parent)
	}
	if !p.Global {
		for scope := m; scope != nil; scope = scope.parent {
			if e := r.member(scope, name, ns, depth); e.found() {
				return e
			}
			if !scope.block {
				break
			}
		}
	}
	return r.externCrate(near, name)
}

// externCrate returns the crate of that name: a library of the same source, or
// one outside.
func (r *Resolver) externCrate(m *module, name string) entity {
	if lib := m.crate.libs[name]; lib != nil {
		return moduleEntity(lib)
	}
	return entity{ext: name}
}

func moduleEntity(m *module) entity {
	if m == nil {
		return entity{}
	}
	if m.def == nil {
		m.def = &def{name: "crate", kind: indexer.KindModule, mod: m, src: m.src, module: m}
	}
	return entity{def: m.def}
}

// child returns what name is below e: in a module, an enum, a type.
func (r *Resolver) child(e entity, name string, ns namespace, depth int) entity {
	if e.def == nil {
		if e.ext == "" {
			return entity{}
		}
		return entity{ext: e.ext + "::" + name, guess: e.guess}
	}
	d := e.def
	var out entity
	switch {
	case d.module != nil:
		out = r.member(d.module, name, ns, depth)
	case d.proto != nil:
		out = r.protoChild(d.proto, name, ns)
	case d.kind == indexer.KindEnum:
		for _, v := range d.item.Items {
			if v.Name.Text == name {
				out = entity{def: r.defs[v]}
			}
		}
	}
	out.guess = out.guess || e.guess && out.found()
	return out
}
