package upd

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// clean returns a typed text without characters that a document may not contain: every kind of space becomes a plain one; control
// characters, lone surrogates and invisible characters that change the reading order are removed.
func clean(s string) string {
	return strings.TrimSpace(strings.Map(keepRune, s))
}

func keepRune(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case r == utf8.RuneError, r&0xFFFE == 0xFFFE, unicode.In(r, unicode.Cc, unicode.Cf):
		return -1
	}
	return r
}

// length counts characters as the strictest validators do: one outside the basic plane counts as two.
func length(s string) int { return len(utf16.Encode([]rune(s))) }

// cut shortens a text to the limit and ends it with an ellipsis.
func cut(s string, limit int) string {
	if length(s) <= limit {
		return s
	}
	n := 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n >= limit {
			return strings.TrimSpace(s[:i]) + "…"
		}
	}
	return s
}
