package course

import (
	"regexp"
	"slices"
	"strings"

	"navigator/annotations"
)

// upstreamLanguages are the languages of fences that show code of the sources.
var upstreamLanguages = []string{"c", "cc", "cpp", "c++", "h", "hpp", "rust", "rs", "proto", "protobuf"}

// Explanation returns the words of an annotation as Markdown that can stand
// anywhere: without the code of the sources, and without the indentation and
// the links that make sense in l alone.
func Explanation(l *annotations.Lesson, a annotations.Annotation) string {
	return LinkedExplanation(l, a, func(words, _ string) string { return words })
}

// LinkedExplanation is [Explanation] with the links that lead to no site
// written by link, which is given their words and where they lead.
func LinkedExplanation(l *annotations.Lesson, a annotations.Annotation, link func(words, to string) string) string {
	if a.Text != "" {
		return a.Text
	}
	all := strings.Split(strings.ReplaceAll(string(l.Text), "\r\n", "\n"), "\n")
	var lines []string
	for n := a.Prose.First; 0 < n && n <= min(a.Prose.Last, len(all)); n++ {
		shows := func(e annotations.Excerpt) bool {
			return e.Lines.Contains(n) && slices.Contains(upstreamLanguages, strings.ToLower(e.Language))
		}
		if !slices.ContainsFunc(l.Excerpts, shows) {
			lines = append(lines, all[n-1])
		}
	}
	return relink(alone(lines), link)
}

// alone returns lines of Markdown without the indentation that they share, and
// rows of a table as their cells.
func alone(lines []string) string {
	var out []string
	indent := 0
	for i, line := range lines {
		body := strings.TrimLeft(line, " ")
		if i == 0 {
			indent = len(line) - len(body)
		}
		if strings.HasPrefix(body, "|") {
			if row := cells(body); row != "" {
				out = append(out, row, "")
			}
			continue
		}
		out = append(out, line[min(indent, len(line)-len(body)):])
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// ruleOfTable matches the line between the header and the rows of a table.
var ruleOfTable = regexp.MustCompile(`^[|:\- ]+$`)

func cells(row string) string {
	row = strings.TrimSpace(row)
	if ruleOfTable.MatchString(row) {
		return ""
	}
	const bar = "\x00" // stands for one that is escaped
	var all []string
	for cell := range strings.SplitSeq(strings.Trim(strings.ReplaceAll(row, `\|`, bar), "|"), "|") {
		all = append(all, strings.ReplaceAll(strings.TrimSpace(cell), bar, "|"))
	}
	return strings.Join(slices.DeleteFunc(all, func(c string) bool { return c == "" }), " — ")
}

// linkOrCode matches a link or picture, its words and its destination, and
// inline code, which has no links.
var linkOrCode = regexp.MustCompile("`[^`\n]+`" + `|!?\[([^\]\n]*)\]\(([^()\s]*)(?:\s+"[^"\n]*")?\)`)

// siteLink matches a destination that is on a site.
var siteLink = regexp.MustCompile(`^(?i:https?|mailto):`)

// relink writes the links that lead to no site anew.
func relink(text string, link func(words, to string) string) string {
	return linkOrCode.ReplaceAllStringFunc(text, func(found string) string {
		parts := linkOrCode.FindStringSubmatch(found)
		switch words, to := parts[1], parts[2]; {
		case found[0] == '`' || siteLink.MatchString(to):
			return found
		case found[0] == '!':
			return words
		default:
			return link(words, to)
		}
	})
}
