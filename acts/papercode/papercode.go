// Package papercode forms and reads the code in the barcode of a printed act, by which its original is recognised whatever other
// acts have the same number: 14 digits, of which the last two check the others (ISO 7064, MOD 97-10). Scanners type digits in
// every keyboard layout.
package papercode

import (
	"fmt"
	"strconv"

	"acts24/acts"
)

// prefix begins every code; with the length and the check digits it distinguishes codes from numbers of acts.
const prefix = "24"

// maxID is the largest id of an act that a code holds.
const maxID = 9_999_999_999

// Of returns the code of a paper act; "" for an electronic one and for one that is not stored yet.
func Of(a acts.Act) string {
	if a.ID <= 0 || a.ID > maxID || a.Medium != acts.MediumPaper {
		return ""
	}
	body := fmt.Sprintf("%s%010d", prefix, a.ID)
	n, _ := strconv.ParseInt(body, 10, 64) // twelve digits
	return fmt.Sprintf("%s%02d", body, 98-n*100%97)
}

// Parse returns the act of a code; ok is false for any other text.
func Parse(code string) (id acts.ActID, ok bool) {
	n, err := strconv.ParseInt(code, 10, 64)
	if err != nil || len(code) != 14 || code[:2] != prefix || n%97 != 1 {
		return 0, false
	}
	n, _ = strconv.ParseInt(code[2:12], 10, 64) // digits, as the whole code
	return acts.ActID(n), n > 0
}
