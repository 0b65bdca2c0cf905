package rust

import (
	"cmp"

	"navigator/indexer"
)

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

// hole reports whether a type was written with something left out, unless that
// lies deep.
func hole(t *typ) bool { return holeDepth(t, 0) }

func holeDepth(t *typ, depth int) bool {
	for _, a := range t.args {
		if a == nil || depth < 4 && holeDepth(a, depth+1) {
			return true
		}
	}
	return false
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
		return literalType(e, want)
	case ExprCall:
		return c.call(e, want)
	case ExprMethod:
		return c.methodCall(e, want)
	case ExprField:
		return c.fieldExpr(e)
	case ExprIndex:
		return c.index(e)
	case ExprRef:
		return refTo(c.expr(e.X, want.strip()))
	case ExprDeref:
		return c.r.unwrapped(c.expr(e.X, nil))
	case ExprUnary:
		return c.expr(e.X, want)
	case ExprBinary:
		return c.binary(e)
	case ExprAssign:
		c.refine(e.X, c.expr(e.Y, c.expr(e.X, nil)))
		return &typ{form: formTuple}
	case ExprCast:
		c.expr(e.X, nil)
		return c.typ(e.Type)
	case ExprTry:
		return c.r.associated(c.expr(e.X, nil), "Try", "Output")
	case ExprAwait:
		return c.r.awaited(c.expr(e.X, nil))
	case ExprStruct:
		return c.structLit(e, want)
	case ExprTuple:
		return c.tuple(e, want)
	case ExprArray:
		return c.array(e, want)
	case ExprBlock:
		return c.block(e, want)
	case ExprIf:
		return c.ifExpr(e, want)
	case ExprMatch:
		return c.match(e, want)
	case ExprWhile, ExprLoop, ExprFor:
		c.loop(e)
		return nil
	case ExprClosure:
		return c.closure(e, want)
	case ExprJump:
		c.jump(e)
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

func literalType(e *Expr, want *typ) *typ {
	switch e.Lit {
	case '"':
		return refTo(primitiveType("str"))
	case 't':
		return primitiveType("bool")
	case '\'':
		return primitiveType("char")
	case '0', '.':
		if e.Op != "" {
			return primitiveType(e.Op)
		}
		if want != nil && want.form == formPrim {
			return want
		}
		return primitiveType("i32")
	}
	return nil
}

// fieldExpr walks x.name.
func (c *context) fieldExpr(e *Expr) *typ {
	d, t, at := c.r.field(c.expr(e.X, nil), e.Name.Text)
	switch {
	case d != nil:
		c.markEntity(e.Name, entity{def: d}, indexer.ReasonReceiver, typeName(at))
	case at == nil && t == nil:
		c.guessField(e.Name)
	case at != nil && at.form == formExt:
		c.mark(e.Name, meaning{ext: at.ext + "::" + e.Name.Text, confidence: indexer.Sure})
		if t == nil {
			return opaqueOf(at)
		}
	}
	return t
}

// refine fills what is not known of the type of a variable by what is done with
// it.
func (c *context) refine(e *Expr, t *typ) {
	if t == nil || e.Kind != ExprPath || e.Path.Self != nil || len(e.Path.Segs) != 1 {
		return
	}
	if l := find(c.locals, e.Path.Segs[0].Name.Text); l != nil {
		l.typ = better(l.typ, t)
	}
}

// index walks x[i]; of a range, that gives more of x.
func (c *context) index(e *Expr) *typ {
	t := c.expr(e.X, nil).strip()
	c.expr(e.Y, nil)
	if e.Y != nil && e.Y.Kind == ExprRange {
		return t
	}
	return c.r.associated(t, "Index", "Output")
}

func (c *context) binary(e *Expr) *typ {
	x := c.expr(e.X, nil)
	c.expr(e.Y, x)
	switch e.Op {
	case "==", "!=", "<", ">", "<=", ">=", "&&", "||":
		return primitiveType("bool")
	}
	return x
}

func (c *context) tuple(e *Expr, want *typ) *typ {
	out := &typ{form: formTuple}
	for i, x := range e.List {
		var w *typ
		if want != nil && want.form == formTuple {
			w = want.arg(i)
		}
		out.args = append(out.args, c.expr(x, w))
	}
	return out
}

func (c *context) array(e *Expr, want *typ) *typ {
	var t *typ
	item := c.r.iterated(want)
	for _, x := range e.List {
		if got := c.expr(x, item); t == nil {
			t = got
		}
	}
	c.expr(e.Y, nil)
	return &typ{form: formSlice, args: []*typ{t}}
}

func (c *context) ifExpr(e *Expr, want *typ) *typ {
	locals := len(c.locals)
	c.expr(e.X, nil)
	t := c.expr(e.Y, want)
	c.locals = c.locals[:locals]
	return better(t, c.expr(e.Z, want))
}

func (c *context) match(e *Expr, want *typ) *typ {
	on := c.expr(e.X, nil)
	var t *typ
	for _, a := range e.Arms {
		t = better(t, c.arm(a, on, want))
	}
	return t
}

func (c *context) arm(a *Arm, on, want *typ) *typ {
	locals := len(c.locals)
	c.pattern(a.Pat, on, indexer.LocalBinding)
	c.expr(a.Guard, nil)
	t := c.expr(a.Body, want)
	c.locals = c.locals[:locals]
	return t
}

// loop walks while, loop and for.
func (c *context) loop(e *Expr) {
	locals, labels := len(c.locals), len(c.labels)
	var over *typ
	if e.Kind == ExprFor {
		over = c.expr(e.X, nil)
	}
	if e.Label.Text != "" {
		c.labels = append(c.labels, c.declare(e.Label, indexer.LocalLabel, nil, e.Label.End()))
	}
	if e.Kind == ExprFor {
		c.pattern(e.Pat, c.r.iterated(over), indexer.LocalVariable)
	} else {
		c.expr(e.X, nil)
	}
	c.expr(e.Y, nil)
	c.locals, c.labels = c.locals[:locals], c.labels[:labels]
}

// jump walks return, break and continue.
func (c *context) jump(e *Expr) {
	if l := find(c.labels, e.Label.Text); l != nil {
		c.useLocal(e.Label, l)
	}
	var want *typ
	if e.Op == "return" {
		want = c.ret
	}
	c.expr(e.X, want)
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

// structLit walks Path { field: x, ..rest }.
func (c *context) structLit(e *Expr, want *typ) *typ {
	tg := c.resolve(e.Path, types)
	if !tg.found() && tg.typ == nil {
		tg = c.resolve(e.Path, values)
	}
	d, b := c.fieldsOf(tg, want)
	learned := bindings{}
	for _, f := range e.Fields {
		fd, ft := c.memberField(d, b, f.Name.Text)
		bind(ft, c.fieldInit(f, fd, ft, typeName(&typ{form: formOwn, def: d}), tg), learned, 0)
	}
	c.expr(e.X, nil)
	owner := d
	if d != nil && d.kind == indexer.KindEnumerator && d.parent != nil {
		owner = d.parent
	}
	if owner == nil || owner.isOutside() {
		if tg.ext != "" {
			return c.r.outsideType(tg.ext)
		}
		return nil
	}
	out := &typ{form: formOwn, def: owner}
	if owner.item != nil {
		for _, p := range owner.parameters() {
			out.args = append(out.args, cmp.Or(b[p.name], learned[p.name]))
		}
	}
	return out
}

// fieldInit walks a field of a literal, and returns the type of its value.
func (c *context) fieldInit(f ExprFieldInit, d *def, t *typ, owner string, tg target) *typ {
	if f.X != nil {
		c.markField(f.Name, d, owner, tg)
		return c.expr(f.X, t)
	}
	l := find(c.locals, f.Name.Text)
	if l == nil {
		c.markField(f.Name, d, owner, tg)
		return nil
	}
	c.useLocal(f.Name, l)
	c.alsoField(f.Name, d)
	return l.typ
}

// alsoField adds the field d to what a name means that stands for a variable
// and for a field.
func (c *context) alsoField(n Name, d *def) {
	if d != nil && c.keep != nil {
		m := c.keep[n.Off]
		m.defs = append(m.defs, d)
		c.keep[n.Off] = m
	}
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
	return c.macroType(name, first, result)
}

// macroType returns what a macro gives of which the first argument, and the
// arms, have these types.
func (c *context) macroType(name string, first, arms *typ) *typ {
	switch name {
	case "format", "concat":
		return c.r.outsideType("std::string::String")
	case "vec":
		return c.r.outsideType("std::vec::Vec", first)
	case "select", "try_join", "join":
		return arms
	case "dbg":
		return first
	case "matches", "cfg":
		return primitiveType("bool")
	}
	return nil
}
