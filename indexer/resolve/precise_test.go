package resolve_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	"google.golang.org/protobuf/proto"

	"navigator/indexer"
	"navigator/indexer/precise"
	"navigator/indexer/precise/scip"
	"navigator/indexer/resolve"
	"navigator/indexer/resolve/fixture"
	"navigator/indexer/syntax"
)

// gates is a tree whose index is written in the text itself: a name between
// « and » has the symbol after the bar, which is declared there with a question
// mark and defined with an exclamation mark before it.
const gates = `
-- api/gate.proto --
package api;
message Ticket { string holder = 1; }
-- src/gate.cc --
#include "gate.h"

namespace proxy {
void «Gate|cxx . . $ proxy/Gate#»::«open|!cxx . . $ proxy/Gate#open(1).»(int «gap|!local 0») { «use|cxx . . $ proxy/use(1).»(«gap|local 0»); }
void «close|!cxx . . $ proxy/close(1).»() { std::«max|cxx . . $ std/max(1).»(1, 2); «shut|cxx . . $ elsewhere/shut(1).»(); }
void f(const api::«Ticket|cxx . . $ api/Ticket#»& t) { «shut|cxx . . $ proxy/Gate#shut(2).»(); }
}
-- src/gate.h --
namespace proxy {
class «Gate|!cxx . . $ proxy/Gate#» {
  void «open|?cxx . . $ proxy/Gate#open(1).»(int gap);
  void close();
  void «shut|!cxx . . $ proxy/Gate#shut(1).»() {}
  void «shut|!cxx . . $ proxy/Gate#shut(2).»(int) {}
};
void close();
void shut();
}
`

// unmark returns the text of a file, and the occurrences that its marks stand
// for.
func unmark(marked string) (string, []*scip.Occurrence) {
	var occurrences []*scip.Occurrence
	text, rest, ok := strings.Cut(marked, "«")
	for ok {
		var mark string
		mark, rest, _ = strings.Cut(rest, "»")
		name, symbol, _ := strings.Cut(mark, "|")
		o := &scip.Occurrence{Symbol: strings.TrimLeft(symbol, "!?")}
		switch symbol[0] {
		case '!':
			o.SymbolRoles = int32(scip.SymbolRole_Definition)
		case '?':
			o.SymbolRoles = int32(scip.SymbolRole_ForwardDefinition)
		}
		line, col := int32(strings.Count(text, "\n")), int32(len(text)-1-strings.LastIndexByte(text, '\n'))
		o.Range = []int32{line, col, col + int32(len(name))}
		occurrences = append(occurrences, o)
		var after string
		after, rest, ok = strings.Cut(rest, "«")
		text += name + after
	}
	return text, occurrences
}

// texts are the files of the tree. They are [precise.Files].
type texts map[string]string

func (t texts) Text(path string) ([]byte, bool) {
	text, ok := t[path]
	return []byte(text), ok
}

func (t texts) Hash() indexer.Hash { return indexer.Hash{} }

// precisely returns the tree with a resolver that has its index.
func precisely(t *testing.T, archive string) (indexer.Corpus, *resolve.Resolver) {
	t.Helper()
	tree := txtar.Parse([]byte(archive)).Files
	index := &scip.Index{Metadata: &scip.Metadata{}}
	all := texts{}
	for i, f := range tree {
		text, occurrences := unmark(string(f.Data))
		tree[i].Data = []byte(text)
		all[f.Name] = text
		if occurrences != nil {
			index.Documents = append(index.Documents, &scip.Document{RelativePath: f.Name, Occurrences: occurrences})
		}
	}
	b, err := proto.Marshal(index)
	if err != nil {
		t.Fatal(err)
	}
	made, err := precise.Convert(bytes.NewReader(b), int64(len(b)), indexer.Hash{}, precise.Tree{Source: fixture.Source, Root: "/tree", Files: all})
	if err != nil {
		t.Fatal(err)
	}
	x := syntax.New()
	defer x.Close()
	corpus := fixture.NewCorpus(tree, x.Extract)
	opened, err := precise.Open(made, corpus.FileIndex)
	if err != nil {
		t.Fatal(err)
	}
	if s := opened.Stats(); s.Stale+s.Unknown > 0 {
		t.Fatalf("%+v", s)
	}
	return corpus, resolve.New(corpus, syntax.Lex, opened)
}

// at returns the place of the n-th time, from 0, that a word stands in a file.
func at(t *testing.T, c indexer.Corpus, path, word string, n int) (int, indexer.Position) {
	t.Helper()
	file, ok := c.FileIndex(fixture.Source, path)
	if !ok {
		t.Fatalf("there is no file %s", path)
	}
	text := string(c.Text(file))
	from := 0
	for ; n >= 0; n-- {
		i := strings.Index(text[from:], word)
		if i < 0 {
			t.Fatalf("there is no %s in %s", word, path)
		}
		from += i + 1
	}
	before := text[:from-1]
	return file, indexer.Position{Line: int32(strings.Count(before, "\n") + 1), Col: int32(from - 1 - strings.LastIndexByte(before, '\n'))}
}

func TestPreciseMeaning(t *testing.T) {
	corpus, r := precisely(t, gates)
	for _, tt := range []struct {
		what, path, word string
		n                int
		want             string
	}{
		{"a type", "src/gate.cc", "Gate", 0, "src/gate.h:2:7 class precise precise"},
		{"a definition with its declaration", "src/gate.cc", "open", 0, "src/gate.h:3:8 method precise counterpart, src/gate.cc:4:12 method precise itself"},
		{"a declaration with its definition", "src/gate.h", "open", 0, "src/gate.cc:4:12 method precise counterpart, src/gate.h:3:8 method precise itself"},
		{"a definition of which the index has no declaration", "src/gate.cc", "close", 0, "src/gate.h:8:6 function sure counterpart, src/gate.cc:5:6 function precise itself"},
		{"a parameter", "src/gate.cc", "gap", 1, "src/gate.cc:4:21 parameter precise precise"},
		{"an overload", "src/gate.cc", "shut", 1, "src/gate.h:6:8 method precise precise"},
		{"what is external, and known to the rules", "src/gate.cc", "max", 0, "external std https://en.cppreference.com/mwiki/index.php?search=std::max"},
		{"what is external, and has a namesake here", "src/gate.cc", "shut", 0, "external elsewhere"},
		{"what is generated from a .proto", "src/gate.cc", "Ticket", 0, "api/gate.proto:2:9 message likely qualified"},
	} {
		file, place := at(t, corpus, tt.path, tt.word, tt.n)
		if got := meaning(corpus, r.Meaning(file, place)); got != tt.want {
			t.Errorf("%s: %s\nwant %s", tt.what, got, tt.want)
		}
	}
}

func meaning(c indexer.Corpus, m indexer.Meaning) string {
	if m.External != nil {
		return strings.TrimSpace("external " + m.External.Library + " " + m.External.URL)
	}
	var answers []string
	for _, a := range m.Answers {
		answers = append(answers, fmt.Sprintf("%s:%d:%d %s %s %s",
			c.Files()[a.File].Path, a.Span.Start.Line, a.Span.Start.Col, a.KindName(), a.Confidence, a.Reason.Kind))
	}
	return strings.Join(answers, ", ")
}

func TestPreciseReferences(t *testing.T) {
	corpus, r := precisely(t, gates)
	file, place := at(t, corpus, "src/gate.h", "shut(int", 0)
	refs := r.References(t.Context(), file, place)
	var uses []string
	for _, u := range refs.Uses {
		uses = append(uses, fmt.Sprintf("%s:%d:%d %s %s", corpus.Files()[u.File].Path, u.Span.Start.Line, u.Span.Start.Col, u.Role, u.Confidence))
	}
	if got, want := strings.Join(uses, ", "), "src/gate.cc:6:32 call precise, src/gate.h:6:8 definition precise"; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// What stands far down in a long text is named as what stands at its beginning.
func TestPreciseNameInALongText(t *testing.T) {
	archive := "-- a.cc --\n"
	for i := range 2000 {
		archive += fmt.Sprintf("int «name%d|!cxx . . $ name%d.»;\n", i, i)
	}
	corpus, r := precisely(t, archive)
	for _, n := range []int{0, 1, 400, 1000, 1999} {
		word := fmt.Sprintf("name%d;", n)
		file, place := at(t, corpus, "a.cc", word, 0)
		if got := r.Meaning(file, place).Name + ";"; got != word {
			t.Errorf("%s is called %s", word, got)
		}
	}
}
