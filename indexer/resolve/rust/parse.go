package rust

import (
	"navigator/indexer"
)

// Parse reads a file. Of what is no Rust it takes what looks like some.
func Parse(code *indexer.Code) *Tree {
	t := &Tree{Code: code, Text: string(code.Text)}
	p := parser{src: t.Text, tokens: tokens(code, t.Text), end: len(code.Lexemes)}
	t.Items = p.items()
	return t
}

// parser is a recursive descent over the tokens of a lexer. It goes forward
// whatever it meets.
type parser struct {
	tokens []token
	src    string
	i      int // next token
	end    int // tokens from here on are not for this parser
	depth  int
}

// maxNesting bounds the depth of what is read.
const maxNesting = 200

func (p *parser) kind(n int) kind {
	if p.i+n >= p.end {
		return eof
	}
	return p.tokens[p.i+n].kind
}

// word returns the text of the token n ahead.
func (p *parser) word(n int) string {
	if p.i+n >= p.end {
		return ""
	}
	t := &p.tokens[p.i+n]
	return p.src[t.off:t.end]
}

func (p *parser) more() bool { return p.i < p.end }

// next steps over the comma behind an element that began at start, or over what
// is no element.
func (p *parser) next(start int) {
	p.accept(',')
	if p.i == start {
		p.i++
	}
}

func (p *parser) accept(k kind) bool {
	if p.kind(0) == k {
		p.i++
		return true
	}
	return false
}

func (p *parser) acceptWord(w string) bool {
	if p.kind(0) >= firstKeyword || p.kind(0) == ident || p.kind(0) == operator || p.kind(0) == assign {
		if p.word(0) == w {
			p.i++
			return true
		}
	}
	return false
}

func (p *parser) isWord(n int, w string) bool {
	k := p.kind(n)
	return (k == kwOther || k == ident || k == operator) && p.word(n) == w
}

func (p *parser) name() Name {
	t := &p.tokens[p.i]
	n := Name{p.src[t.off:t.end], t.off}
	p.i++
	return n
}

func (p *parser) off() uint32 {
	if p.i < len(p.tokens) {
		return p.tokens[p.i].off
	}
	return uint32(len(p.src))
}

// last returns the offset behind the last token read.
func (p *parser) last() uint32 {
	if p.i == 0 {
		return 0
	}
	return p.tokens[p.i-1].end
}

// within runs read on the tokens between the bracket at the next token and its
// other half, and goes on behind that.
func (p *parser) within(read func()) {
	open := p.i
	pair := int(p.tokens[open].pair)
	if pair < open || pair >= p.end {
		pair = p.end
	}
	outer := p.end
	p.i, p.end = open+1, pair
	if p.depth < maxNesting {
		p.depth++
		read()
		p.depth--
	}
	p.end = outer
	p.i = min(pair+1, p.end)
}

// commas runs read for each element of a list, until the tokens end, and
// reports whether there was a comma.
func (p *parser) commas(read func()) (comma bool) {
	for p.more() {
		start := p.i
		read()
		for p.more() && p.kind(0) != ',' {
			p.skip()
		}
		comma = p.accept(',') || comma
		if p.i == start {
			p.i++
		}
	}
	return comma
}

// skip goes on behind a token, or a whole bracket.
func (p *parser) skip() {
	if pair := int(p.tokens[p.i].pair); pair > p.i && pair < p.end {
		p.i = pair
	}
	p.i++
}

func (p *parser) items() []*Item {
	var items []*Item
	for p.more() {
		start := p.i
		if it := p.item(); it != nil {
			items = append(items, it)
		} else if p.i == start {
			p.skip()
		}
	}
	return items
}
