package workflow

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"acts24/acts"
	"acts24/acts/automation"
	"acts24/acts/history"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// RecordAnswer stores an answer about a deal and applies it: drafts take it over, the CRM shows it on the deal and the
// company, the responsible is notified, open questions are closed.
func (s *Questions) RecordAnswer(ctx context.Context, tx store.Tx, deal store.Deal, a store.Answer) error {
	a.Deal, a.Company, a.Contact, a.At = deal.ID, deal.Company, deal.Contact, s.now()
	id, err := tx.Questions().AddAnswer(ctx, a)
	if err != nil {
		return err
	}
	if err := s.closeQuestions(ctx, tx, deal.ID); err != nil {
		return err
	}
	if err := s.applyAnswerToActs(ctx, tx, deal, a); err != nil {
		return err
	}
	if err := queue.Enqueue(ctx, tx, task.ShowAnswer(id)); err != nil {
		return err
	}
	if err := s.history.RunTrigger(ctx, tx, deal.ID, automation.TriggerAnswered); err != nil {
		return err
	}
	if err := s.notifyAnswer(ctx, tx, deal, a); err != nil || a.Channel != acts.ChannelEDO {
		return err
	}
	return queue.Enqueue(ctx, tx, task.InviteCounterparty(deal.ID))
}

func (s *Questions) closeQuestions(ctx context.Context, tx store.Tx, deal acts.DealID) error {
	asked, err := tx.Questions().OfDeal(ctx, deal)
	if err != nil {
		return err
	}
	now := s.now()
	for _, q := range asked {
		if q.State == store.QuestionWithdrawn || q.Answered != nil && q.ID != asked[0].ID {
			continue
		}
		q.Answered = &now
		if err := tx.Questions().Save(ctx, q); err != nil {
			return err
		}
	}
	return tx.Questions().DropAnswerDeadlines(ctx, deal)
}

// notifyAnswer writes the answer to the deal's timeline and, when it came from the public form, notifies the responsible.
func (s *Questions) notifyAnswer(ctx context.Context, tx store.Tx, deal store.Deal, a store.Answer) error {
	from := map[string]string{store.FromForm: "Контрагент ответил", store.FromManager: "Способ обмена указал сотрудник", store.FromCRM: "Способ обмена указан в полях сделки"}[a.Source]
	words := from + ". " + a.Words() + "."
	if a.Answer.Contact != "" || a.Phone != "" {
		words += " Контакт: " + strings.Trim(a.Answer.Contact+", "+a.Phone, ", ") + "."
	}
	if kind := deal.Buyer.KindOrINN(); deal.Buyer.INN != "" && a.PartyKind != kind {
		words += " Ответ дан за: " + a.PartyKind.Label() + ", а по ИНН контрагент — " + kind.Label() + ": проверьте тип акта."
	}
	if a.Comment != "" {
		words += " Комментарий: " + a.Comment
	}
	if err := s.history.Comment(ctx, tx, deal.ID, words); err != nil || a.Source != store.FromForm {
		return err
	}
	return s.history.Notify(ctx, tx, deal.ID, deal.Responsible, MessageAnswered, words)
}

// applyAnswerToActs applies an answer to the acts of a deal: drafts take it over; for sent acts that contradict it the
// responsible is notified of the difference.
func (s *Questions) applyAnswerToActs(ctx context.Context, tx store.Tx, deal store.Deal, a store.Answer) error {
	all, err := tx.Acts().OfDeal(ctx, deal.ID)
	if err != nil {
		return err
	}
	settings, err := tx.Portals().Settings(ctx)
	if err != nil {
		return err
	}
	for _, one := range all {
		if !one.CountsTowardDeal() {
			continue
		}
		act, err := tx.Acts().Lock(ctx, one.ID)
		if err != nil {
			return err
		}
		if act.MayEdit() == nil {
			err = s.applyAnswerToAct(ctx, tx, act, a, settings.Question.HandOver)
		} else if differs := act.Differs(a.Answer); differs != "" {
			err = s.history.Notify(ctx, tx, deal.ID, deal.Responsible, MessageAnswerNotApplied, act.Title()+": "+differs+". Сам акт не изменён. Можно: "+act.AllowedActions(acts.ActorPerson)+".")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// applyAnswerToAct changes the way of exchange of a draft, and hands it over at once when the settings and the check
// allow it.
func (s *Questions) applyAnswerToAct(ctx context.Context, tx store.Tx, act acts.Act, a store.Answer, handOver bool) error {
	was := act
	if a.Channel == acts.ChannelEDO {
		act.Operator, act.Buyer = a.Operator, act.Buyer.WithParticipant(a.Participant, a.Seen)
		if doubts := act.Buyer.UnconfirmedDoubts(); len(doubts) > 0 {
			return s.history.Notify(ctx, tx, act.Deal, act.Responsible, MessageAnswerNotApplied, act.Title()+": способ обмена не изменён. "+acts.DoubtMessage(doubts)+
				" Если он верный, подтвердите его на вкладке «Акты» сделки: «Способ обмена», «Указать вручную».")
		}
	}
	act.Medium, act.Channel = a.Medium(), a.Channel
	if a.Email != "" {
		act.Buyer.Email = a.Email
	}
	if err := tx.Acts().SetExchange(ctx, act, s.now()); err != nil {
		return err
	}
	by := Visit{Source: history.SourceAnswer}
	by.Portal, by.User, by.UserName = tx.Portal(), a.User, cmp.Or(a.UserName, "Контрагент")
	line := by.Event(act.ID, "exchange", "Способ обмена. "+a.Words())
	line.Changes = history.Between(was, act)
	if err := s.history.RecordEvent(ctx, tx, line, act.Deal, false); err != nil {
		return err
	}
	if !handOver || act.Medium != acts.MediumElectronic || a.Source != store.FromForm {
		return nil
	}
	act, err := tx.Acts().Lock(ctx, act.ID)
	if err != nil {
		return err
	}
	err = s.acts.HandOverTx(ctx, tx, by, act)
	if errors.Is(err, acts.Invalid) || errors.Is(err, acts.Conflict) { // not ready: the page shows the reasons
		return nil
	}
	return err
}

// TidyAnswer removes spaces and what the chosen channel does not need.
func TidyAnswer(a acts.Answer) acts.Answer {
	a.Participant = acts.TrimParticipant(a.Participant)
	if a.Participant != "" {
		a.Operator = acts.OperatorOf(a.Participant)
	}
	for _, text := range []*string{&a.Email, &a.Address, &a.Contact, &a.Phone} {
		*text = strings.Join(strings.Fields(StripControl(*text)), " ")
	}
	a.Comment = strings.TrimSpace(StripControl(a.Comment))
	if a.Channel != acts.ChannelEDO {
		a.Operator, a.Participant = "", ""
	}
	if a.Channel != acts.ChannelEmail {
		a.Email = ""
	}
	if a.Channel != acts.ChannelPost {
		a.Address = ""
	}
	return a
}

// dropStaleFields ignores exchange fields that were read before our answer was written to the card, and enqueues
// another reading: the earlier answer would look like a person's edit and replace the newer one.
func (s *Questions) dropStaleFields(ctx context.Context, tx store.Tx, before store.Deal, after *store.Deal, since time.Time) error {
	if sameExchange(before, *after) {
		return nil
	}
	stale, err := queue.AnswerUnderWay(ctx, tx.Scope, after.ID, task.KindShowAnswer, since)
	if err != nil || !stale {
		return err
	}
	after.Exchange, after.Operator, after.Participant = before.Exchange, before.Operator, before.Participant
	return queue.EnqueueWithin(ctx, tx, task.ReadDeal(after.ID), ReadDelay)
}

func sameExchange(a, b store.Deal) bool {
	return a.Exchange == b.Exchange && a.Operator == b.Operator && a.Participant == b.Participant
}

// answerFromFields treats a person's edit of a deal's exchange fields as an answer; a native CRM form fills them too.
func (s *Questions) answerFromFields(ctx context.Context, tx store.Tx, before, after store.Deal) error {
	if sameExchange(before, after) {
		return nil
	}
	a, ok := readExchange(after)
	if !ok {
		return nil
	}
	given, err := tx.Questions().Answers(ctx, after.ID)
	if err != nil {
		return err
	}
	if len(given) > 0 && given[0].Channel == a.Channel && given[0].Participant == a.Participant { // an echo of our own write
		return nil
	}
	return s.RecordAnswer(ctx, tx, after, store.Answer{Answer: a, Source: store.FromCRM})
}

// readExchange reads an answer from the fields of a deal.
func readExchange(d store.Deal) (acts.Answer, bool) {
	a := acts.Answer{PartyKind: d.Buyer.KindOrINN(), Participant: acts.TrimParticipant(d.Participant)}
	words := strings.ToLower(d.Exchange)
	switch {
	case a.Participant != "" && acts.CheckParticipant(a.Participant) == "" && !strings.Contains(words, "бумаг"):
		a.Channel, a.Operator = acts.ChannelEDO, acts.OperatorOf(a.Participant)
		return a, true
	case strings.Contains(words, "mail") || strings.Contains(words, "мейл") || strings.Contains(words, "почт") && strings.Contains(words, "электронн"):
		a.Channel, a.Participant, a.Email = acts.ChannelEmail, "", d.Email
		return a, true
	case strings.Contains(words, "бумаг") || strings.Contains(words, "почт"):
		a.Channel, a.Participant, a.Address = acts.ChannelPost, "", d.Buyer.Address
		return a, true
	}
	return a, false
}

// JoinFaults joins the faults of several checks.
func JoinFaults(errs ...error) error {
	var all acts.Faults
	for _, err := range errs {
		if faults, ok := err.(acts.Faults); ok {
			all = append(all, faults...)
		}
	}
	return all.Err()
}
