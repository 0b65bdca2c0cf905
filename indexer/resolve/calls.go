package resolve

import "navigator/indexer"

// Calls says who calls the function that the name at a position of a file
// means, and what it calls. The zero Calls is returned for what is no function.
func (r *Resolver) Calls(file int, at indexer.Position) indexer.Calls {
	m := r.Meaning(file, at)
	if len(m.Answers) == 0 {
		return indexer.Calls{}
	}
	return indexer.Calls{Of: m.Answers[0]}
}
