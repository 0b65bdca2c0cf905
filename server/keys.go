package server

import (
	"net/http"
	"strings"
)

// keysPage lists the keys of all pages. Dialogs show the part of it that holds
// where they are opened.
type keysPage struct {
	page
	Groups []keyGroup
}

// keyGroup is the keys of some pages.
type keyGroup struct {
	Name string // of its title in the messages
	On   string // selector of what the pages have that know the keys
	Keys []key
}

// key is what to press, and the name of the message that says what it does.
type key struct {
	Does  string
	Press string // names as they are on the keyboard: several ways apart by "|", keys held together by "+", one after the other by " "
}

// Ways returns the ways to press a key, each as the keys of it.
func (k key) Ways() [][]string {
	var all [][]string
	for _, way := range strings.Split(k.Press, "|") {
		if way == "+" {
			all = append(all, []string{way})
			continue
		}
		all = append(all, strings.FieldsFunc(way, func(r rune) bool { return r == ' ' || r == '+' }))
	}
	return all
}

var keyGroups = []keyGroup{
	{"all", "body", []key{
		{"search", "/|Ctrl+K"}, {"keys", "?"}, {"back", "Alt+←"}, {"forward", "Alt+→"}, {"close", "Esc"},
	}},
	{"list", "body", []key{{"move", "↓|↑"}, {"open", "Enter"}, {"apart", "Ctrl+Enter"}}},
	{"reading", "#zoom", []key{{"tick", "Space"}, {"larger", "+|−"}, {"fit", "0"}, {"pan", "←|→|↑|↓"}}},
	{"desk", "main.desk .tour", []key{{"next", "n"}, {"previous", "p"}, {"divide", "←|→"}}},
	{"code", "main.file:not(.then)", []key{
		{"word", "w|b"}, {"line", "j|k"}, {"define", "g d|Enter"}, {"uses", "g r"}, {"implementations", "g i"}, {"types", "g t"},
		{"calls", "g c"}, {"card", "g h"}, {"note", "a"},
	}},
	{"writing", "main.file:not(.then)", []key{{"save", "Ctrl+Enter"}, {"close", "Esc"}}},
	{"drift", "main.drift", []key{{"accept", "a"}, {"reject", "x"}, {"undo", "u"}, {"edit", "e"}, {"item", "n|p"}}},
}

func (s *site) keys(w http.ResponseWriter, r *http.Request, v View) error {
	p := keysPage{page: s.newPage(r, "keys", ""), Groups: keyGroups}
	p.Title = p.Lang.T("keys.title")
	return render(w, p.Lang, "keys.html", p)
}
