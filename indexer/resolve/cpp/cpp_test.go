package cpp_test

import (
	"testing"

	"golang.org/x/tools/txtar"

	"navigator/indexer"
	"navigator/indexer/resolve/cpp"
	"navigator/indexer/resolve/fixture"
	"navigator/indexer/syntax"
)

func lex(text []byte) *indexer.Code { return syntax.Lex(indexer.CPP, text) }

func TestFixtures(t *testing.T) {
	e := syntax.New()
	defer e.Close()
	fixture.Run(t, "testdata/*.txtar", e.Extract, func(c indexer.Corpus) func(int, indexer.Position) indexer.Meaning {
		return cpp.New(c, lex).Meaning
	})
}

// FuzzMeaning asks for every place of a hostile file, and of one that includes
// it. Answers must stand where they say.
func FuzzMeaning(f *testing.F) {
	f.Add([]byte("template <class T> struct A : B<T>, A<A<T>> { using X = typename T::X; X x_; auto f() -> decltype(x_) { return this->x_.f(); } };"), 3, 7)
	f.Add([]byte("#if 1\n#define M(a, b) (a).b()\n#elif !defined(X) && (Y > 3\nnamespace a = ::b; using namespace a; int f(int (*g)(int p)) { for (auto& [k, v] : M(g, h)) [k, =](auto... p) { k(p...); }; }"), 2, 9)
	f.Add([]byte("A::B<C::~D::operator()(x<y>>z, {.w = 1}) const : a_(a), b{ MOCK_METHOD(R, n, (T, U)); TEST_P(A, B) { EXPECT_CALL(x, y(_)); }"), 1, 2)
	f.Add([]byte("using A = B; using B = A; A a; int x = a.b->c[d](e).f; class C : public C { C c; }; C g() { return g().c.c->h(); }"), 1, 90)
	e := syntax.New()
	f.Cleanup(e.Close)
	f.Fuzz(func(t *testing.T, text []byte, line, col int) {
		corpus := fixture.NewCorpus([]txtar.File{
			{Name: "a.h", Data: text},
			{Name: "b.cc", Data: append([]byte("#include \"a.h\"\n"), text...)},
			{Name: "m.proto", Data: []byte("package a; message B { oneof c { B d = 1; } repeated B e = 2; }")},
		}, e.Extract)
		r := cpp.New(corpus, lex)
		r.Meaning(0, indexer.Position{Line: int32(line), Col: int32(col)})
		var facts indexer.Facts
		for file := range 2 {
			if err := corpus.Facts(file, &facts); err != nil {
				t.Fatal(err)
			}
			for i, o := range facts.Occurrences {
				if i == 200 {
					break
				}
				m := r.Meaning(file, indexer.Position{Line: o.Line, Col: o.Col})
				for _, a := range m.Answers {
					if a.Span.Start.Line < 1 || a.Span.Start.Col < 1 || a.EndLine < a.Span.Start.Line {
						t.Fatalf("%d:%d means %+v", o.Line, o.Col, a)
					}
				}
			}
		}
	})
}
