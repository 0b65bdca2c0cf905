package anchor

import (
	"fmt"
	"slices"

	"navigator/annotations"
	"navigator/indexer"
)

// contextLines is how many lines on each side of an anchor are fingerprinted.
const contextLines = 3

// Make ties a place to the lines that s, a state of the place's source, has
// there. Revision is what is noted as the commit of s, "" for none. A place
// without lines, or with lines that the file does not have, is an error.
func Make(s State, revision string, place annotations.Place) (annotations.Anchor, error) {
	blob, ok := s.Blob(place.Path)
	if !ok {
		return annotations.Anchor{}, fmt.Errorf("%s has no file %s", place.Source, place.Path)
	}
	text, err := s.Text(place.Path)
	if err != nil {
		return annotations.Anchor{}, fmt.Errorf("reading %s of %s: %w", place.Path, place.Source, err)
	}
	lines, cited := Fingerprints(text), place.Lines
	if cited.First < 1 || cited.Last < cited.First || cited.Last > len(lines) {
		return annotations.Anchor{}, fmt.Errorf("%s of %s has %d lines: there is no %d-%d", place.Path, place.Source, len(lines), cited.First, cited.Last)
	}
	a := annotations.Anchor{
		Source: place.Source, Revision: revision, Path: place.Path, Lines: cited, Blob: blob,
		Cited:  slices.Clone(lines[cited.First-1 : cited.Last]),
		Before: slices.Clone(lines[max(0, cited.First-1-contextLines) : cited.First-1]),
		After:  slices.Clone(lines[cited.Last:min(len(lines), cited.Last+contextLines)]),
	}
	if in := innermost(s.Symbols(place.Path), cited.First); in != nil {
		a.Symbol, a.Offset = in.Qualified(), cited.First-int(in.Span.Start.Line)
	}
	return a, nil
}

// innermost returns the last symbol to start of those around a line.
func innermost(symbols []indexer.Symbol, line int) *indexer.Symbol {
	var in *indexer.Symbol
	for i := range symbols {
		if symbols[i].Span.Lines().Contains(line) {
			in = &symbols[i]
		}
	}
	return in
}

// Fingerprints returns the fingerprint of each line of a text.
func Fingerprints(text []byte) []annotations.Fingerprint {
	var all []annotations.Fingerprint
	for len(text) > 0 {
		end := slices.Index(text, '\n')
		line := text
		if end >= 0 {
			line, text = text[:end], text[end+1:]
		} else {
			text = nil
		}
		all = append(all, Fingerprint(line))
	}
	return all
}

// Fingerprint returns the fingerprint of a line: 64-bit FNV-1a of its text
// with its white space normalised, and 0 for a blank line alone.
func Fingerprint(line []byte) annotations.Fingerprint {
	const offset, prime = 14695981039346656037, 1099511628211
	h, blank, any := uint64(offset), false, false
	for _, c := range line {
		switch c {
		case ' ', '\t', '\r', '\n', '\v', '\f':
			blank = any
			continue
		}
		if blank {
			h = (h ^ ' ') * prime
			blank = false
		}
		h = (h ^ uint64(c)) * prime
		any = true
	}
	if !any {
		return 0
	}
	return annotations.Fingerprint(max(h, 1))
}
