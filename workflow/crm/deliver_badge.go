package crm

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/robots"
	"acts24/store/task"
	"acts24/workflow"
)

// prepareBadge makes the badge of a deal follow its acts. One activity per deal carries it: it is updated, and completed when there is
// nothing to show.
func (s *Service) prepareBadge(ctx context.Context, scope store.Scope, p store.Portal, d *workflow.Delivery) error {
	deal, err := scope.Deals().Get(ctx, acts.DealID(d.Task.Subject))
	if err != nil || deal.Deleted || !p.Automation.V.Badges {
		return err
	}
	all, err := scope.Acts().OfDeal(ctx, deal.ID)
	if err != nil {
		return err
	}
	kept, err := scope.Robots().Badge(ctx, deal.ID)
	if err != nil {
		return err
	}
	want := automation.BadgeOf(all)
	text := badgeText(all, want)
	if want == kept.Badge && (want == "" || text == kept.Text) && !d.Task.Unclear {
		return nil
	}
	d.Effect = &workflow.Effect{Badge: &workflow.BadgeChange{Deal: deal.ID, Activity: kept.Activity, Key: fmt.Sprintf("acts24-badge-%d", deal.ID), Badge: want,
		Responsible: deal.Responsible, Text: text}}
	d.StoreResult = func(ctx context.Context, tx store.Tx, r workflow.Result) error {
		if r.Gone {
			return errors.Join(tx.Robots().SetBadge(ctx, deal.ID, robots.Badge{}), queue.Enqueue(ctx, tx, task.ShowBadge(deal.ID)))
		}
		return tx.Robots().SetBadge(ctx, deal.ID, robots.Badge{Activity: r.Activity, Badge: want, Text: text})
	}
	d.HandleFailure = func(ctx context.Context, err error) (bool, func(context.Context, store.Tx) error) {
		switch {
		case errors.Is(err, acts.NotFound):
			return s.deals.MarkDeleted(ctx, d.Task.Portal, deal.ID) == nil, nil
		case errors.Is(err, acts.Refused), errors.Is(err, acts.Forbidden):
			return true, func(ctx context.Context, tx store.Tx) error {
				return workflow.RecordAutomationProblem(ctx, tx, "Значок сделки не показан", err)
			}
		}
		return false, nil
	}
	return nil
}

// badgeText lists the acts that a badge is about.
func badgeText(all []acts.Act, badge automation.Badge) string {
	var titles []string
	for _, a := range all {
		if badge != "" && automation.BadgeOf([]acts.Act{a}) == badge {
			titles = append(titles, a.Title())
		}
	}
	if len(titles) == 0 {
		return "Все акты сделки подписаны или ещё не направлены."
	}
	return strings.Join(titles, "\n")
}
