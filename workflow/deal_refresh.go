package workflow

import (
	"context"

	"acts24/acts"
	"acts24/store"
)

// RefreshDeal fetches a deal with the visitor's own token when our copy is older than Fresh. fresh reports that the
// copy was replaced; stale is a message for the page when the portal does not answer and the old copy is shown.
func (s *Deals) RefreshDeal(ctx context.Context, v Visit, d store.Deal) (fresh bool, stale string, err error) {
	if d.Age < s.timing.Fresh || !v.TokenLives {
		return false, "", nil
	}
	err = s.fetchDealAs(ctx, v, d.ID)
	switch kind := acts.KindOf(err); {
	case err == nil:
		return true, "", nil
	case kind == acts.Forbidden, kind == acts.NotFound:
		return false, "", err
	}
	s.log.WarnContext(ctx, "deal not re-read", "portal", v.Portal, "deal", d.ID, "err", err)
	return false, "Битрикс24 сейчас не отвечает, показаны данные, прочитанные раньше.", nil
}

// fetchDealAs replaces our copy of a deal by what the visitor's own token shows.
func (s *Deals) fetchDealAs(ctx context.Context, v Visit, id acts.DealID) error {
	p, err := s.db.Scope(v.Portal).Portals().Get(ctx)
	if err != nil {
		return err
	}
	token, err := v.Token()
	if err != nil {
		return err
	}
	since, err := s.db.MachineTime(ctx)
	if err != nil {
		return err
	}
	sight, err := s.crm.FetchViewer(ctx, p, token, Object{Deal: id})
	if err != nil {
		return err
	}
	if sight.Deal == nil {
		return errDealNotRead
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return s.SaveFetched(ctx, tx, *sight.Deal, since) })
}

var errDealNotRead = acts.Errorf(acts.Unavailable, "Битрикс24 не отвечает, а перед этим акт сверяется со сделкой. Повторите через минуту.")

// RefetchDealOfAct fetches the deal of a draft before it is numbered or handed over: our copy may be older than a
// recent change in the CRM, and a number is never given back.
func (s *Deals) RefetchDealOfAct(ctx context.Context, v Visit, id acts.ActID) error {
	act, err := s.db.Scope(v.Portal).Acts().Get(ctx, id)
	if err != nil || act.Status != acts.StatusDraft || act.Medium == acts.MediumPaper && act.Number != "" {
		return err
	}
	return s.refetchDeal(ctx, v, act.Deal)
}

// refetchDeal fetches a deal with the visitor's token, otherwise with the portal's: acts follow our roles, not the
// CRM's.
func (s *Deals) refetchDeal(ctx context.Context, v Visit, id acts.DealID) error {
	if v.TokenLives {
		if err := s.fetchDealAs(ctx, v, id); err == nil || acts.KindOf(err) == acts.Unavailable {
			return err
		}
	}
	err := s.fetchDealForPage(ctx, v.Portal, id)
	if err != nil && acts.KindOf(err) == "" {
		s.log.WarnContext(ctx, "deal not re-read", "portal", v.Portal, "deal", id, "err", err)
		return errDealNotRead
	}
	return err
}
