package course

import (
	"bytes"
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"navigator/annotations"
	"navigator/indexer"
)

// Parse reads the lesson at path, which is relative to the course's root and
// slash-separated. It never fails: see [annotations.Lesson].
func Parse(path string, text []byte) *annotations.Lesson {
	l, _, _ := parse(path, text, false)
	return l
}

// ParseNotes is Parse for a file of notes.
func ParseNotes(path string, text []byte) *annotations.Lesson {
	l, _, _ := parse(path, text, true)
	return l
}

// Reparse reads a document as l was read, with another text.
func Reparse(l *annotations.Lesson, text []byte) *annotations.Lesson {
	fresh, _, _ := parse(l.Path, text, l.OfNotes)
	return fresh
}

// parse reads a lesson or a file of notes, and where it links to others.
func parse(path string, text []byte, ofNotes bool) (*annotations.Lesson, []lessonLink, *document) {
	d := parseDocument(text)
	l := &annotations.Lesson{
		ID: strings.TrimSuffix(path, pathEnding(path)), Path: path, Text: text, OfNotes: ofNotes,
		Module: d.header.module, Topic: d.header.topic, Time: d.header.time, Prerequisites: d.header.prerequisites,
	}
	l.Sections = d.sections()
	l.Title = title(l)
	l.Objectives = d.objectives(l.Sections)
	l.Estimate, l.Items = Estimate(l.Time), itemsOf(d.items(l))
	w := &walker{doc: d, lesson: l}
	w.block(d.root)
	w.finish()
	if l.OfNotes {
		d.notes(l)
	} else {
		l.Next = d.next(path)
	}
	l.Problems = append(l.Problems, d.problems(l)...)
	sortProblems(l)
	return l, w.links, d
}

// sortProblems puts a lesson's problems in order of line.
func sortProblems(l *annotations.Lesson) {
	slices.SortStableFunc(l.Problems, func(a, b annotations.Problem) int { return cmp.Compare(a.Line, b.Line) })
}

// pathEnding returns the ".md" of a path, in whatever case.
func pathEnding(p string) string {
	if e := path.Ext(p); strings.EqualFold(e, ".md") {
		return e
	}
	return ""
}

// number matches the number of a heading: "1.3 …", "2. …", "4) …".
var number = regexp.MustCompile(`^(\d+(?:\.\d+)+|\d+(?:[.)]))[.):]?\s+`)

// sections returns the sections that the headings make.
func (d *document) sections() []annotations.Section {
	var sections []annotations.Section
	last := len(d.lines)
	if n := len(d.text); n > 0 && d.text[n-1] == '\n' {
		last--
	}
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok {
			continue
		}
		line := d.lines.line(max(0, h.Pos()))
		for i := range sections {
			if s := &sections[i]; s.Lines.Last == last && s.Level >= h.Level {
				s.Lines.Last = line - 1
			}
		}
		s := annotations.Section{Level: h.Level, Title: plainText(h, d.text), Anchor: d.anchors[h], Lines: indexer.Lines{First: line, Last: last}}
		if m := number.FindStringSubmatch(s.Title); m != nil {
			s.Number, s.Title = strings.TrimRight(m[1], ".)"), s.Title[len(m[0]):]
		}
		s.Role = role(s.Title)
		if around := inherited(sections, s); s.Role == annotations.Content || s.Role == annotations.Exercises && around == annotations.SelfAssessment {
			s.Role = around
		}
		sections = append(sections, s)
	}
	return sections
}

// inherited returns the role of the section that s lies in.
func inherited(sections []annotations.Section, s annotations.Section) annotations.SectionRole {
	for i := len(sections) - 1; i >= 0; i-- {
		if sections[i].Level < s.Level && sections[i].Lines.Contains(s.Lines.First) {
			return sections[i].Role
		}
	}
	return annotations.Content
}

// selfQuestions match the title of questions that whoever studies asks of
// themselves.
var selfQuestions = regexp.MustCompile(`^preguntas de (?:auto|repaso|comprension|control|evaluacion|test)`)

// role returns the part of the template that a heading names.
func role(title string) annotations.SectionRole {
	t := strings.TrimLeft(fold(title), " *_:-")
	for len(t) > 0 && t[0] >= utf8.RuneSelf { // a picture before the words
		_, n := utf8.DecodeRuneInString(t)
		t = strings.TrimLeft(t[n:], " ")
	}
	switch {
	case strings.HasPrefix(t, "objetivo"), strings.HasPrefix(t, "learning objective"), t == "objectives":
		return annotations.ObjectivesPart
	case strings.HasPrefix(t, "ejercicio"), strings.HasPrefix(t, "exercise"), strings.HasPrefix(t, "practica") && !strings.Contains(t, "recomendada"),
		strings.HasPrefix(t, "laboratorio"), strings.HasPrefix(t, "hands-on"), strings.HasPrefix(t, "manos a la obra"):
		return annotations.Exercises
	case strings.HasPrefix(t, "autoevaluacion"), strings.HasPrefix(t, "auto-evaluacion"), strings.HasPrefix(t, "self-assessment"), strings.HasPrefix(t, "self assessment"),
		selfQuestions.MatchString(t), strings.HasPrefix(t, "cuestionario"), strings.HasPrefix(t, "evaluacion"), strings.HasPrefix(t, "quiz"):
		return annotations.SelfAssessment
	case strings.HasPrefix(t, "referencia") && (strings.Contains(t, "codigo") || strings.Contains(t, "code")), strings.HasPrefix(t, "code reference"):
		return annotations.References
	}
	return annotations.Content
}

// title returns the first level-1 heading, else words made of the path.
func title(l *annotations.Lesson) string {
	for _, s := range l.Sections {
		if s.Level == 1 && s.Title != "" {
			if s.Number != "" {
				return s.Number + " " + s.Title
			}
			return s.Title
		}
	}
	name := strings.TrimLeft(path.Base(l.ID), "0123456789_- ")
	if name == "" {
		name = path.Base(l.ID)
	}
	return strings.ReplaceAll(name, "_", " ")
}

// objectives returns the items of the lists in the objectives' section.
func (d *document) objectives(sections []annotations.Section) []string {
	var items []string
	for _, s := range sections {
		if s.Role != annotations.ObjectivesPart {
			continue
		}
		for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
			if n.Kind() != ast.KindList || !s.Lines.Contains(d.extent(n).First) {
				continue
			}
			for item := n.FirstChild(); item != nil; item = item.NextSibling() {
				if block := item.FirstChild(); block != nil && block.Lines() != nil {
					words := strings.Join(strings.Fields(string(block.Lines().Value(d.text))), " ")
					items = append(items, strings.TrimPrefix(strings.TrimPrefix(words, "[ ] "), "[x] "))
				}
			}
		}
		break
	}
	return items
}

// nextWords matches what names the following lesson.
var nextWords = regexp.MustCompile(`(?i)\b(?:siguiente|next|continuar con|pr[oó]ximo)\b[^\n]*?(?::|→|->|>)`)

// nextReach is how many of a lesson's last lines may name the following one.
const nextReach = 60

// nextAt returns the start of the last line that names the following lesson
// and the end of the words that say so; -1 when none does.
func (d *document) nextAt() (line, words int) {
	for i := len(d.lines); i > max(0, len(d.lines)-nextReach); i-- {
		text := d.line(i)
		if !bytes.ContainsAny(text, ":>→") {
			continue
		}
		if m := nextWords.FindIndex(text); m != nil {
			return d.lines[i-1], d.lines[i-1] + m[1]
		}
	}
	return -1, -1
}

// next returns the ID of the lesson that the last "Siguiente:" names, by a
// link behind or around these words, or by its path.
func (d *document) next(from string) string {
	line, words := d.nextAt()
	if line < 0 {
		return ""
	}
	around, behind := "", ""
	ast.Walk(d.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		link, ok := n.(*ast.Link)
		if !ok || !entering || link.Pos() < line || behind != "" {
			return ast.WalkContinue, nil
		}
		if id, _ := LessonID(from, string(link.Destination)); link.Pos() < words {
			around = id
		} else {
			behind = id
		}
		return ast.WalkContinue, nil
	})
	if behind != "" || around != "" {
		return cmp.Or(behind, around)
	}
	rest, _, _ := strings.Cut(string(d.text[words:]), "\n")
	id, _ := LessonID(from, markdownName.FindString(rest))
	return id
}

// markdownName matches the path of a Markdown document.
var markdownName = regexp.MustCompile(`[\w./-]+\.md\b`)

// modules matches the folders whose lessons follow the template.
var modules = regexp.MustCompile(`^\d\d[_-][^/]*/`)

// problems names what keeps the lesson from its format. Documents outside the
// modules — the README, exercises, resources — are held to the header block
// only when they have one.
func (d *document) problems(l *annotations.Lesson) []annotations.Problem {
	var found []annotations.Problem
	add := func(line int, kind annotations.ProblemKind, args ...string) {
		found = append(found, annotations.Problem{Line: max(1, line), Kind: kind, Args: args})
	}
	if !utf8.Valid(d.text) {
		add(d.invalidLine(), annotations.NotUTF8)
	}
	if !l.OfNotes && (len(l.Sections) == 0 || l.Sections[0].Level != 1) {
		add(1, annotations.NoTitle)
	}
	ast.Walk(d.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if f, ok := n.(*ast.FencedCodeBlock); ok && entering {
			if lines := d.fenceLines(f); !d.closes(lines.Last, lines.First) || lines.First == lines.Last {
				add(lines.First, annotations.OpenFence)
			}
		}
		return ast.WalkContinue, nil
	})
	if modules.MatchString(l.Path) || len(d.header.entries) > 1 && !l.OfNotes {
		d.headerProblems(l, add)
	}
	return found
}

// headerProblems names what the header block lacks.
func (d *document) headerProblems(l *annotations.Lesson, add func(int, annotations.ProblemKind, ...string)) {
	if len(d.header.entries) == 0 {
		add(1, annotations.NoHeader)
		return
	}
	for _, name := range headerEntries {
		if d.header.entries[name] == 0 {
			add(d.header.lines.First, annotations.NoHeaderEntry, name)
		}
	}
	if !d.header.ruled {
		add(d.header.lines.First, annotations.OpenHeader)
	}
	for _, part := range []annotations.SectionRole{annotations.ObjectivesPart, annotations.Exercises, annotations.SelfAssessment, annotations.References} {
		missing := true
		for _, s := range l.Sections {
			missing = missing && s.Role != part
		}
		if missing {
			add(1, annotations.NoPart, string(part))
		}
	}
	if line, _ := d.nextAt(); line < 0 {
		add(d.lines.line(max(0, len(d.text)-1)), annotations.NoNext)
	}
}

// invalidLine returns the first line that is not UTF-8.
func (d *document) invalidLine() int {
	for i := 0; i < len(d.text); {
		r, n := utf8.DecodeRune(d.text[i:])
		if r == utf8.RuneError && n == 1 {
			return d.lines.line(i)
		}
		i += n
	}
	return 1
}

// Texts returns the words of each section of a lesson, without marks, up to
// the next heading of whatever level, so that no word is in two sections. The
// words above the first heading are in the first section. It has one text per
// section, or a single one for a lesson without any.
func Texts(l *annotations.Lesson) []string {
	d := parseDocument(l.Text)
	texts := make([]strings.Builder, max(1, len(l.Sections)))
	section := -1
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() == ast.KindHeading {
			section++
		}
		d.writeWords(&texts[min(max(0, section), len(texts)-1)], n)
	}
	out := make([]string, len(texts))
	for i := range texts {
		out[i] = strings.TrimSpace(texts[i].String())
	}
	return out
}

// writeWords writes the words of a block, line by line.
func (d *document) writeWords(b *strings.Builder, n ast.Node) {
	switch n := n.(type) {
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		b.Write(n.Lines().Value(d.text))
		b.WriteByte('\n')
		return
	case *ast.HTMLBlock, *ast.ThematicBreak:
		return
	}
	if c := n.FirstChild(); c != nil && c.Type() == ast.TypeBlock {
		for ; c != nil; c = c.NextSibling() {
			d.writeWords(b, c)
		}
		return
	}
	if words := plainText(n, d.text); words != "" {
		b.WriteString(words)
		b.WriteByte('\n')
	}
}
