package server_test

import (
	"encoding/json"
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

// Lessons, notes and terms are listed where nothing is asked for.
func TestSearchLists(t *testing.T) {
	v := comparison("Notas", "", citedAt(3, annotations.Plain, 1, shopFile, 7, 9))
	v.course.Lesson(first1).Notes = []annotations.Note{{Lines: indexer.Lines{First: 3, Last: 5}, Lesson: first1}}
	s := newSite(t, v)
	for kind, want := range map[string]int{"lesson": len(v.course.Lessons), "note": 1, "term": len(v.course.Glossary)} {
		var answer struct{ Results []struct{ URL string } }
		if err := json.Unmarshal(s.ask("/api/v1/search?limit=50&q=&kind="+kind).Body.Bytes(), &answer); err != nil || len(answer.Results) != want {
			t.Errorf("%d of %s, want %d; %v", len(answer.Results), kind, want, err)
		}
		for _, r := range answer.Results {
			if r.URL == "" {
				t.Errorf("a %s leads nowhere", kind)
			}
		}
	}
	for _, kind := range []string{"symbol", "file", "text", "all"} {
		if code := s.ask("/api/v1/search?q=&kind=" + kind).Code; code != 400 {
			t.Errorf("%s: status %d", kind, code)
		}
	}
}
