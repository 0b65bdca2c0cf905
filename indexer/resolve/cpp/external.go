package cpp

import (
	"strings"

	"navigator/indexer"
)

// libraries are the namespaces of libraries that no tree here defines, with
// where their documentation is.
var libraries = map[string]struct{ name, url string }{
	"std":           {"std", "https://en.cppreference.com/w/cpp"},
	"absl":          {"Abseil", "https://abseil.io/docs/cpp/"},
	"google":        {"Protocol Buffers", "https://protobuf.dev/reference/cpp/api-docs/"},
	"testing":       {"GoogleTest", "https://google.github.io/googletest/"},
	"fmt":           {"fmt", "https://fmt.dev/"},
	"spdlog":        {"spdlog", "https://github.com/gabime/spdlog"},
	"re2":           {"RE2", "https://github.com/google/re2"},
	"grpc":          {"gRPC", "https://grpc.github.io/grpc/cpp/"},
	"nlohmann":      {"JSON for Modern C++", "https://json.nlohmann.me/"},
	"bssl":          {"BoringSSL", "https://commondatastorage.googleapis.com/chromium-boringssl-docs/headers.html"},
	"YAML":          {"yaml-cpp", "https://github.com/jbeder/yaml-cpp"},
	"benchmark":     {"Benchmark", "https://github.com/google/benchmark"},
	"opentelemetry": {"OpenTelemetry", "https://opentelemetry-cpp.readthedocs.io/"},
	"http2":         {"QUICHE", "https://github.com/google/quiche"},
	"CLI":           {"CLI11", ""},
	"TCLAP":         {"TCLAP", "https://tclap.sourceforge.net/"},
	"inja":          {"inja", "https://pantor.github.io/inja/"},
	"datadog":       {"dd-trace-cpp", "https://github.com/DataDog/dd-trace-cpp"},
	"jwt_verify":    {"jwt_verify", ""},
	"cpp2sky":       {"cpp2sky", ""},
	"rapidjson":     {"RapidJSON", "https://rapidjson.org/"},
}

func isExternalRoot(name string) bool { _, ok := libraries[name]; return ok }

// external returns to whom a qualified external name belongs.
func external(name string) *indexer.External {
	root, _, _ := strings.Cut(name, "::")
	l := libraries[root]
	if l.name == "std" && strings.Contains(name, "::") {
		return &indexer.External{Library: l.name, URL: "https://en.cppreference.com/mwiki/index.php?search=" + name}
	}
	return &indexer.External{Library: l.name, URL: l.url}
}

// externalUse returns the qualified name that a using declaration of a file
// gives to a name of a library, "" when none does.
func (r *Resolver) externalUse(name string, file int) string {
	for _, u := range r.usesOf(file) {
		if !u.directive && isExternalRoot(u.path[0]) && u.path[len(u.path)-1] == name {
			return strings.Join(u.path, "::")
		}
	}
	return ""
}

// isMock tells GoogleTest's templates that are derived from their argument, and
// whose members are its members.
func isMock(name string) bool {
	return name == "NiceMock" || name == "StrictMock" || name == "NaggyMock"
}

// isStandardMember tells the members that the standard library's types have. On
// a receiver of unknown type they are its more often than a namesake.
func isStandardMember(name string) bool {
	switch name {
	case "size", "empty", "begin", "end", "find", "first", "second", "push_back", "emplace_back", "emplace", "insert", "erase",
		"front", "back", "data", "c_str", "length", "substr", "count", "at", "reserve", "resize", "clear", "has_value", "value", "value_or",
		"str", "contains", "rbegin", "rend", "pop_back", "push_front", "pop_front", "try_emplace", "insert_or_assign", "count_if",
		"load", "store", "fetch_add", "lock", "unlock", "ok", "status":
		return true
	}
	return false
}

// externalMacro returns the library whose macro a name is, by the prefixes that
// libraries give to theirs.
func externalMacro(name string) *indexer.External {
	for _, m := range []struct{ prefix, root string }{
		{"EXPECT_", "testing"}, {"ASSERT_", "testing"}, {"MOCK_METHOD", "testing"}, {"TEST", "testing"}, {"ON_CALL", "testing"},
		{"MATCHER", "testing"}, {"ACTION", "testing"}, {"INSTANTIATE_T", "testing"}, {"ADD_FAILURE", "testing"}, {"TYPED_TEST", "testing"},
		{"FAIL", "testing"}, {"SCOPED_TRACE", "testing"}, {"GTEST_", "testing"}, {"SUCCEED", "testing"}, {"FRIEND_TEST", "testing"},
		{"ABSL_", "absl"}, {"BENCHMARK", "benchmark"},
	} {
		if strings.HasPrefix(name, m.prefix) {
			return external(m.root)
		}
	}
	return nil
}
