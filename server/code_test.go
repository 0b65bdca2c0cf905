package server

import (
	"bufio"
	"bytes"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"

	"navigator/annotations"
	"navigator/indexer"
)

func htmlOf(c listing) string {
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	c.write(w)
	w.Flush()
	return b.String()
}

var tags = regexp.MustCompile(`<a class=n[^>]*>\d+</a>|<a class=m[^>]*>\d+</a>|<[^>]*>`)

// shown returns the lines that a browser shows.
func shown(listing string) string {
	lines := strings.ReplaceAll(listing, `<div class="l`, "\n<div class=\"l")
	return strings.TrimPrefix(html.UnescapeString(tags.ReplaceAllString(lines, "")), "\n")
}

func TestListing(t *testing.T) {
	token := func(line, col, n int32, c indexer.Class) indexer.Token {
		return indexer.Token{Line: line, Col: col, Len: n, Class: c}
	}
	occurrence := func(line, col, n int32, r indexer.Role) indexer.Occurrence {
		return indexer.Occurrence{Line: line, Col: col, Len: n, Role: r}
	}
	line := func(n int, inner string) string {
		return fmt.Sprintf(`<div class="l" id=L%d><a class=n tabindex=-1 href=#L%d>%d</a>%s</div>`, n, n, n, inner)
	}
	for _, c := range []struct {
		name string
		listing
		want string
	}{
		{"nothing", listing{}, ""},
		{"without a newline at the end", listing{text: []byte("a\nb")}, line(1, "a") + line(2, "b")},
		{"empty lines", listing{text: []byte("\n\n")}, line(1, "") + line(2, "")},
		{"lines of Windows", listing{text: []byte("a\r\n")}, line(1, "a")},
		{"marks of HTML", listing{text: []byte(`<a b="c">&`)}, line(1, "&lt;a b=&#34;c&#34;&gt;&amp;")},
		{"a NUL", listing{text: []byte("a\x00b")}, line(1, "a\uFFFDb")},
		{"tokens and identifiers", listing{text: []byte("if x"), tokens: []indexer.Token{token(1, 1, 2, indexer.Keyword)},
			occurrences: []indexer.Occurrence{occurrence(1, 4, 1, indexer.Call)}}, line(1, "<i class=k>if</i> <b class=c>x</b>")},
		{"identifiers that are read", listing{text: []byte("x"), occurrences: []indexer.Occurrence{occurrence(1, 1, 1, indexer.Read)}}, line(1, "x")},
		{"an identifier in a token", listing{text: []byte("// x"), tokens: []indexer.Token{token(1, 1, 4, indexer.Comment)},
			occurrences: []indexer.Occurrence{occurrence(1, 4, 1, indexer.Call)}}, line(1, "<i class=c>// x</i>")},
		{"beyond the line", listing{text: []byte("ab\ncd"), tokens: []indexer.Token{token(1, 2, 9, indexer.String), token(1, 7, 1, indexer.String), token(2, 1, 1, indexer.Number)}},
			line(1, "a<i class=s>b</i>") + line(2, "<i class=n>c</i>d")},
		{"out of order and of range", listing{text: []byte("ab"), tokens: []indexer.Token{token(0, 1, 1, indexer.String), token(1, 0, 1, indexer.String),
			token(1, 1, -4, indexer.String), token(1, 2, 1, 99), token(7, 1, 1, indexer.String)}}, line(1, "ab")},
	} {
		want := c.want
		if want != "" {
			want = fmt.Sprintf("<div class=b data-n=%d>%s</div>", countLines(c.text), want)
		}
		if got := htmlOf(c.listing); got != want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, want)
		}
	}
}

func TestListingBlocks(t *testing.T) {
	for lines, want := range map[int]int{1: 1, blockLines: 1, blockLines + 1: 2, 5 * blockLines: 5} {
		got := htmlOf(listing{text: bytes.Repeat([]byte("x\n"), lines)})
		if n := strings.Count(got, "<div class=b"); n != want || strings.Count(got, "data-n=") != min(lines%blockLines, 1) || strings.Count(got, "<div") != strings.Count(got, "</div>") {
			t.Errorf("%d lines are in %d blocks, want %d", lines, n, want)
		}
	}
}

// Whatever is highlighted, the text that shows is the file's.
func FuzzListing(f *testing.F) {
	f.Add([]byte("int main() {\n  return 0; // <done>\n}\n"), []byte("\x01\x01\x03\x02\x02\x03\x06\x01"))
	f.Fuzz(func(t *testing.T, text, marks []byte) {
		c := listing{text: text}
		for len(marks) >= 4 {
			line, col, n, kind := int32(int8(marks[0])), int32(int8(marks[1])), int32(int8(marks[2])), marks[3]
			if kind%2 == 0 {
				c.tokens = append(c.tokens, indexer.Token{Line: line, Col: col, Len: n, Class: indexer.Class(kind / 2)})
			} else {
				c.occurrences = append(c.occurrences, indexer.Occurrence{Line: line, Col: col, Len: n, Role: indexer.Role(kind / 2)})
			}
			marks = marks[4:]
		}
		want := strings.TrimSuffix(strings.ReplaceAll("\n"+string(text)+"\n", "\r\n", "\n"), "\n")
		want = strings.ReplaceAll(strings.TrimPrefix(want, "\n"), "\x00", "\uFFFD")
		if len(text) > 0 && text[len(text)-1] == '\n' {
			want = strings.TrimSuffix(want, "\n")
		}
		if got := shown(htmlOf(c)); got != want {
			t.Fatalf("shown %q, want %q", got, want)
		}
	})
}

func FuzzPieces(f *testing.F) {
	f.Add("para contar", 5, 11, 2, 3)
	f.Fuzz(func(t *testing.T, text string, a, b, c, d int) {
		var joined strings.Builder
		for _, p := range pieces(text, []Range{{a, b}, {c, d}}) {
			joined.WriteString(p.Text)
		}
		if joined.String() != text {
			t.Fatalf("%q became %q", text, joined.String())
		}
	})
}

// Ranges that overlap never share a lane while there is one free.
func TestLanes(t *testing.T) {
	for _, c := range []struct {
		ranges [][2]int
		want   []int
	}{
		{[][2]int{{1, 3}, {4, 6}}, []int{0, 0}},
		{[][2]int{{1, 3}, {3, 6}, {4, 4}}, []int{0, 1, 0}},
		{[][2]int{{1, 400}, {1, 500}, {2, 3}, {3, 3}, {3, 9}, {4, 4}}, []int{0, 1, 2, 3, 3, 2}},
		{[][2]int{{0, 0}, {1, 3}}, []int{0, 0}},
	} {
		var all []annotations.Annotation
		for _, r := range c.ranges {
			all = append(all, annotations.Annotation{Place: annotations.Place{Lines: indexer.Lines{First: r[0], Last: r[1]}}, Lesson: "a", Citation: -1, Section: -1})
		}
		groups, err := groupAnnotations(oneLesson{}, "en", all, indexer.Lines{})
		if err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, g := range groups {
			got = append(got, g.Lane)
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%v: lanes %v, want %v", c.ranges, got, c.want)
		}
	}
}

// oneLesson is a View that has a lesson "a" and nothing else.
type oneLesson struct{ View }

func (oneLesson) Course() *annotations.Course {
	return &annotations.Course{Lessons: []*annotations.Lesson{{ID: "a"}}}
}
func (oneLesson) Resolutions(string) []annotations.Resolution   { return nil }
func (oneLesson) Verdicts(string) []annotations.CitationVerdict { return nil }
func (oneLesson) Excerpts(string) []annotations.ExcerptVerdict  { return nil }
func (oneLesson) FragmentHTML(string, indexer.Lines, Links) (string, error) {
	return "", nil
}

// sourceLike returns text that has the shape of a C++ file of that many bytes,
// with a token or an identifier about every eight bytes.
func sourceLike(size int) listing {
	const line = "  const auto& entry = ledger_->find(name(\"total\"), 42); // <see> add()\n"
	var c listing
	for n := int32(1); len(c.text) < size; n++ {
		c.text = append(c.text, line...)
		for _, at := range [][2]int32{{3, 5}, {9, 4}, {42, 7}, {52, 2}, {57, 16}} {
			c.tokens = append(c.tokens, indexer.Token{Line: n, Col: at[0], Len: at[1], Class: indexer.Class(1 + at[0]%5)})
		}
		for i, at := range [][2]int32{{15, 5}, {23, 7}, {32, 4}, {37, 4}} {
			c.occurrences = append(c.occurrences, indexer.Occurrence{Line: n, Col: at[0], Len: at[1], Role: indexer.Role(i)})
		}
	}
	return c
}

func BenchmarkListing(b *testing.B) {
	for _, size := range []int{6 << 10, 125 << 10, 250 << 10} {
		c := sourceLike(size)
		b.Run(fmt.Sprintf("%dkB", size>>10), func(b *testing.B) {
			b.SetBytes(int64(len(c.text)))
			b.ReportAllocs()
			for b.Loop() {
				w := bufio.NewWriterSize(io.Discard, 64<<10)
				c.write(w)
				w.Flush()
			}
		})
	}
}

func TestSignature(t *testing.T) {
	text := []byte("// a\nint add(int a,\n        int b) {\n}\n")
	at := func(fromLine, fromCol, toLine, toCol int32) indexer.Symbol {
		return indexer.Symbol{Span: indexer.Span{Start: indexer.Position{Line: fromLine, Col: fromCol}}, HeadEnd: indexer.Position{Line: toLine, Col: toCol}}
	}
	for _, c := range []struct {
		symbol indexer.Symbol
		want   string
	}{
		{at(2, 1, 3, 14), "int add(int a, int b)"},
		{at(2, 5, 2, 7), "add"},
		{at(2, 5, 0, 0), ""},
		{at(0, 0, 0, 0), ""},
		{at(3, 9, 2, 1), ""},
		{at(99, 1, 99, 5), ""},
		{at(4, 1, 99, 5), "}"},
	} {
		if got := signature(text, c.symbol); got != c.want {
			t.Errorf("%+v: %q, want %q", c.symbol, got, c.want)
		}
	}
}
