package rust

import "navigator/indexer"

// occurrences appends the identifiers of the text. What names a symbol is
// known already; every other role follows from the tokens around it.
func (l *lexer) occurrences(into []indexer.Occurrence) []indexer.Occurrence {
	importing := false
	for i := range len(l.tokens) - lookAhead {
		t := &l.tokens[i]
		switch t.kind {
		case kwUse:
			importing = l.tokens[i+1].kind != '<'
		case ';':
			importing = false
		case ident:
			role := t.role
			switch {
			case role != indexer.Read:
			case l.isContextualKeyword(i) || l.isFragment(i):
				continue
			case importing || i > 1 && l.tokens[i-1].kind == kwCrate && l.tokens[i-2].kind == kwExtern:
				role = indexer.Import
			case t.attribute:
				role = l.attributeRole(i)
			default:
				role = l.role(i)
			}
			into = append(into, indexer.Occurrence{Line: t.line, Col: t.col, Len: int32(t.end - t.off), Role: role})
		}
	}
	return into
}

// isFragment reports whether i is the kind of a macro's parameter: $x:expr.
func (l *lexer) isFragment(i int) bool {
	return i > 2 && l.tokens[i-1].kind == ':' && l.tokens[i-3].kind == '$'
}

// attributeRole tells the role of an identifier in an attribute: derive(Debug)
// names a trait.
func (l *lexer) attributeRole(i int) indexer.Role {
	if isTypeName(l.of(i)) {
		return indexer.TypeUse
	}
	return indexer.Read
}

// role tells the role of the identifier at i, which names no symbol.
func (l *lexer) role(i int) indexer.Role {
	next := l.tokens[i+1].kind
	switch {
	case next == '!' && l.macroOpen(i+1) > 0:
		return indexer.Call
	case next == '(' && !l.isFnTrait(i):
		return indexer.Call
	case next == pathSep && l.tokens[i+2].kind == '<' && l.tokens[l.angleEnd(i+2)].kind == '(':
		return indexer.Call
	case isTypeName(l.of(i)):
		return l.typeRole(i)
	}
	return l.valueRole(i)
}

// isFnTrait reports whether i is one of the traits written as a call: Fn(A).
func (l *lexer) isFnTrait(i int) bool {
	switch string(l.of(i)) {
	case "Fn", "FnMut", "FnOnce":
		return l.before(i) != '.'
	}
	return false
}

// before returns the kind of the token before i.
func (l *lexer) before(i int) kind {
	if i == 0 {
		return eof
	}
	return l.tokens[i-1].kind
}

// typeRole tells a type from an enum's variant, which is a value.
func (l *lexer) typeRole(i int) indexer.Role {
	if l.before(i) != pathSep || i < 2 || l.tokens[i+1].kind == pathSep || l.tokens[i+1].kind == '<' {
		return indexer.TypeUse
	}
	switch l.before(i - 2) {
	case arrow, ':', '<', kwAs, '&':
		return indexer.TypeUse // T::Item
	}
	switch of := &l.tokens[i-2]; {
	case of.kind == kwSelfType, of.kind == ident && of.end-of.off > 1 && isTypeName(l.of(i-2)):
		return indexer.Read
	}
	return indexer.TypeUse
}

func (l *lexer) valueRole(i int) indexer.Role {
	next, before := l.tokens[i+1].kind, l.before(i)
	switch {
	case next == '=' || next == assign:
		return indexer.Write
	case next == ':' && before != '$': // a field initialised, a binding with its type
		return indexer.Write
	case before == kwLet || before == kwFor || before == kwRef:
		return indexer.Write
	case before == kwMut && l.before(i-1) != '&' && l.before(i-1) != '*':
		return indexer.Write
	case (before == arrow || before == kwAs) && next != pathSep:
		return indexer.TypeUse
	}
	return indexer.Read
}

// isTypeName reports whether a name is written as types are: in camel case,
// or as one capital.
func isTypeName(name []byte) bool {
	if name[0] < 'A' || name[0] > 'Z' {
		return false
	}
	for _, c := range name[1:] {
		if 'a' <= c && c <= 'z' {
			return true
		}
	}
	return len(name) == 1
}
