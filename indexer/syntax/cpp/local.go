package cpp

// code masks a function body, whose brace is at i. A skeleton keeps only the
// classes that are defined in it.
func (t *tracker) code(i int) {
	m := int(t.toks[i].mate)
	if m < 0 {
		return
	}
	if !t.skeleton {
		t.fullCode(i+1, m)
		return
	}
	from := i + 1
	for {
		key := t.localType(from, m)
		if key < 0 {
			break
		}
		t.put(t.toks[from-1].end, t.toks[key].pos, patchBlank)
		if t.depth >= maxDepth {
			from = key
			break
		}
		t.depth++
		from = t.declaration(key, m, inFunction)
		t.depth--
		from = max(from, key+1)
	}
	t.put(t.toks[from-1].end, t.toks[m].pos, patchBlank)
}

// localType returns the index of the first token in [from,end) that starts the
// definition of a named class or enum, or -1.
func (t *tracker) localType(from, end int) int {
	lo, hi := 0, len(t.keys)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if int(t.keys[mid]) < from {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	for ; lo < len(t.keys) && int(t.keys[lo]) < end; lo++ {
		k := int(t.keys[lo])
		start := k
		if t.at(k-1) == kwTypedef && k > from {
			start--
		}
		if prev := t.at(start - 1); prev != ';' && prev != '{' && prev != '}' {
			continue
		}
		if t.definesType(k, end) {
			return start
		}
	}
	return -1
}

// definesType reports whether the class key at k starts the definition of a type.
func (t *tracker) definesType(k, end int) bool {
	i := k + 1
	if t.at(i).isClassKey() {
		i++
	}
	if t.at(i) != tkIdent && t.at(i) != '{' {
		return false
	}
	for limit := min(end, i+maxAngles); i < limit; i++ {
		switch t.at(i) {
		case '{':
			m := int(t.toks[i].mate)
			return m > 0 && (t.at(m+1) == ';' || t.at(m+1) == tkIdent)
		case ';', '(', ')', '=', '}', '*', '&':
			return false
		}
	}
	return false
}
