package workflow

import (
	"context"
	"errors"
	"time"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/store"
)

// AnnulDrafts annuls the drafts of a lost deal.
func (s *Acts) AnnulDrafts(ctx context.Context, v Visit, deal acts.DealID) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		d, err := tx.Deals().Lock(ctx, deal)
		if err != nil {
			return err
		}
		if d.Semantics != "F" {
			return acts.Errorf(acts.Conflict, "Сделка не проиграна: аннулируйте акты по одному.")
		}
		all, err := tx.Acts().OfDeal(ctx, deal)
		if err != nil {
			return err
		}
		for _, a := range all {
			if a.Status != acts.StatusDraft || a.Delivery == acts.DeliveryQueued || a.Delivery == acts.DeliveryWithdrawing {
				continue
			}
			act, err := tx.Acts().Lock(ctx, a.ID)
			if err != nil {
				return err
			}
			err = s.annulTx(ctx, tx, v, act, "Сделка проиграна")
			if closed := (*acts.ClosedError)(nil); errors.As(err, &closed) { // the other drafts are still annulled
				err = s.RecordClosedAttempt(ctx, tx, v, closed)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	s.wake()
	return err
}

// eventsWithReason lists the marks that require a reason.
var eventsWithReason = map[acts.Event]bool{acts.EventRefusal: true, acts.EventAnnulment: true, acts.EventReturnToDraft: true}

// Mark applies a person's mark to an act: accepted without a signature, refused, returned to preparation, annulled.
func (s *Acts) Mark(ctx context.Context, v Visit, id acts.ActID, e acts.Event, reason string) error {
	reason = Clip(reason, 500)
	if reason == "" && eventsWithReason[e] {
		return acts.Faults{{Field: "reason", Text: "Напишите причину: её увидят в истории акта."}}
	}
	return s.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error { return s.MarkTx(ctx, tx, v, act, e, reason) })
}

// WithLockedAct runs a change of one act in a transaction, then wakes the jobs.
func (s *Acts) WithLockedAct(ctx context.Context, v Visit, id acts.ActID, change func(store.Tx, acts.Act) error) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		act, err := tx.Acts().Lock(ctx, id)
		if err != nil {
			return err
		}
		return change(tx, act)
	})
	s.wake()
	return s.logClosedAttempt(ctx, v, err)
}

// MarkTx is Mark within a transaction.
func (s *Acts) MarkTx(ctx context.Context, tx store.Tx, v Visit, act acts.Act, e acts.Event, reason string) error {
	if e == acts.EventAnnulment {
		return s.annulTx(ctx, tx, v, act, reason)
	}
	to, err := act.Apply(e, acts.ActorPerson)
	if err != nil {
		return err
	}
	if err := s.mustHaveCopy(ctx, tx, act, e); err != nil {
		return err
	}
	line := v.Event(act.ID, string(e), WithReason(to.Label(), reason))
	if e == acts.EventReturnToDraft {
		period, err := s.period(ctx, tx.Scope, act.OwnCompany)
		if err != nil {
			return err
		}
		if err := period.MayChange(act, "вернуть акт в подготовку"); err != nil {
			return err
		}
		if line.Changes, err = retireFiles(ctx, tx, act.ID, acts.SideOurs); err != nil {
			return err
		}
	}
	if err := s.history.ChangeStatus(ctx, tx, &act, to, line, reason, false); err != nil {
		return err
	}
	return s.calendar.UpdateReminders(ctx, tx, act.ID)
}

// mustHaveCopy refuses a mark about a signature on paper without an uploaded copy, unless the settings allow it.
func (s *Acts) mustHaveCopy(ctx context.Context, tx store.Tx, act acts.Act, e acts.Event) error {
	side := acts.SideOurs
	if e == acts.EventCountersignature {
		side = acts.SideTheirs
	}
	if act.Medium != acts.MediumPaper || e != acts.EventOurSignature && e != acts.EventCountersignature || side == acts.SideTheirs && !act.OriginalOn.IsZero() {
		return nil
	}
	settings, err := tx.Portals().Settings(ctx)
	if err != nil || settings.WithoutFiles {
		return err
	}
	files, err := tx.Acts().Files(ctx, act.ID)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Current && f.Side == side {
			return nil
		}
	}
	return acts.Errorf(acts.Conflict, "Нужен файл «%s»: загрузите скан, и статус изменится сам.", side.Label())
}

// annulTx annuls an act, at once or after its document has been withdrawn from SBIS.
func (s *Acts) annulTx(ctx context.Context, tx store.Tx, v Visit, act acts.Act, reason string) error {
	later, err := act.MayAnnul()
	if err != nil {
		return err
	}
	period, err := s.period(ctx, tx.Scope, act.OwnCompany)
	if err != nil {
		return err
	}
	if err := period.MayChange(act, "аннулировать акт"); err != nil {
		return err
	}
	if later {
		if err := tx.Acts().SetAnnulAfter(ctx, act.ID, reason); err != nil {
			return err
		}
		return s.takeBackTx(ctx, tx, v, act)
	}
	line := v.Event(act.ID, string(acts.EventAnnulment), WithReason(acts.StatusAnnulled.Label(), reason))
	return s.Annulled(ctx, tx, act, line, reason)
}

// Annulled records that an act is annulled. A refused act that it replaced counts again if the deal has enough left for it.
func (s *Acts) Annulled(ctx context.Context, tx store.Tx, act acts.Act, line store.ActEvent, reason string) error {
	if err := s.history.ChangeStatus(ctx, tx, &act, acts.StatusAnnulled, line, reason, false); err != nil {
		return err
	}
	if err := s.ReleaseCorrected(ctx, tx, act, line); err != nil {
		return err
	}
	return s.calendar.UpdateReminders(ctx, tx, act.ID)
}

// ReleaseCorrected makes a corrected act count again after its correction was annulled. When other acts have taken its rows meanwhile, it
// stays replaced, so that the acts do not exceed the deal. The deal is locked as for an act that is formed.
func (s *Acts) ReleaseCorrected(ctx context.Context, tx store.Tx, correction acts.Act, line store.ActEvent) error {
	if correction.Corrects == 0 {
		return nil
	}
	old, err := tx.Acts().Get(ctx, correction.Corrects)
	if err != nil || old.ReplacedBy != correction.ID {
		return err
	}
	deal, err := tx.Deals().Lock(ctx, old.Deal)
	if err != nil {
		return err
	}
	line.Act, line.From, line.To, line.Changes = old.ID, "", "", nil
	if !deal.Fits(old) {
		line.Kind, line.Text = "not_released", "Исправленный акт аннулирован, а позиции этого уже в других актах: он остаётся заменённым"
		return s.history.RecordEvent(ctx, tx, line, old.Deal, false)
	}
	if err := tx.Acts().Release(ctx, old.ID, correction.ID); err != nil {
		return err
	}
	line.Kind, line.Text = "released", "Исправленный акт аннулирован, этот снова ждёт решения"
	if old.Status == acts.StatusSigned {
		line.Text = "Исправленный акт аннулирован, в сделке снова действует этот"
	}
	if err := s.history.RecordEvent(ctx, tx, line, old.Deal, false); err != nil {
		return err
	}
	return s.people.assignToDealResponsible(ctx, tx, old.ID, old.Deal)
}

// Undo reverts the last mark of a person.
func (s *Acts) Undo(ctx context.Context, v Visit, id acts.ActID, reason string) error {
	if reason = Clip(reason, 500); reason == "" {
		return acts.Faults{{Field: "reason", Text: "Напишите, почему отметка ошибочна: это останется в истории акта."}}
	}
	return s.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error { return s.UndoTx(ctx, tx, v, act, reason) })
}

// UndoTx is Undo within a transaction.
func (s *Acts) UndoTx(ctx context.Context, tx store.Tx, v Visit, act acts.Act, reason string) error {
	marks, err := tx.Acts().Changes(ctx, act.ID)
	if err != nil {
		return err
	}
	before, by, err := act.Undo(marks)
	if err != nil {
		return err
	}
	line := v.Event(act.ID, "undo", WithReason("Отметка «"+act.Status.Label()+"» отменена", reason))
	if act.Status == acts.StatusSigned && act.Medium == acts.MediumPaper {
		if err := tx.Acts().SetArrived(ctx, act.ID, time.Time{}, time.Time{}); err != nil {
			return err
		}
		if line.Changes, err = retireFiles(ctx, tx, act.ID, acts.SideTheirs); err != nil {
			return err
		}
		line.Changes = append(line.Changes, history.Between(acts.Act{ScanOn: act.ScanOn, OriginalOn: act.OriginalOn}, acts.Act{})...)
	}
	m := store.Move{From: act.Status, To: before, Marked: by == acts.ActorPerson, At: s.now()}
	if err := tx.Acts().Move(ctx, act.ID, m); err != nil {
		return err
	}
	line.From, line.To = m.From, m.To
	if err := s.history.RecordEvent(ctx, tx, line, act.Deal, false); err != nil {
		return err
	}
	if act.Ended() {
		if err := s.people.assignToDealResponsible(ctx, tx, act.ID, act.Deal); err != nil {
			return err
		}
	}
	return s.calendar.UpdateReminders(ctx, tx, act.ID)
}

// Original records the day on which the paper original arrived; an act that was only sent becomes signed.
func (s *Acts) Original(ctx context.Context, v Visit, id acts.ActID, on string) error {
	return s.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		day, err := s.calendar.pastDay(ctx, tx, "original", on)
		if err != nil {
			return err
		}
		to, err := act.Apply(acts.EventCountersignature, acts.ActorPerson)
		if err != nil && act.Status != acts.StatusSigned {
			return err
		}
		if act.Medium != acts.MediumPaper {
			return acts.Errorf(acts.Conflict, "У электронного акта нет бумажного оригинала.")
		}
		if err := tx.Acts().SetArrived(ctx, act.ID, act.ScanOn, day); err != nil {
			return err
		}
		line := v.Event(act.ID, "original", "Оригинал получен "+day.Format("02.01.2006"))
		line.Changes = history.Between(acts.Act{OriginalOn: act.OriginalOn}, acts.Act{OriginalOn: day})
		if act.Status == acts.StatusSigned {
			return s.history.RecordEvent(ctx, tx, line, act.Deal, false)
		}
		if err := s.history.ChangeStatus(ctx, tx, &act, to, line, "", false); err != nil {
			return err
		}
		return s.calendar.UpdateReminders(ctx, tx, act.ID)
	})
}
