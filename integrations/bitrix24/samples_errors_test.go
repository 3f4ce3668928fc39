package bitrix24

import (
	"context"
	"strings"
	"testing"
)

// sampleErrorKinds are the expected kinds of the errors of samples.
var sampleErrorKinds = map[string]func(error) bool{
	"_system/error-access-denied":                   IsAccessDenied,
	"_system/error-expired-token":                   IsExpired,
	"_system/error-insufficient-scope":              IsAccessDenied,
	"_system/error-invalid-credentials":             IsAccessDenied,
	"_system/error-no-auth-found":                   IsBadToken,
	"_system/error-overload-limit":                  IsLimit,
	"_system/error-portal-deleted":                  IsGone,
	"_system/error-query-limit-exceeded":            IsLimit,
	"_system/error-user-access-error":               IsGone,
	"app.info/error-access-denied":                  IsAccessDenied,
	"crm.category.list/error-not-found":             IsNotFound,
	"crm.item.get/error-access-denied":              IsAccessDenied,
	"crm.item.get/error-not-found-item":             IsNotFound,
	"crm.item.list/error-extranet-user":             IsAccessDenied,
	"crm.item.productrow.set/error-owner-not-found": IsNotFound,
	"crm.item.update/error-tariff-restricted":       isRestricted,
	"crm.type.add/error-tariff-limit":               isRestricted,
	"placement.bind/error-handler-already-binded":   IsDuplicateHandler,
	"placement.list/error-wrong-auth-type":          IsAccessDenied,
	"placement.unbind/error-wrong-auth-type":        IsAccessDenied,
}

// maybeExecuted are errors that do not prove that nothing was executed.
var maybeExecuted = map[string]bool{
	"crm.activity.add/error-email-from-not-found": true, "crm.activity.add/error-email-to-not-found": true,
	"crm.item.update/error-stage-change-denied": true, "crm.status.add/error-duplicate-status-id": true,
	"placement.bind/error-handler-already-binded": true, "tasks.task.add/error-core": true,
	"tasks.task.add/error-responsible-not-found": true, "userfieldconfig.add/error-more-scopes-crm": true,
}

func TestErrorsOfSamples(t *testing.T) {
	wanted := func(name string, s sample) bool {
		return strings.Contains(name, "error-") && !strings.HasPrefix(name, "oauth.") && !strings.HasPrefix(name, "batch/")
	}
	eachSample(t, wanted, func(t *testing.T, name string, s sample) {
		p := newStubPortal(t, respond(s.Status, string(s.Response)))
		err := p.client(t).Call(context.Background(), "some.method", nil, nil)
		if e := asError(t, err); e.Status != s.Status && !IsExpired(err) || !strings.Contains(string(s.Response), e.Code) {
			t.Errorf("error %+v, want status %d and the code of %s", e, s.Status, s.Response)
		}
		if isKind := sampleErrorKinds[name]; isKind != nil && !isKind(err) {
			t.Errorf("error %v is not of the kind in sampleErrorKinds", err)
		}
		if NotExecuted(err) == maybeExecuted[name] {
			t.Errorf("NotExecuted(%v) = %v, want %v", err, NotExecuted(err), !maybeExecuted[name])
		}
	})
	requireSamples(t, sortedKeys(sampleErrorKinds))
	requireSamples(t, sortedKeys(maybeExecuted))
}
