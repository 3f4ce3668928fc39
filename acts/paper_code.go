package acts

import (
	"fmt"
	"strconv"
)

// paperCodePrefix begins the codes of paper acts; with the length and the check digits it distinguishes them from numbers.
const paperCodePrefix = "24"

// maxPaperCode is the largest id that a code holds.
const maxPaperCode = 9_999_999_999

// PaperCode returns the code in the barcode of a printed act, by which its original is recognised whatever other acts have the same number: 14 digits,
// of which the last two check the others (ISO 7064, MOD 97-10). Scanners type digits in every keyboard layout. An act without an id has no code.
func (a Act) PaperCode() string {
	if a.ID <= 0 || a.ID > maxPaperCode || a.Medium != MediumPaper {
		return ""
	}
	body := fmt.Sprintf("%s%010d", paperCodePrefix, a.ID)
	n, _ := strconv.ParseInt(body, 10, 64) // twelve digits
	return fmt.Sprintf("%s%02d", body, 98-n*100%97)
}

// ActOfPaperCode returns the act of a code; ok is false for any other text.
func ActOfPaperCode(code string) (id ActID, ok bool) {
	n, err := strconv.ParseInt(code, 10, 64)
	if err != nil || len(code) != 14 || code[:2] != paperCodePrefix || n%97 != 1 {
		return 0, false
	}
	n, _ = strconv.ParseInt(code[2:12], 10, 64) // digits, as the whole code
	return ActID(n), n > 0
}
