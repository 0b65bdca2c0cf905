package drift_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"navigator/annotations/course"
	"navigator/annotations/review/drift"
)

// FuzzSettle renumbers any lesson: nothing but digits changes, none in a code
// block, and what was written is settled.
func FuzzSettle(f *testing.F) {
	f.Add([]byte("# A\n\nMira `src/a.cc:4-6`, `src/a.cc` (líneas 1-3) y `a.cc:2`.\n\n| `src/a.cc:4` | x |\n\n```cpp\n// src/a.cc:1-3\nint first() {\n```\n"))
	f.Add([]byte("`src/a.cc:4` `src/a.cc:6` `src/a.cc:4`\r\n\r\n    src/a.cc:5\r\n[x](src/a.cc#L4-L6) <a.cc:3>"))
	f.Fuzz(func(t *testing.T, text []byte) {
		root := t.TempDir()
		name := filepath.Join(root, "01.md")
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
		c, err := drift.Open(course.Folder{Root: root})
		if err != nil {
			t.Fatal(err)
		}
		change, err := drift.Follow(drift.Pin(c, nil, before()), after(), nil, before()).Settle(drift.Choice{Sure: true, Edited: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := change.Commit(); err != nil {
			t.Fatal(err)
		}
		written, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(withoutDigits(text), withoutDigits(written)) {
			t.Errorf("more than digits changed:\n%q\n%q", text, written)
		}
		if !bytes.Equal(blocks(text), blocks(written)) {
			t.Errorf("a code block changed:\n%q\n%q", text, written)
		}
		if c, err = drift.Open(course.Folder{Root: root}); err != nil {
			t.Fatal(err)
		}
		again, err := drift.Follow(drift.Pin(c, nil, after()), after(), nil, before()).Settle(drift.Choice{Sure: true, Edited: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(again.Lessons()) > 0 {
			t.Errorf("it is rewritten again: %q", written)
		}
	})
}

func withoutDigits(text []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return -1
		}
		return r
	}, text)
}

// blocks returns the code blocks of a lesson.
func blocks(text []byte) (out []byte) {
	l := course.Parse("01.md", text)
	lines := bytes.SplitAfter(text, []byte("\n"))
	for _, x := range l.Excerpts {
		for n := x.Lines.First; n <= x.Lines.Last && n <= len(lines); n++ {
			out = append(out, lines[n-1]...)
		}
	}
	return out
}
