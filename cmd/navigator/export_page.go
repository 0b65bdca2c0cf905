package main

import (
	"bytes"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"navigator/indexer"
	"navigator/server"
	"navigator/ui"
)

// pageTree is a page of the server that becomes a file.
type pageTree struct{ root *html.Node }

func parsePage(text []byte) (*pageTree, error) {
	root, err := html.Parse(bytes.NewReader(text))
	return &pageTree{root}, err
}

func (d *pageTree) render() ([]byte, error) {
	var out bytes.Buffer
	err := html.Render(&out, d.root)
	return out.Bytes(), err
}

// elements returns the elements of a page, in order.
func (d *pageTree) elements() (all []*html.Node) {
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	return all
}

// shape makes a page of the server one without a server.
func (d *pageTree) shape(address string) {
	d.prune()
	if strings.HasPrefix(address, deskPrefix) {
		d.makeDesk(address)
	}
}

// prune removes what only works with a server.
func (d *pageTree) prune() {
	for _, n := range d.elements() {
		if needsServer(n) && !isZoom(n) && !inside(n, isZoom) {
			remove(n)
		}
	}
}

func isZoom(n *html.Node) bool { return attr(n, "id") == "zoom" }

// needsServer reports whether an element is a module or what modules bring to
// life, a form but that of the search, or the choice of a language.
func needsServer(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Script, atom.Noscript, atom.Dialog, atom.Button, atom.Template, atom.Textarea, atom.Select, atom.Iframe:
		return true
	case atom.Form:
		return !hasClass(n, "find")
	case atom.Input:
		return attr(n, "name") != "q"
	}
	return hasClass(n, "js") || hasClass(n, "filter") || hasAttr(n, "popover") || hasAttr(n, "data-live") ||
		slices.Contains([]string{"name-panel", "choose-language", "checking"}, attr(n, "id")) || attr(n, "aria-labelledby") == "choose-language"
}

// ids returns what fragments may name.
func (d *pageTree) ids() map[string]bool {
	ids := map[string]bool{}
	for _, n := range d.elements() {
		if id := attr(n, "id"); id != "" {
			ids[id] = true
		}
	}
	return ids
}

// addresses returns where the links and pictures of a page lead, as far as that
// is to the server.
func (d *pageTree) addresses(from string) (all []*url.URL) {
	for _, n := range d.elements() {
		for _, name := range []string{"href", "src"} {
			if n.DataAtom != atom.Link && hasAttr(n, name) {
				if to := internal(from, attr(n, name)); to != nil {
					all = append(all, to)
				}
			}
		}
	}
	return all
}

// internal returns the address of the server that a page's reference means, nil
// when it means another.
func internal(from, reference string) *url.URL {
	base, err := url.Parse(from)
	if err != nil {
		return nil
	}
	to, err := base.Parse(reference)
	if err != nil || to.Scheme != "" || to.Host != "" {
		return nil
	}
	return to
}

// settle makes the links of a page those of files.
func (e *exporter) settle(d *pageTree, address string, page *exportedPage) {
	base := strings.Repeat("../", strings.Count(page.file, "/"))
	for _, n := range d.elements() {
		switch {
		case n.DataAtom == atom.Link:
			e.asset(n, "href", base)
		case n.DataAtom == atom.Form:
			set(n, "action", base+"search.html")
		case hasAttr(n, "href"):
			e.link(n, address, page, base)
		case hasAttr(n, "src"):
			if to := internal(address, attr(n, "src")); e.linked(to) != nil {
				set(n, "src", e.addressOf(page, to))
			} else if !strings.HasPrefix(attr(n, "src"), "data:") {
				remove(n)
			}
		}
		if hasAttr(n, "data-diagrams") {
			e.assets[ui.Diagrams] = true
			set(n, "data-diagrams", base+assetFile(ui.Diagrams))
		}
		if hasClass(n, "aligned") {
			set(n, "class", "rail") // the script of exported pages places the cards
		}
		for _, name := range []string{"data-preview", "data-editor", "data-upstream", "data-at", "data-tall"} {
			unset(n, name)
		}
		switch n.DataAtom {
		case atom.Head:
			e.dress(n, address, base)
		case atom.Main:
			switch address {
			case "/":
				n.InsertBefore(paragraph(e.language.T("export.copy"), "muted"), firstElement(n).NextSibling)
			case "/search":
				e.makeSearch(n)
			}
		}
	}
}

// dress adds the style and the script of exported pages to a head.
func (e *exporter) dress(head *html.Node, address, base string) {
	early := &html.Node{Type: html.ElementNode, Data: "script", DataAtom: atom.Script, Attr: []html.Attribute{{Key: "src", Val: base + ui.ExportEarly}}}
	head.InsertBefore(early, head.FirstChild)
	script := func(file string, attributes ...html.Attribute) {
		head.AppendChild(&html.Node{Type: html.ElementNode, Data: "script", DataAtom: atom.Script,
			Attr: append([]html.Attribute{{Key: "defer"}, {Key: "src", Val: base + file}}, attributes...)})
	}
	head.AppendChild(&html.Node{Type: html.ElementNode, Data: "link", DataAtom: atom.Link,
		Attr: []html.Attribute{{Key: "rel", Val: "stylesheet"}, {Key: "href", Val: base + ui.ExportStyle}}})
	if address == "/search" {
		script(searchIndexFile)
	}
	if strings.HasPrefix(address, "/lessons/") {
		script(ui.ExportStudy)
	}
	script(ui.ExportScript, html.Attribute{Key: "data-root", Val: base})
}

// makeSearch makes the page of the search: its results are found in the browser.
func (e *exporter) makeSearch(main *html.Node) {
	for c := main.FirstChild; c != nil; {
		next := c.NextSibling
		if c.DataAtom != atom.H1 {
			main.RemoveChild(c)
		}
		c = next
	}
	found := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div, Attr: []html.Attribute{
		{Key: "id", Val: "found"}, {Key: "class", Val: "found"}, {Key: "aria-live", Val: "polite"}, {Key: "data-none", Val: e.language.T("search.nothing")},
	}}
	for _, kind := range []string{"symbol", "lesson", "note", "term", "file"} {
		set(found, "data-"+kind, e.language.T("search.kind."+kind))
	}
	set(found, "data-explained", e.language.T("export.explained"))
	main.AppendChild(found)
	without := &html.Node{Type: html.ElementNode, Data: "noscript", DataAtom: atom.Noscript}
	without.AppendChild(paragraph(e.language.T("export.noscript"), ""))
	main.AppendChild(without)
}

func paragraph(text, class string) *html.Node {
	p := &html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P, Attr: []html.Attribute{{Key: "class", Val: class}}}
	p.AppendChild(&html.Node{Type: html.TextNode, Data: text})
	return p
}

// asset makes an asset of the server one of the export.
func (e *exporter) asset(n *html.Node, name, base string) {
	file, ok := strings.CutPrefix(attr(n, name), ui.Asset(""))
	if !ok {
		remove(n)
		return
	}
	e.assets[file] = true
	set(n, name, base+assetFile(file))
}

// link makes a link one to a file of the export, or to upstream, or plain text.
func (e *exporter) link(n *html.Node, address string, page *exportedPage, base string) {
	reference := attr(n, "href")
	if scheme, _, ok := strings.Cut(reference, ":"); ok && slices.Contains([]string{"http", "https", "mailto"}, scheme) {
		return
	}
	if hasAttr(n, "data-set-theme") {
		set(n, "href", "#content") // the script sets it
		return
	}
	to := internal(address, reference)
	if to == nil {
		unlink(n)
		return
	}
	target := e.linked(to)
	if target == nil {
		e.leaveTo(n, to)
		return
	}
	href := e.addressOf(page, to)
	if href == "" {
		unlink(n)
		return
	}
	set(n, "href", href)
}

// addressOf returns the address, from a page, of what is exported; "" for the
// page itself.
func (e *exporter) addressOf(page *exportedPage, to *url.URL) string {
	target := e.linked(to)
	fragment := to.Fragment
	if stop := to.Query().Get("stop"); stop != "" && strings.HasPrefix(to.Path, deskPrefix) {
		fragment = "stop-" + stop
	}
	if lines, ok := server.ParseLines(to.Query().Get("lines")); ok && target.ids["L"+strconv.Itoa(lines.First)] {
		return prefix(page, target) + "#" + rangeID(lines)
	}
	if fragment != "" && !target.ids[fragment] {
		fragment = ""
	}
	if fragment != "" {
		fragment = "#" + (&url.URL{Fragment: fragment}).EscapedFragment()
	}
	return prefix(page, target) + fragment
}

// prefix returns the address of a page from another, "" when they are one.
func prefix(page, target *exportedPage) string {
	if target == page {
		return ""
	}
	return relative(page.file, target.file)
}

// linked returns the page at an address, nil when it is not exported.
func (e *exporter) linked(to *url.URL) *exportedPage {
	if to == nil {
		return nil
	}
	return e.pages[canonical(to)]
}

// leaveTo has a link to code that is not exported lead to upstream, if that is
// somewhere; any other is plain text, and in the frame of the page nothing.
func (e *exporter) leaveTo(n *html.Node, to *url.URL) {
	if rest, ok := strings.CutPrefix(to.Path, "/src/"); ok && (to.RawQuery == "" || to.Query().Has("lines")) {
		name, path, _ := strings.Cut(rest, "/")
		i := slices.IndexFunc(e.view.Sources(), func(s indexer.Source) bool { return s.Name == name })
		if i >= 0 {
			if there := server.Upstream(e.view.Sources()[i], path); there != "" {
				if lines, ok := server.ParseLines(to.Query().Get("lines")); ok {
					there += "#" + rangeID(lines)
				}
				set(n, "href", there)
				set(n, "rel", "noreferrer")
				return
			}
		}
		unlink(n)
		return
	}
	if inside(n, func(p *html.Node) bool { return hasClass(p, "prose") || p.DataAtom == atom.H1 }) {
		unlink(n) // words of a lesson
		return
	}
	removeEntry(n)
}

// removeEntry removes a link to what only a server has, with the entry of a
// list or the line that offers it, and what is left empty by that.
func removeEntry(n *html.Node) {
	if p := n.Parent; p != nil && (p.DataAtom == atom.Li || p.DataAtom == atom.P) && firstElement(p) == n {
		n = p
	} else if p != nil && p.DataAtom == atom.Dd && firstElement(p) == n && p.Parent.DataAtom == atom.Div {
		n = p.Parent // a name and what it is, in a list of such
	}
	for p := n.Parent; p != nil; p = n.Parent {
		remove(n)
		first := firstElement(p)
		switch {
		case first == nil && (p.DataAtom == atom.Ul || p.DataAtom == atom.Ol || p.DataAtom == atom.Dl) && attr(p, "id") == "":
		case first != nil && p.DataAtom == atom.Section && first.DataAtom == atom.H2 && first == lastElement(p):
		default:
			return
		}
		n = p
	}
}

func lastElement(n *html.Node) (last *html.Node) {
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode {
			last = c
		}
	}
	return last
}

func firstElement(n *html.Node) *html.Node {
	for c := range n.ChildNodes() {
		if c.Type == html.ElementNode {
			return c
		}
	}
	return nil
}

// name puts the ids of ranges where their first line is.
func (d *pageTree) name(ranges map[indexer.Lines]bool) {
	if len(ranges) == 0 {
		return
	}
	byFirst := map[string][]string{}
	for l := range ranges {
		first := "L" + strconv.Itoa(l.First)
		byFirst[first] = append(byFirst[first], rangeID(l))
	}
	for _, n := range d.elements() {
		ids := byFirst[attr(n, "id")]
		slices.Sort(ids)
		for _, id := range ids {
			n.InsertBefore(&html.Node{Type: html.ElementNode, Data: "span", DataAtom: atom.Span, Attr: []html.Attribute{{Key: "id", Val: id}}}, n.FirstChild)
		}
	}
}

// relative returns the address of a file of the export from another.
func relative(from, to string) string {
	up := strings.Count(from, "/")
	a, b := strings.Split(path.Dir(from), "/"), strings.Split(to, "/")
	for i := 0; i < len(a) && i < len(b)-1 && up > 0 && a[i] == b[i]; i++ {
		up--
	}
	return strings.Repeat("../", up) + escaped(strings.Join(b[strings.Count(from, "/")-up:], "/"))
}

// unlink makes a link plain text.
func unlink(n *html.Node) {
	n.Data, n.DataAtom = "span", atom.Span
	for _, name := range []string{"href", "rel", "hreflang", "download"} {
		unset(n, name)
	}
}

func remove(n *html.Node) {
	if n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
}

func inside(n *html.Node, is func(*html.Node) bool) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if is(p) {
			return true
		}
	}
	return false
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func hasClass(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(attr(n, "class")), class)
}

func set(n *html.Node, name, value string) {
	unset(n, name)
	n.Attr = append(n.Attr, html.Attribute{Key: name, Val: value})
}

func unset(n *html.Node, name string) {
	n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}
