package bitrix24test

import (
	"fmt"
	"net/http"
)

// Error is a refusal in Bitrix24's own words. Extra keys travel beside the code.
type Error struct {
	Status int
	Code   string
	Text   string
	Extra  Fields
}

func (e *Error) Error() string { return fmt.Sprintf("%d %s: %s", e.Status, e.Code, e.Text) }

func (e *Error) body() Fields {
	out := Fields{"error": e.Code, "error_description": e.Text}
	for k, v := range e.Extra {
		out[k] = v
	}
	return out
}

// bad is the usual refusal: 400 with a code.
func bad(code, text string, args ...any) *Error {
	if len(args) > 0 {
		text = fmt.Sprintf(text, args...)
	}
	return &Error{Status: http.StatusBadRequest, Code: code, Text: text}
}

// The refusals of the system, before any method runs.
var (
	errNoAuth          = &Error{Status: 401, Code: "NO_AUTH_FOUND", Text: "Wrong authorization data"}
	errExpired         = &Error{Status: 401, Code: "expired_token", Text: "The access token provided has expired."}
	errAppGone         = &Error{Status: 401, Code: "APPLICATION_NOT_FOUND", Text: "Application not found"}
	errDismissed       = &Error{Status: 401, Code: "authorization_error", Text: "Unable to authorize user"}
	errNoAppAccess     = &Error{Status: 403, Code: "user_access_error", Text: "The user does not have access to the application"}
	errScope           = &Error{Status: 403, Code: "insufficient_scope", Text: "The request requires higher privileges than provided by the access token"}
	errAdminOnly       = &Error{Status: 403, Code: "ACCESS_DENIED", Text: "Access denied!"}
	errMethodNotFound  = &Error{Status: 404, Code: "ERROR_METHOD_NOT_FOUND", Text: "Method not found!"}
	errBatchMethod     = &Error{Status: 405, Code: "ERROR_BATCH_METHOD_NOT_ALLOWED", Text: "Method is not allowed for batch usage"}
	errBatchLength     = &Error{Status: 400, Code: "ERROR_BATCH_LENGTH_EXCEEDED", Text: "Max batch length exceeded"}
	errQueryLimit      = &Error{Status: 503, Code: "QUERY_LIMIT_EXCEEDED", Text: "Too many requests"}
	errOverload        = &Error{Status: 503, Code: "OVERLOAD_LIMIT", Text: "REST API is blocked due to overload"}
	errOperatingLimit  = &Error{Status: 429, Code: "OPERATION_TIME_LIMIT", Text: "Method is blocked due to operation time limit."}
	errPortalDeleted   = &Error{Status: 500, Code: "PORTAL_DELETED", Text: "Portal was deleted"}
	errNoTariff        = &Error{Status: 403, Code: "ACCESS_DENIED", Text: "REST API is available only on commercial plans"}
	errUnexpectedReply = &Error{Status: 500, Code: "INTERNAL_SERVER_ERROR", Text: "Internal server error"}
)

// The refusals of CRM that several methods share.
func errItemNotFound() *Error { return bad("NOT_FOUND", "Элемент не найден") }
func errTypeNotFound() *Error { return bad("NOT_FOUND", "Смарт-процесс не найден") }
func errItemDenied() *Error {
	return bad("ACCESS_DENIED", "У Вас нет прав на просмотр этого элемента")
}
