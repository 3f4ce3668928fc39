package workflow

import (
	"context"
	"errors"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
)

// answered keeps an answer about a deal and does what it means: drafts take it over, the deal and the company in the CRM
// show it, the responsible is told, questions are no longer waited for.
func (s *Service) answered(ctx context.Context, tx store.Tx, deal store.Deal, a store.Answer) error {
	a.Deal, a.Company, a.Contact, a.At = deal.ID, deal.Company, deal.Contact, s.now()
	id, err := tx.AddAnswer(ctx, a)
	if err != nil {
		return err
	}
	if err := s.closeQuestions(ctx, tx, deal.ID); err != nil {
		return err
	}
	if err := s.toActs(ctx, tx, deal, a); err != nil {
		return err
	}
	if err := tx.Enqueue(ctx, TaskExchange, id); err != nil {
		return err
	}
	if err := s.tellAnswer(ctx, tx, deal, a); err != nil || a.Channel != acts.ByEDO {
		return err
	}
	return tx.Enqueue(ctx, TaskInvite, int64(deal.ID))
}

func (s *Service) closeQuestions(ctx context.Context, tx store.Tx, deal acts.DealID) error {
	asked, err := tx.QuestionsOfDeal(ctx, deal)
	if err != nil {
		return err
	}
	now := s.now()
	for _, q := range asked {
		if q.State == store.QuestionWithdrawn || q.Answered != nil && q.ID != asked[0].ID {
			continue
		}
		q.Answered = &now
		if err := tx.SaveQuestion(ctx, q); err != nil {
			return err
		}
	}
	return tx.EndSilences(ctx, deal)
}

// tellAnswer puts the answer on the deal's timeline and tells the responsible, unless he has given it himself.
func (s *Service) tellAnswer(ctx context.Context, tx store.Tx, deal store.Deal, a store.Answer) error {
	from := map[string]string{store.FromForm: "Контрагент ответил", store.FromManager: "Способ обмена указал сотрудник", store.FromCRM: "Способ обмена указан в полях сделки"}[a.Source]
	words := from + ". " + a.Words() + "."
	if a.Answer.Contact != "" || a.Phone != "" {
		words += " Контакт: " + strings.Trim(a.Answer.Contact+", "+a.Phone, ", ") + "."
	}
	if kind := acts.KindByINN(deal.Buyer.INN); deal.Buyer.INN != "" && a.PartyKind != kind {
		words += " Ответ дан за: " + a.PartyKind.Label() + ", а по ИНН контрагент — " + kind.Label() + ": проверьте тип акта."
	}
	if a.Comment != "" {
		words += " Комментарий: " + a.Comment
	}
	if err := s.say(ctx, tx, deal.ID, 0, words); err != nil || a.Source != store.FromForm {
		return err
	}
	return s.say(ctx, tx, deal.ID, deal.Responsible, words)
}

// toActs brings an answer to the acts of a deal: those in preparation take it over; for those under way that contradict
// it the manager gets the difference and the way on.
func (s *Service) toActs(ctx context.Context, tx store.Tx, deal store.Deal, a store.Answer) error {
	all, err := tx.ActsOfDeal(ctx, deal.ID)
	if err != nil {
		return err
	}
	settings, err := tx.Settings(ctx)
	if err != nil {
		return err
	}
	for _, one := range all {
		if !one.Counts() {
			continue
		}
		act, err := tx.LockAct(ctx, one.ID)
		if err != nil {
			return err
		}
		if act.MayEdit() == nil {
			err = s.takeAnswer(ctx, tx, act, a, settings.Question.HandOver)
		} else if differs := act.Differs(a.Answer); differs != "" {
			err = s.say(ctx, tx, deal.ID, deal.Responsible, act.Title()+": "+differs+". Сам акт не изменён. Можно: "+act.WaysOut(acts.ByPerson)+".")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// takeAnswer changes how a draft will be exchanged, and hands it over at once when the settings and the check allow.
func (s *Service) takeAnswer(ctx context.Context, tx store.Tx, act acts.Act, a store.Answer, handOver bool) error {
	act.Medium, act.Channel = a.Medium(), a.Channel
	if a.Channel == acts.ByEDO {
		act.Operator, act.Buyer.Participant = a.Operator, a.Participant
	}
	if a.Email != "" {
		act.Buyer.Email = a.Email
	}
	if err := tx.SetExchange(ctx, act, s.now()); err != nil {
		return err
	}
	by := Visit{}
	by.Portal, by.UserName = tx.Portal(), "по ответу контрагента"
	if err := s.tell(ctx, tx, by.event(act.ID, "exchange", "Способ обмена. "+a.Words()), act.Deal, false); err != nil {
		return err
	}
	if !handOver || act.Medium != acts.Electronic || a.Source != store.FromForm {
		return nil
	}
	act, err := tx.LockAct(ctx, act.ID)
	if err != nil {
		return err
	}
	err = s.handOver(ctx, tx, by, act)
	if errors.Is(err, acts.Invalid) || errors.Is(err, acts.Conflict) { // not ready: a person sees why on the page
		return nil
	}
	return err
}

// AnswerFor keeps the answer that a manager fills in himself.
func (s *Service) AnswerFor(ctx context.Context, v Visit, deal acts.DealID, a acts.Answer) error {
	a = tidyAnswer(a)
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		d, err := tx.LockDeal(ctx, deal)
		if err != nil {
			return err
		}
		if a.PartyKind == "" {
			a.PartyKind = acts.KindByINN(d.Buyer.INN)
		}
		if err := a.Check(); err != nil {
			return err
		}
		return s.answered(ctx, tx, d, store.Answer{Answer: a, Source: store.FromManager, User: v.User, UserName: v.UserName})
	})
	s.wake()
	return err
}

// tidyAnswer mends what people do to ids and drops what the chosen channel does not need.
func tidyAnswer(a acts.Answer) acts.Answer {
	a.Participant = acts.NormalizeParticipant(a.Participant)
	if a.Participant != "" {
		a.Operator = acts.OperatorOf(a.Participant)
	}
	for _, text := range []*string{&a.Email, &a.Address, &a.Contact, &a.Phone} {
		*text = strings.Join(strings.Fields(clean(*text)), " ")
	}
	a.Comment = strings.TrimSpace(clean(a.Comment))
	if a.Channel != acts.ByEDO {
		a.Operator, a.Participant = "", ""
	}
	if a.Channel != acts.ByEmail {
		a.Email = ""
	}
	if a.Channel != acts.ByPost {
		a.Address = ""
	}
	return a
}

// withoutStale leaves the exchange fields out of a reading that may be older than an answer of ours on the card, and has the card read
// again: an earlier answer would look like a person's edit, and replace the newer one.
func (s *Service) withoutStale(ctx context.Context, tx store.Tx, before store.Deal, after *store.Deal, since time.Time) error {
	if sameExchange(before, *after) {
		return nil
	}
	stale, err := tx.AnswerUnderWay(ctx, after.ID, TaskExchange, since)
	if err != nil || !stale {
		return err
	}
	after.Exchange, after.Operator, after.Participant = before.Exchange, before.Operator, before.Participant
	return tx.EnqueueTogether(ctx, TaskDeal, int64(after.ID), readTogether)
}

func sameExchange(a, b store.Deal) bool {
	return a.Exchange == b.Exchange && a.Operator == b.Operator && a.Participant == b.Participant
}

// fieldsAnswer takes a person's edit of the exchange fields of a deal for the answer: a native CRM form fills them too.
func (s *Service) fieldsAnswer(ctx context.Context, tx store.Tx, before, after store.Deal) error {
	if sameExchange(before, after) {
		return nil
	}
	a, ok := readExchange(after)
	if !ok {
		return nil
	}
	given, err := tx.AnswersOfDeal(ctx, after.ID)
	if err != nil {
		return err
	}
	if len(given) > 0 && given[0].Channel == a.Channel && given[0].Participant == a.Participant { // our own writing comes back
		return nil
	}
	return s.answered(ctx, tx, after, store.Answer{Answer: a, Source: store.FromCRM})
}

// readExchange reads an answer out of the fields of a deal.
func readExchange(d store.Deal) (acts.Answer, bool) {
	a := acts.Answer{PartyKind: acts.KindByINN(d.Buyer.INN), Participant: acts.NormalizeParticipant(d.Participant)}
	words := strings.ToLower(d.Exchange)
	switch {
	case a.Participant != "" && acts.CheckParticipant(a.Participant) == "" && !strings.Contains(words, "бумаг"):
		a.Channel, a.Operator = acts.ByEDO, acts.OperatorOf(a.Participant)
		return a, true
	case strings.Contains(words, "mail") || strings.Contains(words, "мейл") || strings.Contains(words, "почт") && strings.Contains(words, "электронн"):
		a.Channel, a.Participant, a.Email = acts.ByEmail, "", d.Email
		return a, true
	case strings.Contains(words, "бумаг") || strings.Contains(words, "почт"):
		a.Channel, a.Participant, a.Address = acts.ByPost, "", d.Buyer.Address
		return a, true
	}
	return a, false
}

// prepareExchange shows an answer on the cards of the deal and its counterparty, unless a newer one was given.
func (s *Service) prepareExchange(ctx context.Context, scope store.Scope, d *delivery) error {
	a, err := scope.AnswerByID(ctx, d.task.Subject)
	if err != nil {
		return err
	}
	given, err := scope.AnswersOfDeal(ctx, a.Deal)
	if err != nil || len(given) == 0 || given[0].ID != a.ID {
		return err
	}
	operator := ""
	if o, ok := acts.OperatorByPrefix(a.Operator); ok {
		operator = o.Name
	}
	d.effect = &Effect{Fields: &FieldsWish{Deal: a.Deal, Company: a.Company, Contact: a.Contact, Exchange: a.Words(), Operator: operator, Participant: a.Participant}}
	d.keep = func(ctx context.Context, tx store.Tx, _ Result) error { return tx.DealWrote(ctx, a.Deal, 1) }
	return nil
}
