package ui

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Language is a language of the interface, as HTML's lang writes it.
type Language string

// The languages of the interface.
const (
	Spanish Language = "es"
	English Language = "en"
)

// Languages returns the languages of the interface, the preferred one first.
func Languages() []Language { return []Language{Spanish, English} }

// Catalogue holds the messages of a language by key. A message is a format of
// package fmt; one that counts things has a form for one and a form for other
// numbers.
type Catalogue map[string]Message

// Message is an entry of a catalogue.
type Message struct{ One, Other string }

// UnmarshalJSON reads a string, or an object with the keys one and other.
func (m *Message) UnmarshalJSON(b []byte) error {
	if err := json.Unmarshal(b, &m.Other); err == nil {
		m.One = m.Other
		return nil
	}
	var forms struct{ One, Other string }
	if err := json.Unmarshal(b, &forms); err != nil {
		return err
	}
	*m = Message(forms)
	return nil
}

var catalogues = sync.OnceValue(func() map[Language]Catalogue {
	read := map[Language]Catalogue{}
	for _, l := range Languages() {
		b, err := files.ReadFile("messages/" + string(l) + ".json")
		var c Catalogue
		if err == nil {
			err = json.Unmarshal(b, &c)
		}
		if err != nil {
			panic("ui: reading the messages of " + string(l) + ": " + err.Error())
		}
		read[l] = c
	}
	return read
})

// Catalogue returns the messages of l.
func (l Language) Catalogue() Catalogue { return catalogues()[l] }

// T returns the message of that key, formatted with args. A key that is not in
// the catalogue is returned as it is.
func (l Language) T(key string, args ...any) string {
	m, ok := l.Catalogue()[key]
	if !ok {
		return key
	}
	return format(m.Other, args...)
}

// Words returns the messages whose keys begin with prefix, by what follows it.
func (l Language) Words(prefix string) map[string]string {
	words := map[string]string{}
	for key := range l.Catalogue() {
		if name, ok := strings.CutPrefix(key, prefix); ok {
			words[name] = l.T(key)
		}
	}
	return words
}

// Count returns the message of that key for n things. Its format takes the
// number as a string, then args.
func (l Language) Count(key string, n int, args ...any) string {
	m, ok := l.Catalogue()[key]
	if !ok {
		return key
	}
	form := m.Other
	if n == 1 {
		form = m.One
	}
	return format(form, append([]any{l.Number(n)}, args...)...)
}

func format(form string, args ...any) string {
	if len(args) == 0 {
		return form
	}
	return fmt.Sprintf(form, args...)
}

// Number returns n with its thousands set apart as l does: a thin space from
// five digits on in Spanish, commas in English.
func (l Language) Number(n int) string {
	digits := strconv.Itoa(n)
	separator := ","
	if l == Spanish {
		separator = "\u202f"
		if n > -10000 && n < 10000 {
			return digits
		}
	}
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + separator + digits[i:]
	}
	return sign + digits
}

// Day returns the date of t, with the hour.
func (l Language) Day(t time.Time) string {
	if l == Spanish {
		return t.Format("02/01/2006 15:04")
	}
	return t.Format("2006-01-02 15:04")
}

// Negotiate returns the language that an Accept-Language header prefers among
// those of the interface, the first of [Languages] when it names none.
func Negotiate(header string) Language {
	best, weight := Languages()[0], 0.0
	for entry := range strings.SplitSeq(header, ",") {
		tag, params, _ := strings.Cut(entry, ";")
		primary, _, _ := strings.Cut(strings.TrimSpace(tag), "-")
		q := 1.0
		if value, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			q, _ = strconv.ParseFloat(value, 64)
		}
		if l, ok := ParseLanguage(strings.ToLower(primary)); ok && q > weight {
			best, weight = l, q
		}
	}
	return best
}

// ParseLanguage returns the language of that name.
func ParseLanguage(name string) (Language, bool) {
	for _, l := range Languages() {
		if string(l) == name {
			return l, true
		}
	}
	return "", false
}
