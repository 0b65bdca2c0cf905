package review

import (
	"bytes"
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// Code is what verdicts are reached by: the text and symbols of a snapshot.
type Code interface {
	Files() []indexer.File
	FileIndex(source, path string) (int, bool)
	Text(file int) []byte
	Symbols(file int) []indexer.Symbol
	SymbolsNamed(name string) []indexer.SymbolRef
}

// History is what the checkouts of the sources know beyond the snapshot. It may
// know nothing.
type History interface {
	// Renames returns, for those of paths that a source has renamed, the path
	// that they have now.
	Renames(source string, paths []string) map[string]string
	// Holds says whether a source has a path, of a file or of a folder without
	// the slash, that may be in no snapshot.
	Holds(source, path string) bool
}

// judge reaches the verdicts on the citations of a course.
type judge struct {
	*Resolver
	code    Code
	review  *Review
	history History
	renamed map[string]map[string]string // by source
}

// Citations returns the verdicts on the citations of a course that r has
// reviewed, by the ID of the lesson, one for each of its citations.
func (r *Resolver) Citations(c *annotations.Course, v *Review, code Code, history History) map[string][]annotations.CitationVerdict {
	j := &judge{Resolver: r.counting(), code: code, review: v, history: history, renamed: map[string]map[string]string{}}
	lessons := c.Documents() // the plan and the files of notes among them
	if stale := j.stale(lessons); len(stale) > 0 {
		for _, s := range r.sources {
			j.renamed[s.Name] = history.Renames(s.Name, stale)
		}
	}
	all := make(map[string][]annotations.CitationVerdict, len(lessons))
	for _, l := range lessons {
		t := newLessonText(l)
		made := j.readerMakes(t)
		verdicts := make([]annotations.CitationVerdict, len(l.Citations))
		for i := range verdicts {
			verdicts[i] = j.verdict(t, i, made)
			verdicts[i].Citation = i
		}
		all[l.ID] = verdicts
	}
	return all
}

// stale returns the paths with a folder that no source has.
func (j *judge) stale(lessons []*annotations.Lesson) []string {
	seen := map[string]bool{}
	for _, l := range lessons {
		for i, c := range l.Citations {
			if j.resolution(l, i).Match != annotations.MatchNone {
				continue
			}
			for _, p := range expand(c.Path) {
				for _, p := range j.spellings(c.Under + p) {
					if strings.Contains(strings.TrimSuffix(p, "/"), "/") && !strings.ContainsAny(p, "*…{}$~") {
						seen[p] = true
					}
				}
			}
		}
	}
	paths := make([]string, 0, len(seen))
	for p := range seen {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}

// spellings returns the paths in a tree that a written path may stand for: with
// the folders of the reader's machine and the source's name cut off.
func (j *judge) spellings(written string) []string {
	p, _ := withoutHome(written)
	out := []string{p}
	for _, s := range j.sources {
		for rest := p; rest != ""; {
			first, after := cutFirst(rest)
			if after != "" && named(s, strings.TrimSuffix(first, "/")) {
				out = append(out, after)
			}
			rest = after
		}
	}
	return out
}

// resolution returns what the sources have for a citation: nothing when a drawn
// tree puts a file into a folder that is there, and has no such file.
func (j *judge) resolution(l *annotations.Lesson, i int) annotations.Resolution {
	res, c := j.review.Resolution(l.ID, i), &l.Citations[i]
	if c.Under == "" || res.Match == annotations.MatchNone {
		return res
	}
	there := false
	for _, p := range j.spellings(c.Under + expand(c.Path)[0]) {
		if slices.ContainsFunc(res.Places, func(at annotations.Place) bool { return at.Path == p }) {
			return res
		}
		there = there || strings.Count(path.Dir(p), "/") > 0 && len(j.exact[path.Dir(p)+"/"]) > 0
	}
	if !there {
		return res
	}
	return annotations.Resolution{Match: annotations.MatchNone, Nearest: res.Places[0]}
}

// verdict reaches the verdict on one citation.
func (j *judge) verdict(t lessonText, i int, made map[string]bool) annotations.CitationVerdict {
	c, res := &t.Citations[i], j.resolution(t.Lesson, i)
	names := t.mentions(i)
	if res.Match == annotations.MatchNone {
		if place, ok := j.unread(c); ok {
			return annotations.CitationVerdict{Verdict: annotations.Sound, Reason: annotations.AsWritten, Place: place}
		}
	}
	if reason, ok := j.elsewhere(c, res, made); ok {
		return annotations.CitationVerdict{Verdict: annotations.NotUpstream, Reason: reason}
	}
	if res.Match == annotations.MatchNone {
		return j.moved(t, c, names)
	}
	out := annotations.CitationVerdict{Verdict: annotations.Sound, Place: res.Places[0]}
	switch res.Match {
	case annotations.MatchExact:
		out.Reason = annotations.AsWritten
	case annotations.MatchSuffix:
		out.Reason = annotations.BySuffix
	case annotations.MatchContext:
		out.Reason = annotations.ByContext
	case annotations.MatchAmbiguous:
		out.Reason = annotations.Ambiguous
		if best, ok := j.showing(res.Places, names); ok {
			out.Reason, out.Place = annotations.ByContext, best
		} else {
			for _, p := range res.Places {
				out.Others = append(out.Others, annotations.Target{Place: annotations.Place{Source: p.Source, Path: p.Path}})
			}
		}
	}
	if c.Cited.IsZero() || strings.HasSuffix(out.Place.Path, "/") {
		return out
	}
	if len(expand(c.Path)) > 1 {
		if best, ok := j.showing(res.Places, names); ok {
			out.Place = best
		}
	}
	out.Place.Lines = c.Cited
	if out.Reason == annotations.Ambiguous {
		return out
	}
	if t.NoteAt(i) >= 0 && !res.Beyond {
		return out // a person chose the lines, whatever the note speaks of
	}
	return j.position(c, out, j.untaken(t, i, out.Place, names))
}

// untaken leaves out the names that another citation of the same sentence, of
// the same file, shows: "A (f.h:10) calls B (f.h:90)".
func (j *judge) untaken(t lessonText, i int, place annotations.Place, names []mention) []mention {
	file, ok := j.code.FileIndex(place.Source, place.Path)
	if !ok {
		return names
	}
	c := &t.Citations[i]
	from, to := t.around(c)
	shown := func(m mention, lines indexer.Lines) bool {
		return slices.ContainsFunc(j.defined(file, m), func(s indexer.Symbol) bool { return meet(whole(&s), lines) })
	}
	for k := range t.Citations {
		other := &t.Citations[k]
		at := t.offset(other.Span.Start)
		if k == i || at < from || at >= to || other.Cited.IsZero() || other.Cited == c.Cited {
			continue
		}
		if res := j.review.Resolution(t.ID, k); len(res.Places) == 0 || res.Places[0].Path != place.Path {
			continue
		}
		names = slices.DeleteFunc(slices.Clone(names), func(m mention) bool {
			return m.near != inExcerpt && !m.subject && shown(m, other.Cited) && !shown(m, c.Cited)
		})
	}
	return names
}

// unread returns the place of a path that a checkout has and the snapshot has
// not.
func (j *judge) unread(c *annotations.Citation) (annotations.Place, bool) {
	for _, p := range j.spellings(c.Under + expand(c.Path)[0]) {
		for _, s := range j.sources {
			if j.history.Holds(s.Name, strings.TrimSuffix(p, "/")) {
				return annotations.Place{Source: s.Name, Path: p, Lines: c.Cited}, true
			}
		}
	}
	return annotations.Place{}, false
}

// showing returns the one of several places that has what is named nearby.
func (j *judge) showing(places []annotations.Place, names []mention) (annotations.Place, bool) {
	for _, m := range names {
		if m.plain || m.near == inHeading {
			continue
		}
		var have []annotations.Place
		for _, p := range places {
			if file, ok := j.code.FileIndex(p.Source, p.Path); ok && len(j.defined(file, m)) > 0 {
				have = append(have, p)
			}
		}
		if len(have) == 1 {
			return have[0], true
		}
	}
	return annotations.Place{}, false
}

// defined returns the symbols of a file that a mention may mean, definitions
// first. Forward declarations and namespaces are none.
func (j *judge) defined(file int, m mention) []indexer.Symbol {
	var all []indexer.Symbol
	for _, s := range j.code.Symbols(file) {
		if s.Name != m.name || !inScope(s.Container, m.scope) || forward(&s) {
			continue
		}
		switch s.Kind {
		case indexer.KindNamespace, indexer.KindModule, indexer.KindPackage:
			continue
		case indexer.KindField, indexer.KindVariable, indexer.KindEnumerator:
			if m.plain {
				continue
			}
		}
		all = append(all, s)
	}
	slices.SortStableFunc(all, func(a, b indexer.Symbol) int {
		return cmp.Or(rankKind(&a)-rankKind(&b), cmp.Compare(a.Span.Start.Line, b.Span.Start.Line))
	})
	return all
}

// nearly returns what a mention means in a file, else, of a member that no file
// has, the one that "Impl" or "Base" tells from it, else the type that it would
// belong to and what the file has of that.
func (j *judge) nearly(file int, m mention) []indexer.Symbol {
	if all := j.defined(file, m); len(all) > 0 || m.scope == "" || m.plain {
		return all
	}
	typ := mention{name: m.scope, near: m.near}
	if i := strings.LastIndex(m.scope, "::"); i >= 0 {
		typ.name, typ.scope = m.scope[i+2:], m.scope[:i]
	}
	if strings.ToLower(typ.name) == typ.name {
		return nil
	}
	for _, ref := range j.code.SymbolsNamed(m.name) {
		if inScope(j.code.Symbols(int(ref.File))[ref.Symbol].Container, m.scope) {
			return nil
		}
	}
	for _, ending := range []string{"Base", "Impl"} {
		like := m
		like.name += ending
		if all := j.defined(file, like); len(all) > 0 {
			return all
		}
	}
	types := slices.DeleteFunc(j.defined(file, typ), func(s indexer.Symbol) bool { return !isType(s.Kind) })
	return append(types, j.members(file, typ)...)
}

// rankKind puts types before their constructors, definitions before
// declarations.
func rankKind(s *indexer.Symbol) int {
	n := 0
	if !s.Definition {
		n += 4
	}
	switch s.Kind {
	case indexer.KindConstructor, indexer.KindDestructor:
		n++
	case indexer.KindField, indexer.KindVariable, indexer.KindEnumerator:
		n += 2
	}
	return n
}

// forward says whether s only announces a type.
func forward(s *indexer.Symbol) bool {
	switch s.Kind {
	case indexer.KindClass, indexer.KindStruct, indexer.KindUnion, indexer.KindEnum:
		return !s.Definition
	}
	return false
}

// inScope says whether a container may be what a lesson writes as scope: it is
// that, ends in it, or does so but for "Impl" or "Base". A variable before a
// point is no scope, and says nothing.
func inScope(container, scope string) bool {
	if scope == "" {
		return true
	}
	last := scope[strings.LastIndex(scope, "::")+1:]
	last = strings.TrimPrefix(last, ":")
	if last == "" || last == strings.ToLower(last) {
		return true // a variable, or a module whose file names it
	}
	have := container[strings.LastIndex(container, ":")+1:]
	if cut := strings.IndexByte(have, '<'); cut > 0 {
		have = have[:cut]
	}
	bare := func(s string) string { return strings.TrimSuffix(strings.TrimSuffix(s, "Impl"), "Base") }
	return have == last || bare(have) == bare(last)
}

// position judges the lines of a citation whose file is known.
func (j *judge) position(c *annotations.Citation, out annotations.CitationVerdict, names []mention) annotations.CitationVerdict {
	file, ok := j.code.FileIndex(out.Place.Source, out.Place.Path)
	if !ok {
		return out
	}
	if c.Cited.Last > j.lines(file) {
		return j.beyond(file, c, out, names)
	}
	if def, sure, ok := j.announced(file, c.Cited, names); ok {
		return off(out, annotations.ForwardDeclared, def, sure)
	}
	overlaps, known := j.overlaps(file, c, names)
	if overlaps {
		out.Reason = annotations.ShowsSymbol
		return out
	}
	if t := j.livesElsewhere(file, names); t != nil {
		return off(out, annotations.MissesSymbol, t, false)
	}
	if !known {
		return out
	}
	if t := j.typeElsewhere(file, out.Place.Source, names); t != nil {
		return off(out, annotations.MissesSymbol, t, false)
	}
	if s, m, ok := j.meant(file, c, names); ok {
		return off(out, annotations.MissesSymbol, j.target(file, s), j.certain(file, m, names))
	}
	return out
}

// beyond judges lines of which the last is past the end of the file.
func (j *judge) beyond(file int, c *annotations.Citation, out annotations.CitationVerdict, names []mention) annotations.CitationVerdict {
	if s, m, ok := j.meant(file, c, names); ok {
		return off(out, annotations.BeyondEnd, j.target(file, s), j.certain(file, m, names))
	}
	if t := j.anywhere(out.Place.Source, givenFor(names)); t != nil {
		return off(out, annotations.BeyondEnd, t, false)
	}
	if s, ok := j.main(file, c.Cited); ok {
		return off(out, annotations.BeyondEnd, j.target(file, s), false)
	}
	return off(out, annotations.BeyondEnd, nil, false)
}

// off makes a verdict one on lines that are not the right ones.
func off(v annotations.CitationVerdict, reason annotations.Reason, target *annotations.Target, sure bool) annotations.CitationVerdict {
	v.Verdict, v.Reason, v.Target, v.Sure = annotations.PositionOff, reason, target, sure
	return v
}

// givenFor returns the names that a citation is given for, all where none
// stands out.
func givenFor(names []mention) []mention {
	if first := slices.IndexFunc(names, func(m mention) bool { return m.subject && !m.plain }); first >= 0 {
		return slices.DeleteFunc(slices.Clone(names), func(m mention) bool { return !m.subject })
	}
	return names
}

// livesElsewhere returns the definition of what is said to be defined in a file
// that does not have it, where one other file of the source has; else nil.
func (j *judge) livesElsewhere(file int, names []mention) *annotations.Target {
	i := slices.IndexFunc(names, func(m mention) bool { return m.lives && !m.plain })
	if i < 0 || len(j.nearly(file, names[i])) > 0 || len(j.members(file, names[i])) > 0 {
		return nil
	}
	var found *annotations.Target
	for _, ref := range j.code.SymbolsNamed(names[i].name) {
		f, s := &j.code.Files()[ref.File], j.code.Symbols(int(ref.File))[ref.Symbol]
		if f.Source != j.code.Files()[file].Source || peripheral(f.Path) || !s.Definition || !inScope(s.Container, names[i].scope) {
			continue
		}
		if found != nil && found.Path != f.Path {
			return nil
		}
		if found == nil {
			found = j.target(int(ref.File), s)
		}
	}
	return found
}

// typeElsewhere returns the definition of the type that an excerpt begins with,
// when the cited file has none: in the header beside it, else in the one other
// file that has it; nil otherwise.
func (j *judge) typeElsewhere(file int, source string, names []mention) *annotations.Target {
	if len(names) == 0 || names[0].near != inExcerpt || names[0].scope != "" || slices.ContainsFunc(j.defined(file, names[0]), func(s indexer.Symbol) bool {
		return s.Kind != indexer.KindConstructor && s.Kind != indexer.KindDestructor
	}) {
		return nil
	}
	f := &j.code.Files()[file]
	for _, ending := range kin(path.Ext(f.Path)) {
		header, ok := j.code.FileIndex(source, strings.TrimSuffix(f.Path, path.Ext(f.Path))+ending)
		if !ok || header == file {
			continue
		}
		if all := j.defined(header, names[0]); len(all) > 0 && isType(all[0].Kind) {
			return j.target(header, all[0])
		}
	}
	return j.anywhere(source, names[:1])
}

// whole returns the lines of a symbol with its doc comment.
func whole(s *indexer.Symbol) indexer.Lines {
	lines := s.Span.Lines()
	if !s.Doc.IsZero() {
		lines.First = min(lines.First, s.Doc.First)
	}
	return lines
}

// overlaps says whether the cited lines show one of the names, and whether
// there is a name that tells.
func (j *judge) overlaps(file int, c *annotations.Citation, names []mention) (overlaps, known bool) {
	decided := inHeading + 1       // names further off than the nearest that tell do not count
	settled := false               // nor do others than those that the citation is given for
	member, absent := false, false // of a type of another file: the lines show a member, or miss all
	met := func(s indexer.Symbol) bool { return meet(whole(&s), c.Cited) }
	for _, m := range names {
		if m.subject && !m.plain && m.scope == "" && slices.ContainsFunc(j.members(file, m), met) {
			return true, true
		}
	}
	for _, m := range names {
		if m.near > decided && !(m.near == inProse && decided == inSentence) || settled && !m.subject {
			break
		}
		symbols := slices.DeleteFunc(j.nearly(file, m), func(s indexer.Symbol) bool {
			return m.scope == "" && (s.Kind == indexer.KindConstructor || s.Kind == indexer.KindDestructor)
		})
		if len(symbols) == 0 { // a type of another file
			members := j.members(file, m)
			meets := slices.ContainsFunc(members, met)
			member = member || m.near < inHeading && meets
			absent = absent || !meets && len(members) > 0 && m.near <= inSentence && !m.plain && !m.loose
			continue
		}
		outside := func(s indexer.Symbol) bool { return s.Container != symbols[0].Container && met(s) }
		if slices.ContainsFunc(symbols, met) || isType(symbols[0].Kind) && slices.ContainsFunc(j.members(file, m), outside) {
			return true, true
		}
		if m.loose && j.uses(file, c.Cited, m.name) {
			return true, true
		}
		if !m.plain && m.near < inHeading {
			known, decided = true, min(decided, m.near)
			settled = settled || m.subject
		}
	}
	return member && !known, known || absent && !member
}

// uses says whether lines of a file have a name as a word.
func (j *judge) uses(file int, lines indexer.Lines, name string) bool {
	n := 0
	for line := range bytes.Lines(j.code.Text(file)) {
		if n++; n > lines.Last {
			break
		}
		for n >= lines.First && len(line) > 0 {
			at := bytes.Index(line, []byte(name))
			if at < 0 {
				break
			}
			end := at + len(name)
			if (at == 0 || !isWordByte(line[at-1])) && (end == len(line) || !isWordByte(line[end])) {
				return true
			}
			line = line[end:]
		}
	}
	return false
}

func isWordByte(b byte) bool {
	return b == '_' || '0' <= b && b <= '9' || 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z'
}

// members returns the symbols of a file that belong to a type which is defined
// elsewhere.
func (j *judge) members(file int, m mention) []indexer.Symbol {
	var all []indexer.Symbol
	for _, s := range j.code.Symbols(file) {
		around, last := s.Container, s.Container
		if i := strings.LastIndex(s.Container, "::"); i >= 0 {
			around, last = s.Container[:i], s.Container[i+2:]
		}
		if last == m.name && last != "" && inScope(around, m.scope) {
			all = append(all, s)
		}
	}
	return all
}

func meet(a, b indexer.Lines) bool { return a.First <= b.Last && b.First <= a.Last }

// meant returns the symbol of a file that the names near a citation mean most
// likely.
func (j *judge) meant(file int, c *annotations.Citation, names []mention) (indexer.Symbol, mention, bool) {
	// A word that may mean anything counts last, a constructor after what is named
	// beside its class, and what an excerpt below has after the sentence where the
	// file only declares it.
	for pass := range 3 {
		for _, m := range names {
			if m.plain != (pass == 2) {
				continue
			}
			symbols := j.nearly(file, m)
			declared := pass == 0 && m.near == inExcerpt && c.Form != annotations.Fence && len(symbols) > 0 && !symbols[0].Definition
			if len(symbols) > 0 && !declared && (pass != 0 || m.scope != "" || symbols[0].Kind != indexer.KindConstructor) {
				best := symbols[0]
				for _, s := range symbols[1:] { // of overloads, the nearest
					if rankKind(&s) == rankKind(&best) && s.Name == best.Name && away(&s, c.Cited) < away(&best, c.Cited) {
						best = s
					}
				}
				return best, m, true
			}
		}
	}
	for _, m := range names { // a type of another file, whose members are here
		if members := j.members(file, m); len(members) > 0 && m.near <= inSentence && !m.plain && !m.loose {
			return slices.MinFunc(members, func(a, b indexer.Symbol) int { return away(&a, c.Cited) - away(&b, c.Cited) }), m, true
		}
	}
	return indexer.Symbol{}, mention{}, false
}

// anywhere returns the one definition, of a source's core, of a scoped name or
// type that a sentence has; nil when there is none or several.
func (j *judge) anywhere(source string, names []mention) *annotations.Target {
	for _, m := range names {
		if m.plain || m.near > inSentence {
			continue
		}
		var found *annotations.Target
		for _, ref := range j.code.SymbolsNamed(m.name) {
			f, s := &j.code.Files()[ref.File], j.code.Symbols(int(ref.File))[ref.Symbol]
			if f.Source != source || peripheral(f.Path) || rankKind(&s) > 0 || m.scope == "" && !isType(s.Kind) || !inScope(s.Container, m.scope) {
				continue
			}
			if found != nil {
				found = nil
				break
			}
			found = j.target(int(ref.File), s)
		}
		if found != nil {
			return found
		}
	}
	return nil
}

// main returns the symbol of a file that a range past its end most likely means
// when nothing is named: the type that the file is called after, else the
// longest function within reach of the range, else the longest type.
func (j *judge) main(file int, cited indexer.Lines) (best indexer.Symbol, ok bool) {
	stem := strings.ReplaceAll(stemOf(path.Base(j.code.Files()[file].Path)), "_", "")
	reach := indexer.Lines{First: min(cited.First, j.lines(file)-(cited.Last-cited.First)), Last: j.lines(file)}
	for _, s := range j.code.Symbols(file) {
		if !s.Definition || strings.HasSuffix(s.Container, "test") || strings.HasSuffix(s.Container, "tests") {
			continue
		}
		typ := isType(s.Kind) || s.Kind == indexer.KindTrait || s.Kind == indexer.KindMessage || s.Kind == indexer.KindService
		if typ && strings.EqualFold(s.Name, stem) {
			return s, true
		}
		function, had := isFunction(s.Kind) && meet(s.Span.Lines(), reach), isFunction(best.Kind)
		if !function && (had || !typ && s.Kind != indexer.KindEnum) {
			continue
		}
		if longer := s.Span.End.Line-s.Span.Start.Line > best.Span.End.Line-best.Span.Start.Line; !ok || longer || function && !had {
			best, ok = s, true
		}
	}
	return best, ok
}

// away is how many lines lie between a symbol and a range.
func away(s *indexer.Symbol, lines indexer.Lines) int {
	have := s.Span.Lines()
	return max(0, have.First-lines.Last, lines.First-have.Last)
}

// certain says whether a mention means one symbol of a file, and its sentence
// names no other of it but those around and inside that one.
func (j *judge) certain(file int, m mention, names []mention) bool {
	if m.plain || m.near > inSentence {
		return false
	}
	symbols := j.defined(file, m)
	if len(symbols) == 0 || rankKind(&symbols[0]) > 0 || len(symbols) > 1 && rankKind(&symbols[1]) == 0 {
		return false
	}
	if m.near == inExcerpt {
		return true
	}
	meant := symbols[0].Span.Lines()
	for _, other := range names {
		if other.plain || other.near > inSentence || other.name == m.name {
			continue
		}
		for _, s := range j.defined(file, other) {
			lines := s.Span.Lines()
			around := lines.First <= meant.First && meant.Last <= lines.Last || meant.First <= lines.First && lines.Last <= meant.Last
			if !around && s.Kind != indexer.KindConstructor {
				return false
			}
		}
	}
	return true
}

func (j *judge) target(file int, s indexer.Symbol) *annotations.Target {
	f := j.code.Files()[file]
	return &annotations.Target{Place: annotations.Place{Source: f.Source, Path: f.Path, Lines: s.Span.Lines()}, Symbol: f.Qualified(&s)}
}

// announced says whether cited lines hold forward declarations of types alone,
// and returns the definition of the one that is meant.
func (j *judge) announced(file int, cited indexer.Lines, names []mention) (def *annotations.Target, sure, ok bool) {
	const most = 12 // lines: a longer range means more than an announcement
	if cited.Last-cited.First > most {
		return nil, false, false
	}
	var meant *indexer.Symbol
	symbols := j.code.Symbols(file)
	named := func(s *indexer.Symbol) bool {
		return slices.ContainsFunc(names, func(m mention) bool { return m.name == s.Name })
	}
	for i := range symbols {
		s := &symbols[i]
		if !meet(s.Span.Lines(), cited) || s.Kind == indexer.KindNamespace {
			continue
		}
		if !forward(s) {
			if s.Span.Start.Line < int32(cited.First) && !s.NameSpan.Lines().Contains(cited.First) && s.Definition && !isFunction(s.Kind) {
				continue // the class around it
			}
			return nil, false, false
		}
		if meant == nil || named(s) && !named(meant) {
			meant = s
		}
	}
	if meant == nil {
		return nil, false, false
	}
	f := j.code.Files()[file]
	var best []*annotations.Target
	for _, ref := range j.code.SymbolsNamed(meant.Name) {
		s := j.code.Symbols(int(ref.File))[ref.Symbol]
		if s.Kind != meant.Kind && !(isType(s.Kind) && isType(meant.Kind)) || !s.Definition || j.code.Files()[ref.File].Source != f.Source || s.Container != meant.Container {
			continue
		}
		t := j.target(int(ref.File), s)
		if int(ref.File) == file {
			best = append([]*annotations.Target{t}, best...)
		} else {
			best = append(best, t)
		}
	}
	if len(best) == 0 {
		return nil, false, true
	}
	if best[0].Path == f.Path {
		return best[0], true, true
	}
	return best[0], len(best) == 1 && named(meant), true
}

func isFunction(k indexer.Kind) bool {
	return k == indexer.KindFunction || k == indexer.KindMethod || k == indexer.KindConstructor || k == indexer.KindDestructor
}

func isType(k indexer.Kind) bool {
	return k == indexer.KindClass || k == indexer.KindStruct || k == indexer.KindUnion
}

// Signs that a path is none of upstream's.
var (
	templateName = regexp.MustCompile(`(?i)^(?:file(?:name)?|archivo|fichero|path|ruta|foo|bar|baz|ejemplo|example|nombre|some_?file|tu_\w+|your_\w+|x{2,}|a|b|x|y)\.\{?\w+`)
	templatePath = regexp.MustCompile(`(?i)(?:^|/)(?:path/to|ruta/a|ruta/al|xxx|<)`)
	newName      = regexp.MustCompile(`(?i)^(?:my|mi|custom|sample|ejemplo|hello|nuevo|nueva)(?:[_-]|$)`)
	buildFolder  = regexp.MustCompile(`(?:^|/)(?:bazel-\w+|target/(?:debug|release)|node_modules|dist|out)(?:/|$)`)
	// What stands right before a path that the reader is to write. "Crea una
	// conexión en …" speaks of what code does.
	makes = regexp.MustCompile("(?i)(?:(?:^|[^\\pL])(?:crea(?:r|mos|remos|ndo)?|cree|a[ñn]ad(?:e|ir|imos)|escrib(?:e|ir|imos)|implementa(?:r|mos)?|create|add|write)" +
		"(?:[ \t]+(?:el|la|un|una|nuestro|nuestra|the|a|los|las))?(?:[ \t]+(?:nuev[oa]s?|siguiente|new))?(?:[ \t]+(?:archivos?|ficheros?|carpeta|directorio|cabecera|clase|filtro|files?|test))?(?:[ \t]+(?:nuev[oa]s?|en|in|como|as|llamad[oa]))?" +
		"|\\b(?:touch|mkdir(?:[ \t]+-p)?|cat[ \t]*>|tee)|(?:nuev[oa]s?)[ \t]+(?:archivos?|ficheros?|files?)|(?:archivos?|ficheros?|carpeta|directorio)[ \t]+nuev[oa]s?)[ \t:,*_`>(]*$")
	// The same, where upstream may have the file already.
	makesFile = regexp.MustCompile("(?i)(?:crea(?:r|mos|remos|ndo)?|cree|create)[ \\t]+(?:el|un|the|a)[ \\t]+(?:nuevo[ \\t]+|new[ \\t]+)?(?:archivo|fichero|file)[ \\t:*_`]*$")
)

// readerMakes returns the folders, ending in "/", and the names of the files
// that a lesson has its reader write: those that it says so of, or calls my_x,
// and what lies beside them in a folder that upstream lacks.
func (j *judge) readerMakes(t lessonText) map[string]bool {
	made := map[string]bool{}
	for i := range t.Citations {
		c := &t.Citations[i]
		p := c.Under + c.Path
		at := t.offset(c.Span.Start)
		asked := makes.Match(t.Text[t.starts[c.Span.Start.Line-1]:at])
		for part := range strings.SplitSeq(strings.TrimSuffix(p, "/"), "/") {
			asked = asked || newName.MatchString(part) && len(j.bases[part]) == 0 && len(j.bases[part+"/"]) == 0
		}
		if !asked || j.wasThere(p) || len(j.exact[p]) > 0 {
			continue
		}
		dir, base := path.Split(strings.TrimSuffix(p, "/"))
		if strings.HasSuffix(p, "/") {
			dir, base = p, ""
		}
		if dir != "" && len(j.exact[dir]) == 0 && strings.Count(dir, "/") > 1 {
			made[dir] = true
		}
		if base != "" && (len(j.bases[base]) == 0 || makesFile.Match(t.Text[t.starts[c.Span.Start.Line-1]:at])) {
			made[base] = true
		}
	}
	for i := range t.Citations { // "config.cc", where the made folder has one
		p := t.Citations[i].Under + t.Citations[i].Path
		if dir, base := path.Split(p); made[dir] && base != "" {
			made[base] = true
		}
	}
	return made
}

// wasThere says whether git's history knows a path.
func (j *judge) wasThere(p string) bool {
	for _, known := range j.renamed {
		if known[p] != "" {
			return true
		}
	}
	return false
}

// elsewhere says whether a citation means no file of upstream, and which kind.
func (j *judge) elsewhere(c *annotations.Citation, res annotations.Resolution, made map[string]bool) (annotations.Reason, bool) {
	p := c.Under + c.Path
	dir, base := path.Split(p)
	found := res.Match != annotations.MatchNone
	alone := !strings.Contains(c.Path, "/")
	switch {
	case templatePath.MatchString(p):
		return annotations.Placeholder, true
	case templateName.MatchString(base) && (!found || alone && res.Match != annotations.MatchContext):
		return annotations.Placeholder, true
	case made[dir] && res.Match != annotations.MatchExact, alone && made[base] && (!found || res.Match == annotations.MatchAmbiguous):
		return annotations.ReaderMakes, true
	case found || j.wasThere(p):
		return "", false
	case buildFolder.MatchString(p):
		return annotations.BuildOutput, true
	case made[base]:
		return annotations.ReaderMakes, true
	case (strings.HasPrefix(p, "/") || strings.HasPrefix(p, "~")) && len(j.bases[base]) == 0:
		return annotations.ReadersOwn, true
	}
	for folder := dir; folder != ""; folder, _ = path.Split(strings.TrimSuffix(folder, "/")) {
		if made[folder] {
			return annotations.ReaderMakes, true
		}
	}
	return "", false
}

// moved finds what a path that no source has may have meant: by git's history,
// the file's name, and what is named nearby, in that order of trust.
func (j *judge) moved(t lessonText, c *annotations.Citation, names []mention) annotations.CitationVerdict {
	written := expand(c.Path)[0]
	for _, p := range j.spellings(c.Under + written) {
		for _, s := range j.sources {
			if now := j.renamed[s.Name][p]; now != "" {
				if place, ok := j.placeOf(s.Name, now); ok {
					return j.to(c, place, annotations.Renamed, true, names)
				}
			}
		}
	}
	p, _ := withoutHome(c.Under + written)
	base := baseOf(p)
	if same := j.bases[base]; len(same) > 0 {
		outside := !peripheral(p) && !slices.ContainsFunc(same, func(e int) bool { return !peripheral(j.entries[e].path) })
		if place, ok := j.otherSpelling(p); ok && outside && path.Dir(place.Path) == path.Dir(p) {
			return j.to(c, place, annotations.WrongTree, false, names)
		}
		return j.sameName(t, c, p, same, names)
	}
	if strings.HasSuffix(p, "/") || len(kin(path.Ext(p))) == 0 {
		return annotations.CitationVerdict{Verdict: annotations.NotUpstream, Reason: annotations.Unknown}
	}
	if place, ok := j.otherSpelling(p); ok {
		return j.to(c, place, annotations.WrongTree, false, names)
	}
	if v, ok := j.bySymbol(c, p, names); ok {
		return v
	}
	if e, ok := j.nearest(written, c.Under, int(c.Span.Start.Line), "", j.noContext()); ok {
		if similarity(stemOf(baseOf(j.entries[e].path)), stemOf(base)) >= veryAlike {
			return j.to(c, j.place(e, indexer.Lines{}), annotations.Alike, false, names)
		}
	}
	return annotations.CitationVerdict{Verdict: annotations.NotUpstream, Reason: annotations.Unknown}
}

// veryAlike is the least similarity of names for a file to be proposed for
// another.
const veryAlike = 0.84

func (j *judge) noContext() *context {
	return &context{places: map[int]bool{}, folders: map[string]int{}}
}

func stemOf(base string) string { return strings.TrimSuffix(base, path.Ext(base)) }

// placeOf returns the place of a path of a source, if it has it.
func (j *judge) placeOf(source, p string) (annotations.Place, bool) {
	for _, e := range j.exact[p] {
		if j.entries[e].source == source {
			return j.place(e, indexer.Lines{}), true
		}
	}
	return annotations.Place{}, false
}

// to makes the verdict that a citation's file is now at place.
func (j *judge) to(c *annotations.Citation, place annotations.Place, reason annotations.Reason, sure bool, names []mention) annotations.CitationVerdict {
	sure = sure && c.Under == "" // a path in a drawn tree would need another tree
	out := annotations.CitationVerdict{Verdict: annotations.Moved, Reason: reason, Target: &annotations.Target{Place: place}, Sure: sure}
	file, ok := j.code.FileIndex(place.Source, place.Path)
	if other := j.anywhere(place.Source, names); ok && other != nil && other.Path != place.Path && !j.shows(file, names) {
		// The file has moved, and what is named has left it.
		out.Sure, out.Others, sure = false, []annotations.Target{*other}, false
	}
	if ok && !c.Cited.IsZero() {
		if s, m, ok := j.meant(file, c, names); ok && m.near < inHeading {
			out.Target = j.target(file, s)
			out.Sure = sure && j.certain(file, m, names)
		} else {
			out.Sure = false // the lines may lie anywhere
		}
	}
	return out
}

// shows says whether a file defines, or has members of, what a sentence names.
func (j *judge) shows(file int, names []mention) bool {
	return slices.ContainsFunc(names, func(m mention) bool {
		return !m.plain && m.near <= inSentence && (len(j.defined(file, m)) > 0 || len(j.members(file, m)) > 0)
	})
}

// Weights of the signs by which files of the same name are ranked.
const (
	namedByFiles = 12 // the files of the folder that is written speak of it
	definesNamed = 8  // defines what is named nearby
	sharesFolder = 3  // for each folder of the written path that the file's has
	coreFile     = 2  // not among tests and the like
	sameRoot     = 1  // below the same top folder
)

// namesake is a file or folder of the name that a citation writes.
type namesake struct {
	entry, score int
	signs        int // that it is spoken of: names that it defines, files that speak of it
}

// sameName chooses among the files and folders of the same name.
func (j *judge) sameName(t lessonText, c *annotations.Citation, p string, same []int, names []mention) annotations.CitationVerdict {
	all := j.namesakes(p, same, j.nameAround(t.Lesson, c), names)
	best := all[0]
	folder := strings.HasSuffix(p, "/")
	specific := strings.Contains(stemOf(baseOf(p)), "_") || best.signs > 0 || j.fewBelow(path.Dir(p), same)
	inFolder := path.Base(path.Dir(strings.TrimSuffix(j.entries[best.entry].path, "/"))) == path.Base(path.Dir(strings.TrimSuffix(p, "/")))
	if !specific && !inFolder && (len(all) > 1 || folder) {
		return annotations.CitationVerdict{Verdict: annotations.NotUpstream, Reason: annotations.Unknown, Others: j.choices(all)}
	}
	alone := len(all) == 1 || all[1].score < best.score && best.signs > 0 && all[1].signs == 0
	sure := alone && specific && !folder && (peripheral(p) || !peripheral(j.entries[best.entry].path))
	out := j.to(c, j.place(best.entry, indexer.Lines{}), annotations.SameName, sure, names)
	out.Others = append(out.Others, j.choices(all[1:])...)
	return out
}

// choices returns the first of several namesakes.
func (j *judge) choices(all []namesake) []annotations.Target {
	const most = 5
	var out []annotations.Target
	for _, n := range all[:min(len(all), most)] {
		out = append(out, annotations.Target{Place: j.place(n.entry, indexer.Lines{})})
	}
	return out
}

// namesakes ranks entries of the same name, for a written path, the source that
// is spoken of around it, and the names nearby: best first; of equals those
// that lie less deep, then the longer ones.
func (j *judge) namesakes(p string, same []int, source string, names []mention) []namesake {
	beside := j.textsOf(path.Dir(p) + "/")
	all := make([]namesake, len(same))
	for i, e := range same {
		n := namesake{entry: e, score: j.likePath(e, p)}
		if source != "" && j.entries[e].source == source {
			n.score += coreFile
		}
		if e < len(j.files) {
			n.signs = j.defines(e, names)
			if n.signs > 0 {
				n.score += definesNamed
			}
			at := j.entries[e].path
			stem := []byte(strings.TrimSuffix(at, path.Ext(at)) + ".")
			if slices.ContainsFunc(beside, func(text []byte) bool { return bytes.Contains(text, stem) }) {
				n.score += namedByFiles
				n.signs++
			}
		}
		all[i] = n
	}
	slices.SortStableFunc(all, func(a, b namesake) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.signs, a.signs),
			cmp.Compare(strings.Count(j.entries[a.entry].path, "/"), strings.Count(j.entries[b.entry].path, "/")),
			cmp.Compare(j.size(b.entry), j.size(a.entry)))
	})
	return all
}

// likePath scores an entry by what its path has of a written one.
func (j *judge) likePath(e int, written string) int {
	at, score := j.entries[e].path, 0
	folders := strings.Split(path.Dir(strings.TrimSuffix(written, "/")), "/")
	parts := strings.Split(path.Dir(strings.TrimSuffix(at, "/")), "/")
	for i, f := range folders {
		if f == "." || !slices.Contains(parts, f) {
			continue
		}
		score += sharesFolder
		if i == len(folders)-1 && parts[len(parts)-1] == f {
			score += sharesFolder // the folder it lies in says most
		}
	}
	if !peripheral(at) || peripheral(written) {
		score += coreFile
	}
	if parts[0] == folders[0] {
		score += sameRoot
	}
	return score
}

// defines returns how many of the names near a citation a file defines, or has
// members of.
func (j *judge) defines(file int, names []mention) int {
	n := 0
	for _, m := range names {
		if !m.plain && m.near < inHeading && (len(j.defined(file, m)) > 0 || len(j.members(file, m)) > 0) {
			n++
		}
	}
	return n
}

// size returns the lines of a file, 0 of a folder.
func (j *judge) size(e int) int {
	if e >= len(j.files) {
		return 0
	}
	return j.lines(e)
}

// fewBelow says whether hardly any files but ones below a folder have a name:
// a file that was moved deeper.
func (j *judge) fewBelow(dir string, same []int) bool {
	const few = 3
	if dir == "." || len(same) > few {
		return false
	}
	return !slices.ContainsFunc(same, func(e int) bool { return !strings.HasPrefix(j.entries[e].path, dir+"/") })
}

// textsOf returns the texts of the files right in a folder.
func (j *judge) textsOf(folder string) [][]byte {
	var texts [][]byte
	if len(j.exact[folder]) == 0 {
		return nil
	}
	for i, f := range j.code.Files() {
		if rest, ok := strings.CutPrefix(f.Path, folder); ok && !strings.Contains(rest, "/") {
			texts = append(texts, j.code.Text(i))
		}
	}
	return texts
}

// otherSpelling finds a path with another ending, with or without "_impl" or
// "_base", in the same folder.
func (j *judge) otherSpelling(p string) (annotations.Place, bool) {
	dir, base := path.Split(p)
	stem := stemOf(base)
	bare := strings.TrimSuffix(strings.TrimSuffix(stem, "_impl"), "_base")
	endings := kin(path.Ext(base))
	for _, ending := range endings {
		for _, s := range []string{stem, bare, bare + "_impl", bare + "_base", bare + "_impl_base", stem + "_interface"} {
			for _, e := range j.exact[dir+s+ending] {
				return j.place(e, indexer.Lines{}), true
			}
		}
	}
	if path.Ext(base) == ".rs" { // a module that has become a folder
		for _, e := range j.exact[dir+stem+"/mod.rs"] {
			return j.place(e, indexer.Lines{}), true
		}
	}
	for _, ending := range endings {
		if hits := j.bases[stem+ending]; len(hits) == 1 {
			return j.place(hits[0], indexer.Lines{}), true
		}
	}
	return j.longerName(p)
}

// longerName finds the one file near a path whose name has the words of the
// path's and more: "cpu_utilization_monitor.cc" for "cpu_monitor.cc".
func (j *judge) longerName(p string) (annotations.Place, bool) {
	base := path.Base(p)
	words := strings.Split(stemOf(base), "_")
	near := path.Dir(path.Dir(p)) + "/"
	if len(words) < 2 || strings.Count(near, "/") < 2 {
		return annotations.Place{}, false
	}
	hit := -1
	for e, f := range j.files {
		if !strings.HasPrefix(f.Path, near) || path.Ext(f.Path) != path.Ext(base) || !hasWords(strings.Split(stemOf(path.Base(f.Path)), "_"), words) {
			continue
		}
		if hit >= 0 {
			return annotations.Place{}, false
		}
		hit = e
	}
	if hit < 0 {
		return annotations.Place{}, false
	}
	return j.place(hit, indexer.Lines{}), true
}

// hasWords says whether all has words, in that order.
func hasWords(all, words []string) bool {
	for _, w := range all {
		if len(words) > 0 && w == words[0] {
			words = words[1:]
		}
	}
	return len(words) == 0
}

// bySymbol finds the one file that defines what is named nearby, or what the
// file's own name says in CamelCase.
func (j *judge) bySymbol(c *annotations.Citation, p string, names []mention) (annotations.CitationVerdict, bool) {
	for _, m := range names {
		if m.plain || m.near >= inHeading {
			continue
		}
		var hits []indexer.SymbolRef
		for _, ref := range j.code.SymbolsNamed(m.name) {
			f := &j.code.Files()[ref.File]
			s := &j.code.Symbols(int(ref.File))[ref.Symbol]
			if s.Definition && rankKind(s) == 0 && !peripheral(f.Path) && inScope(s.Container, m.scope) &&
				indexer.LanguageOf(p) == f.Language && similarity(stemOf(baseOf(f.Path)), stemOf(baseOf(p))) >= alike {
				hits = append(hits, ref)
			}
		}
		if len(hits) == 1 {
			s := j.code.Symbols(int(hits[0].File))[hits[0].Symbol]
			t := j.target(int(hits[0].File), s)
			if c.Cited.IsZero() {
				t.Lines = indexer.Lines{}
			}
			return annotations.CitationVerdict{Verdict: annotations.Moved, Reason: annotations.HasSymbol, Target: t}, true
		}
	}
	return annotations.CitationVerdict{}, false
}
