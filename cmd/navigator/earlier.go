package main

import (
	"navigator/annotations/anchor"
	"navigator/server"
)

// Earlier implements [server.Past].
func (v *view) Earlier(source, path string) *server.Earlier { return nil }

// Later implements [server.Past].
func (v *view) Later(source, path string) string { return "" }

// Align implements [server.Past].
func (v *view) Align(old, fresh []string) []server.Pair {
	var pairs []server.Pair
	for _, p := range anchor.Align(old, fresh) {
		pairs = append(pairs, server.Pair{Old: p.A, New: p.B})
	}
	return pairs
}
