package edo

import (
	"context"

	"acts24/integrations/sbis"
	"acts24/workflow"
)

// accountBreaker tells the breaker of an account what its calls say of the whole service.
type accountBreaker struct{ breaker workflow.Breaker }

// Before lets a call pass while SBIS answers.
func (g accountBreaker) Before(ctx context.Context) (func(error) error, error) {
	after, err := g.breaker.Before(ctx)
	if err != nil {
		return nil, err
	}
	return func(err error) error {
		e := workflow.Outcome{Answered: err == nil || sbis.Answered(err)}
		if sbis.IsServiceFailure(err) && ctx.Err() != context.Canceled {
			e = workflow.Outcome{Failure: "СБИС не отвечает. Подождите: связь проверяется сама."}
		}
		return after(e, err)
	}, nil
}
