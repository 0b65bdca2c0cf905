package cpp

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"navigator/indexer"
)

// bitset is a set of files.
type bitset []uint64

func (b bitset) has(i int) bool { return b[i>>6]&(1<<(i&63)) != 0 }

func (b bitset) add(i int) { b[i>>6] |= 1 << (i & 63) }

// closure returns the files that a file sees: itself and all that it includes.
func (r *Resolver) closure(file int) bitset {
	return r.closures.get(file, func() bitset {
		seen := make(bitset, len(r.files)/64+1)
		seen.add(file)
		for queue := []int{file}; len(queue) > 0; queue = queue[1:] {
			for _, next := range r.included(queue[0]) {
				if !seen.has(next) {
					seen.add(next)
					queue = append(queue, next)
				}
			}
		}
		return seen
	})
}

var includeWord = []byte("include")

// included returns the files that a file includes itself.
func (r *Resolver) included(file int) []int {
	return r.includes.get(file, func() []int {
		text := r.corpus.Text(file)
		switch r.files[file].Language {
		case indexer.CPP:
		case indexer.Proto:
			return r.imported(file, text)
		default:
			return nil
		}
		var files []int
		for at := 0; ; {
			i := bytes.Index(text[at:], includeWord)
			if i < 0 {
				return files
			}
			at += i + len(includeWord)
			if written, ok := includePath(text, at-len(includeWord)); ok {
				files = append(files, r.includedFiles(file, written)...)
			}
		}
	})
}

// imported returns the files that a .proto imports.
func (r *Resolver) imported(file int, text []byte) []int {
	var files []int
	for line := range bytes.Lines(text) {
		if rest, ok := bytes.CutPrefix(line, []byte("import ")); ok {
			if parts := bytes.Split(rest, []byte(`"`)); len(parts) == 3 {
				files = append(files, r.includedFiles(file, string(parts[1]))...)
			}
		}
	}
	return files
}

// includePath returns the path of the directive whose word stands at i.
func includePath(text []byte, i int) (string, bool) {
	before := bytes.TrimRight(text[max(0, i-8):i], " \t")
	if !bytes.HasSuffix(before, []byte("#")) {
		return "", false
	}
	line := text[i+len(includeWord):]
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
	}
	line = bytes.TrimSpace(line)
	if len(line) < 3 || line[0] != '"' && line[0] != '<' {
		return "", false
	}
	end := bytes.IndexAny(line[1:], "\">")
	if end < 0 {
		return "", false
	}
	return string(line[1 : 1+end]), true
}

// includedFiles returns the files that an include of a file may name, the best
// first. A generated header is the .proto that it is made of. Where a build
// picks a folder by the platform, each has one.
func (r *Resolver) includedFiles(from int, written string) []int {
	f := &r.files[from]
	if i, ok := r.corpus.FileIndex(f.Source, written); ok {
		return []int{i}
	}
	if i, ok := r.corpus.FileIndex(f.Source, path.Join(path.Dir(f.Path), written)); ok {
		return []int{i}
	}
	for _, ending := range []string{".pb.validate.h", ".pb.h", ".upb.h", ".grpc.pb.h", ".upbdefs.h"} {
		if stem, ok := strings.CutSuffix(written, ending); ok {
			written = stem + ".proto"
			break
		}
	}
	var exact, loose []int
	for _, i := range r.suffixes()[path.Base(written)] {
		switch p := r.files[i].Path; {
		case r.files[i].Source != f.Source:
		case strings.HasSuffix(p, "/"+written):
			exact = append(exact, i)
		case isSubsequence(written, p):
			loose = append(loose, i)
		}
	}
	if len(exact) > 0 {
		loose = exact
	}
	slices.SortStableFunc(loose, func(a, b int) int { return common(f.Path, r.files[b].Path) - common(f.Path, r.files[a].Path) })
	return loose
}

// isSubsequence reports whether the folders of written are among those of p, in
// order.
func isSubsequence(written, p string) bool {
	parts := strings.Split(written, "/")
	if len(parts) < 2 {
		return false
	}
	for _, part := range strings.Split(p, "/") {
		if len(parts) > 0 && part == parts[0] {
			parts = parts[1:]
		}
	}
	return len(parts) == 0
}

// common returns how many folders two paths have in common from the start.
func common(a, b string) int {
	n := 0
	for i := 0; i < len(a) && i < len(b) && a[i] == b[i]; i++ {
		if a[i] == '/' {
			n++
		}
	}
	return n
}

// firstSeen returns which of some files, in order, a compiler that reads file
// sees first, what a file includes before the file itself; -1 for none.
func (r *Resolver) firstSeen(file int, among []indexer.SymbolRef) int {
	seen := make(bitset, len(r.files)/64+1)
	var visit func(file int) int
	visit = func(file int) int {
		seen.add(file)
		for _, next := range r.included(file) {
			if !seen.has(next) {
				if i := visit(next); i >= 0 {
					return i
				}
			}
		}
		i, found := slices.BinarySearchFunc(among, int32(file), func(ref indexer.SymbolRef, f int32) int { return int(ref.File - f) })
		if !found {
			return -1
		}
		return i
	}
	return visit(file)
}

// areTwins reports whether two files have the same path, their endings apart: a
// source and its header, though it may not include it.
func (r *Resolver) areTwins(a, b int32) bool {
	x, y := &r.files[a], &r.files[b]
	return x.Source == y.Source && strings.TrimSuffix(x.Path, path.Ext(x.Path)) == strings.TrimSuffix(y.Path, path.Ext(y.Path))
}

// filesByName returns the files that may be included, by the last part of
// their path.
func (r *Resolver) filesByName() map[string][]int {
	byName := make(map[string][]int)
	for i := range r.files {
		switch p := r.files[i].Path; path.Ext(p) {
		case ".h", ".hpp", ".proto", ".inc":
			name := path.Base(p)
			byName[name] = append(byName[name], i)
		}
	}
	return byName
}
