package main

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The desk of an export is a page with two frames, the page of the lesson and
// that of the code, above the tour: its stops are links that the code's frame
// follows, so that it works without a script, too.

const deskPrefix = "/desk/"

// makeDesk keeps of a desk's page the tour and the tabs, and lays frames in the
// place of the rest.
func (d *pageTree) makeDesk(address string) {
	var main, title, tabs, tour *html.Node
	for _, n := range d.elements() {
		switch {
		case n.DataAtom == atom.Main:
			main = n
		case n.DataAtom == atom.H1 && title == nil:
			title = n
		case hasClass(n, "panes"):
			tabs = n
		case hasClass(n, "tour"):
			tour = n
		}
	}
	if main == nil || title == nil || tabs == nil || tour == nil {
		return
	}
	for _, n := range []*html.Node{title, tabs, tour} {
		remove(n)
	}
	for main.FirstChild != nil {
		main.RemoveChild(main.FirstChild)
	}
	set(main, "class", "still")
	set(title, "class", "hidden")
	main.AppendChild(title)
	main.AppendChild(tabs)
	panesOf(tabs)
	main.AppendChild(frame("lesson", spoken(title), "/lessons/"+strings.TrimPrefix(address, deskPrefix)))
	places := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div, Attr: []html.Attribute{{Key: "hidden"}}}
	main.AppendChild(frame("code", spoken(lastElement(tabs)), attr(stopsOf(tour, places), "href")))
	main.AppendChild(places)
	main.AppendChild(tour)
}

// panesOf makes the tabs of a desk links to its frames.
func panesOf(tabs *html.Node) {
	unset(tabs, "role")
	for n := range tabs.Descendants() {
		if n.DataAtom != atom.A {
			continue
		}
		pane := attr(n, "aria-controls")
		for _, name := range []string{"role", "aria-controls", "aria-selected", "id"} {
			unset(n, name)
		}
		set(n, "href", "#pane-"+pane)
	}
}

// stopsOf makes the stops of a tour links to what the code's frame shows, and
// returns the first. What addresses of stops name it puts into places: the list
// itself is folded, and would open.
func stopsOf(tour, places *html.Node) (first *html.Node) {
	stops := 0
	for n := range tour.Descendants() {
		switch {
		case attr(n, "id") == "stop-previous" || attr(n, "id") == "stop-next":
			unset(n, "href")
		case n.DataAtom == atom.A:
			stops++
			set(n, "href", attr(n, "data-pane"))
			set(n, "target", "desk-code")
			unset(n, "data-pane")
			places.AppendChild(&html.Node{Type: html.ElementNode, Data: "span", DataAtom: atom.Span, Attr: []html.Attribute{{Key: "id", Val: "stop-" + strconv.Itoa(stops)}}})
			if first == nil {
				first = n
			}
		}
	}
	return first
}

func frame(pane, title, address string) *html.Node {
	return &html.Node{Type: html.ElementNode, Data: "iframe", DataAtom: atom.Iframe, Attr: []html.Attribute{
		{Key: "id", Val: "pane-" + pane}, {Key: "name", Val: "desk-" + pane}, {Key: "title", Val: title}, {Key: "src", Val: address},
	}}
}

// spoken returns the words of an element.
func spoken(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}
