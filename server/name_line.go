package server

import (
	"net/http"
	"strconv"

	"navigator/indexer"
)

// lineNames is a line of a file with its names as links, for readers without a
// pointer on the code: those whose browser runs no modules.
type lineNames struct {
	Source string
	Path   string
	Number int
	Parts  []linePart
}

// linePart is a stretch of a line, a name when it has an address.
type linePart struct {
	Text    string
	Address string
}

// lineNames shows the names of a line.
func (s *site) lineNames(w http.ResponseWriter, r *http.Request, v View) error {
	file, err := fileAsked(r, v)
	if err != nil {
		return err
	}
	asked := r.URL.Query().Get("line")
	number, ok := parseLine(asked)
	if !ok {
		return refused("error.parameter", "line", asked)
	}
	f := &v.Files()[file]
	p := namePlace{file, indexer.Position{Line: int32(number), Col: 1}}
	here := f.Source + "/" + f.Path + ":" + strconv.Itoa(number)
	page := s.newNamePage(r, v, p, &indexer.Meaning{Name: here}, "")
	page.Tabs = nil
	page.Line = &lineNames{Source: f.Source, Path: f.Path, Number: number}
	if page.Line.Parts, err = lineParts(v, file, int32(number)); err != nil {
		return err
	}
	return render(w, page.Lang, "name.html", page)
}

// lineParts cuts a line at its names.
func lineParts(v View, file int, number int32) (parts []linePart, err error) {
	err = withExcerpt(v, file, number, func(e excerpt) {
		text, _, ok := e.next()
		if !ok {
			return
		}
		at := 0
		for _, o := range e.occurrences {
			from, to := int(o.Col)-1, int(o.Col+o.Len)-1
			if o.Line != number || from < at || to > len(text) {
				continue
			}
			parts = append(parts, linePart{Text: string(text[at:from])},
				linePart{string(text[from:to]), nameAddress("/definition", v, file, indexer.Position{Line: number, Col: o.Col})})
			at = to
		}
		parts = append(parts, linePart{Text: string(text[at:])})
	})
	return parts, err
}
