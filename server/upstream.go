package server

import "navigator/indexer"

// Upstream returns the address of a file, or of a folder when path is "" or ends
// in "/", at the revision that was indexed, on the site that hosts the source's
// repository; "" when the source's URL names no such site.
func Upstream(s indexer.Source, path string) string { return upstreamAddress(s, path) }

// ParseLines reads a range of lines as addresses write it, "60" or "394-420".
func ParseLines(s string) (indexer.Lines, bool) { return parseLines(s) }
