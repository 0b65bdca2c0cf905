package review

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

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

func (j *judge) target(file int, s indexer.Symbol) *annotations.Target {
	f := j.code.Files()[file]
	return &annotations.Target{Place: annotations.Place{Source: f.Source, Path: f.Path, Lines: s.Span.Lines()}, Symbol: f.Qualified(&s)}
}

// announced says whether cited lines hold forward declarations of types alone,
// and returns the definition of the one that is meant.
func (j *judge) announced(file int, cited indexer.Lines, names []mention) (def *annotations.Target, sure, ok bool) {
	named := func(s *indexer.Symbol) bool {
		return slices.ContainsFunc(names, func(m mention) bool { return m.name == s.Name })
	}
	meant := announcement(j.code.Symbols(file), cited, named)
	if meant == nil {
		return nil, false, false
	}
	definitions := j.definitions(file, meant)
	if len(definitions) == 0 {
		return nil, false, true
	}
	first := definitions[0]
	here := first.Path == j.code.Files()[file].Path
	return first, here || len(definitions) == 1 && named(meant), true
}

// announcement returns the forward declaration of cited lines that is named, else
// the first; nil when they hold anything else.
func announcement(symbols []indexer.Symbol, cited indexer.Lines, named func(*indexer.Symbol) bool) (meant *indexer.Symbol) {
	const most = 12 // lines: a longer range means more than an announcement
	if cited.Last-cited.First > most {
		return nil
	}
	for i := range symbols {
		s := &symbols[i]
		if !meet(s.Span.Lines(), cited) || s.Kind == indexer.KindNamespace {
			continue
		}
		if forward(s) {
			if meant == nil || named(s) && !named(meant) {
				meant = s
			}
			continue
		}
		around := s.Span.Start.Line < int32(cited.First) && !s.NameSpan.Lines().Contains(cited.First)
		if !around || !s.Definition || isFunction(s.Kind) {
			return nil
		}
	}
	return meant
}

// definitions returns the definitions that a source has of a type which a file
// announces, those of the file first.
func (j *judge) definitions(file int, announced *indexer.Symbol) (here []*annotations.Target) {
	files := j.code.Files()
	var others []*annotations.Target
	for _, ref := range j.code.SymbolsNamed(announced.Name) {
		s := j.code.Symbols(int(ref.File))[ref.Symbol]
		sameKind := s.Kind == announced.Kind || isType(s.Kind) && isType(announced.Kind)
		if !sameKind || !s.Definition || files[ref.File].Source != files[file].Source || s.Container != announced.Container {
			continue
		}
		if t := j.target(int(ref.File), s); int(ref.File) == file {
			here = append([]*annotations.Target{t}, here...)
		} else {
			others = append(others, t)
		}
	}
	return append(here, others...)
}
