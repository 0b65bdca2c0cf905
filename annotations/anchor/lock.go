package anchor

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// LockName is the name of the lock, which lies in the course's folder.
const LockName = "navigator.lock"

// Lock is what navigator.lock holds: an anchor for each citation and each group
// of an excerpt's lines of a course. It is a text of one entry a line, so that
// git shows and merges it well:
//
//	# Comments and blank lines count for nothing.
//	navigator.lock 1
//	source envoy 75b033da4…
//	anchor 02_proxy_l7/01_vida citation source/a.cc:60 1 - envoy source/a.cc 60 75b033da4… 1f0c…  Http::A::b 3 9a,0,c1 7e 0,4 kept 5d1f33a0
//
// "source" says which revision of a source the course was last brought up to.
// "anchor" says, in this order: lesson, kind, what the lesson writes, which of
// the lesson's equal ones it is, and beside what; source, path, lines; revision
// and blob of the file; symbol and offset in it; fingerprints of the lines before, of the lines
// and of those after, in hexadecimal, 0 for a blank line; "kept", or "lost" when
// a person said that the lines are gone; and the CRC-32 of all that, by which a
// line that was damaged is known. Fields are separated by a blank, "-" is an
// empty one, and bytes that would confuse are written as %20.
//
// Lines are sorted, and one whose file has not changed stays as it is, whatever
// the revision. Source text is never in it: fingerprints are.
//
// An entry belongs to the citation of its lesson that is written as Raw, cites
// Lines, and is the Nth that is. So lessons need no marks, and whatever else is
// edited in one, or moved around, the entry stays with its citation. Equal ones
// with different anchors are told apart by the line that they stand in. One whose
// lesson was renamed goes to the citation written the same way that has none.
type Lock struct {
	Sources []Pin   // sorted by name
	Entries []Entry // sorted, see [Entry.Compare]
}

// Pin is the revision of a source that a course was last brought up to.
type Pin struct{ Source, Revision string }

// Kind says what of a lesson an entry belongs to.
type Kind string

// The kinds of entries.
const (
	OfCitation Kind = "citation"
	OfExcerpt  Kind = "excerpt" // lines of an excerpt that follow each other in the source
	OfNote     Kind = "note"
)

// Entry ties what a lesson says to an anchor.
type Entry struct {
	Lesson string // ID
	Kind   Kind
	Raw    string                  // the citation as written; of lines of an excerpt, a hash of them
	Nth    int                     // from 1, among the lesson's entries of the same Kind, Raw and Lines
	Near   annotations.Fingerprint // of the lesson's line, its digits left out, when another of these has another anchor; else 0
	Lost   bool                    // a person said that what it cites is gone
	annotations.Anchor
}

// Compare orders entries as a lock does.
func (e *Entry) Compare(other *Entry) int {
	return cmp.Or(cmp.Compare(e.Lesson, other.Lesson), cmp.Compare(e.Kind, other.Kind), cmp.Compare(e.Raw, other.Raw),
		cmp.Compare(e.Lines.First, other.Lines.First), cmp.Compare(e.Lines.Last, other.Lines.Last), cmp.Compare(e.Nth, other.Nth))
}

// Revision returns the revision that a source is pinned to, "" when it is not.
func (l *Lock) Revision(source string) string {
	for _, p := range l.Sources {
		if p.Source == source {
			return p.Revision
		}
	}
	return ""
}

const (
	lockMagic   = LockName + " 1"
	lockComment = "# Ties the course to exact lines of the sources. Commit it with the lessons; “navigator reindex --write” keeps it.\n"
)

// Format returns l as a text. It sorts l first.
func (l *Lock) Format() []byte {
	slices.SortFunc(l.Sources, func(a, b Pin) int { return cmp.Compare(a.Source, b.Source) })
	slices.SortFunc(l.Entries, func(a, b Entry) int { return a.Compare(&b) })
	out := []byte(lockComment + lockMagic + "\n")
	for _, p := range l.Sources {
		out = fmt.Appendf(out, "source %s %s\n", escape(p.Source), escape(p.Revision))
	}
	for i := range l.Entries {
		out = l.Entries[i].append(out)
	}
	return out
}

func (e *Entry) append(out []byte) []byte {
	start := len(out)
	state := "kept"
	if e.Lost {
		state = "lost"
	}
	near := "-"
	if e.Near != 0 {
		near = prints([]annotations.Fingerprint{e.Near})
	}
	out = fmt.Appendf(out, "anchor %s %s %s %d %s %s %s %s %s %s %s %d %s %s %s %s", escape(e.Lesson), e.Kind, escape(e.Raw), e.Nth, near,
		escape(e.Source), escape(e.Path), escape(e.Lines.String()), escape(e.Revision), e.Blob, escape(e.Symbol), e.Offset,
		prints(e.Before), prints(e.Cited), prints(e.After), state)
	return fmt.Appendf(out, " %08x\n", crc32.ChecksumIEEE(out[start:]))
}

func prints(all []annotations.Fingerprint) string {
	if len(all) == 0 {
		return "-"
	}
	var out []byte
	for i, p := range all {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendUint(out, uint64(p), 16)
	}
	return string(out)
}

const hexDigits = "0123456789ABCDEF"

// escape writes s as one field.
func escape(s string) string {
	switch s {
	case "":
		return "-"
	case "-":
		return "%2D"
	}
	var out []byte
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c == '%' || c == 0x7F || c >= 0x80 {
			out = append(out, '%', hexDigits[c>>4], hexDigits[c&15])
		} else {
			out = append(out, c)
		}
	}
	return string(out)
}

func unescape(field string) (string, error) {
	if field == "-" {
		return "", nil
	}
	if !strings.Contains(field, "%") {
		return field, nil
	}
	var out []byte
	for i := 0; i < len(field); i++ {
		if field[i] != '%' {
			out = append(out, field[i])
			continue
		}
		if i+2 >= len(field) {
			return "", errors.New("a % that is no escape")
		}
		b, err := hex.DecodeString(field[i+1 : i+3])
		if err != nil {
			return "", errors.New("a % that is no escape")
		}
		out = append(out, b[0])
		i += 2
	}
	return string(out), nil
}

// LockError says where a lock is damaged.
type LockError struct {
	Line   int // from 1
	Reason string
	Merge  bool // it holds the markers of a merge
}

// Error names the line, and how to have a sound lock again.
func (e *LockError) Error() string {
	if e.Merge {
		return fmt.Sprintf("%s:%d: %s; take the lock of either side (git checkout --ours or --theirs %[1]s) and run: navigator reindex --write", LockName, e.Line, e.Reason)
	}
	return fmt.Sprintf("%s:%d: %s; restore it with git (git checkout %[1]s), or delete it to tie every citation anew, and run: navigator reindex --write", LockName, e.Line, e.Reason)
}

// ParseLock reads what Format wrote, its lines in any order. The error is a
// [*LockError].
func ParseLock(text []byte) (*Lock, error) {
	l := &Lock{}
	magic := false
	n := 0
	fail := func(reason string) (*Lock, error) { return nil, &LockError{Line: max(n, 1), Reason: reason} }
	for line := range bytes.Lines(text) {
		n++
		line := strings.TrimRight(string(line), "\r\n")
		for _, marker := range []string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"} {
			if strings.HasPrefix(line, marker) {
				return nil, &LockError{Line: n, Reason: "a merge left its markers", Merge: true}
			}
		}
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
			continue
		case line == lockMagic && !magic:
			magic = true
		case !magic:
			return fail(fmt.Sprintf("the first line is not “%s”", lockMagic))
		case word == "source":
			if err := l.addPin(rest); err != nil {
				return fail(err.Error())
			}
		case word == "anchor":
			e, err := parseEntry(line)
			if err != nil {
				return fail(err.Error())
			}
			l.Entries = append(l.Entries, *e)
		default:
			return fail("neither a source nor an anchor")
		}
	}
	if !magic {
		return fail(fmt.Sprintf("there is no line “%s”", lockMagic))
	}
	slices.SortFunc(l.Sources, func(a, b Pin) int { return cmp.Compare(a.Source, b.Source) })
	return l, l.sortEntries(text)
}

func (l *Lock) addPin(rest string) error {
	name, revision, ok := strings.Cut(rest, " ")
	if !ok || strings.Contains(revision, " ") {
		return errors.New("not “source”, a name and a revision")
	}
	var p Pin
	var errs [2]error
	p.Source, errs[0] = unescape(name)
	p.Revision, errs[1] = unescape(revision)
	if err := cmp.Or(errs[0], errs[1]); err != nil {
		return err
	}
	for _, other := range l.Sources {
		if other == p {
			return nil
		}
		if other.Source == p.Source {
			return fmt.Errorf("a second revision of the source %s", p.Source)
		}
	}
	l.Sources = append(l.Sources, p)
	return nil
}

// sortEntries sorts the entries and drops those that are there twice.
func (l *Lock) sortEntries(text []byte) error {
	slices.SortStableFunc(l.Entries, func(a, b Entry) int { return a.Compare(&b) })
	for i := len(l.Entries) - 1; i > 0; i-- {
		a, b := &l.Entries[i-1], &l.Entries[i]
		if a.Compare(b) != 0 {
			continue
		}
		if string(a.append(nil)) != string(b.append(nil)) {
			return &LockError{Line: lineOf(text, b), Reason: "another anchor of the same citation"}
		}
		l.Entries = slices.Delete(l.Entries, i, i+1)
	}
	return nil
}

// lineOf returns the line of a lock that holds an entry.
func lineOf(text []byte, e *Entry) int {
	before, _, _ := bytes.Cut(text, bytes.TrimSuffix(e.append(nil), []byte("\n")))
	return bytes.Count(before, []byte("\n")) + 1
}

const entryFields = 18 // "anchor" and the checksum among them

func parseEntry(line string) (*Entry, error) {
	fields := strings.Split(line, " ")
	if len(fields) != entryFields {
		return nil, fmt.Errorf("%d fields, where an anchor has %d", len(fields), entryFields)
	}
	sum := fields[entryFields-1]
	if sum != fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(line[:len(line)-len(sum)-1]))) {
		return nil, errors.New("the line is not as it was written: its checksum differs")
	}
	r := fieldReader{fields: fields[1:]}
	e := &Entry{}
	e.Lesson = r.text()
	e.Kind = Kind(r.text())
	e.Raw = r.text()
	e.Nth = r.number()
	near := r.prints()
	e.Source = r.text()
	e.Path = r.text()
	e.Lines = r.lines()
	e.Revision = r.text()
	e.Blob = r.hash()
	e.Symbol = r.text()
	e.Offset = r.number()
	e.Before, e.Cited, e.After = r.prints(), r.prints(), r.prints()
	state := r.text()
	e.Lost = state == "lost"
	switch {
	case r.err != nil:
		return nil, r.err
	case len(near) > 1:
		return nil, errors.New("more than one line of the lesson")
	case e.Kind != OfCitation && e.Kind != OfExcerpt && e.Kind != OfNote:
		return nil, fmt.Errorf("%q is no kind of anchor", e.Kind)
	case state != "lost" && state != "kept":
		return nil, fmt.Errorf("%q is neither kept nor lost", state)
	case !e.Lines.IsZero() && len(e.Cited) != e.Lines.Last-e.Lines.First+1:
		return nil, errors.New("not a fingerprint for each line")
	}
	if len(near) == 1 {
		e.Near = near[0]
	}
	return e, nil
}

// fieldReader reads fields one after the other, and keeps the first error.
type fieldReader struct {
	fields []string
	err    error
}

func (r *fieldReader) next() string {
	f := r.fields[0]
	r.fields = r.fields[1:]
	return f
}

func (r *fieldReader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *fieldReader) text() string {
	s, err := unescape(r.next())
	if err != nil {
		r.fail(err)
	}
	return s
}

func (r *fieldReader) number() int {
	f := r.next()
	n, err := strconv.ParseUint(f, 10, 31)
	if err != nil {
		r.fail(fmt.Errorf("%q is no number", f))
	}
	return int(n)
}

func (r *fieldReader) lines() indexer.Lines {
	f := r.next()
	if f == "-" {
		return indexer.Lines{}
	}
	from, to, isRange := strings.Cut(f, "-")
	if !isRange {
		to = from
	}
	first, err := strconv.ParseUint(from, 10, 31)
	last, err2 := strconv.ParseUint(to, 10, 31)
	if err != nil || err2 != nil || first < 1 || last < first {
		r.fail(fmt.Errorf("%q are no lines", f))
	}
	return indexer.Lines{First: int(first), Last: int(last)}
}

func (r *fieldReader) hash() (h indexer.Hash) {
	f := r.next()
	b, err := hex.DecodeString(f)
	if err != nil || len(b) != len(h) {
		r.fail(fmt.Errorf("%q is no blob", f))
		return h
	}
	return indexer.Hash(b)
}

func (r *fieldReader) prints() []annotations.Fingerprint {
	f := r.next()
	if f == "-" {
		return nil
	}
	var all []annotations.Fingerprint
	for p := range strings.SplitSeq(f, ",") {
		n, err := strconv.ParseUint(p, 16, 64)
		if err != nil {
			r.fail(fmt.Errorf("%q is no fingerprint", p))
			return nil
		}
		all = append(all, annotations.Fingerprint(n))
	}
	return all
}
