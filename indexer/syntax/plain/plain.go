// Package plain highlights the text files that no grammar of ours reads, with
// the lexers of chroma.
package plain

import (
	"path"
	"strings"
	"time"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"

	"navigator/indexer"
)

const (
	maxSize = 256 << 10 // bytes; larger files are shown without highlight
	maxLine = 4 << 10   // bytes; nor is a file with a longer line: it is data or minified

	// maxTime is when highlighting stops, for texts made to tire regular
	// expressions; what comes after stays plain.
	maxTime = 5 * time.Second
)

// Highlight returns what is to be highlighted in the text of the file at path,
// in order; nothing for a file whose kind its name does not tell, or that is
// too large. It takes a second for each megabyte and more: chroma reads by
// regular expressions.
func Highlight(path string, text []byte) (tokens []indexer.Token) {
	if len(text) > maxSize || hasLongLine(text) {
		return nil
	}
	lexer := lexerOf(path)
	if lexer == nil {
		return nil
	}
	// The library is large, and its regular expressions meet any bytes here.
	defer func() { _ = recover() }()
	next, err := lexer.Tokenise(&chroma.TokeniseOptions{State: "root"}, string(text))
	if err != nil {
		return nil
	}
	w := writer{text: text, line: 1, col: 1, tokens: &tokens}
	deadline := time.Now().Add(maxTime)
	for t := next(); t != chroma.EOF && w.token(t) && time.Now().Before(deadline); t = next() {
	}
	return tokens
}

func hasLongLine(text []byte) bool {
	length := 0
	for _, c := range text {
		if length++; c == '\n' {
			length = 0
		} else if length > maxLine {
			return true
		}
	}
	return false
}

// lexerNames says which of chroma's lexers reads a file, by its whole name or by
// its extension. Chroma could tell, but takes ten milliseconds for a name that it
// does not know, and reads test corpora as whatever language their name ends in.
var lexerNames = map[string]string{
	"BUILD":          "python",
	"WORKSPACE":      "python",
	"Dockerfile":     "docker",
	"Makefile":       "make",
	"Jenkinsfile":    "groovy",
	"CMakeLists.txt": "cmake",

	".BUILD":        "python",
	".bash":         "bash",
	".bat":          "batchfile",
	".bazel":        "python",
	".bazelproject": "yaml",
	".bazelrc":      "bash",
	".bzl":          "python",
	".bzlmod":       "python",
	".c":            "c",
	".cfg":          "ini",
	".cmake":        "cmake",
	".cnf":          "ini",
	".conf":         "nginx",
	".css":          "css",
	".diff":         "diff",
	".dockerfile":   "docker",
	".go":           "go",
	".gradle":       "groovy",
	".graphql":      "graphql",
	".groovy":       "groovy",
	".h":            "objective-c", // other headers are C++, and not read here
	".html":         "html",
	".ini":          "ini",
	".j2":           "django/jinja",
	".java":         "java",
	".js":           "javascript",
	".json":         "json",
	".jsonnet":      "jsonnet",
	".jsx":          "react",
	".kt":           "kotlin",
	".kts":          "kotlin",
	".lock":         "toml",
	".lua":          "lua",
	".m":            "objective-c",
	".md":           "markdown",
	".mjs":          "javascript",
	".mk":           "make",
	".mm":           "objective-c",
	".nix":          "nix",
	".patch":        "diff",
	".php":          "php",
	".pl":           "perl",
	".plist":        "xml",
	".properties":   "properties",
	".ps1":          "powershell",
	".py":           "python",
	".pyi":          "python",
	".rb":           "ruby",
	".rst":          "restructuredtext",
	".scala":        "scala",
	".scss":         "scss",
	".sh":           "bash",
	".sql":          "sql",
	".star":         "python",
	".swift":        "swift",
	".tf":           "terraform",
	".toml":         "toml",
	".ts":           "typescript",
	".tsx":          "typescript",
	".xml":          "xml",
	".yaml":         "yaml",
	".yml":          "yaml",
	".zsh":          "bash",
}

// lexerOf returns the lexer for a file, nil for none.
func lexerOf(file string) chroma.Lexer {
	for _, key := range []string{path.Base(file), path.Ext(file)} {
		if name, ok := lexerNames[key]; ok {
			return lexers.Get(name)
		}
	}
	return nil
}

// writer turns chroma's tokens, which follow each other without a gap, into
// ours.
type writer struct {
	text      []byte // what is left of it
	line, col int32
	tokens    *[]indexer.Token
}

// token writes t, and reports whether it is what the text goes on with. It may
// not be: chroma puts a replacement where bytes are no UTF-8.
func (w *writer) token(t chroma.Token) bool {
	if !strings.HasPrefix(string(w.text[:min(len(w.text), len(t.Value))]), t.Value) {
		return false
	}
	w.text = w.text[len(t.Value):]
	class := classOf(t.Type)
	for part := range strings.Lines(t.Value) {
		if word := strings.TrimRight(part, " \t\r\n"); class != 0 && strings.TrimLeft(word, " \t") != "" {
			w.add(int32(len(word)), class)
		}
		w.col += int32(len(part))
		if part[len(part)-1] == '\n' {
			w.line, w.col = w.line+1, 1
		}
	}
	return true
}

// add appends a token of that length here, or lengthens the last by it.
func (w *writer) add(length int32, class indexer.Class) {
	if n := len(*w.tokens); n > 0 {
		last := &(*w.tokens)[n-1]
		if last.Line == w.line && last.Class == class && last.Col+last.Len == w.col {
			last.Len += length
			return
		}
	}
	*w.tokens = append(*w.tokens, indexer.Token{Line: w.line, Col: w.col, Len: length, Class: class})
}

// classOf returns the class of one of chroma's types, 0 for what is not
// highlighted.
func classOf(t chroma.TokenType) indexer.Class {
	switch t {
	case chroma.NameTag, chroma.NameAttribute, chroma.NameFunction, chroma.NameClass, chroma.NameProperty,
		chroma.NameEntity, chroma.GenericHeading, chroma.GenericSubheading:
		return indexer.Name
	case chroma.NameDecorator:
		return indexer.Preprocessor
	case chroma.NameBuiltinPseudo, chroma.OperatorWord:
		return indexer.Keyword
	}
	switch {
	case t.InSubCategory(chroma.CommentPreproc):
		return indexer.Preprocessor
	case t.InCategory(chroma.Comment):
		return indexer.Comment
	case t.InCategory(chroma.Keyword):
		return indexer.Keyword
	case t.InSubCategory(chroma.LiteralNumber):
		return indexer.Number
	case t.InCategory(chroma.Literal):
		return indexer.String
	case t.InCategory(chroma.Operator), t.InCategory(chroma.Punctuation):
		return indexer.Punctuation
	}
	return 0
}
