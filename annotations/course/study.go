package course

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"navigator/annotations"
)

// tickable is an item, and the block that it stands in.
type tickable struct {
	annotations.Item
	node ast.Node
}

// checkpointWords match the start of what says that something was reached.
var checkpointWords = regexp.MustCompile(`^[^\pL]*(?:checkpoint|punto de control|verificacion)s?\b(?: *#?\d+(?:\.\d+)*)?[^\pL]*`)

// exerciseWords match the title of one exercise; questionWords, a question's;
// answerWords, the part with the answers.
var (
	exerciseWords = regexp.MustCompile(`^(?:ejercicio|exercise|practica|paso|step|reto|tarea|parte) *#?\d*\b`)
	questionWords = regexp.MustCompile(`^[^\pL\d¿]*(?:(?:pregunta|question|p|q) *#?\d+|\d+(?:\.\d+)*[.)]|¿)`)
	answerWords   = regexp.MustCompile(`^[^\pL]*(?:respuesta|solucion|answer|clave|pista)`)
)

// items returns what can be ticked in a lesson, in its order.
func (d *document) items(sections []annotations.Section) []tickable {
	f := &itemFinder{doc: d, seen: map[string]int{}}
	section, open := -1, 0 // open is the level of the exercise that is read
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok {
			f.blocks(n)
			continue
		}
		section++
		if section >= len(sections) {
			break
		}
		s := &sections[section]
		title := fold(s.Title)
		f.role, f.list = s.Role, false
		if f.answers > 0 && s.Level > f.answers {
			f.role = annotations.Content
			continue
		}
		f.answers = 0
		if open >= s.Level {
			open = 0
		}
		switch {
		case answerWords.MatchString(title):
			f.answers, f.role = s.Level, annotations.Content
		case checkpointWords.MatchString(title) && s.Level > 1:
			f.checkpoint(h)
		case s.Role == annotations.Exercises && open == 0 && s.Level > 1 && (f.within(sections, section) || exerciseWords.MatchString(title)):
			if !isContainer(title) {
				open = s.Level
				f.add(annotations.Exercise, h)
			}
		case s.Role == annotations.SelfAssessment && s.Level > 2 && questionWords.MatchString(fold(plainText(h, d.text))) && !f.listed(h):
			f.add(annotations.Question, h)
			f.role = annotations.Content // what follows is about it
		}
	}
	return f.found
}

// isContainer says whether a folded title heads several exercises.
func isContainer(title string) bool {
	return strings.HasPrefix(title, "ejercicios") || strings.HasPrefix(title, "exercises") || strings.HasPrefix(title, "practicas") ||
		strings.HasPrefix(title, "para pensar") || strings.HasPrefix(title, "preguntas") || strings.HasPrefix(title, "reflexion")
}

// itemFinder gathers the items of a lesson.
type itemFinder struct {
	doc     *document
	found   []tickable
	seen    map[string]int
	role    annotations.SectionRole
	answers int  // level of the section of answers that is read, 0 for none
	list    bool // the list that follows is of checkpoints
}

// within says whether a section lies in one that heads several exercises.
func (f *itemFinder) within(sections []annotations.Section, section int) bool {
	for i := section - 1; i >= 0; i-- {
		if s := sections[i]; s.Level == sections[section].Level-1 {
			return s.Role == annotations.Exercises && s.Level > 1 && isContainer(fold(s.Title))
		}
	}
	return false
}

// listed says whether the section of a heading has questions in a list of
// numbers, which are then the items.
func (f *itemFinder) listed(h *ast.Heading) bool {
	for n := h.NextSibling(); n != nil && n.Kind() != ast.KindHeading; n = n.NextSibling() {
		if list, ok := n.(*ast.List); ok && list.IsOrdered() {
			return true
		}
	}
	return false
}

// blocks finds the items in a block that is no heading.
func (f *itemFinder) blocks(n ast.Node) {
	switch n := n.(type) {
	case *ast.Blockquote:
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			f.blocks(c)
		}
		return
	case *ast.List:
		f.items(n)
	case *ast.Paragraph:
		words := fold(plainText(n, f.doc.text))
		switch {
		case startsStrong(n) && checkpointWords.MatchString(words) || strings.HasPrefix(words, "checkpoint"):
			f.checkpoint(n)
			return
		case f.role == annotations.SelfAssessment && startsStrong(n) && questionWords.MatchString(words):
			f.add(annotations.Question, n)
		case f.role == annotations.Exercises && startsStrong(n) && exerciseWords.MatchString(words) && strings.HasPrefix(words, "ejercicio"):
			f.add(annotations.Exercise, n)
		}
	}
	f.list = f.list && n.Kind() != ast.KindList
}

// startsStrong says whether a paragraph begins with bold words, a sign before
// them aside.
func startsStrong(n ast.Node) bool {
	c := n.FirstChild()
	if t, ok := c.(*ast.Text); ok && t.Segment.Len() <= 8 {
		c = c.NextSibling()
	}
	e, ok := c.(*ast.Emphasis)
	return ok && e.Level == 2
}

// checkpoint adds a checkpoint, or those of the list that the block announces.
func (f *itemFinder) checkpoint(n ast.Node) {
	next := n.NextSibling()
	words := plainText(n, f.doc.text)
	said := checkpointWords.ReplaceAllString(fold(words), "")
	if next != nil && next.Kind() == ast.KindList && (said == "" || strings.HasSuffix(words, ":")) {
		f.list = true
		return
	}
	if said == "" && n.Kind() == ast.KindHeading && next != nil && next.Kind() == ast.KindParagraph {
		f.add(annotations.Checkpoint, next)
		return
	}
	f.add(annotations.Checkpoint, n)
}

// items finds the items of a list.
func (f *itemFinder) items(list *ast.List) {
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		words := fold(plainText(item, f.doc.text))
		switch {
		case f.answers > 0:
		case f.list || strings.HasPrefix(words, "checkpoint"):
			f.add(annotations.Checkpoint, item)
		case f.role == annotations.ObjectivesPart:
			f.add(annotations.Objective, item)
			continue
		case f.role == annotations.SelfAssessment && (list.IsOrdered() || isTask(item) || f.alone(list)):
			f.add(annotations.Question, item)
			continue
		case isTask(item):
			f.add(annotations.Checkpoint, item)
		}
		for c := item.FirstChild(); c != nil; c = c.NextSibling() {
			if c.Kind() == ast.KindList || c.Kind() == ast.KindParagraph && c != item.FirstChild() {
				was := f.list
				f.list = false
				f.blocks(c)
				f.list = was
			}
		}
	}
}

// alone says whether a list of marks has the questions: no list of numbers
// stands in the same part.
func (f *itemFinder) alone(list *ast.List) bool {
	for _, way := range []func(ast.Node) ast.Node{ast.Node.NextSibling, ast.Node.PreviousSibling} {
		for n := way(list); n != nil && n.Kind() != ast.KindHeading; n = way(n) {
			if l, ok := n.(*ast.List); ok && l.IsOrdered() || n.Kind() == ast.KindParagraph && questionWords.MatchString(fold(plainText(n, f.doc.text))) {
				return false
			}
		}
	}
	return true
}

// isTask says whether a list item begins with a box to tick.
func isTask(item ast.Node) bool {
	block := item.FirstChild()
	return block != nil && block.FirstChild() != nil && block.FirstChild().Kind() == east.KindTaskCheckBox
}

// add adds the item that a block is.
func (f *itemFinder) add(kind annotations.ItemKind, n ast.Node) {
	text := plainText(n, f.doc.text)
	if n.Kind() == ast.KindListItem && n.FirstChild() != nil {
		text = plainText(n.FirstChild(), f.doc.text)
	}
	if text == "" {
		return
	}
	key := string(kind) + "-" + wordsHash(text)
	line := f.doc.extent(n).First
	if line == 0 {
		line = f.doc.lines.line(max(0, n.Pos()))
	}
	f.found = append(f.found, tickable{annotations.Item{Key: unique(f.seen, key), Kind: kind, Text: text, Line: line}, n})
}

// wordsHash returns a short text that changes with the words of a text alone,
// not with their case, accents, marks or numbers in front.
func wordsHash(text string) string {
	words := strings.FieldsFunc(fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for len(words) > 1 && strings.IndexFunc(words[0], func(r rune) bool { return !unicode.IsDigit(r) }) < 0 {
		words = words[1:]
	}
	sum := sha256.Sum256([]byte(strings.Join(words, " ")))
	return fmt.Sprintf("%x", sum[:6])
}

// itemsOf returns the items alone.
func itemsOf(found []tickable) []annotations.Item {
	var items []annotations.Item
	for _, t := range found {
		items = append(items, t.Item)
	}
	return items
}

// weekWords match the name of a stage of the plan.
var weekWords = regexp.MustCompile(`^[^\pL\d]*(?:semanas?|weeks?|dias?|days?|fase|etapa|mes|sprint)\b *\d|^[^\pL\d]*(?:ongoing|continuo|despues|en adelante)\b`)

// planWords match the title of the part with the stages.
var planWords = regexp.MustCompile(`\b(?:plan de estudios?|plan de trabajo|calendario|cronograma|study plan|schedule|ruta de (?:estudio|aprendizaje)|planificacion)\b`)

// Weeks returns the stages of a plan, in its order: the headings, the rows of
// a table or the items of a list that name weeks.
func weeks(plan *annotations.Lesson) []annotations.Week {
	d := parseDocument(plan.Text)
	var all []annotations.Week
	section, within := -1, 0 // the level of the part with the stages
	var open *annotations.Week
	level := 0
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			if section++; section >= len(plan.Sections) {
				break
			}
			s := plan.Sections[section]
			if within > 0 && s.Level <= within {
				within = 0
			}
			if open != nil && s.Level <= level {
				open = nil
			}
			title := fold(s.Title)
			switch {
			case planWords.MatchString(title):
				within = s.Level
			case open == nil && (weekWords.MatchString(title) && (within > 0 || strings.HasPrefix(title, "semana")) || within > 0 && len(all) > 0 && s.Level == level):
				level = h.Level
				all = append(all, annotations.Week{Title: s.Title, Lines: s.Lines})
				open = &all[len(all)-1]
			}
			continue
		}
		switch {
		case open != nil:
			open.Steps = append(open.Steps, d.steps(n)...)
		case n.Kind() == east.KindTable:
			all = append(all, d.weekRows(n)...)
		case within > 0 && n.Kind() == ast.KindList:
			all = append(all, d.weekItems(n)...)
		}
	}
	for i := range all {
		w := &all[i]
		said := w.Title + "\n" + strings.Join(w.Steps, "\n")
		w.Modules, w.Time = modulesNamed(said), timeSaid(said)
	}
	return all
}

// steps returns the items of a list, or the words of another block.
func (d *document) steps(n ast.Node) []string {
	if n.Kind() != ast.KindList {
		if words := plainText(n, d.text); words != "" && n.Kind() == ast.KindParagraph {
			return []string{words}
		}
		return nil
	}
	var all []string
	for item := n.FirstChild(); item != nil; item = item.NextSibling() {
		for c := item.FirstChild(); c != nil; c = c.NextSibling() {
			if c.Kind() == ast.KindList {
				all = append(all, d.steps(c)...)
			} else if words := plainText(c, d.text); words != "" {
				all = append(all, words)
			}
		}
	}
	return all
}

// weekRows returns the stages of a table whose first column names weeks.
func (d *document) weekRows(table ast.Node) []annotations.Week {
	var all []annotations.Week
	var heads []string
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, plainText(c, d.text))
		}
		if row.Kind() == east.KindTableHeader {
			if heads = cells; len(heads) == 0 || !strings.HasPrefix(fold(heads[0]), "semana") && !strings.HasPrefix(fold(heads[0]), "week") {
				return nil
			}
			continue
		}
		if len(cells) == 0 || cells[0] == "" {
			continue
		}
		w := annotations.Week{Title: cells[0], Lines: d.extent(row)}
		if strings.IndexFunc(w.Title, unicode.IsLetter) < 0 {
			w.Title = heads[0] + " " + w.Title
		}
		for i, cell := range cells[1:] {
			if cell != "" && i+1 < len(heads) {
				w.Steps = append(w.Steps, heads[i+1]+": "+cell)
			}
		}
		all = append(all, w)
	}
	return all
}

// weekItems returns the stages of a list whose items name weeks.
func (d *document) weekItems(list ast.Node) []annotations.Week {
	var all []annotations.Week
	for item := list.FirstChild(); item != nil; item = item.NextSibling() {
		first := item.FirstChild()
		if first == nil {
			continue
		}
		words := plainText(first, d.text)
		if !weekWords.MatchString(fold(words)) {
			continue
		}
		w := annotations.Week{Title: words, Lines: d.extent(item)}
		if strong, ok := first.FirstChild().(*ast.Emphasis); ok {
			title := plainText(strong, d.text)
			if rest := strings.TrimSpace(strings.TrimLeft(strings.TrimPrefix(words, title), ": –—-")); rest != "" {
				w.Steps = []string{rest}
			}
			w.Title = strings.TrimRight(title, ":")
		} else if title, rest, ok := strings.Cut(words, ": "); ok {
			w.Title, w.Steps = title, []string{rest}
		}
		for c := first.NextSibling(); c != nil; c = c.NextSibling() {
			w.Steps = append(w.Steps, d.steps(c)...)
		}
		all = append(all, w)
	}
	return all
}

// moduleWords match where a plan names modules: "Módulos 1 y 2", "Módulo 3".
var moduleWords = regexp.MustCompile(`\bmod(?:ulos?|ules?)? +(\d+(?:(?: *, *| +y +| +e +| +and +| *[-–] *)\d+)*)`)

// modulesNamed returns the numbers of the modules that a text names, each once.
func modulesNamed(text string) []string {
	var all []string
	add := func(n int) {
		if s := fmt.Sprint(n); !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	for _, m := range moduleWords.FindAllStringSubmatch(fold(text), -1) {
		last, dash := 0, false
		for _, part := range regexp.MustCompile(`\d+|[-–]`).FindAllString(m[1], -1) {
			n := 0
			if _, err := fmt.Sscan(part, &n); err != nil {
				dash = true
				continue
			}
			for i := last + 1; dash && i < n && n-last < 100; i++ {
				add(i)
			}
			add(n)
			last, dash = n, false
		}
	}
	return all
}
