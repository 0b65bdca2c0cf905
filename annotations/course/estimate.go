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
	` *(horas?|hours?|hrs?|h|minutos?|minutes?|mins?|m|'|dias?|days?|jornadas?)(?:(\d{1,2})\b|\b|$)( y media| y cuarto)?`)

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
// horas", "1h 30min", "hora y media". Several times add up. It is zero for a text
// that has none.
func Estimate(text string) annotations.Minutes {
	text = fold(text)
	if rest, ok := strings.CutPrefix(strings.TrimLeft(text, "~≈ "), "hora y media"); ok {
		text = "1 hora y media" + rest
	}
	var total, last annotations.Minutes
	end := -1
	for _, m := range amount.FindAllStringSubmatchIndex(text, -1) {
		this := amountOf(text, m)
		if end >= 0 && rangeWords.MatchString(text[end:m[0]]) {
			total.Most += max(0, this.Most-last.Most)
		} else {
			total = total.Add(this)
		}
		last, end = this, m[1]
	}
	return total
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
