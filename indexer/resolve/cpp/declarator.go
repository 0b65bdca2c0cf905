package cpp

import (
	"navigator/indexer"
)

// parameter returns the name of the parameter that stands at [i,end), 0 when it
// has none, and where its type starts.
func (s *scanner) parameter(i, end int) (name, typ int) {
	start := i
	j := s.typeEnd(i, end)
	if j < 0 {
		return 0, -1
	}
	for s.At(j) == indexer.LexDots || s.At(j) == '*' || s.At(j) == '&' || s.isAnd(j) || s.Is(j, "const") {
		j++
	}
	if s.At(j) == '(' && (s.At(j+1) == '*' || s.At(j+1) == '&') { // T (&name)[N]
		j += 2
	}
	if j < end && s.At(j) == indexer.LexWord {
		switch s.At(j + 1) {
		case '=', ',', ')', '[':
			return j, start
		}
		if j+1 == end || s.At(j+1) == indexer.LexWord {
			return j, start
		}
	}
	return 0, -1
}

// typeEnd returns the index after the type that starts at i, pointers and
// references included, or -1 when no type can stand there.
func (s *scanner) typeEnd(i, end int) int {
	seen := false
	for i < end {
		switch s.At(i) {
		case indexer.LexKeyword:
			switch string(s.Bytes(i)) {
			case "void", "bool", "char", "int", "short", "long", "float", "double", "signed", "unsigned", "auto",
				"wchar_t", "char8_t", "char16_t", "char32_t":
				seen = true
				i++
			case "const", "static", "constexpr", "inline", "volatile", "thread_local", "mutable", "extern", "typename",
				"constinit", "register", "class", "struct", "union", "enum":
				i++
			case "decltype":
				seen = true
				i = s.Past(i + 1)
			default:
				return -1
			}
		case '[':
			if s.At(i+1) != '[' || seen {
				return s.done(i, seen)
			}
			i = s.Past(i)
		case indexer.LexWord, indexer.LexScope:
			if seen {
				return i
			}
			j := s.nameEnd(i, end)
			if j < 0 {
				return -1
			}
			seen = true
			i = j
		case '*', '&':
			if !seen {
				return -1
			}
			i++
		default:
			if s.isAnd(i) && seen {
				i++
				continue
			}
			return s.done(i, seen)
		}
	}
	return s.done(i, seen)
}

func (s *scanner) done(i int, seen bool) int {
	if seen {
		return i
	}
	return -1
}

// nameEnd returns the index after the qualified name at i, template arguments
// included, or -1.
func (s *scanner) nameEnd(i, end int) int {
	if s.At(i) == indexer.LexScope {
		i++
	}
	for i < end {
		if s.Is(i, "template") {
			i++
		}
		if s.At(i) != indexer.LexWord {
			return -1
		}
		i++
		if s.At(i) == '<' {
			if c := anglesEnd(s.Code, i); c > 0 && c < end {
				i = c + 1
			}
		}
		if s.At(i) != indexer.LexScope {
			return i
		}
		i++
	}
	return -1
}

// initialisers reads the member initialisers at i and returns where the body
// starts.
func (s *scanner) initialisers(i, end int) int {
	for i < end {
		switch s.At(i) {
		case '(':
			s.expression(i+1, s.Past(i)-1)
			i = s.Past(i)
		case '{':
			if k := s.At(i - 1); k != indexer.LexWord && k != '>' {
				return i
			}
			s.expression(i+1, s.Past(i)-1)
			i = s.Past(i)
		case '<':
			i = s.skipAngles(i, end)
		default:
			i++
		}
	}
	return end
}

// declaration reads the declaration of variables at i and returns where the next
// statement starts, or -1 when none stands there.
func (s *scanner) declaration(i, end int) int {
	start := i
	j := s.typeEnd(i, end)
	if j < 0 {
		return -1
	}
	if s.At(j) == '[' && s.At(j-1) != indexer.LexWord { // auto& [a, b]
		return s.bindings(start, j, end)
	}
	if s.At(j) == '(' && s.At(j+1) == '*' && s.At(j+2) == indexer.LexWord && s.At(j+3) == ')' && j > start && s.At(j-1) == indexer.LexKeyword {
		s.add(local{name: j + 2, kind: indexer.LocalVariable, typ: -1, init: -1})
		return s.find(j, end, ';') + 1
	}
	if s.At(j) != indexer.LexWord || !s.declares(j, end) {
		return -1
	}
	for s.At(j) == indexer.LexWord {
		j = s.declarator(start, j, end)
		if s.At(j) != ',' {
			break
		}
		j++
		for s.At(j) == '*' || s.At(j) == '&' {
			j++
		}
	}
	return s.find(j, end, ';') + 1
}

// declarator reads the variable whose name is at j and its initialiser, and
// returns where they end. Its type starts at start.
func (s *scanner) declarator(start, j, end int) int {
	l := local{name: j, kind: indexer.LocalVariable, typ: start, init: -1}
	for s.At(j+1) == '[' {
		j = s.Past(j+1) - 1
	}
	at := len(s.locals)
	s.add(l)
	j++
	from, to := j, j
	switch s.At(j) {
	case '=':
		from = j + 1
		j = argumentEnd(s.Code, from, s.find(from, end, ';'))
		to = j
	case '(', '{':
		from = j + 1
		j = s.Past(j)
		to = j - 1
	case ':':
		from, j, to = j+1, end, end
		s.locals[at].each = true
		s.locals[at].binding = -1
	}
	if from < j {
		s.locals[at].init, s.locals[at].initEnd = from, to
		s.expression(from, to)
	}
	return j
}

// declares reports whether a declarator may go on after the name at j.
func (s *scanner) declares(j, end int) bool {
	if j+1 >= end {
		return j+1 == end && s.At(end) != ')' // T name; in a header
	}
	switch s.At(j + 1) {
	case ';', '=', '(', '{', ',', ':', '[':
		return true
	}
	return false
}

// bindings reads a structured binding whose names open at the bracket at open.
func (s *scanner) bindings(start, open, end int) int {
	close := s.Past(open) - 1
	first := len(s.locals)
	n := 0
	for i := open + 1; i < close; i++ {
		if s.At(i) == indexer.LexWord {
			s.add(local{name: i, kind: indexer.LocalBinding, typ: start, init: -1, binding: n})
			n++
		}
	}
	j := close + 1
	from, to := j+1, s.find(j+1, end, ';')
	each := s.At(j) == ':'
	for k := first; k < len(s.locals); k++ {
		s.locals[k].init, s.locals[k].initEnd, s.locals[k].each = from, to, each
	}
	s.expression(from, to)
	return to + 1
}
