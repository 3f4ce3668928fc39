package setup

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"acts24/acts"
	"acts24/store"
	"acts24/store/recovery"
	"acts24/workflow"
)

// NextNumber is the number that the next act of a company gets.
type NextNumber struct {
	Year   int
	Number string // of the counter alone, "" when it is unknown
	Note   string // where it comes from, "" when it is ours
}

// NextNumbers returns the next number of this year of each company. Of a company without numbers the newest items in the CRM are read, which
// an earlier installation may have left: the largest number is shown and taken only when it is saved.
func (s *Service) NextNumbers(ctx context.Context, v workflow.Visit, own []store.OwnCompany, today time.Time) (map[acts.CompanyID]NextNumber, error) {
	next := map[acts.CompanyID]NextNumber{}
	scope := s.db.Scope(v.Portal)
	p, err := scope.Portals().Get(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range own {
		last, known, err := scope.Acts().Counter(ctx, c.ID, today.Year())
		if err != nil {
			return nil, err
		}
		one := NextNumber{Year: today.Year(), Number: strconv.Itoa(last + 1)}
		if !known && !c.Manual {
			one = numberInCRM(ctx, s.crm, s.log, p, c, today)
		}
		next[c.ID] = one
	}
	return next, nil
}

// numberInCRM returns the number after the largest one of the company's year among its newest items.
func numberInCRM(ctx context.Context, crm workflow.CRM, log *slog.Logger, p store.Portal, own store.OwnCompany, today time.Time) NextNumber {
	next := NextNumber{Year: today.Year(), Number: "1"}
	if p.EntityTypeID == 0 {
		return next
	}
	cards, err := crm.ItemsOfCompany(ctx, p, own.CRM)
	if err != nil {
		log.WarnContext(ctx, "numbers in the CRM not read", "portal", p.ID, "err", err)
		return NextNumber{Year: today.Year(), Note: "Битрикс24 не ответил, какие номера уже есть у актов. Обновите страницу или впишите номер сами."}
	}
	largest := 0
	for _, card := range cards {
		day, _, _ := strings.Cut(card.Values[p.ItemField("date")], "T")
		date, err := time.Parse(time.DateOnly, day)
		if err != nil || date.Year() != today.Year() {
			continue
		}
		if n, ok := recovery.CounterOf(own.Numbers, card.Values[p.ItemField("number")], date); ok && n > largest {
			largest = n
			next.Number = strconv.Itoa(n + 1)
			next.Note = fmt.Sprintf("В Битрикс24 есть акты прежней установки, наибольший номер — %s (карточка «%s»). Проверьте и сохраните.", card.Values[p.ItemField("number")], card.Title)
		}
	}
	return next
}

// saveNextNumber stores the typed next number of a company; smaller ones than those given are refused.
func saveNextNumber(ctx context.Context, tx store.Tx, f CompanyForm, today time.Time) error {
	if f.NextNumber == "" {
		return nil
	}
	n, err := strconv.Atoi(f.NextNumber)
	if err != nil || n < 1 || n > 999_999_999 {
		return acts.Faults{{Field: "next-number", Text: "Впишите число от 1."}}
	}
	last, known, err := tx.Acts().Counter(ctx, f.ID, today.Year())
	if err != nil {
		return err
	}
	if known && n <= last {
		return acts.Faults{{Field: "next-number", Text: fmt.Sprintf("Номера до %d уже выданы: следующий может быть %d или больше.", last, last+1)}}
	}
	_, err = tx.Acts().RaiseCounter(ctx, f.ID, today.Year(), n-1)
	return err
}
