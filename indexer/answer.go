package indexer

// Corpus is a snapshot as the packages that resolve names read it. Its methods
// are safe for concurrent use, and what they return is shared.
type Corpus interface {
	// Files returns the files, sorted by source and path.
	Files() []File
	// FileIndex returns the index in Files of a file.
	FileIndex(source, path string) (int, bool)
	// Text returns the bytes of a file.
	Text(file int) []byte
	// Facts replaces what into holds by what is known of a file.
	Facts(file int, into *Facts) error
	// Symbols returns the symbols of a file, in order.
	Symbols(file int) []Symbol
	// SymbolsNamed returns the symbols of that exact unqualified name, by file
	// and by place in it.
	SymbolsNamed(name string) []SymbolRef
}

// Meaning is what a name at a place means.
type Meaning struct {
	Name     string    // as written there, "" when no name stands there
	Span     Span      // of the name
	Answers  []Answer  // what it may mean, the best first
	External *External // set when it belongs to no tree here; then there are no answers
}

// Answer is a definition or declaration that a name may mean.
type Answer struct {
	File       int    // index among the snapshot's files
	Symbol     int32  // index among the file's symbols, -1 for what is no symbol: a local, a file
	Span       Span   // of the name itself
	EndLine    int32  // last line of the whole construct
	Name       string // qualified
	Kind       Kind
	Local      LocalKind // what it is when it is a local, else NotLocal
	Definition bool      // false for a declaration
	Confidence Confidence
	Reason     Reason
}

// KindName returns what the answer is, as the API writes it.
func (a *Answer) KindName() string {
	if a.Local != NotLocal {
		return a.Local.String()
	}
	return a.Kind.String()
}

// Confidence says how far an answer can be relied on.
type Confidence uint8

// The confidences.
const (
	NameOnly Confidence = iota // it has the name, and nothing else is known
	Likely                     // the rules lead there, but could not follow every step
	Sure                       // the rules of the language lead there and nowhere else
	Precise                    // a compiler's index says so
)

// String returns the confidence as the API writes it.
func (c Confidence) String() string {
	return [...]string{"name only", "likely", "sure", "precise"}[c&3]
}

// Reason says why an answer was given, in a form that can be said in any
// language: the interface has a message for each kind.
type Reason struct {
	Kind ReasonKind
	Arg  string // what the message names, "" for nothing
}

// ReasonKind names the message of a reason.
type ReasonKind string

// The reasons. The comment says what Arg is.
const (
	ReasonLocal       ReasonKind = "local"       // declared in this function; its name
	ReasonMember      ReasonKind = "member"      // member of a class, struct, trait, impl or message; its name
	ReasonInherited   ReasonKind = "inherited"   // member of a base class or trait; its name
	ReasonReceiver    ReasonKind = "receiver"    // member of the receiver's type; the type's name
	ReasonScope       ReasonKind = "scope"       // in an enclosing namespace or module; its name
	ReasonQualified   ReasonKind = "qualified"   // the qualified name leads there; the qualifier
	ReasonImported    ReasonKind = "imported"    // brought in by a using or use; what was written there
	ReasonIncluded    ReasonKind = "included"    // in a file that is included; its path
	ReasonCounterpart ReasonKind = "counterpart" // the other one of declaration and definition; its path
	ReasonItself      ReasonKind = "itself"      // the name is declared right there
	ReasonFile        ReasonKind = "file"        // the path of an include or import
	ReasonGenerated   ReasonKind = "generated"   // generated from a .proto; the message or package
	ReasonMacro       ReasonKind = "macro"       // made by a macro; its name
	ReasonUnique      ReasonKind = "unique"      // the only one of that name
	ReasonPrecise     ReasonKind = "precise"     // a compiler's index says so; nothing
	ReasonNamesake    ReasonKind = "namesake"    // one of several of that name; how many
)

// External says to whom a name belongs that no tree here defines.
type External struct {
	Library string // "std", "absl", "tokio", … or "" when only that it is external is known
	URL     string // of its public documentation, "" when unknown
}
