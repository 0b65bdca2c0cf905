package rust

import (
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
	def    *def
	ext    string // path
	name   string
	args   []*typ
	ret    *typ
	bounds []*typ
	assoc  map[string]*typ // of a bound: Item = T
	fn     *def            // of formFn: the function it is
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

// wrappers are the external types that give way to what they hold.
var wrappers = map[string]bool{
	"Arc": true, "Rc": true, "Box": true, "Pin": true, "MutexGuard": true, "RwLockReadGuard": true,
	"RwLockWriteGuard": true, "OwnedMutexGuard": true, "Ref": true, "RefMut": true, "Cow": true, "LazyLock": true, "Lazy": true,
	"ManuallyDrop": true, "LazyCell": true,
}

// unwrapped returns what a dereference of t gives, nil when that is unknown.
func (r *Resolver) unwrapped(t *typ) *typ {
	switch {
	case t == nil:
	case t.form == formRef:
		return t.arg(0)
	case t.form == formExt && wrappers[t.short()]:
		return t.arg(0)
	case t.form == formExt && t.short() == "Vec":
		return &typ{form: formSlice, args: t.args}
	case t.form == formExt && t.short() == "String":
		return primitiveType("str")
	case t.form == formOwn && t.def.proto == nil:
		return r.derefTarget(t)
	}
	return nil
}

// derefTarget returns the Target of an impl of Deref for t.
func (r *Resolver) derefTarget(t *typ) *typ {
	for _, im := range r.implsOf(t) {
		if im.item.Trait == nil || lastName(im.item.Trait) != "Deref" {
			continue
		}
		for _, it := range im.item.Items {
			if it.Kind == TypeAlias && it.Name.Text == "Target" && it.Type != nil {
				return subst(r.implContext(im).typ(it.Type), r.bindImpl(im, t))
			}
		}
	}
	return nil
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

// subst replaces the generic parameters in t.
func subst(t *typ, b bindings) *typ { return substDepth(t, b, 0) }

func substDepth(t *typ, b bindings, depth int) *typ {
	if t == nil || len(b) == 0 || depth > 8 {
		return t
	}
	if t.form == formParam {
		if s, ok := b[t.name]; ok && s != nil {
			return s
		}
		return t
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

// bind learns what parameters in pattern stand for, from a type that fits it.
func bind(pattern, t *typ, b bindings, depth int) {
	if pattern == nil || t == nil || depth > 8 {
		return
	}
	if pattern.form == formParam {
		if b[pattern.name] == nil {
			b[pattern.name] = t
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
	if pattern.form == formFn && t.form == formFn || pattern.form == t.form && len(pattern.args) == len(t.args) {
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
}

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
			r.methods[d.name] = append(r.methods[d.name], d)
		}
	}
	c := r.implContext(im)
	im.self = c.typ(im.item.Type)
	c.self = im.self
	if im.item.Trait != nil && im.item.Trait.Kind == TypePath {
		im.trait = c.typePath(im.item.Trait.Path)
	}
	key := any(nil)
	switch s := im.self.strip(); {
	case s == nil:
		return
	case s.form == formOwn:
		key = s.def
	case s.form == formExt:
		key = s.short()
	case s.form == formPrim:
		key = s.name
	case s.form == formSlice:
		key = "[]"
	case s.form == formParam:
		key = "*"
	case s.form == formBound && len(s.bounds) > 0 && s.bounds[0].def != nil:
		key = s.bounds[0].def
	default:
		return
	}
	r.impls[key] = append(r.impls[key], im)
	if im.trait.def != nil {
		r.implementors[im.trait.def] = append(r.implementors[im.trait.def], im)
	}
}

// implsOf returns the implementations for a type, those for every type aside.
func (r *Resolver) implsOf(t *typ) []*impl {
	switch {
	case t == nil:
	case t.form == formOwn:
		return r.impls[t.def]
	case t.form == formExt:
		return r.impls[t.short()]
	case t.form == formPrim:
		return r.impls[t.name]
	case t.form == formSlice:
		return r.impls["[]"]
	}
	return nil
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
	var viaTrait *foundMember
	count := 0
	for _, im := range r.implsOf(t) {
		for _, it := range im.item.Items {
			if it.Name.Text != name || !oneOf(it.Kind, kinds) {
				continue
			}
			m := foundMember{def: r.defs[it], binds: r.bindImpl(im, t)}
			if im.item.Trait == nil {
				if !r.fits(im, t) {
					continue
				}
				return m, true
			}
			if im.trait.def != nil {
				m.trait, _ = r.traitItem(im.trait.def, name, 0)
			}
			if r.fits(im, t) {
				count++
				if viaTrait == nil {
					viaTrait = &m
				}
			}
		}
	}
	if viaTrait != nil {
		viaTrait.guess = count > 1
		return *viaTrait, true
	}
	for _, im := range r.implsOf(t) {
		if im.trait.def != nil {
			if d, ok := r.traitItem(im.trait.def, name, 0); ok {
				return foundMember{def: d, binds: r.bindImpl(im, t)}, true
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
	for i, a := range s.args {
		b := t.args[i]
		if a == nil || b == nil || a.form == formParam || b.form == formParam {
			continue
		}
		if a.form != b.form || a.form == formOwn && a.def != b.def || a.form == formExt && a.short() != b.short() || a.form == formPrim && a.name != b.name {
			return false
		}
	}
	return true
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

// blanket finds a method that an impl for every type gives.
func (r *Resolver) blanket(name string) (foundMember, bool) {
	for _, im := range r.impls["*"] {
		for _, it := range im.item.Items {
			if it.Name.Text == name && it.Kind == Fn {
				return foundMember{def: r.defs[it], binds: bindings{}, guess: true}, true
			}
		}
		if im.trait.def != nil {
			if d, ok := r.traitItem(im.trait.def, name, 0); ok {
				return foundMember{def: d, binds: bindings{}, guess: true}, true
			}
		}
	}
	return foundMember{}, false
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
			return foundMember{}, t, true
		}
		if m, ok := r.assocItem(t, name, Fn); ok {
			return m, t, false
		}
		if t.form == formExt && !wrappers[t.short()] || t.form == formPrim || t.form == formSlice && r.unwrapped(t) == nil {
			if m, ok := r.blanket(name); ok {
				return m, t, false
			}
			return foundMember{}, t, true
		}
		if t.form == formExt && stdMethods[name] && wrapperMethods[name] {
			return foundMember{}, t, true
		}
		next := r.unwrapped(t)
		if next == nil {
			if m, ok := r.blanket(name); ok {
				return m, t, false
			}
			return foundMember{}, t, t.form != formOwn || true
		}
		if t.form == formRef || t.form == formExt {
			if name == "clone" && t.form == formExt {
				return foundMember{}, t, true
			}
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
		if next == nil {
			return nil, nil, t
		}
		t = next
	}
	return nil, nil, nil
}
