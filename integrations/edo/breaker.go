package edo

import (
	"context"

	"acts24/integrations/sbis"
	"acts24/workflow/breaker"
)

// accountBreaker connects a client to the breaker of its account.
type accountBreaker struct{ breaker breaker.Breaker }

// Before returns an error while the breaker of the account is open.
func (g accountBreaker) Before(ctx context.Context) (func(error) error, error) {
	after, err := g.breaker.Before(ctx)
	if err != nil {
		return nil, err
	}
	return func(err error) error {
		e := breaker.Outcome{Answered: err == nil || sbis.Answered(err)}
		if sbis.IsServiceFailure(err) && ctx.Err() != context.Canceled {
			e = breaker.Outcome{Failure: "СБИС не отвечает. Подождите: связь проверяется сама."}
		}
		return after(e, err)
	}, nil
}
