package indexer

// Use is a place where a name stands that means a symbol, or may mean it.
type Use struct {
	File       int   // index among the snapshot's files
	Span       Span  // of the name
	Role       Role  // what the place does with it
	Test       bool  // the file is a test's
	Container  int32 // index among the file's symbols of the innermost function or class around it, -1 at top level
	Confidence Confidence
}

// References are the places where a symbol is used.
type References struct {
	Name      string   // unqualified, as written at the place that was asked about
	Of        []Answer // the definitions and declarations that all uses mean: one symbol, the definition first
	Uses      []Use    // that mean it, in order of files and places; its definitions and declarations included
	Namesakes []Use    // that only share the name, or whose meaning is not known, in the same order
	Cut       bool     // there are more namesakes than were looked at
	External  *External
}

// Relative is a symbol that stands in a relation to another one.
type Relative struct {
	Answer
	Depth int // steps away, from 1
}

// TypeHierarchy is what a class, trait or method descends from and what
// descends from it. For a method the relatives are the methods that it
// overrides, or implements, and those that override it.
type TypeHierarchy struct {
	Of      Answer
	Above   []Relative // bases or traits, nearest first
	Below   []Relative // derived classes or implementors, nearest first
	Unknown []string   // bases as written that no tree here defines
}

// Calls are the calls between a function and others.
type Calls struct {
	Of      Answer
	Callers []CallSites // by caller
	Callees []CallSites // by callee, in order of the first call
}

// CallSites are the calls to or from one function.
type CallSites struct {
	Answer       // the other function
	Sites  []Use // where the calls stand: in the caller
}
