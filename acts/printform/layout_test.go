package printform

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// TestExtremeActs prints acts with extreme contents and checks that nothing is cut, split or overlapping.
func TestExtremeActs(t *testing.T) {
	needPoppler(t)
	for name, a := range extremeActs() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := writePDF(t, Form{Act: a, Logo: picture(300, 100)})
			checkLayout(t, words(t, file))
			text := withoutSpaces(readColumn(t, file, column{left, full}))
			for _, want := range []string{a.Seller.Address, a.Buyer.Address, a.Comment} {
				if !strings.Contains(text, withoutSpaces(printable(want))) {
					t.Errorf("%.40q… is not whole", want)
				}
			}
			names := withoutSpaces(readColumn(t, file, columnOfNames(a)))
			for _, l := range a.Lines {
				if count(names, withoutSpaces(l.Name)) < 1 {
					t.Errorf("%.40q… is not whole", l.Name)
				}
			}
		})
	}
}

// count counts the occurrences of a name, including those split by a page break with the header and the page number in
// between.
func count(names, name string) int {
	names = strings.ReplaceAll(names, withoutSpaces("Наименование работ, услуг"), "")
	return strings.Count(names, name)
}

// checkLayout reports words outside the margins, overlapping words, and signatures on a page without the totals.
func checkLayout(t *testing.T, pages [][]word) {
	t.Helper()
	checkPlaces(t, pages)
	for n, page := range pages {
		checkSignatures(t, n+1, page)
	}
}

// checkPlaces reports words outside the margins and overlapping words.
func checkPlaces(t *testing.T, pages [][]word) {
	t.Helper()
	const points = 72 / 25.4
	for n, page := range pages {
		for i, w := range page {
			if w.XMin < left*points-1 || w.XMax > right*points+1 || w.YMin < top*points-3 || w.YMax > (footer+2)*points {
				t.Errorf("page %d: %q is outside the margins: %+v", n+1, w.Text, w)
			}
			for _, o := range page[:i] {
				if overlap(w, o) {
					t.Errorf("page %d: %q lies on %q", n+1, w.Text, o.Text)
				}
			}
		}
	}
}

// overlap compares the middles of words, because the boxes of neighbouring lines touch.
func overlap(a, b word) bool {
	const slack = 0.4
	high := func(w word) (float64, float64) {
		third := (w.YMax - w.YMin) * 0.3
		return w.YMin + third, w.YMax - third
	}
	aTop, aBottom := high(a)
	bTop, bBottom := high(b)
	return a.XMin+slack < b.XMax && b.XMin+slack < a.XMax && aTop < bBottom && bTop < aBottom
}

// checkSignatures checks that both signature blocks are complete on one page, below the total.
func checkSignatures(t *testing.T, n int, page []word) {
	t.Helper()
	found := map[string]int{}
	for _, w := range page {
		found[w.Text]++
	}
	if signed := found["подпись"]; signed > 0 && (signed != 2 || found["должность"] != 2 || found["инициалы"] != 2 || found["Итого:"] != 1) {
		t.Errorf("page %d has incomplete signature blocks, or signature blocks without the total: %v", n, found)
	}
}

// TestHeaderIsNeverAlone moves the table down the page line by line, beyond the end of the page.
func TestHeaderIsNeverAlone(t *testing.T) {
	needPoppler(t)
	for _, lines := range []int{1, 5} {
		for length := range 45 {
			a := newGenerator(11).act()
			a.Comment, a.Lines = "", slices.Repeat(a.Lines[:1], lines)
			a.Seller.Address = strings.Repeat("строка адреса, которая занимает почти всю ширину листа, до самого его правого края ", length)
			for n, page := range words(t, writePDF(t, Form{Act: a})) {
				checkHeader(t, n+1, page)
			}
		}
	}
}

// checkHeader checks that at least one line follows the header of the table.
func checkHeader(t *testing.T, n int, page []word) {
	t.Helper()
	i := slices.IndexFunc(page, func(w word) bool { return w.Text == "Кол-во" })
	if i >= 0 && !slices.ContainsFunc(page, func(w word) bool {
		return strings.Trim(w.Text, "0123456789") == "" && w.XMin < 70 && w.YMin > page[i].YMax
	}) {
		t.Errorf("page %d has a header without lines", n)
	}
}

// TestLogos prints with logos of every kind; an unusable logo is left out and changes nothing else.
func TestLogos(t *testing.T) {
	a := newGenerator(9).act()
	without, err := PDF(Form{Act: a})
	if err != nil {
		t.Fatal(err)
	}
	png := picture(300, 100)
	for name, tt := range map[string]struct {
		logo  []byte
		shown bool
	}{
		"none":                 {nil, false},
		"garbage":              {[]byte("garbage"), false},
		"a truncated PNG":      {png[:len(png)/2], false},
		"a PNG":                {png, true},
		"a transparent one":    {seeThrough(64, 64), true},
		"16-bit colours":       {deep(20, 20), true},
		"a JPEG":               {jpegPicture(200, 100), true},
		"a truncated JPEG":     {jpegPicture(200, 100)[:300], false},
		"one pixel":            {picture(1, 1), true},
		"one pixel wide":       {picture(4000, 1), true},
		"too many pixels":      {picture(2001, 2000), false},
		"too many bytes":       {append(bytes.Clone(png), make([]byte, logoBytes)...), false},
		"a decompression bomb": {bomb(), false},
	} {
		got, err := PDF(Form{Act: a, Logo: tt.logo})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if shown := !bytes.Equal(got, without); shown != tt.shown {
			t.Errorf("%s: shown = %v; want %v", name, shown, tt.shown)
		}
	}
}
