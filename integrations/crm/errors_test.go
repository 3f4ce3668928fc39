package crm

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/workflow"
)

// ask calls a portal that answers as told and words the failure as a changing call's.
func ask(t *testing.T, answer http.HandlerFunc) error {
	t.Helper()
	server := httptest.NewServer(answer)
	defer server.Close()
	client, err := bitrix24.New(bitrix24.Config{Endpoint: server.URL + "/rest/", HTTP: server.Client(), Bound: time.Second,
		Tokens: bitrix24.FixedToken("9d4c7166007e9c94001e30ba00000001"), AllowPlain: true})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.AddItem(context.Background(), 1030, bitrix24.Params{"title": "x"})
	return err
}

func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// The question "did the other side do it?" decides what becomes of a creating call.
func TestWritingByWhatIsKnown(t *testing.T) {
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"the rate limit: surely not":        {says(503, `{"error":"QUERY_LIMIT_EXCEEDED","error_description":"Too many requests"}`), acts.Unavailable},
		"the operating time: surely not":    {says(429, `{"error":"OPERATION_TIME_LIMIT"}`), acts.Unavailable},
		"an expired token: surely not":      {says(401, `{"error":"expired_token"}`), acts.Unavailable},
		"no right: a person must mend it":   {says(403, `{"error":"ACCESS_DENIED","error_description":"Access denied"}`), acts.Forbidden},
		"it is not there":                   {says(400, `{"error":"NOT_FOUND","error_description":"Не найдено"}`), acts.NotFound},
		"the portal says no":                {says(400, `{"error":"INVALID_ARG_VALUE","error_description":"Invalid value"}`), acts.Refused},
		"the balancer's page: nobody knows": {says(502, `<html>Bad gateway</html>`), workflow.ErrUnclear},
		"half an answer: nobody knows":      {says(200, `{"result":{"item":{"id":`), workflow.ErrUnclear},
		"the connection is cut: nobody knows": {func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				conn.Close()
			}
		}, workflow.ErrUnclear},
	} {
		t.Run(name, func(t *testing.T) {
			err := writing(ask(t, tt.answer))
			if !errors.Is(err, tt.want) {
				t.Errorf("%v, want %v", err, tt.want)
			}
			if tt.want == workflow.ErrUnclear && !errors.Is(reading(ask(t, tt.answer)), acts.Unavailable) {
				t.Error("a reading call may simply be asked again")
			}
		})
	}
	if writing(nil) != nil || reading(nil) != nil {
		t.Error("no failure is no error")
	}
}

func TestStrip(t *testing.T) {
	if got := strip("Не указан <b>ответственный</b>.<br>Проверьте поле"); got != "Не указан ответственный . Проверьте поле" {
		t.Errorf("strip = %q", got)
	}
}
