package workflow

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"acts24/acts"
)

// MessageOf returns the message of an error for users, with the faults of a form joined.
func MessageOf(err error) string {
	var faults acts.Faults
	if errors.As(err, &faults) {
		return faults.Error()
	}
	return acts.Message(err)
}

// WithReason appends a reason, if there is one.
func WithReason(what, reason string) string {
	if reason == "" {
		return what
	}
	return what + ": " + reason
}

// Quote puts a text between quotation marks. Marks inside it become „ and “, as Russian typography demands of nested ones.
func Quote(text string) string {
	return "«" + strings.NewReplacer("«", "„", "»", "“").Replace(text) + "»"
}

// StripControl removes invalid UTF-8 and control characters, which the database refuses.
func StripControl(text string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
}

// Clip removes control characters and surrounding spaces and truncates the text to so many characters.
func Clip(text string, most int) string {
	runes := []rune(strings.TrimSpace(StripControl(text)))
	if len(runes) > most {
		runes = runes[:most]
	}
	return string(runes)
}

// Plural returns the number with the right form of the word: 1 акт, 2 акта, 5 актов.
func Plural(n int, one, few, many string) string {
	word := many
	switch tens, units := n%100, n%10; {
	case tens >= 11 && tens <= 14:
	case units == 1:
		word = one
	case units >= 2 && units <= 4:
		word = few
	}
	return fmt.Sprintf("%d %s", n, word)
}
