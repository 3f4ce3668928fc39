package workflow

import (
	"context"
	"unicode"
	"unicode/utf8"

	"acts24/acts"
	"acts24/acts/letters"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// stepsWithReason lists the steps of an annulment that require a reason.
var stepsWithReason = map[acts.AnnulmentStep]bool{acts.StepRecall: true, acts.StepPropose: true}

// defaultDecline is the reason sent to the counterparty when a person declines its proposal without one; the page shows it.
const defaultDecline = "Не согласны с аннулированием"

// Annul makes SBIS recall or annul the document of an act, or answer the counterparty's proposal. The status changes when SBIS reports it.
func (s *Acts) Annul(ctx context.Context, v Visit, id acts.ActID, step acts.AnnulmentStep, reason string) error {
	reason = Clip(reason, 500)
	return s.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		if err := act.MayStep(step); err != nil {
			return err
		}
		if reason == "" && stepsWithReason[step] {
			return acts.Faults{{Field: "reason", Text: "Напишите причину: её прочитает контрагент, и она останется в истории акта."}}
		}
		if err := s.mayAnnulInPeriod(ctx, tx, act, step); err != nil {
			return err
		}
		if reason == "" && step == acts.StepDecline {
			reason = defaultDecline
		}
		n := act.Annulment
		n.Step, n.Why, n.By, n.At, n.Manual, n.Executed, n.Note, n.Declined = step, reason, v.UserName, s.now(), false, false, "", ""
		if err := tx.Acts().SetAnnulment(ctx, act.ID, n); err != nil {
			return err
		}
		if err := s.history.RecordEvent(ctx, tx, v.Event(act.ID, "annulment_"+string(step), WithReason(step.Label(), reason)), act.Deal, false); err != nil {
			return err
		}
		return queue.Enqueue(ctx, tx, task.AnnulDocument(act.ID))
	})
}

// mayAnnulInPeriod refuses to annul or to recall an act of a closed period.
func (s *Acts) mayAnnulInPeriod(ctx context.Context, tx store.Tx, act acts.Act, step acts.AnnulmentStep) error {
	if step == acts.StepDecline || step == acts.StepWithdraw {
		return nil
	}
	period, err := s.period(ctx, tx.Scope, act.OwnCompany)
	if err != nil {
		return err
	}
	return period.MayChange(act, map[acts.AnnulmentStep]string{acts.StepRecall: "отозвать акт", acts.StepPropose: "предложить аннулирование", acts.StepAgree: "согласиться аннулировать акт"}[step])
}

// ForgetAnnulment cancels a step that a person has to do in the account at SBIS, or closes a proposal whose end SBIS does not show.
func (s *Acts) ForgetAnnulment(ctx context.Context, v Visit, id acts.ActID) error {
	return s.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		if err := act.MayForget(); err != nil {
			return err
		}
		n := act.Annulment
		if n.Executed && (n.Step == acts.StepWithdraw || n.Step == acts.StepDecline) {
			n.Proposed, n.Reason = "", ""
		}
		n.Step, n.Why, n.By, n.Manual, n.Executed, n.Note = acts.NoStep, "", "", false, false, ""
		if err := tx.Acts().SetAnnulment(ctx, act.ID, n); err != nil {
			return err
		}
		if err := s.history.RecordEvent(ctx, tx, v.Event(act.ID, "annulment_forgotten", "Больше не ждём: "+firstLower(act.Annulment.Step.Label())), act.Deal, false); err != nil {
			return err
		}
		return s.calendar.UpdateReminders(ctx, tx, act.ID)
	})
}

// RemindAnnulment sends the counterparty a letter about our proposal that it has not answered.
func (s *Acts) RemindAnnulment(ctx context.Context, v Visit, id acts.ActID, address string) error {
	return s.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		if err := act.MayWithdraw(); err != nil {
			return err
		}
		to, err := Address(address)
		if err != nil {
			return err
		}
		zone, err := s.calendar.Zone(ctx, tx.Scope)
		if err != nil {
			return err
		}
		letter := store.Letter{Purpose: store.LetterAnnulment, Address: to, Subject: "Аннулирование: " + letters.TitleInSentence(letters.SanitizeBB(act.Title())),
			Body: letters.Body(letters.Annulment(act, zone)), User: v.User, UserName: v.UserName}
		return s.addLetter(ctx, tx, act, letter, v.Event(act.ID, "letter", "Напоминание о предложении аннулировать акт отправляется на "+to))
	})
}

func firstLower(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToLower(first)) + text[size:]
}
