package cpp

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"navigator/indexer"
)

// maxAnswers bounds how many answers a name has.
const maxAnswers = 20

// Meaning says what the name at a position of a file means.
func (r *Resolver) Meaning(file int, at indexer.Position) indexer.Meaning {
	src := r.source(file)
	offset := src.Offset(at)
	if d, ok := directiveAt(src.Code, offset); ok {
		return r.inDirective(src, d, offset)
	}
	i := src.Find(offset)
	if i >= len(src.Lexemes) || src.Lexemes[i].From > offset {
		return indexer.Meaning{}
	}
	if src.At(i) == '~' && src.At(i+1) == indexer.LexWord {
		i++
	}
	if src.At(i) != indexer.LexWord && !src.Is(i, "operator") {
		return indexer.Meaning{}
	}
	p := r.placeAt(src, src.Lexemes[i].From)
	m := indexer.Meaning{Name: string(src.Bytes(i)), Span: src.SpanOf(src.Lexemes[i].Extent)}
	p.answer(&m, i)
	return m
}

// directiveAt returns the directive that holds an offset.
func directiveAt(code *indexer.Code, offset int32) (indexer.Extent, bool) {
	i, found := slices.BinarySearchFunc(code.Directives, offset, func(d indexer.Extent, o int32) int {
		switch {
		case d.To <= o:
			return -1
		case d.From > o:
			return 1
		}
		return 0
	})
	if !found {
		return indexer.Extent{}, false
	}
	return code.Directives[i], true
}

// answer finds the answers of the name at the lexeme i.
func (p *place) answer(m *indexer.Meaning, i int) {
	t := target{}
	if s, ok := p.symbolAt(i); ok {
		if p.isMade(s, m.Name) {
			t = p.resolve(i, 24)
		}
		if !t.ok() {
			p.answerDeclared(m, s)
			return
		}
	} else if p.isParameterOfType(i) {
		t.local = &local{name: i, kind: indexer.LocalParameter}
	} else {
		t = p.resolve(i, 24)
	}
	switch {
	case t.local != nil:
		m.Answers = []indexer.Answer{p.localAnswer(*t.local)}
	case t.ok():
		p.answerFound(m, t, i)
	case t.ext != nil:
		m.External = t.ext
	default:
		p.answerByName(m, t, i)
	}
}

// Declares returns the best answer for the name of a symbol where it is
// declared; false when that takes reading the file.
func (r *Resolver) Declares(ref indexer.SymbolRef) (indexer.SymbolRef, bool) {
	s := r.symbol(ref)
	if s.Kind == indexer.KindNamespace || s.NameSpan.Start.Line != s.NameSpan.End.Line || int(s.NameSpan.End.Col-s.NameSpan.Start.Col)+1 != len(s.Name) {
		return ref, false // a macro may make it of another name
	}
	if s.Definition && !isFunction(s.Kind) && s.Kind != indexer.KindVariable && s.Kind != indexer.KindField {
		return ref, true
	}
	if others := r.counterparts(ref); len(others) > 0 {
		return others[0], true
	}
	return ref, true
}

// isMade reports whether the symbol s is a function that a macro makes of the
// name of a type: REGISTER_FACTORY(Type, Base). What stands there is a use of
// the type.
func (p *place) isMade(s int32, name string) bool {
	sym := &p.symbols[s]
	return sym.Kind == indexer.KindFunction && len(sym.Name) > len(name) && strings.HasSuffix(sym.Name, name)
}

// answerDeclared answers for a name where it is declared: its counterpart, else
// itself.
func (p *place) answerDeclared(m *indexer.Meaning, s int32) {
	ref := indexer.SymbolRef{File: int32(p.file), Symbol: s}
	sym := &p.symbols[s]
	m.Name, m.Span = sym.Name, sym.NameSpan
	itself := p.r.answerOf(ref, indexer.Sure, reason(indexer.ReasonItself, ""))
	if first := p.firstOpening(sym); first.File != ref.File {
		itself.Confidence = indexer.Likely
		m.Answers = append(m.Answers, p.r.answerOf(first, indexer.Likely, reason(indexer.ReasonIncluded, p.r.files[first.File].Path)), itself)
		return
	}
	if sym.Definition && !isFunction(sym.Kind) && sym.Kind != indexer.KindVariable && sym.Kind != indexer.KindField {
		m.Answers = append(m.Answers, itself)
		return
	}
	for _, other := range p.r.counterparts(ref) {
		if len(m.Answers) == maxAnswers {
			break
		}
		m.Answers = append(m.Answers, p.r.answerOf(other, indexer.Sure, reason(indexer.ReasonCounterpart, p.r.files[other.File].Path)))
	}
	if len(m.Answers) > 1 {
		for k := range m.Answers {
			m.Answers[k].Confidence = indexer.Likely
		}
	}
	if len(m.Answers) == 0 && sym.Kind == indexer.KindFunction && !sym.Definition {
		itself.Confidence = indexer.Likely // it must be defined somewhere
	}
	m.Answers = append(m.Answers, itself)
}

func (p *place) localAnswer(l local) indexer.Answer {
	e := p.Lexemes[l.name].Extent
	span := p.SpanOf(e)
	return indexer.Answer{
		File: p.file, Symbol: -1, Span: span, EndLine: span.End.Line, Name: string(e.Of(p.Text)), Kind: indexer.KindVariable,
		Local: l.kind, Definition: true, Confidence: indexer.Sure, Reason: reason(indexer.ReasonLocal, string(e.Of(p.Text))),
	}
}

func (r *Resolver) answerOf(ref indexer.SymbolRef, c indexer.Confidence, why indexer.Reason) indexer.Answer {
	s := r.symbol(ref)
	return indexer.Answer{
		File: int(ref.File), Symbol: ref.Symbol, Span: s.NameSpan, EndLine: s.Span.End.Line, Name: s.Qualified(), Kind: s.Kind,
		Definition: s.Definition, Confidence: c, Reason: why,
	}
}

// foreign returns to whom what was found belongs, when a tree only mentions it.
func (r *Resolver) foreign(refs []indexer.SymbolRef) *indexer.External {
	s := r.symbol(refs[0])
	switch {
	case s.Kind == indexer.KindPackage, s.Kind == indexer.KindNamespace && r.packages()[qualified(s)]:
		return generated
	case s.Kind == indexer.KindAlias: // under another #if a using of a library
		if name := r.externalUse(s.Name, int(refs[0].File)); name != "" {
			return external(name)
		}
	case isClass(s.Kind) && !s.Definition && !r.isDefined(s): // struct event_base;
		return &indexer.External{}
	}
	return nil
}

// isDefined reports whether a tree defines the class that s declares.
func (r *Resolver) isDefined(s *indexer.Symbol) bool {
	set := r.named(s.Name)
	return set.isSpace || r.anyDefinition(set.scopes[plain(s.Container)])
}

// generated says that a namespace is made of the packages of many files.
var generated = &indexer.External{Library: "Protocol Buffers", URL: "https://protobuf.dev/reference/cpp/cpp-generated/#package"}

// answerFound answers with what the rules led to.
func (p *place) answerFound(m *indexer.Meaning, t target, i int) {
	if m.External = p.r.foreign(t.refs); m.External != nil {
		return
	}
	if int(t.refs[0].File) != p.file && !slices.ContainsFunc(t.refs, func(ref indexer.SymbolRef) bool { return !p.r.isOff(ref) }) {
		m.External = &indexer.External{} // the tree defines it for other platforms, where the system does not
		return
	}
	refs := p.r.ranked(p, t.refs, i)
	confidence := indexer.Likely
	if t.sure && p.r.isOne(refs) {
		confidence = indexer.Sure
	}
	for k, ref := range refs {
		if k == maxAnswers {
			break
		}
		c := confidence
		if k > 0 && c == indexer.Sure {
			c = indexer.Likely
		}
		m.Answers = append(m.Answers, p.r.answerOf(ref, c, t.reason))
	}
}

// ranked orders the symbols that the name at i may mean.
func (r *Resolver) ranked(p *place, refs []indexer.SymbolRef, i int) []indexer.SymbolRef {
	open := i + 1
	if p.At(open) == '<' {
		if c := anglesEnd(p.Code, open); c > 0 {
			open = c + 1
		}
	}
	if isFunction(r.symbol(refs[0]).Kind) {
		if p.At(open) == '(' {
			refs = p.byArguments(refs, open, 24)
		}
		return r.paired(refs, p.file)
	}
	refs = r.bestType(refs, p.file)
	if len(refs) > 1 && refs[0].File != refs[1].File && isRepeated(r.symbol(refs[0]).Kind) && isRepeated(r.symbol(refs[1]).Kind) {
		return r.firstFirst(refs, p.file)
	}
	return refs
}

// isRepeated reports whether files may say the same of a thing of the kind k, and
// none of them is its definition.
func isRepeated(k indexer.Kind) bool { return k == indexer.KindNamespace || k == indexer.KindAlias }

// firstFirst moves to the front what a compiler would see first.
func (r *Resolver) firstFirst(refs []indexer.SymbolRef, file int) []indexer.SymbolRef {
	byFile := slices.Clone(refs)
	slices.SortStableFunc(byFile, func(a, b indexer.SymbolRef) int { return int(a.File - b.File) })
	i := r.firstSeen(file, byFile)
	if i < 0 {
		return refs
	}
	k := slices.Index(refs, byFile[i])
	return slices.Concat(refs[k:k+1], refs[:k], refs[k+1:])
}

// isOne reports whether refs, ranked, are one thing: a definition and its
// declarations.
func (r *Resolver) isOne(refs []indexer.SymbolRef) bool {
	if len(refs) < 2 {
		return true
	}
	s := r.symbol(refs[0])
	definitions := 0
	refs = slices.DeleteFunc(slices.Clone(refs), r.isOff)
	for _, ref := range refs {
		o := r.symbol(ref)
		if o.Kind != s.Kind && isFunction(s.Kind) != isFunction(o.Kind) {
			return false
		}
		if o.Definition && o.Kind != indexer.KindAlias {
			definitions++
		}
	}
	if definitions > 1 {
		return false
	}
	if isFunction(s.Kind) {
		sig := r.signature(refs[0])
		return !slices.ContainsFunc(refs, func(ref indexer.SymbolRef) bool { return r.signature(ref) != sig })
	}
	return true
}

// answerByName answers with what has the name, when the rules led nowhere.
func (p *place) answerByName(m *indexer.Meaning, t target, i int) {
	set := p.r.named(m.Name)
	if path, _, _ := p.qualifier(i); !set.isSpace && p.At(i+1) == indexer.LexScope && p.r.packages()[strings.Join(append(path, m.Name), "::")] {
		m.External = generated
		return
	}
	if p.At(i-1) == indexer.LexScope && !t.receiver && !set.isSpace {
		m.External = &indexer.External{}
		if t.ext != nil {
			m.External = t.ext
		}
		return
	}
	if set.isSpace {
		ref := p.namespaceRef(set, i)
		m.Answers = append(m.Answers, p.r.answerOf(ref, indexer.Likely, reason(indexer.ReasonNamesake, strconv.Itoa(len(set.refs)))))
		return
	}
	refs, near := p.r.visible(set.refs, p.file)
	refs = filter(p.r, refs, func(k indexer.Kind) bool {
		if p.At(i+1) == indexer.LexScope {
			return isScope(k)
		}
		if t.receiver {
			return k == indexer.KindMethod || k == indexer.KindField
		}
		return k != indexer.KindField && k != indexer.KindMethod && k != indexer.KindTest
	})
	if t.receiver {
		refs = slices.DeleteFunc(refs, func(ref indexer.SymbolRef) bool { return p.r.files[ref.File].Language != indexer.CPP })
	}
	if !near && !t.receiver || len(refs) == 0 || t.receiver && isStandardMember(m.Name) {
		m.External = externalMacro(m.Name)
		if m.External == nil {
			m.External = &indexer.External{}
		}
		return
	}
	c, why := indexer.NameOnly, reason(indexer.ReasonNamesake, strconv.Itoa(len(refs)))
	refs = p.r.ranked(p, p.r.nearest(refs, p.file), i)
	if len(refs) == 1 && near {
		c, why = indexer.Likely, reason(indexer.ReasonUnique, "")
	}
	for k, ref := range refs {
		if k == maxAnswers {
			break
		}
		m.Answers = append(m.Answers, p.r.answerOf(ref, c, why))
	}
}

// maxNamesakes bounds how many symbols that only have the name are compared.
const maxNamesakes = 50

// nearest returns the refs whose folders are the most like a file's, when there
// are many.
func (r *Resolver) nearest(refs []indexer.SymbolRef, file int) []indexer.SymbolRef {
	if len(refs) <= maxNamesakes {
		return refs
	}
	from := r.files[file].Path
	type placed struct {
		ref    indexer.SymbolRef
		common int
	}
	all := make([]placed, len(refs))
	for i, ref := range refs {
		all[i] = placed{ref, common(from, r.files[ref.File].Path)}
	}
	slices.SortStableFunc(all, func(a, b placed) int { return b.common - a.common })
	near := make([]indexer.SymbolRef, maxNamesakes)
	for i := range near {
		near[i] = all[i].ref
	}
	return near
}

// firstOpening returns where the namespace that sym opens is opened first, as the
// file sees it; in the file itself when sym is none.
func (p *place) firstOpening(sym *indexer.Symbol) indexer.SymbolRef {
	own := indexer.SymbolRef{File: int32(p.file)}
	if sym.Kind != indexer.KindNamespace || sym.Name == anonymous {
		return own
	}
	set := p.r.named(sym.Name)
	refs := set.spaces[plain(sym.Container)]
	if !set.isSpace {
		refs = filter(p.r, set.scopes[plain(sym.Container)], func(k indexer.Kind) bool { return k == indexer.KindNamespace })
	}
	if i := p.r.firstSeen(p.file, refs); i >= 0 {
		return refs[i]
	}
	return own
}

// isParameterOfType reports whether the name at i is that of a parameter of a
// function type, as in function<void(int name)>, which nothing else can know.
func (p *place) isParameterOfType(i int) bool {
	if next := p.At(i + 1); next != ',' && next != ')' {
		return false
	}
	switch p.At(i - 1) {
	case indexer.LexWord, '>', '*', '&', indexer.LexSign:
	case indexer.LexKeyword:
		if !isBuiltin(string(p.Bytes(i - 1))) {
			return false
		}
	default:
		return false
	}
	for j := i - 1; j >= 0 && j > i-200; j-- {
		switch p.At(j) {
		case ')', ']':
			m := int(p.Lexemes[j].Mate)
			if m < 0 {
				return false
			}
			j = m
		case '(':
			return p.At(p.Past(j)) == '>' && !p.Is(j-1, "decltype") && !p.Is(j-1, "sizeof")
		case ';', '{', '}':
			return false
		}
	}
	return false
}

// namespaceRef returns where a namespace of many files is opened first, as the
// place sees it, or else where it is opened in any.
func (p *place) namespaceRef(set *nameSet, i int) indexer.SymbolRef {
	path, _, _ := p.qualifier(i)
	qualifier := strings.Join(path, "::")
	for _, scope := range p.env.scopes {
		if refs := set.spaces[join(scope, qualifier)]; len(refs) > 0 {
			if k := p.r.firstSeen(p.file, refs); k >= 0 {
				return refs[k]
			}
		}
	}
	return set.refs[0]
}

// inDirective answers for what stands in a directive.
func (r *Resolver) inDirective(src *source, d indexer.Extent, offset int32) indexer.Meaning {
	text := d.Of(src.Text)
	code := r.lex(text[1:])
	base := d.From + 1
	i := code.Find(offset - base)
	if code.Is(0, "include") {
		return r.include(src, text, d)
	}
	if i >= len(code.Lexemes) || base+code.Lexemes[i].From > offset || code.At(i) != indexer.LexWord {
		return indexer.Meaning{}
	}
	p := r.placeAt(src, offset)
	e := code.Lexemes[i].Extent
	m := indexer.Meaning{
		Name: string(code.Bytes(i)), Span: src.SpanOf(indexer.Extent{From: base + e.From, To: base + e.To}),
	}
	at := src.Position(base + e.From)
	for k := range src.symbols {
		if src.symbols[k].NameSpan.Start == at {
			p.answerDeclared(&m, int32(k))
			return m
		}
	}
	if x, ok := macroParameter(code, m.Name); ok {
		span := src.SpanOf(indexer.Extent{From: base + x.From, To: base + x.To})
		m.Answers = []indexer.Answer{{
			File: src.file, Symbol: -1, Span: span, EndLine: span.End.Line, Name: m.Name, Kind: indexer.KindVariable,
			Local: indexer.LocalMacroParameter, Definition: true, Confidence: indexer.Sure, Reason: reason(indexer.ReasonLocal, m.Name),
		}}
		return m
	}
	// The body of a macro is code that stands elsewhere.
	q := &place{source: &source{Code: code, file: src.file}, r: r, env: p.env}
	q.source.locals.limit = 1
	t := q.resolve(i, 24)
	switch {
	case t.ok():
		t.sure = t.sure && t.reason.Kind != indexer.ReasonReceiver
		q.answerFound(&m, t, i)
	case t.ext != nil:
		m.External = t.ext
	default:
		q.answerByName(&m, t, i)
	}
	return m
}

// macroParameter returns the parameter of that name of the macro that a
// directive defines.
func macroParameter(code *indexer.Code, name string) (indexer.Extent, bool) {
	if !code.Is(0, "define") || code.At(2) != '(' || code.Lexemes[2].From != code.Lexemes[1].To {
		return indexer.Extent{}, false
	}
	for i := 3; i < code.Past(2)-1; i++ {
		if string(code.Bytes(i)) == name {
			return code.Lexemes[i].Extent, true
		}
	}
	return indexer.Extent{}, false
}

// include answers for the path of an include.
func (r *Resolver) include(src *source, text []byte, d indexer.Extent) indexer.Meaning {
	at := 0
	for at < len(text) && text[at] != 'i' {
		at++
	}
	written, ok := includePath(text, at)
	if !ok {
		return indexer.Meaning{}
	}
	m := indexer.Meaning{Name: written, Span: src.SpanOf(d)}
	files := r.includedFiles(src.file, written)
	if len(files) == 0 {
		m.External = &indexer.External{}
		return m
	}
	confidence := indexer.Sure
	if len(files) > 1 {
		confidence = indexer.Likely
	}
	start := indexer.Position{Line: 1, Col: 1}
	for _, file := range files[:min(len(files), maxAnswers)] {
		m.Answers = append(m.Answers, indexer.Answer{
			File: file, Symbol: -1, Span: indexer.Span{Start: start, End: start}, EndLine: 1, Name: path.Base(r.files[file].Path),
			Definition: true, Confidence: confidence, Reason: reason(indexer.ReasonFile, r.files[file].Path),
		})
	}
	return m
}
