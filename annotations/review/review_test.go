package review_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/annotations/review"
	"navigator/indexer"
)

// trees are two small sources: "source:path" and the number of lines.
var trees = []struct {
	file  string
	lines int
}{
	{"envoy:README.md", 20},
	{"envoy:BUILD", 5},
	{"envoy:api/envoy/http/codec.proto", 30},
	{"envoy:contrib/foo/source/config.cc", 40},
	{"envoy:envoy/http/codec.h", 100},
	{"envoy:source/common/http/codec_client.cc", 200},
	{"envoy:source/common/http/codec_client.h", 100},
	{"envoy:source/common/http/conn_manager_impl.cc", 2000},
	{"envoy:source/common/http/conn_manager_impl.h", 600},
	{"envoy:source/common/http/utility.cc", 900},
	{"envoy:source/common/network/utility.cc", 700},
	{"envoy:source/extensions/filters/http/router/BUILD", 5},
	{"envoy:source/extensions/filters/http/router/config.cc", 50},
	{"envoy:source/extensions/load_balancing_policies/common/load_balancer_impl.cc", 800},
	{"envoy:test/common/http/utility.cc", 60},
	{"ztunnel:ARCHITECTURE.md", 200},
	{"ztunnel:README.md", 100},
	{"ztunnel:src/config.rs", 900},
	{"ztunnel:src/inpod/config.rs", 90},
	{"ztunnel:src/main.rs", 100},
	{"ztunnel:src/proxy/inbound.rs", 800},
	{"ztunnel:src/proxy/metrics.rs", 300},
	{"ztunnel:src/xds/metrics.rs", 80},
	{"ztunnel:tests/config.rs", 30},
}

func resolver() *review.Resolver {
	sources := []indexer.Source{{Name: "envoy", Root: "/src/upstream-envoy"}, {Name: "ztunnel", Root: "/src/zt"}}
	var files []indexer.File
	for _, f := range trees {
		source, path, _ := strings.Cut(f.file, ":")
		files = append(files, indexer.File{Source: source, Path: path})
	}
	return review.NewResolver(sources, files, func(i int) int { return trees[i].lines })
}

// settle reviews a course of these lessons, path and text in turn.
func settle(lessons ...string) (*annotations.Course, *review.Review) {
	c := &annotations.Course{}
	for i := 0; i < len(lessons); i += 2 {
		c.Lessons = append(c.Lessons, course.Parse(lessons[i], []byte(lessons[i+1])))
	}
	return c, resolver().Review(c)
}

// show writes a resolution: the match, its places, and the flags.
func show(r annotations.Resolution) string {
	parts := []string{string(r.Match)}
	for _, p := range r.Places {
		s := p.Source + ":" + p.Path
		if !p.Lines.IsZero() {
			s += ":" + p.Lines.String()
		}
		parts = append(parts, s)
	}
	if r.Beyond {
		parts = append(parts, "beyond")
	}
	if r.Nearest != (annotations.Place{}) {
		parts = append(parts, "near "+r.Nearest.Source+":"+r.Nearest.Path)
	}
	return strings.Join(parts, " ")
}

func TestResolve(t *testing.T) {
	for _, test := range []struct{ name, lesson, want string }{
		{"exact", "`source/common/http/conn_manager_impl.cc:394-420`", "exact envoy:source/common/http/conn_manager_impl.cc:394-420"},
		{"exact without lines", "`src/main.rs`", "exact ztunnel:src/main.rs"},
		{"exact folder", "`src/proxy/`", "exact ztunnel:src/proxy/"},
		{"folder without slash", "`source/common/http`", "exact envoy:source/common/http/"},
		{"folder by glob", "`src/proxy/*.rs`", "exact ztunnel:src/proxy/"},
		{"dot in front", "`./src/main.rs:5`", "exact ztunnel:src/main.rs:5"},
		{"source's name in front", "`envoy/source/common/http/utility.cc`", "exact envoy:source/common/http/utility.cc"},
		{"source's name before a folder", "`ztunnel/src/proxy/`", "exact ztunnel:src/proxy/"},
		{"checkout's folder in front", "`upstream-envoy/source/common/http/utility.cc`", "exact envoy:source/common/http/utility.cc"},
		{"home", "`~/source/redhat/envoy/upstream/main/source/common/http/utility.cc:3`", "exact envoy:source/common/http/utility.cc:3"},
		{"another home", "`/home/ana/source/zt/src/proxy/inbound.rs`", "exact ztunnel:src/proxy/inbound.rs"},
		{"variable", "`$SRC/source/common/http/utility.cc`", "exact envoy:source/common/http/utility.cc"},
		{"bazel's log", "`external/envoy/source/common/http/utility.cc:9`", "exact envoy:source/common/http/utility.cc:9"},
		{"suffix", "`http/conn_manager_impl.cc:30`", "suffix envoy:source/common/http/conn_manager_impl.cc:30"},
		{"bare name", "`inbound.rs:30`", "suffix ztunnel:src/proxy/inbound.rs:30"},
		{"bare folder", "`xds/`", "suffix ztunnel:src/xds/"},
		{"name and suffix", "`ztunnel/proxy/inbound.rs`", "suffix ztunnel:src/proxy/inbound.rs"},
		{"elided", "`source/.../conn_manager_impl.h`", "suffix envoy:source/common/http/conn_manager_impl.h"},
		{"elided in front", "`…/http/codec_client.cc`", "suffix envoy:source/common/http/codec_client.cc"},
		{"half a name is no suffix", "`manager_impl.cc`", "none"},
		{"pair", "`source/common/http/codec_client.h/cc`", "exact envoy:source/common/http/codec_client.h envoy:source/common/http/codec_client.cc"},
		{"pair in braces", "`codec_client.{h,cc}:30`", "suffix envoy:source/common/http/codec_client.h envoy:source/common/http/codec_client.cc"},
		{"pair of which one exists", "`utility_x.h/cc`", "none"},
		{"two folders in braces", "`source/common/{http,network}/utility.cc`", "exact envoy:source/common/http/utility.cc envoy:source/common/network/utility.cc"},
		{"beyond", "`src/main.rs:90-120`", "exact ztunnel:src/main.rs:90-100 beyond"},
		{"wholly beyond", "`src/main.rs:900`", "exact ztunnel:src/main.rs beyond"},
		{"last line", "`src/main.rs:100`", "exact ztunnel:src/main.rs:100"},
		{"ambiguous, core before tests", "`utility.cc`", "ambiguous envoy:source/common/http/utility.cc envoy:source/common/network/utility.cc envoy:test/common/http/utility.cc"},
		{"ambiguous, fewest folders first", "`config.rs`", "ambiguous ztunnel:src/config.rs ztunnel:src/inpod/config.rs ztunnel:tests/config.rs"},
		{"moved", "`source/common/upstream/load_balancer_impl.cc:200-400`", "none near envoy:source/extensions/load_balancing_policies/common/load_balancer_impl.cc"},
		{"other ending", "`source/common/http/codec.cc`", "none near envoy:envoy/http/codec.h"},
		{"alike", "`src/proxy/inbounds.rs`", "none near ztunnel:src/proxy/inbound.rs"},
		{"unknown", "`source/common/zzz/qqq.cc`", "none"},
		{"a folder that is not there", "`source/common/quic/`", "none"},
		{"own document", "En ztunnel: `ARCHITECTURE.md`", "exact ztunnel:ARCHITECTURE.md"},
		{"BUILD alone", "El `BUILD`", "ambiguous envoy:BUILD envoy:source/extensions/filters/http/router/BUILD"},
		{"in a tree", "```\nztunnel/\n└── src/\n    └── inpod/\n        └── config.rs\n```\n",
			"exact ztunnel:src/\nexact ztunnel:src/inpod/\nexact ztunnel:src/inpod/config.rs"},
		{"named elsewhere in the lesson", "`source/common/network/utility.cc:10`\n\n`utility.cc:20`",
			"exact envoy:source/common/network/utility.cc:10\ncontext envoy:source/common/network/utility.cc:20"},
		{"two named elsewhere", "`source/common/http/utility.cc`\n" + strings.Repeat("\n", 20) + "`source/common/network/utility.cc` `utility.cc`",
			"exact envoy:source/common/http/utility.cc\nexact envoy:source/common/network/utility.cc\n" +
				"ambiguous envoy:source/common/network/utility.cc envoy:source/common/http/utility.cc envoy:test/common/http/utility.cc"},
		{"folder of a neighbour", "`src/xds/` `src/xds/metrics.rs`\n\n`metrics.rs`", "exact ztunnel:src/xds/\nexact ztunnel:src/xds/metrics.rs\ncontext ztunnel:src/xds/metrics.rs"},
		{"source of the lesson", "`src/main.rs` `src/proxy/inbound.rs` `README.md`",
			"exact ztunnel:src/main.rs\nexact ztunnel:src/proxy/inbound.rs\ncontext ztunnel:README.md"},
		{"source of the line", "`src/main.rs`\n\n- Envoy: `README.md` y `BUILD`",
			"exact ztunnel:src/main.rs\ncontext envoy:README.md\nambiguous envoy:BUILD envoy:source/extensions/filters/http/router/BUILD"},
		{"source of the heading", "`src/main.rs`\n\n## Envoy\n\n`config.cc` `README.md`",
			"exact ztunnel:src/main.rs\nambiguous envoy:source/extensions/filters/http/router/config.cc envoy:contrib/foo/source/config.cc\ncontext envoy:README.md"},
		{"two sources of a line", "`README.md` `src/main.rs` `source/common/http/utility.cc` de Envoy y ztunnel",
			"ambiguous envoy:README.md ztunnel:README.md\nexact ztunnel:src/main.rs\nexact envoy:source/common/http/utility.cc"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, v := settle("x.md", "# Lección\n\n"+test.lesson+"\n")
			var got []string
			for i := range c.Lessons[0].Citations {
				got = append(got, show(v.Resolution("x", i)))
			}
			if diff := cmp.Diff(test.want, strings.Join(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNeighbours(t *testing.T) {
	c, v := settle(
		"04_z/01_a.md", "`src/main.rs` `src/proxy/inbound.rs`",
		"04_z/02_b.md", "Tabla de `README.md` y `metrics.rs`",
	)
	for i, want := range []string{
		"ambiguous ztunnel:README.md envoy:README.md",
		"ambiguous ztunnel:src/proxy/metrics.rs ztunnel:src/xds/metrics.rs",
	} {
		if got := show(v.Resolution(c.Lessons[1].ID, i)); got != want {
			t.Errorf("%s: %s, want %s", c.Lessons[1].Citations[i].Raw, got, want)
		}
	}
}

func TestUnknown(t *testing.T) {
	_, v := settle("x.md", "`src/main.rs`")
	for _, i := range []int{-1, 1} {
		if got := v.Resolution("x", i); got.Match != annotations.MatchNone {
			t.Errorf("citation %d: %v", i, got)
		}
	}
	if got := v.Resolution("y", 0); got.Match != annotations.MatchNone {
		t.Errorf("no lesson: %v", got)
	}
	if got := v.Annotations("envoy", "nada.cc"); len(got) != 0 {
		t.Errorf("no file: %v", got)
	}
}

func TestAnnotations(t *testing.T) {
	c, v := settle(
		"01_a.md", "# A\n\nPrimero `src/proxy/inbound.rs:80-110` y otra vez `inbound.rs:80-110`.\n\nLuego `src/proxy/inbound.rs:20`.\n\n- Todo `src/proxy/inbound.rs`\n",
		"02_b.md", "# B\n\nAquí `src/proxy/inbound.rs:80-110`, `src/proxy/inbound.rs:900`, `src/proxy/`, `config.rs:3` y `nada.rs:3`.\n",
	)
	var got []string
	for _, a := range v.Annotations("ztunnel", "src/proxy/inbound.rs") {
		if a.Origin != annotations.FromCitation || a.Source != "ztunnel" || c.Lesson(a.Lesson).Citations[a.Citation].Prose != a.Prose || a.Section != 0 {
			t.Errorf("%+v", a)
		}
		got = append(got, fmt.Sprintf("%v %s#%d", a.Lines, a.Lesson, a.Citation))
	}
	want := []string{" 01_a#3", " 02_b#1", "20 01_a#2", "80-110 01_a#0", "80-110 02_b#0"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := v.Annotations("ztunnel", "src/proxy/"); len(got) != 1 {
		t.Errorf("the folder: %v", got)
	}
	if got := v.Annotations("ztunnel", "src/config.rs"); len(got) != 0 {
		t.Errorf("an ambiguous citation lies on its first candidate: %v", got)
	}
	if diff := cmp.Diff(map[string]int{"src/proxy/inbound.rs": 5, "src/proxy/": 1}, v.Cited("ztunnel")); diff != "" {
		t.Error(diff)
	}
}

// real returns a resolver over the real trees, or skips the test.
func real(t testing.TB) *review.Resolver {
	roots := map[string]string{"envoy": os.Getenv("NAVIGATOR_ENVOY"), "ztunnel": os.Getenv("NAVIGATOR_ZTUNNEL")}
	if roots["envoy"] == "" || roots["ztunnel"] == "" {
		t.Skip("NAVIGATOR_ENVOY and NAVIGATOR_ZTUNNEL name no checkouts")
	}
	var sources []indexer.Source
	var files []indexer.File
	for _, name := range []string{"envoy", "ztunnel"} {
		sources = append(sources, indexer.Source{Name: name, Root: roots[name]})
		err := filepath.WalkDir(roots[name], func(path string, d os.DirEntry, err error) error {
			if err != nil || d.Name() == ".git" {
				return filepath.SkipDir
			}
			if d.Type().IsRegular() {
				rel, _ := filepath.Rel(roots[name], path)
				files = append(files, indexer.File{Source: name, Path: filepath.ToSlash(rel)})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return review.NewResolver(sources, files, func(i int) int {
		text, err := os.ReadFile(filepath.Join(roots[files[i].Source], files[i].Path))
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Count(text, []byte("\n"))
	})
}

// TestReal resolves, over the real trees, references as a course has them.
func TestReal(t *testing.T) {
	r := real(t)
	for raw, want := range map[string]string{
		"source/common/http/conn_manager_impl.h:60":                   "exact envoy:source/common/http/conn_manager_impl.h:60",
		"conn_manager_impl.cc:394-420":                                "suffix envoy:source/common/http/conn_manager_impl.cc:394-420",
		"source/common/event/dispatcher_impl.{h,cc}":                  "exact envoy:source/common/event/dispatcher_impl.h envoy:source/common/event/dispatcher_impl.cc",
		"source/common/upstream/load_balancer_impl.cc:200-400":        "none near envoy:source/extensions/load_balancing_policies/common/load_balancer_impl.cc",
		"source/common/config/grpc_mux_impl.cc":                       "none near envoy:source/extensions/config_subscription/grpc/grpc_mux_impl.cc",
		"src/proxy/":                                                  "exact ztunnel:src/proxy/",
		"~/source/redhat/ztunnel/upstream/master/src/identity/":       "exact ztunnel:src/identity/",
		"~/source/redhat/envoy/upstream/main/source/server/server.cc": "exact envoy:source/server/server.cc",
		"ARCHITECTURE.md":                                             "exact ztunnel:ARCHITECTURE.md",
		"envoy/http/filter.h":                                         "exact envoy:envoy/http/filter.h",
		"filter_manager.cc":                                           "suffix envoy:source/common/http/filter_manager.cc",
	} {
		c := &annotations.Course{Lessons: []*annotations.Lesson{course.Parse("x.md", []byte("Ver `"+raw+"`."))}}
		if got := show(r.Review(c).Resolution("x", 0)); got != want {
			t.Errorf("%s: %s, want %s", raw, got, want)
		}
	}
}

func BenchmarkReview(b *testing.B) {
	r := real(b)
	var text strings.Builder
	for i := range 12 {
		fmt.Fprintf(&text, "En `source/common/http/conn_manager_impl.cc:%d`, `utility.cc` y `src/proxy/`.\n\n", i*10+1)
	}
	c := &annotations.Course{}
	for i := range 33 {
		c.Lessons = append(c.Lessons, course.Parse(fmt.Sprintf("%02d.md", i), []byte(text.String())))
	}
	for b.Loop() {
		if v := r.Review(c); len(v.Annotations("envoy", "source/common/http/conn_manager_impl.cc")) != 33*12 {
			b.Fatal("annotations are missing")
		}
	}
}

func BenchmarkNewResolver(b *testing.B) {
	var files []indexer.File
	for i := range 12_000 {
		files = append(files, indexer.File{Source: "envoy", Path: fmt.Sprintf("source/common/d%d/e%d/file_%d.cc", i%40, i%400, i)})
	}
	slices.SortFunc(files, func(a, b indexer.File) int { return strings.Compare(a.Path, b.Path) })
	for b.Loop() {
		review.NewResolver([]indexer.Source{{Name: "envoy"}}, files, nil)
	}
}
