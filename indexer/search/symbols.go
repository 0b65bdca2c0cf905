package search

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"navigator/indexer"
)

// SymbolHit is a symbol that a query found.
type SymbolHit struct {
	Ref   indexer.SymbolRef
	Score int     // comparable within one result only
	Name  []Range // what matched of the symbol's name, in order
}

// maxInitials is the longest query that is also taken for initials.
const maxInitials = 8

// enough is how many hits one stage of a search must bring for the next, less
// alike ones to be left out, when the caller asks for fewer.
const enough = 20

// Symbols returns the symbols that a query, as [ParseQuery] reads it, finds:
// the best first, at most limit. It returns a [QueryError] for a query that
// makes no sense.
//
// A name may be the query, begin with it, have words that begin as the query
// says (CMI, connMan, "manager conn"), contain it, or, when there is nothing
// better, be one or two edits away. Of several names separated by "::" or "."
// the last is sought, in scopes that end in the others; Rust's module paths
// are taken from the paths of files.
//
// Where nothing is spelled so, Spanish words stand for those that code has for
// them, as [Engine.Meant] takes them.
func (e *Engine) Symbols(ctx context.Context, query string, limit int) ([]SymbolHit, error) {
	return e.findSymbols(query, limit, func(s *symbolSearch, name string) error {
		return s.byName(ctx, name, s.meant, s.spelling)
	})
}

// Spelled returns what Symbols does but for names that are edits away and those
// that only mean what the query says.
func (e *Engine) Spelled(ctx context.Context, query string, limit int) ([]SymbolHit, error) {
	return e.findSymbols(query, limit, func(s *symbolSearch, name string) error {
		return s.byName(ctx, name)
	})
}

// Meant returns the symbols whose names have the words of a query in English:
// "política de reintentos" finds RetryPolicy. It finds none where a word of the
// query is neither known nor in the name.
func (e *Engine) Meant(query string, limit int) ([]SymbolHit, error) {
	return e.findSymbols(query, limit, (*symbolSearch).byMeaning)
}

func (e *Engine) findSymbols(query string, limit int, byName func(s *symbolSearch, name string) error) ([]SymbolHit, error) {
	q, err := ParseQuery(query)
	if err != nil || limit <= 0 {
		return nil, err
	}
	files, err := q.compile(e)
	if err != nil {
		return nil, err
	}
	s := &symbolSearch{engine: e, query: &q, files: files, kinds: newKindSet(q.Kinds), scope: newScopeFilter(q.Scope, e.symbols.scopes), top: top{limit: limit}}
	switch {
	case s.scope.none:
	case q.Name != "":
		err = byName(s, q.Name)
	case len(q.Scope) > 0 || len(q.Kinds) > 0 || files.decided != nil:
		s.everything()
	}
	if err != nil {
		return nil, err
	}
	return s.hits(), nil
}

// symbolSearch is one search for symbols.
type symbolSearch struct {
	engine *Engine
	query  *Query
	files  *fileFilter
	kinds  kindSet
	scope  scopeFilter
	match  matcher
	tried  bitset // names
	top    top
}

// byName runs the stages of a search, from the likeliest to the least, until
// there is enough; the last ones only where nothing is spelled as the query.
func (s *symbolSearch) byName(ctx context.Context, name string, last ...func() error) error {
	s.match.pattern = newPattern(name)
	s.tried = make(bitset, (s.engine.names.table.len()+63)/64)
	stages := []func() error{s.prefixes, s.humps, s.words, s.inside}
	if len(s.match.parts) > 1 {
		stages = []func() error{s.words, s.lastInScope}
	}
	for i, stage := range append(stages, last...) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := stage(); err != nil {
			return err
		}
		if i > 0 && len(s.top.hits) >= min(s.top.limit, enough) {
			break
		}
	}
	return nil
}

// prefixes tries the names that begin with the query.
func (s *symbolSearch) prefixes() error {
	first, last := s.engine.names.table.prefixed(s.match.folded)
	for name := first; name < last; name++ {
		s.try(uint32(name))
	}
	return nil
}

// humps tries the names with those initials, and those with words that begin
// with the words of the query.
func (s *symbolSearch) humps() error {
	p := s.match.pattern
	if len(p.folded) > 1 && len(p.folded) <= maxInitials {
		if err := s.tryAll(s.engine.names.withInitials(p.folded)); err != nil {
			return err
		}
	}
	if parts := p.wordsOf(); len(parts) > 1 {
		return s.tryAll(s.engine.names.withWords(parts))
	}
	return nil
}

// words tries the names with words that begin with those of the query.
func (s *symbolSearch) words() error {
	return s.tryAll(s.engine.names.withWords(s.match.parts))
}

// lastInScope takes the last word for the name and those before for its scope:
// "ConnectionManagerImpl newStream".
func (s *symbolSearch) lastInScope() error {
	words := strings.Fields(s.query.Name)
	last := len(words) - 1
	scope := newScopeFilter(append(slices.Clone(s.query.Scope), words[:last]...), s.engine.symbols.scopes)
	if scope.none {
		return nil
	}
	for i := range scope.costs {
		if scope.costs[i] >= 0 {
			scope.costs[i] += scopeApart
		}
	}
	all, whole := s.scope, s.match.pattern
	s.scope, s.match.pattern = scope, newPattern(words[last])
	clear(s.tried)
	err := cmp.Or(s.prefixes(), s.humps())
	s.scope, s.match.pattern = all, whole
	return err
}

// inside tries the names that contain the query, and those with all its
// letters and a word that begins with its first, which may have it as humps.
func (s *symbolSearch) inside() error {
	p, table := s.match.pattern, &s.engine.names.table
	if len(p.folded) < 3 {
		return nil
	}
	kinds := s.engine.symbols.kinds
	for name, mask := range table.mask {
		if p.mask&^mask == 0 && s.kinds&kinds[name] != 0 {
			folded := table.foldedName(uint32(name))
			if strings.Contains(folded, p.folded) || p.first&^table.initials[name] == 0 && isSubsequence(p.folded, folded) {
				s.try(uint32(name))
			}
		}
	}
	return nil
}

func isWordRune(r rune) bool { return r >= utf8.RuneSelf || isWordByte(byte(r)) }

// isSubsequence reports whether text has the bytes of sub in order; those
// between words of sub may be missing.
func isSubsequence(sub, text string) bool {
	i := 0
	for j := 0; i < len(sub); i++ {
		if !isWordByte(sub[i]) {
			continue
		}
		n := strings.IndexByte(text[j:], sub[i])
		if n < 0 {
			return false
		}
		j += n + 1
	}
	return true
}

// spelling tries the names that are a few edits away, if nothing was found.
func (s *symbolSearch) spelling() error {
	p, table := s.match.pattern, &s.engine.names.table
	if len(s.top.hits) > 0 || p.edits == nil {
		return s.wordsSpelled()
	}
	// Few make a mistake in the first letters, and it takes the longest to find.
	for i := range p.edits.limit + 1 {
		if strings.IndexByte(p.folded, p.folded[i]) == i {
			s.trySpelled(table.prefixed(p.folded[i : i+1]))
		}
	}
	if err := s.wordsSpelled(); err != nil || len(s.top.hits) > 0 {
		return err
	}
	s.trySpelled(0, table.len())
	return nil
}

// trySpelled tries the names from first to last, last excluded, for edits.
func (s *symbolSearch) trySpelled(first, last int) {
	p, table := s.match.pattern, &s.engine.names.table
	for name := first; name < last; name++ {
		if s.kinds&s.engine.symbols.kinds[name] == 0 || !p.edits.possible(table.mask[name]) {
			continue
		}
		if score := p.spelled(table.foldedName(uint32(name))); score > 0 {
			s.add(uint32(name), score)
		}
	}
}

// wordsSpelled tries the names with words that are a few edits away from those
// of the query, if nothing was found.
func (s *symbolSearch) wordsSpelled() error {
	if len(s.top.hits) > 0 {
		return nil
	}
	p, table := s.match.pattern, &s.engine.names.table
	names, err := s.engine.names.withWordsLike(p.wordsOf())
	for _, name := range names {
		s.add(name, wordsLike-p.extra(table.name(name)))
	}
	return err
}

func (s *symbolSearch) tryAll(names []uint32, err error) error {
	for _, name := range names {
		s.try(name)
	}
	return err
}

// try takes a name's symbols among the hits if the name matches.
func (s *symbolSearch) try(name uint32) {
	if s.tried.has(int(name)) {
		return
	}
	s.tried.add(int(name))
	if s.kinds&s.engine.symbols.kinds[name] == 0 {
		return
	}
	if score, _ := s.match.match(&s.engine.names.table, name); score > 0 {
		s.add(name, score)
	}
}

// everything takes all symbols that the filters and the scope let through.
func (s *symbolSearch) everything() {
	for name := range uint32(s.engine.names.table.len()) {
		s.add(name, exactFolded)
	}
}

// add takes those of a name's symbols among the hits that the filters let
// through.
func (s *symbolSearch) add(name uint32, score int) {
	if !s.top.wants(score) {
		return
	}
	symbols := s.engine.symbols.named(name)
	for i := range symbols {
		sym := &symbols[i]
		score := score + int(sym.rank)
		if !s.top.wants(score) || s.kinds&kindBit(sym.kind) == 0 || !s.files.passes(int(sym.ref.File)) {
			continue
		}
		if cost, ok := s.scope.cost(sym.scope); ok {
			s.top.add(found{score: score - cost, name: name, ref: sym.ref, like: s.match.pattern})
		}
	}
}

// hits returns the best, with what matched of their names.
func (s *symbolSearch) hits() []SymbolHit {
	best := s.top.sorted()
	hits := make([]SymbolHit, len(best))
	table := &s.engine.names.table
	for i, f := range best {
		hits[i] = SymbolHit{Ref: f.ref, Score: f.score}
		if s.match.pattern = f.like; f.like != nil {
			_, ranges := s.match.match(table, f.name)
			hits[i].Name = joinRanges(ranges)
		}
	}
	return hits
}

// joinRanges returns a copy of ranges in order, those that touch as one.
func joinRanges(ranges []Range) []Range {
	ranges = slices.Clone(ranges)
	slices.SortFunc(ranges, func(a, b Range) int { return cmp.Compare(a.Start, b.Start) })
	joined := ranges[:0]
	for _, r := range ranges {
		if n := len(joined); n > 0 && r.Start <= joined[n-1].End {
			joined[n-1].End = max(joined[n-1].End, r.End)
		} else {
			joined = append(joined, r)
		}
	}
	return joined
}

// scopeFilter says which scopes fit the scope of a query.
type scopeFilter struct {
	names  []string
	folded []string
	costs  []int16 // of each scope, -1 when it does not fit; nil when all do
	none   bool    // fits
}

func newScopeFilter(names []string, scopes []scope) (f scopeFilter) {
	if len(names) == 0 {
		return f
	}
	f.names, f.none = names, true
	for _, name := range names {
		f.folded = append(f.folded, fold(name))
	}
	f.costs = make([]int16, len(scopes))
	mask := letters(strings.Join(f.folded, ""))
	for i := range scopes {
		f.costs[i] = -1
		if mask&^scopes[i].mask != 0 {
			continue
		}
		if cost, ok := f.compare(&scopes[i]); ok {
			f.costs[i], f.none = int16(min(cost, 1000)), false
		}
	}
	return f
}

// cost returns what the difference between a scope and the query's costs.
func (f *scopeFilter) cost(id uint32) (cost int, ok bool) {
	if f.costs == nil {
		return 0, true
	}
	return int(f.costs[id]), f.costs[id] >= 0
}

// compare compares from the innermost name outwards.
func (f *scopeFilter) compare(s *scope) (cost int, ok bool) {
	at := len(s.names) - 1
	for i := len(f.names) - 1; i >= 0; i-- {
		for ; at >= 0 && !strings.HasPrefix(s.folded[at], f.folded[i]); at-- {
			cost += scopeSkipped
		}
		switch {
		case at < 0:
			return 0, false
		case s.names[at] == f.names[i]:
		case s.folded[at] == f.folded[i]:
			cost += scopeFolded
		default:
			cost += scopePrefix
		}
		at--
	}
	return cost, true
}

// found is a hit before its ranges are known.
type found struct {
	score int
	name  uint32
	ref   indexer.SymbolRef
	like  *pattern // nil when any name will do
}

// compare orders hits: by score, then name, then place.
func (f found) compare(g found) int {
	return cmp.Or(cmp.Compare(g.score, f.score), cmp.Compare(f.name, g.name),
		cmp.Compare(f.ref.File, g.ref.File), cmp.Compare(f.ref.Symbol, g.ref.Symbol))
}

// top keeps the best of many hits: a heap whose first is the worst.
type top struct {
	limit int
	hits  []found
}

// wants reports whether a hit of that score may be among the best.
func (t *top) wants(score int) bool {
	return len(t.hits) < t.limit || score >= t.hits[0].score
}

func (t *top) add(f found) {
	if len(t.hits) < t.limit {
		t.hits = append(t.hits, f)
		for i := len(t.hits) - 1; i > 0; {
			up := (i - 1) / 2
			if t.hits[i].compare(t.hits[up]) <= 0 {
				break
			}
			t.hits[i], t.hits[up] = t.hits[up], t.hits[i]
			i = up
		}
		return
	}
	if f.compare(t.hits[0]) >= 0 {
		return
	}
	t.hits[0] = f
	for i := 0; ; {
		worst := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(t.hits); child++ {
			if t.hits[child].compare(t.hits[worst]) > 0 {
				worst = child
			}
		}
		if worst == i {
			return
		}
		t.hits[i], t.hits[worst] = t.hits[worst], t.hits[i]
		i = worst
	}
}

func (t *top) sorted() []found {
	slices.SortFunc(t.hits, found.compare)
	return t.hits
}
