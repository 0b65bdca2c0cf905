package search

import "navigator/indexer"

type pathTable struct{}

func newPathTable(files []indexer.File) pathTable { return pathTable{} }
