package course

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/text"

	"navigator/annotations"
	"navigator/indexer"
)

// Languages of fences, as info strings name them.
var (
	// Fences whose every word may be a reference.
	wordFences = set("text txt plain plaintext plain-text ascii bash sh shell zsh console terminal shell-session shellsession log output gdb lldb diff mermaid tree none")
	// Fences that show how a lesson is written.
	markdownFences = set("markdown md")
	// Fences of the trees' languages, which are always excerpts.
	codeFences = set("cpp c++ cc c cxx h hpp rust rs proto protobuf proto3")
	hashFences = set("python py yaml yml toml bazel starlark bzl make makefile dockerfile docker ruby ini conf properties cmake perl")
)

// shellFence says whether here-documents may stand in a fence.
func shellFence(language string) bool {
	return language == "" || wordFences[language] && language != "mermaid" && language != "diff"
}

// fence collects the citations of a fenced or indented block.
func (w *walker) fence(n ast.Node) {
	language := ""
	lines := w.doc.extent(n)
	f, fenced := n.(*ast.FencedCodeBlock)
	if fenced && f.Info != nil {
		language = infoLanguage(f.Info.Segment.Value(w.doc.text))
		s := f.Info.Segment
		from := s.Start + len(language)
		for _, ref := range scan(w.doc.text, min(from, s.Stop), s.Stop, remark) {
			if strings.Contains(ref.path, "/") || !ref.lines.IsZero() {
				w.add(ref, annotations.Fence, "", n)
			}
		}
	}
	if markdownFences[language] {
		return
	}
	first := len(w.cited)
	r := fenceReader{walker: w, language: language, node: n, opening: true}
	if language == "" || wordFences[language] {
		r.tree = drawnTree(w.doc.text, n.Lines().Sliced(0, n.Lines().Len()))
	}
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		stop := s.Stop
		for stop > s.Start && (w.doc.text[stop-1] == '\n' || w.doc.text[stop-1] == '\r') {
			stop--
		}
		r.line(i, s.Start, stop)
	}
	leads := false
	for _, c := range w.cited[first:] {
		leads = leads || c.form == annotations.Fence
	}
	if fenced && (codeFences[language] || leads || language == "" && showsCode(w.doc.text, n.Lines())) {
		w.fences = append(w.fences, fence{lines, language, leads, w.above(n)})
	}
}

var (
	codeHead = regexp.MustCompile(`^[ \t]*(?:(?:class|struct|enum|impl|trait|message|template|namespace|virtual)\b.*[{;>]$|(?:pub(?:\([\w:]+\))?[ \t]+)?(?:async[ \t]+)?fn[ \t]|#\[|(?:let|auto|return)[ \t].*;$|[\w:<>*& ]+::~?\w+\(.*[{;,]$)`)
	codeEnd  = regexp.MustCompile(`(?:[;{]|^[ \t]*\}[;,]?)$`)
)

// showsCode says whether an unlabelled fence holds C++, Rust or proto: some
// line begins what these languages have, and at least half of the lines that
// are no comments end as theirs do.
func showsCode(source []byte, lines *text.Segments) bool {
	heads, ends, all := 0, 0, 0
	for i := range lines.Len() {
		s := lines.At(i)
		line := bytes.TrimRight(s.Value(source), " \t\r\n")
		trimmed := bytes.TrimLeft(line, " \t")
		if len(trimmed) == 0 || bytes.HasPrefix(trimmed, []byte("//")) {
			continue
		}
		all++
		if codeHead.Match(line) {
			heads++
		}
		if codeEnd.Match(line) {
			ends++
		}
	}
	return heads > 0 && all >= 2 && 2*ends >= all
}

// above returns the lines of the block just above n.
func (w *walker) above(n ast.Node) indexer.Lines {
	if p := n.PreviousSibling(); p != nil && p.Kind() != ast.KindFencedCodeBlock && p.Kind() != ast.KindList {
		return w.doc.extent(p)
	}
	return indexer.Lines{}
}

// infoLanguage returns the first word of an info string.
func infoLanguage(info []byte) string {
	s := strings.TrimLeft(string(info), " \t{.")
	if end := strings.IndexAny(s, " \t,:}{="); end >= 0 {
		s = s[:end]
	}
	return strings.ToLower(s)
}

// fenceReader reads a fence line by line.
type fenceReader struct {
	*walker
	language string
	node     ast.Node
	tree     map[int]branch
	opening  bool   // only comments so far
	seen     int    // lines that are not blank
	block    bool   // inside /* … */
	heredoc  string // the word that ends a here-document, "" outside
}

// heredoc matches the start of a here-document.
var heredoc = regexp.MustCompile(`<<[-~]?[ \t]*['"\\]?([A-Za-z_]\w*)`)

// line collects the citations of the line text[start:stop], the i-th.
func (r *fenceReader) line(i, start, stop int) {
	text := r.doc.text
	if len(bytes.TrimSpace(text[start:stop])) == 0 {
		return
	}
	from, comment := r.comment(start, stop)
	whole := comment && len(bytes.TrimLeft(text[start:from], " \t/*#!<;-")) == 0
	r.opening = r.opening && whole && r.seen < 3
	r.seen++
	switch {
	case r.heredoc != "":
		if string(bytes.TrimSpace(text[start:stop])) == r.heredoc {
			r.heredoc = ""
		} else if comment {
			r.remarks(from, stop)
		}
	case r.tree[i].name > 0:
		r.branch(r.tree[i], stop)
	case r.opening && (r.language != "bash" && r.language != "sh" || r.seen == 1):
		r.opens(from, stop)
	case r.language == "" || wordFences[r.language]:
		r.scan(start, stop, words, annotations.Command, r.node)
		if bytes.Contains(text[start:stop], []byte("<<")) && shellFence(r.language) {
			if m := heredoc.FindSubmatch(text[start:stop]); m != nil {
				r.heredoc = string(m[1])
			}
		}
	case comment:
		r.remarks(from, stop)
	case r.seen == 1:
		r.title(start, stop)
	}
}

// title collects a citation that is the whole first line of a fence, though no
// comment.
func (r *fenceReader) title(start, stop int) {
	for _, ref := range scan(r.doc.text, start, stop, remark) {
		if ref.end-ref.start == len(bytes.TrimSpace(r.doc.text[start:stop])) {
			r.add(ref, annotations.Fence, "", r.node)
		}
	}
}

// opens collects the citation of a comment that opens a fence. A line that
// gives lines alone gives them to the citation above.
func (r *fenceReader) opens(from, stop int) {
	before := len(r.cited)
	r.scan(from, stop, opening, annotations.Fence, r.node)
	if before == 0 || len(r.cited) > before {
		return
	}
	last := &r.cited[before-1]
	m := wordedLines.FindSubmatchIndex(r.doc.text[from:stop])
	if m == nil || last.form != annotations.Fence || last.prose != r.proseOf(r.node) || !last.lines.IsZero() || m[4] < 0 {
		return
	}
	f := found(r.doc.text, from, m[4], m[5], m[8], m[9], m[1])
	last.lines, last.digits, last.backwards = f.lines, f.digits, f.backwards
}

// leadWords matches what may stand between a comment's mark and the reference
// that the comment is about.
var leadWords = regexp.MustCompile(`(?i)^[^\pL]*(?:(?:archivo|fichero|file|fuente|source|en|ver|see|in|from|de|extracto|fragmento)\b[ \t:]*)*[^\pL]*$`)

// tailWords matches what may follow such a reference.
var tailWords = regexp.MustCompile(`^[ \t]*(?:$|[-–—:(,*|])`)

// remarks collects the citations of a comment among code: those with a folder
// or lines, and bare names that the comment is about.
func (r *fenceReader) remarks(from, stop int) {
	for _, ref := range scan(r.doc.text, from, stop, remark) {
		about := leadWords.Match(r.doc.text[from:ref.start]) && tailWords.Match(r.doc.text[ref.end:stop])
		if strings.Contains(ref.path, "/") || !ref.lines.IsZero() || about {
			r.add(ref, annotations.Fence, "", r.node)
		}
	}
}

// comment returns where the comment of a line begins, behind its mark, and
// whether there is one.
func (r *fenceReader) comment(start, stop int) (from int, ok bool) {
	line := r.doc.text[start:stop]
	trimmed := bytes.TrimLeft(line, " \t")
	indent := start + len(line) - len(trimmed)
	if r.block {
		r.block = !bytes.Contains(trimmed, []byte("*/"))
		return indent, true
	}
	marks := []string{"///", "//!", "//", "/*", "<!--", "#", "--", ";"}
	switch {
	case codeFences[r.language] || r.language == "go" || r.language == "java" || r.language == "javascript" || r.language == "json":
		marks = marks[:4]
	case hashFences[r.language] || shellFence(r.language) && r.language != "":
		marks = []string{"#"}
	}
	for _, m := range marks {
		if !bytes.HasPrefix(trimmed, []byte(m)) || m == "#" && bytes.HasPrefix(trimmed, []byte("#[")) || m == "--" && bytes.HasPrefix(trimmed, []byte("---")) {
			continue
		}
		if m == "//" && r.language == "" && len(trimmed) > 2 && trimmed[2] != ' ' {
			continue // a label of bazel
		}
		if m == "/*" {
			r.block = !bytes.Contains(trimmed, []byte("*/"))
		}
		return indent + len(m), true
	}
	for _, m := range []string{" //", "\t//", " #"} {
		if m == " #" && (codeFences[r.language] || r.language == "") || m != " #" && (hashFences[r.language] || shellFence(r.language)) {
			continue
		}
		if at := bytes.LastIndex(line, []byte(m)); at >= 0 && bytes.Count(line[:at], []byte(`"`))%2 == 0 {
			return start + at + len(m), true
		}
	}
	return 0, false
}

// branch collects the citation of a line of a drawn tree, and those in the
// words behind it.
func (r *fenceReader) branch(b branch, stop int) {
	if b.checkout {
		r.scan(b.start+b.name+1, stop, words, annotations.Command, r.node)
		return
	}
	name := string(r.doc.text[b.start : b.start+b.name])
	if path, ok := inTree(name, b.under); ok {
		r.add(reference{start: b.start, end: b.start + b.name, path: path}, annotations.Command, b.under, r.node)
	}
	r.scan(b.start+b.name, stop, words, annotations.Command, r.node)
}
