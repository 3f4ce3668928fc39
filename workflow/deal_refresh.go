package workflow

import (
	"context"
	"errors"
	"fmt"

	"acts24/acts"
	"acts24/store"
)

// RefreshDeal fetches a deal with the visitor's own token when our copy is older than Fresh. fresh reports that the
// copy was replaced; stale is a message for the page when the portal does not answer and the old copy is shown.
func (s *Deals) RefreshDeal(ctx context.Context, v Visit, d store.Deal) (fresh bool, stale string, err error) {
	if d.Age < s.timing.Fresh || !v.TokenLives {
		return false, "", nil
	}
	if v.PortalUnreachable {
		return false, staleDeal, nil
	}
	err = s.fetchDealAs(ctx, v, d.ID)
	switch kind := acts.KindOf(err); {
	case err == nil:
		return true, "", nil
	case kind == acts.Forbidden, kind == acts.NotFound:
		return false, "", err
	}
	s.log.WarnContext(ctx, "deal not re-read", "portal", v.Portal, "deal", d.ID, "err", err)
	return false, staleDeal, nil
}

const staleDeal = "Битрикс24 сейчас не отвечает, показаны данные, прочитанные раньше."

var errDealHidden = acts.Errorf(acts.Forbidden, "Битрикс24 не показывает вам эту сделку, поэтому её акты здесь не открываются. Доступ к сделке даёт администратор CRM.")

// MustBeVisible refuses a deal that the CRM hides from the visitor. The deal is fetched with his own token, and the result counts for five
// minutes. While the CRM does not answer, the visitor may read our copy.
func (s *Deals) MustBeVisible(ctx context.Context, v Visit, id acts.DealID) (Visit, error) {
	if v.Admin || id == 0 { // an administrator sees everything; 0 is a deal that is not saved yet
		return v, nil
	}
	known, err := s.db.Scope(v.Portal).Visits().Deals(ctx, v.ID, id)
	visible, found := known[id]
	switch {
	case err != nil, visible, v.PortalUnreachable:
		return v, err
	case found:
		return v, errDealHidden
	case !v.TokenLives:
		return v, ErrSessionOver
	}
	err = s.fetchDealAs(ctx, v, id)
	if acts.KindOf(err) == acts.Unavailable {
		if !v.Reading {
			return v, fmt.Errorf("%w (%w)", ErrPortalUnreachable, err)
		}
		v.PortalUnreachable, err = true, nil
	}
	return v, err
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
	viewer, err := s.crm.FetchViewer(ctx, p, token, Object{Deal: id})
	if kind := acts.KindOf(err); (kind == acts.Forbidden || kind == acts.NotFound) && !errors.Is(err, ErrTokenExpired) {
		return errors.Join(err, s.db.InTx(ctx, v.Portal, func(tx store.Tx) error { return tx.Visits().SaveDeal(ctx, v.ID, id, false) }))
	}
	if err != nil {
		return err
	}
	if viewer.Deal == nil {
		return errDealNotRead
	}
	return s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		if err := s.SaveFetched(ctx, tx, *viewer.Deal, since); err != nil {
			return err
		}
		return tx.Visits().SaveDeal(ctx, v.ID, id, true)
	})
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

// refetchDeal fetches a deal with the visitor's token, otherwise with the portal's: who may open the page of an act is decided by our roles, not
// by the CRM. A visitor whose token was refused changes nothing.
func (s *Deals) refetchDeal(ctx context.Context, v Visit, id acts.DealID) error {
	if v.TokenLives {
		if err := s.fetchDealAs(ctx, v, id); err == nil || acts.KindOf(err) == acts.Unavailable || errors.Is(err, ErrTokenRefused) {
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
