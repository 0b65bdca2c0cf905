package cpp

import "navigator/indexer"

// maxDepth bounds how deep scopes are followed. What is deeper is blanked.
const maxDepth = 128

// place is the kind of scope that a statement stands in.
type place uint8

const (
	inNamespace place = iota
	inClass
	inFunction
)

// tracker follows the braces and statements of a text and masks what the
// grammar cannot read. It reads tokens by rule, so it knows what each brace
// opens: a namespace, a class, an enum, code, or an initialiser.
//
// In a skeleton, the inside of function bodies, initialisers and parameter
// lists of definitions is blanked as well, as no definition but that of a
// local class stands there.
type tracker struct {
	mask
	text      []byte
	toks      []token
	skeleton  bool
	depth     int
	class     string             // name of the class whose members are read, "" outside
	access    indexer.Visibility // of the members that are read
	found     []decl             // what macros define
	uses      []tableUse
	keys      []int32 // indexes of tokens that may start a local type, in order
	leads     []span  // of macros blanked ahead of a declaration
	rewritten []rewritten
}

// run masks the text of toks, whose brackets are paired.
func (t *tracker) run(text []byte, toks []token, skeleton bool) {
	t.text, t.toks, t.skeleton = text, toks, skeleton
	t.edits, t.found, t.uses, t.keys, t.leads = t.edits[:0], t.found[:0], t.uses[:0], t.keys[:0], t.leads[:0]
	t.rewritten = t.rewritten[:0]
	t.depth, t.class = 0, ""
	for i := range toks {
		if k := toks[i].kind; k >= kwClass && k <= kwEnum {
			t.keys = append(t.keys, int32(i))
		}
	}
	t.body(0, len(toks), inNamespace)
}

// at returns the kind of the token i, and tkEOF beyond the ends.
func (t *tracker) at(i int) kind {
	if uint(i) < uint(len(t.toks)) {
		return t.toks[i].kind
	}
	return tkEOF
}

func (t *tracker) str(i int) string { return string(t.bytes(i)) }

func (t *tracker) bytes(i int) []byte { return t.text[t.toks[i].pos:t.toks[i].end] }

// blank overwrites the tokens from i to j, both included.
func (t *tracker) blank(i, j int) { t.patch(i, j, patchBlank) }

func (t *tracker) patch(i, j int, p patch) {
	if i <= j && j < len(t.toks) {
		t.put(t.toks[i].pos, t.toks[j].end, p)
	}
}

// inside overwrites what stands between the bracket i and its mate.
func (t *tracker) inside(i int) {
	if m := t.toks[i].mate; m > 0 {
		t.put(t.toks[i].end, t.toks[m].pos, patchBlank)
	}
}

// past returns the index after the bracket i and its mate, or after i when it
// has none.
func (t *tracker) past(i int) int {
	if i < len(t.toks) {
		if m := int(t.toks[i].mate); m > i {
			return m + 1
		}
	}
	return i + 1
}

// startsLine reports whether the token i is the first of its line, or none.
func (t *tracker) startsLine(i int) bool {
	return i >= len(t.toks) || t.toks[i].flags&flagLineStart != 0
}

// macro reports whether the token i is written as a macro.
func (t *tracker) macro(i int) bool { return i < len(t.toks) && t.toks[i].macroLike() }

// scope reads the statements between the brace i and its mate, or the rest of
// the text when it has none, and returns where to go on.
func (t *tracker) scope(i int, p place, class string) int {
	end := int(t.toks[i].mate)
	if end < 0 {
		end = len(t.toks)
	}
	if t.depth >= maxDepth {
		t.inside(i)
		return end + 1
	}
	outer, access := t.class, t.access
	t.class = class
	t.depth++
	t.body(i+1, end, p)
	t.depth--
	t.class, t.access = outer, access
	return end + 1
}

// body reads the statements from the token i up to end.
func (t *tracker) body(i, end int, p place) {
	for i < end {
		next := t.statement(i, end, p)
		i = max(next, i+1)
	}
}

// statement reads the statement at i and returns where the next one starts.
func (t *tracker) statement(i, end int, p place) int {
	switch k := t.at(i); k {
	case ';':
		// A stray semicolon after a body is a declaration of nothing to the
		// grammar in a namespace, and an error in a class.
		t.blank(i, i)
		return i + 1
	case '}', ')', ']':
		return i + 1
	case '{': // the body of a macro that is gone
		t.patch(i, int(t.toks[i].mate), patchBlank)
		return t.past(i)
	case kwPublic, kwProtected, kwPrivate:
		if p == inClass && t.at(i+1) == ':' {
			t.access = accessOf(k)
			return i + 2
		}
	case kwInline:
		if t.at(i+1) == kwNamespace {
			return t.namespace(i+1, end)
		}
	case kwNamespace:
		return t.namespace(i, end)
	case kwExtern:
		if t.at(i+1) == tkString && t.at(i+2) == '{' {
			return t.scope(i+2, inNamespace, "")
		}
		if t.at(i+1) == kwTemplate {
			return t.drop(i, end)
		}
	case kwTemplate:
		// An explicit instantiation defines nothing that is not defined elsewhere.
		if t.at(i+1) != '<' {
			return t.drop(i, end)
		}
	case kwStaticAssert:
		return t.drop(i, end)
	case tkIdent:
		if t.macro(i) {
			if next, ok := t.macroStatement(i, end, p); ok {
				return next
			}
		}
		if p == inNamespace {
			if next, ok := t.callStatement(i, end); ok {
				return next
			}
		}
	}
	return t.declaration(i, end, p)
}

func accessOf(k kind) indexer.Visibility {
	switch k {
	case kwPublic:
		return indexer.Public
	case kwProtected:
		return indexer.Protected
	}
	return indexer.Private
}

// drop overwrites everything up to the next semicolon.
func (t *tracker) drop(i, end int) int {
	j := i
	for j < end && t.at(j) != ';' {
		if t.at(j) == '}' {
			break
		}
		j = t.past(j)
	}
	t.blank(i, min(j, end-1))
	return j + 1
}

// namespace reads a namespace, or an alias of one, whose keyword is at i.
func (t *tracker) namespace(i, end int) int {
	for j := i + 1; j < end; j++ {
		switch t.at(j) {
		case '{':
			return t.scope(j, inNamespace, "")
		case ';':
			return j + 1
		case '=': // an alias
			for j < end && t.at(j) != ';' {
				j++
			}
			return j + 1
		case '}':
			return j
		case '(', '[': // an attribute
			j = t.past(j) - 1
		case tkIdent:
			switch n := t.at(j + 1); { // a macro before the name
			case t.macro(j) && n == '(':
				t.blank(j, t.past(j+1)-1)
				j = t.past(j+1) - 1
			case t.macro(j) && n == tkIdent:
				t.blank(j, j)
			}
		}
	}
	return end
}

// maxAngles bounds how many tokens template arguments may have, brackets in them
// counted as one, so that a text of < costs linear time.
const maxAngles = 2000

// angles returns the index of the > that closes the < at i, or -1 when it
// closes nothing.
func (t *tracker) angles(i, end int) int {
	depth := 0
	for j := i; j < min(end, i+maxAngles); {
		switch t.at(j) {
		case '<':
			depth++
		case '>':
			if depth--; depth == 0 {
				return j
			}
		case ';', '}', ')', ']':
			return -1
		case '(', '[', '{':
			j = t.past(j)
			continue
		}
		j++
	}
	return -1
}

// statementState is what is known of a declaration as far as it is read.
type statementState struct {
	start   int
	place   place
	key     int  // index of class, struct or union, else -1
	enum    bool // the key is an enum
	params  int  // index of the parenthesis that opens the parameters, else -1
	init    bool // after =
	keep    bool // a using, typedef or concept, whose = is part of it
	friend  bool
	generic bool // has a template head
}

// declaration reads a declaration that starts at i: a class, a function, a
// variable, an alias, with their bodies.
func (t *tracker) declaration(i, end int, p place) int {
	s := statementState{start: i, place: p, key: -1, params: -1}
	for i < end {
		switch k := t.at(i); k {
		case ';':
			t.declared(&s, i)
			return i + 1
		case '}':
			return i
		case '(':
			i = t.parenthesis(&s, i)
		case '[':
			i = t.past(i)
		case '<':
			i = t.templateArguments(&s, i, end)
		case '{':
			next, done := t.brace(&s, i, end)
			if done {
				return next
			}
			i = next
		case '=':
			i = t.equals(&s, i, end)
		case ':':
			i = t.colon(&s, i, end)
		case kwOperator:
			i = t.operator(&s, i, end)
		case kwClass, kwStruct, kwUnion:
			if s.key < 0 && s.params < 0 && !s.friend {
				s.key = i
				i = t.classHead(i + 1)
			} else {
				i++
			}
		case kwEnum:
			s.enum = true
			if t.at(i + 1).isClassKey() {
				i++
			}
			i = t.classHead(i + 1)
		case kwUsing, kwTypedef, kwConcept:
			s.keep = true
			i++
		case kwFriend:
			s.friend = true
			i++
		case kwTemplate:
			s.generic = true
			i++
		case kwTypename:
			if s.keep && t.at(i-1) == kwUsing { // using typename Base::Type;
				t.blank(i, i)
			}
			i++
		case tkDots:
			if s.keep && t.at(i+1) == ';' { // using Bases::operator()...;
				t.blank(i, i)
			}
			i++
		case kwRequires:
			i = t.requires(i, end)
		case tkIdent:
			i = t.attribute(&s, i, end)
		default:
			i++
		}
	}
	return end
}

// declared overwrites the parameters of a member function that ends with the
// semicolon at end. Elsewhere they may be the arguments of a constructor.
func (t *tracker) declared(s *statementState, end int) {
	if !t.skeleton || s.place != inClass || s.params < 0 || s.keep || s.init {
		return
	}
	i := int(t.toks[s.params].mate) + 1
	for i < end && (t.at(i) == kwConst || t.at(i) == kwNoexcept || t.at(i) == tkIdent && !t.macro(i)) {
		i++
	}
	t.signature(s.params, i)
}

// classHead blanks the macros between a class key and the name, at i.
func (t *tracker) classHead(i int) int {
	for t.at(i) == tkIdent {
		n := t.at(i + 1)
		switch {
		case n == '(':
			after := t.past(i + 1)
			t.blank(i, after-1)
			i = after
		case n == tkIdent && t.macro(i):
			t.blank(i, i)
			i++
		default:
			return i + 1
		}
	}
	return i
}

// requires steps over a requires expression, whose braces hold no scope.
func (t *tracker) requires(i, end int) int {
	j := i + 1
	if t.at(j) == '(' {
		j = t.past(j)
	}
	if t.at(j) == '{' {
		return t.past(j)
	}
	return i + 1
}

// operator steps over the name of an operator function, so that its brackets
// and signs are not taken for others.
func (t *tracker) operator(s *statementState, i, end int) int {
	j := i + 1
	switch t.at(j) {
	case '(', '[':
		return t.past(j)
	}
	for j < end && t.at(j) != '(' && t.at(j) != ';' {
		if t.at(j) == '<' && t.at(j-1) == tkIdent { // a conversion to a template type
			if c := t.angles(j, end); c > 0 {
				j = c
			}
		}
		j++
	}
	return j
}

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
			i = t.parameterMacro(i, end)
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

// parameterMacro masks a macro among types: STACK_OF(T) becomes T, an
// attribute nothing.
func (t *tracker) parameterMacro(i, end int) int {
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

// templateArguments steps over the arguments that the < at i opens.
func (t *tracker) templateArguments(s *statementState, i, end int) int {
	if prev := t.at(i - 1); s.init || prev != tkIdent && prev != kwTemplate && prev != kwOperator {
		return i + 1
	}
	c := t.angles(i, end)
	if c < 0 {
		return i + 1
	}
	if t.skeleton && c > i+1 {
		t.patch(i+1, c-1, patchType)
		return c + 1
	}
	for j := i + 1; j < c; j++ {
		if t.at(j) == tkIdent && t.at(j+1) == '(' && isWrapper(t.bytes(j)) {
			j = t.unwrap(j) - 1
		}
	}
	return c + 1
}

// colon reads a colon: of bases, constructor initialisers or a bit-field.
func (t *tracker) colon(s *statementState, i, end int) int {
	switch {
	case s.params >= 0 && !s.init:
		return t.initialisers(i, end)
	case s.enum:
		return i + 1
	case s.key >= 0:
		return t.bases(i, end)
	case s.place == inClass && !s.init:
		return t.bitField(i, end)
	}
	return i + 1
}

// bases steps over the base classes after the colon i. A skeleton drops them.
func (t *tracker) bases(i, end int) int {
	j := i + 1
	for j < end && t.at(j) != '{' && t.at(j) != ';' {
		if t.at(j) == '<' {
			if c := t.angles(j, end); c > 0 {
				j = c + 1
				continue
			}
		}
		if t.at(j) == '(' || t.at(j) == '[' {
			j = t.past(j)
			continue
		}
		if t.macro(j) && t.at(j-1) != ',' && t.at(j-1) == tkIdent { // between two names
			t.blank(j, j)
		}
		j++
	}
	if t.skeleton && t.at(j) == '{' {
		t.blank(i, j-1)
	}
	return j
}

// bitField blanks the width of a bit-field: the grammar has no initialiser after it.
func (t *tracker) bitField(i, end int) int {
	j := i + 1
	for j < end && t.at(j) != ';' && t.at(j) != ',' && t.at(j) != '=' && t.at(j) != '{' {
		j = t.past(j)
	}
	t.blank(i, j-1)
	return j
}

// initialisers steps over the member initialisers after the colon i, up to the
// body. A skeleton drops them.
func (t *tracker) initialisers(i, end int) int {
	j := i + 1
	for j < end {
		for t.at(j) == tkIdent || t.at(j) == tkScope || t.at(j) == kwTemplate || t.at(j) == kwTypename {
			j++
		}
		if t.at(j) == '<' {
			c := t.angles(j, end)
			if c < 0 {
				break
			}
			j = c + 1
			continue
		}
		if t.at(j) == kwDecltype {
			j++
		}
		if t.at(j) != '(' && t.at(j) != '{' {
			break
		}
		t.written(j - 1)
		if t.at(j) == '{' && t.at(j-1) != tkIdent && t.at(j-1) != '>' { // the body
			break
		}
		j = t.past(j)
		if t.at(j) == tkDots {
			j++
		}
		if t.at(j) == ',' {
			j++
			continue
		}
		if t.at(j) == tkIdent && t.macro(j) { // an X-macro of initialisers
			continue
		}
		break
	}
	if t.at(j) == '{' && (t.skeleton || t.hasMacro(i, j)) {
		t.blank(i, j-1)
	}
	return j
}

// written gives the member that an initialiser names at i its role. Base classes
// are named with a capital.
func (t *tracker) written(i int) {
	if k := &t.toks[i]; k.kind == tkIdent && classOf[t.text[k.pos]] != cUpper {
		k.role = uint8(indexer.Write) + 1
	}
}

// hasMacro reports whether a macro is used among the tokens from i up to end.
func (t *tracker) hasMacro(i, end int) bool {
	for ; i < end; i++ {
		if t.macro(i) && t.at(i+1) == '(' {
			return true
		}
	}
	return false
}

// equals reads an = of a declaration.
func (t *tracker) equals(s *statementState, i, end int) int {
	if s.keep {
		if t.skeleton && t.isConcept(s, i) {
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

func (t *tracker) isConcept(s *statementState, i int) bool {
	return t.at(i-2) == kwConcept
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

// brace reads a brace of a declaration. done says that it ends there.
func (t *tracker) brace(s *statementState, i, end int) (next int, done bool) {
	next = t.past(i)
	switch {
	case s.init:
		if t.skeleton {
			t.inside(i)
		}
		return next, false
	case s.enum && s.params < 0:
		t.enumerators(i)
		return next, false
	case s.key >= 0 && s.params < 0:
		outer := t.access
		t.access = indexer.Public
		if t.at(s.key) == kwClass {
			t.access = indexer.Private
		}
		next = t.scope(i, inClass, t.className(s.key, i))
		t.access = outer
		return next, false
	case s.params >= 0:
		if t.skeleton || t.hasMacro(s.params+1, i) || t.at(t.past(s.params)) == kwTry {
			t.signature(s.params, i)
		}
		t.code(i)
		for t.at(next) == kwCatch && t.at(next+1) == '(' { // of a function try block
			handler := t.past(next + 1)
			if t.at(handler) != '{' {
				break
			}
			after := t.past(handler)
			t.blank(next, after-1)
			next = after
		}
		return next, true
	}
	if t.skeleton {
		t.inside(i)
	}
	return next, false
}

// signature overwrites the parameters of a function and what follows them, up
// to the token end: a definition is one without them, too.
func (t *tracker) signature(params, end int) {
	m := int(t.toks[params].mate)
	if m < 0 || m >= end {
		return
	}
	if m > params+1 {
		t.replace(t.toks[params].end, t.toks[m].pos, patchBlank)
	}
	if m+1 < end {
		t.replace(t.toks[m+1].pos, t.toks[end-1].end, patchBlank)
	}
}

// className returns the name of the class whose key is at key and whose body
// opens at open.
func (t *tracker) className(key, open int) string {
	name := -1
	for i := key + 1; i < open; i++ {
		switch t.at(i) {
		case tkIdent:
			if t.at(i+1) == '(' {
				i = t.past(i+1) - 1
				continue
			}
			name = i
			if n := t.at(i + 1); n != tkIdent && n != tkScope {
				return t.str(name)
			}
			if t.at(i+1) == tkIdent && t.str(i+1) == "final" {
				return t.str(name)
			}
		case '<', ':':
			i = open
		}
	}
	if name < 0 {
		return ""
	}
	return t.str(name)
}

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

// attribute masks a macro that annotates a declaration, at i, and rewrites PURE.
func (t *tracker) attribute(s *statementState, i, end int) int {
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
