package cpp

import (
	"bytes"

	"navigator/indexer"
)

// local is a name that only its function, or its declaration, knows. It means
// something from the lexeme from up to the lexeme until.
type local struct {
	name        int // index of the lexeme
	from, until int
	kind        indexer.LocalKind
	typ         int  // where its type starts, -1 when it has none
	init        int  // where its initialiser starts, -1 when it has none
	initEnd     int  // where it ends
	each        bool // it goes through the elements of its initialiser
	binding     int  // its place in a structured binding, from 0; -1 for none
}

// isScope reports whether a local may stand before ::.
func (l *local) isScope() bool {
	return l.kind == indexer.LocalTypeParameter || l.kind == indexer.LocalAlias
}

// scanner finds the locals of a definition in one pass over its lexemes. It
// follows statements by rule: what starts as a declaration may is one.
type scanner struct {
	*indexer.Code
	locals []local
	until  int // where the innermost scope ends
	depth  int
}

// maxDepth bounds how deep blocks and expressions are followed.
const maxDepth = 100

// localsOf returns the locals of the definition that stands at [from,end) and
// whose name ends before the lexeme after: of a function its parameters too, of
// a template its parameters.
func localsOf(code *indexer.Code, from, after, end int, function bool) []local {
	s := scanner{Code: code, until: end}
	from = s.templates(from)
	if !function {
		s.expression(after, end)
		return s.locals
	}
	i := after
	for i < end && s.At(i) != '(' && s.At(i) != '{' && s.At(i) != ';' {
		i = s.skipAngles(i, end)
	}
	if s.At(i) == '(' {
		s.parameters(i)
		i = s.Past(i)
	}
	if macro := string(s.Bytes(from)); isArgumentMaker(macro) { // MATCHER_P(Name, a, b, "…") { … }
		s.makerArguments(from+1, i)
	} else if from+1 <= after && s.At(from+1) == '(' && s.Past(from+1) > after { // TEST_F(Suite, Name) { … }
		i = s.Past(from + 1)
	}
	for i < end && s.At(i) != '{' && s.At(i) != ';' && s.At(i) != ':' {
		i = s.skipAngles(i, end)
	}
	if s.At(i) == ':' {
		i = s.initialisers(i+1, end)
	}
	for i < end {
		if s.At(i) == '{' {
			s.block(i)
			i = s.Past(i)
		} else {
			i++
		}
	}
	return s.locals
}

// isArgumentMaker tells the macros whose arguments are names in the body.
func isArgumentMaker(macro string) bool {
	return len(macro) > 7 && macro[:7] == "MATCHER" || len(macro) > 6 && macro[:6] == "ACTION"
}

func (s *scanner) makerArguments(open, end int) {
	for i := open + 2; i < end; i++ {
		if s.At(i) == indexer.LexWord && s.At(i-1) == ',' {
			s.add(local{name: i, kind: indexer.LocalParameter, typ: -1, init: -1})
		}
	}
}

// add adds a local that ends with the innermost scope.
func (s *scanner) add(l local) {
	l.until = s.until
	if l.from == 0 {
		l.from = l.name
	}
	if !l.each && l.kind != indexer.LocalBinding {
		l.binding = -1
	}
	s.locals = append(s.locals, l)
}

// templates adds the parameters of the template heads at i and returns where
// they end.
func (s *scanner) templates(i int) int {
	for s.Is(i, "template") && s.At(i+1) == '<' {
		close := anglesEnd(s.Code, i+1)
		if close < 0 {
			return i
		}
		start := i + 2
		for j := start; j <= close; j++ {
			switch k := s.At(j); {
			case k == '<':
				if c := anglesEnd(s.Code, j); c > 0 {
					j = c
				}
			case k == ',', j == close:
				s.templateParameter(start, j)
				start = j + 1
			}
		}
		i = close + 1
	}
	return i
}

// templateParameter adds the template parameter at i, which ends before end, if
// it has a name.
func (s *scanner) templateParameter(i, end int) {
	name := end - 1
	for k := i; k < end; k++ {
		if s.At(k) == '=' {
			name = k - 1
			break
		}
	}
	if s.At(name) == ')' { // void (*name)(T*)
		for k := i; k < name; k++ {
			if s.At(k) == '(' && s.At(k+1) == '*' {
				name = k + 2
			}
		}
	}
	if name > i && s.At(name) == indexer.LexWord {
		s.add(local{name: name, kind: indexer.LocalTypeParameter, typ: -1, init: -1})
	}
}

// anglesEnd returns the index of the > that closes the < at i, or -1.
func anglesEnd(code *indexer.Code, i int) int {
	depth := 0
	for j := i; j < len(code.Lexemes) && j < i+2000; {
		switch code.At(j) {
		case '<':
			depth++
		case '>':
			if depth--; depth == 0 {
				return j
			}
		case ';', '}', ')', ']', '{':
			return -1
		case indexer.LexSign:
			if b := code.Bytes(j); string(b) == "||" || string(b) == "<<" {
				return -1
			}
		case '(', '[':
			j = code.Past(j)
			continue
		}
		j++
	}
	return -1
}

// skipAngles returns the index after i, past template arguments and brackets.
func (s *scanner) skipAngles(i, end int) int {
	switch s.At(i) {
	case '<':
		if c := anglesEnd(s.Code, i); c > 0 {
			return c + 1
		}
	case '(', '[':
		return s.Past(i)
	}
	return i + 1
}

// parameters adds the parameters between the parenthesis at open and its mate.
func (s *scanner) parameters(open int) {
	close := s.Past(open) - 1
	for i := open + 1; i < close; {
		end := argumentEnd(s.Code, i, close)
		if name, typ := s.parameter(i, end); name > 0 {
			s.add(local{name: name, kind: indexer.LocalParameter, typ: typ, init: -1})
		}
		s.expression(i, end)
		i = end + 1
	}
}

// argumentEnd returns the index of the comma that ends the argument at i, or
// close.
func argumentEnd(code *indexer.Code, i, close int) int {
	for i < close {
		switch code.At(i) {
		case ',':
			return i
		case '<':
			if c := anglesEnd(code, i); c > 0 && c < close && code.At(i-1) == indexer.LexWord {
				i = c
			}
		case '(', '[', '{':
			i = code.Past(i)
			continue
		}
		i++
	}
	return close
}

func (s *scanner) isAnd(i int) bool {
	return s.At(i) == indexer.LexSign && string(s.Bytes(i)) == "&&"
}

// block reads the statements between the brace at open and its mate.
func (s *scanner) block(open int) {
	close := s.Past(open) - 1
	if close <= open || s.depth > maxDepth {
		return
	}
	s.depth++
	outer := s.until
	s.until = close
	for i := open + 1; i < close; {
		i = max(s.statement(i, close), i+1)
	}
	s.until = outer
	s.depth--
}

// statement reads the statement at i and returns where the next one starts.
func (s *scanner) statement(i, end int) int {
	switch s.At(i) {
	case '{':
		s.block(i)
		return s.Past(i)
	case ';':
		return i + 1
	case indexer.LexKeyword:
		if next, ok := s.keywordStatement(i, end); ok {
			return next
		}
	case indexer.LexWord:
		if s.At(i+1) == ':' && s.At(i+2) != ':' && s.At(i-1) != '?' {
			s.add(local{name: i, kind: indexer.LocalLabel, typ: -1, init: -1, from: 1})
			return i + 2
		}
		if isMacro(s.Bytes(i)) {
			if s.At(i+1) == '{' || s.Is(i+1, "catch") || s.At(i+1) == '}' || s.At(i+1) == indexer.LexWord && isMacro(s.Bytes(i+1)) && s.At(i+2) == '(' {
				return i + 1 // TRY { … } END_TRY CATCH(…)
			}
			if s.At(i+1) == '(' {
				s.macroArguments(i + 1)
				if s.At(s.Past(i+1)) == '{' {
					return s.Past(i + 1)
				}
			}
		}
	}
	if next := s.declaration(i, end); next > 0 {
		return next
	}
	j := s.find(i, end, ';')
	s.expression(i, j)
	return j + 1
}

// keywordStatement reads the statement at i if it is one by its keyword, and
// returns where the next one starts.
func (s *scanner) keywordStatement(i, end int) (next int, ok bool) {
	switch string(s.Bytes(i)) {
	case "if", "while", "switch", "for", "catch":
		return s.control(i, end), true
	case "else", "do", "try":
		return s.nested(i+1, end), true
	case "case":
		for i < end && s.At(i) != ':' {
			i = s.Past(i)
		}
		return i + 1, true
	case "using":
		return s.using(i, end), true
	case "typedef":
		j := s.find(i, end, ';')
		if s.At(j-1) == indexer.LexWord {
			s.add(local{name: j - 1, kind: indexer.LocalAlias, typ: i + 1, init: -1})
		}
		return j + 1, true
	case "struct", "class", "union", "enum":
		return s.localType(i, end)
	}
	return 0, false
}

// isMacro reports whether a word is written as macros are.
func isMacro(w []byte) bool {
	return len(w) > 1 && !bytes.ContainsFunc(w, func(r rune) bool { return r >= 'a' && r <= 'z' })
}

// macroArguments adds what the arguments of a macro declare, each like a
// parameter: ASSIGN_OR_RETURN(auto x, …), CATCH(const Exception& e, { … }).
func (s *scanner) macroArguments(open int) {
	close := s.Past(open) - 1
	for i := open + 1; i < close; {
		end := argumentEnd(s.Code, i, close)
		if name, typ := s.parameter(i, end); name > 0 && name+1 == end {
			l := local{name: name, kind: indexer.LocalVariable, typ: typ, init: -1}
			if s.At(end) == ',' {
				l.init, l.initEnd = end+1, argumentEnd(s.Code, end+1, close)
			}
			s.add(l)
		}
		i = end + 1
	}
}

// find returns the index of the next lexeme k in [i,end) outside brackets, or
// end.
func (s *scanner) find(i, end int, k indexer.LexemeKind) int {
	for i < end && s.At(i) != k {
		i = s.Past(i)
	}
	return min(i, end)
}

// nested reads one statement in a scope of its own.
func (s *scanner) nested(i, end int) int {
	if s.depth > maxDepth {
		return s.find(i, end, ';') + 1
	}
	s.depth++
	next := max(s.statement(i, end), i+1)
	s.depth--
	return next
}

// control reads an if, while, switch, for or catch, whose header's names end
// with it.
func (s *scanner) control(i, end int) int {
	key := string(s.Bytes(i))
	open := i + 1
	if s.Is(open, "constexpr") {
		open++
	}
	if s.At(open) != '(' {
		return i + 1
	}
	first := len(s.locals)
	close := s.Past(open) - 1
	if key == "catch" {
		s.parameters(open)
	} else {
		s.header(open+1, close)
	}
	header := len(s.locals)
	next := s.nested(close+1, end)
	for key == "if" && s.Is(next, "else") {
		next = s.nested(next+1, end)
	}
	for j := first; j < header; j++ {
		if s.locals[j].until > next {
			s.locals[j].until = next
		}
	}
	return next
}

// header reads what stands in the parentheses of a for, if, while or switch.
func (s *scanner) header(i, close int) {
	for i < close {
		next := -1
		if s.isInitialised(i, close) {
			next = s.declaration(i, close)
		}
		if next < 0 {
			next = s.find(i, close, ';')
			s.expression(i, next)
			next++
		}
		i = max(next, i+1)
	}
}

// isInitialised reports whether what stands at i in a header, if it is a
// declaration, says a value, as there it must: a && b(c) is an expression.
func (s *scanner) isInitialised(i, close int) bool {
	j := s.typeEnd(i, close)
	return j >= 0 && !(s.At(j) == indexer.LexWord && s.At(j+1) == '(')
}

// using reads using X = T; or using A::b;.
func (s *scanner) using(i, end int) int {
	j := s.find(i, end, ';')
	if s.At(i+1) == indexer.LexWord && s.At(i+2) == '=' {
		s.add(local{name: i + 1, kind: indexer.LocalAlias, typ: i + 3, init: -1})
	}
	return j + 1
}

// localType steps over the definition of a class or enum in a function. What is
// in it has symbols of its own; what is declared after it is a local.
func (s *scanner) localType(i, end int) (int, bool) {
	j := i
	for j < end {
		switch s.At(j) {
		case '{':
			after := s.Past(j)
			for k := after; k < end && s.At(k) != ';'; k = s.Past(k) {
				if s.At(k) == indexer.LexWord && (k == after || s.At(k-1) == ',' || s.At(k-1) == '*') {
					s.add(local{name: k, kind: indexer.LocalVariable, typ: i, init: -1})
				}
			}
			return s.find(after, end, ';') + 1, true
		case ';', '(', '=':
			return 0, false
		case '<':
			j = s.skipAngles(j, end)
		default:
			j++
		}
	}
	return 0, false
}

// expression looks for lambdas and blocks in [i,end).
func (s *scanner) expression(i, end int) {
	if s.depth > maxDepth {
		return
	}
	s.depth++
	defer func() { s.depth-- }()
	for i < end {
		switch s.At(i) {
		case '[':
			if s.startsLambda(i) {
				i = s.lambda(i, end)
				continue
			}
		case '{':
			if close := s.Past(i) - 1; close > i && s.find(i+1, close, ';') < close {
				s.block(i)
				i = close
			}
		}
		i++
	}
}

// startsLambda reports whether the bracket at i opens the captures of a lambda.
func (s *scanner) startsLambda(i int) bool {
	switch s.At(i - 1) {
	case indexer.LexWord, ')', ']', indexer.LexString, '[':
		return false
	case indexer.LexKeyword:
		return !s.Is(i-1, "this") && !s.Is(i-1, "delete") && !s.Is(i-1, "operator") && !s.Is(i-1, "auto")
	}
	return s.At(i+1) != '['
}

// lambda reads the lambda whose captures open at i and returns where it ends.
func (s *scanner) lambda(i, end int) int {
	close := s.Past(i) - 1
	if close <= i {
		return i + 1
	}
	body := close + 1
	for body < end && s.At(body) != '{' {
		switch s.At(body) {
		case ';', ')', ']', '}', ',':
			return close + 1
		}
		body = s.skipAngles(body, end)
	}
	if s.At(body) != '{' {
		return close + 1
	}
	outer := s.until
	s.until = s.Past(body)
	for k := i + 1; k < close; {
		argEnd := argumentEnd(s.Code, k, close)
		name := k
		if s.At(name) == '&' || s.At(name) == indexer.LexDots {
			name++
		}
		if s.At(name) == indexer.LexWord && s.At(name+1) == '=' {
			s.add(local{name: name, kind: indexer.LocalCapture, from: close, typ: -1, init: name + 2, initEnd: argEnd})
			// The name itself is found where it stands, too.
			l := s.locals[len(s.locals)-1]
			l.from, l.until = name, name+1
			s.locals = append(s.locals, l)
		}
		s.expression(k, argEnd)
		k = argEnd + 1
	}
	at := close + 1
	if s.At(at) == '<' {
		if c := anglesEnd(s.Code, at); c > 0 {
			at = c + 1
		}
	}
	if s.At(at) == '(' {
		s.parameters(at)
	}
	s.block(body)
	s.until = outer
	return s.Past(body)
}

// findLocal returns the local of that name that is seen at the lexeme i.
func findLocal(code *indexer.Code, locals []local, name []byte, i int) (local, bool) {
	best := -1
	for k := range locals {
		l := &locals[k]
		if l.from <= i && i < l.until && (best < 0 || l.from >= locals[best].from) && bytes.Equal(code.Bytes(l.name), name) {
			best = k
		}
	}
	if best < 0 {
		return local{}, false
	}
	return locals[best], true
}
