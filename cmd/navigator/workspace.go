package main

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/indexer/source"
)

// workspaceName is the file that makes a folder a workspace.
const workspaceName = "navigator.toml"

// workspace is a navigator.toml as read: its folders absolute, its defaults
// filled in.
type workspace struct {
	File    string // absolute path of the navigator.toml
	Course  string // absolute folder
	Notes   string // path in it of the files of notes, slash-separated
	Editor  string // URL template with {path} and {line}, "" for none
	Sources []tree
}

// tree is a source as the workspace describes it.
type tree struct {
	Name    string   `toml:"name"`
	Root    string   `toml:"root"` // absolute once read
	URL     string   `toml:"url,omitempty"`
	Include []string `toml:"include,omitempty"`
	Exclude []string `toml:"exclude,omitempty"`
	Index   string   `toml:"index,omitempty"` // SCIP index; absolute once read, "" for the one in Root, if there is one
}

// document is a navigator.toml as written.
type document struct {
	Course  string `toml:"course"`
	Notes   string `toml:"notes,omitempty"`
	Editor  string `toml:"editor,omitempty"`
	Sources []tree `toml:"source"`
}

// The folders of Envoy and of ztunnel that hold what lessons speak of, and what
// else they cite: files of the root, guides, settings, scripts. A tree with none
// of the folders is taken whole.
var (
	knownFolders   = []string{"source", "envoy", "contrib", "mobile", "test", "api", "src", "proto"}
	besides        = []string{"bazel", "benches", "ci", "configs", "examples", "fuzz", "scripts", "tests", "tools"}
	guides         = []string{"*.{bazel,bazelrc,lock,md,mk,rs,toml,txt}", "BUILD", "Makefile", "docs/**/*.{md,rst,yaml}"}
	defaultExclude = []string{"**/*_corpus/**"} // inputs of fuzz tests
)

// defaultInclude returns the globs for a tree that names none; none is all.
func defaultInclude(root string) []string {
	isHere := func(name string) bool { return isFolder(filepath.Join(root, name)) }
	if !slices.ContainsFunc(knownFolders, isHere) {
		return nil
	}
	var include []string
	for _, name := range slices.Concat(knownFolders, besides) {
		if isHere(name) {
			include = append(include, name)
		}
	}
	return append(include, guides...)
}

// workspaceError says that a navigator.toml is missing or wrong.
type workspaceError struct{ error }

// errNoWorkspace says that no navigator.toml was found.
var errNoWorkspace = errors.New("no " + workspaceName + " here or in a folder above")

// openWorkspace reads the navigator.toml that the flags name, else the one of
// the current folder or the nearest above it.
func openWorkspace(global *globals) (*workspace, error) {
	file := global.workspace
	if file == "" {
		var err error
		if file, err = findWorkspace(); err != nil {
			return nil, err
		}
	}
	return readWorkspace(file)
}

func readWorkspace(file string) (*workspace, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, workspaceError{fmt.Errorf("reading the workspace: %w\nName a %s with --workspace, or make one with: navigator init", err, workspaceName)}
	}
	file, err = filepath.Abs(file)
	if err != nil {
		return nil, err
	}
	return parseWorkspace(file, text)
}

func findWorkspace() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		file := filepath.Join(dir, workspaceName)
		if _, err := os.Stat(file); err == nil {
			return file, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", workspaceError{fmt.Errorf("%w\nMake one with: navigator init --course DIR --source NAME=DIR", errNoWorkspace)}
		}
		dir = parent
	}
}

// parseWorkspace reads the text of the navigator.toml at file, an absolute
// path, and checks it against the disk. It reports every problem that it
// finds, each with file, line and remedy.
func parseWorkspace(file string, text []byte) (*workspace, error) {
	var doc document
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // of some editors
	decoder := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields()
	if err := decoder.Decode(&doc); err != nil {
		return nil, decodeProblems(file, err)
	}
	check := checker{file: file, lines: keyLines(text), names: map[string]bool{}}
	ws := check.document(doc)
	var problems []error
	for _, p := range check.problems {
		problems = append(problems, fmt.Errorf("%s:%d: %s", file, p.line, p.message))
	}
	if problems != nil {
		return nil, workspaceError{errors.Join(problems...)}
	}
	return ws, nil
}

// decodeProblems words what the TOML decoder says as Navigator does.
func decodeProblems(file string, err error) error {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) {
		var problems []error
		for _, e := range unknown.Errors {
			line, _ := e.Position()
			problems = append(problems, fmt.Errorf("%s:%d: unknown key %q; the keys are course, notes, editor and, in each [[source]], name, root, url, include, exclude, index",
				file, line, strings.Join(e.Key(), ".")))
		}
		return workspaceError{errors.Join(problems...)}
	}
	line, message := 1, strings.TrimPrefix(err.Error(), "toml: ")
	var wrong *toml.DecodeError
	if errors.As(err, &wrong) {
		line, _ = wrong.Position()
		if key := wrong.Key(); len(key) > 0 && strings.HasPrefix(message, "cannot decode TOML") { // which goes on with Go's types
			message = fmt.Sprintf("%s: write %s", strings.Join(key, "."), cmp.Or(valuesOf[key[len(key)-1]], "a text in quotes"))
		}
	}
	return workspaceError{fmt.Errorf("%s:%d: not as expected: %s", file, line, message)}
}

// valuesOf says what the keys of a navigator.toml stand for that stand for more
// than a text.
var valuesOf = map[string]string{
	"source":  "a table of its own for each source: [[source]]",
	"include": `a list of texts, such as ["source", "api"]`,
	"exclude": `a list of texts, such as ["**/*_corpus/**"]`,
}

// keyLines returns the line of every key of a valid document: of "course", and
// of "source 0" (the table's own line) and "source 0 root".
func keyLines(text []byte) map[string]int {
	lines := map[string]int{}
	var p unstable.Parser
	p.Reset(text)
	prefix, tables := "", 0
	for p.NextExpression() {
		e := p.Expression()
		name, line := "", 0
		for key := e.Key(); key.Next(); {
			if line == 0 {
				line = p.Shape(key.Node().Raw).Start.Line
			}
			name += string(key.Node().Data)
		}
		if e.Kind == unstable.ArrayTable {
			prefix = fmt.Sprintf("source %d", tables)
			tables++
			lines[prefix] = line
			continue
		}
		lines[strings.TrimSpace(prefix+" "+name)] = line
	}
	return lines
}

// checker turns a document into a workspace and gathers what is wrong with it.
type checker struct {
	file     string
	lines    map[string]int  // of the document's keys
	names    map[string]bool // of the sources so far
	problems []problem
}

// problem is something wrong with a document, with its remedy.
type problem struct {
	line    int
	message string
}

// report adds a problem at the first of keys that the document has.
func (c *checker) report(keys []string, format string, args ...any) {
	line := 1
	for _, key := range keys {
		if l := c.lines[key]; l > 0 {
			line = l
			break
		}
	}
	c.problems = append(c.problems, problem{line, fmt.Sprintf(format, args...)})
}

func (c *checker) document(doc document) *workspace {
	ws := &workspace{File: c.file, Editor: doc.Editor}
	ws.Course = c.folder([]string{"course"}, "course", doc.Course)
	ws.Notes = c.notes(ws.Course, cmp.Or(doc.Notes, annotations.NotesFolder))
	if doc.Editor != "" {
		c.editor(doc.Editor)
	}
	if len(doc.Sources) == 0 {
		c.report(nil, "no source; add a table [[source]] with name and root")
	}
	for i, s := range doc.Sources {
		ws.Sources = append(ws.Sources, c.source(fmt.Sprintf("source %d", i), s))
	}
	return ws
}

// folder returns value as an absolute path, and reports one that is no folder.
func (c *checker) folder(keys []string, key, value string) string {
	if value == "" {
		c.report(keys, "%s is missing; set it to a folder", key)
		return ""
	}
	path := absoluteFrom(filepath.Dir(c.file), value)
	if !isFolder(path) {
		c.report(keys, "%s: there is no folder %s; correct the path, relative to this file, or make the folder", key, path)
	}
	return path
}

// notes returns the folder of a course that holds its notes, cleaned, and
// reports one that cannot.
func (c *checker) notes(course, value string) string {
	clean := path.Clean(value)
	switch info, err := os.Stat(filepath.Join(course, filepath.FromSlash(clean))); {
	case !filepath.IsLocal(filepath.FromSlash(clean)) || clean == "." || strings.ContainsAny(value, "\\\x00:"):
		c.report([]string{"notes"}, "notes: %q is no folder inside the course; write one such as %q", value, annotations.NotesFolder)
	case strings.HasPrefix(clean, ".") || strings.Contains(clean, "/."):
		c.report([]string{"notes"}, "notes: what is in %q is hidden, and not read; write one such as %q", value, annotations.NotesFolder)
	case err == nil && !info.IsDir():
		c.report([]string{"notes"}, "notes: %s is a file of the course; name a folder, which may be one that is not there yet", clean)
	}
	return clean
}

// folder returns where the course is.
func (ws *workspace) folder() course.Folder { return course.Folder{Root: ws.Course, Notes: ws.Notes} }

// regularFile returns value as an absolute path, and reports one that is no
// file.
func (c *checker) regularFile(keys []string, key, value string) string {
	path := absoluteFrom(filepath.Dir(c.file), value)
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		c.report(keys, "%s: there is no file %s; correct the path, relative to this file, or leave %s out", key, path, key)
	}
	return path
}

func (c *checker) editor(template string) {
	u, err := url.Parse(template)
	switch {
	case err != nil || u.Scheme == "" || slices.Contains([]string{"javascript", "data", "vbscript"}, strings.ToLower(u.Scheme)):
		c.report([]string{"editor"}, "editor: %q is no URL of an editor; write one such as vscode://file/{path}:{line}", template)
	case !strings.Contains(template, "{path}"):
		c.report([]string{"editor"}, "editor: %q has no {path}; write one such as vscode://file/{path}:{line}", template)
	}
}

var sourceName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)

func (c *checker) source(table string, s tree) tree {
	at := func(key string) []string { return []string{table + " " + key, table} }
	switch {
	case s.Name == "":
		c.report(at("name"), "a source has no name; set name to a short word such as \"envoy\"")
	case !sourceName.MatchString(s.Name):
		c.report(at("name"), "name: %q is no name of a source; use letters, digits, '.', '_' and '-'", s.Name)
	case c.names[s.Name]:
		c.report(at("name"), "name: a second source is called %q; give each another name", s.Name)
	}
	c.names[s.Name] = true
	before := len(c.problems)
	s.Root = c.folder(at("root"), "root", s.Root)
	if len(c.problems) == before && !isCheckout(s.Root) {
		c.report(at("root"), "root: %s is no git checkout; name the top folder of one, or run: git clone", s.Root)
	}
	if u, err := url.Parse(s.URL); err != nil || s.URL != "" && u.Scheme != "https" && u.Scheme != "http" {
		c.report(at("url"), "url: %q is no web address; write the repository's, such as https://github.com/envoyproxy/envoy, or leave it out", s.URL)
	}
	c.globs(at("include"), "include", s.Include)
	c.globs(at("exclude"), "exclude", s.Exclude)
	if s.Index != "" {
		s.Index = c.regularFile(at("index"), "index", s.Index)
	}
	if s.Include == nil {
		s.Include = defaultInclude(s.Root)
	}
	if s.Exclude == nil {
		s.Exclude = defaultExclude
	}
	return s
}

func (c *checker) globs(keys []string, key string, patterns []string) {
	if err := (source.Filter{Include: patterns}).Check(); err != nil {
		c.report(keys, "%s: %v; write a folder, or a pattern with *, ** and ?", key, err)
	}
}

// absoluteFrom returns path, relative to dir unless absolute or in the home
// folder ("~/…"), as an absolute path.
func absoluteFrom(dir, path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(dir, path)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// isCheckout reports whether path is the top folder of a git work tree, as far
// as can be told without running git.
func isCheckout(path string) bool {
	_, err := os.Stat(filepath.Join(path, ".git"))
	return err == nil
}

// cache returns the folder where what is known of the workspace is kept.
func (ws *workspace) cache() (string, error) {
	base, err := cacheFolder()
	if err != nil {
		return "", err
	}
	file := ws.File
	if real, err := filepath.EvalSymlinks(file); err == nil {
		file = real
	}
	return filepath.Join(base, fmt.Sprintf("%s-%.6x", filepath.Base(filepath.Dir(file)), sha256.Sum256([]byte(file)))), nil
}

// cacheFolder returns Navigator's folder among the user's caches.
func cacheFolder() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding the cache folder: %w", err)
	}
	return filepath.Join(dir, "navigator"), nil
}
