package search_test

import (
	"slices"
	"strings"
	"testing"

	"navigator/indexer"
	"navigator/indexer/search"
)

// said returns a search of passages whose subjects are named by number.
func said() *search.Sayings {
	symbols := []string{"Upstream::LoadBalancerBase::chooseHost", "Upstream::RoundRobin", "Http::Manager::onData", "Event::Loop::run", "Http::Manager"}
	about := func(share float64, ids ...int32) (all []search.Subject) {
		for _, id := range ids {
			all = append(all, search.Subject{Symbol: indexer.SymbolRef{Symbol: id}, Name: symbols[id], Same: symbols[id], Share: share})
		}
		return all
	}
	return search.NewSayings([]search.Passage{
		{Title: "Vida de una petición", Section: "Aceptar", Text: "Los bytes entran y se vuelven petición.", Subjects: append(about(1, 2), about(0.5, 4)...)},
		{Title: "Vida de una petición", Section: "Elegir un host", Text: "Solo los sanos reciben peticiones.", Subjects: about(0.9, 0)},
		{Title: "Vida de una petición", Section: "Repartir", Text: "Cada uno a su turno.", Subjects: about(1, 1)},
		{Title: "Hilos", Section: "El bucle de eventos", Text: "El hilo duerme aquí hasta que venza un temporizador.", Subjects: about(1, 3)},
		{Title: "Hilos", Section: "El registro", Text: "El bucle de eventos apunta su estado.", Subjects: about(0.6, 2)},
	})
}

func TestSayings(t *testing.T) {
	s := said()
	for query, want := range map[string][]int32{
		"peticiones":               {0, 2, 1, 4},
		"PETICION":                 {2, 0, 1, 4},
		"peticio\u0301n":           {2, 0, 1, 4}, // the accent as a rune of its own
		"balanceo":                 {0, 1},
		"balanceador":              {0, 1},
		"balanceadores de hosts":   {0},
		"temporizadores":           {3},
		"temporisador":             {3},
		"bucles":                   {3, 2},
		"bucle de eve":             {3, 2},
		"estado":                   {2},
		"hilo dormido":             {},
		"manager":                  {2, 4},
		"entrada de bytes":         {2, 4},
		"":                         {},
		"de la":                    {},
		"kubernetes":               {},
		"petición de kubernetes":   {},
		"\xff\xfe":                 {},
		strings.Repeat("eses ", 9): {},
	} {
		got := []int32{}
		for _, hit := range s.Search(query, 10, nil) {
			got = append(got, hit.Symbol.Symbol)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", query, got, want)
		}
	}
	if hits := s.Search("peticion", 2, nil); len(hits) != 2 {
		t.Errorf("%d hits, want 2", len(hits))
	}
}

// Spanish words find what a course says in English, in the names of symbols
// too; one that says little may be missing, one that nothing is said of not.
func TestSayingsAcrossLanguages(t *testing.T) {
	names := []string{"Server::HotRestartImpl", "Router::RetryStateImpl::shouldRetry", "Upstream::ResourceManagerImpl", "tls::InboundAcceptor", "Http2::ActiveClient", "Http1::ActiveClient"}
	texts := []string{"Memoria compartida entre procesos", "Cuándo repetir", "Circuit breaking por cluster", "El servidor exige mTLS", "Pool de HTTP/2", "Pool de HTTP/1.1"}
	var passages []search.Passage
	for i, name := range names {
		passages = append(passages, search.Passage{Title: "Envoy", Section: texts[i], Text: "Ver abajo.", Subjects: []search.Subject{
			{Symbol: indexer.SymbolRef{Symbol: int32(i)}, Name: name, Same: name, Share: 1},
		}})
	}
	s := search.NewSayings(passages)
	for query, want := range map[string][]int32{
		"reinicio en caliente":                 {0},
		"reinicios calientes":                  {0},
		"política de reintentos":               {}, // no policy here
		"cómo se hace el reintento":            {1},
		"reintentar":                           {1},
		"cortacircuitos":                       {2},
		"cortacircuítos":                       {2},
		"cortacircitos":                        {2}, // misspelt
		"cifrado mutuo":                        {3},
		"cifrado mutuo obligatorio":            {3},
		"http2":                                {4, 5},
		"http/2":                               {4, 5},
		"memoria compartida entre continentes": {0},
		"memoria del continente":               {},
		"circuito de carreras":                 {},
		"poolx":                                {}, // too short a word to be meant
		"ablir":                                {}, // another letter makes another word of a short one
	} {
		got := []int32{}
		for _, hit := range s.Search(query, 10, nil) {
			got = append(got, hit.Symbol.Symbol)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q finds %v, want %v", query, got, want)
		}
	}
	kept := s.Search("pool", 10, func(ref indexer.SymbolRef) bool { return ref.Symbol == 5 })
	if len(kept) != 1 || kept[0].Symbol.Symbol != 5 {
		t.Errorf("kept %v", kept)
	}
}

// Of a word alone comes first what several lessons say it of, rather than what
// one has it in a title of.
func TestSayingsOfManyLessons(t *testing.T) {
	about := func(name string) []search.Subject {
		return []search.Subject{{Symbol: indexer.SymbolRef{Symbol: int32(len(name))}, Name: name, Same: name, Share: 1}}
	}
	s := search.NewSayings([]search.Passage{
		{Title: "Un ejercicio", Section: "El filtro", Text: "Se elige uno.", Subjects: about("Metadata")},
		{Title: "Vida de una petición", Text: "Recorre los filtros.", Subjects: about("Chain")},
		{Title: "Cadenas", Text: "Llama a cada filtro.", Subjects: about("Chain")},
	})
	hits := s.Search("filtro", 2, nil)
	if len(hits) != 2 || hits[0].Symbol.Symbol != int32(len("Chain")) {
		t.Errorf("finds %+v", hits)
	}
}

// The folders of a path say nothing of what is in it; its last name does.
func TestSayingsLeaveFoldersOut(t *testing.T) {
	s := search.NewSayings([]search.Passage{{
		Title: "Envoy", Text: "Se decide aquí (source/extensions/filters/http/retry_plugin.cc:1-2).",
		Subjects: []search.Subject{{Name: "decide", Same: "x", Share: 1}},
	}})
	for query, want := range map[string]int{"filtros": 0, "reintentos": 1} {
		if hits := s.Search(query, 2, nil); len(hits) != want {
			t.Errorf("%q finds %v, want %d", query, hits, want)
		}
	}
}

// The words that matched are shown, as they are written.
func TestSayingsShowWhy(t *testing.T) {
	hit := said().Search("el hilo y sus temporizadores", 1, nil)
	if len(hit) != 1 || mark(hit[0].Fragment.Text, hit[0].Fragment.Matches) != "El [hilo] duerme aquí hasta que venza un [temporizador]." {
		t.Errorf("%+v", hit)
	}
}

func FuzzSayings(f *testing.F) {
	f.Add("Vida de una petición", "peticiones")
	f.Add("n\u0303andú ÁÉÍÓÚ", "ñandu")
	f.Fuzz(func(t *testing.T, text, query string) {
		s := search.NewSayings([]search.Passage{{Title: text, Section: query, Text: text, Subjects: []search.Subject{{Name: text, Same: "x", Share: 1}}}})
		for _, hit := range s.Search(query, 3, nil) {
			for _, m := range hit.Fragment.Matches {
				if m.Start < 0 || m.End > len(hit.Fragment.Text) || m.Start >= m.End {
					t.Fatalf("%v in %q", m, hit.Fragment.Text)
				}
			}
		}
	})
}
