package server

import (
	"net/url"
	"slices"

	"navigator/annotations"
)

// filter says which annotations of a file are shown:
//
//	?of=01_libros/01_contar   those of a lesson
//	?kind=verified            verified, approximate or note
//	?cards=marks              as marks in the gutter, without their cards
type filter struct {
	of, kind string
	Marks    bool
	Total    int // annotations of the file
	Shown    int

	Kinds   []choice // none when there is nothing to choose
	Lessons []choice // Value is the title
	Cards   []choice
}

// kinds tells the annotations of each kind.
var kinds = map[string]func(annotations.Annotation) bool{
	"verified": func(a annotations.Annotation) bool {
		return a.Origin != annotations.FromNote && a.Certainty == annotations.Sure
	},
	"approximate": func(a annotations.Annotation) bool { return a.Certainty == annotations.Approximate },
	"note":        func(a annotations.Annotation) bool { return a.Origin == annotations.FromNote },
}

// apply returns the annotations that the address asks for, and fills in what
// else there is to choose.
func (f *filter) apply(v View, address *url.URL, all []annotations.Annotation) []annotations.Annotation {
	query := address.Query()
	f.of, f.kind, f.Marks = query.Get("of"), query.Get("kind"), query.Get("cards") == "marks"
	f.Total = len(all)
	to := func(name, value, text string) choice {
		q := address.Query()
		q.Del(name)
		if value != "" {
			q.Set(name, value)
		}
		return choice{text, "?" + q.Encode(), query.Get(name) == value}
	}
	f.Kinds = []choice{to("kind", "", "all")}
	for _, kind := range []string{"verified", "approximate", "note"} {
		if slices.ContainsFunc(all, kinds[kind]) || f.kind == kind {
			f.Kinds = append(f.Kinds, to("kind", kind, kind))
		}
	}
	f.Lessons = []choice{to("of", "", "")}
	seen := map[string]bool{}
	for _, a := range all {
		if lesson := v.Course().Lesson(a.Lesson); lesson != nil && !seen[a.Lesson] {
			seen[a.Lesson] = true
			f.Lessons = append(f.Lessons, to("of", a.Lesson, lesson.Title))
		}
	}
	f.Cards = []choice{to("cards", "", "beside"), to("cards", "marks", "marks")}
	is, known := kinds[f.kind]
	kept := slices.DeleteFunc(slices.Clone(all), func(a annotations.Annotation) bool {
		return f.of != "" && a.Lesson != f.of || known && !is(a)
	})
	f.Shown = len(kept)
	return kept
}
