package rust

import (
	"slices"
	"strings"

	"navigator/indexer"
)

// typeForm says how a type is built.
type typeForm uint8

const (
	formOwn   typeForm = iota // a struct, enum, trait object or message of the corpus: def, args
	formExt                   // a type outside: ext, args
	formRef                   // args[0]
	formTuple                 // args
	formSlice                 // args[0]
	formFn                    // args -> ret
	formParam                 // a generic parameter: name, bounds
	formBound                 // impl or dyn: bounds
	formPrim                  // name
)

// typ is a type as inference knows it; nil is unknown.
type typ struct {
	form   typeForm
	def    *def   // of formExt: what a stub declares there
	ext    string // path
	name   string
	args   []*typ
	ret    *typ
	bounds []*typ
	assoc  map[string]*typ // of a bound: Item = T
	fn     *def            // of formFn: the function it is

	// In stubs a formParam that stands for nothing known is dropped. One that
	// is a type associated with args[0] is found by via.
	open bool
	via  func(of *typ) *typ
}

func (t *typ) arg(i int) *typ {
	if t == nil || i >= len(t.args) {
		return nil
	}
	return t.args[i]
}

// short returns the last name of an external type's path.
func (t *typ) short() string {
	if t == nil || t.form != formExt {
		return ""
	}
	return t.ext[strings.LastIndexByte(t.ext, ':')+1:]
}

func extern(path string, args ...*typ) *typ { return &typ{form: formExt, ext: path, args: args} }

func primitiveType(name string) *typ { return &typ{form: formPrim, name: name} }

func refTo(t *typ) *typ { return &typ{form: formRef, args: []*typ{t}} }

// strip takes references off.
func (t *typ) strip() *typ {
	for t != nil && t.form == formRef {
		t = t.arg(0)
	}
	return t
}

// unwrapped returns what a dereference of t gives, nil when that is unknown.
func (r *Resolver) unwrapped(t *typ) *typ {
	switch {
	case t == nil:
	case t.form == formRef:
		return t.arg(0)
	case t.form == formExt && !t.isOpaque(), t.form == formOwn && t.def.proto == nil:
		return r.project(t, "Deref", "Target")
	}
	return nil
}

// derefs reports whether t gives way to something, known or not.
func (r *Resolver) derefs(t *typ) bool {
	return t.form == formRef || t.form == formExt && slices.ContainsFunc(r.implsOf(t), func(im *impl) bool { return lastName(im.item.Trait) == "Deref" })
}

// lastName returns the last name of a path type, "" for other types.
func lastName(t *Type) string {
	if t == nil || t.Kind != TypePath || len(t.Path.Segs) == 0 {
		return ""
	}
	return t.Path.Segs[len(t.Path.Segs)-1].Name.Text
}

// bindings says what generic parameters stand for.
type bindings map[string]*typ

// final returns b as what drops the parameters of stubs that it does not know.
func (b bindings) final() bindings {
	if len(b) == 0 {
		return nothing
	}
	b[""] = nil
	return b
}

var nothing = bindings{"": nil}

// subst replaces the generic parameters in t.
func subst(t *typ, b bindings) *typ {
	if plain(t) {
		return t
	}
	return substDepth(t, b, 0)
}

// plain reports whether there is nothing to replace in t. Of what lies deep it
// does not know.
func plain(t *typ) bool { return plainDepth(t, 0) }

func plainDepth(t *typ, depth int) bool {
	if t == nil || t.form == formPrim {
		return true
	}
	if t.form == formParam || t.form == formBound || t.form == formFn || len(t.assoc) > 0 || depth > 4 {
		return false
	}
	for _, a := range t.args {
		if !plainDepth(a, depth+1) {
			return false
		}
	}
	return true
}

func substDepth(t *typ, b bindings, depth int) *typ {
	if t == nil || len(b) == 0 || depth > 8 {
		return t
	}
	if t.form == formParam {
		return substParam(t, b, depth)
	}
	if len(t.args) == 0 && t.ret == nil && len(t.assoc) == 0 && len(t.bounds) == 0 {
		return t
	}
	out := *t
	out.args = make([]*typ, len(t.args))
	for i, a := range t.args {
		out.args[i] = substDepth(a, b, depth+1)
	}
	out.ret = substDepth(t.ret, b, depth+1)
	if len(t.bounds) > 0 {
		out.bounds = make([]*typ, len(t.bounds))
		for i, a := range t.bounds {
			out.bounds[i] = substDepth(a, b, depth+1)
		}
	}
	if len(t.assoc) > 0 {
		out.assoc = make(map[string]*typ, len(t.assoc))
		for k, a := range t.assoc {
			out.assoc[k] = substDepth(a, b, depth+1)
		}
	}
	return &out
}

func substParam(t *typ, b bindings, depth int) *typ {
	if s := b[t.name]; s != nil {
		return s
	}
	if t.via != nil {
		if s := t.via(substDepth(t.args[0], b, depth+1)); s != nil {
			return s
		}
	}
	if _, dropped := b[""]; t.open && dropped {
		return nil
	}
	return t
}

// bind learns what parameters in pattern stand for, from a type that fits it.
func bind(pattern, t *typ, b bindings, depth int) {
	if pattern == nil || t == nil || depth > 8 {
		return
	}
	if pattern.form == formParam {
		if known := b[pattern.name]; known == nil {
			b[pattern.name] = t
		} else if hole(known) {
			b[pattern.name] = better(known, t)
		}
		return
	}
	if pattern.form == formRef && t.form != formRef {
		bind(pattern.arg(0), t, b, depth+1)
		return
	}
	if pattern.form != formRef && t.form == formRef {
		bind(pattern, t.arg(0), b, depth+1)
		return
	}
	if pattern.form == formExt && t.form == formExt && pattern.def != t.def {
		return
	}
	if pattern.form == formFn && t.form == formFn || pattern.form == t.form {
		for i, a := range pattern.args {
			bind(a, t.arg(i), b, depth+1)
		}
		bind(pattern.ret, t.ret, b, depth+1)
	}
}

// ownGenerics binds the parameters of d's item to args.
func ownGenerics(d *def, args []*typ) bindings {
	b := bindings{}
	if d == nil || d.item == nil {
		return b
	}
	i := 0
	for _, g := range d.item.Generics {
		if g.Lifetime {
			continue
		}
		if i < len(args) {
			b[g.Name.Text] = args[i]
		}
		i++
	}
	return b
}

// impl is an implementation.
type impl struct {
	item  *Item
	mod   *module
	src   *source
	self  *typ
	trait entity
	of    *typ // the trait outside that it implements
	assoc map[string]*typ
}

// everywhere reports whether an implementation is for every type.
func (im *impl) everywhere() bool { return im != nil && im.self != nil && im.self.form == formParam }

// findImpls says which types the implementations are for, and defines what
// they hold.
func (r *Resolver) findImpls() {
	for _, im := range r.implItems {
		r.addImpl(im)
	}
}

func (r *Resolver) addImpl(im *impl) {
	for _, it := range im.item.Items {
		kind := itemKinds[it.Kind]
		if it.Kind == Fn {
			kind = indexer.KindMethod
		}
		d := &def{name: it.Name.Text, kind: kind, item: it, mod: im.mod, src: im.src, impl: im}
		r.defs[it] = d
		if it.Kind == Fn {
			r.addMethod(d)
		}
	}
	c := r.implContext(im)
	im.self = c.typ(im.item.Type)
	c.self = im.self
	if im.item.Trait != nil && im.item.Trait.Kind == TypePath {
		trait := c.resolve(im.item.Trait.Path, types)
		im.trait = trait.entity
		if trait.typ.isTrait() {
			im.of = trait.typ
		}
		if im.trait.def.isOutside() {
			im.trait = entity{ext: im.trait.def.path()}
		}
	}
	key := implKey(im.self.strip())
	if key == nil {
		return
	}
	r.impls[key] = append(r.impls[key], im)
	if key == "*" {
		clear(r.blankets)
	}
	if im.trait.def != nil {
		r.implementors[im.trait.def] = append(r.implementors[im.trait.def], im)
	}
}

// implKey returns under what the implementations for a type are kept: its
// definition, or its name where it has none here.
func implKey(t *typ) any {
	switch {
	case t == nil:
	case t.form == formOwn, t.form == formExt && t.def != nil:
		return t.def
	case t.form == formExt:
		return t.short()
	case t.form == formPrim:
		return t.name
	case t.form == formSlice:
		return "[]"
	case t.form == formParam:
		return "*"
	case t.form == formBound && len(t.bounds) > 0 && t.bounds[0].def != nil:
		return t.bounds[0].def
	}
	return nil
}

// implsOf returns the implementations for a type, those for every type aside.
func (r *Resolver) implsOf(t *typ) []*impl {
	if t == nil || t.form == formParam || t.form == formBound {
		return nil
	}
	return r.impls[implKey(t)]
}

// bindImpl learns what the parameters of im stand for, when it is used for t.
func (r *Resolver) bindImpl(im *impl, t *typ) bindings {
	b := bindings{"Self": t}
	bind(im.self, t, b, 0)
	return b
}

// found is a member of a type: its definition, and what generic parameters
// stand for where it is used.
type foundMember struct {
	def   *def
	binds bindings
	trait *def // the method that an impl's one implements
	guess bool
}

// assocItem finds an associated item of t itself.
func (r *Resolver) assocItem(t *typ, name string, kinds ...ItemKind) (foundMember, bool) {
	if t == nil {
		return foundMember{}, false
	}
	if t.form == formParam || t.form == formBound {
		return r.boundItem(t, name, 0)
	}
	if t.form == formOwn && t.def.kind == indexer.KindTrait {
		if m, ok := r.traitItem(t.def, name, 0); ok {
			return foundMember{def: m, binds: bindings{"Self": t}}, true
		}
	}
	if m, ok := r.implItem(t, name, kinds); ok {
		return m, true
	}
	return r.providedItem(t, name, kinds)
}

// implItem finds an item in the implementations for t: its own, or else those
// of traits.
func (r *Resolver) implItem(t *typ, name string, kinds []ItemKind) (foundMember, bool) {
	var viaTrait *foundMember
	for _, im := range r.implsOf(t) {
		for _, it := range im.item.Items {
			if it.Name.Text != name || !oneOf(it.Kind, kinds) || !r.fits(im, t) {
				continue
			}
			m := foundMember{def: r.defs[it], binds: r.bindImpl(im, t)}
			if im.item.Trait == nil {
				return m, true
			}
			if viaTrait != nil {
				viaTrait.guess = true
				continue
			}
			if im.trait.def != nil {
				m.trait, _ = r.traitItem(im.trait.def, name, 0)
			}
			viaTrait = &m
		}
	}
	if viaTrait == nil {
		return foundMember{}, false
	}
	return *viaTrait, true
}

// providedItem finds an item of the traits that are implemented for t.
func (r *Resolver) providedItem(t *typ, name string, kinds []ItemKind) (foundMember, bool) {
	for _, im := range r.implsOf(t) {
		if im.trait.def != nil {
			if d, ok := r.traitItem(im.trait.def, name, 0); ok {
				return foundMember{def: d, binds: r.bindImpl(im, t)}, true
			}
		}
	}
	if t.isTrait() {
		return foundMember{}, false
	}
	for _, im := range r.implsOf(t) {
		if v := r.implView(im, t); v != nil && r.fits(im, t) {
			if m, ok := r.assocItem(v, name, kinds...); ok {
				m.binds["Self"] = t
				return m, true
			}
		}
	}
	return foundMember{}, false
}

// fits reports whether the arguments of t may be those that im is for.
func (r *Resolver) fits(im *impl, t *typ) bool {
	s := im.self.strip()
	if s == nil || len(s.args) != len(t.args) {
		return true
	}
	return mayBeAll(s.args, t.args)
}

// mayBeAll reports whether types may be those of a pattern.
func mayBeAll(pattern, list []*typ) bool {
	for i, a := range pattern {
		if i < len(list) && !mayBe(a.strip(), list[i].strip()) {
			return false
		}
	}
	return true
}

func mayBe(a, b *typ) bool {
	if a == nil || b == nil || a.form == formParam || b.form == formParam {
		return true
	}
	return a.form == b.form && a.def == b.def && a.name == b.name && (a.form != formExt || a.short() == b.short())
}

func oneOf(k ItemKind, kinds []ItemKind) bool {
	if len(kinds) == 0 {
		return true
	}
	for _, other := range kinds {
		if k == other {
			return true
		}
	}
	return false
}

// boundItem finds an item of the traits that t is bound to.
func (r *Resolver) boundItem(t *typ, name string, depth int) (foundMember, bool) {
	for _, b := range t.bounds {
		if v := boundView(b); v != nil {
			if m, ok := r.assocItem(v, name); ok {
				return m, true
			}
			continue
		}
		if b == nil || b.def == nil || b.def.kind != indexer.KindTrait {
			continue
		}
		if d, ok := r.traitItem(b.def, name, depth); ok {
			binds := ownGenerics(b.def, b.args)
			binds["Self"] = t
			return foundMember{def: d, binds: binds}, true
		}
	}
	return foundMember{}, false
}

// traitItem finds an item of a trait or of its supertraits.
func (r *Resolver) traitItem(trait *def, name string, depth int) (*def, bool) {
	if trait.item == nil || depth > 8 {
		return nil, false
	}
	for _, it := range trait.item.Items {
		if it.Name.Text == name {
			return r.defs[it], true
		}
	}
	c := r.itemContext(trait)
	for _, b := range trait.item.Bounds {
		if b.Kind != TypePath {
			continue
		}
		if e := c.typePath(b.Path); e.def != nil && e.def.kind == indexer.KindTrait {
			if d, ok := r.traitItem(e.def, name, depth+1); ok {
				return d, true
			}
		}
	}
	return nil, false
}

// everyone is a method that an implementation for every type gives.
type everyone struct {
	im  *impl
	def *def
}

// blanket finds a method that an impl for every type gives.
func (r *Resolver) blanket(t *typ, name string) (foundMember, bool) {
	e, known := r.blankets[name]
	if !known {
		e = r.findBlanket(name)
		r.blankets[name] = e
	}
	if e.def == nil {
		return foundMember{}, false
	}
	return foundMember{def: e.def, binds: r.bindImpl(e.im, t), guess: true}, true
}

func (r *Resolver) findBlanket(name string) everyone {
	for _, im := range r.impls["*"] {
		for _, it := range im.item.Items {
			if it.Name.Text == name && it.Kind == Fn {
				return everyone{im, r.defs[it]}
			}
		}
		if im.trait.def != nil {
			if d, ok := r.traitItem(im.trait.def, name, 0); ok {
				return everyone{im, d}
			}
		}
	}
	return everyone{}
}

// method finds a method through a receiver, which is dereferenced as far as it
// goes. external is set when a type outside was met on the way that has such a
// method, or may have.
func (r *Resolver) method(recv *typ, name string) (m foundMember, at *typ, external bool) {
	t := recv
	for range 8 {
		if t == nil {
			return foundMember{}, nil, false
		}
		if t.form == formOwn && t.def.proto != nil {
			if d := r.protoMethod(t.def.proto, name); d != nil {
				return foundMember{def: d}, t, false
			}
			m, _ := r.blanket(t, name)
			return m, t, true
		}
		if m, ok := r.assocItem(t, name, Fn); ok {
			return m, t, false
		}
		if t.isOpaque() { // taken for what it most often is
			iterator := r.outsideType("std::iter::Iterator", t)
			if m, ok := r.assocItem(iterator, name, Fn); ok {
				return m, t, false
			}
		}
		next := r.unwrapped(t)
		if next == nil && r.derefs(t) {
			return foundMember{}, nil, false
		}
		if next == nil {
			if m, ok := r.blanket(t, name); ok {
				return m, t, false
			}
			return foundMember{}, t, true
		}
		t = next
	}
	return foundMember{}, nil, false
}

// field finds a field through a receiver.
func (r *Resolver) field(recv *typ, name string) (*def, *typ, *typ) {
	t := recv
	for range 8 {
		if t == nil {
			return nil, nil, nil
		}
		switch {
		case t.form == formOwn && t.def.proto != nil:
			d, ft := r.protoField(t.def.proto, name)
			return d, ft, t
		case t.form == formOwn && t.def.item != nil && t.def.kind != indexer.KindTrait:
			for _, f := range t.def.item.Items {
				if f.Kind == Field && f.Name.Text == name {
					d := r.defs[f]
					return d, subst(r.itemContext(t.def).typ(f.Type), ownGenerics(t.def, t.args)), t
				}
			}
		case t.form == formTuple:
			if len(name) == 1 && name[0] >= '0' && name[0] <= '9' {
				return nil, t.arg(int(name[0] - '0')), t
			}
		}
		next := r.unwrapped(t)
		if next == nil && r.derefs(t) {
			return nil, nil, nil
		}
		if next == nil {
			return nil, nil, t
		}
		t = next
	}
	return nil, nil, nil
}
