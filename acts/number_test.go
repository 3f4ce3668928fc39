package acts

import (
	"strings"
	"testing"
	"time"
)

func TestFormatNumber(t *testing.T) {
	july := time.Date(2026, 7, 9, 0, 0, 0, 0, time.UTC)
	for pattern, want := range map[string]string{
		DefaultNumbers: "17", "А-{N}/{YY}": "А-17/26", "{YYYY}-{N}": "2026-17", "Акт ": "Акт 17", "{N}{N}": "1717", "{n} {MM} {N}": "{n} {MM} 17",
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
