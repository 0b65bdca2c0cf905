package anchor

// Common returns the lines that two texts have in common, white space aside, in
// the order of both: where a histogram diff finds them.
func Common(a, b []byte) []Pair {
	to, _ := diff(newText(a), newText(b))
	var pairs []Pair
	for i, j := range to {
		if j != absent {
			pairs = append(pairs, Pair{i, int(j)})
		}
	}
	return pairs
}
