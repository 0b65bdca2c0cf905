package precise

import "strings"

// symbolName is what the string of a global symbol says:
//
//	<scheme> ' ' <manager> ' ' <package> ' ' <version> ' ' <descriptor>+
//
// where a space inside a part is doubled, and a descriptor is a name between
// backticks or of plain characters, with a suffix that says what it is.
type symbolName struct {
	name    string // of the last descriptor
	owner   string // the package, or the outermost namespace where there is none; "" when neither is there
	library string // what the owner is called
}

// parseSymbol parses the string of a global symbol. What does not follow the
// grammar has no name.
func parseSymbol(s string) symbolName {
	var part [4]string
	for i := range part {
		var ok bool
		if part[i], s, ok = cutSpace(s); !ok {
			return symbolName{}
		}
	}
	var n symbolName
	var outermost string
	for first := true; s != ""; first = false {
		name, suffix, rest := cutDescriptor(s)
		if suffix == 0 {
			return symbolName{}
		}
		if first && suffix == '/' {
			outermost = name
		}
		n.name = name
		s = rest
	}
	switch pkg := part[2]; {
	case pkg != "" && pkg != ".":
		n.owner, n.library = part[1]+" "+pkg, pkg
	case outermost != "":
		n.owner, n.library = "/"+outermost, outermost
	}
	return n
}

// cutSpace cuts s at the first space that is not doubled.
func cutSpace(s string) (part, rest string, ok bool) {
	for i := 0; i < len(s); i++ {
		if s[i] != ' ' {
			continue
		}
		if i+1 < len(s) && s[i+1] == ' ' {
			i++
			continue
		}
		return strings.ReplaceAll(s[:i], "  ", " "), s[i+1:], true
	}
	return "", "", false
}

// cutDescriptor cuts the first descriptor off s. Its suffix is the byte that
// tells its kind, ')' for a method and '(' for a parameter, 0 when there is no
// descriptor.
func cutDescriptor(s string) (name string, suffix byte, rest string) {
	switch s[0] {
	case '(', '[':
		closing := map[byte]string{'(': ")", '[': "]"}[s[0]]
		name, after := cutName(s[1:])
		after, ok := strings.CutPrefix(after, closing)
		if name == "" || !ok {
			return "", 0, ""
		}
		return name, s[0], after
	}
	name, after := cutName(s)
	if name == "" || after == "" {
		return "", 0, ""
	}
	switch after[0] {
	case '/', '#', '.', ':', '!':
		return name, after[0], after[1:]
	case '(':
		_, after = cutName(after[1:])
		if after, ok := strings.CutPrefix(after, ")."); ok {
			return name, ')', after
		}
	}
	return "", 0, ""
}

// cutName cuts the name of a descriptor off s.
func cutName(s string) (name, rest string) {
	if !strings.HasPrefix(s, "`") {
		i := 0
		for i < len(s) && isPlain(s[i]) {
			i++
		}
		return s[:i], s[i:]
	}
	for i := 1; i < len(s); i++ {
		if s[i] != '`' {
			continue
		}
		if i+1 < len(s) && s[i+1] == '`' {
			i++
			continue
		}
		return strings.ReplaceAll(s[1:i], "``", "`"), s[i+1:]
	}
	return "", s
}

func isPlain(c byte) bool {
	return isWord(c) && c < 0x80 || c == '+' || c == '-' || c == '$'
}

// isWord reports whether c may be in an identifier.
func isWord(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

// isIdentifier reports whether s is an identifier; a raw one of Rust has its r#.
func isIdentifier[T string | []byte](s T) bool {
	if len(s) > 2 && s[0] == 'r' && s[1] == '#' {
		s = s[2:]
	}
	if len(s) == 0 || '0' <= s[0] && s[0] <= '9' {
		return false
	}
	for i := range len(s) {
		if !isWord(s[i]) {
			return false
		}
	}
	return true
}
