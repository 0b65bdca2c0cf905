package server

import (
	"bytes"
	"context"
	"html/template"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
	"navigator/ui"
)

// nameCard says what a name means: the symbol, when that is known, and the
// candidates when it is not sure.
type nameCard struct {
	Name     string
	Symbol   *symbolCard
	Sure     bool
	Answers  []answerRow // to choose from; none when the answer is sure
	External *indexer.External
	Nothing  bool // nothing is known of it
	Actions  []link
}

// answerRow is a definition or declaration in a list.
type answerRow struct {
	Name       string
	Kind       string
	Where      string // source, path and line
	Address    string
	Preview    string // address of the lines around it
	Why        string // how sure it is, and the reason
	Definition bool
}

// symbolCard is what there is to say of a symbol.
type symbolCard struct {
	answerRow
	Signature template.HTML
	Doc       template.HTML
	DocFrom   *answerRow  // of whom Doc is, when not of the symbol itself
	Others    []answerRow // its other places: the declaration of a definition
	Uses      string      // how many, in words; "" for a file or namespace
	Lessons   []link
}

func newAnswerRow(v View, l ui.Language, a *indexer.Answer) answerRow {
	f := &v.Files()[a.File]
	row := answerRow{
		Name: answerName(v, a), Kind: a.KindName(), Where: f.Source + "/" + f.Path, Address: answerAddress(v, a),
		Why: confidenceWords(l, a.Confidence) + " · " + reasonWords(l, a.Reason), Definition: a.Definition,
	}
	if isFile(a) {
		row.Kind = "(file)"
	} else {
		row.Where += ":" + strconv.Itoa(int(a.Span.Start.Line))
		row.Preview = nameAddress("/preview", v, a.File, a.Span.Start)
	}
	return row
}

// actionsOn returns what else can be asked of a name.
func actionsOn(v View, l ui.Language, p namePlace, m *indexer.Meaning) []link {
	var all []link
	for _, t := range tabsOf(m)[1:] {
		all = append(all, link{l.T("name.tab." + t.name), nameAddress(t.address, v, p.file, p.at) + t.more})
	}
	return all
}

// newNameCard returns what is shown of the name at a place.
func newNameCard(ctx context.Context, v View, l ui.Language, p namePlace, m *indexer.Meaning) (*nameCard, error) {
	card := &nameCard{Name: m.Name, External: m.External}
	if len(m.Answers) == 0 {
		card.Nothing = m.External == nil
		return card, nil
	}
	best := &m.Answers[0]
	card.Sure, card.Actions = isSure(best), actionsOn(v, l, p, m)
	if !card.Sure {
		for i := range m.Answers {
			card.Answers = append(card.Answers, newAnswerRow(v, l, &m.Answers[i]))
		}
	}
	if !card.Sure && (len(m.Answers) > 1 || best.Confidence == indexer.NameOnly) {
		return card, nil
	}
	var err error
	if card.Symbol, err = newSymbolCard(ctx, v, l, p, best); err == nil && card.Symbol.Uses != "" {
		card.Actions[0].Text = card.Symbol.Uses
	}
	return card, err
}

func newSymbolCard(ctx context.Context, v View, l ui.Language, p namePlace, best *indexer.Answer) (*symbolCard, error) {
	about, err := aboutSymbol(ctx, v, l, p, best)
	if err != nil {
		return nil, err
	}
	c := &symbolCard{
		answerRow: newAnswerRow(v, l, &about.shown), Signature: about.signature, Doc: about.doc, Lessons: about.lessons,
	}
	if isFile(best) {
		return c, nil
	}
	c.Uses = l.Count("name.uses", about.uses)
	switch {
	case isSpace(best.Kind):
		c.Uses = ""
	case !about.allUses:
		c.Uses = l.Count("name.uses.atleast", about.uses)
	}
	for i := range about.others {
		c.Others = append(c.Others, newAnswerRow(v, l, &about.others[i]))
	}
	if about.docFrom != nil {
		from := newAnswerRow(v, l, about.docFrom)
		c.DocFrom = &from
	}
	return c, nil
}

// about is what there is to say of what a name means.
type about struct {
	shown     indexer.Answer   // the definition, or else the declaration
	others    []indexer.Answer // its other places: the declaration of a definition
	signature template.HTML
	doc       template.HTML
	docFrom   *indexer.Answer // of whom doc is, nil when it is the symbol's own
	uses      int             // its definition and declarations aside
	allUses   bool            // uses are all that there are
	lessons   []link
}

// aboutSymbol gathers what there is to say of the best answer for the name at a
// place.
func aboutSymbol(ctx context.Context, v View, l ui.Language, p namePlace, best *indexer.Answer) (about, error) {
	if isFile(best) {
		return about{shown: *best, allUses: true}, nil
	}
	var found indexer.References
	all := false
	if !isSpace(best.Kind) { // whose uses are everywhere
		found, all = countUses(ctx, v, p)
	}
	same := found.Of // the definition first
	if len(same) == 0 {
		same = []indexer.Answer{*best}
	}
	a := about{shown: same[0], others: same[1:], allUses: all}
	a.shown.Confidence, a.shown.Reason = best.Confidence, best.Reason
	for i := range found.Uses {
		if u := &found.Uses[i]; u.Role != indexer.Definition && u.Role != indexer.Declaration {
			a.uses++
		}
	}
	var err error
	if a.signature, err = spanHTML(v, a.shown.File, headOf(v, &a.shown)); err != nil {
		return a, err
	}
	a.doc = docOfAny(v, l, same)
	if a.doc == "" && a.shown.Kind == indexer.KindMethod {
		a.doc, a.docFrom = inheritedDoc(ctx, v, l, p)
	}
	a.lessons = lessonsOn(ctx, v, same, a.shown.Kind)
	return a, nil
}

// headOf returns the span of an answer's signature; of a local, its line.
func headOf(v View, a *indexer.Answer) indexer.Span {
	if a.Symbol >= 0 {
		s := &v.Symbols(a.File)[a.Symbol]
		switch {
		case s.HeadEnd.Line >= s.Span.Start.Line:
			return indexer.Span{Start: s.Span.Start, End: s.HeadEnd}
		case s.Span.End.Line == s.Span.Start.Line:
			return s.Span
		}
	}
	line, _, _ := bytes.Cut(skipLines(v.Text(a.File), int(a.Span.Start.Line)-1), []byte{'\n'})
	indent := len(line) - len(bytes.TrimLeft(line, " \t"))
	return indexer.Span{
		Start: indexer.Position{Line: a.Span.Start.Line, Col: int32(indent) + 1},
		End:   indexer.Position{Line: a.Span.Start.Line, Col: int32(min(len(line), indent+maxSignature))},
	}
}

// docOfAny returns the first doc comment that one of a symbol's places has.
func docOfAny(v View, l ui.Language, same []indexer.Answer) template.HTML {
	for i := range same {
		if a := &same[i]; a.Symbol >= 0 {
			if comment := docOf(v, a.File, &v.Symbols(a.File)[a.Symbol]); comment != nil {
				return docHTML(l, comment)
			}
		}
	}
	return ""
}

// inheritedDoc returns the doc comment of what a method overrides, and whose it
// is.
func inheritedDoc(ctx context.Context, v View, l ui.Language, p namePlace) (template.HTML, *indexer.Answer) {
	above := v.Types(ctx, p.file, p.at).Above
	for i := range above {
		if doc := docOfAny(v, l, []indexer.Answer{above[i].Answer}); doc != "" {
			return doc, &above[i].Answer
		}
	}
	return "", nil
}

// maxLessons is how many places in lessons a card names.
const maxLessons = 5

// lessonsOn returns the places in lessons that speak of a symbol: the
// annotations over its lines, then the sections that name it.
func lessonsOn(ctx context.Context, v View, same []indexer.Answer, kind indexer.Kind) []link {
	var all []link
	add := func(lesson *annotations.Lesson, section int, address string) {
		text := lesson.Title
		if 0 <= section && section < len(lesson.Sections) {
			text += " · " + sectionName(lesson.Sections[section])
		}
		if len(all) < maxLessons && !slices.ContainsFunc(all, func(l link) bool { return l.Text == text }) {
			all = append(all, link{text, address})
		}
	}
	if len(same) == 0 || same[0].Symbol < 0 {
		return nil
	}
	for i := range same {
		f := &v.Files()[same[i].File]
		lines := spokenOf(&same[i])
		for _, a := range v.Annotations(f.Source, f.Path) {
			lesson := v.Course().Lesson(a.Lesson)
			if lesson == nil || a.Lines.IsZero() || a.Lines.Last < lines.First || lines.Last < a.Lines.First {
				continue
			}
			anchor := ""
			if a.Citation >= 0 {
				anchor = citationAnchor(a.Citation)
			}
			add(lesson, a.Section, lessonAddress(a.Lesson, anchor))
		}
	}
	if !isSpace(kind) {
		sectionsNaming(ctx, v, &same[0], add)
	}
	return all
}

// sectionsNaming calls found with the sections of lessons that name a symbol; a
// member, whose name others share, with its class.
func sectionsNaming(ctx context.Context, v View, a *indexer.Answer, found func(*annotations.Lesson, int, string)) {
	parts := strings.Split(a.Name, "::")
	name := parts[len(parts)-1]
	words := []*regexp.Regexp{wholeWord(name)}
	switch a.Kind {
	case indexer.KindMethod, indexer.KindField, indexer.KindEnumerator, indexer.KindConstructor, indexer.KindDestructor:
		if len(parts) > 1 {
			words = append(words, wholeWord(parts[len(parts)-2]))
		}
	}
	hits, err := v.FindLessons(ctx, Query{Text: name, Limit: 2 * maxLessons})
	if err != nil { // the name is no query
		return
	}
	for _, hit := range hits {
		lesson := v.Course().Lesson(hit.Lesson)
		if lesson == nil || hit.Section < 0 || hit.Section >= len(lesson.Sections) {
			continue
		}
		section := lesson.Sections[hit.Section]
		text := skipLines(lesson.Text, section.Lines.First-1)
		text = text[:len(text)-len(skipLines(text, section.Lines.Last-section.Lines.First+1))]
		if !slices.ContainsFunc(words, func(w *regexp.Regexp) bool { return !w.Match(text) }) {
			found(lesson, hit.Section, lessonAddress(hit.Lesson, section.Anchor))
		}
	}
}

func wholeWord(name string) *regexp.Regexp {
	return regexp.MustCompile(`\b` + regexp.QuoteMeta(name) + `\b`)
}

// spokenOf returns the lines that an explanation of a symbol touches: all of a
// function or class, the name alone of a namespace.
func spokenOf(a *indexer.Answer) indexer.Lines {
	first := int(a.Span.Start.Line)
	if isSpace(a.Kind) {
		return indexer.Lines{First: first, Last: first}
	}
	return indexer.Lines{First: first, Last: max(first, int(a.EndLine))}
}

// isSpace reports whether symbols of a kind do nothing but hold others.
func isSpace(k indexer.Kind) bool {
	return k == indexer.KindNamespace || k == indexer.KindModule || k == indexer.KindPackage
}
