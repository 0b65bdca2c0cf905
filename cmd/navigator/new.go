package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"navigator/annotations"
	"navigator/indexer"
	"navigator/indexer/snapshot"
)

func newCommand(global *globals) *cobra.Command {
	var symbols []string
	c := &cobra.Command{
		Use:   "new PATH",
		Short: "Write a lesson from the template",
		Long: `Write a lesson from the template at PATH, relative to the course: its header is
filled from the plan and the lesson before it, its table of references with
the lines where the symbols of --symbol are now. A lesson that is there is left
as it is.`,
		Args: wrongUse(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			ws, err := openWorkspace(global)
			if err != nil {
				return err
			}
			file, err := newLesson(ws, filepath.ToSlash(args[0]), symbols)
			if err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), file)
			return nil
		},
	}
	c.Flags().StringArrayVar(&symbols, "symbol", nil, "a symbol to cite, such as Http::ConnectionManagerImpl; may be repeated")
	return c
}

// newLesson writes a lesson and returns its file.
func newLesson(ws *workspace, lesson string, symbols []string) (string, error) {
	if !strings.HasSuffix(lesson, ".md") {
		lesson += ".md"
	}
	if !filepath.IsLocal(lesson) {
		return "", usageError{fmt.Errorf("%s is not inside the course: give a path relative to it", lesson)}
	}
	lesson = path.Clean(lesson)
	c, err := ws.folder().Load()
	if err != nil {
		return "", err
	}
	rows, err := referenceRows(ws, symbols)
	if err != nil {
		return "", err
	}
	if err := writeLesson(ws.Course, lesson, lessonText(c, lesson, rows)); err != nil {
		return "", err
	}
	return filepath.Join(ws.Course, filepath.FromSlash(lesson)), nil
}

// writeLesson writes a lesson that is not there yet, and the folders that lead
// to it. Links do not lead it out of the course.
func writeLesson(course, lesson, text string) error {
	root, err := os.OpenRoot(course)
	if err != nil {
		return fmt.Errorf("writing the lesson: %w", err)
	}
	defer root.Close()
	if err := root.MkdirAll(path.Dir(lesson), 0o755); err != nil {
		return fmt.Errorf("writing the lesson: %w", err)
	}
	f, err := root.OpenFile(lesson, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s exists already: it is left as it is; name another, or edit it", lesson)
	case err != nil:
		return fmt.Errorf("writing the lesson: %w", err)
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// lessonText fills the template.
func lessonText(c *annotations.Course, lesson, rows string) string {
	words := strings.TrimLeft(strings.TrimSuffix(path.Base(lesson), ".md"), "0123456789_- ")
	title := strings.ReplaceAll(words, "_", " ")
	if first, size := utf8.DecodeRuneInString(title); size > 0 {
		title = string(unicode.ToUpper(first)) + title[size:]
	}
	before := "ninguno"
	for _, l := range c.Lessons {
		if path.Dir(l.Path) == path.Dir(lesson) && l.Path < lesson && !strings.EqualFold(path.Base(l.Path), "README.md") {
			before = path.Base(l.Path)
		}
	}
	return fmt.Sprintf("# %s\n\n---\n**Módulo**: %s\n**Tema**: %s\n**Tiempo estimado**: X horas\n**Prerrequisitos**: %s\n---\n\n"+
		"## Objetivos de Aprendizaje\n\nAl completar este documento:\n- \n\n---\n\n## 1. Contenido Principal\n\n---\n\n"+
		"## 2. Ejercicios Prácticos\n\n---\n\n## 3. Autoevaluación\n\n1. \n\n---\n\n"+
		"## Referencias en el Código\n\n| Archivo | Descripción |\n|---------|-------------|\n%s\n---\n\n**Siguiente**: \n",
		title, moduleName(c, lesson), title, before, rows)
}

// moduleName returns the module of a lesson as its neighbours or the plan call
// it: "3 - Arquitectura de Envoy".
func moduleName(c *annotations.Course, lesson string) string {
	folder, _, _ := strings.Cut(lesson, "/")
	for _, l := range c.Lessons {
		if strings.HasPrefix(l.Path, folder+"/") && l.Module != "" {
			return l.Module
		}
	}
	number, rest, _ := strings.Cut(folder, "_")
	number = strings.TrimLeft(number, "0")
	if c.Plan != nil && number != "" {
		row := regexp.MustCompile(`(?m)^\|\s*(?:Módulo\s+)?` + regexp.QuoteMeta(number) + `\s*[|:]\s*([^|]+?)\s*\|`)
		if m := row.FindSubmatch(c.Plan.Text); m != nil {
			return number + " - " + string(m[1])
		}
	}
	return number + " - " + strings.ReplaceAll(rest, "_", " ")
}

// referenceRows returns the rows of the table of references for symbols.
func referenceRows(ws *workspace, symbols []string) (string, error) {
	if len(symbols) == 0 {
		return "", nil
	}
	now, err := openIndexed(ws)
	if err != nil {
		return "", err
	}
	defer now.close()
	var rows strings.Builder
	for _, name := range symbols {
		found := placesNamed(now.Snapshot, name)
		if len(found) != 1 {
			return "", fmt.Errorf("--symbol %s: %s; write more of its scope", name, countOf(len(found), "definition"))
		}
		fmt.Fprintf(&rows, "| `%s` | `%s` |\n", found[0], name)
	}
	return rows.String(), nil
}

// placesNamed returns where the symbols of a qualified name, or the end of one,
// are defined; outside tests when there are any.
func placesNamed(snap *snapshot.Snapshot, name string) []string {
	short := name[strings.LastIndex(name, ":")+1:]
	var core, tests []string
	for _, ref := range snap.SymbolsNamed(short) {
		f, s := &snap.Files()[ref.File], &snap.Symbols(int(ref.File))[ref.Symbol]
		if !s.Definition || s.Kind == indexer.KindConstructor || s.Kind == indexer.KindNamespace || !strings.HasSuffix("::"+f.Qualified(s), "::"+name) {
			continue
		}
		at := f.Path + ":" + s.Span.Lines().String()
		if top, _, _ := strings.Cut(f.Path, "/"); top == "test" || top == "tests" || top == "mobile" || top == "contrib" {
			tests = append(tests, at)
		} else {
			core = append(core, at)
		}
	}
	if len(core) > 0 {
		return core
	}
	return tests
}
