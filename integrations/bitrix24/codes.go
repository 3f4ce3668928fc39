package bitrix24

import (
	"errors"
	"iter"
	"net/http"
	"strings"
)

// meaning is what a code says; every code that has one is a refusal before execution.
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

// meanings are the codes of sections 1.5, 2.1, 3, 4, 6, 8 and 10.5, in lower case. ERROR_CORE, "0", WRONG_ENCODING and
// codes of 5xx are missing on purpose: they are met after a part of the work was done.
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
	"unsupported_grant_type":            wrong,
	"invalid_scope":                     wrong,
	"invalid_grant":                     invalidGrant,
	"bad_verification_code":             invalidGrant,
	"invalid_client":                    invalidClient,
	"payment_required":                  paymentRequired,
}

// meaning reads the code, whatever its case.
func (e *Error) meaning() meaning {
	code := strings.ToLower(e.Code)
	if m, known := meanings[code]; known {
		return m
	}
	if code == "" && strings.EqualFold(strings.TrimRight(e.Text, ". "), "not found") {
		return notFound // crm.requisite.link.get of a deal without a choice (section 3.5)
	}
	if v3, found := strings.CutPrefix(code, "bitrix_rest_v3_exception_"); found {
		return meaningOfV3(v3)
	}
	return 0
}

// meaningOfV3 reads the codes of REST 3.0, the names of PHP exceptions (section 11).
func meaningOfV3(name string) meaning {
	switch {
	case strings.HasPrefix(name, "accessdenied"), strings.HasPrefix(name, "insufficientscope"):
		return denied
	case strings.HasPrefix(name, "entitynotfound"):
		return notFound
	}
	return wrong
}

// refusalStatus tells statuses that are given before a method runs, whatever the code.
func refusalStatus(status int) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusTooManyRequests:
		return true
	}
	return false
}

// chain gives every Error behind err, the outermost first.
func chain(err error) iter.Seq[*Error] {
	return func(yield func(*Error) bool) {
		var e *Error
		for errors.As(err, &e) && yield(e) {
			err = e.cause
		}
	}
}

func means(err error, m meaning) bool {
	for e := range chain(err) {
		if e.meaning().is(m) {
			return true
		}
	}
	return false
}
