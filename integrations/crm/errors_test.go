package crm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/workflow"
)

// ask makes a changing call to a portal with the given answer and returns its error.
func ask(t *testing.T, answer http.HandlerFunc) error {
	t.Helper()
	server := httptest.NewServer(answer)
	defer server.Close()
	client, err := bitrix24.New(bitrix24.Config{Endpoint: server.URL + "/rest/", HTTP: server.Client(), Timeout: time.Second,
		Tokens: bitrix24.FixedToken("9d4c7166007e9c94001e30ba00000001"), AllowPlain: true})
	if err != nil {
		t.Fatal(err)
	}
	return client.Run(context.Background(), bitrix24.AddItem(1030, bitrix24.Params{"title": "x"}), nil)
}

func respond(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// Whether the portal executed a creating call decides how its error is converted.
func TestWritingByWhatIsKnown(t *testing.T) {
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"the rate limit: surely not":        {respond(503, `{"error":"QUERY_LIMIT_EXCEEDED","error_description":"Too many requests"}`), acts.Unavailable},
		"the operating time: surely not":    {respond(429, `{"error":"OPERATION_TIME_LIMIT"}`), acts.Unavailable},
		"an expired token: surely not":      {respond(401, `{"error":"expired_token"}`), acts.Unavailable},
		"no right: a person must act":       {respond(403, `{"error":"ACCESS_DENIED","error_description":"Access denied"}`), acts.Forbidden},
		"it is not there":                   {respond(400, `{"error":"NOT_FOUND","error_description":"Не найдено"}`), acts.NotFound},
		"the portal says no":                {respond(400, `{"error":"INVALID_ARG_VALUE","error_description":"Invalid value"}`), acts.Refused},
		"the balancer's page: nobody knows": {respond(502, `<html>Bad gateway</html>`), workflow.ErrUnclear},
		"half an answer: nobody knows":      {respond(200, `{"result":{"item":{"id":`), workflow.ErrUnclear},
		"the connection is cut: nobody knows": {func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				conn.Close()
			}
		}, workflow.ErrUnclear},
	} {
		t.Run(name, func(t *testing.T) {
			err := writeError(ask(t, tt.answer))
			if !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
			if tt.want == workflow.ErrUnclear && !errors.Is(readError(ask(t, tt.answer)), acts.Unavailable) {
				t.Error("a reading call may simply be asked again")
			}
		})
	}
	if writeError(nil) != nil || readError(nil) != nil {
		t.Error("no failure is no error")
	}
}

// Errors that waiting cannot change are refusals with a message, the others may be repeated
// (docs/contracts/bitrix24.md, "Error codes").
func TestCodesThatWaitingDoesNotChange(t *testing.T) {
	for code, tt := range map[string]struct {
		status  int
		want    error
		message string
	}{
		"ERROR_METHOD_NOT_FOUND":          {404, acts.Refused, "Битрикс24 не принял изменение: так сказал портал."},
		"ERROR_MANIFEST_IS_NOT_AVAILABLE": {404, acts.Refused, "Битрикс24 не принял изменение: так сказал портал."},
		"ERROR_BATCH_METHOD_NOT_ALLOWED":  {405, acts.Refused, "Битрикс24 не принял изменение: так сказал портал."},
		"INVALID_ARG_VALUE":               {400, acts.Refused, "Битрикс24 не принял изменение: так сказал портал."},
		"INVALID_REQUEST":                 {400, acts.Refused, "Битрикс24 не принял изменение: так сказал портал."},
		"CRM_FIELD_ERROR_REQUIRED":        {400, acts.Refused, "Битрикс24 не принял изменение: так сказал портал."},
		"CREATE_DYNAMIC_ITEM_RESTRICTED":  {400, acts.Refused, "Битрикс24 не принял изменение: так сказал портал."},
		"ERROR_CORE":                      {400, acts.Refused, "Битрикс24 не принял изменение: так сказал портал."},
		"":                                {400, acts.Refused, "Битрикс24 не принял изменение: так сказал портал."},
		"100":                             {400, acts.Refused, "Битрикс24 не принял изменение: так сказал портал."},
		"ACCESS_DENIED":                   {403, acts.Forbidden, "Битрикс24 не дал доступа: так сказал портал."},
		"insufficient_scope":              {403, acts.Forbidden, "Битрикс24 не дал доступа: так сказал портал."},
		"INVALID_CREDENTIALS":             {403, acts.Forbidden, "Битрикс24 не дал доступа: так сказал портал."},
		"METHOD_CONFIRM_DENIED":           {403, acts.Forbidden, "Битрикс24 не дал доступа: так сказал портал."},
		"user_access_error":               {403, acts.Forbidden, "Битрикс24 не дал доступа: так сказал портал."},
		"APPLICATION_NOT_FOUND":           {403, acts.Forbidden, "Битрикс24 не дал доступа: так сказал портал."},
		"NOT_FOUND":                       {400, acts.NotFound, "В Битрикс24 этого больше нет: так сказал портал."},
		"OWNER_NOT_FOUND":                 {400, acts.NotFound, "В Битрикс24 этого больше нет: так сказал портал."},
		"QUERY_LIMIT_EXCEEDED":            {503, acts.Unavailable, "Лимит запросов к Битрикс24 исчерпан: портал сейчас занят другой работой. Повторите через минуту."},
		"OVERLOAD_LIMIT":                  {503, acts.Unavailable, "Лимит запросов к Битрикс24 исчерпан: портал сейчас занят другой работой. Повторите через минуту."},
		"OPERATION_TIME_LIMIT":            {429, acts.Unavailable, "Лимит запросов к Битрикс24 исчерпан: портал сейчас занят другой работой. Повторите через минуту."},
		"NO_AUTH_FOUND":                   {401, acts.Unavailable, "Битрикс24 сейчас не отвечает. Повторите через минуту."},
		"expired_token":                   {401, acts.Unavailable, "Битрикс24 сейчас не отвечает. Повторите через минуту."},
	} {
		err := writeError(ask(t, respond(tt.status, fmt.Sprintf(`{"error":%q,"error_description":"так сказал портал"}`, code))))
		if !errors.Is(err, tt.want) || acts.Message(err) != tt.message {
			t.Errorf("%q: %v, said as %q, want %v and %q", code, err, acts.Message(err), tt.want, tt.message)
		}
	}
}

// An effect that cannot be encoded is refused at once, and the others of its batch are sent.
func TestWhatCannotBeSentHoldsNothingUp(t *testing.T) {
	values := bitrix24.Params{}
	for i := range 1001 {
		values[fmt.Sprint("v", i)] = i
	}
	d := &delivery{results: make([]workflow.Result, 2), finished: make([]bool, 2)}
	left := d.sendable(0, []bitrix24.Command{{Method: "crm.item.add", Params: values}})
	left = append(left, d.sendable(1, []bitrix24.Command{{Method: "crm.item.add", Params: bitrix24.Params{"v": 1}}})...)
	if len(left) != 1 || !d.finished[0] || d.finished[1] || !errors.Is(d.results[0].Err, acts.Refused) || acts.Message(d.results[0].Err) == "" {
		t.Errorf("left %v, settled %v, %v", left, d.finished, d.results[0].Err)
	}
}

func TestStrip(t *testing.T) {
	if got := stripTags("Не указан <b>ответственный</b>.<br>Проверьте поле"); got != "Не указан ответственный . Проверьте поле" {
		t.Errorf("strip = %q", got)
	}
}
