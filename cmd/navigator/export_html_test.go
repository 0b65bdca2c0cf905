package main

import (
	"bytes"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
	"golang.org/x/net/html"
)

// crawled is a page of an export as a crawler sees it.
type crawled struct {
	ids   map[string]bool
	links []string
	text  string
}

// crawl reads every page of an exported site, by path.
func crawl(t *testing.T, dir string) map[string]*crawled {
	t.Helper()
	pages := map[string]*crawled{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".html" {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		root, err := html.Parse(bytes.NewReader(text))
		if err != nil {
			return err
		}
		page := &crawled{ids: map[string]bool{}, text: string(text)}
		for n := range root.Descendants() {
			for _, a := range n.Attr {
				switch a.Key {
				case "id":
					if page.ids[a.Val] {
						t.Errorf("%s has two elements %q", name, a.Val)
					}
					page.ids[a.Val] = true
				case "href", "src", "action", "data-diagrams":
					page.links = append(page.links, a.Val)
				case "type":
					if n.Data == "script" {
						t.Errorf("%s has a script of type %s, which no browser loads from disk", name, a.Val)
					}
				}
			}
		}
		pages[name] = page
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// deadLinks returns the links of an exported site that lead nowhere: to no
// file, to no element of a page, or out of the folder.
func deadLinks(dir string, pages map[string]*crawled) (dead []string) {
	for name, page := range pages {
		for _, link := range page.links {
			u, err := url.Parse(link)
			if err != nil {
				dead = append(dead, name+": "+link)
				continue
			}
			if u.Scheme == "https" || u.Scheme == "http" || u.Scheme == "mailto" || u.Scheme == "data" {
				continue
			}
			to := name
			if u.Path != "" {
				to = path.Join(path.Dir(name), u.Path)
			}
			info, err := os.Stat(filepath.Join(dir, to))
			other := pages[to]
			switch {
			case u.IsAbs() || u.RawQuery != "" || strings.HasPrefix(u.Path, "/") || strings.HasPrefix(to, "../"),
				err != nil || !info.Mode().IsRegular(),
				u.Fragment != "" && (other == nil || !other.ids[u.Fragment]):
				dead = append(dead, name+": "+link)
			}
		}
	}
	return dead
}

// differ returns the first lines of two texts that differ, "" when none does.
func differ(a, b string) (inA, inB string) {
	as, bs := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range max(len(as), len(bs)) {
		if i >= len(as) || i >= len(bs) || as[i] != bs[i] {
			return strings.Join(as[min(i, len(as)):min(i+1, len(as))], ""), strings.Join(bs[min(i, len(bs)):min(i+1, len(bs))], "") + "\n"
		}
	}
	return "", ""
}

// TestExportedSiteHasNoDeadLink crawls the demo's export.
func TestExportedSiteHasNoDeadLink(t *testing.T) {
	if testing.Short() {
		t.Skip("exports are long")
	}
	workspace := layDemoHere(t)
	dir := export(t, workspace, "html")
	pages := crawl(t, dir)
	kinds := map[string]int{}
	links := 0
	for name, page := range pages {
		kind, _, _ := strings.Cut(name, "/")
		kinds[kind]++
		links += len(page.links)
		if strings.Contains(page.text, "<dd></dd>") {
			t.Errorf("%s has a name without what it is", name)
		}
		if strings.Contains(page.text, filepath.Dir(workspace)) {
			t.Errorf("%s tells where the workspace is", name)
		}
	}
	for _, kind := range []string{"index.html", "search.html", "lessons", "src", "folders", "citations", "excerpts"} {
		if kinds[kind] == 0 {
			t.Errorf("there are no %s in %v", kind, kinds)
		}
	}
	if links < 1000 {
		t.Errorf("only %d links", links)
	}
	for _, dead := range deadLinks(dir, pages) {
		t.Error("dead link: " + dead)
	}
	for name, page := range crawl(t, export(t, workspace, "html")) {
		if pages[name] == nil {
			t.Errorf("%s is only in another export of the same", name)
		} else if was, is := differ(pages[name].text, page.text); was != is {
			t.Errorf("%s has %q, and in another export of the same %q", name, was, is)
		}
	}

	lesson := pages["lessons/02_proxy_l7/01_vida_de_una_peticion.html"]
	file := pages["src/envoylet/source/common/http/filter_pipeline.cc.html"]
	if lesson == nil || file == nil {
		t.Fatal("the lesson or what it cites is not there")
	}
	if want := `href="../../src/envoylet/source/common/http/filter_pipeline.cc.html#L116-L139"`; !strings.Contains(lesson.text, want) {
		t.Errorf("the lesson has no %s", want)
	}
	if want := `href="../../../../../lessons/02_proxy_l7/01_vida_de_una_peticion.html#cite-`; !strings.Contains(file.text, want) {
		t.Errorf("no card leads back into the lesson")
	}

	// The crawler sees what is dead.
	broken := map[string]*crawled{"index.html": {links: []string{"nowhere.html", "search.html#nothing", "/search.html", "../out.html", "lessons"}}, "search.html": pages["search.html"]}
	if dead := deadLinks(dir, broken); len(dead) != 5 {
		t.Errorf("the crawler sees only %q", dead)
	}
}

// TestExportedSiteWorksFromDisk opens the demo's export in a browser, without
// any server.
func TestExportedSiteWorksFromDisk(t *testing.T) {
	b := startBrowser(t)
	dir := exportedDemo(t)
	site := "file://" + filepath.ToSlash(dir)
	for _, look := range widths {
		t.Run(look.String(), func(t *testing.T) {
			p := b.tab(t, site, look)
			p.open("/index.html")
			p.exported("home")
			p.open("/coverage.html")
			p.exported("coverage")
			p.open("/folders/envoylet/source/common/index.html")
			p.exported("folder")
			p.open("/index.html")
			p.click(`main a[href*="02_proxy_l7/01_vida"]`)
			p.wait("document.querySelector('main.lesson h1')")
			p.exported("lesson")
			p.click(`article a.citation[href*="filter_pipeline.cc.html#L116-L139"]`)
			p.wait("document.querySelectorAll('#code .l.w').length == 24")
			p.wait(inView("#L116") + " && document.getElementById('L116').getBoundingClientRect().top > document.querySelector('.bar').getBoundingClientRect().bottom")
			p.wait("[...document.querySelectorAll('#notes .group.active')].some((g) => g.dataset.first == 116)")
			if look.width > 1024 {
				p.wait(`(() => {
					const card = [...document.querySelectorAll('#notes .group.active')].find((g) => g.dataset.first == 116);
					return Math.abs(card.getBoundingClientRect().top - document.getElementById('L116').getBoundingClientRect().top) < 300;
				})()`)
			}
			p.exported("file")
			p.keys("/")
			p.wait("document.activeElement.id == 'find'")
			eval[bool](p, "(document.getElementById('find').value = '', true)") // the protocol types the key, too
			p.keys("RoundRobin\r")
			p.wait("location.pathname.endsWith('/search.html') && document.querySelector('#found a')")
			p.wait("document.querySelector('#found a').textContent.includes('RoundRobin') && document.querySelector('#found .tag').textContent == 'clase'")
			p.exported("search")
			p.click("#found a")
			p.wait("document.querySelector('#code .l.w')?.textContent.includes('RoundRobin')")
			p.open("/search.html?q=peticion")
			p.wait("[...document.querySelectorAll('#found a')].some((a) => a.textContent.includes('petición'))")
		})
	}
	p := b.tab(t, site, looks[0])
	p.open("/search.html?q=peticiones")
	p.wait("[...document.querySelectorAll('#found section')].some((s) => s.firstChild.textContent == 'Lo que el curso explica' && s.querySelector('a[href*=\"src/envoylet/\"]') && s.querySelector('mark'))")
	p.keys(kb.ArrowDown)
	p.wait("document.activeElement == document.querySelector('#found a')")
	p.keys("\r")
	p.wait("document.querySelector('#code .l.w')")
	p.open("/index.html")
	p.click(".preferences summary")
	p.click(`[data-set-theme="dark"]`)
	p.wait("document.documentElement.dataset.theme == 'dark'")
	p.open("/lessons/02_proxy_l7/01_vida_de_una_peticion.html")
	p.wait("document.documentElement.dataset.theme == 'dark'")
	if _, err := os.Stat("../../ui/assets/vendor/mermaid.min.js"); err == nil {
		p.wait("document.querySelector('figure.diagram img')?.naturalWidth > 0")
		p.open(breakDiagram(t, dir))
		p.wait("document.querySelector('figure.diagram > pre + .failure') && !document.querySelector('body > div svg')")
	}
}

// breakDiagram adds a lesson to an exported site whose diagram cannot be drawn,
// and returns its address.
func breakDiagram(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "lessons/02_proxy_l7/01_vida_de_una_peticion.html"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "lessons/02_proxy_l7/broken.html"), bytes.Replace(text, []byte("sequenceDiagram\n"), []byte("sequenceDiagram\n???\n"), 1), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return "/lessons/02_proxy_l7/broken.html"
}

// exported keeps pictures of an exported page, in light and in dark, and wants
// it no wider than the screen.
func (p *tab) exported(name string) {
	p.Helper()
	p.wait("document.readyState == 'complete'")
	was := *p.seen
	for _, scheme := range []string{"dark", "light"} {
		p.look(look{scheme, was.width, was.height})
		p.picture("export-" + name + "-" + p.seen.String())
	}
	if wide := eval[int64](p, "document.documentElement.scrollWidth"); wide > was.width {
		p.Errorf("%s is %d pixels wide", name, wide)
	}
}

// TestExportedSiteIsAccessible opens an export from a web server that knows
// nothing of it.
func TestExportedSiteIsAccessible(t *testing.T) {
	b := startBrowser(t)
	site := httptest.NewServer(http.FileServer(http.Dir(exportedDemo(t))))
	defer site.Close()
	for _, look := range []look{looks[0], looks[3]} {
		p := b.tab(t, site.URL, look)
		for _, page := range []string{
			"/", "/coverage.html", "/search.html?q=RoundRobin", "/folders/envoylet/source/common/", "/lessons/02_proxy_l7/01_vida_de_una_peticion.html",
			"/src/envoylet/source/common/http/filter_pipeline.cc.html#L116-L139", "/citations/04_comparativa/01_l4_o_l7/13.html", "/excerpts/02_proxy_l7/01_vida_de_una_peticion/0.html",
		} {
			p.open(page)
			p.wait("document.readyState == 'complete' && document.querySelector('main')")
			p.axe()
		}
	}
}
