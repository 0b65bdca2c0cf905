package course_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"navigator/annotations"
	"navigator/annotations/course"
)

// loadText returns a course of lessons with these texts, by path.
func loadText(t *testing.T, texts map[string]string) *annotations.Course {
	t.Helper()
	root := t.TempDir()
	for name, text := range texts {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c, err := course.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Each line of a lesson defines what stands before the arrow of its entry, or
// nothing.
func TestDefinitions(t *testing.T) {
	for text, want := range map[string]string{
		"Un *listener* (oyente) acepta conexiones.":                                      "listener → oyente",
		"La **filter chain** (cadena de filtros): los filtros, en orden.":                "filter chain → cadena de filtros",
		"**Filter chain** (cadena de filtros): los filtros, en orden.":                   "Filter chain → cadena de filtros: los filtros, en orden",
		"- **Upstream**: el servicio adonde va la petición. Otra frase.":                 "Upstream → el servicio adonde va la petición",
		"- **Downstream:** el cliente de donde viene.":                                   "Downstream → el cliente de donde viene",
		"El *worker* es un hilo que atiende conexiones. Hay varios.":                     "worker → un hilo que atiende conexiones",
		"Un `cluster` es un grupo de hosts equivalentes.":                                "cluster → un grupo de hosts equivalentes",
		"Un `cluster` (grupo de hosts) tiene salud.":                                     "cluster → grupo de hosts",
		"Un *exchange* (intercambio) es una petición con su respuesta.":                  "exchange → intercambio: una petición con su respuesta",
		"xDS es el nombre de unos protocolos.":                                           "xDS → el nombre de unos protocolos",
		"**HBONE** (HTTP-Based Overlay Network Environment) lleva TCP.":                  "HBONE → HTTP-Based Overlay Network Environment",
		"**Circuit breaker (cortacircuitos)**: limita.":                                  "Circuit breaker → cortacircuitos: limita",
		"El *control plane* (plano de control) configura.":                               "control plane → plano de control",
		"Se usa la cadena de filtros (*filter chain*) siempre.":                          "filter chain → cadena de filtros",
		"La **cadena de filtros** (*filter chain*) siempre.":                             "filter chain → cadena de filtros",
		"Colaría otra (*request smuggling*, contrabando de peticiones).":                 "request smuggling → contrabando de peticiones",
		"| Término | Definición |\n|---|---|\n| sidecar | un proxy junto a cada pod |\n": "sidecar → un proxy junto a cada pod",

		"- **Ventajas**: es muy rápido y muy simple.":                     "",
		"- **Rendimiento**: se mide en peticiones.":                       "",
		"**Nota**: esto es importante para todos.":                        "",
		"**Checkpoint**: el registro termina bien.":                       "",
		"**Trade-offs**: más memoria por más velocidad.":                  "",
		"El fichero *listener.cc* (líneas 3-9) lo dice.":                  "",
		"El *listener* (ver más abajo) acepta.":                           "",
		"El *listener* (en `source/a.cc:3`) acepta.":                      "",
		"El **puerto** (8080) está abierto.":                              "",
		"Dos respuestas, *ack* o *nack* (aceptada o rechazada).":          "",
		"**ConnectionImpl** es la clase que lee.":                         "",
		"`max_retries` (reintentos) es un campo.":                         "",
		"Es **muy importante** (de verdad) leerlo.":                       "",
		"| Archivo | Descripción |\n|---|---|\n| router | reenvía |\n":    "",
		"Esto *no* es un problema.":                                       "",
		"El **hilo principal** es un hilo más.":                           "",
		"```\nUn *listener* (oyente)\n```":                                "",
		"## Un **worker** (hilo)":                                         "",
		"## Autoevaluación\n\n1. **worker**: ¿qué es eso que se ejecuta?": "",
	} {
		var got string
		for _, term := range loadText(t, map[string]string{"a.md": "# Tema\n\n## Texto\n\n" + text + "\n"}).Glossary {
			got += term.Name + " → " + term.Definition
		}
		if got != want {
			t.Errorf("%s\n\tdefines %q, want %q", text, got, want)
		}
	}
}

// A term has one entry, whatever its case and number, with the lessons that
// define and use it, and the code of its definitions.
func TestGlossary(t *testing.T) {
	c := loadText(t, map[string]string{
		"01_a/01.md": "# Uno\n\n## Uno\n\nUn *worker* (hilo de trabajo) corre en `WorkerImpl`. El worker espera.\n\n## Dos\n\nLos workers, y el worker. Un *main thread* (hilo principal) hay.\n",
		"02_b/01.md": "# Dos\n\n## Uno\n\n**Workers** (hilos): varios. Un worker.\n\n## Dos\n\nUn `worker`, [worker](x.md), workers-api, un/worker y otro worker.\n\n### Más\n\nUn worker.\n",
		"03_c/01.md": "# Tres\n\n## Ejercicios\n\n| Hilo | Veces |\n|---|---|\n| El worker | 2 |\n| El main thread y el worker | 1 |\n\n## Autoevaluación\n\n1. ¿Qué es un worker?\n",
	})
	if len(c.Glossary) != 2 {
		t.Fatalf("%+v, want two terms", c.Glossary)
	}
	term := c.Glossary[1]
	if term.Name != "worker" || term.Definition != "hilo de trabajo" || len(term.Defined) != 2 || !slices.Equal(term.Code, []string{"WorkerImpl"}) ||
		!slices.Equal(term.Used, []string{"01_a/01", "02_b/01", "03_c/01"}) {
		t.Errorf("%+v", term)
	}
	var uses []string
	for _, l := range c.Lessons {
		for _, use := range l.Terms {
			uses = append(uses, l.ID+" "+string(l.Text[use.Start:use.End+3]))
		}
	}
	if want := []string{"01_a/01 workers, y", "02_b/01 worker.\n\n", "03_c/01 worker | ", "03_c/01 main thread y "}; !slices.Equal(uses, want) {
		t.Errorf("%q, want %q", uses, want)
	}
}

// defined links have an address for each use of a term.
type defined struct{ links }

func (defined) Term(int) (string, string) { return "/glossary#worker", `un "hilo"` }

func TestTermsAreLinks(t *testing.T) {
	c := loadText(t, map[string]string{"a.md": "# Uno\n\n## Uno\n\nUn *worker* (hilo de trabajo).\n\n## Dos\n\nCada **worker** espera; el worker no.\n"})
	page := node(t, string(renderer().Lesson(c.Lessons[0], defined{})))
	terms := all(t, page, `p > strong > a.term[href="/glossary#worker"]`)
	if len(terms) != 1 || len(all(t, page, "a.term")) != 1 || words(terms[0]) != "worker" || attr(terms[0], "title") != `un "hilo"` {
		t.Errorf("%d links to the glossary", len(all(t, page, "a.term")))
	}
	if found := all(t, node(t, string(renderer().Lesson(c.Lessons[0], links{}))), "a.term"); len(found) != 0 {
		t.Error("a term leads nowhere")
	}
}

func FuzzGlossary(f *testing.F) {
	f.Add("Un *listener* (oyente) es un hilo.\n\n| Término | Definición |\n|---|---|\n| a | b |\n")
	f.Add("**x (y)** `z` (_w_")
	f.Fuzz(func(t *testing.T, text string) {
		root := t.TempDir()
		if err := os.WriteFile(filepath.Join(root, "a.md"), []byte("# A\n\n"+text), 0o644); err != nil {
			t.Fatal(err)
		}
		c, err := course.Load(root)
		if err != nil {
			t.Fatal(err)
		}
		for _, term := range c.Glossary {
			if term.Name == "" || term.Key == "" || term.Definition == "" || strings.ContainsAny(term.Key, " \"<>") {
				t.Errorf("%+v", term)
			}
		}
		for _, l := range c.Lessons {
			renderer().Lesson(l, defined{})
		}
	})
}
