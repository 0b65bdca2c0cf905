package cpp

import "navigator/indexer"

// maxAngles bounds how many tokens template arguments may have, brackets in them
// counted as one, so that a text of < costs linear time.
const maxAngles = 2000

// angles returns the index of the > that closes the < at i, or -1 when it
// closes nothing.
func (t *tracker) angles(i, end int) int {
	depth := 0
	for j := i; j < min(end, i+maxAngles); {
		switch t.at(j) {
		case '<':
			depth++
		case '>':
			if depth--; depth == 0 {
				return j
			}
		case ';', '}', ')', ']':
			return -1
		case '(', '[', '{':
			j = t.past(j)
			continue
		}
		j++
	}
	return -1
}

// statementState is what is known of a declaration as far as it is read.
type statementState struct {
	start   int
	place   place
	key     int  // index of class, struct or union, else -1
	enum    bool // the key is an enum
	params  int  // index of the parenthesis that opens the parameters, else -1
	init    bool // after =
	keep    bool // a using, typedef or concept, whose = is part of it
	friend  bool
	generic bool // has a template head
}

// declaration reads a declaration that starts at i: a class, a function, a
// variable, an alias, with their bodies.
func (t *tracker) declaration(i, end int, p place) int {
	s := statementState{start: i, place: p, key: -1, params: -1}
	for i < end {
		switch k := t.at(i); k {
		case ';':
			t.declared(&s, i)
			return i + 1
		case '}':
			return i
		case '(':
			i = t.parenthesis(&s, i)
		case '[':
			i = t.past(i)
		case '<':
			i = t.templateArguments(&s, i, end)
		case '{':
			next, done := t.brace(&s, i)
			if done {
				return next
			}
			i = next
		case '=':
			i = t.equals(&s, i, end)
		case ':':
			i = t.colon(&s, i, end)
		case kwOperator:
			i = t.operator(i, end)
		case kwClass, kwStruct, kwUnion:
			if s.key < 0 && s.params < 0 && !s.friend {
				s.key = i
				i = t.classHead(i + 1)
			} else {
				i++
			}
		case kwEnum:
			s.enum = true
			if t.at(i + 1).isClassKey() {
				i++
			}
			i = t.classHead(i + 1)
		case kwUsing, kwTypedef, kwConcept:
			s.keep = true
			i++
		case kwFriend:
			s.friend = true
			i++
		case kwTemplate:
			s.generic = true
			i++
		case kwTypename:
			if s.keep && t.at(i-1) == kwUsing { // using typename Base::Type;
				t.blank(i, i)
			}
			i++
		case tkDots:
			if s.keep && t.at(i+1) == ';' { // using Bases::operator()...;
				t.blank(i, i)
			}
			i++
		case kwRequires:
			i = t.requires(i, end)
		case tkIdent:
			i = t.attribute(&s, i)
		default:
			i++
		}
	}
	return end
}

// declared overwrites the parameters of a member function that ends with the
// semicolon at end. Elsewhere they may be the arguments of a constructor.
func (t *tracker) declared(s *statementState, end int) {
	if !t.skeleton || s.place != inClass || s.params < 0 || s.keep || s.init {
		return
	}
	i := int(t.toks[s.params].mate) + 1
	for i < end && (t.at(i) == kwConst || t.at(i) == kwNoexcept || t.at(i) == tkIdent && !t.macro(i)) {
		i++
	}
	t.signature(s.params, i)
}

// classHead blanks the macros between a class key and the name, at i.
func (t *tracker) classHead(i int) int {
	for t.at(i) == tkIdent {
		n := t.at(i + 1)
		switch {
		case n == '(':
			after := t.past(i + 1)
			t.blank(i, after-1)
			i = after
		case n == tkIdent && t.macro(i):
			t.blank(i, i)
			i++
		default:
			return i + 1
		}
	}
	return i
}

// requires steps over a requires expression, whose braces hold no scope.
func (t *tracker) requires(i, end int) int {
	j := i + 1
	if t.at(j) == '(' {
		j = t.past(j)
	}
	if t.at(j) == '{' {
		return t.past(j)
	}
	return i + 1
}

// operator steps over the name of an operator function, so that its brackets
// and signs are not taken for others.
func (t *tracker) operator(i, end int) int {
	j := i + 1
	switch t.at(j) {
	case '(', '[':
		return t.past(j)
	}
	for j < end && t.at(j) != '(' && t.at(j) != ';' {
		if t.at(j) == '<' && t.at(j-1) == tkIdent { // a conversion to a template type
			if c := t.angles(j, end); c > 0 {
				j = c
			}
		}
		j++
	}
	return j
}

// templateArguments steps over the arguments that the < at i opens.
func (t *tracker) templateArguments(s *statementState, i, end int) int {
	if prev := t.at(i - 1); s.init || prev != tkIdent && prev != kwTemplate && prev != kwOperator {
		return i + 1
	}
	c := t.angles(i, end)
	if c < 0 {
		return i + 1
	}
	if t.skeleton && c > i+1 {
		t.patch(i+1, c-1, patchType)
		return c + 1
	}
	for j := i + 1; j < c; j++ {
		if t.at(j) == tkIdent && t.at(j+1) == '(' && isWrapper(t.bytes(j)) {
			j = t.unwrap(j) - 1
		}
	}
	return c + 1
}

// colon reads a colon: of bases, constructor initialisers or a bit-field.
func (t *tracker) colon(s *statementState, i, end int) int {
	switch {
	case s.params >= 0 && !s.init:
		return t.initialisers(i, end)
	case s.enum:
		return i + 1
	case s.key >= 0:
		return t.bases(i, end)
	case s.place == inClass && !s.init:
		return t.bitField(i, end)
	}
	return i + 1
}

// bases steps over the base classes after the colon i. A skeleton drops them.
func (t *tracker) bases(i, end int) int {
	j := i + 1
	for j < end && t.at(j) != '{' && t.at(j) != ';' {
		if t.at(j) == '<' {
			if c := t.angles(j, end); c > 0 {
				j = c + 1
				continue
			}
		}
		if t.at(j) == '(' || t.at(j) == '[' {
			j = t.past(j)
			continue
		}
		if t.macro(j) && t.at(j-1) != ',' && t.at(j-1) == tkIdent { // between two names
			t.blank(j, j)
		}
		j++
	}
	if t.skeleton && t.at(j) == '{' {
		t.blank(i, j-1)
	}
	return j
}

// bitField blanks the width of a bit-field: the grammar has no initialiser after it.
func (t *tracker) bitField(i, end int) int {
	j := i + 1
	for j < end && t.at(j) != ';' && t.at(j) != ',' && t.at(j) != '=' && t.at(j) != '{' {
		j = t.past(j)
	}
	t.blank(i, j-1)
	return j
}

// initialisers steps over the member initialisers after the colon i, up to the
// body. A skeleton drops them.
func (t *tracker) initialisers(i, end int) int {
	j := i + 1
	for j < end {
		for t.at(j) == tkIdent || t.at(j) == tkScope || t.at(j) == kwTemplate || t.at(j) == kwTypename {
			j++
		}
		if t.at(j) == '<' {
			c := t.angles(j, end)
			if c < 0 {
				break
			}
			j = c + 1
			continue
		}
		if t.at(j) == kwDecltype {
			j++
		}
		if t.at(j) != '(' && t.at(j) != '{' {
			break
		}
		t.written(j - 1)
		if t.at(j) == '{' && t.at(j-1) != tkIdent && t.at(j-1) != '>' { // the body
			break
		}
		j = t.past(j)
		if t.at(j) == tkDots {
			j++
		}
		if t.at(j) == ',' {
			j++
			continue
		}
		if t.at(j) == tkIdent && t.macro(j) { // an X-macro of initialisers
			continue
		}
		break
	}
	if t.at(j) == '{' && (t.skeleton || t.hasMacro(i, j)) {
		t.blank(i, j-1)
	}
	return j
}

// written gives the member that an initialiser names at i its role. Base classes
// are named with a capital.
func (t *tracker) written(i int) {
	if k := &t.toks[i]; k.kind == tkIdent && classOf[t.text[k.pos]] != cUpper {
		k.role = uint8(indexer.Write) + 1
	}
}

// hasMacro reports whether a macro is used among the tokens from i up to end.
func (t *tracker) hasMacro(i, end int) bool {
	for ; i < end; i++ {
		if t.macro(i) && t.at(i+1) == '(' {
			return true
		}
	}
	return false
}

// brace reads a brace of a declaration. done says that it ends there.
func (t *tracker) brace(s *statementState, i int) (next int, done bool) {
	next = t.past(i)
	switch {
	case s.init:
		if t.skeleton {
			t.inside(i)
		}
		return next, false
	case s.enum && s.params < 0:
		t.enumerators(i)
		return next, false
	case s.key >= 0 && s.params < 0:
		outer := t.access
		t.access = indexer.Public
		if t.at(s.key) == kwClass {
			t.access = indexer.Private
		}
		next = t.scope(i, inClass, t.className(s.key, i))
		t.access = outer
		return next, false
	case s.params >= 0:
		if t.skeleton || t.hasMacro(s.params+1, i) || t.at(t.past(s.params)) == kwTry {
			t.signature(s.params, i)
		}
		t.code(i)
		for t.at(next) == kwCatch && t.at(next+1) == '(' { // of a function try block
			handler := t.past(next + 1)
			if t.at(handler) != '{' {
				break
			}
			after := t.past(handler)
			t.blank(next, after-1)
			next = after
		}
		return next, true
	}
	if t.skeleton {
		t.inside(i)
	}
	return next, false
}

// signature overwrites the parameters of a function and what follows them, up
// to the token end: a definition is one without them, too.
func (t *tracker) signature(params, end int) {
	m := int(t.toks[params].mate)
	if m < 0 || m >= end {
		return
	}
	if m > params+1 {
		t.replace(t.toks[params].end, t.toks[m].pos, patchBlank)
	}
	if m+1 < end {
		t.replace(t.toks[m+1].pos, t.toks[end-1].end, patchBlank)
	}
}

// className returns the name of the class whose key is at key and whose body
// opens at open.
func (t *tracker) className(key, open int) string {
	name := -1
	for i := key + 1; i < open; i++ {
		switch t.at(i) {
		case tkIdent:
			if t.at(i+1) == '(' {
				i = t.past(i+1) - 1
				continue
			}
			name = i
			if n := t.at(i + 1); n != tkIdent && n != tkScope {
				return t.str(name)
			}
			if t.at(i+1) == tkIdent && t.str(i+1) == "final" {
				return t.str(name)
			}
		case '<', ':':
			i = open
		}
	}
	if name < 0 {
		return ""
	}
	return t.str(name)
}
