package upd

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// clean leaves of a typed text what a document may hold: every kind of space becomes a plain one;
// control letters, lone surrogates and invisible letters that turn the reading order go.
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

// length counts as the strictest validators do: a letter beyond the basic plane is two.
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
