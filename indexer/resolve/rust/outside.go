package rust

import (
	"embed"
	"slices"
	"strings"
	"sync"

	"navigator/indexer"
)

// stubs declare what types follow from in the standard library and in other
// crates that Rust code leans on. They are written in Rust, parsed by the
// parser of the corpus, and inferred from as its files are; but what they
// declare is outside: a name that leads there has a path for an answer, and a
// type of there is a formExt that knows its declaration. stubs/std.rs says how
// to add to them.
//
//go:embed stubs/*.rs
var stubs embed.FS

// The stubs, parsed once for every Resolver. What comes first takes a name that
// several have.
var (
	stubNames = [...]string{"std", "async", "crates"}
	stubTrees [len(stubNames)]*Tree
	parsed    sync.Once
)

// outside is what the stubs declare.
type outside struct {
	crates  map[string]*module
	impls   []*impl
	traits  []*def
	named   map[string]*def   // types, traits and functions by their last name alone
	methods map[string][]*def // of every type and trait
	prelude map[string]string // paths of what is in scope everywhere
	known   [2]map[string]*def
	agreed  map[string]*typ
}

// loadOutside reads the stubs. A module at the top of one is a crate.
func (r *Resolver) loadOutside() {
	o := &r.outside
	o.crates, o.named, o.methods = map[string]*module{}, map[string]*def{}, map[string][]*def{}
	o.known = [2]map[string]*def{{}, {}}
	parsed.Do(func() {
		for i, name := range stubNames {
			text, _ := stubs.ReadFile("stubs/" + name + ".rs")
			stubTrees[i] = Parse(r.lex(text))
			stubTrees[i].Code = nil // nothing asks where in a stub something is
		}
	})
	for i, name := range stubNames {
		src := &source{index: -1, outside: true, usual: name != "crates", tree: stubTrees[i], units: map[*Item]*unit{}}
		root := r.newModule("", nil, src, &crate{libs: o.crates})
		root.crate.root = root
		r.fill(root, src.tree.Items, nil, "")
		for name, list := range root.names[types] {
			o.crates[name] = list[0].module
		}
	}
	r.findPrelude()
	o.impls, r.implItems = r.implItems, nil
	for _, d := range r.defs {
		if d.item.Kind == Trait {
			o.traits = append(o.traits, d)
		}
	}
	slices.SortFunc(o.traits, func(a, b *def) int { return strings.Compare(a.path(), b.path()) })
}

// addOutside makes the methods of the stubs known, behind those of the corpus.
func (r *Resolver) addOutside() {
	for _, im := range r.outside.impls {
		r.addImpl(im)
	}
	for _, d := range r.outside.traits {
		im := &impl{item: d.item, mod: d.mod, src: d.src, self: r.traitType(d)}
		r.impls[d] = append(r.impls[d], im)
	}
}

// isOutside reports whether a stub declares d.
func (d *def) isOutside() bool { return d != nil && d.src != nil && d.src.outside }

// path returns where a stub declares d: std::option::Option.
func (d *def) path() string { return d.mod.path() + d.name }

func (m *module) path() string {
	if m.parent == nil {
		return ""
	}
	return m.parent.path() + m.name + "::"
}

// crateName returns the crate of a stub that m is in.
func (m *module) crateName() string {
	for m.parent != nil && m.parent.parent != nil {
		m = m.parent
	}
	return m.name
}

// declared returns what the stubs have at a path outside, or else under its
// last name: crates hand on each other's types.
func (r *Resolver) declared(path string, ns namespace) *def {
	if path == "" || ns > values {
		return nil
	}
	if d, ok := r.outside.known[ns][path]; ok {
		return d
	}
	var at entity
	names := strings.Split(path, "::")
	if m := r.outside.crates[names[0]]; m != nil {
		at = moduleEntity(m)
		for i, name := range names[1:] {
			want := types
			if i == len(names)-2 {
				want = ns
			}
			if at = r.child(at, name, want, 0); at.def == nil {
				break
			}
		}
	}
	d := at.def
	if n := len(names); d == nil && (ns == types || n > 1 && names[n-2] != "" && names[n-2][0] >= 'a') {
		if d = r.outside.named[names[len(names)-1]]; d != nil && (d.kind == indexer.KindFunction) != (ns == values) || d != nil && ns == types && d.arity() == 0 {
			d = nil
		}
	}
	if d != nil && (d.module != nil || !d.isOutside()) {
		d = nil
	}
	r.outside.known[ns][path] = d
	return d
}

// findPrelude says where names lead that are in scope everywhere.
func (r *Resolver) findPrelude() {
	r.outside.prelude = map[string]string{}
	for name, list := range r.outside.crates["std"].names[types]["prelude"][0].module.imports {
		r.outside.prelude[name] = pathText(list[0].path)
	}
}

// outsideType returns the type at a path outside.
func (r *Resolver) outsideType(path string, args ...*typ) *typ {
	if d := r.declared(path, types); d != nil {
		if t := r.typeOf(d, args); t != nil {
			if t.def == d {
				t.ext = path
			}
			return t
		}
	}
	return extern(path, args...)
}

// parameters returns the types of the generic parameters of d's item.
func (d *def) parameters() []*typ {
	var out []*typ
	for _, g := range d.item.Generics {
		if !g.Lifetime {
			out = append(out, &typ{form: formParam, name: g.Name.Text, open: d.isOutside()})
		}
	}
	return out
}

// traitType returns what a value is of which only a trait outside is known:
// the arguments are the trait's parameters, and then its associated types.
func (r *Resolver) traitType(d *def) *typ {
	t := r.typeOf(d, d.parameters())
	for _, it := range d.item.Items {
		if it.Kind == TypeAlias {
			t.args = append(t.args, &typ{form: formParam, name: "Self::" + it.Name.Text, open: true})
		}
	}
	return t
}

// isTrait reports whether t is what traitType returns.
func (t *typ) isTrait() bool {
	return t != nil && t.form == formExt && t.def != nil && t.def.kind == indexer.KindTrait
}

// boundView returns a bound as the type of what is bound: Iterator<Item = T>
// as that of every iterator over T. It is nil for what is no trait with
// associated types outside.
func boundView(b *typ) *typ {
	if !b.isTrait() {
		return nil
	}
	out := *b
	out.assoc, out.args = nil, slices.Clone(b.args)
	if n := b.def.arity(); len(out.args) > n {
		return b
	}
	for _, it := range b.def.item.Items {
		if it.Kind == TypeAlias {
			out.args = append(out.args, b.assoc[it.Name.Text])
		}
	}
	return &out
}

// arity returns how many generic parameters d's item has.
func (d *def) arity() int {
	n := 0
	for _, g := range d.item.Generics {
		if !g.Lifetime {
			n++
		}
	}
	return n
}

// implView returns what t is by an implementation of a trait outside.
func (r *Resolver) implView(im *impl, t *typ) *typ {
	if !im.of.isTrait() {
		return nil
	}
	b := r.bindImpl(im, t).final()
	out := *im.of
	out.assoc, out.args = nil, nil
	for _, a := range im.of.args {
		out.args = append(out.args, subst(a, b))
	}
	for len(out.args) < out.def.arity() {
		out.args = append(out.args, nil)
	}
	for _, it := range out.def.item.Items {
		if it.Kind == TypeAlias {
			out.args = append(out.args, subst(r.implType(im, it.Name.Text), b))
		}
	}
	return &out
}

// implType returns an associated type of an implementation.
func (r *Resolver) implType(im *impl, name string) *typ {
	if t, ok := im.assoc[name]; ok {
		return t
	}
	var t *typ
	for _, it := range im.item.Items {
		if it.Kind == TypeAlias && it.Name.Text == name {
			t = r.implContext(im).typ(it.Type)
		}
	}
	if im.assoc == nil {
		im.assoc = map[string]*typ{}
	}
	im.assoc[name] = t
	return t
}

// project returns <t as trait>::name, as t itself says.
func (r *Resolver) project(t *typ, trait, name string) *typ {
	if t == nil || t.isOpaque() {
		return t
	}
	if t.isTrait() && t.def.name == trait {
		n := t.def.arity()
		for _, it := range t.def.item.Items {
			if it.Kind == TypeAlias {
				if it.Name.Text == name {
					return t.arg(n)
				}
				n++
			}
		}
	}
	for _, im := range r.implsOf(t) {
		if lastName(im.item.Trait) == trait && r.fits(im, t) {
			return subst(r.implType(im, name), r.bindImpl(im, t).final())
		}
	}
	return nil
}

// projectVia is project by what a trait implemented, or a bound, says of t:
// what iterates can be iterated.
func (r *Resolver) projectVia(t *typ, trait, name string) *typ {
	if t == nil {
		return nil
	}
	for _, b := range t.bounds {
		if v := boundView(b); v != nil {
			if out := r.project(v, trait, name); out != nil {
				return out
			}
		}
	}
	if !t.isTrait() {
		for _, im := range r.implsOf(t) {
			if v := r.implView(im, t); v != nil && v.def.name != trait {
				if out := r.project(v, trait, name); out != nil {
					return out
				}
			}
		}
	}
	return nil
}

// associated returns <t as trait>::name, through what t dereferences to.
func (r *Resolver) associated(t *typ, trait, name string) *typ {
	for range 6 {
		if t == nil {
			return nil
		}
		if out := r.project(t, trait, name); out != nil {
			return out
		}
		if out := r.projectVia(t, trait, name); out != nil {
			return out
		}
		t = r.unwrapped(t)
	}
	return nil
}

// iterated returns what a for loop over t gives.
func (r *Resolver) iterated(t *typ) *typ { return r.associated(t, "IntoIterator", "Item") }

// awaited returns what t gives when it is ready.
func (r *Resolver) awaited(t *typ) *typ { return r.associated(t, "Future", "Output") }

// as returns t as what a trait outside makes of it.
func (r *Resolver) as(t *typ, trait *def) *typ {
	out := &typ{form: formExt, ext: trait.path(), def: trait, args: make([]*typ, trait.arity())}
	for _, it := range trait.item.Items {
		if it.Kind == TypeAlias {
			out.args = append(out.args, r.associated(t, trait.name, it.Name.Text))
		}
	}
	return out
}

// learn binds what parameters stand for by what t is as the trait of pattern.
func (r *Resolver) learn(pattern, t *typ, b bindings) {
	if v := boundView(pattern); v != nil && t != nil && len(v.args) > v.def.arity() {
		bind(v, r.as(t, v.def), b, 0)
	}
}

// complete fills what is left out in t by an implementation of the trait that
// t is bound to: Vec<_> is FromIterator<T> as Vec<T>.
func (r *Resolver) complete(t, bound *typ, depth int) *typ {
	if t == nil || t.form != formExt || len(t.args) > 0 && !hole(t) || !bound.isTrait() || depth > 4 {
		return t
	}
	for _, im := range r.implsOf(t) {
		if im.of == nil || im.of.def != bound.def || !mayBeAll(im.of.args, bound.args) {
			continue
		}
		b := bindings{}
		bind(im.self, t, b, 0)
		bind(im.of, bound, b, 0)
		for _, l := range r.implContext(im).generics {
			for _, inner := range l.typ.bounds {
				b[l.name.Text] = r.complete(b[l.name.Text], subst(inner, b), depth+1)
			}
		}
		out := subst(im.self, b.final())
		out.ext = t.ext
		return out
	}
	return t
}

// conclude learns from the bounds of the parameters of a function outside.
func (r *Resolver) conclude(d *def, b bindings) {
	for _, p := range r.signatureOf(d).generics {
		for _, bound := range p.bounds {
			r.learn(bound, b[p.name], b)
			if t := b[p.name]; t != nil {
				b[p.name] = r.complete(t, subst(bound, b), 0)
			}
		}
	}
}

// projection returns the type T::name in a stub, where a bound of T has such.
func (c *context) projection(t *typ, name string) *typ {
	for _, bound := range t.bounds {
		if !bound.isTrait() {
			continue
		}
		for _, it := range bound.def.item.Items {
			if it.Kind == TypeAlias && it.Name.Text == name {
				r, trait := c.r, bound.def.name
				return &typ{form: formParam, name: t.name + "::" + name, open: true, args: []*typ{t}, via: func(of *typ) *typ {
					if trait == "Deref" {
						return r.unwrapped(of)
					}
					return r.associated(of, trait, name)
				}}
			}
		}
	}
	return nil
}

// agreed returns what a method of that name gives whatever it is called on.
func (r *Resolver) agreed(name string) *typ {
	if t, ok := r.outside.agreed[name]; ok {
		return t
	}
	var t *typ
	for i, d := range r.outside.methods[name] {
		ret := r.signatureOf(d).ret
		if !closed(ret) || i > 0 && !equal(t, ret) {
			t = nil
			break
		}
		t = ret
	}
	if r.outside.agreed == nil {
		r.outside.agreed = map[string]*typ{}
	}
	r.outside.agreed[name] = t
	return t
}

// closed reports whether t says everything.
func closed(t *typ) bool {
	return t != nil && t.form != formParam && !slices.ContainsFunc(t.args, func(a *typ) bool { return !closed(a) })
}

func equal(a, b *typ) bool {
	return a.form == b.form && a.ext == b.ext && a.name == b.name && a.def == b.def && slices.EqualFunc(a.args, b.args, equal)
}

// externalTrait says where a method comes from that a type has by a derive, or
// by a trait outside.
func (r *Resolver) externalTrait(name string) string {
	for _, d := range r.outside.methods[name] {
		if d.parent != nil {
			return d.parent.path() + "::" + name
		}
	}
	if len(r.outside.methods[name]) > 0 {
		return "std::" + name
	}
	return "?"
}

// opaque returns the type of something outside that is not known, but is
// nothing of the corpus.
func opaque(lib string) *typ { return extern(lib + "::_") }

func (t *typ) isOpaque() bool { return t.short() == "_" }

// opaqueOf returns what comes of t when nothing more is known.
func opaqueOf(t *typ) *typ {
	if t == nil || t.form != formExt || t.short() == "Option" || t.short() == "Result" {
		return nil
	}
	for _, a := range t.args {
		if a != nil {
			return nil
		}
	}
	lib, _, _ := strings.Cut(t.ext, "::")
	return opaque(lib)
}

var stdMacros = set("println", "print", "eprintln", "eprint", "format", "vec", "panic", "assert", "assert_eq", "assert_ne",
	"debug_assert", "debug_assert_eq", "debug_assert_ne", "write", "writeln", "todo", "unimplemented", "unreachable",
	"matches", "include_str", "include_bytes", "include", "env", "option_env", "concat", "stringify", "line", "file",
	"column", "module_path", "cfg", "compile_error", "dbg", "thread_local", "format_args")

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// usual reports whether a name is so usual outside that an unknown receiver's
// method is taken to be of there.
func (r *Resolver) usual(name string) bool {
	return slices.ContainsFunc(r.outside.methods[name], func(d *def) bool { return d.src.usual })
}

func (r *Resolver) future(t *typ) *typ { return r.outsideType("std::future::Future", t) }
