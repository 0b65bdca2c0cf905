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
what the lesson says there. A note follows the step whose lines it is about, in
the tour of the lesson that it belongs to; notes on what no lesson explains are
a tour of their own, the last one. ref is the revision that was indexed, so that the
lines stay right when the checkout moves on.

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
	type file struct {
		path string
		tour *tour
	}
	var files []file
	var without []string
	steps := 0
	lessons := byLesson(c.lay(c.course, c.review))
	for _, source := range c.snapshot.Sources() {
		tours := make([]*tour, len(c.course.Lessons), len(c.course.Lessons)+1)
		for i, l := range c.course.Lessons {
			tours[i] = c.tour(source, i, lessons[l.ID])
		}
		tours = append(tours, c.noteSteps(source, tours, lessons))
		var last *tour
		for i, t := range tours {
			if len(t.Steps) == 0 {
				continue
			}
			name := annotations.NotesFolder
			if i < len(c.course.Lessons) {
				name = c.course.Lessons[i].ID
			}
			if t.IsPrimary = last == nil; !t.IsPrimary {
				last.NextTour = t.Title
			}
			last = t
			steps += len(t.Steps)
			files = append(files, file{source.Name + "/" + name + ".tour", t})
		}
	}
	for _, l := range c.course.Lessons {
		if !slices.ContainsFunc(files, func(f file) bool { return strings.HasSuffix(f.path, "/"+l.ID+".tour") }) {
			without = append(without, l.Path)
		}
	}
	err := publishFolder(dir, "tour", func(fresh string) error {
		for _, f := range files {
			var text bytes.Buffer
			if err := writeJSON(&text, f.tour); err != nil {
				return err
			}
			if err := writeBelow(fresh, f.path, text.Bytes()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d tours of %d steps in %s\n", len(files), steps, dir)
	for _, l := range without {
		fmt.Fprintf(w, "  no tour: %s cites no place of the sources\n", l)
	}
	return nil
}

// noteTitle is the title of steps that are notes, and of the tour of notes.
const noteTitle = "Notas"

// noteSteps puts the notes on a source into the tours of its lessons, and
// returns the tour of those that are on nothing that a lesson explains.
func (c *checked) noteSteps(source indexer.Source, tours []*tour, told map[string][]annotations.Annotation) *tour {
	rest := c.newTour(source, len(c.course.Lessons), noteTitle, "")
	for _, l := range documents(c.course) {
		for _, a := range told[l.ID] {
			if a.Source != source.Name || a.Origin != annotations.FromNote {
				continue
			}
			step := c.step(l, a, nil)
			step.Title = noteTitle
			own := l.Notes[l.NoteAt(a.Citation)].Lesson
			t, at := stepBefore(c.course.Lessons, tours, own, step)
			if t == nil {
				t, at = rest, len(rest.Steps)
			}
			t.Steps = slices.Insert(t.Steps, at, step)
		}
	}
	return rest
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

// tour returns the tour of the course's lesson i through a source.
func (c *checked) tour(source indexer.Source, i int, told []annotations.Annotation) *tour {
	l := c.course.Lessons[i]
	t := c.newTour(source, i, l.Title, l.Topic)
	for _, a := range told {
		if a.Source != source.Name || a.Origin == annotations.FromComment && a.Citation >= 0 {
			continue // a comment in an excerpt is told where the excerpt is cited
		}
		t.Steps = append(t.Steps, c.step(l, a, told))
	}
	return t
}

// newTour returns the tour number i through a source, without steps. CodeTour
// lists tours by title, and cuts one that begins like "01 -" at its dashes.
func (c *checked) newTour(source indexer.Source, i int, title, description string) *tour {
	digits := max(2, len(fmt.Sprint(len(c.course.Lessons))))
	return &tour{
		Schema: tourSchema, Title: fmt.Sprintf("%0*d. %s", digits, i+1, title), Description: description,
		Ref: source.Revision, Steps: []tourStep{},
	}
}

// step returns an annotation as a step, with the comments of the excerpt that
// it heads.
func (c *checked) step(l *annotations.Lesson, a annotations.Annotation, told []annotations.Annotation) tourStep {
	step := tourStep{File: a.Path}
	if folder, ok := strings.CutSuffix(a.Path, "/"); ok {
		step.File, step.Directory = "", folder
	} else if !a.Lines.IsZero() {
		step.Line, step.Selection = a.Lines.First, c.selection(a.Place)
	}
	if 0 <= a.Section && a.Section < len(l.Sections) {
		step.Title = l.Sections[a.Section].Title
	}
	said := []string{course.Explanation(l, a)}
	if a.Text != "" {
		said[0] = literal(a.Text)
	}
	for _, other := range told {
		if a.Origin == annotations.FromCitation && other.Origin == annotations.FromComment && other.Citation == a.Citation && other.Source == a.Source {
			said = append(said, fmt.Sprintf("**%s** %s", other.Lines, literal(other.Text)))
		}
	}
	said = slices.DeleteFunc(said, func(s string) bool { return s == "" })
	step.Description = harmless(cmp.Or(strings.Join(said, "\n\n"), step.Title, l.Title))
	return step
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
