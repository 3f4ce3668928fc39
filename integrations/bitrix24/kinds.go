package bitrix24

import (
	"slices"
	"strings"
)

// IsExpired tells that the access token is out of date and was not, or could not be, renewed.
func IsExpired(err error) bool { return means(err, expired) }

// IsLimit tells that a limit of the portal refused the call: the rate, the operating time of the method, or a manual
// block (section 10.4). RetryAt knows more.
func IsLimit(err error) bool { return means(err, limit) }

// IsBlocked tells that the vendor has blocked the application by hand; only support lifts it.
func IsBlocked(err error) bool { return hasCode(err, "overload_limit") }

// IsNotFound tells that the object, or its type, does not exist or is hidden from this token.
func IsNotFound(err error) bool { return means(err, notFound) }

// IsAccessDenied tells that the token's user, or the application, has no right to this.
func IsAccessDenied(err error) bool { return means(err, denied) }

// IsRestricted tells that the tariff of the portal does not allow it.
func IsRestricted(err error) bool { return means(err, restricted) }

// IsFreeTariff tells that the portal has no commercial tariff, without which it answers no application (section 1.1).
func IsFreeTariff(err error) bool {
	for e := range chain(err) {
		if e.meaning().is(denied) && containsFold(e.Text, "commercial plans") {
			return true
		}
	}
	return false
}

// IsGone tells that the portal is closed, the application was removed, or its user lost access to it.
func IsGone(err error) bool { return means(err, gone) }

// IsBadToken tells that the portal does not know the token at all, or its user was dismissed: the application may
// have been removed, which app.info of the authorisation server confirms (section 10.5).
func IsBadToken(err error) bool { return means(err, badToken) }

// IsInvalidGrant tells that a refresh token is dead: only an administrator's next opening helps (section 1.5).
func IsInvalidGrant(err error) bool { return means(err, invalidGrant) }

// IsInvalidClient tells that our own secret is wrong or the application is not installed on that portal.
func IsInvalidClient(err error) bool { return means(err, invalidClient) }

// IsPaymentRequired tells that the paid or trial period is over, or the application was removed.
func IsPaymentRequired(err error) bool { return means(err, paymentRequired) }

// IsDuplicateHandler tells that a placement already has this handler (section 12, pitfall 2).
func IsDuplicateHandler(err error) bool {
	for e := range chain(err) {
		if containsFold(e.Text, "already binded") {
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

// emailFailed begins every refusal of the mail service (section 6.3); it comes without a code.
const emailFailed = "email send error"

// tells looks for an error whose text has all the parts.
func tells(err error, parts ...string) bool {
	for e := range chain(err) {
		if e.spoken && !slices.ContainsFunc(parts, func(part string) bool { return !containsFold(e.Text, part) }) {
			return true
		}
	}
	return false
}
