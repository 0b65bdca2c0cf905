package server

import (
	"bytes"
	"strconv"

	"navigator/indexer"
	"navigator/ui"
)

// usesView is where a name is used.
type usesView struct {
	Name      string
	External  *indexer.External
	Of        []answerRow // what all the uses mean
	Count     string      // how many, in words
	Groups    []useGroup  // by role
	Namesakes useGroup    // that only share the name
	Cut       bool        // there are more namesakes than were looked at
}

// useGroup is uses of one role, by file.
type useGroup struct {
	Role  string
	Count int
	Files []useFile
	More  int    // that are not shown
	All   string // address that shows them
}

// useFile is the uses in one file.
type useFile struct {
	Name    string // source and path
	Address string
	Uses    []useLine
}

// useLine is a use with the text of its line, cut at the name.
type useLine struct {
	Line                int32
	Address             string
	Preview             string // address of the lines around it
	Before, Name, After string
	In                  string // the function or class around it, "" at top level
}

// testUses is the group of all uses in tests, which stand apart.
const testUses = "test"

// useRoles are the groups of uses, in the order in which they are shown.
var useRoles = []string{"definition", "declaration", "override", "call", "write", "read", "type", "import", testUses}

func roleOf(u *indexer.Use) string {
	if u.Test && u.Role != indexer.Definition && u.Role != indexer.Declaration {
		return testUses
	}
	return u.Role.String()
}

func newUsesView(v View, l ui.Language, p namePlace, found *indexer.References, most int) *usesView {
	view := &usesView{Name: found.Name, External: found.External, Cut: found.Cut}
	for i := range found.Of {
		view.Of = append(view.Of, newAnswerRow(v, l, &found.Of[i]))
	}
	all := nameAddress("/references", v, p.file, p.at) + "&limit=" + strconv.Itoa(manyUses)
	files := map[int]bool{}
	byRole := map[string][]indexer.Use{}
	for _, u := range found.Uses {
		byRole[roleOf(&u)] = append(byRole[roleOf(&u)], u)
		files[u.File] = true
	}
	for _, role := range useRoles {
		if uses := byRole[role]; len(uses) > 0 {
			view.Groups = append(view.Groups, newUseGroup(v, role, uses, most, all))
		}
	}
	view.Count = l.Count("name.places", len(found.Uses)) + " " + l.Count("name.in_files", len(files))
	if len(found.Namesakes) > 0 {
		view.Namesakes = newUseGroup(v, "namesake", found.Namesakes, most, all)
	}
	return view
}

// newUseGroup returns uses, in order of their files, as a group that shows most
// of them.
func newUseGroup(v View, role string, uses []indexer.Use, most int, all string) useGroup {
	g := useGroup{Role: role, Count: len(uses), All: all}
	if len(uses) > most {
		g.More, uses = len(uses)-most, uses[:most]
	}
	lines := lineReader{v: v, file: -1}
	for i := range uses {
		u := &uses[i]
		if i == 0 || uses[i-1].File != u.File {
			f := &v.Files()[u.File]
			g.Files = append(g.Files, useFile{Name: f.Source + "/" + f.Path, Address: placeAddress(f.Source, f.Path, indexer.Lines{})})
		}
		last := &g.Files[len(g.Files)-1]
		last.Uses = append(last.Uses, newUseLine(v, u, lines.at(u.File, u.Span.Start.Line)))
	}
	return g
}

// lineReader reads lines of files; quickly when they are asked for in order.
type lineReader struct {
	v    View
	file int
	line int32 // where rest begins
	rest []byte
}

func (r *lineReader) at(file int, line int32) []byte {
	if file != r.file || line < r.line {
		r.file, r.line, r.rest = file, 1, r.v.Text(file)
	}
	r.rest, r.line = skipLines(r.rest, int(line-r.line)), line
	text, _, _ := bytes.Cut(r.rest, []byte{'\n'})
	return text
}

// The most bytes of a line that are shown before and after a name.
const (
	shownBefore = 48
	shownAfter  = 140
)

func newUseLine(v View, u *indexer.Use, text []byte) useLine {
	at := u.Span.Start
	line := useLine{Line: at.Line, Address: spotAddress(&v.Files()[u.File], at), Preview: nameAddress("/preview", v, u.File, at)}
	from, to := nameIn(text, at.Line, u.Span)
	before := bytes.TrimLeft(text[:from], " \t")
	if len(before) > shownBefore {
		line.Before = "…"
		before = before[len(before)-shownBefore:]
	}
	after := bytes.TrimRight(text[to:], " \t\r")
	cut := len(after) > shownAfter
	if cut {
		after = after[:shownAfter]
	}
	line.Before += string(bytes.ToValidUTF8(before, nil))
	line.Name = string(text[from:to])
	line.After = string(bytes.ToValidUTF8(after, nil))
	if cut {
		line.After += "…"
	}
	if symbols := v.Symbols(u.File); u.Container >= 0 && int(u.Container) < len(symbols) {
		line.In = symbols[u.Container].Name
		if symbols[u.Container].Parent >= 0 {
			line.In = symbols[symbols[u.Container].Parent].Name + "::" + line.In
		}
	}
	return line
}
