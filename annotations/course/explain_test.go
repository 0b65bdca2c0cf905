package course_test

import (
	"testing"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/indexer"
)

func TestExplanation(t *testing.T) {
	for name, test := range map[string]struct {
		text        string
		first, last int
		want        string
	}{
		"paragraph":        {"Uno\ndos.\n", 1, 2, "Uno\ndos."},
		"list item":        {"- a\n  - `b.cc:3`, el\n    segundo\n", 2, 3, "- `b.cc:3`, el\n  segundo"},
		"table row":        {"| A | B |\n|---|---|\n| `a.cc` | x \\| y |\n", 3, 3, "`a.cc` — x | y"},
		"table":            {"| A | B |\n|---|---|\n| c |  |\n", 1, 3, "A — B\n\nc"},
		"code of a source": {"Antes:\n\n```cpp\n// a.cc:3\nf();\n```\n", 1, 6, "Antes:"},
		"commands":         {"```bash\ncat a.cc\n```\n", 1, 3, "```bash\ncat a.cc\n```"},
		"links":            {"[a](b.md#c), ![p](d.png) y [w](https://example.org/x)\n", 1, 1, "a, p y [w](https://example.org/x)"},
		"links to code":    {"[a](src/b.cc:3), [c](command:x?[1])\n", 1, 1, "a, c"},
		"captures":         {"Con `[this]() { f(); }`, [a](b.md)\n", 1, 1, "Con `[this]() { f(); }`, a"},
		"beyond the end":   {"Uno\n", 1, 99, "Uno"},
		"nothing":          {"Uno\n", 0, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := course.Parse("a.md", []byte(test.text))
			got := course.Explanation(l, annotations.Annotation{Prose: indexer.Lines{First: test.first, Last: test.last}, Citation: -1})
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
