package indexer

import "fmt"

// Kind says what a symbol is.
type Kind uint8

// The kinds of symbols, of all languages.
const (
	KindUnknown     Kind = iota
	KindNamespace        // C++ namespace
	KindModule           // Rust mod
	KindPackage          // proto package
	KindClass            // C++
	KindStruct           // C++, Rust
	KindUnion            // C++, Rust
	KindEnum             // C++, Rust, proto
	KindTrait            // Rust
	KindConcept          // C++
	KindMessage          // proto
	KindService          // proto
	KindAlias            // C++ using X = and typedef, Rust type
	KindFunction         // free function
	KindMethod           // function of a class or impl
	KindConstructor      // C++
	KindDestructor       // C++
	KindRPC              // proto
	KindField            // data member, message field
	KindEnumerator       // C++ enumerator, Rust variant, proto value
	KindVariable         // at namespace or module scope
	KindConstant         // Rust const, C++ constexpr at namespace scope
	KindMacro            // #define, macro_rules!
	KindTest             // TEST, TEST_F, TEST_P
	KindOneof            // proto
	kindEnd
)

var kindNames = [...]string{
	"unknown", "namespace", "module", "package", "class", "struct", "union", "enum", "trait",
	"concept", "message", "service", "alias", "function", "method", "constructor", "destructor",
	"rpc", "field", "enumerator", "variable", "constant", "macro", "test", "oneof",
}

// String returns the kind's name in filters and in the API.
func (k Kind) String() string {
	if k < kindEnd {
		return kindNames[k]
	}
	return fmt.Sprintf("kind(%d)", uint8(k))
}

// ParseKind returns the kind of that name.
func ParseKind(name string) (Kind, bool) {
	for k, n := range kindNames {
		if n == name && k != 0 {
			return Kind(k), true
		}
	}
	return KindUnknown, false
}

// Visibility says who may use a symbol. A language without the notion leaves
// it unknown.
type Visibility uint8

// The visibilities, of all languages.
const (
	VisibilityUnknown Visibility = iota
	Public
	Protected
	Private
	Crate // Rust pub(crate), pub(super), pub(in …)
)

// String returns the visibility's name in the API, "" when unknown.
func (v Visibility) String() string {
	return [...]string{"", "public", "protected", "private", "crate"}[v%5]
}

// Role says what an occurrence does with its name, as far as syntax tells.
type Role uint8

// The roles.
const (
	Read Role = iota // also any use that syntax does not tell apart
	Definition
	Declaration
	Call
	TypeUse
	Write
	Import
	Override // a definition or declaration that overrides; told from a hierarchy, never stored
)

// String returns the role's name in the API.
func (r Role) String() string {
	return [...]string{"read", "definition", "declaration", "call", "type", "write", "import", "override"}[r&7]
}

// Class says how a token is highlighted.
type Class uint8

// The classes of tokens.
const (
	Comment Class = iota + 1
	Keyword
	String
	Number
	Preprocessor
	Punctuation // operators and brackets, where a highlighter tells them
	Name        // a word that stands out in text without symbols: a key, a tag, a heading
)
