package course

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// set makes a set of the words of s.
func set(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// What names are made of in trees of C++ and Rust. The lists are knowledge of
// how such trees are laid out, not of any one file.
var (
	// A name with one of these endings is a file of code wherever it stands.
	codeEndings = set("cc cpp cxx h hpp hh rs proto bzl")
	// These endings name files of a tree only below one of its roots, or with
	// lines: a bare config.yaml or server.py is the reader's own.
	otherEndings = set(`c m mm go java kt kts swift py sh lua js ts yaml yml json toml md rst txt html css mk
		cfg conf j2 tpl tmpl patch lock xml star bazel bazelrc cmake S inc ipynb svg dockerfile gradle
		pb_text textproto txtpb jq`)
	// Those of otherEndings that are programs.
	programEndings = set("c go java kt swift py lua js ts")
	// Names of files without, or despite, an ending.
	bareNames = set(`BUILD WORKSPACE Makefile CODEOWNERS BUILD.bazel MODULE.bazel WORKSPACE.bazel Cargo.toml
		Cargo.lock Makefile.core.mk Makefile.overrides.mk CMakeLists.txt rust-toolchain.toml rustfmt.toml
		clippy.toml deny.toml .bazelrc .bazelversion .clang-format .clang-tidy`)
	// Names that are files only below a folder.
	pathNames = set("Dockerfile LICENSE NOTICE OWNERS Justfile justfile go.mod go.sum")
	// Folders at the top of a tree.
	roots = set(`source src envoy api test tests contrib mobile bazel docs examples configs tools ci
		distribution restarter support security changelogs proto benches fuzz scripts common docker
		third_party include lib crates library .github .devcontainer .cargo maintainer images vendor`)
	// Folders at the top of a machine, or made by a build: nothing below them
	// is code of a tree.
	elsewhere = set(`etc var usr tmp proc sys dev opt bin sbin run mnt root
		bazel-bin bazel-out bazel-testlogs bazel-envoy target out build dist node_modules venv .venv logs`)
	// First folders of headers that come with the system or a library.
	libraries = set(`sys linux netinet arpa net bits asm openssl event2 absl google gtest gmock boost std
		nghttp2 quiche fmt spdlog ares bpf`)
	systemHeaders = set(`unistd.h stdio.h stdlib.h string.h pthread.h fcntl.h signal.h errno.h netdb.h poll.h
		stdint.h assert.h time.h math.h limits.h stddef.h sched.h dlfcn.h event.h semaphore.h iostream.h`)
	// Names that end as a file does and are sites.
	sites = set("docs.rs tokio.rs serde.rs crates.rs hyper.rs actix.rs")
	// Below these roots, the folders that a two-part path must name, since
	// "source/destination" and "envoy/ztunnel" are words.
	below = map[string]map[string]bool{
		"source": set("common extensions server exe docs"),
		"envoy": set(`access_log api buffer common compression config event extensions filesystem filter formatter
			geoip grpc http init json local_info matcher network protobuf ratelimit rds registry router runtime
			secret server singleton source ssl stats stream_info tcp test thread thread_local tracing udp upstream`),
		"api": set("envoy contrib test tools bazel versioning examples"),
		"test": set(`benchmark common config config_test exe extensions fuzz integration mocks proto server
			test_common tools`),
	}
	// What follows a root in two words joined by a slash.
	counterparts = set(`dst dest destination target sink port ip address addr cd prod dev staging api apis
		ztunnel istio test tests docs lib bin main master`)
)

// homes matches the home of a user, or a variable that holds a folder.
var homes = regexp.MustCompile(`^(?:~[\w.-]*|/(?:home|Users)/[\w.-]+|\$\w+|\$\{\w+\})/`)

// part matches a folder or file name that code has.
var part = regexp.MustCompile(`^[\w.][\w.-]*$`)

// folder matches a folder name in the style of the trees.
var folder = regexp.MustCompile(`^[a-z][a-z0-9_-]*$`)

// lessonName matches the names of numbered lessons and modules.
var lessonName = regexp.MustCompile(`^\d\d[_-]`)

// ownDocument matches the name of a tree's own document, such as ARCHITECTURE.md.
var ownDocument = regexp.MustCompile(`^[A-Z][A-Z_-]+\.md$|^Development\.md$`)

// classify says whether a run of path characters is a code reference, with
// which path, and how many of its first bytes do not belong to it.
func classify(raw string, where setting, lines bool) (path string, skip int, ok bool) {
	if strings.HasPrefix(raw, "a/") || strings.HasPrefix(raw, "b/") { // of a diff
		if rest := raw[2:]; roots[firstPart(rest)] {
			raw, skip = rest, 2
		}
	}
	path, glob := cutGlob(raw)
	rest, home := withoutHome(path)
	if rest == "" || strings.Contains(rest, "//") || placeholder(rest) {
		return "", 0, false
	}
	parts := strings.Split(strings.TrimSuffix(rest, "/"), "/")
	first := parts[0]
	if rest[0] == '/' {
		if len(parts) < 3 || !roots[parts[1]] {
			return "", 0, false // an address such as /config_dump, or the machine's own
		}
		parts, first = parts[1:], parts[1]
	}
	if elsewhere[first] || strings.HasPrefix(first, "bazel-") || lessonName.MatchString(first) || first == "ejercicios" ||
		first == "recursos" || len(parts) > 1 && host(first) {
		return "", 0, false
	}
	hidden := len(first) > 2 && first[0] == '.' && first[1] != '.' // .github, .azure-pipelines
	rooted := roots[first] || hidden && len(parts) > 1 || home && hasRoot(parts) || len(parts) > 1 && roots[parts[1]]
	if home && !hasRoot(parts) || strings.HasPrefix(path, "../") && strings.HasSuffix(path, ".md") {
		return "", 0, false
	}
	if strings.HasSuffix(path, "/") {
		return path, skip, isFolder(parts, where, rooted, home, glob)
	}
	if isPair(parts) {
		return path, skip, true
	}
	for _, p := range parts[:len(parts)-1] {
		if !part.MatchString(p) && !strings.ContainsAny(p, "…{*") {
			return "", 0, false
		}
	}
	base := parts[len(parts)-1]
	switch isFile(base, parts, where, rooted, lines) {
	case yes:
		return path, skip, true
	case no:
		return "", 0, false
	}
	if isTwoPartFolder(parts, where, home) {
		return path + "/", skip, true
	}
	return "", 0, false
}

// An answer that may leave the question open.
type answer uint8

const (
	no answer = iota
	yes
	open
)

// isFile says whether base, the last of parts, names a file of a tree.
func isFile(base string, parts []string, where setting, rooted, lines bool) answer {
	if expanded, ok := cutBraces(base); ok {
		base = expanded
	}
	alone := len(parts) == 1
	stem, ending := cutEnding(base)
	switch {
	case sites[base] || lessonName.MatchString(base) && (alone || !rooted) || base == planName:
		return no
	case bareNames[base]:
		if alone && (where == prose || where == words || where == remark) && !strings.Contains(base, ".") {
			return no
		}
		return yes
	case ending == "":
		if !alone && rooted && pathNames[base] {
			return yes
		}
		return open
	case stem == "" || !part.MatchString(stem) || strings.Count(stem, ".") > 2:
		return no
	case ending == "*":
		if where == prose && alone || !strings.Contains(stem, "_") && alone {
			return no
		}
		return yes
	case codeEndings[ending]:
		if alone && systemHeaders[base] || !alone && libraries[parts[0]] {
			return no
		}
		return yes
	case ending == "md":
		if alone && ownDocument.MatchString(base) && (where == code || where == target || lines) || !alone && rooted && (parts[0] != "envoy" || base == "README.md") {
			return yes
		}
		return no
	case programEndings[ending] && !alone && where == code && parts[0] != ".":
		return yes // of some other tree, but code
	case otherEndings[ending]:
		if !alone && rooted || lines && where != prose && !host(base) && programEndings[ending] {
			return yes
		}
		return no
	case pathNames[base] && !alone && rooted:
		return yes
	}
	return open
}

// isFolder says whether parts, written with a slash at the end, name a folder
// of a tree.
func isFolder(parts []string, where setting, rooted, home, glob bool) bool {
	for _, p := range parts {
		if !folder.MatchString(p) && !roots[p] && !strings.ContainsAny(p, "…{*") && !home {
			return false
		}
	}
	if rooted {
		return where != prose || len(parts) > 1 || parts[0] == "source" || parts[0] == "src"
	}
	if where != code || glob {
		return false
	}
	for _, p := range parts {
		if len(p) < 2 {
			return false
		}
	}
	return len(parts) == 1 && len(parts[0]) > 2 || len(parts) > 1 && !versions.MatchString(parts[len(parts)-1])
}

// versions matches the version of an API.
var versions = regexp.MustCompile(`^v\d+(?:alpha|beta)?\d*$`)

// isTwoPartFolder says whether parts, written without a slash at the end, name
// a folder of a tree and not two words joined by a slash.
func isTwoPartFolder(parts []string, where setting, home bool) bool {
	if home || where == remark {
		from := rootIndex(parts)
		return home && from >= 0 && len(parts)-from > 1
	}
	for len(parts) > 0 && (parts[0] == "." || parts[0] == "..") {
		parts = parts[1:]
	}
	if len(parts) > 2 && !roots[parts[0]] && roots[parts[1]] { // envoy/source/common
		parts = parts[1:]
	}
	if len(parts) < 2 || !roots[parts[0]] {
		return false
	}
	for _, p := range parts {
		if !folder.MatchString(p) {
			return false
		}
	}
	known, strict := below[parts[0]]
	switch {
	case strict && known[parts[1]]:
		return true
	case strict && (parts[0] == "api" || parts[0] == "envoy"):
		return false
	case counterparts[parts[1]]:
		return false
	case where == prose:
		return parts[0] == "src" || len(parts) > 2
	}
	return parts[0] == "src" || parts[0] == "source" || parts[0] == "test" || parts[0] == "contrib" || len(parts) > 2
}

// rootIndex returns the index of the part of a user's path at which a tree
// begins, -1 when no tree is seen in it. "source" alone is no sign: people
// keep all their trees below a folder of that name.
func rootIndex(parts []string) int {
	for i, p := range parts {
		if !roots[p] {
			continue
		}
		known, strict := below[p]
		if strict && i+1 < len(parts) && known[parts[i+1]] && parts[i+1] != "upstream" || p == "src" && i > 0 {
			return i
		}
	}
	return -1
}

// hasRoot says whether a path of the reader's machine leads into a tree.
func hasRoot(parts []string) bool {
	if rootIndex(parts) >= 0 {
		return true
	}
	_, ending := cutEnding(parts[len(parts)-1])
	return len(parts) > 2 && (codeEndings[ending] || bareNames[parts[len(parts)-1]])
}

// isPair says whether parts end as conn_manager_impl.h/cc does.
func isPair(parts []string) bool {
	n := len(parts)
	if n < 2 || !codeEndings[strings.TrimPrefix(parts[n-1], ".")] {
		return false
	}
	stem, ending := cutEnding(parts[n-2])
	return stem != "" && codeEndings[ending]
}

// cutGlob cuts what stands for any file from the end of a path, which leaves
// the folder: "src/proxy/*.rs", "source/extensions/...".
func cutGlob(raw string) (path string, glob bool) {
	slash := strings.LastIndexByte(raw, '/')
	if slash <= 0 {
		return raw, false
	}
	last := raw[slash+1:]
	switch {
	case last == "..." || last == "…", strings.HasPrefix(last, "*"):
		path, _ = cutGlob(raw[:slash])
		return strings.TrimSuffix(path, "/") + "/", true
	}
	return raw, false
}

// withoutHome cuts the reader's home, a variable, and dots from the front of a
// path.
func withoutHome(path string) (rest string, home bool) {
	if m := homes.FindString(path); m != "" {
		return path[len(m):], true
	}
	for {
		rest, ok := strings.CutPrefix(path, "./")
		if !ok {
			rest, ok = strings.CutPrefix(path, "../")
		}
		if !ok {
			rest, ok = strings.CutPrefix(path, ".../")
		}
		if !ok {
			rest, ok = strings.CutPrefix(path, "…/")
		}
		if !ok {
			return path, false
		}
		path = rest
	}
}

// placeholder says whether a path is a template's: path/to/file.cc.
func placeholder(path string) bool {
	if strings.HasPrefix(path, "path/to/") || strings.HasPrefix(path, "ruta/a") || strings.Contains(path, "/path/to/") ||
		strings.ContainsAny(path, "$@~") {
		return true
	}
	for _, r := range path {
		if r >= utf8.RuneSelf && r != '…' {
			return true
		}
	}
	return strings.Contains(path, "xxx") || strings.Contains(path, "XXX")
}

// host says whether the first part of a path is a site's.
func host(first string) bool {
	dot := strings.LastIndexByte(first, '.')
	return dot > 0 && !codeEndings[first[dot+1:]] && first != ".." && strings.Trim(first, ".") != ""
}

func firstPart(path string) string {
	first, _, _ := strings.Cut(path, "/")
	return first
}

// cutEnding cuts a name at its last dot.
func cutEnding(name string) (stem, ending string) {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return name, ""
	}
	return name[:dot], name[dot+1:]
}

// cutBraces returns the first of the names that a.{h,cc} or a.(h|cc) stands
// for.
func cutBraces(name string) (string, bool) {
	open := strings.IndexAny(name, "{(")
	if open < 0 {
		return name, false
	}
	close := strings.IndexAny(name[open:], "})")
	if close < 0 {
		return name, false
	}
	inside := name[open+1 : open+close]
	cut := strings.IndexAny(inside, ",|/")
	if cut < 0 {
		return name, false
	}
	return name[:open] + strings.TrimPrefix(inside[:cut], ".") + name[open+close+1:], true
}
