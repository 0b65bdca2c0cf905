package indexer

// Commit is what one commit of a source changed.
type Commit struct {
	ID      string // full
	Changes []Change
}

// Change is what a commit did to a file.
type Change struct {
	From, To string // the path before and after it; From is "" for a new file, To for a deleted one
	Old, New Hash   // of the content before and after it; zero where there is none
}
