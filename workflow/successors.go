package workflow

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/store"
)

// Correct forms a new act in the place of a refused one: the same content, to be mended before it is sent.
func (s *Service) Correct(ctx context.Context, v Visit, id acts.ActID, key string) (acts.ActID, error) {
	return s.successor(ctx, v, id, key, func(old acts.Act, next *acts.Act) error {
		next.Corrects = old.ID
		return old.MayCorrect()
	})
}

// Copy forms a new act with the content of an annulled one, as far as its deal still has it.
func (s *Service) Copy(ctx context.Context, v Visit, id acts.ActID, key string) (acts.ActID, error) {
	return s.successor(ctx, v, id, key, func(old acts.Act, next *acts.Act) error {
		next.CopyOf = old.ID
		return old.MayCopy()
	})
}

// successor forms an act out of another one. The same key gives the same act however often it comes.
func (s *Service) successor(ctx context.Context, v Visit, id acts.ActID, key string,
	may func(old acts.Act, next *acts.Act) error) (made acts.ActID, err error) {
	if _, err := uuid.Parse(key); err != nil {
		return 0, acts.Errorf(acts.Invalid, "Страница устарела, обновите её.")
	}
	deal, err := s.dealOf(ctx, v.Portal, id)
	if err != nil {
		return 0, err
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		d, err := tx.LockDeal(ctx, deal)
		if err != nil {
			return err
		}
		if made, err = tx.ActOfForm(ctx, key); err != nil || made != 0 {
			return err
		}
		old, err := tx.LockAct(ctx, id)
		if err != nil {
			return err
		}
		next := old
		next.Corrects, next.CopyOf, next.Number, next.Wanted = 0, 0, "", ""
		if next.Date, err = s.openDate(ctx, tx.Scope, old); err != nil {
			return err
		}
		if err := may(old, &next); err != nil {
			return err
		}
		if err := s.renew(&next, Without(d, old)); err != nil {
			return err
		}
		next.CreatedBy, next.CreatedAt = v.User, s.now()
		made, err = s.addSuccessor(ctx, tx, v, key, old, next)
		return err
	})
	if errors.Is(err, acts.Conflict) {
		if done, found := s.db.Scope(v.Portal).ActOfForm(ctx, key); found == nil && done != 0 {
			return done, nil
		}
	}
	s.wake()
	return made, err
}

// openDate is the date of an act that is formed out of another: its own, or today where that is closed by now.
func (s *Service) openDate(ctx context.Context, r store.Scope, old acts.Act) (time.Time, error) {
	period, err := s.period(ctx, r, old.OwnCompany)
	if err != nil || !period.Closed(old.Date) {
		return old.Date, err
	}
	zone, err := s.zone(ctx, r)
	return dayIn(s.now(), zone), err
}

// renew takes what the deal still has of the lines, and its requisites as they are now.
func (s *Service) renew(next *acts.Act, d store.Deal) error {
	var lines []acts.Line
	for _, l := range next.Lines {
		if l.Row != 0 {
			row, ok := rowOf(d, l.Row)
			if !ok {
				continue
			}
			if l.Quantity = decimal.Min(l.Quantity, row.Remainder()); !l.Quantity.IsPositive() {
				continue
			}
			l.Totals = row.Part(l.Quantity, l.Rate)
		}
		l.N = len(lines) + 1
		lines = append(lines, l)
	}
	if len(lines) == 0 {
		return acts.Errorf(acts.Conflict, "Позиции этого акта уже в других актах или убраны из сделки.")
	}
	next.Lines, next.Totals = lines, acts.Sum(lines)
	edo := next.Buyer.Participant
	next.Buyer, next.Company, next.Contact = d.Buyer, d.Company, d.Contact
	next.Buyer.Participant = edo
	return nil
}

func rowOf(d store.Deal, id acts.RowID) (acts.ProductRow, bool) {
	for _, r := range d.Rows {
		if r.ID == id {
			return r, true
		}
	}
	return acts.ProductRow{}, false
}

func (s *Service) addSuccessor(ctx context.Context, tx store.Tx, v Visit, key string, old, next acts.Act) (acts.ActID, error) {
	made, err := tx.AddAct(ctx, key, next)
	if err != nil {
		return 0, err
	}
	words := "Акт сформирован как копия: " + old.Title()
	if next.Corrects == old.ID {
		words = "Исправленный акт сформирован вместо: " + old.Title()
		if err := tx.ReplaceAct(ctx, old.ID, made); err != nil {
			return 0, err
		}
		if err := s.tell(ctx, tx, v.event(old.ID, "replaced", "Вместо этого акта сформирован исправленный"), old.Deal, false); err != nil {
			return 0, err
		}
		if err := s.schedule(ctx, tx, old.ID); err != nil {
			return 0, err
		}
	}
	if err := s.tell(ctx, tx, v.event(made, "created", words), old.Deal, false); err != nil {
		return 0, err
	}
	return made, tx.Enqueue(ctx, TaskStage, int64(old.Deal))
}

// Relink moves an act to another deal of the same parties: «Не та сделка».
func (s *Service) Relink(ctx context.Context, v Visit, id acts.ActID, to acts.DealID, reason string) error {
	if reason = clip(reason, 500); reason == "" {
		return acts.Faults{{Field: "reason", Text: "Напишите, почему акт переносится: это останется в истории."}}
	}
	if to <= 0 {
		return acts.Faults{{Field: "deal", Text: "Укажите номер сделки: он есть в адресе её карточки."}}
	}
	if err := s.copyDeals(ctx, v.Portal, to); err != nil {
		return err
	}
	return s.onAct(ctx, v, id, func(tx store.Tx, act acts.Act) error { return s.relink(ctx, tx, v, act, to, reason) })
}

func (s *Service) relink(ctx context.Context, tx store.Tx, v Visit, act acts.Act, to acts.DealID, reason string) error {
	target, err := tx.Deal(ctx, to)
	switch {
	case errors.Is(err, acts.NotFound) || err == nil && (target.Deleted || !v.Sees.Of(target.Responsible)):
		return acts.Faults{{Field: "deal", Text: "Такой сделки нет в Битрикс24."}}
	case err != nil:
		return err
	case to == act.Deal:
		return acts.Faults{{Field: "deal", Text: "Акт уже в этой сделке."}}
	case target.Buyer.INN != act.Buyer.INN:
		return acts.Faults{{Field: "deal", Text: "В той сделке другой контрагент: ИНН " + target.Buyer.INN + ". Перенести можно только в сделку с тем же контрагентом."}}
	}
	from := act.Deal
	act.Deal, act.Company, act.Contact = to, target.Company, target.Contact
	for i, l := range act.Lines {
		act.Lines[i].Row = sameRow(target, l)
	}
	if err := tx.MoveToDeal(ctx, act); err != nil {
		return err
	}
	if err := s.tell(ctx, tx, v.event(act.ID, "relinked", withReason("Акт перенесён в сделку «"+target.Title+"»", reason)), to, false); err != nil {
		return err
	}
	if err := tx.PauseReminders(ctx, to, false); err != nil {
		return err
	}
	for _, deal := range []acts.DealID{from, to} {
		if err := tx.Enqueue(ctx, TaskStage, int64(deal)); err != nil {
			return err
		}
	}
	return nil
}

// sameRow is the row of another deal that a line covers as well, 0 when there is none with enough left.
func sameRow(d store.Deal, l acts.Line) acts.RowID {
	for _, r := range d.Rows {
		if r.Name == l.Name && r.Price.Equal(l.Price) && !r.Remainder().LessThan(l.Quantity) {
			return r.ID
		}
	}
	return 0
}
