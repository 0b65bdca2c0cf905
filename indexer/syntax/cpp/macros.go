package cpp

import (
	"bytes"

	"navigator/indexer"
)

// decl is a symbol as it is found: by the masker, of a macro's use, or in the
// syntax tree. Offsets are of the original text.
type decl struct {
	span       span
	name       span
	text       string // the name, where the text at name is another; else ""
	qual       span   // what qualifies the name, without the last ::
	head       int32  // after the last byte of the signature
	kind       indexer.Kind
	visibility indexer.Visibility
	definition bool
	body       bool   // a function with a body, whose head is yet to be found
	friend     bool   // belongs to the enclosing namespace
	outside    bool   // belongs to no scope, as macros do
	container  string // for outside: the qualified name of its container
}

// macroStatement reads a statement that starts with a macro, at i. It reports
// false when that is a declaration after all, with what is to be overwritten
// ahead of it overwritten.
func (t *tracker) macroStatement(i, end int, p place) (int, bool) {
	if t.class != "" && t.str(i) == t.class {
		return 0, false // a constructor of a class in capitals
	}
	if t.at(i+1) != '(' {
		return t.bareMacro(i, end)
	}
	after := t.past(i + 1)
	if after == i+2 {
		return 0, false
	}
	switch name := t.bytes(i); {
	case isWrapper(name):
		return 0, false
	case (bytes.HasPrefix(name, []byte("MOCK_METHOD")) || bytes.HasPrefix(name, []byte("MOCK_CONST_METHOD"))) && p == inClass:
		return t.mockMethod(i, after, end)
	case bytes.Equal(name, []byte("WASM_EXPORT")):
		return t.wasmExport(i, after)
	}
	switch t.at(after) {
	case '{':
		return t.macroBody(i, after), true
	case ';':
		if t.at(i+2).isClassKey() || t.at(i+2) == kwEnum { // a definition as argument
			t.blank(i, i+1)
			t.declaration(i+2, after-1, p)
			t.blank(after-1, after-1)
			return after + 1, true
		}
		t.define(i, after-1, after)
		t.tableUse(i, tableStruct)
		t.blank(i, after)
		return after + 1, true
	case '(':
		if body := t.past(after); t.at(body) == '{' { // BENCHMARK_DEFINE_F(Fixture, name)(State& s) { … }
			return t.macroBody(i, body), true
		}
		return 0, false
	case ':', '=', ',', '.', tkArrow, tkScope:
		return 0, false
	}
	attribute := isAttribute(t.bytes(i))
	if k := t.at(after); !attribute && !t.startsLine(after) && k != '}' && k != tkIdent && !k.isKeyword() {
		return 0, false
	}
	if !attribute {
		t.define(i, after-1, after-1)
		t.tableUse(i, tableStruct)
	}
	t.lead(i, after)
	t.blank(i, after-1)
	return after, true
}

// callStatement drops M(…); and, where a line ends after it, M(…) in a
// namespace: calls are no statements there, so M is a macro in small letters.
func (t *tracker) callStatement(i int) (int, bool) {
	if t.at(i+1) != '(' {
		return 0, false
	}
	after := t.past(i + 1)
	switch t.at(after) {
	case ';':
		t.define(i, after-1, after)
		t.blank(i, after)
		return after + 1, true
	case kwConst, kwNoexcept, kwTry, kwRequires:
		return 0, false
	case '}', tkEOF:
	default:
		if k := t.at(after); !t.startsLine(after) || k != tkIdent && !k.isKeyword() {
			return 0, false
		}
	}
	t.blank(i, after-1)
	return after, true
}

// lead remembers that the macro from i up to after stands between a doc comment
// and its declaration.
func (t *tracker) lead(i, after int) {
	t.leads = append(t.leads, span{t.toks[i].pos, t.toks[after-1].end})
}

// bareMacro reads a statement that starts with a macro without arguments.
func (t *tracker) bareMacro(i, end int) (int, bool) {
	next := t.at(i + 1)
	blank := false
	switch {
	case next == ';' || next == '}' || i+1 >= end || isAttribute(t.bytes(i)):
		blank = true
	case t.startsLine(i + 1):
		blank = next != '*' && next != '&' && next != tkScope
	case next == tkIdent: // M type name: an attribute; M name: a type
		n := t.at(i + 2)
		blank = n == tkIdent || n == tkScope && t.at(i+4) != '(' || n == '<' || n == '*' || n == '&'
	case next.isClassKey(), next == kwEnum, next == kwType, next == kwStatic, next == kwInline, next == kwVirtual,
		next == kwExplicit, next == kwConstexpr, next == kwTypedef, next == kwExtern, next == kwUsing, next == kwTemplate,
		next == kwFriend:
		blank = true
	}
	if !blank {
		return 0, false
	}
	t.lead(i, i+1)
	t.blank(i, i)
	return i + 1, true
}

// macroBody reads M(…) { … }: the body is code, and of the arguments nothing is
// left, as they need not be C++: TEST_P(Suite, 200Ok).
func (t *tracker) macroBody(i, body int) int {
	next := t.past(body)
	before := len(t.found)
	t.define(i, body-1, next-1)
	if len(t.found) == before { // unknown: no function of the macro's name
		t.emit(i, body-1, next-1, i, "", decl{kind: indexer.KindUnknown})
	}
	if t.skeleton && t.localType(body+1, next) < 0 {
		t.blank(i, next-1)
		return next
	}
	t.put(t.toks[i+1].end, t.toks[body-1].pos, patchBlank)
	t.code(body)
	return next
}

// args returns the arguments of the macro use at i as ranges of tokens, both
// ends included. An empty argument has its last token before its first.
func (t *tracker) args(i int) [][2]int {
	end := int(t.toks[i+1].mate)
	var args [][2]int
	from := i + 2
	for j := from; j <= end; {
		switch t.at(j) {
		case ',':
			args = append(args, [2]int{from, j - 1})
			from = j + 1
		case '<':
			if c := t.angles(j, end); c > 0 && t.at(j-1) == tkIdent {
				j = c
			}
		case '(', '[', '{':
			j = t.past(j)
			continue
		}
		if j == end {
			args = append(args, [2]int{from, end - 1})
		}
		j++
	}
	return args
}

// mockMethod makes MOCK_METHOD(R, name, (params), (qualifiers)); the definition
// that it is: R name () {}.
func (t *tracker) mockMethod(i, after, end int) (int, bool) {
	args := t.args(i)
	if len(args) < 3 || t.at(after) != ';' || !t.mockName(args[1]) || t.at(args[2][0]) != '(' {
		t.oldMock(i, after, args)
		t.blank(i, min(after, end-1))
		return after + 1, true
	}
	t.rewrite(i, after-1, after)
	t.blank(i, i+1)
	r := args[0]
	if t.at(r[0]) == '(' && int(t.toks[r[0]].mate) == r[1] { // (std::pair<A, B>)
		t.blank(r[0], r[0])
		t.blank(r[1], r[1])
	} else {
		for j := r[0]; j <= r[1]; j++ {
			if t.at(j) == tkIdent && t.at(j+1) == '(' && isWrapper(t.bytes(j)) {
				j = t.unwrap(j) - 1
			}
		}
	}
	t.blank(args[1][0]-1, args[1][0]-1) // the comma
	open := args[2][0]
	t.blank(open-1, open-1)
	t.inside(open)
	t.patch(int(t.toks[open].mate)+1, after, patchBody)
	return after + 1, true
}

// mockName reports whether arg is the name of a function.
func (t *tracker) mockName(arg [2]int) bool {
	return arg[0] == arg[1] && t.at(arg[0]) == tkIdent || t.at(arg[0]) == kwOperator
}

// oldMock defines what MOCK_METHOD2(name, R(A, B)) does.
func (t *tracker) oldMock(i, after int, args [][2]int) {
	if len(args) > 1 && args[0][0] == args[0][1] && t.at(args[0][0]) == tkIdent {
		t.emit(i, after-1, after, args[0][0], "", decl{kind: indexer.KindMethod, definition: true})
	}
}

// rewritten is a definition that the parser sees in other words than the text has.
type rewritten struct {
	span
	head int32
}

// rewrite notes the true extent of a definition: from the token i to last, its
// signature up to head.
func (t *tracker) rewrite(i, head, last int) {
	last = min(last, len(t.toks)-1)
	t.rewritten = append(t.rewritten, rewritten{span{t.toks[i].pos, t.toks[last].end}, t.toks[head].end})
}

// wasmExport makes WASM_EXPORT(R, name, (params)) { … } the function it is.
func (t *tracker) wasmExport(i, after int) (int, bool) {
	args := t.args(i)
	if len(args) != 3 || t.at(args[2][0]) != '(' {
		return 0, false
	}
	t.rewrite(i, after-1, t.past(after)-1)
	t.blank(i, i+1)
	t.blank(args[1][0]-1, args[1][0]-1)
	t.blank(args[2][0]-1, args[2][0]-1)
	t.inside(args[2][0])
	t.blank(after-1, after-1)
	if t.at(after) == '{' {
		t.code(after)
		return t.past(after), true
	}
	return after, true
}

// emit adds what the macro use from i to last defines. Its name is that of
// prefix and the token name.
func (t *tracker) emit(i, head, last, name int, prefix string, d decl) {
	n := &t.toks[name]
	d.span = span{t.toks[i].pos, t.toks[min(last, len(t.toks)-1)].end}
	d.name = span{n.pos, n.end}
	d.head = t.toks[min(head, len(t.toks)-1)].end
	if t.class != "" {
		d.visibility = t.access
	}
	if prefix != "" {
		d.text = prefix + t.str(name)
	}
	t.found = append(t.found, d)
}

// define adds what the macro use at i defines, if it is known to define
// something. Its head ends with the token head and all of it with last.
func (t *tracker) define(i, head, last int) {
	if isTest(t.bytes(i)) {
		if a := t.args(i); len(a) == 2 {
			t.emitTest(i, head, last, a)
		}
		return
	}
	switch string(t.bytes(i)) {
	case "MATCHER", "MATCHER_P", "MATCHER_P2", "MATCHER_P3", "MATCHER_P4", "MATCHER_P5",
		"ACTION", "ACTION_P", "ACTION_P2", "ACTION_P3", "ACTION_TEMPLATE",
		"DEFINE_FUZZER", "DEFINE_PROTO_FUZZER", "DEFINE_TEXT_PROTO_FUZZER":
		t.defineNamed(i, head, last, "", decl{kind: indexer.KindFunction, definition: true})
	case "REGISTER_FACTORY", "LEGACY_REGISTER_FACTORY":
		t.defineNamed(i, head, last, "forceRegister", decl{kind: indexer.KindFunction, definition: true})
	case "DECLARE_FACTORY":
		t.defineNamed(i, head, last, "forceRegister", decl{kind: indexer.KindFunction})
	case "RUNTIME_GUARD", "FALSE_RUNTIME_GUARD":
		t.defineNamed(i, head, last, "", decl{kind: indexer.KindVariable, definition: true})
	case "ABSL_FLAG":
		if a := t.args(i); len(a) > 1 && a[1][0] <= a[1][1] {
			t.emit(i, head, last, a[1][0], "FLAGS_", decl{kind: indexer.KindVariable, definition: true})
		}
	case "SINGLETON_MANAGER_REGISTRATION":
		if a := t.args(i); len(a) == 1 && a[0][0] == a[0][1] {
			t.emit(i, head, last, a[0][0], "", decl{kind: indexer.KindVariable, definition: true})
			t.found[len(t.found)-1].text = t.str(a[0][0]) + "_singleton_name"
		}
	case "MAKE_STATS_STRUCT", "MAKE_STAT_NAMES_STRUCT", "MAKE_STATNAME_STRUCT":
		t.defineNamed(i, head, last, "", decl{kind: indexer.KindStruct, definition: true})
		t.madeStruct(i)
	case "DECLARE_LUA_FUNCTION", "DECLARE_LUA_CLOSURE", "DECLARE_LUA_FUNCTION_EX":
		if a := t.args(i); len(a) > 1 && a[1][0] <= a[1][1] {
			t.emit(i, head, last, a[1][0], "static_", decl{kind: indexer.KindMethod, definition: true})
		}
	}
}

// isTest tells the macros that define a test: M(Suite, Name).
func isTest(name []byte) bool {
	switch string(name) {
	case "TEST", "TEST_F", "TEST_P", "TYPED_TEST", "TYPED_TEST_P", "BENCHMARK_F", "BENCHMARK_DEFINE_F":
		return true
	}
	return false
}

// defineNamed adds what a macro defines under prefix and its first argument.
func (t *tracker) defineNamed(i, head, last int, prefix string, d decl) {
	if t.at(i+2) == tkIdent {
		t.emit(i, head, last, i+2, prefix, d)
		if prefix != "" { // the argument is a type, and the name made of it another
			t.toks[i+2].role = uint8(indexer.TypeUse) + 1
		}
	}
}

// emitTest adds a test: named by the second argument, in the suite of the first.
// A macro may be around the name: DEPRECATED_FEATURE_TEST(Name).
func (t *tracker) emitTest(i, head, last int, a [][2]int) {
	suite, name := a[0][0], a[1][0]
	if a[1][1] == name+3 && t.at(name+1) == '(' && t.at(name+2) == tkIdent {
		name += 2
	} else if a[1][1] != name {
		return
	}
	if a[0][1] != suite || t.at(suite) != tkIdent {
		return
	}
	t.emit(i, head, last, name, "", decl{kind: indexer.KindTest, definition: true})
	d := &t.found[len(t.found)-1]
	d.qual = span{t.toks[suite].pos, t.toks[suite].end}
	t.toks[suite].role = uint8(indexer.TypeUse) + 1
}

// tableKind says what the entries of an X-macro table define.
type tableKind uint8

const (
	tableStruct tableKind = iota // COUNTER(x): the field x_
	tableEnum                    // FUNCTION(x): the enumerator x
)

// tableUse is the use of an X-macro table: by a macro named table, in the class
// or enum around at, or in the struct maker that a macro makes.
type tableUse struct {
	table span // the table's name
	at    int32
	kind  tableKind
	maker span
	stats bool // the macro makes the struct of the statistics, not of their names
}

// maxUses bounds how many uses of tables a file may have.
const maxUses = 1000

// tableUse notes that the macro at i, inside a class or enum, may be a table.
func (t *tracker) tableUse(i int, k tableKind) {
	if k == tableStruct && t.class == "" || len(t.uses) >= maxUses {
		return
	}
	n := &t.toks[i]
	t.uses = append(t.uses, tableUse{table: span{n.pos, n.end}, at: n.pos, kind: k})
}

// madeStruct notes the table of MAKE_STATS_STRUCT(Struct, …, TABLE).
func (t *tracker) madeStruct(i int) {
	a := t.args(i)
	if len(a) < 2 {
		return
	}
	table, name := a[len(a)-1], a[0]
	if table[0] == table[1] && name[0] == name[1] && t.at(table[0]) == tkIdent {
		n, s := &t.toks[table[0]], &t.toks[name[0]]
		t.uses = append(t.uses, tableUse{
			table: span{n.pos, n.end}, at: n.pos, kind: tableStruct, maker: span{s.pos, s.end},
			stats: string(t.bytes(i)) == "MAKE_STATS_STRUCT",
		})
	}
}
