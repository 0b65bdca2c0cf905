package course

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"

	"navigator/annotations"
)

// definition is where a lesson defines a term.
type definition struct {
	name, text, context string
	code                []string
	place               annotations.TermPlace
}

// The ways in which a lesson defines a term. A term stands out: as *words*,
// **words** or `word`.
//
//	un *listener* (oyente) acepta…      the gloss in parentheses
//	- **upstream**: el lado del…        what follows the colon, at the start of a line
//	El **cluster** es un grupo…         what follows the verb, at the start of a sentence
//	Un **listener** define un puerto…   the verb too, where it says what all such things do
//	la cadena de filtros (*filter chain*)
//	un contrabando (*request smuggling*, contrabando de peticiones)
//	se llama *codec* al componente…     what is called so
//	en **draining** —deja de aceptar…—  the words between dashes
//	un *sidecar*, es decir, un proxy…   the same in other words
//	HBONE (*HTTP-Based Overlay…*)       an acronym, which need not stand out, and its words
//	xDS es el nombre de…
//	el main thread (hilo principal)     words that are surely English need not either
//	| Término | Definición |            the rows of such a table
var (
	glossed       = regexp.MustCompile(`^ ?\(([^()]{3,200})\)`)
	inside        = regexp.MustCompile(`^([^()]{2,40}?) \(([^()]{2,120})\):?$`)
	coloned       = regexp.MustCompile(`^ ?(?::|—|–|→| - |=) ?`)
	verbed        = regexp.MustCompile(`^,? (?:es|son|significan?|designan?|denotan?|se refieren? a|consisten? en|representan?) +((?:un|una|unos|unas|el|la|los|las|lo|quien|cada|cualquier|aquel|como|otro|simplemente|básicamente|esencialmente|decir|que|toda?|[a-záéíóú]+[aei]r)\b.*)`)
	does          = regexp.MustCompile(`^(?:, [^,]{4,20})?,? ((?:permite|agrupa|limita|delimita|mantiene|ocurre|sucede|aparece cuando|sirve para|se encarga de|es responsable de|garantiza|identifica|define)n?\b.*)`)
	allDo         = regexp.MustCompile(`^,? ((?:procesa|contiene|agrupa|indica|describe|gestiona|mantiene|evita|actúa|encapsula|transporta|traduce|intercepta|almacena|recibe|distribuye|limita|mide|asocia|determina|especifica|convierte|combina|expone|opera|agrega|reparte|decide|reenvía|transforma|ejecuta)\b.*)`)
	begins        = regexp.MustCompile(`(?:^|[.:;!?] |\n)(?:(?:El|La|Los|Las|Un|Una|Cada|El término|El concepto de|En \pL+, (?:el|la|un|una)|Aquí, (?:el|la|un|una)) )?$`)
	anyOf         = regexp.MustCompile(`(?:^|[.:;!?] )(?:Un|Una|Cada|un|una) $`)
	determined    = regexp.MustCompile(`\b(?:[Ee]l|[Ll]as?|[Ll]os|[Uu]n|[Uu]na|[Uu]nos|[Uu]nas) ((?:\pL+ ){0,5}\pL+) \($`)
	follows       = regexp.MustCompile(`^, ([^()]{3,120})\)`)
	calls         = regexp.MustCompile(`(?i)\b(?:se (?:le |la |lo |les )?(?:denomina|llama|conoce)n?(?: como)?|llamamos|denominamos|se habla de) $`)
	called        = regexp.MustCompile(`(?i)\b(?:llamad[oa]s?|denominad[oa]s?|conocid[oa]s? como|se (?:le |la |lo |les )?(?:denomina|llama|conoce)n?(?: como)?) $`)
	calledSo      = regexp.MustCompile(`^ (?:a(?:l| la| los| las)?|cuando) (.*)`)
	dashed        = regexp.MustCompile(`^ ?[—–]([^—–()]{8,200})[—–]`)
	reworded      = regexp.MustCompile(`^(?: de(?:l| la)? \pL+)?,? \(?(?:es decir|o sea|esto es)[,:]? ([^()]+)`)
	apposed       = regexp.MustCompile(`^, ((?:(?:un|una|el|la) (?:\pL+ ){1,5}(?:que|con el que|con la que|donde|para|encargad[oa] de) |(?:que (?:registra|define|procesa|contiene|decide|traduce|agrupa|gestiona|identifica|permite|actúa)|encargad[oa] de|responsable de)\b).*)`)
	acronymed     = regexp.MustCompile(`(?:^|[.!?] )(?:(?:El|La|Los|Las) )?([A-Za-z][A-Za-z0-9]{1,9}|[A-Z][a-z]+(?: [A-Z][a-z]+)+) (?:es|son) ((?:un|una|el|la|los|las|quien|lo)\b.*)`)
	expanded      = regexp.MustCompile(`\b([A-Za-z]{1,2}[A-Za-z0-9]{1,8}) ?[(—](?:siglas de |acrónimo de |abreviatura de )?([^()—]{4,110})[)—]`)
	dashedAcronym = regexp.MustCompile(`\b([A-Za-z]{1,2}[A-Za-z0-9]{1,8}) —([^()—]{8,200})—`)
	standsFor     = regexp.MustCompile(`\b([A-Z][A-Za-z0-9]{1,9}),? (?:corresponden? a|son las siglas de|siglas de|significan?|vienen? de|stands for) ([A-Za-z][A-Za-z -]{4,80})`)
	shortened     = regexp.MustCompile(`\b([A-Z][\w-]+(?: (?:of|the|and|for|[A-Z][\w-]+)){1,6}) \(([A-Za-z]{1,2}[A-Z][A-Za-z]{0,6})\)`)
	unmarked      = regexp.MustCompile(`\b(?:[Ee]l|[Ll]a|[Ll]os|[Ll]as|[Uu]n|[Uu]na|de|con|en|y|del|al|por|su|cada|propi[oa]s?) ((?:[a-z][a-z-]+ ){0,2}[a-z][a-z-]{2,}) \(([^()]{3,80})\)`)
)

// maxDefinition is how many bytes a definition has at most.
const maxDefinition = 320

// flat is the text of a block without marks, and what stood out in it.
type flat struct {
	text   string
	marks  []mark
	breaks []int // where lines begin, but for the first
}

type mark struct {
	start, end int
	code       bool
}

// flatten returns the text of a block's inline content.
func (d *document) flatten(block ast.Node) flat {
	var f flat
	var b strings.Builder
	var walk func(ast.Node, bool)
	walk = func(n ast.Node, marked bool) {
		for c := n.FirstChild(); c != nil; c = c.NextSibling() {
			start := b.Len()
			switch c := c.(type) {
			case *ast.Emphasis:
				walk(c, true)
				if !marked {
					only := c.FirstChild()
					f.marks = append(f.marks, mark{start, b.Len(), only != nil && only.Kind() == ast.KindCodeSpan && only.NextSibling() == nil})
				}
				continue
			case *ast.CodeSpan:
				b.WriteString(plainText(c, d.text))
				f.marks = append(f.marks, mark{start, b.Len(), true})
				continue
			case *ast.Text:
				b.Write(c.Segment.Value(d.text))
				if c.SoftLineBreak() || c.HardLineBreak() {
					b.WriteByte(' ')
					f.breaks = append(f.breaks, b.Len())
				}
			case *ast.Link:
				walk(c, marked)
			case *ast.String:
				b.Write(c.Value)
			}
		}
	}
	walk(block, false)
	f.text = b.String()
	return f
}

// virtues match what leads to a list of reasons or steps, whose heads are no
// terms.
var virtues = regexp.MustCompile(`\b(?:ventajas?|desventajas?|beneficios?|limitaciones|inconvenientes|problemas?|pros|contras|trade-?offs?|por que|motivos?|razones|casos de uso|decisiones|pasos|fases|ejemplos?|requisitos|checklist|consejos|advantages|drawbacks|benefits|why|steps)\b`)

// definitions returns what a lesson defines, in its order.
func (d *document) definitions(l *annotations.Lesson) []definition {
	var all []definition
	section := -1
	role := annotations.Content
	listed := false // a list of reasons or steps is read
	lead := ""      // what stands before a list
	var block func(ast.Node)
	block = func(n ast.Node) {
		var found []definition
		switch n.Kind() {
		case east.KindTable:
			found = d.tableDefinitions(n)
		case ast.KindParagraph, ast.KindTextBlock:
			f := d.flatten(n)
			found = f.definitions(listed)
			if lead = ""; !listed && (strings.HasSuffix(f.text, ":") || strings.HasSuffix(f.text, "?") || len(f.marks) == 1 && f.marks[0].end-f.marks[0].start == len(f.text)) {
				lead = fold(f.text)
			}
		case ast.KindFencedCodeBlock, ast.KindCodeBlock, ast.KindHTMLBlock:
		default:
			if was := listed; n.Kind() == ast.KindList {
				listed = listed || virtues.MatchString(lead)
				defer func() { listed = was }()
			}
			for c := n.FirstChild(); c != nil && c.Type() == ast.TypeBlock; c = c.NextSibling() {
				block(c)
			}
		}
		for _, def := range found {
			def.place = annotations.TermPlace{Lesson: l.ID, Section: section, Line: d.extent(n).First}
			all = append(all, def)
		}
	}
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() == ast.KindHeading {
			if section++; section < len(l.Sections) {
				role = l.Sections[section].Role
				lead = fold(l.Sections[section].Title)
			}
			continue
		}
		if role == annotations.Content && (d.header.lines.IsZero() || !d.header.lines.Contains(d.extent(n).First)) {
			block(n)
		}
	}
	return all
}

// definitions returns what a paragraph or an item of a list defines. Heads of
// reasons are no terms.
func (f flat) definitions(reasons bool) []definition {
	all := f.acronyms()
	known := func(name string) bool {
		return slices.ContainsFunc(all, func(d definition) bool { return termKey(d.name) == termKey(name) })
	}
	short := len(all)
	for i, m := range f.marks {
		def, ok := f.definition(m, reasons)
		if !ok || known(def.name) {
			continue
		}
		if slices.ContainsFunc(all[:short], func(d definition) bool {
			return d.name == def.text || strings.HasPrefix(d.text, def.name) && !strings.HasPrefix(def.text, d.name+":")
		}) {
			continue // the words of an acronym
		}
		def.context = sentence(f.text, m.start, m.end)
		def.code = f.codeIn(m, i)
		all = append(all, def)
	}
	for _, m := range unmarked.FindAllStringSubmatchIndex(f.text, -1) {
		name, gloss := f.text[m[2]:m[3]], f.text[m[4]:m[5]]
		if isEnglish(name) && isGloss(gloss) && isSpanish(gloss) && !known(name) && !f.marked(m[2], m[5]) {
			all = append(all, definition{name: name, text: clip(gloss), context: sentence(f.text, m[2], m[5])})
		}
	}
	return all
}

// marked says whether something stands out in a part of a text.
func (f flat) marked(start, end int) bool {
	return slices.ContainsFunc(f.marks, func(m mark) bool { return m.start < end && start < m.end })
}

// acronyms returns the acronyms that a text tells the words of, or says what they
// are.
func (f flat) acronyms() []definition {
	var all []definition
	add := func(start, end int, text string) {
		name := f.text[start:end]
		inCode := slices.ContainsFunc(f.marks, func(k mark) bool { return k.code && k.start <= start && start < k.end })
		if !inCode && text != "" && !slices.ContainsFunc(all, func(d definition) bool { return d.name == name }) {
			all = append(all, definition{name: name, text: clip(text), context: sentence(f.text, start, end)})
		}
	}
	for _, m := range expanded.FindAllStringSubmatchIndex(f.text, -1) {
		text := f.text[m[4]:m[5]]
		words, _, _ := strings.Cut(text, ",")
		quoted := slices.ContainsFunc(f.marks, func(k mark) bool { return !k.code && k.start == m[4] && k.end == m[5] })
		if abbreviates(f.text[m[2]:m[3]], words) || quoted && isAcronym(f.text[m[2]:m[3]]) && strings.Contains(text, " ") && isProse(text) {
			add(m[2], m[3], text+f.tail(m[2], f.text[m[1]:f.end(m[1])]))
		}
	}
	for _, m := range dashedAcronym.FindAllStringSubmatchIndex(f.text, -1) {
		if isAcronym(f.text[m[2]:m[3]]) {
			add(m[2], m[3], f.text[m[4]:m[5]])
		}
	}
	for _, m := range standsFor.FindAllStringSubmatchIndex(f.text, -1) {
		if abbreviates(f.text[m[2]:m[3]], f.text[m[4]:m[5]]) {
			add(m[2], m[3], f.text[m[4]:m[5]])
		}
	}
	for _, m := range shortened.FindAllStringSubmatchIndex(f.text, -1) {
		if words := strings.Fields(f.text[m[2]:m[3]]); isAcronym(f.text[m[4]:m[5]]) {
			for len(words) > 1 && !abbreviates(f.text[m[4]:m[5]], strings.Join(words, " ")) {
				words = words[1:] // "El Workload Discovery Service"
			}
			if len(words) > 1 {
				add(m[4], m[5], strings.Join(words, " "))
			}
		}
	}
	if m := acronymed.FindStringSubmatchIndex(f.text); m != nil && !f.marked(m[2], m[3]) && isTerm(f.text[m[2]:m[3]], false) && (isAcronym(f.text[m[2]:m[3]]) || strings.Contains(f.text[m[2]:m[3]], " ")) {
		add(m[2], m[3], said(f.text[m[4]:m[5]]))
	}
	return all
}

// starts says whether a place is where a line starts, but for a sign or a number.
func (f flat) starts(at int) bool {
	start := 0
	for _, b := range f.breaks {
		if b <= at {
			start = b
		}
	}
	return isStart(f.text[start:at])
}

// end returns where what is said of a place ends: where a line begins another
// definition, or with the text.
func (f flat) end(at int) int {
	for _, b := range f.breaks {
		for _, m := range f.marks {
			if b > at && m.start >= b && m.start <= b+8 && isStart(f.text[b:m.start]) && (strings.HasSuffix(f.text[m.start:m.end], ":") || strings.HasPrefix(f.text[m.end:], ":")) {
				return b
			}
		}
	}
	return len(f.text)
}

// tail returns what a text goes on to say of a term after its gloss, with what
// to put between.
func (f flat) tail(start int, rest string) string {
	rest = strings.TrimPrefix(rest, "**")
	if v := verbed.FindStringSubmatch(rest); v != nil && begins.MatchString(f.text[:start]) {
		return ": " + said(v[1])
	}
	if c := coloned.FindString(rest); c != "" && f.starts(start) {
		if text := said(rest[len(c):]); text != "" && isProse(text) {
			return ": " + text
		}
	}
	return ""
}

// definition returns what a text says of what stands out in it.
func (f flat) definition(m mark, reasons bool) (definition, bool) {
	name, after, before := f.text[m.start:m.end], f.text[m.end:f.end(m.end)], f.text[:m.start]
	if in := inside.FindStringSubmatch(name); in != nil && !m.code {
		if isTerm(in[1], false) && (isGloss(in[2]) || isAcronym(in[2])) {
			if strings.HasSuffix(name, ":") {
				after = ":" + after
			}
			return definition{name: in[1], text: clip(in[2] + f.tail(m.start, after))}, true
		}
		return definition{}, false
	}
	closed := strings.HasSuffix(name, ":")
	name = strings.TrimSpace(strings.TrimRight(name, ":. "))
	if m.code && !isPlainWord(name) || ofCode.MatchString(before) {
		return definition{}, false
	}
	if g := glossed.FindStringSubmatch(after); g != nil && isTerm(name, m.code) && (isGloss(g[1]) || isAcronym(g[1])) && !glossesBoth(before) && !(isHead(name) && f.starts(m.start)) {
		return definition{name: name, text: clip(g[1] + f.tail(m.start, after[len(g[0]):]))}, true
	}
	if !isTerm(name, true) || isHead(name) {
		return definition{}, false
	}
	if c := coloned.FindString(after); !m.code && f.starts(m.start) && (c != "" || closed) {
		text := said(strings.TrimLeft(after, " :—–-=→"))
		if !reasons && len(strings.Fields(text)) >= 3 && !strings.HasSuffix(text, ":") && !strings.Contains(text, "→") && isProse(text) {
			return definition{name: name, text: text}, true
		}
		return definition{}, false
	}
	if text := f.saidOf(m, before, after); len(strings.Fields(text)) >= 3 {
		return definition{name: name, text: text}, true
	}
	if !m.code && strings.HasSuffix(before, "(") {
		if g := f.glossBefore(m); g != "" && strings.HasPrefix(after, ")") {
			return definition{name: name, text: g}, true
		}
		if g := follows.FindStringSubmatch(after); g != nil && isGloss(g[1]) {
			return definition{name: name, text: g[1]}, true
		}
	}
	return definition{}, false
}

// saidOf returns what the sentence around a term says that it is, "" for nothing.
func (f flat) saidOf(m mark, before, after string) string {
	if begins.MatchString(before) {
		for _, way := range []*regexp.Regexp{verbed, does} {
			if v := way.FindStringSubmatch(after); v != nil {
				return said(v[1])
			}
		}
	}
	if v := allDo.FindStringSubmatch(after); v != nil && anyOf.MatchString(before) {
		return said(v[1])
	}
	if m.code {
		return ""
	}
	if v := calledSo.FindStringSubmatch(after); v != nil && calls.MatchString(before) {
		return said(v[1])
	}
	if v := coloned.FindString(after); v != "" && called.MatchString(before) {
		return said(after[len(v):])
	}
	for _, way := range []*regexp.Regexp{dashed, reworded, apposed} {
		if v := way.FindStringSubmatch(after); v != nil {
			return said(v[1])
		}
	}
	return ""
}

// glossBefore returns the words that stand before a term in parentheses: what
// stands out there, or a noun with its article.
func (f flat) glossBefore(m mark) string {
	open := strings.TrimRight(f.text[:m.start-1], " ")
	for _, k := range f.marks {
		if k.end == len(open) && !k.code && isProse(f.text[k.start:k.end]) {
			return f.text[k.start:k.end]
		}
	}
	if g := determined.FindStringSubmatch(f.text[:m.start]); g != nil && isProse(g[1]) && !clause.MatchString(g[1]) {
		return g[1]
	}
	return ""
}

// clause matches words that a noun does not have.
var clause = regexp.MustCompile(`\b(?:se|que|es|son|está|están|hay|no)\b`)

// codeIn returns the inline code of the sentence around a mark.
func (f flat) codeIn(around mark, index int) []string {
	var all []string
	said := sentence(f.text, around.start, around.end)
	for i, m := range f.marks {
		if m.code && i != index && m.end > m.start && strings.Contains(said, f.text[m.start:m.end]) {
			all = append(all, f.text[m.start:m.end])
		}
	}
	return all
}

// What heads the columns of a table that defines terms.
var (
	termHeads  = regexp.MustCompile(`^(?:terminos?|term|siglas?|acronimos?|abreviaturas?|conceptos?|concept|palabras?)\b`)
	sayHeads   = regexp.MustCompile(`^(?:definicion|significado|descripcion|explicacion|que es|que significa|definition|meaning|nombre completo|responsabilidad|para que sirve|proposito|funcion|que hace|description|rol|papel)\b`)
	plainHeads = regexp.MustCompile(`^(?:archivo|fichero|ruta|file|path|campo|field|metodo|method|funcion|function|comando|command|puerto|port|opcion|flag|variable|parametro|aspecto|criterio|caracteristica|modulo|semana|proyecto|documento|clase|class|directorio|carpeta|repositorio|herramienta)`)
)

// tableDefinitions returns the rows of a table of terms: one whose head says so,
// or whose rows begin with an acronym or what stands out, and tell what it is.
func (d *document) tableDefinitions(table ast.Node) []definition {
	var all []definition
	term, says, sure := -1, []int(nil), false
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []flat
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, d.flatten(c))
		}
		if row.Kind() == east.KindTableHeader {
			for i, c := range cells {
				head := fold(strings.TrimSpace(c.text))
				switch {
				case term < 0 && termHeads.MatchString(head):
					term, sure = i, true
				case sayHeads.MatchString(head):
					says = append(says, i)
				case term < 0 && i == 0 && !plainHeads.MatchString(head):
					term = 0
				}
			}
			if term < 0 || len(says) == 0 {
				return nil
			}
			continue
		}
		if term >= len(cells) {
			continue
		}
		name, gloss := strings.TrimSpace(cells[term].text), ""
		if in := inside.FindStringSubmatch(name); in != nil {
			name, gloss = in[1], in[2]+": "
		}
		bold := len(cells[term].marks) == 1 && !cells[term].marks[0].code
		if !sure && !bold && !isAcronym(name) || !isTerm(name, !sure) || isHead(name) && !sure {
			continue
		}
		def := definition{name: name}
		for _, i := range says {
			if i < len(cells) && strings.TrimSpace(cells[i].text) != "" {
				def.text += gloss + strings.TrimSpace(cells[i].text)
				gloss = ": "
				for _, m := range cells[i].marks {
					if m.code {
						def.code = append(def.code, cells[i].text[m.start:m.end])
					}
				}
			}
		}
		if def.text = clip(def.text); !isProse(def.text) || !sure && len(strings.Fields(def.text)) < 2 {
			continue
		}
		def.context = name + ": " + def.text
		all = append(all, def)
	}
	return all
}

// glossesBoth says whether a text ends with a term and "o" or "y": what follows in
// parentheses glosses both.
func glossesBoth(before string) bool {
	for _, end := range []string{" o ", " y ", " e ", " u ", "/"} {
		if strings.HasSuffix(before, end) {
			return true
		}
	}
	return false
}

// isStart says whether nothing but a sign or a number stands before.
func isStart(before string) bool {
	return len(before) <= 12 && strings.IndexFunc(before, unicode.IsLetter) < 0
}

// citedAside matches what parentheses hold of a place in the code.
var citedAside = regexp.MustCompile(` ?\((?:ver |véase |en )?[^()]*(?:[/\w]\.\w{1,5}\b(?::~?\d+)?|\w\(\))[^()]*\)`)

// said returns the first sentence of a text, without the places in the code that
// it names aside.
func said(text string) string {
	text = firstSentence(citedAside.ReplaceAllString(text, ""))
	if cut := strings.Index(text, ":"); cut > 20 && cut == len(text)-1 {
		text = text[:cut]
	}
	return clip(text)
}

// firstSentence returns a text up to its first full stop.
func firstSentence(s string) string {
	for i := 3; i < len(s); i++ {
		if (s[i] == '.' || s[i] == ';') && !shortWord.MatchString(s[:i]) &&
			(i+1 == len(s) || s[i+1] == ' ' && (i+2 == len(s) || !unicode.IsLower(firstRune(s[i+2:])) || s[i] == ';')) {
			return strings.TrimSpace(s[:i])
		}
	}
	return strings.TrimRight(strings.TrimSpace(s), ".;")
}

// shortWord matches an abbreviation before its dot.
var shortWord = regexp.MustCompile(`(?:^|[ (.])(?:\pL|ej|etc|vs|cf|pág|núm|aprox)$`)

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// sentence returns the sentence around text[start:end].
func sentence(text string, start, end int) string {
	from := 0
	for _, stop := range []string{". ", "? ", "! "} {
		if i := strings.LastIndex(text[:start], stop); i >= 0 {
			from = max(from, i+len(stop))
		}
	}
	rest := text[end:]
	to := len(text)
	for i := 0; i+1 < len(rest); i++ {
		if rest[i] == '.' && rest[i+1] == ' ' {
			to = end + i + 1
			break
		}
	}
	return clip(strings.TrimSpace(text[from:to]))
}

// clip shortens a text to maxDefinition, at a space.
func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= maxDefinition {
		return s
	}
	cut := strings.LastIndexByte(s[:maxDefinition], ' ')
	if cut < 0 {
		for cut = maxDefinition; !utf8.RuneStart(s[cut]); cut-- {
		}
	}
	return s[:cut] + "…"
}
