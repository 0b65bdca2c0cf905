package review

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// Review is a course read against the sources. It is read-only.
type Review struct {
	resolutions map[string][]annotations.Resolution // by lesson, one per citation
	laid        map[file][]annotations.Annotation
}

type file struct{ source, path string }

// Review resolves every citation of the course, the plan's and the notes'
// included, and lays their prose over the lines that they cite.
func (r *Resolver) Review(c *annotations.Course) *Review {
	lessons := c.Documents()
	r = r.counting()
	v := &Review{resolutions: make(map[string][]annotations.Resolution, len(lessons)), laid: map[file][]annotations.Annotation{}}
	founds := make([][]found, len(lessons))
	contexts := make([]*context, len(lessons))
	for i, l := range lessons {
		founds[i] = r.findAll(l)
		contexts[i] = r.context(l, founds[i])
	}
	r.lendMain(lessons, contexts)
	for i, l := range lessons {
		resolutions := make([]annotations.Resolution, len(l.Citations))
		for j := range l.Citations {
			resolutions[j] = r.resolve(l, &l.Citations[j], founds[i][j], contexts[i])
		}
		v.resolutions[l.ID] = resolutions
		v.lay(l, resolutions)
	}
	v.sort(lessons)
	return v
}

// counting returns a copy of r that counts the lines of each file once.
func (r *Resolver) counting() *Resolver {
	counted, lines := map[int]int{}, r.lines
	c := *r
	c.lines = func(file int) int {
		n, ok := counted[file]
		if !ok {
			n = lines(file)
			counted[file] = n
		}
		return n
	}
	return &c
}

// Resolution returns what the sources have for a citation, by its index among
// the lesson's. A citation that was not reviewed has MatchNone.
func (v *Review) Resolution(lesson string, citation int) annotations.Resolution {
	if all := v.resolutions[lesson]; citation >= 0 && citation < len(all) {
		return all[citation]
	}
	return annotations.Resolution{Match: annotations.MatchNone}
}

// Annotations returns what the course says about a file, or about a folder
// whose path ends in "/": first of the whole, then in order of lines. The
// result is shared.
func (v *Review) Annotations(source, path string) []annotations.Annotation {
	return v.laid[file{source, path}]
}

// Cited returns how many annotations lie over each file and folder of a
// source, by path.
func (v *Review) Cited(source string) map[string]int {
	counts := map[string]int{}
	for f, all := range v.laid {
		if f.source == source {
			counts[f.path] = len(all)
		}
	}
	return counts
}

// found are the candidates for each path that a citation stands for.
type found []candidates

// sure returns the entries that f means without doubt.
func (f found) sure() []int {
	var all []int
	for _, c := range f {
		if len(c.entries) != 1 {
			continue
		}
		all = append(all, c.entries[0])
	}
	return all
}

func (r *Resolver) findAll(l *annotations.Lesson) []found {
	all := make([]found, len(l.Citations))
	for i, c := range l.Citations {
		for _, p := range expand(c.Path) {
			all[i] = append(all[i], r.find(p, c.Under))
		}
	}
	return all
}

// context gathers what the sound citations of a lesson say.
func (r *Resolver) context(l *annotations.Lesson, all []found) *context {
	c := &context{places: map[int]bool{}, folders: map[string]int{}}
	count, total := map[string]int{}, 0
	for i, f := range all {
		for _, e := range f.sure() {
			line := int(l.Citations[i].Span.Start.Line)
			c.places[e] = true
			c.folders[r.folder(e)]++
			c.sound = append(c.sound, soundCitation{line, e})
			count[r.entries[e].source]++
			total++
		}
	}
	for source, n := range count {
		if share := float64(n) / float64(total); share > c.share || share == c.share && source < c.main {
			c.main, c.share = source, share
		}
	}
	return c
}

// lendMain gives a lesson without sound citations the main source of the
// lessons in its folder.
func (r *Resolver) lendMain(lessons []*annotations.Lesson, contexts []*context) {
	for i, c := range contexts {
		if c.main != "" {
			continue
		}
		count := map[string]int{}
		for j, other := range contexts {
			if j != i && len(other.places) > 0 && path.Dir(lessons[j].Path) == path.Dir(lessons[i].Path) {
				count[other.main] += len(other.places)
			}
		}
		for source, n := range count {
			if n > count[c.main] || n == count[c.main] && source < c.main {
				c.main = source
			}
		}
	}
}

// decisive is the share of a lesson's sound citations that its main source
// must have to settle which source's README is meant.
const decisive = 0.8

// resolve settles one citation.
func (r *Resolver) resolve(l *annotations.Lesson, c *annotations.Citation, f found, ctx *context) annotations.Resolution {
	var out annotations.Resolution
	out.Match = annotations.MatchNone
	name := ""
	if slices.ContainsFunc(f, func(c candidates) bool { return len(c.entries) != 1 }) {
		name = r.nameAround(l, c)
	}
	for _, cand := range f {
		if len(cand.entries) == 0 {
			continue
		}
		match, entries := cand.match, cand.entries
		if len(entries) > 1 {
			match, entries = r.choose(cand, int(c.Span.Start.Line), name, ctx)
		}
		lines := c.Cited
		if len(f) > 1 {
			lines = indexer.Lines{} // of which file of the pair, nobody says
		}
		if out.Match == annotations.MatchNone || match == annotations.MatchAmbiguous {
			out.Match = match
		}
		for _, e := range entries {
			out.Places = append(out.Places, r.place(e, lines))
		}
	}
	if len(out.Places) > 0 && !out.Places[0].Lines.IsZero() {
		r.clip(&out)
	}
	if out.Match == annotations.MatchNone && len(f) > 0 {
		if e, ok := r.nearest(expand(c.Path)[0], c.Under, int(c.Span.Start.Line), name, ctx); ok {
			out.Nearest = r.place(e, indexer.Lines{})
		}
	}
	return out
}

// clip flags lines past the end of the file, and leaves of them what exists.
func (r *Resolver) clip(res *annotations.Resolution) {
	for i := range res.Places {
		p := &res.Places[i]
		for _, e := range r.exact[p.Path] {
			if r.entries[e].source != p.Source {
				continue
			}
			if last := r.lines(e); p.Lines.Last > last {
				res.Beyond = res.Beyond || i == 0
				p.Lines.Last = last
				if p.Lines.First > last {
					p.Lines = indexer.Lines{}
				}
			}
		}
	}
}

// choose settles on one of several candidates when the lesson leaves no other,
// else ranks them.
func (r *Resolver) choose(cand candidates, line int, name string, ctx *context) (annotations.Match, []int) {
	ranked := r.rank(cand.entries, line, name, ctx)
	var cited []int
	for _, e := range ranked {
		if ctx.places[e] && (name == "" || r.entries[e].source == name) {
			cited = append(cited, e)
		}
	}
	if len(cited) == 1 {
		return annotations.MatchContext, cited
	}
	if cand.match == annotations.MatchExact { // the same path in several sources
		source := name
		if source == "" && ctx.share >= decisive {
			source = ctx.main
		}
		for _, e := range ranked {
			if r.entries[e].source == source {
				return annotations.MatchContext, []int{e}
			}
		}
	}
	return annotations.MatchAmbiguous, ranked
}

var word = regexp.MustCompile(`[\pL\d_-]+`)

// nameAround returns the one source that the line of a citation, or else the
// headings above it, name; "" when they name none or several.
func (r *Resolver) nameAround(l *annotations.Lesson, c *annotations.Citation) string {
	if name := r.namedBy(lineOf(l.Text, int(c.Span.Start.Line))); name != "" {
		return name
	}
	line := int(c.Span.Start.Line)
	for i := c.Section; i >= 0; i-- {
		if s := l.Sections[i]; s.Level > 1 && s.Lines.Contains(line) {
			if name := r.namedBy(s.Title); name != "" {
				return name
			}
		}
	}
	if l.OfNotes {
		_, below, _ := strings.Cut(l.Path, "/")
		folder, _, _ := strings.Cut(below, "/")
		return r.namedBy(folder)
	}
	return ""
}

// namedBy returns the one source whose name is a word of text.
func (r *Resolver) namedBy(text string) string {
	name := ""
	for _, w := range word.FindAllString(text, -1) {
		for _, s := range r.sources {
			if !strings.EqualFold(w, s.Name) {
				continue
			}
			if name != "" && name != s.Name {
				return ""
			}
			name = s.Name
		}
	}
	return name
}

// lineOf returns a line of a text.
func lineOf(text []byte, line int) string {
	rest := string(text)
	for range line - 1 {
		_, rest, _ = strings.Cut(rest, "\n")
	}
	first, _, _ := strings.Cut(rest, "\n")
	return first
}

// lay lays the prose of a lesson's sound citations over what they cite.
func (v *Review) lay(l *annotations.Lesson, resolutions []annotations.Resolution) {
	type spot struct {
		place annotations.Place
		prose indexer.Lines
	}
	seen := map[spot]bool{}
	for i, res := range resolutions {
		if res.Match == annotations.MatchNone || res.Match == annotations.MatchAmbiguous {
			continue
		}
		c := &l.Citations[i]
		for _, p := range res.Places {
			if seen[spot{p, c.Prose}] {
				continue
			}
			seen[spot{p, c.Prose}] = true
			key := file{p.Source, p.Path}
			v.laid[key] = append(v.laid[key], annotations.Of(l, i, p))
		}
	}
}

// sort orders the annotations of each file by line, then as the course reads.
func (v *Review) sort(lessons []*annotations.Lesson) {
	order := make(map[string]int, len(lessons))
	for i, l := range lessons {
		order[l.ID] = i
	}
	for _, all := range v.laid {
		slices.SortStableFunc(all, func(a, b annotations.Annotation) int {
			return cmp.Or(cmp.Compare(a.Lines.First, b.Lines.First), cmp.Compare(a.Lines.Last, b.Lines.Last),
				cmp.Compare(order[a.Lesson], order[b.Lesson]), cmp.Compare(a.Citation, b.Citation))
		})
	}
}
