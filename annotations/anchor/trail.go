package anchor

import (
	"path"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/indexer"
)

// version is a file at a moment.
type version struct {
	path   string
	blob   indexer.Hash
	commit string // that made it, "" for the first one
	guess  bool   // nothing but some of its lines says that it is the same file
}

// trail is what became of a file, its old version first. When it was deleted,
// ended says so and by names the commit, if known. A trail of one version,
// whose path is that in the new state, has no old text.
type trail struct {
	versions []version
	ended    bool
	by       string
}

func (t *trail) last() version { return t.versions[len(t.versions)-1] }

func (t *trail) guessed() bool {
	return slices.ContainsFunc(t.versions, func(v version) bool { return v.guess })
}

// step is a change by a commit, the number of which tells the order.
type step struct {
	number int
	indexer.Change
}

// trail returns what became of the file that had that path and content.
func (f *Finder) trail(path string, blob indexer.Hash) *trail {
	key := path + "\x00" + string(blob[:])
	t := f.trails[key]
	if t == nil {
		t = f.throughCommits(path, blob)
		if t == nil {
			t = f.betweenStates(path, blob)
		}
		f.trails[key] = t
	}
	return t
}

// throughCommits follows a file by the history; nil when that does not lead to
// the new state.
func (f *Finder) throughCommits(path string, blob indexer.Hash) *trail {
	if f.history == nil {
		return nil
	}
	commits := f.history.Commits()
	if f.changes == nil {
		f.changes = map[string][]step{}
		for n, c := range commits {
			for _, change := range c.Changes {
				if change.From != "" {
					f.changes[change.From] = append(f.changes[change.From], step{n, change})
				}
			}
		}
	}
	t := &trail{versions: []version{{path: path, blob: blob}}}
	for after := -1; ; {
		last := t.last()
		i := slices.IndexFunc(f.changes[last.path], func(s step) bool { return s.number > after })
		if i < 0 {
			break
		}
		s := f.changes[last.path][i]
		if s.Old != last.blob {
			return nil // this is not the history of that text
		}
		after = s.number
		commit := commits[after]
		next := version{path: s.To, blob: s.New}
		if next.path == "" {
			if next = f.renamedBy(commit, last); next.path == "" {
				t.ended, t.by = true, commit.ID
				return t
			}
		}
		next.commit = commit.ID
		t.versions = append(t.versions, next)
	}
	if now, ok := f.new.Blob(t.last().path); !ok || now != t.last().blob || len(t.versions) == 1 || f.text(blob) == nil {
		return nil
	}
	return t
}

// renamedBy looks among the files that a commit added for one that is like the
// one it deleted.
func (f *Finder) renamedBy(commit indexer.Commit, old version) version {
	var added []version
	for _, c := range commit.Changes {
		if c.From == "" {
			added = append(added, version{path: c.To, blob: c.New})
		}
	}
	return f.mostAlike(old, added)
}

// betweenStates follows a file by the two states alone.
func (f *Finder) betweenStates(path string, blob indexer.Hash) *trail {
	old := version{path: path, blob: blob}
	if now, ok := f.new.Blob(path); ok {
		if f.text(blob) == nil {
			f.readOld(path, blob)
		}
		if f.text(blob) == nil {
			return &trail{versions: []version{old}}
		}
		return &trail{versions: []version{old, {path: path, blob: now}}}
	}
	f.readOld(path, blob)
	var added []version
	for _, p := range f.addedPaths() {
		h, _ := f.new.Blob(p)
		added = append(added, version{path: p, blob: h})
	}
	if v := f.mostAlike(old, added); v.path != "" {
		return &trail{versions: []version{old, v}}
	}
	return &trail{versions: []version{old}, ended: true}
}

// readOld keeps the text of a file of the old state.
func (f *Finder) readOld(path string, blob indexer.Hash) {
	if f.old == nil {
		return
	}
	if has, ok := f.old.Blob(path); ok && has == blob {
		if content, err := f.old.Text(path); err == nil {
			f.texts[blob] = newText(content)
		}
	}
}

// addedPaths returns the paths of the new state that the old one has not,
// sorted.
func (f *Finder) addedPaths() []string {
	if f.added == nil {
		for p := range f.new.Paths() {
			if f.old != nil {
				if _, had := f.old.Blob(p); had {
					continue
				}
			}
			f.added = append(f.added, p)
		}
		slices.Sort(f.added)
	}
	return f.added
}

// The shares of lines that a file must share with a deleted one to be taken for
// it, and to be surely it.
const (
	renameLike = 0.5
	renameSure = 0.8
)

// mostAlike returns the file among added that old was renamed to, no version
// when there is none: one of the same content, else the one that shares most
// lines with it, at least half. Of equals, the path tells.
func (f *Finder) mostAlike(old version, added []version) (best version) {
	near := func(v version) int { return sharedPath(old.path, v.path) }
	again := false
	for _, v := range added {
		if v.blob != old.blob {
			continue
		}
		switch {
		case best.path == "" || near(v) > near(best):
			best, again = v, false
		case near(v) == near(best):
			again = true
		}
	}
	best.guess = again || f.old == nil && path.Base(best.path) != path.Base(old.path)
	was := f.text(old.blob)
	if best.path != "" || was == nil {
		return best
	}
	counts := map[annotations.Fingerprint]int{}
	for _, p := range was.prints {
		counts[p]++
	}
	bestLike := 0.0
	for _, v := range added {
		if path.Ext(v.path) != path.Ext(old.path) {
			continue
		}
		now := f.newText(v)
		if now == nil {
			continue
		}
		small, large := len(was.prints), len(now.prints)
		if small > large {
			small, large = large, small
		}
		if float64(small) < renameLike*float64(large) {
			continue
		}
		like := sharedLines(counts, now.prints) / float64(large)
		if like >= renameLike && (like > bestLike || like == bestLike && near(v) > near(best)) {
			best, bestLike = v, like
			best.guess = like < renameSure || path.Base(v.path) != path.Base(old.path) || f.claimed(v, old)
		}
	}
	return best
}

// claimed reports whether another file that is gone has a better claim to v,
// by its path, than old.
func (f *Finder) claimed(v, old version) bool {
	if f.old == nil {
		return true
	}
	for p := range f.old.Paths() {
		if path.Base(p) == path.Base(v.path) && p != old.path && sharedPath(p, v.path) >= sharedPath(old.path, v.path) {
			if _, still := f.new.Blob(p); !still {
				return true
			}
		}
	}
	return false
}

// sharedLines returns how many of prints are among those counted.
func sharedLines(counts map[annotations.Fingerprint]int, prints []annotations.Fingerprint) float64 {
	used := make(map[annotations.Fingerprint]int, len(counts))
	n := 0
	for _, p := range prints {
		if used[p] < counts[p] {
			used[p]++
			n++
		}
	}
	return float64(n)
}

// sharedPath returns how much of the ends of two paths agree, by folder, the
// name first.
func sharedPath(a, b string) int {
	x, y := strings.Split(a, "/"), strings.Split(b, "/")
	slices.Reverse(x)
	slices.Reverse(y)
	n := 0
	for i := range min(len(x), len(y)) {
		if x[i] == y[i] {
			n++
			if i == 0 {
				n += 100
			}
		}
	}
	return n
}
