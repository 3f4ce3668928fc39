package edo

import (
	"cmp"
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
	"acts24/workflow"
)

// invite queries SBIS about a counterparty that has chosen EDO, and sends it an invitation when SBIS finds none.
func (s *Service) invite(ctx context.Context, t queue.Task) error {
	scope := s.db.Scope(t.Portal)
	deal, err := scope.Deals().Get(ctx, acts.DealID(t.Subject))
	if err != nil {
		return err
	}
	own, err := scope.Companies().List(ctx)
	if err != nil {
		return err
	}
	company, ok := companyWithAccount(own, deal.OwnCompany)
	given, err := scope.Questions().Answers(ctx, deal.ID)
	if err != nil {
		return err
	}
	if !ok || acts.CheckINN(deal.Buyer.INN) != "" || len(given) == 0 || given[0].Channel != acts.ChannelEDO {
		s.queue.Done(ctx, t)
		return nil
	}
	account := workflow.Account{Portal: t.Portal, ID: company.AccountID}
	seen, err := s.edo.Lookup(ctx, account, deal.Buyer)
	if err != nil {
		return err
	}
	before, err := scope.Counterparties().InvitedAt(ctx, deal.Buyer.INN, deal.Buyer.KPP)
	if err != nil {
		return err
	}
	invitation := ""
	if !seen.Known && !seen.Invited() && before.IsZero() {
		if err := queue.Hold(ctx, s.db, []queue.Task{t}, s.timing.Lease); err != nil {
			return err
		}
		party := deal.Buyer
		party.Email = cmp.Or(given[0].Email, deal.Email)
		if invitation, err = s.edo.Invite(ctx, account, company.Party, party); err != nil && !errors.Is(err, acts.Refused) {
			return err
		}
	}
	s.queue.DoneWithResult(ctx, t, func(ctx context.Context, tx store.Tx) error {
		return s.saveInvitation(ctx, tx, deal, seen, before, invitation, err)
	})
	return nil
}

// saveInvitation stores what SBIS reports: seen about the counterparty, invitation as the id of the invitation just sent ("" when none was), or
// refused when SBIS did not send it. before is when an earlier invitation was sent, zero for never.
func (s *Service) saveInvitation(ctx context.Context, tx store.Tx, deal store.Deal, seen acts.Connection, before time.Time, invitation string, refused error) error {
	if err := tx.Counterparties().SaveLookup(ctx, deal.Buyer.INN, deal.Buyer.KPP, seen); err != nil {
		return err
	}
	switch {
	case refused != nil:
		return s.history.Notify(ctx, tx, deal.ID, deal.Responsible, workflow.MessageInvitationFailed, "СБИС не отправил приглашение контрагенту: "+acts.Message(refused))
	case invitation == "":
		return s.checkInvitation(ctx, tx, deal, seen.Known, before)
	}
	if err := tx.Counterparties().SaveInvitation(ctx, deal.Buyer.INN, deal.Buyer.KPP, invitation, s.now()); err != nil {
		return err
	}
	if err := s.followInvitation(ctx, tx, deal.ID, s.now()); err != nil {
		return err
	}
	return s.history.Comment(ctx, tx, deal.ID, "Контрагента нет в СБИС: ему отправлено приглашение к обмену.")
}

// followInvitation schedules the next query to SBIS for the end of the term of an invitation.
func (s *Service) followInvitation(ctx context.Context, tx store.Tx, deal acts.DealID, since time.Time) error {
	c, err := s.calendar.ScheduleOf(ctx, tx)
	if err != nil {
		return err
	}
	_, due := c.Days.Due(since, c.Terms.Invitation, c.Zone)
	return tx.Counterparties().FollowInvitation(ctx, deal, since, due)
}

// checkInvitation notifies the responsible of the outcome of an invitation: it was accepted, or it was not
// accepted within the first or the second term.
func (s *Service) checkInvitation(ctx context.Context, tx store.Tx, deal store.Deal, connected bool, before time.Time) error {
	since, checking, err := tx.Counterparties().InvitationOf(ctx, deal.ID)
	switch {
	case err != nil || connected && since.IsZero() || before.IsZero():
		return err
	case since.IsZero(): // it was invited for another deal
		return s.followInvitation(ctx, tx, deal.ID, before)
	case connected:
		if err := tx.Counterparties().EndInvitation(ctx, deal.ID); err != nil {
			return err
		}
		return s.history.Notify(ctx, tx, deal.ID, deal.Responsible, workflow.MessageInvitationTaken, "контрагент принял приглашение и подключился к обмену. Электронный акт можно передать в СБИС.")
	case !checking:
		return nil
	}
	c, err := s.calendar.ScheduleOf(ctx, tx)
	if err != nil {
		return err
	}
	if _, next := c.Days.Due(since, c.Terms.Again, c.Zone); next.After(s.now()) {
		err = tx.Counterparties().FollowInvitation(ctx, deal.ID, since, next)
	} else {
		err = tx.Counterparties().EndInvitation(ctx, deal.ID)
	}
	if err != nil {
		return err
	}
	return s.history.Notify(ctx, tx, deal.ID, deal.Responsible, workflow.MessageInvitationIgnored, "контрагент не принял приглашение к обмену, отправленное "+since.In(c.Zone).Format("02.01.2006")+
		". Можно: позвонить и напомнить, указать другой идентификатор ЭДО или выбрать обмен на бумаге на вкладке «Акты».")
}

// ProcessDueInvitations enqueues the next query to SBIS about counterparties that were invited and have not connected within the term.
func (s *Service) ProcessDueInvitations(ctx context.Context) (more bool, err error) {
	return s.queue.ProcessDue(ctx, "invitations", s.db.DueInvitations, func(ctx context.Context, tx store.Tx, deal int64) error {
		ok, err := tx.Counterparties().TakeInvitation(ctx, acts.DealID(deal), s.now())
		if err != nil || !ok {
			return err
		}
		return queue.Enqueue(ctx, tx, task.InviteCounterparty(acts.DealID(deal)))
	})
}

// companyWithAccount returns our company that makes the deal's acts, and whether it has an account at SBIS.
func companyWithAccount(own []store.OwnCompany, want acts.CompanyID) (store.OwnCompany, bool) {
	if len(own) == 0 {
		return store.OwnCompany{}, false
	}
	c := workflow.ChosenCompany(own, want)
	return c, c.AccountID != 0
}
