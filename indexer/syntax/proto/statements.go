package proto

import "navigator/indexer"

// statements goes through the tokens statement by statement. It says which
// words are keywords, which role the others have as far as they name no symbol,
// and drops what no symbol is read from.
func (l *lexer) statements() {
	for i := 0; i < l.count(); {
		i = l.statement(i)
	}
}

// statement reads the statement at i and returns where the next one begins: in
// its braces, when it has some.
func (l *lexer) statement(i int) int {
	next := &l.tokens[i+1]
	switch {
	case l.tokens[i].kind == '}':
		return i + 1
	case l.tokens[i].kind != word:
		return l.skip(i)
	case next.kind == '=':
		if l.tokens[i+2].kind == literal { // syntax or edition
			l.tokens[i].keyword = true
			return l.skip(i)
		}
		return l.field(i) // of an enum
	}
	switch string(l.of(i)) {
	case "import":
		l.tokens[i].keyword = true
		next.keyword = next.kind == word
		return l.skip(i)
	case "option":
		l.tokens[i].keyword = true
		return l.skip(i)
	case "reserved", "extensions":
		return l.ranges(i)
	case "package":
		l.tokens[i].keyword = true
		return max(l.end(i), i+1)
	case "message", "enum", "service", "oneof", "extend":
		if body := l.bodyOf(i); body > 0 {
			return body + 1
		}
	case "rpc":
		return l.rpc(i)
	}
	return l.field(i)
}

// bodyOf marks the keyword at i and returns the index of the brace that opens
// its body, 0 when there is none.
func (l *lexer) bodyOf(i int) int {
	body := i + 1
	for l.tokens[body].kind == word || l.tokens[body].kind == '.' {
		body++
	}
	if l.tokens[body].kind != '{' {
		return 0
	}
	l.tokens[i].keyword = true
	if l.is(i, "extend") {
		l.tokens[body-1].role = indexer.TypeUse
	}
	return body
}

// end returns the index behind the semicolon that ends the statement at i; or
// where its end must be, for want of one.
func (l *lexer) end(i int) int {
	for ; i < l.count(); i++ {
		switch t := &l.tokens[i]; {
		case t.kind == ';':
			return i + 1
		case t.kind == '}' && t.pair != -1:
			return i
		case t.pair > int32(i):
			i = int(t.pair)
		}
	}
	return i
}

// skip drops the statement at i.
func (l *lexer) skip(i int) int {
	end := max(l.end(i), i+1)
	l.values(i, end)
	return end
}

// values drops tokens[i:end], which are options and their values.
func (l *lexer) values(i, end int) {
	for ; i < end; i++ {
		t := &l.tokens[i]
		t.drop = true
		if t.kind != word || t.keyword {
			continue
		}
		switch next := l.tokens[i+1].kind; string(l.of(i)) {
		case "true", "false", "inf", "nan":
			t.keyword = next != ':' && next != '='
		default:
			if next == '=' || next == ':' || next == '{' {
				t.role = indexer.Write
			}
		}
	}
}

// ranges drops the reserved or extensions at i.
func (l *lexer) ranges(i int) int {
	end := l.skip(i)
	for k := i; k < end; k++ {
		switch string(l.of(k)) {
		case "reserved", "extensions", "to", "max":
			l.tokens[k].keyword = l.tokens[k].kind == word
		}
	}
	return end
}

// rpc reads the rpc at i; of its body it drops everything.
func (l *lexer) rpc(i int) int {
	l.tokens[i].keyword = true
	for i += 2; i < l.count(); i++ {
		switch t := &l.tokens[i]; t.kind {
		case ';', '}':
			return l.end(i)
		case '(':
			l.types(i+1, int(t.pair))
			i = max(i, int(t.pair))
		case '{':
			if t.pair < 0 {
				return i + 1
			}
			l.values(i+1, int(t.pair))
			l.optionKeywords(i, int(t.pair))
			return int(t.pair) + 1
		case word:
			t.keyword = l.is(i, "returns")
		}
	}
	return i
}

// optionKeywords marks the word option where it begins a statement in
// tokens[i:end], the body of an rpc.
func (l *lexer) optionKeywords(i, end int) {
	for ; i < end; i++ {
		if k := l.tokens[i].kind; (k == '{' || k == ';') && l.is(i+1, "option") {
			l.tokens[i+1].keyword = true
		}
	}
}

// field reads the field of a message or value of an enum at i. A brace, of a
// group or of what is no field at all, ends it.
func (l *lexer) field(i int) int {
	named := false
	for k := i; ; k++ {
		switch t := &l.tokens[k]; t.kind {
		case '=':
			if !named {
				l.types(i, k-1)
			}
			named = true
		case '[':
			if t.pair > 0 {
				l.values(k, int(t.pair)+1)
				k = int(t.pair)
			}
		case ';', '{':
			return k + 1
		case '}', eof:
			return k
		}
	}
}

// types reads tokens[i:end], a type and the words that may stand before it.
func (l *lexer) types(i, end int) {
	for ; i < end; i++ {
		t := &l.tokens[i]
		if t.kind != word {
			continue
		}
		path := l.tokens[i+1].kind == '.' || i > 0 && l.tokens[i-1].kind == '.'
		switch string(l.of(i)) {
		case "optional", "repeated", "stream":
			t.keyword = !path && i+1 < end
		case "required":
			t.keyword = !path && i+1 < end
			t.drop = t.keyword
		case "map":
			t.keyword = l.tokens[i+1].kind == '<'
		case "double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64",
			"sfixed32", "sfixed64", "bool", "string", "bytes":
			t.keyword = !path
		}
		if !t.keyword && l.tokens[i+1].kind != '.' {
			t.role = indexer.TypeUse
		}
	}
}
