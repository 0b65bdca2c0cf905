package main

import "testing"

// TestCoverageInTheBrowser looks at how much the demo's course explains, and
// goes on to a folder and to a definition that no lesson explains.
func TestCoverageInTheBrowser(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	waitForCoverage(t, site)
	p := b.tab(t, site, looks[0])
	p.open("/")
	p.click(`a[href="/coverage"]`)
	p.wait("document.querySelectorAll('.coverage-page tbody tr').length > 10")
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
	eventually(t, "the coverage is counted", func() bool {
		return apiGet[struct{ Ready bool }](t, site, "/api/v1/coverage").Ready
	})
}
