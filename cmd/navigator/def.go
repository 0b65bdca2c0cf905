package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime"
	"runtime/debug"
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

// reply is a question with what was found.
type reply struct {
	question
	Answers  []definition `json:"answers"`
	External *library     `json:"external,omitempty"`
}

// definition is what a name may mean.
type definition struct {
	Source     string `json:"source"`
	Path       string `json:"path"`
	Line       int    `json:"line"`
	Col        int    `json:"col"`
	EndLine    int    `json:"end_line"`
	Symbol     string `json:"symbol"`
	Kind       string `json:"kind"`
	Confidence string `json:"confidence"`
	Reason     string `json:"reason"`
}

// library is to whom an external name belongs.
type library struct {
	Name string `json:"library"`
	URL  string `json:"url,omitempty"`
}

func defCommand(global *globals) *cobra.Command {
	var batch, asJSON bool
	c := &cobra.Command{
		Use:   "def SOURCE PATH:LINE:COL",
		Short: "Say what the name at a place means",
		Long: `Say where the name at a place is defined: the best answer first, each with how
sure it is and why. Lines and columns count from 1, columns in bytes.

With --batch, questions are read from standard input, a line each:
{"source":"envoy","path":"source/a.cc","line":3,"col":7}, and written back with
their answers.

The exit code is 1 when nothing was found.`,
		Args: func(c *cobra.Command, args []string) error {
			if batch {
				return wrongUse(cobra.NoArgs)(c, args)
			}
			return wrongUse(cobra.ExactArgs(2))(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			var q question
			if !batch {
				var err error
				if q, err = parseQuestion(args[0], args[1]); err != nil {
					return usageError{err}
				}
			}
			return withAnswerer(global, func(d *answerer) error {
				if batch {
					return d.batch(c.InOrStdin(), c.OutOrStdout())
				}
				return d.one(c.OutOrStdout(), q, asJSON)
			})
		},
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

func (d *answerer) one(w io.Writer, q question, asJSON bool) error {
	r, err := d.answer(q)
	if err != nil {
		return err
	}
	if asJSON {
		err = writeJSON(w, r)
	} else {
		printDefinitions(w, r)
	}
	if err == nil && len(r.Answers) == 0 && r.External == nil {
		err = errNothingFound
	}
	return err
}

func printDefinitions(w io.Writer, r reply) {
	if r.External != nil {
		fmt.Fprintln(w, strings.TrimSpace("external  "+r.External.Name+"  "+r.External.URL))
	}
	for _, a := range r.Answers {
		fmt.Fprintf(w, "%s  %s:%d:%d  %s  %s  %s  %s\n", a.Source, a.Path, a.Line, a.Col, a.Kind, a.Symbol, a.Confidence, a.Reason)
	}
}

// batch answers the questions that in holds, a line each.
func (d *answerer) batch(in io.Reader, out io.Writer) error {
	return answerLines(in, out, func(q question) any {
		r, err := d.answer(q)
		if err != nil {
			r = reply{question: q, Answers: []definition{}}
		}
		return r
	})
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
			return fmt.Errorf("line %d of the questions: %w", n, err)
		}
		if !ask(q) {
			return nil
		}
	}
	return lines.Err()
}

func (d *answerer) answer(q question) (reply, error) {
	r := reply{question: q, Answers: []definition{}}
	file, ok := d.view.FileIndex(q.Source, q.Path)
	if !ok {
		return r, fmt.Errorf("there is no file %s in %s", q.Path, q.Source)
	}
	m := d.view.Meaning(file, indexer.Position{Line: int32(q.Line), Col: int32(q.Col)})
	for i := range m.Answers {
		a := &m.Answers[i]
		f := d.view.Files()[a.File]
		name := a.Name
		if a.Symbol >= 0 {
			name = f.Qualified(&d.view.Symbols(a.File)[a.Symbol])
		}
		r.Answers = append(r.Answers, definition{
			Source: f.Source, Path: f.Path, Line: int(a.Span.Start.Line), Col: int(a.Span.Start.Col), EndLine: int(a.EndLine),
			Symbol: name, Kind: a.KindName(), Confidence: a.Confidence.String(), Reason: reasonWords(a.Reason),
		})
	}
	if m.External != nil {
		r.External = &library{m.External.Library, m.External.URL}
	}
	return r, nil
}

// reasonWords says a reason as the terminal does.
func reasonWords(r indexer.Reason) string {
	return strings.TrimSpace(string(r.Kind) + " " + r.Arg)
}
