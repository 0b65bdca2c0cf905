package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"navigator/indexer"
)

// usesReply is a question with where the symbol is used.
type usesReply struct {
	question
	Symbol    string   `json:"symbol,omitempty"` // qualified
	Kind      string   `json:"kind,omitempty"`
	Answers   []use    `json:"answers"`   // that mean it: by role, then by file and place
	Namesakes []use    `json:"namesakes"` // that only share the name
	Cut       bool     `json:"cut,omitempty"`
	External  *library `json:"external,omitempty"`

	listed bool // the namesakes, too, where the answers are printed
}

func (r *usesReply) found() bool { return len(r.Answers) > 0 || r.External != nil }

// use is a place where a name stands that means a symbol.
type use struct {
	definition
	Role string `json:"role"`
	Test bool   `json:"test,omitempty"`
	In   string `json:"in,omitempty"` // the function or class around it
}

// roles are the roles in the order in which they are shown.
var roles = []indexer.Role{
	indexer.Definition, indexer.Declaration, indexer.Override, indexer.Call, indexer.Write, indexer.Read, indexer.TypeUse, indexer.Import,
}

func refsCommand(global *globals) *cobra.Command {
	var namesakes bool
	c := questionCommand(global, &cobra.Command{
		Use:   "refs SOURCE PATH:LINE:COL",
		Short: "List where the symbol at a place is used",
		Long: `List all places that mean the symbol whose name stands at a place, grouped by
what they do with it. Places that only share the name are left out, unless
--namesakes asks for them. Lines and columns count from 1, columns in bytes.`,
	}, func(d *answerer, ctx context.Context, q question) (asked, error) {
		r, err := d.uses(ctx, q)
		r.listed = namesakes
		return r, err
	})
	c.Flags().BoolVar(&namesakes, "namesakes", false, "list what only shares the name, too")
	return c
}

// uses finds where the symbol at a place is used.
func (d *answerer) uses(ctx context.Context, q question) (*usesReply, error) {
	r := &usesReply{question: q, Answers: []use{}, Namesakes: []use{}}
	file, err := d.file(q.Source, q.Path)
	if err != nil {
		return r, err
	}
	found := d.view.References(ctx, file, indexer.Position{Line: int32(q.Line), Col: int32(q.Col)})
	if found.External != nil {
		r.External = &library{found.External.Library, found.External.URL}
	}
	if len(found.Of) == 0 {
		return r, ctx.Err()
	}
	of := &found.Of[0]
	r.Symbol, r.Kind, r.Cut = d.qualified(of), of.KindName(), found.Cut
	for _, role := range roles {
		for i := range found.Uses {
			if u := &found.Uses[i]; u.Role == role {
				r.Answers = append(r.Answers, d.use(u, r))
			}
		}
	}
	for i := range found.Namesakes {
		r.Namesakes = append(r.Namesakes, d.use(&found.Namesakes[i], r))
	}
	return r, ctx.Err()
}

// qualified returns the qualified name of an answer.
func (d *answerer) qualified(a *indexer.Answer) string {
	if a.Symbol < 0 {
		return a.Name
	}
	f := &d.view.Files()[a.File]
	return f.Qualified(&d.view.Symbols(a.File)[a.Symbol])
}

func (d *answerer) use(u *indexer.Use, of *usesReply) use {
	f := &d.view.Files()[u.File]
	out := use{
		definition: definition{
			Source: f.Source, Path: f.Path, Line: int(u.Span.Start.Line), Col: int(u.Span.Start.Col), EndLine: int(u.Span.End.Line),
			Symbol: of.Symbol, Kind: of.Kind, Confidence: u.Confidence.String(),
		},
		Role: u.Role.String(), Test: u.Test,
	}
	out.Reason = out.Role
	if u.Container >= 0 {
		out.In = f.Qualified(&d.view.Symbols(u.File)[u.Container])
		out.Reason += " in " + out.In
	}
	return out
}

// print prints uses under their roles, each with its line.
func (r *usesReply) print(w io.Writer, d *answerer) {
	if r.External != nil {
		fmt.Fprintln(w, strings.TrimSpace("external  "+r.External.Name+"  "+r.External.URL))
	}
	d.printGroups(w, r.Answers, func(u *use) string { return u.Role })
	if r.listed {
		d.printGroups(w, r.Namesakes, func(*use) string { return "name only" })
	}
}

// printGroups prints the uses that follow each other under one heading
// together.
func (d *answerer) printGroups(w io.Writer, uses []use, heading func(*use) string) {
	for from, to := 0, 0; from < len(uses); from = to {
		title := heading(&uses[from])
		for to = from; to < len(uses) && heading(&uses[to]) == title; to++ {
		}
		fmt.Fprintf(w, "%s (%d)\n", title, to-from)
		for i := from; i < to; i++ {
			u := &uses[i]
			mark := ""
			if u.Confidence == indexer.Precise.String() {
				mark = " (precise)"
			}
			fmt.Fprintf(w, "  %s %s:%d:%d%s: %s\n", u.Source, u.Path, u.Line, u.Col, mark, d.line(u))
		}
	}
}

// maxLine is how many bytes of a line are printed.
const maxLine = 200

// line returns the text of the line that a use stands in.
func (d *answerer) line(u *use) string {
	file, ok := d.view.FileIndex(u.Source, u.Path)
	if !ok {
		return ""
	}
	text := d.view.Text(file)
	for range u.Line - 1 {
		text = text[bytes.IndexByte(text, '\n')+1:]
	}
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	line = bytes.TrimSpace(line)
	return strings.ToValidUTF8(string(line[:min(len(line), maxLine)]), "\uFFFD")
}
