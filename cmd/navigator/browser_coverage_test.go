package main

import (
	"testing"
	"time"
)

// TestCoverageInTheBrowser looks at how much the demo's course explains, and
// goes on to a folder and to a definition that no lesson explains.
func TestCoverageInTheBrowser(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	waitForCoverage(t, site)
	for _, look := range widths {
		t.Run(look.String(), func(t *testing.T) {
			p := b.tab(t, site, look)
			p.open("/coverage")
			p.wait("document.querySelectorAll('.coverage-page tbody tr').length > 10")
			p.inspect("coverage")
		})
	}
	p := b.tab(t, site, looks[0])
	p.open("/")
	p.click(`a[href="/coverage"]`)
	p.wait("document.querySelector('.coverage-page')")
	p.click(".unexplained a")
	p.wait("document.querySelector('#code .l.w')")
	p.back()
	p.click(`.coverage-page a[href="/src/envoylet/source/"]`)
	p.wait("document.querySelector('main.folder tbody td:nth-child(4)').textContent != ''")
	p.picture("folder-explained")
}

// waitForCoverage waits until the coverage is counted.
func waitForCoverage(t *testing.T, site string) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if apiGet[struct{ Ready bool }](t, site, "/api/v1/coverage").Ready {
			return
		}
	}
	t.Fatal("the coverage was never counted")
}
