package search_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"navigator/indexer"
	"navigator/indexer/search"
)

// proxies is a small corpus in the style of the trees that Navigator serves.
func proxies(tb testing.TB) *corpus {
	c := new(corpus)
	c.add(tb, "envoy:envoy/http/codec.h", "",
		define(indexer.KindNamespace, "Envoy"),
		define(indexer.KindNamespace, "Envoy::Http"),
		define(indexer.KindClass, "Envoy::Http::Stream"),
		define(indexer.KindMethod, "!Envoy::Http::Stream::resetStream"),
		define(indexer.KindClass, "!Envoy::Http::ConnectionManagerImpl"))
	c.add(tb, "envoy:source/common/http/conn_manager_impl.h", "",
		define(indexer.KindNamespace, "Envoy"),
		define(indexer.KindNamespace, "Envoy::Http"),
		define(indexer.KindClass, "Envoy::Http::ConnectionManagerImpl"),
		define(indexer.KindConstructor, "!Envoy::Http::ConnectionManagerImpl::ConnectionManagerImpl"),
		define(indexer.KindDestructor, "!Envoy::Http::ConnectionManagerImpl::~ConnectionManagerImpl"),
		define(indexer.KindMethod, "!Envoy::Http::ConnectionManagerImpl::newStream"),
		define(indexer.KindField, "Envoy::Http::ConnectionManagerImpl::stream"),
		define(indexer.KindMethod, "Envoy::Http::ConnectionManagerImpl::operator=="))
	c.add(tb, "envoy:source/common/http/conn_manager_impl.cc", "",
		define(indexer.KindConstructor, "Envoy::Http::ConnectionManagerImpl::ConnectionManagerImpl"),
		define(indexer.KindMethod, "Envoy::Http::ConnectionManagerImpl::newStream"),
		define(indexer.KindVariable, "Envoy::Http::cmi"))
	c.add(tb, "envoy:source/common/tcp_proxy/tcp_proxy.cc", "",
		define(indexer.KindMethod, "Envoy::TcpProxy::Filter::newStream"))
	c.add(tb, "envoy:test/common/http/conn_manager_impl_test.cc", "",
		define(indexer.KindClass, "Envoy::Http::ConnectionManagerImplTest"),
		define(indexer.KindClass, "Envoy::Http::Stream"))
	c.add(tb, "envoy:contrib/golang/stream.h", "",
		define(indexer.KindClass, "Envoy::Golang::Stream"))
	c.add(tb, "envoy:api/envoy/config/core/v3/address.proto", "",
		define(indexer.KindPackage, "envoy::config::core::v3"),
		define(indexer.KindMessage, "envoy::config::core::v3::SocketAddress"),
		define(indexer.KindField, "envoy::config::core::v3::SocketAddress::port_value"))
	c.add(tb, "ztunnel:src/proxy.rs", "",
		define(indexer.KindModule, "!inbound"),
		define(indexer.KindStruct, "Proxy"))
	c.add(tb, "ztunnel:src/proxy/inbound.rs", "",
		define(indexer.KindStruct, "Inbound"),
		define(indexer.KindMethod, "Inbound::run"),
		define(indexer.KindFunction, "build_response"),
		define(indexer.KindModule, "tests"),
		define(indexer.KindFunction, "tests::build_response"))
	c.add(tb, "ztunnel:src/state/mod.rs", "",
		define(indexer.KindStruct, "ProxyState"))
	c.add(tb, "ztunnel:src/lib.rs", "", define(indexer.KindModule, "!proxy"))
	return c
}

// TestSymbols checks the first hits of queries: qualified names, each with
// what matched in brackets, and "?" behind a declaration.
func TestSymbols(t *testing.T) {
	const impl = "Envoy::Http::ConnectionManagerImpl::"
	for _, packs := range []int{1, 3} {
		c := proxies(t)
		e := c.open(t, packs)
		for _, test := range []struct {
			query string
			want  []string
		}{
			// Exact before prefix, definition before declaration, case counts.
			{"ConnectionManagerImpl", []string{
				"Envoy::Http::[ConnectionManagerImpl]", impl + "[ConnectionManagerImpl]",
				impl + "[ConnectionManagerImpl]?", "Envoy::Http::[ConnectionManagerImpl]?",
				"Envoy::Http::[ConnectionManagerImpl]Test"}},
			{"newStream", []string{impl + "[newStream]", "Envoy::TcpProxy::Filter::[newStream]", impl + "[newStream]?"}},
			{"stream", []string{impl + "[stream]"}},
			// Core folders before contrib before tests.
			{"Stream kind:class", []string{"Envoy::Http::[Stream]", "Envoy::Golang::[Stream]", "Envoy::Http::[Stream]"}},
			// Beginnings, humps, initials.
			{"connectionm", []string{"Envoy::Http::[ConnectionM]anagerImpl"}},
			{"connMan", []string{"Envoy::Http::[Conn]ection[Man]agerImpl"}},
			{"ConManIm", []string{"Envoy::Http::[Con]nection[Man]ager[Im]pl"}},
			{"conn_man", []string{"Envoy::Http::[Conn]ection[Man]agerImpl"}},
			{"connman", []string{"Envoy::Http::[Conn]ection[Man]agerImpl"}},
			{"connImpl", []string{"Envoy::Http::[Conn]ectionManager[Impl]"}},
			{"CMI", []string{"Envoy::Http::[C]onnection[M]anager[I]mpl"}},
			{"cmi", []string{"Envoy::Http::[cmi]", "Envoy::Http::[C]onnection[M]anager[I]mpl"}},
			{"br kind:function", []string{"proxy::inbound::[b]uild_[r]esponse", "proxy::inbound::tests::[b]uild_[r]esponse"}},
			// Words, parts of words.
			{"manager impl", []string{"Envoy::Http::Connection[ManagerImpl]"}},
			{"impl connection", []string{"Envoy::Http::[Connection]Manager[Impl]"}},
			{"address", []string{"envoy::config::core::v3::Socket[Address]"}},
			{"ocketAddr", []string{"envoy::config::core::v3::S[ocketAddr]ess"}},
			// Scopes.
			{"Http::ConnectionManagerImpl::newStream", []string{impl + "[newStream]", impl + "[newStream]?"}},
			{"::Envoy::TcpProxy::Filter::newStream", []string{"Envoy::TcpProxy::Filter::[newStream]"}},
			{"tcpproxy::newstr", []string{"Envoy::TcpProxy::Filter::[newStr]eam"}},
			{"ConnectionManagerImpl newStream", []string{impl + "[newStream]", impl + "[newStream]?"}},
			{"envoy.config.core.v3.SocketAddress", []string{"envoy::config::core::v3::[SocketAddress]"}},
			{"TcpProxy::", []string{"Envoy::TcpProxy::Filter::newStream"}},
			{"Nowhere::newStream", nil},
			{"proxy::inbound", []string{"proxy::[inbound]?", "proxy::inbound::[Inbound]"}},
			{"crate::proxy::inbound::Inbound::run", []string{"proxy::inbound::Inbound::[run]"}},
			{"state::ProxyState", []string{"state::[ProxyState]"}},
			// Spelling, only when there is nothing better.
			{"ConectionMangerImpl", []string{"Envoy::Http::ConnectionManagerImpl"}},
			{"newStraem", []string{impl + "newStream", "Envoy::TcpProxy::Filter::newStream", impl + "newStream?"}},
			{"maneger impl", []string{"Envoy::Http::ConnectionManagerImpl"}},
			{"zzzz", nil},
			{"operator==", []string{impl + "[operator==]"}},
			// A namespace once, though every file opens it.
			{"Http kind:namespace", []string{"Envoy::[Http]"}},
			// Filters.
			{"new path:TCP_proxy", []string{"Envoy::TcpProxy::Filter::[new]Stream"}},
			{"new path:source/**/*.cc", []string{impl + "[new]Stream", "Envoy::TcpProxy::Filter::[new]Stream"}},
			{"new path:*.h", []string{impl + "[new]Stream?"}},
			{"Stream path:contrib path:test", []string{"Envoy::Golang::[Stream]", "Envoy::Http::[Stream]"}},
			{"lang:rust kind:struct kind:method", []string{"Proxy", "proxy::inbound::Inbound", "state::ProxyState", "proxy::inbound::Inbound::run"}},
			{"source:ztunnel p", []string{"[P]roxy", "state::[P]roxyState", "[p]roxy?"}},
			{"kind: newStream", []string{impl + "[newStream]"}},
			{"", nil},
		} {
			hits, err := e.Symbols(context.Background(), test.query, 50)
			if err != nil {
				t.Errorf("%q: %v", test.query, err)
				continue
			}
			var got []string
			for _, h := range hits {
				got = append(got, c.hit(h))
			}
			if len(test.want) == 0 && len(got) > 0 || !slices.Equal(got[:min(len(got), len(test.want))], test.want) {
				t.Errorf("%d packs, %q finds\n\t%s\nwant\n\t%s", packs, test.query, strings.Join(got, "\n\t"), strings.Join(test.want, "\n\t"))
			}
		}
	}
}

// hit writes a hit as TestSymbols wants it.
func (c *corpus) hit(h search.SymbolHit) string {
	f, s := c.files[h.Ref.File], c.symbols[h.Ref.File][h.Ref.Symbol]
	name := mark(s.Name, h.Name)
	if s.Container != "" {
		name = s.Container + "::" + name
	}
	if f.Language == indexer.Rust && strings.Contains(f.Path, "/inbound") {
		name = "proxy::inbound::" + name
	} else if strings.Contains(f.Path, "state/") {
		name = "state::" + name
	} else if f.Path == "src/proxy.rs" && s.Name == "inbound" {
		name = "proxy::" + name
	}
	if !s.Definition {
		name += "?"
	}
	return name
}

// Spanish words find the names that have English ones for all of them, and none
// when one of them is not known.
func TestMeant(t *testing.T) {
	c := proxies(t)
	e := c.open(t, 2)
	names := func(hits []search.SymbolHit) (all []string) {
		for _, h := range hits {
			all = append(all, c.hit(h))
		}
		return all
	}
	const impl = "Envoy::Http::ConnectionManagerImpl"
	for query, want := range map[string][]string{
		"gestor de conexiones":             {impl, impl + "::ConnectionManagerImpl", impl + "::ConnectionManagerImpl?", impl + "?"},
		"nuevos flujos":                    {impl + "::newStream", "Envoy::TcpProxy::Filter::newStream", impl + "::newStream?"},
		"estados del proxy":                {"state::ProxyState"},
		"respuesta kind:function":          {"proxy::inbound::build_response", "proxy::inbound::tests::build_response"},
		"Http::Stream::flujos reiniciar":   {"Envoy::Http::Stream::resetStream?"},
		"TcpProxy::Filter::reinicio":       nil,
		"flujo source:ztunnel":             nil,
		"gestor de conexiones oxidadas":    nil,
		"oxidadas":                         nil,
		strings.Repeat("uno dos tres ", 9): nil,
	} {
		hits, err := e.Meant(query, 4)
		if err != nil {
			t.Errorf("%q: %v", query, err)
		}
		if got := names(hits); !slices.Equal(got, want) {
			t.Errorf("%q means %q, want %q", query, got, want)
		}
	}
	hits, err := e.Symbols(context.Background(), "gestor de conexiones", 1)
	if got := names(hits); err != nil || !slices.Equal(got, []string{impl}) {
		t.Errorf("a search by name finds %q, %v", got, err)
	}
	if hits, _ := e.Spelled(context.Background(), "gestor de conexiones", 1); len(hits) > 0 {
		t.Errorf("%q is spelled so", names(hits))
	}
}

// TestEveryName checks that each name is found by each of its words, by its
// initials and by its beginning, wherever in a segment it stands.
func TestEveryName(t *testing.T) {
	c := new(corpus)
	names := []string{"alphaBeta", "GammaDelta", "epsilon_zeta", "EtaThetaIota", "_kappa", "LAMBDA_MU", "nu2Xi", "ómicronPi", "rho"}
	for _, name := range names {
		c.add(t, "a:source/"+name+".h", "", define(indexer.KindClass, name))
	}
	for _, packs := range []int{1, 2, len(names)} {
		e := c.open(t, packs)
		for i, queries := range [][]string{
			{"alp", "beta", "aB", "ab", "alphabeta"}, {"gam", "delta", "gD", "gd"}, {"eps", "zeta", "eZ", "ez"},
			{"eta", "theta", "iota", "eti", "ETI", "ethe"}, {"kappa", "_k"}, {"lambda", "mu", "lm", "lambda_m"},
			{"nu2", "xi", "nX", "nu2x"}, {"ómicron", "pi", "óm"}, {"rho", "RHO"},
		} {
			for _, q := range queries {
				hits, err := e.Symbols(context.Background(), q, 20)
				if err != nil || !slices.ContainsFunc(hits, func(h search.SymbolHit) bool { return int(h.Ref.File) == i }) {
					t.Errorf("%d packs, %q does not find %s but %v, %v", packs, q, names[i], hits, err)
				}
			}
		}
	}
}

func TestSymbolsLimit(t *testing.T) {
	c := proxies(t)
	e := c.open(t, 2)
	all, err := e.Symbols(context.Background(), "s", 50)
	if err != nil {
		t.Fatal(err)
	}
	for limit := range len(all) + 1 {
		some, err := e.Symbols(context.Background(), "s", limit)
		if err != nil || len(some) != limit {
			t.Fatalf("limit %d gives %d hits, %v", limit, len(some), err)
		}
		for i := range some {
			if some[i].Ref != all[i].Ref {
				t.Errorf("limit %d: hit %d is %s, was %s", limit, i, c.hit(some[i]), c.hit(all[i]))
			}
		}
	}
}

func TestBadQueries(t *testing.T) {
	e := proxies(t).open(t, 1)
	for query, want := range map[string]string{
		"kind:klass a":           `there is no kind "klass"; kinds are namespace, module,`,
		"lang:java a":            `there is no language "java"`,
		"source:istio a":         `there is no source "istio"`,
		strings.Repeat("a", 300): "the query is longer than 256 bytes",
		"path:a[ newThat":        `"a[" is no well-formed glob`,
	} {
		_, err := e.Symbols(context.Background(), query, 10)
		var bad *search.QueryError
		if !errors.As(err, &bad) || !strings.HasPrefix(bad.Reason, want) {
			t.Errorf("%q: error %v, want a QueryError that begins with %s", query, err, want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := e.Symbols(ctx, "a", 10); !errors.Is(err, context.Canceled) {
		t.Errorf("after the context ended: %v", err)
	}
}

// TestDamagedNames checks that no damage to a names index goes unnoticed.
func TestDamagedNames(t *testing.T) {
	c := proxies(t)
	dir := c.writeNames(t, 1)[0]
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("names index has files %v, %v", files, err)
	}
	whole, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, damaged []byte) {
		if err := os.WriteFile(files[0], damaged, 0o666); err != nil {
			t.Fatal(err)
		}
		if e, err := search.Open(c, []string{dir}); err == nil {
			t.Errorf("opens with %s", what)
			e.Close()
		}
	}
	for i := 0; i < len(whole); i += 7 {
		b := slices.Clone(whole)
		b[i] ^= 0x55
		check("a wrong byte", b)
	}
	for n := 0; n < len(whole); n += 61 {
		check("its end missing", whole[:n])
	}
	if err := os.Remove(files[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := search.Open(c, []string{dir}); err == nil || !strings.Contains(err.Error(), "index again") {
		t.Errorf("opens without its names: %v", err)
	}
	if _, err := search.Open(c, []string{filepath.Join(dir, "none")}); err == nil {
		t.Error("opens a folder that does not exist")
	}
}

// TestNamesShared checks that an index may be linked elsewhere and opened many
// times at once.
func TestNamesShared(t *testing.T) {
	c := proxies(t)
	dir := c.writeNames(t, 1)[0]
	other := t.TempDir()
	if err := os.Link(filepath.Join(dir, "0.zap"), filepath.Join(other, "0.zap")); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{dir, other, dir} {
		e, err := search.Open(c, []string{d})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		hits, err := e.Symbols(context.Background(), "CMI", 1)
		if err != nil || len(hits) != 1 {
			t.Errorf("%d hits, %v", len(hits), err)
		}
	}
	if _, err := search.Create(dir); err == nil {
		t.Error("Create takes a folder that is not empty")
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, seed := range []string{"CMI", "Http::ConnectionManagerImpl::newStream", "kind:class lang:rust source:a path:**/*.h x y",
		"a::::b", "::", ".", "kind:", "path:[", "operator()", "~Cluster", "\xff\x00", "a.b::c d",
		"path:{a,{b,**/*c*}}/*d*", strings.Repeat("A", 200), strings.Repeat("aB", 60)} {
		f.Add(seed)
	}
	c := proxies(f)
	e := c.open(f, 1)
	f.Fuzz(func(t *testing.T, text string) {
		q, err := search.ParseQuery(text)
		if err == nil && (strings.Contains(q.Name, "::") || slices.Contains(q.Scope, "")) {
			t.Errorf("%q is taken apart into %q and %q", text, q.Scope, q.Name)
		}
		hits, err := e.Symbols(context.Background(), text, 10)
		var bad *search.QueryError
		if err != nil && !errors.As(err, &bad) {
			t.Errorf("%q: %v", text, err)
		}
		for _, h := range hits {
			name := c.symbols[h.Ref.File][h.Ref.Symbol].Name
			at := 0
			for _, r := range h.Name {
				if r.Start < at || r.End <= r.Start || r.End > len(name) {
					t.Fatalf("%q matches %v of %q", text, h.Name, name)
				}
				at = r.End
			}
		}
		if _, err := e.Files(text, 10); err != nil && !errors.As(err, &bad) {
			t.Errorf("%q: %v", text, err)
		}
	})
}
