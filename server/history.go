package server

import (
	"bufio"
	"bytes"
	"cmp"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
	"navigator/ui"
)

// Past is what a View knows of the snapshot before its own.
type Past interface {
	// Earlier returns a file of now as the snapshot before has it, renames
	// followed; of a path that is no file now, the file that was there. It is nil
	// when there was none, and when there is no snapshot before.
	Earlier(source, path string) *Earlier

	// Later returns the path now of a file that the snapshot before has, "" when
	// it is gone.
	Later(source, path string) string

	// Common returns the lines that two texts have in common, white space aside,
	// in the order of both.
	Common(old, fresh []byte) []Pair
}

// Earlier is a file as the snapshot before has it.
type Earlier struct {
	File    indexer.File
	Source  indexer.Source // at its revision then
	Text    []byte
	Symbols []indexer.Symbol
	Same    bool // it is as it was, its path included
}

// The values of the parameters rev and diff that lead to the snapshot before.
const previous = "previous"

func earlierAddress(source, path, parameter string) string {
	return placeAddress(source, path, indexer.Lines{}) + "?" + parameter + "=" + previous
}

// historyPage is the page of a file as it was, or of what differs since.
type historyPage struct {
	page
	Source indexer.Source // then
	File   indexer.File   // then
	Name   string
	Crumbs []link
	From   string // revision then
	To     string // revision now
	Was    string // path then, when it is another than now's; of a file that is gone ""
	Gone   bool
	Now    string // addresses; "" when there is none
	Then   string
	Diff   string
	Whole  string // of the difference with all lines, "" when they are there

	Upstream string
	Lines    int
	Groups   []group // of the file as it was

	Rows           []pairRow
	Added, Removed int
	Changed        int
}

// Same reports whether nothing differs.
func (p historyPage) Same() bool { return p.Added+p.Removed+p.Changed == 0 }

// history shows a file as it was, or what differs since, if the address asks
// for it.
func (s *site) history(w http.ResponseWriter, r *http.Request, v View, name, file string) (done bool, err error) {
	query := r.URL.Query()
	diff := query.Get("diff") == previous
	if !diff && query.Get("rev") != previous {
		return false, nil
	}
	e := v.Earlier(name, file)
	if e == nil {
		return true, missing("history.none", name+"/"+file, []link{{name + "/" + file, placeAddress(name, file, indexer.Lines{})}})
	}
	now := file
	index, there := v.FileIndex(name, file)
	if !there {
		now = v.Later(name, file)
		index, there = v.FileIndex(name, now)
	}
	source, _ := sourceOf(v, name)
	p := historyPage{
		page: s.newPage(r, "history", path.Base(file)), Source: e.Source, File: e.File, Name: path.Base(file), Crumbs: crumbs(name, file),
		From: e.Source.Revision, To: source.Revision, Gone: !there, Upstream: upstreamAddress(e.Source, e.File.Path), Lines: countLines(e.Text),
	}
	if there {
		p.Now = placeAddress(name, now, indexer.Lines{})
		p.Diff = earlierAddress(name, now, "diff")
		p.Then = earlierAddress(name, now, "rev")
		if now != e.File.Path {
			p.Was = e.File.Path
		}
	}
	p.Styles = append(p.Styles, "component/prose/prose.css", "component/card/card.css", "component/code/code.css", "component/sides/sides.css")
	if s.keeper != nil {
		forget(w) // what lessons say depends on the lock, too
	}
	if diff && there {
		return true, s.difference(w, r, v, e, index, p)
	}
	return true, s.asItWas(w, r, v, e, now, p)
}

// asItWas shows a file of the snapshot before, with what lessons say of it.
func (s *site) asItWas(w http.ResponseWriter, r *http.Request, v View, e *Earlier, now string, p historyPage) error {
	p.Styles = append(p.Styles, "page/file/file.css")
	p.Scripts = []string{"page/file/rail.js"}
	var fresh []byte
	if index, ok := v.FileIndex(e.File.Source, now); ok {
		fresh = v.Text(index)
	}
	was, _ := s.annotationsOfBoth(r, v, e, now, v.Common(e.Text, fresh))
	groups, err := groupAnnotations(v, p.Lang, was, indexer.Lines{})
	if err != nil {
		return err
	}
	stand(groups, indexer.Lines{}, cardLetters)
	p.Groups = groups
	for len(groups) > 0 && groups[0].Lines.IsZero() {
		groups = groups[1:]
	}
	tokens := v.Highlight(strings.TrimPrefix(path.Ext(e.File.Path), "."), e.Text)
	var begin bytes.Buffer
	templates := ui.Templates(p.Lang)
	if err := templates.ExecuteTemplate(&begin, "history-begin", p); err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	out := bufio.NewWriterSize(w, 64<<10)
	out.Write(begin.Bytes())
	listing{text: e.Text, tokens: tokens, ranges: groups}.write(out)
	if err := templates.ExecuteTemplate(out, "history-end", p); err != nil {
		return err
	}
	out.Flush() // an error means that the reader has left
	return nil
}

// How much of what is the same is shown of a difference.
const (
	sameShown = 4 // lines before and after what differs
	sameSaid  = 2 // lines after the first that a lesson speaks of
	leastFold = 4 // lines that are worth leaving out
)

// difference shows what differs in a file since the snapshot before.
func (s *site) difference(w http.ResponseWriter, r *http.Request, v View, e *Earlier, index int, p historyPage) error {
	file := v.Files()[index]
	text := v.Text(index)
	same := v.Common(e.Text, text)
	old := shownText{1, textLines(e.Text), v.Highlight(strings.TrimPrefix(path.Ext(e.File.Path), "."), e.Text)}
	fresh := shownText{first: 1, lines: textLines(text)}
	fresh.tokens, _ = v.Tokens(index)
	rows := sideBySide(&old, &fresh, same)
	for _, row := range rows {
		switch row.Kind {
		case "added":
			p.Added++
		case "removed":
			p.Removed++
		case "changed":
			p.Changed++
		}
	}
	was, is := s.annotationsOfBoth(r, v, e, file.Path, same)
	if err := sayBeside(v, p.Lang, rows, was, is); err != nil {
		return err
	}
	p.Rows = rows
	if r.URL.Query().Get("whole") == "" {
		p.Whole = p.Diff + "&whole=1"
		p.Rows = foldSame(rows, p.Whole)
	}
	return render(w, p.Lang, "difference.html", p)
}

// sayBeside puts what lessons say of either side below the first line that it is
// said of.
func sayBeside(v View, l ui.Language, rows []pairRow, was, is []annotations.Annotation) error {
	before, err := groupAnnotations(v, l, was, indexer.Lines{})
	if err != nil {
		return err
	}
	after, err := groupAnnotations(v, l, is, indexer.Lines{})
	if err != nil {
		return err
	}
	for i := range rows {
		row := &rows[i]
		for _, g := range before {
			row.InOld = row.InOld || row.A > 0 && g.Lines.Contains(row.A)
			if row.A > 0 && row.A == g.Lines.First {
				row.Before = append(row.Before, g)
			}
		}
		for _, g := range after {
			row.In = row.In || row.B > 0 && g.Lines.Contains(row.B)
			if row.B > 0 && row.B == g.Lines.First {
				row.After = append(row.After, g)
			}
		}
	}
	return nil
}

// foldSame leaves out stretches that are the same and nobody speaks of.
func foldSame(rows []pairRow, whole string) (out []pairRow) {
	keep := make([]bool, len(rows))
	mark := func(from, to int) {
		for i := max(from, 0); i <= min(to, len(rows)-1); i++ {
			keep[i] = true
		}
	}
	for i, row := range rows {
		if row.Kind != "same" {
			mark(i-sameShown, i+sameShown)
		}
		if row.Before != nil || row.After != nil {
			mark(i, i+sameSaid)
		}
	}
	for i := 0; i < len(rows); {
		end := i
		for end < len(rows) && !keep[end] {
			end++
		}
		if end-i < leastFold {
			end = max(end, i+1)
			out = append(out, rows[i:end]...)
			i = end
			continue
		}
		out = append(out, pairRow{Kind: "folded", Count: end - i, More: whole + "#B" + strconv.Itoa(rows[i].B)})
		i = end
	}
	return out
}

// annotationsOfBoth returns what lessons say of a file as it was and as it is,
// given the lines in common. Where the course still says the old lines, what
// became of them says the new ones, and the other way round.
func (s *site) annotationsOfBoth(r *http.Request, v View, e *Earlier, now string, same []Pair) (was, is []annotations.Annotation) {
	items := s.driftOf(r)
	back := map[int]int{}
	for _, p := range same {
		back[p.New+1] = p.Old + 1
	}
	all := v.Annotations(e.File.Source, now)
	if now != e.File.Path {
		all = slices.Concat(all, v.Annotations(e.File.Source, e.File.Path))
	}
	for _, a := range all {
		then, after := a, a
		it := items[citationOf{a.Lesson, a.Citation}]
		switch {
		case a.Lines.IsZero():
		case it != nil && it.Blob == e.File.Hash && it.Was.Path == e.File.Path:
			then.Lines, after.Place = it.Was.Lines, it.Place
		default:
			then.Lines = mapped(a.Lines, back)
		}
		then.Path = e.File.Path
		if a.Lines.IsZero() || !then.Lines.IsZero() {
			was = append(was, then)
		}
		if after.Path == now {
			is = append(is, after)
		}
	}
	for _, side := range [][]annotations.Annotation{was, is} {
		slices.SortStableFunc(side, func(a, b annotations.Annotation) int {
			return cmp.Or(cmp.Compare(a.Lines.First, b.Lines.First), cmp.Compare(a.Lines.Last, b.Lines.Last))
		})
	}
	return was, is
}

// mapped returns the lines that the first and the last of a range that are
// somewhere go to, zero for none.
func mapped(l indexer.Lines, to map[int]int) (out indexer.Lines) {
	for n := l.First; n <= l.Last; n++ {
		if at := to[n]; at > 0 {
			if out.First == 0 {
				out.First = at
			}
			out.Last = at
		}
	}
	return out
}

// citationOf is a citation of a lesson.
type citationOf struct {
	lesson   string
	citation int
}

// driftOf returns what became of citations that are not the same.
func (s *site) driftOf(r *http.Request) map[citationOf]*DriftItem {
	items := map[citationOf]*DriftItem{}
	if s.keeper == nil {
		return items
	}
	d, err := s.keeper.Drift(r.Context())
	if err != nil {
		s.log.Error("following the course", "error", err)
		return items
	}
	for i := range d.Items {
		if it := &d.Items[i]; it.Citation >= 0 {
			items[citationOf{it.Lesson, it.Citation}] = it
		}
	}
	return items
}

// textLines returns the lines of a text, without their ends.
func textLines(text []byte) []string {
	all := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n")
	if n := len(all); all[n-1] == "" {
		all = all[:n-1]
	}
	return all
}
