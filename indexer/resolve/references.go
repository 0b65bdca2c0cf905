package resolve

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"navigator/indexer"
)

// maxNamesakes bounds how many namesakes references list.
const maxNamesakes = 300

// fewHits is how many instances of its names a symbol may have before only
// those files are read that see its declaration.
const fewHits = 400

// References says where the symbol is used that the name at a position of a
// file means. It is the zero References where no name stands. When ctx ends it
// soon returns what it found by then.
func (r *Resolver) References(ctx context.Context, file int, at indexer.Position) indexer.References {
	m := r.Meaning(file, at)
	refs := indexer.References{Name: m.Name, External: m.External}
	if len(m.Answers) == 0 {
		return refs
	}
	refs.Of = r.identity(ctx, m.Answers[0])
	if first := &refs.Of[0]; first.Local != indexer.NotLocal {
		r.localUses(ctx, &refs, first)
		return refs
	}
	s := r.newSearch(refs.Of)
	own, generated := r.wordsFor(m.Name, refs.Of)
	for _, word := range own {
		s.word(ctx, &refs, word, true)
	}
	for _, word := range generated {
		s.word(ctx, &refs, word, false)
	}
	r.addItself(&refs)
	slices.SortFunc(refs.Uses, byPlace)
	slices.SortFunc(refs.Namesakes, byPlace)
	if len(refs.Namesakes) > maxNamesakes {
		refs.Namesakes, refs.Cut = refs.Namesakes[:maxNamesakes], true
	}
	return refs
}

// addItself adds the definitions and declarations whose names are no words:
// those of operators.
func (r *Resolver) addItself(refs *indexer.References) {
	known := make(map[place]bool, len(refs.Uses))
	for i := range refs.Uses {
		known[place{int32(refs.Uses[i].File), refs.Uses[i].Span.Start}] = true
	}
	for i := range refs.Of {
		a := &refs.Of[i]
		if a.Symbol < 0 || known[placeOf(a)] || !strings.HasPrefix(r.symbol(refOf(a)).Name, "operator") {
			continue
		}
		u := r.use(a.File, &hit{from: a.Span.Start, role: indexer.Declaration}, 0)
		if a.Definition {
			u.Role = indexer.Definition
		}
		u.Span, u.Confidence = a.Span, indexer.Sure
		refs.Uses = append(refs.Uses, u)
	}
}

func byPlace(a, b indexer.Use) int {
	return cmp.Or(cmp.Compare(a.File, b.File), comparePositions(a.Span.Start, b.Span.Start))
}

func comparePositions(a, b indexer.Position) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
}

// identity returns the definitions and declarations of what an answer is, the
// definition first.
func (r *Resolver) identity(ctx context.Context, a indexer.Answer) []indexer.Answer {
	of := []indexer.Answer{a}
	if a.Symbol < 0 {
		return of
	}
	add := func(answers []indexer.Answer) {
		for _, other := range answers {
			if other.Symbol >= 0 && !slices.ContainsFunc(of, func(x indexer.Answer) bool { return samePlace(&x, &other) }) {
				of = append(of, other)
			}
		}
	}
	others := r.Meaning(a.File, a.Span.Start).Answers
	add(others)
	if len(others) > 0 && others[0].Confidence >= indexer.Sure && !samePlace(&others[0], &a) {
		add(r.Meaning(others[0].File, others[0].Span.Start).Answers)
	}
	add(r.forward(ctx, &a))
	slices.SortStableFunc(of, func(x, y indexer.Answer) int {
		switch {
		case x.Definition == y.Definition:
			return 0
		case x.Definition:
			return -1
		}
		return 1
	})
	return of
}

// maxForward bounds how many declarations of a class are looked at.
const maxForward = 300

// forward returns the declarations of a class that is defined elsewhere, which
// others see that don't see the definition, and those of an alias that is
// declared again.
func (r *Resolver) forward(ctx context.Context, a *indexer.Answer) []indexer.Answer {
	if !isType(a.Kind) && a.Kind != indexer.KindAlias || r.files[a.File].Language != indexer.CPP {
		return nil
	}
	class := r.symbol(refOf(a))
	var found []indexer.Answer
	for _, ref := range r.corpus.SymbolsNamed(class.Name) {
		s := r.symbol(ref)
		if s.Container != class.Container || r.files[ref.File].Source != r.files[a.File].Source || len(found) == maxForward || ctx.Err() != nil {
			continue
		}
		if s.Kind == indexer.KindAlias && a.Kind == indexer.KindAlias && s.Container != "" && !strings.Contains(s.Container, "(") {
			found = append(found, r.answerOf(ref, indexer.Sure, indexer.Reason{Kind: indexer.ReasonCounterpart, Arg: r.files[ref.File].Path}))
		}
		if s.Definition || !isType(s.Kind) {
			continue
		}
		if r.declares(ref) == placeOf(a) {
			found = append(found, r.answerOf(ref, indexer.Sure, indexer.Reason{Kind: indexer.ReasonCounterpart, Arg: r.files[ref.File].Path}))
		}
	}
	return found
}

func samePlace(a, b *indexer.Answer) bool { return a.File == b.File && a.Span.Start == b.Span.Start }

// place is a position in a file.
type place struct {
	file int32
	at   indexer.Position
}

func placeOf(a *indexer.Answer) place { return place{int32(a.File), a.Span.Start} }

// search looks for the uses of one symbol.
type search struct {
	r         *Resolver
	of        []indexer.Answer
	same      map[place]bool // whether the symbol there is the one
	overrides map[place]bool // where symbols are declared that override it
	languages map[indexer.Language]bool
	sees      func(file int) bool // nil when all files may
}

func (r *Resolver) newSearch(of []indexer.Answer) *search {
	s := &search{r: r, of: of, same: make(map[place]bool), overrides: make(map[place]bool)}
	files := make([]int, len(of))
	for i := range of {
		s.same[placeOf(&of[i])] = true
		files[i] = of[i].File
	}
	lang := r.files[of[0].File].Language
	s.languages = map[indexer.Language]bool{lang: true}
	if lang == indexer.Proto {
		s.languages[indexer.CPP], s.languages[indexer.Rust] = true, true
	}
	if l, ok := r.languages[indexer.CPP].(includer); ok && lang != indexer.Rust {
		s.sees = l.Includers(files)
	}
	for _, o := range r.overriders(of) {
		s.overrides[placeOf(&o.Answer)] = true
	}
	return s
}

// includer is a language in which a file sees what it includes.
type includer interface {
	// Includers returns a function that tells the files that see one of
	// those given.
	Includers(files []int) func(file int) bool
}

// word adds the uses under one name, and what else has it if that is asked for.
func (s *search) word(ctx context.Context, refs *indexer.References, word string, namesakes bool) {
	var list []*fileHits
	hits := 0
	for _, f := range s.r.hitsOf(ctx, word) {
		if s.languages[s.r.files[f.file].Language] {
			list = append(list, f)
			hits += len(f.hits)
		}
	}
	if hits > fewHits && s.sees != nil {
		list = slices.DeleteFunc(list, func(f *fileHits) bool {
			if s.r.files[f.file].Language == indexer.Rust || s.sees(f.file) {
				return false
			}
			if namesakes && len(refs.Namesakes) <= maxNamesakes {
				s.unseen(refs, f, len(word))
			}
			return true
		})
	}
	parallel(ctx, len(list), func(i int) { s.r.resolve(ctx, list[i]) })
	for _, f := range list {
		s.file(refs, f, len(word), namesakes)
	}
}

// unseen adds namesakes in a file that does not see the symbol.
func (s *search) unseen(refs *indexer.References, f *fileHits, length int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.hits {
		refs.Namesakes = append(refs.Namesakes, s.r.use(f.file, &f.hits[i], length))
	}
}

// file adds what the hits of a file are, as far as that is found out.
func (s *search) file(refs *indexer.References, f *fileHits, length int, namesakes bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.hits[:f.done] {
		h := &f.hits[i]
		if h.state == noName {
			continue
		}
		u := s.r.use(f.file, h, length)
		switch {
		case s.overrides[place{int32(f.file), h.from}] || h.role == indexer.Definition && s.overrides[place{h.file, h.target}]:
			u.Role, u.Confidence = indexer.Override, indexer.Sure
			refs.Uses = append(refs.Uses, u)
		case h.state == resolved && h.confidence > indexer.NameOnly && s.means(h):
			u.Confidence = h.confidence
			if i := slices.IndexFunc(s.of, func(a indexer.Answer) bool { return placeOf(&a) == place{int32(f.file), h.from} }); i >= 0 {
				u.Role = indexer.Declaration
				if s.of[i].Definition {
					u.Role = indexer.Definition
				}
			}
			refs.Uses = append(refs.Uses, u)
		case namesakes:
			refs.Namesakes = append(refs.Namesakes, u)
		}
	}
}

// use returns the use that a hit is.
func (r *Resolver) use(file int, h *hit, length int) indexer.Use {
	end := h.at
	end.Col += int32(length) - 1
	around := r.innermost(file, h.from)
	return indexer.Use{
		File: file, Span: indexer.Span{Start: h.from, End: end}, Role: h.role,
		Test: isTest(r.files[file].Path) || r.inTests(file, around), Container: r.containerOf(file, around, h.from),
	}
}

// means reports whether a hit that is resolved means the symbol.
func (s *search) means(h *hit) bool {
	at := place{h.file, h.target}
	if same, ok := s.same[at]; ok {
		return same
	}
	same := h.symbol >= 0 && s.isSame(h)
	s.same[at] = same
	return same
}

// isSame reports whether the symbol that a hit leads to is another declaration
// of the one looked for.
func (s *search) isSame(h *hit) bool {
	sym := &s.r.corpus.Symbols(int(h.file))[h.symbol]
	of := &s.of[0]
	if of.Symbol < 0 {
		return false
	}
	first := &s.r.corpus.Symbols(of.File)[of.Symbol]
	if sym.Name != first.Name || isFunction(sym.Kind) != isFunction(first.Kind) {
		return false
	}
	if sym.Kind == indexer.KindNamespace && first.Kind == indexer.KindNamespace {
		return sym.Container == first.Container
	}
	if of.File == int(h.file) && !isFunction(sym.Kind) && sym.Kind == first.Kind && sym.Container == first.Container {
		return true // one for each branch of an #if
	}
	return s.same[s.r.declares(indexer.SymbolRef{File: h.file, Symbol: h.symbol})]
}

// declarer is a language that knows without reading a file what its names mean
// where they are declared.
type declarer interface {
	// Declares returns the best answer for the name of a symbol where it
	// stands; false when that takes reading the file.
	Declares(ref indexer.SymbolRef) (indexer.SymbolRef, bool)
}

// declares returns the place of the best answer for the name of a symbol where
// it stands; the zero place when there is none.
func (r *Resolver) declares(ref indexer.SymbolRef) place {
	if l, ok := r.languages[r.files[ref.File].Language].(declarer); ok && len(r.precise) == 0 {
		if to, ok := l.Declares(ref); ok {
			return place{to.File, r.symbol(to).NameSpan.Start}
		}
	}
	m := r.Meaning(int(ref.File), r.symbol(ref).NameSpan.Start)
	if len(m.Answers) == 0 {
		return place{}
	}
	return placeOf(&m.Answers[0])
}

func isFunction(k indexer.Kind) bool {
	switch k {
	case indexer.KindFunction, indexer.KindMethod, indexer.KindConstructor, indexer.KindDestructor:
		return true
	}
	return false
}

// localUses adds the uses of a local, which are in what declares it.
func (r *Resolver) localUses(ctx context.Context, refs *indexer.References, local *indexer.Answer) {
	f := r.hitsIn(local.File, local.Name)
	if f == nil {
		return
	}
	around := r.outermost(local.File, local.Span.Start)
	f.hits = slices.DeleteFunc(f.hits, func(h hit) bool { return !holds(around, h.at) })
	r.resolve(ctx, f)
	for i := range f.hits[:f.done] {
		h := &f.hits[i]
		if h.state == noName {
			continue
		}
		u := r.use(f.file, h, len(local.Name))
		switch {
		case h.state != resolved:
			continue
		case int(h.file) == local.File && h.target == local.Span.Start:
			u.Confidence = h.confidence
			if h.from == local.Span.Start {
				u.Role = indexer.Definition
			}
			refs.Uses = append(refs.Uses, u)
		default:
			refs.Namesakes = append(refs.Namesakes, u)
		}
	}
}

// outermost returns the span of the outermost function around a position, else
// of what is around it; of the whole file where nothing is.
func (r *Resolver) outermost(file int, at indexer.Position) indexer.Span {
	whole := indexer.Span{Start: indexer.Position{Line: 1, Col: 1}, End: indexer.Position{Line: 1 << 30, Col: 1}}
	symbols := r.corpus.Symbols(file)
	for i := range symbols {
		s := &symbols[i]
		if comparePositions(s.Span.Start, at) > 0 {
			break
		}
		if holds(s.Span, at) && s.Kind != indexer.KindNamespace && s.Kind != indexer.KindModule {
			whole = s.Span
			if isFunction(s.Kind) {
				break
			}
		}
	}
	return whole
}

func holds(s indexer.Span, at indexer.Position) bool {
	return comparePositions(s.Start, at) <= 0 && comparePositions(at, s.End) <= 0
}

// innermost returns the index of the innermost symbol around a position, -1 when
// there is none.
func (r *Resolver) innermost(file int, at indexer.Position) int32 {
	symbols := r.corpus.Symbols(file)
	n, _ := slices.BinarySearchFunc(symbols, at, func(s indexer.Symbol, at indexer.Position) int {
		if comparePositions(s.Span.Start, at) <= 0 {
			return -1
		}
		return 1
	})
	for i := n - 1; i >= 0; i-- {
		if holds(symbols[i].Span, at) {
			return int32(i)
		}
		if symbols[i].Parent < 0 && n-i > maxSiblings {
			break
		}
	}
	return -1
}

// maxSiblings bounds how many symbols before a position are looked at that do
// not hold it.
const maxSiblings = 1000

// containerOf returns the function or class that symbol is, or is in, and in
// whose body a position stands; -1 when there is none.
func (r *Resolver) containerOf(file int, symbol int32, at indexer.Position) int32 {
	symbols := r.corpus.Symbols(file)
	for i := symbol; i >= 0; i = symbols[i].Parent {
		if s := &symbols[i]; isContainer(s.Kind) && holds(s.Span, at) && !holds(s.NameSpan, at) {
			return i
		}
	}
	return -1
}

func isContainer(k indexer.Kind) bool {
	switch k {
	case indexer.KindClass, indexer.KindStruct, indexer.KindUnion, indexer.KindTrait, indexer.KindMessage, indexer.KindEnum,
		indexer.KindService, indexer.KindTest:
		return true
	}
	return isFunction(k)
}

// isTest reports whether a path is that of a test.
func isTest(path string) bool {
	dir := "/" + path
	for _, part := range []string{"/test/", "/tests/", "/testing/", "/benches/", "/mocks/"} {
		if strings.Contains(dir, part) {
			return true
		}
	}
	stem := path[:max(strings.LastIndexByte(path, '.'), 0)]
	return strings.HasSuffix(stem, "_test") || strings.HasSuffix(stem, "_tests") || strings.HasSuffix(stem, "/tests")
}

// inTests reports whether a symbol of a Rust file is in a module of tests.
func (r *Resolver) inTests(file int, symbol int32) bool {
	if r.files[file].Language != indexer.Rust {
		return false
	}
	symbols := r.corpus.Symbols(file)
	for i := symbol; i >= 0; i = symbols[i].Parent {
		if s := &symbols[i]; s.Kind == indexer.KindModule && (s.Name == "tests" || s.Name == "test") {
			return true
		}
	}
	return false
}
