package tables

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how many letters a cell of Excel holds.
const longest = 32_767

// plain is a text without what does not show: a cell has one line.
func plain(text string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		case r == utf8.RuneError, unicode.Is(unicode.Cf, r), r == '\uFFFE', r == '\uFFFF':
			return -1
		}
		return r
	}, text)
	if runes := []rune(clean); len(runes) > longest {
		return string(runes[:longest])
	}
	return clean
}

// formulas begin with one of these, also in the wide letters that Excel takes for the same.
const formulas = "=+-@＝＋－＠"

// harmless puts an apostrophe before a text that a program might read as a formula, whatever of spaces, quotes and separators precedes it.
func harmless(text string) string {
	inner := strings.TrimLeftFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`;,"'«`, r) })
	first, _ := utf8.DecodeRuneInString(inner)
	if inner != "" && strings.ContainsRune(formulas, first) {
		return "'" + text
	}
	return text
}
