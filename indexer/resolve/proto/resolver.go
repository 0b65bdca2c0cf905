// Package proto finds what names in Protocol Buffers source mean: types by
// scope and import, the fields and values that options name.
package proto

import (
	"slices"
	"strings"
	"sync"

	"navigator/indexer"
)

// Resolver answers for the proto files of a corpus. It is safe for concurrent
// use.
type Resolver struct {
	corpus indexer.Corpus
	lex    func([]byte) *indexer.Code

	once    sync.Once
	names   map[string][]indexer.SymbolRef // by full name, parts joined by dots
	paths   map[string][]int               // files by path, without its folders one by one
	mu      sync.Mutex
	sources map[int]*source
}

// source is a file that was asked about.
type source struct {
	code    *indexer.Code
	pkg     string
	imports []int    // files, those that they import publicly included
	outside []string // imported paths that the corpus lacks
}

// New returns a Resolver for a corpus. Nothing is read until it is asked.
func New(corpus indexer.Corpus, lex func([]byte) *indexer.Code) *Resolver {
	return &Resolver{corpus: corpus, lex: lex, sources: map[int]*source{}}
}

// load lists the symbols of all proto files by their full name.
func (r *Resolver) load() {
	r.names, r.paths = map[string][]indexer.SymbolRef{}, map[string][]int{}
	files := r.corpus.Files()
	for i := range files {
		if files[i].Language != indexer.Proto {
			continue
		}
		for k, s := range r.corpus.Symbols(i) {
			full := strings.ReplaceAll(s.Qualified(), "::", ".")
			r.names[full] = append(r.names[full], indexer.SymbolRef{File: int32(i), Symbol: int32(k)})
		}
		for p := files[i].Path; ; {
			r.paths[p] = append(r.paths[p], i)
			_, rest, ok := strings.Cut(p, "/")
			if !ok {
				break
			}
			p = rest
		}
	}
}

// Meaning returns what the name at a position of a file means.
func (r *Resolver) Meaning(file int, at indexer.Position) indexer.Meaning {
	r.once.Do(r.load)
	s := r.source(file)
	code := s.code
	off := code.Offset(at)
	i := code.Find(off)
	if k := code.At(i); k == indexer.LexString && code.Lexemes[i].From <= off {
		return r.imported(s, i)
	} else if k != indexer.LexWord || code.Lexemes[i].From > off {
		return indexer.Meaning{}
	}
	m := indexer.Meaning{Name: string(code.Bytes(i)), Span: code.SpanOf(code.Lexemes[i].Extent)}
	if ref, ok := r.symbolAt(file, m.Span.Start); ok {
		m.Answers = r.answers([]indexer.SymbolRef{ref}, file, indexer.Sure, indexer.Reason{Kind: indexer.ReasonItself})
		return m
	}
	r.resolve(s, file, i, &m)
	return m
}

// source reads a file and what it imports.
func (r *Resolver) source(file int) *source {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.sources[file]; s != nil {
		return s
	}
	s := &source{code: r.lex(r.corpus.Text(file))}
	r.sources[file] = s
	for i := range s.code.Lexemes {
		switch {
		case i > 0 && s.code.At(i-1) != ';' && s.code.At(i-1) != '}':
		case s.code.Is(i, "package"):
			for k := i + 1; s.code.At(k) == indexer.LexWord || s.code.At(k) == '.'; k++ {
				s.pkg += string(s.code.Bytes(k))
			}
		}
	}
	seen := map[int]bool{file: true}
	r.follow(s, file, s.code, true, seen)
	return s
}

// follow enters the imports of a file: all of them, or the public ones.
func (r *Resolver) follow(s *source, file int, code *indexer.Code, all bool, seen map[int]bool) {
	for i := range code.Lexemes {
		if !code.Is(i, "import") || i > 0 && code.At(i-1) != ';' {
			continue
		}
		at, public := i+1, false
		if code.At(at) == indexer.LexWord {
			public = code.Is(at, "public")
			at++
		}
		if code.At(at) != indexer.LexString || !all && !public {
			continue
		}
		p := strings.Trim(string(code.Bytes(at)), `"'`)
		n, ok := r.fileOf(file, p)
		if !ok {
			s.outside = append(s.outside, p)
			continue
		}
		if !seen[n] {
			seen[n] = true
			s.imports = append(s.imports, n)
			r.follow(s, n, r.lex(r.corpus.Text(n)), false, seen)
		}
	}
}

// fileOf returns the file that an import means, of the same source first.
func (r *Resolver) fileOf(from int, path string) (int, bool) {
	list := r.paths[path]
	files := r.corpus.Files()
	for _, i := range list {
		if files[i].Source == files[from].Source {
			return i, true
		}
	}
	if len(list) > 0 {
		return list[0], true
	}
	return 0, false
}

// imported answers for the path of an import.
func (r *Resolver) imported(s *source, i int) indexer.Meaning {
	if !s.code.Is(i-1, "import") && !s.code.Is(i-2, "import") {
		return indexer.Meaning{}
	}
	path := strings.Trim(string(s.code.Bytes(i)), `"'`)
	m := indexer.Meaning{Name: path, Span: s.code.SpanOf(s.code.Lexemes[i].Extent)}
	if list := r.paths[path]; len(list) > 0 {
		start := indexer.Position{Line: 1, Col: 1}
		m.Answers = []indexer.Answer{{
			File: list[0], Symbol: -1, Span: indexer.Span{Start: start, End: start}, EndLine: 1, Name: path,
			Definition: true, Confidence: indexer.Sure, Reason: indexer.Reason{Kind: indexer.ReasonFile, Arg: path},
		}}
		return m
	}
	m.External = external(path)
	return m
}

func (r *Resolver) symbolAt(file int, at indexer.Position) (indexer.SymbolRef, bool) {
	for i, s := range r.corpus.Symbols(file) {
		if s.NameSpan.Start == at {
			return indexer.SymbolRef{File: int32(file), Symbol: int32(i)}, true
		}
	}
	return indexer.SymbolRef{}, false
}

// answers makes answers of symbols; those that file can see come first.
func (r *Resolver) answers(refs []indexer.SymbolRef, file int, c indexer.Confidence, why indexer.Reason) []indexer.Answer {
	var out []indexer.Answer
	for _, ref := range refs {
		sym := &r.corpus.Symbols(int(ref.File))[ref.Symbol]
		out = append(out, indexer.Answer{
			File: int(ref.File), Symbol: ref.Symbol, Span: sym.NameSpan, EndLine: sym.Span.End.Line, Name: sym.Qualified(),
			Kind: sym.Kind, Definition: true, Confidence: c, Reason: why,
		})
	}
	return out
}

// resolve answers for the word at i, which names no symbol of its own.
func (r *Resolver) resolve(s *source, file, i int, m *indexer.Meaning) {
	scope := r.scopeAt(s, file, m.Span.Start)
	if option, ok := r.inOption(s.code, i); ok {
		r.option(s, file, scope, option, i, m)
		return
	}
	// A path: the words before i belong to it, those behind may prove it.
	first := i
	for s.code.At(first-1) == '.' && s.code.At(first-2) == indexer.LexWord {
		first -= 2
	}
	last := i
	for s.code.At(last+1) == '.' && s.code.At(last+2) == indexer.LexWord {
		last += 2
	}
	absolute := s.code.At(first-1) == '.'
	full, ok := r.lookup(s, file, scope, join(s.code, first, last), absolute)
	if !ok {
		if strings.HasPrefix(join(s.code, first, last), "google.") || len(s.outside) > 0 {
			m.External = external(strings.ReplaceAll(join(s.code, first, last), ".", "/"))
		}
		return
	}
	for n := last; n > i; n -= 2 { // i names what is around it
		full = full[:max(strings.LastIndexByte(full, '.'), 0)]
	}
	r.found(s, file, full, m, indexer.Reason{Kind: indexer.ReasonScope, Arg: full[:max(strings.LastIndexByte(full, '.'), 0)]})
}

func join(code *indexer.Code, first, last int) string {
	var b strings.Builder
	for i := first; i <= last; i++ {
		b.Write(code.Bytes(i))
	}
	return b.String()
}

// found sets the answers of m to the symbols of a full name that file sees.
func (r *Resolver) found(s *source, file int, full string, m *indexer.Meaning, why indexer.Reason) {
	refs := r.visible(s, file, full)
	confidence := indexer.Sure
	if len(refs) == 0 {
		refs, confidence = r.names[full], indexer.Likely
	}
	m.Answers = r.answers(refs, file, confidence, why)
}

// visible returns the symbols of a full name in a file and what it imports.
func (r *Resolver) visible(s *source, file int, full string) []indexer.SymbolRef {
	var out []indexer.SymbolRef
	for _, ref := range r.names[full] {
		if int(ref.File) == file || slices.Contains(s.imports, int(ref.File)) {
			out = append(out, ref)
		}
	}
	return out
}

// lookup finds a name from a scope on outwards, as protoc does, in what the
// file sees; else in all files.
func (r *Resolver) lookup(s *source, file int, scope, name string, absolute bool) (string, bool) {
	for _, everywhere := range []bool{false, true} {
		for at := scope; ; at = at[:max(strings.LastIndexByte(at, '.'), 0)] {
			full := name
			if at != "" && !absolute {
				full = at + "." + name
			}
			if everywhere && len(r.names[full]) > 0 || len(r.visible(s, file, full)) > 0 {
				return full, true
			}
			if at == "" || absolute {
				break
			}
		}
	}
	return "", false
}

// scopeAt returns the full name of the message, enum or service around a
// position, else the package.
func (r *Resolver) scopeAt(s *source, file int, at indexer.Position) string {
	scope := s.pkg
	for _, sym := range r.corpus.Symbols(file) {
		switch sym.Kind {
		case indexer.KindMessage, indexer.KindEnum, indexer.KindService:
			if before(sym.Span.Start, at) && before(at, sym.Span.End) {
				scope = strings.ReplaceAll(sym.Qualified(), "::", ".")
			}
		}
	}
	return scope
}

func before(a, b indexer.Position) bool { return a.Line < b.Line || a.Line == b.Line && a.Col <= b.Col }

// inOption reports whether the word at i stands in the value or the name of an
// option, and returns where that option begins.
func (r *Resolver) inOption(code *indexer.Code, i int) (int, bool) {
	for k := i; k >= 0; k-- {
		switch code.At(k) {
		case ';':
			return 0, false
		case ']', ')', '}':
			if m := code.Lexemes[k].Mate; m >= 0 {
				k = int(m)
			}
		case '[':
			return k + 1, true
		case '{':
			if code.At(k-1) != '=' && code.At(k-1) != ':' && !(code.At(k-1) == indexer.LexWord && code.At(k-2) == '{') {
				return 0, false
			}
		}
		if code.Is(k, "option") && (code.At(k-1) == ';' || code.At(k-1) == '{' || code.At(k-1) == '}') && code.At(k+1) != '=' {
			return k + 1, true
		}
	}
	return 0, false
}

// option answers for a word in an option: the extension that its name gives, a
// field of its message, a value of its enum.
func (r *Resolver) option(s *source, file int, scope string, start, i int, m *indexer.Meaning) {
	code := s.code
	for k := i; k >= start; k-- { // the option's own start, in a list of several
		if code.At(k) == ',' && code.Lexemes[k].Mate < 0 {
			start = k + 1
			break
		}
	}
	if code.At(start) == '(' && i > start && i < int(code.Lexemes[start].Mate) {
		name := join(code, start+1, int(code.Lexemes[start].Mate)-1)
		if full, ok := r.lookup(s, file, scope, name, false); ok {
			r.found(s, file, full, m, indexer.Reason{Kind: indexer.ReasonScope, Arg: name})
			return
		}
		m.External = external(strings.ReplaceAll(name, ".", "/"))
		return
	}
	// Values of enums and fields of option messages: unique by name in what is
	// imported, or nothing.
	var refs []indexer.SymbolRef
	for _, ref := range r.corpus.SymbolsNamed(m.Name) {
		sym := &r.corpus.Symbols(int(ref.File))[ref.Symbol]
		seen := int(ref.File) == file || slices.Contains(s.imports, int(ref.File))
		if seen && (sym.Kind == indexer.KindEnumerator || sym.Kind == indexer.KindField || sym.Kind == indexer.KindOneof) && sym.Kind == wanted(code, i) {
			refs = append(refs, ref)
		}
	}
	switch {
	case len(refs) == 1:
		m.Answers = r.answers(refs, file, indexer.Likely, indexer.Reason{Kind: indexer.ReasonUnique})
	case len(refs) == 0:
		m.External = &indexer.External{Library: "protobuf", URL: "https://protobuf.dev/programming-guides/proto3/#options"}
	default:
		m.Answers = r.answers(refs, file, indexer.NameOnly, indexer.Reason{Kind: indexer.ReasonNamesake, Arg: "several"})
	}
}

// wanted returns the kind of what the word at i may be: a value stands behind
// its sign, a field before one.
func wanted(code *indexer.Code, i int) indexer.Kind {
	switch code.At(i - 1) {
	case '=', ':', '[':
		if k := code.At(i + 1); k != ':' && k != '=' {
			return indexer.KindEnumerator
		}
	}
	return indexer.KindField
}

// external says to whom a path or a package outside belongs.
func external(path string) *indexer.External {
	first, _, _ := strings.Cut(path, "/")
	base := strings.TrimSuffix(path[strings.LastIndexByte(path, '/')+1:], ".proto")
	switch {
	case strings.HasPrefix(path, "google/protobuf"):
		return &indexer.External{Library: "protobuf", URL: "https://protobuf.dev/reference/protobuf/google.protobuf/"}
	case strings.HasPrefix(path, "google/"):
		return &indexer.External{Library: "googleapis", URL: "https://github.com/googleapis/googleapis/search?q=" + base}
	case first == "validate":
		return &indexer.External{Library: "protoc-gen-validate", URL: "https://github.com/bufbuild/protoc-gen-validate"}
	case first == "xds" || first == "udpa":
		return &indexer.External{Library: "xds", URL: "https://github.com/cncf/xds"}
	case first == "opencensus", first == "opentelemetry", first == "cel", first == "gogoproto":
		return &indexer.External{Library: first}
	}
	return &indexer.External{}
}
