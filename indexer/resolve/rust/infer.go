package rust

import (
	"maps"
	"strings"

	"navigator/indexer"
)

// signature is what a function takes and gives.
type signature struct {
	params   []*typ // self first
	self     bool
	ret      *typ
	generics []*typ
}

// signatureOf returns that of a function or a method.
func (r *Resolver) signatureOf(d *def) *signature {
	if s := r.signatures[d]; s != nil {
		return s
	}
	s := &signature{}
	r.signatures[d] = s
	if d.item == nil {
		return s
	}
	c := r.itemContext(d)
	for _, p := range d.item.Params {
		t := c.typ(p.Type)
		if p.Self {
			s.self = true
			if t == nil {
				t = c.self
			}
		}
		s.params = append(s.params, t)
	}
	s.ret = c.typ(d.item.Type)
	if d.item.Type == nil {
		s.ret = &typ{form: formTuple}
	}
	if d.item.Async {
		s.ret = r.future(s.ret)
	}
	for _, g := range c.generics {
		s.generics = append(s.generics, g.typ)
	}
	return s
}

// block walks a block and returns its type.
func (c *context) block(e *Expr, want *typ) *typ {
	locals, labels, mod := len(c.locals), len(c.labels), c.mod
	defer func() { c.locals, c.labels, c.mod = c.locals[:locals], c.labels[:labels], mod }()
	if e.Label.Text != "" {
		c.labels = append(c.labels, c.declare(e.Label, indexer.LocalLabel, nil, e.Label.End()))
	}
	c.blockItems(e.Stmts)
	t := c.stmts(e.Stmts, want)
	if e.Async {
		return c.r.future(t)
	}
	return t
}

// blockItems makes the items among statements known.
func (c *context) blockItems(stmts []*Stmt) {
	var items []*Item
	for _, s := range stmts {
		if s.Item != nil {
			items = append(items, s.Item)
		}
	}
	if len(items) == 0 {
		return
	}
	inner := c.r.newModule("", c.mod, c.src, c.mod.crate)
	inner.block, inner.def = true, c.mod.nearest().def
	first := len(c.r.implItems)
	c.r.fill(inner, items, nil, "")
	c.mod = inner
	for _, im := range c.r.implItems[first:] {
		c.r.addImpl(im)
	}
}

func (c *context) stmts(stmts []*Stmt, want *typ) *typ {
	var last *typ
	for i, s := range stmts {
		last = nil
		switch {
		case s.Item != nil:
			inner := &context{r: c.r, mod: c.mod, src: c.src, keep: c.keep}
			inner.item(s.Item)
		case s.Let:
			t := c.typ(s.Type)
			got := c.expr(s.X, t)
			if t == nil || hole(t) && got != nil {
				t = got
			}
			if s.Else != nil {
				c.block(s.Else, nil)
			}
			c.pattern(s.Pat, t, indexer.LocalVariable)
		case s.X != nil:
			w := want
			if i < len(stmts)-1 || s.Semi {
				w = nil
			}
			if t := c.expr(s.X, w); !s.Semi {
				last = t
			}
		}
	}
	if n := len(stmts); n == 0 || stmts[n-1].X != nil && stmts[n-1].Semi && stmts[n-1].X.Kind != ExprJump {
		return &typ{form: formTuple}
	}
	return last
}

// hole reports whether a type was written with something left out.
func hole(t *typ) bool {
	for _, a := range t.args {
		if a == nil || hole(a) {
			return true
		}
	}
	return false
}

// pattern makes the names that a pattern binds known.
func (c *context) pattern(p *Pat, t *typ, kind indexer.LocalKind) {
	if p == nil {
		return
	}
	inner := kind
	if kind == indexer.LocalVariable || kind == indexer.LocalParameter {
		inner = indexer.LocalBinding
	}
	if p.Macro != nil {
		c.macro(p.Macro)
	}
	for _, e := range p.Exprs {
		c.expr(e, t)
	}
	switch p.Kind {
	case PatName:
		if !p.Ref && 'A' <= p.Name.Text[0] && p.Name.Text[0] <= 'Z' {
			path := &Path{Segs: []Seg{{Name: p.Name}}}
			if e, _, _ := c.lookup(path, p.Name.Text, values, true); e.found() {
				c.resolve(path, values)
				return
			}
		}
		for _, sub := range p.List {
			c.pattern(sub, t, inner)
		}
		c.bindName(p.Name, t, kind)
	case PatPath:
		c.resolve(p.Path, values)
	case PatTuple:
		s := t.strip()
		for i, sub := range p.List {
			if sub.Kind == PatRest && s != nil {
				for k := 1; k < len(p.List)-i; k++ {
					c.pattern(p.List[len(p.List)-k], s.arg(len(s.args)-k), inner)
				}
				return
			}
			var at *typ
			if s != nil && s.form == formTuple {
				at = s.arg(i)
			}
			c.pattern(sub, at, inner)
		}
	case PatCall:
		c.callPattern(p, t, inner)
	case PatStruct:
		c.structPattern(p, t, inner)
	case PatSlice:
		for _, sub := range p.List {
			if sub.Kind == PatName && len(sub.List) == 1 && sub.List[0].Kind == PatRest {
				c.pattern(sub, t, inner)
				continue
			}
			c.pattern(sub, c.r.iterated(t), inner)
		}
	case PatRef:
		c.pattern(p.List[0], t.strip(), kind)
	case PatOr:
		first := len(c.locals)
		for i, sub := range p.List {
			before := len(c.locals)
			c.pattern(sub, t, kind)
			if i > 0 { // the names are those of the first alternative
				for _, l := range c.locals[before:] {
					if old := find(c.locals[first:before], l.name.Text); old != nil {
						if c.keep != nil {
							c.keep[l.name.Off] = meaning{local: old, confidence: indexer.Sure, reason: indexer.Reason{Kind: indexer.ReasonLocal, Arg: old.name.Text}}
						}
					}
				}
				c.locals = c.locals[:before]
			}
		}
	}
}

func (c *context) bindName(n Name, t *typ, kind indexer.LocalKind) {
	if n.Text == "" {
		return
	}
	c.locals = append(c.locals, c.declare(n, kind, t, n.End()))
}

// fieldTypes returns a function that gives the types of the fields of what a
// pattern or a literal of type t names.
func (c *context) fieldsOf(tg target, t *typ) (*def, bindings) {
	d := tg.def
	if d == nil && tg.ext != "" {
		d = c.r.declared(tg.ext, values)
	}
	var args []*typ
	owner := d
	if d != nil && d.kind == indexer.KindEnumerator && d.parent != nil {
		owner = d.parent
	}
	if d != nil && d.kind == indexer.KindAlias || d == nil && tg.typ != nil {
		if tg.typ != nil && tg.typ.form == formOwn {
			d, owner = tg.typ.def, tg.typ.def
		}
	}
	if owner == nil {
		return d, nil
	}
	t = t.strip()
	for range 4 { // Box and the like give way in patterns of references
		if t == nil || t.form != formExt || t.def == owner {
			break
		}
		t = c.r.unwrapped(t).strip()
	}
	switch {
	case t != nil && t.def == owner:
		args = t.args
	case tg.owner != nil && tg.owner.def == owner:
		args = tg.owner.args
	case tg.typ != nil && tg.typ.def == owner:
		args = tg.typ.args
	}
	return d, ownGenerics(owner, args)
}

// memberField returns the field of d of that name, and its type.
func (c *context) memberField(d *def, b bindings, name string) (*def, *typ) {
	if d == nil {
		return nil, nil
	}
	if d.proto != nil {
		return c.r.protoField(d.proto, name)
	}
	if d.item == nil {
		return nil, nil
	}
	for _, f := range d.item.Items {
		if f.Kind == Field && f.Name.Text == name {
			return c.r.defs[f], subst(c.r.itemContext(d).typ(f.Type), b.final())
		}
	}
	return nil, nil
}

func (c *context) callPattern(p *Pat, t *typ, kind indexer.LocalKind) {
	tg := c.resolve(p.Path, values)
	d, b := c.fieldsOf(tg, t)
	for i, sub := range p.List {
		var at *typ
		switch {
		case sub.Kind == PatRest:
			continue
		case d != nil && d.proto != nil:
			at = c.r.protoPayload(d.proto)
		case d != nil:
			_, at = c.memberField(d, b, itoa(i))
		}
		if s := t.strip(); at == nil && s.isOpaque() {
			at = s
		}
		c.pattern(sub, at, kind)
	}
}

func (c *context) structPattern(p *Pat, t *typ, kind indexer.LocalKind) {
	tg := c.resolve(p.Path, types)
	if !tg.found() && tg.typ == nil {
		tg = c.resolve(p.Path, values)
	}
	d, b := c.fieldsOf(tg, t)
	for _, f := range p.Fields {
		fd, ft := c.memberField(d, b, f.Name.Text)
		if f.Short {
			c.pattern(f.Pat, ft, kind)
			if fd != nil && c.keep != nil {
				m := c.keep[f.Name.Off]
				m.defs = append(m.defs, fd)
				c.keep[f.Name.Off] = m
			}
			continue
		}
		c.markField(f.Name, fd, typeName(&typ{form: formOwn, def: d}), tg)
		c.pattern(f.Pat, ft, kind)
	}
}

func (c *context) markField(n Name, fd *def, owner string, tg target) {
	switch {
	case fd != nil:
		c.markEntity(n, entity{def: fd}, indexer.ReasonMember, owner)
	case tg.ext != "":
		c.mark(n, meaning{ext: tg.ext, confidence: indexer.Sure})
	}
}

// expr walks an expression and returns its type; want is the type that its
// place asks for, where that is known.
func (c *context) expr(e *Expr, want *typ) *typ {
	if e == nil {
		return nil
	}
	switch e.Kind {
	case ExprPath:
		return c.pathExpr(e, want)
	case ExprLit:
		switch e.Lit {
		case '"':
			return refTo(primitiveType("str"))
		case 't':
			return primitiveType("bool")
		case '0', '.':
			if e.Op != "" {
				return primitiveType(e.Op)
			}
			if want != nil && want.form == formPrim {
				return want
			}
			return primitiveType("i32")
		case '\'':
			return primitiveType("char")
		}
		return nil
	case ExprCall:
		return c.call(e, want)
	case ExprMethod:
		return c.methodCall(e, want)
	case ExprField:
		recv := c.expr(e.X, nil)
		d, t, at := c.r.field(recv, e.Name.Text)
		switch {
		case d != nil:
			kind := indexer.ReasonReceiver
			c.markEntity(e.Name, entity{def: d}, kind, typeName(at))
		case at == nil && t == nil:
			c.guessField(e.Name)
		case at != nil && at.form == formExt:
			c.mark(e.Name, meaning{ext: at.ext + "::" + e.Name.Text, confidence: indexer.Sure})
			if t == nil {
				return opaqueOf(at)
			}
		}
		return t
	case ExprIndex:
		t := c.expr(e.X, nil).strip()
		c.expr(e.Y, nil)
		if e.Y != nil && e.Y.Kind == ExprRange {
			return t
		}
		return c.r.associated(t, "Index", "Output")
	case ExprRef:
		return refTo(c.expr(e.X, want.strip()))
	case ExprDeref:
		t := c.expr(e.X, nil)
		if u := c.r.unwrapped(t); u != nil {
			return u
		}
		return nil
	case ExprUnary:
		return c.expr(e.X, want)
	case ExprBinary:
		x := c.expr(e.X, nil)
		c.expr(e.Y, x)
		switch e.Op {
		case "==", "!=", "<", ">", "<=", ">=", "&&", "||":
			return primitiveType("bool")
		}
		return x
	case ExprAssign:
		c.expr(e.Y, c.expr(e.X, nil))
		return &typ{form: formTuple}
	case ExprCast:
		c.expr(e.X, nil)
		return c.typ(e.Type)
	case ExprTry:
		t := c.expr(e.X, nil)
		return c.r.associated(t, "Try", "Output")
	case ExprAwait:
		return c.r.awaited(c.expr(e.X, nil))
	case ExprStruct:
		return c.structLit(e, want)
	case ExprTuple:
		out := &typ{form: formTuple}
		for i, x := range e.List {
			var w *typ
			if want != nil && want.form == formTuple {
				w = want.arg(i)
			}
			out.args = append(out.args, c.expr(x, w))
		}
		return out
	case ExprArray:
		t, item := (*typ)(nil), c.r.iterated(want)
		for _, x := range e.List {
			if got := c.expr(x, item); t == nil {
				t = got
			}
		}
		c.expr(e.Y, nil)
		return &typ{form: formSlice, args: []*typ{t}}
	case ExprBlock:
		return c.block(e, want)
	case ExprIf:
		locals := len(c.locals)
		c.expr(e.X, nil)
		t := c.expr(e.Y, want)
		c.locals = c.locals[:locals]
		z := c.expr(e.Z, want)
		return better(t, z)
	case ExprMatch:
		on := c.expr(e.X, nil)
		var t *typ
		for _, a := range e.Arms {
			t = better(t, c.arm(a, on, want))
		}
		return t
	case ExprWhile:
		locals := len(c.locals)
		c.labelled(e)
		c.expr(e.X, nil)
		c.expr(e.Y, nil)
		c.locals = c.locals[:locals]
		c.unlabel(e)
		return nil
	case ExprLoop:
		c.labelled(e)
		c.expr(e.Y, nil)
		c.unlabel(e)
		return nil
	case ExprFor:
		t := c.expr(e.X, nil)
		locals := len(c.locals)
		c.labelled(e)
		c.pattern(e.Pat, c.r.iterated(t), indexer.LocalVariable)
		c.expr(e.Y, nil)
		c.locals = c.locals[:locals]
		c.unlabel(e)
		return nil
	case ExprClosure:
		return c.closure(e, want)
	case ExprJump:
		if l := find(c.labels, e.Label.Text); l != nil {
			c.useLocal(e.Label, l)
		}
		var w *typ
		if e.Op == "return" {
			w = c.ret
		}
		c.expr(e.X, w)
		return nil
	case ExprLet:
		c.pattern(e.Pat, c.expr(e.X, nil), indexer.LocalBinding)
		return primitiveType("bool")
	case ExprRange:
		x, y := c.expr(e.X, nil), c.expr(e.Y, nil)
		return c.r.outsideType("std::ops::Range", better(x, y))
	case ExprMacro:
		return c.macro(e.Macro)
	}
	for _, x := range e.List {
		c.expr(x, nil)
	}
	return nil
}

// better returns the type that says more.
func better(a, b *typ) *typ {
	if a == nil || a.form == formTuple && len(a.args) == 0 && b != nil {
		return b
	}
	if b != nil && a.form == formExt && b.form == formExt && a.short() == b.short() && hole(a) {
		out := *a
		out.args = make([]*typ, max(len(a.args), len(b.args)))
		for i := range out.args {
			out.args[i] = a.arg(i)
			if out.args[i] == nil {
				out.args[i] = b.arg(i)
			}
		}
		return &out
	}
	return a
}

func (c *context) labelled(e *Expr) {
	if e.Label.Text != "" {
		c.labels = append(c.labels, c.declare(e.Label, indexer.LocalLabel, nil, e.Label.End()))
	}
}

func (c *context) unlabel(e *Expr) {
	if e.Label.Text != "" {
		c.labels = c.labels[:len(c.labels)-1]
	}
}

func (c *context) arm(a *Arm, on, want *typ) *typ {
	locals := len(c.locals)
	c.pattern(a.Pat, on, indexer.LocalBinding)
	c.expr(a.Guard, nil)
	t := c.expr(a.Body, want)
	c.locals = c.locals[:locals]
	return t
}

func (c *context) closure(e *Expr, want *typ) *typ {
	locals, ret, labels := len(c.locals), c.ret, c.labels
	out := &typ{form: formFn}
	c.labels = nil
	for i, p := range e.Params {
		t := c.typ(p.Type)
		if (t == nil || hole(t)) && want != nil && want.form == formFn && i < len(want.args) {
			t = want.args[i]
		}
		out.args = append(out.args, t)
		c.pattern(p.Pat, t, indexer.LocalParameter)
	}
	out.ret = c.typ(e.Type)
	c.ret = out.ret
	got := c.expr(e.Y, out.ret)
	if out.ret == nil {
		out.ret = got
		if e.Async && got != nil && (e.Y == nil || e.Y.Kind != ExprBlock || !e.Y.Async) {
			out.ret = c.r.future(got)
		}
	}
	c.locals, c.ret, c.labels = c.locals[:locals], ret, labels
	return out
}

func (c *context) pathExpr(e *Expr, want *typ) *typ {
	tg := c.resolve(e.Path, values)
	t := c.valueType(tg, e.Path)
	if t != nil && t.form == formExt && tg.local == nil { // None
		b := bindings{}
		bind(t, want, b, 0)
		return subst(t, b.final())
	}
	return t
}

// valueType returns the type of the value that a path leads to.
func (c *context) valueType(tg target, p *Path) *typ {
	if tg.local != nil {
		return tg.local.typ
	}
	if tg.def == nil {
		tg.def = c.r.declared(tg.ext, values)
	}
	if tg.def == nil {
		if len(p.Segs) > 0 && p.Segs[len(p.Segs)-1].Name.Text == "Self" {
			return c.self
		}
		return nil
	}
	d := tg.def
	switch d.kind {
	case indexer.KindFunction, indexer.KindMethod:
		s := c.r.signatureOf(d)
		return subst(&typ{form: formFn, args: s.params, ret: s.ret, fn: d}, tg.binds)
	case indexer.KindConstant, indexer.KindVariable:
		if d.item != nil {
			return subst(c.r.itemContext(d).typ(d.item.Type), tg.binds)
		}
	case indexer.KindEnumerator:
		if d.proto != nil {
			return c.r.protoOwner(d)
		}
		if d.isOutside() {
			return c.constructor(d, c.r.itemContext(d.parent).self)
		}
		owner := tg.owner
		if owner == nil || owner.form != formOwn || owner.def != d.parent {
			owner = &typ{form: formOwn, def: d.parent}
		}
		return c.constructor(d, owner)
	case indexer.KindStruct:
		t := tg.typ
		if t == nil || d.isOutside() {
			t = c.r.typeOf(d, nil)
		}
		return c.constructor(d, t)
	}
	return nil
}

// constructor returns what the name of a struct or a variant is as a value.
func (c *context) constructor(d *def, of *typ) *typ {
	if d.item == nil || !d.item.Tuple {
		return of
	}
	fn := &typ{form: formFn, ret: of}
	ic := c.r.itemContext(d)
	for _, f := range d.item.Items {
		fn.args = append(fn.args, ic.typ(f.Type))
	}
	return fn
}

func (c *context) structLit(e *Expr, want *typ) *typ {
	tg := c.resolve(e.Path, types)
	if !tg.found() && tg.typ == nil {
		tg = c.resolve(e.Path, values)
	}
	d, b := c.fieldsOf(tg, want)
	owner := d
	if d != nil && d.kind == indexer.KindEnumerator && d.parent != nil {
		owner = d.parent
	}
	learned := bindings{}
	for _, f := range e.Fields {
		fd, ft := c.memberField(d, b, f.Name.Text)
		var got *typ
		if f.X == nil {
			l := find(c.locals, f.Name.Text)
			if l != nil {
				c.useLocal(f.Name, l)
				got = l.typ
				if fd != nil && c.keep != nil {
					m := c.keep[f.Name.Off]
					m.defs = append(m.defs, fd)
					c.keep[f.Name.Off] = m
				}
			} else {
				c.markField(f.Name, fd, typeName(&typ{form: formOwn, def: d}), tg)
			}
		} else {
			if d != nil {
				c.markField(f.Name, fd, d.name, tg)
			} else {
				c.markField(f.Name, nil, "", tg)
			}
			got = c.expr(f.X, ft)
		}
		bind(ft, got, learned, 0)
	}
	c.expr(e.X, nil)
	if owner == nil || owner.isOutside() {
		if tg.ext != "" {
			return c.r.outsideType(tg.ext)
		}
		return nil
	}
	out := &typ{form: formOwn, def: owner}
	if owner.item != nil {
		for _, g := range owner.item.Generics {
			if !g.Lifetime {
				t := b[g.Name.Text]
				if t == nil {
					t = learned[g.Name.Text]
				}
				out.args = append(out.args, t)
			}
		}
	}
	return out
}

// call walks f(args).
func (c *context) call(e *Expr, want *typ) *typ {
	if e.X.Kind != ExprPath {
		fn := c.expr(e.X, nil).strip()
		c.args(e.List, paramsOf(fn), bindings{}, nil)
		if fn != nil && fn.form == formFn {
			return fn.ret
		}
		return nil
	}
	tg := c.resolve(e.X.Path, values)
	fn := c.callable(c.valueType(tg, e.X.Path))
	if fn == nil {
		c.args(e.List, nil, nil, nil)
		return c.unknownCall(tg, want)
	}
	b := bindings{}
	if fn.fn != nil && len(tg.args) > 0 {
		maps.Copy(b, ownGenerics(fn.fn, tg.args))
	}
	ret := c.apply(fn, e.List, b, want)
	if ret != nil && ret.form == formOwn && len(ret.args) == 0 && tg.def != nil {
		ret = c.learned(ret, b)
	}
	if ret != nil && ret.form == formParam {
		return want
	}
	return ret
}

// learned gives a type the arguments that a constructor's call told.
func (c *context) learned(t *typ, b bindings) *typ {
	if t.def.item == nil || len(b) == 0 {
		return t
	}
	out := *t
	for _, g := range t.def.item.Generics {
		if !g.Lifetime {
			out.args = append(out.args, b[g.Name.Text])
		}
	}
	return &out
}

// callable returns the function type that a value has when it is called.
func (c *context) callable(t *typ) *typ {
	for range 6 {
		if t == nil || t.form == formFn {
			return t
		}
		if t.form == formParam || t.form == formBound {
			for _, b := range t.bounds {
				if b.form == formFn {
					return b
				}
			}
			return nil
		}
		t = c.r.unwrapped(t)
	}
	return nil
}

func paramsOf(fn *typ) []*typ {
	if fn != nil && fn.form == formFn {
		return fn.args
	}
	return nil
}

// unknownCall returns what the call of a function gives that nobody declares.
func (c *context) unknownCall(tg target, want *typ) *typ {
	owner := tg.owner
	if owner == nil || tg.local != nil {
		return nil
	}
	switch owner.form {
	case formParam:
		return owner
	case formOwn:
		if tg.ext != "" && strings.HasSuffix(tg.ext, "::new") {
			return owner
		}
	case formExt:
		if want.short() == owner.short() {
			return want
		}
		switch tg.ext[strings.LastIndexByte(tg.ext, ':')+1:] {
		case "new", "default", "with_capacity", "from", "from_iter", "now", "builder", "new_v4":
			return owner
		}
		return opaqueOf(owner)
	}
	return nil
}

// apply walks the arguments of a call, and returns what it gives. b says what
// generic parameters stand for as far as that is known, and learns more.
func (c *context) apply(fn *typ, list []*Expr, b bindings, want *typ) *typ {
	hints := bindings{}
	b[""] = nil // what b does not know at last is dropped
	bind(fn.ret, want, hints, 0)
	c.args(list, fn.args, b, hints)
	for name, t := range hints {
		if known := b[name]; known == nil || hole(known) {
			b[name] = better(known, t)
		}
	}
	if fn.fn.isOutside() {
		c.r.conclude(fn.fn, b)
	}
	return subst(fn.ret, b)
}

// args walks arguments, and learns from their types what generic parameters
// stand for. Hints say what the place of the call asks for.
func (c *context) args(list []*Expr, params []*typ, b, hints bindings) {
	for i, a := range list {
		var p *typ
		if i < len(params) {
			p = params[i]
		}
		want := c.wanted(p, b, hints)
		t := c.expr(a, want)
		if b == nil || p == nil || t == nil {
			continue
		}
		if t.form == formFn && t.fn != nil && want != nil && want.form == formFn { // a function by its name
			own := bindings{}
			for i, taken := range t.args {
				bind(taken, want.arg(i), own, 0)
			}
			t = subst(t, own.final())
		}
		bind(p, t, b, 0)
		c.r.learn(p.strip(), t, b)
		if p.form == formParam {
			if fb := c.fnBound(p, nil); fb != nil {
				bind(fb, t, b, 0)
			}
		}
	}
}

// opaqueArgs walks the arguments of a method of something opaque: its closures
// are called with more of the kind.
func (c *context) opaqueArgs(list []*Expr, t *typ) {
	for _, a := range list {
		var want *typ
		if t != nil && a.Kind == ExprClosure {
			want = &typ{form: formFn, args: []*typ{t, t, t}}
		}
		c.expr(a, want)
	}
}

// wanted returns the type that a parameter asks for.
func (c *context) wanted(p *typ, b, hints bindings) *typ {
	if p == nil {
		return nil
	}
	if p.form == formParam && b[p.name] == nil && hints[p.name] == nil {
		if fb := c.fnBound(p, b); fb != nil || p.open {
			return fb
		}
	}
	if len(hints) > 0 {
		merged := maps.Clone(hints)
		maps.Copy(merged, b)
		return subst(p, merged)
	}
	return subst(p, b)
}

// fnBound returns Fn(A) -> R when that is what bounds a parameter.
func (c *context) fnBound(p *typ, b bindings) *typ {
	for _, bound := range p.bounds {
		if bound.form == formFn {
			return subst(bound, b)
		}
	}
	return nil
}

// methodCall walks x.name(args).
func (c *context) methodCall(e *Expr, want *typ) *typ {
	recv := c.expr(e.X, nil)
	turbofish := c.typs(e.Types)
	name := e.Name.Text
	if recv.strip() == nil {
		c.guessMethod(e.Name)
		c.args(e.List, nil, nil, nil)
		return c.r.agreed(name)
	}
	m, at, external := c.r.method(recv, name)
	if m.def == nil {
		if at == nil || !external {
			c.guessMethod(e.Name)
		} else {
			c.externMethod(e.Name, at)
		}
		out := opaqueOf(at)
		c.opaqueArgs(e.List, out)
		return better(c.r.agreed(name), out)
	}
	c.markMember(e.Name, m, at)
	if m.def.proto != nil {
		c.args(e.List, nil, nil, nil)
		return c.r.protoResult(m.def.proto, name)
	}
	s := c.r.signatureOf(m.def)
	b := maps.Clone(m.binds)
	if len(turbofish) > 0 {
		maps.Copy(b, ownGenerics(m.def, turbofish))
	}
	fn := &typ{form: formFn, args: s.params, ret: s.ret, fn: m.def}
	if s.self && len(s.params) > 0 {
		fn.args = s.params[1:]
	}
	out := c.apply(fn, e.List, b, want)
	if out.strip() == nil && at.isOpaque() {
		return at
	}
	return out
}

// externMethod marks a method of a type outside.
func (c *context) externMethod(n Name, at *typ) {
	switch at.form {
	case formExt:
		c.mark(n, meaning{ext: at.ext + "::" + n.Text, confidence: indexer.Sure})
	case formPrim, formSlice:
		c.mark(n, meaning{ext: "std::primitive::" + n.Text, confidence: indexer.Sure})
	default:
		// Not its own, so from a derive or a trait outside.
		c.mark(n, meaning{ext: c.r.externalTrait(n.Text), confidence: indexer.Likely})
	}
}

// guessMethod says what a method of an unknown receiver may be.
func (c *context) guessMethod(n Name) {
	if c.keep == nil {
		return
	}
	if c.r.usual(n.Text) {
		c.mark(n, meaning{ext: c.r.externalTrait(n.Text), confidence: indexer.Likely})
		return
	}
	c.guess(n, c.r.methods[n.Text])
}

func (c *context) guessField(n Name) { c.guess(n, c.r.fields[n.Text]) }

func (c *context) guess(n Name, all []*def) {
	if c.keep == nil {
		return
	}
	var list []*def
	for pass := range 3 { // nearest first
		for _, d := range all {
			rank := 2
			if d.src == c.src {
				rank = 0
			} else if d.mod != nil && d.mod.crate == c.mod.crate {
				rank = 1
			}
			if rank == pass {
				list = append(list, d)
			}
		}
	}
	if len(list) == 0 {
		c.mark(n, meaning{ext: c.r.externalTrait(n.Text), confidence: indexer.Likely})
		return
	}
	m := meaning{defs: list, confidence: indexer.NameOnly, reason: indexer.Reason{Kind: indexer.ReasonNamesake, Arg: itoa(len(list))}}
	if len(list) == 1 {
		m.confidence, m.reason = indexer.Likely, indexer.Reason{Kind: indexer.ReasonUnique}
	}
	c.mark(n, m)
}

// macro walks the call of a macro.
func (c *context) macro(m *Macro) *typ {
	tg := c.resolve(m.Path, macros)
	name := ""
	if n := len(m.Path.Segs); n > 0 {
		name = m.Path.Segs[n-1].Name.Text
	}
	if !tg.found() && len(m.Path.Segs) == 1 {
		c.mark(m.Path.Segs[0].Name, meaning{ext: "?", confidence: indexer.Likely})
	}
	locals, mod := len(c.locals), c.mod
	c.blockItems(m.Parts)
	var first *typ
	for i, s := range m.Parts {
		t := c.stmts([]*Stmt{s}, nil)
		if i > 0 || s.X == nil {
			continue
		}
		first = t
		for _, p := range m.Pats {
			c.pattern(p, first, indexer.LocalBinding)
		}
	}
	c.mod = mod
	var result *typ
	for _, a := range m.Arms {
		inner := len(c.locals)
		c.pattern(a.Pat, c.r.awaited(c.expr(a.Guard, nil)), indexer.LocalBinding)
		result = better(result, c.expr(a.Body, nil))
		c.locals = c.locals[:inner]
	}
	if name != "pin" && name != "" {
		c.locals = c.locals[:locals]
	}
	switch name {
	case "format", "concat":
		return c.r.outsideType("std::string::String")
	case "vec":
		return c.r.outsideType("std::vec::Vec", first)
	case "select", "try_join", "join":
		return result
	case "dbg":
		return first
	case "matches", "cfg":
		return primitiveType("bool")
	}
	return nil
}
