package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/spf13/cobra"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/indexer"
)

// tour is a CodeTour file, as far as it is used here:
// https://github.com/microsoft/codetour, schema.json.
type tour struct {
	Schema      string     `json:"$schema,omitempty"`
	Title       string     `json:"title"`
	Description string     `json:"description,omitempty"`
	Ref         string     `json:"ref,omitempty"`       // commit
	IsPrimary   bool       `json:"isPrimary,omitempty"` // the one to begin with
	NextTour    string     `json:"nextTour,omitempty"`
	Steps       []tourStep `json:"steps"`
}

// tourStep is a step of a tour: at a file or a directory of the checkout, or at
// neither.
type tourStep struct {
	File        string         `json:"file,omitempty"`
	Directory   string         `json:"directory,omitempty"`
	URI         string         `json:"uri,omitempty"`
	Line        int            `json:"line,omitempty"` // from 1
	Pattern     string         `json:"pattern,omitempty"`
	Selection   *tourSelection `json:"selection,omitempty"`
	Title       string         `json:"title,omitempty"`
	Description string         `json:"description"` // Markdown

	// What exports do not have.
	Contents *string  `json:"contents,omitempty"` // of a file that is in the tour alone
	View     string   `json:"view,omitempty"`     // of the editor
	Commands []string `json:"commands,omitempty"` // of the editor
	marker   string   // stands in the line of a step that has no other place

	told annotations.Annotation // what it says, of an export
}

// tourSelection is a stretch of a file. Its end is the character behind the
// last one.
type tourSelection struct {
	Start tourPosition `json:"start"`
	End   tourPosition `json:"end"`
}

// tourPosition counts lines and characters, which are UTF-16 code units, from 1.
type tourPosition struct {
	Line      int `json:"line"`
	Character int `json:"character"`
}

const tourSchema = "https://aka.ms/codetour-schema"

func exportTourCommand(global *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "tour [DIR]",
		Short: "Write CodeTour files, which VS Code plays",
		Long: `Write CodeTour files, which the CodeTour extension of VS Code plays: in DIR a
folder for each source, in it a tour for each lesson that cites the source. A
tour belongs to one checkout, so a lesson that cites both sources has one tour
in each folder. Copy a source's folder into its checkout as .tours.

A step is a citation that leads to one place, in the order of the lesson, with
what the lesson says there; links between lessons lead from tour to tour. A note
follows the step whose lines it is about, in the tour of the lesson that it
belongs to; notes on what no lesson explains are a tour of their own, the last
one. ref is the revision that was indexed, so that the lines stay right when the
checkout moves on.

DIR is tours when it is left out. It is replaced when it is an earlier export,
and must not be there otherwise.`,
		Args: wrongUse(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			dir := "tours"
			if len(args) > 0 {
				dir = args[0]
			}
			ws, err := openWorkspace(global)
			if err != nil {
				return err
			}
			found, err := check(c.Context(), ws)
			if err != nil {
				return err
			}
			defer found.close()
			return found.exportTours(c.OutOrStdout(), dir)
		},
	}
}

// exportTours writes the tours of a course into a folder.
func (c *checked) exportTours(w io.Writer, dir string) error {
	told := byLesson(c.lay(c.course, c.review))
	files := map[string]*tour{}
	steps, toured := 0, map[string]bool{} // by lesson's ID
	for _, source := range c.snapshot.Sources() {
		g := c.newGuide(source, told)
		for i, t := range g.tours {
			if len(t.Steps) == 0 {
				continue
			}
			name := annotations.NotesFolder
			if i < len(c.course.Lessons) {
				name = c.course.Lessons[i].ID
			}
			files[source.Name+"/"+name+".tour"], toured[name] = t, true
			steps += len(t.Steps)
		}
	}
	if err := publishFolder(dir, "tour", func(fresh string) error { return writeTours(fresh, files) }); err != nil {
		return err
	}
	fmt.Fprintf(w, "%d tours of %d steps in %s\n", len(files), steps, dir)
	for _, l := range c.course.Lessons {
		if !toured[l.ID] {
			fmt.Fprintf(w, "  no tour: %s cites no place of the sources\n", l.Path)
		}
	}
	return nil
}

// writeTours writes tours, by their paths, into a folder.
func writeTours(dir string, files map[string]*tour) error {
	for path, t := range files {
		var text bytes.Buffer
		if err := writeJSON(&text, t); err != nil {
			return err
		}
		if err := writeBelow(dir, path, text.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// guide makes the tours through a source.
type guide struct {
	*checked
	source indexer.Source
	told   map[string][]annotations.Annotation // by lesson
	tours  []*tour                             // of each lesson, and of the notes on what none explains; some have no steps
}

func (c *checked) newGuide(source indexer.Source, told map[string][]annotations.Annotation) *guide {
	g := &guide{checked: c, source: source, told: told}
	for i, l := range c.course.Lessons {
		t := g.newTour(i, l.Title, l.Topic)
		for _, a := range told[l.ID] {
			if a.Source != source.Name || a.Origin == annotations.FromComment && a.Citation >= 0 {
				continue // a comment in an excerpt is told where the excerpt is cited
			}
			t.Steps = append(t.Steps, g.step(l, a))
		}
		g.tours = append(g.tours, t)
	}
	g.addNotes()
	g.chain()
	for _, t := range g.tours {
		for i := range t.Steps {
			t.Steps[i].Description = g.describe(&t.Steps[i])
		}
	}
	return g
}

// newTour returns the tour number i, without steps. CodeTour lists tours by
// title, and cuts one that begins like "01 -" at its dashes.
func (g *guide) newTour(i int, title, description string) *tour {
	digits := max(2, len(fmt.Sprint(len(g.course.Lessons))))
	return &tour{
		Schema: tourSchema, Title: fmt.Sprintf("%0*d. %s", digits, i+1, title), Description: description,
		Ref: g.source.Revision, Steps: []tourStep{},
	}
}

// chain has each tour lead to the next one that has steps.
func (g *guide) chain() {
	var last *tour
	for _, t := range g.tours {
		switch {
		case len(t.Steps) == 0:
			continue
		case last == nil:
			t.IsPrimary = true
		default:
			last.NextTour = t.Title
		}
		last = t
	}
}

// noteTitle is the title of steps that are notes, and of the tour of notes.
const noteTitle = "Notas"

// addNotes puts the notes on the source into the tours of its lessons, and
// those that are on nothing that a lesson explains into a tour of their own.
func (g *guide) addNotes() {
	rest := g.newTour(len(g.course.Lessons), noteTitle, "")
	for _, l := range g.course.Documents() {
		for _, a := range g.told[l.ID] {
			if a.Source != g.source.Name || a.Origin != annotations.FromNote {
				continue
			}
			step := g.step(l, a)
			step.Title = noteTitle
			own := l.Notes[l.NoteAt(a.Citation)].Lesson
			t, at := stepBefore(g.course.Lessons, g.tours, own, step)
			if t == nil {
				t, at = rest, len(rest.Steps)
			}
			t.Steps = slices.Insert(t.Steps, at, step)
		}
	}
	g.tours = append(g.tours, rest)
}

// stepBefore returns where a note goes: into the tour of its lesson, of any for
// one of no lesson, behind the last step that is at its lines; else of its
// lesson, at the end.
func stepBefore(lessons []*annotations.Lesson, tours []*tour, lesson string, note tourStep) (*tour, int) {
	lines := note.lines()
	for i, t := range tours {
		if lesson != "" && lessons[i].ID != lesson {
			continue
		}
		for j, step := range slices.Backward(t.Steps) {
			if at := step.lines(); step.File == note.File && (at == lines || at.First <= lines.Last && lines.First <= at.Last) {
				return t, j + 1
			}
		}
		if lesson != "" {
			return t, len(t.Steps)
		}
	}
	return nil, 0
}

// step returns the step of an annotation, without its description.
func (g *guide) step(l *annotations.Lesson, a annotations.Annotation) tourStep {
	step := tourStep{File: a.Path, told: a}
	if folder, ok := strings.CutSuffix(a.Path, "/"); ok {
		step.File, step.Directory = "", folder
	} else if !a.Lines.IsZero() {
		step.Line, step.Selection = a.Lines.First, g.selection(a.Place)
	}
	if 0 <= a.Section && a.Section < len(l.Sections) {
		step.Title = l.Sections[a.Section].Title
	}
	return step
}

// describe returns what a step says, with the comments of the excerpt that it
// heads.
func (g *guide) describe(step *tourStep) string {
	a := step.told
	l := g.course.Lesson(a.Lesson)
	said := []string{course.LinkedExplanation(l, a, func(words, to string) string { return g.link(l, words, to) })}
	if a.Text != "" {
		said[0] = literal(a.Text)
	}
	for _, other := range g.told[l.ID] {
		if a.Origin == annotations.FromCitation && other.Origin == annotations.FromComment && other.Citation == a.Citation && other.Source == a.Source {
			said = append(said, fmt.Sprintf("**%s** %s", other.Lines, literal(other.Text)))
		}
	}
	said = slices.DeleteFunc(said, func(s string) bool { return s == "" })
	return harmless(cmp.Or(strings.Join(said, "\n\n"), step.Title, l.Title))
}

// link writes a link of a document as CodeTour does: to a tour, to a step of
// one, or to a file of the source. Where it leads to none it is its words.
func (g *guide) link(l *annotations.Lesson, words, to string) string {
	id, fragment := course.LessonID(l.Path, to)
	if own, ok := strings.CutPrefix(to, "#"); ok {
		id, fragment = l.ID, own
	}
	if i := slices.IndexFunc(g.course.Lessons, func(l *annotations.Lesson) bool { return l.ID == id }); i >= 0 {
		return g.reference(i, fragment, words, l.ID == id)
	}
	at := slices.IndexFunc(l.Citations, func(c annotations.Citation) bool { return c.Raw == to })
	for _, p := range g.placesOf(l, at) {
		if _, ok := g.snapshot.FileIndex(g.source.Name, p.Path); ok && p.Source == g.source.Name && words != "" && !strings.Contains(p.Path, ")") {
			return fmt.Sprintf("[%s](./%s)", words, p.Path)
		}
	}
	return words
}

// reference writes a link to the lesson i, its words when there is no tour of
// it that a reference can name.
func (g *guide) reference(i int, fragment, words string, own bool) string {
	t := g.tours[i]
	step := g.stepOf(i, fragment)
	switch {
	case words == "" || len(t.Steps) == 0 || strings.ContainsAny(t.Title, "[]#"):
		return words
	case step == 0:
		return fmt.Sprintf("[%s][%s]", words, t.Title)
	case own:
		return fmt.Sprintf("[%s][#%d]", words, step)
	}
	return fmt.Sprintf("[%s][%s#%d]", words, t.Title, step)
}

// stepOf returns the number, from 1, of the first step of the lesson i that is
// in a section, 0 when there is none.
func (g *guide) stepOf(i int, fragment string) int {
	l := g.course.Lessons[i]
	section := slices.IndexFunc(l.Sections, func(s annotations.Section) bool { return s.Anchor == course.Anchor(fragment) })
	if section < 0 {
		return 0
	}
	return 1 + slices.IndexFunc(g.tours[i].Steps, func(s tourStep) bool {
		return s.told.Lesson == l.ID && l.Sections[section].Lines.Contains(s.told.Prose.First)
	})
}

// marks matches what Markdown takes for more than the character that it is.
var marks = regexp.MustCompile("(?m)^(?:[#>=]|--)|[\\\\`*_<\\[&]")

// literal writes a text, such as a comment, as Markdown that shows it as it is.
func literal(text string) string { return marks.ReplaceAllString(text, `\$0`) }

// harmless keeps CodeTour from making a command of a quotation in a quotation.
func harmless(markdown string) string {
	lines := strings.Split(markdown, "\n")
	for i, line := range lines {
		if rest, ok := strings.CutPrefix(line, ">>"); ok {
			lines[i] = "> >" + rest
		}
	}
	return strings.Join(lines, "\n")
}

// selection returns lines of a file as a selection, nil when the file has not
// all of them.
func (c *checked) selection(p annotations.Place) *tourSelection {
	file, ok := c.snapshot.FileIndex(p.Source, p.Path)
	if !ok {
		return nil
	}
	rest := c.snapshot.Text(file)
	var last []byte
	for n := 1; n <= p.Lines.Last; n++ {
		if len(rest) == 0 {
			return nil
		}
		last, rest, _ = bytes.Cut(rest, []byte{'\n'})
	}
	width := len(utf16.Encode([]rune(string(bytes.TrimSuffix(last, []byte{'\r'})))))
	return &tourSelection{Start: tourPosition{p.Lines.First, 1}, End: tourPosition{p.Lines.Last, width + 1}}
}
