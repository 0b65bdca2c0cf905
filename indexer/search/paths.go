package search

import (
	"cmp"
	"slices"
	"strings"

	"navigator/indexer"
)

// FileHit is a file that a query found.
type FileHit struct {
	File  int // in the corpus
	Score int // comparable within one result only
}

// pathTable is the paths of all files, made ready to be compared. 13,000 paths
// take 3 MB.
type pathTable struct {
	paths []foldedPath
}

type foldedPath struct {
	folded   string
	mask     uint64 // letters of folded
	base     int    // where the file's name begins
	rank     int    // see rankFile
	initials uint64 // letters that begin words
}

func newPathTable(files []indexer.File) pathTable {
	t := pathTable{make([]foldedPath, len(files))}
	for i := range files {
		path := files[i].Path
		p := foldedPath{folded: fold(path), base: strings.LastIndexByte(path, '/') + 1, rank: rankFile(path)}
		p.mask = letters(p.folded)
		for at := range words(path) {
			p.initials |= letters(p.folded[at : at+1])
		}
		t.paths[i] = p
	}
	return t
}

// What a path's likeness to a query is worth, as in rank.go.
const (
	fileExact  = 1000 // the path, or the file's name, is the query
	fileStem   = 900  // the file's name without its extension is
	fileSuffix = 860  // the path ends in the query, which begins a folder's name
	filePrefix = 760  // the file's name begins with the query
	fileWord   = 660  // a word of the file's name does
	fileInName = 560  // the query stands in the file's name
	fileHumps  = 500  // words of the file's name begin as the query says: connman.h
	fileInPath = 440  // the query stands in the path
	// Words of the path begin as the query says, and have two of its letters on
	// average: long paths have the letters of most words one by one.
	fileHumpsInPath = 340

	// Words are left out in most queries for paths: they cost this part of what
	// they do in names of symbols.
	wordsLeftOut = 4
)

// Files returns the files whose paths a query finds: the best first, at most
// limit. Each word of the query must be found in the path, as it stands or as
// beginnings of words in it: "connman.h" and "http conn manager" both find
// source/common/http/conn_manager_impl.h. Words of the form lang:, source: and
// path: are filters. It returns a [QueryError] for a query that makes no sense.
func (e *Engine) Files(query string, limit int) ([]FileHit, error) {
	filter, parts, err := splitFilters(query)
	if err != nil || limit <= 0 {
		return nil, err
	}
	files, err := filter.compile(e)
	if err != nil {
		return nil, err
	}
	var s pathSearch
	for _, part := range parts {
		if strings.ContainsFunc(part, isWordRune) {
			s.matchers = append(s.matchers, matcher{pattern: newPattern(part)})
		}
	}
	if len(s.matchers) == 0 {
		return nil, nil
	}
	var hits []FileHit
	for i := range e.paths.paths {
		if !files.passes(i) {
			continue
		}
		if score := s.match(e.files[i].Path, &e.paths.paths[i]); score > 0 {
			hits = append(hits, FileHit{File: i, Score: score + e.paths.paths[i].rank})
		}
	}
	slices.SortFunc(hits, func(a, b FileHit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.File, b.File))
	})
	return hits[:min(limit, len(hits))], nil
}

// pathSearch compares paths with the words of a query.
type pathSearch struct {
	matchers []matcher
}

// match returns how alike the path and the query are: what the words of the
// query are worth on average, 0 when one does not match.
func (s *pathSearch) match(path string, p *foldedPath) int {
	total := 0
	for i := range s.matchers {
		m := &s.matchers[i]
		if m.mask&^p.mask != 0 {
			return 0
		}
		m.ranges = m.ranges[:0]
		score := m.matchPath(path, p)
		if score == 0 {
			return 0
		}
		total += score
	}
	return total/len(s.matchers) - min(len(p.folded)-p.base, 40)
}

func (m *matcher) matchPath(path string, p *foldedPath) int {
	name := p.folded[p.base:]
	if i := strings.LastIndex(p.folded, m.folded); i >= 0 {
		begins := i == 0 || !isWordByte(p.folded[i-1])
		switch stem, _, _ := strings.Cut(name, "."); {
		case p.folded == m.folded, name == m.folded:
			return fileExact
		case stem == m.folded:
			return fileStem
		case i <= p.base && i+len(m.folded) == len(p.folded) && (i == 0 || p.folded[i-1] == '/'):
			return fileSuffix
		case i == p.base:
			return filePrefix
		case i > p.base && begins:
			return fileWord
		case i > p.base:
			return fileInName
		}
		return fileInPath
	}
	if m.first&^p.initials != 0 {
		return 0
	}
	if score := m.matchHumps(path[p.base:], name); score > 0 {
		return fileHumps - (humps-score)/wordsLeftOut
	}
	if score := m.matchHumps(path, p.folded); score > 0 && 2*len(m.ranges) <= len(m.folded) {
		return fileHumpsInPath - (humps-score)/wordsLeftOut
	}
	return 0
}
