package annotations

import "navigator/indexer"

// Share is how much of something a course explains.
type Share struct {
	Explained int `json:"explained"`
	All       int `json:"all"`
}

// Extent is how much of a file, or of all files of a folder, a course explains:
// files that it speaks of, definitions that it cites, and lines that its
// explanations lie on.
type Extent struct {
	Files   Share `json:"files"`
	Symbols Share `json:"symbols"`
	Lines   Share `json:"lines"`
}

// Coverage is how much of the sources a course explains. It is of their code:
// texts and tests do not count.
type Coverage struct {
	// Extents has every source, by the path "", every folder, by a path that ends
	// in "/", and every file that is explained. Their Lines are zero.
	Extents map[Place]Extent

	Lessons     []LessonExtent // in reading order; those that explain something
	Unexplained []Unexplained  // the most used first
}

// LessonExtent is how much a lesson explains.
type LessonExtent struct {
	Lesson  string // ID
	Files   int
	Symbols int
	Lines   int
}

// Unexplained is a definition that no lesson speaks of.
type Unexplained struct {
	Symbol indexer.SymbolRef
	Uses   int // how often its name stands in the code, where nothing else is called so
}
