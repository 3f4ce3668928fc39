package crm

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/workflow"
)

// retryLater is the error of a call that was certainly not executed and may be repeated later.
type retryLater struct {
	cause error
	after time.Duration
}

func unavailable(cause error, after time.Duration) error {
	return &retryLater{cause: cause, after: after}
}

// Error returns the text for the log.
func (l *retryLater) Error() string { return "not executed: " + l.cause.Error() }

// Unwrap returns the message for the user and the cause.
func (l *retryLater) Unwrap() []error {
	text := "Битрикс24 сейчас не отвечает. Повторите через минуту."
	if errors.Is(l.cause, errBudgetSpent) || bitrix24.IsLimit(l.cause) {
		text = "Лимит запросов к Битрикс24 исчерпан: портал сейчас занят другой работой. Повторите через минуту."
	}
	return []error{acts.Errorf(acts.Unavailable, "%s", text), l.cause}
}

// RetryAfter returns how long to wait before a repeat, 0 when it is not known.
func (l *retryLater) RetryAfter() time.Duration { return l.after }

// writeError converts the error of a changing call according to whether the portal executed it: Unavailable when it certainly did not,
// Refused and the like when it refused, ErrUnclear otherwise.
func writeError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.As(err, new(*retryLater)):
		return err
	case bitrix24.IsMalformed(err):
		return fmt.Errorf("%w (%w)", acts.Errorf(acts.Refused, "Это нельзя передать в Битрикс24 одним запросом: слишком много данных. Сообщите в поддержку приложения."), err)
	case bitrix24.IsLimit(err), bitrix24.IsExpired(err), bitrix24.IsBadToken(err):
		return unavailable(err, 0)
	case bitrix24.IsFreeTariff(err):
		return fmt.Errorf("%w (%w)", acts.Errorf(acts.Forbidden, "Тариф портала не допускает приложения к данным: нужен коммерческий тариф Битрикс24 или демо-режим."), err)
	case bitrix24.IsAccessDenied(err), bitrix24.IsGone(err):
		return refusedError(acts.Forbidden, "Битрикс24 не дал доступа", err)
	case bitrix24.IsNotFound(err):
		return refusedError(acts.NotFound, "В Битрикс24 этого больше нет", err)
	case bitrix24.Refused(err):
		return refusedError(acts.Refused, "Битрикс24 не принял изменение", err)
	case bitrix24.NotExecuted(err):
		return unavailable(err, 0)
	}
	return fmt.Errorf("%w: %w", workflow.ErrUnclear, err)
}

// readError converts the error of a reading call, which may be repeated when its outcome is unclear.
func readError(err error) error {
	worded := writeError(err)
	if errors.Is(worded, workflow.ErrUnclear) {
		return unavailable(err, 0)
	}
	return worded
}

// refusedError joins our text with the message of the portal, which may contain HTML.
func refusedError(kind acts.Kind, what string, err error) error {
	var e *bitrix24.Error
	text := what
	if errors.As(err, &e) && e.Text != "" {
		text += ": " + stripTags(e.Text)
	}
	return fmt.Errorf("%w (%w)", acts.Errorf(kind, "%s.", strings.TrimRight(text, ". ")), err)
}

// stripTags removes tags and repeated spaces.
func stripTags(html string) string {
	var out strings.Builder
	inside := false
	for _, r := range html {
		switch {
		case r == '<':
			inside = true
		case r == '>':
			inside = false
			out.WriteByte(' ')
		case !inside:
			out.WriteRune(r)
		}
	}
	return strings.Join(strings.Fields(out.String()), " ")
}
