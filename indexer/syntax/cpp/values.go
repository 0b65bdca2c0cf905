package cpp

// equals reads an = of a declaration.
func (t *tracker) equals(s *statementState, i, end int) int {
	if s.keep {
		if t.skeleton && t.at(i-2) == kwConcept {
			return t.blankValue(i+1, end, patchOne)
		}
		if t.skeleton {
			return t.blankAlias(i+1, end)
		}
		return t.aliasType(i+1, end)
	}
	next := t.at(i + 1)
	if s.params >= 0 && t.at(i+2) == ';' {
		if next == kwDefault || next == kwDelete || next == tkNumber {
			switch {
			case s.place == inNamespace && next == kwDefault: // out of line, it is the definition
				t.rewrite(s.start, i+1, i+2)
				t.patch(i, i+2, patchBody)
				return i + 2
			case s.generic: // an error in a template
				t.blank(i, i+1)
			}
			return i + 2
		}
	}
	s.init = true
	// A member `T x = 0;` is a pure virtual function to the grammar.
	if t.skeleton || s.place == inClass && next == tkNumber && t.at(i+2) == ';' {
		j := t.blankValue(i, end, patchBlank)
		if t.at(j) == ',' {
			s.init, s.params = false, -1
		}
		return j
	}
	return i + 1
}

// blankAlias makes T of the type of an alias, unless it defines one.
func (t *tracker) blankAlias(i, end int) int {
	j := i
	for j < end && t.at(j) != ';' && t.at(j) != '}' {
		if t.at(j) == '{' {
			return t.aliasType(i, end)
		}
		j = t.past(j)
	}
	t.patch(i, j-1, patchType)
	return j
}

// aliasType unwraps macros in the type of an alias.
func (t *tracker) aliasType(i, end int) int {
	for i < end && t.at(i) != ';' && t.at(i) != '}' {
		switch {
		case t.at(i) == tkIdent && t.at(i+1) == '(' && isWrapper(t.bytes(i)):
			i = t.unwrap(i)
		case t.at(i) == tkScope && t.at(i+1) == '*':
			t.memberPointer(i)
			i += 2
		case t.at(i) == '{':
			i = t.past(i)
		default:
			i++
		}
	}
	return i
}

// memberPointer makes the pointer to member T::* at the :: i a pointer: the
// grammar has none without a name.
func (t *tracker) memberPointer(i int) {
	from := i
	for t.at(from) == tkScope && t.at(from-1) == tkIdent {
		from -= 2
	}
	t.blank(from+1, i)
}

// blankValue overwrites an initialiser from i on, up to the comma or semicolon
// that ends it.
func (t *tracker) blankValue(i, end int, p patch) int {
	j, depth := i, 0
loop:
	for j < end {
		switch t.at(j) {
		case ';', '}':
			break loop
		case ',':
			if depth == 0 && p == patchBlank {
				break loop
			}
		case '<':
			if t.at(j-1) == tkIdent {
				depth++
			}
		case '>':
			depth = max(0, depth-1)
		case '(', '[', '{':
			j = t.past(j)
			continue
		}
		j++
	}
	t.patch(i, j-1, p)
	return j
}
