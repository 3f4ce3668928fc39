package workflow

import (
	"context"
	"time"

	"acts24/acts"
	"acts24/store"
)

// needReason are the marks that nobody understands later without the person's words.
var needReason = map[acts.Event]bool{acts.Refusal: true, acts.Annulment: true, acts.ReturnToDraft: true}

// Mark is a person's mark on an act: accepted without a signature, refused, returned to preparation, annulled.
func (s *Service) Mark(ctx context.Context, v Visit, id acts.ActID, e acts.Event, reason string) error {
	reason = clip(reason, 500)
	if reason == "" && needReason[e] {
		return acts.Faults{{Field: "reason", Text: "Напишите причину: её увидят в истории акта."}}
	}
	return s.onAct(ctx, v, id, func(tx store.Tx, act acts.Act) error { return s.mark(ctx, tx, v, act, e, reason) })
}

// onAct runs a change of one act in a transaction, then wakes the jobs.
func (s *Service) onAct(ctx context.Context, v Visit, id acts.ActID, change func(store.Tx, acts.Act) error) error {
	err := s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		act, err := tx.LockAct(ctx, id)
		if err != nil {
			return err
		}
		return change(tx, act)
	})
	s.wake()
	return s.logClosed(ctx, v, err)
}

func (s *Service) mark(ctx context.Context, tx store.Tx, v Visit, act acts.Act, e acts.Event, reason string) error {
	if e == acts.Annulment {
		return s.annul(ctx, tx, v, act, reason)
	}
	to, err := act.Apply(e, acts.ByPerson)
	if err != nil {
		return err
	}
	if err := s.mustHaveCopy(ctx, tx, act, e); err != nil {
		return err
	}
	if e == acts.ReturnToDraft {
		period, err := s.period(ctx, tx.Scope, act.OwnCompany)
		if err != nil {
			return err
		}
		if err := period.MayChange(act, "вернуть акт в подготовку"); err != nil {
			return err
		}
		if err := tx.RetireFiles(ctx, act.ID, acts.Ours); err != nil {
			return err
		}
	}
	if err := s.move(ctx, tx, &act, to, v.event(act.ID, string(e), withReason(to.Label(), reason)), reason, false); err != nil {
		return err
	}
	return s.schedule(ctx, tx, act.ID)
}

// mustHaveCopy refuses a mark about a signature on paper that nobody can show, unless the settings do without.
func (s *Service) mustHaveCopy(ctx context.Context, tx store.Tx, act acts.Act, e acts.Event) error {
	side := acts.Ours
	if e == acts.Countersignature {
		side = acts.Theirs
	}
	if act.Medium != acts.Paper || e != acts.OurSignature && e != acts.Countersignature || side == acts.Theirs && !act.OriginalOn.IsZero() {
		return nil
	}
	settings, err := tx.Settings(ctx)
	if err != nil || settings.WithoutFiles {
		return err
	}
	files, err := tx.FilesOfAct(ctx, act.ID)
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

// annul annuls an act at once, or has its document taken out of SBIS first.
func (s *Service) annul(ctx context.Context, tx store.Tx, v Visit, act acts.Act, reason string) error {
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
		if err := tx.AnnulAfter(ctx, act.ID, reason); err != nil {
			return err
		}
		return s.takeBack(ctx, tx, v, act)
	}
	line := v.event(act.ID, string(acts.Annulment), withReason(acts.Annulled.Label(), reason))
	return s.annulled(ctx, tx, act, line, reason)
}

// annulled keeps that an act is annulled. A refused act in whose place it stood stands for itself again.
func (s *Service) annulled(ctx context.Context, tx store.Tx, act acts.Act, line store.ActEvent, reason string) error {
	if err := s.move(ctx, tx, &act, acts.Annulled, line, reason, false); err != nil {
		return err
	}
	if act.Corrects != 0 {
		if err := tx.ReleaseAct(ctx, act.Corrects, act.ID); err != nil {
			return err
		}
		line.Act, line.From, line.To, line.Kind, line.Text = act.Corrects, "", "", "released", "Исправленный акт аннулирован, этот снова ждёт решения"
		if err := s.tell(ctx, tx, line, act.Deal, false); err != nil {
			return err
		}
	}
	return s.schedule(ctx, tx, act.ID)
}

func withReason(what, reason string) string {
	if reason == "" {
		return what
	}
	return what + ": " + reason
}

// Undo takes the last mark of a person back: «Отменить отметку».
func (s *Service) Undo(ctx context.Context, v Visit, id acts.ActID, reason string) error {
	if reason = clip(reason, 500); reason == "" {
		return acts.Faults{{Field: "reason", Text: "Напишите, почему отметка ошибочна: это останется в истории акта."}}
	}
	return s.onAct(ctx, v, id, func(tx store.Tx, act acts.Act) error { return s.undo(ctx, tx, v, act, reason) })
}

func (s *Service) undo(ctx context.Context, tx store.Tx, v Visit, act acts.Act, reason string) error {
	history, err := tx.ChangesOfAct(ctx, act.ID)
	if err != nil {
		return err
	}
	before, by, err := act.Undo(history)
	if err != nil {
		return err
	}
	side := acts.Side("")
	switch {
	case act.Status == acts.Signed && act.Medium == acts.Paper:
		side = acts.Theirs
		if err := tx.Arrived(ctx, act.ID, time.Time{}, time.Time{}); err != nil {
			return err
		}
	}
	if side != "" {
		if err := tx.RetireFiles(ctx, act.ID, side); err != nil {
			return err
		}
	}
	m := store.Move{From: act.Status, To: before, Marked: by == acts.ByPerson, At: s.now()}
	if err := tx.MoveAct(ctx, act.ID, m); err != nil {
		return err
	}
	line := v.event(act.ID, "undo", withReason("Отметка «"+act.Status.Label()+"» отменена", reason))
	line.From, line.To = m.From, m.To
	if err := s.tell(ctx, tx, line, act.Deal, false); err != nil {
		return err
	}
	return s.schedule(ctx, tx, act.ID)
}

// Original marks the day on which the paper original came; an act that was only sent is signed by it.
func (s *Service) Original(ctx context.Context, v Visit, id acts.ActID, on string) error {
	return s.onAct(ctx, v, id, func(tx store.Tx, act acts.Act) error {
		day, err := s.pastDay(ctx, tx, "original", on)
		if err != nil {
			return err
		}
		to, err := act.Apply(acts.Countersignature, acts.ByPerson)
		if err != nil && act.Status != acts.Signed {
			return err
		}
		if act.Medium != acts.Paper {
			return acts.Errorf(acts.Conflict, "У электронного акта нет бумажного оригинала.")
		}
		if err := tx.Arrived(ctx, act.ID, act.ScanOn, day); err != nil {
			return err
		}
		line := v.event(act.ID, "original", "Оригинал получен "+day.Format("02.01.2006"))
		if act.Status == acts.Signed {
			return s.tell(ctx, tx, line, act.Deal, false)
		}
		if err := s.move(ctx, tx, &act, to, line, "", false); err != nil {
			return err
		}
		return s.schedule(ctx, tx, act.ID)
	})
}

// pastDay reads a day that cannot lie ahead; empty means today in the portal's zone.
func (s *Service) pastDay(ctx context.Context, tx store.Tx, field, text string) (time.Time, error) {
	zone, err := s.zone(ctx, tx.Scope)
	if err != nil {
		return time.Time{}, err
	}
	now := s.now().In(zone)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	if text == "" {
		return today, nil
	}
	p := parser{}
	day := p.date(field, text, true)
	switch {
	case len(p.faults) > 0:
		return day, p.faults.Err()
	case day.After(today):
		p.faults.Add(field, "Эта дата ещё не наступила.")
	case day.Before(today.AddDate(-5, 0, 0)):
		p.faults.Add(field, "Проверьте дату: она далеко от сегодняшней.")
	}
	return day, p.faults.Err()
}

// zone is the zone of the portal, Moscow for an unknown one.
func (s *Service) zone(ctx context.Context, scope store.Scope) (*time.Location, error) {
	p, err := scope.PortalInfo(ctx)
	if err != nil {
		return nil, err
	}
	return ZoneOf(p.Zone), nil
}
