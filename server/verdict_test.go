package server_test

import (
	"encoding/json"
	"strings"
	"testing"

	"navigator/annotations"
	"navigator/indexer"
)

// checkedFake is a fake whose course was checked: its first lesson has a
// citation of each state and an excerpt that paraphrases.
func checkedFake() *fake {
	v := newFake()
	place := func(path string, first, last int) annotations.Place {
		return annotations.Place{Source: "shop", Path: path, Lines: indexer.Lines{First: first, Last: last}}
	}
	target := &annotations.Target{Place: place("source/books/bookkeeper.h", 9, 9), Symbol: "Shop::Books::Bookkeeper::add"}
	v.checked = true
	v.verdicts = []annotations.CitationVerdict{
		{Citation: 0, Verdict: annotations.Sound, Reason: annotations.ShowsSymbol, Place: place("source/books/bookkeeper.h", 7, 9)},
		{Citation: 1, Verdict: annotations.Moved, Reason: annotations.Renamed, Target: target, Sure: true},
		{Citation: 2, Verdict: annotations.Moved, Reason: annotations.SameName, Target: target, Others: []annotations.Target{{Place: place("source/main.cc", 1, 1)}}},
		{Citation: 3, Verdict: annotations.NotUpstream, Reason: annotations.ReaderMakes},
		{Citation: 4, Verdict: annotations.PositionOff, Reason: annotations.BeyondEnd, Place: place("source/main.cc", 90, 90)},
	}
	lesson := v.course.Lessons[0]
	lesson.Text = []byte("# Contar\n\n```cpp\n// source/books/bookkeeper.h:9-12\n// Suma\nint add(int n) { return total_ += n; }\n// ...\nint sum_{0};\n```\n")
	lesson.Excerpts = []annotations.Excerpt{{Lines: indexer.Lines{First: 3, Last: 9}, Language: "cpp", Citation: 0}}
	line := func(n int, kind annotations.LineKind, at int) annotations.ExcerptLine {
		l := annotations.ExcerptLine{Line: n, Kind: kind}
		if at > 0 {
			l.Place = place("source/books/bookkeeper.h", at, at)
		}
		return l
	}
	v.excerpts = []annotations.ExcerptVerdict{{
		Excerpt: 0, Verdict: annotations.Paraphrase, Similarity: 0.876,
		Symbols: []annotations.Target{{Place: place("source/books/bookkeeper.h", 7, 13), Symbol: "Shop::Books::Bookkeeper"}},
		Lines: []annotations.ExcerptLine{
			line(4, annotations.Explanation, 0), line(5, annotations.Explanation, 0), line(6, annotations.AlteredLine, 9),
			line(7, annotations.Elision, 0), line(8, annotations.InventedLine, 0),
		},
	}}
	return v
}

func TestCitationsWearTheirVerdicts(t *testing.T) {
	p := newSite(t, checkedFake()).page(200, "/lessons/"+first1+"?lang=en")
	const real = "/src/shop/source/books/bookkeeper.h?lines=9#L9"
	for i, want := range []struct{ state, href, title string }{
		{"exists", "/src/shop/source/books/bookkeeper.h?lines=7-9#L7", "show what"},
		{"moved", real, "renamed upstream. It is at shop/source/books/bookkeeper.h:9 (Shop::Books::Bookkeeper::add)."},
		{"moved-unsure", "/citation?lesson=01_libros%2F01_contar&n=2", "Perhaps: shop/source/books/bookkeeper.h:9"},
		{"foreign", "/citation?lesson=01_libros%2F01_contar&n=3", "makes this file"},
		{"position-off-unsure", "/citation?lesson=01_libros%2F01_contar&n=4", "past the end"},
	} {
		id := "#cite-" + string(rune('0'+i))
		p.attr(want.state, id, "data-state")
		p.attr(want.href, id, "href")
		if title := attrOf(p.one(id), "title"); !strings.Contains(title, want.title) {
			t.Errorf("%s is titled %q", id, title)
		}
	}
	p.count(0, "#checking")
	p.count(1, `.cited a[data-state="moved"][href="`+real+`"]`)
	p.count(1, `.legend [data-state="foreign"]`)
	p.count(0, `.legend [data-state="unknown"]`)
	p.text("Checked against the code: 5 citations 1 excerpt 3 citations to mend 1 unfaithful excerpt", ".tally")
}

// TestWhatIsNotIndexedHasNoPage cites a file that the checkout has and the index
// has not: no link leads to a page that is not there.
func TestWhatIsNotIndexedHasNoPage(t *testing.T) {
	v := checkedFake()
	for i, path := range []string{"tools/run.py", "tools/"} {
		v.verdicts[i] = annotations.CitationVerdict{Citation: i, Verdict: annotations.Sound, Reason: annotations.AsWritten, Place: annotations.Place{Source: "shop", Path: path}}
	}
	s := newSite(t, v)
	p := s.page(200, "/lessons/"+first1+"?lang=en")
	p.attr("/citation?lesson=01_libros%2F01_contar&n=0", "#cite-0", "href")
	p.attr("/citation?lesson=01_libros%2F01_contar&n=1", "#cite-1", "href")
	p.count(0, `a[href*="/tools/"]`)
	if title := attrOf(p.one("#cite-0"), "title"); !strings.Contains(title, "The index does not have it.") {
		t.Errorf("it is titled %q", title)
	}
	s.page(200, "/citation?lesson=01_libros%2F01_contar&n=0").count(0, `a[href^="/src/shop/tools"]`)
	s.page(200, "/desk/"+first1)
}

func TestLessonWithoutCitationsHasNoDesk(t *testing.T) {
	w := newSite(t, newFake()).ask("/desk/01_libros/02_restar")
	if to := w.Header().Get("Location"); w.Code != 303 || to != "/lessons/01_libros/02_restar" {
		t.Errorf("status %d, to %q", w.Code, to)
	}
}

func TestLessonIsShownBeforeItIsChecked(t *testing.T) {
	v := checkedFake()
	v.checked = false
	s := newSite(t, v)
	p := s.page(200, "/lessons/"+first1)
	p.count(1, "#checking")
	p.count(0, ".excerpt-bar")
	p.count(2, `article [data-match="exact"]`)
	s.page(404, "/compare?lesson="+first1+"&n=0")
}

func TestExcerptWearsItsVerdict(t *testing.T) {
	p := newSite(t, checkedFake()).page(200, "/lessons/"+first1+"?lang=en")
	p.text("Paraphrase", "#excerpt-0 .verdict")
	p.text("87 % the same", "#excerpt-0 .similar")
	p.attr("/src/shop/source/books/bookkeeper.h?lines=7-13#L7", "#excerpt-0 .shows a", "href")
	p.attr("/compare?lesson=01_libros%2F01_contar&n=0", "#excerpt-0 .compares", "href")
}

// The comparison shows each line of the excerpt and each of the symbol once, in
// order, what belongs together side by side.
func TestComparison(t *testing.T) {
	p := newSite(t, checkedFake()).page(200, "/compare?lesson="+first1+"&n=0&lang=en")
	var got []string
	for _, tr := range p.all("tbody tr") {
		var cells []string
		for td := range tr.ChildNodes() {
			if attrOf(td, "class") == "at" {
				cells = append(cells, textOf(td))
			}
		}
		got = append(got, strings.TrimPrefix(attrOf(tr, "class"), "is-")+" "+strings.Join(cells, ":"))
	}
	want := "left-out :7, left-out :8, reference 4:, explanation 5:, altered 6:9, elision 7:10, left-out :11, left-out :12, left-out :13, invented 8:"
	if all := strings.Join(got, ", "); all != want {
		t.Errorf("the rows are\n%s\nwant\n%s", all, want)
	}
	var marks []string
	for _, m := range p.all("tr.is-altered mark") {
		marks = append(marks, textOf(m))
	}
	if strings.Join(marks, "|") != "n|n|amount|amount" {
		t.Errorf("marked: %q", marks)
	}
	mended := textContent(p, ".mended code")
	wantMended := "```cpp\n// source/books/bookkeeper.h:7-13\n\nclass Bookkeeper : public Ledger {\npublic:\n// Suma\n  int add(int amount) { return total_ += amount; }\n\nprivate:\n  int total_{0};\n};\n```\n"
	if mended != wantMended {
		t.Errorf("what mends it is\n%s\nwant\n%s", mended, wantMended)
	}
	p.attr("/lessons/01_libros/01_contar#excerpt-0", "main > p a", "href")
}

// textContent returns the text of the only match, spaces included.
func textContent(p page, selector string) string {
	p.Helper()
	var b strings.Builder
	for d := range p.one(selector).Descendants() {
		if d.FirstChild == nil {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func TestInventedExcerptStandsAlone(t *testing.T) {
	v := checkedFake()
	x := &v.excerpts[0]
	x.Verdict, x.Symbols = annotations.Invented, nil
	for i := range x.Lines {
		x.Lines[i].Place = annotations.Place{}
		x.Lines[i].Kind = annotations.InventedLine
	}
	v.course.Lessons[0].Excerpts[0].Citation = -1
	p := newSite(t, v).page(200, "/compare?lesson="+first1+"&n=0&lang=en")
	p.count(5, "tr.is-invented")
	p.count(1, "th .none")
	p.count(0, ".mended")
}

func TestCitationPageProposes(t *testing.T) {
	s := newSite(t, checkedFake())
	p := s.page(200, "/citation?lesson="+first1+"&n=2&lang=en")
	p.text("Most likely", "#proposal")
	p.count(2, ".proposal")
	p.text("source/books/bookkeeper.h", ".proposal:not(li *) .mend code")
	p.count(1, "#others")
	p.text("9 int add(int amount) { return total_ += amount; }", ".proposal:not(li *) .preview > div")

	sound := s.page(200, "/citation?lesson="+first1+"&n=4&lang=en")
	sound.count(0, ".proposal")
	sound.count(1, ".state.is-position-off-unsure")
}

// Excerpts with hostile verdicts, of a course that changed meanwhile, are shown
// as far as they go.
func TestComparisonOfWhatIsNoMore(t *testing.T) {
	v := checkedFake()
	x := &v.excerpts[0]
	x.Symbols[0].Lines.Last = 9000
	x.Lines = append(x.Lines, annotations.ExcerptLine{Line: 800, Kind: annotations.SourceLine, Place: annotations.Place{Source: "shop", Path: "gone.h", Lines: indexer.Lines{First: 3, Last: 3}}},
		annotations.ExcerptLine{Line: 801, Kind: annotations.AlteredLine, Place: annotations.Place{Source: "shop", Path: "source/main.cc", Lines: indexer.Lines{First: 70, Last: 70}}})
	newSite(t, v).page(200, "/compare?lesson="+first1+"&n=0")
}

func TestCardsSayHowSureTheyAre(t *testing.T) {
	v := checkedFake()
	v.laid = []annotations.Annotation{
		{Place: annotations.Place{Source: "shop", Path: "source/books/bookkeeper.h", Lines: indexer.Lines{First: 9, Last: 9}}, Lesson: first1, Citation: 0, Section: -1,
			Prose: indexer.Lines{First: 5, Last: 5}, Origin: annotations.FromComment, Certainty: annotations.Sure, Text: "Suma <todo>:\n- y más"},
		{Place: annotations.Place{Source: "shop", Path: "source/books/bookkeeper.h", Lines: indexer.Lines{First: 10, Last: 12}}, Lesson: first1, Citation: 0, Section: -1,
			Prose: indexer.Lines{First: 1, Last: 1}, Origin: annotations.FromCitation, Certainty: annotations.Approximate},
	}
	p := newSite(t, v).page(200, "/src/shop/source/books/bookkeeper.h?lang=en")
	p.text("Explanation in an excerpt · ✓ verified", ".from-comment.is-sure .origin")
	p.text("Text of the citation · ≈ approximate", ".from-citation.is-approximate .origin")
	p.text("Suma <todo>:", ".from-comment .prose p")
	p.text("y más", ".from-comment .prose li")
	p.attr("/lessons/01_libros/01_contar#excerpt-0", ".from-comment .source-link a", "href")
}

func TestAPIHasVerdicts(t *testing.T) {
	s := newSite(t, checkedFake())
	var answer struct {
		Checked bool
		Cited   []struct {
			Verdict, Reason, URL string
			Sure                 bool
			Target               *struct{ Symbol, URL string }
		}
		Excerpts []struct {
			First, Last int
			Verdict     string
			Similarity  float64
			Lines       []struct {
				Kind string
				At   int
			}
		}
	}
	body := s.ask("/api/v1/lessons/" + first1).Body.Bytes()
	if err := json.Unmarshal(body, &answer); err != nil {
		t.Fatal(err)
	}
	d := describe(t, s)
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		t.Fatal(err)
	}
	if wrong := d.check(d.Components.Schemas["Lesson"], value, "lesson"); wrong != "" {
		t.Error(wrong)
	}
	if c := answer.Cited[1]; !answer.Checked || c.Verdict != "moved" || !c.Sure || c.Target == nil || c.URL != c.Target.URL {
		t.Errorf("a moved citation is %+v", c)
	}
	if e := answer.Excerpts[0]; e.Verdict != "paraphrase" || e.Similarity != 0.876 || e.First != 3 || e.Lines[2].At != 9 {
		t.Errorf("the excerpt is %+v", e)
	}
}
