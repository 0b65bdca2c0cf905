package cpp

import (
	"bytes"

	"navigator/indexer"
)

// defines adds the macros of the file, and the fields and enumerators that
// X-macro tables define where they are used in it.
func (b *factsBuilder) defines(e *Extractor) {
	b.entries = b.entries[:0]
	for i := range e.lexer.trivia {
		if t := &e.lexer.trivia[i]; t.kind == tkDefine {
			b.define(e, t)
		}
	}
}

// define adds the macro of the directive t.
func (b *factsBuilder) define(e *Extractor, t *token) {
	d := b.text[t.pos:t.end]
	from := bytes.Index(d, []byte("define")) + len("define")
	from = skipBlanks(d, from)
	to := from
	for to < len(d) && word[d[to]] != 0 {
		to++
	}
	if !isMacroName(d[from:to]) {
		return
	}
	head := to
	if to < len(d) && d[to] == '(' {
		if i := bytes.IndexByte(d[to:], ')'); i >= 0 {
			head = to + i + 1
		}
	}
	b.decls = append(b.decls, decl{
		span: span{t.pos, t.end}, name: span{t.pos + int32(from), t.pos + int32(to)}, head: t.pos + int32(head),
		kind: indexer.KindMacro, definition: true, outside: true,
	})
	if head > to && head < len(d) {
		b.table(e, t, d, span{int32(from), int32(to)}, span{int32(to), int32(head)})
	}
}

// isMacroName reports whether w may be defined and is no keyword.
func isMacroName(w []byte) bool {
	return len(w) > 0 && classOf[w[0]] != cDigit && keyword(w) == tkIdent && !isSpecifier(w) && string(w) != "defined"
}

// table adds the entries of the X-macro table d, whose macro is named by name
// and has the parameters params, if the file uses it.
func (b *factsBuilder) table(e *Extractor, t *token, d []byte, name, params span) {
	use, ok := b.tableUse(e, d[name.from:name.to])
	if !ok && !isStatTable(d[params.from:params.to]) {
		return
	}
	container := ""
	if ok {
		container = b.tableContainer(e, use)
	}
	e.body.text = d
	e.body.at = int(params.to)
	e.body.fresh = false
	e.body.code, e.body.trivia = e.body.code[:0], e.body.trivia[:0]
	e.body.run(len(d), false)
	code := e.body.code
	for i := 0; i+2 < len(code); i++ {
		if code[i].kind != tkIdent || code[i+1].kind != '(' || code[i+2].kind != tkIdent {
			continue
		}
		if !isParameter(d[params.from:params.to], d[code[i].pos:code[i].end]) {
			continue
		}
		end := i + 3
		for end < len(code)-1 && code[end].kind != ')' {
			end++
		}
		n := code[i+2]
		entry := decl{
			span: span{t.pos + code[i].pos, t.pos + code[min(end, len(code)-1)].end},
			name: span{t.pos + n.pos, t.pos + n.end}, kind: indexer.KindField, definition: true,
			outside: true, container: container,
		}
		entry.head = entry.span.to
		if ok && use.kind == tableEnum {
			entry.kind = indexer.KindEnumerator
		} else {
			entry.text = string(d[n.pos:n.end]) + "_"
			entry.visibility = indexer.Public
		}
		b.decls = append(b.decls, entry)
		b.entries = append(b.entries, entry.name.from)
		i = end
	}
}

// isStatTable reports whether params are those of a table of statistics, whose
// entries define fields wherever it is used.
func isStatTable(params []byte) bool {
	for _, p := range [...]string{"COUNTER", "GAUGE", "HISTOGRAM", "TEXT_READOUT", "STATNAME"} {
		if isParameter(params, []byte(p)) {
			return true
		}
	}
	return false
}

// isParameter reports whether name is among the parameters params of a macro.
func isParameter(params, name []byte) bool {
	for at := 0; ; {
		i := bytes.Index(params[at:], name)
		if i < 0 {
			return false
		}
		at += i + len(name)
		if word[params[at-len(name)-1]] == 0 && word[params[at]] == 0 {
			return true
		}
	}
}

// tableUse returns the use of the table of that name that its entries are best
// known by: the first one of a struct of statistics, else the first.
func (b *factsBuilder) tableUse(e *Extractor, name []byte) (use tableUse, ok bool) {
	for _, u := range e.tracker.uses {
		if !bytes.Equal(b.text[u.table.from:u.table.to], name) {
			continue
		}
		if u.stats {
			return u, true
		}
		if !ok {
			use, ok = u, true
		}
	}
	return use, ok
}

// tableContainer returns the qualified name of what the entries of u belong to.
func (b *factsBuilder) tableContainer(e *Extractor, u tableUse) string {
	var names []byte
	for _, d := range e.walker.decls {
		if d.span.from <= u.at && u.at < d.span.to && isScope(&d) {
			if len(names) > 0 {
				names = append(names, "::"...)
			}
			if d.qual.to > d.qual.from {
				names = append(appendQualifier(names, b.text[d.qual.from:d.qual.to]), "::"...)
			}
			if d.text != "" {
				names = append(names, d.text...)
			} else {
				names = append(names, b.text[d.name.from:d.name.to]...)
			}
		}
	}
	if u.maker.to > 0 {
		if len(names) > 0 {
			names = append(names, "::"...)
		}
		names = append(names, b.text[u.maker.from:u.maker.to]...)
	}
	return b.intern(names)
}
