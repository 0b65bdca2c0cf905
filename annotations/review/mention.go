package review

import (
	"bytes"
	"regexp"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// closeness says how near to a citation a name stands; smaller is nearer.
type closeness uint8

const (
	inExcerpt  closeness = iota // what the excerpt under the citation defines
	inSentence                  // inline code of the same sentence, row or item
	inProse                     // a CamelCase word of it
	inHeading                   // the heading above
)

// mention is a name of code near a citation.
type mention struct {
	name     string // last part: "newStream"
	scope    string // what stands before it: "ConnectionManagerImpl"
	near     closeness
	distance int  // bytes between it and the citation
	plain    bool // a word such as `route`, which may mean anything
	loose    bool // too far off to be the sentence's subject: the cited lines may just use it
	subject  bool // the citation is given for it: `Class` (file.cc:3), file.cc:3 (`Class`), `Class` vive en file.cc:3
	used     bool // of an expression, which names what it uses: `count_ > 0`
	lives    bool // said to be defined at the citation: `Class` vive en file.cc:3
}

// names of code: X::y, X::~X, y(), X.y(), operator== left aside.
var (
	codeName  = regexp.MustCompile(`[A-Za-z_]\w*(?:(?:::|\.|->)~?[A-Za-z_]\w*)*(\s*\(|!)?`)
	camelWord = regexp.MustCompile(`\b(?:[A-Za-z_]\w*::)*[A-Z][a-z0-9]+[A-Z]\w*(?:::~?\w+)*\b|\b(?:[A-Za-z_]\w*::)+~?\w+|\b[a-z]+[A-Z]\w*\(\)|\b[a-z]\w*_\w+\(\)`)
	codeSpan  = regexp.MustCompile("`+([^`\n]+)`+")
	// inline code that is a name alone, with its brackets or arguments
	wholeName = regexp.MustCompile(`^~?[A-Za-z_]\w*(?:(?:::|\.|->)~?[A-Za-z_]\w*)*!?\s*(?:\([^()]*\))?$`)
	// what leads from a name to its place: "vive en", "es una macro de"
	livesIn = regexp.MustCompile("(?i)^ (?:está|vive|reside|se encuentra|se define|se declara|se implementa|está (?:definid|declarad|implementad)[oa]" +
		"|es una? [\\pL]+(?: definid[oa]| declarad[oa])?|lives|is|is (?:defined|declared|implemented|found)) (?:en|de|in|at) [`\\[*]*$")
)

// lessonText finds its way in the text of a lesson.
type lessonText struct {
	*annotations.Lesson
	starts []int // offset of each line, and the end
}

func newLessonText(l *annotations.Lesson) lessonText {
	t := lessonText{Lesson: l, starts: []int{0}}
	for i, b := range l.Text {
		if b == '\n' {
			t.starts = append(t.starts, i+1)
		}
	}
	return t
}

// offset returns the offset of a position.
func (t lessonText) offset(p indexer.Position) int {
	if p.Line < 1 || int(p.Line) > len(t.starts) {
		return len(t.Text)
	}
	return min(len(t.Text), t.starts[p.Line-1]+int(p.Col)-1)
}

// bounds returns the offsets of whole lines, half-open.
func (t lessonText) bounds(lines indexer.Lines) (from, to int) {
	if lines.First < 1 || lines.First > len(t.starts) {
		return 0, 0
	}
	if to = len(t.Text); lines.Last < len(t.starts) {
		to = t.starts[lines.Last]
	}
	return t.starts[lines.First-1], max(to, t.starts[lines.First-1])
}

// mentions returns the names of code near the i-th citation, nearest first.
func (t lessonText) mentions(i int) []mention {
	c := &t.Citations[i]
	var all []mention
	for _, e := range t.Excerpts {
		if e.Citation == i {
			all = t.defined(all, e)
		}
	}
	from, to := t.around(c)
	at, end := t.offset(c.Span.Start), t.offset(c.Span.End)+1
	if c.Form == annotations.Fence || c.Form == annotations.Command {
		from, to = t.bounds(c.Span.Lines())
		all = t.words(all, from, at, at, end, inSentence)
		all = t.words(all, min(end, to), to, at, end, inSentence)
	} else {
		all = t.spans(all, from, to, at, end)
		for i := range all {
			m := &all[i]
			m.loose = c.Form != annotations.Table && (m.near == inSentence || m.near == inProse) &&
				m.distance-len(m.scope)-t.citedBetween(at-m.distance, at) > subjectReach
		}
		if topic, ok := t.topic(c, from); ok {
			all = append(all, topic)
		}
	}
	if c.Section >= 0 {
		from, to := t.bounds(indexer.Lines{First: t.Sections[c.Section].Lines.First, Last: t.Sections[c.Section].Lines.First})
		all = t.words(all, from, to, at, end, inHeading)
	}
	slices.SortStableFunc(all, func(a, b mention) int {
		if a.near != b.near {
			return int(a.near) - int(b.near)
		}
		if a.subject != b.subject {
			return order(a.subject)
		}
		if a.used != b.used {
			return order(b.used)
		}
		return a.distance - b.distance
	})
	return all
}

// citedBetween returns how many bytes of a stretch are citations.
func (t lessonText) citedBetween(from, to int) int {
	n := 0
	for i := range t.Citations {
		if at := t.offset(t.Citations[i].Span.Start); from < at && at < to {
			n += len(t.Citations[i].Raw)
		}
	}
	return n
}

// noSubject matches the beginning of a sentence that goes on about what the
// sentence before it named first.
var noSubject = regexp.MustCompile(`(?i)^(?:está|vive|reside|se (?:encuentra|define|declara|implementa)|it (?:is|lives)) [^` + "`" + `]*$`)

// topic returns the name that the sentence before a citation's, which begins at
// from, is about, where the citation's own has no subject: "`f` cierra todo.
// Está en file.cc:3".
func (t lessonText) topic(c *annotations.Citation, from int) (mention, bool) {
	at := t.offset(c.Span.Start)
	first, _ := t.bounds(c.Prose)
	if first >= from || from > at || !noSubject.Match(bytes.TrimRight(t.Text[from:at], "`[*(")) {
		return mention{}, false
	}
	sentence := first
	for _, m := range sentenceEnd.FindAllIndex(t.Text[first:from], -1) {
		if first+m[1] < from {
			sentence = first + m[1]
		}
	}
	names := slices.DeleteFunc(t.spans(nil, sentence, from, at, at), func(m mention) bool { return m.plain || m.near > inSentence })
	if len(names) == 0 {
		return mention{}, false
	}
	names[0].subject = true
	return names[0], true
}

// order puts what has a property first.
func order(has bool) int {
	if has {
		return -1
	}
	return 1
}

// subjectReach is how far, in bytes without scopes and other citations, the name
// of what a citation shows stands before it at most: "`Class::method()` está en la función `file.cc:3`".
const subjectReach = 70

// sentenceEnd matches the end of a sentence, or of a paragraph.
var sentenceEnd = regexp.MustCompile(`[.!?;][)*_]*\s+|\n[ \t]*\n|\n[ \t]*(?:[-*+]|\d+\.)[ \t]`)

// around returns the stretch that speaks of a citation: its row or list item,
// else its sentence.
func (t lessonText) around(c *annotations.Citation) (from, to int) {
	line := int(c.Span.Start.Line)
	if c.Form == annotations.Table {
		return t.bounds(indexer.Lines{First: line, Last: line})
	}
	from, to = t.bounds(c.Prose)
	at := t.offset(c.Span.Start)
	if at < from || at >= to {
		return t.bounds(indexer.Lines{First: line, Last: line})
	}
	sentence := from
	for _, m := range sentenceEnd.FindAllIndex(t.Text[from:to], -1) {
		inside := t.bracketed(sentence, from+m[0]) && t.Text[from+m[0]] != '\n'
		if from+m[1] <= at && !inside {
			sentence = from + m[1]
		} else if from+m[0] > at && !inside {
			to = from + m[0]
			break
		}
	}
	return sentence, to
}

// bracketed says whether a bracket that opens behind from is open at to.
func (t lessonText) bracketed(from, to int) bool {
	part := t.Text[from:to]
	return bytes.Count(part, []byte("(")) > bytes.Count(part, []byte(")"))
}

// spans adds the names in the inline code of a stretch, the citation's own
// aside, and the CamelCase words of the prose between.
func (t lessonText) spans(all []mention, from, to, at, end int) []mention {
	last, lastCited := from, 0
	for _, m := range codeSpan.FindAllSubmatchIndex(t.Text[from:to], -1) {
		open, inner, close := from+m[0], [2]int{from + m[2], from + m[3]}, from+m[1]
		all = t.words(all, last, open, at, end, inProse)
		last = close
		if inner[0] <= at && at < inner[1] || t.isCitation(inner) {
			lastCited = inner[1]
			continue
		}
		lives := close <= at && livesIn.Match(t.Text[close:at])
		subject := lives || close <= at && len(bytes.Trim(t.Text[close:at], " (`[*")) == 0 || open >= end && follows(t.Text[end:open])
		used := !wholeName.Match(t.Text[inner[0]:inner[1]])
		for _, n := range codeName.FindAllSubmatchIndex(t.Text[inner[0]:inner[1]], -1) {
			before := len(all)
			all = add(all, string(t.Text[inner[0]+n[0]:inner[0]+n[1]]), inSentence, gap(inner[0], at, end))
			for i := before; i < len(all); i++ {
				all[i].subject, all[i].lives, all[i].used = subject && !used, lives && !used, used
			}
		}
	}
	all = t.words(all, end, lastCited, at, end, inSentence) // what stands between citations is of them
	return t.words(all, last, to, at, end, inProse)
}

// follows says whether what stands between a citation and inline code opens a
// bracket, or is a colon or a dash: the code tells what the citation shows.
func follows(between []byte) bool {
	rest := bytes.TrimLeft(bytes.TrimLeft(between, "`*"), " ")
	return bytes.HasPrefix(rest, []byte("(")) && len(bytes.Trim(rest, " (*")) == 0 ||
		slices.Contains([]string{":", "->", "→", "–", "—"}, string(bytes.TrimRight(rest, " *")))
}

// isCitation says whether inline code is a citation.
func (t lessonText) isCitation(inner [2]int) bool {
	i, _ := slices.BinarySearchFunc(t.Citations, inner[0], func(c annotations.Citation, at int) int { return t.offset(c.Span.Start) - at })
	return i < len(t.Citations) && t.offset(t.Citations[i].Span.Start) < inner[1]
}

// words adds the names that stand out in a stretch without marks.
func (t lessonText) words(all []mention, from, to, at, end int, near closeness) []mention {
	if from >= to {
		return all
	}
	for _, m := range camelWord.FindAllIndex(t.Text[from:to], -1) {
		all = add(all, string(t.Text[from+m[0]:from+m[1]]), near, gap(from+m[0], at, end))
	}
	return all
}

// gap is the distance of a name from a citation, which stands at:end. What stands before it is
// nearer than what follows: people name a thing, then say where it is.
func gap(name, at, end int) int {
	if name < at {
		return at - name
	}
	return 2 * max(0, name-end)
}

func add(all []mention, word string, near closeness, distance int) []mention {
	call := strings.ContainsAny(word, "(!")
	word = strings.TrimRight(word, "(! \t)")
	word = strings.NewReplacer("->", "::", ".", "::").Replace(word)
	m := mention{name: word, near: near, distance: distance}
	if i := strings.LastIndex(word, "::"); i >= 0 {
		m.scope, m.name = word[:i], word[i+2:]
	}
	if len(m.name) < 2 {
		return all
	}
	m.plain = !call && m.scope == "" && strings.ToLower(m.name) == m.name && !strings.Contains(strings.TrimRight(m.name, "_"), "_")
	return append(all, m)
}

// Heads of definitions in an excerpt: classes and the like, functions of C++
// that a body or an initialiser follows, functions and impls of Rust.
var (
	typeHead = regexp.MustCompile(`(?m)^[ \t]*(?:template\s*<[^\n]*>\s*)?(?:pub(?:\([\w: ]+\))?\s+)?(?:class|struct|enum(?:\s+class)?|union|trait|message|service)\s+(?:[A-Z_]+\s+)?([A-Za-z_]\w*(?:::\w+)*)\b[^;()\n]*(?:\{|$)`)
	rustHead = regexp.MustCompile(`(?m)^[ \t]*(?:pub(?:\([\w: ]+\))?\s+)?(?:default\s+|const\s+|async\s+|unsafe\s+)*fn\s+(\w+)`)
	implHead = regexp.MustCompile(`(?m)^[ \t]*impl(?:<[^{\n]*?>)?\s+(?:[\w:<>, ']+\s+for\s+)?(\w+)`)
	cppHead  = regexp.MustCompile(`(?m)^[ \t]*(?:[\w:<>,&*~\[\] \t]+?[ \t&*])?((?:[A-Za-z_]\w*::)*~?[A-Za-z_]\w*)\(`)
)

var notHeads = map[string]bool{"if": true, "for": true, "while": true, "switch": true, "return": true, "catch": true,
	"sizeof": true, "defined": true, "match": true, "else": true, "new": true, "delete": true, "throw": true, "ASSERT": true}

// defined adds what an excerpt defines: the outermost heads of it.
func (t lessonText) defined(all []mention, e annotations.Excerpt) []mention {
	from, to := t.bounds(indexer.Lines{First: e.Lines.First + 1, Last: max(e.Lines.First+1, e.Lines.Last-1)})
	body := t.Text[from:to]
	scope, found := "", 0
	for line := range bytes.Lines(body) {
		text := stripComment(line)
		indent := len(text) - len(bytes.TrimLeft(text, " \t"))
		put := func(name string) {
			m := mention{name: name, near: inExcerpt, distance: found}
			if i := strings.LastIndex(name, "::"); i >= 0 {
				m.scope, m.name = name[:i], name[i+2:]
			} else if indent > 0 {
				m.scope = scope
			}
			all = append(all, m)
			found++
		}
		switch {
		case implHead.Match(text):
			scope = string(implHead.FindSubmatch(text)[1])
		case typeHead.Match(text):
			m := typeHead.FindSubmatch(text)
			put(string(m[1]))
			if indent == 0 {
				scope = string(m[1])
			}
		case rustHead.Match(text):
			put(string(rustHead.FindSubmatch(text)[1]))
		default:
			m := cppHead.FindSubmatch(text)
			if m == nil || notHeads[string(m[1])] {
				continue
			}
			typed := bytes.IndexByte(bytes.TrimSpace(text[:bytes.Index(text, m[1])]), ' ') >= 0 || len(bytes.TrimSpace(text[:bytes.Index(text, m[1])])) > 0
			ends := bytes.TrimRight(text, " \t\r\n")
			isCall := bytes.HasSuffix(ends, []byte(";")) && !(typed && scope != "" && indent > 0 && indent <= 4)
			if bytes.HasPrefix(bytes.TrimSpace(text), []byte("return ")) || bytes.Contains(text[:bytes.Index(text, m[1])], []byte("=")) ||
				isCall || !typed && !bytes.Contains(m[1], []byte("::")) || indent > 2 && scope == "" {
				continue
			}
			put(string(m[1]))
		}
	}
	return all
}

func stripComment(line []byte) []byte {
	if i := bytes.Index(line, []byte("//")); i >= 0 {
		line = line[:i]
	}
	return line
}
