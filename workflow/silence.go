package workflow

import (
	"context"
	"errors"
	"fmt"

	"acts24/acts"
	"acts24/store"
)

// FireSilences tells the responsible of every question that nobody answered in its term, once.
func (s *Service) FireSilences(ctx context.Context) (more bool, err error) {
	due, err := s.db.DueSilences(ctx, s.now(), perFiring)
	if err != nil {
		return false, err
	}
	var errs []error
	for portal, ids := range byPortal(due) {
		err := s.db.InTx(ctx, portal, func(tx store.Tx) error {
			for _, id := range ids {
				if err := s.silent(ctx, tx, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			errs = append(errs, fmt.Errorf("fire silences of portal %d: %w", portal, err))
		}
	}
	if len(due) > 0 {
		s.wake()
	}
	return len(due) == perFiring && len(errs) == 0, errors.Join(errs...)
}

func (s *Service) silent(ctx context.Context, tx store.Tx, id int64) error {
	ok, err := tx.EndSilence(ctx, id, s.now())
	if err != nil || !ok {
		return err
	}
	q, err := tx.LockQuestion(ctx, id)
	if err != nil {
		return err
	}
	deal, err := tx.Deal(ctx, q.Deal)
	if err != nil || q.Answered != nil || q.State != store.QuestionSent || deal.Deleted || deal.Semantics == "F" {
		return err
	}
	now := s.now()
	q.Reminded = &now
	if err := tx.SaveQuestion(ctx, q); err != nil {
		return err
	}
	words := "Свяжитесь с контрагентом: на вопрос о способе обмена актами нет ответа"
	zone, err := s.zone(ctx, tx.Scope)
	if err != nil {
		return err
	}
	if q.SentAt != nil {
		words += " с " + q.SentAt.In(zone).Format("02.01.2006")
	}
	if words += "."; deal.Phones != "" {
		words += " Телефон: " + deal.Phones + "."
	}
	return s.say(ctx, tx, q.Deal, deal.Responsible, words+" Ответ можно внести на вкладке «Акты».")
}

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
	invitation := ""
	if !seen.Known && !seen.Invited() {
		if err := s.db.HoldTasks(ctx, []store.Task{t}, s.timing.Lease); err != nil {
			return err
		}
		party := deal.Buyer
		party.Email = first(given[0].Email, deal.Email)
		if invitation, err = s.edo.Invite(ctx, account, company.Party, party); err != nil && !errors.Is(err, acts.Refused) {
			return err
		}
	}
	s.finish(ctx, t, delivery{keep: func(ctx context.Context, tx store.Tx, _ Result) error {
		return s.invited(ctx, tx, deal, seen, invitation, err)
	}}, Result{})
	return nil
}

func (s *Service) invited(ctx context.Context, tx store.Tx, deal store.Deal, seen acts.Connection, invitation string, refused error) error {
	if err := tx.SaveLookup(ctx, deal.Buyer.INN, deal.Buyer.KPP, seen); err != nil {
		return err
	}
	switch {
	case refused != nil:
		return s.say(ctx, tx, deal.ID, deal.Responsible, "СБИС не отправил приглашение контрагенту: "+acts.Sentence(refused))
	case invitation == "":
		return nil
	}
	if err := tx.SaveInvitation(ctx, deal.Buyer.INN, deal.Buyer.KPP, invitation, s.now()); err != nil {
		return err
	}
	return s.say(ctx, tx, deal.ID, 0, "Контрагента нет в СБИС: ему отправлено приглашение к обмену.")
}

// connected is the company of ours that makes the deal's acts and has an account at SBIS.
func connected(own []store.OwnCompany, want acts.CompanyID) (store.OwnCompany, bool) {
	if len(own) == 0 {
		return store.OwnCompany{}, false
	}
	c := ChosenCompany(own, want)
	return c, c.AccountID != 0
}

func first(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
