package cpp

// fullCode masks the statements from i up to end, inside a function body that
// the parser is to read. Only the full text needs it: a skeleton has no bodies.
func (t *tracker) fullCode(i, end int) {
	begins := true // i is where a statement starts
	for i < end {
		next := i + 1
		switch k := t.at(i); {
		case begins && k >= kwClass && k <= kwEnum && t.definesType(i, end) && t.depth < maxDepth:
			t.depth++
			next = max(next, t.declaration(i, end, inFunction))
			t.depth--
		case begins && t.macro(i):
			next = t.codeMacro(i, end)
		case k == tkIdent && t.at(i+1) == '(' && isWrapper(t.bytes(i)):
			next = t.unwrap(i)
		}
		k := t.at(next - 1)
		begins = k == ';' || k == '{' || k == '}' || next > i+1
		i = next
	}
}

// codeMacro masks the macro that starts a statement at i, and returns where to
// go on.
func (t *tracker) codeMacro(i, end int) int {
	if t.at(i+1) != '(' {
		// TRY_NEEDS_AUDIT { … } END_TRY
		if n := t.at(i + 1); t.startsLine(i+1) || n == '{' || n == '}' || t.macro(i+1) {
			t.blank(i, i)
		}
		return i + 1
	}
	after := t.past(i + 1)
	switch t.at(after) {
	case ';':
		// Arguments may be types, declarations or blocks. Keep them only for a
		// local type.
		if t.localType(i+2, after) < 0 {
			t.patch(i, after, patchSemi)
		}
		return after + 1
	case '{':
		if t.localType(i+2, after) < 0 {
			t.inside(i + 1)
		}
		return after + 1
	}
	if (t.startsLine(after) || t.at(after) == '}' || t.macro(after)) && t.localType(i+2, after) < 0 {
		t.patch(i, after-1, patchSemi)
		return after
	}
	return i + 2
}
