package refused

import (
	"fmt"
	"strings"
	"testing"
)

func TestTokens(t *testing.T) {
	var refused Tokens
	token := strings.Repeat("7c4f3b69", 8) + "009000"
	if refused.Has(token) {
		t.Error("Has a token before Add = true, want false")
	}
	refused.Add(token)
	if has, other := refused.Has(token), refused.Has(token+"1"); !has || other {
		t.Errorf("Has the added token = %t, another one = %t; want true, false", has, other)
	}
	for i := range 50_000 {
		refused.Add(fmt.Sprintf("%032d", i))
	}
	if n := len(refused.young) + len(refused.old); n > 2*maxTokens {
		t.Errorf("%d tokens are stored, want at most %d", n, 2*maxTokens)
	}
	if !refused.Has(fmt.Sprintf("%032d", 49_999)) {
		t.Error("Has the token that was added last = false, want true")
	}
}

func TestTextsThatAreNoTokens(t *testing.T) {
	var none Tokens
	for _, text := range []string{"", "0", "made-up", strings.Repeat("a", 513), strings.Repeat("a ", 30), strings.Repeat("ж", 40), "[" + strings.Repeat("a", 40) + "]", strings.Repeat("a", 40) + "\x00"} {
		if !none.Has(text) {
			t.Errorf("Has(%q) = false, want true: it is no token", text)
		}
	}
}
