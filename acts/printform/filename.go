package printform

import (
	"strings"
	"unicode"

	"acts24/acts"
)

// longest is how many letters a file name may have, well within what disks and mail programs take.
const longest = 120

// FileName is what the document is called when it is saved: «Акт № 12 от 25.11.2026 ООО Ромашка.pdf».
func FileName(a acts.Act) string {
	letters := []rune(safe(caption(a) + " " + buyerName(a.Buyer)))
	letters = letters[:min(len(letters), longest-len(".pdf"))]
	return strings.TrimRight(string(letters), " .,-") + ".pdf"
}

func buyerName(p acts.Party) string {
	if p.Kind == acts.Person && p.LastName != "" {
		return strings.Join([]string{"ИП", p.LastName, p.FirstName, p.MiddleName}, " ")
	}
	return p.Name
}

// safe leaves out what a file name may not hold, and what would show it otherwise than it is.
func safe(text string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:|`, r):
			return '-'
		case unicode.IsSpace(r):
			return ' '
		case strings.ContainsRune("*?\"<>«»“”„'`\uFFFD", r) || unicode.In(r, unicode.C):
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(clean), " ")
}
