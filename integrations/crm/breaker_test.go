package crm

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"acts24/acts"
	"acts24/workflow/breaker"
)

// A failure of the whole portal opens its breaker; a refusal of one call shows that the portal works.
func TestOutcomeOfACall(t *testing.T) {
	balancer := func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "<html>Bitrix24</html>") }
	moved := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://new.bitrix24.ru/rest/", http.StatusFound)
	}
	for name, tt := range map[string]struct {
		answer   http.HandlerFunc
		answered bool
		failure  string // a part of the message, "" when the breaker stays closed
	}{
		"a result":                 {respond(200, `{"result":{"item":{"id":1}}}`), true, ""},
		"a refusal":                {respond(400, `{"error":"INVALID_ARG_VALUE"}`), true, ""},
		"a missing object":         {respond(400, `{"error":"NOT_FOUND"}`), true, ""},
		"the rate limit":           {respond(503, `{"error":"QUERY_LIMIT_EXCEEDED"}`), true, ""},
		"an expired token":         {respond(401, `{"error":"expired_token"}`), false, ""},
		"a token of a removed app": {respond(401, `{"error":"NO_AUTH_FOUND"}`), false, "Портал не принимает приложение"},
		"a closed portal":          {respond(500, `{"error":"PORTAL_DELETED"}`), false, "Портал не принимает приложение"},
		"no tariff":                {respond(403, `{"error":"ACCESS_DENIED"}`), false, "проверьте тариф портала"},
		"the page of a balancer":   {balancer, false, "Портал не отвечает"},
		"a cut connection":         {cutConnection, false, "Портал не отвечает"},
		"another address":          {moved, false, "Портал переехал"},
		"a failure of the server":  {respond(500, `{"error":"INTERNAL_SERVER_ERROR"}`), false, "Портал не отвечает"},
	} {
		t.Run(name, func(t *testing.T) {
			got := outcomeOf(t.Context(), callError(t, tt.answer))
			if (got.Failure == "") != (tt.failure == "") || !strings.Contains(got.Failure, tt.failure) || got.Answered != tt.answered {
				t.Errorf("outcomeOf returns %+v, want answered %t and the failure %q", got, tt.answered, tt.failure)
			}
		})
	}
	if got := outcomeOf(t.Context(), errTokensDead); got.Failure != acts.Message(errTokensDead) {
		t.Errorf("a token pair that no longer works: %+v, want the failure %q", got, acts.Message(errTokensDead))
	}
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	if got := outcomeOf(stopped, callError(t, cutConnection)); got != (breaker.Outcome{}) {
		t.Errorf("a cancelled call: %+v, want no outcome", got)
	}
}
