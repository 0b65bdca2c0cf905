package main

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// long is a long file of a source and its number of lines.
type long struct {
	path  string
	lines int
}

// longFiles returns a source with files of 2,500 lines: Envoy where it is
// there, else one of the test's own.
func longFiles(t testing.TB) (root string, files []long) {
	t.Helper()
	if root = os.Getenv("NAVIGATOR_ENVOY"); root != "" {
		for _, path := range []string{"source/common/http/conn_manager_impl.cc", "source/common/upstream/cluster_manager_impl.cc",
			"source/common/upstream/upstream_impl.cc", "source/common/router/router.cc", "source/common/http/http2/codec_impl.cc"} {
			text, err := os.ReadFile(filepath.Join(root, path))
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, long{path, countLines(text)})
		}
		return root, files
	}
	root = t.TempDir()
	for i := range 5 {
		var b strings.Builder
		b.WriteString("namespace Long {\n")
		for n := range 250 {
			fmt.Fprintf(&b, `
// Counts what has come, and says so when it is enough of the %[1]dth kind.
int Counter%[2]d::count%[1]d(const Callbacks& callbacks, uint64_t amount, bool end_stream) {
  if (amount > limit_ && !end_stream) {
    ENVOY_LOG(debug, "counter {}: {} of {}", "count%[1]d", amount, limit_);
    return callbacks.onAbove(total_ += amount);
  }
  return callbacks.onBelow(std::move(pending_), static_cast<uint32_t>(total_));
}
`, n, i)
		}
		b.WriteString("} // namespace Long\n")
		file := long{fmt.Sprintf("source/long_%d.cc", i), strings.Count(b.String(), "\n")}
		if err := os.MkdirAll(filepath.Join(root, "source"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, file.path), []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=Ana", "-c", "user.email=ana@example.org", "commit", "-q", "-m", "Count"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = root
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	return root, files
}

// serveLong serves a course whose lessons annotate the first of the long files
// 200 times, ten of them on one range and one on 400 lines, and whose tour goes
// from one long file to the next.
func serveLong(t testing.TB) (site string, files []long) {
	t.Helper()
	root, files := longFiles(t)
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("navigator.toml", fmt.Sprintf("course = \"course\"\n\n[[source]]\nname = \"long\"\nroot = %q\ninclude = [\"source/**/*.cc\"]\n", root))
	header := func(title string) string {
		return "# " + title + "\n\n---\n\n**Módulo**: 1 - Largos\n\n**Tema**: Archivos largos\n\n**Tiempo estimado**: 1 hora\n\n**Prerrequisitos**: Ninguno\n\n---\n\n"
	}
	var notes, tour strings.Builder
	notes.WriteString(header("Doscientas anotaciones"))
	cite := func(first, last int, about string) {
		fmt.Fprintf(&notes, "Lo que hay en `%s:%d-%d` se explica %s, con sus motivos y lo que pasa cuando algo falla.\n\n", files[0].path, first, last, about)
	}
	notes.WriteString("## 1. Muchas\n\n")
	for n := range 10 {
		cite(300, 310, fmt.Sprintf("por vez %d", n))
	}
	cite(700, 1099, "de una vez")
	for n := range 189 {
		first := 1 + n*(files[0].lines-40)/189
		cite(first, first+3+n%9*4, "de paso")
	}
	tour.WriteString(header("De uno a otro") + "## 1. Ir y venir\n\n")
	for n := range 50 {
		file := files[n%len(files)]
		first := 1 + (n*397)%(file.lines-30)
		fmt.Fprintf(&tour, "La parada %d está en `%s:%d-%d`.\n\n", n+1, file.path, first, first+n%20)
	}
	write("course/01_largos/01_anotaciones.md", notes.String())
	write("course/01_largos/02_recorrido.md", tour.String())
	env := append(os.Environ(), "XDG_CACHE_HOME="+filepath.Join(dir, "cache"))
	for _, args := range [][]string{{"reindex"}, {"serve", "--addr", "127.0.0.1:0"}} {
		cmd := exec.Command("navigator", args...)
		cmd.Dir, cmd.Env = dir, env
		if args[0] == "serve" {
			site, _ = startProcess(t, cmd)
			break
		}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("navigator %v: %v\n%s", args, err, out)
		}
	}
	return site, files
}

// report reports the median, the 95th percentile and the most of some samples.
func report(b *testing.B, samples []float64, unit string) {
	b.Helper()
	slices.Sort(samples)
	for name, at := range map[string]int{"median": 50, "p95": 95, "most": 100} {
		b.ReportMetric(samples[(len(samples)-1)*at/100], name+"-"+unit)
	}
	b.ReportMetric(0, "ns/op") // says nothing of what waits between
}

// BenchmarkStops walks a tour of 40 stops from one long file to the next, and
// reports the time from the key to the code painted.
func BenchmarkStops(b *testing.B) {
	site, _ := serveLong(b)
	p := startBrowserAlone(b).tab(b, site, looks[0])
	var took []float64
	for b.Loop() {
		openDesk(p, "/desk/01_largos/02_recorrido?stop=1")
		eval[bool](p, `(window.took = [], addEventListener('keydown', event => {
			const from = event.timeStamp;
			const want = document.getElementById('stop-next').href;
			const look = () => requestAnimationFrame(() => {
				const line = document.querySelector('#code .l.w');
				const {pane} = document.querySelector('#stops [aria-current]').dataset;
				const file = '/src/' + document.querySelector('main').dataset.source + '/' + document.querySelector('main').dataset.path;
				if (location.search !== new URL(want).search || pane.split('?')[0] !== file || !line || !pane.endsWith('#' + line.id)) return look();
				const {port1, port2} = new MessageChannel();
				port1.onmessage = () => window.took.push(performance.now() - from);
				port2.postMessage(0);
			});
			if (event.key === 'n') look();
		}, true), true)`)
		time.Sleep(time.Second)
		for n := 2; n <= 40; n++ {
			p.keys("n")
			p.wait(fmt.Sprintf("took.length == %d", n-1))
			time.Sleep(400 * time.Millisecond) // nobody reads faster
		}
		took = append(took, eval[[]float64](p, "took")...)
	}
	report(b, took, "ms")
}

// BenchmarkScroll scrolls through a file of 2,500 lines with 200 annotations, at
// three speeds, by itself and on the desk, and reports its longest task: 0 when
// none is over 50 ms, which is what browsers call long.
func BenchmarkScroll(b *testing.B) {
	site, files := serveLong(b)
	browser := startBrowserAlone(b)
	for name, address := range longPages(files) {
		b.Run(name, func(b *testing.B) {
			p := browser.tab(b, site, looks[0])
			longest := 0.0
			for b.Loop() {
				openLong(p, address)
				time.Sleep(time.Second)
				for _, by := range []int{120, 900, 5000} {
					longest = max(longest, eval[float64](p, fmt.Sprintf(`new Promise(done => {
						let longest = 0;
						const watch = new PerformanceObserver(list => longest = Math.max(longest, ...list.getEntries().map(e => e.duration)));
						watch.observe({type: 'longtask'});
						scrollTo(0, 0);
						let n = 0;
						const go = () => {
							const before = scrollY;
							scrollBy({top: %d, behavior: 'instant'});
							if (scrollY > before && n++ < 150) requestAnimationFrame(go);
							else setTimeout(() => (watch.disconnect(), done(longest)), 300);
						};
						setTimeout(go, 500);
					})`, by)))
				}
			}
			b.ReportMetric(longest, "longest-task-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkPaint opens pages of the demo and of long files ten times each, in a
// tab that has seen the site and five times in a profile that has not, and
// reports the time to the largest contentful paint, and the most that a layout
// shifts.
func BenchmarkPaint(b *testing.B) {
	demo := demoSite(b)
	long, files := serveLong(b)
	browser := startBrowserAlone(b)
	for site, pages := range map[string]map[string]string{demo: demoPages(b, demo), long: longPages(files)} {
		p := browser.tab(b, site, looks[0])
		for _, name := range slices.Sorted(maps.Keys(pages)) {
			b.Run(name, func(b *testing.B) {
				p := p.in(b)
				var again, first []float64
				shift := 0.0
				for b.Loop() {
					for range 10 {
						p.open("/keys") // so that an address that differs in its fragment alone is loaded
						again = append(again, p.paintOf(pages[name]))
						shift = max(shift, p.shift())
					}
					for range 5 {
						p := startBrowserAlone(b).tab(b, site, looks[0])
						first = append(first, p.paintOf(pages[name]))
						shift = max(shift, p.shift())
					}
				}
				report(b, again, "ms")
				report(b, first, "first-ms")
				b.ReportMetric(shift, "shift")
			})
		}
	}
}

// paintOf opens a page and returns the milliseconds from its start to its largest
// contentful paint.
func (p *tab) paintOf(address string) float64 {
	p.Helper()
	p.open(address)
	p.wait("document.readyState == 'complete'")
	time.Sleep(300 * time.Millisecond)
	return eval[float64](p, `new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime)).observe({type: 'largest-contentful-paint', buffered: true}))`)
}

// longPages returns where the long file that has 200 annotations is shown.
func longPages(files []long) map[string]string {
	return map[string]string{"long-file": "/src/long/" + files[0].path, "long-desk": "/desk/01_largos/01_anotaciones?stop=1"}
}

func openLong(p *tab, address string) {
	p.Helper()
	p.open(address)
	p.wait("document.readyState == 'complete' && document.querySelectorAll('#notes .group').length > 100")
}

// farthest is a JavaScript expression: how many pixels at most the cards in view
// are from where the server said.
const farthest = `Math.max(...[...document.querySelectorAll('#notes .group')].filter(group => group.getBoundingClientRect().top < innerHeight).map(group =>
	Math.abs(new DOMMatrix(group.style.transform).f - 6.4 - 21 * group.dataset.at)))`

// TestManyAnnotationsRead looks at ten annotations on one range and at a range of
// 400 lines, in a long file.
func TestManyAnnotationsRead(t *testing.T) {
	b := startBrowser(t)
	site, files := serveLong(t)
	for name, address := range longPages(files) {
		t.Run(name, func(t *testing.T) {
			p := b.tab(t, site, looks[0])
			openLong(p, address)
			if shift := p.shift(); shift > 0.02 {
				t.Errorf("the layout shifts by %v", shift)
			}
			if far := eval[float64](p, farthest); far > 60 {
				t.Errorf("a card moves by %v pixels once it is measured", far)
			}
			p.picture(name)
			for _, n := range []int{305, 900} {
				p.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf("void (location.hash = 'L%d')", n)))
				p.wait(inView(fmt.Sprintf("#L%d", n)))
				p.wait("document.querySelector('.group.active')")
				p.picture(fmt.Sprintf("%s-%d", name, n))
			}
		})
	}
}
