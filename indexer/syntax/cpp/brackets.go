package cpp

// pair sets the mates of brackets and reports whether all braces have one. A
// closing brace ends the parentheses that were left open inside it, which have no
// mate, as a stray closing bracket has none.
func pair(toks []token) bool {
	p := pairer{toks: toks, open: make([]int32, 0, 64)}
	for i := range toks {
		switch toks[i].kind {
		case '(', '[':
			p.open = append(p.open, int32(i))
		case '{':
			p.open = append(p.open, int32(i))
			p.braces++
		case ')':
			p.close(int32(i), '(')
		case ']':
			p.close(int32(i), '[')
		case '}':
			p.closeBrace(int32(i))
		}
	}
	return !p.broken && p.braces == 0
}

type pairer struct {
	toks   []token
	open   []int32
	braces int  // among open
	broken bool // a closing brace is stray
}

// close pairs the closing bracket at i, looking past a few unclosed ones but
// never past a brace.
func (p *pairer) close(i int32, opening kind) {
	for n := len(p.open) - 1; n >= 0 && n >= len(p.open)-8; n-- {
		o := p.open[n]
		switch p.toks[o].kind {
		case opening:
			p.match(n, i)
			return
		case '{':
			return
		}
	}
}

func (p *pairer) closeBrace(i int32) {
	if p.braces == 0 {
		p.broken = true
		return
	}
	n := len(p.open) - 1
	for p.toks[p.open[n]].kind != '{' {
		n--
	}
	p.braces--
	p.match(n, i)
}

// match pairs the n-th open bracket with i and drops those opened after it.
func (p *pairer) match(n int, i int32) {
	o := p.open[n]
	p.toks[o].mate, p.toks[i].mate = i, o
	p.open = p.open[:n]
}
