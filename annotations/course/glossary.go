package course

import (
	"cmp"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"golang.org/x/sync/errgroup"

	"navigator/annotations"
)

// termKey returns what a term is told from others by: neither case nor a plural
// counts.
func termKey(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == ' ' || r == '-' })
	if len(words) == 0 {
		return ""
	}
	last := &words[len(words)-1]
	if s := *last; len(s) > 3 && strings.HasSuffix(s, "s") && !strings.HasSuffix(s, "ss") && !strings.HasSuffix(s, "us") && !strings.HasSuffix(s, "is") {
		*last = strings.TrimSuffix(s, "s")
	}
	return strings.Join(words, "-")
}

// glossary gathers what the lessons define, and finds where it is used. The
// documents are the lessons'.
func glossary(lessons []*annotations.Lesson, documents []*document) []annotations.Term {
	var terms []annotations.Term
	at := map[string]int{}
	found := make([][]definition, len(lessons))
	each(lessons, func(i int) { found[i] = documents[i].definitions(lessons[i]) })
	for i, l := range lessons {
		for _, def := range found[i] {
			key := termKey(def.name)
			j, ok := at[key]
			if !ok {
				j = len(terms)
				at[key] = j
				terms = append(terms, annotations.Term{Key: key, Name: def.name, Definition: def.text, Context: def.context})
			}
			t := &terms[j]
			if !slices.ContainsFunc(t.Defined, func(p annotations.TermPlace) bool { return p.Lesson == l.ID }) {
				t.Defined = append(t.Defined, def.place)
			}
			for _, code := range def.code {
				if !slices.Contains(t.Code, code) {
					t.Code = append(t.Code, code)
				}
			}
		}
	}
	slices.SortFunc(terms, func(a, b annotations.Term) int { return cmp.Compare(a.Key, b.Key) })
	for i, t := range terms {
		at[t.Key] = i
	}
	each(lessons, func(i int) { lessons[i].Terms = documents[i].uses(lessons[i], terms, at) })
	for _, l := range lessons {
		for _, use := range l.Terms {
			if t := &terms[use.Term]; !slices.Contains(t.Used, l.ID) {
				t.Used = append(t.Used, l.ID)
			}
		}
		for j := range terms {
			if t := &terms[j]; !slices.Contains(t.Used, l.ID) && slices.ContainsFunc(t.Defined, func(p annotations.TermPlace) bool { return p.Lesson == l.ID }) {
				t.Used = append(t.Used, l.ID)
			}
		}
	}
	return terms
}

// each runs do for the index of each lesson, several at a time.
func each(lessons []*annotations.Lesson, do func(i int)) {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range lessons {
		group.Go(func() error {
			do(i)
			return nil
		})
	}
	group.Wait()
}

// word matches a word of a term.
var word = regexp.MustCompile(`[A-Za-z][A-Za-z0-9]*`)

// maxTermWords is how many words the longest term has.
const maxTermWords = 5

// uses returns the first use of each term in each section of level 2, but for
// the block that defines it: in what is read and done, not in questions, whose
// answers they would tell.
func (d *document) uses(l *annotations.Lesson, terms []annotations.Term, at map[string]int) []annotations.TermUse {
	if len(terms) == 0 {
		return nil
	}
	var all []annotations.TermUse
	seen := map[int]bool{}
	defined := func(term, line int) bool {
		return slices.ContainsFunc(terms[term].Defined, func(p annotations.TermPlace) bool { return p.Lesson == l.ID && p.Line == line })
	}
	starts := map[string]bool{} // first words
	for key := range at {
		first, _, _ := strings.Cut(key, "-")
		starts[first] = true
	}
	cited := func(start, end int) bool {
		return slices.ContainsFunc(l.Citations, func(c annotations.Citation) bool {
			return d.lines.offset(c.Span.Start) < end && start <= d.lines.offset(c.Span.End)
		})
	}
	line, section, role := 0, -1, annotations.Content
	ast.Walk(d.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Heading:
			if !entering {
				break
			}
			if section++; section < len(l.Sections) {
				role = l.Sections[section].Role
			}
			if n.Level <= 2 {
				clear(seen)
			}
			return ast.WalkSkipChildren, nil
		case *ast.Link, *ast.Image, *ast.CodeSpan, *ast.AutoLink, *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock, *ast.RawHTML:
			return ast.WalkSkipChildren, nil
		case *ast.Paragraph, *ast.TextBlock, *east.Table:
			line = d.extent(n).First
		case *ast.Text:
			if !entering || role != annotations.Content && role != annotations.Exercises || d.header.lines.Contains(line) {
				return ast.WalkContinue, nil
			}
			base := n.Segment.Start
			text := n.Segment.Value(d.text)
			words := word.FindAllIndex(text, -1)
			for i := 0; i < len(words); i++ {
				if first := strings.ToLower(string(text[words[i][0]:words[i][1]])); !starts[first] && !starts[strings.TrimSuffix(first, "s")] {
					continue
				}
				for k := min(maxTermWords, len(words)-i); k > 0; k-- {
					from, to := words[i][0], words[i+k-1][1]
					key := termKey(string(text[from:to]))
					term, ok := at[key]
					if !ok || labels[key] || !isolated(text, from, to) {
						continue
					}
					if !seen[term] && !cited(base+from, base+to) {
						seen[term] = true
						if !defined(term, line) {
							all = append(all, annotations.TermUse{Term: term, Start: base + from, End: base + to})
						}
					}
					i += k - 1
					break
				}
			}
		}
		return ast.WalkContinue, nil
	})
	return all
}

// isolated says whether text[from:to] is no part of a longer word.
func isolated(text []byte, from, to int) bool {
	before, _ := utf8.DecodeLastRune(text[:from])
	after, _ := utf8.DecodeRune(text[to:])
	part := func(r rune) bool {
		return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-/:@", r))
	}
	return !part(before) && !(part(after) && after != ':')
}
