package printform

import (
	"strings"
	"unicode"

	"acts24/acts"
)

// maxNameLength is the largest number of characters in a file name, below the limits of file systems and mail programs.
const maxNameLength = 120

// FileName returns the name under which the document is saved: «Акт № 12 от 25.11.2026 ООО Ромашка.pdf».
func FileName(a acts.Act) string { return fileName(caption(a), a.Buyer) }

func fileName(name string, buyer acts.Party) string {
	letters := []rune(safeName(name + " " + buyerName(buyer)))
	letters = letters[:min(len(letters), maxNameLength-len(".pdf"))]
	return strings.TrimRight(string(letters), " .,-") + ".pdf"
}

func buyerName(p acts.Party) string {
	if p.Kind == acts.PartyPerson && p.LastName != "" {
		return strings.Join([]string{"ИП", p.LastName, p.FirstName, p.MiddleName}, " ")
	}
	return p.Name
}

// safeName removes characters that a file name must not contain, and those that change how it is displayed.
func safeName(text string) string {
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
