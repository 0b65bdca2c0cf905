package search

import (
	"strings"

	"navigator/indexer"
)

// A hit's score is what its name's likeness to the query is worth, less what
// speaks against the symbol: see rankSymbol and rankFile, which together take
// away less than what most kinds of likeness lie apart. So likeness decides
// first, and the symbol's worth among names that are about equally alike.
const (
	// The name is the query. Case counts, because C++ and Rust tell types from
	// functions and variables by it.
	exactCase   = 1000
	exactFolded = 860
	// Capitals that are the initials of all words of the name, as CMI of
	// ConnectionManagerImpl. Whoever writes them means it, so they come before
	// a variable cmi.
	exactInitials = 930

	// The name begins with the query: it is being typed.
	prefixCase   = 720
	prefixFolded = 700

	// The query is beginnings of successive words of the name.
	humps = 600
	// The query begins a word in the name, and goes on from there.
	wordStart = 560
	// The words of the query begin words of the name, in any order.
	wordsAnyOrder = 500
	// As humps, but words of the name are left out in between.
	humpsApart = 480
	// The query stands somewhere in the name.
	inside = 400

	// The words of the query mean words of the name.
	wordsMeant = 300

	// The query is one or two edits away from the name, or from its beginning.
	oneEdit  = 280
	twoEdits = 140
	// The words of the query are one or two edits away from words of the name.
	wordsLike = 130
)

const (
	// For each byte of the name that the query does not account for: a shorter
	// name is more likely meant. No more than maxExtra.
	extraByte = 1
	maxExtra  = 40
	// For each word of the name that comes before the first one that matches,
	// or is left out between two.
	skippedWord = 8

	// For each word of the name that the words of a query do not mean.
	furtherWord = 12

	// For a namespace that is the same as a better one.
	repeated = 140

	// For each name of the scope that is only equal in another case, that the
	// query only begins, or that stands between two of the query.
	scopeFolded  = 10
	scopePrefix  = 20
	scopeSkipped = 15
	// For a scope that stands apart from the name by a blank: more than what
	// beginnings of names and several words of one lie apart.
	scopeApart = 230
)

// testCost is what speaks against tests: more than what beginnings of names and
// humps lie apart, less than what exact names and beginnings do.
const testCost = 110

// rankSymbol returns what a symbol is worth beside others of the same name, 0
// or less.
func rankSymbol(s *indexer.Symbol) int {
	rank := -kindCost[s.Kind]
	if !s.Definition {
		rank -= 24 // one wants to see what it is, not that it is
		if isType(s.Kind) {
			rank -= 20 // forward declarations of types are many and say nothing
		}
	}
	if s.Container == "tests" || s.Container == "test" || strings.HasSuffix(s.Container, "::tests") {
		rank -= testCost
	}
	return rank - 2*strings.Count(s.Container, "::") // shallower first
}

// kindCost orders kinds: types, then what is called, then what is stored.
var kindCost = [...]int{
	indexer.KindUnknown:     40,
	indexer.KindNamespace:   18, // reopened in every file: seldom the answer
	indexer.KindModule:      6,
	indexer.KindPackage:     18,
	indexer.KindClass:       0,
	indexer.KindStruct:      0,
	indexer.KindUnion:       0,
	indexer.KindEnum:        0,
	indexer.KindTrait:       0,
	indexer.KindConcept:     0,
	indexer.KindMessage:     0,
	indexer.KindService:     0,
	indexer.KindAlias:       4,
	indexer.KindFunction:    12,
	indexer.KindMethod:      12,
	indexer.KindConstructor: 16, // after its class, of the same name
	indexer.KindDestructor:  18,
	indexer.KindRPC:         12,
	indexer.KindField:       24,
	indexer.KindEnumerator:  22,
	indexer.KindVariable:    24,
	indexer.KindConstant:    20,
	indexer.KindMacro:       10,
	indexer.KindTest:        30,
	indexer.KindOneof:       24,
}

func isType(k indexer.Kind) bool {
	switch k {
	case indexer.KindClass, indexer.KindStruct, indexer.KindUnion, indexer.KindEnum,
		indexer.KindTrait, indexer.KindConcept, indexer.KindMessage, indexer.KindService:
		return true
	}
	return false
}

// rankFile returns what a file's place is worth, 0 or less. Folders are known
// by name wherever they stand in the path.
func rankFile(path string) int {
	cost := 0
	for i, folder := range strings.Split(path, "/") {
		c := 0
		switch folder {
		case "source", "envoy", "src":
			if i == 0 {
				continue
			}
		case "test", "tests", "testing", "test_helpers", "benches", "fuzz":
			c = testCost
		case "mocks", "mock", "test_common":
			c = testCost + 10
		case "examples", "example", "tools", "bazel", "docs":
			c = 50
		case "mobile":
			c = 45
		case "contrib":
			c = 35
		case "v1", "v2", "v2alpha", "v2alpha1", "v2beta":
			c = 30 // of an interface that has a v3
		case "extensions":
			c = 6
		case "api", "proto":
			c = 8
		}
		cost = max(cost, c)
	}
	name := path[strings.LastIndexByte(path, '/')+1:]
	stem, _, _ := strings.Cut(name, ".")
	if strings.HasSuffix(stem, "_test") || strings.HasSuffix(stem, "_tests") || strings.HasPrefix(stem, "test_") {
		cost = max(cost, testCost)
	}
	// Shallower first.
	return -cost - min(strings.Count(path, "/"), 10)
}
