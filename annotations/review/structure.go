package review

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"navigator/annotations"
	"navigator/annotations/course"
)

// The kinds of faults that only the whole course shows; those of one lesson are
// its Problems.
const (
	DeadPrerequisite annotations.ProblemKind = "dead-prerequisite" // names no document of the course
	BadDiagram       annotations.ProblemKind = "bad-diagram"       // a mermaid block that does not parse
	ProgressMissing  annotations.ProblemKind = "progress-missing"  // said to be done, but there is no such document
	ProgressUnlisted annotations.ProblemKind = "progress-unlisted" // a lesson that the plan's tables do not have
	ProgressCount    annotations.ProblemKind = "progress-count"    // a count of the plan that is not that of the files
)

// Structure returns what is wrong with a course apart from its citations and
// excerpts, lesson by lesson.
func Structure(c *annotations.Course) []annotations.Fault {
	var faults []annotations.Fault
	for _, l := range c.Documents() {
		for _, p := range l.Problems {
			faults = append(faults, annotations.Fault{Lesson: l.Path, Line: p.Line, Kind: p.Kind, Text: p.String()})
		}
		faults = append(faults, prerequisites(c, l)...)
		faults = append(faults, diagrams(l)...)
	}
	return append(faults, progress(c)...)
}

var (
	documentName = regexp.MustCompile(`[\w./-]+\.md\b`)
	numberedName = regexp.MustCompile(`^(?:[\w-]+/)*\d\d_\w+$`)
	moduleNumber = regexp.MustCompile(`(?i)^m[oó]dulo\s+(\d+)`)
)

// prerequisites names those of a lesson that lead to no document.
func prerequisites(c *annotations.Course, l *annotations.Lesson) []annotations.Fault {
	var faults []annotations.Fault
	for _, p := range l.Prerequisites {
		name := documentName.FindString(p)
		if bare := strings.Trim(p, "`*_ ."); name == "" && numberedName.MatchString(bare) {
			name = bare + ".md"
		}
		switch m := moduleNumber.FindStringSubmatch(strings.Trim(p, "*_ ")); {
		case name != "" && !exists(c, l.Path, name):
		case name == "" && m != nil && !hasModule(c, m[1]):
			name = m[0]
		default:
			continue
		}
		faults = append(faults, annotations.Fault{Lesson: l.Path, Line: lineWith(l.Text, p), Kind: DeadPrerequisite,
			Text: fmt.Sprintf("the prerequisite %s does not exist", name)})
	}
	return faults
}

// exists says whether a document is there: from the lesson's folder, from the
// course's, or by its name alone.
func exists(c *annotations.Course, from, name string) bool {
	id, _ := course.LessonID(from, name)
	if c.Lesson(id) != nil || c.Lesson(strings.TrimSuffix(path.Clean(name), ".md")) != nil {
		return true
	}
	return !strings.Contains(name, "/") && slices.ContainsFunc(c.Documents(), func(l *annotations.Lesson) bool { return path.Base(l.Path) == name })
}

func hasModule(c *annotations.Course, number string) bool {
	return slices.ContainsFunc(c.Lessons, func(l *annotations.Lesson) bool { return moduleOf(l.Path) == number })
}

// moduleOf returns the number of the module's folder that a path lies in.
func moduleOf(p string) string {
	folder, _, ok := strings.Cut(p, "/")
	number, _, cut := strings.Cut(folder, "_")
	if !ok || !cut {
		return ""
	}
	return strings.TrimLeft(number, "0")
}

// lineWith returns the first line that has what, 1 when none does.
func lineWith(text []byte, what string) int {
	before, _, ok := strings.Cut(string(text), what)
	if !ok {
		return 1
	}
	return strings.Count(before, "\n") + 1
}

var (
	progressRow  = regexp.MustCompile("^\\|\\s*`?([\\w./-]+\\.md)`?\\s*\\|(.*)\\|\\s*$")
	progressSum  = regexp.MustCompile(`(?i)^\|\s*m[oó]dulo\s+(\d+)[^|]*\|\s*(\d+)\s*/\s*(\d+)\s*\|`)
	progressHead = regexp.MustCompile(`(?i)^#+.*?m[oó]dulo\s+(\d+)`)
	anyHead      = regexp.MustCompile(`^#+\s`)
)

// progressMarks are the signs of how far a document of the plan is.
const progressMarks = "✅⏳🔄❌📝⬜☑"

// progress holds the plan's tables of progress against the documents.
func progress(c *annotations.Course) []annotations.Fault {
	if c.Plan == nil {
		return nil
	}
	var faults []annotations.Fault
	add := func(line int, kind annotations.ProblemKind, format string, args ...any) {
		faults = append(faults, annotations.Fault{Lesson: c.Plan.Path, Line: line, Kind: kind, Text: fmt.Sprintf(format, args...)})
	}
	listed, module, inTable := map[*annotations.Lesson]bool{}, "", false
	n := 0
	for line := range strings.Lines(string(c.Plan.Text)) {
		n++
		line = strings.TrimSpace(line)
		if anyHead.MatchString(line) {
			module = ""
			if m := progressHead.FindStringSubmatch(line); m != nil {
				module = m[1]
			}
		}
		if m := progressSum.FindStringSubmatch(line); m != nil {
			if have := countModule(c, m[1]); fmt.Sprint(have) != m[2] {
				add(n, ProgressCount, "module %s is said to have %s documents; it has %d", m[1], m[2], have)
			}
		}
		m := progressRow.FindStringSubmatch(line)
		if m == nil || !strings.ContainsAny(m[2], progressMarks) {
			continue
		}
		inTable = true
		l := inModule(c, module, m[1])
		switch done := strings.Contains(m[2], "✅") || strings.Contains(m[2], "☑"); {
		case l != nil:
			listed[l] = true
		case done:
			add(n, ProgressMissing, "%s is said to be done, but there is no such document", m[1])
		}
	}
	if !inTable {
		return faults
	}
	for _, l := range c.Lessons {
		if moduleOf(l.Path) != "" && !listed[l] && path.Base(l.Path) != "README.md" {
			add(1, ProgressUnlisted, "%s is in no table of progress", l.Path)
		}
	}
	return faults
}

// Planned returns how many documents the plan's tables of progress have for each
// top folder of the course; a module of which nothing is written has its name.
func Planned(c *annotations.Course) map[string]int {
	if c.Plan == nil {
		return nil
	}
	planned, module, heading := map[string]int{}, "", ""
	for line := range strings.Lines(string(c.Plan.Text)) {
		line = strings.TrimSpace(line)
		if anyHead.MatchString(line) {
			module, heading = "", strings.ToLower(line)
			if m := progressHead.FindStringSubmatch(line); m != nil {
				module = m[1]
			}
		}
		m := progressRow.FindStringSubmatch(line)
		if m == nil || !strings.ContainsAny(m[2], progressMarks) {
			continue
		}
		planned[folderOf(c, inModule(c, module, m[1]), module, heading)]++
	}
	return planned
}

// folderOf returns the top folder of a document of the plan: its own, or while
// it is not written that of its module, or one that the heading names.
func folderOf(c *annotations.Course, l *annotations.Lesson, module, heading string) string {
	if l == nil {
		for _, other := range c.Lessons {
			folder, _, below := strings.Cut(other.Path, "/")
			if below && (module != "" && moduleOf(other.Path) == module || module == "" && strings.Contains(heading, strings.ToLower(folder))) {
				l = other
				break
			}
		}
	}
	switch {
	case l == nil && module != "":
		return "Módulo " + module
	case l == nil:
		words, _, _ := strings.Cut(heading, "(")
		return strings.Trim(words, "# \t"+progressMarks)
	}
	if folder, _, below := strings.Cut(l.Path, "/"); below {
		return folder
	}
	return "."
}

func countModule(c *annotations.Course, number string) int {
	n := 0
	for _, l := range c.Lessons {
		if moduleOf(l.Path) == number && !strings.Contains(l.Path, "/code_analysis/") && path.Base(l.Path) != "README.md" {
			n++
		}
	}
	return n
}

// inModule returns the lesson whose path ends in name, in the module's folder
// when there is a module.
func inModule(c *annotations.Course, module, name string) *annotations.Lesson {
	for _, l := range c.Lessons {
		if (l.Path == name || strings.HasSuffix(l.Path, "/"+name)) && (module == "" || moduleOf(l.Path) == module) {
			return l
		}
	}
	return nil
}
