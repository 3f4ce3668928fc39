package handlers

import (
	"strings"
	"unicode/utf8"
)

// forms are legal forms as documents spell them out, and as people write them.
var forms = [][2]string{{"общество с ограниченной ответственностью", "ООО"}, {"публичное акционерное общество", "ПАО"},
	{"закрытое акционерное общество", "ЗАО"}, {"открытое акционерное общество", "ОАО"}, {"акционерное общество", "АО"},
	{"индивидуальный предприниматель", "ИП"}}

// longestName is how many letters of a name a table has room for.
const longestName = 60

// shortName keeps a name short enough for a table, and what tells it from others: the whole of it is in the registry.
func shortName(name string) string {
	letters := []rune(name)
	for _, form := range forms {
		if n := utf8.RuneCountInString(form[0]); len(letters) > n && strings.EqualFold(string(letters[:n]), form[0]) {
			letters = []rune(form[1] + string(letters[n:]))
			break
		}
	}
	if len(letters) > longestName {
		return strings.TrimSpace(string(letters[:longestName-1])) + "…"
	}
	return string(letters)
}
