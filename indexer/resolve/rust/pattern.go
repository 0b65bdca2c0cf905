package rust

import (
	"strconv"

	"navigator/indexer"
)

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
		c.namePattern(p, t, kind, inner)
	case PatPath:
		c.resolve(p.Path, values)
	case PatTuple:
		c.tuplePattern(p, t.strip(), inner)
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
		c.orPattern(p, t, kind)
	}
}

// namePattern makes the name of a binding known, or resolves a constant.
func (c *context) namePattern(p *Pat, t *typ, kind, inner indexer.LocalKind) {
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
}

func (c *context) tuplePattern(p *Pat, t *typ, kind indexer.LocalKind) {
	for i, sub := range p.List {
		if sub.Kind == PatRest && t != nil {
			for k := 1; k < len(p.List)-i; k++ {
				c.pattern(p.List[len(p.List)-k], t.arg(len(t.args)-k), kind)
			}
			return
		}
		var at *typ
		if t != nil && t.form == formTuple {
			at = t.arg(i)
		}
		c.pattern(sub, at, kind)
	}
}

// orPattern makes the names of A | B known, which are those of A.
func (c *context) orPattern(p *Pat, t *typ, kind indexer.LocalKind) {
	first := len(c.locals)
	for i, sub := range p.List {
		before := len(c.locals)
		c.pattern(sub, t, kind)
		if i == 0 {
			continue
		}
		for _, l := range c.locals[before:] {
			if old := find(c.locals[first:before], l.name.Text); old != nil && c.keep != nil {
				c.keep[l.name.Off] = meaning{local: old, confidence: indexer.Sure, reason: indexer.Reason{Kind: indexer.ReasonLocal, Arg: old.name.Text}}
			}
		}
		c.locals = c.locals[:before]
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
			_, at = c.memberField(d, b, strconv.Itoa(i))
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
			c.alsoField(f.Name, fd)
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
