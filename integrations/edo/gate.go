package edo

import (
	"context"

	"acts24/integrations/sbis"
	"acts24/workflow"
)

// gate tells the breaker of an account what its calls say of the whole service.
type gate struct{ breaker workflow.Breaker }

// Enter lets a call pass while SBIS answers.
func (g gate) Enter(ctx context.Context) (func(error) error, error) {
	left, err := g.breaker.Before(ctx)
	if err != nil {
		return nil, err
	}
	return func(err error) error {
		e := workflow.Outcome{Answered: err == nil || sbis.Answered(err)}
		if sbis.OfService(err) && ctx.Err() != context.Canceled {
			e = workflow.Outcome{Failure: "СБИС не отвечает. Подождите: связь проверяется сама."}
		}
		return left(e, err)
	}, nil
}
