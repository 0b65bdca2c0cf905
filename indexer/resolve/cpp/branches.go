package cpp

import (
	"bytes"
	"slices"
	"strings"

	"navigator/indexer"
)

// truth is what is known of a condition.
type truth int8

const (
	off     truth = -1
	unknown truth = 0
	on      truth = 1
)

// platform says which macros are defined where the trees are built by default,
// on Linux for debugging: compilers and systems alone. Of others nothing is
// known.
var platform = map[string]truth{
	"WIN32": off, "_WIN32": off, "_WIN64": off, "_MSC_VER": off, "__MINGW32__": off, "__CYGWIN__": off,
	"__APPLE__": off, "__ANDROID__": off, "__ANDROID_API__": off, "__FreeBSD__": off, "NDEBUG": off,
	"__linux__": on, "__cplusplus": on, "__GNUC__": on,
}

// defined returns what is known of whether a macro is defined. What disables
// something is no default.
func defined(name string) truth {
	if strings.Contains(name, "_DISABLE_") {
		return off
	}
	return platform[name]
}

// isOff reports whether a symbol stands in the branch of an #if that is left
// out on the platform.
func (r *Resolver) isOff(ref indexer.SymbolRef) bool {
	line := int(r.symbol(ref).NameSpan.Start.Line)
	_, found := slices.BinarySearchFunc(r.offLines(int(ref.File)), line, func(l indexer.Lines, line int) int {
		switch {
		case l.Last < line:
			return -1
		case l.First > line:
			return 1
		}
		return 0
	})
	return found
}

// branch is an #if that is open.
type branch struct {
	outer truth // of what is around it
	now   truth // of the branch that is read
	taken truth // whether one before was
}

// offLines returns the lines of a file that are left out.
func (r *Resolver) offLines(file int) []indexer.Lines {
	return r.off.get(file, func() []indexer.Lines {
		var lines []indexer.Lines
		var open []branch
		now := func() truth {
			if len(open) == 0 {
				return on
			}
			return open[len(open)-1].now
		}
		n := 0
		for line := range bytes.Lines(r.corpus.Text(file)) {
			n++
			if rest, ok := bytes.CutPrefix(bytes.TrimLeft(line, " \t"), []byte("#")); ok {
				open = directed(open, bytes.TrimSpace(rest), now())
			}
			if now() != off {
				continue
			}
			if last := len(lines) - 1; last >= 0 && lines[last].Last == n-1 {
				lines[last].Last = n
			} else {
				lines = append(lines, indexer.Lines{First: n, Last: n})
			}
		}
		return lines
	})
}

// directed returns the branches that are open after a directive, written
// without its #, in a branch that is outer.
func directed(open []branch, directive []byte, outer truth) []branch {
	word := directive
	if i := bytes.IndexFunc(directive, func(c rune) bool { return c < 'a' || c > 'z' }); i >= 0 {
		word = directive[:i]
	}
	rest := bytes.TrimSpace(directive[len(word):])
	switch string(word) {
	case "if", "ifdef", "ifndef":
		is := conditionOf(string(word), rest)
		return append(open, branch{outer: outer, now: min(outer, is), taken: is})
	}
	if len(open) == 0 {
		return open
	}
	b := &open[len(open)-1]
	switch string(word) {
	case "elif", "else":
		is := on
		if string(word) == "elif" {
			is = conditionOf("if", rest)
		}
		b.now = min(b.outer, is, -b.taken)
		b.taken = max(b.taken, is)
	case "endif":
		return open[:len(open)-1]
	}
	return open
}

func conditionOf(directive string, rest []byte) truth {
	c := condition{rest: rest}
	switch directive {
	case "ifdef":
		return defined(c.word())
	case "ifndef":
		return -defined(c.word())
	}
	return c.either()
}

// condition is what is left of the condition of an #if.
type condition struct {
	rest  []byte
	depth int
}

func (c *condition) sign(s string) bool {
	c.rest = bytes.TrimLeft(c.rest, " \t\\\r\n")
	rest, ok := bytes.CutPrefix(c.rest, []byte(s))
	if ok {
		c.rest = rest
	}
	return ok
}

// word cuts off a word or number, "" when none comes.
func (c *condition) word() string {
	c.rest = bytes.TrimLeft(c.rest, " \t\\\r\n")
	n := 0
	for n < len(c.rest) && (c.rest[n] == '_' || c.rest[n]|0x20 >= 'a' && c.rest[n]|0x20 <= 'z' || c.rest[n] >= '0' && c.rest[n] <= '9') {
		n++
	}
	word := string(c.rest[:n])
	c.rest = c.rest[n:]
	return word
}

func (c *condition) either() truth {
	t := c.both()
	for c.sign("||") {
		t = max(t, c.both())
	}
	return t
}

func (c *condition) both() truth {
	t := c.term()
	for c.sign("&&") {
		t = min(t, c.term())
	}
	return t
}

func (c *condition) term() truth {
	if c.depth++; c.depth > 100 {
		c.rest = nil
		return unknown
	}
	defer func() { c.depth-- }()
	switch {
	case c.sign("!"):
		return -c.term()
	case c.sign("("):
		t := c.either()
		c.sign(")")
		return t
	}
	switch word := c.word(); word {
	case "":
		c.rest = nil
		return unknown
	case "0":
		return off
	case "1":
		return on
	case "defined":
		c.sign("(")
		t := defined(c.word())
		c.sign(")")
		return t
	default:
		return c.compared(defined(word))
	}
}

// compared returns what is known of a word that is t when it is compared: that
// of one which is not defined is less than any number.
func (c *condition) compared(t truth) truth {
	for _, op := range []string{"==", "!=", ">=", "<=", ">", "<"} {
		if c.sign(op) {
			c.word()
			if t == off && (op == ">" || op == ">=" || op == "==") {
				return off
			}
			return unknown
		}
	}
	if t == on {
		return unknown
	}
	return t
}
