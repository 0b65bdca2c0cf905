package cpp

// nameParts says where the parts of a qualified name are.
type nameParts struct {
	qualifier int // end of the qualifier, 0 when there is none
	from, to  int // of the last name, without its template arguments
}

// lastName takes A::B<T>::name<U> apart.
func lastName(q []byte) nameParts {
	p := nameParts{to: len(q)}
	depth := 0
	for i := 0; i < len(q); i++ {
		switch b := q[i]; {
		case b == '<':
			if depth == 0 {
				p.to = i
			}
			depth++
		case b == '>':
			depth--
		case depth > 0:
		case b == ':' && i+1 < len(q) && q[i+1] == ':':
			p.qualifier = i
			p.from, p.to = skipBlanks(q, i+2), len(q)
			if wordAt(q, p.from, "template") {
				p.from = skipBlanks(q, p.from+len("template"))
			}
			i++
		case b == 'o' && (i == 0 || word[q[i-1]] == 0) && wordAt(q, i, "operator"):
			p.from, p.to = i, len(q)
			i = len(q)
		}
	}
	p.to = max(p.to, p.from)
	for p.to > p.from && classOf[q[p.to-1]]-cSpace <= cNewline-cSpace {
		p.to--
	}
	return p
}

func skipBlanks(q []byte, i int) int {
	for i < len(q) && (q[i] == ' ' || q[i] == '\n' || q[i] == '\t' || q[i] == '\r') {
		i++
	}
	return i
}

// wordAt reports whether the word w stands at i.
func wordAt(q []byte, i int, w string) bool {
	return i+len(w) <= len(q) && string(q[i:i+len(w)]) == w && (i+len(w) == len(q) || word[q[i+len(w)]] == 0)
}

// appendQualifier appends the qualifier q as containers are written: without
// template arguments and blanks.
func appendQualifier(dst, q []byte) []byte {
	depth := 0
	for _, b := range q {
		switch {
		case b == '<':
			depth++
		case b == '>':
			depth--
		case depth == 0 && b != ' ' && b != '\n' && b != '\t' && b != '\r':
			dst = append(dst, b)
		}
	}
	return dst
}
