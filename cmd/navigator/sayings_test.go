package main

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

// saidSymbols is an answer to a search for symbols.
type saidSymbols struct {
	Results []struct {
		Qualified, Path string
		Line            int
		Said            *struct{ Title, Section, Snippet, URL string }
	}
}

// TestSpanishFindsEnglish asks the demo for symbols in the words of its
// lessons: the first hits are those that the lessons say it of.
func TestSpanishFindsEnglish(t *testing.T) {
	site := demoSite(t)
	checkedLessons(t, site)
	for query, want := range map[string][]string{
		"vida de una petición":      {"ExchangeManagerImpl::onData", "ExchangeManagerImpl"},
		"vida de una peticion":      {"ExchangeManagerImpl::onData", "ExchangeManagerImpl"},
		"vidas de peticiones":       {"ExchangeManagerImpl::onData"},
		"balanceo":                  {"LeastRequestLoadBalancer::pick", "RoundRobinLoadBalancer::pick", "LoadBalancerBase::chooseHost"},
		"balanceador":               {"LeastRequestLoadBalancer::pick", "RoundRobinLoadBalancer::pick", "LoadBalancerBase::chooseHost"},
		"balanceadores de carga":    {"LeastRequestLoadBalancer::pick"},
		"reparte la carga":          {"LeastRequestLoadBalancer::pick"},
		"bucle de eventos":          {"EpollDispatcher::runOnce"},
		"bucles evento":             {"EpollDispatcher::runOnce"},
		"contrapresion":             {"WatermarkBuffer::changed", "WatermarkBuffer"},
		"marca":                     {"WatermarkBuffer::changed"},
		"reintentar":                {"RetryBudget"},
		"certificado":               {"CertificateManager"},
		"caché de los certificados": {"CertificateManager"},
		"cadenas de filtro":         {"FilterPath::resume", "FilterPath"},
		"registro del acceso":       {"ExchangeManagerImpl::endExchange"},
		"respuestas locales":        {"FilterPipeline::sendLocalReply"},
		"conexion de reserva":       {"Pool"},
		"ejecutor mas corto":        {"Outbound::open_tunnel", "block_on"},
		"umbral de panico":          {"PanicThreshold"},
		"contrabando":               {"MessageParser::chooseFraming"},
		"contravando":               {"MessageParser::chooseFraming"}, // misspelt
		"turno":                     {"WorkloadStore::find_upstream", "WorkloadStore"},
		"turnos lang:cpp":           {"RoundRobinLoadBalancer::pick"}, // the course says it of Rust, in C++ a name does
		"kind:class marcas":         {"WatermarkBuffer"},
		"kubernetes":                nil,
		"bucle kubernetes":          nil,
		"de la que":                 nil,
		"fotosíntesis":              nil,
	} {
		found := apiGet[saidSymbols](t, site, "/api/v1/search?kind=symbol&limit=8&q="+url.QueryEscape(query)).Results
		var got []string
		for _, r := range found {
			if r.Said != nil {
				got = append(got, r.Qualified)
				if r.Said.Title == "" || r.Said.URL == "" || r.Said.Snippet == "" {
					t.Errorf("%q finds %s, but does not tell why: %+v", query, r.Qualified, r.Said)
				}
			}
		}
		if want == nil && len(got) > 0 {
			t.Errorf("%q finds %v", query, got)
		}
		for i, name := range want {
			if i >= len(got) || !slices.ContainsFunc(got[:min(len(got), len(want))], func(g string) bool { return strings.HasSuffix(g, "::"+name) }) {
				t.Errorf("%q finds %v, want first %v", query, got, want)
				break
			}
		}
	}
}

// Names come before what is said, and what is only spelled almost so does not
// come at all when the course knows the word.
func TestNamesBeforeSayings(t *testing.T) {
	site := demoSite(t)
	checkedLessons(t, site)
	found := apiGet[saidSymbols](t, site, "/api/v1/search?kind=symbol&q=Worker").Results
	if len(found) == 0 || !strings.HasSuffix(found[0].Qualified, "::Worker") {
		t.Errorf("Worker finds %v", found)
	}
}

// A word in capitals is the same word, rather than initials or pieces of names.
func TestSayingsForgiveCapitals(t *testing.T) {
	site := demoSite(t)
	checkedLessons(t, site)
	for _, query := range []string{"registro", "Registro", "REGISTRO"} {
		found := apiGet[saidSymbols](t, site, "/api/v1/search?kind=symbol&q="+query).Results
		if len(found) == 0 || found[0].Said == nil {
			t.Errorf("%s finds first what no lesson says it of: %+v", query, found)
		}
	}
}
