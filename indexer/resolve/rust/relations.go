package rust

import (
	"strings"

	"navigator/indexer"
)

// ready reads the files when they were not read yet.
func (r *Resolver) ready() {
	if !r.loaded {
		r.loaded = true
		r.loadProto()
		r.load()
	}
}

// defOf returns the definition that a symbol is.
func (r *Resolver) defOf(ref indexer.SymbolRef) *def {
	r.ready()
	if r.bySymbol == nil {
		r.bySymbol = map[indexer.SymbolRef]*def{}
		for _, d := range r.defs {
			if known, ok := r.refOf(d); ok {
				r.bySymbol[known] = d
			}
		}
	}
	return r.bySymbol[ref]
}

func (r *Resolver) refOf(d *def) (indexer.SymbolRef, bool) {
	if d == nil || d.item == nil || d.src == nil || d.src.outside || d.item.Name.Text == "" {
		return indexer.SymbolRef{}, false
	}
	i, ok := r.symbolAt(d.src, d.src.tree.span(d.item.Name.Off, d.item.Name.End()).Start)
	return indexer.SymbolRef{File: int32(d.src.index), Symbol: i}, ok
}

// Above returns the traits that a type implements or a trait requires, and as
// they are written those that no tree here defines; for a method of an
// implementation that of the trait.
func (r *Resolver) Above(ref indexer.SymbolRef) (above []indexer.SymbolRef, unknown []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.defOf(ref)
	if d == nil || d.item == nil {
		return nil, nil
	}
	add := func(to *def) {
		if known, ok := r.refOf(to); ok {
			above = append(above, known)
		}
	}
	switch {
	case d.kind == indexer.KindTrait:
		for _, t := range r.itemContext(d).bounds(d.item.Bounds) {
			if t.form == formOwn {
				add(t.def)
			} else if t.form == formExt {
				unknown = append(unknown, t.ext)
			}
		}
	case d.impl != nil:
		if trait := d.impl.trait.def; trait != nil {
			if of, ok := r.traitItem(trait, d.name, 0); ok {
				add(of)
			}
		}
	default:
		for _, im := range r.impls[d] {
			switch {
			case im.trait.def != nil:
				add(im.trait.def)
			case im.item.Trait != nil && im.item.Trait.Path != nil:
				unknown = append(unknown, pathText(im.item.Trait.Path))
			}
		}
	}
	return above, unknown
}

// Below returns the types that implement a trait and the traits that require
// it; for a method of a trait those of the implementations.
func (r *Resolver) Below(ref indexer.SymbolRef) []indexer.SymbolRef {
	r.mu.Lock()
	defer r.mu.Unlock()
	d := r.defOf(ref)
	if d == nil || d.item == nil {
		return nil
	}
	var below []indexer.SymbolRef
	add := func(to *def) {
		if known, ok := r.refOf(to); ok {
			below = append(below, known)
		}
	}
	switch {
	case d.kind == indexer.KindTrait:
		for _, im := range r.implementors[d] {
			if t := im.self.strip(); t != nil && t.form == formOwn {
				add(t.def)
			}
		}
		for _, sub := range r.defs {
			if sub.kind == indexer.KindTrait && sub != d && mentions(sub.item.Bounds, d.name) {
				for _, t := range r.itemContext(sub).bounds(sub.item.Bounds) {
					if t.form == formOwn && t.def == d {
						add(sub)
					}
				}
			}
		}
	case d.parent != nil && d.parent.kind == indexer.KindTrait:
		for _, im := range r.implementors[d.parent] {
			for _, it := range im.item.Items {
				if it.Name.Text == d.name {
					add(r.defs[it])
				}
			}
		}
	}
	return below
}

// mentions reports whether one of the types is written with that name at its
// end.
func mentions(list []*Type, name string) bool {
	for _, t := range list {
		if t.Path != nil && strings.HasSuffix(pathText(t.Path), name) {
			return true
		}
	}
	return false
}
