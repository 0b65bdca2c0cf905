package server

import (
	"html/template"
	"slices"
	"unicode"
	"unicode/utf8"

	"navigator/indexer"
)

// lexeme is a word or a sign of a line.
type lexeme struct {
	text  string
	line  int // index among the lines
	start int // byte of the line
}

// maxLexemes bounds how many lexemes are compared: the time is the product of
// both sides.
const maxLexemes = 400

// lexemes cuts lines into words, numbers and signs; blanks are none.
func lexemes(lines []string) []lexeme {
	var all []lexeme
	for i, line := range lines {
		for at := 0; at < len(line); {
			r, size := utf8.DecodeRuneInString(line[at:])
			end := at + size
			if isWord(r) {
				for end < len(line) {
					r, size := utf8.DecodeRuneInString(line[end:])
					if !isWord(r) {
						break
					}
					end += size
				}
			}
			if end < len(line) && operators[line[at:end+1]] {
				end++
			}
			if !unicode.IsSpace(r) {
				all = append(all, lexeme{line[at:end], i, at})
			}
			at = end
		}
	}
	return all
}

// operators are the signs of two characters.
var operators = map[string]bool{
	"::": true, "->": true, "=>": true, "==": true, "!=": true, "<=": true, ">=": true, "&&": true, "||": true,
	"+=": true, "-=": true, "*=": true, "/=": true, "|=": true, "&=": true, "++": true, "--": true,
}

func isWord(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// matchLines compares what is said with what is there: with the first line, and
// with as many of the following as make it most alike. It returns what differs
// on each line of either side, and how many lines of real belong to said.
func matchLines(said, real []string) (saidMarks, realMarks [][]Range, n int) {
	a := lexemes(said)
	best := -1.0
	for k := 1; k <= len(real); k++ {
		b := lexemes(real[:k])
		inA, inB, alike := common(a, b)
		if alike <= best {
			continue
		}
		best, n = alike, k
		saidMarks, realMarks = marksOf(said, a, inA), marksOf(real[:k], b, inB)
	}
	return saidMarks, realMarks, n
}

// common tells which lexemes two sides have in common, in order, as long a
// sequence as there is, and what share of all their bytes that is.
func common(a, b []lexeme) (inA, inB []bool, alike float64) {
	inA, inB = make([]bool, len(a)), make([]bool, len(b))
	if len(a) > maxLexemes || len(b) > maxLexemes || len(a)+len(b) == 0 {
		return inA, inB, 0
	}
	// longest[i][j] is the bytes that a[i:] and b[j:] have in common.
	longest := make([][]int, len(a)+1)
	for i := range longest {
		longest[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			longest[i][j] = max(longest[i+1][j], longest[i][j+1])
			if a[i].text == b[j].text {
				longest[i][j] = max(longest[i][j], longest[i+1][j+1]+len(a[i].text))
			}
		}
	}
	total := 0
	for _, p := range slices.Concat(a, b) {
		total += len(p.text)
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].text == b[j].text && longest[i][j] == longest[i+1][j+1]+len(a[i].text):
			inA[i], inB[j] = true, true
			i, j = i+1, j+1
		case longest[i+1][j] >= longest[i][j+1]:
			i++
		default:
			j++
		}
	}
	return inA, inB, 2 * float64(longest[0][0]) / float64(total)
}

// marksOf returns the stretches of each line whose lexemes are not in common,
// neighbours as one. Where nothing is, nothing is marked: the line as a whole
// differs.
func marksOf(lines []string, all []lexeme, in []bool) [][]Range {
	marks := make([][]Range, len(lines))
	if !slices.Contains(in, true) {
		return marks
	}
	joins := false
	for i, p := range all {
		if in[i] {
			joins = false
			continue
		}
		of := &marks[p.line]
		if joins && len(*of) > 0 && all[i-1].line == p.line {
			(*of)[len(*of)-1].End = p.start + len(p.text)
		} else {
			*of = append(*of, Range{p.start, p.start + len(p.text)})
		}
		joins = true
	}
	return marks
}

// tokensOfLine returns the tokens of a line, which all has in order.
func tokensOfLine(all []indexer.Token, line int) []indexer.Token {
	at := func(line int) int {
		i, _ := slices.BinarySearchFunc(all, int32(line), func(t indexer.Token, line int32) int { return int(t.Line - line) })
		return i
	}
	return all[at(line):at(line+1)]
}

// markedLine returns a line with its tokens coloured, and some stretches in mark
// elements. Neither tokens nor marks overlap their like.
func markedLine(line string, tokens []indexer.Token, marks []Range) template.HTML {
	text := []byte(line)
	var buf []byte
	write := func(from, to int) { // from:to, coloured
		for _, t := range tokens {
			class := classOf(tokenClasses[:], int(t.Class))
			start, end := max(from, int(t.Col)-1), min(to, int(t.Col+t.Len)-1)
			if class == 0 || start >= end {
				continue
			}
			buf = appendEscaped(buf, text[from:start])
			buf = append(buf, "<i class="+string(class)+">"...)
			buf = appendEscaped(buf, text[start:end])
			buf = append(buf, "</i>"...)
			from = end
		}
		buf = appendEscaped(buf, text[from:to])
	}
	at := 0
	for _, m := range marks {
		write(at, m.Start)
		buf = append(buf, "<mark>"...)
		write(m.Start, m.End)
		buf = append(buf, "</mark>"...)
		at = m.End
	}
	write(at, len(text))
	return template.HTML(buf)
}
