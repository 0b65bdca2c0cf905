package cpp

// parenthesis reads a parenthesis of a declaration.
func (t *tracker) parenthesis(s *statementState, i int) int {
	next := t.past(i)
	if s.init || next == i+1 {
		return next
	}
	switch prev := t.at(i - 1); {
	case i == s.start:
	case prev == tkIdent, prev == '>', s.operatorBefore(t, i):
		s.params = i
	case prev == ')' && s.params >= 0: // int (*f(int))(char)
		s.params = i
	}
	t.parameters(i, next-1)
	return next
}

// operatorBefore reports whether the token before i ends the name of an operator.
func (s *statementState) operatorBefore(t *tracker, i int) bool {
	for j := i - 1; j >= s.start && j >= i-4; j-- {
		if t.at(j) == kwOperator {
			return true
		}
	}
	return false
}

// parameters masks what stands between the parentheses open and end.
func (t *tracker) parameters(open, end int) {
	for i := open + 1; i < end; {
		switch t.at(i) {
		case '=':
			// A default argument in braces is an error, and no default argument
			// matters to the definitions.
			i = t.blankDefault(i, end)
		case '{':
			i = t.past(i)
		case tkScope:
			if t.at(i+1) == '*' {
				t.memberPointer(i)
			}
			i++
		case tkIdent:
			i = t.parameterMacro(i)
		default:
			i++
		}
	}
}

// blankDefault overwrites a default argument that starts with the = at i.
func (t *tracker) blankDefault(i, end int) int {
	j := i + 1
	for j < end && t.at(j) != ',' {
		if t.at(j) == '<' && t.at(j-1) == tkIdent {
			if c := t.angles(j, end); c > 0 {
				j = c + 1
				continue
			}
		}
		j = t.past(j)
	}
	if t.skeleton || t.at(i+1) == '{' {
		t.blank(i, j-1)
	}
	return j
}
