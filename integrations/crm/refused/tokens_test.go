package refused

import (
	"fmt"
	"strings"
	"testing"
)

func TestTokens(t *testing.T) {
	var known Tokens
	token := strings.Repeat("7c4f3b69", 8) + "009000"
	if known.Has(token) {
		t.Error("an unknown token is refused")
	}
	known.Add(token)
	if !known.Has(token) || known.Has(token+"1") {
		t.Error("another token than the refused one is remembered")
	}
	for i := range 50_000 {
		known.Add(fmt.Sprintf("%032d", i))
	}
	if n := len(known.young) + len(known.old); n > 2*maxTokens {
		t.Errorf("%d tokens are remembered", n)
	}
	if !known.Has(fmt.Sprintf("%032d", 49_999)) {
		t.Error("the last token is forgotten")
	}
}

func TestTextsThatAreNoTokens(t *testing.T) {
	var known Tokens
	for _, text := range []string{"", "0", "made-up", strings.Repeat("a", 513), strings.Repeat("a ", 30), strings.Repeat("ж", 40), "[" + strings.Repeat("a", 40) + "]", strings.Repeat("a", 40) + "\x00"} {
		if !known.Has(text) {
			t.Errorf("%q passes for a token", text)
		}
	}
}
