package edo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"acts24/acts"
	"acts24/store"
	"acts24/store/queue"
	"acts24/workflow"
)

// annul carries out the step of an annulment that a person wants, if the document offers it and needs no signature of a person; otherwise a
// person does it in the account and the result is followed. The document is fetched first: what was done by an earlier call, in
// the account or by the counterparty is not done again (docs/contracts/sbis.md, "Recall and annulment").
func (s *Service) annul(ctx context.Context, t queue.Task) error {
	scope := s.db.Scope(t.Portal)
	act, err := scope.Acts().Get(ctx, acts.ActID(t.Subject))
	if err != nil {
		return err
	}
	if !act.Annulment.IsQueued() {
		s.queue.Done(ctx, t)
		return nil
	}
	own, err := scope.Companies().Get(ctx, act.OwnCompany)
	if err != nil {
		return err
	}
	doc, ok, err := scope.Documents().Live(ctx, act.ID)
	if err != nil {
		return err
	}
	if !ok || own.AccountID == 0 {
		return s.leaveStep(ctx, t, act.Annulment.Step, "Для нашей организации не подключён аккаунт СБИС.")
	}
	at := workflow.Account{Portal: t.Portal, ID: own.AccountID}
	r, err := s.read(ctx, at, doc)
	if errors.Is(err, acts.NotFound) {
		r, err = missingReport(doc), nil
	}
	if err != nil {
		return err
	}
	if act, err = s.applyAndGet(ctx, t.Portal, act.ID, r); err != nil {
		return err
	}
	if !act.Annulment.IsQueued() { // it is done, or not possible any more
		s.queue.Done(ctx, t)
		return nil
	}
	step := act.Annulment.Step
	offer, ok := r.Offers[step]
	if !ok {
		return s.leaveStep(ctx, t, step, "")
	}
	key, why := s.keyOf(offer, own)
	if why != "" {
		return s.leaveStep(ctx, t, step, why)
	}
	if err := queue.Hold(ctx, s.db, []queue.Task{t}, s.timing.Lease); err != nil {
		return err
	}
	r, err = s.edo.Annul(ctx, at, doc.ID, offer, act.Annulment.Why, key)
	r.SeenBefore = doc.LastEvent
	switch {
	case errors.Is(err, acts.Refused), errors.Is(err, acts.NotFound):
		return s.leaveStep(ctx, t, step, "СБИС не выполнил: "+strings.TrimRight(acts.Message(err), ".")+".")
	case err != nil:
		return err
	}
	return s.stepExecuted(ctx, t, act.ID, step, r)
}

// keyOf returns the thumbprint with which SBIS signs a step, "" when it needs no signature: the certificate of our company, or the only one that
// the step offers. why is the reason when a person has to sign.
func (s *Service) keyOf(offer workflow.Offer, own store.OwnCompany) (thumbprint, why string) {
	if !offer.Signs {
		return "", ""
	}
	var usable []string
	for _, c := range offer.Keys {
		if !c.OnServer() || !c.Activated || !c.To.IsZero() && s.now().After(c.To.AddDate(0, 0, 1)) {
			continue
		}
		if strings.EqualFold(c.Thumbprint, own.Key.Thumbprint) {
			return c.Thumbprint, ""
		}
		usable = append(usable, c.Thumbprint)
	}
	switch {
	case len(usable) == 1:
		return usable[0], ""
	case len(usable) > 1:
		return "", "В аккаунте несколько ключей на сервере СБИС, а в настройках организации сертификат не выбран."
	}
	return "", "Нужна подпись, а ключа на сервере СБИС у нас нет."
}

// applyAndGet applies a report and returns the act after it.
func (s *Service) applyAndGet(ctx context.Context, portal acts.PortalID, id acts.ActID, r workflow.Report) (acts.Act, error) {
	if err := s.db.InTx(ctx, portal, func(tx store.Tx) error { return s.apply(ctx, tx, r) }); err != nil {
		return acts.Act{}, err
	}
	return s.db.Scope(portal).Acts().Get(ctx, id)
}

// leaveStep leaves a step to a person, who does it in the account at SBIS; note is the reason why the service does not. The result is
// still polled.
func (s *Service) leaveStep(ctx context.Context, t queue.Task, step acts.AnnulmentStep, note string) error {
	return s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		act, err := tx.Acts().Lock(ctx, acts.ActID(t.Subject))
		if err != nil {
			return err
		}
		n := act.Annulment
		if n.Step != step || !n.IsQueued() {
			return queue.Done(ctx, tx, t)
		}
		n.Manual, n.Note = true, note
		if err := tx.Acts().SetAnnulment(ctx, act.ID, n); err != nil {
			return err
		}
		text := strings.TrimSpace(note + " Нужно действие в СБИС: откройте документ и " + step.Instruction())
		e := store.ActEvent{Act: act.ID, Actor: string(acts.ActorOperator), Kind: "annulment_left_to_person", Text: text}
		if err := s.history.RecordEvent(ctx, tx, e, act.Deal, note != ""); err != nil {
			return err
		}
		return queue.Done(ctx, tx, t)
	})
}

// stepExecuted stores what SBIS answered to a step. A step whose result the answer does not show stays, and is followed.
func (s *Service) stepExecuted(ctx context.Context, t queue.Task, id acts.ActID, step acts.AnnulmentStep, r workflow.Report) error {
	err := s.db.InTx(ctx, t.Portal, func(tx store.Tx) error {
		if err := s.apply(ctx, tx, r); err != nil {
			return err
		}
		act, err := tx.Acts().Lock(ctx, id)
		if err != nil {
			return err
		}
		if n := act.Annulment; n.Step == step && n.IsQueued() {
			n.Executed = true
			if err := tx.Acts().SetAnnulment(ctx, id, n); err != nil {
				return err
			}
			e := store.ActEvent{Act: id, Actor: string(acts.ActorOperator), Kind: "annulment_executed", Text: "СБИС принял запрос, ждём результата"}
			if err := s.history.RecordEvent(ctx, tx, e, act.Deal, false); err != nil {
				return err
			}
		}
		if err := queue.WakeFeed(ctx, tx, act.OwnCompany); err != nil {
			return err
		}
		return queue.Done(ctx, tx, t)
	})
	if err != nil && !errors.Is(err, acts.Conflict) {
		return fmt.Errorf("%w: %w", workflow.ErrUnclear, err) // it is executed, but that is not recorded
	}
	return err
}

// followAnnulment stores the progress of an annulment after a report, and records the changes.
func (s *Service) followAnnulment(ctx context.Context, tx store.Tx, act *acts.Act, r workflow.Report) error {
	n, changes := act.FollowAnnulment(r.DocumentState, s.now())
	if n == act.Annulment {
		return nil
	}
	act.Annulment = n
	if err := tx.Acts().SetAnnulment(ctx, act.ID, n); err != nil {
		return err
	}
	for _, c := range changes {
		e := store.ActEvent{Act: act.ID, Actor: string(acts.ActorOperator), Kind: c.Kind, Source: n.LastEvent, Text: strings.TrimRight(c.Text, ".")}
		if err := s.history.RecordEvent(ctx, tx, e, act.Deal, c.Notify); err != nil {
			return err
		}
	}
	return s.calendar.UpdateReminders(ctx, tx, act.ID)
}
