package syntax_test

import (
	"testing"

	"navigator/indexer"
	"navigator/indexer/syntax"
)

func TestExtract(t *testing.T) {
	x := syntax.New()
	defer x.Close()
	tests := []struct {
		language indexer.Language
		text     string
		want     string // qualified name of the last symbol
	}{
		{indexer.CPP, "namespace a { class B { void c() PURE; }; }", "a::B::c"},
		{indexer.Rust, "mod a { struct B; impl B { fn c() {} } }", "a::B::c"},
		{indexer.Proto, "syntax = \"proto3\";\npackage a;\nmessage B { int32 c = 1; }", "a::B::c"},
		{indexer.Text, "class A {};", ""},
	}
	var facts indexer.Facts
	for _, test := range tests {
		x.Extract(test.language, []byte(test.text), &facts)
		got := ""
		if n := len(facts.Symbols); n > 0 {
			got = facts.Symbols[n-1].Qualified()
		}
		if got != test.want || facts.Errors != 0 {
			t.Errorf("%s: last symbol %q, want %q; %d errors", test.language, got, test.want, facts.Errors)
		}
	}
}

func TestHighlight(t *testing.T) {
	for path, text := range map[string]string{
		"a.cc":    "// comment",
		"a.rs":    "// comment",
		"a.proto": "// comment",
		"a.py":    "# comment",
	} {
		tokens := syntax.Highlight(path, []byte(text))
		if len(tokens) != 1 || tokens[0].Class != indexer.Comment || int(tokens[0].Len) != len(text) {
			t.Errorf("%s: %+v, want one comment", path, tokens)
		}
	}
}
