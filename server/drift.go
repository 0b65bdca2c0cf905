package server

import (
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"time"

	"navigator/annotations"
	"navigator/indexer"
)

// Keeper keeps the course true while its sources move. Its methods are safe for
// concurrent use.
type Keeper interface {
	// Drift returns what became of the course, as its files are now. It is shared
	// and only read.
	Drift(ctx context.Context) (*Drift, error)

	// Settle writes what a person decided into lessons and lock, all of it or
	// nothing. The error is or wraps ErrChanged, ErrReadOnly or ErrDecision when
	// that is why nothing was written.
	Settle(ctx context.Context, decisions []Decision) error

	// Renumber writes what is proven unchanged elsewhere, with errors as Settle.
	Renumber(ctx context.Context) error

	// Undo takes back what the last Settle wrote, with errors as it.
	Undo(ctx context.Context) error

	// LastReindex returns what the last reindex did, nil when nobody knows.
	LastReindex() *Reindex
}

// Demo moves the demo's sources. Its methods are safe for concurrent use.
type Demo interface {
	Bumped() bool                   // whether they are at their second revision
	Bump(ctx context.Context) error // moves them there, indexes them, and has the pages show it
}

// Why a Keeper wrote nothing.
var (
	ErrChanged  = errors.New("lessons, lock or sources have changed meanwhile")
	ErrReadOnly = errors.New("the course is read-only")
	ErrDecision = errors.New("that cannot be written") // the error's text says why, in English
)

// Drift is what became of what a course cites and shows.
type Drift struct {
	ReadOnly  bool // the course cannot be written
	Sources   []Bump
	Citations map[annotations.Verdict]int
	Excerpts  map[annotations.Verdict]int // groups of lines that excerpts show
	Untied    int                         // citations that lead to no one place
	Undoes    string                      // ID of the item whose decision Undo takes back, "" for none
	Items     []DriftItem                 // what is not the same, in order of the lessons and of their lines
}

// Open returns the items that a person must look at.
func (d *Drift) Open() []*DriftItem { return d.of(DriftOpen) }

func (d *Drift) of(state DriftState) (found []*DriftItem) {
	for i := range d.Items {
		if d.Items[i].State == state {
			found = append(found, &d.Items[i])
		}
	}
	return found
}

// Bump is a source and the two revisions that are compared.
type Bump struct {
	Name     string
	From, To string // full commit ids, "" when nobody knows
	Commits  int    // between the two, 0 when git cannot tell
}

// DriftState says what an item waits for.
type DriftState string

// The states.
const (
	DriftOpen    DriftState = "open"    // for a person
	DriftPending DriftState = "pending" // for Renumber
	DriftLost    DriftState = "lost"    // a person said that it is gone
	DriftSettled DriftState = "settled" // nothing has to be written for it
)

// DriftItem is what became of one citation, or of one group of an excerpt's
// lines.
type DriftItem struct {
	ID       string // the same until the citation is rewritten
	Version  string // of all that a decision rests on: its lesson, the lock and the sources
	Lesson   string // ID
	Line     int    // in the lesson
	Citation int    // index in the lesson's Citations, -1 for an excerpt
	Excerpt  int    // index in the lesson's Excerpts, -1 for a citation
	Raw      string // as written; of an excerpt its path and lines
	Symbol   string // around the lines, as they were
	State    DriftState
	annotations.Outcome
	Held     string            // why a Moved one is open: "in-code", "joined", else ""
	Was      annotations.Place // that it was tied to
	Revision string            // of Was
	Blob     indexer.Hash      // of the file of Was, as it was
	Old      []string          // the lines of Was, nil when nobody knows, and for a whole file
	Touched  []Commit          // the upstream commits that touched the lines, oldest first
}

// Commit is an upstream commit.
type Commit struct {
	ID, Title, Author string
	When              time.Time
	Removed           bool // half of the lines are gone after it
}

// Decision is what a person decided of an item.
type Decision struct {
	ID      string
	Version string            // of the item that the person saw; "" for any
	Lost    bool              // what it cites is gone
	To      annotations.Place // what it cites now; zero for what was found
}

// Reindex is what a reindex did.
type Reindex struct {
	When           time.Time
	Files          int // in the snapshot
	Parsed, Reused int
	Seconds        float64
	Sources        []Bump
	Citations      map[annotations.Verdict]int
	Excerpts       map[annotations.Verdict]int
	Untied         int
	Written        int // citations that were renumbered
	Pending        int // that can be
	Open           int
	Lessons        []ReindexLesson // that have any of these
}

// ReindexLesson is what waited in a lesson after a reindex.
type ReindexLesson struct {
	Path                   string
	Written, Pending, Open int
}

// driftPage is the page of what upstream's changes did to the course, one item
// of it in full.
type driftPage struct {
	page
	Open      int
	Groups    []driftGroup
	Pending   int
	Writing   bool
	ReadOnly  bool   // the course is
	Problem   string // why nothing was written, "" for nothing
	Item      *driftDetail
	Bumps     []bumpLink
	HasReport bool
	Bump      bool // the demo's button
	Undoes    string
}

// driftGroup is items of the list under a heading.
type driftGroup struct {
	Kind    string // "open" with a lesson as Title, "lost", "kept" or "pending"
	Title   string
	Entries []driftEntry
}

// driftEntry is an item in the list.
type driftEntry struct {
	Address string
	Raw     string
	Verdict annotations.Verdict
	Current bool
}

// driftDetail is an item in full.
type driftDetail struct {
	*DriftItem
	Lesson     *annotations.Lesson
	Back       string // the citation in its lesson
	Section    string
	HTML       template.HTML // the lesson's words
	Was        link
	Now        link // zero when nothing was found, or asked for
	Asked      bool // Now is what the reader asks for, rather than what was found
	Lines      bool // lines are cited, rather than a whole file
	Rows       []pairRow
	Touched    []commitLink
	To         string // in the field
	Target     string // the path that dragged lines are of
	Percent    int
	Previous   string // address of the item before it in the list, "" for none
	Next       string
	Acceptable bool
	Follow     string // ID of what is open after it, "" for nothing
}

// bumpLink is a source and its two revisions, with what upstream's site has of
// each.
type bumpLink struct {
	Bump
	FromAddress, ToAddress string
}

// commitLink is a commit, with what upstream's site has of it.
type commitLink struct {
	Commit
	Address string
}

// drift shows what waits.
func (s *site) drift(w http.ResponseWriter, r *http.Request, v View) error {
	forget(w) // lock and git have no part in a view's ID
	return s.showDrift(w, r, v, http.StatusOK, r.URL.Query(), "")
}

var errNoKeeper = missing("error.address", "/drift", nil)

func (s *site) showDrift(w http.ResponseWriter, r *http.Request, v View, status int, query url.Values, problem string) error {
	if s.keeper == nil {
		return errNoKeeper
	}
	d, err := s.keeper.Drift(r.Context())
	if err != nil {
		return fmt.Errorf("following the course: %w", err)
	}
	p := driftPage{
		page: s.newPage(r, "drift", ""), Open: len(d.Open()), Pending: len(d.of(DriftPending)),
		Writing: s.writing, ReadOnly: d.ReadOnly, Problem: problem, Bumps: bumpLinks(v, d.Sources),
		HasReport: s.keeper.LastReindex() != nil, Bump: s.demo != nil && !s.demo.Bumped(), Undoes: d.Undoes,
	}
	p.Title = p.Lang.T("drift.title")
	p.Styles = append(p.Styles, "component/prose/prose.css", "component/code/code.css", "component/compare/compare.css", "component/sides/sides.css")
	p.Scripts = []string{"page/drift/drift.js"}
	ordered := p.list(v, d)
	if len(ordered) > 0 {
		id := query.Get("item")
		at, found := 0, id == ""
		for i, it := range ordered {
			if it.ID == id {
				at, found = i, true
			}
		}
		if !found && problem == "" && status == http.StatusOK {
			p.Problem = p.Lang.T("drift.gone")
		}
		if ordered[at].State == DriftOpen || id != "" {
			p.detail(v, d, ordered, at, query.Get("to"))
		}
	}
	return renderStatus(w, status, p.Lang, "drift.html", p)
}

// list fills the groups of the page, and returns their items in order.
func (p *driftPage) list(v View, d *Drift) (ordered []*DriftItem) {
	put := func(kind, title string, it *DriftItem) {
		last := len(p.Groups) - 1
		if last < 0 || p.Groups[last].Kind != kind || p.Groups[last].Title != title {
			p.Groups = append(p.Groups, driftGroup{Kind: kind, Title: title})
			last++
		}
		g := &p.Groups[last]
		g.Entries = append(g.Entries, driftEntry{Address: driftAddress(it.ID), Raw: it.Raw, Verdict: it.Verdict})
		ordered = append(ordered, it)
	}
	open := d.Open()
	for _, it := range open {
		if it.Verdict != annotations.Lost {
			title := it.Lesson
			if l := v.Course().Lesson(it.Lesson); l != nil {
				title = l.Title
			}
			put("open", title, it)
		}
	}
	for _, it := range open {
		if it.Verdict == annotations.Lost {
			put("lost", "", it)
		}
	}
	for _, it := range d.of(DriftLost) {
		put("kept", "", it)
	}
	for _, it := range d.of(DriftPending) {
		put("pending", "", it)
	}
	return ordered
}

func driftAddress(id string) string { return "/drift?item=" + url.QueryEscape(id) }

// How much around what was found is shown, for the range to be drawn anew.
const (
	aroundFound = 8
	mostLines   = 400 // of a range that are shown
)

// detail fills the item at a position of the list. To is a place that the
// reader asks for instead of what was found, "" for none.
func (p *driftPage) detail(v View, d *Drift, ordered []*DriftItem, at int, to string) {
	it := ordered[at]
	n := 0
	for i := range p.Groups {
		for j := range p.Groups[i].Entries {
			p.Groups[i].Entries[j].Current = n == at
			n++
		}
	}
	t := &driftDetail{DriftItem: it, Lesson: v.Course().Lesson(it.Lesson), Lines: !it.Was.Lines.IsZero(), Percent: int(it.Score * 100)}
	p.Item = t
	if at > 0 {
		t.Previous = driftAddress(ordered[at-1].ID)
	}
	if at+1 < len(ordered) {
		t.Next = driftAddress(ordered[at+1].ID)
	}
	for _, other := range slices.Concat(ordered[at+1:], ordered[:at]) {
		if other.State == DriftOpen {
			t.Follow = other.ID
			break
		}
	}
	p.words(v, t)
	source, _ := sourceOf(v, it.Was.Source)
	source.Revision = it.Revision
	t.Was = link{placeText(it.Was), upstreamAddress(source, it.Was.Path)}
	if t.Was.Address != "" && t.Lines {
		t.Was.Address += "#" + fragment(it.Was.Lines)
	}
	for _, c := range it.Touched {
		t.Touched = append(t.Touched, commitLink{c, commitAddress(source, c.ID)})
	}
	now := it.Place
	if to != "" {
		if asked, ok := parsePlace(to); ok {
			asked.Source = it.Was.Source
			if _, ok := v.FileIndex(asked.Source, asked.Path); ok {
				now, t.Asked = asked, true
			} else if p.Problem == "" {
				p.Problem = p.Lang.T("error.file", asked.Path)
			}
		} else if p.Problem == "" {
			p.Problem = p.Lang.T("drift.no_place", to)
		}
		t.To = to
	} else if now.Path != "" {
		t.To = citing(now)
	} else {
		t.To = citing(it.Was)
	}
	t.Acceptable = it.Place.Path != "" && !t.Asked
	if now.Path != "" {
		t.Now = link{placeText(now), placeAddress(now.Source, now.Path, now.Lines)}
		t.Target = now.Path
	}
	t.Rows = driftRows(v, it, now)
}

// words fills what the lesson says.
func (p *driftPage) words(v View, t *driftDetail) {
	if t.Lesson == nil {
		return
	}
	var prose indexer.Lines
	t.Back = lessonAddress(t.Lesson.ID, "")
	switch {
	case 0 <= t.Citation && t.Citation < len(t.Lesson.Citations):
		prose = t.Lesson.Citations[t.Citation].Prose
		t.Back = lessonAddress(t.Lesson.ID, citationAnchor(t.Citation))
	case 0 <= t.Excerpt && t.Excerpt < len(t.Lesson.Excerpts):
		prose = t.Lesson.Excerpts[t.Excerpt].Lines
		t.Back = lessonAddress(t.Lesson.ID, excerptAnchor(t.Excerpt))
	}
	for _, note := range t.Lesson.Notes {
		if note.Citation == t.Citation {
			prose = note.Body
		}
	}
	for _, section := range t.Lesson.Sections {
		if section.Lines.Contains(t.Line) {
			t.Section = sectionName(section)
		}
	}
	if prose.IsZero() {
		return
	}
	if html, err := v.FragmentHTML(t.Lesson.ID, prose, newLinks(v, p.Lang, t.Lesson)); err == nil {
		t.HTML = trusted(html)
	}
}

// driftRows lays the lines as they were beside those at a place of now.
func driftRows(v View, it *DriftItem, now annotations.Place) []pairRow {
	var old, fresh shownText
	if !it.Was.Lines.IsZero() && len(it.Old) > 0 {
		old = shownText{it.Was.Lines.First, it.Old[:min(len(it.Old), mostLines)], nil}
		old.tokens = v.Highlight(strings.TrimPrefix(path.Ext(it.Was.Path), "."), []byte(strings.Join(old.lines, "\n")))
	}
	index, ok := v.FileIndex(now.Source, now.Path)
	if !ok || now.Lines.IsZero() {
		return sideBySide(&old, &fresh, nil)
	}
	_, lines, _ := linesOf(v, annotations.Place{Source: now.Source, Path: now.Path})
	whole := shownText{1, lines, nil}
	whole.tokens, _ = v.Tokens(index)
	last := min(now.Lines.Last, len(whole.lines), now.Lines.First+mostLines-1)
	if now.Lines.First > last {
		return sideBySide(&old, &fresh, nil)
	}
	fresh = whole.part(now.Lines.First, last)
	around := func(from, to int) (rows []pairRow) {
		for n := max(from, 1); n <= min(to, len(whole.lines)); n++ {
			rows = append(rows, pairRow{Kind: "around", B: n, New: whole.html(n, nil)})
		}
		return rows
	}
	rows := around(now.Lines.First-aroundFound, now.Lines.First-1)
	for _, row := range sideBySide(&old, &fresh, v.Common(joined(old.lines), joined(fresh.lines))) {
		row.In = row.B > 0
		rows = append(rows, row)
	}
	return append(rows, around(last+1, last+aroundFound)...)
}

func joined(lines []string) []byte { return []byte(strings.Join(lines, "\n")) }

// settleDrift writes what a form decides, and goes on to the next item.
func (s *site) settleDrift(w http.ResponseWriter, r *http.Request, v View) error {
	if s.keeper == nil {
		return errNoKeeper
	}
	if err := r.ParseForm(); err != nil {
		return refused("error.form")
	}
	form := r.PostForm
	action, next := form.Get("action"), "/drift"
	if follows := form.Get("next"); follows != "" {
		next = driftAddress(follows)
	}
	var err error
	switch action {
	case "renumber":
		err = s.keeper.Renumber(r.Context())
	case "undo":
		err = s.keeper.Undo(r.Context())
	default:
		var decision Decision
		if decision, err = parseDecision(action, form.Get("item"), form.Get("to")); err == nil {
			decision.Version = form.Get("version")
			err = s.keeper.Settle(r.Context(), []Decision{decision})
		}
	}
	if err != nil {
		return s.showRefusal(w, r, v, err)
	}
	http.Redirect(w, r, next, http.StatusSeeOther)
	return nil
}

// parseDecision reads a decision as forms and the API write it.
func parseDecision(action, id, to string) (Decision, error) {
	d := Decision{ID: id}
	switch action {
	case "accept":
	case "reject":
		d.Lost = true
	case "move":
		var ok bool
		if d.To, ok = parsePlace(to); !ok {
			return d, refused("drift.no_place", to)
		}
	default:
		return d, refused("error.parameter", "action", action)
	}
	return d, nil
}

// showRefusal shows the page again with why nothing was written, and with what
// the reader had typed.
func (s *site) showRefusal(w http.ResponseWriter, r *http.Request, v View, err error) error {
	f := keeperFailure(err)
	if f == nil {
		return err
	}
	fresh, release, acquireErr := s.views.Acquire()
	if acquireErr == nil {
		defer release()
		v = fresh
	}
	l := preferencesOf(r).language
	query := url.Values{"item": {r.PostForm.Get("item")}}
	if r.PostForm.Get("action") == "move" {
		query.Set("to", r.PostForm.Get("to"))
	}
	return s.showDrift(w, r, v, shownStatus(r, statuses[f.kind]), query, l.T(f.key, f.args...))
}

// keeperFailure returns what to answer for an error of a Keeper, nil when it is
// the server's fault.
func keeperFailure(err error) *failure {
	var f *failure
	switch {
	case errors.As(err, &f):
		return f
	case errors.Is(err, ErrChanged):
		return &failure{kind: conflict, key: "drift.changed"}
	case errors.Is(err, ErrReadOnly):
		return &failure{kind: forbidden, key: "drift.read_only"}
	case errors.Is(err, ErrDecision):
		return refused("drift.refused", strings.TrimPrefix(err.Error(), ErrDecision.Error()+": "))
	}
	return nil
}

// citing returns a place as lessons cite it.
func citing(p annotations.Place) string {
	if p.Lines.IsZero() {
		return p.Path
	}
	return p.Path + ":" + p.Lines.String()
}

// parsePlace reads PATH, PATH:LINE or PATH:START-END.
func parsePlace(text string) (annotations.Place, bool) {
	text = strings.TrimSpace(text)
	if i := strings.LastIndexByte(text, ':'); i >= 0 {
		lines, ok := parseLines(text[i+1:])
		return annotations.Place{Path: text[:i], Lines: lines}, ok && i > 0
	}
	return annotations.Place{Path: text}, text != ""
}

func bumpLinks(v View, bumps []Bump) (all []bumpLink) {
	for _, b := range bumps {
		source, _ := sourceOf(v, b.Name)
		all = append(all, bumpLink{b, commitAddress(source, b.From), commitAddress(source, b.To)})
	}
	return all
}

// commitAddress returns the address of a commit on the site that hosts the
// source's repository, "" when its URL names no such site.
func commitAddress(source indexer.Source, id string) string {
	source.Revision = id
	tree := upstreamAddress(source, "")
	if tree == "" {
		return ""
	}
	return strings.TrimSuffix(strings.Replace(tree, "/tree/", "/commit/", 1), "/")
}

// reportPage is the page of the last reindex.
type reportPage struct {
	page
	Reindex  *Reindex
	Bumps    []bumpLink
	Verdicts []verdictCount
	Lessons  []reportLesson
	OpenNow  int
}

// verdictCount is how many citations and groups of excerpts' lines have a
// verdict.
type verdictCount struct {
	Verdict             annotations.Verdict
	Citations, Excerpts int
}

type reportLesson struct {
	ReindexLesson
	Title, Address string
}

// report shows what the last reindex did.
func (s *site) report(w http.ResponseWriter, r *http.Request, v View) error {
	forget(w)
	if s.keeper == nil || s.keeper.LastReindex() == nil {
		return missing("drift.no_report", "", nil)
	}
	last := s.keeper.LastReindex()
	p := reportPage{page: s.newPage(r, "drift", ""), Reindex: last, Bumps: bumpLinks(v, last.Sources)}
	p.Title = p.Lang.T("drift.report")
	for _, verdict := range driftVerdicts {
		p.Verdicts = append(p.Verdicts, verdictCount{verdict, last.Citations[verdict], last.Excerpts[verdict]})
	}
	for _, l := range last.Lessons {
		row := reportLesson{l, l.Path, ""}
		if lesson := v.Course().Lesson(strings.TrimSuffix(l.Path, ".md")); lesson != nil {
			row.Title, row.Address = lesson.Title, lessonAddress(lesson.ID, "")
		}
		p.Lessons = append(p.Lessons, row)
	}
	if d, err := s.keeper.Drift(r.Context()); err == nil {
		p.OpenNow = len(d.Open())
	}
	return render(w, p.Lang, "report.html", p)
}

var driftVerdicts = []annotations.Verdict{annotations.Same, annotations.Moved, annotations.Edited, annotations.Proposed, annotations.Lost}

// bumpDemo moves the demo's sources on, and shows what that did.
func (s *site) bumpDemo(w http.ResponseWriter, r *http.Request, v View) error {
	if s.demo == nil {
		return missing("error.address", r.URL.Path, nil)
	}
	if err := s.demo.Bump(r.Context()); err != nil {
		return fmt.Errorf("moving the demo's sources: %w", err)
	}
	http.Redirect(w, r, "/drift", http.StatusSeeOther)
	return nil
}
