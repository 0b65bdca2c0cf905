package search_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"navigator/indexer/search"
)

func TestFiles(t *testing.T) {
	c := new(corpus)
	for _, path := range []string{
		"envoy:envoy/http/codec.h",
		"envoy:source/common/http/codec_client.cc",
		"envoy:source/common/http/conn_manager_impl.cc",
		"envoy:source/common/http/conn_manager_impl.h",
		"envoy:source/common/http/http1/codec_impl.h",
		"envoy:source/extensions/filters/network/http_connection_manager/config.h",
		"envoy:source/extensions/filters/network/thrift_proxy/conn_manager.h",
		"envoy:test/common/http/conn_manager_impl_test.cc",
		"envoy:test/mocks/http/conn_manager.h",
		"ztunnel:src/proxy.rs",
		"ztunnel:src/proxy/connection_manager.rs",
		"ztunnel:src/proxy/inbound.rs",
	} {
		c.add(t, path, "")
	}
	e := c.open(t, 1)
	for _, test := range []struct {
		query string
		want  []string // the first hits
	}{
		{"conn_manager_impl.h", []string{"source/common/http/conn_manager_impl.h"}},
		{"source/common/http/codec_client.cc", []string{"source/common/http/codec_client.cc"}},
		{"http/codec.h", []string{"envoy/http/codec.h"}},
		{"inbound", []string{"src/proxy/inbound.rs"}},
		{"INBOUND.RS", []string{"src/proxy/inbound.rs"}},
		{"connman.h", []string{"source/extensions/filters/network/thrift_proxy/conn_manager.h", "source/common/http/conn_manager_impl.h"}},
		{"conn_manager", []string{"source/extensions/filters/network/thrift_proxy/conn_manager.h", "test/mocks/http/conn_manager.h"}},
		{"http conn manager", []string{"source/common/http/conn_manager_impl.h", "source/common/http/conn_manager_impl.cc"}},
		{"http manager config", []string{"source/extensions/filters/network/http_connection_manager/config.h"}},
		{"cmi", []string{"source/common/http/conn_manager_impl.h"}},
		{"codec", []string{"envoy/http/codec.h"}},
		{"source:ztunnel conn", []string{"src/proxy/connection_manager.rs"}},
		{"path:test conn", []string{"test/mocks/http/conn_manager.h", "test/common/http/conn_manager_impl_test.cc"}},
		{"lang:rust", nil},
		{"zzz", nil},
		{"secni", nil}, // source/extensions/… one by one
		{"soext", []string{"source/extensions/filters/network/http_connection_manager/config.h"}},
		{"( ::", nil},
		{"", nil},
	} {
		hits, err := e.Files(test.query, 20)
		if err != nil {
			t.Errorf("%q: %v", test.query, err)
		}
		var got []string
		for _, h := range hits {
			got = append(got, c.files[h.File].Path)
		}
		if len(test.want) == 0 && len(got) > 0 || !slices.Equal(got[:min(len(got), len(test.want))], test.want) {
			t.Errorf("%q finds\n\t%s\nwant\n\t%s", test.query, strings.Join(got, "\n\t"), strings.Join(test.want, "\n\t"))
		}
	}
	if hits, err := e.Files("c", 3); err != nil || len(hits) != 3 {
		t.Errorf("limit 3 gives %d hits, %v", len(hits), err)
	}
	var bad *search.QueryError
	if _, err := e.Files("lang:java a", 3); !errors.As(err, &bad) {
		t.Errorf("a language that there is not gives %v", err)
	}
}

// TestRealFiles checks that files of the real trees are among the first five.
func TestRealFiles(t *testing.T) {
	c := realTrees(t)
	e := c.open(t, 1)
	for query, want := range map[string]string{
		"connman.h":            "source/common/http/conn_manager_impl.h",
		"conn_manager_impl.cc": "source/common/http/conn_manager_impl.cc",
		"http conn manager":    "source/common/http/conn_manager_impl.h",
		"inbound.rs":           "src/proxy/inbound.rs",
		"cluster manager impl": "source/common/upstream/cluster_manager_impl.h",
		"dispatcher_impl.h":    "source/common/event/dispatcher_impl.h",
		"router.h":             "source/common/router/router.h",
		"tcp_proxy":            "source/common/tcp_proxy/tcp_proxy.h",
		"pool.rs":              "src/proxy/pool.rs",
		"h2 client":            "src/proxy/h2/client.rs",
		"envoy/http/filter.h":  "envoy/http/filter.h",
		"maglev_lb.h":          "source/extensions/load_balancing_policies/maglev/maglev_lb.h",
		"core/v3/address":      "api/envoy/config/core/v3/address.proto",
	} {
		hits, err := e.Files(query, 10)
		at := slices.IndexFunc(hits, func(h search.FileHit) bool { return c.files[h.File].Path == want })
		if err != nil || at < 0 || at > 4 {
			t.Errorf("%q finds %s at %d, %v", query, want, at+1, err)
			for _, h := range hits {
				t.Log(h.Score, c.files[h.File].Path)
			}
		}
	}
}
