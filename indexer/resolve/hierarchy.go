package resolve

import "navigator/indexer"

// Types says what the class, trait or method descends from that the name at a
// position of a file means, and what descends from it. The zero TypeHierarchy
// is returned for what is neither.
func (r *Resolver) Types(file int, at indexer.Position) indexer.TypeHierarchy {
	m := r.Meaning(file, at)
	if len(m.Answers) == 0 {
		return indexer.TypeHierarchy{}
	}
	return indexer.TypeHierarchy{Of: m.Answers[0]}
}
