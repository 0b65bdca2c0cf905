package plain_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/chroma/v2/lexers"

	"navigator/indexer"
	"navigator/indexer/syntax/fixture"
	"navigator/indexer/syntax/plain"
)

func TestHighlight(t *testing.T) {
	for _, test := range []struct {
		path, text string
		want       []string
	}{
		{"a/b.py", "# note\ndef f(x):\n    return \"a\", 1\n", []string{
			"1:1 comment # note", "2:1 keyword def", "2:5 name f", "2:6 punctuation (", "2:8 punctuation ):",
			"3:5 keyword return", `3:12 string "a"`, "3:15 punctuation ,", "3:17 number 1",
		}},
		{"BUILD", "x(\n    name = 'é',\n)\n", []string{
			"1:2 punctuation (", "2:10 punctuation =", "2:12 string 'é'", "2:16 punctuation ,", "3:1 punctuation )",
		}},
		{"a.yaml", "key: true # why\r\nother: 3\r\n", []string{
			"1:1 name key", "1:4 punctuation :", "1:6 keyword true", "1:11 comment # why",
			"2:1 name other", "2:6 punctuation :", "2:8 number 3",
		}},
		{"a.js", "/* one\n\n   two */\n`a\nb`", []string{
			"1:1 comment /* one", "3:1 comment    two */", "4:1 string `a", "5:1 string b`",
		}},
		{"objective-c/a.h", "@class A; // why\n", []string{
			"1:1 keyword @class", "1:8 name A", "1:11 comment // why",
		}},
		{"a.unknown", "def f()", nil},
		{"noextension", "def f()", nil},
		{"empty.py", "", nil},
	} {
		if got := list(test.text, plain.Highlight(test.path, []byte(test.text))); !equal(got, test.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", test.path, got, test.want)
		}
	}
}

func TestHighlightKnowsItsLexers(t *testing.T) {
	known := map[string]bool{}
	for _, name := range lexers.Names(true) {
		known[strings.ToLower(name)] = true
	}
	for key, name := range plain.LexerNames {
		if !known[name] {
			t.Errorf("%s is to be read by %s, which chroma does not have", key, name)
		}
	}
}

func TestHighlightLeavesOutWhatIsTooLarge(t *testing.T) {
	if got := plain.Highlight("a.py", bytes.Repeat([]byte("x = 1\n"), plain.MaxSize)); got != nil {
		t.Errorf("a large file has %d tokens", len(got))
	}
	if got := plain.Highlight("a.js", bytes.Repeat([]byte("1;"), plain.MaxLine)); got != nil {
		t.Errorf("a long line has %d tokens", len(got))
	}
}

func TestHighlightOfBytesThatAreNoText(t *testing.T) {
	text := []byte("x = 1\ny = \xff\xfe 2\n")
	fixture.Check(t, text, &indexer.Facts{}, plain.Highlight("a.py", text))
}

func FuzzHighlight(f *testing.F) {
	for _, path := range []string{"a.py", "a.yaml", "a.md", "a.html", "a.sh", "Makefile", "a.js", "a.rst"} {
		f.Add(path, []byte("# a\nkey: 'b' <c d=\"e\"> `f` $(g) {\n\t1.5 }\r\n"))
	}
	f.Fuzz(func(t *testing.T, path string, text []byte) {
		fixture.Check(t, text, &indexer.Facts{}, plain.Highlight(path, text))
	})
}

// BenchmarkHighlight highlights the sources of chroma's own lexers' kinds: a
// large text of each language, made of one small one.
func BenchmarkHighlight(b *testing.B) {
	for path, line := range map[string]string{
		"a.py":   "def f(name, value = 3): # why\n    return [name, \"text\", value]\n",
		"a.yaml": "- name: value # why\n  list: [1, 2, \"three\"]\n",
		"a.md":   "# Heading\n\nText with `code` and **weight**.\n",
		"a.sh":   "if [[ -n \"${A}\" ]]; then echo 'b'; fi # why\n",
	} {
		b.Run(filepath.Ext(path)[1:], func(b *testing.B) {
			text := bytes.Repeat([]byte(line), 4096/len(line))
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				plain.Highlight(path, text)
			}
		})
	}
}

// list writes each token as its place, class and text.
func list(text string, tokens []indexer.Token) []string {
	names := map[indexer.Class]string{
		indexer.Comment: "comment", indexer.Keyword: "keyword", indexer.String: "string", indexer.Number: "number",
		indexer.Preprocessor: "preprocessor", indexer.Punctuation: "punctuation", indexer.Name: "name",
	}
	lines := strings.Split(text, "\n")
	var out []string
	for _, k := range tokens {
		out = append(out, fmt.Sprintf("%d:%d %s %s", k.Line, k.Col, names[k.Class], lines[k.Line-1][k.Col-1:k.Col-1+k.Len]))
	}
	return out
}

func equal(a, b []string) bool { return strings.Join(a, "\n") == strings.Join(b, "\n") }

func TestRealTrees(t *testing.T) {
	envoy := os.Getenv("NAVIGATOR_ENVOY")
	if envoy == "" {
		t.Skip("NAVIGATOR_ENVOY names no checkout")
	}
	paths, err := filepath.Glob(filepath.Join(envoy, "*"))
	if err != nil {
		t.Fatal(err)
	}
	highlighted := 0
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // a folder
		}
		tokens := plain.Highlight(path, text)
		fixture.Check(t, text, &indexer.Facts{}, tokens)
		if len(tokens) > 0 {
			highlighted++
		}
	}
	if highlighted == 0 {
		t.Error("no file in the top folder has a token")
	}
}
