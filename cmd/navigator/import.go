package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/indexer"
	"navigator/indexer/snapshot"
)

func importCommand(global *globals) *cobra.Command {
	c := &cobra.Command{
		Use:   "import",
		Short: "Take notes over from elsewhere",
		Args:  wrongUse(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			return usageError{fmt.Errorf("import what?\nTry: %s --help", c.CommandPath())}
		},
	}
	c.AddCommand(importTourCommand(global))
	return c
}

func importTourCommand(global *globals) *cobra.Command {
	var source string
	c := &cobra.Command{
		Use:   "tour FILE",
		Short: "Make notes of the steps of a CodeTour file",
		Long: `Make a note of each step of a CodeTour file that is at a file of a source: in
the course's folder of notes, below a heading that cites the step's lines. The
tour's description heads the first of them. What is there already is kept, and a
step whose note is there is not written again, so that importing twice changes
nothing. Nothing is written unless all of it can be.

Lines are a step's selection, its line, that of its pattern, or that of its mark
in the code. A tour's ref says for which revision they are: where that is
another than the one that is indexed, they are looked for in it, and a step
whose lines are not proven unchanged is left out. So are steps at no file of a
source: all these are listed. The exit code is 1 when no step could be taken
over.`,
		Args: wrongUse(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			ws, err := openWorkspace(global)
			if err != nil {
				return err
			}
			told, err := readTour(args[0])
			if err != nil {
				return err
			}
			return importTour(c.Context(), global, ws, args[0], told, source, c.OutOrStdout())
		},
	}
	c.Flags().StringVar(&source, "source", "", "the source that the tour is of; the one that has its files, when left out")
	return c
}

// maxTour is the size, in bytes, of the longest tour that is read.
const maxTour = 8 << 20

func readTour(file string) (*tour, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("reading the tour: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxTour+1))
	if err == nil && len(text) > maxTour {
		err = fmt.Errorf("%s is over %d bytes", file, maxTour)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the tour: %w", err)
	}
	var told struct {
		Ref, Title, Description, StepMarker string

		Steps []json.RawMessage
	}
	if err := json.Unmarshal(bytes.TrimPrefix(text, []byte("\ufeff")), &told); err != nil {
		return nil, fmt.Errorf("%s is no CodeTour file: %w", file, plainJSON(err))
	}
	if told.Steps == nil {
		return nil, fmt.Errorf("%s is no CodeTour file: it has no steps", file)
	}
	t := &tour{Title: told.Title, Description: told.Description, Ref: told.Ref, Steps: make([]tourStep, len(told.Steps))}
	for i, step := range told.Steps {
		if err := json.Unmarshal(step, &t.Steps[i]); err != nil {
			return nil, fmt.Errorf("%s: step %d is no step of a CodeTour file: %w", file, i+1, plainJSON(err))
		}
		if marker := cmp.Or(told.StepMarker, markerOf(told.Title)); marker != "" {
			t.Steps[i].marker = fmt.Sprintf("%s.%d", marker, i+1)
		}
	}
	return t, nil
}

var numbered = regexp.MustCompile(`^#?(\d+)\s+-`)

// markerOf returns what begins the marks of a tour's steps when the tour does
// not say: "CT2" for "2 - The router".
func markerOf(title string) string {
	if n := numbered.FindStringSubmatch(title); n != nil {
		return "CT" + n[1]
	}
	return ""
}

// importer makes notes of the steps of a tour.
type importer struct {
	file     string // that has the tour
	snapshot *snapshot.Snapshot
	course.Folder
	source   indexer.Source
	moved    *relocator        // from the tour's revision to the source's; nil when they are the same
	old, new map[string][]byte // texts of files of notes, by path from the root; nil for none

	intro        string // of the tour, for its first note
	notes, known int
	left         []string // steps that become no note, or not all of them does, and why
}

func importTour(ctx context.Context, global *globals, ws *workspace, file string, told *tour, name string, w io.Writer) error {
	now, err := openIndexed(ws)
	if err != nil {
		return err
	}
	defer now.close()
	im := &importer{file: file, snapshot: now.Snapshot, Folder: ws.folder(), old: map[string][]byte{}, new: map[string][]byte{}}
	if im.source, err = im.sourceOf(told, name); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	if told.Ref == "" || told.Ref == "HEAD" || told.Ref == im.source.Revision {
		return im.run(told, w)
	}
	err = withRelocator(ctx, global, im.source.Name, told.Ref, im.source.Revision, func(r *relocator) error {
		im.moved = r
		return im.run(told, w)
	})
	if im.moved == nil && err != nil {
		return fmt.Errorf("%s: looking for its ref %s: %w\nFetch that revision, or take the ref out of the file", file, told.Ref, err)
	}
	return err
}

// sourceOf returns the source that a tour is of: the one of that name, else the
// one that has most of its files.
func (im *importer) sourceOf(told *tour, name string) (indexer.Source, error) {
	var best indexer.Source
	most, tied := 0, false
	for _, s := range im.snapshot.Sources() {
		has := 0
		for _, step := range told.Steps {
			if _, ok := im.snapshot.FileIndex(s.Name, cleanPath(step.File)); ok && step.File != "" {
				has++
			}
		}
		switch {
		case s.Name == name:
			return s, nil
		case has > most:
			best, most, tied = s, has, false
		case has == most:
			tied = true
		}
	}
	switch {
	case name != "":
		return best, usageError{noSource(name, sourceNames(im.snapshot.Sources()))}
	case most == 0:
		return best, errors.New("no source has a file of the tour; say with --source which one it is of")
	case tied:
		return best, usageError{errors.New("several sources have the tour's files; say with --source which one it is of")}
	}
	return best, nil
}

// cleanPath returns the path of a step as sources have it.
func cleanPath(file string) string {
	return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(file, "\\", "/")), "/")
}

func (im *importer) run(told *tour, w io.Writer) error {
	im.intro = introduction(told)
	for i, step := range told.Steps {
		if why, err := im.take(step); err != nil {
			return fmt.Errorf("%s: step %d: %w", im.file, i+1, err)
		} else if why != "" {
			im.left = append(im.left, fmt.Sprintf("%s: step %d: %s", im.file, i+1, why))
		} else if len(step.Commands) > 0 {
			im.left = append(im.left, fmt.Sprintf("%s: step %d: taken over without its commands: %s", im.file, i+1, strings.Join(step.Commands, ", ")))
		}
	}
	if err := im.write(); err != nil {
		return fmt.Errorf("writing the notes: %w", err)
	}
	fmt.Fprintf(w, "%d notes in %d files, %d were there already\n", im.notes, len(im.new), im.known)
	for _, why := range im.left {
		fmt.Fprintf(w, "  %s\n", why)
	}
	if im.notes+im.known == 0 {
		return errors.New("no step could be taken over")
	}
	return nil
}

// quotable takes from a text what would end a quotation before its end, or a
// note cannot hold.
var quotable = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd")

// introduction returns what a tour says of itself, as a quotation.
func introduction(told *tour) string {
	description := strings.TrimSpace(quotable.Replace(told.Description))
	if description == "" {
		return ""
	}
	if title := strings.Join(strings.Fields(quotable.Replace(told.Title)), " "); title != "" {
		description = "**" + title + "**\n\n" + description
	}
	return strings.ReplaceAll("> "+strings.ReplaceAll(description, "\n", "\n> "), "> \n", ">\n") + "\n\n"
}

// take makes a note of a step, and returns why it does not when it cannot.
func (im *importer) take(step tourStep) (why string, err error) {
	p, why := im.place(step)
	if why != "" {
		return why, nil
	}
	draft := course.NoteDraft{Path: p.Path, Lines: p.Lines, Text: strings.TrimSpace(step.Description)}
	if step.Title != "" && step.Title != noteTitle && !strings.HasPrefix(draft.Text, "#") {
		draft.Text = strings.TrimSpace("**" + step.Title + "**\n\n" + draft.Text)
	}
	if draft.Text == "" {
		return "it says nothing", nil
	}
	draft.Text = im.intro + draft.Text
	name := im.NotePath(im.source.Name, p.Path)
	text, err := im.text(name)
	if err != nil {
		return "", err
	}
	out, index, err := course.AddNote(name, text, draft)
	if errors.Is(err, course.ErrNoteOpen) || errors.Is(err, course.ErrNotePlace) {
		return err.Error(), nil
	}
	if err != nil {
		return "", err
	}
	im.intro = ""
	if repeats(course.ParseNotes(name, out), index) {
		im.known++
		return "", nil
	}
	im.notes++
	im.new[name] = out
	return "", nil
}

// repeats reports whether another note of l says the same of the same lines.
func repeats(l *annotations.Lesson, note int) bool {
	cited := l.Citations[l.Notes[note].Citation].Cited
	for i := range l.Notes {
		if i != note && l.Citations[l.Notes[i].Citation].Cited == cited && course.NoteText(l, i) == course.NoteText(l, note) {
			return true
		}
	}
	return false
}

// text returns a file of notes as it is to be, nil when there is none.
func (im *importer) text(name string) ([]byte, error) {
	if text, ok := im.new[name]; ok {
		return text, nil
	}
	text, err := im.read(name)
	if err == nil {
		im.old[name] = text
	}
	return text, err
}

func (im *importer) read(name string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(im.Root, filepath.FromSlash(name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

// place returns where a step is now, or why it is nowhere.
func (im *importer) place(step tourStep) (p annotations.Place, why string) {
	switch {
	case step.Contents != nil:
		return p, fmt.Sprintf("%s is a file of the tour's own: notes are on files of sources", cmp.Or(step.File, "it"))
	case step.URI != "":
		return p, "it is at " + step.URI + ": notes are on files of sources"
	case step.File == "" && step.View != "":
		return p, "it is at the editor's view " + step.View + ": notes are on files"
	case step.File == "" && step.Directory != "":
		return p, "it is at the folder " + step.Directory + ": notes are on files"
	case step.File == "":
		return p, "it is at no file"
	}
	p = annotations.Place{Source: im.source.Name, Path: cleanPath(step.File), Lines: step.lines()}
	if im.moved != nil && !p.Lines.IsZero() {
		return im.follow(p)
	}
	file, ok := im.snapshot.FileIndex(p.Source, p.Path)
	if !ok {
		return p, fmt.Sprintf("%s has no file %s", p.Source, p.Path)
	}
	text := im.snapshot.Text(file)
	if p.Lines.IsZero() && step.Pattern != "" {
		expression, err := regexp.Compile("(?m)" + step.Pattern)
		if err != nil {
			return p, fmt.Sprintf("its pattern %s is not understood: give the step a line", step.Pattern)
		}
		if p.Lines = matching(text, expression); p.Lines.IsZero() {
			return p, fmt.Sprintf("no line of %s matches %s", p.Path, step.Pattern)
		}
	}
	if p.Lines.IsZero() && step.Pattern == "" && step.marker != "" {
		p.Lines = matching(text, regexp.MustCompile(regexp.QuoteMeta(step.marker)+`\b`))
	}
	if n := countLines(text); p.Lines.Last > n {
		return p, fmt.Sprintf("%s has %d lines, not %s", p.Path, n, p.Lines)
	}
	return p, ""
}

// follow returns where lines of the tour's revision are now.
func (im *importer) follow(p annotations.Place) (annotations.Place, string) {
	r := relocation{Path: p.Path, Start: p.Lines.First, End: p.Lines.Last}
	if err := im.moved.translate(&r); err != nil {
		return p, err.Error()
	}
	if r.Verdict != annotations.Same && r.Verdict != annotations.Moved {
		return p, fmt.Sprintf("%s:%s is %s since %.12s: navigator relocate tells more", p.Path, p.Lines, r.Verdict, im.moved.revision)
	}
	p.Path, p.Lines = r.GotPath, indexer.Lines{First: r.GotStart, Last: r.GotEnd}
	if _, ok := im.snapshot.FileIndex(p.Source, p.Path); !ok {
		return p, fmt.Sprintf("%s is not indexed", p.Path)
	}
	return p, ""
}

// lines returns the lines of a step, zero for a whole file. A selection that
// ends before the first character of a line does not have that line.
func (s *tourStep) lines() indexer.Lines {
	if s.Selection == nil {
		return indexer.Lines{First: max(s.Line, 0), Last: max(s.Line, 0)}
	}
	from, to := s.Selection.Start, s.Selection.End
	if to.Character <= 1 && to.Line > from.Line {
		to.Line--
	}
	return indexer.Lines{First: max(min(from.Line, to.Line), 1), Last: max(from.Line, to.Line, 1)}
}

// matching returns the line where the first match of a regular expression
// begins, as CodeTour looks for it.
func matching(text []byte, expression *regexp.Regexp) indexer.Lines {
	at := expression.FindIndex(text)
	if at == nil {
		return indexer.Lines{}
	}
	line := bytes.Count(text[:at[0]], []byte{'\n'}) + 1
	return indexer.Lines{First: line, Last: line}
}

// write writes the files of notes, and none of them when one cannot be written
// or has changed meanwhile.
func (im *importer) write() error {
	var written []string
	back := func(cause error) error {
		for _, name := range written {
			file := filepath.Join(im.Root, filepath.FromSlash(name))
			if im.old[name] == nil {
				cause = errors.Join(cause, os.Remove(file))
			} else {
				cause = errors.Join(cause, replaceFile(file, im.old[name], 0o644))
			}
		}
		return cause
	}
	for _, name := range slices.Sorted(maps.Keys(im.new)) {
		now, err := im.read(name)
		if err == nil && !bytes.Equal(now, im.old[name]) {
			err = fmt.Errorf("%s has changed meanwhile: import again", name)
		}
		file := filepath.Join(im.Root, filepath.FromSlash(name))
		if err == nil {
			err = os.MkdirAll(filepath.Dir(file), 0o755)
		}
		if err == nil {
			err = replaceFile(file, im.new[name], 0o644)
		}
		if err != nil {
			return back(err)
		}
		written = append(written, name)
	}
	return nil
}
