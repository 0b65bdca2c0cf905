package course

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"navigator/annotations"
)

// amount matches a time: a number or a range of numbers, and a unit. The minutes
// of "2h 30" may go without.
var amount = regexp.MustCompile(`(\d+(?:[.,]\d+)?|\b(?:media|medio|un|una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|one|two|three|half an?)\b)` +
	`(?: *(?:-|–|—|a|o|to|or|hasta) *(\d+(?:[.,]\d+)?|\b(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|two|three)\b))?` +
	` *(horas?|hours?|hrs?|h|minutos?|minutes?|mins?|m|'|dias?|days?|jornadas?|semanas?|weeks?)(?: ?(\d{1,2}) ?(?:m(?:in(?:uto)?s?)?)?\b|\b|$)( y media| y cuarto)?`)

// spelled are other ways to write numbers and times.
var spelled = []struct {
	as *regexp.Regexp
	is string
}{
	{regexp.MustCompile(`(\d) ?½`), "$1.5"}, {regexp.MustCompile(`(\d) ?¼`), "$1.25"}, {regexp.MustCompile(`(\d) ?¾`), "$1.75"},
	{regexp.MustCompile(`½|\b1/2\b`), "0.5"}, {regexp.MustCompile(`¼|\b1/4\b`), "0.25"}, {regexp.MustCompile(`¾|\b3/4\b`), "0.75"},
	{regexp.MustCompile(`\btres cuartos de hora\b`), "45 min"}, {regexp.MustCompile(`\b(?:un )?cuarto de hora\b`), "15 min"},
	{regexp.MustCompile(`(^|[^\pL\d] ?)hora y (media|cuarto)\b`), "${1}1 hora y $2"},
	{regexp.MustCompile(`\b(?:entre|between) (\S+) (?:y|and) `), "$1 - "},
	{regexp.MustCompile(`\b(\d+):(\d\d) ?h(?:oras?)?\b`), "$1 h $2 min"},
	{regexp.MustCompile(`(\d) ?\+ ?(h|m|d)`), "$1 $2"},
}

// times match what an amount is to be taken several times for: "2 sesiones de".
var times = regexp.MustCompile(`\b(\d+|dos|tres|cuatro|cinco|two|three) (?:sesiones|bloques|partes|sessions|blocks) (?:de|of) (?:unos |unas )?$`)

// again matches what stands between an amount and another way to say it.
var again = regexp.MustCompile(`^ *(?:/|=|≈|,? es decir,?) *$`)

var numerals = map[string]float64{
	"media": 0.5, "medio": 0.5, "half a": 0.5, "half an": 0.5, "un": 1, "una": 1, "one": 1, "dos": 2, "two": 2, "tres": 3, "three": 3,
	"cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
}

// rangeWords match what stands between the two ends of a range that have units
// of their own: "45 min - 1 hora".
var rangeWords = regexp.MustCompile(`^ *(?:-|–|—|a|o|to|or|hasta) *$`)

// Day is how many minutes of study a day has.
const day = 8 * 60

// Estimate reads a time as lessons write it: "3 horas", "45 minutos", "2-3
// horas", "1h 30min", "hora y media". Several times add up, but for those in
// parentheses behind one, which are its parts. It is zero for a text that has none.
func Estimate(text string) annotations.Minutes {
	text = fold(text)
	for _, way := range spelled {
		text = way.as.ReplaceAllString(text, way.is)
	}
	var total, last annotations.Minutes
	end := -1
	for _, m := range amount.FindAllStringSubmatchIndex(text, -1) {
		this := amountOf(text, m)
		if n := times.FindStringSubmatch(text[:m[0]]); n != nil {
			most := min(number64(n[1]), 100)
			this = annotations.Minutes{Least: this.Least * int(most), Most: this.Most * int(most)}
		}
		switch between := text[max(end, 0):m[0]]; {
		case end >= 0 && rangeWords.MatchString(between):
			total.Most += max(0, this.Most-last.Most)
		case end >= 0 && (again.MatchString(between) || partOf(text[:m[0]])):
			continue
		default:
			total = total.Add(this)
		}
		last, end = this, m[1]
	}
	return total
}

// partOf says whether a text ends in parentheses that have no plus.
func partOf(text string) bool {
	open := strings.LastIndexByte(text, '(')
	return open > 0 && !strings.ContainsAny(text[open:], ")+") && amount.MatchString(text[:open])
}

// amountOf returns the time of one match of amount.
func amountOf(text string, m []int) annotations.Minutes {
	group := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return text[m[2*i]:m[2*i+1]]
	}
	unit := 60.0
	switch group(3)[0] {
	case 'm', '\'':
		unit = 1
	case 'd', 'j':
		unit = day
	case 's', 'w':
		unit = 5 * day
	}
	least := number64(group(1))
	most := least
	if group(2) != "" {
		most = number64(group(2))
	}
	extra := 0.0
	if minutes := group(4); minutes != "" && unit == 60 {
		extra = number64(minutes)
	}
	switch group(5) {
	case " y media":
		extra += unit / 2
	case " y cuarto":
		extra += unit / 4
	}
	whole := func(n float64) int { return int(math.Round(min(n*unit+extra, 1e6))) }
	return annotations.Minutes{Least: min(whole(least), whole(most)), Most: max(whole(least), whole(most))}
}

func number64(s string) float64 {
	if n, ok := numerals[s]; ok {
		return n
	}
	n, _ := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
	return n
}

// timeSaid returns the first time that a stage of a plan says it takes: that of
// a line which speaks of hours.
func timeSaid(text string) annotations.Minutes {
	for line := range strings.Lines(text) {
		folded := fold(line)
		if strings.Contains(folded, "hora") || strings.Contains(folded, "hour") || strings.Contains(folded, " h") {
			if m := Estimate(folded); m.Most > 0 {
				return m
			}
		}
	}
	return annotations.Minutes{}
}
