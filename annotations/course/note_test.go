package course_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/indexer"
)

const notePath = "notas/olas/source/onda.cc.md"

// lessons is a course whose lessons a note may belong to.
var lessons = annotations.Course{Lessons: []*annotations.Lesson{
	{ID: "01_base/02_ondas", Path: "01_base/02_ondas.md", Title: "Las [ondas] & `más`"},
}}

// TestNotes does to the file “before” of each archive what its first line says,
// with the note “text”, and compares what comes out with “after”.
func TestNotes(t *testing.T) {
	files, err := filepath.Glob("testdata/notes/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no notes: %v", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var before, text, want []byte
			for _, f := range archive.Files {
				switch f.Name {
				case "before":
					before = f.Data
				case "text":
					text = f.Data
				case "after":
					want = f.Data
				}
			}
			line, _, _ := strings.Cut(string(archive.Comment), "\n")
			got := append(doNote(t, line, before, string(text)), describeNotes(before)...)
			if *update {
				archive.Files[len(archive.Files)-1].Data = got
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// doNote does what a line says to a file of notes, and says what came of it.
func doNote(t *testing.T, line string, before []byte, text string) []byte {
	verb, rest, _ := strings.Cut(line, " ")
	draft := course.NoteDraft{Text: text}
	if cut := strings.LastIndexByte(rest, ' '); cut > 0 {
		draft.Lesson = lessons.Lesson(rest[cut+1:])
		rest = rest[:cut]
	}
	var index int
	var out []byte
	var err error
	switch verb {
	case "add":
		colon := strings.LastIndexByte(rest, ':')
		draft.Path, draft.Lines = rest[:colon], linesOf(t, rest[colon+1:])
		out, index, err = course.AddNote(notePath, before, draft)
	case "replace":
		var digits string
		fmt.Sscan(rest, &index, &digits)
		draft.Lines = linesOf(t, digits)
		out, err = course.ReplaceNote(notePath, before, index, draft)
	case "remove":
		var removed []byte
		var from int
		fmt.Sscan(rest, &index)
		if out, removed, from, err = course.RemoveNote(notePath, before, index); err != nil {
			break
		}
		back, at, err := course.RestoreNote(notePath, out, removed, from)
		if err != nil || at != index || !bytes.Equal(back, before) {
			t.Errorf("put back at %d (%v):\n%s", at, err, back)
		}
	default:
		t.Fatalf("%q is nothing to do", line)
	}
	if err != nil {
		return []byte("refused: " + err.Error() + "\n")
	}
	return append(fmt.Appendf(nil, "note %d of\n", index), out...)
}

func linesOf(t *testing.T, digits string) (l indexer.Lines) {
	n, _ := fmt.Sscanf(digits, "%d-%d", &l.First, &l.Last)
	if n == 0 {
		t.Fatalf("%q are no lines", digits)
	}
	if n == 1 {
		l.Last = l.First
	}
	return l
}

// describeNotes says what was read of a file of notes.
func describeNotes(text []byte) []byte {
	l := course.ParseNotes(notePath, text)
	var b bytes.Buffer
	for i, n := range l.Notes {
		c := l.Citations[n.Citation]
		fmt.Fprintf(&b, "before: %q %s %v lesson %q lines %v says %q\n", c.Raw, c.Path, c.Cited, n.Lesson, n.Lines, course.NoteText(l, i))
	}
	for _, p := range l.Problems {
		fmt.Fprintf(&b, "before: %d %v\n", p.Line, p)
	}
	return b.Bytes()
}

// Whatever a file holds and a person writes, writing is refused, or the file
// says what was written and all that it said before; and taking the note out
// and putting it back gives the same bytes.
func FuzzNotes(f *testing.F) {
	files, _ := filepath.Glob("testdata/notes/*.txtar")
	for _, name := range files {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(archive.Files[0].Data, string(archive.Files[len(archive.Files)-2].Data), "source/onda.cc", 3, 9, true)
	}
	f.Fuzz(func(t *testing.T, before []byte, text, path string, first, last int, inLesson bool) {
		draft := course.NoteDraft{Path: path, Text: text}
		if first > 0 && first <= last && last < 1e6 {
			draft.Lines = indexer.Lines{First: first, Last: last}
		}
		if inLesson {
			draft.Lesson = lessons.Lessons[0]
		}
		old := course.ParseNotes(notePath, before)
		checkSpans(t, old)
		out, at, err := course.AddNote(notePath, before, draft)
		if err != nil {
			return
		}
		l := course.ParseNotes(notePath, out)
		if len(l.Notes) != len(old.Notes)+1 {
			t.Fatalf("%d notes, then %d", len(old.Notes), len(l.Notes))
		}
		for i := range old.Notes {
			j := i
			if i >= at {
				j++
			}
			if course.NoteText(old, i) != course.NoteText(l, j) || old.Citations[old.Notes[i].Citation].Raw != l.Citations[l.Notes[j].Citation].Raw {
				t.Fatalf("note %d changed", i)
			}
		}
		same := draft
		same.Text = course.NoteText(l, at)
		again, err := course.ReplaceNote(notePath, out, at, same)
		if err != nil || !bytes.Equal(again, out) {
			t.Fatalf("writing it as it is changes it: %v\n%q\n%q", err, out, again)
		}
		rest, removed, from, err := course.RemoveNote(notePath, out, at)
		if err != nil {
			t.Fatal(err)
		}
		back, index, err := course.RestoreNote(notePath, rest, removed, from)
		if err != nil || index != at || !bytes.Equal(back, out) {
			t.Fatalf("put back at %d (%v):\n%q\n%q", index, err, out, back)
		}
	})
}
