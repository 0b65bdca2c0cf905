package course

import (
	"regexp"
	"strings"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"navigator/annotations"
)

// Aside is inline code that looks like a code reference and names no file of a
// source: a check says so, and the lesson shows it as it is.
type Aside struct {
	annotations.Citation
	Reason annotations.Reason
}

// asideKinds tell the kinds of asides, in the order in which they are tried.
var asideKinds = []struct {
	reason  annotations.Reason
	pattern *regexp.Regexp
}{
	{annotations.BuildOutput, regexp.MustCompile(`^(?:\./)?(?:bazel-(?:bin|out|testlogs)|target/(?:debug|release)|out/rust)(?:/[\w.*-]+)*/?$`)},
	{annotations.Placeholder, regexp.MustCompile(`(?i)^(?:[\w/.-]*(?:archivo|fichero|file|path/to|ruta)[\w/.-]*|[\w/-]*<[^>]+>[\w/.-]*)\.(?:cc|h|rs|cpp|proto)(?::(?:\d|l[ií]nea|line|N|X|inicio|start|<)[^\s]*)?$`)},
	{annotations.ReadersOwn, regexp.MustCompile(`^(?:/(?:etc|home|tmp|var|usr|opt|root|proc|sys|dev|run|mnt|Users)(?:/[\w.*@<>{}-]+)+/?|~(?:/[\w.*-]+)+/?)$`)},
	{annotations.Route, regexp.MustCompile(`^/(?:config_dump|stats|clusters|listeners|ready|server_info|healthcheck|quitquitquit|logging|metrics|certs|runtime|` +
		`hot_restart_version|memory|drain_listeners|reset_counters|init_dump|contention|cpuprofiler|heapprofiler|runtime_modify|debug|healthz|readyz)(?:/[\w-]+)*(?:\?\S*)?$`)},
	{annotations.OfCourse, regexp.MustCompile(`^(?:\.{0,2}/)?(?:[\w-]+/)*\d\d_\w+\.md$`)},
}

// made matches the name of a file that a lesson has its reader write: "Cree un
// archivo `envoy.yaml`", "cat > envoy.yaml".
var made = regexp.MustCompile("(?i)(?:\\b(?:cre(?:a|ar|amos|e|ate)|gener(?:a|ar|e|ate)|guard(?:a|ar|e|[ae]lo)|guárd[ae]lo|escrib(?:e|a|ir)|write|save|anot(?:a|ar|e))\\b[^.\n`]{0,40}`" +
	"|\\b(?:cat|tee)[ \t]+(?:-a[ \t]+)?(?:>{1,2}[ \t]*)?|[^-=]>[ \t]*|\\btouch[ \t]+)" +
	`((?:[\w.-]+/)*[\w.-]+\.(?:ya?ml|json|md|toml|sh|py|txt|lua|conf|cfg|env|pcap|log|csv))\b`)

// readersFiles returns the names of the files that a text has its reader write.
func readersFiles(text []byte) map[string]bool {
	names := map[string]bool{}
	for _, m := range made.FindAllSubmatch(text, -1) {
		names[string(m[1])] = true
	}
	return names
}

// Asides returns the asides of a lesson, in order: inline code of prose and
// tables that is no citation. The names of lessons count within a module alone:
// the README and the plan are lists of them.
func Asides(l *annotations.Lesson) []Aside {
	d := parseDocument(l.Text)
	w := &walker{doc: d, lesson: l}
	mine := readersFiles(l.Text)
	var all []Aside
	ast.Walk(d.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		span, ok := n.(*ast.CodeSpan)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		raw := d.codeName(span)
		if reason, ok := asideReason(raw, mine, l.Path); ok && raw != "" {
			start, stop, _ := textRun(span.FirstChild().(*ast.Text))
			form, around := annotations.Inline, n.Parent()
			for ; around.Parent() != nil && around.Type() == ast.TypeInline; around = around.Parent() {
			}
			if around.Kind() == east.KindTableCell {
				form, around = annotations.Table, around.Parent()
			}
			c := w.citation(cited{reference: reference{start: start, end: stop, path: raw}, form: form, prose: w.proseOf(around)})
			all = append(all, Aside{c, reason})
		}
		return ast.WalkContinue, nil
	})
	kept := all[:0]
	for _, a := range all {
		taken := false
		for i := range l.Citations {
			taken = taken || l.Citations[i].Span.Start.Line == a.Span.Start.Line &&
				l.Citations[i].Span.Start.Col <= a.Span.End.Col && a.Span.Start.Col <= l.Citations[i].Span.End.Col
		}
		if !taken {
			kept = append(kept, a)
		}
	}
	return kept
}

// codeName returns the text of inline code that is one word, else "".
func (d *document) codeName(span *ast.CodeSpan) string {
	text, ok := span.FirstChild().(*ast.Text)
	if !ok {
		return ""
	}
	start, stop, _ := textRun(text)
	raw := string(d.text[start:stop])
	if strings.ContainsAny(raw, " \n") {
		return ""
	}
	return raw
}

// asideReason says whether inline code of the lesson at path is an aside, and
// of which kind; mine are the files that the reader writes.
func asideReason(raw string, mine map[string]bool, path string) (annotations.Reason, bool) {
	if mine[raw] {
		return annotations.ReaderMakes, true
	}
	for _, kind := range asideKinds {
		if kind.pattern.MatchString(raw) && (kind.reason != annotations.OfCourse || modules.MatchString(path)) {
			return kind.reason, true
		}
	}
	return "", false
}
