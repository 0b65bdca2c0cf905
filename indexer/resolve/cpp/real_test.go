package cpp_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/txtar"

	"navigator/indexer"
	"navigator/indexer/resolve/cpp"
	"navigator/indexer/resolve/fixture"
	"navigator/indexer/syntax"
)

// parts are the folders of Envoy that the tests on real code read: what is
// declared, and enough of what implements it.
var parts = []string{
	"envoy", "source/common/common", "source/common/http", "source/common/network", "source/common/stats",
	"source/common/router", "source/common/buffer", "test/mocks/http",
}

var realCorpus = sync.OnceValues(func() (*fixture.Corpus, error) {
	root := os.Getenv("NAVIGATOR_ENVOY")
	var files []txtar.File
	for _, folder := range parts {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || indexer.LanguageOf(path) != indexer.CPP {
				return err
			}
			text, err := os.ReadFile(path)
			name, _ := filepath.Rel(root, path)
			files = append(files, txtar.File{Name: filepath.ToSlash(name), Data: text})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	e := syntax.New()
	defer e.Close()
	return fixture.NewCorpus(files, e.Extract), nil
})

// realTree returns some folders of a checkout of Envoy.
func realTree(t testing.TB) *fixture.Corpus {
	t.Helper()
	if os.Getenv("NAVIGATOR_ENVOY") == "" {
		t.Skip("NAVIGATOR_ENVOY names no checkout")
	}
	c, err := realCorpus()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// share fails the test when fewer than least per mille of all hold.
func share(t *testing.T, what string, hold, all, least int) {
	t.Helper()
	t.Logf("%s: %d of %d", what, hold, all)
	if all == 0 || hold*1000 < all*least {
		t.Errorf("%s: %d of %d hold, want %d ‰", what, hold, all, least)
	}
}

// TestRealMembersLeadToAndFro follows each member that is defined outside its
// class to its declaration there, and that one back.
func TestRealMembersLeadToAndFro(t *testing.T) {
	c := realTree(t)
	r := cpp.New(c, lex)
	there, back, all := 0, 0, 0
	for file := range c.Files() {
		for i, s := range c.Symbols(file) {
			if !s.Definition || s.Parent >= 0 && c.Symbols(file)[s.Parent].Kind != indexer.KindNamespace ||
				s.Kind != indexer.KindMethod && s.Kind != indexer.KindConstructor && s.Kind != indexer.KindDestructor {
				continue
			}
			all++
			m := r.Meaning(file, s.NameSpan.Start)
			if len(m.Answers) == 0 || m.Answers[0].Definition || m.Answers[0].Symbol < 0 {
				t.Logf("%s:%d %s has no declaration", c.Files()[file].Path, s.NameSpan.Start.Line, s.Name)
				continue
			}
			d := m.Answers[0]
			if name := c.Symbols(d.File)[d.Symbol].Name; name != s.Name {
				t.Errorf("%s:%d %s leads to %s", c.Files()[file].Path, s.NameSpan.Start.Line, s.Name, name)
			}
			there++
			again := r.Meaning(d.File, d.Span.Start)
			if len(again.Answers) > 0 && again.Answers[0].File == file && again.Answers[0].Symbol == int32(i) {
				back++
			} else {
				t.Logf("%s:%d %s does not lead back", c.Files()[d.File].Path, d.Span.Start.Line, s.Name)
			}
		}
	}
	share(t, "definitions lead to a declaration", there, all, 990)
	share(t, "and back", back, there, 970)
}

// TestRealSureAnswersBearTheName asks for every identifier: a sure answer has
// the name that stands there, a local's in the same file and not elsewhere, and
// a qualified one ends in the qualifier unless that is an alias or inherited.
func TestRealSureAnswersBearTheName(t *testing.T) {
	c := realTree(t)
	r := cpp.New(c, lex)
	names, all, qualified, sure := 0, 0, 0, 0
	var facts indexer.Facts
	for file := 0; file < len(c.Files()); file += 5 {
		if err := c.Facts(file, &facts); err != nil {
			t.Fatal(err)
		}
		for _, o := range facts.Occurrences {
			m := r.Meaning(file, indexer.Position{Line: o.Line, Col: o.Col})
			if len(m.Answers) == 0 || m.Answers[0].Confidence != indexer.Sure {
				continue
			}
			a := m.Answers[0]
			switch a.Reason.Kind {
			case indexer.ReasonGenerated, indexer.ReasonMacro, indexer.ReasonFile:
				continue
			}
			all++
			last := a.Name[strings.LastIndex(a.Name, "::")+1:]
			last = strings.TrimPrefix(last, ":")
			if last == m.Name || strings.HasPrefix(last, "operator") || strings.TrimPrefix(last, "~") == m.Name {
				names++
			} else {
				t.Logf("%s:%d:%d %s is surely %s", c.Files()[file].Path, o.Line, o.Col, m.Name, a.Name)
			}
			if a.Local != indexer.NotLocal && a.File != file {
				t.Errorf("%s:%d:%d %s is a local of %s", c.Files()[file].Path, o.Line, o.Col, m.Name, c.Files()[a.File].Path)
			}
			if a.Reason.Kind == indexer.ReasonQualified {
				sure++
				if strings.HasSuffix(a.Name, a.Reason.Arg+"::"+m.Name) {
					qualified++
				}
			}
		}
	}
	share(t, "sure answers with the name", names, all, 999)
	share(t, "qualified ones with the qualifier", qualified, sure, 850)
}

// BenchmarkMeaning asks for the names of a large file of Envoy's, known by then.
func BenchmarkMeaning(b *testing.B) {
	benchmark(b, func(c *fixture.Corpus, r *cpp.Resolver) *cpp.Resolver { return r })
}

// BenchmarkFirstMeaning asks for the first name of a large file, nothing being
// known of it.
func BenchmarkFirstMeaning(b *testing.B) {
	benchmark(b, func(c *fixture.Corpus, _ *cpp.Resolver) *cpp.Resolver { return cpp.New(c, lex) })
}

func benchmark(b *testing.B, use func(*fixture.Corpus, *cpp.Resolver) *cpp.Resolver) {
	c := realTree(b)
	file, ok := c.FileIndex(fixture.Source, "source/common/router/router.cc")
	if !ok {
		b.Fatal("router.cc is not there")
	}
	var facts indexer.Facts
	if err := c.Facts(file, &facts); err != nil {
		b.Fatal(err)
	}
	r := cpp.New(c, lex)
	for i := 0; b.Loop(); i++ {
		o := facts.Occurrences[i*7919%len(facts.Occurrences)]
		use(c, r).Meaning(file, indexer.Position{Line: o.Line, Col: o.Col})
	}
}
