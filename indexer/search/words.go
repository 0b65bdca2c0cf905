package search

import "iter"

// words yields the words of an identifier or a path, as [start, end) offsets.
// A word ends before '_' and every other ASCII byte that is neither letter nor
// digit, where a capital follows a small letter or a digit, and before the
// last capital of a run that a small letter follows: "HTTPServer2_id" is HTTP,
// Server2, id. Bytes of non-ASCII runes are letters without case.
func words(s string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		start := -1
		for i := 0; i < len(s); i++ {
			switch {
			case !isWordByte(s[i]):
				if start >= 0 && !yield(start, i) {
					return
				}
				start = -1
			case start < 0:
				start = i
			case isUpper(s[i]) && (!isUpper(s[i-1]) || i+1 < len(s) && isLower(s[i+1])):
				if !yield(start, i) {
					return
				}
				start = i
			}
		}
		if start >= 0 {
			yield(start, len(s))
		}
	}
}

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }

func isWordByte(c byte) bool { return wordBytes[c] }

var wordBytes = func() (is [256]bool) {
	for c := range is {
		b := byte(c)
		is[c] = isLower(b) || isUpper(b) || '0' <= b && b <= '9' || b >= 0x80
	}
	return is
}()

// fold returns s with ASCII capitals made small. Offsets in the result are
// offsets in s.
func fold(s string) string {
	for i := 0; i < len(s); i++ {
		if isUpper(s[i]) {
			return string(appendFold(make([]byte, 0, len(s)), s))
		}
	}
	return s
}

func appendFold(b []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		b = append(b, foldByte(s[i]))
	}
	return b
}

func foldByte(c byte) byte {
	if isUpper(c) {
		return c + 'a' - 'A'
	}
	return c
}

// initials returns the first letters of the words of an identifier, folded:
// "cmi" for ConnectionManagerImpl.
func initials(s string) string {
	var b []byte
	for start := range words(s) {
		b = append(b, foldByte(s[start]))
	}
	return string(b)
}
