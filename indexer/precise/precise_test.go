package precise_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"navigator/indexer"
	"navigator/indexer/precise"
	"navigator/indexer/precise/scip"
)

const (
	definition = int32(scip.SymbolRole_Definition)
	forward    = int32(scip.SymbolRole_ForwardDefinition)
)

// files are the files of a source, in an order that paths gives.
type files struct {
	paths []string
	texts map[string]string
}

func filesOf(pairs ...string) files {
	f := files{texts: map[string]string{}}
	for i := 0; i < len(pairs); i += 2 {
		f.paths = append(f.paths, pairs[i])
		f.texts[pairs[i]] = pairs[i+1]
	}
	return f
}

func (f files) Text(path string) ([]byte, bool) {
	text, ok := f.texts[path]
	return []byte(text), ok
}

func (f files) Hash() indexer.Hash { return indexer.HashOf([]byte(fmt.Sprint(f.texts))) }

func (f files) index(source, path string) (int, bool) {
	for i, p := range f.paths {
		if p == path && source == "tree" {
			return i, true
		}
	}
	return 0, false
}

// place returns the position of the n-th time, from 0, that word stands in a text.
func place(t testing.TB, text, word string, n int) indexer.Position {
	t.Helper()
	from := 0
	for ; n >= 0; n-- {
		i := strings.Index(text[from:], word)
		if i < 0 {
			t.Fatalf("there is no %q in %q", word, text)
		}
		from += i + 1
	}
	before := text[:from-1]
	return indexer.Position{Line: int32(strings.Count(before, "\n") + 1), Col: int32(from - 1 - strings.LastIndexByte(before, '\n'))}
}

// occurrence returns one of the n-th time that word stands in a text, with
// columns in bytes.
func occurrence(t testing.TB, text, word string, n int, symbol string, roles int32) *scip.Occurrence {
	t.Helper()
	p := place(t, text, word, n)
	return &scip.Occurrence{
		Range: []int32{p.Line - 1, p.Col - 1, p.Col - 1 + int32(len(word))}, Symbol: symbol, SymbolRoles: roles,
	}
}

func document(path string, occurrences ...*scip.Occurrence) *scip.Document {
	return &scip.Document{
		RelativePath: path, Occurrences: occurrences,
		PositionEncoding: scip.PositionEncoding_UTF8CodeUnitOffsetFromLineStart,
	}
}

func message(t testing.TB, root string, documents ...*scip.Document) []byte {
	t.Helper()
	b, err := proto.Marshal(&scip.Index{
		Metadata: &scip.Metadata{ProjectRoot: root, ToolInfo: &scip.ToolInfo{Name: "tester", Version: "1.2"}}, Documents: documents,
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func convert(b []byte, f files) (*precise.Index, error) {
	made, err := precise.Convert(bytes.NewReader(b), int64(len(b)), indexer.HashOf(b), precise.Tree{Source: "tree", Root: "/src/tree", Files: f})
	if err != nil {
		return nil, err
	}
	return precise.Open(made, f.index)
}

// read reads an index of documents.
func read(t testing.TB, f files, documents ...*scip.Document) *precise.Index {
	t.Helper()
	x, err := convert(message(t, "file:///src/tree", documents...), f)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// said writes what an index knows of a name: its places as path:line:col, with
// a question mark for a declaration.
func said(x *precise.Index, f files, file int, at indexer.Position) string {
	n, ok := x.At(file, at)
	if !ok {
		return "nothing"
	}
	if n.External != nil {
		return "external " + n.External.Library
	}
	var words []string
	for _, p := range n.Places {
		word := fmt.Sprintf("%s:%d:%d", f.paths[p.File], p.Span.Start.Line, p.Span.Start.Col)
		if !p.Definition {
			word += "?"
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

const (
	header = "namespace Envoy {\nclass Gate {\n  void open(int gap);\n};\n}\n"
	body   = "#include \"gate.h\"\nvoid Gate::open(int gap) { gap = std::max(gap, 1); helper(); }\n"

	gate   = "cxx . . $ Envoy/Gate#"
	open   = "cxx . . $ Envoy/Gate#open(49f6)."
	stdMax = "cxx . . $ std/max(ab12)."
	helper = "cxx . . $ Envoy/helper(0)."
)

func gates() files { return filesOf("gate.cc", body, "gate.h", header) }

func gateDocuments(t testing.TB) (h, cc *scip.Document) {
	h = document("gate.h",
		occurrence(t, header, "Gate", 0, gate, definition),
		occurrence(t, header, "open", 0, open, forward),
		occurrence(t, header, "gap", 0, "local 0", definition))
	cc = document("gate.cc",
		occurrence(t, body, "\"gate.h\"", 0, "cxx . . $ `<file>/gate.h`/", 0),
		occurrence(t, body, "Gate", 0, gate, 0),
		occurrence(t, body, "open", 0, open, definition),
		occurrence(t, body, "gap", 0, "local 0", definition),
		occurrence(t, body, "gap", 1, "local 0", 0),
		occurrence(t, body, "gap", 2, "local 0", 0),
		occurrence(t, body, "max", 0, stdMax, 0),
		occurrence(t, body, "helper", 0, helper, 0))
	return h, cc
}

func TestNames(t *testing.T) {
	f := gates()
	h, cc := gateDocuments(t)
	x := read(t, f, h, cc)
	const inBody, inHeader = 0, 1
	for _, tt := range []struct {
		what string
		file int
		at   indexer.Position
		want string
	}{
		{"a type", inBody, place(t, body, "Gate", 0), "gate.h:2:7"},
		{"inside of a name", inBody, place(t, body, "ate::", 0), "gate.h:2:7"},
		{"a declaration", inHeader, place(t, header, "open", 0), "gate.cc:2:12 gate.h:3:8?"},
		{"a local of the document", inBody, place(t, body, "gap", 2), "gate.cc:2:21"},
		{"a local of the same number elsewhere", inHeader, place(t, header, "gap", 0), "gate.h:3:17"},
		{"what the outermost namespace of which is nowhere defined", inBody, place(t, body, "max", 0), "external std"},
		{"what the index mentions and does not define", inBody, place(t, body, "helper", 0), "nothing"},
		{"a range that covers no identifier", inBody, place(t, body, "gate.h", 0), "nothing"},
		{"where no name is", inBody, place(t, body, "{", 0), "nothing"},
		{"after the end", inBody, indexer.Position{Line: 90, Col: 1}, "nothing"},
	} {
		if got := said(x, f, tt.file, tt.at); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.what, got, tt.want)
		}
	}
	want := precise.Stats{Tool: "tester 1.2", Documents: 2, Occurrences: 11, Used: 10}
	if got := x.Stats(); got != want {
		t.Errorf("stats %+v, want %+v", got, want)
	}
}

func TestManyNames(t *testing.T) {
	var text strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&text, "int v%d = v0 + v0;\n", i)
	}
	d := document("a.cc")
	for i := range int32(1000) {
		name := fmt.Sprint("v", i)
		end := 4 + int32(len(name))
		d.Occurrences = append(d.Occurrences,
			&scip.Occurrence{Range: []int32{i, 4, end}, Symbol: "cxx . . $ " + name + ".", SymbolRoles: definition},
			&scip.Occurrence{Range: []int32{i, end + 3, end + 5}, Symbol: "cxx . . $ v0."},
			&scip.Occurrence{Range: []int32{i, end + 8, end + 10}, Symbol: "cxx . . $ v0."})
	}
	f := filesOf("a.cc", text.String())
	x := read(t, f, d)
	for i := range int32(1000) {
		if got, want := said(x, f, 0, indexer.Position{Line: i + 1, Col: 6}), fmt.Sprintf("a.cc:%d:5", i+1); got != want {
			t.Fatalf("line %d: %s, want %s", i+1, got, want)
		}
		col := int32(4 + len(fmt.Sprint("v", i)) + 9)
		if got := said(x, f, 0, indexer.Position{Line: i + 1, Col: col}); got != "a.cc:1:5" {
			t.Fatalf("line %d: v0 is %s", i+1, got)
		}
	}
}

func TestRustSymbols(t *testing.T) {
	const text = "use tokio::spawn; use a::Alias as Other;\nstruct Gate { open: u8 }\nimpl Gate { fn r#type(&self) -> Self { self.open; Workload {} } }\n"
	d := document("src/lib.rs",
		occurrence(t, text, "spawn", 0, "rust-analyzer cargo tokio 1.2.0 task/spawn().", 0),
		occurrence(t, text, "Gate", 0, "rust-analyzer cargo ztunnel 0.0.0 Gate#", definition),
		occurrence(t, text, "open", 0, "rust-analyzer cargo ztunnel 0.0.0 Gate#open.", definition),
		occurrence(t, text, "open", 1, "rust-analyzer cargo ztunnel 0.0.0 Gate#open.", 0),
		occurrence(t, text, "r#type", 0, "rust-analyzer cargo ztunnel 0.0.0 impl#[Gate]type().", definition),
		occurrence(t, text, "Gate", 1, "rust-analyzer cargo ztunnel 0.0.0 Gate#", 0),
		occurrence(t, text, "Self", 0, "rust-analyzer cargo ztunnel 0.0.0 Gate#", 0),
		occurrence(t, text, "Workload", 0, "rust-analyzer cargo ztunnel 0.0.0 xds/Workload#", 0))
	f := filesOf("src/lib.rs", text)
	x := read(t, f, d)
	for word, want := range map[string]string{
		"spawn":    "external tokio",
		"open;":    "src/lib.rs:2:15",
		"r#type":   "src/lib.rs:3:16",
		"Self":     "nothing", // left to the rules
		"Workload": "nothing", // of the own package: generated, it may be
	} {
		if got := said(x, f, 0, place(t, text, word, 0)); got != want {
			t.Errorf("%s: %s, want %s", word, got, want)
		}
	}
}

// columnOf returns the number of units before a byte column from 1.
func columnOf(line string, col int, encoding scip.PositionEncoding) int32 {
	before := line[:col-1]
	switch encoding {
	case scip.PositionEncoding_UTF16CodeUnitOffsetFromLineStart:
		return int32(len(utf16.Encode([]rune(before))))
	case scip.PositionEncoding_UTF32CodeUnitOffsetFromLineStart:
		return int32(utf8.RuneCountInString(before))
	}
	return int32(len(before))
}

func TestColumns(t *testing.T) {
	const line = `f("ñ𝒳", first, second);`
	for declared := range scip.PositionEncoding_name {
		for meant := int32(1); meant <= 3; meant++ {
			if declared != 0 && declared != meant {
				continue
			}
			d := &scip.Document{RelativePath: "a.cc", PositionEncoding: scip.PositionEncoding(declared)}
			for _, word := range []string{"first", "second"} {
				col := int(place(t, line, word, 0).Col)
				from := columnOf(line, col, scip.PositionEncoding(meant))
				d.Occurrences = append(d.Occurrences, &scip.Occurrence{
					Range: []int32{0, from, from + int32(len(word))}, Symbol: fmt.Sprintf("cxx . . $ %s.", word), SymbolRoles: definition,
				})
			}
			f := filesOf("a.cc", line)
			x := read(t, f, d)
			want := fmt.Sprintf("a.cc:1:%d", place(t, line, "second", 0).Col)
			if got := said(x, f, 0, place(t, line, "second", 0)); got != want {
				t.Errorf("declared %d, meant %d: %s, want %s", declared, meant, got, want)
			}
		}
	}
}

func TestRanges(t *testing.T) {
	const text = "int one;\nint two;\n"
	single := &scip.Occurrence{Symbol: "cxx . . $ one.", SymbolRoles: definition, TypedRange: &scip.Occurrence_SingleLineRange{
		SingleLineRange: &scip.SingleLineRange{Line: 0, StartCharacter: 4, EndCharacter: 7}}}
	multi := &scip.Occurrence{Symbol: "cxx . . $ two.", SymbolRoles: definition, TypedRange: &scip.Occurrence_MultiLineRange{
		MultiLineRange: &scip.MultiLineRange{StartLine: 1, StartCharacter: 4, EndLine: 1, EndCharacter: 7}}}
	whole := &scip.Occurrence{Symbol: "cxx . . $ `<file>/a.cc`/", SymbolRoles: definition, Range: []int32{0, 0, 1, 8}}
	f := filesOf("a.cc", text)
	x := read(t, f, document("a.cc", single, multi, whole))
	for word, want := range map[string]string{"one": "a.cc:1:5", "two": "a.cc:2:5", "int": "nothing"} {
		if got := said(x, f, 0, place(t, text, word, 0)); got != want {
			t.Errorf("%s: %s, want %s", word, got, want)
		}
	}
}

func TestStale(t *testing.T) {
	for _, tt := range []struct {
		name  string
		text  string // of gate.cc by now
		old   string // that the document carries
		stale int
		want  string // of open in gate.h
	}{
		{"the same", body, "", 0, "gate.cc:2:12 gate.h:3:8?"},
		{"a line more", "// a comment that is new\n" + body, "", 1, "gate.h:3:8?"},
		{"a name for another", strings.Replace(body, "helper", "shaper", 1), "", 1, "gate.h:3:8?"},
		{"empty", "", "", 1, "gate.h:3:8?"},
		{"the text that it carries", body, body, 0, "gate.cc:2:12 gate.h:3:8?"},
		{"another text than it carries", body + "\n", body, 1, "gate.h:3:8?"},
	} {
		f := filesOf("gate.cc", tt.text, "gate.h", header)
		h, cc := gateDocuments(t)
		cc.Text = tt.old
		x := read(t, f, h, cc)
		if got := said(x, f, 1, place(t, header, "open", 0)); got != tt.want || x.Stats().Stale != tt.stale {
			t.Errorf("%s: %d stale, %s, want %d and %s", tt.name, x.Stats().Stale, got, tt.stale, tt.want)
		}
	}
}

// A few names that are elsewhere by now take their lines with them, not the file.
func TestChangedLine(t *testing.T) {
	var text strings.Builder
	d := document("a.cc")
	for i := range int32(100) {
		fmt.Fprintf(&text, "int name%02d, more;\n", i)
		d.Occurrences = append(d.Occurrences, &scip.Occurrence{
			Range: []int32{i, 4, 10}, Symbol: fmt.Sprintf("cxx . . $ name%02d.", i), SymbolRoles: definition},
			&scip.Occurrence{Range: []int32{i, 12, 16}, Symbol: "cxx . . $ more.", SymbolRoles: definition * (1 - min(i, 1))})
	}
	now := strings.Replace(text.String(), "name50", "other5", 1)
	f := filesOf("a.cc", now)
	x := read(t, f, d)
	for line, want := range map[int32][2]string{
		50: {"a.cc:50:5", "a.cc:1:13"}, 51: {"nothing", "nothing"}, 52: {"a.cc:52:5", "a.cc:1:13"},
	} {
		for i, col := range []int32{5, 13} {
			if got := said(x, f, 0, indexer.Position{Line: line, Col: col}); got != want[i] {
				t.Errorf("%d:%d: %s, want %s", line, col, got, want[i])
			}
		}
	}
}

// In a text that is known to be the one indexed, a name may be an alias.
func TestAlias(t *testing.T) {
	const text = "int long_name;\nint b = alias;\n"
	occurrences := []*scip.Occurrence{
		occurrence(t, text, "long_name", 0, "cxx . . $ long_name.", definition),
		occurrence(t, text, "alias", 0, "cxx . . $ long_name.", 0),
	}
	f := filesOf("a.cc", text)
	d := document("a.cc", occurrences...)
	d.Text = text
	if got := said(read(t, f, d), f, 0, place(t, text, "alias", 0)); got != "a.cc:1:5" {
		t.Errorf("alias: %s", got)
	}
}

func TestDefinedByAnother(t *testing.T) {
	const text = "int one; two;\n"
	d := document("a.cc",
		occurrence(t, text, "one", 0, "cxx . . $ one.", definition),
		occurrence(t, text, "two", 0, "cxx . . $ two.", 0))
	d.Symbols = []*scip.SymbolInformation{{Symbol: "cxx . . $ two.", Relationships: []*scip.Relationship{{Symbol: "cxx . . $ one.", IsDefinition: true}}}}
	f := filesOf("a.cc", text)
	if got := said(read(t, f, d), f, 0, place(t, text, "two", 0)); got != "a.cc:1:5" {
		t.Errorf("two: %s", got)
	}
}

func TestTooManyPlaces(t *testing.T) {
	text := strings.Repeat("namespace Envoy {}\n", 30)
	d := document("a.cc")
	for i := range 30 {
		d.Occurrences = append(d.Occurrences, occurrence(t, text, "Envoy", i, "cxx . . $ Envoy/", definition))
	}
	f := filesOf("a.cc", text)
	if got := said(read(t, f, d), f, 0, indexer.Position{Line: 3, Col: 11}); got != "nothing" {
		t.Errorf("a namespace of 30 places: %s", got)
	}
}

func TestWhereTheProjectIs(t *testing.T) {
	for _, tt := range []struct{ root, path, file string }{
		{"file:///src/tree", "a.cc", "a.cc"},
		{"file:///src/tree/sub", "a.cc", "sub/a.cc"},
		{"file:///src", "tree/a.cc", "a.cc"},
		{"file:///home/somebody/tree", "a.cc", "a.cc"},
		{"", "a.cc", "a.cc"},
	} {
		f := filesOf(tt.file, "int one;\n")
		x, err := convert(message(t, tt.root, document(tt.path, occurrence(t, "int one;\n", "one", 0, "cxx . . $ one.", definition))), f)
		if err != nil {
			t.Fatal(err)
		}
		if x.Stats().Unknown != 0 || said(x, f, 0, indexer.Position{Line: 1, Col: 5}) != tt.file+":1:5" {
			t.Errorf("%s in %s is not %s", tt.path, tt.root, tt.file)
		}
	}
	x := read(t, gates(), document("gone.cc"), document("../gate.cc"), document("/src/tree/gate.cc"))
	if got := x.Stats().Unknown; got != 3 {
		t.Errorf("%d of 3 documents are unknown", got)
	}
}

func TestDocumentTwice(t *testing.T) {
	f := gates()
	h, cc := gateDocuments(t)
	first, second := proto.CloneOf(cc), proto.CloneOf(cc)
	first.Occurrences, second.Occurrences = cc.Occurrences[:3], cc.Occurrences[2:]
	x := read(t, f, h, first, second)
	if got := said(x, f, 1, place(t, header, "open", 0)); got != "gate.cc:2:12 gate.h:3:8?" {
		t.Errorf("open: %s", got)
	}
}

func TestBroken(t *testing.T) {
	h, cc := gateDocuments(t)
	good := message(t, "", h, cc)
	huge := protowire.AppendVarint(append(message(t, ""), 2<<3|2), 1<<62)
	for _, tt := range []struct {
		name string
		b    []byte
		want string
	}{
		{"empty", nil, "it has no documents"},
		{"no documents", message(t, ""), "it has no documents"},
		{"text", []byte("# Not an index\n"), "it is no SCIP index"},
		{"cut in a document", good[:len(good)-5], "it is cut short"},
		{"a length beyond the end", huge, "it is cut short"},
		{"a document that is none", append(bytes.Clone(good), 2<<3|2, 3, 0xff, 0xff, 0xff), "it makes no sense"},
		{"a group", append(bytes.Clone(good), 2<<3|3), "it makes no sense"},
		{"field 0", append(bytes.Clone(good), 2, 0), "it makes no sense"},
		{"a number without end", append(bytes.Clone(good), bytes.Repeat([]byte{0xff}, 20)...), "it makes no sense"},
	} {
		if _, err := convert(tt.b, gates()); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
		}
	}
	for n := range good {
		if x, err := convert(good[:n], gates()); err == nil && x.Stats().Documents > 1 {
			t.Errorf("cut to %d of %d bytes it has %d documents", n, len(good), x.Stats().Documents)
		}
	}
}

func TestFieldsOfTheFuture(t *testing.T) {
	h, cc := gateDocuments(t)
	b := message(t, "", h, cc)
	b = protowire.AppendVarint(protowire.AppendTag(b, 90, protowire.VarintType), 7)
	b = protowire.AppendFixed32(protowire.AppendTag(b, 91, protowire.Fixed32Type), 7)
	b = protowire.AppendFixed64(protowire.AppendTag(b, 92, protowire.Fixed64Type), 7)
	b = protowire.AppendString(protowire.AppendTag(b, 93, protowire.BytesType), "new")
	x, err := convert(b, gates())
	if err != nil || x.Stats().Documents != 2 {
		t.Errorf("%v", err)
	}
}

func TestFresh(t *testing.T) {
	h, cc := gateDocuments(t)
	b := message(t, "", h, cc)
	tree := precise.Tree{Source: "tree", Root: "/src/tree", Files: gates()}
	made, err := precise.Convert(bytes.NewReader(b), int64(len(b)), indexer.HashOf(b), tree)
	if err != nil {
		t.Fatal(err)
	}
	other := gates()
	other.texts["gate.h"] += "\n"
	for _, tt := range []struct {
		name string
		file []byte
		hash indexer.Hash
		tree precise.Tree
		want bool
	}{
		{"the same", made, indexer.HashOf(b), tree, true},
		{"another index", made, indexer.HashOf(nil), tree, false},
		{"other files", made, indexer.HashOf(b), precise.Tree{Source: "tree", Root: "/src/tree", Files: other}, false},
		{"nothing", nil, indexer.HashOf(b), tree, false},
		{"half", made[:20], indexer.HashOf(b), tree, false},
	} {
		if got := precise.Fresh(tt.file, tt.hash, tt.tree); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}

func FuzzConvert(f *testing.F) {
	h, cc := gateDocuments(f)
	f.Add(message(f, "file:///src/tree", h, cc))
	f.Add(message(f, "", document("gate.cc")))
	f.Fuzz(func(t *testing.T, b []byte) {
		tree := gates()
		x, err := convert(b, tree)
		if err != nil {
			return
		}
		s := x.Stats()
		if s.Used > s.Occurrences || s.Stale+s.Unknown > s.Documents {
			t.Errorf("%+v", s)
		}
		for file, path := range tree.paths {
			lines := strings.Split(tree.texts[path], "\n")
			for i, line := range lines {
				for col := range line {
					n, ok := x.At(file, indexer.Position{Line: int32(i + 1), Col: int32(col + 1)})
					if ok && (n.Span.Start.Col > int32(col+1) || n.Span.End.Col < int32(col+1) || int(n.Span.End.Col) > len(line)) {
						t.Errorf("%d:%d is in %v", i+1, col+1, n.Span)
					}
				}
			}
		}
	})
}

func FuzzOpen(f *testing.F) {
	h, cc := gateDocuments(f)
	b := message(f, "", h, cc)
	made, err := precise.Convert(bytes.NewReader(b), int64(len(b)), indexer.HashOf(b), precise.Tree{Source: "tree", Files: gates()})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(made)
	f.Fuzz(func(t *testing.T, b []byte) {
		x, err := precise.Open(b, gates().index)
		if err != nil {
			return
		}
		for file := range 2 {
			for line := range int32(6) {
				for col := range int32(60) {
					x.At(file, indexer.Position{Line: line, Col: col})
				}
			}
		}
	})
}

// Where ranges cut words, the text is another, though most of it fits.
func TestCutWords(t *testing.T) {
	for cut, stale := range map[int]int{0: 0, 1: 0, 6: 1} {
		text := strings.Repeat("int name;\n", 200)
		d := document("a.cc")
		for i := range int32(200) {
			from := int32(4)
			if int(i) < cut {
				from++
			}
			d.Occurrences = append(d.Occurrences, &scip.Occurrence{Range: []int32{i, from, 8}, Symbol: "cxx . . $ name."})
		}
		if got := read(t, filesOf("a.cc", text), d).Stats().Stale; got != stale {
			t.Errorf("with %d ranges of 200 that cut a word %d documents are stale, want %d", cut, got, stale)
		}
	}
}

// A place may have several symbols, and an index may say the same twice.
func TestSeveralSymbolsAtAPlace(t *testing.T) {
	for lines := range 130 {
		text := strings.Repeat("int name;\n", lines+1)
		d := document("a.cc")
		for i := range int32(lines + 1) {
			for _, symbol := range []string{"a/name.", "b/name.", "b/name."} {
				d.Occurrences = append(d.Occurrences, &scip.Occurrence{Range: []int32{i, 4, 8}, Symbol: "cxx . . $ " + symbol})
			}
		}
		d.Occurrences[0].SymbolRoles, d.Occurrences[1].SymbolRoles = definition, forward
		f := filesOf("a.cc", text)
		x := read(t, f, d)
		if want := 2*(lines+1) + 1; x.Stats().Used != want {
			t.Fatalf("%d names, want %d", x.Stats().Used, want)
		}
		if got := said(x, f, 0, indexer.Position{Line: int32(lines + 1), Col: 5}); got != "a.cc:1:5 a.cc:1:5?" {
			t.Fatalf("the last of %d: %s", lines+1, got)
		}
	}
}
