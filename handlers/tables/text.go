package tables

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxCellText is the maximum number of characters in a cell of Excel.
const maxCellText = 32_767

// cellText returns a text for a cell: on one line, without invisible characters, not longer than Excel allows.
func cellText(text string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		case r == utf8.RuneError, unicode.Is(unicode.Cf, r), r == '\uFFFE', r == '\uFFFF':
			return -1
		}
		return r
	}, text)
	if runes := []rune(clean); len(runes) > maxCellText {
		return string(runes[:maxCellText])
	}
	return clean
}

// formulas are the characters that begin a formula; Excel also accepts their full-width forms.
const formulas = "=+-@＝＋－＠"

// escapeFormula puts an apostrophe before a text that a spreadsheet might read as a formula, also after spaces, quotes and separators.
func escapeFormula(text string) string {
	inner := strings.TrimLeftFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`;,"'«`, r) })
	first, _ := utf8.DecodeRuneInString(inner)
	if inner != "" && strings.ContainsRune(formulas, first) {
		return "'" + text
	}
	return text
}
