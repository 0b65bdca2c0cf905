package excerpt

import (
	"regexp"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

var (
	// What is said of the whole symbol below.
	aboutSymbol = regexp.MustCompile(`(?i)^\W*(?:EXPLICACI[ÓO]N|EXPLANATION)\b`)
	// What is said of the whole symbol above.
	aboutDesign = regexp.MustCompile(`(?i)^\W*(?:POR QU[ÉE]|DECISI[ÓO]N(?:ES)? DE DISEÑO|WHY)(?:[^\pL]|$)`)
)

// remarkGroup is the lines of a comment that belong together.
type remarkGroup struct {
	lines indexer.Lines
	text  []string
	alone bool
}

// explain lays the explanations of the excerpt over the sources.
func (x *excerpt) explain() []annotations.Annotation {
	if len(x.regions) == 0 {
		return nil
	}
	var all []annotations.Annotation
	for _, g := range x.groups() {
		place, certainty, ok := x.lay(g)
		if !ok {
			continue
		}
		a := annotations.Annotation{
			Place: place, Lesson: x.lesson.ID, Citation: x.lesson.Excerpts[x.index].Citation, Section: x.section(),
			Prose: g.lines, Origin: annotations.FromComment, Certainty: certainty, Text: strings.Join(g.text, "\n"),
		}
		all = append(all, a)
	}
	return all
}

// section returns the innermost section that the excerpt is in.
func (x *excerpt) section() int {
	at := -1
	for i, s := range x.lesson.Sections {
		if s.Lines.Contains(x.first - 1) {
			at = i
		}
	}
	return at
}

// groups returns the explanations of the excerpt.
func (x *excerpt) groups() []remarkGroup {
	var all []remarkGroup
	for _, c := range x.code.comments {
		if c.text == "" || x.cites(c.line) {
			continue
		}
		row := x.lines[c.line-x.first]
		if c.alone && row.Kind != annotations.Explanation || !c.alone && (dots.MatchString(c.text) || leftOut.MatchString(c.text)) {
			continue
		}
		if _, upstream := x.remark(c.text, nil); upstream {
			continue
		}
		if n := len(all); n > 0 && c.alone && all[n-1].alone && all[n-1].lines.Last == c.line-1 && !startsGroup(c.text) {
			all[n-1].lines.Last = c.line
			all[n-1].text = append(all[n-1].text, c.text)
			continue
		}
		all = append(all, remarkGroup{indexer.Lines{First: c.line, Last: c.line}, []string{c.text}, c.alone})
	}
	return all
}

func startsGroup(text string) bool {
	return aboutSymbol.MatchString(text) || aboutDesign.MatchString(text)
}

// cites says whether a line is a citation's rather than an explanation.
func (x *excerpt) cites(line int) bool {
	for _, c := range x.lesson.Citations {
		if int(c.Span.Start.Line) == line {
			text := strings.Trim(x.body[line-x.first], " \t/*#-:")
			return len(text) < 2*len(c.Raw)+24
		}
	}
	return false
}

// lay finds the lines of the source that an explanation belongs over.
func (x *excerpt) lay(g remarkGroup) (annotations.Place, annotations.Certainty, bool) {
	below, above := x.below(g.lines.Last), x.above(g.lines.First)
	within := above >= 0 && x.code.lines(above).Last > g.lines.Last
	switch {
	case aboutDesign.MatchString(g.text[0]):
		if above >= 0 {
			return x.onSymbol(above, true)
		}
		return x.onSymbol(below, true)
	case aboutSymbol.MatchString(g.text[0]):
		if below >= 0 {
			return x.onSymbol(below, true)
		}
		return x.onSymbol(above, true)
	case !g.alone:
		return x.onLine(x.at(g.lines.First), g.lines.First)
	case within:
		return x.onLine(above, x.lineBelow(above, g.lines.Last))
	case below >= 0 && x.code.statements[below].closes < 0:
		return x.onStatement(below)
	}
	return x.onSymbol(above, false)
}

// below returns the first statement that begins below a line, -1 for none. A
// bracket that opens a list is not meant, but what it holds.
func (x *excerpt) below(line int) int {
	for e, s := range x.code.statements {
		if x.code.tokens[s.from].line > line && (x.code.tokens[s.from].text != "{" || s.to-s.from > 1) {
			return e
		}
	}
	return -1
}

// above returns the last statement that begins above a line, -1 for none.
func (x *excerpt) above(line int) int {
	last := -1
	for e, s := range x.code.statements {
		if x.code.tokens[s.from].line < line {
			last = e
		}
	}
	return last
}

// at returns the statement that a comment at the end of a line is about: the
// weightiest on the line.
func (x *excerpt) at(line int) int {
	best := -1
	for e := range x.code.statements {
		if x.code.lines(e).Contains(line) && (best < 0 || x.code.statements[e].weight > x.code.statements[best].weight) {
			best = e
		}
	}
	return best
}

// lineBelow returns the first line with code of a statement below a line.
func (x *excerpt) lineBelow(e, line int) int {
	s := x.code.statements[e]
	for _, t := range x.code.tokens[s.from:s.to] {
		if t.line > line {
			return t.line
		}
	}
	return line
}

// onLine lays an explanation on the line of the source that a line of a
// statement shows, where that is sure, else on the symbol.
func (x *excerpt) onLine(e, line int) (annotations.Place, annotations.Certainty, bool) {
	if e < 0 {
		return annotations.Place{}, "", false
	}
	if lines := x.code.lines(e); lines.First == lines.Last {
		return x.onStatement(e)
	}
	row := x.lines[line-x.first]
	if p := x.pairs[e]; p.file == nil || !p.sure && !p.head || row.Kind != annotations.SourceLine {
		return x.onSymbol(e, false)
	}
	return row.Place, annotations.Sure, true
}

// onStatement lays an explanation on the statement that is paired with one of
// the excerpt where that is sure, else on the symbol.
func (x *excerpt) onStatement(e int) (annotations.Place, annotations.Certainty, bool) {
	if e < 0 {
		return annotations.Place{}, "", false
	}
	p := x.pairs[e]
	if p.file == nil || !p.sure && !p.head || x.guessed(p) {
		return x.around(e)
	}
	switch g := x.strays(e, p); {
	case g == nil || p.exact && g.calls(p):
		return x.regions[p.region].on(p), annotations.Sure, true
	case g.calls(p):
		return x.regions[p.region].on(p), annotations.Approximate, true
	}
	return x.around(e)
}

// around lays an explanation on the block around a statement where that is one
// of the source's, else on the symbol.
func (x *excerpt) around(e int) (annotations.Place, annotations.Certainty, bool) {
	if place, ok := x.onBlock(e); ok {
		return place, annotations.Approximate, true
	}
	return x.onSymbol(e, false)
}

// onBlock returns the lines of the innermost block around a statement that is
// surely one of the source's, and smaller than what a function or type has.
func (x *excerpt) onBlock(e int) (annotations.Place, bool) {
	for at := x.code.statements[e].outer; at >= 0 && x.code.statements[at].role == plain; at = x.code.statements[at].outer {
		p := x.pairs[at]
		if p.file == nil || !p.sure || x.guessed(p) || x.strays(at, p) != nil {
			continue
		}
		lines := p.file.lines(p.statement)
		for i := p.statement + 1; i < len(p.file.statements); i++ {
			if p.file.statements[i].closes == p.statement {
				lines.Last = p.file.lines(i).Last
				return x.regions[p.region].place(lines), true
			}
		}
	}
	return annotations.Place{}, false
}

// guessed says whether a pair is altered code of a symbol that the excerpt does
// not define and no citation nearby names: like it, but maybe not it.
func (x *excerpt) guessed(p pair) bool {
	return !p.exact && !p.head && x.regions[p.region].named < 0 && !x.near[p.file.index]
}

// strays returns the source's function that the excerpt defines around a
// statement, when that is paired with code outside of it; else nil.
func (x *excerpt) strays(e int, p pair) *region {
	if p.head {
		return nil
	}
	for at := x.code.statements[e].outer; at >= 0; at = x.code.statements[at].outer {
		if x.code.statements[at].role != funcHead {
			continue
		}
		for _, g := range x.regions {
			if g.named == at && (g.file != p.file || p.statement < g.from || p.statement >= g.to) {
				return g
			}
		}
	}
	return nil
}

// calls says whether a region names the function that a pair's statement is in.
func (g *region) calls(p pair) bool {
	at := p.file.statements[p.statement].outer
	for at >= 0 && p.file.statements[at].role != funcHead {
		at = p.file.statements[at].outer
	}
	if at < 0 {
		return false
	}
	name := p.file.statements[at].name
	for _, s := range g.file.statements[g.from:g.to] {
		for _, t := range g.file.tokens[s.from:s.to] {
			if t.kind == word && t.text == name {
				return true
			}
		}
	}
	return false
}

// on returns the lines of a paired statement.
func (g *region) on(p pair) annotations.Place { return g.place(p.file.lines(p.statement)) }

// onSymbol lays an explanation on the symbol that the excerpt shows where that
// statement is. Whole says that it speaks of the symbol itself.
func (x *excerpt) onSymbol(e int, whole bool) (annotations.Place, annotations.Certainty, bool) {
	if e < 0 {
		return annotations.Place{}, "", false
	}
	g, head := x.showing(e)
	if g == nil {
		return annotations.Place{}, "", false
	}
	certainty := annotations.Approximate
	if whole && head {
		certainty = annotations.Sure
	}
	return g.place(g.symbol.Span.Lines()), certainty, true
}

// showing returns the region of the symbol that the excerpt shows around a
// statement, and whether it is known by its head.
func (x *excerpt) showing(e int) (g *region, head bool) {
	if c := x.code.statements[e].closes; c >= 0 {
		e = c
	}
	top := e
	for at := e; at >= 0; at = x.code.statements[at].outer {
		s := &x.code.statements[at]
		if s.role == scope {
			break
		}
		top = at
		if s.role == funcHead || s.role == typeHead {
			for _, r := range x.regions {
				if r.named == at && (r.symbol.Definition || s.role == typeHead) {
					return r, s.name == r.symbol.Name && x.akin(s.of, lastPart(r.symbol.Container))
				}
			}
		}
	}
	// The region that most of what stands under the same top is paired with.
	weights := make([]float64, len(x.regions))
	for i, p := range x.pairs {
		if p.file != nil && x.under(i, top) {
			weights[p.region] += x.code.statements[i].weight * p.similarity
		}
	}
	best := -1
	for i, w := range weights {
		if w > 0 && (best < 0 || w > weights[best]) {
			best = i
		}
	}
	if best < 0 { // the source only declares it
		best = slices.IndexFunc(x.regions, func(r *region) bool { return r.named >= 0 && x.under(e, r.named) })
	}
	if best < 0 {
		return nil, false
	}
	return x.regions[best], false
}

// under says whether a statement is in the block of another, is that one, or
// stands beside it in no block of a definition.
func (x *excerpt) under(i, top int) bool {
	outermost := i
	for at := i; at >= 0; at = x.code.statements[at].outer {
		if at == top {
			return true
		}
		if x.code.statements[at].role != scope {
			outermost = at
		}
	}
	return x.code.statements[top].role == plain && x.code.statements[outermost].role == plain
}
