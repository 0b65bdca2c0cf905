package main

import (
	"fmt"
	"testing"
)

// deskLesson is a lesson of the demo whose tour crosses both of its sources.
const deskLesson = "/desk/" + faulty

// openDesk opens the desk at an address once its tour stands.
func openDesk(p *tab, address string) {
	p.Helper()
	p.open(address)
	p.wait("document.readyState == 'complete' && document.querySelector('.beside [aria-current]')")
}

// standing is a JavaScript expression: whether the desk is at a stop, with its
// code painted.
func standing(n int) string {
	return fmt.Sprintf("new URL(location).searchParams.get('stop') == '%d' && document.getElementById('stop-at').textContent == '%[1]d'", n)
}

// TestDeskLooks takes a picture of the desk in every look.
func TestDeskLooks(t *testing.T) {
	b := startBrowser(t)
	site := startNavigator(t, "demo", "--addr", "127.0.0.1:0")
	checkedLessons(t, site)
	for _, look := range looks {
		for name, address := range map[string]string{
			"desk": "/desk/02_proxy_l7/01_vida_de_una_peticion?stop=4&lang=es", "desk-lesson": "/desk/02_proxy_l7/01_vida_de_una_peticion?lang=es",
			"desk-unsound": deskLesson + "?stop=3&lang=es",
		} {
			t.Run(name+"/"+look.String(), func(t *testing.T) {
				p := b.tab(t, site, look)
				openDesk(p, address)
				if wide := eval[int64](p, "document.documentElement.scrollWidth"); wide > look.width {
					t.Errorf("the page is %d pixels wide", wide)
				}
				p.axe()
				p.picture(name + "-" + look.String())
			})
		}
	}
}
