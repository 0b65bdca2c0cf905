package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"navigator/indexer"
)

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
	return questionCommand(global, &cobra.Command{
		Use:   "def SOURCE PATH:LINE:COL",
		Short: "Say what the name at a place means",
		Long: `Say where the name at a place is defined: the best answer first, each with how
sure it is and why. Lines and columns count from 1, columns in bytes.`,
	}, (*answerer).define)
}

func (r *reply) found() bool { return len(r.Answers) > 0 || r.External != nil }

func (r *reply) print(w io.Writer, _ *answerer) {
	if r.External != nil {
		fmt.Fprintln(w, strings.TrimSpace("external  "+r.External.Name+"  "+r.External.URL))
	}
	for _, a := range r.Answers {
		fmt.Fprintf(w, "%s  %s:%d:%d  %s  %s  %s  %s\n", a.Source, a.Path, a.Line, a.Col, a.Kind, a.Symbol, a.Confidence, a.Reason)
	}
}

// define says what the name at a place means.
func (d *answerer) define(_ context.Context, q question) (asked, error) {
	r := &reply{question: q, Answers: []definition{}}
	file, err := d.file(q.Source, q.Path)
	if err != nil {
		return r, err
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
