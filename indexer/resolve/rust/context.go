package rust

import (
	"strings"

	"navigator/indexer"
)

// local is a name that only its function, or its item, knows.
type local struct {
	name Name
	kind indexer.LocalKind
	typ  *typ
	src  *source
	end  uint32
}

// meaning is what was found for a name.
type meaning struct {
	defs       []*def
	local      *local
	ext        string
	confidence indexer.Confidence
	reason     indexer.Reason
}

// context is where names stand: a module, generic parameters, locals.
type context struct {
	r        *Resolver
	mod      *module
	src      *source
	self     *typ
	generics []*local
	locals   []*local
	labels   []*local
	ret      *typ               // what return gives
	keep     map[uint32]meaning // nil while nothing is to be kept
}

func (c *context) mark(n Name, m meaning) {
	if c.keep != nil && n.Text != "" {
		if old, ok := c.keep[n.Off]; !ok || len(old.defs) == 0 && old.local == nil && old.ext == "" {
			c.keep[n.Off] = m
		}
	}
}

func (c *context) markEntity(n Name, e entity, kind indexer.ReasonKind, arg string) {
	if c.keep == nil || !e.found() {
		return
	}
	if e.def.isOutside() {
		e = entity{ext: e.def.path(), guess: e.guess}
	}
	m := meaning{ext: e.ext, confidence: indexer.Sure, reason: indexer.Reason{Kind: kind, Arg: arg}}
	if e.guess {
		m.confidence = indexer.Likely
	}
	if e.def != nil {
		m.defs = []*def{e.def}
		if e.def.proto != nil {
			m.reason = indexer.Reason{Kind: indexer.ReasonGenerated, Arg: e.def.proto.pkg}
		}
		if e.guess && e.def.mod != nil { // the same name twice, under different cfg
			for ns := range e.def.mod.names {
				for _, d := range e.def.mod.names[ns][e.def.name] {
					if d != e.def && d.kind == e.def.kind {
						m.defs = append(m.defs, d)
					}
				}
			}
		}
	}
	c.mark(n, m)
}

func (c *context) itself(n Name, d *def) {
	if d == nil || d.kind == indexer.KindField && n.Text[0] <= '9' { // a field of a tuple has no name there
		return
	}
	c.mark(n, meaning{defs: []*def{d}, confidence: indexer.Sure, reason: indexer.Reason{Kind: indexer.ReasonItself}})
}

func (c *context) declare(n Name, kind indexer.LocalKind, t *typ, end uint32) *local {
	l := &local{name: n, kind: kind, typ: t, src: c.src, end: end}
	c.mark(n, meaning{local: l, confidence: indexer.Sure, reason: indexer.Reason{Kind: indexer.ReasonItself}})
	return l
}

func (c *context) useLocal(n Name, l *local) {
	c.mark(n, meaning{local: l, confidence: indexer.Sure, reason: indexer.Reason{Kind: indexer.ReasonLocal, Arg: l.name.Text}})
}

func find(stack []*local, name string) *local {
	for i := len(stack) - 1; i >= 0; i-- {
		if stack[i].name.Text == name {
			return stack[i]
		}
	}
	return nil
}

// declareGenerics makes generic parameters known, with what bounds them.
func (c *context) declareGenerics(list, where []*Generic) {
	first := len(c.generics)
	for _, g := range list {
		kind := indexer.LocalTypeParameter
		if g.Lifetime {
			kind = indexer.LocalLifetime
		}
		c.generics = append(c.generics, c.declare(g.Name, kind, &typ{form: formParam, name: g.Name.Text, open: c.src.outside}, g.Name.End()))
	}
	for i, g := range list {
		t := c.generics[first+i].typ
		if g.Const {
			c.generics[first+i].typ = c.typ(g.Type)
		}
		t.bounds = c.bounds(g.Bounds)
		c.typ(g.Default)
	}
	for _, g := range where {
		n := len(c.generics)
		c.declareGenerics(g.For, nil)
		t, bounds := c.typ(g.Type), c.bounds(g.Bounds)
		if t != nil && t.form == formParam {
			t.bounds = append(t.bounds, bounds...)
		}
		c.generics = c.generics[:n]
	}
}

func (c *context) bounds(list []*Type) []*typ {
	var out []*typ
	for _, b := range list {
		if t := c.typ(b); t != nil {
			out = append(out, t)
		}
	}
	return out
}

// implContext returns the context of what an impl holds.
func (r *Resolver) implContext(im *impl) *context {
	c := &context{r: r, mod: im.mod, src: im.src, self: im.self}
	c.declareGenerics(im.item.Generics, im.item.Where)
	return c
}

// itemContext returns the context inside of an item, without its body.
func (r *Resolver) itemContext(d *def) *context {
	if c := r.contexts[d]; c != nil {
		copied := *c
		return &copied
	}
	c := r.outerContext(d)
	if d.item != nil {
		c.declareGenerics(d.item.Generics, d.item.Where)
	}
	r.contexts[d] = c
	copied := *c
	return &copied
}

// outerContext returns the context in which an item stands, with what it is
// when it is a type.
func (r *Resolver) outerContext(d *def) *context {
	switch {
	case d.impl != nil:
		return r.implContext(d.impl)
	case d.parent != nil:
		c := r.itemContext(d.parent)
		if d.parent.kind == indexer.KindTrait {
			c.self = r.traitSelf(d.parent)
		}
		return c
	}
	c := &context{r: r, mod: d.mod, src: d.src}
	switch d.kind {
	case indexer.KindStruct, indexer.KindEnum, indexer.KindUnion:
		c.self = &typ{form: formOwn, def: d}
		if d.item != nil {
			c.self = r.typeOf(d, d.parameters())
		}
	case indexer.KindTrait:
		c.self = r.traitSelf(d)
	}
	return c
}

// traitSelf returns what Self is in a trait.
func (r *Resolver) traitSelf(d *def) *typ {
	if d.isOutside() {
		self := &typ{form: formParam, name: "Self", open: true, bounds: []*typ{r.traitType(d)}, assoc: map[string]*typ{}}
		for _, it := range d.item.Items {
			if it.Kind == TypeAlias {
				self.assoc[it.Name.Text] = &typ{form: formParam, name: "Self::" + it.Name.Text, open: true}
			}
		}
		return self
	}
	return &typ{form: formParam, name: "Self", bounds: []*typ{{form: formOwn, def: d}}}
}

// typ returns the type that is written, and marks the names in it.
func (c *context) typ(t *Type) *typ {
	if t == nil {
		return nil
	}
	n := len(c.generics)
	c.declareGenerics(t.For, nil)
	defer func() { c.generics = c.generics[:n] }()
	if t.Life.Text != "" {
		if l := find(c.generics, t.Life.Text); l != nil {
			c.useLocal(t.Life, l)
		}
	}
	if t.Expr != nil && c.keep != nil {
		c.expr(t.Expr, nil)
	}
	switch t.Kind {
	case TypePath:
		return c.pathType(t.Path)
	case TypeRef:
		return refTo(c.typ(t.Args[0]))
	case TypeTuple:
		return &typ{form: formTuple, args: c.typs(t.Args)}
	case TypeSlice:
		return &typ{form: formSlice, args: c.typs(t.Args)}
	case TypeFn:
		return &typ{form: formFn, args: c.typs(t.Args), ret: c.typ(t.Ret)}
	case TypeImpl, TypeDyn:
		return c.boundType(c.bounds(t.Args))
	}
	return nil
}

func (c *context) typs(list []*Type) []*typ {
	out := make([]*typ, len(list))
	for i, t := range list {
		out[i] = c.typ(t)
	}
	return out
}

// boundType returns the type of impl A + B.
func (c *context) boundType(bounds []*typ) *typ {
	for _, b := range bounds {
		switch {
		case b.form == formFn:
			return b
		case b.isTrait() && len(b.assoc) > 0:
			return boundView(b)
		}
	}
	return &typ{form: formBound, bounds: bounds}
}

// pathType returns the type that a path names.
func (c *context) pathType(p *Path) *typ {
	tg := c.resolve(p, types)
	if len(p.Segs) == 0 {
		return tg.typ
	}
	last := p.Segs[len(p.Segs)-1]
	if last.Call && tg.typ != nil && tg.typ.form == formExt {
		t := &typ{form: formFn, args: tg.args, ret: c.typ(last.Ret)}
		return t
	}
	if len(last.Assoc) > 0 && tg.typ != nil {
		out := *tg.typ
		out.assoc = map[string]*typ{}
		for _, a := range last.Assoc {
			at := c.typ(a.Type)
			if a.Type == nil {
				at = c.boundType(c.bounds(a.Bounds))
			}
			if a.Name.Text == "" {
				continue
			}
			out.assoc[a.Name.Text] = at
			if out.form == formOwn {
				if d, ok := c.r.traitItem(out.def, a.Name.Text, 0); ok && out.def.kind == indexer.KindTrait {
					c.markEntity(a.Name, entity{def: d}, indexer.ReasonMember, out.def.name)
				}
			} else if out.form == formExt {
				c.markEntity(a.Name, entity{ext: out.ext + "::" + a.Name.Text}, indexer.ReasonMember, "")
			}
		}
		return &out
	}
	return tg.typ
}

// typePath returns what a path of a type leads to.
func (c *context) typePath(p *Path) entity { return c.resolve(p, types).entity }

// target is what a path leads to.
type target struct {
	entity
	local  *local
	typ    *typ   // in the namespace of types: the type; else the type to which a member belongs
	args   []*typ // of the last segment
	binds  bindings
	owner  *typ // whose associated item it is
	method bool
}

// resolve finds what a path means, and marks its segments.
func (c *context) resolve(p *Path, ns namespace) target {
	var at target
	start := 0
	if p.Self != nil {
		at.typ = c.typ(p.Self)
		if as := c.typ(p.As); as != nil && as.form == formOwn && (at.typ == nil || at.typ.form == formParam) {
			t := typ{form: formBound, bounds: []*typ{as}}
			at.typ = &t
		} else if as != nil && as.form == formExt && at.typ == nil {
			at.typ = as
		} else if as != nil && at.typ.open {
			t := *at.typ
			t.bounds = []*typ{as}
			at.typ = &t
		}
	} else if len(p.Segs) > 0 {
		at = c.firstSegment(p, ns)
		start = 1
		at.args = c.segArgs(p.Segs[0])
		at.typ = c.withArgs(at, at.args, len(p.Segs[0].Args) > 0)
	}
	for i := start; i < len(p.Segs); i++ {
		want := types
		if i == len(p.Segs)-1 {
			want = ns
		}
		prev := at
		at = c.segment(at, p.Segs[i], want)
		at.args = c.segArgs(p.Segs[i])
		if at.typ == nil && (want == types || at.def != nil && at.def.kind != indexer.KindMethod) {
			at.typ = c.withArgs(at, at.args, len(p.Segs[i].Args) > 0)
		}
		if at.def != nil && at.def.kind == indexer.KindEnumerator && prev.typ != nil {
			at.owner = prev.typ
		}
	}
	return at
}

func (c *context) segArgs(s Seg) []*typ {
	if len(s.Args) == 0 {
		return nil
	}
	return c.typs(s.Args)
}

// withArgs returns the type that an entity is with generic arguments.
func (c *context) withArgs(at target, args []*typ, given bool) *typ {
	if at.typ != nil && !given {
		return at.typ
	}
	switch {
	case at.ext != "":
		return c.r.outsideType(at.ext, args...)
	case at.def == nil:
		return at.typ
	}
	return c.r.typeOf(at.def, args)
}

// typeOf returns the type that d is, nil when it is none.
func (r *Resolver) typeOf(d *def, args []*typ) *typ {
	switch d.kind {
	case indexer.KindStruct, indexer.KindEnum, indexer.KindUnion, indexer.KindTrait, indexer.KindMessage:
		if d.isOutside() {
			return &typ{form: formExt, ext: d.path(), def: d, args: args}
		}
		return &typ{form: formOwn, def: d, args: args}
	case indexer.KindAlias:
		if d.item == nil || r.busy[d] {
			return nil
		}
		r.busy[d] = true
		defer delete(r.busy, d)
		if d.item.Type == nil { // declared by a trait
			c := r.itemContext(d)
			return &typ{form: formBound, bounds: c.bounds(d.item.Bounds)}
		}
		return subst(r.itemContext(d).typ(d.item.Type), ownGenerics(d, args).final())
	}
	return nil
}

// firstSegment finds what the first segment of a path means.
func (c *context) firstSegment(p *Path, ns namespace) target {
	n := p.Segs[0].Name
	single := len(p.Segs) == 1
	switch n.Text {
	case "Self":
		return c.selfType(n)
	case "self", "super", "crate":
		if n.Text != "self" || !single || ns != values {
			e := c.r.first(c.mod, p, types, 0)
			c.markEntity(n, e, indexer.ReasonScope, "")
			return target{entity: e}
		}
	}
	want := types
	if single {
		want = ns
	}
	if l := c.localNamed(p, want); l != nil {
		c.useLocal(n, l)
		return target{local: l, typ: l.typ}
	}
	if n.Text == "self" {
		return target{}
	}
	e, kind, arg := c.lookup(p, n.Text, want, single)
	if e.found() {
		c.markEntity(n, e, kind, arg)
		return target{entity: e}
	}
	if _, ok := keywords[n.Text]; ok && want == types {
		c.mark(n, meaning{ext: "std::primitive." + n.Text, confidence: indexer.Sure})
		return target{typ: primitiveType(n.Text)}
	}
	return target{}
}

// selfType returns what Self means.
func (c *context) selfType(n Name) target {
	switch {
	case c.self == nil:
		return target{}
	case c.self.form == formOwn:
		c.markEntity(n, entity{def: c.self.def}, indexer.ReasonScope, "")
		return target{entity: entity{def: c.self.def}, typ: c.self}
	case c.self.form == formParam && len(c.self.bounds) > 0 && c.self.bounds[0].def != nil:
		c.markEntity(n, entity{def: c.self.bounds[0].def}, indexer.ReasonScope, "")
	}
	return target{typ: c.self}
}

// localNamed returns the local, or the generic parameter, that a path begins
// with.
func (c *context) localNamed(p *Path, ns namespace) *local {
	if p.Global || ns == macros {
		return nil
	}
	name := p.Segs[0].Name.Text
	if ns == values {
		if l := find(c.locals, name); l != nil {
			return l
		}
	}
	return find(c.generics, name)
}

// lookup finds a name from the module of c on outwards.
func (c *context) lookup(p *Path, name string, ns namespace, single bool) (entity, indexer.ReasonKind, string) {
	if p.Global {
		return c.r.externCrate(c.mod, name), indexer.ReasonQualified, name
	}
	for m := c.mod; m != nil; m = m.parent {
		if e := c.r.member(m, name, ns, 0); e.found() {
			if len(m.names[ns][name]) > 0 {
				return e, indexer.ReasonScope, m.name
			}
			return e, indexer.ReasonImported, importText(m, name)
		}
		if !m.block {
			break
		}
	}
	if ns == macros {
		if e := c.r.member(c.mod.nearest().crate.root, name, macros, 0); e.found() {
			return e, indexer.ReasonMacro, name
		}
		if stdMacros[name] {
			return entity{ext: "std::" + name}, indexer.ReasonScope, ""
		}
		return entity{}, "", ""
	}
	if _, primitive := keywords[name]; primitive {
		return entity{}, "", ""
	}
	if lib := c.mod.crate.libs[name]; lib != nil && ns == types {
		return moduleEntity(lib), indexer.ReasonScope, ""
	}
	if c.src.outside {
		if d := c.r.outside.named[name]; d != nil {
			return entity{def: d}, indexer.ReasonScope, ""
		}
	}
	if ext := c.r.outside.prelude[name]; ext != "" {
		return entity{ext: ext}, indexer.ReasonScope, ""
	}
	if !single && name[0] >= 'a' && name[0] <= 'z' {
		return entity{ext: name}, indexer.ReasonScope, ""
	}
	return c.throughGlob(name), indexer.ReasonImported, ""
}

// throughGlob takes a name that nothing declares to be of something outside of
// which everything is imported.
func (c *context) throughGlob(name string) entity {
	for m := c.mod; m != nil; m = m.parent {
		for _, g := range m.globs {
			if e := c.r.followPath(g.mod, g.path, types, 0); e.ext != "" {
				return entity{ext: e.ext + "::" + name, guess: true}
			}
		}
		if !m.block {
			break
		}
	}
	return entity{}
}

func importText(m *module, name string) string {
	for _, imp := range m.imports[name] {
		return pathText(imp.path)
	}
	return "*"
}

func pathText(p *Path) string {
	var parts []string
	for _, s := range p.Segs {
		parts = append(parts, s.Name.Text)
	}
	return strings.Join(parts, "::")
}

// segment finds what a segment means behind what at is.
func (c *context) segment(at target, s Seg, ns namespace) target {
	if at.def != nil && (at.def.module != nil || at.def.proto != nil || at.def.kind == indexer.KindEnum) {
		e := c.childOf(at, s.Name.Text, ns)
		if e.found() {
			c.markEntity(s.Name, e, indexer.ReasonQualified, at.def.name)
			return target{entity: e}
		}
		if at.def.module != nil {
			return target{}
		}
	}
	t := at.typ
	if t == nil && at.def != nil {
		t = c.r.typeOf(at.def, nil)
	}
	if t == nil {
		return target{}
	}
	if a := c.associatedType(t, s.Name.Text, ns); a != nil {
		return target{typ: a}
	}
	return c.typeSegment(t, s, ns)
}

func (c *context) childOf(at target, name string, ns namespace) entity {
	if at.def.module != nil && name == "super" {
		return moduleEntity(at.def.module.parent)
	}
	return c.r.child(at.entity, name, ns, 0)
}

// associatedType returns the type that a bound has for Self::Output or T::Err.
func (c *context) associatedType(t *typ, name string, ns namespace) *typ {
	if a := t.assoc[name]; a != nil {
		return a
	}
	if ns != types {
		return nil
	}
	for _, b := range t.bounds {
		if a := b.assoc[name]; a != nil {
			return a
		}
	}
	if t.open {
		return c.projection(t, name)
	}
	return nil
}

// typeSegment finds what a segment means behind a type.
func (c *context) typeSegment(t *typ, s Seg, ns namespace) target {
	name := s.Name.Text
	if t.def != nil && t.def.kind == indexer.KindEnum && t.def.proto == nil {
		if e := c.r.child(entity{def: t.def}, name, ns, 0); e.found() {
			c.markEntity(s.Name, e, indexer.ReasonMember, t.def.name)
			return target{entity: e, owner: t}
		}
	}
	if t.form == formOwn && t.def.proto != nil {
		return c.protoSegment(t, s, ns)
	}
	if m, ok := c.r.assocItem(t, name); ok {
		if t.isTrait() { // Default::default: of which type, the place says
			delete(m.binds, "Self")
		}
		return c.memberTarget(m, t, s, ns)
	}
	switch t.form {
	case formOwn:
		// Not its own: from a derive, or from a trait outside.
		ext := c.r.externalTrait(name)
		c.mark(s.Name, meaning{ext: ext, confidence: indexer.Likely})
		if m, ok := c.r.blanket(t, name); ok && m.def.isOutside() {
			return target{entity: entity{def: m.def}, binds: m.binds, owner: t, method: true}
		}
		return target{owner: t, method: true, entity: entity{ext: ext}}
	case formExt:
		if m, ok := c.r.blanket(t, name); ok && (m.def.isOutside() && t.def != nil || c.r.inScopeTrait(c, m.def)) {
			return c.memberTarget(m, t, s, ns)
		}
		ext := t.ext + "::" + name
		c.mark(s.Name, meaning{ext: ext, confidence: indexer.Sure})
		return target{entity: entity{ext: ext}, owner: t, method: true}
	case formPrim, formSlice, formBound, formParam, formTuple:
		c.mark(s.Name, meaning{ext: "std::primitive::" + name, confidence: indexer.Likely})
		if m, ok := c.r.blanket(t, name); ok && m.def.isOutside() && t.form != formBound {
			return target{entity: entity{def: m.def}, binds: m.binds, owner: t, method: true}
		}
		return target{entity: entity{ext: "std::primitive::" + name}, owner: t, method: true}
	}
	return target{}
}

// memberTarget marks the member m of t.
func (c *context) memberTarget(m foundMember, t *typ, s Seg, ns namespace) target {
	c.markMember(s.Name, m, t)
	out := target{entity: entity{def: m.def}, binds: m.binds, owner: t, method: true}
	if ns == types {
		out.typ = subst(c.r.typeOf(m.def, nil), m.binds)
	}
	return out
}

// protoSegment finds what a segment means behind a message or an enum.
func (c *context) protoSegment(t *typ, s Seg, ns namespace) target {
	if e := c.r.protoChild(t.def.proto, s.Name.Text, ns); e.found() {
		c.markEntity(s.Name, e, indexer.ReasonMember, t.def.name)
		return target{entity: e, owner: t}
	}
	c.mark(s.Name, meaning{ext: "prost::Message::" + s.Name.Text, confidence: indexer.Likely})
	if m, ok := c.r.blanket(t, s.Name.Text); ok && m.def.isOutside() {
		return target{entity: entity{def: m.def}, binds: m.binds, owner: t, method: true}
	}
	return target{}
}

func (r *Resolver) inScopeTrait(c *context, d *def) bool {
	return d.impl != nil && d.impl.mod.crate == c.mod.crate
}

// markMember marks a member of a type: the impl's, and the trait's behind it.
func (c *context) markMember(n Name, m foundMember, t *typ) {
	if c.keep == nil {
		return
	}
	if m.def.isOutside() {
		ext := m.def.mod.path() + n.Text
		if t.form == formExt && (t.def == nil || m.def.impl.everywhere() || m.def.mod.crateName() == t.def.mod.crateName()) {
			ext = t.ext + "::" + n.Text // as it is written there
		}
		c.mark(n, meaning{ext: ext, confidence: indexer.Sure})
		return
	}
	out := meaning{defs: []*def{m.def}, confidence: indexer.Sure, reason: indexer.Reason{Kind: indexer.ReasonReceiver, Arg: typeName(t)}}
	if m.def.proto != nil {
		out.reason = indexer.Reason{Kind: indexer.ReasonGenerated, Arg: m.def.proto.pkg}
	}
	if m.guess {
		out.confidence = indexer.Likely
	}
	if m.trait != nil {
		out.defs = append(out.defs, m.trait)
	}
	c.mark(n, out)
}

func typeName(t *typ) string {
	switch {
	case t == nil, t.form == formOwn && t.def == nil:
		return ""
	case t.form == formOwn:
		return t.def.name
	case t.form == formParam, t.form == formPrim:
		return t.name
	case t.form == formBound && len(t.bounds) > 0:
		return typeName(t.bounds[0])
	}
	return t.short()
}
