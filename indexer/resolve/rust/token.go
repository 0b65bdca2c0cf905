package rust

import (
	"cmp"
	"math"

	"navigator/indexer"
)

// kind says what a token is: the kind of its lexeme or, of a keyword, which one.
type kind uint16

const (
	eof      = kind(indexer.LexEnd)
	ident    = kind(indexer.LexWord)
	number   = kind(indexer.LexNumber)
	literal  = kind(indexer.LexString) // characters among them
	lifetime = kind(indexer.LexLifetime)
	pathSep  = kind(indexer.LexScope)
	arrow    = kind(indexer.LexArrow)
	fatArrow = kind(indexer.LexFatArrow)
	assign   = kind(indexer.LexAssign) // += and its like
	operator = kind(indexer.LexSign)   // every other of several characters
)

// The kinds of keywords.
const (
	primitive kind = math.MaxUint8 + 1 + iota

	firstKeyword
	kwAs
	kwAsync
	kwConst
	kwCrate
	kwEnum
	kwExtern
	kwFn
	kwFor
	kwImpl
	kwLet
	kwMod
	kwMut
	kwPub
	kwRef
	kwSelf
	kwSelfType
	kwStatic
	kwStruct
	kwSuper
	kwTrait
	kwType
	kwUnsafe
	kwUse
	kwWhere
	kwOther // a keyword that no rule looks for
)

var keywords = map[string]kind{
	"_": '_', "as": kwAs, "async": kwAsync, "const": kwConst, "crate": kwCrate, "enum": kwEnum, "extern": kwExtern,
	"fn": kwFn, "for": kwFor, "impl": kwImpl, "let": kwLet, "mod": kwMod, "mut": kwMut, "pub": kwPub, "ref": kwRef,
	"self": kwSelf, "Self": kwSelfType, "static": kwStatic, "struct": kwStruct, "super": kwSuper, "trait": kwTrait,
	"type": kwType, "unsafe": kwUnsafe, "use": kwUse, "where": kwWhere,
	"bool": primitive, "char": primitive, "f32": primitive, "f64": primitive, "i8": primitive, "i16": primitive,
	"i32": primitive, "i64": primitive, "i128": primitive, "isize": primitive, "str": primitive, "u8": primitive,
	"u16": primitive, "u32": primitive, "u64": primitive, "u128": primitive, "usize": primitive,
}

// token is a lexeme as the parser sees it.
type token struct {
	off, end uint32
	pair     int32 // of a bracket: index of the other one, else -1
	kind     kind
}

// tokens returns the lexemes of code as tokens.
func tokens(code *indexer.Code, text string) []token {
	out := make([]token, len(code.Lexemes))
	for i, l := range code.Lexemes {
		out[i] = token{off: uint32(l.From), end: uint32(l.To), pair: l.Mate, kind: kindOf(l.Kind, text[l.From:l.To])}
	}
	return out
}

func kindOf(k indexer.LexemeKind, word string) kind {
	switch k {
	case indexer.LexKeyword:
		return cmp.Or(keywords[word], kwOther)
	case indexer.LexChar:
		return literal
	case indexer.LexDots:
		return operator
	}
	return kind(k)
}
