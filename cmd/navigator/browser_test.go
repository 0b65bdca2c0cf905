package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	permission "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// needs fails under CI, and skips elsewhere, a test that cannot do without
// something which `make test` installs.
func needs(t testing.TB, what string, err error) {
	t.Helper()
	switch {
	case err == nil:
	case os.Getenv("CI") == "true":
		t.Fatalf("%s is missing: %v", what, err)
	default:
		t.Skipf("%s is missing: %v", what, err)
	}
}

// patience is how long a test waits for what must come. It is no measure of how
// soon: a machine may be slow, and busy with other things.
const patience = 90 * time.Second

// browser is a profile of the Chromium that the tests share. One test has it at a
// time: what it leaves in its storage, no other finds.
type browser struct {
	ctx     context.Context
	profile cdp.BrowserContextID
	idle    []target.ID // tabs that nobody uses
	soiled  bool        // something may be left of who had it
}

// idle are the browsers that no test has.
var idle struct {
	sync.Mutex
	browsers []*browser
}

// startBrowser has the test run beside others.
func startBrowser(t *testing.T) *browser {
	t.Helper()
	t.Parallel()
	return startBrowserAlone(t)
}

// startBrowserAlone is for what measures time.
func startBrowserAlone(t testing.TB) *browser {
	t.Helper()
	if testing.Short() {
		t.Skip("browser tests are long")
	}
	_, err := exec.LookPath("chromium")
	needs(t, "chromium", err)
	b, err := takeBrowser()
	if err != nil {
		t.Fatalf("starting chromium: %v", err)
	}
	t.Cleanup(func() {
		if err := b.giveBack(); err != nil {
			t.Errorf("clearing a profile: %v", err)
		}
	})
	return b
}

// takeBrowser returns a browser that no test has, a new one if there is none.
func takeBrowser() (*browser, error) {
	idle.Lock()
	defer idle.Unlock()
	if n := len(idle.browsers); n > 0 {
		b := idle.browsers[n-1]
		idle.browsers = idle.browsers[:n-1]
		return b, nil
	}
	ctx, err := chromium()
	if err != nil {
		return nil, err
	}
	made, err := chromedp.CallBrowser(ctx, target.CreateBrowserContext, target.CreateBrowserContextParams{})
	if err != nil {
		return nil, err
	}
	return &browser{ctx: ctx, profile: made.BrowserContextID}, nil
}

// giveBack leaves the browser to another test, as if it were new.
func (b *browser) giveBack() error {
	if b.soiled {
		_, err := chromedp.CallBrowser(b.ctx, target.DisposeBrowserContext, target.DisposeBrowserContextParams{BrowserContextID: b.profile})
		return err
	}
	_, err := chromedp.CallBrowser(b.ctx, storage.ClearCookies, storage.ClearCookiesParams{BrowserContextID: b.profile})
	if err == nil {
		_, err = chromedp.CallBrowser(b.ctx, permission.ResetPermissions, permission.ResetPermissionsParams{BrowserContextID: b.profile})
	}
	if err != nil {
		return err
	}
	idle.Lock()
	defer idle.Unlock()
	idle.browsers = append(idle.browsers, b)
	return nil
}

// chromium starts the Chromium that the tests share.
var chromium = sync.OnceValues(func() (context.Context, error) {
	dir, err := os.MkdirTemp("", "navigator-chromium")
	if err != nil {
		return nil, err
	}
	atEnd(func() error { return os.RemoveAll(dir) })
	flags := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath("chromium"), chromedp.UserDataDir(dir), chromedp.NoFirstRun, chromedp.NoSandbox,
		chromedp.Flag("headless", "new"), chromedp.DisableGPU, chromedp.Flag("hide-scrollbars", true),
	}
	for _, what := range []string{"quic", "background-networking", "component-update", "sync", "extensions", "dev-shm-usage",
		"background-timer-throttling", "backgrounding-occluded-windows", "renderer-backgrounding"} {
		flags = append(flags, chromedp.Flag("disable-"+what, true))
	}
	ctx, _ := chromedp.NewExecAllocator(context.Background(), flags...)
	ctx, _ = chromedp.NewContext(ctx)
	atEnd(func() error { return chromedp.Cancel(ctx) })
	return ctx, chromedp.Do(ctx)
})

// tab is a page of the browser.
type tab struct {
	testing.TB
	*browser
	ctx  context.Context
	site string
	seen *look
}

// tab opens a tab that fails the test when a page logs an error, throws, or
// asks another host than site's for anything.
func (b *browser) tab(t testing.TB, site string, how look) *tab {
	t.Helper()
	var mu sync.Mutex
	var complaints []string
	watch := func(event any) {
		if c := complaint(event, site); c != "" {
			mu.Lock()
			defer mu.Unlock()
			complaints = append(complaints, c)
		}
	}
	ctx, err := b.attach(watch)
	if err != nil {
		t.Fatalf("opening a tab: %v", err)
	}
	p := &tab{TB: t, browser: b, site: site, seen: &look{}}
	t.Cleanup(func() {
		p.leave(ctx)
		mu.Lock()
		defer mu.Unlock()
		for _, c := range complaints {
			t.Error(c)
		}
	})
	var cancel func()
	p.ctx, cancel = context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(cancel)
	call(p, network.Enable, network.EnableParams{})
	call(p, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true}) // other tabs may be in front
	p.look(how)
	return p
}

// attach attaches to a tab that nobody uses, a new one if there is none.
func (b *browser) attach(watch func(event any)) (context.Context, error) {
	options := []chromedp.ContextOption{chromedp.WithListener(watch)}
	if n := len(b.idle); n > 0 {
		options = append(options, chromedp.WithTargetID(b.idle[n-1]))
		b.idle = b.idle[:n-1]
	} else {
		options = append(options, chromedp.WithExistingBrowserContext(b.profile))
	}
	ctx, cancel := chromedp.NewContext(b.ctx, append(options, chromedp.WithDetachOnCancel())...)
	err := chromedp.Do(ctx)
	if err != nil {
		cancel()
	}
	return ctx, err
}

// leave leaves the tab for another test: what this one emulates ends with its
// context, what it stored is removed. Of a test that failed, nothing is used again.
func (p *tab) leave(ctx context.Context) {
	id := chromedp.FromContext(ctx).Target.TargetID
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := chromedp.Do(within, chromedp.Evaluate[chromedp.Void]("localStorage.clear(), sessionStorage.clear()"), chromedp.Navigate("about:blank"))
	if err == nil {
		_, err = chromedp.Call(within, page.ResetNavigationHistory, cdp.Empty{})
	}
	if err = errors.Join(err, chromedp.Cancel(ctx)); err != nil || p.Failed() {
		p.soiled = true
		return
	}
	p.idle = append(p.idle, id)
}

// in returns the tab for a test within its own.
func (p *tab) in(t testing.TB) *tab {
	q := *p
	q.TB = t
	return &q
}

// look has the page looked at in another way.
func (p *tab) look(look look) {
	p.Helper()
	if look.scheme != p.seen.scheme {
		call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: look.scheme},
			{Name: "prefers-reduced-motion", Value: "reduce"},
		}})
		p.seen.scheme = look.scheme
	}
	if look != *p.seen {
		p.resize(look.width, look.height)
	}
}

// resize gives the page another screen.
func (p *tab) resize(width, height int64) {
	p.Helper()
	call(p, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: height, DeviceScaleFactor: 1})
	p.seen.width, p.seen.height = width, height
}

// allow lets the site do what browsers ask people for.
func (p *tab) allow(permissions ...string) {
	p.Helper()
	for _, name := range permissions {
		call(p, permission.SetPermission, permission.SetPermissionParams{
			Permission: &permission.PermissionDescriptor{Name: name}, Setting: permission.PermissionSettingGranted,
			Origin: p.site, BrowserContextID: p.profile,
		})
	}
}

// complaint says what is wrong with an event of a page of site, "" when
// nothing is.
func complaint(event any, site string) string {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		return fmt.Sprintf("exception: %s %v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			return "console: " + consoleText(e)
		}
	case *log.EventEntryAdded:
		missing := strings.HasSuffix(e.Entry.URL, missingPage) // that one is 404 is its point
		if e.Entry.Level == log.EntryLevelError && !missing {
			return fmt.Sprintf("log: %s %s", e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		u, err := url.Parse(e.Request.URL)
		if err != nil || u.Scheme != "data" && u.Scheme != "blob" && !strings.HasPrefix(e.Request.URL, site+"/") {
			return "request to another host: " + e.Request.URL
		}
	}
	return ""
}

func consoleText(e *runtime.EventConsoleAPICalled) string {
	var words []string
	for _, arg := range e.Args {
		words = append(words, arg.Description+string(arg.Value))
	}
	return strings.Join(words, " ")
}

func (p *tab) do(actions ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.Fatalf("at %s: %v", p.address(), err)
	}
}

// open goes to an address of the site.
func (p *tab) open(address string) {
	p.Helper()
	p.do(chromedp.Navigate(p.site + address))
}

// back goes back in the tab's history. It begins once the answer is sent, which
// leaving the page would lose.
func (p *tab) back() {
	p.Helper()
	eval[bool](p, "(setTimeout(() => history.back()), true)")
}

// click clicks the middle of an element with the mouse, where the element is
// once the page is complete.
func (p *tab) click(selector string) {
	p.Helper()
	p.wait(fmt.Sprintf("document.readyState == 'complete' && document.querySelector(%q)", selector))
	at := eval[[]float64](p, fmt.Sprintf(`(e => {
		e.scrollIntoView({block: "center", behavior: "instant"});
		const r = e.getClientRects()[0];
		return [r.x + r.width / 2, r.y + r.height / 2];
	})(document.querySelector(%q))`, selector))
	p.do(chromedp.MouseClickXY(at[0], at[1]))
}

func (p *tab) keys(keys string) {
	p.Helper()
	p.do(chromedp.KeyEvent(keys))
}

// wait waits until a JavaScript expression is true, on this page or one that
// it leads to.
func (p *tab) wait(expression string) {
	p.Helper()
	var err error
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(15 * time.Millisecond) {
		var is bool
		if is, err = chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!!("+expression+")")); err == nil && is {
			return
		}
	}
	picture, _ := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	_ = os.WriteFile(filepath.Join(pictures, "failed.png"), picture, 0o644)
	p.Fatalf("at %s: %s never came true (%v)", p.address(), expression, err)
}

// address returns where the tab is, without the site.
func (p *tab) address() string {
	location, err := chromedp.Run(p.ctx, chromedp.Location())
	if err != nil {
		return err.Error()
	}
	return strings.TrimPrefix(location, p.site)
}

// call sends a command of the browser's protocol.
func call[P, R any](p *tab, command cdp.Command[P, R], params P) R {
	p.Helper()
	result, err := chromedp.Call(p.ctx, command, params)
	if err != nil {
		p.Fatal(err)
	}
	return result
}

// eval returns the value of a JavaScript expression, or of its promise.
func eval[T any](p *tab, expression string) T {
	p.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("at %s: %v", p.address(), err)
	}
	return value
}

// look is how a page is looked at.
type look struct {
	scheme        string // "light" or "dark"
	width, height int64
}

func (l look) String() string { return fmt.Sprintf("%s-%d", l.scheme, l.width) }

// widths are the looks that differ in layout.
var widths = []look{looks[0], looks[2]}

var looks = []look{{"light", 1440, 900}, {"dark", 1440, 900}, {"light", 390, 844}, {"dark", 390, 844}}

// missingPage is an address that the server does not know.
const missingPage = "/no-such-page"

// pictures is the folder of the pages' pictures.
const pictures = "../../screenshots"

// axePath is where `npm ci` puts the checker of accessibility.
const axePath = "../../ui/node_modules/axe-core/axe.min.js"

// violation is what axe-core finds wrong with a page.
type violation struct {
	ID    string   `json:"id"`
	Help  string   `json:"help"`
	Nodes []string `json:"nodes"`
}

// axe fails the test for each violation of accessibility.
func (p *tab) axe() {
	p.Helper()
	p.audit("html", "{}")
}

// Options of axe-core: only the rules that see colours, which are most of its
// work, and all but them.
const (
	colours   = `{runOnly: ["color-contrast", "link-in-text-block"]}`
	noColours = `{rules: {"color-contrast": {enabled: false}, "link-in-text-block": {enabled: false}}}`
)

// audit fails the test for each violation of accessibility that axe-core finds,
// with some options, in what a selector matches.
func (p *tab) audit(selector, options string) {
	p.Helper()
	if !eval[bool](p, "'axe' in window") {
		p.do(chromedp.Evaluate[chromedp.Void](axeSource(p.TB)))
	}
	for _, v := range eval[[]violation](p, fmt.Sprintf(`axe.run(%q, {resultTypes: ["violations"], ...%s}).then(found => found.violations.map(v => ({
		id: v.id, help: v.help, nodes: v.nodes.map(n => n.html.slice(0, 300) + "\n\t\t" + n.failureSummary)})))`, selector, options)) {
		p.Errorf("at %s: %s: %s\n\t%s", p.address(), v.ID, v.Help, strings.Join(v.Nodes, "\n\t"))
	}
}

var readAxe = sync.OnceValues(func() (string, error) {
	text, err := os.ReadFile(axePath)
	return string(text), err
})

func axeSource(t testing.TB) string {
	t.Helper()
	source, err := readAxe()
	needs(t, "axe-core", err)
	return source
}

// inspect looks at the page as it is, in light and in dark: it wants no
// violation of accessibility, nothing wider than the screen, and keeps a picture
// of each in screenshots/. The page is left in the scheme that it was not in.
func (p *tab) inspect(name string) {
	p.Helper()
	p.axe()
	p.keep(name, "html")
}

// inspectOpened inspects what is opened above a page that is inspected itself:
// of the page, no colours are seen again.
func (p *tab) inspectOpened(name, opened string) {
	p.Helper()
	p.audit("html", noColours)
	p.audit(opened, colours)
	p.keep(name, opened)
}

// keep keeps pictures of the page in both schemes, and looks at the colours in
// the other one of what a selector matches.
func (p *tab) keep(name, selector string) {
	p.Helper()
	p.fitting(name)
	other := map[string]string{"light": "dark", "dark": "light"}[p.seen.scheme]
	p.look(look{other, p.seen.width, p.seen.height})
	p.audit(selector, colours)
	p.fitting(name)
}

// fitting keeps a picture of the page, which must be no wider than the screen.
func (p *tab) fitting(name string) {
	p.Helper()
	if wide := eval[int64](p, "document.documentElement.scrollWidth"); wide > p.seen.width {
		p.Errorf("%s is %d pixels wide, the screen %d", p.address(), wide, p.seen.width)
	}
	p.picture(name + "-" + p.seen.String())
}

// shift returns how far the layout of a page shifted since it was opened.
func (p *tab) shift() float64 {
	p.Helper()
	p.settle()
	return eval[float64](p, `new Promise(done => {
		let sum = 0;
		new PerformanceObserver(list => list.getEntries().forEach(e => sum += e.value)).observe({type: 'layout-shift', buffered: true});
		setTimeout(() => done(sum), 20);
	})`)
}

// settle waits until what the page is told of its layout has been acted upon and
// painted.
func (p *tab) settle() {
	p.Helper()
	eval[bool](p, "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true), 20))))")
}

// picture keeps a picture of the page in screenshots/.
func (p *tab) picture(name string) {
	p.Helper()
	picture := call(p, page.CaptureScreenshot, page.CaptureScreenshotParams{OptimizeForSpeed: new(true)})
	err := os.MkdirAll(pictures, 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(pictures, name+".png"), picture.Data, 0o644)
	}
	if err != nil {
		p.Fatal(err)
	}
}

// inspect opens pages of a site, by name, wide and narrow, and inspects them.
func (b *browser) inspect(t *testing.T, site string, pages map[string]string) {
	t.Helper()
	for _, look := range widths {
		p := b.tab(t, site, look)
		for name, address := range pages {
			t.Run(fmt.Sprintf("%s/%d", name, look.width), func(t *testing.T) {
				p := p.in(t)
				p.open(address)
				p.wait("document.readyState == 'complete'")
				p.inspect(name)
				p.sweepFocus("")
				p.fits()
			})
		}
	}
}

// demoPages returns an address of each kind of page, by name.
func demoPages(t testing.TB, site string) map[string]string {
	t.Helper()
	_, place := citedLesson(t, site)
	pages := map[string]string{
		"home":           "/",
		"file":           place,
		"folder":         "/src/envoylet/source/common/",
		"source":         "/src/envoylet/",
		"search":         "/search?q=Connection",
		"text":           "/search?kind=text&q=Connection",
		"missing":        missingPage,
		"drift":          "/drift",
		"nothing":        "/search?q=zzqqxx",
		"keys":           "/keys",
		"new-note":       "/notes/new?source=envoylet&path=source/common/http/exchange_manager_impl.cc&lines=3-4",
		"parallels":      "/parallel",
		"one-concept":    "/concepts/backpressure",
		"coverage":       "/coverage",
		"desk":           "/desk/02_proxy_l7/01_vida_de_una_peticion?stop=4",
		"desk-of-lesson": "/desk/02_proxy_l7/01_vida_de_una_peticion?view=lesson",

		"definition": "/definition?source=envoylet&path=source/common/http/filter_pipeline.cc&line=15&col=52",
		"glossary":   "/glossary",
		"references": "/references?source=envoylet&path=envoylet/http/filter.h&line=69&col=7",
		"hierarchy":  "/hierarchy?source=envoylet&path=envoylet/http/filter.h&line=69&col=7",
		"calls":      "/hierarchy?kind=calls&source=envoylet&path=source/common/http/filter_pipeline.cc&line=77&col=22",
	}
	for i, l := range lessonsOf(t, site) {
		pages[fmt.Sprintf("lesson-%d", i)] = l.URL
	}
	return pages
}

// lessonEntry is a lesson in the API's list.
type lessonEntry struct{ ID, URL string }

func lessonsOf(t testing.TB, site string) []lessonEntry {
	t.Helper()
	lessons := apiGet[struct{ Lessons []lessonEntry }](t, site, "/api/v1/lessons").Lessons
	if len(lessons) < 4 {
		t.Fatalf("the demo has only %d lessons", len(lessons))
	}
	return lessons
}

// citedLesson returns the addresses of a lesson and of the lines that its
// first citation of lines leads to.
func citedLesson(t testing.TB, site string) (lesson, place string) {
	t.Helper()
	type content struct {
		Cited []struct {
			First  int
			Match  string
			Places []struct{ URL string }
		}
	}
	for _, l := range lessonsOf(t, site) {
		for _, c := range apiGet[content](t, site, "/api/v1/lessons/"+l.ID).Cited {
			if c.First > 0 && c.Match == "exact" {
				return l.URL, c.Places[0].URL
			}
		}
	}
	t.Fatal("no lesson of the demo cites lines")
	return "", ""
}

// TestReadAndFindTheWay follows a citation from a lesson to the code, goes on
// to a symbol with the keyboard alone, and comes back.
func TestReadAndFindTheWay(t *testing.T) {
	b := startBrowser(t)
	site := demoSite(t)
	lesson, place := citedLesson(t, site)
	p := b.tab(t, site, looks[0])

	p.open("/")
	p.click(fmt.Sprintf(`main a[href=%q]`, lesson))
	p.wait("document.querySelector('main.lesson h1')")

	p.click(fmt.Sprintf(`article a.citation[href=%q]`, place))
	p.wait("document.querySelector('main.file')")
	p.wait("document.querySelectorAll('#code .l.w').length > 0")
	cited := eval[string](p, "document.querySelector('#code .l.w').id")
	p.wait(`document.querySelector('#notes .group.active details.card[open] .prose').textContent.trim() != ''`)
	p.wait(inView("#code .l.w"))
	if back := eval[string](p, "document.querySelector('#notes .group.active .source-link a').getAttribute('href')"); !strings.HasPrefix(back, lesson+"#cite-") {
		t.Errorf("the card leads back to %s, not into %s", back, lesson)
	}
	file := p.address()

	p.keys("/")
	p.wait("document.activeElement.id == 'palette-input'")
	p.keys("RoundRobin")
	p.wait("document.querySelector('#palette [aria-selected=true]')?.textContent.includes('RoundRobin')")
	p.keys("\r")
	p.wait(fmt.Sprintf("location.pathname != new URL(%q, location).pathname && document.querySelector('#code .l.w')", file))
	if line := eval[string](p, "document.querySelector('#code .l.w').textContent"); !strings.Contains(line, "RoundRobin") {
		t.Errorf("the jump leads to %s, %q", p.address(), line)
	}

	p.back()
	p.wait(fmt.Sprintf("location.pathname == new URL(%q, location).pathname && document.querySelector('#code .l.w')?.id == %q", file, cited))
	p.wait(inView("#" + cited))
	p.back()
	p.wait(fmt.Sprintf("location.pathname == %q", lesson))
}

// TestPreferencesAreKept chooses the theme and the language in the menu: other
// pages have them, too, and Escape closes the menu.
func TestPreferencesAreKept(t *testing.T) {
	b := startBrowser(t)
	p := b.tab(t, demoSite(t), looks[0])
	const kept = "document.readyState == 'complete' && document.documentElement.lang == 'es' && document.documentElement.dataset.theme == 'dark'"
	p.open("/?lang=en")
	p.click(".preferences summary")
	p.click("[data-set-theme=dark]")
	p.wait("document.documentElement.dataset.theme == 'dark'")
	p.click(".preferences a[hreflang=es]")
	p.wait("location.pathname == '/' && " + kept)
	p.open("/glossary")
	p.wait(kept)
	p.click(".preferences summary")
	p.wait("document.querySelector('.preferences').open")
	p.keys(kb.Escape)
	p.wait("!document.querySelector('.preferences').open && document.activeElement.matches('.preferences summary')")
}

// TestFindByMouse opens the palette by its other key, chooses a
// prefix by its button, and a result with the mouse;
// the outline of the file that it leads to is filtered by words.
func TestFindByMouse(t *testing.T) {
	b := startBrowser(t)
	p := b.tab(t, demoSite(t), looks[0])
	p.open("/")
	p.wait("document.readyState == 'complete'")
	p.do(chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	p.wait("document.activeElement.id == 'palette-input'")
	p.click("[data-prefix='~']")
	p.wait("document.getElementById('palette-input').value == '~'")
	p.keys("filter_pipeline.cc")
	p.wait("document.querySelector('#palette [role=option]')?.textContent.includes('filter_pipeline.cc')")
	p.click("#palette [role=option]")
	p.wait("location.pathname.endsWith('/filter_pipeline.cc')")
	p.wait("document.readyState == 'complete'")
	p.click("#outline-filter")
	p.keys("EncoderHandle continue")
	p.wait("(shown => shown.length == 1 && shown[0].textContent.includes('continueEncoding'))([...document.querySelectorAll('#outline li:not([hidden])')])")
}

// TestDiagramsAreDrawn scrolls through every lesson of the demo: each diagram
// becomes a picture, and another one in the dark.
func TestDiagramsAreDrawn(t *testing.T) {
	b := startBrowser(t)
	_, err := os.Stat("../../ui/assets/vendor/mermaid.min.js")
	needs(t, "mermaid", err)
	site := demoSite(t)
	drawn := 0
	p := b.tab(t, site, looks[0])
	for _, lesson := range lessonsOf(t, site) {
		t.Run(lesson.ID, func(t *testing.T) {
			p := p.in(t)
			p.look(looks[0])
			p.open(lesson.URL)
			p.wait("document.readyState == 'complete'")
			diagrams := p.draw()
			eval[bool](p, "(window.light = [...document.querySelectorAll('figure.diagram img')].map(i => i.src), true)")
			p.look(looks[1])
			p.wait("[...document.querySelectorAll('figure.diagram img')].every((img, i) => img.src != light[i] && img.complete)")
			drawn += diagrams
		})
	}
	if drawn == 0 {
		t.Error("the demo has no diagram")
	}
}

// TestDiagramsMoveNothing reads a lesson at a diagram that is much taller than
// its source: drawing it does not move what is on the screen, where it is drawn
// for the first time and where its picture was kept.
func TestDiagramsMoveNothing(t *testing.T) {
	b := startBrowser(t)
	_, err := os.Stat("../../ui/assets/vendor/mermaid.min.js")
	needs(t, "mermaid", err)
	p := b.tab(t, demoSite(t), looks[2])
	const (
		lesson = "/lessons/03_tunel_l4/01_vida_de_una_conexion"
		figure = "document.querySelector('figure.diagram')"
		drawn  = "(img => img && img.complete && img.getBoundingClientRect().top < innerHeight)(" + figure + "?.querySelector('img'))"
	)
	p.open(lesson)
	heading := eval[string](p, `(localStorage.clear(), [...document.querySelectorAll('.prose [id]:is(h2, h3)')]
		.findLast(h => h.compareDocumentPosition(document.querySelector('.language-mermaid')) & Node.DOCUMENT_POSITION_FOLLOWING).id)`)
	still := func(when string) {
		p.do(chromedp.Navigate("about:blank")) // or only the fragment would be new
		p.open(lesson + "#" + heading)
		p.wait(drawn)
		if shift := p.shift(); shift > 0.02 {
			t.Errorf("a diagram %s shifts the layout by %v", when, shift)
		}
	}

	still("drawn for the first time")
	height := eval[float64](p, figure+".offsetHeight")
	eval[bool](p, "(scrollTo(0, 0), true)")
	p.wait(fmt.Sprintf("%s.offsetHeight > %v", figure, 1.5*height)) // as large as it is, once nobody looks
	still("that was kept")
	p.wait(fmt.Sprintf("%s.offsetHeight > %v", figure, 1.5*height))
	if eval[bool](p, "document.querySelector('.drawing-frame') != null") {
		t.Error("what was kept is drawn again")
	}
}

// draw scrolls to each diagram of the page until it is drawn, and returns how
// many there are.
func (p *tab) draw() int {
	p.Helper()
	const sources = "document.querySelectorAll('pre > code.language-mermaid')"
	diagrams := eval[int](p, sources+".length")
	for i := range diagrams {
		source := fmt.Sprintf("%s[%d]", sources, i)
		eval[bool](p, fmt.Sprintf("((%s.closest('figure') ?? %[1]s).scrollIntoView(), true)", source))
		p.wait(source + ".closest('figure.diagram')?.querySelector('img')?.naturalWidth > 0")
	}
	return diagrams
}

// inView is a JavaScript expression: whether an element is on the screen.
func inView(selector string) string {
	return fmt.Sprintf("(r => r.top >= 0 && r.bottom <= innerHeight)(document.querySelector(%q).getBoundingClientRect())", selector)
}
