// Package indexer holds the vocabulary of a code index — sources, files,
// symbols, occurrences, tokens — and [Build], which turns sources into a
// snapshot.
//
// Conventions, everywhere in Navigator: lines are counted from 1, columns are
// bytes counted from 1, and spans are inclusive at both ends.
package indexer

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// Language names the language of a file as filters and the API write it.
type Language string

// The languages that are parsed. Every other text file is [Text], which is
// shown, highlighted and searched, but has no symbols.
const (
	CPP   Language = "cpp"
	Rust  Language = "rust"
	Proto Language = "proto"
	Text  Language = "text"
)

// LanguageOf returns the language that a file's path says it has. The headers of
// Objective-C are called as those of C++ are: their folder tells them apart.
func LanguageOf(path string) Language {
	switch path[strings.LastIndexByte(path, '.')+1:] {
	case "h":
		if strings.Contains("/"+path, "/objective-c/") {
			return Text
		}
		return CPP
	case "cc", "cpp", "hpp":
		return CPP
	case "rs":
		return Rust
	case "proto":
		return Proto
	}
	return Text
}

// Hash identifies the content of a file. It is git's blob id (SHA-1 of
// "blob <size>\x00" and the bytes), so that a file of a git revision is known
// without reading it.
type Hash [20]byte

// String returns the hash as 40 hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// Source is a named upstream tree, as it was when a snapshot was made.
type Source struct {
	Name     string // unique in a workspace: "envoy"
	Root     string // absolute folder of the checkout
	URL      string // of the upstream repository, "" when unknown
	Revision string // full commit id at which the tree was read
	Skipped  Skips  // what the tree holds and the snapshot does not
}

// Skips counts the files of a source that were left out, by reason.
type Skips struct {
	Links  int // symbolic links that leave the root or lead nowhere
	Large  int // over 8 MiB
	Binary int // with a NUL byte, or not UTF-8
}

// File is one file of a snapshot.
type File struct {
	Source   string // name of its source
	Path     string // slash-separated, relative to the source's root
	Language Language
	Hash     Hash
	Size     int  // bytes
	Modified bool // differs from the source's revision
}

// Module returns the module path that a Rust file's place in its crate gives to
// what is in it, "" for other files: "proxy::inbound" for src/proxy/inbound.rs.
func (f *File) Module() string {
	if f.Language != Rust {
		return ""
	}
	path := strings.TrimSuffix(f.Path, ".rs")
	if i := strings.LastIndex("/"+path, "/src/"); i >= 0 {
		path = path[i+len("src/"):]
	}
	for _, root := range []string{"mod", "lib", "main"} {
		if path == root {
			return ""
		}
		path = strings.TrimSuffix(path, "/"+root)
	}
	return strings.ReplaceAll(path, "/", "::")
}

// Container returns the qualified name of the scope that a symbol of f lies in,
// the file's module included; "" at top level.
func (f *File) Container(s *Symbol) string {
	module := f.Module()
	if module == "" || s.Container == "" {
		return module + s.Container
	}
	return module + "::" + s.Container
}

// Qualified returns the qualified name of a symbol of f, the file's module
// included.
func (f *File) Qualified(s *Symbol) string {
	if container := f.Container(s); container != "" {
		return container + "::" + s.Name
	}
	return s.Name
}

// Position is a place in a file: line from 1, column in bytes from 1.
type Position struct{ Line, Col int32 }

// Span is a stretch of a file, both ends included. The zero Span is no place.
type Span struct{ Start, End Position }

// Lines returns the lines that s touches.
func (s Span) Lines() Lines { return Lines{int(s.Start.Line), int(s.End.Line)} }

// Lines is a range of lines, both included. The zero Lines is no range.
type Lines struct{ First, Last int }

// IsZero reports whether l is no range.
func (l Lines) IsZero() bool { return l.First == 0 }

// Contains reports whether line lies in l.
func (l Lines) Contains(line int) bool { return l.First <= line && line <= l.Last }

// String returns l as citations write it: "60" or "394-420", "" for no range.
func (l Lines) String() string {
	switch {
	case l.IsZero():
		return ""
	case l.First == l.Last:
		return fmt.Sprint(l.First)
	}
	return fmt.Sprintf("%d-%d", l.First, l.Last)
}

// Symbol is a definition or a declaration in a file.
type Symbol struct {
	Name       string // unqualified, as written: "newStream", "~Cluster", "operator=="
	Container  string // qualified name of the enclosing scope in the file, "" at top level
	Kind       Kind
	Definition bool // false for a declaration
	Visibility Visibility
	NameSpan   Span     // of the name itself
	Span       Span     // of the whole construct, template head and body included, doc comment not
	HeadEnd    Position // last byte of the signature, which starts at Span.Start
	Doc        Lines    // of the doc comment, zero when there is none
	Parent     int32    // index of the container among the file's symbols, -1 when it is not there
	Trait      string   // for a method or type of a Rust `impl Trait for Type`: the trait as written
}

// Qualified returns the qualified name: container and name, joined by "::"
// in every language.
func (s *Symbol) Qualified() string {
	if s.Container == "" {
		return s.Name
	}
	return s.Container + "::" + s.Name
}

// Occurrence is an identifier in a file. Its name is the text it covers.
type Occurrence struct {
	Line, Col, Len int32 // Len in bytes
	Role           Role
}

// Token is a stretch of one line to be highlighted, other than an identifier.
// A comment of three lines is three tokens.
type Token struct {
	Line, Col, Len int32 // Len in bytes
	Class          Class
}

// Facts is what extraction finds in one file. It depends on the file's
// language and bytes, and on [ExtractorVersion], alone.
type Facts struct {
	Symbols     []Symbol     // in order of Span.Start, containers before what they contain
	Occurrences []Occurrence // in order, without overlaps
	Errors      int32        // error and missing nodes left in the syntax tree
}

// Reset empties f and keeps its memory.
func (f *Facts) Reset() {
	f.Symbols, f.Occurrences, f.Errors = f.Symbols[:0], f.Occurrences[:0], 0
}

// ExtractorVersion is raised whenever extraction finds other facts in the same
// bytes; facts of another version are not reused.
const ExtractorVersion = 2

// SymbolRef names a symbol of a snapshot by position: the file's index among
// the snapshot's files, and the symbol's index among the file's symbols.
type SymbolRef struct{ File, Symbol int32 }
