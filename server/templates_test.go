package server

import (
	"fmt"
	"html/template"
	"reflect"
	"strings"
	"testing"
	"text/template/parse"

	"navigator/ui"
)

// shows lists the templates that pages execute, with the type of their data.
var shows = map[string]any{
	"home.html": homePage{}, "lesson.html": lessonPage{}, "folder.html": folderPage{}, "citation.html": citationPage{}, "compare.html": comparePage{}, "excerpt-bar": excerptBar{},
	"tick": tick{}, "glossary.html": glossaryPage{}, "error.html": errorPage{}, "coverage.html": coveragePage{}, "drift.html": driftPage{}, "report.html": reportPage{}, "history-begin": historyPage{}, "history-end": historyPage{}, "difference.html": historyPage{}, "diagram.html": diagramPage{}, "keys.html": keysPage{},
	"file-begin": filePage{}, "file-code": filePage{}, "file-end": filePage{},
	"concept.html": conceptPage{}, "parallel.html": parallelPage{}, "parallels.html": parallelsPage{},
	"note.html": notePage{}, "name.html": namePage{}, "preview.html": previewPage{},
	"search-begin": &searchPage{}, "search-text": textResult{}, "search-end": searchEnd{},
}

// Every field that a template asks of the struct it is given exists, on every
// branch, and every template is executed by a page or by another template.
func TestTemplatesFitTheirData(t *testing.T) {
	templates := ui.Templates(ui.English)
	c := checker{T: t, templates: templates, seen: map[string]bool{}}
	for name, data := range shows {
		c.template(name, reflect.TypeOf(data))
	}
	for _, tmpl := range templates.Templates() {
		if name := tmpl.Name(); name != "ui" && !c.used(name) && strings.TrimSpace(tmpl.Tree.Root.String()) != "" {
			t.Errorf("no page executes the template %s", name)
		}
	}
}

// checker walks templates with the types that their values have. A nil type is
// one that it cannot tell, which fits everything.
type checker struct {
	*testing.T
	templates *template.Template
	seen      map[string]bool // by name and type
	name      string
	variables map[string]reflect.Type
}

func (c checker) used(name string) bool {
	for seen := range c.seen {
		if strings.HasPrefix(seen, name+" ") {
			return true
		}
	}
	return false
}

func (c checker) template(name string, dot reflect.Type) {
	key := fmt.Sprintf("%s %v", name, dot)
	if c.seen[key] {
		return
	}
	c.seen[key] = true
	tmpl := c.templates.Lookup(name)
	if tmpl == nil {
		c.Errorf("%s: there is no template %s", c.name, name)
		return
	}
	c.name, c.variables = name, map[string]reflect.Type{"$": dot}
	c.walk(tmpl.Tree.Root, dot)
}

func (c checker) walk(node parse.Node, dot reflect.Type) {
	switch n := node.(type) {
	case *parse.ListNode:
		if n != nil {
			for _, child := range n.Nodes {
				c.walk(child, dot)
			}
		}
	case *parse.ActionNode:
		c.pipe(n.Pipe, dot)
	case *parse.IfNode:
		c.pipe(n.Pipe, dot)
		c.walk(n.List, dot)
		c.walk(n.ElseList, dot)
	case *parse.WithNode:
		c.walk(n.List, c.pipe(n.Pipe, dot))
		c.walk(n.ElseList, dot)
	case *parse.RangeNode:
		over := c.pipe(n.Pipe, dot)
		var item reflect.Type
		if over != nil {
			if over.Kind() != reflect.Slice {
				c.Errorf("%s: %s ranges over a %v", c.name, n.Pipe, over)
				return
			}
			item = over.Elem()
		}
		if decl := n.Pipe.Decl; len(decl) > 0 {
			c.variables[decl[len(decl)-1].Ident[0]] = item
			if len(decl) == 2 {
				c.variables[decl[0].Ident[0]] = reflect.TypeFor[int]()
			}
		}
		c.walk(n.List, item)
		c.walk(n.ElseList, dot)
	case *parse.TemplateNode:
		var data reflect.Type
		if n.Pipe != nil {
			data = c.pipe(n.Pipe, dot)
		}
		c.template(n.Name, data)
	}
}

// pipe returns the type of a pipeline's value.
func (c checker) pipe(p *parse.PipeNode, dot reflect.Type) reflect.Type {
	var value reflect.Type
	for _, command := range p.Cmds {
		value = c.command(command, dot)
	}
	if len(p.Decl) == 1 {
		c.variables[p.Decl[0].Ident[0]] = value
	}
	return value
}

func (c checker) command(n *parse.CommandNode, dot reflect.Type) reflect.Type {
	var first reflect.Type
	for i, arg := range n.Args {
		value := c.arg(arg, dot)
		if i == 0 {
			first = value
		}
	}
	if _, call := n.Args[0].(*parse.IdentifierNode); call {
		return nil
	}
	return first
}

func (c checker) arg(node parse.Node, dot reflect.Type) reflect.Type {
	switch n := node.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return c.fields(n, dot, n.Ident)
	case *parse.VariableNode:
		return c.fields(n, c.variables[n.Ident[0]], n.Ident[1:])
	case *parse.ChainNode:
		return c.fields(n, c.arg(n.Node, dot), n.Field)
	case *parse.PipeNode:
		return c.pipe(n, dot)
	}
	return nil
}

func (c checker) fields(n parse.Node, of reflect.Type, names []string) reflect.Type {
	for _, name := range names {
		if of == nil {
			return nil
		}
		if m, ok := of.MethodByName(name); ok {
			of = m.Type.Out(0)
			continue
		}
		if of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct {
			c.Errorf("%s: %s: a %v has no field %s", c.name, n, of, name)
			return nil
		}
		f, ok := of.FieldByName(name)
		if !ok {
			c.Errorf("%s: %s: %v has no field %s", c.name, n, of, name)
			return nil
		}
		of = f.Type
	}
	return of
}
