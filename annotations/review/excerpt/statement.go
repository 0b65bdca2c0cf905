package excerpt

import (
	"slices"
	"strings"
)

// statement is a run of tokens that ends at ";", "{", "}", or at a comma
// between members: the unit that is aligned. Its layout is of no account.
type statement struct {
	from, to int     // tokens[from:to]
	ids      []int32 // of its tokens, sorted by value
	weight   float64 // of its tokens
	key      uint64  // hash of its tokens, "pub" and the commas that end lists aside, to tell equal statements
	shape    uint64  // hash of its tokens, all names alike
	outer    int     // index of the statement whose block it is in, -1 at top level
	closes   int     // for "}": index of the statement that opened the block, else -1
	name     string  // that it defines, declares or implements, "" when none
	of       string  // the type before "::" in its name, or the type that an impl is of
	space    string  // what stands before that type, "" for nothing
	role     role
	elided   bool // an elision is among its tokens
	exists   bool // of a function of an excerpt: the sources have it in its type
}

// role says what a statement defines.
type role uint8

const (
	plain    role = iota
	typeHead      // class, struct, enum, trait, message
	funcHead      // a function, with its body
	member        // a declaration or field in a type
	scope         // namespace, mod, impl: what is in it counts, not it
)

// Weights of tokens. Names say what a statement is about; literals nearly as
// much; words of the language and of every program little; signs nearly
// nothing, but enough that whole statements differ from parts.
const (
	nameWeight    = 1.0
	quotedWeight  = 1.0
	numberWeight  = 0.5
	commonWeight  = 0.2
	keywordWeight = 0.15
	signWeight    = 0.02
)

var keywords = set(`alignas auto bool break case catch char class const constexpr consteval continue default delete do double
	else enum explicit extern false final float for friend if inline int long mutable namespace new noexcept nullptr operator
	override private protected public return short signed sizeof static struct switch template this throw true try typedef
	typename union unsigned using virtual void volatile while async await as box crate dyn fn impl in let loop match mod move
	mut pub ref self Self super trait type unsafe use where PURE message oneof repeated optional required rpc returns service
	syntax package import option reserved map string bytes`)

// commonWords are names that code of every program has.
var commonWords = set(`std absl unique_ptr shared_ptr make_unique make_shared string string_view vector map optional size_t
	uint8_t uint16_t uint32_t uint64_t int32_t int64_t Some None Ok Err Option Result Vec String Arc Box str u8 u16 u32 u64
	usize i32 i64 clone unwrap into to_string get move_ forward tokio derive Debug Clone Default nullopt has_value value
	size empty begin end first second push_back emplace_back info debug warn error trace println format Envoy`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

// weigh returns how much a token tells.
func weigh(t token) float64 {
	switch {
	case t.kind == elided:
		return 0
	case t.kind == punct:
		return signWeight
	case t.kind == number:
		return numberWeight
	case t.kind == quoted:
		return quotedWeight
	case keywords[t.text]:
		return keywordWeight
	case commonWords[t.text] || len(t.text) == 1:
		return commonWeight
	}
	return nameWeight
}

// code is code that was read: an excerpt, or a file.
type code struct {
	tokens     []token
	comments   []comment
	statements []statement
}

// vocabulary numbers the texts of tokens.
type vocabulary struct {
	ids     map[string]int32
	weights []float64 // by id
}

func (v *vocabulary) id(t token) int32 {
	id, ok := v.ids[t.text]
	if !ok {
		id = int32(len(v.ids))
		v.ids[t.text] = id
		v.weights = append(v.weights, weigh(t))
	}
	return id
}

// read splits code into statements. Lines are counted from first.
func (v *vocabulary) read(text []byte, first int) *code {
	c := &code{}
	c.tokens, c.comments = lex(text, first)
	markElisions(c.tokens)
	s := splitter{vocabulary: v, code: c}
	s.split()
	return c
}

// markElisions tells "..." that stands for code from C++'s own.
func markElisions(tokens []token) {
	for i := range tokens {
		t := &tokens[i]
		if t.text != "..." || t.kind != punct {
			continue
		}
		before := i == 0 || tokens[i-1].line != t.line || strings.Contains("{;,(", tokens[i-1].text)
		after := i+1 == len(tokens) || tokens[i+1].line != t.line || strings.Contains("};,)", tokens[i+1].text)
		caught := i >= 2 && tokens[i-2].text == "catch"
		if before && after && !caught {
			t.kind = elided
		}
	}
}

// splitter splits tokens into statements.
type splitter struct {
	*vocabulary
	*code
	brackets []byte // that are open
	blocks   []int  // statements whose blocks are open
	from     int
}

func (s *splitter) split() {
	directive := 0 // the line that a preprocessor directive is on
	for i, t := range s.tokens {
		if directive != 0 && t.line != directive {
			s.end(i)
			directive = 0
		}
		if t.kind != punct {
			continue
		}
		switch t.text {
		case "#":
			if next := i + 1; next < len(s.tokens) && s.tokens[next].text != "[" && (i == 0 || s.tokens[i-1].line != t.line) {
				s.end(i)
				directive = t.line
			}
		case "(", "[":
			s.brackets = append(s.brackets, t.text[0])
		case ")", "]":
			if s.top() == '(' || s.top() == '[' {
				s.brackets = s.brackets[:len(s.brackets)-1]
			}
			if t.text == "]" && s.tokens[s.from].text == "#" && s.top() != '(' || t.text == ")" && s.wholeMacro(i) {
				s.end(i + 1)
			}
		case "{":
			s.end(i + 1)
			s.brackets = append(s.brackets, '{')
			s.blocks = append(s.blocks, len(s.statements)-1)
		case "}":
			s.end(i)
			s.close(i)
		case ";":
			s.end(i + 1)
		case ",":
			if s.top() == '{' && s.separates(i) {
				s.end(i + 1)
			}
		case ":":
			if i == s.from+1 && slices.Contains([]string{"public", "private", "protected", "default"}, s.tokens[s.from].text) ||
				s.tokens[s.from].text == "case" && s.top() == '{' {
				s.end(i + 1)
			}
		}
	}
	s.end(len(s.tokens))
}

// wholeMacro says whether the bracket at token i ends the use of a macro that
// stands alone: COUNTER(a, b) at the end of a line, without a semicolon.
func (s *splitter) wholeMacro(i int) bool {
	first := s.tokens[s.from]
	if first.kind != word || len(first.text) < 4 || strings.ToUpper(first.text) != first.text || s.tokens[s.from+1].text != "(" {
		return false
	}
	if s.top() == '(' || s.top() == '[' || i+1 == len(s.tokens) {
		return false
	}
	next := s.tokens[i+1]
	return next.line > s.tokens[i].line && (next.kind == word || next.text == "#")
}

// separates says whether the comma at token i stands between the members of a
// block: enumerators, fields, arms. The commas of base classes, initializers
// and where clauses do not, nor those of declarations in a namespace or impl.
func (s *splitter) separates(i int) bool {
	if n := len(s.blocks); n > 0 && s.statements[s.blocks[n-1]].role == scope {
		return false
	}
	switch s.tokens[s.from].text {
	case "class", "struct", "template":
		return false
	}
	for j, t := range s.tokens[s.from:i] {
		if t.text == "where" || t.text == ":" && j > 0 && s.tokens[s.from+j-1].text == ")" {
			return false
		}
	}
	return s.angles(i) == 0
}

// angles returns how many "<" of the statement are open before token i.
func (s *splitter) angles(i int) int {
	n := 0
	for _, t := range s.tokens[s.from:i] {
		switch t.text {
		case "<":
			n++
		case ">":
			n = max(0, n-1)
		}
	}
	return n
}

func (s *splitter) top() byte {
	if len(s.brackets) == 0 {
		return 0
	}
	return s.brackets[len(s.brackets)-1]
}

// close ends a block at token i.
func (s *splitter) close(i int) {
	s.from = i
	if i+1 < len(s.tokens) && s.tokens[i+1].text == ";" {
		i++
	}
	s.end(i + 1)
	at := len(s.statements) - 1
	for len(s.brackets) > 0 {
		open := s.top()
		s.brackets = s.brackets[:len(s.brackets)-1]
		if open == '{' {
			break
		}
	}
	if n := len(s.blocks); n > 0 {
		s.statements[at].closes = s.blocks[n-1]
		s.blocks = s.blocks[:n-1]
		s.statements[at].outer = s.statements[s.statements[at].closes].outer
	}
}

// end makes a statement of the tokens since the last.
func (s *splitter) end(to int) {
	if to <= s.from {
		return
	}
	st := statement{from: s.from, to: to, outer: -1, closes: -1}
	if n := len(s.blocks); n > 0 {
		st.outer = s.blocks[n-1]
	}
	const offset, prime = 14695981039346656037, 1099511628211 // FNV-1a
	st.key, st.shape = offset, offset
	st.ids = make([]int32, 0, to-s.from)
	for i, t := range s.tokens[s.from:to] {
		if t.kind == elided {
			st.elided = true
			continue
		}
		id := s.id(t)
		st.ids = append(st.ids, id)
		st.weight += s.weights[id]
		trails := t.text == "," && s.from+i+1 < len(s.tokens) && strings.Contains(")]}>", s.tokens[s.from+i+1].text)
		if (t.text != "," && t.text != ";" || i < to-s.from-1) && t.text != "pub" && !trails {
			st.key = (st.key ^ uint64(id)) * prime
			if s.weights[id] >= numberWeight {
				id = anyName
			}
			st.shape = (st.shape ^ uint64(id)) * prime
		}
	}
	slices.Sort(st.ids)
	s.from = to
	s.head(&st)
	s.statements = append(s.statements, st)
}

// anyName stands for every name and literal in a statement's shape.
const anyName = 1 << 30

var control = set("if for while switch return catch else match loop do try throw co_return co_await new delete select case assert")

// head finds what a statement defines.
func (s *splitter) head(st *statement) {
	toks := s.tokens[st.from:st.to]
	opens := toks[len(toks)-1].text == "{"
	outer := scope
	if st.outer >= 0 {
		outer = s.statements[st.outer].role
	}
	if outer != scope && outer != typeHead {
		return
	}
	for i, t := range toks {
		if t.kind != word {
			if t.text == "(" || t.text == "=" {
				break
			}
			continue
		}
		switch t.text {
		case "namespace", "mod", "extern":
			if opens {
				st.role = scope
				return
			}
		case "impl":
			if opens && i <= 2 {
				st.role = scope
				st.of = implOf(toks[i+1:])
				return
			}
		case "class", "struct", "enum", "union", "trait", "message", "service", "interface":
			if name, ok := typeName(toks[i+1:]); ok && (opens || toks[len(toks)-1].text == ";" && t.text == "struct") && (i == 0 || toks[i-1].text != "<" && toks[i-1].text != ",") {
				st.role, st.name = typeHead, name
				return
			}
		case "fn", "rpc":
			if i+1 < len(toks) && toks[i+1].kind == word {
				st.role, st.name = funcHead, toks[i+1].text
				st.of = s.container(st)
				return
			}
		}
	}
	s.function(st, toks, opens, outer)
}

// function finds the name of a C++ function or of a member.
func (s *splitter) function(st *statement, toks []token, opens bool, outer role) {
	if control[toks[0].text] || toks[0].text == "#" || toks[0].text == "using" || toks[0].text == "use" {
		return
	}
	for i, t := range toks {
		if t.text == "=" || t.text == "." || t.text == "->" && st.outer < 0 {
			break
		}
		if t.text != "(" || i == 0 || toks[i-1].kind != word || keywords[toks[i-1].text] {
			continue
		}
		if i+1 < len(toks) && toks[i+1].text == "[" {
			return
		}
		name := toks[i-1].text
		qualified := i >= 3 && toks[i-2].text == "::"
		switch {
		case opens && (i >= 2 || qualified || outer == typeHead):
			st.role, st.name = funcHead, name
		case outer == typeHead && st.outer >= 0:
			st.role, st.name = member, name
		default:
			return
		}
		st.of = s.container(st)
		if qualified {
			st.of = toks[i-3].text
			if i >= 5 && toks[i-4].text == "::" {
				st.space = toks[i-5].text
			}
		}
		return
	}
	if outer == typeHead && st.outer >= 0 && !opens {
		s.field(st, toks)
	}
}

// field finds the name of a field or of an enumerator.
func (s *splitter) field(st *statement, toks []token) {
	for i, t := range toks {
		if t.text == ":" && i > 0 && toks[i-1].kind == word {
			st.name = toks[i-1].text // Rust
		}
		if t.text == ":" || t.text == "=" {
			break
		}
		if t.kind == word && !keywords[t.text] {
			st.name = t.text
		}
	}
	if st.name != "" {
		st.role, st.of = member, s.container(st)
	}
}

// container returns the name of the type whose block st is in.
func (s *splitter) container(st *statement) string {
	if st.outer < 0 {
		return ""
	}
	if o := s.statements[st.outer]; o.role == typeHead {
		return o.name
	} else {
		return o.of
	}
}

// implOf returns the type that the words after Rust's "impl" are about.
func implOf(toks []token) string {
	name, depth := "", 0
	for _, t := range toks {
		switch {
		case t.text == "<":
			depth++
		case t.text == ">":
			depth--
		case t.text == "where":
			return name
		case depth <= 0 && t.kind == word && t.text != "for" && !keywords[t.text]:
			name = t.text
		}
	}
	return name
}

// typeName returns the name after "class" and the like.
func typeName(toks []token) (string, bool) {
	name := ""
	for i, t := range toks {
		if t.kind == word && t.text != "class" && t.text != "struct" && t.text != "final" && t.text != "ABSL_LOCKABLE" {
			name = t.text
			if i+1 < len(toks) && toks[i+1].text == "::" {
				continue
			}
			return name, true
		}
		if t.kind != word && t.text != "::" {
			break
		}
	}
	return name, name != ""
}
