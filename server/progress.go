package server

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"navigator/annotations"
	"navigator/ui"
)

// Progress keeps what is done of the course. Its methods are safe for concurrent
// use.
type Progress interface {
	// Ticks returns what is done.
	Ticks() (Ticks, error)

	// Tick says that an item of a lesson is done, or that it is not. Items ticked
	// elsewhere meanwhile stay as they are.
	Tick(lesson, item string, done bool) error
}

// Ticks is what is done of a course.
type Ticks struct {
	Version string                          // changes with what is done
	Done    map[string]map[string]time.Time // of a lesson by ID, by the item's key: since when
	Damaged string                          // the file that what could not be read was put into, "" when there is none
}

// ticks returns what is done; nothing, and false, where no progress is kept or
// whoever asks may not write.
func (s *site) ticks() (Ticks, bool, error) {
	if s.progress == nil || !s.writing {
		return Ticks{}, false, nil
	}
	t, err := s.progress.Ticks()
	if err != nil {
		return Ticks{}, false, fmt.Errorf("reading the progress: %w", err)
	}
	return t, true, nil
}

// count is how much of something is done.
type count struct {
	Done, Items int
	Estimate    annotations.Minutes
	Left        annotations.Minutes // of the lessons that are not done
}

// Percent returns the part that is done.
func (c count) Percent() int {
	if c.Items == 0 {
		return 0
	}
	return c.Done * 100 / c.Items
}

// Whole says whether all is done.
func (c count) Whole() bool { return c.Items > 0 && c.Done == c.Items }

func (c count) add(other count) count {
	return count{c.Done + other.Done, c.Items + other.Items, c.Estimate.Add(other.Estimate), c.Left.Add(other.Left)}
}

// of counts what is done of a lesson.
func (t Ticks) of(lesson *annotations.Lesson) count {
	c := count{Items: len(lesson.Items), Estimate: lesson.Estimate}
	for _, item := range lesson.Items {
		if _, ok := t.Done[lesson.ID][item.Key]; ok {
			c.Done++
		}
	}
	if !c.Whole() {
		c.Left = c.Estimate
	}
	return c
}

// last returns when something of a lesson was last done.
func (t Ticks) last(lesson *annotations.Lesson) time.Time {
	var last time.Time
	for _, item := range lesson.Items {
		if at := t.Done[lesson.ID][item.Key]; at.After(last) {
			last = at
		}
	}
	return last
}

// next returns the lesson to go on with, whether it was begun, and the one to
// come after it: the one that something was last done of, unless it is whole;
// else the first behind it that is not. Nil when all are whole.
func (t Ticks) next(lessons []*annotations.Lesson) (now, then *annotations.Lesson, begun bool) {
	study := slices.DeleteFunc(slices.Clone(lessons), func(l *annotations.Lesson) bool { return len(l.Items) == 0 })
	if len(study) == 0 {
		return nil, nil, false
	}
	newest := 0
	for i, l := range study {
		if t.last(l).After(t.last(study[newest])) {
			newest = i
		}
	}
	var open []*annotations.Lesson
	for i := range study {
		if l := study[(newest+i)%len(study)]; !t.of(l).Whole() {
			open = append(open, l)
		}
	}
	switch len(open) {
	case 0:
		return nil, nil, false
	case 1:
		return open[0], nil, t.of(open[0]).Done > 0
	}
	return open[0], open[1], t.of(open[0]).Done > 0
}

// span words an estimate: "2–3 h", "1 h 30 min"; "" for none.
func span(m annotations.Minutes) string {
	one := func(n int) string {
		switch {
		case n < 60:
			return fmt.Sprintf("%d min", n)
		case n%60 == 0:
			return fmt.Sprintf("%d h", n/60)
		}
		return fmt.Sprintf("%d h %d min", n/60, n%60)
	}
	switch {
	case m.Most == 0:
		return ""
	case m.Least == m.Most:
		return one(m.Most)
	case m.Least%60 == 0 && m.Most%60 == 0:
		return fmt.Sprintf("%d–%d h", m.Least/60, m.Most/60)
	}
	return one(m.Least) + " – " + one(m.Most)
}

// Takes words the estimate.
func (c count) Takes() string { return span(c.Estimate) }

// Remains words the estimate of what is left.
func (c count) Remains() string { return span(c.Left) }

// tick is the box of an item.
type tick struct {
	Key  string
	Name string // accessible
	Done bool
}

// maxName is how many runes of an item its box is named by.
const maxName = 100

// Item implements Links.
func (ls links) Item(i int) template.HTML {
	if !ls.ticking || i < 0 || i >= len(ls.lesson.Items) {
		return ""
	}
	item := ls.lesson.Items[i]
	name := []rune(item.Text)
	if len(name) > maxName {
		name = append(name[:maxName], '…')
	}
	_, done := ls.done[item.Key]
	var b bytes.Buffer
	box := tick{item.Key, ls.language.T("study.kind."+string(item.Kind)) + ": " + string(name), done}
	if err := ui.Templates(ls.language).ExecuteTemplate(&b, "tick", box); err != nil {
		return "" // a Buffer takes everything, and the template fits its data
	}
	return trusted(b.String())
}

// study is what the page of a lesson tells of its progress.
type study struct {
	Lesson string
	count
}

// studying has the items of a lesson get their boxes, where progress is kept. It
// returns nil where it is not, or nothing is to be ticked.
func (s *site) studying(ls *links) (*study, error) {
	done, keeps, err := s.ticks()
	if err != nil || !keeps || len(ls.lesson.Items) == 0 {
		return nil, err
	}
	ls.ticking, ls.done = true, done.Done[ls.lesson.ID]
	return &study{ls.lesson.ID, done.of(ls.lesson)}, nil
}

// tick answers a form that ticks one item, or takes its tick away: its name is
// that of the lesson, "tick" or "untick" the item's key.
func (s *site) tick(w http.ResponseWriter, r *http.Request, v View) error {
	if err := r.ParseForm(); err != nil || s.progress == nil {
		return refused("error.form")
	}
	id, key, done := r.PostForm.Get("lesson"), r.PostForm.Get("tick"), true
	if key == "" {
		key, done = r.PostForm.Get("untick"), false
	}
	lesson := v.Course().Lesson(id)
	if lesson == nil {
		return missing("error.lesson", id, nil)
	}
	if !slices.ContainsFunc(lesson.Items, func(i annotations.Item) bool { return i.Key == key }) {
		return missing("error.item", key, []link{{lesson.Title, lessonAddress(id, "")}})
	}
	if err := s.progress.Tick(id, key, done); err != nil {
		return fmt.Errorf("keeping the progress: %w", err)
	}
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		t, _, err := s.ticks()
		if err != nil {
			return err
		}
		c := t.of(lesson)
		return writeJSON(w, http.StatusOK, apiTicked{done, c.Done, c.Items, preferencesOf(r).language.Count("study.done", c.Items, c.Done)})
	}
	http.Redirect(w, r, lessonAddress(id, "tick-"+key), http.StatusSeeOther)
	return nil
}

// apiTicked answers a script that ticked an item.
type apiTicked struct {
	Done  bool   `json:"done"`  // the item
	Count int    `json:"count"` // of the lesson's items that are done
	Items int    `json:"items"`
	Said  string `json:"said"`
}

// apiCourse is the course with its progress.
type apiCourse struct {
	Keeps   bool        `json:"keeps"` // progress is kept
	Minutes apiMinutes  `json:"minutes"`
	Done    int         `json:"done"`
	Items   int         `json:"items"`
	Modules []apiModule `json:"modules"`
}

type apiMinutes struct {
	Least int `json:"least"`
	Most  int `json:"most"`
}

type apiModule struct {
	Name    string       `json:"name"`
	Minutes apiMinutes   `json:"minutes"`
	Lessons []apiStudied `json:"lessons"`
}

type apiStudied struct {
	ID      string     `json:"id"`
	Minutes apiMinutes `json:"minutes"`
	Items   []apiItem  `json:"items"`
}

type apiItem struct {
	Key  string               `json:"key"`
	Kind annotations.ItemKind `json:"kind"`
	Text string               `json:"text"`
	Line int                  `json:"line"`
	Done *time.Time           `json:"done"` // since when, null when it is not
}

func (s *site) apiProgress(w http.ResponseWriter, r *http.Request, v View) error {
	t, keeps, err := s.ticks()
	if err != nil {
		return err
	}
	out := apiCourse{Keeps: keeps, Modules: []apiModule{}}
	total := count{}
	for _, m := range modules(v, t) {
		module := apiModule{Name: m.Name, Minutes: apiMinutes(m.Estimate), Lessons: []apiStudied{}}
		for _, l := range m.Lessons {
			lesson := v.Course().Lesson(l.ID)
			studied := apiStudied{ID: l.ID, Minutes: apiMinutes(lesson.Estimate), Items: []apiItem{}}
			for _, item := range lesson.Items {
				entry := apiItem{Key: item.Key, Kind: item.Kind, Text: item.Text, Line: item.Line}
				if at, ok := t.Done[l.ID][item.Key]; ok {
					entry.Done = &at
				}
				studied.Items = append(studied.Items, entry)
			}
			module.Lessons = append(module.Lessons, studied)
		}
		total = total.add(m.count)
		out.Modules = append(out.Modules, module)
	}
	out.Minutes, out.Done, out.Items = apiMinutes(total.Estimate), total.Done, total.Items
	return writeJSON(w, http.StatusOK, out)
}

// week is a stage of the plan with what is done of its modules.
type week struct {
	annotations.Week
	count
	Now     bool   // what comes next belongs to it
	Missing string // numbers of the modules that it names and that have no lessons
}

// weeksOf returns the plan's stages. Those that name modules take the time of
// their lessons, unless the plan says it.
func weeksOf(course *annotations.Course, all []module, now *annotations.Lesson) []week {
	var weeks []week
	found := false
	for _, planned := range course.Weeks {
		w := week{Week: planned}
		for _, m := range all {
			for _, l := range m.Lessons {
				if !names(planned, m, l.ID) {
					continue
				}
				w.count = w.add(l.Study)
				w.Now = w.Now || !found && now != nil && l.ID == now.ID
			}
		}
		found = found || w.Now
		w.Missing = strings.Join(slices.DeleteFunc(slices.Clone(planned.Modules), func(number string) bool {
			return slices.ContainsFunc(all, func(m module) bool { return m.number == number })
		}), ", ")
		if planned.Time.Most > 0 {
			w.Estimate = planned.Time
		}
		weeks = append(weeks, w)
	}
	return weeks
}

// names says whether a stage of the plan names a lesson of a module: by the
// module's number, or where there is none, by its words; of a module that is
// apart, as the exercises, only the lessons in folders that the stage names.
func names(w annotations.Week, m module, lesson string) bool {
	if len(w.Modules) > 0 && m.number != "" {
		return slices.Contains(w.Modules, m.number)
	}
	said := strings.ToLower(w.Title + "\n" + strings.Join(w.Steps, "\n"))
	words := strings.ToLower(strings.TrimLeft(m.Name, "0123456789.:-–—_ "))
	if len(words) <= 3 || !strings.Contains(said, words) {
		return false
	}
	_, inside, _ := strings.Cut(lesson, "/")
	folder, _, inFolder := strings.Cut(inside, "/")
	return m.number != "" || !inFolder || strings.Contains(said, strings.ToLower(folder))
}

// moduleNumber returns the number in front of a module's name or folder: "3" of
// "3 - Envoy", of "Módulo 3: Envoy" and of "03_envoy"; "" when it has none.
func moduleNumber(name, folder string) string {
	for _, s := range []string{name, folder} {
		s = strings.TrimLeft(s, "MóoduleÓODULE ")
		end := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
		if end < 0 {
			end = len(s)
		}
		if end > 0 {
			return cmp.Or(strings.TrimLeft(s[:end], "0"), "0")
		}
	}
	return ""
}
