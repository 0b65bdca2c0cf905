package server

import (
	"net/url"
	"strings"
	"testing"

	"navigator/indexer"
)

func TestUpstreamAddress(t *testing.T) {
	for _, c := range []struct{ repository, path, want string }{
		{"https://github.com/envoyproxy/envoy", "source/a b.cc", "https://github.com/envoyproxy/envoy/blob/c0ffee/source/a%20b.cc"},
		{"https://github.com/envoyproxy/envoy.git", "source/", "https://github.com/envoyproxy/envoy/tree/c0ffee/source/"},
		{"git@github.com:istio/ztunnel.git", "src/lib.rs", "https://github.com/istio/ztunnel/blob/c0ffee/src/lib.rs"},
		{"ssh://git@github.com:22/istio/ztunnel", "", "https://github.com/istio/ztunnel/tree/c0ffee/"},
		{"https://gitlab.example/a/b", "x", "https://gitlab.example/a/b/-/blob/c0ffee/x"},
		{"https://user:secret@github.com/a/b?x#y", "x", "https://github.com/a/b/blob/c0ffee/x"},
		{"javascript:alert(1)", "x", ""},
		{"/srv/git/envoy", "x", ""},
		{"file:///srv/git/envoy", "x", ""},
		{"", "x", ""},
	} {
		if got := upstreamAddress(indexer.Source{URL: c.repository, Revision: "c0ffee"}, c.path); got != c.want {
			t.Errorf("%s: %q, want %q", c.repository, got, c.want)
		}
	}
	if got := upstreamAddress(indexer.Source{URL: "https://github.com/a/b"}, "x"); got != "" {
		t.Errorf("without a revision: %q", got)
	}
}

func TestEditorAddress(t *testing.T) {
	for _, c := range []struct {
		template string
		line     int
		want     string
	}{
		{"vscode://file/{path}:{line}", 7, "vscode://file/home/ana/a%20b.cc:7"},
		{"vscode://file{path}:{line}", 0, "vscode://file/home/ana/a%20b.cc:{line}"},
		{"idea://open?file={path}&line={line}", 7, "idea://open?file=/home/ana/a%20b.cc&line=7"},
		{"javascript:alert('{path}')", 7, ""},
		{" JavaScript:alert('{path}')", 7, ""},
		{"data:text/html,{path}", 7, ""},
		{"", 7, ""},
	} {
		if got := editorAddress(c.template, "/home/ana/", "a b.cc", c.line); got != c.want {
			t.Errorf("%s: %q, want %q", c.template, got, c.want)
		}
	}
}

func FuzzParseLines(f *testing.F) {
	for _, seed := range []string{"60", "394-420", "L394-L420", "9-3", "", "-", "L", "0-1", "1-2-3", "99999999999999999999", "１２"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		lines, ok := parseLines(s)
		if !ok {
			if !lines.IsZero() {
				t.Fatalf("%q is refused and is %v", s, lines)
			}
			return
		}
		if lines.First < 1 || lines.Last < lines.First || lines.Last > maxLine {
			t.Fatalf("%q is %v", s, lines)
		}
		if again, ok := parseLines(lines.String()); !ok || again != lines {
			t.Fatalf("%q is %v, which reads as %v", s, lines, again)
		}
		if again, ok := parseLines(fragment(lines)); !ok || again != lines {
			t.Fatalf("%q is %v, whose fragment reads as %v", s, lines, again)
		}
	})
}

// An address leads back to the source, the path and the lines that it was made
// of, whatever bytes they have, and never to another host.
func FuzzPlaceAddress(f *testing.F) {
	f.Add("envoy", "source/common/a.cc", 3, 9)
	f.Add("a b", "x?y#z%41", 0, 0)
	f.Add("/", "//evil.example/", 1, 1)
	f.Add("..", "../..", 1, 1)
	f.Fuzz(func(t *testing.T, source, path string, first, last int) {
		lines := indexer.Lines{First: first, Last: last}
		if first < 1 || last < first || last > maxLine {
			lines = indexer.Lines{}
		}
		u, err := url.Parse(placeAddress(source, path, lines))
		if err != nil {
			t.Fatal(err)
		}
		if u.Host != "" || u.Scheme != "" || u.Path != "/src/"+source+"/"+path {
			t.Fatalf("%q in %q has the address %s", path, source, u)
		}
		if got, ok := parseLines(u.Query().Get("lines")); got != lines || ok == lines.IsZero() {
			t.Fatalf("lines %v became %v", lines, got)
		}
	})
}

// Crumbs name every folder above a path once.
func FuzzCrumbs(f *testing.F) {
	f.Add("source/common/http/a.cc")
	f.Add("source/common/")
	f.Add("")
	f.Add("//")
	f.Fuzz(func(t *testing.T, path string) {
		all := crumbs("envoy", path)
		if len(all) != 1+strings.Count(strings.TrimSuffix(path, "/"), "/") {
			t.Fatalf("%q has the crumbs %v", path, all)
		}
	})
}
