package crm

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/workflow/breaker"
)

// portalBreaker connects a client to the breaker of its portal.
type portalBreaker struct{ breaker breaker.Breaker }

// Before returns an error while the breaker of the portal is open.
func (g portalBreaker) Before(ctx context.Context) (func(error) error, error) {
	after, err := g.breaker.Before(ctx)
	if err != nil {
		return nil, err
	}
	return func(err error) error {
		worded := after(outcomeOf(ctx, err), err)
		if bitrix24.IsPortalFailure(err) && bitrix24.NotExecuted(err) { // it looks like a refusal of the call but concerns the whole portal
			return unavailable(worded, 0)
		}
		return worded
	}, nil
}

// outcomeOf returns what the result of a call means for the portal: nothing when the call was cancelled by us.
func outcomeOf(ctx context.Context, err error) breaker.Outcome {
	switch {
	case err == nil:
		return breaker.Outcome{Answered: true}
	case errors.Is(err, errTokensDead):
		return breaker.Outcome{Failure: acts.Message(errTokensDead)}
	case bitrix24.IsPortalFailure(err) && ctx.Err() == nil:
		return breaker.Outcome{Failure: outageMessage(err)}
	}
	return breaker.Outcome{Answered: bitrix24.Answered(err)}
}

// outageMessage returns why a portal cannot be called and what to do.
func outageMessage(err error) string {
	switch {
	case bitrix24.RedirectHost(err) != "":
		return "Портал переехал на другой адрес: администратор должен открыть приложение в Битрикс24."
	case bitrix24.IsGone(err), bitrix24.IsInvalidGrant(err), bitrix24.IsBadToken(err):
		return "Портал не принимает приложение: похоже, его удалили. Администратор должен открыть приложение в Битрикс24 или установить его заново."
	case bitrix24.IsAccessDenied(err):
		return "Портал отказывает приложению в доступе: проверьте тариф портала и права приложения."
	}
	return "Портал не отвечает. Если он открывается в браузере, подождите: связь проверяется сама."
}
