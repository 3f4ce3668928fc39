package crm

import (
	"context"
	"errors"

	"acts24/acts"
	"acts24/integrations/bitrix24"
	"acts24/workflow"
)

// gate tells the breaker of a portal what its calls say of the whole portal.
type gate struct{ breaker workflow.Breaker }

// Enter lets a call pass while the portal lives.
func (g gate) Enter(ctx context.Context) (func(error) error, error) {
	left, err := g.breaker.Before(ctx)
	if err != nil {
		return nil, err
	}
	return func(err error) error {
		worded := left(endingOf(ctx, err), err)
		if bitrix24.OfPortal(err) && bitrix24.NotExecuted(err) { // no refusal of what was asked, whatever it looks like
			return unavailable(worded, 0)
		}
		return worded
	}, nil
}

// endingOf is what the end of a call says of the portal: nothing when we ourselves did not make it.
func endingOf(ctx context.Context, err error) workflow.Outcome {
	switch {
	case err == nil:
		return workflow.Outcome{Answered: true}
	case errors.Is(err, errDead):
		return workflow.Outcome{Failure: acts.Message(errDead)}
	case bitrix24.OfPortal(err) && ctx.Err() == nil:
		return workflow.Outcome{Failure: deadWords(err)}
	}
	return workflow.Outcome{Answered: bitrix24.Answered(err)}
}

// deadWords say why a portal counts as dead and what to do about it.
func deadWords(err error) string {
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
