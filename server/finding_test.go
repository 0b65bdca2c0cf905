package server_test

import (
	"testing"

	"navigator/annotations"
	"navigator/indexer"
	"navigator/server"
)

// A note that is found leads to the lines that it is about.
func TestSearchFindsNotes(t *testing.T) {
	v := comparison("Notas", "", citedAt(3, annotations.Plain, 1, shopFile, 7, 9))
	v.course.Lesson(first1).Notes = []annotations.Note{{Lines: indexer.Lines{First: 3, Last: 5}, Lesson: first1}}
	v.noted = map[string][]server.NoteHit{"libro": {
		{File: first1, Snippet: "un libro", Matches: []server.Range{{Start: 3, End: 8}}}, {File: "gone"}, {File: first1, Note: 7},
	}}
	p := newSite(t, v).page(200, "/search?q=libro&kind=note")
	p.count(1, "section li")
	p.attr("/src/shop/"+shopFile+"?lines=7-9#L7", "section li a", "href")
	p.text("libro", ".snippet mark")
}
