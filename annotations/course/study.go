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
	"navigator/indexer"
)

// tickable is an item, and the block that it stands in.
type tickable struct {
	annotations.Item
	node ast.Node
}

// checkpointWords match the start of what says that something was reached.
var checkpointWords = regexp.MustCompile(`^[^\pL]*(?:(?:checkpoint|punto de control|verificacion|comprobacion)(?:s|es)?|puntos de control|puntos? de verificacion|criterios? de exito)\b(?: *#?\d+(?:\.\d+)*)?[^\pL]*`)

// plainCheckpoint matches the start of one that does not stand out.
var plainCheckpoint = regexp.MustCompile(`^[^\pL]*(?:checkpoint|puntos? de control)\b`)

// exerciseWords match the title of one exercise, stepWords that of a step of a
// lesson which is one; questionWords, a question's; answerWords, the part with the
// answers, answersOnly what leads to nothing but them.
var (
	exerciseWords = regexp.MustCompile(`^[^\pL\d]*(?:ejercicio|exercise|practica|paso|step|reto|tarea|parte|lab|laboratorio|desafio|challenge) *#?\d*\b`)
	stepWords     = regexp.MustCompile(`^[^\pL\d]*(?:ejercicio|exercise|practica|paso|step|reto|tarea|parte|fase|lab) *#?\d`)
	asideWords    = regexp.MustCompile(`^[^\pL\d]*(?:pre-?requisitos|requisitos|antes de empezar|introduccion|contexto|resumen|conclusion|notas?|soluci|respuestas|referencias|recursos|siguiente|problemas|troubleshooting|objetivo|preparacion del entorno|entorno|anexo|prerequisites|setup|solution|summary)`)
	answersOnly   = regexp.MustCompile(`^[^\pL]*(?:respuestas?|solucion(?:es)?|answers?|clave de respuestas)[^\pL]*$`)
	questionWords = regexp.MustCompile(`^[^\pL\d¿]*(?:(?:pregunta|question|p|q) *#?\d+|\d+(?:\.\d+)*[.)]|¿)`)
	answerWords   = regexp.MustCompile(`^[^\pL]*(?:respuesta|solucion|answer|clave|pista)`)
)

// items returns what can be ticked in a lesson, in its order.
func (d *document) items(l *annotations.Lesson) []tickable {
	sections := l.Sections
	f := &itemFinder{doc: d, seen: map[string]int{}}
	steps := f.stepsOf(l)
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
		f.role, f.list, f.numbered, f.answered = s.Role, false, false, false
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
		case steps != nil && steps.MatchString(fold(plainText(h, d.text))) && !asideWords.MatchString(title) && !containerWords.MatchString(title) &&
			s.Level == 2 && (s.Role == annotations.Content || s.Role == annotations.Exercises):
			open = s.Level
			f.add(annotations.Exercise, h)
		case s.Role == annotations.Exercises && s.Level > 1 && open == 0 && containerWords.MatchString(title) && f.single(h):
			if f.numbered = f.listed(h) || f.exerciseItems(h); !f.numbered && !f.tabled(h) {
				f.add(annotations.Exercise, h)
			}
		case s.Role == annotations.Exercises && open == 0 && s.Level > 1 && !asideWords.MatchString(title) && (f.within(sections, section) || exerciseWords.MatchString(title)):
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

// containerWords match the title of what heads several exercises, ponderWords
// that of what is only to be thought about.
var (
	containerWords = regexp.MustCompile(`^[^\pL\d]*(?:ejercicios|exercises|practicas|laboratorios|labs|hands-on|manos a la obra|(?:practica|laboratorio)(?: guiad[ao])?$)`)
	ponderWords    = regexp.MustCompile(`^[^\pL\d]*(?:para pensar|preguntas|reflexion)`)
)

// isContainer says whether a folded title heads several exercises, or thoughts.
func isContainer(title string) bool {
	return containerWords.MatchString(title) || ponderWords.MatchString(title)
}

// itemFinder gathers the items of a lesson.
type itemFinder struct {
	doc     *document
	found   []tickable
	seen    map[string]int
	role    annotations.SectionRole
	answers int  // level of the section of answers that is read, 0 for none
	list    bool // the list that follows is of checkpoints

	numbered bool // lists that are read are of exercises
	answered bool // the list that follows is of answers
	folded   int  // how many elements that fold answers away are open
}

// stepsOf returns what matches the steps of a lesson that is an exercise itself;
// nil for another lesson.
func (f *itemFinder) stepsOf(l *annotations.Lesson) *regexp.Regexp {
	folder := fold(l.Path)
	if !strings.HasPrefix(folder, "ejercicios/") && !strings.HasPrefix(folder, "exercises/") && !strings.Contains(folder, "/ejercicios/") && !strings.Contains(folder, "/exercises/") &&
		!exerciseWords.MatchString(fold(title(l))) {
		return nil
	}
	for _, s := range l.Sections {
		if s.Level > 1 && stepWords.MatchString(fold(s.Title)) {
			return stepWords
		}
	}
	for _, s := range l.Sections {
		if s.Level > 1 && role(s.Title) == annotations.Exercises {
			return nil
		}
	}
	return numberedStep
}

// numberedStep matches the title of a part of a lesson that has a number.
var numberedStep = regexp.MustCompile(`^\d+[.)] +\pL`)

// single says whether a section of exercises has none in a section of its own,
// nor under bold words.
func (f *itemFinder) single(h *ast.Heading) bool {
	for n := h.NextSibling(); n != nil; n = n.NextSibling() {
		if next, ok := n.(*ast.Heading); ok {
			if next.Level <= h.Level {
				return true
			}
			if words := fold(plainText(next, f.doc.text)); !checkpointWords.MatchString(words) && !asideWords.MatchString(words) && !answerWords.MatchString(words) {
				return false
			}
		}
		if n.Kind() == ast.KindParagraph && startsStrong(n) && exerciseWords.MatchString(fold(plainText(n, f.doc.text))) {
			return false
		}
	}
	return true
}

// exerciseItems says whether the section of a heading has a list of marks whose
// items are exercises.
func (f *itemFinder) exerciseItems(h *ast.Heading) bool {
	for n := h.NextSibling(); n != nil && n.Kind() != ast.KindHeading; n = n.NextSibling() {
		if n.Kind() == ast.KindList && exerciseWords.MatchString(fold(plainText(n.FirstChild(), f.doc.text))) {
			return true
		}
	}
	return false
}

// tabled says whether the section of a heading has a table of items.
func (f *itemFinder) tabled(h *ast.Heading) bool {
	for n := h.NextSibling(); n != nil && n.Kind() != ast.KindHeading; n = n.NextSibling() {
		if n.Kind() == east.KindTable && f.column(n) >= 0 {
			return true
		}
	}
	return false
}

// itemHeads match what heads the column of a table with items.
var itemHeads = regexp.MustCompile(`^[^\pL]*(?:objetivos?|preguntas?|ejercicios?|tareas?|checkpoints?|puntos? de (?:control|verificacion)|questions?|exercises?|tasks?|objectives?)\b`)

// column returns which column of a table has items of the part that is read, -1
// for none.
func (f *itemFinder) column(table ast.Node) int {
	i := 0
	for c := table.FirstChild().FirstChild(); c != nil; c = c.NextSibling() {
		if head := fold(plainText(c, f.doc.text)); itemHeads.MatchString(head) && (f.role != annotations.Content || plainCheckpoint.MatchString(head)) {
			return i
		}
		i++
	}
	return -1
}

// rows finds the items in a table: the cells of the column whose head says so.
func (f *itemFinder) rows(table ast.Node) {
	column := f.column(table)
	if column < 0 || f.role == annotations.References || f.answers > 0 {
		return
	}
	kind := annotations.Checkpoint
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		cell := row.FirstChild()
		for range column {
			if cell != nil {
				cell = cell.NextSibling()
			}
		}
		switch {
		case cell == nil:
		case row.Kind() == east.KindTableHeader:
			switch head := fold(plainText(cell, f.doc.text)); {
			case checkpointWords.MatchString(head):
			case f.role == annotations.ObjectivesPart:
				kind = annotations.Objective
			case f.role == annotations.SelfAssessment:
				kind = annotations.Question
			case f.role == annotations.Exercises:
				kind = annotations.Exercise
			}
		default:
			f.add(kind, cell)
		}
	}
}

// summary matches what is shown of what is folded away.
var summary = regexp.MustCompile(`(?s)<summary[^>]*>(.*?)</summary>`)

// fold follows what raw HTML folds away: answers, or what a question is asked
// for.
func (f *itemFinder) fold(n *ast.HTMLBlock) {
	text := string(n.Lines().Value(f.doc.text))
	if m := summary.FindStringSubmatch(text); m != nil && f.role == annotations.SelfAssessment && f.answers == 0 {
		said := strings.TrimSpace(markup.ReplaceAllString(m[1], ""))
		if folded := fold(said); questionWords.MatchString(folded) || strings.HasSuffix(folded, "?") && !answerWords.MatchString(folded) {
			f.addText(annotations.Question, n, said)
		}
	}
	f.folded = max(0, f.folded+strings.Count(text, "<details")-strings.Count(text, "</details"))
}

// markup matches a tag of HTML.
var markup = regexp.MustCompile(`<[^>]*>`)

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
	case *ast.HTMLBlock:
		f.fold(n)
	case *east.Table:
		f.rows(n)
	case *ast.List:
		if f.answered || f.folded > 0 && f.role == annotations.SelfAssessment {
			f.answered = false
			return
		}
		f.items(n)
	case *ast.Paragraph:
		words := fold(plainText(n, f.doc.text))
		switch {
		case startsStrong(n) && checkpointWords.MatchString(words) || plainCheckpoint.MatchString(words):
			f.checkpoint(n)
			return
		case f.role == annotations.SelfAssessment && startsStrong(n) && answersOnly.MatchString(words):
			f.answered = true
		case f.role == annotations.SelfAssessment && f.folded == 0 && strings.HasPrefix(words, "¿") && strings.HasSuffix(words, "?") && n.Parent().Kind() == ast.KindDocument && f.asked(n):
			f.add(annotations.Question, n)
		case f.role == annotations.SelfAssessment && startsStrong(n) && questionWords.MatchString(words):
			f.add(annotations.Question, n)
		case f.role == annotations.Exercises && startsStrong(n) && exerciseWords.MatchString(words):
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
		case f.list || plainCheckpoint.MatchString(words):
			f.add(annotations.Checkpoint, item)
		case f.role == annotations.ObjectivesPart:
			f.add(annotations.Objective, item)
			continue
		case f.role == annotations.SelfAssessment && (list.IsOrdered() || isTask(item) || f.alone(list)):
			f.add(annotations.Question, item)
			continue
		case isTask(item):
			f.add(annotations.Checkpoint, item)
		case f.numbered && f.role == annotations.Exercises && list.Parent().Kind() == ast.KindDocument && (list.IsOrdered() || exerciseWords.MatchString(words)):
			f.add(annotations.Exercise, item)
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

// asked says whether the questions of a part are paragraphs: no list has them.
func (f *itemFinder) asked(n ast.Node) bool {
	for _, way := range []func(ast.Node) ast.Node{ast.Node.NextSibling, ast.Node.PreviousSibling} {
		for n := way(n); n != nil && n.Kind() != ast.KindHeading; n = way(n) {
			if n.Kind() == ast.KindList {
				return false
			}
		}
	}
	return true
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
	f.addText(kind, n, text)
}

func (f *itemFinder) addText(kind annotations.ItemKind, n ast.Node, text string) {
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

// counted matches what counts an item in front of its words: "Ejercicio 2:".
var counted = regexp.MustCompile(`^[^\pL\d]*(?:ejercicio|exercise|pregunta|question|practica|paso|step|reto|tarea|parte|lab|p|q|checkpoint|punto de control) *#?\d+(?:\.\d+)*[^\pL\d]+([\pL\d¿])`)

// citedLines matches the lines of a citation, which are renumbered when code
// moves.
var citedLines = regexp.MustCompile(`(\.[a-z]\w*):\d+(?:-\d+)?`)

// wordsHash returns a short text that changes with the words of a text alone,
// not with their case, accents, marks, what counts them or the lines they cite.
func wordsHash(text string) string {
	text = citedLines.ReplaceAllString(fold(text), "$1")
	words := strings.FieldsFunc(counted.ReplaceAllString(text, "$1"), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
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

// weekWords match the name of a stage of the plan; weekHeads, what heads the
// column of a table with such names.
var (
	weekWords = regexp.MustCompile(`^[^\pL\d]*(?:(?:semanas?|weeks?|dias?|days?|fase|etapa|mes|month|sprint|bloque)\b *\d|sem\.? *\d|(?:primera|segunda|tercera|cuarta|quinta|sexta|ultima) semana\b|(?:ongoing|continuo|despues|en adelante)\b)`)
	weekHeads = regexp.MustCompile(`^[^\pL]*(?:semanas?|weeks?|sem\.?)(?:$|[^\pL])`)
)

// planWords match the title of the part with the stages.
var planWords = regexp.MustCompile(`\b(?:plan de (?:estudios?|trabajo|aprendizaje)|calendario|cronograma|study plan|schedule|(?:hoja de )?ruta|planificacion|itinerario|roadmap)\b|^plan$|^plan (?:semanal|recomendado)`)

// Weeks returns the stages of a plan, in its order: the headings, the bold lines,
// the rows of a table, the items of a list or the lines of a drawing that name
// weeks.
func weeks(plan *annotations.Lesson) []annotations.Week {
	d := parseDocument(plan.Text)
	var all []annotations.Week
	section, within := -1, 0 // the level of the part with the stages
	open, level := false, 0  // the last stage goes on, and has a heading of this level
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		if h, ok := n.(*ast.Heading); ok {
			if section++; section >= len(plan.Sections) {
				break
			}
			s := plan.Sections[section]
			if within > 0 && s.Level <= within {
				within = 0
			}
			open = open && s.Level > level
			title := fold(s.Title)
			switch {
			case planWords.MatchString(title) && !weekWords.MatchString(title):
				within = s.Level
			case !open && (weekWords.MatchString(title) && (within > 0 || strings.HasPrefix(title, "semana")) || within > 0 && len(all) > 0 && s.Level == level):
				all = append(all, annotations.Week{Title: s.Title, Lines: s.Lines})
				open, level = true, h.Level
			}
			continue
		}
		title, said := d.boldWeek(n)
		switch {
		case within > 0 && title != "":
			all = append(all, annotations.Week{Title: title, Steps: said, Lines: d.extent(n)})
			open, level = true, max(level, within+1)
		case open:
			last := &all[len(all)-1]
			last.Steps = append(last.Steps, d.steps(n)...)
			last.Lines.Last = max(last.Lines.Last, d.extent(n).Last)
		case n.Kind() == east.KindTable:
			all = append(all, d.weekRows(n)...)
		case within > 0 && n.Kind() == ast.KindList:
			all = append(all, d.weekItems(n)...)
		case within > 0 && (n.Kind() == ast.KindFencedCodeBlock || n.Kind() == ast.KindCodeBlock):
			all = append(all, d.weekLines(n)...)
		}
	}
	for i := range all {
		w := &all[i]
		said := w.Title + "\n" + strings.Join(w.Steps, "\n")
		w.Modules, w.Time = modulesNamed(said), timeSaid(said)
	}
	return all
}

// boldWeek returns the stage that a paragraph of bold words begins, and what the
// paragraph says of it; "" for another block.
func (d *document) boldWeek(n ast.Node) (title string, steps []string) {
	if n.Kind() != ast.KindParagraph || !startsStrong(n) {
		return "", nil
	}
	words := plainText(n, d.text)
	if !weekWords.MatchString(fold(words)) {
		return "", nil
	}
	strong := n.FirstChild()
	for strong.Kind() != ast.KindEmphasis {
		strong = strong.NextSibling()
	}
	title = plainText(strong, d.text)
	_, rest, _ := strings.Cut(words, title)
	if rest = strings.TrimSpace(strings.TrimLeft(rest, ": –—-")); rest != "" {
		steps = []string{rest}
	}
	return strings.TrimRight(title, ": "), steps
}

// weekLines returns the stages of a drawing whose lines name weeks.
func (d *document) weekLines(n ast.Node) []annotations.Week {
	var all []annotations.Week
	for i := range n.Lines().Len() {
		at := n.Lines().At(i)
		line := strings.Trim(string(at.Value(d.text)), " \t\r\n│├└─┌┐┘|>-→*")
		switch number := d.lines.line(at.Start); {
		case weekWords.MatchString(fold(line)):
			all = append(all, annotations.Week{Title: strings.TrimRight(line, ":"), Lines: indexer.Lines{First: number, Last: number}})
		case len(all) > 0 && strings.IndexFunc(line, unicode.IsLetter) >= 0:
			last := &all[len(all)-1]
			last.Steps, last.Lines.Last = append(last.Steps, line), number
		}
	}
	return all
}

// steps returns the items of a list, or the words of another block.
func (d *document) steps(n ast.Node) []string {
	if n.Kind() == east.KindTable {
		var all []string
		for row := n.FirstChild().NextSibling(); row != nil; row = row.NextSibling() {
			var cells []string
			for c := row.FirstChild(); c != nil; c = c.NextSibling() {
				if words := plainText(c, d.text); words != "" {
					cells = append(cells, words)
				}
			}
			all = append(all, strings.Join(cells, ": "))
		}
		return all
	}
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

// weekRows returns the stages of a table that has a column of weeks.
func (d *document) weekRows(table ast.Node) []annotations.Week {
	var all []annotations.Week
	var heads []string
	column := -1
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []string
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, plainText(c, d.text))
		}
		if row.Kind() == east.KindTableHeader {
			heads = cells
			column = slices.IndexFunc(heads, func(head string) bool { return weekHeads.MatchString(fold(head)) })
			if column < 0 {
				return nil
			}
			continue
		}
		if column >= len(cells) || cells[column] == "" {
			continue
		}
		w := annotations.Week{Title: cells[column], Lines: d.extent(row)}
		if strings.IndexFunc(w.Title, unicode.IsLetter) < 0 {
			w.Title = heads[column] + " " + w.Title
		}
		for i, cell := range cells {
			if i != column && cell != "" && i < len(heads) {
				w.Steps = append(w.Steps, heads[i]+": "+cell)
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

// moduleWords match where a plan names modules: "Módulos 1 y 2", "Módulo 3", "M4",
// the folder 01_fundamentos.
var moduleWords = regexp.MustCompile(`\b(?:mod(?:ulos?|ules?|s)?\.?:? +m?|m)(\d+(?:(?: *, *| +y +| +e +| +and +| *& *| +al? +| +to +| *[-–] *)m?\d+)*)\b|\b(\d{2})_[a-z]`)

// modulePart matches the parts of what moduleWords match.
var modulePart = regexp.MustCompile(`\d+|[-–]| al? | to `)

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
		for _, part := range modulePart.FindAllString(m[1]+strings.TrimLeft(m[2], "0"), -1) {
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
