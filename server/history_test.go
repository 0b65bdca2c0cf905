package server_test

import (
	"strings"
	"testing"

	"navigator/annotations"
	"navigator/indexer"
	"navigator/server"
)

const ledger = "source/books/ledger.h" // what bookkeeper.h was called

// changed is a fake whose bookkeeper was renamed and edited since the snapshot
// before.
func changed() *fake {
	v := newFake()
	was := strings.Replace(bookkeeper, "  int add(int amount)", "  long add(long amount)", 1)
	was = strings.Replace(was, "// Adds", "// Old.\n\n// Adds", 1)
	e := &server.Earlier{
		File:   indexer.File{Source: "shop", Path: ledger, Hash: indexer.Hash{1}},
		Source: indexer.Source{Name: "shop", URL: "https://github.com/ana/shop", Revision: strings.Repeat("cd", 20)},
		Text:   []byte(was),
	}
	v.earlier = map[string]*server.Earlier{
		"shop/source/books/bookkeeper.h": e, "shop/" + ledger: e,
		"shop/source/main.cc":   {File: indexer.File{Source: "shop", Path: "source/main.cc"}, Text: []byte("int main() {}\n"), Same: true},
		"shop/source/closed.cc": {File: indexer.File{Source: "shop", Path: "source/closed.cc"}, Text: []byte("int closed;\n")},
	}
	v.later = map[string]string{"shop/" + ledger: "source/books/bookkeeper.h"}
	return v
}

func TestFileLeadsToWhatItWas(t *testing.T) {
	s := newSite(t, changed())
	p := s.page(200, "/src/shop/source/books/bookkeeper.h")
	p.count(1, `.tools a[href="/src/shop/source/books/bookkeeper.h?diff=previous"]`)
	p.count(1, `.tools a[href="/src/shop/source/books/bookkeeper.h?rev=previous"]`)
	s.page(200, "/src/shop/source/main.cc").count(0, `.tools a[href*=previous]`)
	s.page(200, "/src/shop/README.md").count(0, `.tools a[href*=previous]`)
	s.page(404, "/src/shop/source/closed.cc").count(1, `a[href="/src/shop/source/closed.cc?rev=previous"]`)
	s.page(404, "/src/shop/README.md?diff=previous")
	s.page(404, "/src/shop/nothing?rev=previous")
}

func TestFileAsItWas(t *testing.T) {
	s := newSite(t, changed())
	for _, address := range []string{"/src/shop/source/books/bookkeeper.h?rev=previous", "/src/shop/" + ledger + "?rev=previous"} {
		p := s.page(200, address)
		p.count(18, "#code .l")
		if got := textOf(p.one("#L11")); !strings.Contains(got, "long add(long amount)") {
			t.Errorf("%s: line 11 is %q", address, got)
		}
		p.count(1, `.tools a[href="/src/shop/source/books/bookkeeper.h"]`)
		p.count(1, `.tools a[href="https://github.com/ana/shop/blob/`+strings.Repeat("cd", 20)+`/`+ledger+`"]`)
		if got := textOf(p.one(".facts")); !strings.Contains(got, "los de ahora") {
			t.Errorf("%s does not say where its names are: %q", address, got)
		}
		// What lessons say of lines 7 to 9 was said of 9 to 10, as 11 has changed.
		p.count(1, `.group[data-first="9"][data-last="10"]`)
	}
	gone := s.page(200, "/src/shop/source/closed.cc?rev=previous")
	gone.count(0, `.tools a[href*=diff]`)
	gone.count(1, ".facts .tag.warn")
}

func TestDifference(t *testing.T) {
	v := changed()
	s := site{t, server.New(v, server.Options{Keeper: v.keeper}), nil}
	p := s.page(200, "/src/shop/source/books/bookkeeper.h?diff=previous")
	p.count(2, "tr.is-removed")
	p.count(1, "tr.is-changed")
	var marks []string
	for _, m := range p.all("tr.is-changed mark") {
		marks = append(marks, textOf(m))
	}
	if got := strings.Join(marks, " "); got != "long long int int" {
		t.Errorf("marked: %s", got)
	}
	p.count(1, "tr#B7.in")
	p.count(4, ".said-new details")
	if len(p.all(".said-old details")) == 0 {
		t.Error("nothing is said of the file as it was")
	}
	p.count(1, `.tools a[href$="whole=1"]`)
	s.page(200, "/src/shop/source/books/bookkeeper.h?diff=previous&whole=1").count(0, "tr.is-folded")
}

// Where the course still says the old lines, those now are what was found.
func TestDifferenceFollowsDrift(t *testing.T) {
	v := changed()
	item := &v.keeper.drift.Items[1]
	item.Was.Path, item.Blob = ledger, indexer.Hash{1}
	item.Was.Lines, item.Place.Lines = indexer.Lines{First: 11, Last: 11}, indexer.Lines{First: 12, Last: 12}
	v.keeper.drift.Items = v.keeper.drift.Items[1:2]
	v.laid = []annotations.Annotation{v.laid[1]}
	s := site{t, server.New(v, server.Options{Keeper: v.keeper}), nil}
	p := s.page(200, "/src/shop/source/books/bookkeeper.h?diff=previous")
	p.text("L11", ".said-old .range")
	p.text("L12", ".said-new .range")
}
