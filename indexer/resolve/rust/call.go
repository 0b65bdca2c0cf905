package rust

import (
	"maps"
	"strconv"
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
	var hints bindings
	b[""] = nil // what b does not know at last is dropped
	if want != nil && !plain(fn.ret) {
		hints = bindings{}
		bind(fn.ret, want, hints, 0)
	}
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
		if a.Kind == ExprPath && t.form == formFn && want != nil && want.form == formFn { // a function by its name
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
	if len(hints) > 0 && !plain(p) {
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
	if im := m.def.impl; m.def.isOutside() && im != nil && at.form == formExt && hole(at) {
		c.refine(e.X, subst(im.self, b)) // v.push(x) says what v holds
	}
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
	m := meaning{defs: list, confidence: indexer.NameOnly, reason: indexer.Reason{Kind: indexer.ReasonNamesake, Arg: strconv.Itoa(len(list))}}
	if len(list) == 1 {
		m.confidence, m.reason = indexer.Likely, indexer.Reason{Kind: indexer.ReasonUnique}
	}
	c.mark(n, m)
}
