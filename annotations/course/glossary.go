package course

import (
	"cmp"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"golang.org/x/sync/errgroup"

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
//	- **upstream**: el lado del…        what follows the colon, at the start of a block
//	El **cluster** es un grupo…         what follows the verb, at the start of a sentence
//	la cadena de filtros (*filter chain*)
//	un contrabando (*request smuggling*, contrabando de peticiones)
//	xDS es el nombre de…                an acronym, which need not stand out
//	| Término | Definición |            the rows of such a table
var (
	glossed    = regexp.MustCompile(`^ ?\(([^()]{3,200})\)`)
	inside     = regexp.MustCompile(`^([^()]{2,40}?) \(([^()]{3,120})\):?$`)
	coloned    = regexp.MustCompile(`^ ?(?::|—|–| - |=) ?`)
	verbed     = regexp.MustCompile(`^,? (?:(?:es|son|significa|designa|denota|se refiere a|se llama a|consiste en|representa)) +((?:un|una|unos|unas|el|la|los|las|lo|quien|cada|cualquier|aquel|como|otro|simplemente|básicamente|esencialmente|decir|que|toda?)\b.*)`)
	begins     = regexp.MustCompile(`(?:^|[.:;!?] |\n)(?:(?:El|La|Los|Las|Un|Una|Cada|En Envoy, (?:el|la|un|una)|Aquí, (?:el|la|un|una)) )?$`)
	determined = regexp.MustCompile(`\b(?:[Ee]l|[Ll]as?|[Ll]os|[Uu]n|[Uu]na|[Uu]nos|[Uu]nas) ((?:\pL+ ){0,5}\pL+) \($`)
	follows    = regexp.MustCompile(`^, ([^()]{3,120})\)`)
	acronymed  = regexp.MustCompile(`(?:^|[.!?] )(?:(?:El|La|Los|Las) )?([A-Za-z][A-Za-z0-9]{1,9}) ((?:\(([^()]{4,80})\) )?(?:es|son) (?:un|una|el|la|los|las|quien|lo)\b.*)`)
)

// maxDefinition is how many bytes a definition has at most.
const maxDefinition = 320

// flat is the text of a block without marks, and what stood out in it.
type flat struct {
	text  string
	marks []mark
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
					f.marks = append(f.marks, mark{start, b.Len(), false})
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

// definitions returns what a lesson defines, in its order.
func (d *document) definitions(l *annotations.Lesson) []definition {
	var all []definition
	section := -1
	role := annotations.Content
	add := func(n ast.Node, found ...definition) {
		for _, def := range found {
			line := d.extent(n).First
			def.place = annotations.TermPlace{Lesson: l.ID, Section: section, Line: line}
			all = append(all, def)
		}
	}
	var block func(ast.Node)
	block = func(n ast.Node) {
		switch n.Kind() {
		case east.KindTable:
			add(n, d.tableDefinitions(n)...)
		case ast.KindParagraph, ast.KindTextBlock:
			add(n, d.flatten(n).definitions()...)
		case ast.KindFencedCodeBlock, ast.KindCodeBlock, ast.KindHTMLBlock:
		default:
			for c := n.FirstChild(); c != nil && c.Type() == ast.TypeBlock; c = c.NextSibling() {
				block(c)
			}
		}
	}
	for n := d.root.FirstChild(); n != nil; n = n.NextSibling() {
		if n.Kind() == ast.KindHeading {
			if section++; section < len(l.Sections) {
				role = l.Sections[section].Role
			}
			continue
		}
		if role == annotations.Content && (d.header.lines.IsZero() || !d.header.lines.Contains(d.extent(n).First)) {
			block(n)
		}
	}
	return all
}

// definitions returns what a paragraph or an item of a list defines.
func (f flat) definitions() []definition {
	var all []definition
	for i, m := range f.marks {
		if def, ok := f.definition(m); ok {
			def.context = sentence(f.text, m.start, m.end)
			def.code = f.codeIn(m, i)
			all = append(all, def)
		}
	}
	if m := acronymed.FindStringSubmatchIndex(f.text); m != nil && isAcronym(f.text[m[2]:m[3]]) {
		name := f.text[m[2]:m[3]]
		inCode := slices.ContainsFunc(f.marks, func(k mark) bool { return k.code && k.start <= m[2] && m[2] < k.end })
		if !inCode && !slices.ContainsFunc(all, func(d definition) bool { return d.name == name }) {
			said := f.text[m[4]:m[5]]
			said = strings.TrimPrefix(strings.TrimPrefix(said, "es "), "son ")
			all = append(all, definition{name: name, text: clip(firstSentence(said)), context: sentence(f.text, m[2], m[3])})
		}
	}
	return all
}

// definition returns what a text says of what stands out in it.
func (f flat) definition(m mark) (definition, bool) {
	name, after, before := f.text[m.start:m.end], f.text[m.end:], f.text[:m.start]
	if in := inside.FindStringSubmatch(name); in != nil && !m.code {
		if isTerm(in[1], false) && isGloss(in[2]) {
			return definition{name: in[1], text: in[2]}, true
		}
		return definition{}, false
	}
	closed := strings.HasSuffix(name, ":")
	name = strings.TrimSpace(strings.TrimRight(name, ":. "))
	if m.code && !isPlainWord(name) {
		return definition{}, false
	}
	if g := glossed.FindStringSubmatch(after); g != nil && isTerm(name, m.code) && isGloss(g[1]) && !glossesBoth(before) {
		text := g[1]
		rest := after[len(g[0]):]
		if v := verbed.FindStringSubmatch(rest); v != nil && begins.MatchString(before) {
			text += ": " + firstSentence(v[1])
		} else if c := coloned.FindString(rest); c != "" && isStart(before) {
			text += ": " + firstSentence(rest[len(c):])
		}
		return definition{name: name, text: clip(text)}, true
	}
	if !isTerm(name, true) || labels[fold(name)] {
		return definition{}, false
	}
	if c := coloned.FindString(after); !m.code && isStart(before) && (c != "" || closed) {
		text := firstSentence(strings.TrimLeft(after, " :—–-="))
		if len(strings.Fields(text)) >= 3 && !strings.HasSuffix(text, ":") && isProse(text) {
			return definition{name: name, text: clip(text)}, true
		}
		return definition{}, false
	}
	if v := verbed.FindStringSubmatch(after); v != nil && begins.MatchString(before) {
		if text := firstSentence(v[1]); len(strings.Fields(text)) >= 3 {
			return definition{name: name, text: clip(text)}, true
		}
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

// glossBefore returns the words that stand before a term in parentheses: what
// stands out there, or a noun with its article.
func (f flat) glossBefore(m mark) string {
	open := strings.TrimRight(f.text[:m.start-1], " ")
	for _, k := range f.marks {
		if k.end == len(open) && !k.code && isProse(f.text[k.start:k.end]) {
			return f.text[k.start:k.end]
		}
	}
	if g := determined.FindStringSubmatch(f.text[:m.start]); g != nil && isProse(g[1]) {
		return g[1]
	}
	return ""
}

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

// tableDefinitions returns the rows of a table of terms.
func (d *document) tableDefinitions(table ast.Node) []definition {
	var all []definition
	term, text := -1, -1
	for row := table.FirstChild(); row != nil; row = row.NextSibling() {
		var cells []flat
		for c := row.FirstChild(); c != nil; c = c.NextSibling() {
			cells = append(cells, d.flatten(c))
		}
		if row.Kind() == east.KindTableHeader {
			for i, c := range cells {
				head := fold(strings.TrimSpace(c.text))
				switch {
				case term < 0 && (strings.HasPrefix(head, "termino") || head == "term" || head == "sigla" || head == "siglas" || head == "acronimo" || head == "abreviatura"):
					term = i
				case text < 0 && (strings.HasPrefix(head, "definicion") || strings.HasPrefix(head, "significado") || strings.HasPrefix(head, "descripcion") || strings.HasPrefix(head, "explicacion") || head == "definition" || head == "meaning"):
					text = i
				}
			}
			if term < 0 || text < 0 {
				return nil
			}
			continue
		}
		if max(term, text) >= len(cells) {
			continue
		}
		name, gloss := strings.TrimSpace(cells[term].text), ""
		if in := inside.FindStringSubmatch(name); in != nil {
			name, gloss = in[1], in[2]+": "
		}
		said := strings.TrimSpace(cells[text].text)
		if said == "" || !isTerm(name, false) {
			continue
		}
		def := definition{name: name, text: clip(gloss + said), context: name + ": " + said}
		for _, m := range cells[text].marks {
			if m.code {
				def.code = append(def.code, cells[text].text[m.start:m.end])
			}
		}
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

// firstSentence returns a text up to its first full stop.
func firstSentence(s string) string {
	for i := 0; i < len(s); i++ {
		if (s[i] == '.' || s[i] == ';') && i > 20 && (i+1 == len(s) || s[i+1] == ' ' && (i+2 == len(s) || !unicode.IsLower(firstRune(s[i+2:])) || s[i] == ';')) {
			return strings.TrimSpace(s[:i])
		}
	}
	return strings.TrimRight(strings.TrimSpace(s), ".;")
}

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

// isPlainWord says whether inline code is a word of a language, no code.
func isPlainWord(s string) bool {
	return len(s) >= 3 && strings.IndexFunc(s, func(r rune) bool { return r < 'a' || r > 'z' }) < 0
}

// isAcronym says whether most letters are capitals.
func isAcronym(s string) bool {
	upper := 0
	for _, r := range s {
		if unicode.IsUpper(r) {
			upper++
		}
	}
	return upper >= 2 && upper*2 > len(s)
}

// notGloss matches what parentheses hold that explains no term: a number, a
// reference, an aside.
var notGloss = regexp.MustCompile(`(?i)^(?:ver|v[eé]ase|por ejemplo|p\. ?ej|e\.g|i\.e|opcional|obligatori|recomendad|por defecto|default|solo|s[oó]lo|no |s[ií]\b|l[ií]nea|lines?|en |desde|hasta|con |sin |aprox|~|[<>=$/#]|\d|puertos?|port\b|cap[ií]tulo|secci[oó]n|m[oó]dulo|tambi[eé]n|y |o |antes|despu[eé]s|aqu[ií])|[/\\]\w|\.\w{1,4}\b|::|_|https?:|→|\+\+`)

// isGloss says whether what stands in parentheses explains a term.
func isGloss(s string) bool {
	s = strings.TrimSpace(s)
	return !notGloss.MatchString(s) && isProse(s) && strings.Count(s, ",") <= 3
}

// isProse says whether a text is mostly letters.
func isProse(s string) bool {
	letters := 0
	for _, r := range s {
		if unicode.IsLetter(r) || r == ' ' {
			letters++
		}
	}
	return letters*10 >= utf8.RuneCountInString(s)*8 && letters >= 3
}

// labels are words that lessons put before a colon and that are no terms.
var labels = set("checkpoint checkpoints nota note notes tip tips warning input output inputs outputs todo fixme trade-off trade-offs tradeoffs pros cons " +
	"default defaults example examples bonus ok total demo setup debug debugging step summary overview main stats status key value file files test tests why how what when where " +
	"before after server client linux docker kubernetes k8s envoy ztunnel istio google lyft windows macos java python go rust request response")

// particles are Spanish words that no English term has.
var particles = set("al ante con contra de del desde e el en entre es esa ese eso esta este esto hay la las le les lo los mas mi muy ni o para pero por que se segun ser si sin su sus tan te tiene tras tu u un una uno y ya")

// spanish are words without an ending that tells them from English ones. As a
// word among several they may be English: control plane.
var spanish = set("a no sobre me " +
	"cliente clientes red redes capa capas nivel base parte partes fase fases bloque bloques clave claves puente fuente fuentes origen orden imagen principal funcional general final control plan paquete paquetes motor enlace detalle detalles " +
	"nombre nombres ventajas limitaciones coste costes valor valores error errores mensaje mensajes lenguaje puerto puertos hilo hilos cola colas destino rol roles tipo tipos clase clases objeto objetos servidor servidores funciones " +
	"seguridad rendimiento simple simples importante importantes siempre nunca solo como cuando donde quien cual porque idea ideas siguiente anterior leer hacer ver ser estar tener poder saber crear usar dos tres cuatro dentro fuera antes despues " +
	"balanceador balanceadores plano planos interfaz interfaces cabecera cabeceras filtro filtros proceso procesos memoria ejemplo resumen trafico respuesta respuestas peticion peticiones conexion conexiones politica politicas certificado")

// english are words with a Spanish ending that are English, or used as such.
var english = set("metadata data schema quota demo repo echo info alias kubernetes proto tokio istio cargo lambda replica delta media auto zero go to no undo canvas kafka envoy via extra java quic pseudo macro torpedo hello " +
	"sidecar char tar var stateful hash thread avatar radar grammar calendar similar jar tls dns nodes namespaces services xds lds cds rds eds sds ads mtls https os bus status kernel bias pass process access class redis " +
	"ingress egress address crypto stucco yes us as is this its has was cors pos qos raid ns class statics basics metrics analytics physics generics idempotent stats kibana grafana jaeger")

var spanishEnding = regexp.MustCompile(`(?:cion|ciones|dad|dades|mente|miento|mientos|ncia|ncias|aje|ajes|ados?|adas?|idos?|idas?|dores?|doras?|ivos?|ivas?|icos?|icas?|osos?|osas?|arios?|arias?|iones|eza|anza|que|ques|uras?|illas?|[aeiou]r(?:se|los?|las?)|tos|tas|nos|nas|ros|ras|los|las|cos|cas|gos|gas|jos|jas|dos|das|mos|mas|vos|vas|zos|o|a)$`)

// isTerm says whether words may be an English term. Strictly they must not look
// Spanish either.
func isTerm(name string, strict bool) bool {
	if len(name) < 2 || len(name) > 40 || strings.ContainsAny(name, "/:_.,;¿?!=<>{}[]*\"'$#@&%|`") {
		return false
	}
	words := strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' })
	if len(words) == 0 || len(words) > 5 {
		return false
	}
	letters, alike := false, 0
	for _, w := range words {
		for _, r := range w {
			if r >= utf8.RuneSelf {
				return false
			}
			letters = letters || unicode.IsLetter(r)
		}
		lower := strings.ToLower(w)
		switch {
		case english[lower] || isAcronym(w):
		case particles[lower], spanish[lower] && len(words) == 1:
			return false
		case spanish[lower]:
			alike++
		case spanishEnding.MatchString(lower):
			return false
		}
	}
	if strict && len(words) == 1 && unicode.IsUpper(rune(name[0])) && !isAcronym(name) && strings.IndexFunc(name[1:], unicode.IsUpper) > 0 {
		return false // ConnectionImpl is a name of code
	}
	return letters && alike < len(words) && name[0] != '-' && !unicode.IsDigit(rune(name[0]))
}

// termKey returns what a term is told from others by: neither case nor a plural
// counts.
func termKey(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return r == ' ' || r == '-' })
	if len(words) == 0 {
		return ""
	}
	last := &words[len(words)-1]
	if s := *last; len(s) > 3 && strings.HasSuffix(s, "s") && !strings.HasSuffix(s, "ss") && !strings.HasSuffix(s, "us") && !strings.HasSuffix(s, "is") {
		*last = strings.TrimSuffix(s, "s")
	}
	return strings.Join(words, "-")
}

// glossary gathers what the lessons define, and finds where it is used. The
// documents are the lessons'.
func glossary(lessons []*annotations.Lesson, documents []*document) []annotations.Term {
	var terms []annotations.Term
	at := map[string]int{}
	found := make([][]definition, len(lessons))
	each(lessons, func(i int) { found[i] = documents[i].definitions(lessons[i]) })
	for i, l := range lessons {
		for _, def := range found[i] {
			key := termKey(def.name)
			j, ok := at[key]
			if !ok {
				j = len(terms)
				at[key] = j
				terms = append(terms, annotations.Term{Key: key, Name: def.name, Definition: def.text, Context: def.context})
			}
			t := &terms[j]
			if !slices.ContainsFunc(t.Defined, func(p annotations.TermPlace) bool { return p.Lesson == l.ID }) {
				t.Defined = append(t.Defined, def.place)
			}
			for _, code := range def.code {
				if !slices.Contains(t.Code, code) {
					t.Code = append(t.Code, code)
				}
			}
		}
	}
	slices.SortFunc(terms, func(a, b annotations.Term) int { return cmp.Compare(a.Key, b.Key) })
	for i, t := range terms {
		at[t.Key] = i
	}
	each(lessons, func(i int) { lessons[i].Terms = documents[i].uses(lessons[i], terms, at) })
	for _, l := range lessons {
		for _, use := range l.Terms {
			if t := &terms[use.Term]; !slices.Contains(t.Used, l.ID) {
				t.Used = append(t.Used, l.ID)
			}
		}
		for j := range terms {
			if t := &terms[j]; !slices.Contains(t.Used, l.ID) && slices.ContainsFunc(t.Defined, func(p annotations.TermPlace) bool { return p.Lesson == l.ID }) {
				t.Used = append(t.Used, l.ID)
			}
		}
	}
	return terms
}

// each runs do for the index of each lesson, several at a time.
func each(lessons []*annotations.Lesson, do func(i int)) {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range lessons {
		group.Go(func() error {
			do(i)
			return nil
		})
	}
	group.Wait()
}

// word matches a word of a term.
var word = regexp.MustCompile(`[A-Za-z][A-Za-z0-9]*`)

// maxTermWords is how many words the longest term has.
const maxTermWords = 5

// uses returns the first use of each term in each section of level 2, but for
// the block that defines it.
func (d *document) uses(l *annotations.Lesson, terms []annotations.Term, at map[string]int) []annotations.TermUse {
	if len(terms) == 0 {
		return nil
	}
	var all []annotations.TermUse
	seen := map[int]bool{}
	defined := func(term, line int) bool {
		return slices.ContainsFunc(terms[term].Defined, func(p annotations.TermPlace) bool { return p.Lesson == l.ID && p.Line == line })
	}
	starts := map[string]bool{} // first words
	for key := range at {
		first, _, _ := strings.Cut(key, "-")
		starts[first] = true
	}
	cited := func(start, end int) bool {
		return slices.ContainsFunc(l.Citations, func(c annotations.Citation) bool {
			return d.lines.offset(c.Span.Start) < end && start <= d.lines.offset(c.Span.End)
		})
	}
	line, section, role := 0, -1, annotations.Content
	ast.Walk(d.root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Heading:
			if !entering {
				break
			}
			if section++; section < len(l.Sections) {
				role = l.Sections[section].Role
			}
			if n.Level <= 2 {
				clear(seen)
			}
			return ast.WalkSkipChildren, nil
		case *ast.Link, *ast.Image, *ast.CodeSpan, *ast.AutoLink, *ast.FencedCodeBlock, *ast.CodeBlock, *ast.HTMLBlock, *ast.RawHTML, *east.Table:
			return ast.WalkSkipChildren, nil
		case *ast.Paragraph, *ast.TextBlock:
			line = d.extent(n).First
		case *ast.Text:
			if !entering || role != annotations.Content || d.header.lines.Contains(line) {
				return ast.WalkContinue, nil
			}
			base := n.Segment.Start
			text := n.Segment.Value(d.text)
			words := word.FindAllIndex(text, -1)
			for i := 0; i < len(words); i++ {
				if first := strings.ToLower(string(text[words[i][0]:words[i][1]])); !starts[first] && !starts[strings.TrimSuffix(first, "s")] {
					continue
				}
				for k := min(maxTermWords, len(words)-i); k > 0; k-- {
					from, to := words[i][0], words[i+k-1][1]
					term, ok := at[termKey(string(text[from:to]))]
					if !ok || !isolated(text, from, to) {
						continue
					}
					if !seen[term] && !cited(base+from, base+to) {
						seen[term] = true
						if !defined(term, line) {
							all = append(all, annotations.TermUse{Term: term, Start: base + from, End: base + to})
						}
					}
					i += k - 1
					break
				}
			}
		}
		return ast.WalkContinue, nil
	})
	return all
}

// isolated says whether text[from:to] is no part of a longer word.
func isolated(text []byte, from, to int) bool {
	before, _ := utf8.DecodeLastRune(text[:from])
	after, _ := utf8.DecodeRune(text[to:])
	part := func(r rune) bool {
		return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-/:@", r))
	}
	return !part(before) && !(part(after) && after != ':')
}
