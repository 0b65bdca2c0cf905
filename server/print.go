package server

import (
	"html/template"
	"net/url"
	"strconv"

	"navigator/annotations"
	"navigator/indexer"
)

// A lesson with ?print has below it the code that it cites, as the sources have
// it now, each place once and numbered; its citations lead there.

// liveCode is a place that a lesson cites, with its lines.
type liveCode struct {
	Number  int // from 1
	Name    string
	Address string
	Symbol  string
	Code    template.HTML
	More    int // lines beyond maxLive
}

// maxLive is how many lines of one place are printed.
const maxLive = 120

// printAddress returns the address of a lesson with its live code.
func printAddress(lesson string) string { return "/lessons/" + escapePath(lesson) + "?print=code" }

// wantsCode says whether an address asks for a lesson with its live code.
func wantsCode(address *url.URL) bool { return address.Query().Get("print") == "code" }

// liveCodeOf returns the lines that a lesson cites, and the addresses of them in
// the page, by citation.
func liveCodeOf(v View, ls links) ([]liveCode, map[int]string, error) {
	var all []liveCode
	addresses := map[int]string{}
	numbers := map[annotations.Place]int{}
	for _, s := range stopsOf(v, ls) {
		file, ok := v.FileIndex(s.place.Source, s.place.Path)
		if !ok || s.place.Lines.IsZero() {
			continue
		}
		if numbers[s.place] == 0 {
			lines := s.place.Lines
			more := max(0, lines.Last-lines.First+1-maxLive)
			lines.Last -= more
			code, err := linesHTML(v, file, lines, indexer.Span{})
			if err != nil {
				return nil, nil, err
			}
			numbers[s.place] = len(all) + 1
			all = append(all, liveCode{len(all) + 1, placeText(s.place), placeAddress(s.place.Source, s.place.Path, s.place.Lines), s.Symbol, code, more})
		}
		addresses[s.citation] = "#" + strconv.Itoa(numbers[s.place])
	}
	return all, addresses, nil
}
