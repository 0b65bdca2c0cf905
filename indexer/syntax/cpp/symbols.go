package cpp

import (
	"bytes"

	sitter "github.com/smacker/go-tree-sitter"

	"navigator/indexer"
)

// walker finds the declarations in a syntax tree.
type walker struct {
	text   []byte
	offset func(int32) int32 // from the tree to the text
	macros []decl            // found by the masker, in order
	deep   bool              // look for local types everywhere, not only where a skeleton keeps them
	cursor *sitter.TreeCursor
	decls  []decl
	class  span // name of the class around, empty outside and in one without a name
	inType bool // in the body of a class
	access indexer.Visibility
	depth  int
}

// maxTreeDepth bounds the recursion over the tree.
const maxTreeDepth = 1000

// walk adds the declarations of the tree whose root cursor is at to w.decls.
func (w *walker) walk(cursor *sitter.TreeCursor) {
	w.cursor = cursor
	w.class, w.inType, w.access, w.depth = span{}, false, indexer.VisibilityUnknown, 0
	w.children(func(n *sitter.Node, k node) { w.item(n, k, -1, false) })
}

// children calls f for every child of the current node, the cursor on it.
func (w *walker) children(f func(n *sitter.Node, k node)) {
	if w.depth >= maxTreeDepth || !w.cursor.GoToFirstChild() {
		return
	}
	w.depth++
	for {
		n := w.cursor.CurrentNode()
		f(n, nodeOf(n))
		if !w.cursor.GoToNextSibling() {
			break
		}
	}
	w.depth--
	w.cursor.GoToParent()
}

// from and to are the ends of n in the text.
func (w *walker) from(n *sitter.Node) int32 { return w.offset(int32(n.StartByte())) }

func (w *walker) to(n *sitter.Node) int32 {
	end := int32(n.EndByte())
	if end == 0 {
		return 0
	}
	return w.offset(end-1) + 1
}

func (w *walker) span(n *sitter.Node) span { return span{w.from(n), w.to(n)} }

// item reads the node n of a list of declarations. It starts at start, if that
// is not negative: with the template head.
func (w *walker) item(n *sitter.Node, k node, start int32, friend bool) {
	switch k {
	case nodeNamespace:
		w.namespace(n)
	case nodeTemplate:
		if start < 0 {
			start = w.from(n)
		}
		w.children(func(n *sitter.Node, k node) { w.item(n, k, start, friend) })
	case nodeLinkage:
		from := w.from(n)
		w.children(func(n *sitter.Node, k node) {
			if k == nodeList {
				from = -1
			}
			w.item(n, k, from, friend)
		})
	case nodeList, nodeError:
		w.children(func(n *sitter.Node, k node) { w.item(n, k, start, friend) })
	case nodeFriend:
		if start < 0 {
			start = w.from(n)
		}
		w.children(func(n *sitter.Node, k node) {
			if k == nodeFunction || k == nodeDeclaration {
				w.declaration(n, k, start, true)
			}
		})
	case nodeClass, nodeStruct, nodeUnion, nodeEnum:
		w.typ(n, k, start, true)
	case nodeFunction, nodeDeclaration, nodeTypedef:
		w.declaration(n, k, start, friend)
	case nodeAlias, nodeNamespaceAlias:
		w.named(n, indexer.KindAlias, start)
	case nodeConcept:
		w.named(n, indexer.KindConcept, start)
	case nodeAccess:
		w.setAccess(n)
	case nodeBody:
		w.locals(n)
	}
}

// setAccess notes the access specifier n.
func (w *walker) setAccess(n *sitter.Node) {
	text := w.text[w.from(n):w.to(n)]
	switch {
	case bytes.HasPrefix(text, []byte("public")):
		w.access = indexer.Public
	case bytes.HasPrefix(text, []byte("protected")):
		w.access = indexer.Protected
	default:
		w.access = indexer.Private
	}
}

// add adds a declaration, its start moved to the template head if there is one.
func (w *walker) add(d decl, start int32) {
	if start >= 0 {
		d.span.from = start
	}
	if !d.friend {
		d.visibility = w.access
	}
	w.decls = append(w.decls, d)
}

// namespace reads a namespace: one symbol for each name of a::b.
func (w *walker) namespace(n *sitter.Node) {
	whole := w.span(n)
	named := false
	emit := func(name span, text string, head int32) {
		w.add(decl{span: whole, name: name, text: text, kind: indexer.KindNamespace, definition: true, head: head}, -1)
	}
	outer := w.access
	w.access = indexer.VisibilityUnknown
	w.children(func(n *sitter.Node, k node) {
		switch k {
		case nodeName:
			named = true
			s := w.span(n)
			emit(s, "", s.to)
		case nodeNestedName:
			named = true
			w.nested(n, emit)
		case nodeList:
			if !named {
				key := span{whole.from, whole.from + int32(len("namespace"))}
				if i := bytes.Index(w.text[whole.from:whole.to], []byte("namespace")); i > 0 { // after inline
					key = span{key.from + int32(i), key.to + int32(i)}
				}
				emit(key, "(anonymous namespace)", key.to)
			}
			w.item(n, k, -1, false)
		}
	})
	w.access = outer
}

// nested reads a::b::c, which may nest in the tree, too.
func (w *walker) nested(n *sitter.Node, emit func(name span, text string, head int32)) {
	head := w.to(n)
	w.children(func(n *sitter.Node, k node) {
		switch k {
		case nodeName:
			emit(w.span(n), "", head)
		case nodeNestedName:
			w.nested(n, emit)
		}
	})
}

// named reads an alias or a concept: its first name is its own.
func (w *walker) named(n *sitter.Node, kind indexer.Kind, start int32) {
	d := decl{span: w.span(n), kind: kind, definition: true}
	d.head = w.beforeSemicolon(d.span.to)
	added := false
	w.children(func(n *sitter.Node, k node) {
		if (k == nodeTypeName || k == nodeName) && d.name.to == 0 {
			d.name = w.span(n)
		}
		if k == nodeTypeOf && d.name.to > 0 { // using Name = enum { … };
			if !added {
				w.add(d, start)
				added = true
			}
			w.children(func(n *sitter.Node, k node) {
				if k >= nodeClass && k <= nodeEnum {
					w.typ(n, k, -1, false)
				}
			})
		}
	})
	if d.name.to > 0 && !added {
		w.add(d, start)
	}
}

// beforeSemicolon returns the end of a statement without its semicolon.
func (w *walker) beforeSemicolon(end int32) int32 {
	if end > 0 && w.text[end-1] == ';' {
		end--
		for end > 0 && (w.text[end-1] == ' ' || w.text[end-1] == '\n') {
			end--
		}
	}
	return end
}

// typ reads a class, struct, union or enum. Without a body it declares a type
// only if it is a statement of its own, which alone says. It returns the end of
// the head of a type with a body, else 0.
func (w *walker) typ(n *sitter.Node, k node, start int32, alone bool) int32 {
	d := decl{span: w.span(n), kind: typeKind(k)}
	d.head = d.span.to
	w.children(func(n *sitter.Node, k node) {
		switch k {
		case nodeTypeName, nodeTemplateType, nodeQualified:
			if d.name.to == 0 {
				w.typeName(n, k, &d)
			}
		case nodeList, nodeEnumerators:
			d.definition = true
			d.head = w.beforeBody(w.from(n))
			if d.name.to > 0 {
				w.add(d, start)
			}
			w.members(k, &d)
		}
	})
	if d.definition {
		return d.head
	}
	if alone && d.name.to > 0 {
		w.add(d, start)
	}
	return 0
}

// beforeBody returns the end of what stands before the brace at i.
func (w *walker) beforeBody(i int32) int32 {
	for i > 0 && classOf[w.text[i-1]] <= cNewline && classOf[w.text[i-1]] != cPunct {
		i--
	}
	return i
}

func typeKind(k node) indexer.Kind {
	switch k {
	case nodeClass:
		return indexer.KindClass
	case nodeStruct:
		return indexer.KindStruct
	case nodeUnion:
		return indexer.KindUnion
	}
	return indexer.KindEnum
}

// typeName reads the name of a type: Name, Name<Args> or Outer::Name.
func (w *walker) typeName(n *sitter.Node, k node, d *decl) {
	switch k {
	case nodeTypeName, nodeName:
		d.name = w.span(n)
	case nodeTemplateType:
		w.children(func(n *sitter.Node, k node) {
			if k == nodeTypeName {
				w.typeName(n, k, d)
			}
		})
	case nodeQualified:
		w.qualified(n, d)
	}
}

// members reads the body of the type d.
func (w *walker) members(k node, d *decl) {
	if k == nodeEnumerators {
		w.children(func(n *sitter.Node, k node) {
			if k == nodeEnumerator {
				w.enumerator(n)
			}
		})
		return
	}
	class, access, inType := w.class, w.access, w.inType
	w.class, w.access, w.inType = d.name, indexer.Public, true
	if d.kind == indexer.KindClass {
		w.access = indexer.Private
	}
	if d.name.to == 0 { // the members of an anonymous type are seen as those around it
		w.class, w.access = class, access
	}
	w.children(func(n *sitter.Node, k node) { w.item(n, k, -1, false) })
	w.class, w.access, w.inType = class, access, inType
}

func (w *walker) enumerator(n *sitter.Node) {
	d := decl{span: w.span(n), kind: indexer.KindEnumerator, definition: true}
	d.head = d.span.to
	w.children(func(n *sitter.Node, k node) {
		if k == nodeName && d.name.to == 0 {
			d.name = w.span(n)
		}
	})
	if d.name.to > 0 {
		w.add(d, -1)
	}
}

// statement is what is known of a declaration as far as its children are read.
type statement struct {
	whole    span
	start    int32
	kind     node
	friend   bool
	extern   bool
	static   bool
	constant bool // constexpr
	inline   bool
	typed    bool  // a type was read
	function int   // index of the last function declared, else -1
	head     int32 // of the type that it defines, 0 when it defines none
}

// declaration reads a function, or a declaration of variables, fields, or
// aliases by typedef.
func (w *walker) declaration(n *sitter.Node, kind node, start int32, friend bool) {
	s := statement{whole: w.span(n), start: start, kind: kind, friend: friend, function: -1}
	macro := kind == nodeFunction && w.isMacro(s.whole.from)
	valued := false
	w.children(func(n *sitter.Node, k node) {
		if valued = (valued || k == nodeEquals) && k != nodeComma; valued {
			return
		}
		switch k {
		case nodeStorage:
			s.storage(w.text[w.from(n)])
		case nodeQualifier:
			s.constant = s.constant || bytes.HasPrefix(w.text[w.from(n):], []byte("constexpr"))
		case nodeClass, nodeStruct, nodeUnion, nodeEnum:
			s.typed = true
			w.inlineType(n, k, &s)
		case nodeType, nodeTemplateType:
			if k == nodeType && kind == nodeTypedef && s.typed { // typedef long ssize_t;
				w.declarator(n, nodeTypeName, &s)
			}
			s.typed = true
		case nodeTypeName:
			if kind == nodeTypedef && s.typed {
				w.declarator(n, k, &s)
			}
			s.typed = true
		case nodeQualified:
			if (s.typed || w.isConversion(n)) && !macro {
				w.declarator(n, k, &s)
			}
			s.typed = true
		case nodeName, nodeDeclarator, nodeFunctionDeclarator, nodeParenthesized, nodePointer, nodeConversion, nodeOperator:
			if !macro {
				w.declarator(n, k, &s)
			}
		case nodeBody:
			if s.function >= 0 {
				w.decls[s.function].definition = true
				w.decls[s.function].body = true
			}
			w.locals(n)
		case nodeNoBody:
			if s.function >= 0 {
				w.decls[s.function].head = w.beforeSemicolon(s.whole.to)
			}
		}
	})
}

// storage notes a storage class by its first letters: static, extern, inline.
func (s *statement) storage(b byte) {
	switch b {
	case 's':
		s.static = true
	case 'e':
		s.extern = true
	case 'i':
		s.inline = true
	}
}

// isMacro reports whether the function that starts at from is the use of a macro
// whose symbol is known already, or of one that defines nothing known.
func (w *walker) isMacro(from int32) bool {
	lo, hi := 0, len(w.macros)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if w.macros[mid].span.from < from {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo < len(w.macros) && w.macros[lo].span.from == from
}

// inlineType reads a type that a declaration names or defines.
func (w *walker) inlineType(n *sitter.Node, k node, s *statement) {
	// class X; in a class is a declaration without declarators: nothing but the
	// semicolon follows.
	end := w.to(n)
	alone := s.kind == nodeDeclaration && end < int32(len(w.text)) && w.beforeSemicolon(s.whole.to) <= end
	start := int32(-1)
	if alone || s.start >= 0 {
		start = s.start
	}
	s.head = w.typ(n, k, start, alone && !s.friend)
}

// declarator reads the declarator n of s and adds what it declares.
func (w *walker) declarator(n *sitter.Node, k node, s *statement) {
	d := decl{span: s.whole, friend: s.friend, head: w.to(n)}
	r := reading{last: nodeOther}
	w.descend(n, k, &d, &r)
	if d.name.to == 0 {
		return
	}
	w.classify(&d, &r, s)
	if r.function {
		s.function = len(w.decls)
	}
	if s.kind != nodeFunction && !r.init {
		d.head = w.beforeSemicolon(s.whole.to)
	}
	if s.head > 0 {
		d.head = s.head
	}
	w.add(d, s.start)
}

// reading is what is known of a declarator as far as it is read.
type reading struct {
	last       node // the innermost declarator, parentheses apart
	function   bool
	destructor bool
	init       bool // has an initialiser
}

// descend follows a declarator to its name.
func (w *walker) descend(n *sitter.Node, k node, d *decl, r *reading) {
	switch k {
	case nodeName, nodeTypeName, nodeOperator:
		d.name = w.span(n)
		r.function = r.function || r.last == nodeFunctionDeclarator
	case nodeDestructor:
		d.name = w.span(n)
		r.destructor = true
		r.function = true
	case nodeConversion:
		d.name = w.conversionName(w.from(n))
		r.function = true
	case nodeTemplateName, nodeTemplateType:
		w.firstOf(d, r, nodeName, nodeTypeName)
	case nodeQualified:
		w.qualified(n, d)
		if c := w.text[d.name.from]; c == '~' {
			r.destructor = true
		}
		r.function = r.last == nodeFunctionDeclarator || bytes.HasPrefix(w.text[d.name.from:d.name.to], []byte("operator ")) && r.last == nodeOther
	case nodeDeclarator, nodeFunctionDeclarator, nodeParenthesized, nodePointer:
		if k != nodeParenthesized && k != nodeDeclarator {
			r.last = k
		}
		r.init = r.init || k == nodeDeclarator
		w.firstOf(d, r, nodeName, nodeTypeName, nodeOperator, nodeDestructor, nodeConversion, nodeTemplateName,
			nodeQualified, nodeDeclarator, nodeFunctionDeclarator, nodeParenthesized, nodePointer)
	}
}

// firstOf descends into the first child that is one of kinds.
func (w *walker) firstOf(d *decl, r *reading, kinds ...node) {
	if w.depth >= maxTreeDepth || !w.cursor.GoToFirstChild() {
		return
	}
	w.depth++
search:
	for {
		n := w.cursor.CurrentNode()
		k := nodeOf(n)
		for _, want := range kinds {
			if k == want {
				w.descend(n, k, d, r)
				break search
			}
		}
		if !w.cursor.GoToNextSibling() {
			break
		}
	}
	w.depth--
	w.cursor.GoToParent()
}

// qualified reads A::B<T>::name into the qualifier and the name of d.
func (w *walker) qualified(n *sitter.Node, d *decl) {
	whole := w.span(n)
	at := lastName(w.text[whole.from:whole.to])
	d.qual = span{whole.from, whole.from + int32(at.qualifier)}
	d.name = span{whole.from + int32(at.from), whole.from + int32(at.to)}
	if bytes.HasPrefix(w.text[d.name.from:d.name.to], []byte("operator")) {
		if n := w.text[d.name.from:d.name.to]; len(n) > 8 && word[n[8]] == 0 && n[8] != ' ' {
			return
		}
		d.name = w.conversionName(d.name.from)
	}
}

// isConversion reports whether n is A::operator T, which has no type before it.
func (w *walker) isConversion(n *sitter.Node) bool {
	text := w.text[w.from(n):w.to(n)]
	at := lastName(text)
	return at.qualifier > 0 && wordAt(text, at.from, "operator")
}

// conversionName returns the span of operator T, which starts at from.
func (w *walker) conversionName(from int32) span {
	i := bytes.IndexByte(w.text[from:], '(')
	if i < 0 {
		return span{from, from + int32(len("operator"))}
	}
	return span{from, from + int32(len(bytes.TrimRight(w.text[from:from+int32(i)], " \n")))}
}

// classify says what d is.
func (w *walker) classify(d *decl, r *reading, s *statement) {
	member := w.inType && !s.friend || d.qual.to > d.qual.from
	switch {
	case s.kind == nodeTypedef:
		d.kind, d.definition = indexer.KindAlias, true
	case r.function && r.destructor:
		d.kind = indexer.KindDestructor
	case r.function && member && w.isConstructor(d):
		d.kind = indexer.KindConstructor
	case r.function && member:
		d.kind = indexer.KindMethod
	case r.function:
		d.kind = indexer.KindFunction
	case member && d.qual.to == d.qual.from:
		d.kind = indexer.KindField
		d.definition = !s.static || s.inline || s.constant
	case member:
		d.kind, d.definition = indexer.KindField, true
	case s.constant:
		d.kind, d.definition = indexer.KindConstant, true
	default:
		d.kind, d.definition = indexer.KindVariable, !s.extern
	}
}

// isConstructor reports whether d has the name of its class.
func (w *walker) isConstructor(d *decl) bool {
	name := w.text[d.name.from:d.name.to]
	if d.qual.to > d.qual.from {
		q := w.text[d.qual.from:d.qual.to]
		at := lastName(q)
		return bytes.Equal(q[at.from:at.to], name)
	}
	return bytes.Equal(w.text[w.class.from:w.class.to], name)
}

// locals reads the types that are defined in the function body n.
func (w *walker) locals(n *sitter.Node) {
	if n.EndByte()-n.StartByte() <= 4 {
		return
	}
	class, access, inType := w.class, w.access, w.inType
	w.class, w.access, w.inType = span{}, indexer.VisibilityUnknown, false
	w.localTypes()
	w.class, w.access, w.inType = class, access, inType
}

// localTypes reads the types among the children of the current node.
func (w *walker) localTypes() {
	w.children(func(n *sitter.Node, k node) {
		switch k {
		case nodeClass, nodeStruct, nodeUnion, nodeEnum:
			w.typ(n, k, -1, false)
		case nodeDeclaration, nodeTypedef:
			w.localTypes()
		default:
			if w.deep {
				w.localTypes()
			}
		}
	})
}
