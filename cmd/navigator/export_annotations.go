package main

import (
	"bytes"
	"cmp"
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"navigator/annotations"
	"navigator/annotations/course"
	"navigator/indexer"
	"navigator/server"
)

// The types below are those of the Web Annotation Data Model, as far as it is
// used here: https://www.w3.org/TR/annotation-model/.

const annotationContext = "http://www.w3.org/ns/anno.jsonld"

type webCollection struct {
	Context   string    `json:"@context"`
	ID        string    `json:"id"`
	Type      string    `json:"type"` // AnnotationCollection
	Label     string    `json:"label"`
	Generator *webAgent `json:"generator,omitempty"`
	Generated string    `json:"generated,omitempty"` // when the snapshot was made
	Total     int       `json:"total"`
	First     *webPage  `json:"first,omitempty"`
	Last      string    `json:"last,omitempty"` // the first is the last
}

type webPage struct {
	ID         string          `json:"id"`
	Type       string          `json:"type"` // AnnotationPage
	PartOf     string          `json:"partOf"`
	StartIndex int             `json:"startIndex"`
	Items      []webAnnotation `json:"items"`
}

type webAnnotation struct {
	ID         string    `json:"id"`
	Type       string    `json:"type"` // Annotation
	Motivation string    `json:"motivation"`
	Body       []webBody `json:"body"`
	Target     webTarget `json:"target"`
	Generator  *webAgent `json:"generator"`
}

type webAgent struct {
	Type string `json:"type"` // Software
	Name string `json:"name"`
}

type webBody struct {
	Type     string `json:"type"` // TextualBody
	Purpose  string `json:"purpose"`
	Value    string `json:"value"`
	Format   string `json:"format,omitempty"`
	Language string `json:"language,omitempty"`
}

type webTarget struct {
	Type     string        `json:"type"` // SpecificResource
	Source   string        `json:"source"`
	Selector []webSelector `json:"selector,omitempty"` // alternatives; none for all of it
}

// webSelector is a FragmentSelector or a TextPositionSelector.
type webSelector struct {
	Type       string `json:"type"`
	ConformsTo string `json:"conformsTo,omitempty"`
	Value      string `json:"value,omitempty"`
	Start      *int   `json:"start,omitempty"` // characters before it
	End        *int   `json:"end,omitempty"`
}

// lineFragments names the fragments "line=59,72" of plain text: what stands
// between the ends of line 59 and of line 72.
const lineFragments = "http://tools.ietf.org/rfc/rfc5147"

var navigatorAgent = &webAgent{Type: "Software", Name: "Navigator"}

func exportAnnotationsCommand(global *globals) *cobra.Command {
	return &cobra.Command{
		Use:   "annotations [FILE]",
		Short: "Write the annotations as W3C Web Annotations",
		Long: `Write what the course says of the sources as one AnnotationCollection of the W3C
Web Annotation model, JSON-LD, to FILE or to standard output.

A target is a file at the revision that was indexed, at the address of the
source's url, or, where that names no site or the file differs from the revision,
by the hash of its content (SWHID). Its lines are selected by an RFC 5147
fragment and by positions of characters; no source text is written. A tag tells
how sure the lines are (certainty:sure, certainty:approximate), another which
lesson says it.

FILE is replaced when it is an earlier export, and must not be there otherwise.`,
		Args: wrongUse(cobra.MaximumNArgs(1)),
		RunE: func(c *cobra.Command, args []string) error {
			ws, err := openWorkspace(global)
			if err != nil {
				return err
			}
			found, err := check(c.Context(), ws)
			if err != nil {
				return err
			}
			defer found.close()
			if len(args) == 0 {
				return writeJSON(c.OutOrStdout(), found.webAnnotations())
			}
			return found.exportAnnotations(c.OutOrStdout(), args[0])
		},
	}
}

func (c *checked) exportAnnotations(w io.Writer, file string) error {
	old, err := os.ReadFile(file)
	if err == nil && !bytes.Contains(old, []byte(`"AnnotationCollection"`)) {
		return fmt.Errorf("%s is there and holds no annotations: it is left as it is", file)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("writing the annotations: %w", err)
	}
	all := c.webAnnotations()
	var text bytes.Buffer
	if err := writeJSON(&text, all); err != nil {
		return err
	}
	if err := replaceFile(file, text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing the annotations to %s: %w", file, err)
	}
	fmt.Fprintf(w, "%d annotations in %s\n", all.Total, file)
	return nil
}

// webAnnotations returns what the course says of the sources, lesson by lesson.
func (c *checked) webAnnotations() *webCollection {
	page := &webPage{Type: "AnnotationPage", Items: []webAnnotation{}}
	told := byLesson(c.lay(c.course, c.review))
	alike := map[string]int{} // annotations that say the same of the same file, by id
	for _, l := range c.course.Documents() {
		for _, a := range told[l.ID] {
			text := course.Explanation(l, a)
			if text == "" {
				continue
			}
			item := c.webAnnotation(l, a, text)
			item.ID = nameBased(l.ID, string(a.Origin), a.Source, a.Path, text)
			if alike[item.ID]++; alike[item.ID] > 1 {
				item.ID = nameBased(item.ID, strconv.Itoa(alike[item.ID]))
			}
			page.Items = append(page.Items, item)
		}
	}
	ids := make([]string, len(page.Items))
	for i := range page.Items {
		ids[i] = page.Items[i].ID
	}
	id := nameBased(append([]string{"collection"}, ids...)...)
	page.ID, page.PartOf = id+"#page", id
	all := &webCollection{
		Context: annotationContext, ID: id, Type: "AnnotationCollection", Label: "Navigator", Total: len(page.Items),
		Generator: navigatorAgent, Generated: c.snapshot.Created().UTC().Format(time.RFC3339),
	}
	if c.course.Plan != nil {
		all.Label = c.course.Plan.Title
	}
	if all.Total > 0 {
		all.First, all.Last = page, page.ID
	}
	return all
}

func (c *checked) webAnnotation(l *annotations.Lesson, a annotations.Annotation, text string) webAnnotation {
	out := webAnnotation{
		Type: "Annotation", Motivation: "describing", Target: c.webTarget(a.Place), Generator: navigatorAgent,
		Body: []webBody{{Type: "TextualBody", Purpose: "describing", Value: text, Format: "text/markdown", Language: "es"}},
	}
	if a.Text != "" {
		out.Body[0].Format = "text/plain"
	}
	if a.Origin == annotations.FromNote {
		out.Motivation, out.Body[0].Purpose = "commenting", "commenting"
	}
	tags := []string{"lesson:" + l.ID, "origin:" + string(a.Origin)}
	if a.Certainty != "" {
		tags = append(tags, "certainty:"+string(a.Certainty))
	}
	for _, tag := range tags {
		out.Body = append(out.Body, webBody{Type: "TextualBody", Purpose: "tagging", Value: tag, Format: "text/plain"})
	}
	return out
}

func (c *checked) webTarget(p annotations.Place) webTarget {
	i := slices.IndexFunc(c.snapshot.Sources(), func(s indexer.Source) bool { return s.Name == p.Source })
	source := c.snapshot.Sources()[i]
	index, isFile := c.snapshot.FileIndex(p.Source, p.Path)
	t := webTarget{Type: "SpecificResource", Source: server.Upstream(source, p.Path)}
	t.Source = strings.Replace(t.Source, "/blob/", "/raw/", 1) // the text itself: fragments of lines are of plain text
	if !isFile {
		t.Source = cmp.Or(t.Source, "swh:1:rev:"+source.Revision+";path="+swhPath(p.Path))
		return t
	}
	if file := c.snapshot.Files()[index]; file.Modified || t.Source == "" {
		t.Source = "swh:1:cnt:" + file.Hash.String() + ";path=" + swhPath(p.Path)
	}
	if p.Lines.IsZero() {
		return t
	}
	start, end := charactersOf(c.snapshot.Text(index), p.Lines)
	t.Selector = []webSelector{
		{Type: "FragmentSelector", ConformsTo: lineFragments, Value: fmt.Sprintf("line=%d,%d", p.Lines.First-1, p.Lines.Last)},
		{Type: "TextPositionSelector", Start: &start, End: &end},
	}
	return t
}

// swhPath writes a path as the qualifier of a SWHID.
func swhPath(path string) string {
	return strings.ReplaceAll((&url.URL{Path: "/" + path}).EscapedPath(), ";", "%3B")
}

// charactersOf returns how many characters, which are code points, stand before
// some lines of a text and up to their end, line break included.
func charactersOf(text []byte, lines indexer.Lines) (start, end int) {
	rest := text
	for n := 1; n <= lines.Last; n++ {
		if n == lines.First {
			start = end
		}
		to := len(rest)
		if i := bytes.IndexByte(rest, '\n'); i >= 0 {
			to = i + 1
		}
		end += utf8.RuneCount(rest[:to])
		rest = rest[to:]
	}
	return start, end
}

// nameBased returns a UUID made of names: the same for the same ones (version 5
// of RFC 9562, in a name space of this format's own).
func nameBased(names ...string) string {
	sum := sha1.Sum([]byte("navigator annotations\x00" + strings.Join(names, "\x00")))
	sum[6], sum[8] = sum[6]&0x0f|0x50, sum[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}
