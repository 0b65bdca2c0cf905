package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"navigator/indexer"
	"navigator/server"
)

// shownSymbol is a definition as show prints it.
type shownSymbol struct {
	Source     string   `json:"source"`
	Path       string   `json:"path"`
	Line       int      `json:"line"`
	Col        int      `json:"col"`
	EndLine    int      `json:"end_line"`
	Kind       string   `json:"kind"`
	Name       string   `json:"name"` // qualified
	Definition bool     `json:"definition"`
	Signature  string   `json:"signature,omitempty"`
	Doc        string   `json:"doc,omitempty"`
	Bases      []string `json:"bases,omitempty"`   // qualified, or as written
	Derived    int      `json:"derived,omitempty"` // types that descend from it directly, or methods that override it
	Members    int      `json:"members,omitempty"`
	Declared   []string `json:"declared,omitempty"` // PATH:LINE of its other declarations
	References int      `json:"references"`
	Files      int      `json:"files"` // that the references are in
}

const (
	maxShown    = 20 // names of a list
	maxOverload = 10 // definitions of one name
)

func showCommand(global *globals) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "show NAME",
		Short: "Show what a name is: its definition, its bases, how much it is used",
		Long: `Show the definition of a name, which may be qualified: its signature, the comment
before it, its place, what it derives from and how often it is used. Where
several things have the name they are listed, the likeliest first.

The exit code is 1 when nothing has the name; names that are near are listed.`,
		Args: wrongUse(cobra.ExactArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			return withAnswerer(global, func(d *answerer) error {
				return d.show(c.Context(), c.OutOrStdout(), args[0], asJSON)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the definitions as JSON")
	return c
}

func (d *answerer) show(ctx context.Context, w io.Writer, name string, asJSON bool) error {
	things := d.thingsNamed(name)
	if len(things) == 0 {
		near, err := searchSymbols(ctx, judged{view: d.view}, server.Query{Text: name, Limit: 5})
		if err != nil {
			near = nil // what was asked for cannot be searched for either
		}
		return errors.Join(fmt.Errorf("nothing is named %s", name), nearest(near))
	}
	var symbols []shownSymbol
	whole := len(things) == 1
	if whole {
		symbols = d.details(ctx, things[0].refs)
	} else {
		for _, t := range things[:min(len(things), maxShown)] {
			symbols = append(symbols, d.brief(t.refs[0]))
		}
	}
	switch {
	case asJSON:
		return writeJSON(w, symbols)
	case whole:
		for i := range symbols {
			printShown(w, &symbols[i])
		}
	default:
		for _, s := range symbols {
			fmt.Fprintf(w, "%s %s  %s %s:%d\n", s.Kind, s.Name, s.Source, s.Path, s.Line)
		}
		if n := len(things) - maxShown; n > 0 {
			fmt.Fprintf(w, "and %d more; give more of the qualified name\n", n)
		}
	}
	return nil
}

// nearest words the names that are near to one that nothing has.
func nearest(near []result) error {
	if len(near) == 0 {
		return nil
	}
	var b strings.Builder
	b.WriteString("The nearest names:")
	for _, r := range near {
		fmt.Fprintf(&b, "\n  %s %s  %s %s:%d", r.Kind, r.Name, r.Source, r.Path, r.Line)
	}
	return errors.New(b.String())
}

// thing is what has a name: the symbols of one qualified name in a source, the
// definitions first.
type thing struct {
	name string
	kind indexer.Kind
	refs []indexer.SymbolRef
}

// thingsNamed returns what has a name, or a qualified name that ends with it,
// the likeliest first.
func (d *answerer) thingsNamed(name string) []thing {
	name = strings.TrimPrefix(strings.ReplaceAll(name, ".", "::"), "::")
	last := name[strings.LastIndexByte(name, ':')+1:]
	type key struct {
		source, name string
		kind         indexer.Kind
	}
	index := make(map[key]int)
	var things []thing
	for _, ref := range d.view.SymbolsNamed(last) {
		f, s := &d.view.Files()[ref.File], &d.view.Symbols(int(ref.File))[ref.Symbol]
		full := strings.ReplaceAll(f.Qualified(s), "(anonymous namespace)::", "")
		if full != name && !strings.HasSuffix(full, "::"+name) {
			continue
		}
		k := key{f.Source, full, group(s.Kind)}
		i, ok := index[k]
		if !ok {
			i = len(things)
			index[k] = i
			things = append(things, thing{name: full, kind: k.kind})
		}
		things[i].refs = append(things[i].refs, ref)
	}
	for i := range things {
		slices.SortStableFunc(things[i].refs, func(a, b indexer.SymbolRef) int { return d.rank(a) - d.rank(b) })
		if t := &things[i]; len(t.refs) > 1 && d.symbol(t.refs[0]).Kind == indexer.KindNamespace {
			t.refs = t.refs[:1]
		}
	}
	// A class and its constructors are one name; one that is given whole is meant.
	slices.SortStableFunc(things, func(a, b thing) int {
		return cmp.Or(exact(a, name)-exact(b, name), d.rank(a.refs[0])-d.rank(b.refs[0]), kindOrder(a.kind)-kindOrder(b.kind), len(b.refs)-len(a.refs), strings.Count(a.name, "::")-strings.Count(b.name, "::"))
	})
	things = slices.DeleteFunc(things, func(t thing) bool {
		return t.kind == indexer.KindConstructor && name == last && len(things) > 1
	})
	if len(things) > 1 && exact(things[0], name) == 0 && exact(things[1], name) != 0 && name != last {
		things = things[:1]
	}
	return things
}

func exact(t thing, name string) int {
	if t.name == name {
		return 0
	}
	return 1
}

// group returns the kind for which all of those stand that one name may have
// together.
func group(k indexer.Kind) indexer.Kind {
	switch k {
	case indexer.KindStruct, indexer.KindClass, indexer.KindUnion:
		return indexer.KindClass
	case indexer.KindFunction, indexer.KindMethod:
		return indexer.KindFunction
	}
	return k
}

// kindOrder orders kinds by how likely they are asked for.
func kindOrder(k indexer.Kind) int {
	order := []indexer.Kind{
		indexer.KindClass, indexer.KindTrait, indexer.KindEnum, indexer.KindMessage, indexer.KindService, indexer.KindAlias,
		indexer.KindFunction, indexer.KindMacro, indexer.KindRPC, indexer.KindConstant, indexer.KindVariable, indexer.KindEnumerator,
	}
	if i := slices.Index(order, k); i >= 0 {
		return i
	}
	return len(order)
}

// rank puts definitions before declarations, and what is no test first.
func (d *answerer) rank(ref indexer.SymbolRef) int {
	n := 0
	if !d.symbol(ref).Definition {
		n++
	}
	if p := "/" + d.view.Files()[ref.File].Path; strings.Contains(p, "/test/") || strings.Contains(p, "/tests/") || strings.Contains(path.Base(p), "_test.") {
		n += 2
	}
	return n
}

func (d *answerer) symbol(ref indexer.SymbolRef) *indexer.Symbol {
	return &d.view.Symbols(int(ref.File))[ref.Symbol]
}

func (d *answerer) brief(ref indexer.SymbolRef) shownSymbol {
	f, s := &d.view.Files()[ref.File], d.symbol(ref)
	return shownSymbol{
		Source: f.Source, Path: f.Path, Line: int(s.NameSpan.Start.Line), Col: int(s.NameSpan.Start.Col), EndLine: int(s.Span.End.Line),
		Kind: s.Kind.String(), Name: f.Qualified(s), Definition: s.Definition,
	}
}

// details returns what is known of the symbols of one qualified name: overloads
// each for itself, declarations with their definition.
func (d *answerer) details(ctx context.Context, refs []indexer.SymbolRef) []shownSymbol {
	var symbols []shownSymbol
	told := make(map[indexer.SymbolRef]bool)
	for _, ref := range refs {
		if told[ref] || len(symbols) == maxOverload {
			continue
		}
		s := d.brief(ref)
		s.Signature, s.Doc = d.signature(ref), d.doc(ref)
		uses := d.view.References(ctx, int(ref.File), d.symbol(ref).NameSpan.Start)
		for i := range uses.Of {
			o := indexer.SymbolRef{File: int32(uses.Of[i].File), Symbol: uses.Of[i].Symbol}
			if o.Symbol < 0 || o == ref {
				continue
			}
			told[o] = true
			s.Declared = append(s.Declared, fmt.Sprintf("%s:%d", d.view.Files()[o.File].Path, d.symbol(o).NameSpan.Start.Line))
			s.Doc = cmp.Or(s.Doc, d.doc(o))
		}
		d.count(&s, uses.Uses)
		d.relate(ctx, &s, ref)
		symbols = append(symbols, s)
	}
	return symbols
}

func (d *answerer) count(s *shownSymbol, uses []indexer.Use) {
	s.References = len(uses)
	files := make(map[int]bool)
	for _, u := range uses {
		files[u.File] = true
	}
	s.Files = len(files)
}

// relate says what a symbol holds, and what it descends from.
func (d *answerer) relate(ctx context.Context, s *shownSymbol, ref indexer.SymbolRef) {
	for _, other := range d.view.Symbols(int(ref.File)) {
		if other.Parent == ref.Symbol {
			s.Members++
		}
	}
	types := d.view.Types(ctx, int(ref.File), d.symbol(ref).NameSpan.Start)
	for i := range types.Above {
		if r := &types.Above[i]; r.Depth == 1 {
			s.Bases = append(s.Bases, d.qualified(&r.Answer))
		}
	}
	s.Bases = append(s.Bases, types.Unknown...)
	for _, r := range types.Below {
		if r.Depth == 1 || d.symbol(ref).Kind == indexer.KindMethod {
			s.Derived++
		}
	}
}

// signature returns the head of a symbol on one line.
func (d *answerer) signature(ref indexer.SymbolRef) string {
	s := d.symbol(ref)
	return strings.Join(strings.Fields(string(within(d.view.Text(int(ref.File)), indexer.Span{Start: s.Span.Start, End: s.HeadEnd}))), " ")
}

// doc returns the comment before a symbol.
func (d *answerer) doc(ref indexer.SymbolRef) string {
	if doc := d.symbol(ref).Doc; !doc.IsZero() {
		return commentText(lines(d.view.Text(int(ref.File)), doc))
	}
	return ""
}

// within returns the text of a span.
func within(text []byte, s indexer.Span) []byte {
	from, to := lineStart(text, s.Start.Line)+int(s.Start.Col)-1, lineStart(text, s.End.Line)+int(s.End.Col)
	to = min(to, len(text))
	return text[min(from, to):to]
}

// lines returns the text of some lines.
func lines(text []byte, l indexer.Lines) []byte {
	return text[lineStart(text, int32(l.First)):lineStart(text, int32(l.Last)+1)]
}

// lineStart returns the offset of a line, at most the text's length.
func lineStart(text []byte, line int32) int {
	at := 0
	for range line - 1 {
		i := bytes.IndexByte(text[at:], '\n')
		if i < 0 {
			return len(text)
		}
		at += i + 1
	}
	return at
}

// commentText returns what a comment says, without its signs.
func commentText(comment []byte) string {
	var out []string
	for line := range strings.Lines(string(comment)) {
		line = strings.TrimSpace(line)
		line = strings.TrimSuffix(strings.TrimPrefix(line, "/*"), "*/")
		line = strings.TrimLeft(line, "/*!")
		out = append(out, strings.TrimSpace(line))
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

func printShown(w io.Writer, s *shownSymbol) {
	fmt.Fprintf(w, "%s %s\n", s.Kind, s.Name)
	what := "defined"
	if !s.Definition {
		what = "declared"
	}
	fmt.Fprintf(w, "  %s in %s %s:%d-%d, %d lines\n", what, s.Source, s.Path, s.Line, s.EndLine, s.EndLine-s.Line+1)
	for _, place := range s.Declared {
		fmt.Fprintf(w, "  also %s\n", place)
	}
	if s.Signature != "" {
		fmt.Fprintf(w, "\n  %s\n", s.Signature)
	}
	if s.Doc != "" {
		fmt.Fprintf(w, "\n  %s\n", strings.ReplaceAll(s.Doc, "\n", "\n  "))
	}
	fmt.Fprintln(w)
	if len(s.Bases) > 0 {
		word := "descends from"
		if s.Kind == indexer.KindMethod.String() {
			word = "overrides"
		}
		fmt.Fprintf(w, "  %s %s\n", word, strings.Join(s.Bases, ", "))
	}
	switch {
	case s.Derived > 0 && s.Kind == indexer.KindMethod.String():
		fmt.Fprintf(w, "  overridden %d times\n", s.Derived)
	case s.Derived > 0:
		fmt.Fprintf(w, "  %d descend from it\n", s.Derived)
	}
	if s.Members > 0 {
		fmt.Fprintf(w, "  %d members\n", s.Members)
	}
	fmt.Fprintf(w, "  %d references in %d files\n", s.References, s.Files)
}
