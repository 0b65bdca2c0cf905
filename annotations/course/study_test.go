package course_test

import (
	"html/template"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"navigator/annotations"
	"navigator/annotations/course"
)

func TestEstimate(t *testing.T) {
	for text, want := range map[string][2]int{
		"3 horas": {180, 180}, "45 minutos": {45, 45}, "2-3 horas": {120, 180}, "1h 30min": {90, 90}, "1h30": {90, 90},
		"1,5 horas": {90, 90}, "1.5 h": {90, 90}, "media hora": {30, 30}, "1 hora y media": {90, 90}, "hora y media": {90, 90},
		"~2 horas (1 h de lectura)": {120, 120}, "2 horas (+ 1 h de lectura)": {180, 180}, "2 a 3 horas": {120, 180}, "45 min - 1 hora": {45, 60}, "dos horas": {120, 120},
		"1-2 días": {480, 960}, "2 horas y 15 minutos": {135, 135}, "90'": {90, 90}, "": {}, "según necesidad": {}, "3": {}, "2 módulos": {},
		"1 h 30": {90, 90}, "2 horas 30": {150, 150}, "1h30m": {90, 90}, "90 min": {90, 90}, "tres cuartos de hora": {45, 45}, "hora y cuarto": {75, 75},
		"½ hora": {30, 30}, "1½ horas": {90, 90}, "1/2 hora": {30, 30}, "entre 2 y 3 horas": {120, 180}, "2:30 h": {150, 150}, "3+ horas": {180, 180},
		"2 sesiones de 45 min": {90, 90}, "1 semana": {2400, 2400}, "90 minutos (lectura) + 60 minutos (ejercicios)": {150, 150},
		"2 horas (teoría: 1 h, práctica: 1 h)": {120, 120}, "3 horas / 180 min": {180, 180}, "Lectura: 1 h; ejercicios: 2 h": {180, 180},
		"3 – 4 Horas": {180, 240}, "1 hora 30 minutos": {90, 90}, "99999999999999999999 h": {1e6, 1e6},
	} {
		if got := course.Estimate(text); got != (annotations.Minutes{Least: want[0], Most: want[1]}) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func FuzzEstimate(f *testing.F) {
	f.Add("1h 30min")
	f.Add("2-3 horas y media")
	f.Fuzz(func(t *testing.T, text string) {
		if m := course.Estimate(text); m.Least < 0 || m.Most < m.Least {
			t.Errorf("%q: %v", text, m)
		}
	})
}

const studied = `# Tema

## Objetivos de Aprendizaje

Al completar:
- Saber **contar**
- Saber restar
  - en detalle

## 1. Texto

- [ ] Una tarea
- Un punto

> **Checkpoint**: se ve el bucle.

## 2. Ejercicios Prácticos

### 2.1 Compilar

**Checkpoint**: termina.

#### Paso a paso

1. Uno
2. Dos

### Ejercicio 2: Medir

**Checkpoints**:
- Se mide
- ✅ Se compara

**✓ Checkpoint 3.1**: otro.

### 2.3 Para pensar

- ¿Qué pasaría?

## 3. Autoevaluación

1. ¿Por qué?
   - pista
2. ¿Cómo?

**Respuestas sueltas**

### Respuestas

1. Porque sí.

## Referencias en el Código

- nada
`

func TestItems(t *testing.T) {
	var got []string
	for _, item := range course.Parse("a/b.md", []byte(studied)).Items {
		got = append(got, string(item.Kind)+" "+item.Text)
		if !strings.HasPrefix(item.Key, string(item.Kind)+"-") {
			t.Errorf("%s has the key %s", item.Text, item.Key)
		}
	}
	want := []string{
		"objective Saber contar", "objective Saber restar", "checkpoint Una tarea", "checkpoint Checkpoint: se ve el bucle.",
		"exercise 2.1 Compilar", "checkpoint Checkpoint: termina.", "exercise Ejercicio 2: Medir", "checkpoint Se mide", "checkpoint ✅ Se compara",
		"checkpoint ✓ Checkpoint 3.1: otro.", "question ¿Por qué?", "question ¿Cómo?",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q,\nwant %q", got, want)
	}
}

// Questions are written in several ways.
func TestQuestions(t *testing.T) {
	for name, body := range map[string]string{
		"numbers":   "1. ¿A?\n2. ¿B?\n",
		"marks":     "- ¿A?\n- ¿B?\n",
		"tasks":     "- [ ] A\n- [x] B\n",
		"bold":      "**Pregunta 1**: ¿A?\n\nTexto.\n\n**Pregunta 2**: ¿B?\n",
		"bold1":     "**1. ¿A?**\n\n- a) x\n- b) y\n\n**2. ¿B?**\n",
		"headings":  "### Pregunta 1: ¿A?\n\nTexto.\n\n- a)\n\n### Pregunta 2: ¿B?\n\n- b)\n",
		"parts":     "### Preguntas conceptuales\n\n1. ¿A?\n\n### Preguntas prácticas\n\n1. ¿B?\n",
		"answers":   "1. ¿A?\n2. ¿B?\n\n### Soluciones\n\n1. a\n2. b\n",
		"folded":    "1. ¿A?\n\n<details><summary>Respuesta</summary>\n\nPorque sí.\n\n</details>\n\n2. ¿B?\n",
		"paragraph": "Responda sin mirar:\n\n1. ¿A?\n1. ¿B?\n\nSi falla, vuelva.\n",
	} {
		items := course.Parse("a.md", []byte("# T\n\n## Autoevaluación\n\n"+body)).Items
		if len(items) != 2 || items[0].Kind != annotations.Question || items[1].Kind != annotations.Question {
			t.Errorf("%s: %+v, want two questions", name, items)
		}
	}
}

// Items are written in many ways, which depend on who wrote the lesson.
func TestItemsOfSeveralStyles(t *testing.T) {
	for body, want := range map[string]string{
		"## Objetivos\n\n- [ ] A\n- [x] B\n":                                                           "objective A, objective B",
		"## 🎯 Objetivos\n\n**Teoría**:\n1. ✅ A\n\n**Práctica**:\n1. B\n":                               "objective ✅ A, objective B",
		"## Objetivos\n\n| # | Objetivo |\n|---|---|\n| 1 | A |\n| 2 | B |\n":                          "objective A, objective B",
		"## Ejercicios Prácticos\n\n1. **A**\n\n   **Checkpoint**: sí.\n2. B\n\n## 2. Más\n\n1. No\n":  "exercise A, checkpoint Checkpoint: sí., exercise B",
		"## Ejercicios\n\n- **Ejercicio 1**: A\n- **Ejercicio 2**: B\n":                                "exercise Ejercicio 1: A, exercise Ejercicio 2: B",
		"## 5. Ejercicios Prácticos\n\n```bash\nls\n```\n\n**Checkpoint**: A\n":                        "exercise 5. Ejercicios Prácticos, checkpoint Checkpoint: A",
		"## Ejercicios\n\n### Requisitos\n\nx\n\n### 🔧 Ejercicio 1: A\n\n#### Checkpoint\n\n- [ ] B\n": "exercise 🔧 Ejercicio 1: A, checkpoint B",
		"## Ejercicios\n\n### Ejercicio 1\n\nPunto de control: A\n\n> 🏁 **Punto de control 2**: B\n":   "exercise Ejercicio 1, checkpoint Punto de control: A, checkpoint 🏁 Punto de control 2: B",
		"## Ejercicios\n\n### Ejercicio 1\n\n**Puntos de control:**\n\n1. A\n2. B\n":                   "exercise Ejercicio 1, checkpoint A, checkpoint B",
		"## Ejercicios\n\n| Checkpoint | Orden |\n|---|---|\n| A | `ls` |\n":                           "checkpoint A",
		"## Práctica\n\n**Ejercicio 1: A**\n\nx\n":                                                     "exercise Ejercicio 1: A",
		"## Laboratorio\n\n### Lab 1: A\n\nx\n":                                                        "exercise Lab 1: A",
		"## Autoevaluación\n\n<details>\n<summary>1. ¿A?</summary>\n\n1. No\n\n</details>\n":           "question 1. ¿A?",
		"## Autoevaluación\n\n| # | Pregunta | Respuesta |\n|---|---|---|\n| 1 | ¿A? | b |\n":          "question ¿A?",
		"## Autoevaluación\n\n1. ¿A?\n\n**Respuestas:**\n\n1. No\n":                                    "question ¿A?",
		"## Autoevaluación\n\n¿A?\n\n¿B?\n":                                                            "question ¿A?, question ¿B?",
		"## Preguntas de autoevaluación\n\n### Prácticas\n\n- ¿A?\n":                                   "question ¿A?",
	} {
		l := course.Parse("a.md", []byte("# T\n\n"+body))
		var got []string
		for _, item := range l.Items {
			got = append(got, string(item.Kind)+" "+item.Text)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s\n\thas %q, want %q", body, got, want)
		}
		if heads := all(t, node(t, string(renderer().Lesson(l, boxed{}))), ".item > button:first-child"); len(heads) != len(got) {
			t.Errorf("%s\n\thas %d boxes for %d items", body, len(heads), len(got))
		}
	}
}

// The parts of a lesson that is an exercise are its steps.
func TestStepsOfExercises(t *testing.T) {
	for path, want := range map[string]int{"ejercicios/envoy/01.md": 2, "03_envoy/01.md": 0} {
		if items := course.Parse(path, []byte("# T\n\n## 1. Preparar\n\n## 2. Resumen\n\n## 3. Medir\n\n## Más\n")).Items; len(items) != want {
			t.Errorf("%s: %v", path, items)
		}
	}
	if items := course.Parse("a.md", []byte("# Ejercicio: medir\n\n## 1. Preparar\n\n### Detalle\n\n## 2. Checkpoints\n\n- [ ] A\n\n## 3. Autoevaluación\n\n1. ¿B?\n")).Items; len(items) != 3 {
		t.Errorf("%v, want a step, a checkpoint and a question", items)
	}
	if items := course.Parse("ejercicios/a.md", []byte("# T\n\n## Paso 1: A\n\n## 2. B\n\n## Paso 2: C\n")).Items; len(items) != 2 {
		t.Errorf("%v, want the steps", items)
	}
}

// A key stays when something else of the lesson, or only a number, a case or a
// mark of the item, changes.
func TestKeysStay(t *testing.T) {
	keys := func(text string) []string {
		var all []string
		for _, item := range course.Parse("a.md", []byte(text)).Items {
			all = append(all, item.Key)
		}
		return all
	}
	before := keys(studied)
	edited := strings.NewReplacer("Saber restar", "Saber multiplicar", "### 2.1 Compilar", "### 4. **Compilar**", "Ejercicio 2: Medir", "Ejercicio 3. Medir", "¿Cómo?", "¿CÓMO?", "Al completar:", "Después de esto:").Replace(studied)
	after := keys("Una línea más.\n\n" + edited)
	if before[1] == after[1] {
		t.Error("another objective has the key of the old one")
	}
	before[1], after[1] = "", ""
	if !slices.Equal(before, after) {
		t.Errorf("%v, before %v", after, before)
	}
	cites := keys("# T\n\n## Autoevaluación\n\n1. ¿Qué hace `a/b.cc:10-20`?\n")
	if moved := keys("# T\n\n## Autoevaluación\n\n1. ¿Qué hace `a/b.cc:12`?\n"); !slices.Equal(moved, cites) {
		t.Errorf("%v when the lines moved, before %v", moved, cites)
	}
	if twice := keys("# T\n\n## Autoevaluación\n\n1. ¿A?\n2. ¿A?\n"); len(twice) != 2 || twice[0] == twice[1] {
		t.Errorf("two items share a key: %v", twice)
	}
}

// boxed links have a box for each item.
type boxed struct{ links }

func (boxed) Item(i int) template.HTML {
	return template.HTML("<button>" + strconv.Itoa(i) + "</button>")
}

func TestItemsHaveTheirHead(t *testing.T) {
	l := course.Parse("a/b.md", []byte(studied))
	page := node(t, string(renderer().Lesson(l, boxed{})))
	var got []string
	for _, n := range all(t, page, ".item > button:first-child") {
		got = append(got, words(n))
	}
	if len(got) != len(l.Items) || !slices.IsSorted(slices.Collect(func(yield func(int) bool) {
		for _, s := range got {
			n, _ := strconv.Atoi(s)
			yield(n)
		}
	})) {
		t.Errorf("%v, want one for each of %d items", got, len(l.Items))
	}
	if boxes := all(t, page, ".task"); len(boxes) != 0 {
		t.Errorf("%d boxes of tasks beside those of items", len(boxes))
	}
}

func TestWeeks(t *testing.T) {
	for name, test := range map[string]struct {
		plan string
		want []annotations.Week
	}{
		"headings": {"## 6. Plan de Estudio Recomendado\n\n### Semana 1: Fundamentos\n- Completar Módulos 1 y 2\n- Leer\n\n### Semanas 2-3: Envoy\n- Completar Módulo 3\n\n### Ongoing: Más\n- Lo que haga falta\n\n## 7. Recursos\n\n### Docs\n- x\n",
			[]annotations.Week{
				{Title: "Semana 1: Fundamentos", Steps: []string{"Completar Módulos 1 y 2", "Leer"}, Modules: []string{"1", "2"}},
				{Title: "Semanas 2-3: Envoy", Steps: []string{"Completar Módulo 3"}, Modules: []string{"3"}},
				{Title: "Ongoing: Más", Steps: []string{"Lo que haga falta"}},
			}},
		"table": {"## Calendario\n\n| Semana | Contenido | Dedicación |\n|---|---|---|\n| 1 | Módulos 1-3 | 10 horas |\n| 2 | Módulo 4 | 8-9 horas |\n",
			[]annotations.Week{
				{Title: "Semana 1", Steps: []string{"Contenido: Módulos 1-3", "Dedicación: 10 horas"}, Modules: []string{"1", "2", "3"}, Time: annotations.Minutes{Least: 600, Most: 600}},
				{Title: "Semana 2", Steps: []string{"Contenido: Módulo 4", "Dedicación: 8-9 horas"}, Modules: []string{"4"}, Time: annotations.Minutes{Least: 480, Most: 540}},
			}},
		"list": {"## Plan de estudio\n\n- **Semana 1**: Módulo 1\n  - leer\n- **Semana 2**: Módulo 2\n",
			[]annotations.Week{
				{Title: "Semana 1", Steps: []string{"Módulo 1", "leer"}, Modules: []string{"1"}}, {Title: "Semana 2", Steps: []string{"Módulo 2"}, Modules: []string{"2"}},
			}},
		"another order": {"## Plan de estudio\n\n| Módulos | Semana | Horas |\n|---|---|---|\n| 1, M2 | **Semana 1** | 10 h |\n| 3 a 5 | 2-3 | |\n",
			[]annotations.Week{
				{Title: "Semana 1", Steps: []string{"Módulos: 1, M2", "Horas: 10 h"}, Modules: []string{"1", "2"}, Time: annotations.Minutes{Least: 600, Most: 600}},
				{Title: "Semana 2-3", Steps: []string{"Módulos: 3 a 5"}, Modules: []string{"3", "4", "5"}},
			}},
		"bold": {"## Plan de estudio\n\n**Semana 1: Redes**\n- Módulo 1\n\n**Sem. 2** — Envoy\n\n- 03_envoy_arquitectura/\n",
			[]annotations.Week{
				{Title: "Semana 1: Redes", Steps: []string{"Módulo 1"}, Modules: []string{"1"}}, {Title: "Sem. 2", Steps: []string{"Envoy", "03_envoy_arquitectura/"}, Modules: []string{"3"}},
			}},
		"table of days": {"## Planificación\n\n#### Semana 1\n\n| Día | Tema |\n|---|---|\n| Lunes | Módulo 1 |\n",
			[]annotations.Week{{Title: "Semana 1", Steps: []string{"Lunes: Módulo 1"}, Modules: []string{"1"}}}},
		"drawing": {"## Hoja de ruta\n\n```\nSemana 1: Módulo 1\n├── leer\nSemana 2: Módulo 2\n```\n",
			[]annotations.Week{
				{Title: "Semana 1: Módulo 1", Steps: []string{"leer"}, Modules: []string{"1"}}, {Title: "Semana 2: Módulo 2", Modules: []string{"2"}},
			}},
		"none": {"## Módulos\n\n- Módulo 1\n", nil},
	} {
		root := t.TempDir()
		if err := os.WriteFile(filepath.Join(root, "PLAN_FORMACION.md"), []byte("# Plan\n\n"+test.plan), 0o644); err != nil {
			t.Fatal(err)
		}
		c, err := course.Load(root)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.EqualFunc(c.Weeks, test.want, func(a, b annotations.Week) bool {
			return a.Title == b.Title && slices.Equal(a.Steps, b.Steps) && slices.Equal(a.Modules, b.Modules) && a.Time == b.Time && a.Lines.First > 0
		}) {
			t.Errorf("%s: %+v\nwant %+v", name, c.Weeks, test.want)
		}
	}
}
