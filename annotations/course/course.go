// Package course reads a course: a folder of Markdown lessons in the format
// that the course's plan lays down. It finds their parts and the code
// references in them, and renders them as HTML that is safe to show.
//
// Nothing in a lesson makes it fail: what cannot be read is named in the
// lesson's Problems, and the rest is shown.
package course

import (
	"cmp"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"navigator/annotations"
	"navigator/indexer"
)

// planName is the name of the plan, which lies beside the lessons.
const planName = "PLAN_FORMACION.md"

// maxLesson is the size, in bytes, of the longest lesson that is read.
const maxLesson = 1 << 20

// Folder is where a course is.
type Folder struct {
	Root  string
	Notes string // path in it, slash-separated, of the files of notes; "" for [annotations.NotesFolder]
}

func (f Folder) notes() string { return cmp.Or(f.Notes, annotations.NotesFolder) }

// HasNotes says whether a path in the course is one of a file of notes.
func (f Folder) HasNotes(path string) bool { return strings.HasPrefix(path, f.notes()+"/") }

// Load is [Folder.Load] for a folder with its notes where they are by default.
func Load(root string) (*annotations.Course, error) { return Folder{Root: root}.Load() }

// Load reads every lesson of the course. Folders whose name starts with a dot
// are skipped. A lesson that cannot be read is there with a Problem; the error is
// for the folder itself.
func (f Folder) Load() (*annotations.Course, error) {
	root, err := filepath.Abs(f.Root)
	if err != nil {
		return nil, fmt.Errorf("finding the course: %w", err)
	}
	files, err := list(root)
	if err != nil {
		return nil, err
	}
	lessons := make([]*annotations.Lesson, len(files))
	links := make([][]lessonLink, len(files))
	documents := make([]*document, len(files))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, file := range files {
		group.Go(func() error {
			lessons[i], links[i], documents[i] = readLesson(root, file.path, f.HasNotes(file.path))
			return nil
		})
	}
	group.Wait()
	course := &annotations.Course{Root: root}
	var taught []*document // of course.Lessons
	for i, l := range lessons {
		switch {
		case l.Path == planName:
			course.Plan = l
		case l.OfNotes:
			course.Noted = append(course.Noted, l)
		default:
			course.Lessons, taught = append(course.Lessons, l), append(taught, documents[i])
		}
	}
	settle(lessons, links)
	if course.Plan != nil {
		course.Weeks = weeks(course.Plan)
	}
	course.Glossary = glossary(course.Lessons, taught)
	return course, nil
}

// readLesson reads and parses one lesson.
func readLesson(root, path string, ofNotes bool) (*annotations.Lesson, []lessonLink, *document) {
	file := filepath.Join(root, filepath.FromSlash(path))
	text, err := readAtMost(file, maxLesson)
	lesson, links, doc := parse(path, text, ofNotes)
	if err != nil {
		lesson.Problems = []annotations.Problem{{Line: 1, Kind: annotations.Unreadable, Args: []string{err.Error()}}}
	}
	return lesson, links, doc
}

// readAtMost returns the bytes of a file, which may not be more than limit.
func readAtMost(name string, limit int) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err == nil && len(text) > limit {
		return nil, fmt.Errorf("it has over %d bytes, which are too many for a lesson", limit)
	}
	return text, err
}

// Fingerprint returns a short text that changes when a lesson below root is
// added, removed or written. It reads no lesson.
func Fingerprint(root string) (string, error) {
	files, err := list(root)
	if err != nil {
		return "", err
	}
	sum := fnv.New128a()
	for _, f := range files {
		fmt.Fprintf(sum, "%s\x00%d\x00%d\n", f.path, f.size, f.modified)
	}
	return strconv.Itoa(len(files)) + "-" + fmt.Sprintf("%x", sum.Sum(nil)), nil
}

// lessonFile is a lesson on disk.
type lessonFile struct {
	path     string // relative to the course's root, slash-separated
	size     int64
	modified int64 // nanoseconds
}

// list returns the lessons below root in reading order: folder by folder, in
// each the README first and then by name.
func list(root string) ([]lessonFile, error) {
	var files []lessonFile
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			if name == root {
				return err
			}
			return nil // an unreadable folder hides its lessons alone
		case name != root && strings.HasPrefix(d.Name(), "."):
			if d.IsDir() {
				return filepath.SkipDir
			}
			return nil
		case d.IsDir() || !strings.EqualFold(filepath.Ext(name), ".md"):
			return nil
		}
		info, err := d.Info()
		if err != nil || !info.Mode().IsRegular() {
			return nil
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return nil
		}
		files = append(files, lessonFile{filepath.ToSlash(rel), info.Size(), info.ModTime().UnixNano()})
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading the course: the folder %s does not exist", root)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the course: %w", err)
	}
	slices.SortFunc(files, func(a, b lessonFile) int {
		return cmp.Or(cmp.Compare(path.Dir(dirKey(a.path)), path.Dir(dirKey(b.path))),
			cmp.Compare(rank(a.path), rank(b.path)), cmp.Compare(a.path, b.path))
	})
	return files, nil
}

// dirKey makes the course's own folder sort before every other.
func dirKey(p string) string {
	if !strings.Contains(p, "/") {
		return "\x00/" + p
	}
	return p
}

// rank sorts the README of a folder before its lessons, and the plan after it.
func rank(p string) int {
	switch strings.ToLower(path.Base(p)) {
	case "readme.md":
		return 0
	case strings.ToLower(planName):
		return 1
	}
	return 2
}

// settle settles what a lesson alone cannot know: whether the lessons exist
// that it links to, and which citations speak of the course's own documents.
func settle(lessons []*annotations.Lesson, links [][]lessonLink) {
	known, folders := map[string]bool{}, map[string]bool{}
	for _, l := range lessons {
		known[l.ID] = true
		for dir := path.Dir(l.Path); dir != "." && !l.OfNotes; dir = path.Dir(dir) {
			folders[path.Base(dir)+"/"] = true
		}
	}
	for i, l := range lessons {
		settleLinks(l, links[i], known)
		dropCitations(l, func(c annotations.Citation) bool {
			if name, folder := strings.CutSuffix(c.Path, "/"); folder {
				return folders[c.Path] && !roots[name] && c.Under == ""
			}
			id, _ := LessonID(l.Path, c.Path)
			return id != "" && strings.Contains(c.Path, "/") && (known[id] || known[c.Path[:len(c.Path)-len(".md")]])
		})
		sortProblems(l)
	}
}

// settleLinks names the links to lessons that do not exist.
func settleLinks(l *annotations.Lesson, links []lessonLink, known map[string]bool) {
	missing := func(line int, kind annotations.ProblemKind, what string) {
		l.Problems = append(l.Problems, annotations.Problem{Line: line, Kind: kind, Args: []string{what}})
	}
	next := 0
	if l.Next != "" && !known[l.Next] {
		next = nextLine(l.Text)
		missing(next, annotations.DeadNext, l.Next+".md")
		l.Next = ""
	}
	for _, to := range links {
		if !known[to.id] && to.line != next {
			missing(to.line, annotations.DeadLink, to.destination)
		}
	}
}

// dropCitations takes the citations that own says are the course's own out of
// a lesson.
func dropCitations(l *annotations.Lesson, own func(annotations.Citation) bool) {
	moved := make([]int, len(l.Citations))
	kept := l.Citations[:0]
	for i, c := range l.Citations {
		moved[i] = -1
		if !own(c) {
			moved[i] = len(kept)
			kept = append(kept, c)
		}
	}
	l.Citations = kept
	for i := range l.Excerpts {
		if c := &l.Excerpts[i].Citation; *c >= 0 {
			*c = moved[*c]
		}
	}
}

// nextLine returns the line that names the following lesson.
func nextLine(text []byte) int {
	d := document{text: text, lines: newLineTable(text)}
	line, _ := d.nextAt()
	return d.lines.line(max(0, line))
}

// LessonID returns the ID of the lesson that a link in the lesson at path
// leads to, and the fragment of the link; "" when it leads to no Markdown
// document of the course.
func LessonID(from, destination string) (id, fragment string) {
	destination, fragment, _ = strings.Cut(destination, "#")
	if strings.Contains(destination, ":") || strings.HasPrefix(destination, "/") || !strings.HasSuffix(strings.ToLower(destination), ".md") {
		return "", ""
	}
	p := path.Join(path.Dir(from), unescape(destination))
	if strings.HasPrefix(p, "../") {
		return "", ""
	}
	return p[:len(p)-len(".md")], fragment
}

// lineTable tells the position of each byte of a text.
type lineTable []int // offsets of line starts

func newLineTable(text []byte) lineTable {
	starts := lineTable{0}
	for i, b := range text {
		if b == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// line returns the line, from 1, of the byte at offset.
func (t lineTable) line(offset int) int {
	n, ok := slices.BinarySearch(t, offset)
	if ok {
		return n + 1
	}
	return n
}

// span returns the span of the bytes from start up to, not including, end.
func (t lineTable) span(start, end int) indexer.Span {
	return indexer.Span{Start: t.position(start), End: t.position(max(start, end-1))}
}

func (t lineTable) position(offset int) indexer.Position {
	line := t.line(offset)
	return indexer.Position{Line: int32(line), Col: int32(offset - t[line-1] + 1)}
}

// offset returns the offset of a position.
func (t lineTable) offset(p indexer.Position) int { return t[p.Line-1] + int(p.Col) - 1 }
