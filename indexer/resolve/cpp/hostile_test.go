package cpp_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"navigator/indexer"
	"navigator/indexer/resolve/cpp"
	"navigator/indexer/resolve/fixture"
	"navigator/indexer/syntax"
)

// TestHostileFilesTakeNoLonger asks for names in files that go on for long what
// is resolved step by step.
func TestHostileFilesTakeNoLonger(t *testing.T) {
	many := strings.Repeat
	for name, text := range map[string]string{
		"chain":          "struct A { A& next(); A* p; std::unique_ptr<A> u; }; void f(A& a) { a" + many(".next().u->next().p->next()", 500) + "; }",
		"library chain":  "void f(std::vector<std::vector<int>> v) { v" + many(".front().find(1)->second.begin()", 500) + "; }",
		"nested calls":   "int g(int); int g(double, int = 0); void f() { " + many("g(", 500) + "1" + many(")", 500) + "; }",
		"brackets":       "void f() { " + many("{ [&](auto x) { if (x) { (", 300) + "x" + many(") } }", 300),
		"bases":          many("struct B : ", 1) + many("A<", 200) + "B" + many(">", 200) + " { int f() { return missing; } };",
		"bases in turn":  "struct A : B, C { int f() { return missing; } }; struct B : C, D {}; struct C : D, A {}; struct D : A, B {};",
		"aliases":        "using A = B<C>; using B = C; using C = A; template <class T> using D = E<D<T>>; template <class T> using E = D<E<T>>; void f(D<A> d, E<D<A>> e) { d->x.y(); e->x.y(); }",
		"locals by auto": "void f() { auto a0 = a1;" + many("auto a1 = a0.x(a1, a0); auto a0 = a1.y(a0, a1);", 300) + " a0.z(); }",
		"namesakes":      many("struct S { void m(int); void m(double, int); };", 1000) + "void f() { auto x = y(); x.m(1, 2); }",
		"usings":         many("using namespace a::b; using c::missing;", 2000) + "void f() { missing(); }",
		"conditions":     many("#if (((!defined(X) && (Y || ", 300) + "1\nint x;\n" + many("#endif\n", 300) + "int y = x;",
		"open templates": "void f() { x = " + many("a<b<", 2000) + "; x.y(); }",
	} {
		t.Run(name, func(t *testing.T) {
			e := syntax.New()
			defer e.Close()
			corpus := fixture.NewCorpus([]txtar.File{{Name: "a.cc", Data: []byte(text)}}, e.Extract)
			r := cpp.New(corpus, lex)
			var facts indexer.Facts
			if err := corpus.Facts(0, &facts); err != nil {
				t.Fatal(err)
			}
			step := max(1, len(facts.Occurrences)/40)
			for i := 0; i < len(facts.Occurrences); i += step {
				o := facts.Occurrences[len(facts.Occurrences)-1-i]
				r.Meaning(0, indexer.Position{Line: o.Line, Col: o.Col})
			}
		})
	}
}
