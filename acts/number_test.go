package acts

import (
	"strings"
	"testing"
	"time"
)

func TestFormatNumber(t *testing.T) {
	july := time.Date(2026, 7, 9, 0, 0, 0, 0, time.UTC)
	for pattern, want := range map[string]string{
		DefaultNumberPattern: "17", "А-{N}/{YY}": "А-17/26", "{YYYY}-{N}": "2026-17", "Акт ": "Акт 17", "{N}{N}": "1717", "{n} {MM} {N}": "{n} {MM} 17",
	} {
		if got := FormatNumber(pattern, 17, july); got != want {
			t.Errorf("FormatNumber(%q) = %q; want %q", pattern, got, want)
		}
	}
}

func TestCheckNumberPattern(t *testing.T) {
	for pattern, fine := range map[string]bool{
		"{N}": true, "А-{N}/{YY}": true, strings.Repeat("ж", 37) + "{N}": true,
		"": false, "А-17": false, "{n}": false, strings.Repeat("ж", 38) + "{N}": false,
	} {
		if text := CheckNumberPattern(pattern); (text == "") != fine {
			t.Errorf("CheckNumberPattern(%q) = %q", pattern, text)
		}
	}
}

func TestNextTyped(t *testing.T) {
	date := time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC)
	for last, want := range map[string]string{"": "1", "15": "16", "А-7/26": "А-8/26", "2026-15": "2026-16", "26": "27", "007": "008", "99": "100",
		"без цифр": "без цифр1", "99999999999999999999": "999999999999999999991"} {
		if got := NextTyped(last, date); got != want {
			t.Errorf("after %q comes %q, want %q", last, got, want)
		}
	}
}

func TestCheckNumber(t *testing.T) {
	for number, ok := range map[string]bool{"": false, "А-15": true, strings.Repeat("я", MaxNumberLength): true, strings.Repeat("я", MaxNumberLength+1): false} {
		if text := CheckNumber(number); (text == "") != ok {
			t.Errorf("a number of %d bytes: %q", len(number), text)
		}
	}
}
