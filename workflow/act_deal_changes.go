package workflow

import (
	"context"
	"strings"

	"acts24/acts"
	"acts24/store"
)

// DealDifferences lists what has changed in the deal since the act was made of it: everything while the act is a draft,
// later no other rows of the deal than its own.
func DealDifferences(act acts.Act, d store.Deal) []acts.Difference {
	if act.DealState.Empty() || !act.CountsTowardDeal() {
		return nil
	}
	list := act.DealState.Differences(stateOf(d))
	if act.Status != acts.StatusDraft {
		list = acts.OfLines(list, act.Lines)
	}
	return list
}

// mustMatchDeal refuses to number a draft or to hand it over while its deal has changed and nobody has confirmed that
// the act stays as it is.
func mustMatchDeal(act acts.Act, d store.Deal) error {
	if list := DealDifferences(act, d); len(list) > 0 {
		return acts.Errorf(acts.Conflict, "Сделка изменилась после формирования акта. %s. Обновите акт по сделке или подтвердите, что он остаётся прежним.", joinDifferences(list, 3))
	}
	return nil
}

// joinDifferences joins the first differences in one line.
func joinDifferences(list []acts.Difference, most int) string {
	var texts []string
	for i, d := range list {
		if i == most {
			texts = append(texts, "и другое")
			break
		}
		texts = append(texts, d.String())
	}
	return strings.Join(texts, "; ")
}

// DealMismatch returns what no longer matches the deal before the document of an act is written. The deal is fetched for
// it, unless that was done a moment ago.
func (s *Acts) DealMismatch(ctx context.Context, portal acts.PortalID, act acts.Act) (string, error) {
	deal, err := s.db.Scope(portal).Deals().Get(ctx, act.Deal)
	if err != nil {
		return "", err
	}
	if deal.Age >= s.timing.Fresh {
		if err := s.deals.FetchDeals(ctx, portal, act.Deal); err != nil {
			return "", err
		}
		if deal, err = s.db.Scope(portal).Deals().Get(ctx, act.Deal); err != nil {
			return "", err
		}
	}
	if deal.Deleted {
		return "Сделка удалена в Битрикс24.", nil
	}
	return acts.Message(mustMatchDeal(act, deal)), nil
}

// KeepAct stores that a draft stays as it is although its deal has changed.
func (s *Acts) KeepAct(ctx context.Context, v Visit, id acts.ActID) error {
	return s.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		d, err := tx.Deals().Get(ctx, act.Deal)
		if err != nil {
			return err
		}
		list := DealDifferences(act, d)
		if len(list) == 0 {
			return nil
		}
		if err := act.MayEdit(); err != nil {
			return err
		}
		if err := tx.Acts().SetDealState(ctx, id, stateOf(d).WithExchange(act.DealState)); err != nil {
			return err
		}
		return s.history.RecordEvent(ctx, tx, v.Event(id, "kept", "Сделка изменилась, акт оставлен прежним. "+joinDifferences(list, 10)), act.Deal, false)
	})
}

// RenewAct rebuilds a draft from its deal: the same rows and quantities as far as the deal still has them, at its
// current prices.
func (s *Acts) RenewAct(ctx context.Context, v Visit, id acts.ActID) error {
	scope := s.db.Scope(v.Portal)
	act, err := scope.Acts().Get(ctx, id)
	if err != nil {
		return err
	}
	d, err := scope.Deals().Get(ctx, act.Deal)
	if err != nil {
		return err
	}
	d = d.Without(act)
	f := FormOf(act, d)
	for _, row := range d.Rows {
		pick := f.Picks[row.ID]
		if q, err := acts.ParseDecimal(pick.Quantity); err == nil && q.GreaterThan(row.Remainder()) {
			pick.Quantity = decimalComma(row.Remainder().String())
			pick.On = row.Remainder().IsPositive()
			f.Picks[row.ID] = pick
		}
	}
	return s.EditAct(ctx, v, id, *f)
}
