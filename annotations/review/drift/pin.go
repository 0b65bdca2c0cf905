package drift

import (
	"bytes"
	"cmp"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"

	"navigator/annotations"
	"navigator/annotations/anchor"
	"navigator/annotations/review"
	"navigator/annotations/review/excerpt"
	"navigator/indexer"
)

// Pinned is a course whose citations are tied, as far as they can be.
type Pinned struct {
	Course *Course
	Pins   []anchor.Pin // the revisions that the course was last brought up to
	Fresh  int          // entries that no lock had
	Loose  int          // citations that cannot be tied

	subjects []subject
	kept     []anchor.Entry // of lessons that cannot be read now
}

// subject is something of a lesson that is tied to lines.
type subject struct {
	lesson   *annotations.Lesson
	citation int // -1 for an excerpt
	excerpt  int // -1 for a citation
	entry    anchor.Entry
}

// Pin ties a course: by its lock; what that does not have by held, which are
// entries that are kept elsewhere, and may be nil; and the rest as it reads
// against base, what the sources had when it was written.
func Pin(c *Course, held *anchor.Lock, base Tree) *Pinned {
	p := pinner{base: base, review: reviewOf(c, base), entries: newEntries(c, held), out: &Pinned{Course: c}}
	p.excerpts = sync.OnceValue(func() *excerpt.Reader { return excerpt.NewReader(base) })
	p.out.Pins = pins(c, held, base)
	for _, l := range c.Documents() {
		if unreadable(l) {
			p.out.kept = append(p.out.kept, p.entries.of(l.ID)...)
			continue
		}
		p.citations(l)
		p.blocks(l)
	}
	return p.out
}

// Held returns the entries that the course's own lock does not have, to be kept
// elsewhere until it does.
func (p *Pinned) Held() *anchor.Lock {
	out := anchor.Lock{Sources: p.Pins}
	for _, s := range p.subjects {
		_, locked := slices.BinarySearchFunc(p.Course.Lock.Entries, &s.entry, func(e anchor.Entry, want *anchor.Entry) int { return e.Compare(want) })
		if !locked {
			out.Entries = append(out.Entries, s.entry)
		}
	}
	return &out
}

// pins returns the revisions that a course was last brought up to: those of its
// lock, else those that are held, else those that it is tied to now.
func pins(c *Course, held *anchor.Lock, base Tree) []anchor.Pin {
	var out []anchor.Pin
	for _, s := range base.Sources() {
		pin := anchor.Pin{Source: s.Name, Revision: c.Lock.Revision(s.Name)}
		if pin.Revision == "" && held != nil {
			pin.Revision = held.Revision(s.Name)
		}
		pin.Revision = cmp.Or(pin.Revision, s.Revision)
		out = append(out, pin)
	}
	return out
}

func unreadable(l *annotations.Lesson) bool {
	return slices.ContainsFunc(l.Problems, func(p annotations.Problem) bool { return p.Kind == annotations.Unreadable })
}

// pinner is the state of one Pin.
type pinner struct {
	base     Tree
	review   func() *review.Review
	excerpts func() *excerpt.Reader
	entries  *entries
	out      *Pinned
}

// key is what an entry is found by.
type key struct {
	lesson string
	kind   anchor.Kind
	raw    string
	lines  indexer.Lines
	nth    int
}

// entries are those of a lock and of what is held beside it.
type entries struct {
	byKey    map[key]anchor.Entry
	byLesson map[string][]anchor.Entry
	orphans  map[key][]anchor.Entry // of lessons that are gone, by their key without the lesson
}

func newEntries(c *Course, held *anchor.Lock) *entries {
	e := &entries{map[key]anchor.Entry{}, map[string][]anchor.Entry{}, map[key][]anchor.Entry{}}
	add := func(all []anchor.Entry) {
		for _, x := range all {
			k := keyOf(&x)
			if _, ok := e.byKey[k]; ok {
				continue
			}
			e.byKey[k] = x
			e.byLesson[x.Lesson] = append(e.byLesson[x.Lesson], x)
			if c.Course.Lesson(x.Lesson) == nil {
				k.lesson = ""
				e.orphans[k] = append(e.orphans[k], x)
			}
		}
	}
	add(c.Lock.Entries)
	if held != nil {
		add(held.Entries)
	}
	return e
}

func keyOf(e *anchor.Entry) key {
	k := key{e.Lesson, e.Kind, e.Raw, e.Lines, e.Nth}
	if e.Kind == anchor.OfExcerpt {
		k.lines = indexer.Lines{} // a hash says it all
	}
	return k
}

func (e *entries) of(lesson string) []anchor.Entry { return e.byLesson[lesson] }

// take returns the entry of a key. One of a lesson that is gone serves when it
// is the only one, and is the caller's from then on.
func (e *entries) take(k key) (anchor.Entry, bool) {
	if x, ok := e.byKey[k]; ok {
		return x, true
	}
	nowhere := k
	nowhere.lesson = ""
	if x := e.orphans[nowhere]; len(x) == 1 {
		delete(e.orphans, nowhere)
		x[0].Lesson = k.lesson
		return x[0], true
	}
	return anchor.Entry{}, false
}

func (p *pinner) add(l *annotations.Lesson, citation, block int, e anchor.Entry) {
	p.out.subjects = append(p.out.subjects, subject{l, citation, block, e})
}

// citations ties the citations of a lesson.
func (p *pinner) citations(l *annotations.Lesson) {
	equal := map[key][]int{} // citations, by what they write
	nth := make([]int, len(l.Citations))
	for i := range l.Citations {
		k := citationKey(l, i)
		equal[k] = append(equal[k], i)
		nth[i] = len(equal[k])
	}
	tied := make([]*anchor.Entry, len(l.Citations))
	for k, all := range equal {
		p.tie(l, k, all, tied)
	}
	for i := range l.Citations {
		if e := tied[i]; e != nil {
			e.Nth = nth[i]
			p.add(l, i, -1, *e)
			continue
		}
		c := &l.Citations[i]
		r := p.review().Resolution(l.ID, i)
		e := anchor.Entry{Lesson: l.ID, Kind: kindOf(l, i), Raw: c.Raw, Nth: nth[i]}
		if !sure(r) || r.Beyond || r.Places[0].Lines != c.Cited && len(r.Places) == 1 {
			p.out.Loose++
			continue
		}
		var err error
		if e.Anchor, err = makeAnchor(p.base, r.Places[0]); err != nil {
			p.out.Loose++
			continue
		}
		p.out.Fresh++
		p.add(l, i, -1, e)
	}
}

func citationKey(l *annotations.Lesson, citation int) key {
	c := &l.Citations[citation]
	return key{l.ID, kindOf(l, citation), c.Raw, c.Cited, 0}
}

// kindOf says whether a citation is a note's heading.
func kindOf(l *annotations.Lesson, citation int) anchor.Kind {
	if l.NoteAt(citation) >= 0 {
		return anchor.OfNote
	}
	return anchor.OfCitation
}

// tie gives citations of a lesson that write the same, all, the entries that
// there are for them: by the line that they stand in where the entries tell,
// else in order.
func (p *pinner) tie(l *annotations.Lesson, k key, all []int, tied []*anchor.Entry) {
	var found []*anchor.Entry
	for k.nth = 1; ; k.nth++ {
		e, ok := p.entries.take(k)
		if !ok && k.nth > len(all) {
			break
		}
		if ok {
			found = append(found, &e)
		} else {
			found = append(found, nil)
		}
	}
	give := func(i, n int) {
		tied[i], found[n] = found[n], nil
	}
	for _, i := range all {
		near := nearOf(l, &l.Citations[i])
		if n := slices.IndexFunc(found, func(e *anchor.Entry) bool { return e != nil && e.Near != 0 && e.Near == near }); n >= 0 {
			give(i, n)
		}
	}
	for n, i := range all {
		if tied[i] == nil && found[n] != nil && found[n].Near == 0 {
			give(i, n)
		}
	}
	for _, i := range all {
		if n := slices.IndexFunc(found, func(e *anchor.Entry) bool { return e != nil }); tied[i] == nil && n >= 0 {
			give(i, n)
		}
	}
}

// nearOf returns the fingerprint of the line that a citation stands in, digits
// left out: renumbering does not change it.
func nearOf(l *annotations.Lesson, c *annotations.Citation) annotations.Fingerprint {
	lines := bytes.SplitN(l.Text, []byte("\n"), int(c.Span.Start.Line)+1)
	line := bytes.Clone(lines[c.Span.Start.Line-1])
	return anchor.Fingerprint(slices.DeleteFunc(line, func(b byte) bool { return '0' <= b && b <= '9' }))
}

// sure says whether a citation has one place.
func sure(r annotations.Resolution) bool {
	return len(r.Places) > 0 && r.Match != annotations.MatchAmbiguous && r.Match != annotations.MatchNone
}

// counter numbers what is equal, from 1.
type counter map[key]int

func (c counter) next(k key) int {
	c[k]++
	return c[k]
}

// makeAnchor ties a place of a tree, which may be a whole file or a folder.
func makeAnchor(t Tree, place annotations.Place) (annotations.Anchor, error) {
	s := state{t, place.Source}
	revision := revisionOf(t, place.Source)
	if !place.Lines.IsZero() {
		return anchor.Make(s, revision, place)
	}
	a := annotations.Anchor{Source: place.Source, Revision: revision, Path: place.Path}
	if !strings.HasSuffix(place.Path, "/") {
		blob, ok := s.Blob(place.Path)
		if !ok {
			return a, fmt.Errorf("%s has no file %s", place.Source, place.Path)
		}
		a.Blob = blob
	}
	return a, nil
}

// blocks ties the excerpts of a lesson. Those that a lock knows are not read
// again.
func (p *pinner) blocks(l *annotations.Lesson) {
	count := counter{}
	raws := make([]string, len(l.Excerpts)) // of those that no lock knows
	unknown := false
	for i := range l.Excerpts {
		k := key{lesson: l.ID, kind: anchor.OfExcerpt, raw: blockHash(l, i)}
		raw := k.raw
		if nth := count.next(k); nth > 1 {
			raw += fmt.Sprintf(".%d", nth)
		}
		if !p.takeBlock(l, i, raw) {
			raws[i], unknown = raw, true
		}
	}
	if !unknown {
		return
	}
	read := p.out.Course.Read
	if read == nil {
		read = &excerpt.Memory{}
	}
	found := read.Lesson(p.excerpts, l, func(i int) []annotations.Place { return p.review().Resolution(l.ID, i).Places })
	for _, v := range found.Verdicts {
		if raws[v.Excerpt] == "" || v.Verdict != annotations.Verbatim && v.Verdict != annotations.Abridged {
			continue
		}
		nth := 0
		for _, place := range p.groups(v.Lines) {
			e := anchor.Entry{Lesson: l.ID, Kind: anchor.OfExcerpt, Raw: raws[v.Excerpt], Nth: nth + 1}
			var err error
			if e.Anchor, err = makeAnchor(p.base, place); err != nil {
				continue
			}
			nth++
			p.out.Fresh++
			p.add(l, -1, v.Excerpt, e)
		}
	}
}

// takeBlock ties an excerpt as a lock has it, and reports whether one does.
func (p *pinner) takeBlock(l *annotations.Lesson, i int, raw string) bool {
	for group := 1; ; group++ {
		e, ok := p.entries.take(key{l.ID, anchor.OfExcerpt, raw, indexer.Lines{}, group})
		if !ok {
			return group > 1
		}
		p.add(l, -1, i, e)
	}
}

// blockHash identifies an excerpt by its text, white space and the line that
// cites aside.
func blockHash(l *annotations.Lesson, block int) string {
	x := &l.Excerpts[block]
	cites := 0
	if x.Citation >= 0 {
		cites = int(l.Citations[x.Citation].Span.Start.Line)
	}
	sum := fnv.New64a()
	n := 0
	for line := range bytes.Lines(l.Text) {
		if n++; x.Lines.Contains(n) && n > x.Lines.First && n != cites {
			fmt.Fprintf(sum, "%x\n", anchor.Fingerprint(line))
		}
	}
	return fmt.Sprintf("%016x", sum.Sum64())
}

// leastText is how many bytes a line must have for an excerpt's group of lines
// to be worth following: a brace by itself is everywhere.
const leastText = 6

// groups returns the stretches of source lines that an excerpt shows: lines that
// follow each other, blank ones between them aside.
func (p *pinner) groups(lines []annotations.ExcerptLine) []annotations.Place {
	var all []annotations.Place
	telling := false
	end := func() {
		if len(all) > 0 && !telling {
			all = all[:len(all)-1]
		}
		telling = false
	}
	for _, line := range lines {
		at := line.Place
		if at.Path == "" || at.Lines.IsZero() || line.Kind != annotations.SourceLine && line.Kind != annotations.AlteredLine {
			continue
		}
		text := p.linesOf(at)
		if n := len(all); n == 0 || all[n-1].Source != at.Source || all[n-1].Path != at.Path || !p.follows(text, all[n-1].Lines.Last, at.Lines.First) {
			end()
			all = append(all, at)
		} else {
			all[n-1].Lines.Last = max(all[n-1].Lines.Last, at.Lines.Last)
		}
		if at.Lines.First <= len(text) && len(bytes.TrimSpace(text[at.Lines.First-1])) >= leastText {
			telling = true
		}
	}
	end()
	return all
}

func (p *pinner) linesOf(at annotations.Place) [][]byte {
	file, ok := p.base.FileIndex(at.Source, at.Path)
	if !ok {
		return nil
	}
	return bytes.Split(p.base.Text(file), []byte("\n"))
}

// follows says whether nothing but blank lines is between two lines.
func (p *pinner) follows(text [][]byte, last, next int) bool {
	if next < last || next > len(text) {
		return false
	}
	for line := last + 1; line < next; line++ {
		if len(bytes.TrimSpace(text[line-1])) > 0 {
			return false
		}
	}
	return true
}
