package course

import (
	"cmp"
	"regexp"
	"strings"

	"navigator/indexer"
)

// header is the block at the top of a lesson that says what it is about.
type header struct {
	lines         indexer.Lines // its rules included; zero when there is none
	ruled         bool          // it stands between two rules
	entries       map[string]int
	module        string
	topic         string
	time          string
	prerequisites []string
}

// headerNames are the names of the entries, folded, and what they fill.
var headerNames = map[string]string{
	"modulo": "Módulo", "module": "Módulo",
	"tema": "Tema", "topic": "Tema",
	"tiempo estimado": "Tiempo estimado", "tiempo": "Tiempo estimado", "duracion": "Tiempo estimado", "duracion estimada": "Tiempo estimado",
	"estimated time": "Tiempo estimado", "time": "Tiempo estimado",
	"prerrequisitos": "Prerrequisitos", "prerequisitos": "Prerrequisitos", "pre-requisitos": "Prerrequisitos", "requisitos previos": "Prerrequisitos",
	"requisitos": "Prerrequisitos", "prerequisites": "Prerrequisitos", "prerrequisito": "Prerrequisitos",
}

// headerEntries are the entries that a header block has.
var headerEntries = []string{"Módulo", "Tema", "Tiempo estimado", "Prerrequisitos"}

// entry matches a line of the header block: **Name**: value, **Name:** value,
// Name: value, in a list or a quote or not.
var entry = regexp.MustCompile(`^(?:[>*+-][ \t]+)?[ \t]*(?:\*\*|__)?([\pL][\pL \t-]{2,24}?)[ \t]*(?:\*\*[ \t]*:|__[ \t]*:|:[ \t]*\*\*|:[ \t]*__|:)[ \t]*(.*?)[ \t]*$`)

// bullet matches an item of the list below an entry.
var bullet = regexp.MustCompile(`^[ \t]*(?:[*+-]|\d+[.)])[ \t]+(.*?)[ \t]*$`)

// headerReach is how many lines of a lesson are looked at for the header.
const headerReach = 40

// readHeader finds the header block among a lesson's first lines.
func readHeader(text []byte) header {
	h := header{entries: map[string]int{}}
	rule, list := 0, "" // the line of the rule above, 0 for none; the entry that a list may go on
	n := 0
	for raw := range strings.Lines(string(text)) {
		if n++; n > headerReach {
			break
		}
		line := strings.TrimRight(raw, " \t\r\n")
		begun := len(h.entries) > 0
		switch {
		case line == "":
		case isRule(line):
			if begun {
				h.lines.Last, h.ruled = n, rule > 0
				return h
			}
			rule = n
		case strings.HasPrefix(line, "#"), strings.HasPrefix(line, "```"):
			if begun {
				return h
			}
			rule = 0
		default:
			if name, ok := h.entry(line, n, rule); ok {
				list = name
			} else if m := bullet.FindStringSubmatch(line); m != nil && list == "Prerrequisitos" {
				h.prerequisites = append(h.prerequisites, m[1])
				h.lines.Last = n
			} else if begun && rule == 0 {
				return h
			}
		}
	}
	return h
}

// entry reads the entry on a line, below a rule when that is not 0. It returns
// the entry's name, "" for one that no header asks for, and whether there is one.
func (h *header) entry(line string, n, rule int) (name string, ok bool) {
	if !strings.Contains(line, ":") {
		return "", false
	}
	m := entry.FindStringSubmatch(line)
	if m == nil {
		return "", false
	}
	name = headerNames[fold(m[1])]
	if name == "" && (rule == 0 || len(h.entries) == 0) {
		return "", false
	}
	if h.lines.IsZero() {
		h.lines.First = cmp.Or(rule, n)
	}
	h.lines.Last = n
	if name != "" {
		h.set(name, m[2], n)
	}
	return name, true
}

// set fills the entry of that name, the first time.
func (h *header) set(name, value string, line int) {
	if h.entries[name] > 0 {
		return
	}
	h.entries[name] = line
	switch name {
	case "Módulo":
		h.module = value
	case "Tema":
		h.topic = value
	case "Tiempo estimado":
		h.time = value
	case "Prerrequisitos":
		h.prerequisites = splitList(value)
	}
}

// nothing are the ways to write that there are no prerequisites, folded.
var nothing = set("ninguno ninguna ningun none n/a na no - – —")

// splitList splits a list at the commas outside brackets and parentheses.
func splitList(value string) []string {
	if inner, ok := strings.CutPrefix(value, "["); ok && strings.HasSuffix(inner, "]") && !strings.ContainsAny(inner[:len(inner)-1], "[]") {
		value = inner[:len(inner)-1]
	}
	if nothing[strings.Trim(fold(value), " .")] {
		return nil
	}
	var items []string
	depth, from := 0, 0
	for i := 0; i <= len(value); i++ {
		if i < len(value) {
			switch value[i] {
			case '[', '(':
				depth++
				continue
			case ']', ')':
				depth--
				continue
			}
			if value[i] != ',' && value[i] != ';' || depth > 0 {
				continue
			}
		}
		if item := strings.TrimSpace(value[from:i]); item != "" {
			items = append(items, item)
		}
		from = i + 1
	}
	return items
}

// isRule reports whether a line is a thematic break.
func isRule(line string) bool {
	s := strings.ReplaceAll(strings.TrimSpace(line), " ", "")
	return len(s) >= 3 && (strings.Trim(s, "-") == "" || strings.Trim(s, "*") == "" || strings.Trim(s, "_") == "")
}
