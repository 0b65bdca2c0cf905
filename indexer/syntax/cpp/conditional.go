package cpp

import (
	"bytes"
	"slices"
)

// span is a stretch of the text, [from,to).
type span struct{ from, to int32 }

// maxConditionals bounds how deep nested #if groups are looked into. Deeper
// ones are kept whole, so that hostile nesting costs linear time.
const maxConditionals = 64

// conditionals decides which branches of #if groups the parser sees, and
// collects what it never sees: comments, directives and dead branches.
//
// Branches that are each a sequence of whole statements are all kept, since
// each may define things. Where a branch splits a statement or a bracket, both
// together are no C++, and only the first is kept. A branch of #if 0 is dead.
type conditionals struct {
	lex    *lexer
	groups []group
	starts []int32 // indexes of directives that start branches, of all open groups
	dead   []span  // of text, perhaps nested
	hidden []span  // the result: what the parser never sees, in order
}

type group struct{ starts int } // where its branches begin in conditionals.starts

// resolve looks at all groups of the lexed text.
func (c *conditionals) resolve(l *lexer) {
	c.lex = l
	c.groups, c.starts, c.dead = c.groups[:0], c.starts[:0], c.dead[:0]
	for i := range l.trivia {
		switch l.trivia[i].kind {
		case tkIf:
			c.groups = append(c.groups, group{len(c.starts)})
			c.starts = append(c.starts, int32(i))
		case tkElse:
			if len(c.groups) > 0 {
				c.starts = append(c.starts, int32(i))
			}
		case tkEndif:
			if n := len(c.groups); n > 0 {
				g := c.groups[n-1]
				if n <= maxConditionals {
					c.decide(c.starts[g.starts:], int32(i))
				}
				c.starts = c.starts[:g.starts]
				c.groups = c.groups[:n-1]
			}
		}
	}
	c.hide()
}

// decide marks the dead branches of the group whose branches start at the
// directives starts and which ends at the directive end.
func (c *conditionals) decide(starts []int32, end int32) {
	zero := c.isZero(starts[0])
	if len(starts) == 1 {
		if zero {
			c.kill(starts[0], end)
		}
		return
	}
	if c.whole(starts, end) {
		if zero {
			c.kill(starts[0], starts[1])
		}
		return
	}
	keep := 0
	if zero {
		keep = 1
	}
	for b := range starts {
		if b != keep {
			c.kill(starts[b], c.branchEnd(starts, end, b))
		}
	}
}

func (c *conditionals) branchEnd(starts []int32, end int32, b int) int32 {
	if b+1 < len(starts) {
		return starts[b+1]
	}
	return end
}

// isZero reports whether the directive at index d is #if 0.
func (c *conditionals) isZero(d int32) bool {
	t := &c.lex.trivia[d]
	f := bytes.TrimPrefix(c.lex.text[t.pos:t.end], []byte("#"))
	f, ok := bytes.CutPrefix(bytes.TrimLeft(f, " \t"), []byte("if"))
	f = bytes.TrimLeft(f, " \t")
	return ok && len(f) > 0 && f[0] == '0' && (len(f) == 1 || word[f[1]] == 0)
}

// whole reports whether every branch of a group is a sequence of whole
// statements or list elements.
func (c *conditionals) whole(starts []int32, end int32) bool {
	code := c.lex.code
	before := c.lex.trivia[starts[0]].mate - 1
	for before >= 0 && code[before].flags&flagDead != 0 {
		before--
	}
	if before >= 0 && !isBoundary(code[before].kind) && code[before].kind != '{' {
		return false
	}
	for b := range starts {
		from := c.lex.trivia[starts[b]].mate
		to := c.lex.trivia[c.branchEnd(starts, end, b)].mate
		if !wholeStatements(code[from:to]) {
			return false
		}
	}
	return true
}

// wholeStatements reports whether code is balanced and ends where a statement
// or a list element may.
func wholeStatements(code []token) bool {
	depth := 0
	last := kind(';')
	for i := range code {
		if code[i].flags&flagDead != 0 {
			continue
		}
		last = code[i].kind
		switch last {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth < 0 {
				return false
			}
		}
	}
	return depth == 0 && isBoundary(last)
}

func isBoundary(k kind) bool { return k == ';' || k == '}' || k == ',' || k == ':' }

// kill marks the code from one directive to another dead.
func (c *conditionals) kill(from, to int32) {
	a, b := &c.lex.trivia[from], &c.lex.trivia[to]
	for i := a.mate; i < b.mate; i++ {
		c.lex.code[i].flags |= flagDead
	}
	c.dead = append(c.dead, span{a.pos, b.pos})
}

// hide lists comments, directives and dead branches in order.
func (c *conditionals) hide() {
	c.hidden = c.hidden[:0]
	slices.SortFunc(c.dead, func(a, b span) int { return int(a.from - b.from) })
	d := 0
	for i := range c.lex.trivia {
		t := &c.lex.trivia[i]
		for d < len(c.dead) && c.dead[d].to <= t.pos {
			d++
		}
		if d < len(c.dead) && c.dead[d].from <= t.pos {
			if c.dead[d].from == t.pos {
				c.hidden = append(c.hidden, c.dead[d])
			}
			continue
		}
		c.hidden = append(c.hidden, span{t.pos, t.end})
	}
}

// live returns the code without what is dead, its brackets paired, and whether
// its braces are balanced. It uses the memory of buf.
func (c *conditionals) live(buf []token) ([]token, bool) {
	buf = buf[:0]
	code := c.lex.code
	if len(c.dead) == 0 {
		return code, pair(code)
	}
	for i := range code {
		if code[i].flags&flagDead == 0 {
			buf = append(buf, code[i])
		}
	}
	return buf, pair(buf)
}
