package server

import "navigator/indexer"

// Past is what a View knows of the snapshot before its own.
type Past interface {
	// Earlier returns a file of now as the snapshot before has it, renames
	// followed; of a path that is no file now, the file that was there. It is nil
	// when there was none, and when there is no snapshot before.
	Earlier(source, path string) *Earlier

	// Later returns the path now of a file that the snapshot before has, "" when
	// it is gone.
	Later(source, path string) string

	// Align returns the lines that two texts have in common, in the order of both.
	Align(old, fresh []string) []Pair
}

// Earlier is a file as the snapshot before has it.
type Earlier struct {
	File   indexer.File
	Source indexer.Source // at its revision then
	Text   []byte
	Same   bool // it is as it was, its path included
}
