package server

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"navigator/annotations"
	"navigator/indexer"
)

// homePage is the first page: the course, how far one is in it, and the sources.
type homePage struct {
	page
	Modules []module
	Lessons int
	Total   count
	Keeps   bool        // progress is kept
	Damaged string      // the file that progress which could not be read was put into
	Now     *lessonLink // what to go on with, nil when nothing is left
	Then    *lessonLink // what comes after it
	Begun   bool        // something of Now is done
	Weeks   []week
	Week    *week       // that Now belongs to, nil for none
	Plan    *lessonLink // nil when the course has none
	Open    int         // citations and excerpts that wait for a person; -1 while nobody knows
	Terms   int         // of the glossary
	Sources []sourceInfo
	Created time.Time
}

// module is the lessons of one module.
type module struct {
	Name    string
	Lessons []lessonLink
	count

	number string // of the plan
}

// lessonLink is a lesson in a list.
type lessonLink struct {
	ID, Title, Topic, Time string
	Address                string
	Mend                   int // what of it is to be mended
	Study                  count
}

// sourceInfo is a source and what the snapshot has of it.
type sourceInfo struct {
	indexer.Source
	Address   string
	Upstream  string // address of the tree at the revision, "" when unknown
	Files     int
	Bytes     int
	Modified  int // files that differ from the revision
	Languages []languageCount
}

// languageCount is how many files a language has, and what part of the source's
// files that is.
type languageCount struct {
	Language indexer.Language
	Files    int
	Percent  int
}

func (s *site) home(w http.ResponseWriter, r *http.Request, v View) error {
	course := v.Course()
	done, keeps, err := s.ticks()
	if err != nil {
		return err
	}
	if s.keeper != nil {
		forget(w) // what drifted changes with the lock, too
	}
	p := homePage{
		page:    s.newPage(r, "home", ""),
		Modules: modules(v, done),
		Lessons: len(course.Lessons),
		Keeps:   keeps,
		Damaged: done.Damaged,
		Open:    s.openDrift(r.Context()),
		Terms:   len(course.Glossary),
		Sources: describeSources(v),
		Created: v.Created(),
	}
	for _, m := range p.Modules {
		p.Total = p.Total.add(m.count)
	}
	now, then, begun := done.next(course.Lessons)
	if keeps {
		p.Now, p.Then, p.Begun = linkTo(v, done, now), linkTo(v, done, then), begun
	}
	p.Weeks = weeksOf(course, p.Modules, now)
	if i := slices.IndexFunc(p.Weeks, func(w week) bool { return w.Now && keeps }); i >= 0 {
		p.Week = &p.Weeks[i]
	}
	p.Plan = linkTo(v, done, course.Plan)
	p.Styles = append(p.Styles, "component/study/study.css")
	p.Scripts = []string{"page/home/home.js"}
	p.Title = p.Lang.T("home.title")
	return render(w, p.Lang, "home.html", p)
}

// driftWait is how long the first page waits to know what drifted.
const driftWait = 15 * time.Millisecond

// openDrift returns how many citations and excerpts wait for a person, -1 when
// that is not known in time. What is found later serves the next page.
func (s *site) openDrift(ctx context.Context) int {
	if s.keeper == nil {
		return -1
	}
	found := make(chan int, 1)
	go func() {
		if drift, err := s.keeper.Drift(context.WithoutCancel(ctx)); err == nil {
			found <- len(drift.Open())
		}
	}()
	select {
	case n := <-found:
		return n
	case <-time.After(driftWait):
		return -1
	}
}

// modules returns the lessons of a course by module, in reading order. A lesson
// without one belongs to its folder.
func modules(v View, done Ticks) []module {
	var all []module
	at := map[string]int{}
	for _, lesson := range v.Course().Lessons {
		folder, _, inFolder := strings.Cut(lesson.ID, "/")
		if !inFolder {
			folder = ""
		}
		name := cmp.Or(lesson.Module, folder)
		i, ok := at[name]
		if !ok {
			i = len(all)
			at[name] = i
			all = append(all, module{Name: name, number: moduleNumber(name, folder)})
		}
		link := linkTo(v, done, lesson)
		all[i].Lessons = append(all[i].Lessons, *link)
		all[i].count = all[i].add(link.Study)
	}
	return all
}

// linkTo returns the link to a lesson with what is done of it, nil for none.
func linkTo(v View, done Ticks, lesson *annotations.Lesson) *lessonLink {
	if lesson == nil {
		return nil
	}
	l := newLessonLink(v, lesson)
	l.Study = done.of(lesson)
	return &l
}

func newLessonLink(v View, lesson *annotations.Lesson) lessonLink {
	tally := tallyOf(v, lesson)
	return lessonLink{
		ID: lesson.ID, Title: lesson.Title, Topic: lesson.Topic, Time: lesson.Time, Address: lessonAddress(lesson.ID, ""),
		Mend: len(lesson.Problems) + tally.Stale + tally.Unlike,
	}
}

func describeSources(v View) []sourceInfo {
	var all []sourceInfo
	for _, source := range v.Sources() {
		info := sourceInfo{Source: source, Address: placeAddress(source.Name, "", indexer.Lines{}), Upstream: upstreamAddress(source, "")}
		counts := map[indexer.Language]int{}
		for _, f := range filesUnder(v, source.Name, "") {
			info.Files++
			info.Bytes += f.Size
			counts[f.Language]++
			if f.Modified {
				info.Modified++
			}
		}
		for _, l := range slices.SortedFunc(maps.Keys(counts), func(a, b indexer.Language) int {
			return cmp.Or(counts[b]-counts[a], strings.Compare(string(a), string(b)))
		}) {
			info.Languages = append(info.Languages, languageCount{l, counts[l], counts[l] * 100 / info.Files})
		}
		all = append(all, info)
	}
	return all
}
