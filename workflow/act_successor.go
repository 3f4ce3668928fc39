package workflow

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"acts24/acts"
	"acts24/acts/history"
	"acts24/store"
	"acts24/store/queue"
	"acts24/store/task"
)

// Correct forms a new act in place of a refused one, with the same content, to be edited before it is sent.
func (s *Acts) Correct(ctx context.Context, v Visit, id acts.ActID, key string) (acts.ActID, error) {
	return s.successor(ctx, v, id, key, func(r store.Scope, old acts.Act, next *acts.Act) (err error) {
		if err := old.MayCorrect(); err != nil {
			return err
		}
		next.Corrects = old.ID
		if next.Correction, err = s.correction(ctx, r, old); err == nil && next.Correction.IsSet() {
			next.Date = old.Date
		}
		return err
	})
}

// Copy forms a new act with the content of an annulled one, as far as its deal still has it.
func (s *Acts) Copy(ctx context.Context, v Visit, id acts.ActID, key string) (acts.ActID, error) {
	return s.successor(ctx, v, id, key, func(_ store.Scope, old acts.Act, next *acts.Act) error {
		next.CopyOf = old.ID
		return old.MayCopy()
	})
}

// successor forms an act from another one. The same key always gives the same act.
func (s *Acts) successor(ctx context.Context, v Visit, id acts.ActID, key string,
	may func(r store.Scope, old acts.Act, next *acts.Act) error) (made acts.ActID, err error) {
	if _, err := uuid.Parse(key); err != nil {
		return 0, acts.Errorf(acts.Invalid, "Страница устарела, обновите её.")
	}
	deal, err := s.DealOf(ctx, v.Portal, id)
	if err != nil {
		return 0, err
	}
	err = s.db.InTx(ctx, v.Portal, func(tx store.Tx) error {
		d, err := tx.Deals().Lock(ctx, deal)
		if err != nil {
			return err
		}
		if made, err = tx.Acts().OfForm(ctx, key); err != nil || made != 0 {
			return err
		}
		old, err := tx.Acts().Lock(ctx, id)
		if err != nil {
			return err
		}
		next := old
		next.Corrects, next.CopyOf, next.Number, next.Wanted, next.Correction = 0, 0, "", "", acts.Correction{}
		if next.Date, err = s.openDate(ctx, tx.Scope, old); err != nil {
			return err
		}
		if err := may(tx.Scope, old, &next); err != nil {
			return err
		}
		if next.CopyOf != 0 { // an annulled act no longer follows its deal
			next.Responsible = cmp.Or(d.Responsible, old.Responsible)
			if err := v.MaySee(next.Responsible); err != nil {
				return err
			}
		}
		changed, err := renew(&next, d.Without(old))
		if err != nil {
			return err
		}
		next.CreatedBy, next.CreatedAt = v.User, s.now()
		made, err = s.addSuccessor(ctx, tx, v, key, old, next, changed)
		return err
	})
	if errors.Is(err, acts.Conflict) {
		if done, found := s.db.Scope(v.Portal).Acts().OfForm(ctx, key); found == nil && done != 0 {
			return done, nil
		}
	}
	s.wake()
	return made, err
}

// openDate returns the date of an act that is formed from another: the same date, or today when that lies in a closed
// period.
func (s *Acts) openDate(ctx context.Context, r store.Scope, old acts.Act) (time.Time, error) {
	period, err := s.period(ctx, r, old.OwnCompany)
	if err != nil || !period.Closed(old.Date) {
		return old.Date, err
	}
	zone, err := s.calendar.Zone(ctx, r)
	return DayIn(s.now(), zone), err
}

// renew rebuilds the lines from what the deal still has of them, and takes its current requisites. It returns a
// description of each line that could not be carried over unchanged.
func renew(next *acts.Act, d store.Deal) (changed []string, err error) {
	state := stateOf(d).WithExchange(next.DealState)
	exchangeRate, err := enteredExchangeRate(next.DealState, state)
	if err != nil {
		return nil, err
	}
	var lines []acts.Line
	for _, l := range next.Lines {
		if l.Row != 0 {
			row, ok := rowOf(d, l.Row)
			left := decimal.Min(l.Quantity, row.Remainder())
			if !ok || !left.IsPositive() {
				changed = append(changed, "не перенесена «"+l.Name+"»: в сделке её больше нет или она уже в других актах")
				continue
			}
			made := row.InRoubles(exchangeRate).Line(left, l.Rate)
			if !left.Equal(l.Quantity) {
				changed = append(changed, "«"+l.Name+"», количество: "+decimalComma(l.Quantity.String())+" → "+decimalComma(left.String()))
			}
			if !made.Price.Equal(l.Price) {
				changed = append(changed, "«"+l.Name+"», цена: "+acts.Figure(l.Price.StringFixed(2))+" → "+acts.Figure(made.Price.StringFixed(2)))
			}
			l = made
		}
		l.N = len(lines) + 1
		lines = append(lines, l)
	}
	if len(lines) == 0 {
		return nil, acts.Errorf(acts.Conflict, "Позиции этого акта уже в других актах или убраны из сделки.")
	}
	next.Lines, next.Totals, next.DealState = lines, acts.Sum(lines), state
	next.Buyer, next.Company, next.Contact = d.Buyer.WithParticipant(next.Buyer.Participant, next.Buyer.ParticipantSeen), d.Company, d.Contact
	return changed, nil
}

func stateOf(d store.Deal) acts.DealState {
	return acts.StateOfDeal(d.Rows, d.Buyer, d.Basis, d.Currency)
}

// enteredExchangeRate returns the roubles for one unit of the deal's currency that were entered for an act, 1 for a deal in roubles. Conflict when none
// was entered for the currency that the deal has now.
func enteredExchangeRate(entered, now acts.DealState) (decimal.Decimal, error) {
	if entered.Currency == now.Currency {
		if now.Currency == "" {
			return decimal.NewFromInt(1), nil
		}
		if exchangeRate, err := acts.ParseDecimal(entered.ExchangeRate); err == nil {
			return exchangeRate, nil
		}
	}
	return decimal.Zero, acts.Errorf(acts.Conflict, "После формирования этого акта изменилась валюта сделки. Сформируйте новый акт на вкладке сделки.")
}

func rowOf(d store.Deal, id acts.RowID) (acts.ProductRow, bool) {
	for _, r := range d.Rows {
		if r.ID == id {
			return r, true
		}
	}
	return acts.ProductRow{}, false
}

func (s *Acts) addSuccessor(ctx context.Context, tx store.Tx, v Visit, key string, old, next acts.Act, changed []string) (acts.ActID, error) {
	next.ID = 0 // it is a new act
	made, err := tx.Acts().Add(ctx, key, next)
	if err != nil {
		return 0, err
	}
	words := "Акт сформирован как копия: " + old.Title()
	if next.Corrects == old.ID {
		words = "Исправленный акт сформирован вместо: " + old.Title()
		if err := tx.Acts().Replace(ctx, old.ID, made); err != nil {
			return 0, err
		}
		if err := s.history.RecordEvent(ctx, tx, v.Event(old.ID, "replaced", "Вместо этого акта сформирован исправленный"), old.Deal, false); err != nil {
			return 0, err
		}
		if err := s.calendar.UpdateReminders(ctx, tx, old.ID); err != nil {
			return 0, err
		}
	}
	if len(changed) > 0 {
		words += ". Отличия: " + strings.Join(changed, "; ")
	}
	if err := s.history.RecordEvent(ctx, tx, v.Event(made, "created", words), old.Deal, false); err != nil {
		return 0, err
	}
	if err := queue.Enqueue(ctx, tx, task.ShowBadge(old.Deal)); err != nil {
		return made, err
	}
	return made, queue.Enqueue(ctx, tx, task.MoveDeal(old.Deal))
}

// Relink moves an act to another deal of the same parties: «Не та сделка».
func (s *Acts) Relink(ctx context.Context, v Visit, id acts.ActID, to acts.DealID, reason string) error {
	if reason = Clip(reason, 500); reason == "" {
		return acts.Faults{{Field: "reason", Text: "Напишите, почему акт переносится: это останется в истории."}}
	}
	if to <= 0 {
		return acts.Faults{{Field: "deal", Text: "Укажите номер сделки: он есть в адресе её карточки."}}
	}
	if err := s.deals.fetchDealForPage(ctx, v.Portal, to); err != nil {
		return err
	}
	return s.WithLockedAct(ctx, v, id, func(tx store.Tx, act acts.Act) error { return s.RelinkTx(ctx, tx, v, act, to, reason) })
}

// RelinkTx is Relink within a transaction.
func (s *Acts) RelinkTx(ctx context.Context, tx store.Tx, v Visit, act acts.Act, to acts.DealID, reason string) error {
	target, err := tx.Deals().Get(ctx, to)
	switch {
	case errors.Is(err, acts.NotFound) || err == nil && (target.Deleted || !v.Visibility.Of(target.Responsible)):
		return acts.Faults{{Field: "deal", Text: "Такой сделки нет в Битрикс24."}}
	case err != nil:
		return err
	case to == act.Deal:
		return acts.Faults{{Field: "deal", Text: "Акт уже в этой сделке."}}
	case target.Buyer.INN != act.Buyer.INN:
		return acts.Faults{{Field: "deal", Text: "В той сделке другой контрагент: ИНН " + target.Buyer.INN + ". Перенести можно только в сделку с тем же контрагентом."}}
	}
	state := stateOf(target).WithExchange(act.DealState)
	exchangeRate, err := enteredExchangeRate(act.DealState, state)
	if err != nil {
		return acts.Faults{{Field: "deal", Text: "Та сделка в другой валюте. Перенести можно только в сделку в той же валюте."}}
	}
	from := act.Deal
	line := v.Event(act.ID, "relinked", WithReason("Акт перенесён в другую сделку", reason))
	line.Changes = history.Change("Сделка", Quote(act.DealTitle), Quote(target.Title))
	act.Deal, act.Company, act.Contact, act.DealState = to, target.Company, target.Contact, state
	for i, l := range act.Lines {
		act.Lines[i].Row = sameRow(target, l, exchangeRate)
	}
	if err := tx.Acts().MoveToDeal(ctx, act); err != nil {
		return err
	}
	if err := s.history.RecordEvent(ctx, tx, line, to, false); err != nil {
		return err
	}
	if err := s.people.FollowDeal(ctx, tx, act.ID, target.Responsible); err != nil {
		return err
	}
	if err := tx.Reminders().Pause(ctx, to, false); err != nil {
		return err
	}
	for _, deal := range []acts.DealID{from, to} {
		if err := errors.Join(queue.Enqueue(ctx, tx, task.MoveDeal(deal)), queue.Enqueue(ctx, tx, task.ShowBadge(deal))); err != nil {
			return err
		}
	}
	return nil
}

// sameRow returns the row of another deal that can take the line, 0 when there is none with enough left.
func sameRow(d store.Deal, l acts.Line, exchangeRate decimal.Decimal) acts.RowID {
	for _, r := range d.Rows {
		if r.Name == l.Name && r.InRoubles(exchangeRate).Line(l.Quantity, l.Rate).Price.Equal(l.Price) && !r.Remainder().LessThan(l.Quantity) {
			return r.ID
		}
	}
	return 0
}
