package review

import (
	"path"
	"strings"
)

// alike is the least similarity of names for a file to be called the nearest.
const alike = 0.6

// nearest returns the entry most like a path that no source has: one of the
// same name elsewhere, else one of the same name with another ending, else the
// most similar name in the deepest folder of the path that exists.
func (r *Resolver) nearest(written, under string, line int, name string, ctx *context) (int, bool) {
	p, _ := withoutHome(under + written)
	base := baseOf(p)
	if same := r.bases[base]; len(same) > 0 {
		return r.mostShared(p, r.rank(same, line, name, ctx)), true
	}
	if strings.HasSuffix(p, "/") {
		return 0, false
	}
	stem := strings.TrimSuffix(base, path.Ext(base))
	for _, ending := range kin(path.Ext(base)) {
		if same := r.bases[stem+ending]; len(same) > 0 {
			return r.mostShared(p, r.rank(same, line, name, ctx)), true
		}
	}
	for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
		if len(r.exact[dir+"/"]) == 0 {
			continue
		}
		best, most := 0, 0.0
		for i, f := range r.files {
			if rest, ok := strings.CutPrefix(f.Path, dir+"/"); ok && path.Ext(rest) == path.Ext(base) {
				if s := similarity(stem, strings.TrimSuffix(path.Base(rest), path.Ext(rest))); s > most {
					best, most = i, s
				}
			}
		}
		return best, most >= alike
	}
	return 0, false
}

// kin returns the endings that files of the same language have, none for what
// no source is written in.
func kin(ending string) []string {
	switch ending {
	case ".cc", ".cpp", ".cxx", ".c", ".h", ".hpp", ".hh":
		return []string{".cc", ".h"}
	case ".rs", ".proto":
		return []string{ending}
	}
	return nil
}

// mostShared returns, of the ranked entries, the first that has the most
// folders in common with p.
func (r *Resolver) mostShared(p string, ranked []int) int {
	folders := strings.Split(path.Dir(strings.TrimSuffix(p, "/")), "/")
	best, most := ranked[0], -1
	for _, e := range ranked {
		shared := 0
		for part := range strings.SplitSeq(r.entries[e].path, "/") {
			for _, f := range folders {
				if f == part {
					shared++
					break
				}
			}
		}
		if shared > most {
			best, most = e, shared
		}
	}
	return best
}

// similarity returns Dice's coefficient of the pairs of letters of two names:
// 1 for equal names, 0 for names without a common pair.
func similarity(a, b string) float64 {
	if len(a) < 2 || len(b) < 2 {
		return 0
	}
	pairs := map[string]int{}
	for i := range len(a) - 1 {
		pairs[a[i:i+2]]++
	}
	common := 0
	for i := range len(b) - 1 {
		if pairs[b[i:i+2]] > 0 {
			pairs[b[i:i+2]]--
			common++
		}
	}
	return 2 * float64(common) / float64(len(a)+len(b)-2)
}
