package bitrix24

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestKindsOfErrors(t *testing.T) {
	for name, tt := range map[string]struct {
		status  int
		body    string
		is      func(error) bool
		unclear bool // the portal may have executed the call
	}{
		"expired in capitals":   {401, `{"error":"EXPIRED_TOKEN"}`, IsExpired, false},
		"rate":                  {503, `{"error":"query_limit_exceeded"}`, IsLimit, false},
		"operating time":        {429, `{"error":"OPERATION_TIME_LIMIT"}`, IsLimit, false},
		"manual block":          {503, `{"error":"OVERLOAD_LIMIT"}`, IsLimit, false},
		"closed portal":         {500, `{"error":"PORTAL_DELETED"}`, IsGone, false},
		"closed portal, old":    {403, `{"error":"PORTAL_DELETED"}`, IsGone, false},
		"removed app":           {403, `{"error":"APPLICATION_NOT_FOUND"}`, IsGone, false},
		"user without the app":  {403, `{"error":"user_access_error"}`, IsGone, false},
		"the same, as a denial": {403, `{"error":"user_access_error"}`, IsAccessDenied, false},
		"unknown token":         {401, `{"error":"NO_AUTH_FOUND"}`, IsBadToken, false},
		"dismissed user":        {401, `{"error":"authorization_error"}`, IsBadToken, false},
		"no right":              {400, `{"error":"ACCESS_DENIED"}`, IsAccessDenied, false},
		"extranet":              {403, `{"error":"allowed_only_intranet_user"}`, IsAccessDenied, false},
		"not found":             {400, `{"error":"NOT_FOUND"}`, IsNotFound, false},
		"no link of requisites": {400, `{"error":"","error_description":"Not found"}`, IsNotFound, false},
		"with status 200":       {200, `{"error":"ERROR_PLACEMENT_NOT_FOUND"}`, Refused, false},
		"tariff":                {400, `{"error":"UPDATE_DYNAMIC_ITEM_RESTRICTED"}`, isRestricted, false},
		"a number as the code":  {400, `{"error":100,"error_description":"x"}`, Refused, false},
		"zero as the code":      {400, `{"error":0}`, Refused, true},
		"no code":               {400, `{"error":"","error_description":"Недостаточно прав на смену стадии"}`, Refused, true},
		"ERROR_CORE":            {400, `{"error":"ERROR_CORE"}`, Refused, true},
		"ERROR_CORE with 403":   {403, `{"error":"ERROR_CORE"}`, Refused, false},
		"v3 validation":         {400, `{"error":{"code":"BITRIX_REST_V3_EXCEPTION_VALIDATION_REQUESTVALIDATIONEXCEPTION","message":"m"}}`, Refused, false},
		"v3 not found":          {400, `{"error":{"code":"BITRIX_REST_V3_EXCEPTION_ENTITYNOTFOUNDEXCEPTION"}}`, IsNotFound, false},
		"v3 no right":           {403, `{"error":{"code":"BITRIX_REST_V3_EXCEPTION_ACCESSDENIEDEXCEPTION"}}`, IsAccessDenied, false},
		"bound twice":           {400, `{"error":"ERROR_CORE","error_description":"Unable to set placement handler: Handler already binded"}`, IsDuplicateHandler, true},
		"a list as the code":    {400, `{"error":["a"]}`, Refused, true},
	} {
		t.Run(name, func(t *testing.T) {
			err := newStubPortal(t, respond(tt.status, tt.body)).client(t).Call(context.Background(), "x", nil, nil)
			wrapped := fmt.Errorf("deliver: %w", err)
			if !tt.is(wrapped) || NotExecuted(wrapped) == tt.unclear {
				t.Errorf("error %+v is of the expected kind %v, not executed %v; want true, %v", asError(t, err), tt.is(wrapped), NotExecuted(wrapped), !tt.unclear)
			}
		})
	}
}

func isRestricted(err error) bool      { return hasMeaning(err, restricted) }
func isInvalidClient(err error) bool   { return hasMeaning(err, invalidClient) }
func isPaymentRequired(err error) bool { return hasMeaning(err, paymentRequired) }

func TestOtherErrorsHaveNoKind(t *testing.T) {
	kinds := map[string]func(error) bool{
		"NotExecuted": NotExecuted, "Refused": Refused, "IsExpired": IsExpired, "IsLimit": IsLimit, "IsGone": IsGone, "IsNotFound": IsNotFound, "IsAccessDenied": IsAccessDenied,
	}
	for _, err := range []error{nil, io.EOF, context.DeadlineExceeded, &Error{Method: "x", Status: 502, cause: ErrUnreadable}} {
		for name, is := range kinds {
			if is(err) {
				t.Errorf("%s(%v) = true, want false", name, err)
			}
		}
		if host := RedirectHost(err); host != "" {
			t.Errorf("RedirectHost(%v) = %q, want none", err, host)
		}
	}
}

func TestErrorsHideTokensAndMarkup(t *testing.T) {
	body := `{"error":"BAD_user-token","error_description":"Токен <b>user-token</b>\u0000 не подходит<br>\nИванов"}`
	err := newStubPortal(t, respond(400, body)).client(t).Call(context.Background(), "profile", nil, nil)
	e := asError(t, err)
	if e.Text != "Токен … не подходит Иванов" || e.Code != "BAD_…" {
		t.Errorf("code %q, text %q; want both without the token and on one line", e.Code, e.Text)
	}
	if got, want := err.Error(), "bitrix24: profile: 400 BAD_…"; got != want {
		t.Errorf("message %q, want %q", got, want)
	}
}

func TestErrorMessages(t *testing.T) {
	for want, err := range map[string]error{
		"bitrix24: m: 302 to new.bitrix24.ru":      &Error{Method: "m", Status: 302, Host: "new.bitrix24.ru"},
		"bitrix24: m: 400 error without a code":    &Error{Method: "m", Status: 400, remote: true, Text: "имя"},
		"bitrix24: m: 502: unreadable answer":      &Error{Method: "m", Status: 502, cause: ErrUnreadable},
		"bitrix24: m: context deadline exceeded":   &Error{Method: "m", cause: context.DeadlineExceeded},
		"bitrix24: m: 401 expired_token: no lease": &Error{Method: "m", Status: 401, Code: "expired_token", cause: errors.New("no lease")},
		"bitrix24: field member_id: missing":       &FormError{"member_id", "missing"},
	} {
		if got := err.Error(); got != want {
			t.Errorf("message %q, want %q", got, want)
		}
	}
}

func TestResetTimeOfLimits(t *testing.T) {
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	for seconds, want := range map[string]int64{
		"30": at.Unix() + 30, "86400": at.Unix() + 86400, "86401": 0, "0": 0, "-5": 0, "soon": 0,
	} {
		limited := func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Date", at.Format(http.TimeFormat))
			w.Header().Set("Retry-After", seconds)
			respond(429, `{"error":"OPERATION_TIME_LIMIT"}`)(w, r)
		}
		err := newStubPortal(t, limited).client(t).Call(context.Background(), "crm.item.list", nil, nil)
		if got := asError(t, err).resetAt; got != want {
			t.Errorf("by Retry-After: %s the limit ends at %d, want %d", seconds, got, want)
		}
	}
	err := newStubPortal(t, respond(429, `{"error":"OPERATION_TIME_LIMIT","time":{"operating_reset_at":1772445600}}`)).
		client(t).Call(context.Background(), "crm.item.list", nil, nil)
	if got := asError(t, err).resetAt; got != 1772445600 {
		t.Errorf("by operating_reset_at the limit ends at %d, want 1772445600", got)
	}
}

func TestTokensAreNotPrinted(t *testing.T) {
	const secret = "s3cret"
	for _, v := range []any{
		FixedToken(secret), TokenPair{Access: secret, Refresh: secret},
		PlacementCall{AccessToken: secret, RefreshToken: secret, ApplicationToken: secret},
		Event{Auth: EventAuth{AccessToken: secret}}, EventAuth{RefreshToken: secret},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			if text := fmt.Sprintf(verb, v); strings.Contains(text, secret) {
				t.Errorf("%s of %T prints a token: %s", verb, v, text)
			}
		}
	}
}
