package cpp

// The keywords of C++20. Those that the tracker asks for have a name of their
// own, types and the rest share one.
const (
	kwFirst kind = 128 + iota
	kwNamespace
	kwClass
	kwStruct
	kwUnion
	kwEnum
	kwTemplate
	kwTypename
	kwUsing
	kwTypedef
	kwFriend
	kwOperator
	kwExtern
	kwInline
	kwStatic
	kwConst
	kwConstexpr
	kwNoexcept
	kwPublic
	kwProtected
	kwPrivate
	kwDefault
	kwDelete
	kwRequires
	kwConcept
	kwVirtual
	kwExplicit
	kwTry
	kwCatch
	kwCase
	kwNew
	kwReturn
	kwStaticAssert
	kwDecltype
	kwAlignas
	kwCast      // static_cast and its kin
	kwType      // void, int, auto …
	kwSpecifier // mutable, volatile, thread_local …
	kwControl   // if, for, while …
	kwOther     // the rest
)

// keyword returns the kind of the identifier w. Words that are keywords in
// some places only (override, final, import, module) are identifiers.
func keyword(w []byte) kind {
	if len(w) < 2 || len(w) > 24 {
		return tkIdent
	}
	switch string(w) {
	case "namespace":
		return kwNamespace
	case "class":
		return kwClass
	case "struct":
		return kwStruct
	case "union":
		return kwUnion
	case "enum":
		return kwEnum
	case "template":
		return kwTemplate
	case "typename":
		return kwTypename
	case "using":
		return kwUsing
	case "typedef":
		return kwTypedef
	case "friend":
		return kwFriend
	case "operator":
		return kwOperator
	case "extern":
		return kwExtern
	case "inline":
		return kwInline
	case "static":
		return kwStatic
	case "const":
		return kwConst
	case "constexpr":
		return kwConstexpr
	case "noexcept":
		return kwNoexcept
	case "public":
		return kwPublic
	case "protected":
		return kwProtected
	case "private":
		return kwPrivate
	case "default":
		return kwDefault
	case "delete":
		return kwDelete
	case "requires":
		return kwRequires
	case "concept":
		return kwConcept
	case "virtual":
		return kwVirtual
	case "explicit":
		return kwExplicit
	case "try":
		return kwTry
	case "catch":
		return kwCatch
	case "case":
		return kwCase
	case "new":
		return kwNew
	case "return", "co_return", "co_yield", "throw", "co_await":
		return kwReturn
	case "static_assert":
		return kwStaticAssert
	case "decltype":
		return kwDecltype
	case "alignas":
		return kwAlignas
	case "static_cast", "dynamic_cast", "const_cast", "reinterpret_cast":
		return kwCast
	case "void", "bool", "char", "int", "short", "long", "float", "double", "signed", "unsigned", "auto",
		"wchar_t", "char8_t", "char16_t", "char32_t":
		return kwType
	case "mutable", "volatile", "thread_local", "constinit", "consteval", "register":
		return kwSpecifier
	case "if", "else", "for", "while", "do", "switch", "break", "continue", "goto":
		return kwControl
	case "this", "nullptr", "true", "false", "sizeof", "alignof", "typeid", "asm":
		return kwOther
	case "absl_nullable", "absl_nonnull", "absl_nullability_unknown", "_Complex", "__extension__", "__restrict":
		return tkAnnotation
	}
	return tkIdent
}

func (k kind) isKeyword() bool { return k > kwFirst }

// isClassKey reports whether k starts a class: class, struct or union.
func (k kind) isClassKey() bool { return k >= kwClass && k <= kwUnion }
