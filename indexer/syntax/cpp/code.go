package cpp

import "bytes"

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
			next, begins = t.codeMacro(i)
			i = next
			continue
		case k == tkString && t.text[t.toks[i].pos] == '"' && bytes.Contains(t.bytes(i), []byte(`\x`)):
			// \x1 is an error in the grammar.
			t.put(t.toks[i].pos+1, t.toks[i].end-1, patchBlank)
		case k == tkIdent && t.at(i+1) == '(' && isWrapper(t.bytes(i)):
			next = t.unwrap(i)
		case k == tkIdent && t.at(i-1) == ')' && isAttribute(t.bytes(i)): // of a lambda
			if next = i + 1; t.at(next) == '(' {
				next = t.past(next)
			}
			t.blank(i, next-1)
		}
		k := t.at(next - 1)
		begins = k == ';' || k == '{' || k == '}' || next > i+1
		i = next
	}
}

// codeMacro masks the macro that starts a statement at i. It returns where to
// go on, and whether a statement begins there.
func (t *tracker) codeMacro(i int) (int, bool) {
	if t.at(i+1) != '(' {
		// TRY_NEEDS_AUDIT { … } END_TRY
		n := t.at(i + 1)
		blank := n == '{' || n == '}' || t.macro(i+1) || t.startsLine(i+1) && n != '.' && n != tkArrow && n != tkShift
		if blank {
			t.blank(i, i)
		}
		return i + 1, blank
	}
	after := t.past(i + 1)
	n := t.at(after)
	if t.localType(i+2, after) >= 0 { // keep the arguments for it
		return i + 2, true
	}
	switch {
	case n == ';':
		// Arguments may be types, declarations or blocks.
		t.patch(i, after, patchSemi)
		return after + 1, true
	case n == '{':
		t.inside(i + 1)
		return after + 1, true
	case n == '}' && t.at(i-1) == '{': // Stats{ALL_STATS(…)}
		t.blank(i, after-1)
		return after, true
	case n == '}' || t.macro(after) || t.startsLine(after) && (n == tkIdent || n.isKeyword()):
		t.patch(i, after-1, patchSemi)
		return after, true
	case n == tkShift: // ASSERT_TRUE(x) << message
		t.inside(i + 1)
		return after, false
	}
	return i + 2, false
}
