package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	sitter "github.com/smacker/go-tree-sitter"
	"github.com/smacker/go-tree-sitter/cpp"
	"github.com/smacker/go-tree-sitter/protobuf"
	"github.com/smacker/go-tree-sitter/rust"

	"navigator/indexer"
	"navigator/indexer/source"
)

// BenchmarkFigures measures Navigator on the real trees and prints a table of
// what it reached, next to what it should reach. Every figure of speed is a
// ratio to a yardstick of the same run, or a time that a client waits.
func BenchmarkFigures(b *testing.B) {
	f := newFigures(b)
	for b.Loop() {
		f.reindex(b)
		f.unchanged(b)
		f.bump(b)
		f.serve(b)
	}
	f.print(os.Stdout)
}

// figures are the measurements of one run.
type figures struct {
	dir   string // of the workspace
	env   []string
	trees []tree // the sources as configured
	rows  [][4]string

	full time.Duration // wall time of reindex from nothing
	tags []string      // distinct names that Universal Ctags found
}

func newFigures(b *testing.B) *figures {
	b.Helper()
	f := &figures{dir: b.TempDir()}
	f.env = append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(f.dir, "cache"), "GOMAXPROCS=2")
	f.point(b, "NAVIGATOR_ENVOY", "NAVIGATOR_ZTUNNEL")
	return f
}

// point writes the workspace over the trees that two variables name.
func (f *figures) point(b *testing.B, envoy, ztunnel string) {
	b.Helper()
	roots := []string{os.Getenv(envoy), os.Getenv(ztunnel)}
	if roots[0] == "" || roots[1] == "" {
		fmt.Printf("not measured: set %s and %s to checkouts of the real trees\n", envoy, ztunnel)
		b.SkipNow()
	}
	course := filepath.Join(f.dir, "course")
	file := filepath.Join(f.dir, workspaceName)
	if err := os.MkdirAll(course, 0o755); err != nil {
		b.Fatal(err)
	}
	text := fmt.Sprintf("course = %q\n[[source]]\nname = \"envoy\"\nroot = %q\n[[source]]\nname = \"ztunnel\"\nroot = %q\n", course, roots[0], roots[1])
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		b.Fatal(err)
	}
	ws, err := parseWorkspace(file, []byte(text))
	if err != nil {
		b.Fatal(err)
	}
	f.trees = ws.Sources
}

func (f *figures) row(what, measured, yardstick, reach string) {
	f.rows = append(f.rows, [4]string{what, measured, yardstick, reach})
}

func (f *figures) print(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nwhat\tmeasured\tfrom\treach")
	for _, r := range f.rows {
		fmt.Fprintln(table, strings.Join(r[:], "\t"))
	}
	table.Flush()
}

// command runs navigator in the workspace and returns its report, how long it
// took with process start and end, and its peak memory in bytes.
func (f *figures) command(b *testing.B, args ...string) (out []byte, wall time.Duration, peak int64) {
	b.Helper()
	cmd := exec.Command("navigator", args...)
	cmd.Dir, cmd.Env = f.dir, f.env
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	out, err := cmd.Output()
	wall = time.Since(start)
	if err != nil {
		b.Fatalf("navigator %v: %v\n%s", args, err, &stderr)
	}
	return out, wall, cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss << 10
}

// reindex measures the first reindex against a plain parse and against ctags.
func (f *figures) reindex(b *testing.B) {
	files := f.sourceFiles(b)
	plain := bestOf(3, func() { plainParse(b, files) })
	tags := bestOf(3, func() { f.ctags(b) })
	var report reindexReport
	var peak int64
	f.full = bestOf(3, func() {
		if err := os.RemoveAll(filepath.Join(f.dir, "cache")); err != nil {
			b.Fatal(err)
		}
		out, _, memory := f.command(b, "reindex", "--json")
		peak = max(peak, memory)
		if err := json.Unmarshal(out, &report); err != nil {
			b.Fatal(err)
		}
	})
	f.row("reindex from nothing / plain parse", ratio(f.full, plain), fmt.Sprintf("%.2f s / %.2f s, %d files", f.full.Seconds(), plain.Seconds(), report.Files), "≤ 1.0")
	if f.tags != nil {
		f.row("reindex from nothing / ctags -R", ratio(f.full, tags), fmt.Sprintf("%.2f s / %.2f s", f.full.Seconds(), tags.Seconds()), "≤ 2.5")
	} else {
		f.row("reindex from nothing / ctags -R", "not measured", "no ctags here", "≤ 2.5")
	}
	f.row("peak memory of reindex", mebibytes(peak), "", "≤ 1024 MiB")
	size, err := folderSize(filepath.Join(f.dir, "cache"))
	if err != nil {
		b.Fatal(err)
	}
	f.row("snapshot / its text", fmt.Sprintf("%.2f", float64(size)/float64(report.Bytes)), mebibytes(size)+" / "+mebibytes(report.Bytes), "≤ 1.6")
	f.parseErrors(report.ParseErrors)
}

// parseErrors counts the files that are not understood as a whole: of C++,
// those in the folders that hold no Objective-C headers.
func (f *figures) parseErrors(all []parseError) {
	count := map[indexer.Language]int{}
	for _, e := range all {
		language := indexer.LanguageOf(e.Path)
		top, _, _ := strings.Cut(e.Path, "/")
		if language != indexer.CPP || slices.Contains([]string{"source", "envoy", "contrib", "test"}, top) {
			count[language]++
		}
	}
	f.row("files with parse errors: C++, Rust, proto", fmt.Sprintf("%d, %d, %d", count[indexer.CPP], count[indexer.Rust], count[indexer.Proto]),
		fmt.Sprintf("C++ of source envoy contrib test; %d files in all", len(all)), "≤ 4, 0, 0")
}

func (f *figures) unchanged(b *testing.B) {
	var report reindexReport
	wall := bestOf(5, func() {
		out, _, _ := f.command(b, "reindex", "--json")
		if err := json.Unmarshal(out, &report); err != nil {
			b.Fatal(err)
		}
	})
	f.row("reindex with nothing changed", fmt.Sprintf("%.3f s", wall.Seconds()), fmt.Sprintf("%d files parsed", report.Parsed), "≤ 0.25 s, 0 parsed")
}

func (f *figures) bump(b *testing.B) {
	const what = "reindex of a bump / from nothing"
	if os.Getenv("NAVIGATOR_ENVOY_BUMP") == "" || os.Getenv("NAVIGATOR_ZTUNNEL_BUMP") == "" {
		f.row(what, "not measured", "set NAVIGATOR_ENVOY_BUMP and NAVIGATOR_ZTUNNEL_BUMP", "≤ 0.25")
		return
	}
	before := f.contents(b)
	f.point(b, "NAVIGATOR_ENVOY_BUMP", "NAVIGATOR_ZTUNNEL_BUMP")
	var all, unseen int64
	for hash, size := range f.contents(b) {
		all += size
		if _, seen := before[hash]; !seen {
			unseen += size
		}
	}
	out, wall, _ := f.command(b, "reindex", "--json")
	var report reindexReport
	if err := json.Unmarshal(out, &report); err != nil {
		b.Fatal(err)
	}
	f.row(what, ratio(wall, f.full), fmt.Sprintf("%.2f s, %d files parsed, %d %% of the bytes", wall.Seconds(), report.Parsed, 100*unseen/all), "≤ 0.25")
	f.point(b, "NAVIGATOR_ENVOY", "NAVIGATOR_ZTUNNEL")
	f.command(b, "reindex")
}

// serve measures what a client of the server waits for.
func (f *figures) serve(b *testing.B) {
	cmd := exec.Command("navigator", "serve", "--addr", "127.0.0.1:0")
	cmd.Dir, cmd.Env = f.dir, f.env
	site, pid := startProcess(b, cmd)
	rng := rand.New(rand.NewPCG(1, 2))
	names := f.names(b, rng, 500)

	api := func(kind string, extra string, queries []string) []string {
		var addresses []string
		for _, q := range queries {
			addresses = append(addresses, site+"/api/v1/search?kind="+kind+extra+"&q="+url.QueryEscape(q))
		}
		return addresses
	}
	timeRequests(b, api("symbol", "", names[:20])) // warms up
	symbols := timeRequests(b, api("symbol", "", names))
	f.row("symbol search, p99", milliseconds(quantile(symbols, 0.99)), "median "+milliseconds(quantile(symbols, 0.5))+", 500 queries", "≤ 5 ms")
	text := timeRequests(b, api("text", "", names[:200]))
	f.row("text search, literal, p99", milliseconds(quantile(text, 0.99)), "median "+milliseconds(quantile(text, 0.5))+", 200 queries", "≤ 60 ms")
	regexps := timeRequests(b, api("text", "&regexp=true", f.regexps(names)))
	f.row("text search, regular expression, p99", milliseconds(quantile(regexps, 0.99)), "median "+milliseconds(quantile(regexps, 0.5)), "≤ 150 ms")

	middle, largest := f.pages(b)
	page := func(path string) []time.Duration {
		return timeRequests(b, slices.Repeat([]string{site + "/src/envoy/" + path}, 100))
	}
	f.row("page of the median file, p99", milliseconds(quantile(page(middle), 0.99)), middle, "≤ 10 ms")
	f.row("page of the largest file, p99", milliseconds(quantile(page(largest), 0.99)), largest, "≤ 60 ms")
	f.navigate(b, site, rng)
	f.row("resident memory of serve", mebibytes(resident(b, pid)), "after 1,000 requests and more", "≤ 300 MiB")
}

// navigate measures what a reader of code waits for.
func (f *figures) navigate(b *testing.B, site string, rng *rand.Rand) {
	places := f.places(b, rng, 1000)
	definitions := timeRequests(b, inEach(places, site+"/api/v1/definition?"))
	f.row("definition, p99", milliseconds(quantile(definitions, 0.99)), "median "+milliseconds(quantile(definitions, 0.5))+", 1,000 names in files drawn evenly", "≤ 3 ms")
	common := f.placesOf(b, "callbacks_", 20)
	references := timeRequests(b, inEach(common, site+"/api/v1/references?"))
	f.row("references of callbacks_, p99", milliseconds(quantile(references, 0.99)), fmt.Sprintf("median %s, %d classes", milliseconds(quantile(references, 0.5)), len(common)), "≤ 40 ms")
}

func inEach(places []url.Values, address string) []string {
	var all []string
	for _, p := range places {
		all = append(all, address+p.Encode())
	}
	return all
}

var identifier = regexp.MustCompile(`\b[A-Za-z_]\w+\b`)

// places returns n places of words outside comments, in files drawn evenly.
func (f *figures) places(b *testing.B, rng *rand.Rand, n int) (places []url.Values) {
	b.Helper()
	files := f.sourceFiles(b)
	for len(places) < n {
		file := files[rng.IntN(len(files))]
		lines := linesOf(b, file)
		at := rng.IntN(len(lines))
		line, _, _ := strings.Cut(lines[at], "//")
		if words := identifier.FindAllStringIndex(line, -1); words != nil {
			places = append(places, placeIn(file, at+1, words[rng.IntN(len(words))][0]+1))
		}
	}
	return places
}

// placesOf returns the first place of a name in each of n files of Envoy.
func (f *figures) placesOf(b *testing.B, name string, n int) (places []url.Values) {
	b.Helper()
	for _, file := range f.sourceFiles(b) {
		if len(places) == n {
			break
		}
		if file.source != "envoy" || !strings.HasPrefix(file.path, "source/") || !strings.HasSuffix(file.path, ".h") {
			continue
		}
		for i, line := range linesOf(b, file) {
			if at := strings.Index(line, " "+name); at >= 0 {
				places = append(places, placeIn(file, i+1, at+2))
				break
			}
		}
	}
	return places
}

func linesOf(b *testing.B, file sourceFile) []string {
	b.Helper()
	text, err := os.ReadFile(file.full)
	if err != nil {
		b.Fatal(err)
	}
	return strings.Split(string(text), "\n")
}

func placeIn(file sourceFile, line, col int) url.Values {
	return url.Values{"source": {file.source}, "path": {file.path}, "line": {strconv.Itoa(line)}, "col": {strconv.Itoa(col)}}
}

// names returns n distinct queries: names that ctags found, whole, cut short,
// and with a slip.
func (f *figures) names(b *testing.B, rng *rand.Rand, n int) []string {
	b.Helper()
	if len(f.tags) < n {
		f.tags = wordsOf(b, f.sourceFiles(b))
	}
	queries := map[string]bool{}
	for len(queries) < n {
		name := f.tags[rng.IntN(len(f.tags))]
		switch rng.IntN(3) {
		case 0:
			name = name[:max(2, len(name)*2/3)]
		case 1:
			if len(name) > 5 {
				name = name[:2] + name[3:]
			}
		}
		queries[name] = true
	}
	return slices.Sorted(maps.Keys(queries))
}

func (f *figures) regexps(names []string) []string {
	var patterns []string
	for i, name := range names[:100] {
		patterns = append(patterns, []string{name + `\w*\(`, `\b` + name + `\b`, `(?i)` + name, name + `.*;$`}[i%4])
	}
	return patterns
}

// pages returns the file of median size and the largest under Envoy's source.
func (f *figures) pages(b *testing.B) (middle, largest string) {
	b.Helper()
	files := slices.DeleteFunc(f.sourceFiles(b), func(s sourceFile) bool {
		return s.source != "envoy" || !strings.HasPrefix(s.path, "source/")
	})
	slices.SortFunc(files, func(x, y sourceFile) int { return cmp.Compare(x.size, y.size) })
	return files[len(files)/2].path, files[len(files)-1].path
}

// sourceFile is a file of a parsed language.
type sourceFile struct {
	source, path, full string
	language           indexer.Language
	size               int64
}

func (f *figures) sourceFiles(b *testing.B) (files []sourceFile) {
	b.Helper()
	for _, t := range f.trees {
		checkout := source.Checkout{Name: t.Name, Root: t.Root, Filter: source.Filter{Include: t.Include, Exclude: t.Exclude}}
		listing, err := checkout.List(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		for _, e := range listing.Entries {
			if lang := indexer.LanguageOf(e.Path); lang != indexer.Text {
				files = append(files, sourceFile{t.Name, e.Path, filepath.Join(t.Root, e.Path), lang, e.Size})
			}
		}
	}
	return files
}

// contents returns the size of each distinct content of the sources' files.
func (f *figures) contents(b *testing.B) map[indexer.Hash]int64 {
	b.Helper()
	sizes := map[indexer.Hash]int64{}
	for _, file := range f.sourceFiles(b) {
		text, err := os.ReadFile(file.full)
		if err != nil {
			b.Fatal(err)
		}
		sizes[indexer.HashOf(text)] = file.size
	}
	return sizes
}

// plainParse is the yardstick of reindex: tree-sitter reads every file with
// two goroutines, and nothing is made of it.
func plainParse(b *testing.B, files []sourceFile) {
	b.Helper()
	grammars := map[indexer.Language]*sitter.Language{
		indexer.CPP: cpp.GetLanguage(), indexer.Rust: rust.GetLanguage(), indexer.Proto: protobuf.GetLanguage(),
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			parser := sitter.NewParser()
			defer parser.Close()
			for i := next.Add(1) - 1; i < int64(len(files)); i = next.Add(1) - 1 {
				text, err := os.ReadFile(files[i].full)
				if err != nil {
					b.Error(err)
					return
				}
				parser.SetLanguage(grammars[files[i].language])
				tree, err := parser.ParseCtx(context.Background(), nil, text)
				if err != nil {
					b.Error(err)
					return
				}
				tree.Close()
			}
		})
	}
	wg.Wait()
}

// ctags runs Universal Ctags over the same folders, and keeps the names that
// it found. Without ctags it does nothing.
func (f *figures) ctags(b *testing.B) {
	b.Helper()
	program, err := exec.LookPath("ctags")
	if err != nil {
		return
	}
	args := []string{"-R", "--languages=C++,Rust,Protobuf", "--langmap=C++:+.h", "-f", "-"}
	for _, t := range f.trees {
		for _, folder := range t.Include {
			if full := filepath.Join(t.Root, folder); isFolder(full) {
				args = append(args, full)
			}
		}
	}
	out, err := exec.Command(program, args...).Output()
	if err != nil {
		b.Fatalf("ctags: %v", err)
	}
	if f.tags != nil {
		return
	}
	names := map[string]bool{}
	for line := range bytes.Lines(out) {
		name, _, _ := bytes.Cut(line, []byte("\t"))
		if len(name) > 2 && !bytes.ContainsAny(name, "! ") {
			names[string(name)] = true
		}
	}
	f.tags = slices.Sorted(maps.Keys(names))
}

// wordsOf returns the distinct words of the files' base names, for want of
// ctags.
func wordsOf(b *testing.B, files []sourceFile) []string {
	b.Helper()
	names := map[string]bool{}
	for _, f := range files {
		name := strings.TrimSuffix(filepath.Base(f.path), filepath.Ext(f.path))
		names[name] = true
		for word := range strings.SplitSeq(name, "_") {
			if len(word) > 2 {
				names[word] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// timeRequests asks for each address in turn and returns how long each answer
// took to its last byte.
func timeRequests(b *testing.B, addresses []string) []time.Duration {
	b.Helper()
	var took []time.Duration
	for _, address := range addresses {
		start := time.Now()
		response, err := http.Get(address)
		if err != nil {
			b.Fatal(err)
		}
		_, err = io.Copy(io.Discard, response.Body)
		response.Body.Close()
		took = append(took, time.Since(start))
		if err != nil || response.StatusCode != http.StatusOK {
			b.Fatalf("GET %s: %s %v", address, response.Status, err)
		}
	}
	return took
}

func resident(b *testing.B, pid int) int64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skipf("resident memory is not measured here: %v", err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	kib, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	if err != nil {
		b.Fatal(err)
	}
	return kib << 10
}

// bestOf returns the shortest time that work takes in n runs: what is slower
// than that was the rest of the machine.
func bestOf(n int, work func()) time.Duration {
	best := time.Duration(1<<63 - 1)
	for range n {
		start := time.Now()
		work()
		best = min(best, time.Since(start))
	}
	return best
}

func quantile(took []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

func ratio(a, b time.Duration) string { return fmt.Sprintf("%.2f", a.Seconds()/b.Seconds()) }

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1e3)
}

func mebibytes(n int64) string { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }
