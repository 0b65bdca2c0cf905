package search

import (
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"navigator/indexer"
)

// Filter narrows a search. Of the values of one field one must hold; an empty
// field lets everything through.
type Filter struct {
	Kinds     []indexer.Kind // of symbols
	Languages []indexer.Language
	Sources   []string
	Paths     []string // parts of a path, in any case; or globs, when they hold one of *?[{
}

// Query is a search for symbols as a person writes it, taken apart.
type Query struct {
	Filter
	Scope []string // names that must enclose the symbol, outermost first
	Name  string   // what the symbol's name must be like; may be several words; "" when only filters or a scope are given
}

// ParseQuery takes a query apart. Words of the form kind:, lang:, source: and
// path: are filters. Of the rest, everything before the last "::" or "." is
// the scope. It fails for a kind or a language that does not exist, and for
// a text of more than 256 bytes.
func ParseQuery(text string) (Query, error) {
	filter, rest, err := splitFilters(text)
	if err != nil {
		return Query{}, err
	}
	q := Query{Filter: filter}
	q.Scope, q.Name = splitScope(strings.Join(rest, " "))
	return q, nil
}

// maxQuery is the longest query in bytes.
const maxQuery = 256

// splitFilters takes the filters out of the words of a query.
func splitFilters(text string) (f Filter, rest []string, err error) {
	if len(text) > maxQuery {
		return f, nil, queryErrorf("the query is longer than %d bytes", maxQuery)
	}
	for _, word := range strings.Fields(text) {
		key, value, found := strings.Cut(word, ":")
		if !found || strings.HasPrefix(value, ":") {
			rest = append(rest, word)
			continue
		}
		known, err := f.addFilter(key, value)
		if err != nil {
			return Filter{}, nil, err
		}
		if !known {
			rest = append(rest, word)
		}
	}
	return f, rest, nil
}

// addFilter adds a value to the filter that key names, if any. An empty value,
// as while one types, filters nothing.
func (f *Filter) addFilter(key, value string) (known bool, err error) {
	switch {
	case !slices.Contains([]string{"kind", "lang", "source", "path"}, key):
		return false, nil
	case value == "":
		return true, nil
	}
	switch key {
	case "kind":
		kind, ok := indexer.ParseKind(value)
		if !ok {
			return true, queryErrorf("there is no kind %q; kinds are %s", value, strings.Join(kindNames(), ", "))
		}
		f.Kinds = append(f.Kinds, kind)
	case "lang":
		language := indexer.Language(value)
		if !slices.Contains(languages, language) {
			return true, queryErrorf("there is no language %q; languages are cpp, rust, proto, text", value)
		}
		f.Languages = append(f.Languages, language)
	case "source":
		f.Sources = append(f.Sources, value)
	case "path":
		f.Paths = append(f.Paths, value)
	}
	return true, nil
}

var languages = []indexer.Language{indexer.CPP, indexer.Rust, indexer.Proto, indexer.Text}

// kindNames returns the names of all kinds.
func kindNames() []string {
	var names []string
	for k := indexer.KindUnknown + 1; ; k++ {
		if _, ok := indexer.ParseKind(k.String()); !ok {
			return names
		}
		names = append(names, k.String())
	}
}

// splitScope splits a qualified name at "::" and ".". Rust's path heads, which
// say where a path begins, are no scope.
func splitScope(text string) (scope []string, name string) {
	parts := strings.Split(strings.ReplaceAll(text, ".", "::"), "::")
	for _, part := range parts[:len(parts)-1] {
		switch part = strings.TrimSpace(part); part {
		case "", "crate", "self", "super":
		default:
			scope = append(scope, part)
		}
	}
	return scope, strings.TrimSpace(parts[len(parts)-1])
}

// maxBraces is how many groups of alternatives a glob may have: matching tries
// their combinations.
const maxBraces = 2

// fileFilter decides once for each file whether a filter lets it through.
type fileFilter struct {
	filter  *Filter
	engine  *Engine
	globs   []string
	parts   []string // folded
	decided []int8   // of each file: 0 not yet, 1 yes, -1 no; nil when every file passes
}

// compile prepares the filter for the files of e. It fails for a glob that is
// malformed and a source that there is not.
func (f *Filter) compile(e *Engine) (*fileFilter, error) {
	c := &fileFilter{filter: f, engine: e}
	for _, source := range f.Sources {
		if !slices.ContainsFunc(e.files, func(file indexer.File) bool { return file.Source == source }) {
			return nil, queryErrorf("there is no source %q", source)
		}
	}
	for _, path := range f.Paths {
		if !strings.ContainsAny(path, "*?[{") {
			c.parts = append(c.parts, fold(path))
			continue
		}
		if !strings.HasPrefix(path, "/") {
			path = "/**/" + path // a glob may begin in any folder
		}
		if len(path) > maxQuery || strings.Count(path, "{") > maxBraces {
			return nil, queryErrorf("%q is too long a glob, or has more than %d braces", strings.TrimPrefix(path, "/**/"), maxBraces)
		}
		if !doublestar.ValidatePattern(path) {
			return nil, queryErrorf("%q is no well-formed glob", strings.TrimPrefix(path, "/**/"))
		}
		c.globs = append(c.globs, path)
	}
	if len(f.Languages)+len(f.Sources)+len(f.Paths) > 0 {
		c.decided = make([]int8, len(e.files))
	}
	return c, nil
}

// passes reports whether the file passes.
func (c *fileFilter) passes(file int) bool {
	if c.decided == nil {
		return true
	}
	if c.decided[file] == 0 {
		c.decided[file] = -1
		if c.decide(file) {
			c.decided[file] = 1
		}
	}
	return c.decided[file] > 0
}

func (c *fileFilter) decide(file int) bool {
	f := &c.engine.files[file]
	return one(c.filter.Languages, f.Language) && one(c.filter.Sources, f.Source) &&
		(len(c.filter.Paths) == 0 || c.hasPath(f.Path, c.engine.paths.paths[file].folded))
}

func (c *fileFilter) hasPath(path, folded string) bool {
	return slices.ContainsFunc(c.parts, func(part string) bool { return strings.Contains(folded, part) }) ||
		slices.ContainsFunc(c.globs, func(glob string) bool { return doublestar.MatchUnvalidated(glob, "/"+path) })
}

// one reports whether value is one of the allowed, or all are.
func one[T comparable](allowed []T, value T) bool {
	return len(allowed) == 0 || slices.Contains(allowed, value)
}
