package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"navigator/annotations/course"
	"navigator/cmd/navigator/demo"
	"navigator/indexer"
)

// layDemoHere lays the demo in a folder of the test's own, indexes it, and
// returns the workspace.
func layDemoHere(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", filepath.Join(dir, ".cache"))
	if err := demo.Lay(dir); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, workspaceName)
	if code, _, stderr := navigate(t, "reindex", "--workspace", file); code != exitDone {
		t.Fatal(stderr)
	}
	return file
}

// export runs an export into a folder or file and returns it.
func export(t *testing.T, workspace, kind string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "out")
	if code, _, stderr := navigate(t, "export", kind, to, "--workspace", workspace); code != exitDone {
		t.Fatalf("exit code %d: %s", code, stderr)
	}
	return to
}

func readJSON[T any](t *testing.T, file string) (value T) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &value)
	}
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return value
}

// TestToursFitTheSchema holds the demo's tours against CodeTour's schema, and
// their steps against the checkouts at the tour's revision.
func TestToursFitTheSchema(t *testing.T) {
	workspace := layDemoHere(t)
	out := export(t, workspace, "tour")
	schema := readJSON[map[string]any](t, "testdata/codetour/schema.json")
	files, err := filepath.Glob(filepath.Join(out, "*", "*", "*.tour"))
	if err != nil || len(files) < 4 {
		t.Fatalf("only %q: %v", files, err)
	}
	selections := 0
	for _, file := range files {
		for _, fault := range schemaFaults(t, schema, readJSON[any](t, file), "") {
			t.Errorf("%s: %s", file, fault)
		}
		source, _, _ := strings.Cut(strings.TrimPrefix(filepath.ToSlash(file), filepath.ToSlash(out)+"/"), "/")
		checkout := filepath.Join(filepath.Dir(workspace), "sources", source)
		told := readJSON[tour](t, file)
		if len(told.Steps) == 0 {
			t.Errorf("%s has no step", file)
		}
		for _, step := range told.Steps {
			path := strings.TrimSuffix(step.File+step.Directory, "/")
			shown, err := exec.Command("git", "-C", checkout, "show", told.Ref+":"+path).Output()
			if err != nil {
				t.Errorf("%s: %s is not at %s: %v", file, path, told.Ref, err)
			}
			if step.Description == "" {
				t.Errorf("%s: nothing is said of %s", file, path)
			}
			if s := step.Selection; s != nil {
				selections++
				lines := strings.Split(string(shown), "\n")
				if s.Start.Line != step.Line || s.End.Line < s.Start.Line || s.End.Line > len(lines) || s.End.Character != utf8.RuneCountInString(lines[s.End.Line-1])+1 {
					t.Errorf("%s: %s has no %+v", file, path, *s)
				}
			}
		}
	}
	if selections == 0 {
		t.Error("no step selects lines")
	}
	for _, fault := range []string{`{"steps":[]}`, `{"title":1,"steps":[]}`, `{"title":"","steps":[{}]}`, `{"title":"","steps":[{"description":"","line":"3"}]}`,
		`{"title":"","steps":[{"description":"","selection":{"start":{"line":1,"character":1}}}]}`} {
		var wrong any
		if err := json.Unmarshal([]byte(fault), &wrong); err != nil {
			t.Fatal(err)
		}
		if len(schemaFaults(t, schema, wrong, "")) == 0 {
			t.Errorf("the schema takes %s", fault)
		}
	}
}

// schemaFaults says where a value breaks a JSON schema that has no other words
// than those known here.
func schemaFaults(t *testing.T, schema map[string]any, value any, at string) (faults []string) {
	t.Helper()
	for word, rule := range schema {
		switch word {
		case "$schema", "title", "description", "default":
		case "type":
			if got := jsonType(value); got != rule {
				return []string{fmt.Sprintf("%s is of type %s, not %s", at, got, rule)}
			}
		case "required":
			for _, name := range rule.([]any) {
				if _, ok := value.(map[string]any)[name.(string)]; !ok {
					faults = append(faults, fmt.Sprintf("%s has no %s", at, name))
				}
			}
		case "properties":
			object, _ := value.(map[string]any)
			for name, sub := range rule.(map[string]any) {
				if v, ok := object[name]; ok {
					faults = append(faults, schemaFaults(t, sub.(map[string]any), v, at+"/"+name)...)
				}
			}
		case "items":
			list, _ := value.([]any)
			for i, v := range list {
				faults = append(faults, schemaFaults(t, rule.(map[string]any), v, fmt.Sprintf("%s/%d", at, i))...)
			}
		case "anyOf":
			if !slices.ContainsFunc(rule.([]any), func(sub any) bool { return len(schemaFaults(t, sub.(map[string]any), value, at)) == 0 }) {
				faults = append(faults, at+" is none of those it may be")
			}
		case "enum":
			if !slices.Contains(rule.([]any), value) {
				faults = append(faults, fmt.Sprintf("%s may not be %v", at, value))
			}
		case "minLength":
			if s, _ := value.(string); float64(utf8.RuneCountInString(s)) < rule.(float64) {
				faults = append(faults, at+" is too short")
			}
		default:
			t.Fatalf("the schema's %q is not known here", word)
		}
	}
	return faults
}

func jsonType(value any) string {
	switch value.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case float64:
		return "number"
	case bool:
		return "boolean"
	}
	return "null"
}

// TestAnnotationsFitTheModel holds the demo's annotations against the Web
// Annotation model: its required properties, their types, and IRIs.
func TestAnnotationsFitTheModel(t *testing.T) {
	workspace := layDemoHere(t)
	out := export(t, workspace, "annotations")
	m := model{T: t, ids: map[string]bool{}}
	all := readJSON[map[string]any](t, out)
	if m.collection(all); m.items < 20 {
		t.Errorf("the demo has only %d annotations", m.items)
	}
	if m.lines == 0 {
		t.Error("no annotation has lines")
	}
	before := slices.Sorted(maps.Keys(m.ids))
	lengthenLessons(t, filepath.Dir(workspace))
	m = model{T: t, ids: map[string]bool{}}
	m.collection(readJSON[map[string]any](t, export(t, workspace, "annotations")))
	if after := slices.Sorted(maps.Keys(m.ids)); !slices.Equal(after, before) {
		t.Error("annotations that say the same of the same file have other ids when their lesson grows")
	}
	for _, name := range sourceLines(t, filepath.Dir(workspace)) {
		text, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), name) {
			t.Errorf("the source's text %q is in the export", name)
		}
	}
}

// lengthenLessons adds a paragraph at the beginning of the demo's lessons.
func lengthenLessons(t *testing.T, dir string) {
	t.Helper()
	lessons, err := filepath.Glob(filepath.Join(dir, "course/*/*.md"))
	if err != nil || len(lessons) == 0 {
		t.Fatal("no lessons", err)
	}
	for _, l := range lessons {
		text, err := os.ReadFile(l)
		if err == nil {
			title, rest, _ := strings.Cut(string(text), "\n## ")
			err = os.WriteFile(l, []byte(title+"\nUna palabra antes de empezar.\n\n## "+rest), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// sourceLines returns long lines of the demo's sources that no lesson has.
func sourceLines(t *testing.T, dir string) (lines []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "sources/envoylet/source/common/http/filter_pipeline.cc"))
	if err != nil {
		t.Fatal(err)
	}
	lessons, err := filepath.Glob(filepath.Join(dir, "course/*/*.md"))
	if err != nil || len(lessons) == 0 {
		t.Fatal("no lessons", err)
	}
	var told strings.Builder
	for _, l := range lessons {
		b, err := os.ReadFile(l)
		if err != nil {
			t.Fatal(err)
		}
		told.Write(b)
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if line = strings.TrimSpace(line); len(line) > 40 && !strings.ContainsAny(line, `"<>&`) && !strings.Contains(told.String(), line) {
			lines = append(lines, line)
		}
	}
	if len(lines) < 10 {
		t.Fatalf("only %d lines to look for", len(lines))
	}
	return lines
}

// model checks annotations, https://www.w3.org/TR/annotation-model/: section
// numbers are its own.
type model struct {
	*testing.T
	ids          map[string]bool
	items, lines int
}

var (
	motivations = []string{"assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting", "identifying", "linking", "moderating", "questioning", "replying", "tagging"}
	lineRange   = regexp.MustCompile(`^line=(\d+),(\d+)$`) // RFC 5147, 3
	dateTime    = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`)
)

// only fails when o has other properties than those named, or lacks one that
// ends in "!".
func (m *model) only(o map[string]any, names ...string) {
	m.Helper()
	for name := range o {
		if !slices.Contains(names, name) && !slices.Contains(names, name+"!") {
			m.Errorf("%v: what is %q?", o["id"], name)
		}
	}
	for _, name := range names {
		if must, ok := strings.CutSuffix(name, "!"); ok && o[must] == nil {
			m.Errorf("%v has no %q", o, must)
		}
	}
}

func (m *model) is(o map[string]any, name string, of ...string) string {
	m.Helper()
	s, ok := o[name].(string)
	if !ok || len(of) > 0 && !slices.Contains(of, s) {
		m.Errorf("%v: %s is %v, not one of %q", o["id"], name, o[name], of)
	}
	return s
}

// iri fails when a property is no absolute IRI.
func (m *model) iri(o map[string]any, name string) string {
	m.Helper()
	s := m.is(o, name)
	if u, err := url.Parse(s); err != nil || !u.IsAbs() || strings.ContainsAny(s, " <>\"{}|\\^`") {
		m.Errorf("%s is no IRI: %q", name, s)
	}
	return s
}

// identify fails when an id was used before.
func (m *model) identify(o map[string]any) string {
	m.Helper()
	id := m.iri(o, "id")
	if m.ids[id] {
		m.Errorf("%s is used twice", id)
	}
	m.ids[id] = true
	return id
}

// collection checks an AnnotationCollection, 5.1.
func (m *model) collection(o map[string]any) {
	m.only(o, "@context!", "id!", "type!", "label", "generator", "generated", "total!", "first!", "last")
	m.is(o, "@context", "http://www.w3.org/ns/anno.jsonld")
	m.is(o, "type", "AnnotationCollection")
	if !dateTime.MatchString(m.is(o, "generated")) {
		m.Errorf("generated: %v", o["generated"])
	}
	m.agent(o["generator"])
	id := m.identify(o)
	m.page(o["first"].(map[string]any), id)
	if total := o["total"].(float64); int(total) != m.items {
		m.Errorf("total is %v of %d", total, m.items)
	}
	if o["last"] != o["first"].(map[string]any)["id"] {
		m.Errorf("the last page is %v", o["last"])
	}
}

// page checks an AnnotationPage, 5.2, that is embedded in its collection.
func (m *model) page(o map[string]any, of string) {
	m.only(o, "id!", "type!", "partOf!", "startIndex", "items!")
	m.is(o, "type", "AnnotationPage")
	m.is(o, "partOf", of)
	m.identify(o)
	if o["startIndex"].(float64) != 0 {
		m.Errorf("the first page starts at %v", o["startIndex"])
	}
	for _, item := range o["items"].([]any) {
		m.annotation(item.(map[string]any))
	}
}

// annotation checks an Annotation, 3.1.
func (m *model) annotation(o map[string]any) {
	m.items++
	m.only(o, "id!", "type!", "motivation", "body", "target!", "generator")
	m.is(o, "type", "Annotation")
	m.identify(o)
	m.is(o, "motivation", motivations...)
	m.agent(o["generator"])
	for i, b := range o["body"].([]any) {
		body := b.(map[string]any) // TextualBody, 3.2.4
		m.only(body, "type!", "purpose", "value!", "format", "language")
		m.is(body, "type", "TextualBody")
		purpose := m.is(body, "purpose", motivations...)
		if m.is(body, "value") == "" {
			m.Errorf("%v says nothing", o["id"])
		}
		if i == 0 {
			m.is(body, "format", "text/markdown", "text/plain") // the latter of comments
			m.is(body, "language", "es")
		} else if purpose != "tagging" {
			m.Errorf("%v: a body for %s", o["id"], purpose)
		}
	}
	m.target(o["target"].(map[string]any))
}

// target checks a SpecificResource, 4.1, and its selectors, 4.2.
func (m *model) target(o map[string]any) {
	m.only(o, "type!", "source!", "selector")
	m.is(o, "type", "SpecificResource")
	m.iri(o, "source")
	selectors, _ := o["selector"].([]any)
	for _, s := range selectors {
		selector := s.(map[string]any)
		switch m.is(selector, "type", "FragmentSelector", "TextPositionSelector") {
		case "FragmentSelector":
			m.only(selector, "type!", "value!", "conformsTo")
			m.iri(selector, "conformsTo")
			at := lineRange.FindStringSubmatch(m.is(selector, "value"))
			if at == nil {
				m.Fatalf("no fragment of lines: %v", selector["value"])
			}
			from, _ := strconv.Atoi(at[1])
			if to, _ := strconv.Atoi(at[2]); to <= from {
				m.Errorf("the fragment %s is empty", at[0])
			}
			m.lines++
		case "TextPositionSelector":
			m.only(selector, "type!", "start!", "end!")
			if from, to := selector["start"].(float64), selector["end"].(float64); from < 0 || to <= from {
				m.Errorf("the characters %v to %v", from, to)
			}
		}
	}
}

// agent checks an Agent, 3.3.1.
func (m *model) agent(o any) {
	agent := o.(map[string]any)
	m.only(agent, "type!", "name!")
	m.is(agent, "type", "Person", "Organization", "Software")
}

// TestToursTakeNotesAlong writes notes, and wants each behind the step that it
// is about; and wants the steps of a tour back that became notes of an empty
// course.
func TestToursTakeNotesAlong(t *testing.T) {
	workspace := layDemoHere(t)
	root := filepath.Join(filepath.Dir(workspace), "course")
	const lesson, pipeline, alone = "02_proxy_l7/01_vida_de_una_peticion", "source/common/http/filter_pipeline.cc", "source/common/common/logger.h"
	loaded, err := course.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	write := func(draft course.NoteDraft) {
		t.Helper()
		name := course.Folder{}.NotePath("envoylet", draft.Path)
		file := filepath.Join(root, filepath.FromSlash(name))
		text, _ := os.ReadFile(file)
		text, _, err := course.AddNote(name, text, draft)
		if err == nil {
			err = os.MkdirAll(filepath.Dir(file), 0o755)
		}
		if err == nil {
			err = os.WriteFile(file, text, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	write(course.NoteDraft{Path: pipeline, Lines: indexer.Lines{First: 118, Last: 120}, Text: "Una nota entre líneas."})
	write(course.NoteDraft{Path: alone, Lines: indexer.Lines{First: 1, Last: 2}, Text: "Una nota de su lección.", Lesson: loaded.Lesson(lesson)})
	write(course.NoteDraft{Path: alone, Lines: indexer.Lines{First: 3, Last: 3}, Text: "Una nota suelta."})
	out := export(t, workspace, "tour")

	told := readJSON[tour](t, filepath.Join(out, "envoylet", lesson+".tour"))
	at := slices.IndexFunc(told.Steps, func(s tourStep) bool { return s.Description == "Una nota entre líneas." })
	if at < 1 || told.Steps[at].Line != 118 || told.Steps[at-1].File != pipeline || told.Steps[at-1].Line != 116 {
		t.Errorf("the note is at %d of %+v", at, told.Steps)
	}
	if last := told.Steps[len(told.Steps)-1]; last.File != alone || last.Description != "Una nota de su lección." {
		t.Errorf("the lesson's tour ends with %+v", last)
	}
	rest := readJSON[tour](t, filepath.Join(out, "envoylet", "notas.tour"))
	if len(rest.Steps) != 1 || rest.Steps[0].Description != "Una nota suelta." || rest.NextTour != "" {
		t.Errorf("the tour of notes is %+v", rest)
	}
	files, err := filepath.Glob(filepath.Join(out, "envoylet", "*", "*.tour"))
	if err != nil {
		t.Fatal(err)
	}
	titles, next, primary := map[string]bool{}, []string{}, 0
	for _, file := range append(files, filepath.Join(out, "envoylet", "notas.tour")) {
		told := readJSON[tour](t, file)
		titles[told.Title] = true
		if told.NextTour != "" {
			next = append(next, told.NextTour)
		}
		if told.IsPrimary {
			primary++
		}
	}
	if primary != 1 || len(next) != len(titles)-1 {
		t.Errorf("%d tours are the first; %q follow in %v", primary, next, titles)
	}
	for _, title := range next {
		if !titles[title] {
			t.Errorf("no tour is %q", title)
		}
	}

	// There and back again.
	if err := os.RemoveAll(root); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(root, 0o755); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := navigate(t, "import", "tour", filepath.Join(out, "envoylet", lesson+".tour"), "--workspace", workspace); code != exitDone {
		t.Fatal(stderr)
	}
	again := readJSON[tour](t, filepath.Join(export(t, workspace, "tour"), "envoylet", "notas.tour"))
	for _, step := range told.Steps {
		back := func(s tourStep) bool {
			return s.File == step.File && s.Line == step.Line && strings.Contains(s.Description, step.Description)
		}
		if step.File != "" && !slices.ContainsFunc(again.Steps, back) {
			t.Errorf("%s:%d %q did not come back", step.File, step.Line, step.Description)
		}
	}
}

// TestStoppedExportWritesNothing stops exports as they begin.
func TestStoppedExportWritesNothing(t *testing.T) {
	workspace := layDemoHere(t)
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for _, kind := range []string{"html", "tour", "annotations"} {
		dir := t.TempDir()
		var stderr strings.Builder
		code := Main(stopped, []string{"export", kind, filepath.Join(dir, "out"), "--workspace", workspace}, strings.NewReader(""), io.Discard, &stderr)
		if code != exitFailed || stderr.String() != "navigator: stopped: nothing was written\n" {
			t.Errorf("%s: exit code %d: %s", kind, code, &stderr)
		}
		if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
			t.Errorf("%s: there is %v: %v", kind, left, err)
		}
	}
}

// TestExportClearsWhatDeadOnesLeft has an export begin beside one that is under
// way and what one that was killed has left.
func TestExportClearsWhatDeadOnesLeft(t *testing.T) {
	dir := t.TempDir()
	if err := writeBelow(dir, ".navigator-export-1/tree/a.tour", []byte("{}")); err != nil {
		t.Fatal(err)
	}
	publish := func(name string, write func(fresh string) error) {
		t.Helper()
		if err := publishFolder(filepath.Join(dir, name), "tour", write); err != nil {
			t.Error(err)
		}
	}
	publish("a", func(fresh string) error {
		publish("b", func(fresh string) error { return writeBelow(fresh, "b.tour", []byte("{}")) })
		return writeBelow(fresh, "a.tour", []byte("{}"))
	})
	files, err := filesBelow(dir)
	if want := []string{"a/.navigator-export", "a/a.tour", "b/.navigator-export", "b/b.tour"}; err != nil || !slices.Equal(files, want) {
		t.Errorf("there is %v, not %v: %v", files, want, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 2 {
		t.Errorf("there is %v: %v", left, err)
	}
}

// TestExportIsThereAtEveryMoment replaces an export again and again while it is
// looked at.
func TestExportIsThereAtEveryMoment(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux exchanges folders in one step")
	}
	dir := filepath.Join(t.TempDir(), "out")
	publish := func() {
		if err := publishFolder(dir, "tour", func(fresh string) error { return writeBelow(fresh, "a/b.tour", []byte("{}")) }); err != nil {
			t.Error(err)
		}
	}
	publish()
	done := make(chan bool)
	go func() {
		defer close(done)
		for range 200 {
			publish()
		}
	}()
	for {
		if _, err := os.Stat(filepath.Join(dir, "a/b.tour")); err != nil {
			t.Fatal(err)
		}
		select {
		case <-done:
			if left, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(left) != 1 {
				t.Errorf("there is %v: %v", left, err)
			}
			return
		default:
		}
	}
}
