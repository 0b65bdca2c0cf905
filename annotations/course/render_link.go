package course

import (
	"bytes"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"navigator/annotations"
)

// anchor renders a Markdown link: to code, to a lesson, to a heading, to a
// site, or, when it is anything else, as words.
func (p *page) anchor(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	link := n.(*ast.Link)
	if i := p.citationOf(link); i >= 0 {
		to := p.links.Citation(i)
		tag := "a"
		if to.Href == "" {
			tag = "span"
		}
		if !entering {
			p.inLink--
			p.say(w, i)
			w.WriteString("</" + tag + ">")
			p.beside(w, i)
			return ast.WalkContinue, nil
		}
		p.inLink++
		w.WriteString("<" + tag)
		if tag == "a" {
			attribute(w, "href", to.Href)
		}
		p.mark(w, i, to)
		w.WriteByte('>')
		return ast.WalkContinue, nil
	}
	return p.destination(w, string(link.Destination), string(link.Title), entering), nil
}

// citationOf returns the index of the citation that is the destination of a
// link, -1 when it is none.
func (p *page) citationOf(link *ast.Link) int {
	if link.Pos() < 0 || link.Reference != nil {
		return -1
	}
	from := link.Pos()
	if last := link.LastChild(); last != nil {
		from = max(from, endOf(last))
	}
	for i := p.firstCitation(from); i < len(p.lesson.Citations); i++ {
		start, end := p.bounds(i)
		c := &p.lesson.Citations[i]
		if start > from+len("`**](<")+len(link.Destination) || c.Form != annotations.Link && c.Form != annotations.Table {
			return -1
		}
		if open := bytes.LastIndex(p.doc.text[from:start], []byte("](")); open >= 0 && strings.Contains(string(link.Destination), string(p.doc.text[start:end])) {
			return i
		}
	}
	return -1
}

// destination opens or closes the element of a link that is no citation.
func (p *page) destination(w util.BufWriter, to, title string, entering bool) ast.WalkStatus {
	href, class := p.resolve(to)
	tag := "a"
	if href == "" {
		tag = "span"
	}
	if !entering {
		p.inLink--
		w.WriteString("</" + tag + ">")
		return ast.WalkContinue
	}
	p.inLink++
	w.WriteString("<" + tag)
	if href != "" {
		attribute(w, "href", href)
		if class == "external" {
			attribute(w, "rel", "noopener noreferrer")
		}
	}
	attribute(w, "class", class)
	if title != "" {
		attribute(w, "title", title)
	}
	w.WriteByte('>')
	return ast.WalkContinue
}

// resolve returns the address and the class of a link's destination; no
// address when it leads nowhere that may be gone to.
func (p *page) resolve(to string) (href, class string) {
	if fragment, ok := strings.CutPrefix(to, "#"); ok {
		return "#" + Anchor(fragment), "section"
	}
	lower := strings.ToLower(to)
	for _, scheme := range []string{"https://", "http://", "mailto:"} {
		if strings.HasPrefix(lower, scheme) {
			return string(util.URLEscape([]byte(to), true)), "external"
		}
	}
	if id, fragment := LessonID(p.lesson.Path, to); id != "" {
		if fragment != "" {
			fragment = Anchor(fragment)
		}
		if href = p.links.Lesson(id, fragment); href != "" {
			return href, "lesson"
		}
	}
	return "", "dead-link"
}

// image renders a picture of the course, and one from elsewhere as a link to
// it: a page loads nothing from other hosts.
func (p *page) image(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	img := n.(*ast.Image)
	if src := p.picture(string(img.Destination)); src != "" {
		if entering {
			w.WriteString("<img")
			attribute(w, "src", src)
			attribute(w, "alt", plainText(n, source))
			attribute(w, "loading", "lazy")
			if len(img.Title) > 0 {
				attribute(w, "title", string(img.Title))
			}
			w.WriteByte('>')
		}
		return ast.WalkSkipChildren, nil
	}
	return p.destination(w, string(img.Destination), string(img.Title), entering), nil
}

// picture returns the address of a picture that lies in the course, "" for
// every other.
func (p *page) picture(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" || strings.HasPrefix(u.Path, "/") {
		return ""
	}
	file := path.Join(path.Dir(p.lesson.Path), u.Path)
	if !filepath.IsLocal(file) {
		return ""
	}
	return p.links.Picture(file)
}

func (p *page) autoLink(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	link := n.(*ast.AutoLink)
	to := string(link.URL(source))
	if link.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(to), "mailto:") {
		to = "mailto:" + to
	}
	label := util.EscapeHTML(link.Label(source))
	if i := p.citationIn(link); i >= 0 && p.inLink == 0 {
		at := p.links.Citation(i)
		if at.Href != "" {
			to = at.Href
		}
		w.WriteString("<a")
		attribute(w, "href", to)
		p.mark(w, i, at)
		w.WriteByte('>')
		w.Write(label)
		p.say(w, i)
		w.WriteString("</a>")
		return ast.WalkContinue, nil
	}
	p.destination(w, to, "", true)
	w.Write(label)
	p.destination(w, to, "", false)
	return ast.WalkContinue, nil
}

// citationIn returns the index of the citation in a link that is its own text,
// -1 when there is none.
func (p *page) citationIn(link *ast.AutoLink) int {
	start, stop := autoLinkText(link, p.doc.text)
	if i := p.firstCitation(start); stop > start && i < len(p.lesson.Citations) {
		if at, _ := p.bounds(i); at < stop {
			return i
		}
	}
	return -1
}
