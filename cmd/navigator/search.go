package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"navigator/server"
)

// errNothingFound is the outcome of a search without results.
var errNothingFound = errors.New("nothing found")

// result is something that a search found.
type result struct {
	Source string `json:"source,omitempty"`
	Path   string `json:"path"` // in its source, or in the course
	Line   int    `json:"line,omitempty"`
	Kind   string `json:"kind"`             // of the symbol; or one of searches
	Name   string `json:"name,omitempty"`   // of the symbol, qualified; of the lesson's section, the note or the term
	Text   string `json:"text,omitempty"`   // the line, words of the lesson, of the note, or of what is said of the symbol
	Lesson string `json:"lesson,omitempty"` // that says it of the symbol: path and line
}

// searches says how to look for each kind of thing.
var searches = map[string]func(context.Context, judged, server.Query) ([]result, error){
	"symbol": searchSymbols,
	"text":   searchText,
	"file":   searchFiles,
	"lesson": searchLessons,
	"note":   searchNotes,
	"term":   searchTerms,
}

func searchCommand(global *globals) *cobra.Command {
	var kind string
	var asJSON bool
	var query server.Query
	c := &cobra.Command{
		Use:   "search QUERY",
		Short: "Search symbols, text, files, lessons, notes or terms",
		Long: `Search symbols by name, start of a name, humps (CMI), qualified name or with a
slip of the keyboard, and by what the course says of them ("cierre ordenado");
or text, files, lessons, notes or terms of the glossary. A query may hold the
filters kind:class, lang:rust, source:envoy and path:source/common.

The exit code is 1 when nothing was found.`,
		Args: wrongUse(cobra.MinimumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			find, ok := searches[kind]
			if !ok || query.Limit < 1 {
				return usageError{fmt.Errorf("--kind is symbol, text, file, lesson, note or term, and --limit at least 1\nTry: %s --help", c.CommandPath())}
			}
			query.Text = strings.Join(args, " ")
			ws, err := openWorkspace(global)
			if err != nil {
				return err
			}
			results, err := searchWorkspace(c.Context(), ws, query, find, kind == "symbol")
			if err != nil {
				return err
			}
			if asJSON {
				err = writeJSON(c.OutOrStdout(), results)
			} else {
				printResults(c.OutOrStdout(), results)
			}
			if err == nil && len(results) == 0 {
				err = errNothingFound
			}
			return err
		},
	}
	c.Flags().StringVar(&kind, "kind", "symbol", "what to search: symbol, text, file, lesson, note or term")
	c.Flags().IntVar(&query.Limit, "limit", 20, "how many results at most")
	c.Flags().BoolVar(&query.Regexp, "regexp", false, "for text: QUERY is a regular expression (RE2)")
	c.Flags().BoolVar(&query.Case, "case", false, "for text: upper and lower case differ")
	c.Flags().BoolVar(&asJSON, "json", false, "print the results as JSON")
	return c
}

// searchWorkspace searches what is indexed; explained asks for what the course
// says of symbols, which takes longer.
func searchWorkspace(ctx context.Context, ws *workspace, query server.Query, find func(context.Context, judged, server.Query) ([]result, error), explained bool) ([]result, error) {
	shown, err := openLive(ws, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	defer shown.close()
	v, err := shown.newest()
	if err != nil {
		return nil, err
	}
	if explained {
		shown.hold(ctx, v)
	}
	results, err := find(ctx, judged{v, v.found.Load()}, query)
	if err != nil {
		return nil, err
	}
	return append([]result{}, results...), nil
}

// newest returns the view for as long as l is open.
func (l *live) newest() (*view, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.view == nil {
		return nil, fmt.Errorf("%w\nRun: navigator reindex", l.err)
	}
	return l.view, nil
}

func searchSymbols(ctx context.Context, v judged, q server.Query) ([]result, error) {
	found, err := server.FindSymbols(ctx, v, q)
	var results []result
	for _, f := range found {
		file, symbol := v.Files()[f.Symbol.File], v.Symbols(int(f.Symbol.File))[f.Symbol.Symbol]
		r := result{
			Source: file.Source, Path: file.Path, Line: int(symbol.NameSpan.Start.Line),
			Kind: symbol.Kind.String(), Name: file.Qualified(&symbol),
		}
		if f.Said != nil {
			lesson := v.Course().Lesson(f.Said.Lesson)
			r.Text, r.Lesson = f.Said.Snippet, lesson.Path
			if f.Said.Citation >= 0 {
				r.Lesson = fmt.Sprintf("%s:%d", lesson.Path, lesson.Citations[f.Said.Citation].Span.Start.Line)
			} else if f.Said.Section >= 0 {
				r.Lesson = fmt.Sprintf("%s:%d", lesson.Path, lesson.Sections[f.Said.Section].Lines.First)
			}
		}
		results = append(results, r)
	}
	return results, err
}

func searchText(ctx context.Context, v judged, q server.Query) ([]result, error) {
	var results []result
	for hit, err := range v.FindText(ctx, q) {
		if err != nil {
			return nil, err
		}
		file := v.Files()[hit.File]
		for _, line := range hit.Lines {
			if len(line.Matches) > 0 {
				results = append(results, result{Source: file.Source, Path: file.Path, Line: line.Number, Kind: "text", Text: line.Text})
			}
		}
	}
	return results, nil
}

func searchFiles(ctx context.Context, v judged, q server.Query) ([]result, error) {
	files, err := v.FindFiles(ctx, q)
	var results []result
	for _, i := range files {
		file := v.Files()[i]
		results = append(results, result{Source: file.Source, Path: file.Path, Kind: "file"})
	}
	return results, err
}

func searchLessons(ctx context.Context, v judged, q server.Query) ([]result, error) {
	hits, err := v.FindLessons(ctx, q)
	var results []result
	for _, hit := range hits {
		lesson := v.Course().Lesson(hit.Lesson)
		r := result{Path: lesson.Path, Line: 1, Kind: "lesson", Name: lesson.Title, Text: hit.Snippet}
		if hit.Section >= 0 {
			section := lesson.Sections[hit.Section]
			r.Line, r.Name = section.Lines.First, section.Title
		}
		results = append(results, r)
	}
	return results, err
}

func searchNotes(ctx context.Context, v judged, q server.Query) ([]result, error) {
	hits, err := v.FindNotes(ctx, q)
	var results []result
	for _, hit := range hits {
		file := v.Course().Lesson(hit.File)
		head := file.Citations[file.Notes[hit.Note].Citation]
		results = append(results, result{Path: file.Path, Line: int(head.Span.Start.Line), Kind: "note", Name: head.Raw, Text: hit.Snippet})
	}
	return results, err
}

func searchTerms(ctx context.Context, v judged, q server.Query) ([]result, error) {
	found, err := v.FindTerms(ctx, q)
	var results []result
	for _, i := range found {
		term := v.Course().Glossary[i]
		r := result{Kind: "term", Name: term.Name, Text: term.Definition}
		if len(term.Defined) > 0 {
			at := term.Defined[0]
			r.Path, r.Line = v.Course().Lesson(at.Lesson).Path, at.Line
		}
		results = append(results, r)
	}
	return results, err
}

// printResults prints a line for each result: where it is, as a citation
// writes it, then what it is.
func printResults(w io.Writer, results []result) {
	for _, r := range results {
		where := r.Path
		if r.Line > 0 {
			where = fmt.Sprintf("%s:%d", r.Path, r.Line)
		}
		var words []string
		if r.Source != "" {
			words = append(words, r.Source)
		}
		words = append(words, where)
		if r.Kind != "text" && r.Kind != "file" {
			words = append(words, r.Kind)
		}
		for _, word := range []string{r.Name, r.Lesson, strings.Join(strings.Fields(r.Text), " ")} {
			if word != "" {
				words = append(words, word)
			}
		}
		fmt.Fprintln(w, strings.Join(words, "  "))
	}
}
