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

// callError makes a creating call to a portal that answers with the handler, and returns the error of the call.
func callError(t *testing.T, answer http.HandlerFunc) error {
	t.Helper()
	server := httptest.NewServer(answer)
	defer server.Close()
	client, err := bitrix24.New(bitrix24.Config{Endpoint: server.URL + "/rest/", HTTP: server.Client(), Timeout: 10 * time.Second,
		Tokens: bitrix24.FixedToken("9d4c7166007e9c94001e30ba00000001"), AllowPlain: true})
	if err != nil {
		t.Fatal(err)
	}
	return client.Run(context.Background(), bitrix24.AddItem(1030, bitrix24.Params{"title": "x"}), nil)
}

// respond returns a handler that answers with a JSON text.
func respond(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// cutConnection closes the connection instead of answering.
func cutConnection(w http.ResponseWriter, _ *http.Request) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		conn.Close()
	}
}

// Whether the portal executed a creating call decides how its error is converted.
func TestErrorsOfACreatingCall(t *testing.T) {
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"the rate limit":         {respond(503, `{"error":"QUERY_LIMIT_EXCEEDED","error_description":"Too many requests"}`), acts.Unavailable},
		"the operating time":     {respond(429, `{"error":"OPERATION_TIME_LIMIT"}`), acts.Unavailable},
		"an expired token":       {respond(401, `{"error":"expired_token"}`), acts.Unavailable},
		"a missing right":        {respond(403, `{"error":"ACCESS_DENIED","error_description":"Access denied"}`), acts.Forbidden},
		"a missing object":       {respond(400, `{"error":"NOT_FOUND","error_description":"Не найдено"}`), acts.NotFound},
		"a refusal":              {respond(400, `{"error":"INVALID_ARG_VALUE","error_description":"Invalid value"}`), acts.Refused},
		"the page of a balancer": {respond(502, `<html>Bad gateway</html>`), workflow.ErrUnclear},
		"half an answer":         {respond(200, `{"result":{"item":{"id":`), workflow.ErrUnclear},
		"a cut connection":       {cutConnection, workflow.ErrUnclear},
	} {
		t.Run(name, func(t *testing.T) {
			err := writeError(callError(t, tt.answer))
			if !errors.Is(err, tt.want) {
				t.Errorf("writeError: %v, want %v", err, tt.want)
			}
			if err := readError(callError(t, tt.answer)); tt.want == workflow.ErrUnclear && !errors.Is(err, acts.Unavailable) {
				t.Errorf("readError: %v, want Unavailable, because a reading call may be repeated", err)
			}
		})
	}
	if writeError(nil) != nil || readError(nil) != nil {
		t.Errorf("without an error: writeError %v, readError %v; want nil", writeError(nil), readError(nil))
	}
}

// Errors that waiting cannot change are refusals with a message, the others may be repeated
// (docs/contracts/bitrix24.md, "Error codes").
func TestErrorCodesOfThePortal(t *testing.T) {
	const (
		refused   = "Битрикс24 не принял изменение: так сказал портал."
		forbidden = "Битрикс24 не дал доступа: так сказал портал."
		notFound  = "В Битрикс24 этого больше нет: так сказал портал."
		limit     = "Лимит запросов к Битрикс24 исчерпан: портал сейчас занят другой работой. Повторите через минуту."
		silent    = "Битрикс24 сейчас не отвечает. Повторите через минуту."
	)
	for code, tt := range map[string]struct {
		status  int
		want    error
		message string
	}{
		"ERROR_METHOD_NOT_FOUND":          {404, acts.Refused, refused},
		"ERROR_MANIFEST_IS_NOT_AVAILABLE": {404, acts.Refused, refused},
		"ERROR_BATCH_METHOD_NOT_ALLOWED":  {405, acts.Refused, refused},
		"INVALID_ARG_VALUE":               {400, acts.Refused, refused},
		"INVALID_REQUEST":                 {400, acts.Refused, refused},
		"CRM_FIELD_ERROR_REQUIRED":        {400, acts.Refused, refused},
		"CREATE_DYNAMIC_ITEM_RESTRICTED":  {400, acts.Refused, refused},
		"ERROR_CORE":                      {400, acts.Refused, refused},
		"":                                {400, acts.Refused, refused},
		"100":                             {400, acts.Refused, refused},
		"ACCESS_DENIED":                   {403, acts.Forbidden, forbidden},
		"insufficient_scope":              {403, acts.Forbidden, forbidden},
		"INVALID_CREDENTIALS":             {403, acts.Forbidden, forbidden},
		"METHOD_CONFIRM_DENIED":           {403, acts.Forbidden, forbidden},
		"user_access_error":               {403, acts.Forbidden, forbidden},
		"APPLICATION_NOT_FOUND":           {403, acts.Forbidden, forbidden},
		"NOT_FOUND":                       {400, acts.NotFound, notFound},
		"OWNER_NOT_FOUND":                 {400, acts.NotFound, notFound},
		"QUERY_LIMIT_EXCEEDED":            {503, acts.Unavailable, limit},
		"OVERLOAD_LIMIT":                  {503, acts.Unavailable, limit},
		"OPERATION_TIME_LIMIT":            {429, acts.Unavailable, limit},
		"NO_AUTH_FOUND":                   {401, acts.Unavailable, silent},
		"expired_token":                   {401, acts.Unavailable, silent},
	} {
		err := writeError(callError(t, respond(tt.status, fmt.Sprintf(`{"error":%q,"error_description":"так сказал портал"}`, code))))
		if !errors.Is(err, tt.want) || acts.Message(err) != tt.message {
			t.Errorf("%q: %v with the message %q, want %v and %q", code, err, acts.Message(err), tt.want, tt.message)
		}
	}
}

// An effect that cannot be encoded is refused at once, and the others of its batch are sent.
func TestEffectThatCannotBeEncoded(t *testing.T) {
	values := bitrix24.Params{}
	for i := range 1001 {
		values[fmt.Sprint("v", i)] = i
	}
	d := &delivery{results: make([]workflow.Result, 2), finished: make([]bool, 2)}
	left := d.sendable(0, []bitrix24.Command{{Method: "crm.item.add", Params: values}})
	left = append(left, d.sendable(1, []bitrix24.Command{{Method: "crm.item.add", Params: bitrix24.Params{"v": 1}}})...)
	if len(left) != 1 || !d.finished[0] || d.finished[1] || !errors.Is(d.results[0].Err, acts.Refused) || acts.Message(d.results[0].Err) == "" {
		t.Errorf("%d commands are sendable, finished %v, %v; want one, the first effect refused with a message", len(left), d.finished, d.results[0].Err)
	}
}

func TestStripTags(t *testing.T) {
	const want = "Не указан ответственный . Проверьте поле"
	if got := stripTags("Не указан <b>ответственный</b>.<br>Проверьте поле"); got != want {
		t.Errorf("stripTags = %q, want %q", got, want)
	}
}
