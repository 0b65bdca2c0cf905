package search_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"navigator/indexer/search"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestText runs the queries of testdata/text/*.txtar. The comment of an
// archive is a query a line: literal or regexp, options, and the pattern.
// Files are those of the corpus; the file "want" is what is found.
func TestText(t *testing.T) {
	archives, err := filepath.Glob("testdata/text/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatalf("no archives in testdata/text: %v", err)
	}
	for _, path := range archives {
		t.Run(filepath.Base(path), func(t *testing.T) { testTextArchive(t, path) })
	}
}

func testTextArchive(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := new(corpus)
	want := -1
	for i, f := range archive.Files {
		if f.Name == "want" {
			want = i
			continue
		}
		c.add(t, f.Name, string(f.Data))
	}
	if want < 0 {
		t.Fatal("the archive has no file named want")
	}
	e := c.open(t, 1)
	var got strings.Builder
	for line := range strings.Lines(string(archive.Comment)) {
		if line = strings.TrimSpace(line); line != "" {
			fmt.Fprintf(&got, "== %s\n", line)
			writeText(&got, c, e, parseTextQuery(t, line))
		}
	}
	if got.String() == string(archive.Files[want].Data) {
		return
	}
	if !*update {
		t.Fatalf("finds\n%s\nwant\n%s", got.String(), archive.Files[want].Data)
	}
	archive.Files[want].Data = []byte(got.String())
	if err := os.WriteFile(path, txtar.Format(archive), 0o666); err != nil {
		t.Fatal(err)
	}
}

func parseTextQuery(t *testing.T, line string) (q search.TextQuery) {
	options, pattern, ok := strings.Cut(line, " / ")
	if !ok {
		t.Fatalf("%q has no pattern behind a slash", line)
	}
	q.Pattern = pattern
	for option := range strings.FieldsSeq(options) {
		name, value, _ := strings.Cut(option, "=")
		number := 0
		fmt.Sscan(value, &number)
		switch name {
		case "literal":
		case "regexp":
			q.Regexp = true
		case "anycase":
			q.IgnoreCase = true
		case "context":
			q.Context = number
		case "files":
			q.MaxFiles = number
		case "lines":
			q.MaxLines = number
		case "path":
			q.Paths = append(q.Paths, value)
		case "source":
			q.Sources = append(q.Sources, value)
		default:
			t.Fatalf("there is no option %q", name)
		}
	}
	return q
}

func writeText(w *strings.Builder, c *corpus, e *search.Engine, q search.TextQuery) {
	sum, err := e.Text(context.Background(), q, func(m search.FileMatches) bool {
		fmt.Fprintf(w, "%s:%s\n", c.files[m.File].Source, c.files[m.File].Path)
		for _, l := range m.Lines {
			sep := ":"
			if l.Context {
				sep = "-"
			}
			text := mark(l.Text, l.Matches)
			if l.Skipped > 0 {
				text = fmt.Sprintf("…%d…%s", l.Skipped, text)
			}
			if l.Cut {
				text += "…"
			}
			fmt.Fprintf(w, "%d%s%s\n", l.Number, sep, text)
		}
		if m.More {
			fmt.Fprintln(w, "more")
		}
		return true
	})
	if err != nil {
		fmt.Fprintln(w, "error:", err)
		return
	}
	fmt.Fprintf(w, "%d files, %d lines", sum.Files, sum.Lines)
	if sum.Limited {
		fmt.Fprint(w, ", limited")
	}
	fmt.Fprintln(w)
}

// manyFiles is a corpus large enough for several goroutines to search.
func manyFiles(tb testing.TB, n int) *corpus {
	c := new(corpus)
	text := strings.Repeat("int counter = 0;\n", 2000)
	for i := range n {
		c.add(tb, fmt.Sprintf("a:source/%04d.cc", i), text+fmt.Sprintf("// needle %d\n", i))
	}
	return c
}

func TestTextOrder(t *testing.T) {
	e := manyFiles(t, 300).open(t, 1)
	next := 0
	sum, err := e.Text(context.Background(), search.TextQuery{Pattern: "needle", MaxFiles: 1000}, func(m search.FileMatches) bool {
		if m.File != next {
			t.Errorf("file %d comes where %d should", m.File, next)
		}
		next++
		return true
	})
	if err != nil || sum != (search.Summary{Files: 300, Lines: 300}) {
		t.Errorf("%+v, %v", sum, err)
	}
}

func TestTextStops(t *testing.T) {
	e := manyFiles(t, 300).open(t, 1)
	q := search.TextQuery{Pattern: "needle", MaxFiles: 5}
	sum, err := e.Text(context.Background(), q, func(search.FileMatches) bool { return true })
	if err != nil || sum != (search.Summary{Files: 5, Lines: 5, Limited: true}) {
		t.Errorf("at its limit: %+v, %v", sum, err)
	}
	calls := 0
	sum, err = e.Text(context.Background(), q, func(search.FileMatches) bool { calls++; return calls < 3 })
	if err != nil || calls != 3 {
		t.Errorf("when told so: %d calls, %+v, %v", calls, sum, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	sum, err = e.Text(ctx, q, func(search.FileMatches) bool { cancel(); return true })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("when the context ends: %+v, %v", sum, err)
	}
}

// TestTextTimeout checks that a search in the midst of one file ends with its
// context.
func TestTextTimeout(t *testing.T) {
	c := new(corpus)
	c.add(t, "a:long.txt", "c"+strings.Repeat("ab", 4<<20)) // the pattern wants a c
	e := c.open(t, 1)
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	// An automaton of this has 2^200 states.
	_, err := e.Text(ctx, search.TextQuery{Pattern: "(a|b)*a(a|b){200}c", Regexp: true}, func(search.FileMatches) bool { return true })
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("ends with %v", err)
	}
}

func TestTextErrors(t *testing.T) {
	e := manyFiles(t, 1).open(t, 1)
	for _, test := range []struct {
		query search.TextQuery
		want  string
	}{
		{search.TextQuery{}, "there is nothing to search for"},
		{search.TextQuery{Pattern: "a\nb"}, "text is searched line by line, and the pattern has several lines"},
		{search.TextQuery{Pattern: "a(b", Regexp: true}, "the regular expression is wrong: missing closing ): a(b"},
		{search.TextQuery{Pattern: "a(b", Regexp: true, IgnoreCase: true}, "the regular expression is wrong: missing closing ): a(b"},
		{search.TextQuery{Pattern: "*", Regexp: true, IgnoreCase: true}, "the regular expression is wrong: missing argument to repetition operator: *"},
		{search.TextQuery{Pattern: "a", Filter: search.Filter{Paths: []string{"a["}}}, `"a[" is no well-formed glob`},
	} {
		_, err := e.Text(context.Background(), test.query, nil)
		var bad *search.QueryError
		if !errors.As(err, &bad) || bad.Reason != test.want {
			t.Errorf("%+v: error %v, want %s", test.query, err, test.want)
		}
	}
}

// FuzzText compares with what package regexp finds line by line.
func FuzzText(f *testing.F) {
	for _, pattern := range []string{"a", "^a", "a$", "^$", `\bfoo\b`, `[a-c]+x`, "(?i)straße", "a|bc|", `\w+\s*=\s*\d+`, "[^a]é", "(a|b)*c{2,3}", `\Bo`, "x*", "é.ñ", `\x{ff}`, "(?s).", `\r$`} {
		f.Add(pattern, "foo bar\nfoo_bar = 12\n\nSTRASSE straße\r\nabcabcx\xff\xc3\né1ñ", false, true)
		f.Add(pattern, "é\n\n", true, false)
	}
	c := new(corpus)
	c.add(f, "a:b.txt", "")
	e := c.open(f, 1)
	f.Fuzz(func(t *testing.T, pattern, text string, anyCase, isRegexp bool) {
		if len(pattern) > 50 || len(text) > 1000 || pattern == "" || strings.Contains(pattern, "\n") {
			return
		}
		expression := pattern
		if !isRegexp {
			expression = regexp.QuoteMeta(pattern)
		}
		if anyCase {
			expression = "(?i:" + expression + ")"
		}
		compiled, err := regexp.Compile(expression)
		if err != nil || anyCase && strings.ContainsAny(pattern+text, "ſK") || !utf8.ValidString(pattern) {
			return // ſ and the Kelvin sign are not taken for s and k
		}
		c.texts[0] = []byte(text)
		var got []int
		q := search.TextQuery{Pattern: pattern, Regexp: isRegexp, IgnoreCase: anyCase, MaxLines: 1000}
		if _, err := e.Text(context.Background(), q, func(m search.FileMatches) bool {
			for _, l := range m.Lines {
				got = append(got, l.Number)
			}
			return true
		}); err != nil {
			t.Fatalf("%q: %v", pattern, err)
		}
		var want []int
		for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
			if text != "" && compiled.MatchString(line) {
				want = append(want, i+1)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q in %q: lines %v, want %v", expression, text, got, want)
		}
	})
}

func BenchmarkText(b *testing.B) {
	c := realTrees(b)
	size := 0
	for _, text := range c.texts {
		size += len(text)
	}
	for _, q := range []struct {
		name  string
		query search.TextQuery
	}{
		{"literal", search.TextQuery{Pattern: "ConnectionManagerImpl"}},
		{"literal-absent", search.TextQuery{Pattern: "no such text in there"}},
		{"literal-common", search.TextQuery{Pattern: "return nothing"}},
		{"literal-spaces", search.TextQuery{Pattern: "      e_x_"}},
		{"anycase", search.TextQuery{Pattern: "CONNECTIONMANAGERIMPLX", IgnoreCase: true}},
		{"anycase-common", search.TextQuery{Pattern: "tests_tset", IgnoreCase: true}},
		{"regexp-literal", search.TextQuery{Pattern: `void\s+ConnectionManagerImpl::on\w+`, Regexp: true}},
		{"regexp-assign", search.TextQuery{Pattern: `\w+\s*=\s*\d+`, Regexp: true}},
		{"regexp-include", search.TextQuery{Pattern: `^#include`, Regexp: true}},
		{"regexp-capitals", search.TextQuery{Pattern: `[A-Z]{12,}`, Regexp: true}},
		{"regexp-alternatives", search.TextQuery{Pattern: `\b(foo|bar|baz)qqq\b`, Regexp: true}},
		{"regexp-states", search.TextQuery{Pattern: `(a|b|c)\w{12}z\dQ`, Regexp: true}},
		{"regexp-anycase", search.TextQuery{Pattern: `conn\w*manag\w*xyz`, Regexp: true, IgnoreCase: true}},
	} {
		for _, all := range []bool{false, true} {
			name := q.name
			if all {
				name += "-unlimited"
				q.query.MaxFiles = 1 << 30
			}
			b.Run(name, func(b *testing.B) {
				e := c.open(b, 1)
				b.SetBytes(int64(size))
				var samples []time.Duration
				for b.Loop() {
					start := time.Now()
					if _, err := e.Text(context.Background(), q.query, func(search.FileMatches) bool { return true }); err != nil {
						b.Fatal(err)
					}
					samples = append(samples, time.Since(start))
				}
				percentiles(b, samples)
			})
		}
	}
}
