package server

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"sync"
	"unicode"

	"navigator/annotations"
	"navigator/indexer"
)

// glossaryPage is the page of the terms that the lessons define.
type glossaryPage struct {
	page
	Letters []letter
	Terms   int
}

// letter is the terms that begin with one.
type letter struct {
	Name  string
	Terms []term
}

// term is an entry of the glossary.
type term struct {
	annotations.Term
	Lessons []termLesson
	Symbols []termSymbol
}

// termLesson is a lesson that defines or uses a term.
type termLesson struct {
	Title   string
	Address string // of the section that defines it, else of the lesson
	Defines bool
}

// termSymbol is a symbol that a term's definition names, or that has its name.
type termSymbol struct {
	Name    string // qualified
	Source  string
	Address string

	rank int
}

// glossaries keeps the entries of the last view that was asked for.
type glossaries struct {
	mu   sync.Mutex
	view string
	all  []term
}

// of returns the entries of a view, by name.
func (g *glossaries) of(v View) []term {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.view == v.ID() {
		return g.all
	}
	course := v.Course()
	var all []term
	for _, t := range course.Glossary {
		entry := term{Term: t, Symbols: termSymbols(v, t)}
		for _, id := range t.Used {
			lesson := course.Lesson(id)
			if lesson == nil {
				continue
			}
			link := termLesson{Title: lesson.Title, Address: lessonAddress(id, "")}
			if i := slices.IndexFunc(t.Defined, func(p annotations.TermPlace) bool { return p.Lesson == id }); i >= 0 {
				link.Defines = true
				if s := t.Defined[i].Section; 0 <= s && s < len(lesson.Sections) {
					link.Address = lessonAddress(id, lesson.Sections[s].Anchor)
				}
			}
			entry.Lessons = append(entry.Lessons, link)
		}
		all = append(all, entry)
	}
	g.view, g.all = v.ID(), all
	return all
}

// maxTermSymbols is how many symbols an entry shows.
const maxTermSymbols = 4

// termSymbols returns the symbols that a term's definitions name and those of
// its own name, as code writes it.
func termSymbols(v View, t annotations.Term) []termSymbol {
	var found []termSymbol
	seen := map[string]bool{}
	names := slices.Clone(t.Code)
	names = append(names, spellings(t.Name)...)
	for _, name := range names {
		name = strings.TrimSuffix(strings.TrimSuffix(name, "()"), ";")
		container := ""
		if i := strings.LastIndex(name, "::"); i >= 0 {
			container, name = name[:i], name[i+2:]
		}
		if seen[name] || len(name) < 3 || strings.ContainsFunc(name, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			continue
		}
		seen[name] = true
		best := termSymbol{rank: -1}
		for _, ref := range v.SymbolsNamed(name) {
			if s := v.Symbols(int(ref.File))[ref.Symbol]; strings.HasSuffix(s.Container, container) {
				if rank := symbolRank(s, v.Files()[ref.File]); rank > best.rank {
					f := v.Files()[ref.File]
					lines := indexer.Lines{First: int(s.NameSpan.Start.Line), Last: int(s.NameSpan.Start.Line)}
					best = termSymbol{s.Qualified(), f.Source, placeAddress(f.Source, f.Path, lines), rank}
				}
			}
		}
		if best.rank > 0 {
			found = append(found, best)
		}
	}
	return found[:min(len(found), maxTermSymbols)]
}

// symbolRank says how well a symbol stands for a term: types before functions,
// what is defined before what is declared; 0 for what does not, such as what a
// test or a function has for itself.
func symbolRank(s indexer.Symbol, f indexer.File) int {
	rank := 0
	switch s.Kind {
	case indexer.KindClass, indexer.KindStruct, indexer.KindTrait, indexer.KindEnum, indexer.KindMessage, indexer.KindService:
		rank = 6
	case indexer.KindFunction, indexer.KindMethod, indexer.KindAlias, indexer.KindMacro:
		rank = 3
	default:
		return 0
	}
	if strings.Contains(strings.ToLower(f.Path), "test") || strings.HasPrefix(s.Container, "Test") {
		return 0
	}
	if s.Definition {
		rank++
	}
	return rank
}

// spellings returns the ways in which code writes a term: FilterChain,
// filter_chain; none for an acronym of small letters.
func spellings(name string) []string {
	words := strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' })
	camel := ""
	for _, w := range words {
		camel += strings.ToUpper(w[:1]) + w[1:]
	}
	return []string{camel, strings.ToLower(strings.Join(words, "_"))}
}

// glossaryAddress returns the address of a term's entry.
func glossaryAddress(key string) string { return "/glossary#" + key }

// Term implements Links.
func (ls links) Term(i int) (address, definition string) {
	if i < 0 || i >= len(ls.lesson.Terms) || ls.lesson.Terms[i].Term >= len(ls.terms) {
		return "", ""
	}
	t := ls.terms[ls.lesson.Terms[i].Term]
	return glossaryAddress(t.Key), t.Definition
}

func (s *site) glossary(w http.ResponseWriter, r *http.Request, v View) error {
	p := glossaryPage{page: s.newPage(r, "glossary", "")}
	p.Title = p.Lang.T("glossary.title")
	for _, t := range s.glossaries.of(v) {
		name := strings.ToUpper(t.Key[:1])
		if n := len(p.Letters); n == 0 || p.Letters[n-1].Name != name {
			p.Letters = append(p.Letters, letter{Name: name})
		}
		l := &p.Letters[len(p.Letters)-1]
		l.Terms = append(l.Terms, t)
		p.Terms++
	}
	return render(w, p.Lang, "glossary.html", p)
}

// apiTerm is an entry of the glossary.
type apiTerm struct {
	Key        string          `json:"key"`
	Term       string          `json:"term"`
	Definition string          `json:"definition"`
	Context    string          `json:"context"`
	Address    string          `json:"url"`
	Lessons    []apiTermLesson `json:"lessons"`
	Symbols    []apiTermSymbol `json:"symbols"`
}

type apiTermLesson struct {
	Title   string `json:"title"`
	Address string `json:"url"`
	Defines bool   `json:"defines"`
}

type apiTermSymbol struct {
	Name    string `json:"name"`
	Source  string `json:"source"`
	Address string `json:"url"`
}

func (s *site) apiGlossary(w http.ResponseWriter, r *http.Request, v View) error {
	out := struct {
		Terms []apiTerm `json:"terms"`
	}{[]apiTerm{}}
	for _, t := range s.glossaries.of(v) {
		entry := apiTerm{
			Key: t.Key, Term: t.Name, Definition: t.Definition, Context: cmp.Or(t.Context, t.Definition), Address: glossaryAddress(t.Key),
			Lessons: []apiTermLesson{}, Symbols: []apiTermSymbol{},
		}
		for _, l := range t.Lessons {
			entry.Lessons = append(entry.Lessons, apiTermLesson(l))
		}
		for _, symbol := range t.Symbols {
			entry.Symbols = append(entry.Symbols, apiTermSymbol{symbol.Name, symbol.Source, symbol.Address})
		}
		out.Terms = append(out.Terms, entry)
	}
	return writeJSON(w, http.StatusOK, out)
}
