package bitrix24test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"acts24/integrations/bitrix24/bitrix24test/php"
)

// mustCall calls a method as the user and fails the test when it is refused.
func (p *Portal) mustCall(t *testing.T, user int64, method string, in Fields) Reply {
	t.Helper()
	r, err := p.Call(user, method, in)
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	if r.Failed() {
		t.Fatalf("%s refused: %v", method, r.Body)
	}
	return r
}

// refusedCall calls a method as the user, returns the refusal and fails the test when there is none.
func (p *Portal) refusedCall(t *testing.T, user int64, method string, in Fields) Reply {
	t.Helper()
	r, err := p.Call(user, method, in)
	if err != nil {
		t.Fatalf("%s: %v", method, err)
	}
	if !r.Failed() {
		t.Fatalf("%s was not refused: %v", method, r.Body)
	}
	return r
}

// refusedWith calls a method as the user and fails the test unless it is refused with a code and a text.
func (p *Portal) refusedWith(t *testing.T, user int64, method string, in Fields, code, text string) {
	t.Helper()
	if r := p.refusedCall(t, user, method, in); r.Error() != code || r.Body["error_description"] != text {
		t.Errorf("%s refused with %q, %v; want %q, %s", method, r.Error(), r.Body["error_description"], code, text)
	}
}

// item is result.item of an answer.
func (r Reply) item() Fields { return php.Map(r.Map()["item"]) }

// items is result.items of an answer.
func (r Reply) items() []any { return php.List(r.Map()["items"]) }

// unlimited is an option of Start that turns the rate limits off.
func unlimited(c *Config) { c.Limits = Limits{Off: true} }

// postRaw calls a method with a raw body and returns the JSON of the answer.
func postRaw(t *testing.T, p *Portal, method, contentType, body string) Fields {
	t.Helper()
	resp, err := http.Post(p.endpoint()+method, contentType, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var out Fields
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// upload is the value of a file field that stores a new file.
func upload(name, content string) []any {
	return []any{name, base64.StdEncoding.EncodeToString([]byte(content))}
}
