package server_test

import (
	"encoding/json"
	"strings"
	"testing"
)

// A click follows a sure answer alone, and never leaves a definition.
func TestFollow(t *testing.T) {
	s := newSite(t, newFake())
	for place, want := range map[string]string{
		totalPlace: "/src/shop/source/books/bookkeeper.h?lines=12&col=7#L12",
		basePlace:  "", addPlace: "", classPlace: "", stdPlace: "", nonePlace: "",
	} {
		var answer struct{ Follow string }
		if err := json.Unmarshal(s.ask("/api/v1/definition"+place).Body.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		if answer.Follow != want {
			t.Errorf("%s: a click goes to %q, want %q", place, answer.Follow, want)
		}
	}
}

func TestDefinitionRanked(t *testing.T) {
	p := newSite(t, newFake()).page(200, "/definition"+basePlace, "Accept-Language", "es")
	p.text("Ledger", "h1")
	p.text("No hay una respuesta segura para Ledger. Lo más probable primero:", ".verdict")
	p.count(2, ".answers li a")
	p.text("probable · único en el árbol", ".answers li:first-child .why")
	p.text("solo el nombre · uno de 2 con ese nombre", ".answers li:last-child .why")
	p.text("clase (decl.)", ".answers li:last-child .what")
	p.attr("/src/shop/source/main.cc?lines=1&col=1#L1", ".answers li:first-child a", "href")
	p.count(0, ".signature")
	p.attr("/src/shop/source/books/bookkeeper.h?lines=7&col=27#L7", ".name-page > .place a", "href")
}

func TestDefinitionSure(t *testing.T) {
	p := newSite(t, newFake()).page(200, "/definition"+addPlace, "Accept-Language", "en")
	p.count(0, ".answers")
	p.text("Shop::Books::Bookkeeper::add", ".head code")
	p.text("int add(int amount)", ".signature")
	p.count(1, ".signature b.d")
	p.text("Defined in", ".where div:first-child dt")
	p.text("shop/source/books/bookkeeper.h:9", ".where div:first-child dd")
	p.text("Declared in", ".where div:nth-child(2) dt")
	p.text("sure · its counterpart is in source/main.cc", ".where div:nth-child(3) dd")
	p.text("Contar <bien> · 1.1 Sumar", ".lesson")
	p.attr("/lessons/01_libros/01_contar#cite-0", ".lesson", "href")
	p.text("3 references", ".actions li:nth-child(1)")
	p.text("Hierarchy", ".actions li:nth-child(2)")
	p.text("Calls", ".actions li:nth-child(3)")
	p.count(4, ".name-tabs a")
	p.text("Definition", ".name-tabs [aria-current=page]")
}

func TestDefinitionExternal(t *testing.T) {
	s := newSite(t, newFake())
	p := s.page(200, "/definition"+stdPlace, "Accept-Language", "es")
	p.text("externo Es de std, que no está en estas fuentes.", ".verdict")
	p.attr("https://en.cppreference.com/w/cpp", ".name-card a.external", "href")
	p.count(0, ".name-card a[href^='/src/']")
	s.page(200, "/definition"+nonePlace, "Accept-Language", "es").text("Ninguna de estas fuentes define Shop.", ".verdict")
	s.page(404, "/definition"+inBooks+"&line=2&col=1")
	s.page(400, "/definition"+inBooks)
}

// A reader without modules gets to a name by its line.
func TestNamesOfLine(t *testing.T) {
	s := newSite(t, newFake())
	p := s.page(200, "/src/shop/source/books/bookkeeper.h?lines=9")
	form := p.one("noscript")
	if inside := textOf(form); !strings.Contains(inside, `action="/definition"`) || !strings.Contains(inside, `value="9"`) {
		t.Errorf("the page of a file has no form for its lines: %s", inside)
	}
	p = s.page(200, "/definition"+inBooks+"&line=9")
	p.text("int add(int amount) { return total_ += amount; }", ".line-names")
	p.count(3, ".line-names a")
	p.attr("/definition?source=shop&path=source%2Fbooks%2Fbookkeeper.h&line=9&col=32", ".line-names a:nth-of-type(2)", "href")
	p.attr("9", ".line-form input[name=line]", "value")
	s.page(200, "/definition"+inBooks+"&line=99").count(0, ".line-names a")
}

func TestReferences(t *testing.T) {
	s := newSite(t, newFake())
	p := s.page(200, "/references"+addPlace, "Accept-Language", "en")
	p.text("5 places in 3 files", ".summary")
	p.count(4, ".name-view > section")
	p.text("Definition 1", ".name-view > section:nth-of-type(1) h2")
	p.text("Declarations 1", ".name-view > section:nth-of-type(2) h2")
	p.text("Calls 2", ".name-view > section:nth-of-type(3) h2")
	p.text("In tests 1", ".name-view > section:nth-of-type(4) h2")
	p.text("shop/source/books/bookkeeper.h 2", ".name-view > section:nth-of-type(3) h3")
	const call = ".name-view > section:nth-of-type(3) li:first-child a"
	p.text("9int add(int amount) { return total_ += amount; }Bookkeeper::add", call)
	p.text("amount", call+" mark")
	p.attr("/src/shop/source/books/bookkeeper.h?lines=9&col=42#L9", call, "href")
	p.text("Only share the name 1+", ".namesakes h2")
	p.count(1, ".namesakes .lines a")

	p = s.page(200, "/references"+addPlace+"&limit=1", "Accept-Language", "en")
	p.text("Calls 2", ".name-view > section:nth-of-type(3) h2")
	p.count(1, ".name-view > section:nth-of-type(3) li")
	p.text("Show 1 more", ".more a")
	s.page(400, "/references"+addPlace+"&limit=x")
	s.page(200, "/references"+stdPlace, "Accept-Language", "en").count(0, ".namesakes")
}

func TestHierarchy(t *testing.T) {
	s := newSite(t, newFake())
	p := s.page(200, "/hierarchy"+addPlace, "Accept-Language", "en")
	p.text("Overrides", "[data-side=above] h2")
	p.count(1, "[data-side=above] .answer")
	p.count(2, "[data-side=below] .answer")
	p.text("2 steps away 1", "[data-side=below] h3")
	p.attr("/hierarchy?source=shop&path=source%2Fmain.cc&line=1&col=5&kind=types", "[data-side=above] .expand", "href")

	p = s.page(200, "/hierarchy"+classPlace, "Accept-Language", "en")
	p.text("Descends from", "[data-side=above] h2")
	p.text("Outside these sources: std::exception", "[data-side=above] .muted")
	p.text("None.", "[data-side=below] .muted")
	p.count(3, ".name-tabs a")

	p = s.page(200, "/hierarchy"+addPlace+"&kind=calls", "Accept-Language", "en")
	p.text("Called by 1", "[data-side=callers] h2")
	p.count(1, "[data-side=callers] .lines a")
	p.text("None.", "[data-side=callees] .muted")

	s.page(200, "/hierarchy"+stdPlace, "Accept-Language", "en").text("It is neither a type nor a method.", ".verdict")
	s.page(200, "/hierarchy"+stdPlace+"&kind=calls", "Accept-Language", "en").text("It is no function.", ".verdict")
	s.page(400, "/hierarchy"+addPlace+"&kind=friends")
}

func TestPreview(t *testing.T) {
	p := newSite(t, newFake()).page(200, "/preview"+totalPlace)
	p.count(16, "#preview .l")
	p.text("9 int add(int amount) { return total_ += amount; }", "#preview .l.w")
	p.text("total_", "#preview mark b.w")
	p.attr("/src/shop/source/books/bookkeeper.h?lines=9&col=34#L9", "#preview .place a", "href")
}
