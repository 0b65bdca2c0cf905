package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// layTree makes a folder that looks like the top of a checkout.
func layTree(t testing.TB, dir string, folders ...string) {
	t.Helper()
	for _, f := range append(folders, ".git") {
		if err := os.MkdirAll(filepath.Join(dir, f), 0o755); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWorkspaceIsRead(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HOME", filepath.Join(dir, "home"))
	layTree(t, filepath.Join(dir, "envoy"), "source", "envoy", "test", "bazel")
	layTree(t, filepath.Join(dir, "home", "zt"), "src", "proto")
	layTree(t, filepath.Join(dir, "other"), "lib")
	if err := os.Mkdir(filepath.Join(dir, "course"), 0o755); err != nil {
		t.Fatal(err)
	}
	text := "\ufeff" + `
course = "course"
notes = "./apuntes//mios/"
editor = "vscode://file/{path}:{line}"

[[source]]
name = "envoy"
root = "envoy"
url = "https://github.com/envoyproxy/envoy"

[[source]]
name = "ztunnel"
root = "~/zt"
include = ["src"]
exclude = []

[[source]]
name = "other"
root = "` + dir + `/other"
`
	got, err := parseWorkspace(filepath.Join(dir, "navigator.toml"), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	want := &workspace{
		File:   filepath.Join(dir, "navigator.toml"),
		Course: filepath.Join(dir, "course"),
		Notes:  "apuntes/mios",
		Editor: "vscode://file/{path}:{line}",
		Sources: []tree{
			{
				Name: "envoy", Root: filepath.Join(dir, "envoy"), URL: "https://github.com/envoyproxy/envoy",
				Include: []string{"source", "envoy", "test", "bazel", "*.{bazel,bazelrc,lock,md,mk,rs,toml,txt}", "BUILD", "Makefile", "docs/**/*.{md,rst,yaml}"}, Exclude: []string{"**/*_corpus/**"},
			},
			{Name: "ztunnel", Root: filepath.Join(dir, "home", "zt"), Include: []string{"src"}, Exclude: []string{}},
			{Name: "other", Root: filepath.Join(dir, "other"), Exclude: []string{"**/*_corpus/**"}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWorkspaceProblemsNameTheLine(t *testing.T) {
	dir := t.TempDir()
	layTree(t, filepath.Join(dir, "tree"))
	if err := os.Mkdir(filepath.Join(dir, "course"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "course", "01.md"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	good := "course = \"course\"\n[[source]]\nname = \"a\"\nroot = \"tree\"\n"
	tests := []struct{ name, text, want string }{
		{"empty", "", "1: course is missing"},
		{"no source", "course = \"course\"\n", "1: no source"},
		{"not TOML", "course = \"course\"\nroot = = 1\n", "2: not as expected"},
		{"wrong type", "course = \"course\"\nsource = 3\n", "2: not as expected: source: write a table of its own for each source: [[source]]"},
		{"no text", "course = 3\n", "1: not as expected: course: write a text in quotes"},
		{"no list", good + "include = 'src'\n", "5: not as expected: source.include: write a list of texts"},
		{"twice", "course = 'a'\ncourse = 'b'\n", "2: not as expected: key course"},
		{"unknown key", good + "rooot = \"x\"\n", `5: unknown key "source.rooot"; the keys are`},
		{"unknown table", good + "[server]\n", `5: unknown key "server"`},
		{"no course folder", "# a course\n\n" + strings.Replace(good, `"course"`, `"cours"`, 1), "3: course: there is no folder"},
		{"no root", "course = \"course\"\n[[source]]\nname = \"a\"\n", "2: root is missing"},
		{"root is no folder", good + "[[source]]\nname = \"b\"\nroot = \"gone\"\n", "7: root: there is no folder"},
		{"root is no checkout", good + "[[source]]\nname = \"b\"\nroot = \"course\"\n", "7: root: " + dir + "/course is no git checkout"},
		{"same name", good + "[[source]]\nroot = \"tree\"\nname = \"a\"\n", `7: name: a second source is called "a"`},
		{"no name", good + "[[source]]\nroot = \"tree\"\n", "5: a source has no name"},
		{"bad name", good + "[[source]]\nname = \"a/b\"\nroot = \"tree\"\n", `6: name: "a/b" is no name`},
		{"bad glob", good + "include = [\"src\", \"[\"]\n", `5: include: malformed pattern "["`},
		{"bad URL", good + "url = \"file:///etc\"\n", "5: url:"},
		{"notes outside", "course = \"course\"\nnotes = \"../notas\"\n[[source]]\nname = \"a\"\nroot = \"tree\"\n", `2: notes: "../notas" is no folder inside the course`},
		{"notes everywhere", "notes = \".\"\n" + good, "1: notes:"},
		{"notes of a disk", "notes = '/notas'\n" + good, "1: notes:"},
		{"hidden notes", "notes = \"mine/.notas\"\n" + good, "1: notes: what is in"},
		{"notes are a file", "notes = \"01.md\"\n" + good, "1: notes: 01.md is a file of the course"},
		{"editor without path", "editor = \"vscode://file\"\n" + good, "1: editor:"},
		{"editor that runs code", "editor = \"JavaScript:alert({path})\"\n" + good, "1: editor:"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(dir, "navigator.toml")
			_, err := parseWorkspace(file, []byte(test.text))
			var wrong workspaceError
			if !errors.As(err, &wrong) || !strings.Contains(err.Error(), file+":"+test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestEveryProblemIsReported(t *testing.T) {
	_, err := parseWorkspace("/nowhere/navigator.toml", []byte("course = \"x\"\n[[source]]\nname = \"?\"\nroot = \"y\"\n"))
	if err == nil || len(strings.Split(err.Error(), "\n")) != 3 {
		t.Errorf("got %v, want three problems", err)
	}
}

func FuzzWorkspace(f *testing.F) {
	f.Add("course = \"course\"\n[[source]]\nname = \"a\"\nroot = \"tree\"\n")
	f.Add("source = [{name = 'a'}, {root = 1}]\n\"co\\u0075rse\" = ''\n")
	f.Add("[source]\n[[source.include]]\n[[source]]\n")
	f.Add("editor = \"%zz{path}\"\r\ncourse.x = 1979-05-27\n")
	f.Fuzz(func(t *testing.T, text string) {
		// An absolute path of nothing: whatever the text is, some folder is missing.
		const file = "/nowhere/navigator.toml"
		_, err := parseWorkspace(file, []byte(text))
		if err == nil {
			t.Fatal("accepted a workspace without folders")
		}
		lines := strings.Count(text, "\n") + 1
		for _, message := range strings.Split(err.Error(), "\n") {
			m := regexp.MustCompile(`^/nowhere/navigator\.toml:(\d+): .`).FindStringSubmatch(message)
			if m == nil {
				t.Fatalf("%q names no line", message)
			}
			if n := len(m[1]); n > 9 || m[1] == "0" || atoi(m[1]) > lines {
				t.Fatalf("%q: the text has %d lines", message, lines)
			}
		}
	})
}

func atoi(digits string) (n int) {
	for _, d := range digits {
		n = n*10 + int(d-'0')
	}
	return n
}
