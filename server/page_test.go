package server_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestHome(t *testing.T) {
	p := newSite(t, newFake()).page(200, "/", "Accept-Language", "en")
	p.count(2, ".module")
	p.text("1 - Libros", ".module:first-of-type h3")
	p.text("Contar <bien>", `.module a[href="/lessons/01_libros/01_contar"]`)
	p.text("Plan", `.plan a[href="/lessons/PLAN_FORMACION"]`)
	p.text("2 to mend", ".module .mend")
	p.count(2, ".source")
	p.attr("https://github.com/ana/shop/tree/"+strings.Repeat("ab", 20)+"/", ".source dd a", "href")
	p.text("1 modified file", ".source dd .tag.warn")
	p.text("1 link 2 too large", ".source:first-of-type dl > div:last-child dd")
}

func TestLesson(t *testing.T) {
	p := newSite(t, newFake()).page(200, "/lessons/01_libros/01_contar", "Accept-Language", "es-ES,en;q=0.5")
	p.text("Contar <bien>", "h1")
	p.attr("es", "article", "lang")
	p.text("1 - Libros", "article .module")
	p.text("2 horas", "header dl > div:nth-child(2) dd")
	p.text("Línea 4 La cabecera no tiene **Tema**.", ".problems li:first-child")
	p.text("Línea 1 Falta una parte de la plantilla: Ejercicios Prácticos.", ".problems li:last-child")
	p.text("1.1 Sumar", `.contents a[href="#11-sumar"]`)
	p.count(0, `nav.neighbours a[rel="prev"]`)
	p.attr("/lessons/01_libros/02_restar", `nav.neighbours a[rel="next"]`, "href")
}

func TestCitationStates(t *testing.T) {
	p := newSite(t, newFake()).page(200, "/lessons/01_libros/01_contar")
	for _, c := range []struct{ id, match, href, title string }{
		{"cite-0", "exact", "/src/shop/source/books/bookkeeper.h?lines=7-9#L7", "Exacta, en shop."},
		{"cite-1", "suffix", "/src/shop/source/main.cc", "Por el final de la ruta: shop/source/main.cc."},
		{"cite-2", "ambiguous", "/citation?lesson=01_libros%2F01_contar&n=2", "Ambigua: encajan 2 archivos."},
		{"cite-3", "none", "/citation?lesson=01_libros%2F01_contar&n=3", "Sin resolver: ningún archivo indexado encaja."},
		{"cite-4", "exact", "/src/shop/source/main.cc?lines=1#L1", "Exacta, en shop. Las líneas citadas pasan del final del archivo."},
	} {
		p.attr(c.match, "#"+c.id, "data-match")
		p.attr(c.href, "#"+c.id, "href")
		p.attr(c.title, "#"+c.id, "title")
	}
	p.count(1, "#prose [data-beyond]")
	p.attr("/src/shop/source/books/bookkeeper.h?lines=7-9#L7", ".cited li li a[data-match=exact]:not([data-beyond])", "href")
	p.text("90", ".cited li li a[data-beyond]")
	p.count(2, `.cited > ul:nth-of-type(2) a`)
}

func TestCitationWithoutOneTarget(t *testing.T) {
	s := newSite(t, newFake())
	p := s.page(200, "/citation?lesson=01_libros%2F01_contar&n=2", "Accept-Language", "en")
	p.text("Ambiguous: 2 files fit.", ".state.is-ambiguous")
	p.count(1, `.places a[href="/src/shop/source/books/empty.h?lines=3#L3"]`)
	p.count(3, `.places a[href="/src/shop/source/books/empty.h?lines=3#L3"] wbr`)
	p.attr("/lessons/01_libros/01_contar#cite-2", "main > p a", "href")

	p = s.page(200, "/citation?lesson=01_libros%2F01_contar&n=3")
	p.count(1, ".state.is-none")
	p.attr("/src/shop/source/main.cc", ".places a", "href")

	s.page(404, "/citation?lesson=01_libros%2F01_contar&n=99")
	s.page(404, "/citation?lesson=01_libros%2F01_contar&n=-1")
	s.page(404, "/citation?lesson=nada&n=0")
}

func TestFile(t *testing.T) {
	p := newSite(t, newFake()).page(200, "/src/shop/source/books/bookkeeper.h")
	p.text("bookkeeper.h", "h1")
	p.count(16, ".l")
	p.text("9 int add(int amount) { return total_ += amount; }", "#L9")
	p.text("6// Adds <one> entry & returns it.", "#L6")
	p.attr("#L7", "#L7 > a.n", "href")
	for selector, text := range map[string]string{
		"#L1 > i.p": "#include", "#L1 > i.s": `"ledger.h"`, "#L6 > i.c": "// Adds <one> entry & returns it.",
		"#L7 > i.k": "class", "#L7 > b.d": "Bookkeeper", "#L7 > b.t": "Ledger", "#L9 > b.w": "total_",
	} {
		p.text(text, selector)
	}
	p.count(3, "#outline > li")
	p.attr("13", "#outline > li.d1", "data-end")
	p.attr("método Shop::Books::Bookkeeper::add", "#outline > li.d2 > a", "title")
	p.attr("#L9", `#outline > [data-kind="method"] > a`, "href")
	p.attr("https://github.com/ana/shop/blob/"+strings.Repeat("ab", 20)+"/source/books/bookkeeper.h", "#upstream", "href")
	p.attr("vscode://file/home/ana/shop/source/books/bookkeeper.h:1", "#editor", "href")
	p.attr("vscode://file/home/ana/shop/source/books/bookkeeper.h:{line}", "main", "data-editor")
	p.attr("source/books/bookkeeper.h", "#citation", "data-citation")
	p.attr("/src/shop/source/books/", ".crumbs li:last-child a", "href")
}

func TestFileLines(t *testing.T) {
	s := newSite(t, newFake())
	for address, want := range map[string]int{"7": 1, "7-9": 3, "L9-L7": 3, "15-900": 2, "900": 0} {
		s.page(200, "/src/shop/source/books/bookkeeper.h?lines="+address).count(want, ".l.w")
	}
	p := s.page(200, "/src/shop/source/books/bookkeeper.h?lines=7-9")
	p.count(1, "#L7.w")
	p.attr("source/books/bookkeeper.h:7-9", "#citation", "data-citation")
	p.attr("https://github.com/ana/shop/blob/"+strings.Repeat("ab", 20)+"/source/books/bookkeeper.h#L7-L9", "#upstream", "href")
	p.attr("vscode://file/home/ana/shop/source/books/bookkeeper.h:7", "#editor", "href")
	for _, wrong := range []string{"0", "x", "-3", "7-", "7-9-11", "99999999999999999999"} {
		s.page(400, "/src/shop/source/books/bookkeeper.h?lines="+wrong)
	}
}

func TestFileCards(t *testing.T) {
	p := newSite(t, newFake()).page(200, "/src/shop/source/books/bookkeeper.h?lines=8")
	p.count(4, ".group")
	p.count(5, ".card")
	p.count(3, ".group.active")                      // 7-9, 7-12 and 8
	p.count(0, `.group[data-first="0"] .card[open]`) // it leaves no room
	p.count(1, `.group[data-first="8"] .card[open]`)
	if first := attrOf(p.all(".group")[0], "data-first"); first != "8" {
		t.Errorf("the first group begins at line %s, want that of the lines asked for", first)
	}
	p.count(2, `.group[data-first="7"][data-last="9"] .card`)
	p.count(1, `.group[data-first="0"]`)
	p.attr("/lessons/01_libros/01_contar#cite-0", `.group[data-first="8"] .source-link a`, "href")
	p.text("Contar <bien>", `.group[data-first="8"] .lesson`)
	p.text("1.1 Sumar", `.group[data-first="8"] .section`)
	p.text("12", `.group[data-first="8"] .prose em`)
	p.attr("?lines=8#L8", `.group[data-first="8"] a.range`, "href")

	// Ranges that overlap have lanes of their own; a mark counts what starts there.
	p.count(1, `#L8.a0.a1.a2`)
	p.count(1, `#L12.a1:not(.a0):not(.a2)`)
	p.count(0, `#L6[class*=" a"]`)
	p.text("3", "#L7 > a.m")
	p.attr("3 explicaciones de las líneas 7-9, 7-12", "#L7 > a.m", "aria-label")
	p.count(1, attrOf(p.one("#L8 > a.m"), "href"))
}

func TestOddFiles(t *testing.T) {
	s := newSite(t, newFake())
	p := s.page(200, "/src/shop/source/books/empty.h")
	p.count(0, ".l")
	p.count(1, "#code > p")
	p = s.page(200, "/src/shop/test/a%20b+c%23d.cc")
	p.text("a b+c#d.cc", "h1")
	p = s.page(200, "/src/shop/source/main.cc")
	p.count(1, ".bar .tag.warn")
	p.count(0, ".group")
	p = s.page(200, "/src/tunnel/src/lib.rs")
	p.count(0, "#upstream")
}

func TestFolder(t *testing.T) {
	s := newSite(t, newFake())
	p := s.page(200, "/src/shop/")
	p.count(3, "tbody tr")
	p.attr("/src/shop/source/", "tbody tr:first-child .directory a", "href")
	p.text("3 archivos", "tbody tr:first-child td:nth-child(3)")
	p.text("5", "tbody tr:first-child td:last-child") // below it
	p = s.page(200, "/src/shop/source/books/")
	p.count(2, "tbody tr")
	p.text("5", "tbody tr:first-child td:last-child")
	p = s.page(200, "/src/shop/test/")
	p.attr("/src/shop/test/a%20b+c%23d.cc", "tbody a", "href")
	for address, to := range map[string]string{"/src/shop": "/src/shop/", "/src/shop/source/books": "/src/shop/source/books/"} {
		w := s.ask(address)
		if w.Code != http.StatusFound || w.Header().Get("Location") != to {
			t.Errorf("%s: status %d to %q, want a redirect to %s", address, w.Code, w.Header().Get("Location"), to)
		}
	}
}

func TestNotFound(t *testing.T) {
	s := newSite(t, newFake())
	p := s.page(404, "/src/shop/source/books/bookkeepers", "Accept-Language", "en")
	p.text("No indexed file or folder is called “shop/source/books/bookkeepers”.", "h1 + p")
	p.count(1, `li a[href="/src/shop/source/books/bookkeeper.h"]`)
	p.count(1, `li a[href="/src/shop/source/books/"]`)
	p = s.page(404, "/src/shops/x")
	p.count(1, `li a[href="/src/shop/"]`)
	p = s.page(404, "/lessons/01_contar")
	p.count(1, `li a[href="/lessons/01_libros/01_contar"]`)
	s.page(404, "/nothing/here").count(1, "main.error")
}

func TestSearchPage(t *testing.T) {
	s := newSite(t, newFake())
	p := s.page(200, "/search?q=add", "Accept-Language", "en")
	p.attr("/src/shop/source/books/bookkeeper.h?lines=9#L9", ".symbol a", "href")
	p.text("int add(int amount)", ".symbol .signature")
	p.text("add", ".hit mark")
	p.attr("/src/shop/source/books/bookkeeper.h?lines=9#L9", ".hit li a", "href")
	p.attr("add", "#find", "value")
	p.count(7, ".tabs a")

	s.page(200, "/search?q=add&lang=es").count(1, `html[lang="es"]`)
	p = s.page(200, "/search?q=add&symbol_kind=class")
	p.count(1, `select[name="symbol_kind"] option[selected]`)
	p.count(1, `.tabs a[aria-current][href*="kind=symbol"]`)
	p.count(1, `.tabs a[href*="symbol_kind"]`)
	p = s.page(200, "/search?q=contar&kind=lesson")
	p.attr("/lessons/01_libros/01_contar#1-el-libro", "section li a", "href")
	p.text("contar", ".snippet mark")
	p.count(1, `.tabs a[aria-current="page"][href="/search?kind=lesson&q=contar"]`)

	s.page(200, "/search?q=zzz").count(1, ".nothing")
	s.page(200, "/search").count(0, ".nothing")
	s.page(200, "/search?q=%28&kind=text&regexp=1").text("No se entiende la búsqueda: missing )", `.failure[role="alert"]`)
	s.page(400, "/search?q=x&kind=poem")
	s.page(400, "/search?q="+strings.Repeat("x", 1001))
	s.page(400, "/search?q=%ff")
}

func TestPreferences(t *testing.T) {
	s := newSite(t, newFake())
	for _, c := range []struct{ address, accept, cookie, lang, theme string }{
		{"/", "", "", "es", ""},
		{"/", "de, en-GB;q=0.8, es;q=0.3", "", "en", ""},
		{"/", "en", "lang=es; theme=dark", "es", "dark"},
		{"/?lang=en&theme=light", "es", "lang=es; theme=dark", "en", "light"},
		{"/?theme=auto", "es", "theme=dark", "es", ""},
		{"/?lang=fr&theme=pink", "es", "", "es", ""},
	} {
		p := s.page(200, c.address, "Accept-Language", c.accept, "Cookie", c.cookie)
		p.attr(c.lang, "html", "lang")
		p.attr(c.theme, "html", "data-theme")
	}
	w := s.ask("/?lang=en&theme=light")
	for _, c := range w.Result().Cookies() {
		if c.SameSite != http.SameSiteLaxMode || c.MaxAge <= 0 || c.Path != "/" {
			t.Errorf("cookie %s", c)
		}
	}
	if n := len(w.Result().Cookies()); n != 2 {
		t.Errorf("%d cookies are set, want 2", n)
	}
	if cookies := s.ask("/?lang=fr&theme=pink").Result().Cookies(); len(cookies) > 0 {
		t.Errorf("unknown preferences are remembered: %v", cookies)
	}
}

// Every page must be complete: one main, one heading of level 1, a skip link to
// the content, no script or style inline, a script that has the parser wait for
// the styles, ids that are unique, and anchors within it that lead somewhere.
func TestEveryPageIsWhole(t *testing.T) {
	s := newSite(t, newFake())
	for _, address := range []string{
		"/", "/lessons/01_libros/01_contar", "/lessons/PLAN_FORMACION", "/citation?lesson=01_libros%2F01_contar&n=2",
		"/src/shop/", "/src/shop/source/books/bookkeeper.h?lines=8", "/src/shop/source/books/empty.h", "/search?q=add", "/search",
	} {
		p := s.page(200, address)
		p.count(1, "main#content")
		p.count(1, "h1")
		p.count(1, `a.skip[href="#content"]`)
		p.count(0, "script:not([src]), style, [style], [onclick]")
		p.count(1, "link[rel=stylesheet] + script:not([type])")
		ids := map[string]bool{}
		for _, n := range p.all("[id]") {
			id := attrOf(n, "id")
			if ids[id] {
				t.Errorf("%s: the id %s is there twice", address, id)
			}
			ids[id] = true
		}
		for _, n := range p.all(`a[href^="#"]`) {
			if to := attrOf(n, "href")[1:]; !ids[to] {
				t.Errorf("%s: nothing has the id %s", address, to)
			}
		}
		for _, n := range p.all("link[href], script[src]") {
			at := attrOf(n, "href") + attrOf(n, "src")
			w := s.ask(at)
			if w.Code != 200 || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
				t.Errorf("%s: %s has status %d and is cached %q", address, at, w.Code, w.Header().Get("Cache-Control"))
			}
		}
	}
}
