package cpp

import "navigator/indexer"

// maxDepth bounds how deep scopes are followed. What is deeper is blanked.
const maxDepth = 128

// place is the kind of scope that a statement stands in.
type place uint8

const (
	inNamespace place = iota
	inClass
	inFunction
)

// tracker follows the braces and statements of a text and masks what the
// grammar cannot read. It reads tokens by rule, so it knows what each brace
// opens: a namespace, a class, an enum, code, or an initialiser.
//
// In a skeleton, the inside of function bodies, initialisers and parameter
// lists of definitions is blanked as well, as no definition but that of a
// local class stands there.
type tracker struct {
	mask
	text      []byte
	toks      []token
	skeleton  bool
	depth     int
	class     string             // name of the class whose members are read, "" outside
	access    indexer.Visibility // of the members that are read
	found     []decl             // what macros define
	uses      []tableUse
	keys      []int32 // indexes of tokens that may start a local type, in order
	leads     []span  // of macros blanked ahead of a declaration
	rewritten []rewritten
}

// run masks the text of toks, whose brackets are paired.
func (t *tracker) run(text []byte, toks []token, skeleton bool) {
	t.text, t.toks, t.skeleton = text, toks, skeleton
	t.edits, t.found, t.uses, t.keys, t.leads = t.edits[:0], t.found[:0], t.uses[:0], t.keys[:0], t.leads[:0]
	t.rewritten = t.rewritten[:0]
	t.depth, t.class = 0, ""
	for i := range toks {
		if k := toks[i].kind; k >= kwClass && k <= kwEnum {
			t.keys = append(t.keys, int32(i))
		}
	}
	t.body(0, len(toks), inNamespace)
}

// at returns the kind of the token i, and tkEOF beyond the ends.
func (t *tracker) at(i int) kind {
	if uint(i) < uint(len(t.toks)) {
		return t.toks[i].kind
	}
	return tkEOF
}

func (t *tracker) str(i int) string { return string(t.bytes(i)) }

func (t *tracker) bytes(i int) []byte { return t.text[t.toks[i].pos:t.toks[i].end] }

// blank overwrites the tokens from i to j, both included.
func (t *tracker) blank(i, j int) { t.patch(i, j, patchBlank) }

func (t *tracker) patch(i, j int, p patch) {
	if i <= j && j < len(t.toks) {
		t.put(t.toks[i].pos, t.toks[j].end, p)
	}
}

// inside overwrites what stands between the bracket i and its mate.
func (t *tracker) inside(i int) {
	if m := t.toks[i].mate; m > 0 {
		t.put(t.toks[i].end, t.toks[m].pos, patchBlank)
	}
}

// past returns the index after the bracket i and its mate, or after i when it
// has none.
func (t *tracker) past(i int) int {
	if i < len(t.toks) {
		if m := int(t.toks[i].mate); m > i {
			return m + 1
		}
	}
	return i + 1
}

// startsLine reports whether the token i is the first of its line, or none.
func (t *tracker) startsLine(i int) bool {
	return i >= len(t.toks) || t.toks[i].flags&flagLineStart != 0
}

// macro reports whether the token i is written as a macro.
func (t *tracker) macro(i int) bool { return i < len(t.toks) && t.toks[i].macroLike() }

// scope reads the statements between the brace i and its mate, or the rest of
// the text when it has none, and returns where to go on.
func (t *tracker) scope(i int, p place, class string) int {
	end := int(t.toks[i].mate)
	if end < 0 {
		end = len(t.toks)
	}
	if t.depth >= maxDepth {
		t.inside(i)
		return end + 1
	}
	outer, access := t.class, t.access
	t.class = class
	t.depth++
	t.body(i+1, end, p)
	t.depth--
	t.class, t.access = outer, access
	return end + 1
}

// body reads the statements from the token i up to end.
func (t *tracker) body(i, end int, p place) {
	for i < end {
		next := t.statement(i, end, p)
		i = max(next, i+1)
	}
}

// statement reads the statement at i and returns where the next one starts.
func (t *tracker) statement(i, end int, p place) int {
	switch k := t.at(i); k {
	case ';':
		// A stray semicolon after a body is a declaration of nothing to the
		// grammar in a namespace, and an error in a class.
		t.blank(i, i)
		return i + 1
	case '}', ')', ']':
		return i + 1
	case '{': // the body of a macro that is gone
		t.patch(i, int(t.toks[i].mate), patchBlank)
		return t.past(i)
	case kwPublic, kwProtected, kwPrivate:
		if p == inClass && t.at(i+1) == ':' {
			t.access = accessOf(k)
			return i + 2
		}
	case kwInline:
		if t.at(i+1) == kwNamespace {
			return t.namespace(i+1, end)
		}
	case kwNamespace:
		return t.namespace(i, end)
	case kwExtern:
		if t.at(i+1) == tkString && t.at(i+2) == '{' {
			return t.scope(i+2, inNamespace, "")
		}
		if t.at(i+1) == kwTemplate {
			return t.drop(i, end)
		}
	case kwTemplate:
		// An explicit instantiation defines nothing that is not defined elsewhere.
		if t.at(i+1) != '<' {
			return t.drop(i, end)
		}
	case kwStaticAssert:
		return t.drop(i, end)
	case tkIdent:
		if t.macro(i) {
			if next, ok := t.macroStatement(i, end, p); ok {
				return next
			}
		}
		if p == inNamespace {
			if next, ok := t.callStatement(i); ok {
				return next
			}
		}
	}
	return t.declaration(i, end, p)
}

func accessOf(k kind) indexer.Visibility {
	switch k {
	case kwPublic:
		return indexer.Public
	case kwProtected:
		return indexer.Protected
	}
	return indexer.Private
}

// drop overwrites everything up to the next semicolon.
func (t *tracker) drop(i, end int) int {
	j := i
	for j < end && t.at(j) != ';' {
		if t.at(j) == '}' {
			break
		}
		j = t.past(j)
	}
	t.blank(i, min(j, end-1))
	return j + 1
}

// namespace reads a namespace, or an alias of one, whose keyword is at i.
func (t *tracker) namespace(i, end int) int {
	for j := i + 1; j < end; j++ {
		switch t.at(j) {
		case '{':
			return t.scope(j, inNamespace, "")
		case ';':
			return j + 1
		case '=': // an alias
			for j < end && t.at(j) != ';' {
				j++
			}
			return j + 1
		case '}':
			return j
		case '(', '[': // an attribute
			j = t.past(j) - 1
		case tkIdent:
			switch n := t.at(j + 1); { // a macro before the name
			case t.macro(j) && n == '(':
				t.blank(j, t.past(j+1)-1)
				j = t.past(j+1) - 1
			case t.macro(j) && n == tkIdent:
				t.blank(j, j)
			}
		}
	}
	return end
}
