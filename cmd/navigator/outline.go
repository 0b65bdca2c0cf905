package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"navigator/indexer"
	"navigator/indexer/syntax"
)

// outlined is a symbol of an outline, as --json prints it. Lines are of the name
// and of the construct's end. The container is the qualified name of the scope
// in the file that the symbol belongs to, "" at top level: of an out-of-line
// member its class, of what an impl holds the type.
type outlined struct {
	Name      string `json:"name"`
	Kind      string `json:"kind"`
	Line      int    `json:"line"`
	EndLine   int    `json:"end_line"`
	Container string `json:"container"`
}

func outlineCommand(global *globals) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "outline SOURCE PATH",
		Short: "Print the symbols of a file",
		Long: `Print the symbols that a file declares, in order, what a scope holds indented
below it. With --json each has name, kind, line, end_line and container.

The exit code is 1 when the file is unknown or holds no symbols.`,
		Args: wrongUse(cobra.ExactArgs(2)),
		RunE: func(c *cobra.Command, args []string) error {
			return withAnswerer(global, func(d *answerer) error {
				return d.outline(c.OutOrStdout(), args[0], args[1], asJSON)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the symbols as JSON")
	return c
}

// outline prints the symbols of a file.
func (d *answerer) outline(w io.Writer, source, path string, asJSON bool) error {
	file, err := d.file(source, path)
	if err != nil {
		return err
	}
	symbols := d.view.Symbols(file)
	if lang := d.view.Files()[file].Language; lang == indexer.CPP {
		symbols = withUsings(symbols, syntax.Lex(lang, d.view.Text(file)))
	}
	if asJSON {
		if err := writeJSON(w, outlineOf(symbols)); err != nil {
			return err
		}
	} else {
		printOutline(w, symbols)
	}
	if len(symbols) == 0 {
		return errNothingFound
	}
	return nil
}

func outlineOf(symbols []indexer.Symbol) []outlined {
	list := make([]outlined, 0, len(symbols))
	for i := range symbols {
		s := &symbols[i]
		list = append(list, outlined{
			Name: s.Name, Kind: s.Kind.String(), Line: int(s.NameSpan.Start.Line), EndLine: int(s.Span.End.Line), Container: s.Container,
		})
	}
	return list
}

// withUsings adds the names that using declarations bring into a namespace or a
// class. They are no symbols, as they are defined elsewhere.
func withUsings(symbols []indexer.Symbol, code *indexer.Code) []indexer.Symbol {
	all := slices.Clone(symbols)
	for i := range code.Lexemes {
		if !code.Is(i, "using") {
			continue
		}
		end := i + 1
		for code.At(end) == indexer.LexWord || code.At(end) == indexer.LexScope {
			end++
		}
		if end < i+3 || code.At(end) != ';' {
			continue // an alias, or of a whole namespace
		}
		s := indexer.Symbol{
			Name: string(code.Bytes(end - 1)), Kind: indexer.KindAlias, Definition: true, Parent: -1,
			NameSpan: code.SpanOf(code.Lexemes[end-1].Extent),
			Span:     code.SpanOf(indexer.Extent{From: code.Lexemes[i].From, To: code.Lexemes[end].To}),
		}
		inFunction := false
		for k := range symbols {
			o := &symbols[k]
			if isAfter(o.Span.Start, s.Span.Start) {
				break
			}
			if isAfter(o.Span.End, s.Span.Start) {
				s.Container = o.Qualified()
				inFunction = o.Kind != indexer.KindNamespace && o.Kind != indexer.KindClass && o.Kind != indexer.KindStruct
			}
		}
		if !inFunction {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b indexer.Symbol) int {
		if isAfter(a.Span.Start, b.Span.Start) {
			return 1
		} else if isAfter(b.Span.Start, a.Span.Start) {
			return -1
		}
		return 0
	})
	return all
}

// printOutline prints each symbol below those whose construct holds it, with
// what of its qualified name they do not say.
func printOutline(w io.Writer, symbols []indexer.Symbol) {
	var around []*indexer.Symbol
	for i := range symbols {
		s := &symbols[i]
		for len(around) > 0 && isAfter(s.NameSpan.Start, around[len(around)-1].Span.End) {
			around = around[:len(around)-1]
		}
		name := s.Qualified()
		if len(around) > 0 {
			name = strings.TrimPrefix(name, around[len(around)-1].Qualified()+"::")
		}
		fmt.Fprintf(w, "%6d  %s%s %s\n", s.NameSpan.Start.Line, strings.Repeat("  ", len(around)), s.Kind, name)
		around = append(around, s)
	}
}

func isAfter(a, b indexer.Position) bool {
	return a.Line > b.Line || a.Line == b.Line && a.Col > b.Col
}
