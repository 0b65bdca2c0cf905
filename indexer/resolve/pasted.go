package resolve

import (
	"bytes"
	"slices"
	"strings"

	"navigator/indexer"
)

// paste is what macros put before and after a name: get and Value of
// get##name##Value.
type paste struct{ before, after string }

var pasteSign = []byte("##")

// findPastes returns what the macros of the C++ files paste to one of their
// parameters.
func (r *Resolver) findPastes() []paste {
	found := make(map[paste]bool)
	for f := range r.files {
		if r.files[f].Language != indexer.CPP {
			continue
		}
		text := r.corpus.Text(f)
		for at := 0; ; {
			i := bytes.Index(text[at:], pasteSign)
			if i < 0 {
				break
			}
			from, to, words := pastedAround(text, at+i)
			if parameters, ok := macroParameters(text, from); ok {
				if p, ok := pasteOf(words, parameters); ok {
					found[p] = true
				}
			}
			at = to
		}
	}
	var list []paste
	for p := range found {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b paste) int { return strings.Compare(a.before+"#"+a.after, b.before+"#"+b.after) })
	return list
}

// pastedAround returns the words that the ## at an offset joins with others
// behind it, and from where to where they stand.
func pastedAround(text []byte, at int) (from, to int, words []string) {
	end := len(bytes.TrimRight(text[:at], " \t"))
	from = end
	for from > 0 && wordByte[text[from-1]] {
		from--
	}
	words = []string{string(text[from:end])}
	for to = at; bytes.HasPrefix(text[to:], pasteSign); {
		to += len(pasteSign)
		for to < len(text) && (text[to] == ' ' || text[to] == '\t') {
			to++
		}
		start := to
		for to < len(text) && wordByte[text[to]] {
			to++
		}
		words = append(words, string(text[start:to]))
		next := to
		for next < len(text) && (text[next] == ' ' || text[next] == '\t') {
			next++
		}
		if bytes.HasPrefix(text[next:], pasteSign) {
			to = next
		}
	}
	return from, to, words
}

// macroParameters returns the parameters of the macro whose definition holds
// an offset.
func macroParameters(text []byte, at int) ([]string, bool) {
	start := bytes.LastIndexByte(text[:at], '\n') + 1
	for start > 1 && text[start-2] == '\\' {
		start = bytes.LastIndexByte(text[:start-1], '\n') + 1
	}
	line := bytes.TrimLeft(text[start:at], " \t#")
	rest, ok := bytes.CutPrefix(line, []byte("define"))
	if !ok {
		return nil, false
	}
	rest = bytes.TrimLeft(rest, " \t")
	open, end := bytes.IndexByte(rest, '('), bytes.IndexByte(rest, ')')
	if open < 0 || end < open || bytes.ContainsAny(rest[:open], " \t") {
		return nil, false
	}
	var parameters []string
	for p := range strings.SplitSeq(string(rest[open+1:end]), ",") {
		parameters = append(parameters, strings.Trim(p, " \t\\\n"))
	}
	return parameters, true
}

// pasteOf returns what words that are joined put around the one of them that is
// a parameter.
func pasteOf(words, parameters []string) (paste, bool) {
	at := -1
	for i, w := range words {
		if slices.Contains(parameters, w) {
			if at >= 0 {
				return paste{}, false
			}
			at = i
		}
	}
	if at < 0 {
		return paste{}, false
	}
	p := paste{strings.Join(words[:at], ""), strings.Join(words[at+1:], "")}
	return p, p != paste{}
}

// pastedNames returns the names that macros may make of the entry of a table,
// as far as files hold them.
func (r *Resolver) pastedNames(entry string) []string {
	var names []string
	for _, p := range r.pastes() {
		if name := p.before + entry + p.after; len(r.words().filesWith(name)) > 0 {
			names = append(names, name)
		}
	}
	return names
}

// entryOf returns what is written where a symbol stands that a macro makes of
// it, "" for another symbol: Host for the field Host_ of HEADER(Host).
func (r *Resolver) entryOf(file int, s *indexer.Symbol) string {
	if r.files[file].Language != indexer.CPP || s.Kind == indexer.KindMacro || s.Kind == indexer.KindTest || s.NameSpan.Start.Line != s.NameSpan.End.Line {
		return ""
	}
	text := r.corpus.Text(file)
	from := 0
	for range s.NameSpan.Start.Line - 1 {
		from += bytes.IndexByte(text[from:], '\n') + 1
	}
	line := text[from:]
	start, end := int(s.NameSpan.Start.Col)-1, int(s.NameSpan.End.Col)
	if end > len(line) {
		return ""
	}
	before := bytes.TrimRight(line[:start], " \t")
	written := string(line[start:end])
	if written != s.Name || bytes.HasSuffix(before, []byte("(")) || bytes.HasSuffix(before, []byte(",")) && bytes.IndexByte(before, '(') > 0 {
		return written
	}
	return ""
}
