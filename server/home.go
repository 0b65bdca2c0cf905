package server

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"navigator/annotations"
	"navigator/indexer"
)

// homePage is the first page: the course, and the sources.
type homePage struct {
	page
	Modules []module
	Lessons int
	Plan    *lessonLink // nil when the course has none
	Sources []sourceInfo
	Created time.Time
}

// module is the lessons of one module.
type module struct {
	Name    string
	Lessons []lessonLink
}

// lessonLink is a lesson in a list.
type lessonLink struct {
	ID, Title, Topic, Time string
	Address                string
	Problems               int
	Tally                  tally
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
	p := homePage{
		page:    s.newPage(r, "home", ""),
		Modules: modules(v),
		Lessons: len(course.Lessons),
		Sources: describeSources(v),
		Created: v.Created(),
	}
	if course.Plan != nil {
		plan := newLessonLink(v, course.Plan)
		p.Plan = &plan
	}
	p.Title = p.Lang.T("home.title")
	return render(w, p.Lang, "home.html", p)
}

// modules returns the lessons of a course by module, in reading order. A lesson
// without one belongs to its folder.
func modules(v View) []module {
	var all []module
	at := map[string]int{}
	for _, lesson := range v.Course().Lessons {
		name := lesson.Module
		if name == "" {
			name, _, _ = strings.Cut(lesson.ID, "/")
			if name == lesson.ID {
				name = ""
			}
		}
		i, ok := at[name]
		if !ok {
			i = len(all)
			at[name] = i
			all = append(all, module{Name: name})
		}
		all[i].Lessons = append(all[i].Lessons, newLessonLink(v, lesson))
	}
	return all
}

func newLessonLink(v View, lesson *annotations.Lesson) lessonLink {
	return lessonLink{
		ID: lesson.ID, Title: lesson.Title, Topic: lesson.Topic, Time: lesson.Time, Address: lessonAddress(lesson.ID, ""),
		Problems: len(lesson.Problems), Tally: tallyOf(v, lesson),
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
