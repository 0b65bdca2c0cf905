package cpp

// parameterMacro masks a macro among types: STACK_OF(T) becomes T, an
// attribute nothing.
func (t *tracker) parameterMacro(i int) int {
	if t.at(i+1) == '(' && isWrapper(t.bytes(i)) {
		return t.unwrap(i)
	}
	if !t.macro(i) {
		return i + 1
	}
	after := i + 1
	if t.at(after) == '(' {
		after = t.past(after)
	}
	prev, next := t.at(i-1), t.at(after)
	if (next == ',' || next == ')') && (prev == tkIdent || prev == ')' || prev == ']') {
		t.blank(i, after-1)
	} else if isAttribute(t.bytes(i)) {
		t.blank(i, after-1)
	} else {
		return i + 1
	}
	return after
}

// isWrapper tells the macros that are a type around the type they are given.
func isWrapper(name []byte) bool {
	switch string(name) {
	case "STACK_OF", "API_NO_BOOST", "_Atomic":
		return true
	}
	return false
}

// isAttribute tells the macros that only annotate.
func isAttribute(name []byte) bool {
	return len(name) > 5 && string(name[:5]) == "ABSL_" && string(name) != "ABSL_FLAG"
}

// unwrap overwrites a wrapper at i and its parentheses, and keeps the type.
func (t *tracker) unwrap(i int) int {
	m := int(t.toks[i+1].mate)
	if m < 0 {
		return i + 2
	}
	t.blank(i, i+1)
	for j := i + 2; j < m; j++ {
		if t.at(j) == tkIdent && t.at(j+1) == '(' && isWrapper(t.bytes(j)) {
			j = t.unwrap(j) - 1
		}
	}
	t.blank(m, m)
	return m + 1
}

// attribute masks a macro that annotates a declaration, at i, and rewrites PURE.
func (t *tracker) attribute(s *statementState, i int) int {
	if t.at(i+1) == '(' && isWrapper(t.bytes(i)) {
		return t.unwrap(i)
	}
	if !t.macro(i) || s.init {
		return i + 1
	}
	name := t.bytes(i)
	if string(name) == "PURE" {
		t.patch(i, i, patchPure)
		return i + 1
	}
	after := i + 1
	if t.at(after) == '(' {
		after = t.past(after)
	}
	if isAttribute(name) || t.trailing(s, i, after) || t.calling(s, i) {
		t.blank(i, after-1)
		return after
	}
	return i + 1
}

// calling reports whether the macro at i stands between the type of a function
// and its name, as calling conventions do: void WINAPI run(), extern "C" KEEP int f().
func (t *tracker) calling(s *statementState, i int) bool {
	if s.params >= 0 || s.key >= 0 || i == s.start {
		return false
	}
	switch t.at(i - 1) {
	case tkString:
		return true
	case kwType, tkIdent, '*', '&', '>':
		n := t.at(i + 2)
		return t.at(i+1) == tkIdent && (n == '(' || n == tkScope)
	}
	return false
}

// trailing reports whether the macro at i, up to after, stands where only
// attributes do: behind the parameters, or behind the name of a variable.
func (t *tracker) trailing(s *statementState, i, after int) bool {
	switch t.at(after) {
	case ';', '{', ':', '=', ',', '[':
	case tkIdent:
		if !t.macro(after) && s.params < 0 {
			return false
		}
	default:
		return false
	}
	switch t.at(i - 1) {
	case ')', kwConst, kwNoexcept:
		return s.params >= 0 || t.at(i-1) == ')'
	case tkIdent:
		if s.params >= 0 {
			return true // after override or final
		}
		p := t.at(i - 2) // what ends the type of the name, or the name before
		return i-1 > s.start && (p == tkIdent || p == '>' || p == '*' || p == '&' || p == kwType || p == ',')
	}
	return false
}
