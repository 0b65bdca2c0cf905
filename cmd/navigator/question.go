package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"navigator/indexer"
)

// question asks what stands at a place.
type question struct {
	Source string `json:"source"`
	Path   string `json:"path"`
	Line   int    `json:"line"`
	Col    int    `json:"col"`
}

// asked is a question with its answers.
type asked interface {
	found() bool
	print(w io.Writer, d *answerer)
}

// questionCommand makes a command of c that answers questions: the one that its
// arguments ask or, with --batch, those on standard input. answer returns what
// it has of an answer beside an error, too.
func questionCommand(global *globals, c *cobra.Command, answer func(*answerer, context.Context, question) (asked, error)) *cobra.Command {
	var batch, asJSON bool
	c.Long += `

With --batch, questions are read from standard input, a line each:
{"source":"envoy","path":"source/a.cc","line":3,"col":7}, and written back with
their answers.

The exit code is 1 when nothing was found.`
	c.Args = func(c *cobra.Command, args []string) error {
		if batch {
			return wrongUse(cobra.NoArgs)(c, args)
		}
		return wrongUse(cobra.ExactArgs(2))(c, args)
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		if batch {
			return withAnswerer(global, func(d *answerer) error {
				return answerLines(c.InOrStdin(), c.OutOrStdout(), func(q question) any {
					r, _ := answer(d, c.Context(), q)
					return r
				})
			})
		}
		q, err := parseQuestion(args[0], args[1])
		if err != nil {
			return usageError{err}
		}
		return withAnswerer(global, func(d *answerer) error {
			r, err := answer(d, c.Context(), q)
			switch {
			case err != nil:
			case asJSON:
				err = writeJSON(c.OutOrStdout(), r)
			default:
				r.print(c.OutOrStdout(), d)
			}
			if err == nil && !r.found() {
				err = errNothingFound
			}
			return err
		})
	}
	c.Flags().BoolVar(&batch, "batch", false, "answer the questions on standard input, JSON lines")
	c.Flags().BoolVar(&asJSON, "json", false, "print the answers as JSON")
	return c
}

// parseQuestion reads a place as it is written on the command line.
func parseQuestion(source, place string) (question, error) {
	parts := strings.Split(place, ":")
	if len(parts) >= 3 {
		n := len(parts)
		line, lineErr := strconv.Atoi(parts[n-2])
		col, colErr := strconv.Atoi(parts[n-1])
		if lineErr == nil && colErr == nil && line > 0 && col > 0 {
			return question{source, strings.Join(parts[:n-2], ":"), line, col}, nil
		}
	}
	return question{}, fmt.Errorf("%s is no place: write PATH:LINE:COL, such as source/a.cc:12:5", place)
}

// answerPercent is how far the heap may grow between collections while questions
// are answered: it is small, and not for long.
const answerPercent = 400

// answerer answers questions from a view.
type answerer struct {
	view *view
}

func withAnswerer(global *globals, use func(*answerer) error) error {
	defer debug.SetGCPercent(debug.SetGCPercent(answerPercent))
	ws, err := openWorkspace(global)
	if err != nil {
		return err
	}
	shown, err := openLive(ws, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer shown.close()
	v, err := shown.newest()
	if err != nil {
		return err
	}
	return use(&answerer{v})
}

// file returns the file of a source at a path.
func (d *answerer) file(source, path string) (int, error) {
	if file, ok := d.view.FileIndex(source, path); ok {
		return file, nil
	}
	if names := sourceNames(d.view.Sources()); !slices.Contains(names, source) {
		return 0, noSource(source, names)
	}
	return 0, fmt.Errorf("there is no file %s in %s; navigator search --kind file finds files", path, source)
}

func sourceNames(sources []indexer.Source) (names []string) {
	for _, s := range sources {
		names = append(names, s.Name)
	}
	return names
}

// answerLines writes the answers to the questions that in holds, a line of JSON
// each, in their order. Several are answered at a time.
func answerLines(in io.Reader, out io.Writer, answer func(question) any) error {
	type line struct {
		text []byte
		err  error
	}
	ahead := make(chan chan line, 2*runtime.GOMAXPROCS(0)) // of answers that are under way
	asked, stop := make(chan error, 1), make(chan struct{})
	go func() {
		defer close(ahead)
		asked <- readQuestions(in, func(q question) bool {
			answered := make(chan line, 1)
			select {
			case ahead <- answered:
			case <-stop:
				return false
			}
			go func() {
				text, err := json.Marshal(answer(q))
				answered <- line{append(text, '\n'), err}
			}()
			return true
		})
	}()
	w := bufio.NewWriter(out)
	for answered := range ahead {
		l := <-answered
		if l.err == nil {
			_, l.err = w.Write(l.text)
		}
		if l.err != nil {
			close(stop)
			return l.err
		}
	}
	return errors.Join(<-asked, w.Flush())
}

// readQuestions calls ask with the question of each line, as long as it returns
// true.
func readQuestions(in io.Reader, ask func(question) bool) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return fmt.Errorf("line %d of the questions: %w", n, plainJSON(err))
		}
		if !ask(q) {
			return nil
		}
	}
	return lines.Err()
}
