package drift

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"navigator/annotations"
	"navigator/annotations/anchor"
	"navigator/annotations/course"
	"navigator/indexer"
)

// Choice says what to write.
type Choice struct {
	Sure      bool // what is [Item.Pending], and bring the lock up to date
	Edited    bool // with Sure: what is edited, too, unless it stands in code
	Decisions []Decision
}

// Decision is what a person decided of an item.
type Decision struct {
	ID   string
	Lost bool              // what it cites is gone: it is not proposed again
	To   annotations.Place // what it cites; zero for what was found
}

// Settle works out what a choice writes. An item that a decision names must be
// one of d's, and its citation such that it can be written.
func (d *Drift) Settle(choice Choice) (*Change, error) {
	s := settling{d: d, to: map[int]annotations.Place{}, entries: make([]anchor.Entry, len(d.Items))}
	for i := range d.Items {
		s.entries[i] = d.Items[i].Entry
	}
	for _, decision := range choice.Decisions {
		if err := s.decide(decision); err != nil {
			return nil, err
		}
	}
	if choice.Sure {
		s.sure(choice.Edited)
	}
	return s.change(choice.Sure, len(choice.Decisions) > 0)
}

// Undo returns what takes back a change of d once that is committed. Where there
// was no lock, the course stays tied.
func (d *Drift) Undo(c *Change) (*Change, error) {
	back := &Change{root: c.root, lock: c.lockBefore, lockBefore: c.lock}
	for _, l := range c.lessons {
		back.lessons = append(back.lessons, rewritten{path: l.path, id: l.id, before: l.after, after: l.before})
	}
	if back.lock == nil {
		tied, err := d.Settle(Choice{})
		if err != nil {
			return nil, err
		}
		back.lock = tied.lock
	}
	return back, nil
}

// settling is the state of one Settle.
type settling struct {
	d       *Drift
	to      map[int]annotations.Place // by item: what its citation is to lead to
	entries []anchor.Entry            // by item, as they are to be
}

// decide notes what a person decided.
func (s *settling) decide(decision Decision) error {
	it, err := s.d.Find(decision.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(s.d.Items, func(x Item) bool { return x.ID == it.ID })
	if decision.Lost {
		if !it.Open() {
			return fmt.Errorf("%s is not open: there is nothing to reject", it.ID)
		}
		s.entries[i].Lost = true
		return nil
	}
	to := decision.To
	if to.Path == "" {
		to = it.Place
	}
	if to.Path == "" {
		return fmt.Errorf("nothing was found for %s: move it, or reject it", it.ID)
	}
	if to.Source == "" {
		to.Source = it.Entry.Source
	}
	if to.Lines.IsZero() != it.Entry.Lines.IsZero() {
		return fmt.Errorf("%s cites %s: say as much of %s", it.ID, what(it.Entry.Lines), to.Path)
	}
	if it.Citation >= 0 {
		if path, hold := s.d.writing(it, to); path && hold == Joined {
			return fmt.Errorf("%s: the path of %s cannot be written for it: edit %s line %d by hand", it.ID, it.Entry.Raw, it.Lesson.Path, it.Line)
		}
	}
	return s.lead(i, to)
}

func what(lines indexer.Lines) string {
	if lines.IsZero() {
		return "a whole file"
	}
	return "lines"
}

// lead makes an item lead to a place.
func (s *settling) lead(i int, to annotations.Place) error {
	fresh, err := makeAnchor(s.d.Now, to)
	if err != nil {
		return err
	}
	e := &s.entries[i]
	e.Anchor, e.Lost = fresh, false
	if s.d.Items[i].Citation >= 0 {
		s.to[i] = to
	}
	return nil
}

// sure notes what is written without asking.
func (s *settling) sure(edited bool) {
	for i := range s.d.Items {
		it := &s.d.Items[i]
		if _, decided := s.to[i]; decided || s.entries[i].Lost != it.Entry.Lost {
			continue
		}
		takes := it.Verdict == annotations.Same || it.Pending() || edited && it.Verdict == annotations.Edited && it.Held == NotHeld
		if !takes {
			continue
		}
		if it.Verdict == annotations.Same {
			s.renew(&s.entries[i], it.Place)
			continue
		}
		// What was just found there is there; should it not be, it stays as it is.
		_ = s.lead(i, it.Place)
	}
}

// renew ties an entry to a file that has changed elsewhere. That of a file that
// has not stays as it is.
func (s *settling) renew(e *anchor.Entry, at annotations.Place) {
	e.Lost = false
	if blob, _ := (state{s.d.Now, at.Source}).Blob(at.Path); blob == e.Blob {
		return
	}
	if fresh, err := makeAnchor(s.d.Now, at); err == nil {
		e.Anchor = fresh
	}
}

// change makes the texts of lessons and lock.
func (s *settling) change(sure, strict bool) (*Change, error) {
	c := s.d.Course
	out := &Change{root: c.Root, lockBefore: c.lockText, Settled: map[string]bool{}}
	lock := anchor.Lock{Sources: s.d.pinned.Pins, Entries: slices.Clone(s.d.pinned.kept)}
	if sure {
		lock.Sources = nil
		for _, src := range s.d.Now.Sources() {
			lock.Sources = append(lock.Sources, anchor.Pin{Source: src.Name, Revision: src.Revision})
		}
	}
	for start := 0; start < len(s.d.Items); {
		end := start
		for end < len(s.d.Items) && s.d.Items[end].Lesson == s.d.Items[start].Lesson {
			end++
		}
		if err := s.lesson(start, end, out, strict); err != nil {
			return nil, err
		}
		start = end
	}
	s.tellApart()
	lock.Entries = append(lock.Entries, s.entries...)
	out.lock = lock.Format()
	return out, nil
}

// tellApart notes beside what those stand that write the same, and have
// different anchors.
func (s *settling) tellApart() {
	equal := map[key][]int{}
	for i := range s.entries {
		e := &s.entries[i]
		e.Near = 0
		if s.d.Items[i].Citation >= 0 {
			k := keyOf(e)
			k.nth = 0
			equal[k] = append(equal[k], i)
		}
	}
	for _, all := range equal {
		one := &s.entries[all[0]]
		if !slices.ContainsFunc(all, func(i int) bool { return s.entries[i].Blob != one.Blob || s.entries[i].Path != one.Path }) {
			continue
		}
		for _, i := range all {
			it := &s.d.Items[i]
			s.entries[i].Near = nearOf(it.Lesson, &it.Lesson.Citations[it.Citation])
		}
	}
}

// lesson rewrites the lesson whose items are those from start up to, not
// including, end.
func (s *settling) lesson(start, end int, out *Change, strict bool) error {
	l := s.d.Items[start].Lesson
	var items []int
	for i := start; i < end; i++ {
		if _, ok := s.to[i]; ok {
			items = append(items, i)
		}
	}
	if len(items) == 0 {
		return nil
	}
	text, after, ok := s.rewrite(l, items)
	if !ok && strict {
		return fmt.Errorf("%s: its citations cannot be told apart once they are rewritten: edit it by hand", l.Path)
	}
	if !ok { // those that get in each other's way stay as they are
		var good []int
		for _, i := range items {
			if t, a, ok := s.rewrite(l, append(slices.Clone(good), i)); ok {
				good, text, after = append(good, i), t, a
			} else {
				s.entries[i] = s.d.Items[i].Entry
			}
		}
		if items = good; len(items) == 0 {
			return nil
		}
	}
	count := counter{}
	nth := make([]int, len(l.Citations))
	for i := range l.Citations {
		k := key{kind: kindOf(l, i), raw: after[i].Raw, lines: after[i].Cited}
		nth[i] = count.next(k)
	}
	for i := start; i < end; i++ {
		if c := s.d.Items[i].Citation; c >= 0 {
			s.entries[i].Raw, s.entries[i].Nth = after[c].Raw, nth[c]
		}
	}
	for _, i := range items {
		out.Settled[s.d.Items[i].ID] = true
	}
	if string(text) != string(l.Text) {
		out.lessons = append(out.lessons, rewritten{l.Path, l.ID, l.Text, text})
	}
	return nil
}

// rewrite returns the text of a lesson in which items lead to their places, and
// its citations there, as many as the lesson has. It is not ok when the text
// would not say that, or would say more.
func (s *settling) rewrite(l *annotations.Lesson, items []int) (text []byte, after []annotations.Citation, ok bool) {
	var edits []course.Edit
	wanted := map[indexer.Position]annotations.Place{} // by where the citation starts
	for _, i := range items {
		it, to := &s.d.Items[i], s.to[i]
		if path, _ := s.d.writing(it, to); path {
			more, ok := course.Rewrite(l, it.Citation, annotations.Place{Path: to.Path}, true)
			if !ok {
				return nil, nil, false
			}
			edits = append(edits, more...)
		}
		c := &l.Citations[it.Citation]
		if !c.Cited.IsZero() && c.Cited != to.Lines {
			edits = append(edits, digits(l.Text, c, to.Lines))
		}
		wanted[c.Span.Start] = to
	}
	text = course.Apply(l.Text, edits)
	old, fresh := course.Reparse(l, l.Text).Citations, course.Reparse(l, text).Citations
	if len(old) != len(fresh) {
		return nil, nil, false
	}
	at := map[indexer.Position]int{}
	for i := range old {
		at[old[i].Span.Start] = i
		to, changed := wanted[old[i].Span.Start]
		switch {
		case !changed && (old[i].Raw != fresh[i].Raw || old[i].Cited != fresh[i].Cited):
			return nil, nil, false
		case changed && fresh[i].Cited != to.Lines:
			return nil, nil, false
		}
	}
	for i := range l.Citations {
		k, ok := at[l.Citations[i].Span.Start]
		if !ok {
			return nil, nil, false
		}
		after = append(after, fresh[k])
	}
	return text, after, true
}

// twoNumbers matches the digits of a range, whatever stands between.
var twoNumbers = regexp.MustCompile(`^(\d+)(\D+)(\d+)$`)

// digits returns the edit that makes a citation cite lines.
func digits(text []byte, c *annotations.Citation, to indexer.Lines) course.Edit {
	from, end := offset(text, c.Digits.Start), offset(text, c.Digits.End)+1
	fresh := strconv.Itoa(to.First)
	m := twoNumbers.FindStringSubmatch(string(text[from:end]))
	switch {
	case m != nil && (to.First != to.Last || m[2] != "-" || c.Cited.First == c.Cited.Last):
		fresh += m[2] + strconv.Itoa(to.Last)
	case m == nil && to.First != to.Last:
		fresh += "-" + strconv.Itoa(to.Last)
	}
	return course.Edit{Start: from, End: end, New: fresh}
}

// offset returns the offset of a position in a text.
func offset(text []byte, p indexer.Position) int {
	at := 0
	for line := int32(1); line < p.Line; line++ {
		at += slices.Index(text[at:], '\n') + 1
	}
	return at + int(p.Col) - 1
}
