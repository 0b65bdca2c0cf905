package search_test

import (
	"context"
	"strings"
	"testing"
	"unicode/utf8"

	"navigator/indexer/search"
)

func course(tb testing.TB) *search.Lessons {
	tb.Helper()
	l, err := search.NewLessons([]search.LessonDoc{
		{ID: "01_introduccion/01_proxies", Title: "Qué es un proxy", Text: "Un proxy recibe conexiones y las reenvía."},
		{ID: "03_envoy/02_threading", Title: "El modelo de hilos", SectionTitle: "El bucle de eventos", Anchor: "el-bucle-de-eventos",
			Text: "Cada hilo de trabajo ejecuta su propio bucle de eventos. El despachador (`source/common/event/dispatcher_impl.cc`) nunca bloquea."},
		{ID: "03_envoy/02_threading", Title: "El modelo de hilos", SectionTitle: "Almacenamiento local", Anchor: "almacenamiento-local",
			Text: "La configuración se reparte sin candados: cada hilo tiene su copia."},
		{ID: "03_envoy/03_filtros", Title: "Las cadenas de filtros", SectionTitle: "Filtros de red", Anchor: "filtros-de-red",
			Text: "Un filtro de red ve los bytes de una conexión. ConnectionManagerImpl es uno."},
		{ID: "05_ztunnel/01_hbone", Title: "HBONE", SectionTitle: "Túneles", Anchor: "tuneles",
			Text: "El túnel lleva TCP sobre HTTP/2 con mTLS entre dos ztunnel."},
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := l.Close(); err != nil {
			tb.Error(err)
		}
	})
	return l
}

func TestLessons(t *testing.T) {
	l := course(t)
	for _, test := range []struct{ query, anchor, fragment string }{
		{"bucle de eventos", "el-bucle-de-eventos", "ejecuta su propio [bucle] de [eventos]"},
		{"evento", "el-bucle-de-eventos", "[eventos]"},
		{"configuracion", "almacenamiento-local", "La [configuración] se reparte"},
		{"túneles", "tuneles", "El [túnel] lleva"},
		{"tunel", "tuneles", "El [túnel] lleva"},
		{"filtros red", "filtros-de-red", "Un [filtro] de [red]"},
		{"dispatcher_impl", "el-bucle-de-eventos", "[dispatcher]_[impl].cc"},
		{"ConnectionMan", "filtros-de-red", "[ConnectionManagerImpl]"},
		{"despahcador", "el-bucle-de-eventos", "[despachador]"},
		{"hilos de trabajo", "el-bucle-de-eventos", "Cada [hilo] de [trabajo]"},
		{"configurar", "almacenamiento-local", "La [configuración] se reparte"},
		{"configurac", "almacenamiento-local", "La [configuración] se reparte"}, // is being typed
		{"hilos despahcador", "el-bucle-de-eventos", "Cada [hilo] de trabajo"},
		{"mtls", "tuneles", "[mTLS]"},
		{"qué proxy", "", "Un [proxy] recibe"},
	} {
		hits, err := l.Search(context.Background(), test.query, 5)
		if err != nil {
			t.Errorf("%q: %v", test.query, err)
			continue
		}
		if len(hits) == 0 {
			t.Errorf("%q finds nothing", test.query)
			continue
		}
		got := mark(hits[0].Fragment.Text, hits[0].Fragment.Matches)
		if hits[0].Doc.Anchor != test.anchor || !strings.Contains(got, test.fragment) {
			t.Errorf("%q finds %q: %s\nwant %q with %s", test.query, hits[0].Doc.Anchor, got, test.anchor, test.fragment)
		}
	}
}

func TestLessonsTitles(t *testing.T) {
	hits, err := course(t).Search(context.Background(), "modelo hilos", 5)
	if err != nil || len(hits) != 2 {
		t.Fatalf("%d hits, %v", len(hits), err)
	}
	if hits[0].Doc.Title != "El modelo de hilos" {
		t.Errorf("title %s", hits[0].Doc.Title)
	}
	hits, err = course(t).Search(context.Background(), "eventos bucle", 5)
	if err != nil || len(hits) == 0 || hits[0].Doc.SectionTitle != "El bucle de eventos" {
		t.Errorf("section %v, %v", hits, err)
	}
}

func TestLessonsNothing(t *testing.T) {
	l := course(t)
	for _, query := range []string{"", "   ", "de la", "kubernetes", "hilo kubernetes", "filtro de aire", "hiko", "\xff\xfe"} {
		if hits, err := l.Search(context.Background(), query, 5); err != nil || len(hits) > 0 {
			t.Errorf("%q finds %v, %v", query, hits, err)
		}
	}
}

// TestLessonsFragment checks that fragments of long texts are short, whole
// and around what matched.
func TestLessonsFragment(t *testing.T) {
	text := strings.Repeat("palabrería sin fin ", 200) + "aquí está la aguja del pajar " + strings.Repeat("ñandú", 400)
	l, err := search.NewLessons([]search.LessonDoc{{ID: "a", Title: "A", Text: text}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	hits, err := l.Search(context.Background(), "agujas", 5)
	if err != nil || len(hits) != 1 {
		t.Fatalf("%d hits, %v", len(hits), err)
	}
	f := hits[0].Fragment
	if len(f.Text) > 350 || !utf8.ValidString(f.Text) || !strings.Contains(mark(f.Text, f.Matches), "la [aguja] del") {
		t.Errorf("fragment %+v", f)
	}
}

// mark puts brackets around ranges.
func mark(text string, ranges []search.Range) string {
	var b []byte
	at := 0
	for _, r := range ranges {
		b = append(b, text[at:r.Start]...)
		b = append(b, '[')
		b = append(b, text[r.Start:r.End]...)
		b = append(b, ']')
		at = r.End
	}
	return string(append(b, text[at:]...))
}
