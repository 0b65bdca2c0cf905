package server_test

import (
	"strings"
	"testing"

	"navigator/annotations"
	"navigator/indexer"
)

// comparison is a lesson whose citations lead to both sources.
func comparison(title, text string, cite ...annotations.Citation) *fake {
	v := newFake()
	lesson := v.course.Lesson(first1)
	lesson.Title, lesson.Text, lesson.Citations = title, []byte(text), cite
	lesson.Sections = []annotations.Section{
		{Level: 1, Title: title, Anchor: "uno", Lines: indexer.Lines{First: 1, Last: 40}, Role: annotations.Content},
		{Level: 2, Title: "Contar", Anchor: "dos", Lines: indexer.Lines{First: 2, Last: 20}, Role: annotations.Content},
		{Level: 2, Title: "Ejercicios", Anchor: "tres", Lines: indexer.Lines{First: 21, Last: 40}, Role: annotations.Exercises},
		{Level: 2, Title: "Diferencias", Anchor: "cuatro", Lines: indexer.Lines{First: 41, Last: 60}, Role: annotations.Content},
	}
	v.resolved = nil
	for _, c := range cite {
		source := "shop"
		if strings.HasSuffix(c.Path, ".rs") {
			source = "tunnel"
		}
		v.resolved = append(v.resolved, annotations.Resolution{Match: annotations.MatchExact, Places: []annotations.Place{{Source: source, Path: c.Path, Lines: c.Cited}}})
	}
	return v
}

// cited is a citation in a line of a lesson.
func citedAt(line int, form annotations.Form, section int, path string, first, last int) annotations.Citation {
	at := indexer.Position{Line: int32(line), Col: 1}
	return annotations.Citation{Raw: path, Path: path, Form: form, Section: section, Cited: indexer.Lines{First: first, Last: last},
		Span: indexer.Span{Start: at, End: at}, Prose: indexer.Lines{First: line, Last: line}}
}

const (
	shopFile   = "source/books/bookkeeper.h"
	tunnelFile = "src/lib.rs"
)

// What is set against each other leads to its page: citations of two sources
// in a row of a table, in a section of a comparison, or by hand.
func TestParallels(t *testing.T) {
	shop := func(line int, form annotations.Form, section int) annotations.Citation {
		return citedAt(line, form, section, shopFile, 7, 9)
	}
	tunnel := func(line int, form annotations.Form, section int) annotations.Citation {
		return citedAt(line, form, section, tunnelFile, 1, 1)
	}
	for name, c := range map[string]struct {
		title, text string
		cite        []annotations.Citation
		want        []string
	}{
		"row":             {"Libros", "", []annotations.Citation{shop(3, annotations.Table, 1), tunnel(3, annotations.Table, 1)}, []string{"a=0&b=1"}},
		"folder in a row": {"Libros", "", []annotations.Citation{citedAt(3, annotations.Table, 1, "source/books/", 0, 0), tunnel(3, annotations.Table, 1)}, []string{"a=0&b=1"}},
		"two folders":     {"Libros", "", []annotations.Citation{citedAt(3, annotations.Table, 1, "source/books/", 0, 0), citedAt(3, annotations.Table, 1, "src.rs/", 0, 0)}, nil},
		"rows apart":      {"Libros", "", []annotations.Citation{shop(3, annotations.Table, 1), tunnel(4, annotations.Table, 1)}, nil},
		"one source":      {"Libros", "", []annotations.Citation{shop(3, annotations.Table, 1), shop(3, annotations.Table, 1)}, nil},
		"section":         {"Tienda frente a túnel", "#\n\nLos dos cuentan.\n", []annotations.Citation{shop(3, annotations.Inline, 1), shop(4, annotations.Inline, 1), tunnel(9, annotations.Inline, 1)}, []string{"a=0&b=2"}},
		"vs":              {"Tienda vs túnel", "#\n\nEn Shop se cuenta así.\n", []annotations.Citation{tunnel(3, annotations.Inline, 1), shop(9, annotations.Inline, 1)}, []string{"a=0&b=1"}},
		"no comparison":   {"Libros", "", []annotations.Citation{shop(3, annotations.Inline, 1), tunnel(9, annotations.Inline, 1)}, nil},
		"side by side":    {"Tienda vs túnel", "#\n\nDos fragmentos de `shop`:\n```\nlos dos, tunnel\n```\n", []annotations.Citation{tunnel(3, annotations.Inline, 1), shop(9, annotations.Inline, 1)}, nil},
		"titled":          {"Contar, comparación", "", []annotations.Citation{tunnel(3, annotations.Inline, 3), shop(9, annotations.Inline, 3)}, []string{"a=0&b=1"}},
		"exercises":       {"Comparativa", "", []annotations.Citation{shop(23, annotations.Inline, 2), tunnel(29, annotations.Inline, 2)}, nil},
		"sections apart":  {"Comparativa", "", []annotations.Citation{shop(3, annotations.Inline, 1), tunnel(29, annotations.Inline, 2)}, nil},
		"by hand":         {"Libros", "a\n\n- **Comparar**: `x` con `y`\n", []annotations.Citation{shop(3, annotations.Inline, 1), tunnel(3, annotations.Inline, 1)}, []string{"a=0&b=1"}},
		"by hand, one":    {"Libros", "a\n\nComparar: `x` con `y`\n", []annotations.Citation{shop(3, annotations.Inline, 1), shop(3, annotations.Inline, 1)}, []string{"a=0&b=1"}},
		"by hand, not so": {"Libros", "a\n\nSe puede comparar: `x` con `y`\n", []annotations.Citation{shop(3, annotations.Inline, 1), tunnel(3, annotations.Inline, 1)}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			v := comparison(c.title, c.text, c.cite...)
			s := newSite(t, v)
			var got []string
			for _, a := range s.page(200, "/lessons/"+first1).all("a.parallel") {
				got = append(got, attrOf(a, "href"))
			}
			if len(got) != len(c.want) {
				t.Fatalf("parallels %q, want %q", got, c.want)
			}
			for i, want := range c.want {
				if !strings.HasPrefix(got[i], "/parallel?") || !strings.Contains(got[i], strings.Split(want, "&")[0]) || !strings.Contains(got[i], strings.Split(want, "&")[1]) {
					t.Errorf("parallel %s, want %s", got[i], want)
				}
				s.page(200, got[i]).count(2, ".panes > section .lines .l.w, .panes > section:has(.lines .l), .panes > section:has(.files a)")
			}
		})
	}
}

func TestParallelPage(t *testing.T) {
	v := comparison("Comparativa", "a\n\n| **Turnos** | uno | otro |\n", citedAt(3, annotations.Table, 1, shopFile, 7, 9), citedAt(3, annotations.Table, 1, tunnelFile, 1, 1))
	s := newSite(t, v)
	p := s.page(200, "/parallel?lesson="+first1+"&a=0&b=1")
	p.count(2, ".panes > section")
	p.count(3, ".panes > section:first-child .lines .l")
	p.count(1, ".said em")
	p.attr("/src/shop/"+shopFile+"?lines=7-9#L7", ".panes > section:first-child h2 a", "href")

	whole := comparison("Comparativa", "", citedAt(3, annotations.Table, 1, shopFile, 0, 0), citedAt(3, annotations.Table, 1, tunnelFile, 0, 0))
	newSite(t, whole).page(200, "/parallel?lesson="+first1+"&a=0&b=1").text("7", ".panes > section:first-child .lines .l:first-child .n")

	p = s.page(200, "/parallel")
	p.count(1, ".parallels li a")
	p.text("Turnos", ".parallels li .muted")
	for _, address := range []string{"?lesson=none&a=0&b=1", "?lesson=" + first1 + "&a=0&b=9", "?lesson=" + first1 + "&a=x&b=1"} {
		s.page(404, "/parallel"+address)
	}
}
