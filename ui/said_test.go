package ui_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

var (
	word      = regexp.MustCompile(`\pL{2,}`)
	sentence  = regexp.MustCompile(`\pL{2,}[,.!?…]? \pL{2,}|[^\x00-\x7f…·]\pL|\pL[^\x00-\x7f…·]`)
	selector  = regexp.MustCompile(`[.#>\[(/][\w-]|^use strict$|^system-ui|^[a-z0-9]+(, [a-z0-9]+)+(, \[\w+\])?(, \w+)?$`)
	shown     = regexp.MustCompile(`(?:textContent|innerText|title|alt|placeholder|aria(?:Label|Description|ValueText)) = $|'(?:title|alt|placeholder|aria-(?:label|description|valuetext))', ?$`)
	quoted    = regexp.MustCompile("'(?:[^'\\\\\\n]|\\\\.)*'|`[^`]*`")
	commented = regexp.MustCompile(`(?m)(?:^|\s)//.*$`)
	action    = regexp.MustCompile(`(?s)\{\{.*?\}\}`)
	ownNames  = regexp.MustCompile(`\b(?:Navigator|API|JSON|Ctrl|Esc|esc|a\.cc:3)\b`)
	attribute = []string{"title", "aria-label", "aria-description", "aria-roledescription", "alt", "placeholder", "label"}
)

// saidInTemplate returns the words that a template shows without asking a
// catalogue for them.
func saidInTemplate(text string) (said []string) {
	say := func(text string) {
		if text = ownNames.ReplaceAllString(text, ""); word.MatchString(text) {
			said = append(said, strings.TrimSpace(text))
		}
	}
	tokens, code := html.NewTokenizer(strings.NewReader(action.ReplaceAllString(text, ""))), 0
	for {
		switch kind := tokens.Next(); kind {
		case html.ErrorToken:
			return said
		case html.TextToken:
			if code == 0 {
				say(string(tokens.Text()))
			}
		case html.StartTagToken, html.EndTagToken:
			token := tokens.Token()
			if slices.Contains([]string{"code", "pre", "script"}, token.Data) { // the same in every language
				code += map[html.TokenType]int{html.StartTagToken: 1, html.EndTagToken: -1}[kind]
			}
			for _, a := range token.Attr {
				if slices.Contains(attribute, a.Key) && !strings.Contains(a.Val, "/") {
					say(a.Val)
				}
			}
		}
	}
}

// saidInModule returns the words that a module shows of its own.
func saidInModule(text string) (said []string) {
	text = commented.ReplaceAllString(text, "")
	for _, at := range quoted.FindAllStringIndex(text, -1) {
		literal := text[at[0]+1 : at[1]-1]
		isShown := shown.MatchString(text[:at[0]]) && !strings.Contains(literal, "$")
		isList := strings.HasPrefix(text[at[1]:], ".split(")
		isSentence := sentence.MatchString(literal) && !selector.MatchString(literal) && !isList
		if word.MatchString(literal) && (isShown || isSentence) {
			said = append(said, literal)
		}
	}
	return said
}

// Whatever people read comes from the catalogues.
func TestNothingIsSaidOutsideTheCatalogues(t *testing.T) {
	for _, name := range glob(t, "base/*.html", "component/*/*.html", "page/*/*.html", "base/*.js", "component/*/*.js", "page/*/*.js", "export/*.js") {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		find := saidInTemplate
		if filepath.Ext(name) == ".js" {
			find = saidInModule
		}
		for _, said := range find(string(text)) {
			t.Errorf("%s says %q", name, said)
		}
	}
}

// unseen are functions whose words reach no page: those of errors, which pages
// say in words of their own, of the log, of headers and of patterns; and what is
// measured, not shown.
var unseen = []string{"New", "Errorf", "Error", "Warn", "Info", "Set", "MustCompile", "rowsOf"}

// saidInGo returns the words that a file of Go has of its own, where they may
// reach a page.
func saidInGo(file *ast.File) (said []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			return !slices.Contains(unseen, callee(n))
		case *ast.FuncDecl:
			return n.Name.Name != "Error"
		case *ast.BasicLit:
			text, _ := strconv.Unquote(n.Value)
			if phrase.MatchString(action.ReplaceAllString(element.ReplaceAllString(text, ""), "")) && !strings.Contains(text, "'none'") {
				said = append(said, text)
			}
		}
		return true
	})
	return said
}

var (
	phrase  = regexp.MustCompile(`\pL{3,} \pL{2,}`)
	element = regexp.MustCompile(`<[^>]*(>|$)|^[^<]*>`)
)

// The server has no words of its own.
func TestTheServerSaysNothingOfItsOwn(t *testing.T) {
	for _, name := range glob(t, "../server/*.go", "../cmd/navigator/export_page.go", "../cmd/navigator/export_desk.go", "../cmd/navigator/export_search.go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, said := range saidInGo(file) {
			t.Errorf("%s says %q", name, said)
		}
	}
}

// What the tests above look for, they find.
func TestWhatIsSaidIsFound(t *testing.T) {
	for _, template := range []string{
		`<p>Hola</p>`, `<a title="Go there">{{t "x"}}</a>`, `<p>{{t "x"}} de {{.N}}</p>`, `<button aria-label="Close"><code>x</code></button>`, `<code>x</code>lines`,
	} {
		if len(saidInTemplate(template)) != 1 {
			t.Errorf("%s says nothing", template)
		}
	}
	for _, module := range []string{
		"p.textContent = 'Copied';", "say('Nothing was found.');", "e.setAttribute('aria-label', 'Close');", "append(`Está ${n}`);", "b.title = 'Close';", "s.ariaLabel = `Close`",
	} {
		if len(saidInModule(module)) != 1 {
			t.Errorf("%s says nothing", module)
		}
	}
	for _, code := range []string{`p.Title = "Nothing here"`, "out = append(out, `<p class=a>Nothing here</p>`...)", `fmt.Fprintf(w, "%d files found", n)`} {
		file, err := parser.ParseFile(token.NewFileSet(), "a.go", "package a\nfunc f() { "+code+" }", 0)
		if err != nil || len(saidInGo(file)) != 1 {
			t.Errorf("%s says nothing: %v", code, err)
		}
	}
	for _, module := range []string{"// Nothing to see here\n", "e.matches('input, textarea, select')", "q('.prose pre > code')", "e.className = 'note open'; // a word or two"} {
		if said := saidInModule(module); len(said) > 0 && said[0] != "note open" {
			t.Errorf("%s says %q", module, said)
		}
	}
}
