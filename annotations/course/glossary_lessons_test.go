package course_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGlossaryOfLessons compares what lessons of the usual style define with what a reader
// says that they do: each line of a file NAME.terms is a term and how its
// definition begins.
func TestGlossaryOfLessons(t *testing.T) {
	files, err := filepath.Glob("testdata/glossary/*.md")
	if err != nil || len(files) == 0 {
		t.Fatalf("no lessons: %v", err)
	}
	right, wanted, found := 0, 0, 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		labels, err := os.ReadFile(strings.TrimSuffix(file, ".md") + ".terms")
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		for line := range strings.Lines(string(labels)) {
			name, definition, _ := strings.Cut(strings.TrimSpace(line), ": ")
			want[name] = definition
		}
		wanted += len(want)
		for _, term := range loadText(t, map[string]string{"a.md": string(text)}).Glossary {
			found++
			if begins, ok := want[term.Name]; ok && strings.HasPrefix(term.Definition, begins) {
				right++
				delete(want, term.Name)
				continue
			}
			t.Errorf("%s: %q is said to be %q", filepath.Base(file), term.Name, term.Definition)
		}
		for name := range want {
			t.Logf("%s: %q is not found", filepath.Base(file), name)
		}
	}
	if t.Logf("%d of %d that are found are right, of %d", right, found, wanted); right*10 < wanted*9 {
		t.Error("more than one of ten is not found")
	}
}
