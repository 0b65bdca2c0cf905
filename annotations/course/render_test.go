package course_test

import (
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/indexer"
)

// node parses a piece of HTML.
func node(t *testing.T, piece string) *html.Node {
	t.Helper()
	n, err := html.Parse(strings.NewReader(piece))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// all returns the elements that a selector finds.
func all(t *testing.T, n *html.Node, selector string) []*html.Node {
	t.Helper()
	s, err := cascadia.ParseGroup(selector)
	if err != nil {
		t.Fatalf("%s: %v", selector, err)
	}
	return cascadia.QueryAll(n, s)
}

// TestAsidesAreMarked looks at inline code that looks like a reference and is
// none, and at where long names may break.
func TestAsidesAreMarked(t *testing.T) {
	l := course.Parse("01_a/01_b.md", []byte("# B\n\nEl binario `bazel-bin/source/exe/envoy-static` se invoca; `archivo.cc:línea` es un ejemplo, `x/y` no, `src/exe/main.cc` sí.\n\n"+
		"| A | B |\n|---|---|\n| `/etc/envoy/envoy.yaml` | [`bazel-bin/x`](https://example.org/) |\n"))
	out := string(renderer().Lesson(l, links{}))
	checkSafe(t, out)
	for _, want := range []string{
		`<code><span class="citation" data-state="foreign" title="foreign: build-output">bazel-bin/<wbr>source/<wbr>exe/<wbr>envoy-static<span class="hidden"> (foreign)</span></span></code>`,
		`title="foreign: placeholder">archivo.cc:línea<`, `<code>x/y</code>`, `src/<wbr>exe/<wbr>main.cc`, `title="foreign: readers-machine">/etc/<wbr>envoy/`, `<code>bazel-bin/x</code></a>`,
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
	if plain := string(renderer().Lesson(l, nil)); strings.Contains(plain, "data-state") {
		t.Errorf("what leads nowhere is marked in\n%s", plain)
	}
}

// words returns the text of an element.
func words(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b.WriteString(words(c))
	}
	return b.String()
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// checkSafe fails when HTML holds anything that may run, restyle the page, or
// load from elsewhere, and when two ids are equal.
func checkSafe(t *testing.T, piece string) {
	t.Helper()
	tags := "html head body p a span code pre h1 h2 h3 h4 h5 h6 ul ol li table thead tbody tr th td hr br em strong del " +
		"blockquote sup sub div section b i u s ins mark small kbd samp var abbr cite dfn q details summary dl dt dd caption img wbr"
	allowed := strings.Fields(tags)
	attributes := strings.Fields("id class href title rel align start tabindex data-match data-beyond data-state role open src alt loading")
	ids := map[string]bool{}
	for n := range node(t, piece).Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(allowed, n.Data) {
			t.Errorf("element %s in %s", n.Data, piece)
		}
		for _, a := range n.Attr {
			if !slices.Contains(attributes, a.Key) {
				t.Errorf("attribute %s of %s in %s", a.Key, n.Data, piece)
			}
			if a.Key == "href" {
				scheme, _, found := strings.Cut(a.Val, ":")
				if found && !slices.Contains([]string{"http", "https", "mailto"}, strings.ToLower(scheme)) && !strings.ContainsAny(scheme, "/#?") {
					t.Errorf("href %q", a.Val)
				}
			}
			if a.Key == "src" && !strings.HasPrefix(a.Val, "/pictures/") {
				t.Errorf("src %q", a.Val)
			}
			if a.Key == "id" {
				if ids[a.Val] {
					t.Errorf("id %q twice in %s", a.Val, piece)
				}
				ids[a.Val] = true
			}
		}
	}
}

// lesson renders the lesson of testdata/course at path.
func lesson(t *testing.T, path string) (*annotations.Lesson, *html.Node) {
	t.Helper()
	l := demo(t).Lesson(strings.TrimSuffix(path, ".md"))
	if l == nil {
		t.Fatalf("no lesson %s", path)
	}
	out := string(renderer().Lesson(l, links{}))
	checkSafe(t, out)
	return l, node(t, out)
}

func demo(t testing.TB) *annotations.Course {
	c, err := course.Load("testdata/course")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// renderer returns a Renderer that highlights the comments of C++.
func renderer() *course.Renderer {
	return course.NewRenderer(course.Options{
		Highlight: func(language string, text []byte) []indexer.Token {
			var tokens []indexer.Token
			for i, line := range strings.Split(string(text), "\n") {
				if at := strings.Index(line, "//"); at >= 0 {
					tokens = append(tokens, indexer.Token{Line: int32(i + 1), Col: int32(at + 1), Len: int32(len(line) - at), Class: indexer.Comment})
				}
			}
			return tokens
		},
		TokenClass: func(indexer.Class) string { return "tok-comment" },
	})
}

// links lead to addresses that tell what was asked for.
type links struct{}

func (links) Excerpt(i int) template.HTML {
	return ""
}

func (links) Item(i int) template.HTML { return "" }

func (links) Term(i int) (address, definition string) { return "", "" }
func (links) Aside(r annotations.Reason) (title, said string) {
	return "foreign: " + string(r), "foreign"
}

func (links) Citation(i int) course.Link {
	return course.Link{Href: fmt.Sprintf("/files/%d", i), Match: annotations.MatchExact, Beyond: i == 0, Title: `a "título" <b>`}
}

func (links) Lesson(id, anchor string) string {
	if id == "01_base/99_no_existe" {
		return ""
	}
	if anchor != "" {
		anchor = "#" + anchor
	}
	return "/lessons/" + id + anchor
}

func (links) Picture(path string) string { return "/pictures/" + path }

func TestLessonPictures(t *testing.T) {
	text := "# Tema\n\n![El *flujo*](../recursos/flujo.png \"De lado\") ![a](https://example.org/a.png) ![b](../../fuera.png) ![c](/etc/c.png)\n"
	l := course.Parse("01_base/01_a.md", []byte(text))
	page := node(t, string(renderer().Lesson(l, links{})))
	found := all(t, page, "img")
	if len(found) != 1 {
		t.Fatalf("%d pictures, want the one in the course", len(found))
	}
	for name, want := range map[string]string{"src": "/pictures/recursos/flujo.png", "alt": "El flujo", "title": "De lado"} {
		if got := attr(found[0], name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if links := all(t, page, "a.external"); len(links) != 1 {
		t.Errorf("%d links to pictures elsewhere, want 1", len(links))
	}
}

func TestLessonLinks(t *testing.T) {
	l, page := lesson(t, "01_base/01_entrada.md")
	for i, c := range l.Citations {
		found := all(t, page, fmt.Sprintf("#cite-%d", i))
		if len(found) != 1 {
			t.Errorf("citation %d, %s: %d elements", i, c.Raw, len(found))
			continue
		}
		n := found[0]
		if c.Form == annotations.Link {
			if attr(n, "href") != fmt.Sprintf("/files/%d", i) {
				t.Errorf("link citation %d: %q", i, attr(n, "href"))
			}
			continue
		}
		if len(all(t, page, fmt.Sprintf("span:empty#cite-%d", i))) > 0 {
			continue // a diagram's
		}
		if words(n) != c.Raw {
			t.Errorf("citation %d reads %q, not %q", i, words(n), c.Raw)
		}
		if n.Data == "a" && (attr(n, "href") != fmt.Sprintf("/files/%d", i) || attr(n, "class") != "citation" || attr(n, "data-match") != "exact" || attr(n, "title") != `a "título" <b>`) {
			t.Errorf("citation %d: %v", i, n.Attr)
		}
	}
	for _, s := range l.Sections[1:] { // the title is the page's
		found := all(t, page, fmt.Sprintf("h%d", s.Level))
		if !slices.ContainsFunc(found, func(n *html.Node) bool { return attr(n, "id") == s.Anchor && strings.HasSuffix(words(n), s.Title) }) {
			t.Errorf("no heading %d %q with id %q", s.Level, s.Title, s.Anchor)
		}
	}
}

func TestLessonElements(t *testing.T) {
	_, page := lesson(t, "01_base/01_entrada.md")
	for _, want := range []struct {
		selector string
		count    int
		text     string // of the first, "" for any
	}{
		{"h1", 0, ""},
		{"h2", 5, "Objetivos de Aprendizaje"},
		{"pre code.language-mermaid", 1, ""},
		{"pre code.language-mermaid a", 0, ""},
		{`pre code.language-cpp a.citation i.tok-comment`, 1, "source/exe/main.cc:10-14"},
		{`pre code.language-cpp i.tok-comment`, 5, ""},
		{`.citation[data-beyond]`, 1, ""},
		{"li > .task", 2, ""},
		{"table thead th", 2, "Archivo"},
		{"table tbody tr", 2, ""},
		{`table td a.citation`, 2, "source/exe/main.cc:10"},
		{`a[href="#s-1-cómo-arranca"].section`, 1, "abajo"},
		{`a[href="/lessons/01_base/02_rota#s-1-título"]`, 1, "la siguiente"},
		{`a[href="https://example.com/a?b=c&d"][rel="noopener noreferrer"].external`, 1, "sitio"},
		{`img[src="/pictures/01_base/diagrama.png"][alt=imagen]`, 1, ""},
		{"span.dead-link", 1, "no existe"},
		{"sup#fnref-1 a[href='#fn-1']", 1, "1"},
		{"li#fn-1", 1, ""},
		{"details summary", 1, "Más"},
		{"details strong", 1, "dentro"},
		{"kbd", 1, "Ctrl"},
		{"#s-repetido, #s-repetido-1", 2, ""},
		{`a a`, 0, ""},
	} {
		found := all(t, page, want.selector)
		if len(found) != want.count {
			t.Errorf("%s: %d elements, want %d", want.selector, len(found), want.count)
		} else if want.text != "" && words(found[0]) != want.text {
			t.Errorf("%s reads %q, want %q", want.selector, words(found[0]), want.text)
		}
	}
}

func TestHostile(t *testing.T) {
	_, page := lesson(t, "02_hostil/01_html.md")
	for _, selector := range []string{"script", "style", "iframe", "object", "embed", "form", "img", "svg", "base", "link", "meta",
		"[onclick]", "[onerror]", "[onload]", "[style]", "[src]", "#main", ".citation:not([id])"} {
		if found := all(t, page, selector); len(found) > 0 {
			t.Errorf("%s came through: %d", selector, len(found))
		}
	}
	for _, n := range all(t, page, "a[href]") {
		if href := attr(n, "href"); !strings.HasPrefix(href, "/files/") && !strings.HasPrefix(href, "https://") {
			t.Errorf("href %q came through", href)
		}
	}
	if last := all(t, page, "body > p:last-of-type"); len(last) != 1 || words(last[0]) != "Fin, fuera de todo." {
		t.Error("an open element swallowed the end of the lesson")
	}
	if !strings.Contains(words(page), "if (a < b && c > d)") {
		t.Error("code in a fence was changed")
	}
}

func TestFragmentOfFootnote(t *testing.T) {
	l := course.Parse("a/b.md", []byte("# Notas\n\nUna[^a] y otra[^b].\n\n[^a]: La primera.\n[^b]: Ver `src/main.rs:5`.\n"))
	out := string(renderer().Fragment(l, l.Citations[0].Prose, nil))
	checkSafe(t, out)
	if found := all(t, node(t, out), "ol[start='2'] > li"); len(found) != 1 || !strings.Contains(words(found[0]), "Ver src/main.rs:5") {
		t.Errorf("the second footnote is %s", out)
	}
}

func TestFragments(t *testing.T) {
	l := demo(t).Lesson("01_base/01_entrada")
	r := renderer()
	check := func(raw, selector, text string) {
		t.Helper()
		i := slices.IndexFunc(l.Citations, func(c annotations.Citation) bool { return c.Raw == raw })
		if i < 0 {
			t.Fatalf("no citation %s", raw)
		}
		out := string(r.Fragment(l, l.Citations[i].Prose, links{}))
		checkSafe(t, out)
		n := node(t, out)
		if len(all(t, n, "[id]")) > 0 {
			t.Errorf("%s: ids in %s", raw, out)
		}
		found := all(t, n, selector)
		if len(found) != 1 || !strings.Contains(words(found[0]), text) {
			t.Errorf("%s: %d × %s in %s", raw, len(found), selector, out)
		}
		if len(all(t, n, fmt.Sprintf(`a[href="/files/%d"]`, i))) != 1 {
			t.Errorf("%s: no link in %s", raw, out)
		}
	}
	check("source/exe/main.cc", "body > p:only-child", "El programa empieza")
	check("main_common.cc:20-30", "ol[start='2'] > li", "reparte")
	check("source/exe/main.cc:10", "table tbody tr", "Entrada")
	check("source/exe/main.cc:10", "table thead tr", "Archivo")
	check("source/exe/main.cc:10-14", "code.language-cpp", "int main")
	check("main_common.h:7", "p.heading + p", "La declaración")
	check("source/exe/options.cc:3", "pre", "parse")
	check("src/main.rs:5", "p", "En la cita")
}

func TestTexts(t *testing.T) {
	for _, l := range demo(t).Lessons {
		if got, want := len(course.Texts(l)), max(1, len(l.Sections)); got != want {
			t.Errorf("%s: %d texts of %d sections", l.ID, got, want)
		}
	}
	l := demo(t).Lesson("01_base/01_entrada")
	texts := course.Texts(l)
	at := slices.IndexFunc(l.Sections, func(s annotations.Section) bool { return s.Number == "1" })
	if !strings.Contains(texts[at], "El programa empieza en source/exe/main.cc") || strings.ContainsAny(texts[at], "`*") {
		t.Errorf("section 1 reads %q", texts[at])
	}
	if strings.Contains(texts[0], "El programa empieza") {
		t.Error("a section holds the words of those below it")
	}
}

// filler is what most of a lesson is: prose, tables, code and diagrams that
// cite nothing.
const filler = "\n## 9. Un apartado más\n\nEl *dispatcher* reparte los eventos entre los **workers** y cada uno atiende sus conexiones con `epoll`, " +
	"sin compartir nada salvo lo que pasa por `ThreadLocal::Slot`, que publica una copia en cada hilo.\n\n" +
	"| Capa | Protocolo | Qué ve el proxy |\n|---|---|---|\n| L4 | TCP | Direcciones, puertos y bytes |\n| L7 | `HTTP/2` | Método, ruta y cabeceras |\n\n" +
	"```cpp\n// EXPLICACIÓN: un worker por hilo\nvoid WorkerImpl::threadRoutine(GuardDog& guard_dog) {\n  dispatcher_->run(Event::Dispatcher::RunType::Block);\n}\n```\n\n" +
	"```\n┌────────┐     ┌────────┐\n│ Main   │────▶│ Worker │\n└────────┘     └────────┘\n```\n\n- Primero se acepta la conexión\n- Luego se elige la *filter chain*\n"

// large writes a course of the real one's size: 33 lessons of 28 KiB, each
// with some thirty citations.
func large(b *testing.B) (root string, size int64) {
	root = b.TempDir()
	names := spellings(b)
	for i := range 33 {
		text, err := os.ReadFile(names[i%len(names)])
		if err != nil {
			b.Fatal(err)
		}
		plain, _ := unmark(string(text))
		plain += strings.Repeat(filler, (28<<10-len(plain))/len(filler))
		name := filepath.Join(root, fmt.Sprintf("%02d_modulo", i/6), fmt.Sprintf("%02d_leccion.md", i))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(plain), 0o644); err != nil {
			b.Fatal(err)
		}
		size += int64(len(plain))
	}
	return root, size
}

func BenchmarkLoad(b *testing.B) {
	root, size := large(b)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := course.Load(root); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	l := demo(b).Lesson("01_base/01_entrada")
	b.SetBytes(int64(len(l.Text)))
	b.ReportAllocs()
	for b.Loop() {
		course.Parse(l.Path, l.Text)
	}
}

func BenchmarkLesson(b *testing.B) {
	l := demo(b).Lesson("01_base/01_entrada")
	r := renderer()
	b.SetBytes(int64(len(l.Text)))
	for b.Loop() {
		r.Lesson(l, links{})
	}
}

func BenchmarkFragment(b *testing.B) {
	l := demo(b).Lesson("01_base/01_entrada")
	r := renderer()
	for b.Loop() {
		r.Fragment(l, l.Citations[0].Prose, links{})
	}
}

func BenchmarkFingerprint(b *testing.B) {
	root, _ := large(b)
	for b.Loop() {
		if _, err := course.Fingerprint(root); err != nil {
			b.Fatal(err)
		}
	}
}
