package server

import (
	"fmt"
	"html"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
	"navigator/ui"
)

// card is an annotation as it is shown.
type card struct {
	Title     string // of the lesson
	Module    string
	Section   string // number and title, "" when the annotation is in none
	Address   string // of the citation in the lesson, or of the section
	Origin    annotations.Origin
	Certainty annotations.Certainty // "" when nothing is known of it
	HTML      template.HTML         // the explanation
	Lead      string                // how it begins, shown while it is folded
	Note      *noteCard             // nil for what is no note
}

// group is the cards of one range of lines.
type group struct {
	ID        string        // in the page
	Lines     indexer.Lines // zero for the whole file or folder
	Folder    bool          // of a folder, which has no lines
	Label     string        // lines and number of cards, in words
	Marked    int           // cards of all groups that start on the same line
	MarkLabel string        // what Marked counts, in words
	Lane      int           // column of the gutter, 0 to lanes-1
	Cards     []card
	Sure      bool   // that a card lies on just these lines
	Active    bool   // the address asks for lines of it
	Folded    bool   // cards show their titles alone until they are opened
	At        string // where it stands before it is measured: lines below the first, with their fraction
	Tall      string // how tall it is then, in lines
}

// Opens reports whether a card of the group is open at first.
func (g group) Opens(card int) bool { return !g.Folded || g.Active && card == 0 }

// lanes is how many overlapping ranges the gutter tells apart. Any further one
// shares the last lane.
const lanes = 4

// From so many cards in a group, and so many groups on a page, cards are folded
// to their titles.
const (
	foldedFrom = 3
	crowded    = 40
)

// groupAnnotations gathers annotations by range and gives each range a lane
// that no overlapping range has. all is ordered by first and last line.
func groupAnnotations(v View, l ui.Language, all []annotations.Annotation, wanted indexer.Lines) ([]group, error) {
	var groups []group
	var ends [lanes]int // last line of each lane's range
	rendered := map[string]links{}
	for _, a := range all {
		if len(groups) == 0 || groups[len(groups)-1].Lines != a.Lines {
			g := group{ID: fmt.Sprintf("note-%d", len(groups)+1), Lines: a.Lines, Folder: strings.HasSuffix(a.Path, "/")}
			g.Active = !wanted.IsZero() && a.Lines.First <= wanted.Last && wanted.First <= a.Lines.Last
			if !a.Lines.IsZero() {
				for g.Lane < lanes-1 && ends[g.Lane] >= a.Lines.First {
					g.Lane++
				}
				ends[g.Lane] = max(ends[g.Lane], a.Lines.Last)
			}
			groups = append(groups, g)
		}
		c, err := newCard(v, l, a, rendered)
		if err != nil {
			return nil, err
		}
		g := &groups[len(groups)-1]
		g.Cards = append(g.Cards, c)
		g.Sure = g.Sure || a.Certainty != annotations.Approximate
	}
	for i := range groups {
		g := &groups[i]
		g.Folded = len(g.Cards) >= foldedFrom || len(groups) >= crowded
		for j := range g.Cards {
			if g.Folded {
				g.Cards[j].Lead = leadOf(g.Cards[j].HTML)
			}
		}
		switch {
		case g.Folder:
			g.Label = l.Count("card.folder", len(g.Cards))
		case g.Lines.IsZero():
			g.Label = l.Count("card.whole", len(g.Cards))
		default:
			g.Label = l.Count("card.lines", len(g.Cards), g.Lines.String())
		}
	}
	labelMarks(l, groups)
	return groups, nil
}

// labelMarks says what each group's mark in the gutter stands for: it is shared
// with the groups that start on the same line.
func labelMarks(l ui.Language, groups []group) {
	for i := range groups {
		var ranges []string
		g := &groups[i]
		for _, other := range groups {
			if other.Lines.First == g.Lines.First {
				g.Marked += len(other.Cards)
				ranges = append(ranges, other.Lines.String())
			}
		}
		g.MarkLabel = l.Count("card.lines", g.Marked, strings.Join(ranges, ", "))
	}
}

// newCard returns an annotation with its prose rendered. of keeps the links of
// the lessons met so far.
func newCard(v View, l ui.Language, a annotations.Annotation, of map[string]links) (card, error) {
	ls, ok := of[a.Lesson]
	if !ok {
		lesson := v.Course().Lesson(a.Lesson)
		if lesson == nil {
			return card{}, fmt.Errorf("an annotation is of the unknown lesson %q", a.Lesson)
		}
		ls = newLinks(v, l, lesson)
		of[a.Lesson] = ls
	}
	c := card{Title: ls.lesson.Title, Module: ls.lesson.Module, Origin: a.Origin, Certainty: a.Certainty}
	if a.Text != "" {
		c.HTML = remarkHTML(a.Text)
	} else {
		var to Links = ls
		if a.Origin == annotations.FromNote {
			to = withParallels(ls, ls)
		}
		html, err := v.FragmentHTML(a.Lesson, a.Prose, to)
		if err != nil {
			return card{}, fmt.Errorf("rendering lines %s of %s: %w", a.Prose, ls.lesson.Path, err)
		}
		c.HTML = foldCode(l, html)
	}
	anchor := ""
	if 0 <= a.Section && a.Section < len(ls.lesson.Sections) {
		section := ls.lesson.Sections[a.Section]
		c.Section, anchor = sectionName(section), section.Anchor
	}
	if a.Citation >= 0 {
		anchor = citationAnchor(a.Citation)
	}
	if n := ls.lesson.NoteAt(a.Citation); n >= 0 && a.Origin == annotations.FromNote {
		c.Note = newNoteCard(v, ls.lesson, n)
		c.Title, c.Section = l.T("note.lesson.none"), ""
		if to := c.Note.Lesson; to != nil {
			c.Title, c.Address = to.Text, to.Address+"#notes"
			return c, nil
		}
	}
	if a.Origin == annotations.FromComment {
		for i, e := range ls.lesson.Excerpts {
			if e.Lines.Contains(a.Prose.First) {
				anchor = excerptAnchor(i)
			}
		}
	}
	c.Address = lessonAddress(a.Lesson, anchor)
	return c, nil
}

// maxLead is how many characters of a folded explanation are shown.
const maxLead = 90

var (
	inline  = regexp.MustCompile(`</?(?:a|b|code|del|em|i|span|strong|wbr)\b[^>]*>`)
	element = regexp.MustCompile(`(?s)<details.*?</details>|<pre.*?</pre>|<[^>]*>`)
)

// leadOf returns how an explanation begins, in plain text.
func leadOf(explanation template.HTML) string {
	text := element.ReplaceAllString(inline.ReplaceAllString(string(explanation), ""), " ")
	text = strings.Join(strings.Fields(html.UnescapeString(text)), " ")
	if lead := []rune(text); len(lead) > maxLead {
		return strings.TrimSpace(string(lead[:maxLead])) + "…"
	}
	return text
}

// A block of code of so many lines is folded in a card: what it shows is beside.
const foldedLines = 3

var blockOfCode = regexp.MustCompile(`(?s)<pre.*?</pre>`)

// foldCode folds the code of an explanation.
func foldCode(l ui.Language, html string) template.HTML {
	return trusted(blockOfCode.ReplaceAllStringFunc(html, func(block string) string {
		n := strings.Count(strings.TrimSpace(block), "\n")
		if n < foldedLines {
			return block
		}
		return "<details class=fold><summary>" + template.HTMLEscapeString(l.Count("card.code", n)) + "</summary>" + block + "</details>"
	}))
}

// remarkHTML returns the text of a comment as HTML: paragraphs, and lists of the
// lines that begin with a dash.
func remarkHTML(text string) template.HTML {
	var b strings.Builder
	open := "" // element that is open
	enter := func(element string) {
		if open == element {
			return
		}
		if open != "" {
			b.WriteString("</" + open + ">")
		}
		if open = element; open != "" {
			b.WriteString("<" + open + ">")
		}
	}
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSpace(line)
		item, listed := strings.CutPrefix(line, "- ")
		switch {
		case line == "":
			enter("")
		case listed:
			enter("ul")
			b.WriteString("<li>" + template.HTMLEscapeString(item))
		default:
			enter("p")
			b.WriteString(template.HTMLEscapeString(line) + " ")
		}
	}
	enter("")
	return template.HTML(b.String())
}

// wantedFirst returns the groups with the one of the lines that the address
// asks for first, then those that share lines with it, then the others.
func wantedFirst(groups []group, wanted indexer.Lines) []group {
	rank := func(g group) int {
		switch {
		case g.Active && g.Lines == wanted:
			return 0
		case g.Active:
			return 1
		}
		return 2
	}
	ordered := slices.Clone(groups)
	slices.SortStableFunc(ordered, func(a, b group) int { return rank(a) - rank(b) })
	return ordered
}

func sectionName(s annotations.Section) string {
	if s.Number == "" {
		return s.Title
	}
	return s.Number + " " + s.Title
}
