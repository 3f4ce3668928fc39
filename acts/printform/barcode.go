package printform

import "strconv"

// code128 are the widths of the bars and spaces of Code 128 by the value of a symbol (ISO/IEC 15417), the stop at the end.
var code128 = [...]string{
	"212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213", "221312", "231212", "112232", "122132", "122231",
	"113222", "123122", "123221", "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
	"212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
	"113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
	"314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114", "122411", "142112", "142211",
	"241211", "221114", "413111", "241112", "134111", "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
	"214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141", "114131", "311141", "411131", "211412", "211214",
	"211232", "2331112",
}

// The symbols of Code 128 that are no pairs of digits.
const (
	code128StartC = 105
	code128Stop   = 106
	code128Check  = 103 // modulus of the check symbol
)

// barModule is the width of the thinnest bar in millimetres.
const barModule = 0.3

// barcode returns the widths of the bars and spaces of an even number of digits in Code 128, beginning with a bar; "" for another text.
func barcode(digits string) string {
	if len(digits) == 0 || len(digits)%2 != 0 {
		return ""
	}
	check, widths := code128StartC, code128[code128StartC]
	for i := 0; i < len(digits); i += 2 {
		pair, err := strconv.ParseUint(digits[i:i+2], 10, 8)
		if err != nil {
			return ""
		}
		check += (i/2 + 1) * int(pair)
		widths += code128[pair]
	}
	return widths + code128[check%code128Check] + code128[code128Stop]
}

// drawBarcode draws the barcode of digits on the current page. It ends at x and is as high as given.
func (s *sheet) drawBarcode(digits string, x, y, height float64) {
	widths := barcode(digits)
	for i := len(widths) - 1; i >= 0; i-- {
		w := float64(widths[i]-'0') * barModule
		if x -= w; i%2 == 0 {
			s.pdf.SetFillColor(0, 0, 0)
			s.pdf.Rect(x, y, w, height, "F")
		}
	}
}
