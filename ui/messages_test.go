package ui_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"text/template/parse"
	"time"

	"navigator/ui"
)

var verb = regexp.MustCompile(`%[a-z]`)

// usedKeys returns the keys that templates and the server name, and the
// beginnings of those that they build.
func usedKeys(t *testing.T) (keys, prefixes map[string]bool) {
	keys, prefixes = map[string]bool{}, map[string]bool{}
	for _, page := range ui.Templates(ui.English).Templates() {
		if page.Tree != nil {
			templateKeys(page.Tree.Root, keys, prefixes)
		}
	}
	for _, name := range glob(t, "../server/*.go", "../cmd/navigator/export_page.go") {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				switch callee(n) {
				case "T", "Count", "missing", "refused":
					if len(n.Args) > 0 {
						noteKey(n.Args[0], keys, prefixes)
					}
				}
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok && key.Name == "key" {
					noteKey(n.Value, keys, prefixes)
				}
			}
			return true
		})
	}
	return keys, prefixes
}

// templateKeys notes what a part of a template gives to the functions t and
// count.
func templateKeys(n parse.Node, keys, prefixes map[string]bool) {
	branch := func(b parse.BranchNode) {
		templateKeys(b.Pipe, keys, prefixes)
		templateKeys(b.List, keys, prefixes)
		templateKeys(b.ElseList, keys, prefixes)
	}
	switch n := n.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, part := range n.Nodes {
				templateKeys(part, keys, prefixes)
			}
		}
	case *parse.IfNode:
		branch(n.BranchNode)
	case *parse.RangeNode:
		branch(n.BranchNode)
	case *parse.WithNode:
		branch(n.BranchNode)
	case *parse.ActionNode:
		templateKeys(n.Pipe, keys, prefixes)
	case *parse.TemplateNode:
		templateKeys(n.Pipe, keys, prefixes)
	case *parse.PipeNode:
		if n != nil {
			for _, command := range n.Cmds {
				commandKeys(command, keys, prefixes)
			}
		}
	}
}

func commandKeys(n *parse.CommandNode, keys, prefixes map[string]bool) {
	for _, arg := range n.Args {
		templateKeys(arg, keys, prefixes)
	}
	f, ok := n.Args[0].(*parse.IdentifierNode)
	if !ok || f.Ident != "t" && f.Ident != "count" || len(n.Args) < 2 {
		return
	}
	switch key := n.Args[1].(type) {
	case *parse.StringNode:
		keys[key.Text] = true
	case *parse.PipeNode: // (print "a beginning" …)
		if args := key.Cmds[0].Args; len(args) > 1 {
			if first, ok := args[1].(*parse.StringNode); ok {
				prefixes[first.Text] = true
			}
		}
	}
}

func callee(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// noteKey notes a literal as a key, and "literal" + … as a prefix.
func noteKey(e ast.Expr, keys, prefixes map[string]bool) {
	into := keys
	if sum, ok := e.(*ast.BinaryExpr); ok {
		e, into = sum.X, prefixes
	}
	if literal, ok := e.(*ast.BasicLit); ok && literal.Kind == token.STRING {
		key, _ := strconv.Unquote(literal.Value)
		into[key] = true
	}
}

func glob(t *testing.T, patterns ...string) []string {
	t.Helper()
	var all []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s matches nothing", pattern)
		}
		all = append(all, found...)
	}
	return all
}

func TestNoMessageIsMissingOrUnused(t *testing.T) {
	keys, prefixes := usedKeys(t)
	for _, l := range ui.Languages() {
		catalogue := l.Catalogue()
		for key := range keys {
			if _, ok := catalogue[key]; !ok {
				t.Errorf("%s lacks %q", l, key)
			}
		}
		for prefix := range prefixes {
			found := false
			for key := range catalogue {
				found = found || strings.HasPrefix(key, prefix)
			}
			if !found || !strings.HasSuffix(prefix, ".") {
				t.Errorf("%s has no messages %q…", l, prefix)
			}
		}
		for key, m := range catalogue {
			used := keys[key]
			for prefix := range prefixes {
				used = used || strings.HasPrefix(key, prefix)
			}
			if !used {
				t.Errorf("%s: nothing uses %q", l, key)
			}
			if m.One == "" || m.Other == "" {
				t.Errorf("%s: %q is empty", l, key)
			}
			for _, other := range ui.Languages() {
				theirs, ok := other.Catalogue()[key]
				if !ok {
					t.Errorf("%s lacks %q, which %s has", other, key, l)
				}
				for _, form := range []string{m.One, theirs.One, theirs.Other} {
					if verbs(form) != verbs(m.Other) {
						t.Errorf("%q takes %q in %s and %q elsewhere", key, verbs(m.Other), l, verbs(form))
					}
				}
			}
		}
	}
}

// anyLanguage matches messages that may be the same in every language: a word,
// what is more format than words, and examples of what to type.
var anyLanguage = regexp.MustCompile(`^\S*$|%|::`)

func TestMessagesAreTranslated(t *testing.T) {
	for key, english := range ui.English.Catalogue() {
		if spanish := ui.Spanish.Catalogue()[key]; spanish.Other == english.Other && !anyLanguage.MatchString(english.Other) {
			t.Errorf("%q is %q in both languages", key, english.Other)
		}
	}
}

func verbs(form string) string { return strings.Join(verb.FindAllString(form, -1), " ") }

func TestCount(t *testing.T) {
	for n, want := range map[int]string{0: "0 archivos", 1: "1 archivo", 9999: "9999 archivos", 12345: "12\u202f345 archivos"} {
		if got := ui.Spanish.Count("folder.files", n); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := ui.English.Number(-1234567); got != "-1,234,567" {
		t.Errorf("%q", got)
	}
	if got := ui.Spanish.T("no such key"); got != "no such key" {
		t.Errorf("%q", got)
	}
	if got := ui.Spanish.Day(time.Date(2026, 1, 2, 3, 4, 0, 0, time.UTC)); got != "02/01/2026 03:04" {
		t.Errorf("%q", got)
	}
}

func TestNegotiate(t *testing.T) {
	for header, want := range map[string]ui.Language{
		"": ui.Spanish, "en": ui.English, "en-US,en;q=0.9,es;q=0.8": ui.English, "es-AR, en;q=0.9": ui.Spanish, "fr, EN;q=0.2": ui.English,
		"en;q=0, es;q=0.1": ui.Spanish, "*": ui.Spanish, ",;q=x,,": ui.Spanish, "en;q=x": ui.Spanish,
	} {
		if got := ui.Negotiate(header); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}
