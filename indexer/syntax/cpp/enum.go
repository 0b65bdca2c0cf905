package cpp

// enumerators masks the body of an enum, whose brace is at i.
func (t *tracker) enumerators(i int) {
	end := int(t.toks[i].mate)
	fresh := true
	for i++; i < end; {
		switch k := t.at(i); {
		case fresh && k == tkIdent && t.at(i+1) == '(':
			// An X-macro that lists enumerators.
			after := t.past(i + 1)
			t.tableUse(i, tableEnum)
			if t.at(after) == ',' {
				after++
			}
			t.blank(i, after-1)
			i = after
			continue
		case k == tkIdent && !fresh: // an attribute
			after := i + 1
			if t.at(after) == '(' {
				after = t.past(after)
			}
			t.blank(i, after-1)
			i = after
			continue
		case k == '=':
			j := i
			for j < end && t.at(j) != ',' {
				j = t.past(j)
			}
			if t.skeleton {
				t.blank(i, j-1)
			}
			i = j
			continue
		case k == ',':
			if fresh {
				t.blank(i, i)
			}
			fresh = true
		case k == '(', k == '[', k == '{':
			i = t.past(i)
			fresh = false
			continue
		default:
			fresh = false
		}
		i++
	}
}
