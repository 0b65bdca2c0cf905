package main

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestExportedDesk reads a lesson beside its code in an export: from a folder of
// a web server, where a test may look into the frames, and from disk.
func TestExportedDesk(t *testing.T) {
	b := startBrowser(t)
	dir := exportedDemo(t)
	server := httptest.NewServer(http.StripPrefix("/curso", http.FileServer(http.Dir(dir))))
	defer server.Close()
	const desk, code, lesson = "/desk/02_proxy_l7/01_vida_de_una_peticion.html", "document.getElementById('pane-code').contentWindow", "document.getElementById('pane-lesson').contentWindow"
	stop := func(n string) string {
		return "location.hash == '#stop-" + n + "' && document.getElementById('stop-at').textContent == '" + n + "' && " +
			code + ".location.href == document.querySelectorAll('#stops a')[" + n + " - 1].href"
	}

	p := b.tab(t, server.URL, looks[1])
	p.open("/curso/lessons/02_proxy_l7/01_vida_de_una_peticion.html")
	p.click(".to-desk a")
	p.wait("location.pathname == '/curso" + desk + "' && document.getElementById('stop-next').href && " + code + ".document.querySelector('#code .l')")
	p.wait(lesson + ".document.querySelector('main.lesson h1') && getComputedStyle(" + lesson + ".document.querySelector('.top')).display == 'none'")
	p.keys("n")
	p.wait(stop("2"))
	p.wait(lesson + ".location.hash == '#' + document.querySelectorAll('#stops a')[1].dataset.cite")
	p.keys("n")
	p.wait(stop("3"))
	p.wait(code + ".document.readyState == 'complete' && " + code + ".document.documentElement.dataset.pane")
	eval[bool](p, "("+code+".focus(), true)") // the keys are those of the frame now
	p.keys("p")
	p.wait(stop("2"))
	p.back()
	p.wait(stop("3"))
	p.do(chromedp.Reload())
	p.wait(stop("3"))
	p.wait(lesson + ".document.documentElement.dataset.pane")
	eval[bool](p, "("+lesson+".document.getElementById(document.querySelectorAll('#stops a')[5].dataset.cite).click(), true)")
	p.wait(stop("6"))
	p.wait(code + ".document.readyState == 'complete' && " + lesson + ".document.readyState == 'complete'")
	p.picture("export-desk-" + looks[1].String())
	p.axe()
	p.look(looks[2])
	p.wait("document.querySelector('.still').dataset.view == 'code' && getComputedStyle(document.getElementById('pane-lesson')).visibility == 'hidden'")
	p.click(".panes a")
	p.wait("getComputedStyle(document.getElementById('pane-lesson')).visibility == 'visible'")
	if wide := eval[int64](p, "document.documentElement.scrollWidth"); wide > looks[2].width {
		t.Errorf("the desk is %d pixels wide", wide)
	}
	p.picture("export-desk-" + looks[2].String())

	p = b.tab(t, "file://"+filepath.ToSlash(dir), looks[0])
	p.open(desk)
	p.wait("document.getElementById('stop-next').href")
	p.click("#stop-next")
	p.wait("location.hash == '#stop-2' && document.getElementById('stop-at').textContent == '2'")
	p.click("#pane-code")
	p.keys("n")
	p.wait("location.hash == '#stop-3' && document.getElementById('stop-at').textContent == '3'")
}
