package course

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/text"
)

// branch is a line of a tree that is drawn in a fence, as the command tree
// draws it or by indentation alone.
type branch struct {
	start, name int    // offset and length of the name
	under       string // folder that the drawing puts it in, ends in "/"
	checkout    bool   // the line that a whole checkout hangs from: "envoy/" above "source/"
}

var (
	// ├── name   └─ name   |-- name   `-- name   +-- name
	drawn = regexp.MustCompile("^[ \t\u00a0│┃|]*(?:[├└┣┗┠╰][─━╴-]+|[|+`\\\\]-{1,3})[ \t\u00a0>]*([\\w.~$/{][\\w./{},*$~-]*)(?:[ \t:(,]|$)")
	// name/   # words
	bareBranch = regexp.MustCompile(`^[ \t]*([\w.~$/-]+/|[\w.-]+\.(?:\w+|\{[\w,]+\}))[ \t]*(?:$|[ \t](?:#|//|<-|←|→|-|—|\())`)
)

// drawnTree finds the lines of a drawn tree in a block, by index. The line
// that the tree hangs from is among them only when it is a whole checkout's.
func drawnTree(source []byte, lines []text.Segment) map[int]branch {
	type open struct {
		column int
		path   string
		line   int
	}
	var stack []open
	tree := map[int]branch{}
	for i, s := range lines {
		line := bytes.TrimRight(s.Value(source), "\r\n")
		var m []int
		if bytes.ContainsAny(line, "├└┣┗┠╰") || bytes.Contains(line, []byte("--")) || bytes.Contains(line, []byte("`-")) {
			m = drawn.FindSubmatchIndex(line)
		}
		root := m == nil
		if root {
			if bytes.ContainsAny(line, "/.") {
				m = bareBranch.FindSubmatchIndex(line)
			}
			if m == nil {
				if word := lastPath(line); word != "" {
					stack = []open{{-1, word, i}}
				} else if len(bytes.Trim(line, " \t│|")) > 0 {
					stack = nil
				}
				continue
			}
		}
		name := string(line[m[2]:m[3]])
		column := utf8.RuneCount(line[:m[2]])
		for len(stack) > 0 && stack[len(stack)-1].column >= column {
			stack = stack[:len(stack)-1]
		}
		if root && len(stack) == 0 || root && !strings.HasSuffix(stack[len(stack)-1].path, "/") {
			stack = []open{{column, asFolder(name), i}}
			continue
		}
		under := ""
		if len(stack) > 0 {
			under = asFolder(stack[len(stack)-1].path)
		}
		tree[i] = branch{start: s.Start + m[2], name: m[3] - m[2], under: under}
		if top := strings.TrimSuffix(name, "/"); len(stack) == 1 && (top == "source" || top == "src") && strings.Count(under, "/") == 1 {
			at := lines[stack[0].line]
			tree[stack[0].line] = branch{start: at.Start, name: max(1, bytes.IndexByte(at.Value(source), '/')), checkout: true}
		}
		stack = append(stack, open{column, under + name, i})
	}
	return tree
}

// lastPath returns the path that a line such as "Estructura de source/:" ends
// in, "" when there is none.
func lastPath(line []byte) string {
	fields := bytes.Fields(line)
	if len(fields) == 0 {
		return ""
	}
	word := strings.TrimRight(string(fields[0]), ":")
	if len(fields) > 1 && !strings.HasSuffix(word, "/") {
		word = strings.TrimRight(string(fields[len(fields)-1]), ":")
	}
	if strings.HasSuffix(word, "/") || roots[word] {
		return asFolder(word)
	}
	return ""
}

// asFolder ends a path in a slash.
func asFolder(path string) string {
	if path == "" || strings.HasSuffix(path, "/") || path == "." {
		return strings.TrimPrefix(path, "./")
	}
	return path + "/"
}

// inTree says whether a name in a drawn tree is a reference, and with which
// path. A file of code is one wherever it hangs; anything else must hang below
// a folder that trees of code have at their top.
func inTree(name, under string) (path string, ok bool) {
	if path, _, ok := classify(name, words, false); ok && !strings.HasSuffix(path, "/") {
		return path, true
	}
	top := strings.TrimPrefix(under, "./")
	if top != "" && !roots[firstPart(top)] {
		_, top, _ = strings.Cut(top, "/") // the name of the checkout
		if strings.HasPrefix(under, "~") || strings.HasPrefix(under, "/") {
			return "", false
		}
	}
	full := top + name
	if !roots[firstPart(full)] {
		return "", false
	}
	path, _, ok = classify(full, words, false)
	if !ok || strings.HasSuffix(path, "/") && !strings.HasSuffix(name, "/") && !strings.Contains(path, name+"/") {
		return "", false
	}
	if strings.HasSuffix(path, "/") {
		return asFolder(name), true
	}
	return name, true
}
