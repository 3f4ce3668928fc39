package seal_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"acts24/store/internal/seal"
)

func TestParseKeys(t *testing.T) {
	random := func(first byte) string {
		raw := make([]byte, 32)
		for i := range raw {
			raw[i] = first + byte(i)
		}
		return base64.StdEncoding.EncodeToString(raw)
	}
	keys, err := seal.ParseKeys("new:" + random(1) + ", old:" + random(2))
	if err != nil || keys.Newest() != "new" || !slices.Equal(keys.IDs(), []string{"new", "old"}) {
		t.Fatalf("%v, %v", keys, err)
	}
	for name, tt := range map[string]struct{ text, words string }{
		"empty":        {"", "want id:base64"},
		"no id":        {":" + random(1), "want id:base64"},
		"short":        {"a:" + base64.StdEncoding.EncodeToString(make([]byte, 31)), "32 bytes"},
		"not base64":   {"a:!", "32 bytes"},
		"zero":         {"a:" + base64.StdEncoding.EncodeToString(make([]byte, 32)), "all bytes are equal"},
		"equal bytes":  {"a:" + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", 32))), "all bytes are equal"},
		"repeated id":  {"a:" + random(1) + ",a:" + random(2), "two keys"},
		"repeated key": {"a:" + random(1) + ",b:" + random(1), "the same as key a"},
	} {
		if _, err := seal.ParseKeys(tt.text); err == nil || !strings.Contains(err.Error(), tt.words) {
			t.Errorf("%s: %v, want %q", name, err, tt.words)
		}
	}
}
