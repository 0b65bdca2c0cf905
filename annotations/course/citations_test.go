package course_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/indexer"
)

// spelling is a citation as a person marked it in testdata/spellings: between
// ⟦ and ⟧, behind ¦ the lines that words outside give.
type spelling struct {
	line, col int32
	raw       string
	lines     string // "" unless marked or written with a colon or #
}

var (
	marked = regexp.MustCompile(`⟦([^⟧¦]*)(?:¦([\d-]+))?⟧`)
	ranged = regexp.MustCompile(`(?::[~L ]?|#L|líneas? |\()(\d+)(?:[-–]L?(\d+))?`)
)

// unmark returns the lesson without its marks, and what they marked.
func unmark(text string) (string, []spelling) {
	var out strings.Builder
	var want []spelling
	line, col := int32(1), int32(1)
	advance := func(s string) {
		out.WriteString(s)
		if n := strings.Count(s, "\n"); n > 0 {
			line += int32(n)
			col = int32(len(s) - strings.LastIndexByte(s, '\n'))
		} else {
			col += int32(len(s))
		}
	}
	last := 0
	for _, m := range marked.FindAllStringSubmatchIndex(text, -1) {
		advance(text[last:m[0]])
		s := spelling{line: line, col: col, raw: text[m[2]:m[3]]}
		if r := ranged.FindStringSubmatch(s.raw); r != nil {
			s.lines = r[1]
			if r[2] != "" {
				s.lines += "-" + r[2]
			}
		}
		if m[4] >= 0 {
			s.lines = text[m[4]:m[5]]
		}
		want = append(want, s)
		advance(s.raw)
		last = m[1]
	}
	advance(text[last:])
	return out.String(), want
}

// TestSpellings measures the grammar on lessons whose citations a person
// marked, traps between them.
func TestSpellings(t *testing.T) {
	hits, wanted, found := 0, 0, 0
	for _, name := range spellings(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		plain, want := unmark(string(text))
		got := map[spelling]bool{}
		for _, c := range course.Parse(filepath.Base(name), []byte(plain)).Citations {
			got[spelling{c.Span.Start.Line, c.Span.Start.Col, c.Raw, c.Cited.String()}] = true
		}
		wanted, found = wanted+len(want), found+len(got)
		for _, w := range want {
			if got[w] {
				hits++
				delete(got, w)
			} else {
				t.Errorf("%s:%d:%d: missed %q lines %q", name, w.line, w.col, w.raw, w.lines)
			}
		}
		for g := range got {
			t.Errorf("%s:%d:%d: false %q lines %q", name, g.line, g.col, g.raw, g.lines)
		}
	}
	t.Logf("%d marked, recall %.3f, precision %.3f", wanted, float64(hits)/float64(wanted), float64(hits)/float64(found))
}

// TestSpans holds what rewrites rely on: Raw is the text at Span, and Digits
// are the digits of Cited.
func TestSpans(t *testing.T) {
	for _, name := range spellings(t) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		plain, _ := unmark(string(text))
		checkSpans(t, course.Parse("x.md", []byte(plain)))
	}
}

func spellings(t testing.TB) []string {
	files, err := filepath.Glob("testdata/spellings/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no lessons: %v", err)
	}
	return files
}

// checkSpans fails when a citation's spans are out of bounds, out of order,
// or not those of its text.
func checkSpans(t *testing.T, l *annotations.Lesson) {
	t.Helper()
	lines := strings.SplitAfter(string(l.Text), "\n")
	at := func(s indexer.Span) string {
		if s.Start.Line != s.End.Line || int(s.Start.Line) > len(lines) || s.Start.Line < 1 {
			t.Fatalf("%v is no span of one line of %q", s, l.Text)
		}
		line := lines[s.Start.Line-1]
		if s.Start.Col < 1 || s.End.Col < s.Start.Col || int(s.End.Col) > len(line) {
			t.Fatalf("%v is out of bounds of %q", s, line)
		}
		return line[s.Start.Col-1 : s.End.Col]
	}
	var last indexer.Position
	for i, c := range l.Citations {
		if got := at(c.Span); got != c.Raw {
			t.Errorf("citation %d: %q at %v, not %q", i, got, c.Span, c.Raw)
		}
		if p := c.Span.Start; p.Line < last.Line || p.Line == last.Line && p.Col <= last.Col {
			t.Errorf("citation %d at %v does not come after %v", i, p, last)
		}
		last = c.Span.End
		if c.Cited.IsZero() != (c.Digits == indexer.Span{}) {
			t.Errorf("citation %d, %q: lines %v but digits %v", i, c.Raw, c.Cited, c.Digits)
		}
		if !c.Cited.IsZero() {
			digits := at(c.Digits)
			if !strings.Contains(digits, strconv.Itoa(c.Cited.First)) && !strings.Contains(digits, strconv.Itoa(c.Cited.Last)) {
				t.Errorf("citation %d: digits %q of lines %v", i, digits, c.Cited)
			}
		}
		if c.Path == "" || c.Prose.First < 1 || c.Prose.Last > len(lines) || !c.Prose.Contains(int(c.Span.Start.Line)) {
			t.Errorf("citation %d: path %q, prose %v around line %d", i, c.Path, c.Prose, c.Span.Start.Line)
		}
		if c.Section < -1 || c.Section >= len(l.Sections) {
			t.Errorf("citation %d: section %d of %d", i, c.Section, len(l.Sections))
		}
	}
	for i, e := range l.Excerpts {
		if e.Lines.First < 1 || e.Lines.Last > len(lines) || e.Citation >= len(l.Citations) {
			t.Errorf("excerpt %d: %+v", i, e)
		}
	}
	for _, s := range l.Sections {
		if s.Lines.First < 1 || s.Lines.Last < s.Lines.First || s.Lines.Last > len(lines) {
			t.Errorf("section %q: lines %v", s.Title, s.Lines)
		}
	}
}

// FuzzParse: whatever the bytes, nothing panics, spans hold, and what is
// rendered is safe.
func FuzzParse(f *testing.F) {
	for _, name := range spellings(f) {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		plain, _ := unmark(string(text))
		for section := range strings.SplitSeq(plain, "\n#") {
			f.Add([]byte("#" + section))
		}
	}
	f.Add([]byte("```\nsource/\n├── a.cc:0-\n```cpp\n// a.{h,cc}:9-3"))
	f.Add([]byte("| Archivo | Línea |\n|---|---|\n| a\\|b.cc | 3 |\n| `a.cc` | 0 |"))
	f.Add([]byte("<details><a href=\"javascript:x\" onclick=y>`a.cc`(líneas 3-1)\r\n[x](a.cc#L3)"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l := course.Parse("01_a/b.md", text)
		checkSpans(t, l)
		course.Texts(l)
		r := course.NewRenderer(course.Options{})
		checkSafe(t, string(r.Lesson(l, links{})))
		for _, c := range l.Citations[:min(4, len(l.Citations))] {
			checkSafe(t, string(r.Fragment(l, c.Prose, nil)))
		}
	})
}
