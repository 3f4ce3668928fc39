package bitrix24

import (
	"errors"
	"iter"
	"net/http"
	"slices"
	"strings"
)

// IsExpired reports whether the access token has expired and was not renewed.
func IsExpired(err error) bool { return hasMeaning(err, expired) }

// IsLimit reports whether a limit of the portal refused the call: the rate, the operating time of the method, or a manual
// block (docs/contracts/bitrix24.md, "Limits").
func IsLimit(err error) bool { return hasMeaning(err, limit) }

// IsNotFound reports whether the object, or its type, does not exist or is hidden from this token.
func IsNotFound(err error) bool { return hasMeaning(err, notFound) }

// IsAccessDenied reports whether the token's user, or the application, lacks the right to the call.
func IsAccessDenied(err error) bool { return hasMeaning(err, denied) }

// IsFreeTariff reports whether the portal has no commercial tariff, without which applications cannot call it
// (docs/contracts/bitrix24.md, "Kinds of applications").
func IsFreeTariff(err error) bool {
	for e := range chain(err) {
		if e.meaning().is(denied) && containsFold(e.Text, "commercial plans") {
			return true
		}
	}
	return false
}

// IsGone reports whether the portal is closed, the application was removed, or the user of the token lost access to it.
func IsGone(err error) bool { return hasMeaning(err, gone) }

// IsNoAccess reports whether the user of the token has lost access to the application (docs/contracts/bitrix24.md, "Error codes").
func IsNoAccess(err error) bool { return hasCode(err, "user_access_error") }

// IsBadToken reports whether the token is unknown to the portal, or its user was dismissed. The application may have been removed;
// app.info of the authorisation server distinguishes the two (docs/contracts/bitrix24.md, "Error codes").
func IsBadToken(err error) bool { return hasMeaning(err, badToken) }

// IsInvalidGrant reports whether a refresh token no longer works: an administrator must open the application again
// (docs/contracts/bitrix24.md, "Tokens").
func IsInvalidGrant(err error) bool { return hasMeaning(err, invalidGrant) }

// IsDuplicateHandler reports whether a placement or an event already has this handler
// (docs/contracts/bitrix24.md, "Placement methods"). Where only one registration is allowed, the portal answers with HTTP
// 200 (apidocs.bitrix24.ru/api-reference/widgets/universal/app-url.html).
func IsDuplicateHandler(err error) bool {
	if hasCode(err, "error_placement_max_count") {
		return true
	}
	for e := range chain(err) {
		if containsFold(e.Text, "already binded") {
			return true
		}
	}
	return false
}

// IsDuplicateField reports whether an entity already has a user field with this name; the error has no code
// (apidocs.bitrix24.ru/api-reference/crm/universal/userfieldconfig/userfieldconfig-add.html).
func IsDuplicateField(err error) bool {
	return textContains(err, "поле", "уже существует") || textContains(err, "already exists")
}

// IsMalformed reports whether a call could not be encoded, so that repeating it cannot succeed.
func IsMalformed(err error) bool {
	for _, never := range []error{errTooMany, errParameter, errBatchSize, errBatchKey, errBatchRef, errMethodName} {
		if errors.Is(err, never) {
			return true
		}
	}
	return false
}

func hasCode(err error, code string) bool {
	for e := range chain(err) {
		if strings.EqualFold(e.Code, code) {
			return true
		}
	}
	return false
}

func containsFold(text, part string) bool {
	return strings.Contains(strings.ToLower(text), part)
}

// emailFailed is the beginning of every error of sending an e-mail (docs/contracts/bitrix24.md, "E-mail"), which has no code.
const emailFailed = "email send error"

// textContains reports whether the text of an error contains all the parts.
func textContains(err error, parts ...string) bool {
	for e := range chain(err) {
		if e.remote && !slices.ContainsFunc(parts, func(part string) bool { return !containsFold(e.Text, part) }) {
			return true
		}
	}
	return false
}

// meaning is a set of classes of an error code. Every code with a meaning is a refusal before execution.
type meaning uint

const (
	wrong meaning = 1 << iota // the call itself: method, argument, tariff, transport
	expired
	limit
	gone
	badToken
	denied
	notFound
	restricted
	invalidGrant
	invalidClient
	paymentRequired
)

func (m meaning) is(part meaning) bool { return m&part != 0 }

// meanings are the codes of docs/contracts/bitrix24.md and of the pages named there, in lower case. ERROR_CORE, "0",
// WRONG_ENCODING and codes of 5xx are left out on purpose: they occur after part of the work was done.
var meanings = map[string]meaning{
	"expired_token":         expired,
	"query_limit_exceeded":  limit,
	"operation_time_limit":  limit,
	"overload_limit":        limit,
	"portal_deleted":        gone,
	"application_not_found": gone,
	"user_access_error":     gone | denied,
	"no_auth_found":         badToken,
	"invalid_token":         badToken,
	"authorization_error":   badToken,

	"access_denied":              denied,
	"invalid_credentials":        denied,
	"insufficient_scope":         denied,
	"allowed_only_intranet_user": denied,
	"wrong_auth_type":            denied,
	"method_confirm_waiting":     denied,
	"method_confirm_denied":      denied,
	"error_wrong_context":        denied,

	"not_found":             notFound,
	"owner_not_found":       notFound,
	"error_event_not_found": notFound,

	"create_dynamic_item_restricted": restricted,
	"update_dynamic_item_restricted": restricted,
	"create_dynamic_type_restricted": restricted,

	"invalid_request":                   wrong,
	"error_method_not_found":            wrong,
	"error_manifest_is_not_available":   wrong,
	"error_batch_method_not_allowed":    wrong,
	"error_batch_length_exceeded":       wrong,
	"error_argument":                    wrong,
	"invalid_arg_value":                 wrong,
	"invalid parameters.":               wrong,
	"100":                               wrong,
	"max_import_batch_size_exceeded":    wrong,
	"entity_type_not_supported":         wrong,
	"error_wrong_handler_url":           wrong,
	"error_unsupported_protocol":        wrong,
	"user_id_empty":                     wrong,
	"message_empty":                     wrong,
	"attach_oversize":                   wrong,
	"attach_error":                      wrong,
	"code_empty":                        wrong,
	"crm_field_error_required":          wrong,
	"crm_field_error_value_not_valid":   wrong,
	"error_placement_not_found":         wrong,
	"error_placement_max_count":         wrong,
	"error_placement_user_mode":         wrong,
	"error_activity_already_installed":  wrong,
	"error_activity_validation_failure": wrong,
	"error_activity_not_found":          notFound,
	"wrong_field_value":                 wrong,
	"error_empty_layout":                wrong,
	"unsupported_grant_type":            wrong,
	"invalid_scope":                     wrong,
	"invalid_grant":                     invalidGrant,
	"bad_verification_code":             invalidGrant,
	"invalid_client":                    invalidClient,
	"payment_required":                  paymentRequired,
}

// meaning returns the meaning of the code, in any case.
func (e *Error) meaning() meaning {
	code := strings.ToLower(e.Code)
	if m, known := meanings[code]; known {
		return m
	}
	if code == "" && strings.EqualFold(strings.TrimRight(e.Text, ". "), "not found") {
		return notFound // crm.requisite.link.get of a deal without a link (docs/contracts/bitrix24.md, "Requisites and parties")
	}
	if v3, found := strings.CutPrefix(code, "bitrix_rest_v3_exception_"); found {
		return meaningOfV3(v3)
	}
	return 0
}

// meaningOfV3 reads the codes of REST 3.0, the names of PHP exceptions (docs/contracts/bitrix24.md, "REST 3.0").
func meaningOfV3(name string) meaning {
	switch {
	case strings.HasPrefix(name, "accessdenied"), strings.HasPrefix(name, "insufficientscope"):
		return denied
	case strings.HasPrefix(name, "entitynotfound"):
		return notFound
	}
	return wrong
}

// isRefusalStatus reports whether a status is returned before a method is executed, with any code.
func isRefusalStatus(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusTooManyRequests:
		return true
	}
	return false
}

// chain iterates over the wrapped errors of type Error, the outermost first.
func chain(err error) iter.Seq[*Error] {
	return func(yield func(*Error) bool) {
		var e *Error
		for errors.As(err, &e) && yield(e) {
			err = e.cause
		}
	}
}

func hasMeaning(err error, m meaning) bool {
	for e := range chain(err) {
		if e.meaning().is(m) {
			return true
		}
	}
	return false
}
