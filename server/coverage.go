package server

import (
	"net/http"
	"path"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// coveragePage says how much of the sources the course explains.
type coveragePage struct {
	page
	Ready   bool
	Sources []coveredSource
	Lessons []coveredLesson
}

// coveredSource is a source and how much of it is explained.
type coveredSource struct {
	Name string
	annotations.Extent
	Folders     []coveredFolder // that have something explained
	Unexplained []unexplained
}

// coveredFolder is a folder in a list of them.
type coveredFolder struct {
	Name    string // as far as the folder that it is listed below does not say it
	Depth   int    // in the list, from 0
	Address string
	annotations.Extent
}

type coveredLesson struct {
	Title, Address string
	annotations.LessonExtent
}

// unexplained is a definition that no lesson speaks of.
type unexplained struct {
	Name, Container, Kind string
	Source, Path          string
	Line                  int32
	Address               string
	Uses                  int
}

// How much the page of the coverage shows.
const (
	maxUnexplained = 40 // definitions of each source
	maxFolderDepth = 4  // of the list; the pages of folders show the rest
)

func (s *site) coverage(w http.ResponseWriter, r *http.Request, v View) error {
	p := coveragePage{page: s.newPage(r, "coverage", "")}
	p.Title = p.Lang.T("coverage.title")
	c := v.Coverage()
	if c == nil {
		return render(w, p.Lang, "coverage.html", p)
	}
	p.Ready = true
	for _, source := range v.Sources() {
		covered := coveredSource{Name: source.Name, Extent: c.Extents[annotations.Place{Source: source.Name}]}
		covered.Folders = coveredFolders(c, source.Name)
		covered.Unexplained = unexplainedOf(v, c, source.Name)
		p.Sources = append(p.Sources, covered)
	}
	for _, e := range c.Lessons {
		if lesson := v.Course().Lesson(e.Lesson); lesson != nil {
			p.Lessons = append(p.Lessons, coveredLesson{lesson.Title, lessonAddress(e.Lesson, ""), e})
		}
	}
	return render(w, p.Lang, "coverage.html", p)
}

// coveredFolders returns the folders of a source that have something explained,
// each below the one that it is in. A folder with nothing but another folder is
// one with it.
func coveredFolders(c *annotations.Coverage, source string) []coveredFolder {
	var paths []string
	for at, extent := range c.Extents {
		if at.Source == source && strings.HasSuffix(at.Path, "/") && extent.Files.Explained > 0 {
			paths = append(paths, at.Path)
		}
	}
	slices.Sort(paths)
	var all []coveredFolder
	var above []string // the listed folders around
	for i, folder := range paths {
		extent := c.Extents[annotations.Place{Source: source, Path: folder}]
		if i+1 < len(paths) && strings.HasPrefix(paths[i+1], folder) && c.Extents[annotations.Place{Source: source, Path: paths[i+1]}] == extent {
			continue
		}
		for len(above) > 0 && !strings.HasPrefix(folder, above[len(above)-1]) {
			above = above[:len(above)-1]
		}
		name, depth := folder, len(above)
		if depth > 0 {
			name = folder[len(above[depth-1]):]
		}
		above = append(above, folder)
		if depth < maxFolderDepth {
			all = append(all, coveredFolder{name, depth, placeAddress(source, folder, indexer.Lines{}), extent})
		}
	}
	return all
}

// unexplainedOf returns the most used definitions of a source that no lesson
// speaks of.
func unexplainedOf(v View, c *annotations.Coverage, source string) []unexplained {
	var all []unexplained
	for _, u := range c.Unexplained {
		if len(all) == maxUnexplained {
			break
		}
		f := &v.Files()[u.Symbol.File]
		if f.Source != source {
			continue
		}
		s := &v.Symbols(int(u.Symbol.File))[u.Symbol.Symbol]
		all = append(all, unexplained{
			Name: s.Name, Container: f.Container(s), Kind: s.Kind.String(), Source: f.Source, Path: f.Path, Line: s.NameSpan.Start.Line,
			Address: placeAddress(f.Source, f.Path, s.NameSpan.Lines()), Uses: u.Uses,
		})
	}
	return all
}

type apiCoverageReport struct {
	Ready       bool             `json:"ready"`
	Folders     []apiExtent      `json:"folders"`
	Lessons     []apiLessonCover `json:"lessons"`
	Unexplained []apiUnexplained `json:"unexplained"`
}

type apiExtent struct {
	Source  string `json:"source"`
	Path    string `json:"path"`
	Address string `json:"url"`
	annotations.Extent
}

type apiLessonCover struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Address string `json:"url"`
	Files   int    `json:"files"`
	Symbols int    `json:"symbols"`
	Lines   int    `json:"lines"`
}

type apiUnexplained struct {
	Name      string `json:"name"`
	Container string `json:"container"`
	Kind      string `json:"kind"`
	Source    string `json:"source"`
	Path      string `json:"path"`
	Line      int32  `json:"line"`
	Uses      int    `json:"uses"`
	Address   string `json:"url"`
}

// apiCoverage answers how much the course explains: of each source, and of the
// folders and files that have something explained.
func apiCoverage(w http.ResponseWriter, r *http.Request, v View) error {
	out := apiCoverageReport{Folders: []apiExtent{}, Lessons: []apiLessonCover{}, Unexplained: []apiUnexplained{}}
	c := v.Coverage()
	if c == nil {
		return writeJSON(w, http.StatusOK, out)
	}
	out.Ready = true
	for at, extent := range c.Extents {
		if at.Path == "" || extent.Files.Explained > 0 {
			out.Folders = append(out.Folders, apiExtent{at.Source, at.Path, placeAddress(at.Source, at.Path, indexer.Lines{}), extent})
		}
	}
	slices.SortFunc(out.Folders, func(a, b apiExtent) int {
		return strings.Compare(path.Join(a.Source, a.Path)+a.Path, path.Join(b.Source, b.Path)+b.Path)
	})
	for _, e := range c.Lessons {
		if lesson := v.Course().Lesson(e.Lesson); lesson != nil {
			out.Lessons = append(out.Lessons, apiLessonCover{e.Lesson, lesson.Title, lessonAddress(e.Lesson, ""), e.Files, e.Symbols, e.Lines})
		}
	}
	for _, source := range v.Sources() {
		for _, u := range unexplainedOf(v, c, source.Name) {
			out.Unexplained = append(out.Unexplained, apiUnexplained{u.Name, u.Container, u.Kind, u.Source, u.Path, u.Line, u.Uses, u.Address})
		}
	}
	return writeJSON(w, http.StatusOK, out)
}

// explainedOf returns how much of an entry of a folder is explained, nil when
// that is not known or nothing is.
func explainedOf(v View, source, path string) *annotations.Extent {
	c := v.Coverage()
	if c == nil {
		return nil
	}
	extent, ok := c.Extents[annotations.Place{Source: source, Path: path}]
	if !ok || extent.Files.Explained == 0 {
		return nil
	}
	return &extent
}
