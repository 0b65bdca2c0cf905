package course

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

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

// abbreviates says whether the letters of an acronym begin the words of a text,
// in their order; short words may go without, and a word may give several.
func abbreviates(acronym, text string) bool {
	if !isAcronym(acronym) && !strings.Contains(acronym, "tW") {
		return false
	}
	letters := strings.ToLower(strings.TrimRight(acronym, "0123456789"))
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) < 2 || len(words) > 9 || len(letters) > 9 {
		return false
	}
	return lettersOf(letters, words)
}

func lettersOf(letters string, words []string) bool {
	if letters == "" || len(words) == 0 {
		return letters == "" && len(words) == 0
	}
	w := words[0]
	if len(w) <= 3 && lettersOf(letters, words[1:]) {
		return true
	}
	for from, taken := 0, 0; taken < min(len(letters), 4); taken++ { // letters that the word gives
		i := strings.IndexByte(w[from:], letters[taken])
		if i < 0 || taken == 0 && i > 0 {
			return false
		}
		from += i + 1
		if lettersOf(letters[taken+1:], words[1:]) {
			return true
		}
	}
	return false
}

// englishLetters match what Spanish words do not have.
var englishLetters = regexp.MustCompile(`ing$|[a-z]er$|[wk]|th|sh|ck|ee|oo|ss|ff|tt|y$|[bcfgkmpt]$|[^aeiou][^aeiouslnr]$`)

// isEnglish says whether words are surely English.
func isEnglish(name string) bool {
	words := strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '-' })
	for _, w := range words {
		if (spanish[w] || particles[w]) && len(words) == 1 {
			return false
		}
	}
	return isTerm(name, true) && !labels[name] && englishLetters.MatchString(words[len(words)-1])
}

// isSpanish says whether a text has a word that only Spanish has.
func isSpanish(text string) bool {
	for _, w := range strings.Fields(text) {
		w = strings.Trim(w, ".,;:")
		if lower := strings.ToLower(w); fold(w) != lower || particles[lower] || !english[lower] && spanishEnding.MatchString(lower) {
			return true
		}
	}
	return false
}

// ofCode matches what stands before a name of code.
var ofCode = regexp.MustCompile(`(?i)\b(?:la clase|el struct|la estructura|el trait|el método|la función|la interfaz|el fichero|el archivo|el macro|la macro|el campo|el enum|el módulo|la variable) $`)

// numbered matches the head of a step: "Fase 1", "Opción B".
var numbered = regexp.MustCompile(`(?i)^(?:.* )?#?(?:\d+(?:\.\d+)*|[A-H])$`)

// isHead says whether words head what is no definition.
func isHead(name string) bool {
	return labels[fold(name)] || numbered.MatchString(name)
}

// codeNames match names that code has for types.
var codeNames = regexp.MustCompile(`^[A-Z][a-z]+\w*(?:Impl|Factory|Callbacks?|Manager|Config|Filter|Handler|Provider|Context|Ptr|Base|Client|Server|Store|State|Error|Info|Data|Map|Set|Guard)$|^(?:[A-Z][a-z]+){3,}`)

// notGloss matches what parentheses hold that explains no term: a number, a
// reference, an aside.
var notGloss = regexp.MustCompile(`(?i)^(?:ver|v[eé]ase|por ejemplo|p\. ?ej|e\.g|i\.e|opcional|obligatori|recomendad|por defecto|default|solo|s[oó]lo|no |s[ií]\b|l[ií]nea|lines?|en |desde|hasta|con |sin |aprox|~|[<>=$/#]|ambos|ambas|todos|todas|cada |salvo|excepto|incluid|incluye|normalmente|generalmente|a veces|si |cuando |porque|aunque|pero |como |mismo|interfaz$|clase$|struct$|trait$|m[eé]todo$|funci[oó]n$|abstract|m[aá]s |menos |dos |tres |uno |una vez|recu[eé]rde|aqu[ií]|\d|puertos?|port\b|cap[ií]tulo|secci[oó]n|m[oó]dulo|tambi[eé]n|y |o |antes|despu[eé]s|aqu[ií])|[/\\]\w|\.\w{1,4}\b|::|_|https?:|→|\+\+`)

// isGloss says whether what stands in parentheses explains a term.
func isGloss(s string) bool {
	s = strings.TrimSpace(s)
	return !notGloss.MatchString(s) && s != "nunca" && isProse(s) && strings.Count(s, ",") <= 3
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
var labels = set("no checkpoint checkpoints nota note notes tip tips warning input output inputs outputs todo fixme trade-off trade-offs tradeoffs pros cons " +
	"default defaults example examples bonus ok total demo setup debug debugging step summary overview main stats status key value file files test tests why how what when where " +
	"before after performance overhead escalabilidad flexibility security safety simplicity observability design background version status server client linux docker kubernetes k8s envoy ztunnel istio google lyft windows macos java python go rust request response")

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
	"reverse response else case false true cache queue techniques ingress egress address crypto stucco yes us as is this its has was cors pos qos raid ns class statics basics metrics analytics physics generics idempotent stats kibana grafana jaeger")

var spanishEnding = regexp.MustCompile(`(?:cion|ciones|encial|enciales|dad|dades|mente|miento|mientos|ncia|ncias|aje|ajes|ados?|adas?|idos?|idas?|dores?|doras?|ivos?|ivas?|icos?|icas?|osos?|osas?|arios?|arias?|iones|eza|anza|que|ques|uras?|illas?|[aeiou]r(?:se|los?|las?)|tos|tas|nos|nas|ros|ras|los|las|cos|cas|gos|gas|jos|jas|dos|das|mos|mas|vos|vas|zos|o|a)$`)

// isTerm says whether words may be an English term. Strictly they must not look
// Spanish either.
func isTerm(name string, strict bool) bool {
	if strings.ToUpper(name) == name {
		name = strings.ReplaceAll(name, "_", "-") // STRICT_DNS
	}
	if len(name) < 2 || len(name) > 40 || strings.ContainsAny(name, "/:_.,;¿?!=<>{}[]*\"'$#@&%|`+") {
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
	if codeNames.MatchString(name) {
		return false
	}
	if strict && len(words) == 1 && unicode.IsUpper(rune(name[0])) && !isAcronym(name) && strings.IndexFunc(name[1:], unicode.IsUpper) > 0 {
		return false // ConnectionImpl is a name of code
	}
	return letters && alike < len(words) && name[0] != '-' && !unicode.IsDigit(rune(name[0]))
}
