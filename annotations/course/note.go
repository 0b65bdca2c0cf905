package course

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"

	"navigator/annotations"
	"navigator/indexer"
)

// A file of notes is Markdown that people write as well as this package does:
//
//	# Notas: onda.cc
//
//	## source/onda.cc:12-20
//
//	Lección: [Ondas](../../../01_base/02_ondas.md)
//
//	What there is to say of these lines, up to the next heading of level 2.
//
// The line that names a lesson may be missing. What stands below a heading that
// is no citation is no note, and is left as it is.

var (
	// noteHeading matches the heading of a note: path, and the digits of its lines.
	noteHeading = regexp.MustCompile("^ {0,3}#{1,6}[ \t]+`?([^`:#\\x00-\\x1f]*[^`:#\\x00-\\x20])(?:(?::L?|#L)(\\d{1,7})(?:[-–—]L?(\\d{1,7}))?)?`?[ \t]*(?:[ \t]#+[ \t]*)?\r?\n?$")
	// noteLesson matches the line that names a note's lesson: where it leads.
	noteLesson = regexp.MustCompile(`^ {0,3}\**(?i:lecci[oó]n|lesson)\**:\**[ \t]*\[(?:[^\]\\]|\\.)*\]\(([^()\s]+)\)[ \t.]*\r?\n?$`)
)

// notes finds the notes of a file of notes: its headings become citations.
func (d *document) notes(l *annotations.Lesson) {
	own := map[int]bool{} // lines of headings, whose citations are not those of prose
	var headings []annotations.Citation
	within := false // a heading of level 2
	for i, s := range l.Sections {
		if within && s.Level > 2 {
			continue
		}
		within = s.Level == 2
		own[s.Lines.First] = s.Level <= 2
		c, ok := d.noteCitation(s.Lines.First)
		title := s.Level == 1 && c.Cited.IsZero() // of the file, which may be its path
		if ok != within && !title {
			l.Problems = append(l.Problems, annotations.Problem{Line: s.Lines.First, Kind: annotations.NoNote, Args: []string{s.Title}})
		}
		if !ok || !within {
			continue
		}
		if c.Cited.First > c.Cited.Last {
			c.Cited.First, c.Cited.Last = c.Cited.Last, c.Cited.First
			if !slices.ContainsFunc(l.Problems, func(p annotations.Problem) bool {
				return p.Line == s.Lines.First && p.Kind == annotations.BackwardsRange
			}) {
				l.Problems = append(l.Problems, annotations.Problem{Line: s.Lines.First, Kind: annotations.BackwardsRange, Args: []string{c.Raw}})
			}
		}
		c.Section = i
		n := annotations.Note{Lines: s.Lines}
		n.Lesson, n.Body = d.noteBody(l.Path, s.Lines)
		c.Prose = indexer.Lines{First: s.Lines.First, Last: max(s.Lines.First, n.Body.Last)}
		l.Notes = append(l.Notes, n)
		headings = append(headings, c)
	}
	if text := bytes.TrimSpace(d.text); len(l.Sections) == 0 && len(text) > 0 {
		first, _, _ := bytes.Cut(text, []byte("\n"))
		l.Problems = append(l.Problems, annotations.Problem{Line: 1, Kind: annotations.NoNote, Args: []string{string(bytes.TrimSpace(first))}})
	}
	dropCitations(l, func(c annotations.Citation) bool { return own[int(c.Span.Start.Line)] })
	insertCitations(l, headings)
}

// noteCitation reads the heading in a line as a citation.
func (d *document) noteCitation(line int) (c annotations.Citation, ok bool) {
	text, start := d.line(line), d.lines[line-1]
	m := noteHeading.FindSubmatchIndex(text)
	if m == nil || !utf8.Valid(text) {
		return c, false
	}
	c = annotations.Citation{Form: annotations.Plain, Path: strings.ReplaceAll(string(text[m[2]:m[3]]), `\`, "/")}
	if !strings.ContainsAny(c.Path, "./") || m[4] < 0 && strings.ContainsAny(c.Path, " \t") {
		return c, false // words
	}
	end := m[3]
	if m[4] >= 0 {
		c.Cited.First, _ = strconv.Atoi(string(text[m[4]:m[5]]))
		c.Cited.Last, end = c.Cited.First, m[5]
		if m[6] >= 0 {
			c.Cited.Last, _ = strconv.Atoi(string(text[m[6]:m[7]]))
			end = m[7]
		}
		if min(c.Cited.First, c.Cited.Last) < 1 {
			return c, false
		}
		c.Digits = d.lines.span(start+m[4], start+end)
	}
	c.Raw, c.Span = string(text[m[2]:end]), d.lines.span(start+m[2], start+end)
	return c, true
}

// noteBody returns the lesson that a note names, and the lines of what it says.
func (d *document) noteBody(path string, lines indexer.Lines) (lesson string, body indexer.Lines) {
	first := lines.First + 1
	blank := func(line int) bool { return len(bytes.TrimSpace(d.line(line))) == 0 }
	skip := func() {
		for first <= lines.Last && blank(first) {
			first++
		}
	}
	skip()
	if m := noteLesson.FindSubmatch(d.line(first)); first <= lines.Last && m != nil {
		if id, _ := LessonID(path, string(m[1])); id != "" {
			lesson = id
			first++
			skip()
		}
	}
	last := lines.Last
	for last >= first && blank(last) {
		last--
	}
	if first > last {
		return lesson, indexer.Lines{}
	}
	return lesson, indexer.Lines{First: first, Last: last}
}

// insertCitations adds the citations of a file's headings, one for each of its
// notes, to those in what the notes say.
func insertCitations(l *annotations.Lesson, headings []annotations.Citation) {
	order := make([]int, len(l.Citations)+len(headings))
	for i := range order {
		order[i] = i
	}
	all := append(slices.Clone(l.Citations), headings...)
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := all[a].Span.Start, all[b].Span.Start
		return cmp.Or(cmp.Compare(x.Line, y.Line), cmp.Compare(x.Col, y.Col))
	})
	moved := make([]int, len(all))
	old := len(l.Citations)
	l.Citations = l.Citations[:0]
	for to, from := range order {
		l.Citations = append(l.Citations, all[from])
		moved[from] = to
	}
	for i := range l.Notes {
		l.Notes[i].Citation = moved[old+i]
	}
	for i := range l.Excerpts {
		if c := &l.Excerpts[i].Citation; *c >= 0 {
			*c = moved[*c]
		}
	}
}

// NotePath returns the path, from the course's root, of the file that notes on
// a file of a source are written to. What would be hidden is not.
func (f Folder) NotePath(source, path string) string {
	return f.notes() + strings.ReplaceAll("/"+source+"/"+path, "/.", "/_.") + ".md"
}

// NoteText returns the Markdown of a note of l, as its index in l.Notes.
func NoteText(l *annotations.Lesson, note int) string {
	return string(linesOf(l.Text, l.Notes[note].Body))
}

// NoteLines returns a note of l as it is written, its heading included, without
// the end of its last line.
func NoteLines(l *annotations.Lesson, n annotations.Note) []byte { return linesOf(l.Text, n.Lines) }

// linesOf returns lines of a text, without the end of the last one.
func linesOf(text []byte, lines indexer.Lines) []byte {
	if lines.IsZero() {
		return nil
	}
	t := newLineTable(text)
	return bytes.TrimRight(text[t[lines.First-1]:t.end(lines.Last, len(text))], "\r\n")
}

// end returns the offset behind a line of a text of size bytes.
func (t lineTable) end(line, size int) int {
	if line < len(t) {
		return t[line]
	}
	return size
}

// NoteDraft is what a note is to say.
type NoteDraft struct {
	Path   string              // of the source's file
	Lines  indexer.Lines       // zero for the whole file
	Lesson *annotations.Lesson // that it belongs to, nil for none
	Text   string              // Markdown; headings above level 3 are lowered to it
}

// The errors of writing notes.
var (
	ErrNoteEmpty = errors.New("a note says something")
	ErrNoteOpen  = errors.New("the Markdown leaves something open, such as a code block or a comment, or is no text")
	ErrNotePlace = errors.New("a note cannot cite that path")
	ErrNoNote    = errors.New("there is no such note")
)

// AddNote returns the text of the file of notes at path with one more note, and
// its index. It goes before the first note that cites lines further down; nothing
// else changes. Text is nil for a file that does not exist yet.
func AddNote(path string, text []byte, n NoteDraft) (out []byte, index int, err error) {
	body, err := n.body(path)
	if err != nil {
		return nil, 0, err
	}
	heading := []byte(n.heading())
	d := document{text: heading, lines: newLineTable(heading)}
	if c, ok := d.noteCitation(1); !ok || c.Path != n.Path || c.Cited != n.Lines {
		return nil, 0, fmt.Errorf("%w: %s", ErrNotePlace, n.Path)
	}
	section := n.heading() + "\n\n"
	if n.Lesson != nil {
		section += n.lesson(path) + "\n\n"
	}
	section += body + "\n"
	if len(bytes.TrimSpace(text)) == 0 {
		section = "# Notas: " + inHeading(n.Path[strings.LastIndexByte(n.Path, '/')+1:]) + "\n\n" + section
	}
	out, index = insertSection(path, text, section, n.Lines)
	return out, index, checkWritten(path, text, out, index, 1, n, body)
}

// insertSection puts a note, as a text, to where notes of its lines belong.
func insertSection(path string, text []byte, section string, lines indexer.Lines) (out []byte, index int) {
	l := ParseNotes(path, text)
	if bytes.Contains(text, []byte("\r\n")) {
		section = strings.ReplaceAll(section, "\n", "\r\n")
	}
	at := slices.IndexFunc(l.Notes, func(n annotations.Note) bool {
		cited := l.Citations[n.Citation].Cited
		return cmp.Or(cmp.Compare(cited.First, lines.First), cmp.Compare(cited.Last, lines.Last)) > 0
	})
	if at >= 0 {
		return insertBefore(l, at, section), at
	}
	return slices.Concat(text, []byte(blankEnd(text)+section)), len(l.Notes)
}

// insertBefore puts a section before a note of l.
func insertBefore(l *annotations.Lesson, note int, section string) []byte {
	at := newLineTable(l.Text)[l.Notes[note].Lines.First-1]
	return slices.Concat(l.Text[:at], []byte(blankEnd(l.Text[:at])+section+lineEnd(l.Text)), l.Text[at:])
}

// lineEnd returns how lines of a text end.
func lineEnd(text []byte) string {
	if bytes.Contains(text, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// blankEnd returns what makes a text end in a blank line.
func blankEnd(text []byte) string {
	end := lineEnd(text)
	switch trimmed := bytes.TrimRight(text, " \t\r\n"); {
	case len(trimmed) == 0:
		return ""
	default:
		return strings.Repeat(end, max(0, 2-bytes.Count(text[len(trimmed):], []byte("\n"))))
	}
}

// ReplaceNote returns the text of the file of notes at path with another note in
// place of one. The path that it cites stays. What is the same in both stays as
// it is written.
func ReplaceNote(path string, text []byte, index int, n NoteDraft) ([]byte, error) {
	l := ParseNotes(path, text)
	if index < 0 || index >= len(l.Notes) {
		return nil, ErrNoNote
	}
	old := l.Notes[index]
	c := &l.Citations[old.Citation]
	if c.Cited.IsZero() != n.Lines.IsZero() {
		return nil, ErrNotePlace
	}
	n.Path = c.Path
	body, err := n.body(path)
	if err != nil {
		return nil, err
	}
	lines := newLineTable(text)
	var edits []Edit
	if c.Cited != n.Lines {
		edits = append(edits, Edit{lines.offset(c.Digits.Start), lines.offset(c.Digits.End) + 1, n.Lines.String()})
	}
	end := lineEnd(text)
	if n.lessonID() != old.Lesson || body != NoteText(l, index) {
		from := lines.end(old.Lines.First, len(text))
		to := lines.end(old.Lines.Last, len(text))
		if !old.Body.IsZero() {
			to = lines[old.Body.First-1] + len(linesOf(text, old.Body))
		}
		head := end
		switch {
		case n.lessonID() == old.Lesson && !old.Body.IsZero():
			from, head = lines[old.Body.First-1], ""
		case n.Lesson != nil:
			head = end + n.lesson(path) + end + end
		}
		if old.Body.IsZero() {
			body += "\n"
			if to < len(text) {
				body += "\n"
			}
		}
		if from > 0 && text[from-1] != '\n' {
			head = end + head
		}
		edits = append(edits, Edit{from, to, head + strings.ReplaceAll(body, "\n", end)})
	}
	out := Apply(text, edits)
	return out, checkWritten(path, text, out, index, 0, n, strings.TrimRight(body, "\n"))
}

// RemoveNote returns the text of the file of notes at path without a note, nil
// when nothing else is in it but a title; and what was taken out and from which
// line, which [RestoreNote] puts back.
func RemoveNote(path string, text []byte, index int) (out, removed []byte, line int, err error) {
	l := ParseNotes(path, text)
	if index < 0 || index >= len(l.Notes) {
		return nil, nil, 0, ErrNoNote
	}
	lines, at := newLineTable(text), l.Notes[index].Lines
	from, to := lines[at.First-1], lines.end(at.Last, len(text))
	out = slices.Concat(text[:from], text[to:])
	first := parseDocument(out).root.FirstChild()
	if len(l.Notes) == 1 && (first == nil || first.Kind() == ast.KindHeading && first.NextSibling() == nil) {
		return nil, text, 1, nil
	}
	return out, text[from:to], at.First, nil
}

// RestoreNote puts back what RemoveNote took out from a line, and returns the
// index of the note. Where that line is no place for a note any more, it goes to
// where notes of its lines belong.
func RestoreNote(path string, text, removed []byte, line int) (out []byte, index int, err error) {
	back := ParseNotes(path, removed)
	if len(back.Notes) != 1 {
		return nil, 0, ErrNoNote
	}
	if text == nil {
		return removed, 0, nil
	}
	lines := newLineTable(text)
	removed = removed[newLineTable(removed)[back.Notes[0].Lines.First-1]:]
	before := ParseNotes(path, text)
	for index < len(before.Notes) && before.Notes[index].Lines.First < line {
		index++
	}
	if 0 < line && line <= len(lines) {
		at := lines[line-1]
		out = slices.Concat(text[:at], removed, text[at:])
		if sameNotes(before, ParseNotes(path, out), index, 1) {
			return out, index, nil
		}
	}
	cited := back.Citations[back.Notes[0].Citation].Cited
	out, index = insertSection(path, text, strings.ReplaceAll(string(removed), "\r\n", "\n"), cited)
	if !sameNotes(before, ParseNotes(path, out), index, 1) {
		return nil, 0, ErrNoteOpen
	}
	return out, index, nil
}

// heading returns the heading of a note.
func (n NoteDraft) heading() string {
	cites := n.Path
	if !n.Lines.IsZero() {
		cites += ":" + n.Lines.String()
	}
	return "## " + inHeading(cites)
}

// plainPath matches the paths that mean themselves in Markdown.
var plainPath = regexp.MustCompile(`^[\w./+:-]+$`)

// inHeading returns a path as a heading has it.
func inHeading(path string) string {
	if plainPath.MatchString(path) && !strings.Contains(path, "__") {
		return path
	}
	return "`" + path + "`"
}

func (n NoteDraft) lessonID() string {
	if n.Lesson == nil {
		return ""
	}
	return n.Lesson.ID
}

// lesson returns the line that names the lesson in the file at path.
func (n NoteDraft) lesson(path string) string {
	up := strings.Repeat("../", strings.Count(path, "/"))
	to := (&url.URL{Path: n.Lesson.Path}).EscapedPath()
	return "Lección: [" + escapeInline(n.Lesson.Title) + "](" + up + strings.NewReplacer("(", "%28", ")", "%29").Replace(to) + ")"
}

var inlineMarks = regexp.MustCompile("[\\\\`*\\[\\]<>&]")

// escapeInline returns words that mean themselves in Markdown.
func escapeInline(s string) string {
	return inlineMarks.ReplaceAllString(strings.Join(strings.Fields(s), " "), `\$0`)
}

// body returns what the note says as it is written: with no blank lines around,
// and no heading that would end the note.
func (n NoteDraft) body(path string) (string, error) {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(n.Text)
	first, last := 0, 0
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			break
		}
		first += len(line)
	}
	text = strings.TrimRight(text[first:], " \t\n")
	switch {
	case text == "":
		return "", ErrNoteEmpty
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return "", ErrNoteOpen
	}
	var b strings.Builder
	d := parseDocument([]byte(text))
	for c := d.root.FirstChild(); c != nil; c = c.NextSibling() {
		if h, ok := c.(*ast.Heading); ok && h.Level < 3 {
			at := d.lines[d.lines.line(max(0, h.Pos()))-1]
			b.WriteString(text[last:at] + strings.Repeat("#", 3-h.Level))
			last = at
			for text[last] == ' ' {
				last++
			}
		}
	}
	b.WriteString(text[last:])
	text = b.String()
	const end = "\n\n## a.cc:1\n"
	after := ParseNotes(path, []byte("## a.cc:1\n\n"+text+end))
	if len(after.Notes) != 2 || after.Notes[1].Lines.First != after.Notes[1].Lines.Last || NoteText(after, 0) != text && after.Notes[0].Lesson == "" {
		return "", ErrNoteOpen
	}
	return text, nil
}

// checkWritten returns an error unless out says what text says and what a note
// at index is to say, with more notes than it.
func checkWritten(path string, text, out []byte, index, more int, n NoteDraft, body string) error {
	before, after := ParseNotes(path, text), ParseNotes(path, out)
	if len(after.Notes) != len(before.Notes)+more {
		return ErrNotePlace
	}
	note := after.Notes[index]
	c := after.Citations[note.Citation]
	switch {
	case c.Path != n.Path || c.Cited != n.Lines:
		return fmt.Errorf("%w: %s", ErrNotePlace, n.Path)
	case note.Lesson != n.lessonID(), strings.ReplaceAll(NoteText(after, index), "\r\n", "\n") != body:
		return ErrNoteOpen
	}
	if !sameNotes(before, after, index, more) {
		return ErrNoteOpen
	}
	return nil
}

// sameNotes says whether after has more notes than before at index, and all
// others as they were, but for the one at index when there are not more.
func sameNotes(before, after *annotations.Lesson, index, more int) bool {
	if len(after.Notes) != len(before.Notes)+more {
		return false
	}
	for i := range before.Notes {
		j := i
		if i >= index {
			j += more
		}
		if (more > 0 || i != index) && (NoteText(before, i) != NoteText(after, j) ||
			before.Citations[before.Notes[i].Citation].Raw != after.Citations[after.Notes[j].Citation].Raw) {
			return false
		}
	}
	return true
}

// Draft returns the text of a file of notes with one more at its end, whatever
// that says, and the lines of what it says: to be looked at, not to be written.
func Draft(text []byte, n NoteDraft) ([]byte, indexer.Lines) {
	if body, err := n.body("x.md"); err == nil {
		n.Text = body
	}
	out := slices.Concat(text, []byte(blankEnd(text)+n.heading()+"\n\n"))
	first := bytes.Count(out, []byte("\n")) + 1
	out = append(out, strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(n.Text)...)
	return out, indexer.Lines{First: first, Last: bytes.Count(out, []byte("\n")) + 1}
}

// Preview is Fragment for a document that is shown once.
func (r *Renderer) Preview(l *annotations.Lesson, lines indexer.Lines, links Links) template.HTML {
	fresh := Renderer{options: r.options} // which is not to remember it
	return fresh.Fragment(l, lines, links)
}
