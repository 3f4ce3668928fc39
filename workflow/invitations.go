package workflow

import (
	"cmp"
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/store"
)

// invite asks SBIS for a counterparty that chose EDO, and invites one that it does not know.
func (s *Service) invite(ctx context.Context, t store.Task) error {
	scope := s.db.Scope(t.Portal)
	deal, err := scope.Deal(ctx, acts.DealID(t.Subject))
	if err != nil {
		return err
	}
	own, err := scope.OwnCompanies(ctx)
	if err != nil {
		return err
	}
	company, ok := connected(own, deal.OwnCompany)
	given, err := scope.AnswersOfDeal(ctx, deal.ID)
	if err != nil {
		return err
	}
	if !ok || acts.CheckINN(deal.Buyer.INN) != "" || len(given) == 0 || given[0].Channel != acts.ByEDO {
		s.finish(ctx, t, delivery{}, Result{})
		return nil
	}
	account := Account{t.Portal, company.AccountID}
	seen, err := s.edo.Lookup(ctx, account, deal.Buyer)
	if err != nil {
		return err
	}
	before, err := scope.InvitedAt(ctx, deal.Buyer.INN, deal.Buyer.KPP)
	if err != nil {
		return err
	}
	invitation := ""
	if !seen.Known && !seen.Invited() && before.IsZero() {
		if err := s.db.HoldTasks(ctx, []store.Task{t}, s.timing.Lease); err != nil {
			return err
		}
		party := deal.Buyer
		party.Email = cmp.Or(given[0].Email, deal.Email)
		if invitation, err = s.edo.Invite(ctx, account, company.Party, party); err != nil && !errors.Is(err, acts.Refused) {
			return err
		}
	}
	s.finish(ctx, t, delivery{keep: func(ctx context.Context, tx store.Tx, _ Result) error {
		return s.invited(ctx, tx, deal, seen, before, invitation, err)
	}}, Result{})
	return nil
}

// invited keeps what SBIS said: seen of the counterparty, invitation of the one that has just gone out ("" when none
// has). before is when an earlier one went.
func (s *Service) invited(ctx context.Context, tx store.Tx, deal store.Deal, seen acts.Connection, before time.Time, invitation string, refused error) error {
	if err := tx.SaveLookup(ctx, deal.Buyer.INN, deal.Buyer.KPP, seen); err != nil {
		return err
	}
	switch {
	case refused != nil:
		return s.say(ctx, tx, deal.ID, deal.Responsible, "СБИС не отправил приглашение контрагенту: "+acts.Sentence(refused))
	case invitation == "":
		return s.waitsForConnection(ctx, tx, deal, seen.Known, before)
	}
	if err := tx.SaveInvitation(ctx, deal.Buyer.INN, deal.Buyer.KPP, invitation, s.now()); err != nil {
		return err
	}
	if err := s.followInvitation(ctx, tx, deal.ID, s.now()); err != nil {
		return err
	}
	return s.say(ctx, tx, deal.ID, 0, "Контрагента нет в СБИС: ему отправлено приглашение к обмену.")
}

// followInvitation has SBIS asked again when the term of an invitation is over.
func (s *Service) followInvitation(ctx context.Context, tx store.Tx, deal acts.DealID, since time.Time) error {
	c, err := s.clockOf(ctx, tx)
	if err != nil {
		return err
	}
	_, due := c.days.Due(since, c.terms.Invitation, c.zone)
	return tx.FollowInvitation(ctx, deal, since, due)
}

// waitsForConnection tells the responsible what became of an invitation: it was accepted, or not in its term, twice.
func (s *Service) waitsForConnection(ctx context.Context, tx store.Tx, deal store.Deal, connected bool, before time.Time) error {
	since, due, err := tx.InvitationOf(ctx, deal.ID)
	switch {
	case err != nil || connected && since.IsZero() || before.IsZero():
		return err
	case since.IsZero(): // it was invited in another deal
		return s.followInvitation(ctx, tx, deal.ID, before)
	case connected:
		if err := tx.EndInvitation(ctx, deal.ID); err != nil {
			return err
		}
		return s.say(ctx, tx, deal.ID, deal.Responsible, "контрагент принял приглашение и подключился к обмену. Электронный акт можно передать в СБИС.")
	case !due:
		return nil
	}
	c, err := s.clockOf(ctx, tx)
	if err != nil {
		return err
	}
	if _, next := c.days.Due(since, c.terms.Again, c.zone); next.After(s.now()) {
		err = tx.FollowInvitation(ctx, deal.ID, since, next)
	} else {
		err = tx.EndInvitation(ctx, deal.ID)
	}
	if err != nil {
		return err
	}
	return s.say(ctx, tx, deal.ID, deal.Responsible, "контрагент не принял приглашение к обмену, отправленное "+since.In(c.zone).Format("02.01.2006")+
		". Можно: позвонить и напомнить, указать другой идентификатор ЭДО или выбрать обмен на бумаге на вкладке «Акты».")
}

// FireInvitations has SBIS asked again about counterparties that were invited and have not connected in the term.
func (s *Service) FireInvitations(ctx context.Context) (more bool, err error) {
	return s.fire(ctx, "invitations", s.db.DueInvitations, func(ctx context.Context, tx store.Tx, deal int64) error {
		ok, err := tx.TakeInvitation(ctx, acts.DealID(deal), s.now())
		if err != nil || !ok {
			return err
		}
		return tx.Enqueue(ctx, TaskInvite, deal)
	})
}

// connected is the company of ours that makes the deal's acts and has an account at SBIS.
func connected(own []store.OwnCompany, want acts.CompanyID) (store.OwnCompany, bool) {
	if len(own) == 0 {
		return store.OwnCompany{}, false
	}
	c := ChosenCompany(own, want)
	return c, c.AccountID != 0
}
