// Package cpp tells what a name in a C++ file means.
//
// It follows the rules of the language as far as they can be followed without a
// compiler: locals with their scopes, members through the bases, namespaces and
// using, qualified names, aliases, and the types of receivers. Each in its own
// file:
//
//	resolver.go  what is remembered, and the symbols of a name by their scope
//	memo.go      how it is remembered
//	locals.go    the locals of a function
//	place.go     a name where it stands
//	lookup.go    names in scopes, qualified or not
//	types.go     types as they are written, and the classes that they mean
//	expr.go      the type of an expression
//	meaning.go   answers, ranked
//	overload.go  which overload, and which of declaration and definition
//	argtypes.go  overloads by the types of what they are given
//	includes.go  which files a file sees
//	branches.go  which branches of an #if a build leaves out
//	argument.go  names that are arguments of macros
//	external.go  whose names are nobody's here
package cpp

import (
	"bytes"
	"strings"
	"sync"

	"navigator/indexer"
)

// Lex splits a text of C++ into lexemes.
type Lex func(text []byte) *indexer.Code

// Resolver resolves names of the C++ files of a snapshot. It may be used by
// several goroutines.
type Resolver struct {
	corpus indexer.Corpus
	lex    Lex
	files  []indexer.File

	sources    memo[int, *source]
	names      memo[string, *nameSet]
	lines      memo[int, []int32]
	heads      memo[indexer.SymbolRef, *indexer.Code]
	baseList   memo[indexer.SymbolRef, []typ]
	uses       memo[int, []use]
	includes   memo[int, []int]
	closures   memo[int, bitset]
	macros     memo[indexer.SymbolRef, *indexer.Code]
	off        memo[int, []indexer.Lines]
	ancestors  memo[indexer.SymbolRef, []indexer.SymbolRef]
	includedBy func() [][]int32
	suffixes   func() map[string][]int
	packages   func() map[string]bool
}

// New returns a Resolver of what corpus holds.
func New(corpus indexer.Corpus, lex Lex) *Resolver {
	r := &Resolver{corpus: corpus, lex: lex, files: corpus.Files()}
	r.sources = memo[int, *source]{limit: 6 << 20, weigh: func(s *source) int { return sizeOf(s.Code) }}
	r.heads = memo[indexer.SymbolRef, *indexer.Code]{limit: 3 << 20, weigh: sizeOf}
	r.macros = memo[indexer.SymbolRef, *indexer.Code]{limit: 1 << 20, weigh: sizeOf}
	r.lines = memo[int, []int32]{limit: 2 << 20, weigh: func(lines []int32) int { return 4 * len(lines) }}
	r.closures = memo[int, bitset]{limit: 3 << 20, weigh: func(b bitset) int { return 8 * len(b) }}
	r.names.limit, r.off.limit, r.ancestors.limit, r.baseList.limit = 4000, 4000, 20000, 20000
	r.uses.limit, r.includes.limit = 1<<20, 1<<20
	r.includedBy = sync.OnceValue(r.filesByIncluded)
	r.packages = sync.OnceValue(r.protoPackages)
	r.suffixes = sync.OnceValue(r.filesByName)
	return r
}

// source is a file with its lexemes.
type source struct {
	*indexer.Code
	file    int
	symbols []indexer.Symbol
	locals  memo[int32, []local]
}

// use is a using declaration or directive of a file.
type use struct {
	path      []string
	directive bool
	offset    int32
}

func (r *Resolver) source(file int) *source {
	return r.sources.get(file, func() *source {
		s := &source{Code: r.lex(r.corpus.Text(file)), file: file, symbols: r.corpus.Symbols(file)}
		s.locals.limit = 1 << 20
		return s
	})
}

// usesOf returns the using declarations and directives of a file.
func (r *Resolver) usesOf(file int) []use {
	return r.uses.get(file, func() []use {
		var uses []use
		text := r.corpus.Text(file)
		for at := 0; ; {
			i := bytes.Index(text[at:], []byte("using "))
			if i < 0 {
				return uses
			}
			at += i + len("using ")
			end := bytes.IndexByte(text[at:], ';')
			if end < 0 {
				return uses
			}
			written := string(text[at : at+end])
			u := use{offset: int32(at)}
			written, u.directive = strings.CutPrefix(written, "namespace ")
			if strings.ContainsAny(written, "=\n /*<(,") {
				continue
			}
			for _, part := range strings.Split(written, "::") {
				if part != "" {
					u.path = append(u.path, part)
				}
			}
			if len(u.path) > 0 {
				uses = append(uses, u)
			}
		}
	})
}

// nameSet is the symbols of a name.
type nameSet struct {
	refs    []indexer.SymbolRef
	scopes  map[string][]indexer.SymbolRef // by container, plain
	classes map[string][]indexer.SymbolRef // those of scopes that are classes
	macros  []indexer.SymbolRef
	isSpace bool                           // a name of namespaces above all
	spaces  map[string][]indexer.SymbolRef // then they, by container, plain, and by file
}

// maxNamespaces is how many symbols a name may have before it is looked at
// whether they are namespaces, as Envoy is the name of thousands.
const maxNamespaces = 400

func (r *Resolver) named(name string) *nameSet {
	return r.names.get(name, func() *nameSet {
		n := &nameSet{refs: r.corpus.SymbolsNamed(name), scopes: make(map[string][]indexer.SymbolRef), classes: make(map[string][]indexer.SymbolRef)}
		if len(n.refs) > maxNamespaces && r.symbol(n.refs[len(n.refs)/2]).Kind == indexer.KindNamespace &&
			r.symbol(n.refs[len(n.refs)/3]).Kind == indexer.KindNamespace {
			n.isSpace = true
			n.spaces = make(map[string][]indexer.SymbolRef)
			for _, ref := range n.refs {
				if s := r.symbol(ref); s.Kind == indexer.KindNamespace {
					scope := plain(s.Container)
					n.spaces[scope] = append(n.spaces[scope], ref)
				}
			}
			return n
		}
		kept := n.refs[:0:0]
		for _, ref := range n.refs {
			if r.files[ref.File].Language == indexer.Rust {
				continue
			}
			s := r.symbol(ref)
			kept = append(kept, ref)
			scope := plain(s.Container)
			n.scopes[scope] = append(n.scopes[scope], ref)
			switch {
			case isClass(s.Kind):
				n.classes[scope] = append(n.classes[scope], ref)
			case s.Kind == indexer.KindMacro:
				n.macros = append(n.macros, ref)
			case s.Kind == indexer.KindEnumerator:
				// An enumerator is seen around its enum, too.
				outer := parent(scope)
				n.scopes[outer] = append(n.scopes[outer], ref)
			}
		}
		n.refs = kept
		return n
	})
}

func (r *Resolver) symbol(ref indexer.SymbolRef) *indexer.Symbol {
	return &r.corpus.Symbols(int(ref.File))[ref.Symbol]
}

const anonymous = "(anonymous namespace)"

// plain returns a qualified name without its anonymous namespaces.
func plain(name string) string {
	if !strings.Contains(name, anonymous) {
		return name
	}
	name = strings.ReplaceAll(name, anonymous+"::", "")
	name = strings.TrimSuffix(name, anonymous)
	return strings.TrimSuffix(name, "::")
}

// parent returns the scope around a scope.
func parent(scope string) string {
	if i := strings.LastIndex(scope, "::"); i >= 0 {
		return scope[:i]
	}
	return ""
}

// last returns the last part of a qualified name.
func last(name string) string { return name[strings.LastIndexByte(name, ':')+1:] }

func join(scope, name string) string {
	switch {
	case scope == "":
		return name
	case name == "":
		return scope
	}
	return scope + "::" + name
}

// qualified returns the plain qualified name of a symbol.
func qualified(s *indexer.Symbol) string { return join(plain(s.Container), s.Name) }

// linesOf returns where the lines of a file start.
func (r *Resolver) linesOf(file int) []int32 {
	return r.lines.get(file, func() []int32 { return indexer.LineStarts(r.corpus.Text(file)) })
}

// head returns the lexemes of a symbol's signature.
func (r *Resolver) head(ref indexer.SymbolRef) *indexer.Code {
	return r.heads.get(ref, func() *indexer.Code {
		s := r.symbol(ref)
		text := r.corpus.Text(int(ref.File))
		whole := indexer.Code{Text: text, Lines: r.linesOf(int(ref.File))}
		return r.lex(whole.ExtentOf(indexer.Span{Start: s.Span.Start, End: s.HeadEnd}).Of(text))
	})
}

// nameIn returns the index in a symbol's head of the lexeme that is its name.
func nameIn(head *indexer.Code, s *indexer.Symbol) int {
	line, col := s.NameSpan.Start.Line-s.Span.Start.Line+1, s.NameSpan.Start.Col
	if line == 1 {
		col -= s.Span.Start.Col - 1
	}
	return head.Find(head.Offset(indexer.Position{Line: line, Col: col}))
}

func isClass(k indexer.Kind) bool {
	return k == indexer.KindClass || k == indexer.KindStruct || k == indexer.KindUnion || k == indexer.KindMessage
}

func isType(k indexer.Kind) bool {
	return isClass(k) || k == indexer.KindEnum || k == indexer.KindAlias || k == indexer.KindConcept
}

func isFunction(k indexer.Kind) bool {
	switch k {
	case indexer.KindFunction, indexer.KindMethod, indexer.KindConstructor, indexer.KindDestructor, indexer.KindTest:
		return true
	}
	return false
}
