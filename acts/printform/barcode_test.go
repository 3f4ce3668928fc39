package printform

import "testing"

// The widths of the barcode of 24000000000195, as a program of another author encodes it.
func TestBarcode(t *testing.T) {
	const want = "2112323112222122222122222122222122222221221141131341112331112"
	if got := barcode("24000000000195"); got != want {
		t.Errorf("barcode = %s, want %s", got, want)
	}
	for _, text := range []string{"", "1", "123", "1a", "-1", "А-1"} {
		if got := barcode(text); got != "" {
			t.Errorf("barcode(%q) = %s, want none", text, got)
		}
	}
}

// Every symbol of Code 128 is eleven modules wide, the stop thirteen, and no two are alike.
func TestCode128(t *testing.T) {
	seen := map[string]int{}
	for value, widths := range code128 {
		sum := 0
		for _, w := range widths {
			sum += int(w - '0')
		}
		if wide := 11; sum != wide && value != code128Stop || value == code128Stop && sum != 13 {
			t.Errorf("symbol %d is %d modules wide", value, sum)
		}
		if other, known := seen[widths]; known {
			t.Errorf("symbols %d and %d are alike", value, other)
		}
		seen[widths] = value
	}
	if len(code128) != code128Stop+1 {
		t.Errorf("%d symbols, want %d", len(code128), code128Stop+1)
	}
}
