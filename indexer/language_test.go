package indexer_test

import (
	"testing"

	"navigator/indexer"
)

func TestLanguageOf(t *testing.T) {
	for path, want := range map[string]indexer.Language{
		"source/common/http/conn_manager_impl.cc": indexer.CPP,
		"envoy/http/filter.h":                     indexer.CPP,
		"library/objective-c_bridge/filter.h":     indexer.CPP,
		"library/objective-c/Engine.h":            indexer.Text,
		"objective-c/Engine.h":                    indexer.Text,
		"library/objective-c/Engine.mm":           indexer.Text,
		"src/proxy/inbound.rs":                    indexer.Rust,
		"proto/workload.proto":                    indexer.Proto,
		"README.md":                               indexer.Text,
		"Makefile":                                indexer.Text,
		"":                                        indexer.Text,
	} {
		if got := indexer.LanguageOf(path); got != want {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
}
