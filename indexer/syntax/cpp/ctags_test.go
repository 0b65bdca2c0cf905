package cpp

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"navigator/indexer"
)

var (
	anonymous = regexp.MustCompile(`__anon[0-9a-f]+`)
	macroName = regexp.MustCompile(`^[A-Z0-9_]*_[A-Z0-9_]*$`)
)

// TestRealCtagsAgrees compares with the definitions of classes, structs, enums,
// functions and methods that Universal Ctags finds.
func TestRealCtagsAgrees(t *testing.T) {
	files := Envoy(t, "source", "envoy")
	if _, err := exec.LookPath("ctags"); err != nil {
		t.Skip("install Universal Ctags to run this")
	}
	cmd := exec.Command("ctags", "--language-force=C++", "--kinds-C++=csgf", "--fields=nKsZ", "--excmd=number", "-f", "-", "-L", "-")
	cmd.Dir = os.Getenv("NAVIGATOR_ENVOY")
	cmd.Stdin = strings.NewReader(strings.Join(sorted(files), "\n"))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string][]indexer.Symbol{} // by path, then by line and name
	e := New()
	defer e.Close()
	for p, text := range files {
		var facts indexer.Facts
		e.Extract(text, &facts)
		m := map[string][]indexer.Symbol{}
		for _, s := range facts.Symbols {
			for line := s.Span.Start.Line; line <= min(s.NameSpan.End.Line+1, s.Span.Start.Line+40); line++ {
				k := strconv.Itoa(int(line)) + " " + s.Name
				m[k] = append(m[k], s)
			}
		}
		found[p] = m
	}
	all, lacking, scope := 0, 0, 0
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		if len(f) < 5 || strings.HasPrefix(f[0], "!") || strings.HasPrefix(f[0], "__anon") {
			continue
		}
		if macroName.MatchString(f[0]) && strings.HasPrefix(f[3], "f") {
			continue // the use of a macro, taken for a function
		}
		all++
		name, path := f[0], f[1]
		line, _ := strconv.Atoi(strings.TrimSuffix(f[2], `;"`))
		want := ""
		for _, field := range f[4:] {
			if s, ok := strings.CutPrefix(field, "scope:"); ok {
				_, want, _ = strings.Cut(s, ":")
			}
		}
		got := found[path][strconv.Itoa(line)+" "+operatorName(name)]
		if len(got) == 0 {
			lacking++
			t.Logf("%s:%d: lacks %s %s in %q", path, line, f[3], name, want)
			continue
		}
		if !sameScope(got, want) {
			scope++
			t.Logf("%s:%d: %s %s is in %q, not %q", path, line, f[3], name, got[0].Container, want)
		}
	}
	t.Logf("of %d definitions %d lack and %d have another scope (%.2f %%)", all, lacking, scope, 100*float64(lacking+scope)/float64(all))
	if (lacking+scope)*1000 > all {
		t.Errorf("more than 0.1 %% are in dispute")
	}
}

// operatorName returns name without the blank that ctags puts into operator !=.
func operatorName(name string) string {
	if rest, ok := strings.CutPrefix(name, "operator "); ok && word[rest[0]] == 0 {
		return "operator" + rest
	}
	return name
}

// sameScope reports whether one of the symbols is in scope, which names
// anonymous namespaces and types alike.
func sameScope(symbols []indexer.Symbol, scope string) bool {
	loose := func(s string) string {
		parts := strings.Split(s, "::")
		kept := parts[:0]
		for _, p := range parts {
			if p != "(anonymous namespace)" && !anonymous.MatchString(p) {
				kept = append(kept, p)
			}
		}
		return strings.Join(kept, "::")
	}
	for _, s := range symbols {
		if loose(s.Container) == loose(scope) {
			return true
		}
	}
	return false
}
