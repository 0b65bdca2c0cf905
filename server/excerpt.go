package server

import (
	"bytes"
	"html/template"
	"strconv"

	"navigator/indexer"
)

// maxExcerpt is how many lines of a file are shown elsewhere.
const maxExcerpt = 40

// excerpt is a stretch of a file to be shown elsewhere, highlighted.
type excerpt struct {
	listing
	rest []byte // the text from line on
	line int32
}

// withExcerpt runs use on the excerpt of a file that begins at a line.
func withExcerpt(v View, file int, line int32, use func(excerpt)) error {
	found := facts.Get().(*indexer.Facts)
	defer facts.Put(found)
	if err := v.Facts(file, found); err != nil {
		return err
	}
	tokens, _ := v.Tokens(file)
	text := v.Text(file)
	use(excerpt{listing{text: text, occurrences: found.Occurrences, tokens: tokens}, skipLines(text, int(line)-1), line})
	return nil
}

// next returns the next line and goes on to the one after.
func (e *excerpt) next() (text []byte, line int32, ok bool) {
	if len(e.rest) == 0 {
		return nil, 0, false
	}
	text, e.rest, _ = bytes.Cut(e.rest, []byte{'\n'})
	e.line++
	return bytes.TrimSuffix(text, []byte{'\r'}), e.line - 1, true
}

// span returns the HTML of a stretch of a file, without the indentation that
// its first line has.
func spanHTML(v View, file int, span indexer.Span) (html template.HTML, err error) {
	err = withExcerpt(v, file, span.Start.Line, func(e excerpt) {
		var buf []byte
		from := max(int(span.Start.Col)-1, 0)
		last := min(span.End.Line, span.Start.Line+maxExcerpt-1)
		for text, line, ok := e.next(); ok && line <= last; text, line, ok = e.next() {
			if line == span.End.Line {
				text = text[:min(int(span.End.Col), len(text))]
			}
			indent := min(from, len(text)-len(bytes.TrimLeft(text, " \t")))
			if line == span.Start.Line {
				indent = min(from, len(text))
			} else {
				buf = append(buf, '\n')
			}
			buf = e.appendLine(buf, line, text, indent)
		}
		html = template.HTML(buf)
	})
	return html, err
}

// linesHTML returns the HTML of some lines of a file, the name at a span marked.
func linesHTML(v View, file int, lines indexer.Lines, name indexer.Span) (html template.HTML, err error) {
	err = withExcerpt(v, file, int32(lines.First), func(e excerpt) {
		var buf []byte
		for text, line, ok := e.next(); ok && int(line) <= lines.Last; text, line, ok = e.next() {
			class := "l"
			if line == name.Start.Line {
				class = "l w"
			}
			buf = append(buf, `<div class="`+class+`"><span class=n>`...)
			buf = append(strconv.AppendInt(buf, int64(line), 10), "</span>"...)
			buf = e.appendMarked(buf, line, text, name)
			buf = append(buf, "</div>"...)
		}
		html = template.HTML(buf)
	})
	return html, err
}

// appendMarked appends a line with the name at a span marked, if it is there.
func (e *excerpt) appendMarked(buf []byte, line int32, text []byte, name indexer.Span) []byte {
	from, to := nameIn(text, line, name)
	if from == to {
		return e.appendLine(buf, line, text, 0)
	}
	before, within := e.listing, e.listing
	buf = append(before.appendLine(buf, line, text[:from], 0), "<mark>"...)
	buf = append(within.appendLine(buf, line, text[:to], from), "</mark>"...)
	return e.appendLine(buf, line, text, to)
}

// nameIn returns where in the text of a line a name at a span stands, as bytes
// from 0, nowhere when it is on another line.
func nameIn(text []byte, line int32, name indexer.Span) (from, to int) {
	if name.Start.Line != line || name.Start.Col < 1 || name.End.Line != line {
		return 0, 0
	}
	from = min(int(name.Start.Col)-1, len(text))
	return from, max(from, min(int(name.End.Col), len(text)))
}
