package workflow

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain makes a foreign text harmless where the CRM reads BB codes and HTML.
func plain(text string) string {
	safe := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x2028 || r == 0x2029 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return ' '
		}
		return r
	}, text)
	return strings.NewReplacer("[", "(", "]", ")", "<", "‹", ">", "›").Replace(strings.Join(strings.Fields(safe), " "))
}

// clean drops from a typed text what no text has and the database refuses: broken letters and control characters.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
}

// plural is the number with the right form of the word: 1 акт, 2 акта, 5 актов.
func plural(n int, one, few, many string) string {
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
