package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"navigator/annotations"
	"navigator/server"
)

// The files of a workspace in the user's state folder.
const (
	progressName = "progress.json"
	progressLock = "progress.lock"
	damagedNames = "progress-damaged-*.json"
)

// progressVersion is the version of the format of progress.json.
const progressVersion = 1

// savedProgress is a progress.json.
type savedProgress struct {
	Version int                             `json:"version"`
	Done    map[string]map[string]time.Time `json:"done"` // by lesson, by item: since when
}

// studied keeps what is done of a course in a file. Several processes may use
// the same file. It is a [server.Progress].
type studied struct {
	dir string

	mu    sync.Mutex
	state savedProgress // as last read
	info  fs.FileInfo   // of the file then, nil when there was none
}

// progress returns what is done of the workspace's course.
func (ws *workspace) progress() (*studied, error) {
	dir, err := ws.stateFolder()
	if err != nil {
		return nil, err
	}
	return &studied{dir: dir}, nil
}

// stateFolder returns the folder of the workspace in the user's state.
func (ws *workspace) stateFolder() (string, error) {
	cache, err := ws.cache()
	if err != nil {
		return "", err
	}
	base := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(base) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("finding the state folder: %w", err)
		}
		base = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(base, "navigator", filepath.Base(cache)), nil
}

// Ticks implements [server.Progress].
func (s *studied) Ticks() (server.Ticks, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.read(); err != nil {
		return server.Ticks{}, err
	}
	t := server.Ticks{Done: map[string]map[string]time.Time{}}
	for lesson, items := range s.state.Done {
		t.Done[lesson] = maps.Clone(items)
	}
	if s.info != nil {
		t.Version = fmt.Sprintf("%x.%x", s.info.ModTime().UnixNano(), s.info.Size())
	}
	if damaged, _ := filepath.Glob(filepath.Join(s.dir, damagedNames)); damaged != nil { // the pattern is sound
		t.Damaged = slices.Max(damaged)
		t.Version += "!"
	}
	return t, nil
}

// Tick implements [server.Progress].
func (s *studied) Tick(lesson, item string, done bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	lock, err := os.OpenFile(filepath.Join(s.dir, progressLock), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		return fmt.Errorf("locking %s: %w", lock.Name(), err)
	}
	if err := s.read(); err != nil {
		return err
	}
	next := savedProgress{progressVersion, maps.Clone(s.state.Done)}
	if next.Done == nil {
		next.Done = map[string]map[string]time.Time{}
	}
	items := maps.Clone(next.Done[lesson])
	if items == nil {
		items = map[string]time.Time{}
	}
	if _, is := items[item]; is == done {
		return nil
	}
	if done {
		items[item] = time.Now().UTC().Truncate(time.Millisecond)
	} else {
		delete(items, item)
	}
	next.Done[lesson] = items
	if len(items) == 0 {
		delete(next.Done, lesson)
	}
	return s.write(next)
}

// read reads the file when it is another than was read last. What is no
// progress is put aside under a name of its own.
func (s *studied) read() error {
	file := filepath.Join(s.dir, progressName)
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		s.state, s.info = savedProgress{}, nil
		return nil
	}
	if err != nil {
		return err
	}
	if s.info != nil && os.SameFile(s.info, info) && s.info.ModTime().Equal(info.ModTime()) && s.info.Size() == info.Size() {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var state savedProgress
	if err := json.Unmarshal(text, &state); err != nil || state.Version < 1 {
		aside := filepath.Join(s.dir, "progress-damaged-"+time.Now().UTC().Format("20060102-150405.000")+".json")
		if err := os.Rename(file, aside); err != nil {
			return fmt.Errorf("%s is damaged and cannot be put aside: %w", file, err)
		}
		s.state, s.info = savedProgress{}, nil
		return nil
	}
	if state.Version > progressVersion {
		return fmt.Errorf("%s is of a newer Navigator (version %d); nothing is written", file, state.Version)
	}
	s.state, s.info = state, info
	return nil
}

// write replaces the file, whole or not at all.
func (s *studied) write(state savedProgress) error {
	text, err := json.MarshalIndent(state, "", "  ")
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(s.dir, ".progress-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(append(text, '\n'))
	err = errors.Join(err, temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), filepath.Join(s.dir, progressName))
	}
	if err != nil {
		return fmt.Errorf("writing the progress: %w", err)
	}
	if dir, err := os.Open(s.dir); err == nil {
		_ = dir.Sync() // the file is whole without it
		dir.Close()
	}
	return s.read()
}

func progressCommand(global *globals) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "progress",
		Short: "Show how far you are in the course",
		Long: `Show what is ticked of each lesson: objectives, exercises, checkpoints and
questions. It is kept in the state folder ($XDG_STATE_HOME, else
~/.local/state), not in the course. With --json all items are there, ticked
ones with the time, to be kept or read elsewhere.`,
		Args: wrongUse(cobra.NoArgs),
		RunE: func(c *cobra.Command, _ []string) error {
			ws, err := openWorkspace(global)
			if err != nil {
				return err
			}
			report, err := studyReportOf(ws)
			if err != nil {
				return err
			}
			if asJSON {
				return writeJSON(c.OutOrStdout(), report)
			}
			report.print(c.OutOrStdout())
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// studyReport is what is done of a course.
type studyReport struct {
	Course  string               `json:"course"`            // folder
	Damaged string               `json:"damaged,omitempty"` // the file that could not be read and was put aside
	Done    int                  `json:"done"`
	Items   int                  `json:"items"`
	Lessons []studyLesson        `json:"lessons"`        // those with something to tick
	Gone    map[string][]goneKey `json:"gone,omitempty"` // ticked, but in no lesson any more; by lesson
}

type studyLesson struct {
	ID    string      `json:"id"`
	Title string      `json:"title"`
	Done  int         `json:"done"`
	Items []studyItem `json:"items"`
}

type studyItem struct {
	Key  string               `json:"key"`
	Kind annotations.ItemKind `json:"kind"`
	Text string               `json:"text"`
	Done *time.Time           `json:"done"` // since when, null when it is not
}

type goneKey struct {
	Key  string    `json:"key"`
	Done time.Time `json:"done"`
}

func studyReportOf(ws *workspace) (*studyReport, error) {
	c, err := ws.folder().Load()
	if err != nil {
		return nil, err
	}
	kept, err := ws.progress()
	if err != nil {
		return nil, err
	}
	ticks, err := kept.Ticks()
	if err != nil {
		return nil, err
	}
	report := &studyReport{Course: ws.Course, Damaged: ticks.Damaged, Lessons: []studyLesson{}, Gone: map[string][]goneKey{}}
	for _, l := range c.Lessons {
		lesson := studyLesson{ID: l.ID, Title: l.Title}
		for _, item := range l.Items {
			entry := studyItem{Key: item.Key, Kind: item.Kind, Text: item.Text}
			if at, ok := ticks.Done[l.ID][item.Key]; ok {
				entry.Done = &at
				lesson.Done++
				delete(ticks.Done[l.ID], item.Key)
			}
			lesson.Items = append(lesson.Items, entry)
		}
		if lesson.Items != nil {
			report.Lessons = append(report.Lessons, lesson)
			report.Done += lesson.Done
			report.Items += len(lesson.Items)
		}
	}
	for lesson, items := range ticks.Done {
		for _, key := range slices.Sorted(maps.Keys(items)) {
			report.Gone[lesson] = append(report.Gone[lesson], goneKey{key, items[key]})
		}
	}
	return report, nil
}

func (r *studyReport) print(w io.Writer) {
	if r.Damaged != "" {
		fmt.Fprintf(w, "the progress could not be read; it is in %s, and a new one was begun\n", r.Damaged)
	}
	var b bytes.Buffer
	for _, l := range r.Lessons {
		fmt.Fprintf(&b, "%3d of %3d  %s\n", l.Done, len(l.Items), l.ID)
	}
	fmt.Fprintf(&b, "%3d of %3d  in all\n", r.Done, r.Items)
	w.Write(b.Bytes())
}
