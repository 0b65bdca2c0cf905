package server_test

import (
	"context"

	"navigator/indexer"
)

// names is what a fake knows of names, by the place of each.
type names map[namePlace]named

// namePlace is a name's first byte.
type namePlace struct {
	file int
	at   indexer.Position
}

// named is what is known of a name.
type named struct {
	meaning    indexer.Meaning
	references indexer.References
	types      indexer.TypeHierarchy
	calls      indexer.Calls
}

func (v *fake) nameAt(file int, at indexer.Position) named {
	for place, n := range v.names {
		if end := n.meaning.Span.End; place.file == file && place.at.Line == at.Line && place.at.Col <= at.Col && at.Col <= end.Col {
			return n
		}
	}
	return named{}
}

func (v *fake) Meaning(file int, at indexer.Position) indexer.Meaning {
	return v.nameAt(file, at).meaning
}
func (v *fake) References(_ context.Context, file int, at indexer.Position) indexer.References {
	return v.nameAt(file, at).references
}
func (v *fake) Types(file int, at indexer.Position) indexer.TypeHierarchy {
	return v.nameAt(file, at).types
}
func (v *fake) Calls(file int, at indexer.Position) indexer.Calls { return v.nameAt(file, at).calls }
